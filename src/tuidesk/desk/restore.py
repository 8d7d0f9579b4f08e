"""Lines of an export back into the rows they were: under their old numbers where those are free, else under new ones.

A conversation that this desk has already keeps its own state; only what it lacks is added to it.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tuidesk.desk import arrive, parked
from tuidesk.desk.exported import Group, Line, Loose, Numbers
from tuidesk.desk.exported_messages import (
    known_message,
    letter_in,
    message_known,
    of_letter,
    outgoing,
    searched,
    woke,
)
from tuidesk.desk.ingest import take
from tuidesk.desk.intake import Intake
from tuidesk.desk.restored_contacts import RestoredContacts
from tuidesk.desk.restored_handling import handled
from tuidesk.domain import events, forms
from tuidesk.domain.events import Received, Sent
from tuidesk.domain.forms import needed, one_of, part
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import PRIORITIES, STATUSES, Person
from tuidesk.domain.outgoing import UNSAFE
from tuidesk.domain.visibility import WIDENING
from tuidesk.errors import BadEvent
from tuidesk.store import changes, contacts, drafts, exchange, merged, messages, outbox
from tuidesk.store.accounts import person_json
from tuidesk.store.exchange import NAMES_CONVERSATION
from tuidesk.store.sql import Connection, update
from tuidesk.words import say

_STATE = one_of("queued", "sending", "sent", "failed", "unknown", "dropped")
_UNDER_WAY = ("queued", "sending")
_MODE = one_of("reply", "note", "start", "forward")


@dataclass(slots=True)
class _Under:
    """The conversation that is being put back."""

    intake: Intake
    number: int
    messages: dict[int, int] = field(default_factory=dict)
    entries: dict[int, int] = field(default_factory=dict)


class Restorer:
    """Puts exported lines back, for one import."""

    def __init__(self, *, fresh: bool, spool: Path) -> None:
        self._fresh = fresh
        self._spool = spool
        self._contacts = RestoredContacts(fresh=fresh)
        self._conversations = Numbers()
        self._merged: list[tuple[int, int]] = []
        """(conversation, old number of the one that it is shown in)."""
        self._naming: list[tuple[int, dict[str, int]]] = []
        """(entry, old numbers of conversations that it names)."""

    def finish(self, connection: Connection) -> list[int]:
        """What points to conversations that came later: merges, and entries that name one. Who has changed by it."""
        for entry, names in self._naming:
            now = {name: self._conversations.get(old) or 0 for name, old in names.items()}
            if now != names:
                exchange.name_conversations(connection, entry, now)
        touched = []
        for number, old in self._merged:
            into = self._conversations.get(old)
            if into is not None and merged.link(connection, number, into):
                touched += [number, merged.root(connection, number)]
        return touched

    def put(self, intake: Intake, item: Group | Loose) -> list[tuple[int, str]]:
        """Store one; (line, why) for what of it had to be left out."""
        try:
            if isinstance(item, Loose):
                self._loose(intake, item.obj)
                return []
            under = self._conversation(intake, item)
        except BadEvent as error:
            lines = [item.line, *(line for line, _ in item.lines)] if isinstance(item, Group) else [item.line]
            return [(line, str(error)) for line in lines]
        skipped = []
        for line, obj in item.lines:
            try:
                self._line(under, obj)
            except BadEvent as error:
                skipped.append((line, str(error)))
        self._undone(under, item)
        intake.touched[under.number] = None
        return skipped

    def _wanted(self, desk: Line) -> int | None:
        """The number a row had, where it may have it again."""
        return part(forms.read_count, desk, "n", "desk") if self._fresh else None

    # --- what belongs to no conversation -----------------------------------------------------------

    def _loose(self, intake: Intake, obj: Line) -> None:
        match obj.get("type"):
            case "contact":
                self._contacts.put(intake, obj)
            case "contacts_merged":
                self._contacts.link(intake.connection, obj)
            case "contact_note":
                self._contacts.note(intake.connection, obj)
            case "draft":
                self._draft(_Under(intake, 0), obj)
            case "outbox":
                self._outbox(_Under(intake, 0), obj)
            case kind:
                raise BadEvent(say("exchange.stray", type=ascii(kind)[:60]))

    # --- a conversation ----------------------------------------------------------------------------

    def _conversation(self, intake: Intake, group: Group) -> _Under:
        head, desk = group.head, group.head["desk"]
        old = needed(forms.read_count, desk, "n", "desk")
        remote = part(forms.read_id, head, "conversation", "conversation")
        number = self._known(intake, remote, group)
        if number is None:
            number = self._insert(intake, head, desk, remote)
        self._conversations.add(old, number)
        self._contacts.learn_nobody(intake.connection, head, number)
        return _Under(intake, number)

    def _known(self, intake: Intake, remote: str | None, group: Group) -> int | None:
        """The conversation that this desk has already: by the channel's id, else by one of its messages."""
        connection, account = intake.connection, intake.account
        if remote is not None:
            return arrive.by_remote(connection, account, remote)
        if self._fresh:
            return None
        for _, obj in group.lines:
            message = message_known(intake, obj)
            row = messages.get(connection, message) if message is not None else None
            if row is not None:
                return int(row["conversation"])
        return None

    def _insert(self, intake: Intake, head: Line, desk: Line, remote: str | None) -> int:
        connection = intake.connection
        medium = part(forms.read_text, head, "medium", "conversation") or ""
        handle = part(forms.read_text, head, "handle", "conversation") or ""
        at = needed(forms.read_when, head, "at", "conversation")
        contact = self._contacts.known(part(forms.read_count, desk, "contact", "desk"))
        if contact is None and handle:
            contact = contacts.find_or_make(connection, intake.account, medium, handle, "", at)
        elif contact is None:
            contact = self._contacts.nobody(connection, desk, at)
        parent = self._conversations.get(part(forms.read_count, desk, "parent", "desk"))
        number = exchange.put(
            connection,
            "conversation",
            self._wanted(desk),
            account=intake.account,
            remote=remote,
            medium=medium,
            contact=contact,
            handle=handle,
            first_at=at,
            settled=1,
            parent=parent,
            **_carried(head),
            **_of_the_desk(desk),
        )
        self._belongings(connection, intake.account, number, head)
        old = needed(forms.read_count, desk, "n", "desk")
        if parent is not None and old != number:
            exchange.name_linked(connection, parent, old, number)
        return number

    def _belongings(self, connection: Connection, account: str, number: int, head: Line) -> None:
        """What stands in other tables, and the link to what may come later."""
        desk = head["desk"]
        into = part(forms.read_count, desk, "merged_into", "desk")
        if into is not None:
            self._merged.append((number, into))
        tags = part(forms.listed(forms.read_text), head, "tags", "conversation") or ()
        connection.executemany(
            "INSERT OR IGNORE INTO tag (conversation, tag) VALUES (?, ?)", [(number, tag) for tag in tags]
        )
        awaits = part(forms.listed(forms.read_id), desk, "awaits", "desk") or ()
        exchange.add_awaited(connection, account, number, awaits)

    def _line(self, under: _Under, obj: Line) -> None:
        match obj.get("type"):
            case "received" | "sent" | "note":
                self._message(under, obj)
            case "outbox":
                self._outbox(under, obj)
            case "draft":
                self._draft(under, obj)
            case "canned_used":
                self._canned_used(under, obj)
            case "handling":
                handled(under.intake.connection, under.number, obj, self._wanted(obj["desk"]))
            case "contacts_merged":
                self._contacts.link(under.intake.connection, obj)
            case "contact_note":
                self._contacts.note(under.intake.connection, obj)
            case _:
                self._entry(under, obj)

    def _undone(self, under: _Under, group: Group) -> None:
        """What points to later rows: which entry annulled which, and how far the agent had looked."""
        connection = under.intake.connection
        for _, obj in group.lines:
            annulled = part(forms.read_count, obj["desk"], "undone_by", "desk")
            entry = under.entries.get(obj["desk"].get("n", 0))
            if annulled is not None and entry is not None and "what" in obj["desk"]:
                update(connection, "entry", entry, undone_by=under.entries.get(annulled, 0))
        seen = under.messages.get(group.head["desk"].get("seen", 0))
        if seen is not None:
            connection.execute(
                "UPDATE conversation SET seen = max(seen, ?) WHERE id = ?", (seen, under.number)
            )

    # --- messages ----------------------------------------------------------------------------------

    def _message(self, under: _Under, obj: Line) -> None:
        intake, desk = under.intake, obj.pop("desk")
        event = letter_in(obj)
        key = part(forms.read_id, desk, "key", "desk")
        known = known_message(intake, event, key) if key or not self._fresh else None
        number = known if known is not None else self._put_message(under, event, desk, key)
        under.messages[needed(forms.read_count, desk, "n", "desk")] = number
        if isinstance(event, Received | Sent):
            arrive.learn_ids(intake.connection, intake.account, event, number)
            names = part(forms.listed(forms.read_id), desk, "digests", "desk") or ()
            messages.add_ids(intake.connection, intake.account, number, names)
        else:
            messages.add_ids(intake.connection, intake.account, number, (event.id,))
        obj["desk"] = desk
        if not self._fresh and event.id:
            for waiting in parked.take(intake.connection, intake.account, event.id):
                take(intake, waiting)

    def _put_message(
        self, under: _Under, event: Received | Sent | events.NoteSeen, desk: Line, key: str | None
    ) -> int:
        letter = event if isinstance(event, Received | Sent) else None
        sender = letter.sender if letter is not None else event.by or Person()
        direction = "note" if letter is None else "in" if isinstance(letter, Received) else "out"
        state = part(_STATE.read, desk, "state", "desk") or ""
        about = part(forms.read_count, desk, "about", "desk")
        values: dict[str, Any] = {
            "conversation": under.number,
            "remote": event.id,
            "direction": direction,
            "at": event.at,
            "name": sender.name,
            "handle": sender.handle,
            "mine": int(bool(part(forms.read_flag, desk, "mine", "desk"))),
            "text": event.text or "",
            "prior": part(forms.read_text, desk, "prior", "desk"),
            "edited_at": part(forms.read_when, desk, "edited_at", "desk"),
            "deleted_at": part(forms.read_when, desk, "deleted_at", "desk"),
            "state": "unknown" if state in _UNDER_WAY else state,
            "reason": part(forms.read_text, desk, "reason", "desk"),
            "key": key,
            "basis": part(forms.read_when, desk, "basis", "desk"),
            "holding": int(bool(part(forms.read_flag, desk, "holding", "desk"))),
            "about": under.messages.get(about) if about is not None else None,
            "extra": arrive.extra_json(event),
        }
        if letter is not None:
            values |= of_letter(letter, part(forms.listed(forms.read_person), desk, "bcc", "desk") or ())
            source = part(forms.read_text, desk, "source", "desk") or ""
            if len(source) == 64 and set(source) <= set("0123456789abcdef"):
                values["source"] = source
        connection = under.intake.connection
        number = exchange.put(connection, "message", self._wanted(desk), **values)
        if letter is not None:
            messages.add_attachments(connection, number, letter.attachments)
        changes.note(connection, "message", number)
        under.intake.texts[number] = searched(letter, sender, event.text or "")
        return number

    # --- the history, the outbox, drafts -----------------------------------------------------------

    def _entry(self, under: _Under, obj: Line) -> None:
        connection, desk = under.intake.connection, obj["desk"]
        what = needed(forms.read_id, desk, "what", "desk")
        data = dict(part(forms.read_object, desk, "data", "desk") or {})
        at = needed(forms.read_when, obj, "at", "entry")
        by = part(forms.read_person, obj, "by", "entry")
        for name, numbers in (("message", under.messages), ("entry", under.entries)):
            if isinstance(old := data.get(name), int):
                data[name] = numbers.get(
                    old, old if self._fresh else 0
                )  # another part of a merged thread has it
        text = json.dumps(data, ensure_ascii=False)
        put = under.entries.values()
        number = None if self._fresh else exchange.entry(connection, under.number, at, what, text, put)
        if number is None:
            number = exchange.put(
                connection,
                "entry",
                self._wanted(desk),
                conversation=under.number,
                at=at,
                what=what,
                by=person_json(by),
                data=text,
            )
            named = {name: old for name in NAMES_CONVERSATION if isinstance(old := data.get(name), int)}
            if named:
                self._naming.append((number, named))
        under.entries[needed(forms.read_count, desk, "n", "desk")] = number

    def _outbox(self, under: _Under, obj: Line) -> None:
        """Work for a channel, never done again by itself: see `importing`."""
        connection, desk = under.intake.connection, obj["desk"]
        out = outgoing(needed(forms.read_object, obj, "out", "outbox"), self._spool)
        if outbox.by_key(connection, out.key) is not None:
            return
        state = needed(_STATE.read, obj, "state", "outbox")
        if state in _UNDER_WAY:
            state = "unknown" if out.type in UNSAFE else "dropped"
        message = part(forms.read_count, desk, "message", "desk")
        seen = part(forms.read_count, desk, "last_seen", "desk")
        exchange.put(
            connection,
            "outbox",
            self._wanted(desk),
            key=out.key,
            account=under.intake.account,
            conversation=under.number,
            message=under.messages.get(message) if message is not None else None,
            type=out.type,
            out=json.dumps(out.to_json(), ensure_ascii=False),
            state=state,
            attempt=part(forms.read_count, desk, "attempt", "desk") or 0,
            not_before=part(forms.read_when, desk, "not_before", "desk") or 0,
            reason=part(forms.read_text, obj, "reason", "outbox") or "",
            waits_for=part(forms.read_id, desk, "waits_for", "desk"),
            asked=int(state == "unknown" or bool(part(forms.read_flag, desk, "asked", "desk"))),
            last_seen=under.messages.get(seen) if seen is not None else None,
            at=needed(forms.read_when, obj, "at", "outbox"),
            tried_at=part(forms.read_when, desk, "tried_at", "desk"),
            maybe_left=int(state == "unknown" or bool(part(forms.read_flag, desk, "maybe_left", "desk"))),
        )

    def _canned_used(self, under: _Under, obj: Line) -> None:
        connection, desk = under.intake.connection, obj["desk"]
        canned = needed(forms.read_text, obj, "canned", "canned_used")
        at = needed(forms.read_when, obj, "at", "canned_used")
        if not self._fresh and exchange.canned_use(connection, under.number, canned, at) is not None:
            return
        message = part(forms.read_count, desk, "message", "desk")
        exchange.put(
            connection,
            "canned_use",
            self._wanted(desk),
            canned=canned,
            conversation=under.number,
            message=under.messages.get(message) if message is not None else None,
            at=at,
            changed=int(bool(part(forms.read_flag, obj, "changed", "canned_used"))),
        )

    def _draft(self, under: _Under, obj: Line) -> None:
        connection, number, desk = under.intake.connection, under.number, obj["desk"]
        mode = needed(_MODE.read, obj, "mode", "draft")
        archived: Instant | None = part(forms.read_when, desk, "archived_at", "desk")
        if archived is None and drafts.get(connection, number, mode) is not None:
            return  # what stands in this desk's composer is not to be written over
        # but files: their paths are those of the machine that wrote the line, or of whoever made it up
        at = needed(forms.read_when, obj, "at", "draft")
        text = needed(forms.read_text, obj, "text", "draft")
        if not self._fresh and exchange.draft(connection, number, mode, at, text) is not None:
            return
        recipients = part(forms.read_object, desk, "recipients", "desk") or {}
        exchange.put(
            connection,
            "draft",
            self._wanted(desk),
            conversation=number,
            mode=mode,
            text=text,
            recipients=json.dumps(
                {
                    k: v
                    for k, v in recipients.items()
                    if isinstance(v, str) or (k == "canned" and _are_pairs(v))
                },
                ensure_ascii=False,
            ),
            at=at,
            archived_at=archived,
            began=under.messages.get(part(forms.read_count, desk, "began", "desk") or 0, 0),
        )


