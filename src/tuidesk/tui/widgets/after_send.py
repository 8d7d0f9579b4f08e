"""The line after sending: what may come next, and how long the reply can still be taken back."""

from dataclasses import dataclass
from math import ceil
from typing import ClassVar, Literal

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from tuidesk.domain.text import width
from tuidesk.tui.widgets.strips import strip
from tuidesk.words import say

Choice = Literal["complete", "pending", "snooze", "back", "stay"]
KEYS: dict[str, Choice] = {
    "e": "complete",
    "p": "pending",
    "b": "snooze",
    "z": "back",
    "enter": "stay",
    "escape": "stay",
    "ctrl+c": "stay",
}
_DEAF_S = 0.3
"""A key that was on its way before the line came up is not meant for it."""


class AfterSend(Widget, can_focus=True):
    """One line. A key of its own chooses; any other closes it and goes on to whoever it was meant for."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"after--keys", "after--left"}
    DEFAULT_CSS = """
    AfterSend { height: 1; background: $surface; }
    AfterSend .after--keys { text-style: bold; }
    AfterSend .after--left { color: $text-warning; }
    """

    @dataclass
    class Chosen(Message):
        choice: Choice

    def __init__(self) -> None:
        super().__init__()
        self._left = 0
        self._timer: Timer | None = None
        self._since: float | None = None

    def begin(self, seconds: float) -> None:
        """Up, with this many seconds in which the reply is held back."""
        self._left = ceil(max(seconds, 0))
        self._since = None
        self.stop()
        if self._left:
            self._timer = self.set_interval(1, self._second)
        self.refresh()

    def stop(self) -> None:
        """Nothing ticks any more."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _second(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self.stop()
        self.refresh()

    def on_focus(self, event: events.Focus) -> None:
        self._since = event.time

    def on_key(self, event: events.Key) -> None:
        if self._since is None or event.time - self._since < _DEAF_S:
            event.stop()
            event.prevent_default()
            return
        choice = KEYS.get(event.key)
        if choice == "back" and not self._left:
            choice = None
        if choice is not None:
            event.stop()
            event.prevent_default()
        self.stop()
        self.post_message(self.Chosen(choice or "stay"))

    def render_line(self, y: int) -> Strip:
        cells = self.size.width
        if y:
            return strip(self, "after", (), cells)
        left = say("composer.strip_leaves", seconds=self._left) if self._left else say("composer.strip_queued")
        keys = say("composer.strip") if self._left else say("composer.strip_gone")
        gap = " " * max(cells - width(keys) - width(left) - 2, 2)
        return strip(self, "after", ((" " + keys, "keys"), (gap, "keys"), (left, "left")), cells)
