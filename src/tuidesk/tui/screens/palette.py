"""`:`: every command with its key, found by a few letters."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from tuidesk.domain.actions import Action
from tuidesk.domain.text import pad
from tuidesk.tui.widgets.draft_text import TypedLine
from tuidesk.tui.widgets.page import Line, Page
from tuidesk.words import say


class Palette(ModalScreen[Action | None], inherit_bindings=False):
    """Its result is the chosen action, or None."""

    AUTO_FOCUS: ClassVar[str | None] = None
    DEFAULT_CSS = """
    Palette { align: center top; background: transparent; }
    Palette #palette {
        width: 72; max-width: 96%; height: 80%; margin-top: 2;
        background: $surface; border: solid $accent;
    }
    Palette Input { border: none; height: 1; background: $surface; padding: 0 1; }
    Palette Input:focus { border: none; }
    Palette Page { background: $surface; margin-top: 1; }
    """

    def __init__(self, offered: Sequence[Action]) -> None:
        super().__init__()
        self._offered = tuple(offered)
        self._found = self._offered
        self._typed = TypedLine(placeholder=say("tui.palette_hint"))
        self._list = Page((), marked=0)
        self._list.can_focus = False

    def compose(self) -> ComposeResult:
        with Vertical(id="palette"):
            yield self._typed
            yield self._list

    def on_mount(self) -> None:
        self._typed.focus()
        self._show()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        ranked = [
            (near, action) for action in self._offered if (near := rank(action, event.value)) is not None
        ]
        self._found = tuple(action for _, action in sorted(ranked, key=lambda pair: pair[0]))
        self._show()

    def _show(self) -> None:
        lines: list[Line] = [
            ((pad(" " + "  ".join(action.keys), 22), "key"), (action.name, "words")) for action in self._found
        ]
        self._list.show(lines or [((" " + say("tui.palette_nothing"), "quiet"),)], 0)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        at = self._list.marked or 0
        self.dismiss(self._found[at] if at < len(self._found) else None)

    def on_key(self, event: events.Key) -> None:
        match event.key:
            case "escape" | "ctrl+c":
                self.dismiss(None)
            case "down" | "ctrl+n":
                self._list.move(1)
            case "up" | "ctrl+p":
                self._list.move(-1)
            case "pagedown":
                self._list.move(10)
            case "pageup":
                self._list.move(-10)
            case _:
                return
        event.stop()
        event.prevent_default()


def rank(action: Action, typed: str) -> int | None:
    """How near an action is to what was typed, the smaller the nearer; None where it is not meant.

    A key, the start of the name, of a word, letters in a row, or in their order in one word. Letters anywhere would
    find something for everything, and who types what is not there would run it with Enter.
    """
    wanted, name = typed.strip().casefold(), action.name.casefold()
    if not wanted or typed.strip() in action.keys:
        return 0
    if name.startswith(wanted):
        return 1
    if f" {wanted}" in name:
        return 2
    if wanted in name or wanted in action.id:
        return 3
    return 4 if any(_abbreviates(wanted, word) for word in name.replace(",", " ").split()) else None


def _abbreviates(letters: str, word: str) -> bool:
    """`cmp` for `complete`: the first letter, and the others in their order."""
    rest = iter(word)
    return word[:1] == letters[:1] and all(letter in rest for letter in letters)
