"""A message that arrives: is it known, whose is it, and which conversation does it belong to?"""

import hashlib
import json
import os

from tuidesk.desk import side, surveys
from tuidesk.desk.intake import Intake
from tuidesk.desk.rows import BACK
from tuidesk.domain import events, status
from tuidesk.domain.instants import DAY, Instant
from tuidesk.domain.model import Person
from tuidesk.domain.searchable import indexed
from tuidesk.domain.visibility import known as known_visibility
from tuidesk.store import changes, contacts, merged, messages
from tuidesk.store.sql import Connection, Row, insert, one, scalar, update
from tuidesk.wire.mime.subject import thread_subject

Arrival = events.Received | events.Sent
Seen = events.Sent | events.NoteSeen

BY_SUBJECT: Instant = 30 * DAY
"""How long a conversation can be continued by subject and correspondent alone."""
ENTRY = {"open": "reopened", "pending": "pending", "snoozed": "snoozed", "complete": "completed"}
"""What the history calls a move to each status."""
AWAKE: dict[str, object] = {"pending_for": None, "snoozed_until": None, "snooze_firm": 0}
"""What only a pending or snoozed conversation has."""


def by_remote(connection: Connection, account: str, remote: str) -> int | None:
    """The conversation that the account's channel calls `remote`."""
    found = scalar(
        connection, "SELECT id FROM conversation WHERE account = ? AND remote = ?", account, remote
    )
    return None if found is None else int(found)


def known(connection: Connection, account: str, event: Arrival) -> int | None:
    """The message this is a repeat of.

    Where a digest is given, ids may repeat and lie, and a digest is no proof either (two alerts of one second): only
    both together make two messages one, unless the known one has no digest (our own, not seen on the channel before)
    and went the same way.
    """
    if event.digest is not None:
        same = messages.by_remote(connection, account, _digest_id(event))
        if same is not None:
            return same
    for id_ in (event.id, *event.ids):
        found = messages.by_remote(connection, account, id_) if id_ else None
        if found is not None and (event.digest is None or _fits(connection, found, event)):
            return found
    return None


def _fits(connection: Connection, message: int, event: Arrival) -> bool:
    direction = scalar(connection, "SELECT direction FROM message WHERE id = ?", message)
    same_way = direction == ("in" if isinstance(event, events.Received) else "out")
    return same_way and not any(id_.startswith("digest:") for id_ in messages.ids_of(connection, message))


def _digest_id(event: Arrival) -> str:
    return f"digest:{event.digest}:{event.id or ''}"


def again(intake: Intake, event: Arrival, message: int) -> None:
    """A repeat: its ids are remembered; a mail back in the inbox counts as such on a first sync."""
    learn_ids(intake.connection, intake.account, event, message)
    row = messages.get(intake.connection, message)
    if row is not None and intake.first_sync and event.in_inbox and isinstance(event, events.Received):
        update(intake.connection, "conversation", row["conversation"], in_inbox=1)
        intake.touched[int(row["conversation"])] = None


def learn_ids(connection: Connection, account: str, event: Arrival, message: int) -> None:
    """Remember every name the channel has for a message."""
    digest = _digest_id(event) if event.digest is not None else None
    messages.add_ids(connection, account, message, (digest, event.id, *event.ids))


def learn(connection: Connection, account: str, event: Seen, message: Row) -> None:
    """What an echo says of a message of ours: the channel's names for it and for its conversation."""
    if isinstance(event, events.Sent):
        learn_ids(connection, account, event, int(message["id"]))
    else:
        messages.add_ids(connection, account, int(message["id"]), (event.id,))
    if event.conversation:
        name(connection, int(message["conversation"]), event.conversation)


def name(connection: Connection, number: int, remote: str) -> None:
    """The channel calls a conversation of ours `remote`, unless it has told another name before."""
    connection.execute(
        "UPDATE OR IGNORE conversation SET remote = ? WHERE id = ? AND remote IS NULL", (remote, number)
    )


def store(intake: Intake, event: Arrival) -> int:
    """A new message: its row, its ids, its conversation's status."""
    number = _conversation(intake, event)
    message = _insert(intake, event, number)
    changes.note(intake.connection, "message", message)
    learn_ids(intake.connection, intake.account, event, message)
    _await_refs(intake, event, number)
    messages.add_attachments(intake.connection, message, event.attachments)
    intake.touched[number] = None
    settled = scalar(intake.connection, "SELECT settled FROM conversation WHERE id = ?", number)
    if settled or not intake.first_sync:
        if not surveys.take_answer(intake, event, number, message):
            _move_status(intake, event, number)
    elif isinstance(event, events.Received):
        intake.connection.execute(
            "UPDATE conversation SET in_inbox = NOT in_inbox WHERE id = ? AND in_inbox <> ? AND NOT EXISTS "
            "(SELECT 1 FROM message WHERE conversation = ? AND direction = 'in' AND at > ?)",
            (number, int(event.in_inbox), number, event.at),
        )
    return message


