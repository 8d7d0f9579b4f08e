"""The queue: a list drawn line by line over a frozen picture of ids. It reports; the screen fetches and decides."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from tuidesk.desk.picture import Row
from tuidesk.domain.instants import Instant
from tuidesk.domain.text import clean, wrap
from tuidesk.tui import themes
from tuidesk.tui.widgets import queue_lines
from tuidesk.tui.widgets.queue_picture import Picture
from tuidesk.tui.widgets.strips import Drawn, Looks, strip

if TYPE_CHECKING:
    from tuidesk.domain.commands import Mode

_AHEAD = 2
"""Pages of rows that are fetched beyond what is seen."""


class Queue(Drawn, can_focus=True):
    """Ids in their order, a cursor that holds on to its conversation, and a clock in every row."""

    LOOKS: ClassVar[Looks] = {
        "mark": themes.ACCENT_STRONG,
        "late": themes.ERROR,
        "soon": themes.WARNING_STRONG,
        "due": themes.WARNING,
        "wait": themes.WARNING,
        "back": themes.ACCENT,
        "open": themes.MUTED,
        "pending": themes.MUTED,
        "snoozed": themes.MUTED,
        "complete": themes.SUCCESS,
        "trouble": themes.ERROR,
        "name": themes.PLAIN,
        "current": themes.STRONG,
        "medium": themes.MUTED,
        "owner": themes.MUTED,
        "flag": themes.WARNING_STRONG,
        "said": themes.SOFT,
        "settled": themes.MUTED,
        "doubt": themes.ERROR,
        "words": themes.MUTED,
    }
    DEFAULT_CSS = """
    Queue { width: 1fr; height: 1fr; }
    """

    @dataclass
    class Moved(Message):
        """The mark is at another conversation now, or at none."""

        conversation: int | None

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, Queue.Moved)

    @dataclass
    class RowsWanted(Message):
        """These are in view, or near it, and have not been fetched."""

        numbers: list[int]

    class MarksChanged(Message):
        """Others are marked than before."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, Queue.MarksChanged)

    @dataclass
    class Pressed(Message):
        """A click on a row that the mark is at already."""

        conversation: int

    def __init__(self, words: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.picture: Picture | None = None
        self.cursor = 0
        self.touched = False
        """Whether the agent has moved the mark since the picture was taken."""
        self._top = 0
        self._now: Instant = 0
        self._words = words
        self.agents: tuple[str, ...] = ()
        """Names of ours: a customer who is called the same is marked."""
        self._clocks: dict[int, str] = {}
        self.marks: frozenset[int] = frozenset()
        """Conversations that the agent has marked; all of them are in the picture."""
        self._is_turned = False
        """The agent wants rows as high as the width does not ask for."""
        self._marked_last: int | None = None
        """Where a range begins."""

    # What is shown

    @property
    def current(self) -> int | None:
        """Number of the conversation at the mark."""
        if self.picture is None or not len(self.picture):
            return None
        return self.picture.ids[self.cursor]

    @property
    def row(self) -> Row | None:
        """The row at the mark, if it has been fetched."""
        n = self.current
        return None if n is None or self.picture is None else self.picture.rows.get(n)

    @property
    def draft(self) -> "Mode | None":
        """In the view of drafts: the mode of the draft at the mark."""
        n = self.current
        found = self.picture.drafts.get(n) if self.picture is not None and n is not None else None
        return cast("Mode", found.mode) if found is not None else None

    def say(self, words: str) -> None:
        """What stands there while there is nothing to list."""
        if words != self._words:
            self._words = words
            if self.picture is None or not len(self.picture):
                self.refresh()

    def show(self, picture: Picture, now: Instant, at: int | None = None) -> None:
        """A new picture; the mark goes to conversation `at` where it is in it, and its line stays where it is."""
        offset = self.cursor - self._top
        place = picture.place(at) if at is not None else None
        is_another = self.picture is None or self.picture.view != picture.view
        self.marks = frozenset() if is_another else frozenset(n for n in self.marks if n in picture)
        self.picture, self._now = picture, now
        self.cursor = place if place is not None else 0
        self._top = max(self.cursor - offset, 0) if place is not None else 0
        self.touched = False
        self._clocks.clear()
        self._clamp()
        self.refresh()
        self._look()

    def fill(self, asked: Iterable[int], found: dict[int, Row], now: Instant) -> None:
        """Rows as they are now; each is drawn in its place."""
        if self.picture is None:
            return
        self._now = now
        asked = list(asked)
        self.picture.fill(asked, found)
        changed = set(asked)
        for y, n in self._visible():
            if n in changed:
                self.refresh(Region(0, y, self.size.width, self._tall))

    def tick(self, now: Instant) -> None:
        """The clock of the screen: only cells whose word changed are drawn again."""
        self._now = now
        if self.picture is None:
            return
        for y, n in self._visible():
            row = self.picture.rows.get(n)
            if row is not None and self._clocks.get(n) != self._clock(row):
                self.refresh(Region(0, y, queue_lines.CLOCK_AT + queue_lines.CLOCK, 1))

    # Moving

    def move(self, step: int) -> None:
        self.go(self.cursor + step)

    def page(self, pages: float) -> None:
        shown = max(self._shown - 1, 1)
        self.go(self.cursor + (int(shown * pages) or (1 if pages > 0 else -1)))

    def go_to(self, n: int) -> bool:
        """To a conversation; whether it is in the picture."""
        place = self.picture.place(n) if self.picture is not None else None
        if place is not None:
            self.go(place)
        return place is not None

    def go(self, place: int) -> None:
        """To a place, or as near as there is one."""
        if self.picture is None or not len(self.picture):
            return
        self.touched = True
        was, top = self.cursor, self._top
        self.cursor = min(max(place, 0), len(self.picture) - 1)
        self._clamp()
        if self._top != top:
            self.refresh()
            self._look()
        elif self.cursor != was:
            for changed in (was, self.cursor):
                self._mark_changed(changed)
        if self.cursor != was:
            self.post_message(self.Moved(self.current))

    def _mark_changed(self, place: int) -> None:
        self.refresh(Region(0, (place - self._top) * self._tall, self._name_end, 1))

    @property
    def _name_end(self) -> int:
        """The mark and the name are all that changes when the mark moves."""
        return self.size.width if self._tall == 1 else self.size.width - 1

    def move_past(self, numbers: Container[int]) -> None:
        """To the next conversation that is none of these; where there is none, the mark stays."""
        if self.picture is None:
            return
        for place in range(self.cursor + 1, len(self.picture)):
            if self.picture.ids[place] not in numbers:
                self.go(place)
                return

    # Marking

    @property
    def marked(self) -> tuple[int, ...]:
        """What is marked, in the order of the picture."""
        if self.picture is None or not self.marks:
            return ()
        return tuple(n for n in self.picture.ids if n in self.marks)

    def toggle(self) -> None:
        """Mark the conversation at the mark of the cursor, or take that away; a range begins here."""
        n = self.current
        if n is not None:
            self._set_marks(self.marks ^ {n})
            self._marked_last = n

    def mark_range(self) -> None:
        """Mark all from the last one that was marked, or taken away, to here."""
        n = self.current
        if n is None or self.picture is None:
            return
        begin = self.picture.place(self._marked_last) if self._marked_last is not None else None
        first, last = sorted((self.cursor if begin is None else begin, self.cursor))
        self._set_marks(self.marks | frozenset(self.picture.ids[first : last + 1]))
        self._marked_last = n

    def mark_all(self) -> None:
        self._set_marks(frozenset(self.picture.ids) if self.picture is not None else frozenset())

    def mark(self, numbers: Iterable[int]) -> None:
        """Mark these, and no others; what is not in the picture is not marked."""
        picture = self.picture
        self._set_marks(frozenset(n for n in numbers if picture is not None and n in picture))

    def unmark(self, numbers: Iterable[int]) -> None:
        self._set_marks(self.marks.difference(numbers))

    def _set_marks(self, marks: frozenset[int]) -> None:
        if marks != self.marks:
            changed, self.marks = self.marks ^ marks, marks
            for y, n in self._visible():
                if n in changed:
                    self.refresh(Region(0, y, queue_lines.CLOCK_AT, 1))
            self.post_message(self.MarksChanged())

    # What is seen

    def turn(self) -> bool:
        """Rows of one line instead of two, or the other way round, until it is called again; whether they are tall now.
        The mark stays where it is."""
        self._is_turned = not self._is_turned
        self._top = max(self.cursor - self._shown // 2, 0)
        self._clamp()
        self.refresh()
        self._look()
        return self._tall == 2

    @property
    def _tall(self) -> int:
        """Lines that a row has: two where it is narrow, unless the agent turned that."""
        return 2 if (self.size.width < queue_lines.NARROW) != self._is_turned else 1

    @property
    def _shown(self) -> int:
        """Rows that fit."""
        return max(self.size.height // self._tall, 1)

    def _clamp(self) -> None:
        count = len(self.picture) if self.picture is not None else 0
        if self.cursor < self._top:
            self._top = self.cursor
        elif self.cursor >= self._top + self._shown:
            self._top = self.cursor - self._shown + 1
        self._top = max(min(self._top, count - self._shown), 0)

    def _visible(self) -> Iterable[tuple[int, int]]:
        """(line, conversation) of what is on the screen."""
        if self.picture is None:
            return
        tall = self._tall
        for y in range(0, self.size.height, tall):
            place = self._top + y // tall
            if place >= len(self.picture):
                return
            yield y, self.picture.ids[place]

    def _look(self) -> None:
        """Ask for rows that are in view, with some around them."""
        if self.picture is None or not self.size.height:
            return
        first, last = self._top, self._top + self._shown + 1
        if self.picture.missing(first, last):
            around = self._shown * _AHEAD
            self.picture.forget_but(first, last)
            self.post_message(self.RowsWanted(self.picture.missing(first - around, last + around)))

    def on_resize(self, _: events.Resize) -> None:
        """Rows are as many lines high as the new width says: the mark stays in view."""
        self._clamp()
        self.refresh()
        self._look()

    def on_focus(self) -> None:
        self._mark_changed(self.cursor)

    def on_blur(self) -> None:
        self._mark_changed(self.cursor)

    def on_click(self, event: events.Click) -> None:
        """A first click moves the mark, another opens."""
        place = self._top + event.y // self._tall
        if self.picture is None or place >= len(self.picture):
            return
        if place == self.cursor and self.has_focus:
            self.post_message(self.Pressed(self.picture.ids[place]))
        else:
            self.go(place)
        self.focus()

    def on_mouse_scroll_down(self) -> None:
        self.move(3)

    def on_mouse_scroll_up(self) -> None:
        self.move(-3)

    # Drawing

    def render_line(self, y: int) -> Strip:
        cells = self.size.width
        if self.picture is None or not len(self.picture):
            return self._words_line(y, cells)
        place, part = self._top + y // self._tall, y % self._tall
        if place >= len(self.picture):
            return Strip.blank(cells, self.rich_style)
        n = self.picture.ids[place]
        is_current = place == self.cursor
        mark = " " if not is_current or part else ">" if self.has_focus else "-"
        chosen = ("x " if n in self.marks and not part else "  ", "mark")
        if n not in self.picture.rows:
            return self._strip(mark, (chosen, ("…" if part == 0 else "", "words")), is_current, cells)
        row = self.picture.rows[n]
        if row is None:
            gone = (f"#{n}" if part == 0 else "", "settled")
            return self._strip(mark, (chosen, gone), is_current, cells)
        view, draft = self.picture.view, self.picture.drafts.get(n)
        if self._tall == 2:
            spans = queue_lines.tall(row, self._now, cells, part, view, self.agents, draft)
        else:
            spans = queue_lines.dense(row, self._now, cells, view, self.agents, draft)
        if part == 0:
            self._clocks[n] = self._clock(row)
        if self._is_settled(row):
            spans = tuple((text, style if style == "complete" else "settled") for text, style in spans)
        return self._strip(mark, (chosen, *spans), is_current, cells)

    def _clock(self, row: Row) -> str:
        assert self.picture is not None
        return queue_lines.clock(row, self._now, self.picture.view)[0]

    def _is_settled(self, row: Row) -> bool:
        """Done with while the picture was up: it stays in its place, grey, until the next picture."""
        return self.picture is not None and self.picture.view == "open" and row.status != "open"

    def _strip(self, mark: str, spans: queue_lines.Spans, is_current: bool, cells: int) -> Strip:
        if is_current:
            spans = tuple((text, "current" if style == "name" else style) for text, style in spans)
        return strip(self, ((mark, "mark"), *spans), cells)

    def _words_line(self, y: int, cells: int) -> Strip:
        lines = wrap(clean(self._words), max(cells - 4, 8))
        shown = lines[y - 1] if 0 < y <= len(lines) else ""
        return strip(self, (("  " + shown, "words"),), cells)
