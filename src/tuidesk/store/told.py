"""The stamp of a channel's newest word on a conversation's field: what was said before it, and comes later, is old."""

from tuidesk.domain.instants import Instant
from tuidesk.store.sql import Connection, scalar


def is_late(connection: Connection, conversation: int, field: str, at: Instant) -> bool:
    """Whether the channel has said something newer of this field; if not, this is its newest word from now on."""
    kept = connection.execute(
        "INSERT INTO told (conversation, field, at) VALUES (?, ?, ?) "
        "ON CONFLICT DO UPDATE SET at = excluded.at WHERE excluded.at >= at",
        (conversation, field, at),
    )
    return kept.rowcount == 0


def has_newer(connection: Connection, conversation: int, field: str, at: Instant) -> bool:
    """Whether the channel has said something newer of this field."""
    query = "SELECT 1 FROM told WHERE conversation = ? AND field = ? AND at > ?"
    return scalar(connection, query, conversation, field, at) is not None