def _not_before(intake: Intake, at: Instant, about: int) -> Instant:
    """A bounce of the second in which its letter left stands behind it: many a server stamps whole seconds."""
    left = int(scalar(intake.connection, "SELECT at FROM message WHERE id = ?", about))
    return left if left // 1000 == at // 1000 else at


def _insert(intake: Intake, event: Arrival, number: int) -> int:
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
        kind=kind_of(event),
        at=event.at if about is None else _not_before(intake, event.at, about),
        name=sender.name,
        handle=sender.handle,
        mine=int(not inbound and (sender.me or sender.handle.casefold() in intake.settings.agent_addresses)),
        text=text or "",
        html=event.html,
        subject=event.subject or "",
        people=messages.people_json(to=event.to, cc=event.cc, reply_address=event.reply_address),
        reply_to=event.reply_to,
        visibility=known_visibility(event.visibility),
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


def kind_of(event: Arrival) -> str:
    """What a message counts as: its own kind, else that of whoever wrote it (a customer is no bot of ours)."""
    if event.kind == "person" and (event.sender.kind == "auto" or isinstance(event, events.Sent)):
        return event.sender.kind
    return event.kind


def _keep_source(intake: Intake, raw: bytes) -> str:
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


def _conversation(intake: Intake, event: Arrival) -> int:
    """The conversation a message belongs to: the channel's word, else the thread's ids, else the subject, else new."""
    connection, account = intake.connection, intake.account
    if event.conversation is not None:
        found = by_remote(connection, account, event.conversation)
        return found if found is not None else _new(intake, event)
    joined = by_refs(connection, account, event)
    if joined is None:
        joined = _by_awaited(connection, account, event)
    if joined is None and event.by_subject:
        joined = _by_subject(connection, account, event)
    if joined is None:
        return _new(intake, event)
    if intake.first_sync:
        _lead(intake, event, joined)
    return joined


def by_refs(connection: Connection, account: str, event: Arrival) -> int | None:
    """The conversation of the newest message that this one refers to and that is known."""
    for ref in (event.reply_to, *reversed(event.refs)):
        message = messages.by_remote(connection, account, ref) if ref else None
        if message is not None:
            return int(scalar(connection, "SELECT conversation FROM message WHERE id = ?", message))
    return None


def _by_awaited(connection: Connection, account: str, event: Arrival) -> int | None:
    """The conversation whose messages have referred to this one, or to what it refers to, before that has come.

    A first sync is newest first: what the thread began with comes last.
    """
    for id_ in (event.id, *event.ids, event.reply_to, *reversed(event.refs)):
        found = scalar(
            connection, "SELECT min(conversation) FROM awaited WHERE account = ? AND id = ?", account, id_
        )
        if found is not None:
            return int(found)
    return None


def _await_refs(intake: Intake, event: Arrival, number: int) -> None:
    if event.conversation is not None:
        return
    connection, account = intake.connection, intake.account
    connection.executemany(
        "DELETE FROM awaited WHERE account = ? AND id = ?", [(account, id_) for id_ in (event.id, *event.ids)]
    )
    connection.executemany(
        "INSERT OR IGNORE INTO awaited (account, id, conversation) VALUES (?, ?, ?)",
        [
            (account, ref, number)
            for ref in (event.reply_to, *event.refs)
            if ref and messages.by_remote(connection, account, ref) is None
        ],
    )


def _lead(intake: Intake, event: Arrival, number: int) -> None:
    """Read newest first, a conversation is its earliest message's: that one says whose it is and about what."""
    row = one(intake.connection, "SELECT first_at, medium FROM conversation WHERE id = ?", number)
    customer = _customer(event)
    if row is None or event.at >= row["first_at"] or not customer.handle or kind_of(event) != "person":
        return
    contact = contacts.find_or_make(
        intake.connection, intake.account, row["medium"], customer.handle, customer.name, event.at
    )
    update(
        intake.connection,
        "conversation",
        number,
        first_at=event.at,
        contact=contact,
        handle=customer.handle.casefold(),
        subject=event.subject or "",
        thread_subject=thread_subject(event.subject or "") if event.by_subject else "",
    )


def _customer(event: Arrival) -> Person:
    """With whom we talk: who wrote, or asks for answers (Reply-To); for our own, to whom it went."""
    if isinstance(event, events.Sent):
        return event.to[0] if event.to else Person()
    if event.reply_address and event.kind == "person":
        return Person(event.sender.name, event.reply_address)
    return event.sender


# that a subject is not empty is said, too: only so does SQLite take the index, which has no others
BY_SUBJECT_QUERY = """
    SELECT id FROM conversation WHERE account = ? AND thread_subject = ? AND thread_subject <> '' AND handle = ?
    AND EXISTS (SELECT 1 FROM message WHERE message.conversation = conversation.id AND direction <> 'note'
                AND at BETWEEN ? AND ?)
    ORDER BY last_at DESC, id DESC LIMIT 1
"""


