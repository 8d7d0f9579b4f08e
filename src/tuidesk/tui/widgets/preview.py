"""The line below the queue at 80 columns: more of the conversation at the mark."""

from typing import ClassVar

from textual.strip import Strip

from tuidesk.tui import themes
from tuidesk.tui.widgets.strips import Drawn, Looks, strip


class Preview(Drawn):
    """A rule, and one line below it."""

    LOOKS: ClassVar[Looks] = {
        "rule": themes.FAINT,
        "words": themes.MUTED,
    }
    DEFAULT_CSS = """
    Preview { height: 2; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._words = ""

    def say(self, words: str) -> None:
        """Clean text."""
        if words != self._words:
            self._words = words
            self.refresh()

    def render_line(self, y: int) -> Strip:
        cells = self.size.width
        if y == 0:
            return strip(self, (("-" * cells, "rule"),), cells)
        return strip(self, ((" " + self._words if y == 1 else "", "words"),), cells)
