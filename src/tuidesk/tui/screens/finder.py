"""A field over a list: what is typed finds, Enter takes what is at the mark. Choosers and the picker are such."""

from abc import abstractmethod
from typing import ClassVar, TypeVar

from textual import events, on
from textual.screen import ModalScreen
from textual.widgets import Input

from tuidesk.domain.text import clean, cut
from tuidesk.tui.keyboard import DEAF_S, written
from tuidesk.tui.terminal import Burst
from tuidesk.tui.widgets.draft_text import TypedLine
from tuidesk.tui.widgets.page import Page
from tuidesk.words import say

T = TypeVar("T")


class _Line(TypedLine):
    """Enter is the finder's: what it may not obey must not be an answer either."""

    async def _on_key(self, event: events.Key) -> None:
        if event.key != "enter":
            await super()._on_key(event)


class Finder(ModalScreen[T | None], inherit_bindings=False):
    """Its result is what was taken, or None for Esc."""

    AUTO_FOCUS: ClassVar[str | None] = None
    DEFAULT_CSS = """
    Finder { background: transparent; }
    Finder Input { border: none; height: 1; background: $surface; padding: 0 1; }
    Finder Input:focus { border: none; }
    Finder Page { background: $surface; }
    Finder #finder-title { height: 1; }
    """

    def __init__(self, title: str, hint: str, typed: str = "") -> None:
        """`typed`: what stands in the field already."""
        super().__init__()
        self._title_words = title
        self._since: float | None = None
        self._title = Page()
        self._title.id = "finder-title"
        self._typed = _Line(placeholder=hint)
        self._typed.value = typed
        self._list = Page((), marked=0)
        self._title.can_focus = self._list.can_focus = False

    def on_mount(self, event: events.Mount) -> None:
        self._since = event.time
        self._typed.focus()
        self._typed.cursor_position = len(self._typed.value)
        self._say_title()
        self._show_found(self._typed.value)

    def _say_title(self) -> None:
        self._say(self._title_words, "title")

    def _say(self, words: str, style: str) -> None:
        self._title.show((((" " + cut(clean(words, lines=False), self._cells), style),),))

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._say_title()
        self._show_found(event.value)

    @property
    @abstractmethod
    def _cells(self) -> int:
        """Of a line."""

    @abstractmethod
    def _show_found(self, typed: str) -> None:
        """Show what may be meant."""

    @abstractmethod
    def _at(self, place: int) -> T | None:
        """What stands in this line of the list."""

    @abstractmethod
    def _page(self, pages: int) -> None:
        """PgDn, or PgUp."""

    def _move(self, step: int) -> None:
        self._list.move(step)

    def on_key(self, event: events.Key) -> None:
        match written(event):
            case "Esc" | "Ctrl+C":
                self.dismiss(None)
            case "Enter":
                self._answer(event)
            case "Down" | "Ctrl+N" | "Tab":
                self._move(1)
            case "Up" | "Ctrl+P" | "Shift+Tab":
                self._move(-1)
            case "PgDn":
                self._page(1)
            case "PgUp":
                self._page(-1)
            case _:
                return
        event.stop()
        event.prevent_default()

    def _answer(self, event: events.Key) -> None:
        """What is at the mark, unless the key was meant for what was there before, or came in one read with others."""
        if isinstance(event, Burst):
            self._say(say(event.why), "alert")
        elif self._since is None or event.time - self._since < DEAF_S:
            self._say(say("tui.too_young"), "alert")
        elif (found := self._at(self._list.marked or 0)) is not None:
            self.dismiss(found)
