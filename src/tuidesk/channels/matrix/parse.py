"""What a homeserver says → events of ours. Pure; any field may be missing, of another type, or enormous."""

import re
from collections.abc import Iterator
from typing import Any

from tuidesk.channels.matrix.rooms import Room, medium_of, stamp
from tuidesk.domain import instants
from tuidesk.domain.events import (
    Assigned,
    ChannelEvent,
    Deleted,
    Delivered,
    Edited,
    Kind,
    PrioritySet,
    Received,
    Sent,
    StatusSet,
    Tagged,
)
from tuidesk.domain.instants import DAY, Instant
from tuidesk.domain.model import PRIORITIES, STATUSES, Attachment, Person
from tuidesk.wire.loose import Object, number, obj, octets, text
from tuidesk.words import say

SILENT = (
    "m.call.answer", "m.call.candidates", "m.call.hangup", "m.call.negotiate", "m.call.reject",
    "m.call.sdp_stream_metadata_changed", "m.call.select_answer", "m.key.verification.*", "m.typing",
    "org.matrix.call.*", "io.element.call.*",
)  # fmt: skip
"""What machines say to each other: not asked for. That somebody calls (`m.call.invite`) is."""
STATUS, ASSIGNEE, PRIORITY = "tuidesk.status", "tuidesk.assignee", "tuidesk.priority"
"""Types of the room's account data, which only clients of the same account see."""
TAG = "u."
"""Before a tag that a person has given (client-server API, room tagging)."""
_KEY = re.compile(r"[a-z0-9-]{1,48}")
_QUOTED = re.compile(r"\A> (?:<@|\* <@)[^\n]*\n(?:>[^\n]*\n)*\n")
"""What older clients put before a reply's own words, as a fallback."""
_QUOTED_HTML = re.compile(r"\A<mx-reply>.*?</mx-reply>", re.DOTALL)
_GEO = re.compile(r"geo:(-?[0-9.]+),(-?[0-9.]+)")


def of_timeline(event: Any, room: Room, now: Instant) -> tuple[ChannelEvent, ...]:
    """What one event of a room's timeline means; state is the room's own (`Room.take_state`)."""
    told = obj(event)
    if "state_key" in told:
        return ()
    content, kind = obj(told, "content"), text(told, "type")
    at, by = _at(told, now), room.person(text(told, "sender"))
    if kind == "m.room.redaction":
        gone = text(told, "redacts") or text(content, "redacts")
        return (Deleted(id=_id(told), at=at, by=by, message=gone),) if gone else ()
    relation = obj(content, "m.relates_to")
    edited = text(relation, "event_id") if relation.get("rel_type") == "m.replace" else ""
    if kind == "m.room.message" and edited:
        said = _text(obj(content, "m.new_content") or content, by)
        return (Edited(id=_id(told), at=at, by=by, message=edited, text=said),)
    return (_arrival(told, content, relation, room, at),)


def _arrival(told: Object, content: Object, relation: Object, room: Room, at: Instant) -> Received | Sent:
    """Somebody has said something, of whatever sort."""
    user, kind = text(told, "sender"), text(told, "type")
    customer = room.customer
    ours, automatic = room.us.wrote(user), content.get("msgtype") == "m.notice" or user in room.bots
    person = room.person(user, "bot" if automatic and ours else "person")
    redacted = "redacted_because" in obj(told, "unsigned")
    said, sort, files = _said(kind, content, relation, person, redacted=redacted)
    common: dict[str, Any] = {
        "id": _id(told),
        "at": at,
        "medium": medium_of(customer.handle if ours and customer else user),
        "sender": person,
        "text": said,
        "html": _html(content),
        "conversation": room.id,
        "reply_to": _answers(relation),
        "subject": room.facts.get("m.room.name") or None,
        "visibility": room.visibility,
        "attachments": files,
    }
    if ours:
        return Sent(
            **common,
            kind=sort,
            to=(customer,) if customer else (),
            key=key_of(told) if user == room.us.own else None,
        )
    return Received(**common, kind="auto" if automatic else sort)


def _id(told: Object) -> str | None:
    return text(told, "event_id") or None


def _at(told: Object, now: Instant) -> Instant:
    """The sender's server says when; one that lives far in the future, or at the beginning of time, does not."""
    at = stamp(told)
    return at if DAY < at <= now + DAY else now


def key_of(told: Object) -> str | None:
    """Our own key, which only the device that sent it gets back."""
    given = text(told, "unsigned", "transaction_id")
    return given if _KEY.fullmatch(given) else None


def _answers(relation: Object) -> str | None:
    """What it answers; in a thread the thread's beginning, where it answers nothing else."""
    answered = text(relation, "m.in_reply_to", "event_id")
    about = text(relation, "event_id")
    if relation.get("rel_type") == "m.thread" and (relation.get("is_falling_back") is True or not answered):
        return about or None
    return answered or about or None


