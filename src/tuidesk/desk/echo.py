"""Our own messages, seen again on the channel: adopted, never a second row."""

from tuidesk.desk import arrive, parked, settle
from tuidesk.desk.intake import Intake
from tuidesk.domain import events
from tuidesk.store import messages, outbox
from tuidesk.store.sql import Row, scalar


def of_key(intake: Intake, event: events.Sent) -> int | None:
    """An echo that gives our key back: the message, with the channel's names for it. It proves that it was sent.

    A key is this account's own: in another one's mailbox lies a copy, and a file proves nothing.
    """
    message = messages.by_key(intake.connection, event.key) if event.key else None
    if message is None or not _of_account(intake, message):
        return None
    row = outbox.by_key(intake.connection, event.key or "")
    # queued as well: a try of which the channel said that it was not done, was done after all
    unsettled = row is not None and row["state"] in ("queued", "sending", "unknown", "failed")
    if unsettled and intake.history:
        return int(message["id"])
    arrive.learn(intake.connection, intake.account, event, message)
    if row is not None and unsettled:
        settle.found(intake.connection, row, event.id, event.at, event.ids, intake.now)
    intake.touched[int(message["conversation"])] = None
    return int(message["id"])


def _of_account(intake: Intake, message: Row) -> bool:
    query = "SELECT account FROM conversation WHERE id = ?"
    return bool(scalar(intake.connection, query, message["conversation"]) == intake.account)


def under_way(intake: Intake, event: arrive.Seen) -> str | None:
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


def say_shown(intake: Intake, waits_for: str) -> None:
    """What waits just now may be the echo of a letter that is unknown: its reason says that the channel shows it."""
    for row in _tried(intake, ("unknown",), ("reply", "start")):
        if parked.settled(row["key"]) == waits_for:
            settle.unknown(
                intake.connection,
                row,
                row["reason"],
                intake.now,
                asked=bool(row["asked"]),
                not_before=row["not_before"],
            )


def about_to_be_known(intake: Intake, event: arrive.Arrival) -> str | None:
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


def _nothing_tried(intake: Intake) -> bool:
    """Asked once a transaction: nothing that comes in makes work of ours begin."""
    if intake.nothing_tried is None:
        states = ("sending", "unknown")
        intake.nothing_tried = not any(outbox.in_state(intake.connection, s, intake.account) for s in states)
    return intake.nothing_tried


def _tried(intake: Intake, states: tuple[str, ...], types: tuple[str, ...]) -> list[Row]:
    if _nothing_tried(intake):
        return []
    return [
        row
        for state in states
        for row in outbox.in_state(intake.connection, state, intake.account)
        if row["type"] in types
    ]


def _same_place(intake: Intake, event: arrive.Seen, row: Row) -> bool:
    if event.conversation is None:
        return True
    number = arrive.by_remote(intake.connection, intake.account, event.conversation)
    return number is None or number == row["conversation"]


def _folded(text: str) -> str:
    return " ".join(text.split())
