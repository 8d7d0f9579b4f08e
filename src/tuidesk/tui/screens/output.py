"""What a program of the user's own printed."""

from typing import ClassVar

from tuidesk.domain.text import clean, wrap
from tuidesk.tui.screens.reading import Reading
from tuidesk.tui.widgets.page import Line


class Output(Reading):
    """`how`: a sentence about how it ended; "" where it ended well."""

    hides_conversation: ClassVar[bool] = False

    def __init__(self, title: str, data: bytes, how: str = "") -> None:
        super().__init__(title)
        self._text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
        self._how = how

    def lay_out(self) -> None:
        cells = max(self.size.width - 2, 8)
        lines: list[Line] = [
            ((" " + part, "words"),)
            for line in self._text.rstrip("\n").split("\n")
            for part in wrap(clean(line, lines=False), cells)
        ]
        if self._how:
            lines += [(), ((" " + self._how, "alert"),)]
        self.page.show(lines)
