"""Breaks of this desk's agent."""

from tuidesk.domain.instants import Instant
from tuidesk.store import changes
from tuidesk.store.sql import Connection, Row, insert, one, update


def running(connection: Connection) -> Row | None:
    """The break that has not ended: `began`, `reason`."""
    return one(connection, "SELECT * FROM away WHERE ended IS NULL ORDER BY id DESC LIMIT 1")


def since(connection: Connection, at: Instant) -> list[Row]:
    """The breaks that ended after this, or run: `began`, `ended`, `reason`, the first first."""
    query = "SELECT * FROM away WHERE ended IS NULL OR ended > ? ORDER BY began, id"
    return connection.execute(query, (at,)).fetchall()


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
