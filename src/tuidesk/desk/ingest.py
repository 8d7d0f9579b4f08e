"""Event → rows: one transaction a batch. Apply's mirror.

What a channel reports is put where it belongs: a message is recognised by any of its ids, found its conversation,
and given to its contact; a state is taken over unless our own change of it is still on its way. An event that names
what is not known yet waits for it.
"""

import hashlib
import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from tuidesk.desk import arrive, echo, parked, states
from tuidesk.desk.intake import Intake
from tuidesk.desk.summary import refresh
from tuidesk.domain import events, vocabulary
from tuidesk.domain.events import ChannelEvent
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Settings
from tuidesk.errors import StoreError
from tuidesk.store import accounts, changes, contacts, db, messages, search
from tuidesk.store.sql import Connection, update
from tuidesk.wire.channel import Batch

_log = logging.getLogger("tuidesk.ingest")

Told = TypeVar("Told", bound=states.OfConversation)
"""Somebody may have done it."""


def ingest(
    connection: Connection, account: str, batch: Batch, *, settings: Settings, now: Instant, sources: Path
) -> None:
    """Store a batch with its cursor. Runs inside the caller's transaction."""
    row = accounts.get(connection, account)
    assert row is not None, account
    intake = Intake(
        connection=connection,
        account=account,
        settings=settings,
        now=now,
        first_sync=not row["caught_up"],
        sources=sources,
    )
    _take_free(intake)
    for event in batch.events:
        take_or_keep(intake, event)
    finish(intake)
    update(
        connection,
        "account",
        account,
        cursor=row["cursor"] if batch.cursor is None else batch.cursor,
        state=row["state"] if batch.state is None else batch.state,
        heard_at=now,
        done=batch.progress.done if batch.progress else row["done"],
        total=batch.progress.total if batch.progress else row["total"],
    )
    if batch.caught_up and not row["caught_up"]:
        _caught_up(connection, account)
    changes.note(connection, "account", account)


def free(connection: Connection, account: str, *, settings: Settings, now: Instant, sources: Path) -> None:
    """Take in what has waited for a letter that is settled now. Runs inside the caller's transaction."""
    row = accounts.get(connection, account)
    if row is None or not parked.any_free(connection, account):
        return
    intake = Intake(
        connection=connection,
        account=account,
        settings=settings,
        now=now,
        first_sync=not row["caught_up"],
        sources=sources,
    )
    _take_free(intake)
    finish(intake)


def _take_free(intake: Intake) -> None:
    for event in parked.take(intake.connection, intake.account, parked.FREE):
        take_or_keep(intake, event, waited=True)


def _caught_up(connection: Connection, account: str) -> None:
    """The first sync is through: what its rules found stands, and a conversation they found complete was completed,
    so that the customer's next message begins a new wait."""
    connection.execute(
        "INSERT INTO entry (conversation, at, what, data) "
        "SELECT id, last_at, 'completed', json_object('why', 'first_sync', 'basis', status_basis) "
        "FROM conversation WHERE account = ? AND settled = 0 AND status = 'complete'",
        (account,),
    )
    connection.execute("UPDATE conversation SET settled = 1 WHERE account = ?", (account,))
    update(connection, "account", account, caught_up=1)


def finish(intake: Intake) -> None:
    """Bring up to date what the events touched."""
    search.add(intake.connection, intake.texts.items())
    refresh(intake.connection, intake.touched, intake.now, first_sync=intake.first_sync)


def take_or_keep(intake: Intake, event: ChannelEvent, *, waited: bool = False) -> None:
    """`take`, but an event that no code of ours can store is logged and kept aside: what follows it is not lost.

    Raises:
        StoreError: the store cannot serve, whatever the event.
    """
    connection = intake.connection
    texts, intake.texts = intake.texts, {}
    connection.execute("SAVEPOINT event")
    try:
        with db.translated():
            take(intake, event, waited=waited)
    except Exception as error:  # one poisonous event must not stop the next
        if isinstance(error, StoreError) and type(error) is not StoreError:
            raise
        connection.execute("ROLLBACK TO event")
        intake.texts.clear()
        _log.exception("%s: an event could not be stored, it is kept aside", intake.account)
        parked.park(connection, intake.account, parked.BROKEN, event)
    connection.execute("RELEASE event")
    texts.update(intake.texts)
    intake.texts = texts


