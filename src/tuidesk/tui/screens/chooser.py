"""Something to choose, found by a few letters: a command, an agent, a tag, a priority."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from tuidesk.domain.text import clean, cut, pad, width
from tuidesk.tui.keyboard import DEAF_S
from tuidesk.tui.terminal import Burst
from tuidesk.tui.widgets.draft_text import TypedLine
from tuidesk.tui.widgets.page import Line, Page
from tuidesk.words import say

T = TypeVar("T")

_WIDTH, _FRAME = 72, 4
"""Of the dialog, and of its border and the column of its mark."""


@dataclass(frozen=True, slots=True)
class Option(Generic[T]):
    """One line of a chooser. Text from outside is cleaned where it is drawn."""

    words: str
    result: T
    key: str = ""
    """What stands in the column at the left."""
    note: str = ""
    """What stands at the right end."""


Find = Callable[[str], Sequence[Option[T]]]
"""What was typed → what it may mean, the likeliest first."""


class _Line(TypedLine):
    """Enter is the chooser's: what it may not obey must not be an answer either."""

    async def _on_key(self, event: events.Key) -> None:
        if event.key != "enter":
            await super()._on_key(event)


class Chooser(ModalScreen[T | None], inherit_bindings=False):
    """Its result is that of the chosen line, or None for Esc."""

    AUTO_FOCUS: ClassVar[str | None] = None
    DEFAULT_CSS = """
    Chooser { align: center top; background: transparent; }
    Chooser #palette {
        width: 72; max-width: 96%; height: auto; max-height: 80%; margin-top: 2;
        background: $surface; border: solid $accent;
    }
    Chooser Input { border: none; height: 1; background: $surface; padding: 0 1; }
    Chooser Input:focus { border: none; }
    Chooser Page { background: $surface; height: auto; }
    Chooser #palette-title { height: 1; }
    """

    def __init__(
        self, title: str, hint: str, find: Find[T], *, typed: str = "", nothing: str = "", column: int = 0
    ) -> None:
        """`typed`: what stands in the field already. `nothing`: said where nothing is meant. `column`: cells for the
        keys at the left."""
        super().__init__()
        self._title_words = title
        self._find = find
        self._found: Sequence[Option[T]] = ()
        self._nothing = nothing or say("tui.chooser_nothing")
        self._column = column
        self._since: float | None = None
        self._title = Page()
        self._title.id = "palette-title"
        self._title.can_focus = False
        self._typed = _Line(placeholder=hint)
        self._typed.value = typed
        self._list = Page((), marked=0)
        self._list.can_focus = False

    def compose(self) -> ComposeResult:
        with Vertical(id="palette"):
            yield self._title
            yield self._typed
            yield self._list

    def on_mount(self, event: events.Mount) -> None:
        self._since = event.time
        self._typed.focus()
        self._typed.cursor_position = len(self._typed.value)
        self._say(self._title_words, "title")

    def on_resize(self) -> None:
        self._show()

    @property
    def _cells(self) -> int:
        return min(_WIDTH, self.app.size.width * 96 // 100) - _FRAME

    def _say(self, words: str, style: str) -> None:
        self._title.show((((" " + cut(clean(words, lines=False), self._cells), style),),))

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._say(self._title_words, "title")
        self._show()

    def _show(self) -> None:
        self._found = self._find(self._typed.value)
        lines = [self._line(option) for option in self._found]
        shown: list[Line] = lines or [((" " + cut(self._nothing, self._cells), "quiet"),)]
        most = max(self.app.size.height * 80 // 100 - 4, 1)
        self._list.styles.height = max(min(len(shown), most), 1)
        self._list.show(shown, 0)

    def _line(self, option: Option[T]) -> Line:
        note = cut(clean(option.note, lines=False), self._cells // 2)
        room = max(self._cells - self._column - width(note) - 1, 8)
        words = pad(cut(clean(option.words, lines=False), room), room)
        key = pad(" " + option.key, self._column) if self._column else " "
        return ((key, "key"), (words, "words"), (" " + note, "quiet"))

    def on_key(self, event: events.Key) -> None:
        match event.key:
            case "escape" | "ctrl+c":
                self.dismiss(None)
            case "enter":
                self._answer(event)
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

    def _answer(self, event: events.Key) -> None:
        """What is chosen, unless the key was meant for what was there before, or came in one read with others."""
        if isinstance(event, Burst):
            self._say(say(event.why), "alert")
        elif self._since is None or event.time - self._since < DEAF_S:
            self._say(say("tui.too_young"), "alert")
        else:
            at = self._list.marked or 0
            self.dismiss(self._found[at].result if at < len(self._found) else None)
