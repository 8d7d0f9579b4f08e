"""RT's JSON → events. Pure. Records: docs.bestpractical.com/rt/latest/RT/REST2.html.

A transaction is whatever happened to a ticket; those with a text (`Create`, `Correspond`, `Comment`) have attachments,
of which the first readable one is the text.
"""

from base64 import b64decode
from binascii import Error
from collections.abc import Sequence
from typing import NamedTuple

from tuidesk.domain.events import (
    Assigned,
    ChannelEvent,
    ContactSeen,
    NoteSeen,
    Received,
    Sent,
    StatusSet,
    Terms,
)
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Attachment, Person, Status
from tuidesk.wire.loose import Object, number, obj, objects, octets, text, when
from tuidesk.wire.loose import texts as texts_of

TEXTS = frozenset({"Create", "Correspond", "Comment"})
_OWNER = frozenset({"Set", "Take", "Give", "Steal", "Untake", "Force"})
_STATUSES: dict[str, Status] = {
    "new": "open",
    "open": "open",
    "stalled": "pending",
    "resolved": "complete",
    "rejected": "complete",
    "deleted": "complete",
}
"""Of RT's own lifecycle; a team can have others."""
NOBODY = "Nobody"
_MOST_TEXT = 1024 * 1024
"""Bytes; a longer text is a file."""


class Ticket(NamedTuple):
    """What its transactions do not say themselves."""

    id: str
    """Where it was merged into another one: that one's."""
    subject: str
    queue: str
    requestors: tuple[Person, ...]
    fields: tuple[tuple[str, str], ...]
    created: Instant


class Texts(NamedTuple):
    """What the attachments of a transaction say and hold."""

    text: str | None
    html: str | None
    files: tuple[Attachment, ...]


def person(user: Object, me: str = "") -> Person:
    """A user: handled by their address where they have one, as customers know each other."""
    name = text(user, "Name") or text(user, "id")
    handle = text(user, "EmailAddress") or name
    shown = text(user, "RealName") or ("" if name == handle else name)
    kind = "auto" if name == "RT_System" else "person"
    return Person(shown, handle, me=bool(me) and name == me, kind=kind)


def number_of(user: Object) -> str:
    """A user's number, which also stands in the links of a record that has little else; "" where it is not told."""
    links = (text(one, "id") for one in objects(user, "_hyperlinks") if text(one, "ref") == "self")
    return next(links, "") or text(user, "id")


def ticket(record: Object, requestors: Sequence[Object]) -> Ticket:
    """A ticket's record, and those of who asked."""
    queue = obj(record, "Queue")
    custom = {
        text(field, "name"): ", ".join(texts_of(field, "values")) for field in objects(record, "CustomFields")
    }
    known = {
        "queue": text(queue, "Name"),
        "priority": text(record, "Priority").removeprefix("0") or "",
        **custom,
    }
    return Ticket(
        text(record, "EffectiveId", "id") or text(record, "id"),
        text(record, "Subject"),
        text(queue, "Name"),
        tuple(map(person, requestors)),
        tuple((name, value) for name, value in known.items() if name and value),
        when(text(record, "Created"), 0),
    )


def terms(of: Ticket, at: Instant, transaction: str) -> Terms:
    """What else there is to know of the ticket."""
    return Terms(id=f"terms-{transaction}", at=at, conversation=of.id, fields=of.fields)


def contacts(of: Ticket, users: Sequence[Object]) -> list[ContactSeen]:
    """Who asked, as far as RT knows them."""
    names = ("Organization", "WorkPhone", "MobilePhone", "City", "Country", "Lang", "Timezone", "NickName")
    return [
        ContactSeen(
            medium="mail",
            handle=who.handle,
            name=who.name if who.name != who.handle else None,
            fields=tuple((name.lower(), text(user, name)) for name in names if text(user, name)),
        )
        for who, user in zip(of.requestors, users, strict=True)
    ]


def message_id(transaction: str) -> str:
    """Ours for a transaction's text."""
    return f"txn-{transaction}"


