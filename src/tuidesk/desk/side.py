"""A side conversation: what was passed on, whose answer wakes the conversation that it was passed on from."""

from tuidesk.desk.intake import Intake
from tuidesk.desk.rows import BACK
from tuidesk.domain import events, status
from tuidesk.domain.model import Status
from tuidesk.store import merged, messages
from tuidesk.store.sql import one, scalar, update


def answered(intake: Intake, event: events.Received, number: int) -> None:
    """A person has written in conversation `number`: its parent, if it has one, needs us, and its history says why.

    A firm snooze sleeps on, and spam stays where it is.
    """
    connection = intake.connection
    parent = scalar(connection, "SELECT parent FROM conversation WHERE id = ?", number)
    if parent is None:
        return
    for part in merged.whole(connection, int(parent)):
        row = one(connection, "SELECT * FROM conversation WHERE id = ?", part)
        if row is None or row["spam"]:
            continue
        reads: Status = status.now_reads(row["status"], row["snoozed_until"], intake.now)
        wakes = reads != "open" and not (reads == "snoozed" and row["snooze_firm"])
        if wakes or row["merged_into"] is None:
            messages.add_entry(
                connection,
                part,
                event.at,
                "reopened" if wakes else "answered",
                None,
                why="answer" if wakes else None,
                was=reads if wakes else None,
                side=number,
                who=event.sender.name or event.sender.handle,
                along=row["merged_into"],
            )
        if wakes:
            awake = {"pending_for": None, "snoozed_until": None, "snooze_firm": 0}
            update(connection, "conversation", part, status="open", woke=BACK.index("answer"), **awake)
        intake.touched[part] = None
