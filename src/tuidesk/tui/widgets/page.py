"""Lines of text that are there to be read, drawn one by one: help, accounts, the source of a message, a question."""

from collections.abc import Sequence
from typing import ClassVar

from textual.strip import Strip

from tuidesk.tui import themes
from tuidesk.tui.widgets.strips import Drawn, Looks, strip

Line = tuple[tuple[str, str], ...]
"""(clean text, style) in turn."""


class Page(Drawn, can_focus=True):
    """A text that scrolls by lines; perhaps one of its lines is marked."""

    LOOKS: ClassVar[Looks] = {
        "title": themes.ACCENT_STRONG,
        "key": themes.ACCENT_STRONG,
        "name": themes.STRONG,
        "quiet": themes.MUTED,
        "good": themes.SUCCESS,
        "alert": themes.WARNING_STRONG,
        "mark": themes.ACCENT_STRONG,
        "current": themes.STRONG,
        "words": themes.PLAIN,
    }
    DEFAULT_CSS = """
    Page { height: 1fr; width: 1fr; }
    """

    def __init__(self, lines: Sequence[Line] = (), *, marked: int | None = None) -> None:
        super().__init__()
        self._lines = tuple(lines)
        self._top = 0
        self.marked = marked
        """The line with the mark, None for a page without one."""

    def show(self, lines: Sequence[Line], marked: int | None = None) -> None:
        """Another text in its place."""
        self._lines, self.marked = tuple(lines), marked
        self._reveal()
        self.refresh()

    def __len__(self) -> int:
        return len(self._lines)

    def move(self, step: int) -> None:
        """The mark, or the text where nothing is marked."""
        if self.marked is None:
            self.scroll_lines(step)
        elif self._lines:
            self.marked = min(max(self.marked + step, 0), len(self._lines) - 1)
            self._reveal()
            self.refresh()

    def scroll_lines(self, lines: int) -> None:
        self._top = max(min(self._top + lines, len(self._lines) - self.size.height), 0)
        self.refresh()

    def scroll_pages(self, pages: float) -> None:
        self.scroll_lines(int(max(self.size.height - 1, 1) * pages))

    def to_start(self) -> None:
        self.scroll_lines(-len(self._lines))

    def to_end(self) -> None:
        self.scroll_lines(len(self._lines))

    def _reveal(self) -> None:
        if self.marked is not None and self.size.height:
            self._top = min(self._top, self.marked)
            self._top = max(self._top, self.marked - self.size.height + 1)
        self._top = max(min(self._top, len(self._lines) - 1), 0)

    def render_line(self, y: int) -> Strip:
        place = self._top + y
        spans = self._lines[place] if place < len(self._lines) else ()
        if self.marked is not None:
            spans = ((">" if place == self.marked and spans else " ", "mark"), *spans)
        return strip(self, spans, self.size.width)
