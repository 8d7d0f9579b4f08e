"""The whole desk as JSON lines: what the channels reported, in the vocabulary, and the desk's own history beside it.

Every line that stands for a row of ours has a `desk` object: numbers and book-keeping that only a desk needs, so that
`importing` can put the row back as it was. Contacts come first, then each conversation with its messages, its history,
its outbox and its drafts, by number. One conversation at a time is in memory.
"""

import json
from collections.abc import Generator, Iterator
from typing import Any

from tuidesk.desk.rows import BACK
from tuidesk.domain import events, vocabulary
from tuidesk.domain.events import Body
from tuidesk.domain.forms import write_person
from tuidesk.domain.instants import SECOND, Instant, rfc3339
from tuidesk.domain.model import Attachment, Person
from tuidesk.errors import NotFound
from tuidesk.store import exchange, handling
from tuidesk.store.sql import Connection, Row, snapshot
from tuidesk.words import say

Line = dict[str, Any]

STATUS_OF = {"completed": "complete", "reopened": "open", "pending": "pending"}
"""Entries that the vocabulary calls a `status`."""
_OWN_WORDS = frozenset(
    [
        "assigned",
        "tagged",
        "priority",
        "handoff",
        "rated",
        "snoozed",
        "undone",
        "starred",
        "muted",
        "spam",
        "merged",
        "split",
    ]
)
"""Entries whose type is their own name, and whose data are the line's fields."""
_PLAIN = ("add", "remove", "priority", "score", "scale", "text", "on", "into", "from", "gone")


def lines(connection: Connection, account: str | None = None) -> Generator[Line, None, None]:
    """Everything, or all of one account, as it stood when the first line was asked for."""
    with snapshot(connection):
        for row in exchange.contacts(connection, account):
            yield _contact(row)
        for row in exchange.links(connection, account):
            yield _link(row, {})
        for row in exchange.contact_notes(connection, account):
            yield _contact_note(row, {})
        for row in exchange.conversations(connection, account):
            yield from _conversation(connection, row)
            yield from (_handling(one, row) for one in handling.of(connection, (row["id"],)))
        yield from (_outbox(row, None) for row in exchange.work(connection, 0, account))
        if account is None:
            yield from (_draft(row, {}) for row in exchange.drafts(connection, 0))
        for of, event in exchange.parked(connection, account):
            yield {**event, "account": of, "desk": {}}


def of_conversation(connection: Connection, number: int) -> Iterator[Line]:
    """One of them: its head, messages, history, work and drafts; how long it took the agent is nobody else's.

    Raises:
        NotFound: there is none of that number.
    """
    row = exchange.conversation(connection, number)
    if row is None:
        raise NotFound(say("desk.no_conversation", n=number))
    return _conversation(connection, row)


def _contact(row: Row) -> Line:
    fields = json.loads(row["fields"])
    made: Line = {"type": "contact", "medium": row["medium"], "handle": row["shown"]}
    if row["name"]:
        made["name"] = row["name"]
    if fields:
        made["fields"] = fields
    if "/" in row["namespace"]:  # else the handle is the same person's everywhere
        made["account"] = row["namespace"].rpartition("/")[0]
    return {**made, "desk": {"n": row["id"], "since": rfc3339(row["since"])}}


def _link(row: Row, known: Line) -> Line:
    """`known`: by which conversation, where there is no handle to know one of them by."""
    desk = {"a": row["a"], "b": row["b"], **({"apart": True} if row["apart"] else {}), **known}
    return {"type": "contacts_merged", "id": f"link-{row['a']}-{row['b']}", "why": row["why"], "desk": desk}


def _contact_note(row: Row, known: Line) -> Line:
    made: Line = {"type": "contact_note", "id": f"contact-note-{row['id']}", "at": rfc3339(row["at"])}
    if row["by"] is not None:
        made["by"] = json.loads(row["by"])
    desk = _set(n=row["id"], contact=row["contact"], archived_at=_when(row["archived_at"]))
    return {**made, "text": row["text"], "desk": desk | known}


