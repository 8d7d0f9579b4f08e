"""What is still to be delivered: first in, first out per conversation."""

import json
import os
from typing import TYPE_CHECKING, Any

from tuidesk.domain.instants import Instant
from tuidesk.store import changes
from tuidesk.store.sql import Connection, Row, insert, marks, one, scalar, update

if TYPE_CHECKING:
    from tuidesk.domain.outgoing import Outgoing

COMMANDS = (
    "reply", "start", "note", "complete", "reopen", "pending", "snooze", "assign", "tag", "priority",
)  # fmt: skip
"""Types that an agent's commands make; any other is a follow-up that a receipt named."""
OPEN = "('queued', 'sending', 'unknown')"
"""States that are not settled yet. A query that says so as well is served from an index of what is open alone."""


def new_key() -> str:
    """A key for one piece of work: `[a-z0-9-]`, never the same twice."""
    return f"td-{os.urandom(12).hex()}"  # `secrets` costs 9 ms to import


def add(
    connection: Connection,
    account: str,
    conversation: int,
    out: "Outgoing",
    *,
    message: int | None = None,
    not_before: Instant = 0,
    waits_for: str | None = None,
    step: int | None = None,
    last_seen: int | None = None,
) -> None:
    """Queue a piece of work; on disk when the transaction is."""
    insert(
        connection,
        "outbox",
        key=out.key,
        account=account,
        conversation=conversation,
        message=message,
        type=out.type,
        out=json.dumps(out.to_json(), ensure_ascii=False),
        not_before=not_before,
        waits_for=waits_for,
        step=step,
        last_seen=last_seen,
        at=out.at,
    )
    _note(connection, account, conversation)


def _note(connection: Connection, account: str, conversation: int) -> None:
    changes.note(connection, "outbox", account)
    if conversation:
        changes.note(connection, "conversation", conversation)


def by_key(connection: Connection, key: str) -> Row | None:
    return one(connection, "SELECT * FROM outbox WHERE key = ?", key)


def outgoing(row: Row) -> "Outgoing":
    """The work itself."""
    from tuidesk.domain.outgoing import Outgoing  # who only reads does not pay for it

    return Outgoing.from_json(json.loads(row["out"]))


def set_state(connection: Connection, row: Row, state: str, **also: Any) -> None:
    """Move a row to another state."""
    update(connection, "outbox", row["id"], state=state, **also)
    _note(connection, row["account"], row["conversation"])
    if row["message"] is not None:
        changes.note(connection, "message", row["message"])


_FREE = f"""(
    mine.type NOT IN {COMMANDS} OR NOT EXISTS (
        SELECT 1 FROM outbox AS before
        WHERE before.account = mine.account AND before.conversation = mine.conversation
          AND before.id < mine.id AND before.state IN {OPEN} AND before.type IN {COMMANDS}
    )
) AND NOT EXISTS (
    SELECT 1 FROM outbox AS goes_with WHERE goes_with.key = mine.waits_for AND goes_with.state IN {OPEN}
)"""
"""Nothing before it in its conversation is unsettled, nor what it goes with, which in a merged thread is
elsewhere. What follows a receipt holds up nobody and waits for nobody."""


def next_due(connection: Connection, account: str, now: Instant) -> Row | None:
    """The oldest queued work that may be tried now: nothing before it in its conversation is unsettled."""
    return one(
        connection,
        f"SELECT * FROM outbox AS mine WHERE account = ? AND state IN {OPEN} AND state = 'queued' "
        f"AND not_before <= ? AND {_FREE} ORDER BY id LIMIT 1",
        account,
        now,
    )


def clock_was_set_back(connection: Connection, account: str, now: Instant, by: Instant | None) -> None:
    """The wall clock shows less than it did, by so many milliseconds: nothing waits for longer than it would have.

    With None nobody knows by how much: what was queued in the future is not held back, and what was tried keeps its
    pause.
    """
    if by is None:
        connection.execute(
            f"UPDATE outbox SET not_before = 0 WHERE account = ? AND state IN {OPEN} AND attempt = 0 AND at > ?",
            (account, now),
        )
    else:
        connection.execute(
            f"UPDATE outbox SET not_before = not_before - ? WHERE account = ? AND state IN {OPEN} "
            "AND not_before > ? AND (attempt > 0 OR at > ?)",
            (by, account, now, now),
        )


def unasked(connection: Connection, account: str, now: Instant) -> Row | None:
    """The oldest unknown work that the channel, and not the agent, is to be asked after now."""
    return one(
        connection,
        f"SELECT * FROM outbox WHERE account = ? AND state IN {OPEN} AND state = 'unknown' AND asked = 0 "
        "AND not_before <= ? "
        "ORDER BY id LIMIT 1",
        account,
        now,
    )


def waiting(connection: Connection, account: str) -> list[Row]:
    """`not_before` and `attempt` of all that time alone keeps from being tried, or asked after."""
    return connection.execute(
        "SELECT not_before, attempt FROM outbox AS mine WHERE account = ? "
        f"AND state IN {OPEN} AND (state = 'queued' AND {_FREE} OR state = 'unknown' AND asked = 0)",
        (account,),
    ).fetchall()


def held_up_by(connection: Connection, row: Row) -> Row | None:
    """The unknown work that queued work waits for: nothing passes it in its conversation."""
    if row["state"] != "queued" or row["type"] not in COMMANDS:
        return None
    return one(
        connection,
        f"SELECT * FROM outbox WHERE account = ? AND conversation = ? AND id < ? AND type IN {COMMANDS} "
        f"AND state IN {OPEN} AND state = 'unknown' ORDER BY id LIMIT 1",
        row["account"],
        row["conversation"],
        row["id"],
    )


def unsettled(connection: Connection, conversation: int, types: tuple[str, ...]) -> Row | None:
    """The newest work of these types in a conversation that is not settled yet."""
    return next(reversed(every_unsettled(connection, conversation, types)), None)


def every_unsettled(connection: Connection, conversation: int, types: tuple[str, ...]) -> list[Row]:
    """All work of these types in a conversation that is not settled yet, oldest first."""
    return connection.execute(
        f"SELECT * FROM outbox WHERE conversation = ? AND state IN {OPEN} AND type IN ({marks(types)}) ORDER BY id",
        (conversation, *types),
    ).fetchall()


def in_state(connection: Connection, state: str, account: str | None = None) -> list[Row]:
    """All work in one of the open states, oldest first."""
    query = f"SELECT * FROM outbox INDEXED BY outbox_open WHERE state IN {OPEN} AND state = ?"
    if account is None:
        return connection.execute(f"{query} ORDER BY id", (state,)).fetchall()
    return connection.execute(f"{query} AND account = ? ORDER BY id", (state, account)).fetchall()


def going_out(connection: Connection, account: str | None = None) -> int:
    """How much work is queued or under way (what waits for the agent is not)."""
    query = f"SELECT count(*) FROM outbox WHERE state IN {OPEN} AND state <> 'unknown'"
    if account is None:
        return int(scalar(connection, query))
    return int(scalar(connection, f"{query} AND account = ?", account))


def going_with(connection: Connection, row: Row, states: tuple[str, ...]) -> list[Row]:
    """What waits for this work and falls with it, in one of these states, oldest first."""
    return connection.execute(
        "SELECT * FROM outbox INDEXED BY outbox_conversation WHERE conversation = ? AND waits_for = ? "
        f"AND state IN ({marks(states)}) ORDER BY id",
        (row["conversation"], row["key"], *states),
    ).fetchall()
