"""A damaged store: moved aside with a time stamp, and what only it had is saved: drafts, and replies not yet sent.

Mail comes again from its servers. Nothing that was saved is sent by itself: each text is a draft, in a conversation
of its own of the account `salvaged`.
"""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuidesk import errors
from tuidesk.store import db, drafts
from tuidesk.store.sql import insert, update
from tuidesk.store.writer import Writer
from tuidesk.words import say

ACCOUNT = "salvaged"


@dataclass(frozen=True, slots=True)
class Piece:
    """One text that was in the damaged file."""

    kind: str
    """`draft` or `reply`."""
    text: str
    handle: str
    subject: str


def open_or_salvage(path: Path) -> tuple[Writer, str]:
    """The store's writer, and what happened if the file was damaged ("" when all is well).

    A file that a query has called damaged since it was last opened is checked whole first.

    Raises:
        StoreError: any but `StoreBroken`, which is dealt with here.
    """
    suspect = db.suspect_mark(path)
    try:
        if suspect.exists() and path.exists():
            _check_whole(path)
        return Writer(path), ""
    except errors.StoreBroken:
        moved, pieces = _move_aside(path)
        writer = Writer(path)
        writer.submit(lambda connection: _restore(connection, pieces)).result()
        counted = [piece.kind for piece in pieces]
        return writer, say(
            "store.salvaged", moved=moved, drafts=counted.count("draft"), replies=counted.count("reply")
        )
    finally:
        suspect.unlink(missing_ok=True)


def _check_whole(path: Path) -> None:
    with closing(db.open_reader(path)) as connection:
        found = db.check(connection)
    if found:
        raise errors.StoreBroken(say("store.broken", reason=found[0]))


def _move_aside(path: Path) -> tuple[Path, list[Piece]]:
    """Read what can be read, then rename the file and its log; nothing is deleted."""
    pieces = list(_pieces(path))
    stamp = time.strftime("%Y%m%d-%H%M%S")
    moved = path.with_name(f"{path.name}.damaged-{stamp}")
    for end in ("", "-wal", "-shm"):
        file = path.with_name(path.name + end)
        if file.exists():
            file.rename(moved.with_name(moved.name + end))
    return moved, pieces


def _pieces(path: Path) -> Iterator[Piece]:
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        return
    connection.row_factory = sqlite3.Row
    with closing(connection):
        for row in _rows(
            connection, "SELECT text, recipients, conversation FROM draft WHERE archived_at IS NULL"
        ):
            typed = _object(row["recipients"])
            handle, subject = _where(connection, row["conversation"])
            yield Piece("draft", row["text"], typed.get("to") or handle, typed.get("subject") or subject)
        unsent = (
            "SELECT out, conversation FROM outbox WHERE state IN ('queued', 'sending', 'unknown', 'failed') "
            "AND type IN ('reply', 'start', 'note')"
        )
        for row in _rows(connection, unsent):
            out = _object(row["out"])
            handle, subject = _where(connection, row["conversation"])
            to = ", ".join(str(person.get("handle", "")) for person in out.get("to", ()))
            yield Piece("reply", str(out.get("text", "")), to or handle, str(out.get("subject") or subject))


def _rows(connection: sqlite3.Connection, query: str) -> Iterator[sqlite3.Row]:
    """As many rows as can be read before the damage."""
    try:
        yield from connection.execute(query)
    except sqlite3.Error:
        return


def _where(connection: sqlite3.Connection, conversation: int) -> tuple[str, str]:
    query = f"SELECT handle, subject FROM conversation WHERE id = {int(conversation)}"
    return next(((str(row["handle"]), str(row["subject"])) for row in _rows(connection, query)), ("", ""))


def _object(text: str) -> dict[str, Any]:
    try:
        made = json.loads(text)
    except ValueError:
        return {}
    return made if isinstance(made, dict) else {}


def _restore(connection: db.Connection, pieces: list[Piece]) -> None:
    now = time.time_ns() // 1_000_000
    for piece in pieces:
        if not piece.text.strip():
            continue
        contact = insert(connection, "contact", name=piece.handle, since=now)
        update(connection, "contact", contact, root=contact)
        number = insert(
            connection,
            "conversation",
            account=ACCOUNT,
            contact=contact,
            handle=piece.handle,
            subject=piece.subject,
            settled=1,
            first_at=now,
            last_at=now,
            rank=now,
            snippet=piece.subject,
        )
        drafts.save(
            connection, number, "reply", piece.text, {"to": piece.handle, "subject": piece.subject}, now
        )
