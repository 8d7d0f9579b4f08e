"""Events that wait: for a name that is not known yet, or for what becomes of a letter that is just leaving.

What they wait for is a name: a message's id, `conversation:ID`, `settled:KEY` (an echo, perhaps of that letter) or
`leaving:KEY` (it names what that letter's receipt may be about to name). What need not wait any longer is *free*, and
comes in with the account's next batch, or when its delivery looks next.
"""

import json
from collections.abc import Iterable

from tuidesk.domain import events, vocabulary
from tuidesk.domain.events import ChannelEvent
from tuidesk.store.sql import Connection, Row, insert, marks, scalar

FREE = "free"
BROKEN = "broken"
"""Events that no code of ours could store: kept, never tried again by themselves."""


def conversation(remote: str) -> str:
    """The name of the channel's conversation `remote`."""
    return f"conversation:{remote}"


def settled(key: str) -> str:
    """The name under which an echo waits until the work of `key` is settled."""
    return f"settled:{key}"


def leaving(key: str) -> str:
    """The name under which an event waits while the work of `key` is under way."""
    return f"leaving:{key}"


def park(connection: Connection, account: str, waits_for: str, event: ChannelEvent) -> None:
    """Keep an event until what it names arrives, once however often it is told."""
    kept = json.dumps(vocabulary.dump(event), ensure_ascii=False)
    same = "SELECT 1 FROM parked WHERE account = ? AND waits_for = ? AND event = ? LIMIT 1"
    if scalar(connection, same, account, waits_for, kept) is None:
        insert(connection, "parked", account=account, waits_for=waits_for, event=kept)


def take(connection: Connection, account: str, name: str) -> list[ChannelEvent]:
    """What waited for `name`, in the order in which it came; it waits no longer."""
    found = _rows(connection, account, name)
    connection.executemany("DELETE FROM parked WHERE id = ?", [(row["id"],) for row in found])
    return [_event(row) for row in found]


def waiting(connection: Connection, account: str, name: str) -> list[ChannelEvent]:
    """What waits for `name`, in the order in which it came."""
    return [_event(row) for row in _rows(connection, account, name)]


def free(connection: Connection, account: str, names: Iterable[str]) -> None:
    """What waited for these names need not wait any longer."""
    known = list(names)
    connection.execute(
        f"UPDATE parked SET waits_for = ? WHERE account = ? AND waits_for IN ({marks(known)})",
        (FREE, account, *known),
    )


def any_free(connection: Connection, account: str) -> bool:
    """Is there something for `ingest.free` to take in?"""
    query = "SELECT 1 FROM parked WHERE account = ? AND waits_for = ? LIMIT 1"
    return connection.execute(query, (account, FREE)).fetchone() is not None


def _rows(connection: Connection, account: str, name: str) -> list[Row]:
    query = "SELECT id, event FROM parked WHERE account = ? AND waits_for = ? ORDER BY id"
    return connection.execute(query, (account, name)).fetchall()


def _event(row: Row) -> ChannelEvent:
    event = vocabulary.parse(json.loads(row["event"]))
    assert not isinstance(event, events.Cursor | events.Idle)
    return event
