"""A question with a few answers, each a letter that holds in this dialog only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

from tuidesk.domain.text import clean, wrap
from tuidesk.tui.keyboard import DEAF_S, meant
from tuidesk.tui.terminal import Burst
from tuidesk.tui.widgets.page import Line, Page
from tuidesk.words import say

_WIDTH, _FRAME = 66, 6
"""Of the dialog, and of its border and padding."""


@dataclass(frozen=True, slots=True)
class Answer:
    key: str
    words: str
    result: str


class Question(ModalScreen[str | None], inherit_bindings=False):
    """Its result is that of the answer, or None for Esc."""

    AUTO_FOCUS: ClassVar[str | None] = None
    DEFAULT_CSS = """
    Question { align: center middle; background: transparent; }
    Question #question {
        width: 66; max-width: 96%; height: auto; max-height: 90%;
        padding: 1 2; background: $surface; border: solid $accent;
    }
    Question Page { background: $surface; }
    """

    def __init__(self, title: str, lines: Sequence[str], answers: Sequence[Answer]) -> None:
        super().__init__()
        self._answers = {answer.key: answer for answer in answers}
        self._words = ((title, "title"), *((line, "words") for line in lines))
        self._since: float | None = None
        self._page = Page()

    def compose(self) -> ComposeResult:
        with Vertical(id="question"):
            yield self._page

    def on_resize(self, event: events.Resize) -> None:
        """Sentences are wrapped to the width there is."""
        cells = min(_WIDTH, event.size.width * 96 // 100) - _FRAME
        lines: list[Line] = [
            ((part, style),)
            for words, style in self._words
            for part in wrap(clean(words, lines=False), max(cells, 8))
        ]
        lines.append(())
        for answer in self._answers.values():
            first, *rest = wrap(clean(answer.words, lines=False), max(cells - 4, 8))
            lines.append(((f" {answer.key} ", "key"), (f" {first}", "words")))
            lines += [(("    " + part, "words"),) for part in rest]
        lines.append(((say("tui.key_esc"), "key"), (" " + say("tui.stay"), "words")))
        self._page.styles.height = len(lines)
        self._page.show(lines)

    def on_mount(self, event: events.Mount) -> None:
        self._since = event.time

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        if self._since is None or event.time - self._since < DEAF_S or isinstance(event, Burst):
            return
        key = meant(event)
        if key in self._answers:
            self.dismiss(self._answers[key].result)
        elif key in ("Esc", "Ctrl+C"):
            self.dismiss(None)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
