"""A message that arrives: is it known, whose is it, and which conversation does it belong to?"""

import hashlib
import json
import os
from typing import TYPE_CHECKING

from tuidesk.domain import events, status
from tuidesk.domain.instants import DAY, Instant
from tuidesk.domain.model import Person
from tuidesk.domain.searchable import indexed
from tuidesk.store import contacts, messages
from tuidesk.store.accounts import person_json
from tuidesk.store.sql import Connection, Row, insert, one, scalar, update
from tuidesk.wire.mime.subject import thread_subject

if TYPE_CHECKING:
    from tuidesk.desk.ingest import Intake

Arrival = events.Received | events.Sent

BY_SUBJECT: Instant = 30 * DAY
"""How long a conversation can be continued by subject and correspondent alone."""


def by_remote(connection: Connection, account: str, remote: str) -> int | None:
    """The conversation that the account's channel calls `remote`."""
    found = scalar(
        connection, "SELECT id FROM conversation WHERE account = ? AND remote = ?", account, remote
    )
    return None if found is None else int(found)


def known(connection: Connection, account: str, event: Arrival) -> int | None:
    """The message this is a repeat of.

    Where a digest is given, ids may repeat and lie, and a digest is no proof either (two alerts of one second): only
    both together make two messages one, unless the known one has no digest (our own, not seen on the channel before).
    """
    if event.digest is not None:
        same = messages.by_remote(connection, account, _digest_id(event))
        if same is not None:
            return same
    for id_ in (event.id, *event.ids):
        found = messages.by_remote(connection, account, id_) if id_ else None
        if found is not None and (event.digest is None or not _has_digest(connection, found)):
            return found
    return None


def _digest_id(event: Arrival) -> str:
    return f"digest:{event.digest}:{event.id or ''}"


def _has_digest(connection: Connection, message: int) -> bool:
    return any(id_.startswith("digest:") for id_ in messages.ids_of(connection, message))


def again(intake: "Intake", event: Arrival, message: int) -> None:
    """A repeat: its ids are remembered; a mail back in the inbox counts as such on a first sync."""
    learn_ids(intake, event, message)
    row = messages.get(intake.connection, message)
    if row is not None and intake.first_sync and event.in_inbox and isinstance(event, events.Received):
        update(intake.connection, "conversation", row["conversation"], in_inbox=1)
        intake.touched[int(row["conversation"])] = None


def learn_ids(intake: "Intake", event: Arrival, message: int) -> None:
    """Remember every name the channel has for a message."""
    digest = _digest_id(event) if event.digest is not None else None
    messages.add_ids(intake.connection, intake.account, message, (digest, event.id, *event.ids))


def store(intake: "Intake", event: Arrival) -> int:
    """A new message: its row, its ids, its conversation's status."""
    number = _conversation(intake, event)
    message = _insert(intake, event, number)
    learn_ids(intake, event, message)
    messages.add_attachments(intake.connection, message, event.attachments)
    intake.touched[number] = None
    settled = scalar(intake.connection, "SELECT settled FROM conversation WHERE id = ?", number)
    if settled or not intake.first_sync:
        _move_status(intake, event, number)
    elif isinstance(event, events.Received):
        newest = scalar(
            intake.connection,
            "SELECT max(at) FROM message WHERE conversation = ? AND direction = 'in'",
            number,
        )
        if event.at >= (newest or 0):
            update(intake.connection, "conversation", number, in_inbox=int(event.in_inbox))
    return message


def _insert(intake: "Intake", event: Arrival, number: int) -> int:
    text = event.text
    if text is None and event.html is not None:
        from tuidesk.wire.html import to_text  # only channels that give HTML alone pay for the parser

        text = to_text(event.html).text
    inbound = isinstance(event, events.Received)
    about = None
    if event.kind in ("bounce", "auto"):
        about = next(
            (
                m
                for ref in reversed(event.refs)
                if (m := messages.by_remote(intake.connection, intake.account, ref))
            ),
            None,
        )
    sender = event.sender
    message = insert(
        intake.connection,
        "message",
        conversation=number,
        remote=event.id,
        direction="in" if inbound else "out",
        kind=event.kind if event.kind != "person" or inbound else sender.kind,
        at=event.at,
        name=sender.name,
        handle=sender.handle,
        mine=int(not inbound and (sender.me or sender.handle.casefold() in intake.settings.agent_addresses)),
        text=text or "",
        html=event.html,
        subject=event.subject or "",
        people=messages.people_json(to=event.to, cc=event.cc, reply_address=event.reply_address),
        reply_to=event.reply_to,
        visibility=event.visibility,
        body_size=event.body.size if event.body else None,
        body_ref=event.body.ref if event.body else None,
        source=_keep_source(intake, event.source) if event.source is not None else None,
        remote_images=event.remote_images,
        state="" if inbound else "sent",
        about=about,
        extra=extra_json(event),
    )
    intake.texts[message] = indexed(f"{event.subject or ''}\n{sender.name} {sender.handle}\n{text or ''}")
    return message


