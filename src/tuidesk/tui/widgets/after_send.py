"""The line after sending: how far the reply is, what may come next, and how long it can still be taken back."""

from dataclasses import dataclass
from math import ceil
from typing import ClassVar, Literal

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer

from tuidesk.domain import layouts
from tuidesk.domain.text import clean, width
from tuidesk.tui import themes
from tuidesk.tui.keyboard import DEAF_S
from tuidesk.tui.terminal import Burst
from tuidesk.tui.widgets.strips import Drawn, Looks, strip
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


_ONE_LINE = 96
"""Cells from which it is one line, else two."""


class AfterSend(Drawn, can_focus=True):
    """A key of its own chooses; with any other the agent stays, and the key is handed on."""

    LOOKS: ClassVar[Looks] = {
        "keys": themes.STRONG,
        "left": themes.WARNING,
        "sent": themes.SUCCESS,
        "wrong": themes.ERROR,
    }
    DEFAULT_CSS = """
    AfterSend { height: 2; background: $surface; }
    """

    @dataclass
    class Chosen(Message):
        choice: Choice
        key: events.Key | None = None
        """One that is none of the line's own: for whoever comes next."""

    def __init__(self) -> None:
        super().__init__()
        self._left = 0
        self._state, self._reason = "queued", ""
        self._timer: Timer | None = None
        self._since: float | None = None

    def begin(self, seconds: float) -> None:
        """Up, with this many seconds in which the reply is held back."""
        self._left = ceil(max(seconds, 0))
        self._state, self._reason = "queued", ""
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

    def became(self, state: str, reason: str) -> None:
        """How far it is by now: `queued`, `sending`, `sent`, `failed`, `unknown`."""
        if (state, reason) != (self._state, self._reason):
            self._state, self._reason = state, clean(reason, lines=False)
            if state != "queued":
                self.stop()
            self.refresh()

    @property
    def is_held(self) -> bool:
        return self._state == "queued" and self._left > 0

    @property
    def went_wrong(self) -> bool:
        return self._state in ("failed", "unknown")

    def _second(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self.stop()
        self.refresh()

    def on_focus(self, event: events.Focus) -> None:
        self._since = event.time

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        if self._since is None or event.time - self._since < DEAF_S:
            return
        choice = (
            None if isinstance(event, Burst) else KEYS.get(layouts.key_of(event.character or "") or event.key)
        )
        if choice is None:
            self.post_message(self.Chosen("stay", event))
        else:
            self.post_message(self.Chosen("stay" if self.went_wrong else choice))

    def on_resize(self, event: events.Resize) -> None:
        self.styles.height = 1 if event.size.width >= _ONE_LINE else 2

    def render_line(self, y: int) -> Strip:
        cells = self.size.width
        held = self._how_far()
        keys = (say("composer.strip_wrong" if self.went_wrong else "composer.strip_keys"), "keys")
        blank = (" ", "keys")
        if cells >= _ONE_LINE:
            gap = (" " * max(cells - width(keys[0]) - width(held[0]) - 2, 1), "keys")
            return strip(self, (blank, keys, gap, held) if y == 0 else (), cells)
        return strip(self, (blank, held) if y == 0 else (blank, keys), cells)

    def _how_far(self) -> tuple[str, str]:
        if self.is_held:
            return say("composer.strip_held", seconds=self._left), "left"
        style = {"failed": "wrong", "unknown": "wrong", "sent": "sent"}.get(self._state, "left")
        return say(f"composer.strip_{self._state or 'gone'}", reason=self._reason), style
