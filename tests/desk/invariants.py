"""What holds of a store at any time, whatever was done. `broken` says what does not."""

import sqlite3
from collections.abc import Iterator

from tuidesk.desk import figures
from tuidesk.desk.figures import Timing
from tuidesk.desk.summary import refresh
from tuidesk.domain.instants import Instant
from tuidesk.store import samples
from tuidesk.store.messages import newest_move

_MOVES = {
    "completed": "complete",
    "reopened": "open",
    "pending": "pending",
    "snoozed": "snoozed",
    "woke": "open",
}


def broken(connection: sqlite3.Connection, now: Instant, timing: Timing) -> list[str]:
    """Every rule that is broken, in words. Runs inside the caller's transaction, and leaves it as it was."""
    return [
        *_states(connection),
        *_merges(connection),
        *_letters(connection),
        *_history(connection),
        *_journal(connection),
        *_rows_follow_from_history(connection, now),
        *_samples_follow_from_history(connection, now, timing),
    ]


def _states(connection: sqlite3.Connection) -> Iterator[str]:
    """A conversation is in exactly one state, and has nothing that belongs to another one."""
    for row in connection.execute("SELECT * FROM conversation"):
        if row["status"] not in ("open", "pending", "snoozed", "complete"):
            yield f"#{row['id']} is {row['status']}"
        if row["status"] != "snoozed" and (row["snoozed_until"] is not None or row["snooze_firm"]):
            yield f"#{row['id']} is {row['status']} and snoozed"
        if row["status"] != "pending" and row["pending_for"] is not None:
            yield f"#{row['id']} is {row['status']} and waits for {row['pending_for']}"
        if row["status"] == "complete" and row["waiting_since"] is not None:
            yield f"#{row['id']} is complete and somebody waits"


def _merges(connection: sqlite3.Connection) -> Iterator[str]:
    """A merge is one link deep, to a conversation of the same customer, and has taken its drafts along."""
    query = (
        "SELECT part.id, root.id AS root, root.merged_into, a.root AS a, b.root AS b FROM conversation AS part "
        "LEFT JOIN conversation AS root ON root.id = part.merged_into "
        "LEFT JOIN contact AS a ON a.id = part.contact LEFT JOIN contact AS b ON b.id = root.contact "
        "WHERE part.merged_into IS NOT NULL"
    )
    for row in connection.execute(query):
        if row["root"] is None or row["merged_into"] is not None or row["a"] != row["b"]:
            yield f"#{row['id']} is merged into what is no thread of its own"
    for row in connection.execute(
        "SELECT draft.* FROM draft JOIN conversation ON conversation.id = draft.conversation "
        "WHERE archived_at IS NULL AND merged_into IS NOT NULL"
    ):
        yield f"the draft {row['text']!r} is in #{row['conversation']}, which nobody opens"


def _letters(connection: sqlite3.Connection) -> Iterator[str]:
    """The outbox matches the thread: what is on its way is in both, and in the same state."""
    for row in connection.execute(
        "SELECT message.id, message.state, message.direction, message.conversation, outbox.state AS work, "
        "outbox.conversation AS at FROM message LEFT JOIN outbox ON outbox.key = message.key "
        "WHERE message.key IS NOT NULL"
    ):
        wanted = {"sent": "sent" if row["direction"] == "out" else "", None: ""}.get(row["work"], row["work"])
        if row["state"] != wanted and (row["state"], row["work"]) != ("failed", "sent"):
            yield f"message {row['id']} is {row['state']!r}, its work {row['work']!r}"
        if row["work"] is not None and row["conversation"] != row["at"]:
            yield f"message {row['id']} and its work are in two conversations"
    for row in connection.execute(
        "SELECT key FROM outbox AS mine WHERE type IN ('reply', 'start', 'note') AND state <> 'dropped' "
        "AND NOT EXISTS (SELECT 1 FROM message WHERE message.key = mine.key)"
    ):
        yield f"{row['key']} goes out and stands in no thread"
    for row in connection.execute(
        "SELECT key FROM outbox AS mine WHERE waits_for IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM outbox AS other WHERE other.key = mine.waits_for)"
    ):
        yield f"{row['key']} goes with what is not there"


def _history(connection: sqlite3.Connection) -> Iterator[str]:
    """The newest move that holds is the state; what is annulled is annulled by what is there."""
    for row in connection.execute("SELECT id, status FROM conversation"):
        move = newest_move(connection, row["id"])
        if move is not None and _MOVES[move["what"]] != row["status"]:
            yield f"#{row['id']} is {row['status']}, its history says {move['what']}"
    for row in connection.execute(
        "SELECT id, undone_by FROM entry AS mine WHERE undone_by > 0 AND NOT EXISTS "
        "(SELECT 1 FROM entry WHERE entry.id = mine.undone_by AND entry.what = 'undone')"
    ):
        yield f"entry {row['id']} is annulled by {row['undone_by']}"


def _journal(connection: sqlite3.Connection) -> Iterator[str]:
    """A step that can be taken back is about conversations that are there."""
    for row in connection.execute(
        "SELECT step.id FROM step, json_each(step.prior) AS kept WHERE step.undone_at IS NULL "
        "AND json_extract(kept.value, '$.conversation') NOT IN (SELECT id FROM conversation)"
    ):
        yield f"step {row['id']} is about a conversation that is gone"


def _rows_follow_from_history(connection: sqlite3.Connection, now: Instant) -> Iterator[str]:
    """To bring a conversation's row up to date changes nothing in it."""
    before = {row["id"]: tuple(row) for row in connection.execute("SELECT * FROM conversation")}
    connection.execute("SAVEPOINT invariants")
    refresh(connection, list(before), now)
    after = {row["id"]: row for row in connection.execute("SELECT * FROM conversation")}
    for number, row in after.items():
        stale = [name for name, was in zip(row.keys(), before[number], strict=True) if row[name] != was]
        stale = [name for name in stale if name != "timed"]  # which says that it was done
        if stale:
            yield f"#{number} is not up to date: {', '.join(stale)}"
    connection.execute("ROLLBACK TO invariants")
    connection.execute("RELEASE invariants")


_MEASURED = ("timed", "due", "due_soon", "due_for", "rank")


def _samples_follow_from_history(
    connection: sqlite3.Connection, now: Instant, timing: Timing
) -> Iterator[str]:
    """What was measured as things happened is what the whole history comes to."""

    def measured() -> tuple[dict[int, tuple[object, ...]], set[tuple[object, ...]]]:
        rows = connection.execute(f"SELECT id, {', '.join(_MEASURED)} FROM conversation").fetchall()
        numbers = [int(row["id"]) for row in rows]
        return {row["id"]: tuple(row)[1:] for row in rows}, samples.contents(connection, numbers)

    rows, kept = measured()
    connection.execute("SAVEPOINT measuring")
    figures.make(connection, list(rows), timing, now)
    again, made = measured()
    connection.execute("ROLLBACK TO measuring")
    connection.execute("RELEASE measuring")
    for number, row in again.items():
        if row != rows[number]:
            yield f"#{number} is measured as {rows[number]}, and comes to {row}"
    yield from (f"a sample that is none: {sample}" for sample in kept - made)
    yield from (f"a sample that is not there: {sample}" for sample in made - kept)
