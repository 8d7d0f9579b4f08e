"""States that a channel reports: of a message (edited, delivered), of a conversation (status, tags, assignee)."""

import json
from dataclasses import replace

from tuidesk.desk import surveys
from tuidesk.desk.arrive import AWAKE, ENTRY, opens, state_of
from tuidesk.desk.intake import Intake
from tuidesk.domain import events, status
from tuidesk.domain.instants import SECOND, Instant
from tuidesk.domain.model import Person
from tuidesk.domain.searchable import indexed
from tuidesk.store import changes, merged, messages, outbox, told
from tuidesk.store.accounts import person_dict, person_from, person_json
from tuidesk.store.sql import Connection, Row, insert, one, scalar, update

_STATUS_WORK = ("complete", "reopen", "pending", "snooze")
_PRIORITY = "SELECT priority FROM conversation WHERE id = ?"
OfMessage = events.Edited | events.Deleted | events.Delivered
OfConversation = (
    events.StatusSet
    | events.NoteSeen
    | events.Assigned
    | events.Tagged
    | events.PrioritySet
    | events.Handoff
    | events.Terms
    | events.Rated
)


def about_message(intake: Intake, event: OfMessage, message: int) -> None:
    """A message was edited, deleted, delivered, read, or came back."""
    connection = intake.connection
    row = messages.get(connection, message)
    assert row is not None
    number = int(row["conversation"])
    intake.touched[number] = None
    match event:
        case events.Edited() if _stamp(intake, event) < (row["edited_at"] or 0):
            return  # the text is a newer one already
        case events.Edited():
            prior = row["prior"] if row["prior"] is not None else row["text"]
            update(
                intake.connection,
                "message",
                message,
                text=event.text,
                prior=prior,
                edited_at=_stamp(intake, event),
            )
            intake.texts[message] = indexed(event.text)
            connection.execute("UPDATE conversation SET sentiment_of = 0 WHERE sentiment_of = ?", (message,))
            if surveys.answer_changed(connection, message, event.text, _stamp(intake, event)):
                opens(intake, _stamp(intake, event), number)
        case events.Deleted():
            update(intake.connection, "message", message, deleted_at=event.at)
        case events.Delivered(state="failed"):
            _came_back(connection, row, event.at, event.reason or "")
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


def bounced(intake: Intake, bounce: int) -> None:
    """A bounce is a late failure of the letter it is about, with or without a report that says so as well."""
    connection = intake.connection
    row = messages.get(connection, bounce)
    about = messages.get(connection, row["about"]) if row is not None and row["about"] else None
    if row is not None and about is not None:
        intake.touched[int(about["conversation"])] = None
        _came_back(connection, about, row["at"], "")


def _came_back(connection: Connection, row: Row, at: Instant, reason: str) -> None:
    """A late failure: the reply is failed, and the conversation needs us again."""
    if row["direction"] != "out":
        return
    if row["state"] == "failed":
        if not row["reason"]:
            update(connection, "message", row["id"], reason=reason)
        return
    update(connection, "message", row["id"], state="failed", reason=reason)
    work = outbox.by_key(connection, row["key"]) if row["key"] else None
    if work is not None:
        if work["state"] in ("sending", "unknown"):
            outbox.set_state(connection, work, "failed", reason=reason)
        for waiting in outbox.going_with(connection, work, ("queued",)):
            if waiting["message"] is None:  # another part of the reply goes its own way
                outbox.set_state(connection, waiting, "dropped", reason=reason)
    if not surveys.void(connection, int(row["id"])):
        reopen(connection, int(row["conversation"]), at, "failed")


def reopen(connection: Connection, number: int, at: Instant, why: str, **data: object) -> None:
    """Move a conversation, and the thread that it is part of, to open, with the reason in the history.

    A completion that this takes back was none: the customer waits from where the wait began.
    """
    for part in merged.whole(connection, number):
        conversation = one(connection, "SELECT status, merged_into FROM conversation WHERE id = ?", part)
        if conversation is None or conversation["status"] == "open":
            continue
        _annul_completion(connection, part)
        along = {"along": conversation["merged_into"], "was": conversation["status"], **data}
        messages.add_entry(connection, part, at, "reopened", None, why=why, **along)
        update(connection, "conversation", part, status="open", settled=1, **AWAKE)


def _annul_completion(connection: Connection, number: int) -> None:
    """What is complete now turns out not to be."""
    connection.execute(
        "UPDATE entry SET undone_by = 0 WHERE id = ("
        "SELECT max(entry.id) FROM entry JOIN conversation ON conversation.id = entry.conversation "
        "WHERE conversation.id = ? AND status = 'complete' AND what = 'completed' AND undone_by IS NULL)",
        (number,),
    )


def status_by_refs(intake: Intake, event: events.StatusSet, known: list[int]) -> None:
    """A status told by messages: it is the conversation's where they name its newest customer message."""
    for number in dict.fromkeys(
        int(row["conversation"]) for m in known if (row := messages.get(intake.connection, m)) is not None
    ):
        newest = messages.newest_inbound_of(intake.connection, number)
        if newest is None or int(newest["id"]) in known:
            _status(intake, event, number)