def said(transaction: Object, of: Ticket, texts: Texts, me: str, now: Instant) -> ChannelEvent:
    """A text: the customer's, one of ours to them, or a note."""
    creator = obj(transaction, "Creator")
    by, at = person(creator, me), when(text(transaction, "Created"), now)
    id_ = message_id(text(transaction, "id"))
    words = texts.text if texts.text is not None or texts.html is not None else ""
    if text(transaction, "Type") == "Comment":
        names = "".join(f"\n[{file.name}]" for file in texts.files)
        return NoteSeen(id=id_, at=at, by=by, conversation=of.id, text=(words or texts.html or "") + names)
    theirs = by.handle in {one.handle for one in of.requestors} or not (creator.get("Privileged") or by.me)
    make = Received if theirs else Sent
    return make(
        id=id_,
        at=at,
        medium="mail",
        sender=by,
        text=words,
        html=texts.html,
        conversation=of.id,
        subject=of.subject or None,
        to=() if theirs else of.requestors,
        kind="auto" if by.kind == "auto" else "person",
        attachments=texts.files,
    )


def happened(
    transaction: Object, of: Ticket, owner: Person | None, me: str, now: Instant, *, done: bool = False
) -> ChannelEvent | None:
    """What else happened: a status, an owner; None for what is none of the desk's.

    Args:
        owner: who `NewValue` is, where it is an owner.
        done: whether a status of a team's own, which only their RT understands, ends the work.
    """
    kind, field = text(transaction, "Type"), text(transaction, "Field")
    by, at = person(obj(transaction, "Creator"), me), when(text(transaction, "Created"), now)
    id_ = f"txn-{text(transaction, 'id')}"
    if is_status(transaction):
        status = _STATUSES.get(text(transaction, "NewValue"), "complete" if done else "open")
        return StatusSet(id=id_, at=at, by=by, conversation=of.id, status=status)
    if is_owner(transaction):
        return Assigned(id=id_, at=at, by=by, conversation=of.id, to=owner)
    if kind == "CustomField" or field == "Queue":
        return terms(of, at, text(transaction, "id"))
    return None


def is_status(transaction: Object) -> bool:
    return text(transaction, "Type") == "Status" or (
        text(transaction, "Type") == "Set" and text(transaction, "Field") == "Status"
    )


def is_of_their_own(transaction: Object) -> bool:
    """Whether it sets a status that RT itself does not come with."""
    return is_status(transaction) and text(transaction, "NewValue") not in _STATUSES


def is_owner(transaction: Object) -> bool:
    """Whether it says whose the ticket is now. (`SetWatcher` says the same once more.)"""
    return text(transaction, "Type") in _OWNER and text(transaction, "Field") == "Owner"


def texts(attachments: Sequence[Object], bodies: dict[str, Object]) -> Texts:
    """The text, and the files beside it.

    Args:
        bodies: the records with `Content` of those that can be read, by id.
    """
    plain: str | None = None
    html: str | None = None
    files: list[Attachment] = []
    for one in attachments:
        id_, kind, name = text(one, "id"), text(one, "ContentType"), text(one, "Filename")
        if kind.startswith("multipart/"):
            continue
        if name or id_ not in bodies:
            size = octets(one, "ContentLength")
            files.append(Attachment(name or f"part-{id_}", size, kind or "application/octet-stream", id_))
        elif kind == "text/html":
            html = html if html is not None else content(bodies[id_]).decode("utf-8", "replace")
        else:
            plain = (
                plain if plain is not None else content(bodies[id_]).decode("utf-8", "replace").rstrip("\n")
            )
    return Texts(plain, html, tuple(files))


def is_text(attachment: Object) -> bool:
    """Whether it is to be read, and not to be downloaded."""
    short = (number(attachment, "ContentLength") or 0) <= _MOST_TEXT
    return (
        short
        and text(attachment, "ContentType") in ("text/plain", "text/html")
        and not text(attachment, "Filename")
    )


def content(attachment: Object) -> bytes:
    """RT's Base64; as it stands there where it is none."""
    kept = text(attachment, "Content")
    try:
        return b64decode("".join(kept.split()), validate=True)
    except (Error, ValueError):
        return kept.encode()
