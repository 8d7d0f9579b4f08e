"""A row of the queue in words: first the clock that matters, then owner and flags, then what the customer said."""

from tuidesk.desk.picture import Row
from tuidesk.domain.instants import DAY, HOUR, MINUTE, Instant
from tuidesk.domain.model import Person
from tuidesk.domain.text import clean, cut, pad, width
from tuidesk.tui import when
from tuidesk.words import say

CLOCK_AT = 3
"""Column of the clock; before it stand the mark of the cursor and room for the mark of a selection."""
_NARROW_CLOCK = 8
_WIDE_CLOCK = 11
_WIDE_FROM = 46
"""From so many cells on, the clock has room for hours and minutes."""

Spans = tuple[tuple[str, str], ...]


def clock_cells(cells: int) -> int:
    """How wide the clock is in a list of so many cells."""
    return _WIDE_CLOCK if cells >= _WIDE_FROM else _NARROW_CLOCK


def wait(ms: Instant, cells: int) -> str:
    """`12m`, `1h 05` (`1h` where there is little room), `3d`."""
    ms = max(ms, 0)
    if ms >= DAY:
        return say("tui.days", count=ms // DAY)
    if ms >= HOUR:
        if cells >= _WIDE_CLOCK:
            return say("tui.hours_minutes", hours=ms // HOUR, minutes=ms % HOUR // MINUTE)
        return say("tui.hours", count=ms // HOUR)
    return say("tui.minutes", count=ms // MINUTE)


def clock(row: Row, now: Instant, cells: int, view: str = "open") -> tuple[str, str]:
    """The word that comes first, and its style. Where a view says the status of all its rows, it is their age."""
    if row.trouble:
        return say(f"tui.clock_{row.trouble}"), "trouble"
    if row.status == view and view in ("pending", "complete"):
        return _age(row.last_at, now, cells), row.status
    if row.status != "open":
        return say(f"tui.clock_{row.status}"), row.status
    if row.waiting_since is not None:
        return say("tui.clock_wait", span=wait(now - row.waiting_since, cells)), "wait"
    return (say("tui.clock_back"), "back") if row.woke else (say("tui.clock_open"), "open")


def _age(at: Instant, now: Instant, cells: int) -> str:
    """`12m ago`, `2 Nov`."""
    if now - at < DAY:
        return cut(say("tui.ago", span=wait(now - at, _NARROW_CLOCK)), cells)
    moment, today = when.local(at), when.local(now)
    if moment.year == today.year:
        return when.day(moment.date(), today.year)
    return f"{moment:%Y-%m}"


def owner(person: Person | None) -> str:
    """`me`, a colleague's initials, or `--`."""
    if person is None:
        return say("tui.owner_nobody")
    if person.me:
        return say("tui.owner_me")
    words = clean(person.name or person.handle, lines=False).replace("@", " ").split()
    initials = "".join(word[0] for word in words[:2]) if len(words) > 1 else (words or ["?"])[0][:2]
    return initials.upper()


def flag(row: Row) -> str:
    """The one sign that matters most: a reply to check, a draft, a snooze that is over."""
    return "!" if row.trouble else "d" if row.draft else "z" if row.woke else " "


def name(row: Row, cells: int) -> str:
    """Whose conversation it is, and how many more of theirs are open."""
    shown = clean(row.name or row.handle, lines=False).strip() or say("tui.unnamed")
    more = f" +{row.also_open}" if row.also_open else ""
    return pad(cut(shown, cells - len(more)) + more, cells)


def said(row: Row, now: Instant) -> str:
    """What the customer said; for what is settled, until when or for whom it waits."""
    text = clean(row.snippet, lines=False).strip()
    subject = clean(row.subject, lines=False).strip()
    if row.trouble:
        return say(f"tui.said_{row.trouble}")
    if row.status == "snoozed":
        return say("tui.said_snoozed", when=until(row, now), text=subject or text)
    if row.status == "pending" and row.pending_for:
        return say("tui.said_pending", who=clean(row.pending_for, lines=False), text=subject or text)
    if not text:
        return subject
    if row.last_in != row.last_message:
        return say("tui.said_by_us", text=text)
    return text


def until(row: Row, now: Instant) -> str:
    """`15:30`, `Mon 09:00`, `3 Dec 09:00`, or a reply."""
    if row.snoozed_until is None:
        return say("tui.until_reply")
    moment, today = when.local(row.snoozed_until), when.local(now)
    if moment.date() == today.date():
        return f"{moment:%H:%M}"
    if 0 < (moment.date() - today.date()).days < 7:
        return f"{when.weekday(moment.date())} {moment:%H:%M}"
    return f"{when.day(moment.date(), today.year)} {moment:%H:%M}"


def tall(row: Row, now: Instant, cells: int, part: int, view: str) -> Spans:
    """One of the two lines a row has in a narrow pane; what stands after the cursor's mark."""
    inner = cells - CLOCK_AT - 1
    if part:
        text = said(row, now)
        room = inner - 6
        return (
            (f"  {pad(owner(row.assignee), 3)} ", "owner"),
            (flag(row), "flag"),
            (" " + cut(text, room), "said"),
        )
    word, style = clock(row, now, clock_cells(cells), view)
    medium = clean(row.medium, lines=False)
    medium = cut(medium, 8 if cells < _WIDE_FROM else 10)
    room = inner - clock_cells(cells) - 1 - width(medium) - 1
    return (
        ("  " + pad(word, clock_cells(cells)), style),
        (" " + name(row, max(room, 4)), "name"),
        (" " + medium, "medium"),
    )


def dense(row: Row, now: Instant, cells: int, view: str) -> Spans:
    """A row in one line, for a list as wide as the screen; what stands after the cursor's mark."""
    word, style = clock(row, now, clock_cells(cells), view)
    who = 14 if cells < 100 else 22
    return (
        ("  " + pad(word, clock_cells(cells)), style),
        (" " + pad(owner(row.assignee), 3), "owner"),
        (" " + pad(clean(row.medium, lines=False), 9), "medium"),
        (" " + name(row, who), "name"),
        (" " + _flag_words(row), "flag"),
        (_topic(row, now, cells), "said"),
    )


def _flag_words(row: Row) -> str:
    if row.trouble or not (row.draft or row.woke):
        return ""
    return say("tui.flag_draft" if row.draft else "tui.flag_woke") + " "


def _topic(row: Row, now: Instant, cells: int) -> str:
    text = said(row, now)
    subject = clean(row.subject, lines=False).strip()
    if cells >= 100 and subject and text and row.status == "open" and not row.trouble and subject != text:
        return say("tui.topic", subject=cut(subject, 32), text=text)
    return text


def preview(row: Row, now: Instant) -> str:
    """The line below the list at 80 columns: more of what was said."""
    return say(
        "tui.preview",
        n=row.n,
        name=clean(row.name or row.handle, lines=False).strip() or say("tui.unnamed"),
        text=said(row, now),
    )
