"""What a canned reply asks of the agent, one question after the other. Esc leaves, and nothing is changed."""

from collections.abc import Mapping
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

from tuidesk.domain import canned
from tuidesk.domain.canned import Canned
from tuidesk.domain.template import Filled, Placeholder
from tuidesk.domain.text import clean, cut, wrap
from tuidesk.errors import UsageError
from tuidesk.tui.keyboard import DEAF_S, written
from tuidesk.tui.screens.canned_picker import preview
from tuidesk.tui.terminal import Burst
from tuidesk.tui.widgets.draft_text import TypedLine
from tuidesk.tui.widgets.page import Line, Page
from tuidesk.words import say

Answers = dict[str, str]
"""By `Placeholder.what`."""

_WIDTH, _FRAME = 76, 6
"""Of the dialog, and of its border and padding."""
_PREVIEW = 8
"""Lines of the text around what is asked."""


class Questions(ModalScreen[Answers | None], inherit_bindings=False):
    """Its result is every answer, or None for Esc."""

    AUTO_FOCUS: ClassVar[str | None] = None
    DEFAULT_CSS = """
    Questions { align: center middle; background: transparent; }
    Questions #questions {
        width: 76; max-width: 96%; height: auto; max-height: 96%;
        padding: 1 2; background: $surface; border: solid $accent;
    }
    Questions Page { background: $surface; }
    Questions Input { border: none; height: 1; background: $panel; padding: 0 1; margin: 1 0; }
    Questions Input:focus { border: none; }
    """

    def __init__(self, reply: Canned, values: Mapping[str, str], bodies: Mapping[str, str]) -> None:
        super().__init__()
        self._reply, self._values, self._bodies = reply, values, bodies
        self._answers: Answers = {}
        self._all = len(self._filled().holes)
        self._asked: Placeholder = self._filled().holes[0]
        self._since: float | None = None
        self._complaint = ""
        self._above, self._options, self._below = Page(), Page(marked=0), Page()
        self._typed = TypedLine()

    def compose(self) -> ComposeResult:
        with Vertical(id="questions"):
            yield self._above
            yield self._typed
            yield self._options
            yield self._below

    def on_mount(self, event: events.Mount) -> None:
        self._above.can_focus = self._below.can_focus = False
        self._ask(event.time)

    def _filled(self) -> Filled:
        return canned.filled(self._reply, self._values, self._answers, self._bodies)

    def _ask(self, at: float) -> None:
        """The first thing that is still missing; with nothing missing, that was all."""
        holes = self._filled().holes
        if not holes:
            self.dismiss(self._answers)
            return
        self._asked, self._since, self._complaint = holes[0], at, ""
        is_choice = self._asked.kind == "choose"
        self._typed.display, self._options.display = not is_choice, is_choice
        self._typed.value = self._asked.fallback or ""
        self._typed.cursor_position = len(self._typed.value)
        self._options.marked = 0
        (self._options if is_choice else self._typed).focus()
        self._draw()

    # Keys

    def on_key(self, event: events.Key) -> None:
        key, is_choice = written(event), self._asked.kind == "choose"
        if key in ("Esc", "Ctrl+C"):
            self.dismiss(None)
        elif isinstance(event, Burst):
            if not is_choice and key != "Enter":
                return  # letters of a paste are text
        elif key == "Enter":
            self._enter(event)
        elif is_choice:
            self._choose(key, event)
        elif key not in ("Tab", "Shift+Tab"):
            return
        event.stop()
        event.prevent_default()

    def _enter(self, event: events.Key) -> None:
        if self._asked.kind == "choose":
            if not self._is_deaf(event):
                self._answer(self._asked.choices[self._options.marked or 0], event)
        elif self._typed.value.strip():
            self._answer(self._typed.value, event)
        else:
            self._complaint = say("canned.ask_needs")
            self._draw()

    def _choose(self, key: str, event: events.Key) -> None:
        if key in ("Down", "j"):
            self._options.move(1)
        elif key in ("Up", "k"):
            self._options.move(-1)
        elif key.isdecimal() and 0 < int(key) <= len(self._asked.choices) and not self._is_deaf(event):
            self._answer(self._asked.choices[int(key) - 1], event)

    def _is_deaf(self, event: events.Key) -> bool:
        return self._since is None or event.time - self._since < DEAF_S

    def _answer(self, words: str, event: events.Key) -> None:
        self._answers[self._asked.what] = words
        try:
            is_missing = self._asked in self._filled().holes  # of blanks and controls nothing is left
            complaint = say("canned.ask_needs")
        except UsageError as error:
            is_missing, complaint = True, clean(str(error), lines=False)
        if is_missing:
            del self._answers[self._asked.what]
            self._complaint = complaint
            self._draw()
        else:
            self._ask(event.time)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()

    # Drawing

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        cells = max(min(_WIDTH, self.size.width * 96 // 100) - _FRAME, 16)
        filled = self._filled()
        at = self._all - len(filled.holes) + 1
        name = cut(clean(self._reply.called, lines=False), cells - 12)
        lines: list[Line] = [((say("canned.question", name=name, at=at, of=self._all), "title"),), ()]
        lines += self._around(list(preview(filled, cells)))
        lines.append(())
        what = say(f"canned.ask_{_WORDS[self._asked.kind]}", what=clean(self._asked.what, lines=False))
        lines += [((part, "name"),) for part in wrap(what, cells)]
        self._put(self._above, lines)
        options = [
            ((f" {n} ", "key"), (clean(one, lines=False), "words"))
            for n, one in enumerate(self._asked.choices, 1)
        ]
        self._put(self._options, options, self._options.marked)
        keys = say("canned.ask_choose_keys" if self._asked.kind == "choose" else "canned.ask_enter")
        words, style = (self._complaint, "alert") if self._complaint else (keys, "quiet")
        self._put(self._below, [((part, style),) for part in wrap(words, cells)])

    def _around(self, lines: list[Line]) -> list[Line]:
        """Those lines of the text in which the first thing is missing."""
        first = next((at for at, line in enumerate(lines) if any(style == "alert" for _, style in line)), 0)
        start = max(min(first - _PREVIEW // 2, len(lines) - _PREVIEW), 0)
        return lines[start : start + _PREVIEW]

    def _put(self, page: Page, lines: list[Line], marked: int | None = None) -> None:
        page.styles.height = max(len(lines), 1)
        page.show(lines, marked)


_WORDS = {"value": "value", "ask": "question", "choose": "choose"}