def _carried(head: Line) -> dict[str, Any]:
    """What everybody's conversation carries, as columns."""
    flags = ("starred", "muted", "spam")
    return {
        "subject": part(forms.read_text, head, "subject", "conversation") or "",
        "status": needed(one_of(*STATUSES).read, head, "status", "conversation"),
        "pending_for": part(forms.read_text, head, "pending_for", "conversation"),
        "snoozed_until": part(forms.read_when, head, "snoozed_until", "conversation"),
        "snooze_firm": int(bool(part(forms.read_flag, head, "snooze_firm", "conversation"))),
        "assignee": person_json(part(forms.read_person, head, "assignee", "conversation")),
        "priority": part(one_of(*PRIORITIES).read, head, "priority", "conversation") or "normal",
        "visibility": part(one_of(*WIDENING).read, head, "visibility", "conversation") or "direct",
        "refuses": part(forms.read_text, head, "refuses", "conversation") or "",
        "window_told": part(forms.read_when, head, "window_ends", "conversation"),
        "fields": json.dumps(
            dict(part(forms.read_fields, head, "fields", "conversation") or ()), ensure_ascii=False
        ),
        **{flag: int(bool(part(forms.read_flag, head, flag, "conversation"))) for flag in flags},
    }


def _of_the_desk(desk: Line) -> dict[str, Any]:
    """What only a desk knows of one, as columns."""
    return {
        "thread_subject": part(forms.read_text, desk, "by_subject", "desk") or "",
        "status_basis": part(forms.read_when, desk, "basis", "desk") or 0,
        "woke": woke(desk),
        "in_inbox": int(not part(forms.read_flag, desk, "away", "desk")),
    }


def _are_pairs(value: object) -> bool:
    """Canned replies as a draft keeps them: (name, text) each, of a template its id and its values besides."""
    return isinstance(value, list) and all(
        isinstance(one, list)
        and len(one) in (2, 4)
        and all(isinstance(word, str) for word in one[:3])
        and (len(one) == 2 or _are_pairs(one[3]))
        for one in value
    )