def extra_json(event: events.Event) -> str:
    """What the vocabulary does not know of an event, as the JSON object that `export` writes again."""
    return "{" + ", ".join(f"{json.dumps(name)}: {text}" for name, text in event.extra) + "}"


def _keep_source(intake: "Intake", raw: bytes) -> str:
    """Keep raw bytes in a file of their own, named by what they are, so that a repeat is the same file."""
    name = hashlib.sha256(raw).hexdigest()
    path = intake.sources / name
    if not path.exists():
        fresh = path.with_suffix(".new")
        descriptor = os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            fresh.rename(path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
    return name


def _conversation(intake: "Intake", event: Arrival) -> int:
    """The conversation a message belongs to: the channel's word, else the thread's ids, else the subject, else new."""
    connection, account = intake.connection, intake.account
    if event.conversation is not None:
        found = by_remote(connection, account, event.conversation)
        return found if found is not None else _new(intake, event)
    for ref in (event.reply_to, *reversed(event.refs)):
        message = messages.by_remote(connection, account, ref) if ref else None
        if message is not None:
            return int(scalar(connection, "SELECT conversation FROM message WHERE id = ?", message))
    if event.by_subject and isinstance(event, events.Received):
        joined = _by_subject(connection, account, event)
        if joined is not None:
            return joined
    return _new(intake, event)


def _by_subject(connection: Connection, account: str, event: events.Received) -> int | None:
    folded = thread_subject(event.subject or "")
    if not folded:
        return None
    found = scalar(
        connection,
        "SELECT id FROM conversation WHERE account = ? AND thread_subject = ? AND handle = ? "
        "AND last_at BETWEEN ? AND ? ORDER BY last_at DESC LIMIT 1",
        account,
        folded,
        (event.reply_address or event.sender.handle).casefold(),
        event.at - BY_SUBJECT,
        event.at + BY_SUBJECT,
    )
    return None if found is None else int(found)


def _new(intake: "Intake", event: Arrival) -> int:
    customer = event.sender
    if isinstance(event, events.Sent):
        customer = event.to[0] if event.to else Person()
    elif event.reply_address and event.kind == "person":
        customer = Person(customer.name, event.reply_address)
    return make(
        intake.connection,
        intake.account,
        medium=event.medium,
        customer=customer,
        remote=event.conversation,
        subject=event.subject or "",
        by_subject=event.by_subject,
        visibility=event.visibility,
        at=event.at,
        status="open" if isinstance(event, events.Received) else intake.settings.after_reply,
        settled=not intake.first_sync,
        in_inbox=event.in_inbox,
    )


def make(
    connection: Connection,
    account: str,
    *,
    medium: str,
    customer: Person,
    remote: str | None,
    subject: str,
    by_subject: bool,
    visibility: str,
    at: Instant,
    status: str,
    settled: bool,
    in_inbox: bool = True,
    parent: int | None = None,
) -> int:
    """A new conversation; its number."""
    contact = contacts.find_or_make(connection, account, medium, customer.handle, customer.name, at)
    return insert(
        connection,
        "conversation",
        account=account,
        remote=remote,
        medium=medium,
        contact=contact,
        handle=customer.handle.casefold(),
        subject=subject,
        thread_subject=thread_subject(subject) if by_subject else "",
        status=status,
        settled=int(settled),
        visibility=visibility,
        first_at=at,
        in_inbox=int(in_inbox),
        parent=parent,
    )


def state_of(row: Row) -> status.State:
    """As much of a conversation's row as the status table looks at."""
    return status.State(row["status"], row["status_basis"], row["snoozed_until"], bool(row["snooze_firm"]))


def _move_status(intake: "Intake", event: Arrival, number: int) -> None:
    """A person's message opens the conversation; a colleague's answer moves it on. The history says why."""
    connection = intake.connection
    row = one(connection, "SELECT * FROM conversation WHERE id = ?", number)
    assert row is not None
    state = state_of(row)
    if isinstance(event, events.Received):
        if event.kind != "person":
            return
        reads = status.now_reads(state.status, state.snoozed_until, intake.now)
        found = status.customer_wrote(state, event.at, intake.now)
        basis = max(state.basis, event.at)
        if found == "open" and reads != "open":
            messages.add_entry(connection, number, event.at, "reopened", None, why="customer", was=reads)
        if found != state.status:
            update(connection, "conversation", number, status=found, snoozed_until=None, pending_for=None)
        update(connection, "conversation", number, status_basis=basis, settled=1)
    elif event.kind == "person" and event.sender.kind == "person":
        found = status.colleague_wrote(state, event.at, intake.settings.after_reply)
        if found != state.status:
            by = person_json(event.sender)
            assert by is not None
            messages.add_entry(connection, number, event.at, found, event.sender, why="reply")
            update(connection, "conversation", number, status=found, settled=1)