def about_conversation(intake: Intake, event: OfConversation, number: int) -> None:
    """The channel's word on one of a conversation's fields."""
    connection = intake.connection
    intake.touched[number] = None
    match event:
        case events.StatusSet():
            _status(intake, event, number)
        case events.NoteSeen():
            _note(intake, event, number)
        case events.Assigned():
            _assigned(intake, event, number)
        case events.Tagged():
            _tags(intake, event, number)
        case events.PrioritySet():
            late = told.is_late(connection, number, "priority", _stamp(intake, event))
            if scalar(connection, _PRIORITY, number) == event.priority:
                return
            if not late and not _ours_is_under_way(intake, number, ("priority",)):
                update(connection, "conversation", number, priority=event.priority)
            messages.add_entry(connection, number, event.at, "priority", event.by, priority=event.priority)
        case events.Handoff():
            messages.add_entry(connection, number, event.at, "handoff", event.by)
        case events.Terms():
            _terms(intake, event, number)
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


def _terms(intake: Intake, event: events.Terms, number: int) -> None:
    """What holds there now: no news of its own, but the screen says it before anybody types."""
    if told.is_late(intake.connection, number, "terms", _stamp(intake, event)):
        return
    update(
        intake.connection,
        "conversation",
        number,
        refuses=event.refuses,
        window_told=event.window_ends,
        fields=json.dumps(dict(event.fields), ensure_ascii=False),
    )


def _assigned(intake: Intake, event: events.Assigned, number: int) -> None:
    """Whose it is now; what says again what is known is no news."""
    connection, to = intake.connection, _as_me(intake, event)
    late = told.is_late(connection, number, "assignee", _stamp(intake, event))
    kept = person_from(scalar(connection, "SELECT assignee FROM conversation WHERE id = ?", number))
    if _who(kept) == _who(to):
        return
    if not late and not _ours_is_under_way(intake, number, ("assign",)):
        update(connection, "conversation", number, assignee=person_json(to))
    said = None if to is None else person_dict(to)
    messages.add_entry(connection, number, event.at, "assigned", event.by, to=said)


def _who(person: Person | None) -> object:
    return None if person is None else person.me or person.handle.casefold() or person.name


def _as_me(intake: Intake, event: events.Assigned) -> Person | None:
    to = event.to
    if to is not None and to.handle.casefold() in intake.settings.agent_addresses:
        return replace(to, me=True)
    return to


def _ours_is_under_way(intake: Intake, number: int, types: tuple[str, ...]) -> bool:
    """While our change is unsettled, the server's older word goes to the history alone."""
    return outbox.unsettled(intake.connection, number, types) is not None


def _status(intake: Intake, event: events.StatusSet, number: int) -> None:
    connection = intake.connection
    row = one(connection, "SELECT * FROM conversation WHERE id = ?", number)
    assert row is not None
    intake.touched[number] = None
    stamp = _stamp(intake, event)
    late = event.conversation is not None and told.is_late(connection, number, "status", stamp)
    same = _says_the_same(row, event, intake.now)
    if same and row["settled"]:
        return
    newest = messages.newest_inbound(connection, number)
    basis = newest["at"] if newest is not None else 0
    if late or _is_overtaken(event, basis):
        _note_late(intake, event, number)
        return
    ours = outbox.unsettled(connection, number, _STATUS_WORK)
    entry = None
    if not same:
        meanwhile = ours["key"] if ours is not None else None
        entry = _add_entry(intake, event, number, basis=basis, meanwhile=meanwhile)
    if ours is not None:
        if entry is not None:
            update(connection, "entry", entry, undone_by=0)  # it is told, but it does not hold
        return
    _set(connection, number, event.status, basis, event.until, not event.until_reply, event.pending_for)
    if event.status == "open":
        reopen(
            connection, number, event.at, "channel"
        )  # a part that needs us opens the thread it is merged into


def _is_overtaken(event: events.StatusSet, newest: Instant) -> bool:
    """Has the customer written since? The message has opened what this would hide, whichever was told first.

    Only where the channel names the conversation: what it says by messages' ids an adapter may have stamped. Stamps
    of one second say nothing.
    """
    hides = event.status != "open" and (event.status != "snoozed" or event.until_reply)
    return event.conversation is not None and hides and event.at // 1000 < newest // 1000


def _note_late(intake: Intake, event: events.StatusSet, number: int) -> None:
    """What the channel said before what is known of it already: the history has it, where it belongs."""
    known = scalar(
        intake.connection,
        "SELECT max(at) FROM message WHERE conversation = ? AND direction = 'in' AND kind = 'person' AND at <= ?",
        number,
        event.at,
    )
    _add_entry(intake, event, number, basis=known or 0, late=True)


def _add_entry(intake: Intake, event: events.StatusSet, number: int, **data: object) -> int:
    return messages.add_entry(
        intake.connection,
        number,
        event.at,
        ENTRY[event.status],
        event.by,
        why="channel",
        until=event.until,
        firm=True if event.status == "snoozed" and not event.until_reply else None,
        pending_for=event.pending_for,
        **data,
    )