def _by_subject(connection: Connection, account: str, event: Arrival) -> int | None:
    folded, handle = thread_subject(event.subject or ""), _customer(event).handle.casefold()
    if not folded or not handle:
        return None
    found = scalar(
        connection,
        BY_SUBJECT_QUERY,
        account,
        folded,
        handle,
        event.at - BY_SUBJECT,
        event.at + BY_SUBJECT,
    )
    return None if found is None else int(found)


def _new(intake: Intake, event: Arrival) -> int:
    return make(
        intake.connection,
        intake.account,
        medium=event.medium,
        customer=_customer(event),
        remote=event.conversation,
        subject=event.subject or "",
        by_subject=event.by_subject,
        visibility=known_visibility(event.visibility),
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
        last_at=at,
        in_inbox=int(in_inbox),
        parent=parent,
    )


def state_of(row: Row) -> status.State:
    """As much of a conversation's row as the status table looks at."""
    return status.State(row["status"], row["status_basis"], row["snoozed_until"], bool(row["snooze_firm"]))


def _move_status(intake: Intake, event: Arrival, number: int) -> None:
    """A person's message opens the thread; a colleague's answer moves it on. The history says why."""
    if kind_of(event) != "person":
        return
    connection = intake.connection
    rows = [
        row
        for part in merged.whole(connection, number)
        if (row := one(connection, "SELECT * FROM conversation WHERE id = ?", part)) is not None
    ]
    if isinstance(event, events.Received):
        side.answered(intake, event, number)
        _their_words(intake, event.at, rows)
    else:
        for row in rows:
            _colleague_wrote(intake, event, row)


def opens(intake: Intake, at: Instant, number: int) -> None:
    """The customer's words of `at` turn out to be a message like any other: they open the thread as one does."""
    found = (
        one(intake.connection, "SELECT * FROM conversation WHERE id = ?", part)
        for part in merged.whole(intake.connection, number)
    )
    _their_words(intake, at, [row for row in found if row is not None])


def _their_words(intake: Intake, at: Instant, rows: list[Row]) -> None:
    kept = status.opens_nothing(bool(rows[0]["spam"]), bool(rows[0]["muted"]))
    for row in rows:
        if kept:
            _was_kept(intake, at, row, kept)
        else:
            _customer_wrote(intake, at, row)


def _was_kept(intake: Intake, at: Instant, row: Row, why: str) -> None:
    """A message that would have opened the conversation has not: the history says so, once until somebody acts."""
    connection, number, state = intake.connection, int(row["id"]), state_of(row)
    reads = status.now_reads(state.status, state.snoozed_until, intake.now)
    newest = scalar(
        connection, "SELECT what FROM entry WHERE conversation = ? ORDER BY id DESC LIMIT 1", number
    )
    if row["merged_into"] is None and reads != "open" and newest != "kept":
        messages.add_entry(connection, number, at, "kept", None, why=why, was=reads)
    update(connection, "conversation", number, status_basis=max(state.basis, at), settled=1)


def _note_waking(intake: Intake, row: Row) -> None:
    """A snooze that is over and that no process has ended yet: the history says so, before what comes now."""
    state = state_of(row)
    if state.status == "snoozed" and status.now_reads("snoozed", state.snoozed_until, intake.now) == "open":
        messages.add_entry(
            intake.connection, row["id"], row["snoozed_until"], "woke", None, along=row["merged_into"]
        )


def _customer_wrote(intake: Intake, at: Instant, row: Row) -> None:
    connection, number, state = intake.connection, int(row["id"]), state_of(row)
    reads = status.now_reads(state.status, state.snoozed_until, intake.now)
    found = status.customer_wrote(state, at, intake.now)
    _note_waking(intake, row)
    if found == "open" and reads != "open":
        along = row["merged_into"]
        messages.add_entry(connection, number, at, "reopened", None, why="customer", was=reads, along=along)
    if found != state.status:
        woke = (
            "customer" if reads == "snoozed" else "time" if state.status == "snoozed" else BACK[row["woke"]]
        )
        update(connection, "conversation", number, status=found, woke=BACK.index(woke), **AWAKE)
    basis = max(state.basis, at)
    update(connection, "conversation", number, status_basis=basis, settled=1)


def _colleague_wrote(intake: Intake, event: events.Sent, row: Row) -> None:
    connection, number, state = intake.connection, int(row["id"]), state_of(row)
    found = status.colleague_wrote(state, event.at, intake.settings.after_reply, intake.now)
    _note_waking(intake, row)
    if found != state.status:
        messages.add_entry(
            connection,
            number,
            event.at,
            ENTRY[found],
            event.sender,
            why="reply",
            basis=state.basis or None,
            along=row["merged_into"],
        )
        update(connection, "conversation", number, status=found, settled=1, **AWAKE)