def _said(
    kind: str, content: Object, relation: Object, person: Person, *, redacted: bool
) -> tuple[str, Kind, tuple[Attachment, ...]]:
    match kind:
        case _ if redacted and not content:
            return say("matrix.deleted"), "person", ()
        case "m.room.encrypted":
            return say("matrix.unreadable"), "person", ()
        case "m.reaction":
            return text(relation, "key") or _sort(kind), "reaction", ()
        case "m.call.invite":
            return say("matrix.call"), "person", ()
        case "m.room.message" | "m.sticker":
            return _text(content, person, kind), "person", _files(content)
        case "":
            return say("matrix.no_sort"), "unreadable", ()
    body = text(content, "body")
    return " ".join(filter(None, (_sort(kind), body))), "person", ()


def _text(content: Object, person: Person, kind: str = "m.room.message") -> str:
    """The words of a message, and where there are none, a word in brackets for what it is."""
    body, sort = text(content, "body"), text(content, "msgtype")
    if obj(content, "m.relates_to", "m.in_reply_to"):
        body = _QUOTED.sub("", body, count=1)
    match sort:
        case "m.text" | "m.notice" if body:
            return body
        case "m.emote" if body:
            return f"* {person.name or person.handle} {body}"
        case "m.location":
            place = _GEO.match(text(content, "geo_uri"))
            where = say("matrix.location", where=f"{place[1]}, {place[2]}" if place else "")
            return " ".join(filter(None, (where, body)))
        case "m.image" | "m.file" | "m.audio" | "m.video":
            name = text(content, "filename") or body
            head = say("matrix.locked_file" if content.get("file") else "matrix.file", name=name or sort)
            return " ".join(filter(None, (head, body if body != name else "")))
    head = _sort(sort or kind)
    return " ".join(filter(None, (head, body)))


def _sort(kind: str) -> str:
    return say("matrix.sort", sort=kind.removeprefix("m."))


def _files(content: Object) -> tuple[Attachment, ...]:
    """The file of a message; one that only a key opens is none for us."""
    address = text(content, "url")
    if not address.startswith("mxc://"):
        return ()
    name = text(content, "filename") or text(content, "body")
    type_ = text(content, "info", "mimetype") or "application/octet-stream"
    return (Attachment(name or "file", octets(content, "info", "size"), type_, address),)


def _html(content: Object) -> str | None:
    if content.get("format") != "org.matrix.custom.html":
        return None
    return _QUOTED_HTML.sub("", text(content, "formatted_body")) or None


# --- what only clients of the same account see ---


def of_account_data(event: Any, room: Room, now: Instant) -> tuple[ChannelEvent, ...]:
    """What a colleague's tuidesk has set, on the same account; and the room's tags, by whatever client."""
    kind, content = text(event, "type"), obj(event, "content")
    if kind == "m.tag":
        given = tuple(
            name.removeprefix(TAG) for name in obj(content, "tags") if name.startswith(TAG) and name != TAG
        )
        return (Tagged(at=now, conversation=room.id, tags=given),)
    at, by = instants.clamp(number(content, "at") or 0), _colleague(content.get("by"))
    value = content.get("is")
    match kind:
        case "tuidesk.status" if value in STATUSES:
            until = number(content, "until")
            status = StatusSet(
                at=at,
                by=by,
                conversation=room.id,
                status=value,
                until=instants.clamp(until) if until else None,
                until_reply=content.get("until_reply") is not False,
                pending_for=text(content, "for") or None,
            )
            return (status,)
        case "tuidesk.assignee" if value is None or isinstance(value, dict):
            return (Assigned(at=at, by=by, conversation=room.id, to=_colleague(value)),)
        case "tuidesk.priority" if value in PRIORITIES:
            return (PrioritySet(at=at, by=by, conversation=room.id, priority=value),)
    return ()


def _colleague(value: Any) -> Person | None:
    person = Person(text(value, "name"), text(value, "handle"))
    return person if person.name or person.handle else None


def of_receipts(event: Any, room: Room) -> Iterator[Delivered]:
    """What those who are not us have read up to."""
    for message, kinds in obj(event, "content").items():
        for user, receipt in obj(kinds, "m.read").items():
            if not room.us.wrote(user):
                at = instants.clamp(number(receipt, "ts") or 0)
                yield Delivered(message=message, at=at, state="read", by=room.person(user))


def members(body: Any) -> dict[str, str]:
    """The answer of `joined_members` → who is there, with their names."""
    return {user: text(who, "display_name") for user, who in obj(body, "joined").items()}


def profile(body: Any) -> tuple[str, tuple[tuple[str, str], ...]]:
    """(name, fields) that somebody tells everybody; what they call a field is theirs but for the time zone."""
    told = {name: text(value) for name, value in obj(body).items()}
    called = {"m.tz": "timezone", "us.cloke.msc4175.tz": "timezone"}
    rest = {
        name: value for name, value in told.items() if value and name not in ("displayname", "avatar_url")
    }
    fields = {
        called.get(name, name.rpartition(".")[2]): value[:500] for name, value in list(rest.items())[:20]
    }
    return told.get("displayname", ""), tuple(fields.items())
