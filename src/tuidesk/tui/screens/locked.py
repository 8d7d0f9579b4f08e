"""The blank screen: nobody has been at the keyboard for a while, and somebody else may look on."""

import time
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.widgets import Input

from tuidesk.desk.desk import Desk
from tuidesk.tui.keyboard import DEAF_S
from tuidesk.tui.terminal import Burst
from tuidesk.tui.widgets.draft_text import TypedLine
from tuidesk.tui.widgets.page import Page
from tuidesk.words import say

_SLOWEST_S = 30.0


class Locked(ModalScreen[None], inherit_bindings=False):
    """Nothing of customers; Enter opens it, or the passphrase does. Wrong ones have to wait longer and longer."""

    AUTO_FOCUS: ClassVar[str | None] = None
    hides_conversation: ClassVar[bool] = True
    DEFAULT_CSS = """
    Locked { background: $background; layout: vertical; }
    Locked #locked-words { height: 3; }
    Locked TypedLine { width: 100%; height: 1; border: none; padding: 0 2; background: $panel; }
    Locked TypedLine:focus { border: none; background: $panel; }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._passphrase = desk.passphrase
        self._words, self._rest = Page(), Page()
        self._words.id = "locked-words"
        self._words.can_focus = self._rest.can_focus = False
        self._line = TypedLine()
        self._line.password = True
        self._wrong = 0
        self._not_before = 0.0
        self._since: float | None = None

    def compose(self) -> ComposeResult:
        yield self._words
        if self._passphrase is not None:
            yield self._line
        yield self._rest  # every cell is drawn: with the terminal's own colours, a ground is nothing at all

    def on_mount(self, event: events.Mount) -> None:
        self._since = event.time
        self._say(say("lock.enter") if self._passphrase is None else say("lock.passphrase"))
        if self._passphrase is not None:
            self._line.focus()

    def _say(self, words: str) -> None:
        self._words.show(((), (("  " + words, "words"),)))

    def on_key(self, event: events.Key) -> None:
        """A key on its way to what was there before opens nothing."""
        if self._passphrase is not None:
            return  # it was the field's
        event.stop()
        event.prevent_default()
        is_early = self._since is None or event.time - self._since < DEAF_S
        if event.key == "enter" and not is_early and not isinstance(event, Burst):
            self.dismiss()

    def on_paste(self, event: events.Paste) -> None:
        event.stop()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        typed, self._line.value = event.value, ""
        if not typed:
            return
        if time.monotonic() < self._not_before:
            self._say(say("lock.wait"))
            return
        if self._passphrase is None or self._passphrase.is_it(typed):
            self.dismiss()
            return
        self._wrong += 1
        wait = min(2.0 ** (self._wrong - 1), _SLOWEST_S)
        self._not_before = time.monotonic() + wait
        self._say(say("lock.wrong", seconds=int(wait)))