def _conversation(connection: Connection, row: Row) -> Iterator[Line]:
    number = int(row["id"])
    yield _head(connection, row)
    if not row["handle"]:
        known = {"conversation": number}
        for link in exchange.links_of_nobody(connection, row["contact"]):
            yield _link(link, known)
        for note in exchange.notes_of_nobody(connection, row["contact"]):
            yield _contact_note(note, known)
    names = exchange.ids(connection, number)
    files = exchange.attachments(connection, number)
    found = exchange.messages(connection, number)
    first = found[0]["remote"] if found else None
    for message in found:
        yield _message(row, message, names.get(message["id"], []), files.get(message["id"], []), first)
    remotes = {int(m["id"]): m["remote"] for m in found}
    for entry in exchange.entries(connection, number):
        yield _entry(row, entry, remotes)
    for work in exchange.work(connection, number, None):
        yield _outbox(work, row)
    for draft in exchange.drafts(connection, number):
        yield _draft(draft, _place(row))
    for use in exchange.canned_uses(connection, number):
        yield _canned_used(use, _place(row))


def _place(row: Row) -> Line:
    """Where a line belongs: account, and the conversation's own id on the channel if it has one."""
    return {"account": row["account"]} | ({"conversation": row["remote"]} if row["remote"] else {})


def _head(connection: Connection, row: Row) -> Line:
    made: Line = {
        "type": "conversation",
        "id": f"conversation-{row['id']}",
        "at": rfc3339(row["first_at"]),
        **_place(row),
        "medium": row["medium"],
        "handle": row["handle"],
        "subject": row["subject"],
        "status": row["status"],
        "pending_for": row["pending_for"],
        "snoozed_until": _when(row["snoozed_until"]),
        "snooze_firm": bool(row["snooze_firm"]),
        "assignee": None if row["assignee"] is None else json.loads(row["assignee"]),
        "priority": row["priority"],
        "visibility": row["visibility"],
        "tags": exchange.tags(connection, row["id"]),
        "starred": bool(row["starred"]),
        "muted": bool(row["muted"]),
        "spam": bool(row["spam"]),
        **_set(
            refuses=row["refuses"] or None,
            window_ends=_when(row["window_told"]),
            fields=json.loads(row["fields"]) or None,
        ),
    }
    made["desk"] = _set(
        n=row["id"],
        contact=row["contact"],
        name=None if row["handle"] else exchange.name_of(connection, row["contact"]),
        parent=row["parent"],
        merged_into=row["merged_into"],
        basis=_when(row["status_basis"] or None),
        settled=bool(row["settled"]),
        by_subject=row["thread_subject"] or None,
        back=BACK[row["woke"]] or None,
        seen=row["seen"] or None,
        away=None if row["in_inbox"] else True,
        awaits=exchange.awaited(connection, row["id"]) or None,
    )
    return made


def _message(conversation: Row, row: Row, names: list[str], files: list[Row], first: str | None) -> Line:
    made = (
        _note(conversation, row) if row["direction"] == "note" else _letter(conversation, row, names, files)
    )
    if "conversation" not in made and row["remote"] != first and first is not None:
        made["refs"] = [first]
    people = json.loads(row["people"])
    made |= {name: value for name, value in json.loads(row["extra"]).items() if name not in made}
    made["account"] = conversation["account"]
    made["desk"] = _set(
        n=row["id"],
        conversation=conversation["id"],
        mine=bool(row["mine"]) or None,
        state=row["state"] or None,
        reason=row["reason"],
        key=row["key"],
        basis=_when(row["basis"]),
        holding=bool(row["holding"]) or None,
        about=row["about"],
        bcc=people.get("bcc"),
        source=row["source"],
        digests=[name for name in names if name.startswith("digest:")] or None,
        prior=row["prior"],
        edited_at=_when(row["edited_at"]),
        deleted_at=_when(row["deleted_at"]),
    )
    return made


def _letter(conversation: Row, row: Row, names: list[str], files: list[Row]) -> Line:
    people = json.loads(row["people"])
    digests = [name for name in names if name.startswith("digest:")]
    said: dict[str, Any] = {
        "id": row["remote"],
        "at": row["at"],
        "medium": conversation["medium"] or "mail",
        "sender": Person(row["name"], row["handle"], bool(row["mine"])),
        "text": row["text"],
        "html": row["html"],
        "conversation": conversation["remote"],
        "subject": row["subject"] or None,
        "reply_to": row["reply_to"],
        "to": _people(people.get("to")),
        "cc": _people(people.get("cc")),
        "reply_address": people.get("reply_address"),
        "visibility": row["visibility"],
        "kind": row["kind"],
        "ids": tuple(name for name in names if name not in (*digests, row["remote"])),
        "digest": _digest(digests, row["remote"]),
        "body": Body(row["body_size"], row["body_ref"] or "") if row["body_size"] is not None else None,
        "attachments": tuple(Attachment(f["name"], f["size"], f["type"], f["ref"], f["alt"]) for f in files),
        "remote_images": row["remote_images"],
    }
    if row["direction"] == "in":
        return vocabulary.dump(events.Received(**said, by_subject=bool(conversation["thread_subject"])))
    return vocabulary.dump(events.Sent(**said, key=row["key"]))


