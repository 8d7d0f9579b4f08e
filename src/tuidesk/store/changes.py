"""The change feed: every transaction says which rows it touched; others notice and ask again."""

from tuidesk.store.sql import Connection, Row, scalar

KEPT = 200_000
"""How many changes stay for `follow --since`."""


def note(connection: Connection, kind: str, id_: object) -> None:
    """Say that `kind` (`conversation`, `account`, `draft`, `message`, `outbox`) number `id_` changed."""
    connection.execute("INSERT INTO change (kind, id) VALUES (?, ?)", (kind, str(id_)))


def last(connection: Connection) -> int:
    """The newest sequence number; 0 when nothing has happened yet."""
    return int(scalar(connection, "SELECT coalesce(max(seq), 0) FROM change"))


def first(connection: Connection) -> int | None:
    """The oldest sequence number that is still kept."""
    found = scalar(connection, "SELECT min(seq) FROM change")
    return None if found is None else int(found)


def since(connection: Connection, seq: int, most: int = 10_000) -> list[Row]:
    """Changes after `seq`, oldest first: `seq`, `kind`, `id`."""
    return connection.execute(
        "SELECT seq, kind, id FROM change WHERE seq > ? ORDER BY seq LIMIT ?", (seq, most)
    ).fetchall()


def trim(connection: Connection) -> None:
    """Forget the oldest changes beyond `KEPT`."""
    connection.execute("DELETE FROM change WHERE seq <= (SELECT max(seq) FROM change) - ?", (KEPT,))
