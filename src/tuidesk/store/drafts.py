"""Drafts: one open per conversation and mode, the earlier ones archived, none deleted."""

import json
from collections.abc import Mapping

from tuidesk.domain.instants import Instant
from tuidesk.store import changes, merged
from tuidesk.store.sql import Connection, Row, insert, one, update

Typed = Mapping[str, object]
"""What stands around the text, as typed: `to`, `cc`, `bcc`, `subject`, `account`, `sender`, paths in `files`, and what
pictures among them show in `alts`."""


def get(connection: Connection, conversation: int, mode: str) -> Row | None:
    """The open draft; conversation 0 is one that does not exist yet."""
    return one(
        connection,
        "SELECT * FROM draft WHERE conversation = ? AND mode = ? AND archived_at IS NULL",
        conversation,
        mode,
    )


def every(connection: Connection, conversation: int) -> list[Row]:
    """The open drafts of a conversation, of each mode one."""
    return connection.execute(
        "SELECT * FROM draft WHERE conversation = ? AND archived_at IS NULL ORDER BY id", (conversation,)
    ).fetchall()


def typed(row: Row) -> Typed:
    """What stands around a draft's text."""
    found: Typed = json.loads(row["recipients"])
    return found


def save(
    connection: Connection,
    conversation: int,
    mode: str,
    text: str,
    recipients: Typed,
    at: Instant,
    began: int = 0,
    over: str | None = None,
) -> None:
    """Keep what stands in a composer. Emptied, the draft is archived with its last words.

    Args:
        began: newest message when the text was begun; a draft that is there already keeps its own.
        over: the words that the text was made from; others that are there are somebody else's, and archived as well.
    """
    row = get(connection, conversation, mode)
    if row is not None and row["text"].strip():
        others = over is not None and row["text"] not in (over, text)
        if others or not text.strip():
            archive(connection, conversation, mode, at)
            began = row["began"] if others else began
            row = None
    if not text.strip() and not any(recipients.values()):
        if row is not None:
            archive(connection, conversation, mode, at)
        return
    kept = json.dumps(recipients, ensure_ascii=False)
    if row is None:
        _begin(connection, conversation, mode, text, kept, at, began)
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
    recipients: Typed | None = None,
    began: int = 0,
) -> None:
    """Text that comes back to the agent: the open draft of the thread, or before what has been typed since.

    Args:
        began: the newest message the agent had seen when it was sent; 0: nobody knows.
    """
    conversation = merged.root(connection, conversation)
    row = get(connection, conversation, mode)
    back = dict(recipients or {})
    if row is None:
        kept = json.dumps(back, ensure_ascii=False)
        _begin(connection, conversation, mode, text, kept, at, began)
    else:
        if row["text"].strip() not in ("", text.strip()):
            text = f"{text}\n\n{row['text']}"
        # what the agent has typed since goes before what was there; lists are all kept
        since = json.loads(row["recipients"])
        both = back | since
        for name in ("files", "alts", "canned"):
            if all_of_it := [*_list(back, name), *_list(since, name)]:
                both[name] = [one for at, one in enumerate(all_of_it) if one not in all_of_it[:at]]
        kept = json.dumps(both, ensure_ascii=False)
        update(connection, "draft", row["id"], text=text, recipients=kept, at=at)
    changes.note(connection, "draft", conversation)
    changes.note(connection, "conversation", conversation)


def _begin(
    connection: Connection, conversation: int, mode: str, text: str, kept: str, at: Instant, began: int
) -> None:
    insert(
        connection,
        "draft",
        conversation=conversation,
        mode=mode,
        text=text,
        recipients=kept,
        at=at,
        began=began,
    )


def reopen(
    connection: Connection,
    draft: int,
    into: int,
    prior: Mapping[str, str] | None,
    left: Mapping[str, str] | None,
) -> None:
    """The inverse of an archiving and a restoring into another conversation: what stands there as it was left is what
    it was before, and what has been typed there since stays.

    Args:
        prior: `text` and `recipients` of the draft that was there before; None: there was none.
        left: of that draft afterwards.
    """
    row = one(connection, "SELECT * FROM draft WHERE id = ?", draft)
    if row is None or get(connection, row["conversation"], row["mode"]) is not None:
        return
    there = get(connection, into, row["mode"])
    if there is not None and left is not None and all(there[name] == value for name, value in left.items()):
        if prior is None:
            archive(connection, into, row["mode"], there["at"])
        else:
            update(connection, "draft", there["id"], **prior)
            changes.note(connection, "draft", into)
    update(connection, "draft", draft, archived_at=None)
    changes.note(connection, "draft", row["conversation"])
    changes.note(connection, "conversation", row["conversation"])


def _list(typed: Typed, name: str) -> list[object]:
    kept = typed.get(name)
    return kept if isinstance(kept, list) else []
