"""A question in the last line of the screen, answered in one line of text.

A question whose answers have a language of their own has a guide: what is wrong is marked where it is and said in the
line below, and what is being typed can be completed.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, Protocol

from rich.highlighter import Highlighter
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input

from tuidesk.domain.completion import Completion, extended
from tuidesk.domain.text import clean, width
from tuidesk.tui import themes
from tuidesk.tui.terminal import Burst
from tuidesk.tui.widgets.draft_text import TypedLine
from tuidesk.tui.widgets.strips import Drawn, Looks, strip
from tuidesk.words import say


class Wrong(NamedTuple):
    """A mistake in an answer: where it is, in words, what may be meant in its place ("" for nothing), and whether it
    may only be unfinished."""

    start: int
    end: int
    words: str
    near: str
    may_go_on: bool


class Guide(Protocol):
    """Knows the language of an answer."""

    def wrong(self, typed: str) -> Wrong | None:
        """What is wrong with it."""

    def choices(self, typed: str, at: int) -> Completion:
        """What the word that ends at the cursor may become."""


Complete = Callable[[str, int], Awaitable[Completion]]
"""(text, cursor) → what may be meant, from where it takes time to know."""

_HARMLESS = frozenset({"search"})
"""Questions whose answer changes nothing."""


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


class _Hint(Drawn):
    """The line below: what is wrong, or what may come."""

    LOOKS: ClassVar[Looks] = {
        "wrong": themes.ERROR,
        "choice": themes.ACCENT_STRONG,
        "words": themes.MUTED,
    }
    DEFAULT_CSS = """
    _Hint { height: 1; background: $panel; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.spans: tuple[tuple[str, str], ...] = ()

    def say(self, *spans: tuple[str, str]) -> None:
        """Clean text."""
        if spans != self.spans:
            self.spans = spans
            self.refresh()

    def render_line(self, y: int) -> Strip:
        return strip(self, ((" ", "words"), *self.spans) if y == 0 else (), self.size.width)


class _Marked(Highlighter):
    """Underlines the mistake."""

    def __init__(self) -> None:
        self.place = (0, 0)

    def highlight(self, text: Text) -> None:
        text.stylize("underline bold", *self.place)


class _Line(TypedLine):
    """The keys that leave are the prompt's."""

    BINDINGS: ClassVar[list[BindingType]] = []
    is_harmless = False
    """An answer changes nothing: otherwise an Enter that came in one read with many letters is none."""

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter" and isinstance(event, Burst) and not self.is_harmless:
            event.stop()
            event.prevent_default()
            self.post_message(Prompt.NotObeyed(event.why))
        else:
            await super()._on_key(event)


class Prompt(Vertical):
    """Asks one thing at a time; Enter answers, Esc leaves, Tab completes."""

    DEFAULT_CSS = """
    Prompt { height: auto; display: none; background: $panel; }
    Prompt Horizontal { height: 1; background: $panel; }
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
        self._completes: Complete | None = None
        self._label = _Label()
        self._marked = _Marked()
        self._line = _Line()
        self._line.highlighter = self._marked
        self._hint = _Hint()
        self._guide: Guide | None = None
        self._round: tuple[str, Completion, int] | None = None
        """While Tab goes through the choices: (what stands now, the choices, which of them it is)."""
        self.question = ""

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield self._label
            yield self._line
        yield self._hint

    @property
    def is_open(self) -> bool:
        return bool(self.question)

    @property
    def said(self) -> str:
        """The line below."""
        return "".join(text for text, _ in self._hint.spans)

    def ask(
        self,
        question: str,
        words: str,
        *,
        typed: str = "",
        placeholder: str = "",
        guide: Guide | None = None,
        complete: Complete | None = None,
    ) -> None:
        """Put the question `words`; the answer comes with the name `question`. What Tab goes on with is known by
        `guide`, or must be asked of `complete`."""
        self.question, self._guide, self._round = question, guide, None
        self._completes = complete
        self._line.is_harmless = question in _HARMLESS
        self._label.say(clean(words, lines=False))
        self._line.value = typed
        self._line.cursor_position = len(typed)
        self._line.placeholder = placeholder
        self._hint.display = guide is not None
        self.display = True
        self._line.focus()
        self._say_hint()

    def close(self) -> None:
        self.question = ""
        self.display = False

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._round is not None and self._line.value != self._round[0]:
            self._round = None
        self._say_hint()

    def _say_hint(self, *, is_answer: bool = False) -> bool:
        """Mark and say what is wrong, else name the choices; whether something is wrong. An answer is finished."""
        if self._guide is None:
            return False
        wrong = self._guide.wrong(self._line.value)
        choices = self._choices().choices
        if wrong is not None and (is_answer or not wrong.may_go_on):
            self._marked.place = (wrong.start, wrong.end)
            takes = (("  ", "words"), (say("tui.prompt_near"), "words")) if wrong.near else ()
            self._hint.say((clean(wrong.words, lines=False), "wrong"), *takes)
        else:
            self._marked.place = (0, 0)
            self._hint.say(*self._choice_spans(choices))
        self._line.refresh()
        return wrong is not None

    def _choices(self) -> Completion:
        assert self._guide is not None
        if self._round is not None:
            return self._round[1]
        return self._guide.choices(self._line.value, self._line.cursor_position)

    def _choice_spans(self, choices: Sequence[str]) -> list[tuple[str, str]]:
        if not choices:
            return [(say("tui.prompt_empty"), "words")] if not self._line.value else []
        at = self._round[2] if self._round is not None else 0
        shown = [clean(choice, lines=False).strip() for choice in choices]
        spans = [(f"{say('tui.prompt_tab')} ", "words")]
        for place, choice in enumerate(shown[at:] + shown[:at] if at else shown):
            spans += [(choice, "choice" if place == 0 else "words"), ("  ", "words")]
        return spans

    def _complete(self) -> None:
        """Put the next choice there: of a mistake what was meant, else what the word at the cursor may become."""
        if self._guide is None:
            return
        wrong = self._guide.wrong(self._line.value)
        if self._round is not None:
            _, completion, was = self._round
            which = (was + 1) % len(completion.choices)
        else:
            completion, which = self._choices(), 0
            if not completion.choices and wrong is not None and wrong.near:
                self._put(wrong.start, wrong.end, wrong.near)
                return
        if completion.choices:
            choice = completion.choices[which]
            self._put(completion.start, self._line.cursor_position, choice)
            is_whole = len(completion.choices) > 1 and not choice.endswith(":")
            self._round = (self._line.value, completion, which) if is_whole else None
            self._say_hint()

    def _put(self, start: int, end: int, text: str) -> None:
        line = self._line
        line.value = (
            line.value[:start] + text + line.value[end:].removeprefix(" " if text.endswith(" ") else "")
        )
        line.cursor_position = start + len(text)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._say_hint(is_answer=True):
            self._line.cursor_position = self._marked.place[1]
            return
        question = self.question
        self.close()
        self.post_message(self.Answered(question, event.value))

    def on_key(self, event: events.Key) -> None:
        if event.key in ("escape", "ctrl+c"):
            question = self.question
            self.close()
            self.post_message(self.Left(question))
        elif event.key == "tab" and self._completes is not None:
            self.run_worker(self._ask_how_to_go_on(self._completes), group="complete", exclusive=True)
        elif event.key in ("tab", "shift+tab"):
            self._complete()
        else:
            return
        event.stop()
        event.prevent_default()

    async def _ask_how_to_go_on(self, complete: Complete) -> None:
        """Go on as far as there is one way, like a shell; an answer that comes too late is not used."""
        text, cursor = self._line.value, self._line.cursor_position
        completion = await complete(text, cursor)
        if not self.is_open or (self._line.value, self._line.cursor_position) != (text, cursor):
            return
        self._line.value, self._line.cursor_position = extended(text, cursor, completion)
        if len(completion.choices) != 1:
            self.post_message(self.Offered(tuple(completion.choices)))
