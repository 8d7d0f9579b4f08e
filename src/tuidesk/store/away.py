"""Breaks of this desk's agent."""

from tuidesk.domain.instants import Instant
from tuidesk.store import changes
from tuidesk.store.sql import Connection, Row, insert, one, update


def running(connection: Connection) -> Row | None:
    """The break that has not ended: `began`, `reason`."""
    return one(connection, "SELECT * FROM away WHERE ended IS NULL ORDER BY id DESC LIMIT 1")


def begin(connection: Connection, at: Instant, reason: str) -> None:
    number = insert(connection, "away", began=at, reason=reason)
    changes.note(connection, "away", number)


def end(connection: Connection, at: Instant) -> Instant | None:
    """The break that runs ends; when it began, None where there is none."""
    row = running(connection)
    if row is None:
        return None
    update(connection, "away", row["id"], ended=max(at, row["began"]))
    changes.note(connection, "away", row["id"])
    return int(row["began"])
