"""Something to choose, found by a few letters: a command, an agent, a tag, a priority."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical

from tuidesk.domain.text import clean, cut, pad, width
from tuidesk.tui.screens.finder import Finder
from tuidesk.tui.widgets.page import Line
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


class Chooser(Finder[T]):
    """Its result is that of the chosen line."""

    DEFAULT_CSS = """
    Chooser { align: center top; }
    Chooser #palette {
        width: 72; max-width: 96%; height: auto; max-height: 80%; margin-top: 2;
        background: $surface; border: solid $accent;
    }
    Chooser Page { height: auto; }
    """

    def __init__(
        self, title: str, hint: str, find: Find[T], *, typed: str = "", nothing: str = "", column: int = 0
    ) -> None:
        """`nothing`: said where nothing is meant. `column`: cells for the keys at the left."""
        super().__init__(title, hint, typed)
        self._find = find
        self._found: Sequence[Option[T]] = ()
        self._nothing = nothing or say("tui.chooser_nothing")
        self._column = column

    def compose(self) -> ComposeResult:
        with Vertical(id="palette"):
            yield self._title
            yield self._typed
            yield self._list

    def on_resize(self) -> None:
        self._show_found(self._typed.value)

    @property
    def _cells(self) -> int:
        return min(_WIDTH, self.app.size.width * 96 // 100) - _FRAME

    def _show_found(self, typed: str) -> None:
        self._found = self._find(typed)
        lines = [self._line(option) for option in self._found]
        shown: list[Line] = lines or [((" " + cut(self._nothing, self._cells), "quiet"),)]
        most = max(self.app.size.height * 80 // 100 - 4, 1)
        self._list.styles.height = max(min(len(shown), most), 1)
        self._list.show(shown, 0)

    def _at(self, place: int) -> T | None:
        return self._found[place].result if place < len(self._found) else None

    def _page(self, pages: int) -> None:
        self._move(10 * pages)

    def _line(self, option: Option[T]) -> Line:
        note = cut(clean(option.note, lines=False), self._cells // 2)
        room = max(self._cells - self._column - width(note) - 1, 8)
        words = pad(cut(clean(option.words, lines=False), room), room)
        key = pad(" " + option.key, self._column) if self._column else " "
        return ((key, "key"), (words, "words"), (" " + note, "quiet"))
