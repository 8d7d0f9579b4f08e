"""A message of Chatwoot's → what it means. Pure. Shapes: `app/views/api/v1/models/_message.json.jbuilder`."""

import mimetypes
import zlib
from typing import Any, Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from tuidesk.channels.chatwoot import activities
from tuidesk.channels.chatwoot.people import Us, colleague
from tuidesk.domain.events import (
    ChannelEvent,
    Deleted,
    Delivered,
    Edited,
    Kind,
    NoteSeen,
    Rated,
    Received,
    Sent,
)
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Attachment, Person
from tuidesk.errors import Unreadable
from tuidesk.wire.html import to_text
from tuidesk.wire.loose import Object, flag, number, obj, objects, octets, text, texts, unix, when
from tuidesk.words import say

INCOMING, OUTGOING, ACTIVITY, TEMPLATE = range(4)
_TYPES = {"incoming": INCOMING, "outgoing": OUTGOING, "activity": ACTIVITY, "template": TEMPLATE}
_PLAIN = ("", "text", "incoming_email", "input_csat")
_FORMS = ("form", "input_select", "input_email", "input_text", "input_textarea")
"""What a customer fills in: their words come as a change of our message."""
_STATES: tuple[Literal["delivered", "read", "failed"], ...] = ("delivered", "read", "failed")
_SCALE = 5.0


class Thread(NamedTuple):
    """The conversation a message is in."""

    id: str
    medium: str
    customer: Person
    contact: int = 0
    subject: str = ""
    visibility: str = "direct"


def at(value: Any, default: Instant) -> Instant:
    """Seconds since 1970 in most places, ISO in a few."""
    return unix(value, when(value, default) if isinstance(value, str) else default)


def type_of(raw: Object) -> int | None:
    """Which of the four a message is; None where it is no message of a sort we know."""
    kind = raw.get("message_type")
    return _TYPES.get(kind) if isinstance(kind, str) else number(raw, "message_type")


def message(raw: Object, thread: Thread, us: Us, now: Instant) -> list[ChannelEvent]:
    """All that one message means, as it is now: itself, and what has become of it since. `now` where it has no time."""
    id_ = text(raw, "id")
    if not id_:
        return []
    try:
        return _events(raw, id_, thread, us, now)
    except Exception as error:  # noqa: BLE001 - whatever it is, the message is shown and the next one is read
        lost = say("chatwoot.unreadable", id=id_, why=type(error).__name__)
        stamp = at(raw.get("created_at"), now)
        made = _common(raw, id_, stamp, thread) | {"text": lost, "kind": "unreadable"}
        return [Received(sender=thread.customer, **made)]


def _events(raw: Object, id_: str, thread: Thread, us: Us, now: Instant) -> list[ChannelEvent]:
    stamp = at(raw.get("created_at"), now)
    changed = at(raw.get("updated_at"), stamp)
    kind = type_of(raw)
    if kind == ACTIVITY:
        return activities.events(raw, thread.id, us, stamp)
    made: list[ChannelEvent] = []
    if flag(raw, "private"):
        author = colleague(obj(raw, "sender"), us)
        made.append(
            NoteSeen(
                id=id_, at=stamp, by=author, conversation=thread.id, text=_words(raw, thread) or _nothing(raw)
            )
        )
    elif kind in (OUTGOING, TEMPLATE):
        made += [_sent(raw, id_, stamp, thread, us), *_fate(raw, id_, changed, thread)]
        made += _answers(raw, id_, changed, thread)
    else:
        made.append(_received(raw, id_, stamp, thread, known=kind == INCOMING))
    if flag(raw, "content_attributes", "deleted"):
        made.append(Deleted(id=f"deleted:{id_}", at=changed, message=id_))
    elif "content" in obj(raw, "previous_changes"):
        words = _words(raw, thread)
        digest = zlib.crc32(words.encode("utf-8", "surrogatepass"))
        made.append(Edited(id=f"edited:{id_}:{digest:08x}", at=changed, message=id_, text=words))
    return made


def _common(raw: Object, id_: str, stamp: Instant, thread: Thread) -> dict[str, Any]:
    answered = text(raw, "content_attributes", "in_reply_to")
    return {
        "id": id_,
        "at": stamp,
        "medium": thread.medium,
        "conversation": thread.id,
        "subject": text(raw, "content_attributes", "email", "subject") or thread.subject or None,
        "reply_to": answered or None,
        "visibility": thread.visibility,
    }


def _received(raw: Object, id_: str, stamp: Instant, thread: Thread, *, known: bool) -> Received:
    files = _files(raw, thread)
    words = _words(raw, thread)
    if not known:
        words = f"{say('chatwoot.unknown_type', type=text(raw, 'message_type'))}\n{words}".strip()
    mail = obj(raw, "content_attributes", "email")
    return Received(
        **_common(raw, id_, stamp, thread),
        sender=_writer(raw, thread),
        text=words or (None if files else _nothing(raw)),
        html=text(mail, "html_content", "full") or None,
        to=_people(texts(mail, "to")),
        cc=_people(texts(mail, "cc")),
        attachments=files,
        kind="auto" if flag(mail, "auto_reply") else "person",
    )


def _sent(raw: Object, id_: str, stamp: Instant, thread: Thread, us: Us) -> Sent:
    sender = colleague(obj(raw, "sender"), us) or Person(kind="auto")
    files = _files(raw, thread)
    more = obj(raw, "content_attributes")
    kind: Kind = "auto" if type_of(raw) == TEMPLATE or sender.kind == "auto" else "person"
    if sender.kind == "bot":
        kind = "bot"
    return Sent(
        **_common(raw, id_, stamp, thread),
        sender=sender,
        text=_words(raw, thread) or (None if files else _nothing(raw)),
        to=_people(texts(more, "to_emails")) or (thread.customer,),
        cc=_people(texts(more, "cc_emails")),
        attachments=files,
        kind=kind,
        key=text(raw, "echo_id") or None,
    )


