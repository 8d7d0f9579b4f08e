"""A question in the last line of the screen, answered in one line of text."""

from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input

from tuidesk.domain.text import clean, width
from tuidesk.tui import themes
from tuidesk.tui.terminal import Burst
from tuidesk.tui.widgets.completing import Complete, extended
from tuidesk.tui.widgets.draft_text import TypedLine
from tuidesk.tui.widgets.strips import Drawn, Looks, strip


class _Label(Drawn):
    LOOKS: ClassVar[Looks] = {
        "words": themes.ACCENT_STRONG,
    }
    DEFAULT_CSS = """
    _Label { height: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._words = ""

    def say(self, words: str) -> None:
        self._words = f" {words} "
        self.styles.width = width(self._words)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        return strip(self, ((self._words if y == 0 else "", "words"),), self.size.width)


class _Line(TypedLine):
    """The keys that leave are the prompt's; an Enter that came in one read with many letters is text, no answer."""

    BINDINGS: ClassVar[list[BindingType]] = []

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter" and isinstance(event, Burst):
            event.stop()
            event.prevent_default()
            self.post_message(Prompt.NotObeyed(event.why))
        else:
            await super()._on_key(event)


class Prompt(Horizontal):
    """Asks one thing at a time; Enter answers, Esc leaves."""

    DEFAULT_CSS = """
    Prompt { height: 1; display: none; background: $panel; }
    Prompt _Line { width: 1fr; height: 1; border: none; padding: 0; background: $panel; }
    Prompt _Line:focus { border: none; background: $panel; }
    """

    @dataclass
    class Answered(Message):
        """What was typed. `question` is what `ask` was given."""

        question: str
        answer: str

    @dataclass
    class NotObeyed(Message):
        """An Enter that was none; `why` names the words that say so."""

        why: str

    @dataclass
    class Left(Message):
        """The question is withdrawn."""

        question: str

    @dataclass
    class Offered(Message):
        """Tab found several ways to go on; none: it found nothing."""

        choices: tuple[str, ...]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._complete: Complete | None = None
        self._label = _Label()
        self._line = _Line()
        self.question = ""

    def compose(self) -> ComposeResult:
        yield self._label
        yield self._line

    @property
    def is_open(self) -> bool:
        return bool(self.question)

    def ask(
        self,
        question: str,
        words: str,
        *,
        typed: str = "",
        placeholder: str = "",
        complete: Complete | None = None,
    ) -> None:
        """Put the question `words`; the answer comes with the name `question`. `complete`: what Tab asks."""
        self.question = question
        self._complete = complete
        self._label.say(clean(words, lines=False))
        self._line.value = typed
        self._line.cursor_position = len(typed)
        self._line.placeholder = placeholder
        self.display = True
        self._line.focus()

    def close(self) -> None:
        self.question = ""
        self.display = False

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        question = self.question
        self.close()
        self.post_message(self.Answered(question, event.value))

    def on_key(self, event: events.Key) -> None:
        if event.key in ("escape", "ctrl+c"):
            event.stop()
            event.prevent_default()
            question = self.question
            self.close()
            self.post_message(self.Left(question))
        elif event.key == "tab":
            event.stop()
            event.prevent_default()
            if self._complete is not None:
                self.run_worker(self._tab(self._complete), group="complete", exclusive=True)

    async def _tab(self, complete: Complete) -> None:
        """Go on as far as there is one way, like a shell; an answer that comes too late is not used."""
        text, cursor = self._line.value, self._line.cursor_position
        completion = await complete(text, cursor)
        if not self.is_open or (self._line.value, self._line.cursor_position) != (text, cursor):
            return
        self._line.value, self._line.cursor_position = extended(text, cursor, completion)
        if len(completion.choices) != 1:
            self.post_message(self.Offered(tuple(completion.choices)))
