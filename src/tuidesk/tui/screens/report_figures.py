"""The figures of a report as lines of a sheet."""

from collections.abc import Sequence
from typing import NamedTuple

from tuidesk.desk import report_words
from tuidesk.desk.report_words import Table
from tuidesk.domain.instants import MINUTE, SECOND
from tuidesk.domain.metrics import Report
from tuidesk.domain.text import cut, pad, width
from tuidesk.tui import when
from tuidesk.tui.widgets.page import Line

_GAP = 2
_LEAST_NAME = 12


class Sheeted(NamedTuple):
    """What one page of a report shows."""

    lines: tuple[Line, ...]
    rows: dict[int, report_words.Line]
    """Line → the figure that stands there, where it has one of its own."""
    titles: tuple[int, ...]
    """Lines at which a table begins."""
    metrics: tuple[str, ...]
    """Whatever is shown, for its definitions."""


def span(ms: float) -> str:
    """How long, to the nearest minute; what is less than one, to the second."""
    nearest = SECOND if round(ms / SECOND) * SECOND < MINUTE else MINUTE
    return when.exactly(round(ms / nearest) * nearest)


def figures(report: Report, notes: Sequence[str], cells: int) -> Sheeted:
    """Every table; `notes` (wrapped) below them."""
    lines: list[Line] = []
    rows: dict[int, report_words.Line] = {}
    titles: list[int] = []
    for table in report_words.tables(report, span):
        if lines:
            lines.append(())
        titles.append(len(lines))
        rows |= dict(enumerate(table.lines, len(lines) + 1))
        lines += drawn(table, cells)
    lines += [*([()] if lines else []), *(((" " + note, "quiet"),) for note in notes)]
    metrics = dict.fromkeys(row.metric for row in rows.values())
    return Sheeted(tuple(lines), rows, tuple(titles), tuple(metrics))


def drawn(table: Table, cells: int) -> list[Line]:
    """Its head, and a line for each of its own."""
    widths = _widths(table, cells)
    return [_head(table, widths), *(_row(row, widths) for row in table.lines)]


def _widths(table: Table, cells: int) -> list[int]:
    """Of the columns; the first has what is left, and no more than it needs."""
    columns = list(zip(table.heads, *(row.cells for row in table.lines), strict=True))
    first, *others = (max(width(cell) for cell in column) for column in columns)
    first = max(first, width(table.title))
    left = cells - 2 - sum(wide + _GAP for wide in others)
    return [max(min(first, left), _LEAST_NAME), *others]


def _head(table: Table, widths: list[int]) -> Line:
    """Its title stands where the names are; its other heads over their numbers."""
    title = " " + pad(cut(table.title, widths[0]), widths[0])
    return ((title, "title"), *((_right(head, wide), "head") for head, wide in _behind(table.heads, widths)))


def _row(row: report_words.Line, widths: list[int]) -> Line:
    name = " " + pad(cut(row.cells[0], widths[0]), widths[0])
    numbers = list(_behind(row.cells, widths))
    spans: list[tuple[str, str]] = [(name, "quiet" if row.clock == "business" else "words")]
    spans += [(_right(cell, wide), "words") for cell, wide in numbers]
    if row.verdict:
        spans[-1] = (spans[-1][0], row.verdict)
    return tuple(spans)


def _behind(cells: Sequence[str], widths: Sequence[int]) -> list[tuple[str, int]]:
    return list(zip(cells[1:], widths[1:], strict=True))


def _right(words: str, cells: int) -> str:
    return " " * (_GAP + cells - width(words)) + words
