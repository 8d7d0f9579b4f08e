"""A side conversation: what was passed on, whose answer wakes the conversation that it was passed on from."""

from tuidesk.desk.intake import Intake
from tuidesk.desk.rows import BACK
from tuidesk.domain import events, status
from tuidesk.domain.instants import Instant
from tuidesk.store import merged, messages
from tuidesk.store.sql import Row, one, scalar, update


def answered(intake: Intake, event: events.Received, number: int) -> None:
    """A person has written in conversation `number`: its parent, if it has one, needs us, and its history says why."""
    connection = intake.connection
    parent = scalar(connection, "SELECT parent FROM conversation WHERE id = ?", number)
    if parent is None:
        return
    said = {"side": number, "who": event.sender.name or event.sender.handle}
    for part in merged.whole(connection, int(parent)):
        row = one(connection, "SELECT * FROM conversation WHERE id = ?", part)
        if row is not None:
            _tell(intake, row, event.at, said)
            intake.touched[part] = None


def _tell(intake: Intake, row: Row, at: Instant, said: dict[str, object]) -> None:
    connection, along = intake.connection, row["merged_into"]
    state = status.State(row["status"], row["status_basis"], row["snoozed_until"], bool(row["snooze_firm"]))
    reads = status.now_reads(state.status, state.snoozed_until, intake.now)
    found = status.answer_came(state, bool(row["spam"]), intake.now)
    if found == "open" and reads != "open":
        messages.add_entry(
            connection, row["id"], at, "reopened", None, why="answer", was=reads, along=along, **said
        )
    elif along is None:
        messages.add_entry(connection, row["id"], at, "answered", None, **said)
    if found != state.status:
        awake = {"pending_for": None, "snoozed_until": None, "snooze_firm": 0}
        woke = BACK.index("answer" if reads != "open" else "time")
        update(connection, "conversation", row["id"], status=found, woke=woke, **awake)
