"""Sleeps to the next due time and wakes what is due. A snooze past its time reads as open for everybody anyway;
here its row says so too, and the history."""

from tuidesk.desk.summary import refresh
from tuidesk.domain.instants import Instant
from tuidesk.store import messages
from tuidesk.store.sql import Connection, scalar, update


def next_due(connection: Connection) -> Instant | None:
    """When the next snooze ends; None where none does."""
    found = scalar(
        connection,
        "SELECT min(snoozed_until) FROM conversation WHERE snoozed_until IS NOT NULL AND status = 'snoozed'",
    )
    return None if found is None else int(found)


def wake(connection: Connection, now: Instant) -> int:
    """Open every conversation whose snooze is over; how many."""
    due = connection.execute(
        "SELECT id, snoozed_until, merged_into FROM conversation "
        "WHERE snoozed_until IS NOT NULL AND snoozed_until <= ? AND status = 'snoozed'",
        (now,),
    ).fetchall()
    for row in due:
        update(
            connection, "conversation", row["id"], status="open", woke=1, snoozed_until=None, snooze_firm=0
        )
        messages.add_entry(
            connection, row["id"], row["snoozed_until"], "woke", None, along=row["merged_into"]
        )
    refresh(connection, [int(row["id"]) for row in due], now)
    return len(due)
