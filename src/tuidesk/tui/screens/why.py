"""`w`: the figures of a conversation, and what each was made of."""

from typing import ClassVar

from tuidesk.desk.why import Why
from tuidesk.desk.why_words import why_words
from tuidesk.domain.instants import Instant
from tuidesk.domain.text import wrap
from tuidesk.tui import when
from tuidesk.tui.screens.reading import Reading
from tuidesk.tui.widgets.page import Line
from tuidesk.words import say


class Explained(Reading):
    hides_conversation: ClassVar[bool] = False

    def __init__(self, told: Why, now: Instant) -> None:
        super().__init__(say("tui.why_title", n=told.n))
        self._told = told
        self._now = now

    def lay_out(self) -> None:
        self.page.show(tuple(self._lines(max(self.size.width - 4, 8))))

    def _lines(self, cells: int) -> list[Line]:
        found: list[Line] = []
        for style, words in why_words(self._told, self._moment, when.exactly):
            if style == "title" and found:
                found.append(())
            indent = "   " if words.startswith(" ") else " "
            found += [((indent + part, style),) for part in wrap(words.strip(), cells) or [""]]
        return found

    def _moment(self, at: Instant) -> str:
        """`Fri 20 Nov 12:50`."""
        on = when.local(at).date()
        return f"{when.weekday(on)} {when.day(on, when.local(self._now).year)} {when.clock(at)}"
