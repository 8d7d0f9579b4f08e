"""What changes, as it changes: conversations and messages, each with the number at which whoever reads may go on."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tuidesk.desk import read
from tuidesk.desk.clock import SystemClock
from tuidesk.desk.picture import ShownMessage
from tuidesk.desk.rows import Row
from tuidesk.store import changes, db
from tuidesk.store.sql import Connection

_LOOK_S = 0.25


@dataclass(frozen=True, slots=True)
class Followed:
    """One change."""

    seq: int
    conversation: Row | None
    """A conversation as it is now …"""
    message: ShownMessage | None = None
    """… or a message that is new, or has moved on."""


def last(connection: Connection) -> int:
    """Where whoever begins now begins."""
    return changes.last(connection)


def forgotten(connection: Connection, since: int) -> int | None:
    """The oldest change that is still known, where some after `since` are not any more."""
    first = changes.first(connection)
    return first if first is not None and first > since + 1 else None


def follow(
    connection: Connection, since: int, wait: Callable[[float], None] = time.sleep
) -> Iterator[Followed]:
    """Changes after `since`, for ever. What changed several times since the last look is told once."""
    seq, version = since, -1
    while True:
        with db.translated():
            now = db.data_version(connection)
            found = changes.since(connection, seq) if now != version else []
        if found:
            seq = int(found[-1]["seq"])
            newest = {(str(row["kind"]), str(row["id"])): int(row["seq"]) for row in found}
            with db.translated():
                told = _told(connection, newest)
            yield from sorted(told, key=lambda change: change.seq)
        else:
            version = now
            wait(_LOOK_S)


def _told(connection: Connection, newest: dict[tuple[str, str], int]) -> list[Followed]:
    """Pictures of what changed, under the number of its newest change."""
    seqs = {kind: {int(id_): at for (of, id_), at in newest.items() if of == kind} for kind in _KINDS}
    rows = read.rows(connection, list(seqs["conversation"]), SystemClock().now())
    told = [Followed(at, rows[n]) for n, at in seqs["conversation"].items() if n in rows]
    for _, message in read.messages(connection, list(seqs["message"])):
        told.append(Followed(seqs["message"][message.n], None, message))
    return told


_KINDS = ("conversation", "message")
