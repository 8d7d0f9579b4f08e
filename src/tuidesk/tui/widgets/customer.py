"""The customer pane: who it is, what is known, what else waits, everything before. It reports what is wanted."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from tuidesk.desk.picture import Customer, Said, Suggestion
from tuidesk.domain.instants import Instant
from tuidesk.domain.text import cut
from tuidesk.tui import themes
from tuidesk.tui.widgets.customer_lines import Line, Setting, Stop, customer_lines
from tuidesk.tui.widgets.strips import Drawn, Looks, strip
from tuidesk.words import say


class CustomerPane(Drawn, can_focus=True):
    """The lines in view, drawn one by one."""

    LOOKS: ClassVar[Looks] = {
        "name": themes.STRONG,
        "medium": themes.MUTED,
        "field": themes.MUTED,
        "topic": themes.WARNING,
        "note": themes.WARNING,
        "story": themes.MUTED,
        "theirs": themes.STRONG,
        "ours": themes.ACCENT,
        "rule": themes.MUTED,
        "head": themes.MUTED_STRONG,
        "snippet": themes.MUTED,
        "late": themes.ERROR,
        "soon": themes.WARNING_STRONG,
        "due": themes.WARNING,
        "wait": themes.WARNING,
        "open": themes.ACCENT_STRONG,
        "pending": themes.MUTED,
        "snoozed": themes.MUTED_ITALIC,
        "complete": themes.SUCCESS,
        "cursor": themes.ACCENT_STRONG,
        "handle": themes.PLAIN,
        "row": themes.PLAIN,
    }
    DEFAULT_CSS = """
    CustomerPane { width: 30; height: 1fr; }
    """

    @dataclass
    class PastWanted(Message):
        """Another conversation of theirs."""

        conversation: int

    @dataclass
    class UnfoldWanted(Message):
        """What was said in it, to be shown in place."""

        conversation: int

    @dataclass
    class Chosen(Message):
        """Enter at something that is no conversation."""

        at: Stop

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._customer: Customer | None = None
        self._setting = Setting(1, 0, 0)
        self._lines: tuple[Line, ...] = ()
        self._words = say("customer.nobody")
        self._top = 0
        self._cursor: Stop | None = None
        self._left: tuple[int, int, Stop | None] | None = None
        """(conversation beside it, top, cursor) when another one was opened from here: where the reader comes back
        to."""

    # What is shown

    @property
    def contact(self) -> int | None:
        """Number of the contact on the screen."""
        return self._customer.n if self._customer is not None else None

    @property
    def current(self) -> Stop | None:
        """What the cursor is at."""
        return self._cursor

    @property
    def customer(self) -> Customer | None:
        return self._customer

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        return self._setting.suggestions

    def shows(self, conversations: Collection[int]) -> bool:
        """Whether one of these is among the customer's."""
        return self._customer is not None and any(
            row.n in conversations for row in self._customer.conversations
        )

    def show(
        self, customer: Customer, conversation: int, now: Instant, fields: tuple[tuple[str, str], ...] = ()
    ) -> None:
        """A customer beside this conversation, of which the channel knows these fields.

        The same one again: the reader stays where the reader is, and comes back to where another conversation was
        opened.
        """
        if self._customer is None or self._customer.n not in (customer.n, *customer.members):
            self._top, self._cursor, self._left = 0, None, None
            self._setting = Setting(1, 0, 0)
        if self._left is not None and self._left[0] == conversation != self._setting.current:
            _, self._top, self._cursor = self._left
            self._left = None
        self._customer = customer
        others = tuple(one for one in self._setting.suggestions if one.contact not in customer.members)
        self._set(now=now, current=conversation, suggestions=others, fields=fields)

    def suggest(self, contact: int, suggestions: tuple[Suggestion, ...]) -> None:
        """Who may be the same person as this one."""
        if self.contact == contact and suggestions != self._setting.suggestions:
            self._set(suggestions=suggestions)

    def unfold(self, conversation: int, said: tuple[Said, ...]) -> None:
        """What was said in one of the conversations, in its place."""
        if not self.shows((conversation,)):
            return
        self._set(unfolded={**self._setting.unfolded, conversation: said})
        at = next((y for y in self._stops() if self._lines[y].stop == Stop("conversation", conversation)), 0)
        after = next((y for y in self._stops() if y > at), len(self._lines))
        self._top = max(self._top, min(at, after - self.size.height))
        self._clamp()
        self.refresh()

    def say_lookup(self, contact: int, words: str) -> None:
        """What the agent's own program is doing, or why it has not answered; "" for nothing."""
        if self.contact == contact and words != self._setting.lookup:
            self._set(lookup=words)

    def _set(self, **setting: Any) -> None:
        self._setting = replace(self._setting, **setting)
        self._make()
        self.refresh()

    def opening(self) -> None:
        """A customer that is on its way: nothing of another one is left."""
        self._empty(say("customer.opening"))

    def not_read(self) -> None:
        """The store could not give the customer: nothing of another one is left, and it is not nobody."""
        self._empty(say("customer.not_read"))

    def clear(self) -> None:
        self._empty(say("customer.nobody"))

    def _empty(self, words: str) -> None:
        self._customer, self._lines, self._words, self._top, self._cursor = None, (), words, 0, None
        self._left, self._setting = None, Setting(1, 0, 0)
        self.refresh()

    def tick(self, now: Instant) -> None:
        """A minute went by: only the lines whose clocks changed are drawn again."""
        before = self._lines
        self._setting = replace(self._setting, now=now)
        self._make()
        if len(before) != len(self._lines):
            self.refresh()
            return
        for y in range(self._top, min(self._top + self.size.height, len(before))):
            if before[y] != self._lines[y]:
                self._refresh_line(y)

    def _make(self) -> None:
        self._setting = replace(self._setting, width=max(self.size.width - 2, 8))
        self._lines = customer_lines(self._customer, self._setting) if self._customer is not None else ()
        stops = [stop for line in self._lines if (stop := line.stop) is not None]
        if self._cursor not in stops:
            first = next((stop for stop in stops if stop.kind == "conversation"), None)
            self._cursor = first or (stops[0] if stops else None)
        self._clamp()

    def on_resize(self) -> None:
        self._make()
        self.refresh()

    # Drawing

    def render_line(self, y: int) -> Strip:
        cells = self.size.width
        if self._customer is None:
            words = cut(self._words, max(cells - 2, 0)) if y == 0 else ""
            return strip(self, ((" ", "field"), (words, "field")), cells)
        at = self._top + y
        if at >= len(self._lines):
            return strip(self, (), cells)
        line = self._lines[at]
        marked = self.has_focus and line.stop is not None and line.stop == self._cursor
        return strip(self, ((">" if marked else " ", "cursor"), *line.spans), cells)

    def _refresh_line(self, at: int | None) -> None:
        if at is not None:
            self.refresh(Region(0, at - self._top, self.size.width, 1))

    def on_focus(self) -> None:
        self._refresh_line(self._cursor_line())

    def on_blur(self) -> None:
        self._refresh_line(self._cursor_line())

    # Moving

    def _stops(self) -> list[int]:
        return [y for y, line in enumerate(self._lines) if line.stop is not None]

    def _cursor_line(self) -> int | None:
        return next((y for y in self._stops() if self._lines[y].stop == self._cursor), None)

    def _clamp(self) -> None:
        self._top = max(0, min(self._top, len(self._lines) - max(self.size.height, 1)))

    def move(self, step: int) -> None:
        """The next (1) or the last (-1) of what the cursor stops at; a line on where there is none."""
        stops, before = self._stops(), self._cursor_line()
        after = [y for y in stops if before is None or y * step > before * step]
        if not after:
            self.scroll_lines(step * 2)
            return
        at = min(after) if step > 0 else max(after)
        self._cursor = self._lines[at].stop
        top = self._top
        self._top = max(min(top, at), at + 2 - self.size.height)
        self._clamp()
        if self._top != top:
            self.refresh()
        else:
            self._refresh_line(before)
            self._refresh_line(at)

    def scroll_lines(self, lines: int) -> None:
        top = self._top
        self._top += lines
        self._clamp()
        if self._top == top:
            return
        seen = [y for y in self._stops() if self._top <= y < self._top + self.size.height]
        if seen and self._cursor_line() not in seen:
            self._cursor = self._lines[seen[0] if lines > 0 else seen[-1]].stop
        self.refresh()

    def scroll_pages(self, pages: float) -> None:
        """Down, or up where negative; 0.5 is half a page."""
        self.scroll_lines(int(max(self.size.height - 1, 1) * pages) or (1 if pages > 0 else -1))

    def to_start(self) -> None:
        self.scroll_lines(-len(self._lines))

    def to_end(self) -> None:
        self.scroll_lines(len(self._lines))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll_lines(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll_lines(-3)

    def act(self) -> bool:
        """Enter: what the cursor is at; whether there is such a thing."""
        if self._cursor is None:
            return False
        if self._cursor.kind == "conversation":
            self._left = (self._setting.current, self._top, self._cursor)
            self.post_message(self.PastWanted(self._cursor.n))
        else:
            self.post_message(self.Chosen(self._cursor))
        return True

    def unfold_here(self) -> bool:
        """The conversation at the cursor in place, or folded again; whether there is one."""
        if self._cursor is None or self._cursor.kind != "conversation":
            return False
        n = self._cursor.n
        if n in self._setting.unfolded:
            self._set(unfolded={key: said for key, said in self._setting.unfolded.items() if key != n})
        else:
            self.post_message(self.UnfoldWanted(n))
        return True
