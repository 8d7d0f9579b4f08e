"""The header of the thread pane: which conversation, whose, how it came in, and how long it waits."""

from typing import ClassVar

from textual.geometry import Size
from textual.strip import Strip

from tuidesk.desk.picture import Row, Thread
from tuidesk.domain.instants import Instant
from tuidesk.domain.text import clean, cut, width, wrap
from tuidesk.domain.visibility import is_shared
from tuidesk.tui import themes, when
from tuidesk.tui.widgets.strips import Drawn, Looks, strip
from tuidesk.words import say

Spans = tuple[tuple[str, str], ...]
_REFUSAL_LINES = 3


class HeadLine(Drawn):
    """One line of the header: something at the left, something at the right."""

    LOOKS: ClassVar[Looks] = {
        "title": themes.STRONG,
        "route": themes.MUTED,
        "warn": themes.WARNING_STRONG,
        "rule": themes.MUTED,
        "mark": themes.WARNING_STRONG,
        "open": themes.ACCENT_STRONG,
        "pending": themes.MUTED_STRONG,
        "snoozed": themes.MUTED_ITALIC,
        "complete": themes.SUCCESS,
    }
    DEFAULT_CSS = """
    HeadLine { height: 1; }
    """

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._left: Spans = ()
        self._right: Spans = ()

    def say(self, left: Spans, right: Spans = ()) -> None:
        """Clean text at both ends; the left gives way."""
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self.refresh()

    def render_line(self, y: int) -> Strip:
        cells = self.size.width
        if y:
            return strip(self, (), cells)
        if self.id == "thread-rule":
            used = sum(width(text) for text, _ in self._left)
            return strip(self, (*self._left, ("-" * max(cells - used, 0), "rule")), cells)
        wanted = sum(width(text) for text, _ in self._right)
        room = max(cells - wanted - 3, 0)
        fitted: list[tuple[str, str]] = []
        for text, style in self._left:
            shown = cut(text, room)
            room -= width(shown)
            fitted.append((shown, style))
        gap = " " * (room + 1)
        return strip(self, ((" ", "route"), *fitted, (gap, "route"), *self._right), cells)


class Refusal(Drawn):
    """Why no reply can be sent, on as many lines as it takes."""

    LOOKS: ClassVar[Looks] = {"warn": themes.WARNING_STRONG}
    DEFAULT_CSS = """
    Refusal { height: auto; display: none; }
    """

    def __init__(self) -> None:
        super().__init__(id="thread-refuses")
        self._words = ""

    def say(self, why: str) -> None:
        """`why` as it came; "" where a reply can be sent."""
        words = say("thread.refuses", why=clean(why, lines=False)) if why else ""
        if words != self._words:
            self._words = words
            self.display = bool(words)
            self.refresh(layout=True)

    def _lines(self, cells: int) -> list[str]:
        return wrap(self._words, max(cells - 2, 8))[:_REFUSAL_LINES]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        cells = self.size.width
        lines = self._lines(cells)
        return strip(self, ((" " + lines[y], "warn"),) if y < len(lines) else (), cells)


class WaitClock(Drawn):
    """What is due, else how long the customer has waited. A widget of its own, so that a minute costs its own cells
    only."""

    LOOKS: ClassVar[Looks] = {
        "late": themes.ERROR,
        "soon": themes.WARNING_STRONG,
        "due": themes.WARNING,
        "wait": themes.WARNING,
    }
    DEFAULT_CSS = """
    WaitClock { width: 16; height: 1; }
    """

    def __init__(self) -> None:
        super().__init__(id="thread-clock")
        self._row: Row | None = None
        self._shown = "", "wait"

    def show(self, row: Row | None, now: Instant) -> None:
        self._row = row
        self.tick(now)

    def tick(self, now: Instant) -> None:
        shown = "", "wait"
        if self._row is not None and (pressing := when.pressing(self._row, now)) is not None:
            shown = pressing
        elif self._row is not None and self._row.waiting_since is not None:
            shown = say("thread.waits", span=when.span(now - self._row.waiting_since)), "wait"
        if shown != self._shown:
            self._shown = shown
            self.refresh()

    def render_line(self, y: int) -> Strip:
        words, style = self._shown
        spans = ((" " * (15 - width(words)) + words + " ", style),) if y == 0 else ()
        return strip(self, spans, self.size.width)


def title(row: Row) -> tuple[str, str]:
    subject = clean(row.subject or row.name or row.handle, lines=False).strip() or say("thread.no_subject")
    return say("thread.title", n=row.n, subject=subject), "title"


def status(row: Row, now: Instant) -> tuple[str, str]:
    """`open . me`, and whether it is starred or muted."""
    if row.assignee is None:
        owner = say("thread.nobody")
    elif row.assignee.me:
        owner = say("thread.me")
    else:
        owner = clean(row.assignee.name or row.assignee.handle, lines=False)
    words = say("thread.status", status=_status_words(row, now), owner=cut(owner, 16))
    up = {"starred": row.starred, "muted": row.muted, "spam": row.spam}
    flags = ", ".join(say(f"tui.flag_{name}") for name, is_up in up.items() if is_up)
    return say("thread.status_flags", status=words, flags=flags) if flags else words, row.status


def _status_words(row: Row, now: Instant) -> str:
    if row.status == "pending" and row.pending_for:
        return say("thread.status_pending_for", who=cut(clean(row.pending_for, lines=False), 16))
    if row.status == "snoozed" and row.snoozed_until is not None:
        moment = when.local(row.snoozed_until)
        today = when.local(now)
        day = "" if moment.date() == today.date() else when.day(moment.date(), today.year) + " "
        word = "thread.status_snoozed_firm" if row.snooze_firm else "thread.status_snoozed_until"
        return say(word, when=f"{day}{moment:%H:%M}")
    return say(f"thread.status_{row.status}")


def route(thread: Thread, now: Instant) -> Spans:
    """How they wrote and where a reply goes out, what everybody can read, and how long one is taken."""
    row = thread.row
    words = {"medium": clean(row.medium, lines=False), "account": clean(row.account, lines=False)}
    spans = [(say("thread.route", **words), "route")]
    if is_shared(row.visibility):
        spans = [(say(f"thread.route_{row.visibility}", **words), "warn")]
    if row.sentiment:
        style = "warn" if row.sentiment == "negative" else "route"
        spans.append(("  " + say(f"thread.sounds_{row.sentiment}"), style))
    if row.also_open:
        spans.append(("  " + say("thread.also_open", count=row.also_open), "open"))
    if not thread.can_reply:
        spans.append(("  " + say("thread.mute"), "warn"))
    elif row.window_ends is not None and row.window_ends <= now:
        word = "thread.only_templates" if thread.only_templates else "thread.window_closed"
        spans.append(("  " + say(word), "warn"))
    elif row.window_ends is not None:
        spans.append(("  " + say("thread.window", when=when.clock(row.window_ends)), "route"))
    return tuple(spans)
