"""Twilio's JSON → events. Pure. Resources: twilio.com/docs/{messaging/api,voice/api,conversations/api}."""

import json
import re
from collections.abc import Collection, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from tuidesk.domain import instants
from tuidesk.domain.events import Delivered, Edited, Received, Sent, StatusSet, Terms
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Attachment, Offered, Person, Status
from tuidesk.wire.loose import Object, flag, number, obj, objects, octets, text, when
from tuidesk.words import say

WHATSAPP = "whatsapp:"
MEDIA = "media:"
"""How the ref of a conversation's file begins."""
WINDOW_S = 86_400
"""WhatsApp takes free text for so long after the customer's last word (error 63016)."""
_FINAL = {"delivered": "delivered", "read": "read", "undelivered": "failed", "failed": "failed"}
_ADDRESS = re.compile(r"(?:[a-z]+:)?\+?[0-9]{5,}")
"""An author whom a phone network or an app knows: who has left a conversation has written there all the same."""
_HIDDEN = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
"""What Twilio writes for callers without a number: the keys that spell anonymous, restricted, blocked …"""
MISSED = frozenset({"no-answer", "busy", "canceled", "failed"})
_NAMES = {"image": "picture", "audio": "sound", "video": "film"}
"""Twilio keeps no names of files."""
_KNOWN_ERRORS = frozenset({21610, 21611, 21614, 30003, 30005, 30006, 30007, 30008, 30034, 63016, 63018})


