"""The picture of a view: ids in an order that stays until the agent asks for a new one."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from tuidesk.desk.picture import Draft, Row
from tuidesk.domain.query import Query

KEPT = 2_000
"""Rows that are remembered; the ids are all there."""


class Picture:
    """Frozen ids, and the rows that have been fetched for some of them."""

    def __init__(self, view: str, ids: "array[int]", asked: "str | Query | None" = None) -> None:
        self.view = view
        self.asked = view if asked is None else asked
        """What the desk was asked for: the view by its name, or a query."""
        self.ids = ids
        self.rows: dict[int, Row | None] = {}
        """None: there is no such conversation any more."""
        self.newcomers: dict[int, Row | None] = {}
        """What would be in the view by now, and is not in the picture."""
        self.drafts: dict[int, Draft] = {}
        """In the view of drafts: the newest of each conversation."""
        self._sorted: array[int] | None = None

    def __len__(self) -> int:
        return len(self.ids)

    def __contains__(self, n: int) -> bool:
        if self._sorted is None:
            self._sorted = array("q", sorted(self.ids))
        at = bisect_left(self._sorted, n)
        return at < len(self._sorted) and self._sorted[at] == n

    def place(self, n: int) -> int | None:
        """Where a conversation stands."""
        return self.ids.index(n) if n in self else None

    def missing(self, first: int, last: int) -> list[int]:
        """Ids between two places whose rows have not been fetched."""
        return [n for n in self.ids[max(first, 0) : max(last, 0)] if n not in self.rows]

    def fill(self, asked: Iterable[int], found: dict[int, Row]) -> None:
        """Rows as they are now."""
        for n in asked:
            self.rows[n] = found.get(n)

    def forget_but(self, first: int, last: int) -> None:
        """Keep memory flat: forget rows far from these places."""
        if len(self.rows) > KEPT:
            kept = set(self.ids[max(first - KEPT // 4, 0) : last + KEPT // 4])
            self.rows = {n: row for n, row in self.rows.items() if n in kept}

    def known(self, changed: Iterable[int]) -> Iterator[int]:
        """Those of `changed` whose rows are shown or remembered."""
        return (n for n in changed if n in self.rows)