def _set(
    connection: Connection,
    number: int,
    status: str,
    basis: Instant,
    until: Instant | None,
    firm: bool,
    pending_for: str | None,
) -> None:
    update(
        connection,
        "conversation",
        number,
        status=status,
        status_basis=basis,
        settled=1,
        snoozed_until=until if status == "snoozed" else None,
        snooze_firm=int(status == "snoozed" and firm),
        pending_for=pending_for,
    )


def accept_noted(connection: Connection, number: int, key: str) -> bool:
    """Our change of the status, the work of `key`, has failed: the channel's newest word since then holds.

    False: the channel has said nothing.
    """
    entry = one(
        connection,
        "SELECT id, what, data FROM entry WHERE conversation = ? AND json_extract(data, '$.meanwhile') = ? "
        "ORDER BY id DESC LIMIT 1",
        number,
        key,
    )
    if entry is None:
        return False
    _annul_completion(connection, number)
    update(connection, "entry", entry["id"], undone_by=None)
    said = json.loads(entry["data"])
    became = next(status for status, what in ENTRY.items() if what == entry["what"])
    _set(
        connection,
        number,
        became,
        said["basis"],
        said.get("until"),
        bool(said.get("firm")),
        said.get("pending_for"),
    )
    return True


def _says_the_same(row: Row, event: events.StatusSet, now: Instant) -> bool:
    if status.now_reads(state_of(row).status, row["snoozed_until"], now) != event.status:
        return False
    match event.status:
        case "snoozed":
            return _is_same_second(row["snoozed_until"], event.until)
        case "pending":
            return bool(row["pending_for"] == event.pending_for)
    return True


def _is_same_second(one: Instant | None, other: Instant | None) -> bool:
    """Many a service keeps whole seconds: what it says of a snooze of ours is no other snooze."""
    if one is None or other is None:
        return one is other
    return one // SECOND == other // SECOND


def _note(intake: Intake, event: events.NoteSeen, number: int) -> None:
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
    changes.note(intake.connection, "message", message)
    intake.texts[message] = indexed(event.text)


def _tags(intake: Intake, event: events.Tagged, number: int) -> None:
    """The tags that change; a whole list says what is not in it as well."""
    connection = intake.connection
    before = tags_of(connection, number)
    after = (before if event.tags is None else set(event.tags)) | set(event.add)
    after -= set(event.remove)
    stamp = _stamp(intake, event)
    if event.tags is not None and told.has_newer(connection, number, "tags", stamp):
        return  # an older list: what it changed then is not known any more
    late = _tags_late(connection, event, number, before | after, stamp)
    add, remove = tuple(sorted(after - before)), tuple(sorted(before - after))
    if not add and not remove:
        return
    left = late | _tags_under_way(connection, number)
    set_tags(
        connection,
        number,
        tuple(tag for tag in add if tag not in left),
        tuple(tag for tag in remove if tag not in left),
    )
    messages.add_entry(connection, number, event.at, "tagged", event.by, add=list(add), remove=list(remove))


def _tags_late(
    connection: Connection, event: events.Tagged, number: int, tags: set[str], stamp: Instant
) -> set[str]:
    """Tags of which the channel has said something newer: of the tag itself, or in a whole list."""
    late: set[str] = set()
    if event.tags is not None:
        told.is_late(connection, number, "tags", stamp)
    elif told.has_newer(connection, number, "tags", stamp):
        late = set(tags)
    for tag in (*event.add, *event.remove):
        if told.is_late(connection, number, f"tag:{tag}", stamp):
            late.add(tag)
    return late | {tag for tag in tags if told.has_newer(connection, number, f"tag:{tag}", stamp)}


def _stamp(intake: Intake, event: events.Event) -> Instant:
    """For putting a channel's words in order. One that is stamped in the future is no newer than now: it would silence
    all that come after it."""
    return min(event.at, intake.now)


def _tags_under_way(connection: Connection, number: int) -> set[str]:
    """Tags that we change ourselves and the channel has not heard of yet: its word on others holds."""
    under_way = outbox.every_unsettled(connection, number, ("tag",))
    works = [outbox.outgoing(row) for row in under_way]
    return {tag for work in works for tag in (*work.add, *work.remove)}


def tags_of(connection: Connection, number: int) -> set[str]:
    """A conversation's tags."""
    return {
        str(row[0]) for row in connection.execute("SELECT tag FROM tag WHERE conversation = ?", (number,))
    }


def set_tags(connection: Connection, number: int, add: tuple[str, ...], remove: tuple[str, ...]) -> None:
    """Add and remove tags of a conversation."""
    connection.executemany(
        "INSERT OR IGNORE INTO tag (conversation, tag) VALUES (?, ?)", [(number, tag) for tag in add]
    )
    connection.executemany(
        "DELETE FROM tag WHERE conversation = ? AND tag = ?", [(number, tag) for tag in remove]
    )
