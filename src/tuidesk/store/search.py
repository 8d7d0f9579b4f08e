"""Full text: external-content FTS5, fed in batches by one function that makes the indexed text."""

from collections.abc import Iterable

from tuidesk.store.sql import Connection


def add(connection: Connection, texts: Iterable[tuple[int, str]]) -> None:
    """Index messages: (message, indexed text). One that is known is indexed anew."""
    fresh = list(texts)
    for message, _ in fresh:
        old = connection.execute("SELECT text FROM indexed WHERE message = ?", (message,)).fetchone()
        if old is not None:
            connection.execute(
                "INSERT INTO search (search, rowid, text) VALUES ('delete', ?, ?)", (message, old[0])
            )
            connection.execute("DELETE FROM indexed WHERE message = ?", (message,))
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
