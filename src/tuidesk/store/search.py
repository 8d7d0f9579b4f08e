"""Full text: external-content FTS5, fed in batches by one function that makes the indexed text."""

from collections.abc import Callable, Iterable

from tuidesk.store.sql import Connection, marks

_AT_ONCE = 500
"""Messages of one look-up."""


def add(connection: Connection, texts: Iterable[tuple[int, str]]) -> None:
    """Index messages: (message, indexed text). One that is known is indexed anew."""
    fresh = list(texts)
    for start in range(0, len(fresh), _AT_ONCE):
        known = [message for message, _ in fresh[start : start + _AT_ONCE]]
        query = f"SELECT message, text FROM indexed WHERE message IN ({marks(known)})"
        old = [tuple(row) for row in connection.execute(query, known)]
        connection.executemany("INSERT INTO search (search, rowid, text) VALUES ('delete', ?, ?)", old)
        connection.executemany("DELETE FROM indexed WHERE message = ?", [(message,) for message, _ in old])
    connection.executemany("INSERT INTO indexed (message, text) VALUES (?, ?)", fresh)
    connection.executemany("INSERT INTO search (rowid, text) VALUES (?, ?)", fresh)


def conversations(connection: Connection, match: str, limit: int) -> dict[int, int]:
    """Conversations with a hit, newest hit first, each with that message; -1: all of them. No spam; what is merged
    into another one is that one."""
    found: dict[int, int] = {}
    for row in connection.execute(
        "SELECT coalesce(conversation.merged_into, conversation.id), message.id FROM search "
        "JOIN message ON message.id = search.rowid JOIN conversation ON conversation.id = message.conversation "
        "WHERE search MATCH ? AND conversation.spam = 0 ORDER BY search.rowid DESC",
        (match,),
    ):
        found.setdefault(int(row[0]), int(row[1]))
        if len(found) == limit:
            break
    return found


def tags(connection: Connection, is_meant: Callable[[str], bool]) -> list[str]:
    """The tags that are meant, of all there are."""
    return [str(row[0]) for row in connection.execute("SELECT DISTINCT tag FROM tag") if is_meant(row[0])]


def tagged(connection: Connection, is_meant: Callable[[str], bool], limit: int) -> dict[int, int]:
    """Conversations with a tag that is meant, the newest first, each with its newest message; -1: all of them. No
    spam, and none that is merged into another one."""
    meant = tags(connection, is_meant)
    found = connection.execute(
        "SELECT id, last_message FROM conversation WHERE spam = 0 AND merged_into IS NULL "
        f"AND id IN (SELECT conversation FROM tag WHERE tag IN ({marks(meant)})) "
        "ORDER BY last_message DESC LIMIT ?",
        (*meant, limit),
    )
    return {int(row[0]): int(row[1]) for row in found}
