"""States that a channel reports: of a message (edited, delivered), of a conversation (status, tags, assignee)."""

from dataclasses import replace
from typing import TYPE_CHECKING

from tuidesk.desk.arrive import state_of
from tuidesk.domain import events, status
from tuidesk.domain.events import ChannelEvent
from tuidesk.domain.model import Person
from tuidesk.domain.searchable import indexed
from tuidesk.store import messages, outbox
from tuidesk.store.accounts import person_dict, person_json
from tuidesk.store.sql import Connection, Row, insert, one, update

if TYPE_CHECKING:
    from tuidesk.desk.ingest import Intake

_STATUS_WORK = ("complete", "reopen", "pending", "snooze")
ENTRY = {"open": "reopened", "pending": "pending", "snoozed": "snoozed", "complete": "completed"}
"""What the history calls a move to each status."""


def about_message(
    intake: "Intake", event: events.Edited | events.Deleted | events.Delivered, message: int
) -> None:
    """A message was edited, deleted, delivered, read, or came back."""
    row = messages.get(intake.connection, message)
    assert row is not None
    number = int(row["conversation"])
    intake.touched[number] = None
    match event:
        case events.Edited():
            prior = row["prior"] if row["prior"] is not None else row["text"]
            update(intake.connection, "message", message, text=event.text, prior=prior, edited_at=event.at)
            intake.texts[message] = indexed(event.text)
        case events.Deleted():
            update(intake.connection, "message", message, deleted_at=event.at)
        case events.Delivered(state="failed"):
            _came_back(intake, event, row)
        case events.Delivered():
            messages.add_entry(
                intake.connection,
                number,
                event.at,
                event.state,
                event.by,
                message=message,
                reason=event.reason,
            )


def _came_back(intake: "Intake", event: events.Delivered, row: Row) -> None:
    """A late failure: the reply is failed, and the conversation needs us again."""
    connection, number = intake.connection, int(row["conversation"])
    if row["direction"] != "out":
        return
    update(connection, "message", row["id"], state="failed", reason=event.reason or "")
    reopen(intake, number, event.at, "failed")


def reopen(intake: "Intake", number: int, at: int, why: str) -> None:
    """Move a conversation to open, with the reason in its history."""
    connection = intake.connection
    conversation = one(connection, "SELECT * FROM conversation WHERE id = ?", number)
    assert conversation is not None
    if conversation["status"] != "open":
        messages.add_entry(connection, number, at, "reopened", None, why=why, was=conversation["status"])
    update(connection, "conversation", number, status="open", snoozed_until=None, pending_for=None, settled=1)
    intake.touched[number] = None


def status_by_refs(intake: "Intake", event: events.StatusSet, known: list[int]) -> None:
    """A status told by messages: it is the conversation's where they name its newest customer message."""
    for number in dict.fromkeys(
        int(row["conversation"]) for m in known if (row := messages.get(intake.connection, m)) is not None
    ):
        newest = messages.newest_inbound(intake.connection, number)
        if newest is None or int(newest["id"]) in known:
            _status(intake, event, number)


def about_conversation(intake: "Intake", event: ChannelEvent, number: int) -> None:
    """The channel's word on one of a conversation's fields."""
    connection = intake.connection
    intake.touched[number] = None
    match event:
        case events.StatusSet():
            _status(intake, event, number)
        case events.NoteSeen():
            _note(intake, event, number)
        case events.Assigned():
            if not _ours_is_under_way(intake, number, ("assign",)):
                update(connection, "conversation", number, assignee=person_json(_as_me(intake, event)))
            to = None if event.to is None else person_dict(event.to)
            messages.add_entry(connection, number, event.at, "assigned", event.by, to=to)
        case events.Tagged():
            _tags(intake, event, number)
        case events.PrioritySet():
            if not _ours_is_under_way(intake, number, ("priority",)):
                update(connection, "conversation", number, priority=event.priority)
            messages.add_entry(connection, number, event.at, "priority", event.by, priority=event.priority)
        case events.Handoff():
            messages.add_entry(connection, number, event.at, "handoff", event.by)
        case events.Rated():
            messages.add_entry(
                connection,
                number,
                event.at,
                "rated",
                event.by,
                score=event.score,
                scale=event.scale,
                text=event.text,
            )


def _as_me(intake: "Intake", event: events.Assigned) -> Person | None:
    to = event.to
    if to is not None and to.handle.casefold() in intake.settings.agent_addresses:
        return replace(to, me=True)
    return to


def _ours_is_under_way(intake: "Intake", number: int, types: tuple[str, ...]) -> bool:
    """While our change is unsettled, the server's older word goes to the history alone."""
    return outbox.unsettled(intake.connection, number, types) is not None


def _status(intake: "Intake", event: events.StatusSet, number: int) -> None:
    connection = intake.connection
    row = one(connection, "SELECT * FROM conversation WHERE id = ?", number)
    assert row is not None
    intake.touched[number] = None
    reads = status.now_reads(state_of(row).status, row["snoozed_until"], intake.now)
    same = reads == event.status and (event.status != "snoozed" or row["snoozed_until"] == event.until)
    if same and row["settled"]:
        return
    newest = messages.newest_inbound(connection, number)
    basis = newest["at"] if newest is not None else 0
    if not same:
        messages.add_entry(
            connection,
            number,
            event.at,
            ENTRY[event.status],
            event.by,
            why="channel",
            until=event.until,
            pending_for=event.pending_for,
            basis=basis,
        )
    if _ours_is_under_way(intake, number, _STATUS_WORK):
        return
    update(
        connection,
        "conversation",
        number,
        status=event.status,
        status_basis=basis,
        settled=1,
        snoozed_until=event.until if event.status == "snoozed" else None,
        snooze_firm=int(event.status == "snoozed" and not event.until_reply),
        pending_for=event.pending_for,
    )


def _note(intake: "Intake", event: events.NoteSeen, number: int) -> None:
    if event.id and messages.by_remote(intake.connection, intake.account, event.id) is not None:
        return
    by = event.by or Person()
    message = insert(
        intake.connection,
        "message",
        conversation=number,
        remote=event.id,
        direction="note",
        at=event.at,
        name=by.name,
        handle=by.handle,
        mine=int(by.me or by.handle.casefold() in intake.settings.agent_addresses),
        text=event.text,
    )
    messages.add_ids(intake.connection, intake.account, message, (event.id,))
    intake.texts[message] = indexed(event.text)


def _tags(intake: "Intake", event: events.Tagged, number: int) -> None:
    connection = intake.connection
    if not _ours_is_under_way(intake, number, ("tag",)):
        if event.tags is not None:
            connection.execute("DELETE FROM tag WHERE conversation = ?", (number,))
        set_tags(intake.connection, number, event.tags or event.add, event.remove)
    messages.add_entry(
        connection,
        number,
        event.at,
        "tagged",
        event.by,
        add=list(event.tags if event.tags is not None else event.add),
        remove=list(event.remove),
    )


def set_tags(connection: Connection, number: int, add: tuple[str, ...], remove: tuple[str, ...]) -> None:
    """Add and remove tags of a conversation."""
    connection.executemany(
        "INSERT OR IGNORE INTO tag (conversation, tag) VALUES (?, ?)", [(number, tag) for tag in add]
    )
    connection.executemany(
        "DELETE FROM tag WHERE conversation = ? AND tag = ?", [(number, tag) for tag in remove]
    )
