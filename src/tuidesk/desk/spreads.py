"""The spread of millions of durations without reading them all: the store counts them, and only those near the median
and the 90th percentile are looked at. Exact, and the interpreter is free for the screen meanwhile."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from math import sqrt
from typing import Any, NamedTuple

from tuidesk.domain.metrics import NONE, Spread, spread
from tuidesk.store.sql import Connection

AT_ONCE = 20_000
"""So many are read and sorted faster than they are narrowed down."""
_SAMPLED = 16_000
_SIGMAS = 4
"""By how many deviations of its rank in the sample a wanted one may be off before all are read after all."""


def spreads_of(
    connection: Connection,
    columns: Sequence[str],
    source: str,
    values: tuple[object, ...],
    at_once: int = AT_ONCE,
) -> list[Spread]:
    """The same as `domain.metrics.spread` of each of these columns.

    Args:
        columns: durations in milliseconds; NULL is none.
        source: what follows FROM, with a WHERE.
        values: of its places.
    """
    asking = _Asking(connection, columns, source, values)
    counts, totals = asking.counts()
    if max(counts) <= at_once:
        return [spread(found) for found in asking.durations()]
    samples = asking.durations(f"AND rowid % {max(max(counts) // _SAMPLED, 1)} = 0")
    ranks = [((n - 1) // 2, n // 2, -(-n * 9 // 10) - 1) for n in counts]
    brackets = [
        _brackets(sorted(sample), wanted, n) if n and sample else []
        for sample, wanted, n in zip(samples, ranks, counts, strict=True)
    ]
    found = asking.at(ranks, brackets)
    if None in found:  # the sample was not like the whole
        return [spread(durations) for durations in asking.durations()]
    return [
        Spread(n, total / n, (at[0] + at[1]) / 2, at[2]) if n and at else NONE
        for n, total, at in zip(counts, totals, found, strict=True)
    ]


class Bracket(NamedTuple):
    """Between which durations, both included, a rank is expected."""

    low: int
    high: int


def _brackets(sample: list[int], ranks: Sequence[int], n: int) -> list[Bracket]:
    """Of the two ranks of the median, which are neighbours, and of the 90th percentile."""
    median = _around(sample, ranks[0], n)
    return [median, median, _around(sample, ranks[2], n)]


def _around(sample: list[int], rank: int, n: int) -> Bracket:
    middle = rank * len(sample) / n
    off = _SIGMAS * sqrt(len(sample)) / 2 + 1
    low = sample[int(middle - off)] if middle > off else 0
    return Bracket(low, sample[min(int(middle + off) + 1, len(sample) - 1)])


class _Asking:
    """Each question is one walk over the rows, whichever columns it is about."""

    def __init__(
        self,
        connection: Connection,
        columns: Sequence[str],
        source: str,
        values: tuple[object, ...],
    ) -> None:
        self._cursor = connection.cursor()
        self._cursor.row_factory = None
        self._columns = columns
        self._source = source
        self._values = values

    def _ask(self, columns: Iterable[str], more: str = "") -> Any:
        query = f"SELECT {', '.join(columns)} FROM {self._source} {more}"
        return self._cursor.execute(query, self._values)

    def counts(self) -> tuple[list[int], list[float]]:
        """How many there are of each column, and what they add up to."""
        asked = [f"{what}({column})" for what in ("count", "total") for column in self._columns]
        found = self._ask(asked).fetchone()
        return list(found[: len(self._columns)]), list(found[len(self._columns) :])

    def durations(self, more: str = "") -> list[list[int]]:
        """Of each column."""
        found: list[list[int]] = [[] for _ in self._columns]
        for row in self._ask(self._columns, more):
            for durations, one in zip(found, row, strict=True):
                if one is not None:
                    durations.append(one)
        return found

    def at(
        self, ranks: Sequence[Sequence[int]], brackets: Sequence[Sequence[Bracket]]
    ) -> list[list[int] | None]:
        """What stands at these ranks of each column; None where one of them is outside of its bracket."""
        told = [
            [_Wanted(column, rank, bracket) for rank, bracket in zip(wanted, several, strict=True)]
            if several
            else []
            for column, wanted, several in zip(self._columns, ranks, brackets, strict=True)
        ]
        flat = [one for wanted in told for one in wanted]
        asked = list(dict.fromkeys(count for one in flat for count in one.counts))
        counted = dict(zip(asked, self._ask(asked).fetchone(), strict=True))
        known = {one: one.placed(*(counted[count] for count in one.counts)) for one in flat}
        open_ = {one.inside for one in flat if known[one].value is None}
        near = self.durations(f"AND ({' OR '.join(sorted(open_))})") if open_ else [[] for _ in told]
        return [
            _found([known[one] for one in wanted], sorted(durations))
            for wanted, durations in zip(told, near, strict=True)
        ]


class _Placed(NamedTuple):
    """A rank, once it is known how many durations are smaller than its bracket's."""

    bracket: Bracket
    behind: int
    """Its rank among those behind the bracket's lowest; negative: it is before."""
    value: int | None
    """The lowest itself, where the rank falls on one of those. Zeros are many, off hours, and are not read."""


class _Wanted(NamedTuple):
    column: str
    rank: int
    bracket: Bracket

    @property
    def counts(self) -> tuple[str, str]:
        column, low = self.column, self.bracket.low
        return f"count(*) FILTER (WHERE {column} < {low})", f"count(*) FILTER (WHERE {column} <= {low})"

    @property
    def inside(self) -> str:
        return f"{self.column} > {self.bracket.low} AND {self.column} <= {self.bracket.high}"

    def placed(self, below: int, upto: int) -> _Placed:
        is_lowest = below <= self.rank < upto
        return _Placed(
            self.bracket,
            self.rank - upto if self.rank >= below else -1,
            self.bracket.low if is_lowest else None,
        )


def _found(wanted: Iterable[_Placed], near: list[int]) -> list[int] | None:
    """Out of all durations behind the lowest of the brackets up to their highest, and perhaps others."""
    found = []
    for one in wanted:
        if one.value is not None:
            found.append(one.value)
            continue
        at = bisect_right(near, one.bracket.low) + one.behind
        if one.behind < 0 or at >= bisect_right(near, one.bracket.high):
            return None
        found.append(near[at])
    return found
