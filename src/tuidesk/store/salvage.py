"""A damaged store: moved aside with a time stamp, and what only it had is saved: drafts, and replies not yet sent.

Mail comes again from its servers. Nothing that was saved is sent by itself: each text is a draft, in a conversation
of its own of the account `salvaged`.
"""

import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from tuidesk import errors
from tuidesk.store import accounts, db, drafts, lock, place
from tuidesk.store.sql import insert, update
from tuidesk.store.writer import Writer
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.store.remains import Piece

ACCOUNT = "salvaged"

_PATIENCE_S = 60.0


def open_or_salvage(path: Path) -> tuple[Writer, str]:
    """The store's writer, and what happened if the file was damaged ("" when all is well).

    A file that a query has called damaged since it was last opened is checked whole first.

    Raises:
        StoreBroken: it is damaged, and another process still works on it.
        StoreError: any other, as `db.open_store` says.
    """
    said = ""
    if db.suspect_mark(path).exists():
        said = _salvage(path)
    try:
        return Writer(path), said
    except errors.StoreBroken:
        said = _salvage(path)
        return Writer(path), said


def _salvage(path: Path) -> str:
    """Save what can be saved if the store is damaged: what happened, "" where another process was quicker."""
    place.prepare(path)
    said = ""
    with db.translated(), lock.opening(path, _PATIENCE_S):
        if db.log_is_damaged(path):
            said = _without_log(path)
        reason = _damage(path)
        if reason:
            said = _replace(path, reason)
        db.suspect_mark(path).unlink(missing_ok=True)
    return said


def _without_log(path: Path) -> str:
    """The file alone, as it was when its log was last folded in."""
    _refuse_if_open(path, say("store.log_is_damaged"))
    moved = place.aside(path, "damaged")
    for end in ("-wal", "-shm"):
        file = path.with_name(path.name + end)
        if file.exists():
            file.rename(moved.with_name(moved.name + end))
    return say("store.log_moved", moved=f"{moved}-wal")


def _damage(path: Path) -> str:
    """What is wrong with the whole file; "" for nothing."""
    if not path.exists():
        return ""
    try:
        db.refuse_damaged(path)
        with db.translated(), closing(db.connect(path, "mode=ro")) as connection:
            found = db.check(connection)
    except errors.StoreBroken as error:
        return str(error)
    return say("store.broken", reason=found[0]) if found else ""


def _replace(path: Path, reason: str) -> str:
    _refuse_if_open(path, reason)
    from tuidesk.store.remains import pieces  # a store that is well does not pay for it

    found = pieces(path)
    moved = place.aside(path, "damaged")
    db.move(path, moved)
    try:
        db.make(path, lambda connection: _restore(connection, found))
    except BaseException:  # a full disk: the next start finds the damage again, and saves then
        db.move(moved, path)
        raise
    kinds = [piece.kind for piece in found]
    return say("store.salvaged", moved=moved, drafts=kinds.count("draft"), replies=kinds.count("reply"))


def _refuse_if_open(path: Path, reason: str) -> None:
    """What another process writes from now on would go to the file that was moved away, and be lost."""
    users = lock.users_of(path)
    if users:
        pids = ", ".join(map(str, sorted(users)))
        raise errors.StoreBroken(say("store.in_use", reason=reason, pids=pids))


def _restore(connection: db.Connection, found: "list[Piece]") -> None:
    now = time.time_ns() // 1_000_000
    if found:
        accounts.ensure(connection, ACCOUNT, ACCOUNT, say("store.salvaged_account"))
    for piece in found:
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
        recipients = {"to": piece.handle, "subject": piece.subject}
        drafts.save(connection, number, piece.mode, piece.text, recipients, now)
