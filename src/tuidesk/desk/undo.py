"""The journal of steps and their inverses: an undo takes back what still stands as it was left, or says why not."""

from collections.abc import Mapping
from typing import Any

from tuidesk.config.schema import AccountKeys
from tuidesk.desk import settle
from tuidesk.desk.doing import WORK, Doing
from tuidesk.desk.states import set_tags
from tuidesk.desk.summary import refresh
from tuidesk.domain.commands import Done
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Settings
from tuidesk.errors import Refused
from tuidesk.store import drafts, journal, messages, outbox
from tuidesk.store.accounts import person_from
from tuidesk.store.sql import Connection, Row, scalar, update
from tuidesk.words import say

_Delivered = set[tuple[int, str]]
"""(conversation, type) of what the channel has carried out."""


def undo(
    connection: Connection,
    door: str,
    *,
    now: Instant,
    settings: Settings,
    accounts: Mapping[str, AccountKeys],
) -> Done:
    """Take back the newest step of this door.

    Raises:
        Refused: there is none, something of it has left and cannot be called back, or things have moved since.
    """
    step = journal.newest(connection, door)
    if step is None:
        raise Refused(say("desk.undo_nothing"))
    doing = Doing(
        connection=connection,
        now=now,
        settings=settings,
        accounts=accounts,
        step=int(step["id"]),
        door=door,
    )
    kept = journal.prior(step)
    work = connection.execute(
        "SELECT * FROM outbox WHERE step = ? ORDER BY id DESC", (step["id"],)
    ).fetchall()
    _refuse_what_left(work, step)
    _refuse_what_moved(doing, kept, step)
    delivered = _call_back(connection, work)
    for one in reversed(kept):
        _take_back(doing, one, delivered)
    journal.mark_undone(connection, int(step["id"]), now)
    refresh(connection, doing.touched, now)
    return Done(conversations=tuple(doing.touched), keys=tuple(doing.keys), words=step["words"])


def _refuse_what_left(work: list[Row], step: Row) -> None:
    """A message that may have reached the customer cannot be called back."""
    for row in work:
        if row["message"] is not None and row["state"] in ("sending", "sent", "unknown"):
            raise Refused(say("desk.undo_left", what=step["words"]))
        if row["message"] is not None and row["maybe_left"]:
            raise Refused(say("desk.maybe_left", what=step["words"]))


def _refuse_what_moved(doing: Doing, kept: list[dict[str, Any]], step: Row) -> None:
    for one in kept:
        if one["what"] in ("status", "assign", "priority"):
            row = doing.conversation(one["conversation"])
            if any(row[name] != value for name, value in one["left"].items()):
                raise Refused(say("desk.undo_moved", what=step["words"], n=one["conversation"]))


def _call_back(connection: Connection, work: list[Row]) -> _Delivered:
    """Drop what has not been tried yet; what the channel has carried out, or may have."""
    delivered = set()
    for row in work:
        if row["message"] is not None:
            continue
        if row["state"] == "queued":
            outbox.set_state(connection, row, "dropped", reason="undone")
        if row["state"] in ("sending", "sent") or (row["state"] == "queued" and row["attempt"]):
            delivered.add((int(row["conversation"]), str(row["type"])))
    return delivered


def _take_back(doing: Doing, one: dict[str, Any], delivered: _Delivered) -> None:
    """One kept piece of a step back to what it was; the channel gets the inverse of what it has carried out."""
    connection, number = doing.connection, int(one["conversation"])
    row = doing.conversation(number)
    match one["what"]:
        case "status":
            update(connection, "conversation", number, **one["prior"])
            if any((number, kind) in delivered for kind in WORK.values()):
                _tell_prior(doing, row, one["prior"])
        case "assign":
            update(connection, "conversation", number, **one["prior"])
            if (number, "assign") in delivered:
                doing.queue(
                    row, doing.state_work(row, "assign", assignee=person_from(one["prior"]["assignee"]))
                )
        case "priority":
            update(connection, "conversation", number, **one["prior"])
            if (number, "priority") in delivered:
                doing.queue(row, doing.state_work(row, "priority", priority=one["prior"]["priority"]))
        case "tag":
            add, remove = tuple(one["remove"]), tuple(one["add"])
            set_tags(connection, number, add, remove)
            if (number, "tag") in delivered:
                doing.queue(row, doing.state_work(row, "tag", add=add, remove=remove))
        case "message":
            _message_back(doing, one)
    if "entry" in one:
        annulled = messages.add_entry(
            connection, number, doing.now, "undone", doing.agent, entry=one["entry"]
        )
        update(connection, "entry", one["entry"], undone_by=annulled)
    doing.touched[number] = None


def _tell_prior(doing: Doing, row: Row, prior: dict[str, Any]) -> None:
    doing.tell_status(
        row,
        prior["status"],
        until=prior["snoozed_until"],
        firm=bool(prior["snooze_firm"]),
        pending_for=prior["pending_for"],
    )


def _message_back(doing: Doing, one: dict[str, Any]) -> None:
    """A message that has not left: out of the thread, its text the draft again."""
    connection = doing.connection
    row = connection.execute("SELECT * FROM outbox WHERE message = ?", (one["message"],)).fetchone()
    if row is not None:
        settle.take_back(connection, row, doing.now)
        return
    text = scalar(connection, "SELECT text FROM message WHERE id = ?", one["message"])
    if text is not None:
        drafts.restore(connection, one["conversation"], one["mode"], text, doing.now)
        settle.remove(connection, int(one["message"]))
