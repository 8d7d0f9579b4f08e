"""The spread of millions of durations without reading them all: the store counts them, and only those near the median
and the 90th percentile are looked at. Exact, and the interpreter is free for the screen meanwhile."""

import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from math import sqrt
from typing import NamedTuple

from tuidesk.domain.metrics import NONE, Spread, spread

AT_ONCE = 20_000
"""So many are read and sorted faster than they are narrowed down."""
_SAMPLED = 16_000
_SIGMAS = 4
"""By how many deviations of its rank in the sample a wanted one may be off before all are read after all."""


def spread_of(
    connection: sqlite3.Connection,
    column: str,
    source: str,
    values: tuple[object, ...],
    at_once: int = AT_ONCE,
) -> Spread:
    """The same as `domain.metrics.spread` of a column.

    Args:
        column: durations in milliseconds; NULL is none.
        source: what follows FROM, with a WHERE.
        values: of its places.
    """
    asking = _Asking(connection, column, f"{source} AND {column} IS NOT NULL", values)
    count, total = asking.row(f"count(*), total({column})")
    n = int(count)
    if not n:
        return NONE
    if n <= at_once:
        return spread(asking.all())
    sample = sorted(asking.all(f"AND rowid % {max(n // _SAMPLED, 1)} = 0"))
    ranks = ((n - 1) // 2, n // 2, -(-n * 9 // 10) - 1)
    found = asking.at(ranks, [_around(sample, rank, n) for rank in ranks]) if sample else None
    if found is None:  # the sample was not like the whole
        return spread(asking.all())
    return Spread(n, total / n, (found[0] + found[1]) / 2, found[2])


class Bracket(NamedTuple):
    """Between which durations, both included, a rank is expected."""

    low: int
    high: int


def _around(sample: list[int], rank: int, n: int) -> Bracket:
    middle = rank * len(sample) / n
    off = _SIGMAS * sqrt(len(sample)) / 2 + 1
    low = sample[int(middle - off)] if middle > off else 0
    return Bracket(low, sample[min(int(middle + off) + 1, len(sample) - 1)])


class _Asking:
    def __init__(
        self, connection: sqlite3.Connection, column: str, source: str, values: tuple[object, ...]
    ) -> None:
        self._cursor = connection.cursor()
        self._cursor.row_factory = None
        self._column = column
        self._source = source
        self._values = values

    def row(self, columns: str) -> tuple[float, ...]:
        found: tuple[float, ...] = self._cursor.execute(
            f"SELECT {columns} FROM {self._source}", self._values
        ).fetchone()
        return found

    def all(self, more: str = "") -> Iterator[int]:
        query = f"SELECT {self._column} FROM {self._source} {more}"
        return (one for (one,) in self._cursor.execute(query, self._values))

    def at(self, ranks: Sequence[int], brackets: Sequence[Bracket]) -> list[int] | None:
        """What stands at these ranks; None where one of them is outside of its bracket."""
        column = self._column
        smaller = self.row(", ".join(f"count(*) FILTER (WHERE {column} < {one.low})" for one in brackets))
        inside = " OR ".join(f"{column} BETWEEN {one.low} AND {one.high}" for one in set(brackets))
        values = sorted(self.all(f"AND ({inside})"))
        found = []
        for rank, bracket, below in zip(ranks, brackets, smaller, strict=True):
            at = bisect_left(values, bracket.low) + rank - int(below)
            if not rank - below >= 0 or at >= bisect_right(values, bracket.high):
                return None
            found.append(values[at])
        return found
