"""What the response timers have measured: a row for each duration that has ended, each run of customer messages, and
each cycle of a conversation."""

import json
from collections.abc import Iterable
from typing import Any

from tuidesk.domain.measured import Measured
from tuidesk.store.sql import Connection

_COLUMNS = {
    "sample": "conversation, metric, start, stop, calendar, business, mine, by, messages, cut, spans, answer, "
    "holding, target",
    "run": "conversation, at, replied, acted, bot",
    "cycle": "conversation, began, ended, reopened, runs, replies, mine, by",
}


def replace(connection: Connection, conversation: int, measured: Measured | None) -> None:
    """This is what has been measured in a conversation now; what still runs is kept nowhere. None: nothing has."""
    wanted = {"sample": [], "run": [], "cycle": []} if measured is None else _rows(conversation, measured)
    for table, rows in wanted.items():
        columns = _COLUMNS[table]
        kept = connection.execute(
            f"SELECT {columns} FROM {table} WHERE conversation = ? ORDER BY rowid", (conversation,)
        )
        if [tuple(row) for row in kept] == rows:
            continue  # most of what happens measures nothing new
        connection.execute(f"DELETE FROM {table} WHERE conversation = ?", (conversation,))
        places = ", ".join("?" * len(columns.split(", ")))
        connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)


def _rows(conversation: int, measured: Measured) -> dict[str, list[tuple[Any, ...]]]:
    samples = [
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
            sample.answer,
            int(sample.holding),
            sample.target,
        )
        for sample in measured.samples
        if sample.stop is not None
    ]
    runs = [(conversation, run.at, *map(int, run[1:])) for run in measured.runs]
    cycles = [
        (conversation, one.began, one.ended, one.reopened, one.runs, one.replies, int(one.mine), one.by)
        for one in measured.cycles
    ]
    return {"sample": samples, "run": runs, "cycle": cycles}


def to_make(connection: Connection, most: int) -> list[int]:
    """Conversations whose samples are to be made again because something has happened in them."""
    query = "SELECT id FROM conversation INDEXED BY conversation_timed WHERE timed = '' LIMIT ?"
    return [int(row[0]) for row in connection.execute(query, (most,))]


def behind(connection: Connection, number: int, most: int) -> list[tuple[int, str, str]]:
    """(number, account, mark of the rules that its samples follow) of the conversations behind one, in their order."""
    query = "SELECT id, account, timed FROM conversation WHERE id > ? ORDER BY id LIMIT ?"
    return [(int(row[0]), row[1], row[2]) for row in connection.execute(query, (number, most))]


def contents(connection: Connection, conversations: Iterable[int]) -> set[tuple[object, ...]]:
    """What has been measured in these conversations."""
    asked = json.dumps(list(conversations))
    return {
        (table, *row)
        for table, columns in _COLUMNS.items()
        for row in connection.execute(
            f"SELECT {columns} FROM {table} WHERE conversation IN (SELECT value FROM json_each(?))", (asked,)
        )
    }