def _writer(raw: Object, thread: Thread) -> Person:
    """In a group somebody else than the conversation's own contact may write."""
    sender = obj(raw, "sender")
    id_, name = number(sender, "id"), text(sender, "name")
    if id_ is None or id_ == thread.contact or text(sender, "type") not in ("", "contact"):
        return Person(thread.customer.name or name, thread.customer.handle)
    return Person(name, f"contact-{id_}")


def _people(addresses: tuple[str, ...]) -> tuple[Person, ...]:
    return tuple(Person(handle=address) for address in addresses)


def _words(raw: Object, thread: Thread) -> str:
    """The text, and a line for whatever has none."""
    lines = [_mail(raw) if thread.medium == "mail" else text(raw, "content")]
    more = obj(raw, "content_attributes")
    lines += [f"- {title}" for one in objects(more, "items") if (title := text(one, "title"))]
    lines += [line for one in objects(raw, "attachments") if (line := _spelled(one))]
    if flag(more, "is_unsupported"):
        lines.append(say("chatwoot.unsupported_message"))
    sort = text(raw, "content_type")
    if sort not in (*_PLAIN, *_FORMS, "cards", "article", "sticker"):
        lines.insert(
            0, say("chatwoot.sort", sort=f"{sort} {text(raw, 'call', 'status')}".strip().replace("_", " "))
        )
    return "\n".join(line for line in lines if line)


def _mail(raw: Object) -> str:
    """The whole of a mail where Chatwoot has it: what it shows is cut at the quote."""
    mail = obj(raw, "content_attributes", "email")
    html = text(mail, "html_content", "full")
    shown = text(mail, "text_content", "full") or text(raw, "content")
    if shown or not html:
        return shown
    try:
        return to_text(html).text
    except Unreadable:
        return html


def _nothing(raw: Object) -> str:
    sort = text(raw, "content_type")
    return say("chatwoot.sort", sort=sort) if sort not in ("", "text") else say("chatwoot.no_text")


def _spelled(file: Object) -> str:
    """An attachment that is no file."""
    match text(file, "file_type"):
        case "location":
            place = ", ".join(str(file.get(f"coordinates_{one}")) for one in ("lat", "long"))
            return say("chatwoot.location", place=f"{place} {text(file, 'fallback_title')}".strip())
        case "contact":
            return say("chatwoot.contact", who=text(file, "fallback_title"))
        case "fallback":
            return f"[{text(file, 'fallback_title')} {text(file, 'data_url')}]".replace(" ]", "]")
    return "" if text(file, "data_url") else say("chatwoot.sort", sort=text(file, "file_type"))


def _files(raw: Object, thread: Thread) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            name=(name := _name(one)),
            size=octets(one, "file_size"),
            type=mimetypes.guess_type(name)[0] or "application/octet-stream",
            ref=f"{thread.id}/{text(raw, 'id')}/{text(one, 'id')}",
        )
        for one in objects(raw, "attachments")
        if text(one, "data_url") and text(one, "file_type") not in ("location", "contact", "fallback")
    )


def _name(file: Object) -> str:
    """Only the address says what a file is called."""
    try:
        name = unquote(urlsplit(text(file, "data_url")).path.rpartition("/")[2])
    except ValueError:
        name = ""
    return name or text(file, "file_type") or "file"


def _fate(raw: Object, id_: str, changed: Instant, thread: Thread) -> list[ChannelEvent]:
    """What has become of a message of ours on its way to the customer."""
    found: list[ChannelEvent] = []
    for state in _STATES:
        if text(raw, "status") == state:
            why = text(raw, "content_attributes", "external_error")
            found.append(
                Delivered(id=f"{state}:{id_}", at=changed, message=id_, state=state, reason=why or None)
            )
    return found + _rating(raw, id_, changed, thread)


def _rating(raw: Object, id_: str, changed: Instant, thread: Thread) -> list[ChannelEvent]:
    """A survey's answer: the rating first, and what the customer says of it a moment later. It counts once."""
    rated = obj(raw, "content_attributes", "submitted_values", "csat_survey_response")
    score, words = number(rated, "rating"), text(rated, "feedback_message")
    found: list[ChannelEvent] = []
    if score is not None:
        made: dict[str, Any] = {"at": changed, "by": thread.customer, "conversation": thread.id}
        found.append(Rated(id=f"rated:{id_}:{score}", score=float(score), scale=_SCALE, **made))
        if words:
            said = say("chatwoot.feedback", score=score, text=words)
            found.append(NoteSeen(id=f"{id_}:feedback", text=said, **made))
    return found


def _answers(raw: Object, id_: str, changed: Instant, thread: Thread) -> list[ChannelEvent]:
    """What a customer has filled in where a message of ours asked for it."""
    if text(raw, "content_type") not in _FORMS:
        return []
    more = obj(raw, "content_attributes")
    filled = [_filled(one) for one in objects(more, "submitted_values")]
    filled += [address] if (address := text(more, "submitted_email")) else []
    if not filled:
        return []
    made = _common(raw, f"{id_}:answer", changed, thread) | {"reply_to": id_}
    return [Received(**made, sender=thread.customer, text="\n".join(filled))]


def _filled(one: Object) -> str:
    """A choice by what it is called, a field by its name and what was typed."""
    if name := text(one, "name"):
        return f"{name}: {text(one, 'value')}"
    return text(one, "title") or text(one, "value")