def _digest(names: list[str], remote: str | None) -> str | None:
    """The digest that the message came with (`arrive` keeps it with the id it came under)."""
    end = f":{remote or ''}"
    return next((name[7:].removesuffix(end) for name in names if name.endswith(end)), None)


def _note(conversation: Row, row: Row) -> Line:
    by = Person(row["name"], row["handle"], bool(row["mine"]))
    made = vocabulary.dump(
        events.NoteSeen(id=row["remote"], at=row["at"], by=by, conversation="", text=row["text"])
    )
    del made["conversation"]
    return made | ({"conversation": conversation["remote"]} if conversation["remote"] else {})


def _entry(conversation: Row, row: Row, remotes: dict[int, str | None]) -> Line:
    what, data = str(row["what"]), json.loads(row["data"])
    made: Line = {"type": "entry", "id": f"entry-{row['id']}", "at": rfc3339(row["at"])}
    if row["by"] is not None:
        made["by"] = json.loads(row["by"])
    made |= _place(conversation)
    if what in STATUS_OF:
        made |= {"type": "status", "status": STATUS_OF[what]} | _set(**{"for": data.get("pending_for")})
        if conversation["remote"] is None and remotes.get(conversation["last_in"]):
            made["refs"] = [remotes[conversation["last_in"]]]
    elif what in _OWN_WORDS:
        made |= {"type": what} | {name: data[name] for name in _PLAIN if data.get(name) is not None}
        if what == "assigned":
            made["to"] = data.get("to")
        if what == "snoozed":
            made |= {"until": _when(data.get("until")), "until_reply": not data.get("firm", False)}
    elif what in ("delivered", "read"):
        made |= {"type": "delivered", "state": what, "message": remotes.get(data.get("message", 0))}
    else:
        made["what"] = what
    made["desk"] = _set(
        n=row["id"], conversation=conversation["id"], what=what, data=data, undone_by=row["undone_by"]
    )
    return made


def _outbox(row: Row, conversation: Row | None) -> Line:
    return {
        "type": "outbox",
        "id": row["key"],
        "at": rfc3339(row["at"]),
        "account": row["account"],
        **({} if conversation is None else _place(conversation)),
        "work": row["type"],
        "state": row["state"],
        "reason": row["reason"],
        "out": json.loads(row["out"]),
        "desk": _set(
            n=row["id"],
            conversation=row["conversation"],
            message=row["message"],
            attempt=row["attempt"],
            not_before=_when(row["not_before"] or None),
            waits_for=row["waits_for"],
            asked=bool(row["asked"]),
            last_seen=row["last_seen"],
            tried_at=_when(row["tried_at"]),
            maybe_left=bool(row["maybe_left"]) or None,
        ),
    }


def _draft(row: Row, place: Line) -> Line:
    return {
        "type": "draft",
        "id": f"draft-{row['id']}",
        "at": rfc3339(row["at"]),
        **place,
        "mode": row["mode"],
        "text": row["text"],
        "desk": _set(
            n=row["id"],
            conversation=row["conversation"],
            recipients=json.loads(row["recipients"]) or None,
            archived_at=_when(row["archived_at"]),
            began=row["began"] or None,
        ),
    }


def _canned_used(row: Row, place: Line) -> Line:
    return {
        "type": "canned_used",
        "id": f"canned-used-{row['id']}",
        "at": rfc3339(row["at"]),
        **place,
        "canned": row["canned"],
        "changed": bool(row["changed"]),
        "desk": _set(n=row["id"], conversation=row["conversation"], message=row["message"]),
    }


def _handling(row: Row, conversation: Row) -> Line:
    return {
        "type": "handling",
        "id": f"handling-{row['id']}",
        "at": rfc3339(row["start"]),
        "by": write_person(Person("", "", me=True)),
        **_place(conversation),
        "start": rfc3339(row["start"]),
        "stop": rfc3339(row["stop"]),
        "s": row["ms"] / SECOND,
        **({"reason": row["reason"]} if row["reason"] else {}),
        "desk": _set(n=row["id"], conversation=row["conversation"]),
    }


def _people(kept: list[dict[str, Any]] | None) -> tuple[Person, ...]:
    return tuple(Person(**person) for person in kept or ())


def _when(at: Instant | None) -> str | None:
    return None if at is None else rfc3339(at)


def _set(**fields: Any) -> Line:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value is not None}
