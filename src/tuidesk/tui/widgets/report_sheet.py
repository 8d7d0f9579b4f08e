"""The sheet of a report: lines, of which those with a figure of their own can be marked."""

from collections.abc import Sequence
from typing import ClassVar

from tuidesk.tui import themes
from tuidesk.tui.widgets.page import Line, Page
from tuidesk.tui.widgets.strips import Looks


class Sheet(Page):
    """A page on which the mark goes from row to row, and the text between scrolls along."""

    LOOKS: ClassVar[Looks] = {
        **Page.LOOKS,
        "head": themes.MUTED_STRONG,
        "bar": themes.ACCENT,
        "curve": themes.WARNING_STRONG,
        "axis": themes.MUTED,
        "better": themes.SUCCESS,
        "worse": themes.WARNING,
    }

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[int, ...] = ()

    def show_rows(self, lines: Sequence[Line], rows: Sequence[int], marked: int | None = None) -> None:
        """Another text; `rows` are the lines that can be marked, `marked` the one that is."""
        self._rows = tuple(rows)
        first = self._rows[0] if self._rows else None
        self.show(lines, marked if marked in self._rows else first)

    def move(self, step: int) -> None:
        if self.marked is None or not self._rows:
            self.scroll_lines(step)
            return
        at = self._rows.index(self.marked) + step
        self._go(min(max(at, 0), len(self._rows) - 1))

    def scroll_pages(self, pages: float) -> None:
        if self.marked is None:
            super().scroll_pages(pages)
            return
        wanted = self.marked + int(max(self.size.height - 1, 1) * pages)
        self._go(min(range(len(self._rows)), key=lambda at: abs(self._rows[at] - wanted)))

    def to_start(self) -> None:
        self.scroll_lines(-len(self)) if self.marked is None else self._go(0)

    def to_end(self) -> None:
        self.scroll_lines(len(self)) if self.marked is None else self._go(len(self._rows) - 1)

    def jump(self, lines: Sequence[int], step: int) -> None:
        """The mark to the first row behind the next, or the previous, of `lines`."""
        if self.marked is None:
            return
        under = [line for line in lines if line < self.marked]
        at = max(min(len(under) - 1 + step, len(lines) - 1), 0)
        behind = [place for place, row in enumerate(self._rows) if row > lines[at]]
        self._go(behind[0] if behind else len(self._rows) - 1)
        self.reveal_from(lines[at])

    def reveal_from(self, line: int) -> None:
        """This line first, if there is enough below it to fill the page."""
        self._top = max(min(line, len(self) - self.size.height), 0)
        self.refresh()

    def _reveal(self) -> None:
        """With the line above it, where that is the head of its table."""
        super()._reveal()
        if self.marked is not None and self.marked - 1 not in self._rows and self.size.height > 1:
            self._top = min(self._top, max(self.marked - 1, 0))

    def _go(self, at: int) -> None:
        """The mark to this row. What stands above the first one is seen with it, what stands below the last too."""
        self.marked = self._rows[at]
        if at == 0:
            self._top = 0
        elif at == len(self._rows) - 1:
            self._top = max(len(self) - self.size.height, 0)
        self._reveal()
        self.refresh()
