"""Event → rows: one transaction a batch. Apply's mirror.

What a channel reports is put where it belongs: a message is recognised by any of its ids, found its conversation,
and given to its contact; a state is taken over unless our own change of it is still on its way. An event that names
what is not known yet waits for it.
"""

import hashlib
import json
from dataclasses import dataclass, field, replace
from pathlib import Path

from tuidesk.desk import arrive, echo, states
from tuidesk.desk.summary import refresh
from tuidesk.domain import events, vocabulary
from tuidesk.domain.events import ChannelEvent
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Settings
from tuidesk.store import accounts, changes, contacts, messages, search
from tuidesk.store.sql import Connection, insert, update
from tuidesk.wire.channel import Batch


@dataclass(slots=True, kw_only=True)
class Intake:
    """What one transaction of ingest carries along."""

    connection: Connection
    account: str
    settings: Settings
    now: Instant
    first_sync: bool
    """The account has not caught up yet, so statuses follow from what is found, not from what happens."""
    sources: Path
    """Folder for raw bytes that must be kept."""
    touched: dict[int, None] = field(default_factory=dict)
    """Conversations to bring up to date."""
    texts: dict[int, str] = field(default_factory=dict)
    """Messages to index."""
    contacts: set[int] = field(default_factory=set)


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
    for event in batch.events:
        take(intake, event)
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
        update(connection, "account", account, caught_up=1)
        connection.execute("UPDATE conversation SET settled = 1 WHERE account = ?", (account,))
    changes.note(connection, "account", account)


def finish(intake: Intake) -> None:
    """Bring up to date what the events touched."""
    search.add(intake.connection, intake.texts.items())
    refresh(intake.connection, intake.touched, intake.now, first_sync=intake.first_sync)


def take(intake: Intake, event: ChannelEvent) -> None:
    """Store one event, or park it until what it names is there."""
    match event:
        case events.Received() | events.Sent():
            number = _arrival(intake, event)
            for name in (event.id, *event.ids, event.conversation and f"conversation:{event.conversation}"):
                if name and number is not None:
                    unpark(intake, name)
        case events.ContactSeen():
            _contact(intake, event)
        case events.Edited() | events.Deleted() | events.Delivered():
            message = messages.by_remote(intake.connection, intake.account, event.message)
            if message is None:
                park(intake, event.message, event)
            elif _is_new(intake, event):
                states.about_message(intake, event, message)
        case events.StatusSet() if event.conversation is None:
            known = [
                m for ref in event.refs if (m := messages.by_remote(intake.connection, intake.account, ref))
            ]
            if known:
                states.status_by_refs(intake, event, known)
            elif event.refs:
                park(intake, event.refs[-1], event)
        case _:
            assert event.conversation is not None
            number = arrive.by_remote(intake.connection, intake.account, event.conversation)
            if number is None:
                park(intake, f"conversation:{event.conversation}", event)
            elif _is_new(intake, event):
                states.about_conversation(intake, event, number)


def park(intake: Intake, waits_for: str, event: ChannelEvent) -> None:
    """Keep an event until what it names arrives."""
    insert(
        intake.connection,
        "parked",
        account=intake.account,
        waits_for=waits_for,
        event=json.dumps(vocabulary.dump(event), ensure_ascii=False),
    )


def unpark(intake: Intake, name: str) -> None:
    """What waited for `name` comes in now."""
    waiting = intake.connection.execute(
        "SELECT id, event FROM parked WHERE account = ? AND waits_for = ? ORDER BY id", (intake.account, name)
    ).fetchall()
    for row in waiting:
        intake.connection.execute("DELETE FROM parked WHERE id = ?", (row["id"],))
    for row in waiting:
        event = vocabulary.parse(json.loads(row["event"]))
        assert not isinstance(event, events.Cursor | events.Idle)
        take(intake, event)


def _is_new(intake: Intake, event: events.Event) -> bool:
    """An event with an id counts once; one without is recognised by its content."""
    name = event.id or "content:" + _content(event)
    cursor = intake.connection.execute(
        "INSERT OR IGNORE INTO remote_event (account, id) VALUES (?, ?)", (intake.account, name)
    )
    return cursor.rowcount == 1


def _content(event: events.Event) -> str:
    assert not isinstance(event, events.Received) or event.id is None
    kept = replace(event)
    text = json.dumps(vocabulary.dump(kept), sort_keys=True)  # type: ignore[arg-type] # every Event is a ChannelEvent
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _arrival(intake: Intake, event: events.Received | events.Sent) -> int | None:
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
        waits_for = echo.under_way(intake, event)
        if waits_for is not None:
            park(intake, waits_for, event)
            return None
    return arrive.store(intake, event)


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
