"""Our own messages, seen again on the channel: adopted, never a second row."""

from typing import TYPE_CHECKING

from tuidesk.desk import arrive
from tuidesk.domain import events
from tuidesk.store import messages, outbox
from tuidesk.store.sql import Row

if TYPE_CHECKING:
    from tuidesk.desk.ingest import Intake


def of_key(intake: "Intake", event: events.Sent) -> int | None:
    """An echo that gives our key back: the message, with the channel's names for it. It proves that it was sent."""
    message = messages.by_key(intake.connection, event.key) if event.key else None
    if message is None:
        return None
    arrive.learn_ids(intake, event, int(message["id"]))
    row = outbox.by_key(intake.connection, event.key or "")
    if row is not None and row["state"] in ("sending", "unknown", "failed"):
        from tuidesk.desk import settle  # settling stores echoes too

        settle.found(intake.connection, row, event.id, event.at, event.ids, intake.now)
    intake.touched[int(message["conversation"])] = None
    return int(message["id"])


def under_way(intake: "Intake", event: events.Sent) -> str | None:
    """What a keyless echo of a reply still under way waits for; None where it is nobody's echo."""
    text = _folded(event.text or "")
    if event.key or not text:
        return None
    for row in _candidates(intake):
        message = messages.get(intake.connection, row["message"]) if row["message"] else None
        if message is not None and _folded(message["text"]) == text and _same_place(intake, event, row):
            return waits_for(row["key"])
    return None


def waits_for(key: str) -> str:
    """The name under which an echo is parked until the work of `key` is settled."""
    return f"settled:{key}"


def _candidates(intake: "Intake") -> list[Row]:
    return [
        row
        for state in ("sending", "unknown")
        for row in outbox.in_state(intake.connection, state, intake.account)
        if row["type"] in ("reply", "start")
    ]


def _same_place(intake: "Intake", event: events.Sent, row: Row) -> bool:
    if event.conversation is None:
        return True
    number = arrive.by_remote(intake.connection, intake.account, event.conversation)
    return number is None or number == row["conversation"]


def _folded(text: str) -> str:
    return " ".join(text.split())
