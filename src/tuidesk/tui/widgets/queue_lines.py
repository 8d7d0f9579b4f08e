"""A row of the queue in words: first the clock that matters, then owner and flags, then what the customer said."""

from functools import lru_cache

from tuidesk.desk.picture import Draft, Row
from tuidesk.domain.instants import DAY, Instant
from tuidesk.domain.model import Person
from tuidesk.domain.senders import suspicion
from tuidesk.domain.text import clean, cut, pad, width
from tuidesk.tui import when
from tuidesk.words import say

CLOCK_AT = 3
"""Column of the clock; before it stand the mark of the cursor and room for the mark of a selection."""
CLOCK = 10
"""How wide it is: `wait 1h 05`."""
NARROW = 64
"""A list of fewer columns gives a row two lines, or says less in one."""

Spans = tuple[tuple[str, str], ...]


def clock(row: Row, now: Instant, view: str = "open") -> tuple[str, str]:
    """The word that comes first, and its style. Where a view says no more than the order, it is their age."""
    if row.trouble and view != "all":
        return say(f"tui.clock_{row.trouble}"), "trouble"
    if view == "all" or (row.status == view and view in ("pending", "complete")):
        return _age(row.last_at, now), "trouble" if row.trouble else row.status
    if row.status != "open" and (view not in ("late", "soon") or row.due is None):
        return say(f"tui.clock_{row.status}"), row.status
    if row.due is not None and view in ("late", "soon"):
        return when.due(row.due, row.due_soon, now)
    if row.window_ends is not None and view == "window":
        return when.window(row.window_ends, now)
    if (pressing := when.pressing(row, now)) is not None:
        return pressing
    if row.waiting_since is not None:
        return say("tui.clock_wait", span=when.span(now - row.waiting_since)), "wait"
    return (say("tui.clock_back"), "back") if row.woke else (say("tui.clock_open"), "open")


def _age(at: Instant, now: Instant) -> str:
    """`12m ago`, `2 Nov`."""
    if now - at < DAY:
        return say("tui.ago", span=when.span(now - at))
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


_FLAGS = ("check", "draft", "note_draft", "woke", "starred", "muted", "spam")
"""In the order in which they matter. Each is a sign where there is little room, else a word."""


def _flagged(row: Row) -> list[str]:
    raised = {
        "check": bool(row.trouble),
        "draft": any(mode != "note" for mode in row.drafts),
        "note_draft": "note" in row.drafts,
        "woke": row.woke,
        "starred": row.starred,
        "muted": row.muted,
        "spam": row.spam,
    }
    return [name for name in _FLAGS if raised[name]]


def flags(row: Row) -> str:
    """`!d`: a sign for each flag that is up, a blank where none is."""
    return "".join(say(f"tui.sign_{name}") for name in _flagged(row)) or " "


@lru_cache(maxsize=4096)
def doubt(name: str, handle: str, agents: tuple[str, ...]) -> str:
    """What is odd about who it says it is, "" for nearly everybody."""
    return next(iter(suspicion(name, handle, agents)), "")


def sign(row: Row, agents: tuple[str, ...]) -> tuple[str, str]:
    """Before a name: `!` where it may not be who it says, as in the thread; else a blank."""
    return ("!", "doubt") if doubt(row.name, row.handle, agents) else (" ", "name")


def name(row: Row, cells: int) -> str:
    """Whose conversation it is, and how many more of theirs are open."""
    shown = clean(row.name or row.handle, lines=False).strip() or say("tui.unnamed")
    more = f" +{row.also_open}" if row.also_open else ""
    return pad(cut(shown, cells - len(more)) + more, cells)


def said(row: Row, now: Instant, draft: Draft | None = None) -> str:
    """`subject: what they said`; for what is settled, until when or for whom it waits; a draft's own words."""
    if draft is not None:
        return say(f"tui.said_draft_{draft.mode}", text=" ".join(clean(draft.text).split()))
    text = clean(row.snippet, lines=False).strip()
    subject = clean(row.subject, lines=False).strip()
    if row.trouble:
        return say(f"tui.said_{row.trouble}")
    if row.status == "snoozed":
        return say("tui.said_snoozed", when=until(row, now), text=subject or text)
    if row.status == "pending" and row.pending_for:
        return say("tui.said_pending", who=clean(row.pending_for, lines=False), text=subject or text)
    if not text or text == subject:
        return subject
    if row.last_in != row.last_message:
        text = say("tui.said_by_us", text=text)
    return say("tui.topic", subject=subject, text=text) if subject else text


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


def tall(
    row: Row,
    now: Instant,
    cells: int,
    part: int,
    view: str,
    agents: tuple[str, ...] = (),
    draft: Draft | None = None,
) -> Spans:
    """One of the two lines a row has in a narrow pane; what stands after the marks."""
    inner = cells - CLOCK_AT - 1
    if part:
        text = said(row, now, draft)
        up = flags(row)
        return (
            (f"{pad(owner(row.assignee), 3)} ", "owner"),
            (up, "flag"),
            (" " + cut(text, inner - 5 - len(up)), "said"),
        )
    word, style = clock(row, now, view)
    medium = clean(row.medium, lines=False)
    medium = cut(medium, 8 if cells < 30 else 9 if cells < 46 else 10)
    room = inner - CLOCK - 1 - width(medium) - 1
    return (
        (pad(word, CLOCK), style),
        sign(row, agents),
        (name(row, max(room, 4)), "name"),
        (" " + medium, "medium"),
    )


def dense(
    row: Row,
    now: Instant,
    cells: int,
    view: str,
    agents: tuple[str, ...] = (),
    draft: Draft | None = None,
) -> Spans:
    """A row in one line; what stands after the marks. In a narrow pane the medium gives way, and flags are signs."""
    word, style = clock(row, now, view)
    if cells < NARROW:
        return (
            (pad(word, CLOCK), style),
            (" " + pad(owner(row.assignee), 2), "owner"),
            sign(row, agents),
            (name(row, max(cells // 4, 8)), "name"),
            (flags(row), "flag"),
            (" " + said(row, now, draft), "said"),
        )
    who = 14 if cells < 100 else 22
    return (
        (pad(word, CLOCK), style),
        (" " + pad(owner(row.assignee), 3), "owner"),
        (" " + pad(clean(row.medium, lines=False), 9), "medium"),
        sign(row, agents),
        (name(row, who), "name"),
        (" " + ("" if draft is not None else _flag_words(row)), "flag"),
        (said(row, now, draft), "said"),
    )


def _flag_words(row: Row) -> str:
    """`(draft, starred) `. What has to be checked the clock says, and what was said."""
    up = [say(f"tui.flag_{name}") for name in _flagged(row) if name != "check"]
    return f"({', '.join(up)}) " if up and not row.trouble else ""


def preview(row: Row, now: Instant, agents: tuple[str, ...] = ()) -> str:
    """The line below the list at 80 columns: more of what was said, and what is odd about who says it."""
    who = clean(row.name or row.handle, lines=False).strip() or say("tui.unnamed")
    why = doubt(row.name, row.handle, agents)
    text = clean(row.snippet, lines=False).strip() if row.status == "open" and not row.trouble else ""
    words = say("tui.preview", n=row.n, name=who, text=text or said(row, now))
    return say("tui.preview_doubt", why=say(f"text.{why}"), words=words) if why else words