def take(intake: Intake, event: ChannelEvent, *, waited: bool = False) -> None:
    """Store one event, or park it until what it names is there. `waited`: for our own letters it has waited."""
    connection, account = intake.connection, intake.account
    match event:
        case events.Received() | events.Sent():
            number = _arrival(intake, event, waited)
            if number is not None:
                _unpark(intake, event)
        case events.ContactSeen():
            _contact(intake, event)
        case events.Edited() | events.Deleted() | events.Delivered():
            message = messages.by_remote(connection, account, event.message)
            if message is None:
                parked.park(connection, account, event.message, event)
            elif _is_new(intake, event):
                states.about_message(intake, event, message)
        case events.StatusSet() if event.conversation is None:
            known = [m for ref in event.refs if (m := messages.by_remote(connection, account, ref))]
            if not known:
                parked.park(connection, account, event.refs[-1], event)
            elif _is_new(intake, event):
                states.status_by_refs(intake, _by_me(intake, event), known)
        case _:
            _about_conversation(intake, event, waited)


def _about_conversation(intake: Intake, event: states.OfConversation, waited: bool) -> None:
    assert event.conversation is not None
    number = arrive.by_remote(intake.connection, intake.account, event.conversation)
    if number is None:
        name = parked.conversation(event.conversation)
        parked.park(intake.connection, intake.account, name, event)
        return
    if isinstance(event, events.NoteSeen) and not waited:
        waits_for = echo.under_way(intake, event)
        if waits_for is not None:
            parked.park(intake.connection, intake.account, waits_for, event)
            return
    if _is_new(intake, event):
        states.about_conversation(intake, _by_me(intake, event), number)


def _unpark(intake: Intake, event: arrive.Arrival) -> None:
    """What waited for this message, or for its conversation, comes in now."""
    names = [name for name in (event.id, *event.ids) if name]
    if event.conversation:
        names.append(parked.conversation(event.conversation))
    for name in names:
        for waiting in parked.take(intake.connection, intake.account, name):
            take(intake, waiting)


def _is_new(intake: Intake, event: states.OfMessage | states.OfConversation) -> bool:
    """An event with an id counts once; one without is recognised by its content."""
    name = event.id or "content:" + _content(event)
    cursor = intake.connection.execute(
        "INSERT OR IGNORE INTO remote_event (account, id) VALUES (?, ?)", (intake.account, name)
    )
    return cursor.rowcount == 1


def _by_me(intake: Intake, event: Told) -> Told:
    """The agent is known by the addresses of the config: what they did elsewhere is theirs, as what they wrote is."""
    by = event.by
    if by is None or by.me or by.handle.casefold() not in intake.settings.agent_addresses:
        return event
    return replace(event, by=replace(by, me=True))


def _content(event: ChannelEvent) -> str:
    text = json.dumps(vocabulary.dump(event), sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _arrival(intake: Intake, event: arrive.Arrival, waited: bool) -> int | None:
    """A message: the number of its row, None where it is parked."""
    if event.id is None and event.digest is None:
        event = replace(event, id="content:" + _content(event))
    known = arrive.known(intake.connection, intake.account, event)
    if known is not None:
        arrive.again(intake, event, known)
        return known
    if isinstance(event, events.Sent):
        ours = echo.of_key(intake, event)
        if ours is not None:
            return ours
    if not waited and event.source is None:
        waits_for = echo.under_way(intake, event) if isinstance(event, events.Sent) else None
        waits_for = waits_for or echo.about_to_be_known(intake, event)
        if waits_for is not None:
            parked.park(intake.connection, intake.account, waits_for, event)
            echo.say_shown(intake, waits_for)
            return None
    message = arrive.store(intake, event)
    if event.kind == "bounce":
        states.bounced(intake, message)
    return message


def _contact(intake: Intake, event: events.ContactSeen) -> None:
    connection, account = intake.connection, intake.account
    contact = contacts.find_or_make(
        connection, account, event.medium, event.handle, event.name or "", intake.now
    )
    if event.fields:
        contacts.set_fields(connection, contact, event.fields)
    for medium, handle in event.same_as:
        other = contacts.find_or_make(connection, account, medium, handle, "", intake.now)
        contacts.link(connection, contact, other, f"same_as:{account}")
    changes.note(connection, "contact", contact)
