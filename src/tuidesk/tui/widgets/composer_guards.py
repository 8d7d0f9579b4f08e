"""What a composer asks before it lets a text go, one question after the other."""

from collections.abc import Iterable
from dataclasses import replace

from tuidesk.domain import guards
from tuidesk.domain.actions import Keymap
from tuidesk.domain.channel_canned import left_as
from tuidesk.domain.guards import Ask, Parting
from tuidesk.domain.lengths import split
from tuidesk.domain.model import Person
from tuidesk.domain.text import clean
from tuidesk.tui.widgets.composer_lines import caret, too_long
from tuidesk.tui.widgets.writing import Sheet, Written, dotless, shown_person
from tuidesk.words import say


class Asking:
    """Which question is up, and which have been answered with yes. Both are about one text: another is asked anew."""

    def __init__(self, keymap: Keymap) -> None:
        self._keymap = keymap
        self.answered: frozenset[str] = frozenset()
        self._up: Ask | None = None

    @property
    def is_up(self) -> bool:
        return self._up is not None

    @property
    def is_under_way(self) -> bool:
        """Whether something has been asked or answered, so that Esc goes back to the text alone."""
        return self._up is not None or bool(self.answered)

    def forget(self) -> None:
        self._up, self.answered = None, frozenset()

    def ask(self, ask: Ask) -> str:
        """Put a question; its words, with the keys that answer it."""
        self._up = ask
        send, leave = caret("send", self._keymap), caret("leave", self._keymap)
        return say("guards.question", ask=clean(ask.words, lines=False), send=send, leave=leave)

    def yes(self) -> None:
        """Ctrl+S: what is asked, if anything is, was answered."""
        if self._up is not None:
            self.answered |= {self._up.id}
            self._up = None

    def next(self, asks: Iterable[Ask]) -> Ask | None:
        """The first that has not been answered."""
        return next((ask for ask in asks if ask.id not in self.answered), None)


def own_asks(sheet: Sheet, now: Written, people: Iterable[Person]) -> tuple[Ask, ...]:
    """What the text itself, and to whom it goes, give reason to ask."""
    if sheet.mode == "note":
        return ()
    asked = []
    if odd := dotless(sheet, people):
        asked.append(Ask("domain", say("guards.domain", who=shown_person(odd))))
    if sheet.mode == "forward" and not now.text.strip():
        asked.append(Ask("bare", say("guards.bare")))
    return (*asked, *guards.asks(_parting(sheet, now), sheet.watch))


def _parting(sheet: Sheet, now: Written) -> Parting:
    files = len(now.files) + (len(sheet.passes_on.attachments) if sheet.passes_on is not None else 0)
    parting = Parting(
        text=now.text,
        medium=sheet.goes_by,
        visibility=sheet.seen_by,
        files=files,
        answers=sheet.answers,
        most=sheet.max_length,
    )
    is_template = left_as(now.text, now.canned) is not None
    if sheet.max_length is not None and too_long(sheet, now.text) and not is_template:
        return replace(parting, parts=len(split(now.text, sheet.unit, sheet.max_length)))
    return parting
