"""Messages, the many ids each has, and the history's other entries."""

import json
from collections.abc import Iterable
from typing import Any

from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Attachment, Person
from tuidesk.store import merged
from tuidesk.store.accounts import person_dict, person_json
from tuidesk.store.sql import Connection, Row, insert, marks, one, scalar


def by_remote(connection: Connection, account: str, id_: str) -> int | None:
    """The message that the account's channel calls `id_`."""
    found = scalar(connection, "SELECT message FROM remote_id WHERE account = ? AND id = ?", account, id_)
    return None if found is None else int(found)


def by_key(connection: Connection, key: str) -> Row | None:
    """Our own message with this outbox key."""
    return one(connection, "SELECT * FROM message WHERE key = ?", key)


def get(connection: Connection, message: int) -> Row | None:
    return one(connection, "SELECT * FROM message WHERE id = ?", message)


def add_ids(connection: Connection, account: str, message: int, ids: Iterable[str | None]) -> None:
    """Remember more names of a message; a name that another message has stays with it."""
    connection.executemany(
        "INSERT OR IGNORE INTO remote_id (account, id, message) VALUES (?, ?, ?)",
        [(account, id_, message) for id_ in ids if id_],
    )


def ids_of(connection: Connection, message: int) -> list[str]:
    """All names of a message, as the channel knows it."""
    return [
        str(row[0]) for row in connection.execute("SELECT id FROM remote_id WHERE message = ?", (message,))
    ]


def add_attachments(connection: Connection, message: int, attachments: Iterable[Attachment]) -> None:
    rows = [(message, a.name, a.size, a.type, a.ref, a.alt) for a in attachments]
    if rows:
        connection.executemany(
            "INSERT INTO attachment (message, name, size, type, ref, alt) VALUES (?, ?, ?, ?, ?, ?)", rows
        )


def people_json(**people: tuple[Person, ...] | str | None) -> str:
    """`to`, `cc`, `bcc` (persons) and `reply_address` (text) as JSON, what is empty left out."""
    made: dict[str, Any] = {}
    for name, value in people.items():
        if isinstance(value, str):
            made[name] = value
        elif value:
            made[name] = [person_dict(person) for person in value]
    return json.dumps(made, ensure_ascii=False) if made else "{}"


def newest_inbound(connection: Connection, conversation: int) -> Row | None:
    """The customer's newest message (by a person) in the whole thread, as that orders them."""
    found = [newest_inbound_of(connection, part) for part in merged.whole(connection, conversation)]
    return max(
        (row for row in found if row is not None), key=lambda row: (row["at"], row["id"]), default=None
    )


def newest_inbound_of(connection: Connection, conversation: int) -> Row | None:
    """The same of this conversation alone, whatever it is merged with: what its channel knows of."""
    return one(
        connection,
        "SELECT * FROM message WHERE conversation = ? AND direction = 'in' AND kind = 'person' "
        "ORDER BY at DESC, id DESC LIMIT 1",
        conversation,
    )


MOVES = ("completed", "reopened", "pending", "snoozed", "woke")
"""What the history calls a move of the status."""


def newest_move(connection: Connection, conversation: int) -> Row | None:
    """The entry of the newest move that holds: `id`, `what`, `goes_with`. What a channel told late moved nothing."""
    return one(
        connection,
        "SELECT id, what, json_extract(data, '$.goes_with') AS goes_with FROM entry WHERE conversation = ? "
        f"AND undone_by IS NULL AND what IN {MOVES} AND json_extract(data, '$.late') IS NULL "
        "ORDER BY id DESC LIMIT 1",
        conversation,
    )


def add_entry(
    connection: Connection, conversation: int, at: Instant, what: str, by: Person | None, **data: Any
) -> int:
    """Write into the history what happened besides messages."""
    kept = {name: value for name, value in data.items() if value is not None}
    return insert(
        connection,
        "entry",
        conversation=conversation,
        at=at,
        what=what,
        by=person_json(by),
        data=json.dumps(kept, ensure_ascii=False),
    )


BESIDE = "what = 'surveyed' OR what = 'rated' AND json_extract(data, '$.asks') IS NULL"
"""Entries whose message is no part of a conversation."""


def beside(connection: Connection, parts: list[int]) -> frozenset[int]:
    """The messages of a thread that are no part of its conversation: surveys, and answers that are nothing else."""
    found = connection.execute(
        f"SELECT json_extract(data, '$.message') FROM entry WHERE conversation IN ({marks(parts)}) "
        f"AND ({BESIDE})",
        parts,
    )
    return frozenset(row[0] for row in found if isinstance(row[0], int))
