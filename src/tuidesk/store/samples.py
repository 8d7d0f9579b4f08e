"""Samples of the response timers: one row for each duration that has ended."""

import json
from collections.abc import Iterable

from tuidesk.domain.timers import Sample
from tuidesk.store.sql import Connection

_COLUMNS = "conversation, metric, start, stop, calendar, business, mine, by, messages, cut, spans"


def replace(connection: Connection, conversation: int, samples: Iterable[Sample]) -> None:
    """These are a conversation's samples now; those that still run are kept nowhere."""
    wanted = [
        (
            conversation,
            sample.metric,
            sample.start,
            sample.stop,
            sample.calendar,
            sample.business,
            int(sample.mine),
            sample.by,
            json.dumps(sample.messages) if sample.messages else "[]",
            json.dumps(sample.cut) if sample.cut else "[]",
            json.dumps(sample.spans) if sample.spans else "[]",
        )
        for sample in samples
        if sample.stop is not None
    ]
    kept = connection.execute(
        f"SELECT {_COLUMNS} FROM sample WHERE conversation = ? ORDER BY id", (conversation,)
    )
    if [tuple(row) for row in kept] == wanted:
        return  # most of what happens measures nothing new
    connection.execute("DELETE FROM sample WHERE conversation = ?", (conversation,))
    connection.executemany(
        f"INSERT INTO sample ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", wanted
    )


def to_make(connection: Connection, most: int) -> list[int]:
    """Conversations whose samples are to be made again because something has happened in them."""
    query = "SELECT id FROM conversation INDEXED BY conversation_timed WHERE timed = '' LIMIT ?"
    return [int(row[0]) for row in connection.execute(query, (most,))]


def behind(connection: Connection, number: int, most: int) -> list[tuple[int, str, str]]:
    """(number, account, mark of the rules that its samples follow) of the conversations behind one, in their order."""
    query = "SELECT id, account, timed FROM conversation WHERE id > ? ORDER BY id LIMIT ?"
    return [(int(row[0]), row[1], row[2]) for row in connection.execute(query, (number, most))]


def contents(connection: Connection, conversations: Iterable[int]) -> set[tuple[object, ...]]:
    """What these conversations' samples say."""
    asked = json.dumps(list(conversations))
    query = f"SELECT {_COLUMNS} FROM sample WHERE conversation IN (SELECT value FROM json_each(?))"
    return {tuple(row) for row in connection.execute(query, (asked,))}
