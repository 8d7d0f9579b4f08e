"""Drafts: one open per conversation and mode, the earlier ones archived, none deleted."""

import json

from tuidesk.domain.instants import Instant
from tuidesk.store import changes
from tuidesk.store.sql import Connection, Row, insert, one, update


def get(connection: Connection, conversation: int, mode: str) -> Row | None:
    """The open draft; conversation 0 is one that does not exist yet."""
    return one(
        connection,
        "SELECT * FROM draft WHERE conversation = ? AND mode = ? AND archived_at IS NULL",
        conversation,
        mode,
    )


def save(
    connection: Connection, conversation: int, mode: str, text: str, recipients: dict[str, str], at: Instant
) -> None:
    """Keep what stands in a composer. Emptied, the draft is archived with its last words."""
    row = get(connection, conversation, mode)
    if row is not None and row["text"].strip() and not text.strip():
        archive(connection, conversation, mode, at)
        row = None
    if not text.strip() and not any(recipients.values()):
        if row is not None:
            archive(connection, conversation, mode, at)
        return
    kept = json.dumps(recipients, ensure_ascii=False)
    if row is None:
        insert(connection, "draft", conversation=conversation, mode=mode, text=text, recipients=kept, at=at)
        changes.note(connection, "conversation", conversation)
    else:
        update(connection, "draft", row["id"], text=text, recipients=kept, at=at)
    changes.note(connection, "draft", conversation)


def archive(connection: Connection, conversation: int, mode: str, at: Instant) -> None:
    """The draft has become a message, or was emptied."""
    connection.execute(
        "UPDATE draft SET archived_at = ? WHERE conversation = ? AND mode = ? AND archived_at IS NULL",
        (at, conversation, mode),
    )
    changes.note(connection, "draft", conversation)
    changes.note(connection, "conversation", conversation)


def restore(
    connection: Connection,
    conversation: int,
    mode: str,
    text: str,
    at: Instant,
    recipients: dict[str, str] | None = None,
) -> None:
    """Text that comes back to the agent: the open draft, or before what has been typed since."""
    row = get(connection, conversation, mode)
    if row is None:
        kept = json.dumps(recipients or {}, ensure_ascii=False)
        insert(connection, "draft", conversation=conversation, mode=mode, text=text, recipients=kept, at=at)
    elif row["text"].strip() != text.strip():
        both = f"{text}\n\n{row['text']}" if row["text"].strip() else text
        # what the agent has typed since goes before what was there
        kept = json.dumps((recipients or {}) | json.loads(row["recipients"]), ensure_ascii=False)
        update(connection, "draft", row["id"], text=both, recipients=kept, at=at)
    changes.note(connection, "draft", conversation)
    changes.note(connection, "conversation", conversation)
