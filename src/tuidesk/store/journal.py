"""The undo journal: what a step changed, what stood there before, and whether it still stands as it was left."""

import json
from collections.abc import Iterator
from typing import Any

from tuidesk.domain.instants import Instant
from tuidesk.store.sql import Connection, Row, insert, one, update


def open_step(connection: Connection, at: Instant, door: str) -> int:
    """A step without content yet, so that its number can be named by what belongs to it."""
    return insert(connection, "step", at=at, door=door)


def close_step(connection: Connection, step: int, words: str, prior: list[dict[str, Any]]) -> None:
    """Write down what the step was and what it replaced."""
    update(connection, "step", step, words=words, prior=json.dumps(prior, ensure_ascii=False))


def newest_first(connection: Connection, door: str) -> Iterator[Row]:
    """The steps of a door that have not been taken back, as they are asked for."""
    return iter(
        connection.execute(
            "SELECT * FROM step WHERE door = ? AND undone_at IS NULL AND words <> '' ORDER BY id DESC",
            (door,),
        )
    )


def get(connection: Connection, step: int) -> Row | None:
    return one(connection, "SELECT * FROM step WHERE id = ?", step)


def is_undone(connection: Connection, step: int | None) -> bool:
    """Whether a step has been taken back; work that belongs to none has not."""
    row = get(connection, step) if step else None
    return row is not None and row["undone_at"] is not None


def prior(row: Row) -> list[dict[str, Any]]:
    """What the step replaced."""
    made: list[dict[str, Any]] = json.loads(row["prior"])
    return made


def forget(connection: Connection, conversation: int, at: Instant) -> None:
    """A conversation is gone: what steps kept of it cannot be brought back, and need not be."""
    for row in connection.execute(
        "SELECT * FROM step WHERE undone_at IS NULL AND EXISTS (SELECT 1 FROM json_each(prior) "
        "WHERE json_extract(json_each.value, '$.conversation') = ?)",
        (conversation,),
    ).fetchall():
        others = [kept for kept in prior(row) if kept.get("conversation") != conversation]
        if others:
            close_step(connection, row["id"], row["words"], others)
        else:
            mark_undone(connection, row["id"], at)


def mark_undone(connection: Connection, step: int, at: Instant) -> None:
    update(connection, "step", step, undone_at=at)
