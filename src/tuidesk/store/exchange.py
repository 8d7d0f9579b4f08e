"""What import and export ask of every table: rows in the order they are written, rows under their old numbers."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from tuidesk.domain.instants import Instant
from tuidesk.store.sql import Connection, Row, insert, one, scalar, update

_NUMBERED = (
    "contact",
    "conversation",
    "message",
    "entry",
    "draft",
    "outbox",
    "contact_note",
    "canned_use",
    "handling",
)
_KNOWN = "(SELECT contact FROM identity)"
"""Contacts with a handle. One without is known by its conversation alone."""
_LARGEST = 1 << 48
"""Numbers of rows beyond this are not taken over from a file: the next ones must have room after them."""


def is_fresh(connection: Connection) -> bool:
    """No number has been given to anything yet, so that those of a file can be taken over."""
    used = (scalar(connection, "SELECT 1 FROM sqlite_sequence WHERE name = ?", table) for table in _NUMBERED)
    return not any(used)


def put(connection: Connection, table: str, number: int | None, **values: Any) -> int:
    """Insert a row, under this number if it is given and free; the number it has."""
    if number is None or not 0 < number < _LARGEST:
        return insert(connection, table, **values)
    names = ", ".join(values)
    marks = ", ".join("?" * len(values))
    cursor = connection.execute(
        f"INSERT OR IGNORE INTO {table} (id, {names}) VALUES (?, {marks})", (number, *values.values())
    )
    return number if cursor.rowcount else insert(connection, table, **values)


NAMES_CONVERSATION = ("into", "from", "gone", "along", "side")
"""Fields of an entry that name another conversation by its number."""
_BUT_NUMBERS = ", ".join(f"'$.{name}'" for name in ("linked", *NAMES_CONVERSATION))


def entry(
    connection: Connection, conversation: int, at: Instant, what: str, data: str, but: Collection[int]
) -> int | None:
    """The entry that says just this, where the history has it already, none of those in `but`. Numbers of other
    conversations do not count: they may be others here."""
    query = (
        "SELECT id FROM entry WHERE conversation = ? AND at = ? AND what = ? "
        f"AND json_remove(data, {_BUT_NUMBERS}) = json_remove(?, {_BUT_NUMBERS})"
    )
    found = (int(row[0]) for row in connection.execute(query, (conversation, at, what, data)))
    return next((number for number in found if number not in but), None)


def name_conversations(connection: Connection, entry: int, names: Mapping[str, int]) -> None:
    """An entry says the numbers that the conversations it names have here."""
    data = json.loads(scalar(connection, "SELECT data FROM entry WHERE id = ?", entry))
    update(connection, "entry", entry, data=json.dumps(data | dict(names), ensure_ascii=False))


def draft(connection: Connection, conversation: int, mode: str, at: Instant, text: str) -> int | None:
    """The draft with these last words, where it is here already."""
    query = "SELECT id FROM draft WHERE conversation = ? AND mode = ? AND at = ? AND text = ? LIMIT 1"
    found = scalar(connection, query, conversation, mode, at, text)
    return None if found is None else int(found)


def canned_use(connection: Connection, conversation: int, canned: str, at: Instant) -> int | None:
    """The use of a canned reply at this time, where it is known already."""
    query = "SELECT id FROM canned_use WHERE conversation = ? AND canned = ? AND at = ? LIMIT 1"
    found = scalar(connection, query, conversation, canned, at)
    return None if found is None else int(found)


def handling(
    connection: Connection, conversation: int, start: Instant, ms: Instant, reason: str
) -> Row | None:
    """The stretch that began then, or with a reason the correction by so much, where it is known already."""
    query = (
        "SELECT * FROM handling WHERE conversation = ?1 AND start = ?2 AND reason = ?4 "
        "AND (reason = '' OR ms = ?3) LIMIT 1"
    )
    return one(connection, query, conversation, start, ms, reason)


def name_linked(connection: Connection, parent: int, was: int, now: int) -> None:
    """A conversation that was forwarded from `parent` has another number here: its history says the new one."""
    connection.execute(
        "UPDATE entry SET data = json_set(data, '$.linked', ?) "
        "WHERE conversation = ? AND what = 'forwarded' AND json_extract(data, '$.linked') = ?",
        (now, parent, was),
    )


def add_awaited(connection: Connection, account: str, conversation: int, names: Iterable[str]) -> None:
    """A conversation's messages refer to these ids, which have not been seen."""
    connection.executemany(
        "INSERT OR IGNORE INTO awaited (account, id, conversation) VALUES (?, ?, ?)",
        [(account, name, conversation) for name in names],
    )


# --- everything, in the order it is exported --------------------------------------------------------


def contacts(connection: Connection, account: str | None) -> Iterator[Row]:
    """Identities with their contact's columns, oldest contact first."""
    query = (
        "SELECT contact.id, contact.name, contact.fields, contact.since, "
        "identity.namespace, identity.shown, identity.medium "
        "FROM contact JOIN identity ON identity.contact = contact.id "
        "WHERE ? IS NULL OR contact.id IN (SELECT contact FROM conversation WHERE account = ?) "
        "ORDER BY contact.id, identity.namespace, identity.handle"
    )
    return iter(connection.execute(query, (account, account)))


