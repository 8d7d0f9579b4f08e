"""A report as plain text."""

from collections.abc import Iterable, Iterator, Sequence

from tuidesk.desk.report_words import Table
from tuidesk.domain.text import cut, pad, width, wrap

_GAP = "  "
_LEAST = 8
"""Cells that are left to the words of a line, however narrow it is."""


def plain(title: str, tables: Iterable[Table], notes: Sequence[str], wide: int | None) -> Iterator[str]:
    """Lines of at most `wide` cells (None: as long as they are): words to the left, numbers to the right."""
    yield from _wrapped(f"{title}. {notes[0]}", wide)
    for table in tables:
        yield ""
        yield table.title
        yield from _lines(table, wide)
    yield ""
    for note in notes[1:]:
        yield from _wrapped(note, wide)


def _wrapped(text: str, wide: int | None) -> list[str]:
    return [text] if wide is None else wrap(text, wide)


def _lines(table: Table, wide: int | None) -> Iterator[str]:
    rows = [table.heads, *(line.cells for line in table.lines)]
    widths = [max(width(row[place]) for row in rows) for place in range(len(table.heads))]
    if wide is not None:
        # the last of the words gives, never a number: one that lacks its end is another number
        over = sum(widths) + len(_GAP) * (len(widths) - 1) - wide
        widths[table.words - 1] = max(widths[table.words - 1] - max(over, 0), _LEAST)
    for row in rows:
        cells = [
            pad(cut(cell, cells), cells) if place < table.words else " " * (cells - width(cell)) + cell
            for place, (cell, cells) in enumerate(zip(row, widths, strict=True))
        ]
        yield _GAP.join(cells).rstrip()
