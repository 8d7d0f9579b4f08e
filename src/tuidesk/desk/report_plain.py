"""A report as plain text."""

from collections.abc import Iterable, Iterator, Sequence

from tuidesk.desk.report_words import Table
from tuidesk.domain.text import cut, pad, width, wrap

_GAP = "  "
_LEAST = 8
"""Cells that are left to a column of words, however narrow it is."""


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
        room = wide - sum(widths[table.words :]) - len(_GAP) * (len(widths) - 1)
        widths[: table.words] = _narrowed(widths[: table.words], room)
    for row in rows:
        cells = [
            pad(cut(cell, cells), cells) if place < table.words else " " * (cells - width(cell)) + cell
            for place, (cell, cells) in enumerate(zip(row, widths, strict=True))
        ]
        yield _GAP.join(cells).rstrip()


def _narrowed(widths: list[int], room: int) -> list[int]:
    """Columns of words that fit, the widest gives first; never a number: one that lacks its end is another number."""
    while sum(widths) > room and (widest := max(widths)) > _LEAST:
        widths[widths.index(widest)] -= 1
    return widths