def links(connection: Connection, account: str | None) -> Iterator[Row]:
    """Pairs of contacts that are shown as one; of one account: where both have written to it."""
    inside = "(SELECT contact FROM conversation WHERE account = ?2)"
    query = (
        f"SELECT a, b, why, apart FROM contact_link WHERE a IN {_KNOWN} AND b IN {_KNOWN} "
        f"AND (?1 IS NULL OR (a IN {inside} AND b IN {inside})) ORDER BY a, b"
    )
    return iter(connection.execute(query, (account, account)))


def links_of_nobody(connection: Connection, contact: int) -> list[Row]:
    """The links of a contact without a handle, to those who stand before it in an export."""
    query = (
        "SELECT a, b, why, apart FROM contact_link WHERE (a = ?1 OR b = ?1) "
        f"AND (a + b - ?1 IN {_KNOWN} OR a + b - ?1 < ?1) ORDER BY a, b"
    )
    return connection.execute(query, (contact,)).fetchall()


def notes_of_nobody(connection: Connection, contact: int) -> list[Row]:
    """The notes about a contact without a handle."""
    query = "SELECT * FROM contact_note WHERE contact = ? ORDER BY id"
    return connection.execute(query, (contact,)).fetchall()


def contact_notes(connection: Connection, account: str | None) -> Iterator[Row]:
    """Notes about customers, archived ones as well; of one account: about those who have written to it."""
    inside = "(SELECT contact FROM conversation WHERE account = ?2)"
    query = (
        f"SELECT * FROM contact_note WHERE contact IN {_KNOWN} "
        f"AND (?1 IS NULL OR contact IN {inside}) ORDER BY id"
    )
    return iter(connection.execute(query, (account, account)))


def contact_note(connection: Connection, contact: int, at: Instant, text: str) -> int | None:
    """The note that says just this, where it is here already."""
    query = "SELECT id FROM contact_note WHERE contact = ? AND at = ? AND text = ? LIMIT 1"
    found = scalar(connection, query, contact, at, text)
    return None if found is None else int(found)


def conversations(connection: Connection, account: str | None) -> Iterator[Row]:
    query = "SELECT * FROM conversation WHERE ? IS NULL OR account = ? ORDER BY id"
    return iter(connection.execute(query, (account, account)))


def conversation(connection: Connection, number: int) -> Row | None:
    """One of them."""
    return one(connection, "SELECT * FROM conversation WHERE id = ?", number)


def awaited(connection: Connection, conversation: int) -> list[str]:
    """Ids that its messages refer to and that have not been seen."""
    query = "SELECT id FROM awaited WHERE conversation = ? ORDER BY id"
    return [str(row[0]) for row in connection.execute(query, (conversation,))]


def tags(connection: Connection, conversation: int) -> list[str]:
    query = "SELECT tag FROM tag WHERE conversation = ? ORDER BY tag"
    return [str(row[0]) for row in connection.execute(query, (conversation,))]


def messages(connection: Connection, conversation: int) -> list[Row]:
    query = "SELECT * FROM message WHERE conversation = ? ORDER BY id"
    return connection.execute(query, (conversation,)).fetchall()


def ids(connection: Connection, conversation: int) -> dict[int, list[str]]:
    """All names of each message."""
    query = (
        "SELECT remote_id.message, remote_id.id FROM message JOIN remote_id ON remote_id.message = message.id "
        "WHERE message.conversation = ? ORDER BY remote_id.id"
    )
    found: dict[int, list[str]] = {}
    for message, name in connection.execute(query, (conversation,)):
        found.setdefault(int(message), []).append(str(name))
    return found


def attachments(connection: Connection, conversation: int) -> dict[int, list[Row]]:
    """The files of each message."""
    query = (
        "SELECT attachment.* FROM message JOIN attachment ON attachment.message = message.id "
        "WHERE message.conversation = ? ORDER BY attachment.id"
    )
    found: dict[int, list[Row]] = {}
    for row in connection.execute(query, (conversation,)):
        found.setdefault(int(row["message"]), []).append(row)
    return found


def entries(connection: Connection, conversation: int) -> list[Row]:
    query = "SELECT * FROM entry WHERE conversation = ? ORDER BY id"
    return connection.execute(query, (conversation,)).fetchall()


def work(connection: Connection, conversation: int, account: str | None) -> list[Row]:
    """The outbox of a conversation, settled or not; of 0, that of conversations which do not exist yet."""
    query = "SELECT * FROM outbox WHERE conversation = ? AND (? IS NULL OR account = ?) ORDER BY id"
    return connection.execute(query, (conversation, account, account)).fetchall()


def drafts(connection: Connection, conversation: int) -> list[Row]:
    """The drafts of a conversation, archived ones as well."""
    query = "SELECT * FROM draft WHERE conversation = ? ORDER BY id"
    return connection.execute(query, (conversation,)).fetchall()


def canned_uses(connection: Connection, conversation: int) -> list[Row]:
    query = "SELECT * FROM canned_use WHERE conversation = ? ORDER BY id"
    return connection.execute(query, (conversation,)).fetchall()


def parked(connection: Connection, account: str | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """(account, event) of what waits for something that has not arrived."""
    query = "SELECT account, event FROM parked WHERE ? IS NULL OR account = ? ORDER BY id"
    for row in connection.execute(query, (account, account)):
        yield str(row["account"]), json.loads(row["event"])


def name_of(connection: Connection, contact: int) -> str | None:
    """A contact's name, if it has one."""
    return scalar(connection, "SELECT name FROM contact WHERE id = ?", contact) or None
