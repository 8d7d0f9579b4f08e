"""Full text: external-content FTS5, fed in batches by one function that makes the indexed text."""

from collections.abc import Iterable

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


def conversations(connection: Connection, match: str, limit: int) -> list[int]:
    """Conversations with a hit, newest hit first."""
    found: dict[int, None] = {}
    for row in connection.execute(
        "SELECT message.conversation FROM search JOIN message ON message.id = search.rowid "
        "WHERE search MATCH ? ORDER BY search.rowid DESC",
        (match,),
    ):
        found[int(row[0])] = None
        if len(found) >= limit:
            break
    return list(found)
