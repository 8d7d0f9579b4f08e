"""One customer in several conversations: what else of theirs is open, and whether they have been answered elsewhere."""

from typing import NamedTuple

from tuidesk.desk.rows import Row, rows
from tuidesk.desk.shown import AWAKE
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Person
from tuidesk.store.sql import Connection

_THEIRS = (
    "conversation.contact IN (SELECT contact.id FROM contact WHERE contact.root = "
    "(SELECT own.root FROM contact AS own JOIN conversation AS this ON this.contact = own.id WHERE this.id = ?))"
)
"""Conversations of the customer of this one."""


class Answered(NamedTuple):
    """The newest answer that a customer got."""

    n: int
    """In which conversation."""
    at: Instant
    medium: str
    by: Person


def others(connection: Connection, number: int, now: Instant) -> tuple[Row, ...]:
    """The other open conversations of this one's customer, the longest wait first."""
    found = connection.execute(
        f"SELECT id FROM conversation WHERE {_THEIRS} AND id <> ? AND (status = 'open' OR {AWAKE}) "
        "AND spam = 0 AND merged_into IS NULL "
        "ORDER BY rank, id",
        (number, number, now),
    ).fetchall()
    numbers = [int(row[0]) for row in found]
    made = rows(connection, numbers, now)
    return tuple(made[n] for n in numbers)


def answered(connection: Connection, number: int, since: Instant) -> Answered | None:
    """The newest answer to this one's customer since then: in another conversation, or in this one with nothing of
    theirs behind it."""
    row = connection.execute(
        "SELECT conversation.id, message.at, conversation.medium, name, message.handle, mine "
        f"FROM conversation CROSS JOIN message ON message.conversation = conversation.id WHERE {_THEIRS} "
        "AND message.at >= ? AND message.direction = 'out' AND message.kind = 'person' "
        "AND message.state NOT IN ('failed', 'unknown') AND (conversation.id <> ? OR message.at > coalesce("
        "(SELECT max(at) FROM message AS theirs WHERE theirs.conversation = ? AND theirs.direction = 'in'), 0)) "
        "ORDER BY message.at DESC, message.id DESC LIMIT 1",
        (number, since, number, number),
    ).fetchone()
    if row is None:
        return None
    return Answered(int(row[0]), int(row[1]), str(row[2]), Person(row[3], row[4], bool(row[5])))
