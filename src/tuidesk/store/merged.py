"""Conversations that are shown as one: a link from each to the one that they are shown in, its root."""

from tuidesk.store.sql import Connection, marks, scalar


def root(connection: Connection, number: int) -> int:
    """The conversation that this one is shown in: itself, unless it is merged."""
    return int(scalar(connection, "SELECT merged_into FROM conversation WHERE id = ?", number) or number)


def parts(connection: Connection, number: int) -> list[int]:
    """All that are shown in this one, the conversation itself first."""
    merged = connection.execute("SELECT id FROM conversation WHERE merged_into = ? ORDER BY id", (number,))
    return [number, *(int(row[0]) for row in merged)]


def whole(connection: Connection, number: int) -> list[int]:
    """The thread that a conversation is part of: its root first."""
    return parts(connection, root(connection, number))


def link(connection: Connection, number: int, into: int) -> bool:
    """Show a conversation, and all that is shown in it, in another one; False where it is in that already."""
    target = root(connection, into)
    if target == root(connection, number):
        return False
    connection.execute(
        "UPDATE conversation SET merged_into = ?1 WHERE id = ?2 OR merged_into = ?2", (target, number)
    )
    return True


def answering(connection: Connection, number: int, message: int | None = None) -> int:
    """The part of a thread that an answer goes to: that of the message it answers, else that in which the customer
    wrote last."""
    thread = whole(connection, number)
    if message is not None:
        found = scalar(connection, "SELECT conversation FROM message WHERE id = ?", message)
        return int(found) if found in thread else thread[0]
    if len(thread) == 1:
        return number
    query = (
        "SELECT conversation FROM message WHERE direction = 'in' AND kind = 'person' "
        f"AND conversation IN ({marks(thread)}) ORDER BY at DESC, id DESC LIMIT 1"
    )
    return int(scalar(connection, query, *thread) or thread[0])
