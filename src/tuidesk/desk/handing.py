"""Handing over what is mine: what that is, and one step that gives it away."""

from collections.abc import Iterable
from typing import NamedTuple

from tuidesk.desk.rows import Row, rows
from tuidesk.desk.shown import HIDDEN
from tuidesk.domain.instants import Instant
from tuidesk.store.sql import Connection, scalar


class HandoverList(NamedTuple):
    """What this agent has in hand. A conversation stands in one of the first three, and perhaps among the others."""

    open: tuple[Row, ...]
    waiting: tuple[Row, ...]
    """Pending."""
    snoozed: tuple[Row, ...]
    drafts: tuple[Row, ...]
    failed: tuple[Row, ...]
    """With a reply that was not sent."""
    unknown: tuple[Row, ...]
    """With a reply that may have arrived."""
    unbegun: bool
    """There is a draft of a conversation that does not exist yet."""

    @property
    def mine(self) -> tuple[Row, ...]:
        """Those that go to somebody else."""
        return (*self.open, *self.waiting, *self.snoozed)


def handover(connection: Connection, now: Instant) -> HandoverList:
    """All that this agent would leave behind, the longest wait first."""
    mine = _found(
        connection, "owner = 'me' AND status <> 'complete'", now
    )  # by the index of owners; complete ones are history
    return HandoverList(
        open=tuple(row for row in mine if row.status == "open"),
        waiting=tuple(row for row in mine if row.status == "pending"),
        snoozed=tuple(row for row in mine if row.status == "snoozed"),
        drafts=_found(connection, "id IN (SELECT conversation FROM draft WHERE archived_at IS NULL)", now),
        failed=_found(connection, "trouble = 'failed'", now),
        unknown=_found(connection, "trouble = 'unknown'", now),
        unbegun=scalar(connection, "SELECT 1 FROM draft WHERE conversation = 0 AND archived_at IS NULL")
        is not None,
    )


def _found(connection: Connection, where: str, now: Instant) -> tuple[Row, ...]:
    query = f"SELECT id FROM conversation WHERE {where} AND id NOT IN ({HIDDEN}) ORDER BY rank, id"
    numbers = [int(row[0]) for row in connection.execute(query)]
    return _in_order(numbers, rows(connection, numbers, now))


def _in_order(numbers: Iterable[int], found: dict[int, Row]) -> tuple[Row, ...]:
    return tuple(found[number] for number in numbers if number in found)
