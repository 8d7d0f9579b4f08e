"""Our own messages, seen again on the channel: adopted, never a second row."""

from typing import TYPE_CHECKING

from tuidesk.desk import arrive, parked
from tuidesk.domain import events
from tuidesk.store import messages, outbox
from tuidesk.store.sql import Connection, Row

if TYPE_CHECKING:
    from tuidesk.desk.ingest import Intake

Seen = events.Sent | events.NoteSeen


def of_key(intake: "Intake", event: events.Sent) -> int | None:
    """An echo that gives our key back: the message, with the channel's names for it. It proves that it was sent."""
    message = messages.by_key(intake.connection, event.key) if event.key else None
    if message is None:
        return None
    learn(intake.connection, intake.account, event, message)
    row = outbox.by_key(intake.connection, event.key or "")
    # queued as well: a try of which the channel said that it was not done, was done after all
    if row is not None and row["state"] in ("queued", "sending", "unknown", "failed"):
        from tuidesk.desk import settle  # settling adopts echoes too

        settle.found(intake.connection, row, event.id, event.at, event.ids, intake.now)
    intake.touched[int(message["conversation"])] = None
    return int(message["id"])


def learn(connection: Connection, account: str, event: Seen, message: Row) -> None:
    """What an echo says of a message of ours: the channel's names for it and for its conversation."""
    if isinstance(event, events.Sent):
        arrive.learn_ids(connection, account, event, int(message["id"]))
    else:
        messages.add_ids(connection, account, int(message["id"]), (event.id,))
    if event.conversation:
        arrive.name(connection, int(message["conversation"]), event.conversation)


def under_way(intake: "Intake", event: Seen) -> str | None:
    """What a keyless echo of a letter or note still under way waits for; None where it is nobody's echo."""
    text = _folded(event.text or "")
    if not text or (isinstance(event, events.Sent) and (event.key or arrive.kind_of(event) != "person")):
        return None
    types = ("reply", "start") if isinstance(event, events.Sent) else ("note",)
    for row in _tried(intake, ("sending", "unknown"), types):
        message = messages.get(intake.connection, row["message"]) if row["message"] else None
        if message is not None and _folded(message["text"]) == text and _same_place(intake, event, row):
            return parked.settled(row["key"])
    return None


def about_to_be_known(intake: "Intake", event: arrive.Arrival) -> str | None:
    """What an event waits for that names something unknown while a letter of ours is just leaving.

    The letter's receipt may name just that: a customer can answer before it is settled.
    """
    if _nothing_tried(intake):
        return None
    if event.conversation is not None:
        if arrive.by_remote(intake.connection, intake.account, event.conversation) is not None:
            return None
        types: tuple[str, ...] = ("start",)
    elif event.reply_to or event.refs:
        if arrive.by_refs(intake.connection, intake.account, event) is not None:
            return None
        types = ("reply", "start")
    else:
        return None
    row = next(iter(_tried(intake, ("sending",), types)), None)
    return None if row is None else parked.leaving(row["key"])


def _nothing_tried(intake: "Intake") -> bool:
    """Asked once a transaction: nothing that comes in makes work of ours begin."""
    if intake.nothing_tried is None:
        states = ("sending", "unknown")
        intake.nothing_tried = not any(outbox.in_state(intake.connection, s, intake.account) for s in states)
    return intake.nothing_tried


def _tried(intake: "Intake", states: tuple[str, ...], types: tuple[str, ...]) -> list[Row]:
    if _nothing_tried(intake):
        return []
    return [
        row
        for state in states
        for row in outbox.in_state(intake.connection, state, intake.account)
        if row["type"] in types
    ]


def _same_place(intake: "Intake", event: Seen, row: Row) -> bool:
    if event.conversation is None:
        return True
    number = arrive.by_remote(intake.connection, intake.account, event.conversation)
    return number is None or number == row["conversation"]


def _folded(text: str) -> str:
    return " ".join(text.split())
