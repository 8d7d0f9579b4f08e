"""This agent's time at conversations: stretches as they were measured, and corrections by hand beside them."""

from collections.abc import Iterable

from tuidesk.domain.handling import Stretch
from tuidesk.domain.instants import Instant
from tuidesk.store.sql import Connection, Row, insert, marks, one, scalar, update


def save(connection: Connection, number: int | None, stretch: Stretch) -> int | None:
    """A stretch as far as it has come: row `number`, or a new one. Its number; None: the conversation is gone."""
    if scalar(connection, "SELECT 1 FROM conversation WHERE id = ?", stretch.conversation) is None:
        return None
    if number is not None:
        update(connection, "handling", number, stop=stretch.stop, ms=stretch.ms)
        return number
    return insert(
        connection,
        "handling",
        conversation=stretch.conversation,
        start=stretch.start,
        stop=stretch.stop,
        ms=stretch.ms,
    )


def correct(connection: Connection, conversation: int, at: Instant, ms: Instant, reason: str) -> int:
    """Add `ms`, or take it away, with a reason; what was measured stays. The number of the row."""
    return insert(connection, "handling", conversation=conversation, start=at, stop=at, ms=ms, reason=reason)


def get(connection: Connection, number: int) -> Row | None:
    return one(connection, "SELECT * FROM handling WHERE id = ?", number)


def forget(connection: Connection, number: int) -> None:
    """A correction was taken back."""
    connection.execute("DELETE FROM handling WHERE id = ?", (number,))


def of(connection: Connection, conversations: Iterable[int]) -> list[Row]:
    """Stretches and corrections of these conversations, as time went."""
    asked = list(conversations)
    query = f"SELECT * FROM handling WHERE conversation IN ({marks(asked)}) ORDER BY start, id"
    return connection.execute(query, asked).fetchall()


def spent(connection: Connection, conversations: Iterable[int], but: Instant | None = None) -> Instant:
    """All of it in ms; but for what was measured from the instant `but` on."""
    asked = list(conversations)
    query = (
        f"SELECT coalesce(sum(ms), 0) FROM handling WHERE conversation IN ({marks(asked)}) "
        "AND NOT (reason = '' AND start IS ?)"
    )
    return int(scalar(connection, query, *asked, but))


def since(connection: Connection, at: Instant) -> tuple[Instant, int]:
    """(ms, conversations) of what was handled after an instant; of a stretch that began before it, the rest."""
    query = (
        "SELECT coalesce(sum(CASE WHEN reason = '' THEN stop - max(start, ?1) ELSE ms END), 0), "
        "count(DISTINCT coalesce(conversation.merged_into, conversation.id)) FROM handling "
        "JOIN conversation ON conversation.id = handling.conversation WHERE stop > ?1"
    )
    ms, conversations = connection.execute(query, (at,)).fetchone()
    return int(ms), int(conversations)


def latest(connection: Connection, most: int) -> list[tuple[int, Instant, Instant]]:
    """(thread, ms, when it was handled last) of the threads that were handled last, the newest first."""
    query = (
        "SELECT coalesce(conversation.merged_into, conversation.id), sum(ms), max(stop) FROM handling "
        "JOIN conversation ON conversation.id = handling.conversation GROUP BY 1 ORDER BY 3 DESC LIMIT ?"
    )
    return [(int(row[0]), int(row[1]), int(row[2])) for row in connection.execute(query, (most,))]