def stamp(value: str, default: Instant) -> Instant:
    """RFC 2822, as the core API writes its times; without a zone they are UTC."""
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):
        return default
    return instants.of(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def at(message: Object, now: Instant) -> Instant:
    """When a message was sent, or at least asked for."""
    return stamp(text(message, "date_sent"), stamp(text(message, "date_created"), now))


def plain(address: str) -> str:
    """The number alone, which is the same person by SMS, by WhatsApp and on the phone."""
    return address.removeprefix(WHATSAPP)


def medium(address: str) -> str:
    return "whatsapp" if address.startswith(WHATSAPP) else "sms"


def pair(ours: str, theirs: str) -> str:
    """A conversation of the Messages API: one of our addresses and one of theirs."""
    return f"{ours}|{theirs}"


def parties(conversation: str) -> tuple[str, str]:
    """The inverse of `pair`: ours, theirs; empty where it is no such thing."""
    ours, _, theirs = conversation.partition("|")
    return ours, theirs


def message(found: Object, media: Sequence[Object], now: Instant) -> Received | Sent:
    """A message of either direction."""
    inbound = text(found, "direction") == "inbound"
    ours = text(found, "to") if inbound else text(found, "from")
    theirs = text(found, "from") if inbound else text(found, "to")
    said: dict[str, Any] = {
        "id": text(found, "sid"),
        "at": at(found, now),
        "medium": medium(theirs),
        "text": text(found, "body"),
        "conversation": pair(ours, theirs),
        "attachments": tuple(_file(one) for one in media),
    }
    customer = Person(handle=plain(theirs))
    if inbound:
        return Received(**said, sender=customer)
    bot = text(found, "direction") in ("outbound-reply", "outbound-call")
    return Sent(**said, sender=Person(handle=plain(ours)), to=(customer,), kind="bot" if bot else "person")


def _file(media: Object) -> Attachment:
    kind = text(media, "content_type") or "application/octet-stream"
    sort, _, rest = kind.partition("/")
    ending = rest.partition("+")[0].partition(";")[0] or "bin"
    name = _NAMES.get(sort, "file")
    return Attachment(f"{name}.{ending}", 0, kind, text(media, "uri").removesuffix(".json"))


def delivery(found: Object, now: Instant) -> Delivered | None:
    """How one of ours has fared; None while that is open."""
    state = _FINAL.get(text(found, "status"))
    if text(found, "direction") == "inbound" or state is None:
        return None
    return Delivered(
        id=f"{text(found, 'sid')}-{text(found, 'status')}",
        at=stamp(text(found, "date_updated"), now),
        message=text(found, "sid"),
        state="failed" if state == "failed" else "read" if state == "read" else "delivered",
        reason=failure(number(found, "error_code"), text(found, "error_message"))
        if state == "failed"
        else None,
    )


def is_final(found: Object) -> bool:
    """Nothing more will be heard of it."""
    return text(found, "direction") == "inbound" or text(found, "status") in (*_FINAL, "canceled")


def failure(code: int | None, words: str = "") -> str:
    """What a Twilio error means for an agent (twilio.com/docs/api/errors)."""
    known = say(f"twilio.error_{code}") if code in _KNOWN_ERRORS else words or say("twilio.error")
    return f"{known} ({code})" if code else known


def explain(error: Any) -> str:
    """The words of a refusal: `{"code", "message", "more_info", "status"}`."""
    return failure(number(error, "code"), text(error, "message"))


def texts(number: Object) -> bool:
    """Whether one of our numbers can send SMS (the capability is written in either case)."""
    return flag(number, "capabilities", "sms") or flag(number, "capabilities", "SMS")


# --- phone ---


def call(found: Object, answered_by: str, now: Instant) -> Received:
    """A call that nobody took."""
    return Received(
        id=text(found, "sid"),
        at=stamp(text(found, "start_time"), stamp(text(found, "date_created"), now)),
        medium="call",
        sender=caller(found),
        text=say("twilio.missed_call"),
        conversation=call_pair(found, answered_by),
    )


def is_voicemail(recording: Object) -> bool:
    """What a machine took (`<Record>`): teams record their calls as well, and who says nothing leaves nothing."""
    by_machine = text(recording, "source") in ("RecordVerb", "")
    return (
        by_machine
        and bool(text(recording, "call_sid"))
        and text(recording, "status") not in ("absent", "failed")
    )


def is_hidden(found: Object) -> bool:
    """Whether the caller has kept their number to themselves: then each call is of somebody else."""
    theirs = text(found, "from")
    return theirs in _HIDDEN or not any(map(str.isdigit, theirs))


def caller(found: Object) -> Person:
    return Person(text(found, "caller_name"), text(found, "sid") if is_hidden(found) else text(found, "from"))


def call_pair(found: Object, answered_by: str) -> str:
    """The conversation a call belongs to: that by which it is answered, where it can be."""
    prefix = WHATSAPP if answered_by == "whatsapp" else ""
    return (
        text(found, "sid")
        if is_hidden(found)
        else pair(prefix + text(found, "to"), prefix + text(found, "from"))
    )


def hidden(found: Object, now: Instant) -> list[Terms]:
    """That nobody can be answered there, where it is so."""
    if not is_hidden(found):
        return []
    sid = text(found, "sid")
    return [Terms(id=f"terms-{sid}", at=now, conversation=sid, refuses=say("twilio.hidden"))]


def voicemail(recording: Object, of: Object, transcript: str, answered_by: str, now: Instant) -> Received:
    """What the caller left on the machine."""
    sid, account = text(recording, "sid"), text(recording, "account_sid")
    path = f"/2010-04-01/Accounts/{account}/Recordings/{sid}.mp3"
    return Received(
        id=sid,
        at=stamp(text(recording, "start_time"), stamp(text(recording, "date_created"), now)),
        medium="call",
        sender=caller(of),
        text=spoken(recording, transcript),
        conversation=call_pair(of, answered_by),
        attachments=(Attachment("voicemail.mp3", 0, "audio/mpeg", path),),
    )


def spoken(recording: Object, transcript: str) -> str:
    """`voicemail 0:42`, and what was said, as far as a machine has heard it."""
    minutes, seconds = divmod(number(recording, "duration") or 0, 60)
    head = say("twilio.voicemail", length=f"{minutes}:{seconds:02}")
    return f"{head}\n\n{transcript}" if transcript else head


def heard(recording: str, words: str, now: Instant) -> Edited:
    """The transcript has come later than the recording."""
    return Edited(id=f"{recording}-transcript", at=now, message=recording, text=words)


# --- the Conversations API ---


def talk(found: Object, addresses: Collection[str], conversation: str, now: Instant) -> Received | Sent:
    """A message of a conversation; `addresses` are the customers' in it."""
    author = text(found, "author")
    theirs = author in addresses or _ADDRESS.fullmatch(author) is not None
    key = text(_attributes(found), "tuidesk") or None
    said: dict[str, Any] = {
        "id": text(found, "sid"),
        "at": when(text(found, "date_created"), now),
        "medium": medium(author if theirs else next(iter(addresses), "")),
        "text": text(found, "body"),
        "conversation": conversation,
        "attachments": tuple(
            Attachment(
                text(one, "filename") or text(one, "sid"),
                octets(one, "size"),
                text(one, "content_type"),
                f"{MEDIA}{conversation}:{text(one, 'sid')}",
            )
            for one in objects(found, "media")
        ),
    }
    if theirs:
        return Received(**said, sender=Person(handle=plain(author)))
    to = tuple(Person(handle=plain(address)) for address in addresses)
    return Sent(**said, sender=Person(handle=author or "system"), to=to, key=key)


def key_of(found: Object) -> str:
    """Our own key, in the attributes of what we sent."""
    return text(_attributes(found), "tuidesk")


def _attributes(found: Object) -> Object:
    try:
        return obj(json.loads(text(found, "attributes") or "{}"))
    except ValueError:
        return {}


def state(found: Object, now: Instant) -> StatusSet:
    """`active`, or put away: `inactive` until the customer's next word, `closed` for good."""
    status: Status = "open" if text(found, "state") == "active" else "complete"
    stamp_ = text(found, "date_updated")
    id_ = f"{text(found, 'sid')}-{text(found, 'state')}-{stamp_}"
    return StatusSet(id=id_, at=when(stamp_, now), conversation=text(found, "sid"), status=status)


# --- templates ---


def templates(found: Sequence[Object]) -> tuple[Offered, ...]:
    """Content templates with a text (twilio.com/docs/content)."""
    offered = []
    for one in found:
        bodies = [text(kind, "body") for kind in obj(one, "types").values() if isinstance(kind, dict)]
        body = next(filter(None, bodies), "")
        if body and text(one, "sid"):
            name = text(one, "friendly_name") or text(one, "sid")
            offered.append(Offered(name=name, text=body, template=text(one, "sid"), media=("whatsapp",)))
    return tuple(offered)
