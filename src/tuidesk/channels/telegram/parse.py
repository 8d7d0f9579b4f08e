"""Telegram's updates → events. Pure but for `Known`, which learns. API: core.telegram.org/bots/api#update."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Self

from tuidesk.channels.telegram import content
from tuidesk.channels.telegram.places import Place, beside, message_id
from tuidesk.domain.events import ChannelEvent, ContactSeen, Deleted, Edited, Received, Sent, Terms
from tuidesk.domain.instants import DAY, Instant
from tuidesk.domain.model import Person
from tuidesk.wire import newest
from tuidesk.wire.loose import Object, flag, number, obj, objects, text, unix
from tuidesk.words import say

MEDIUM = "telegram"
KINDS = (
    "message",
    "edited_message",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "message_reaction",
    "callback_query",
    "my_chat_member",
)
"""What we ask to be told of."""
_CHATS = 500
"""Of a business account, so many are remembered."""
_SHOWN = 2000


@dataclass(slots=True)
class Known:
    """What earlier updates have said, and later ones are read by."""

    me: str = ""
    """The bot's id."""
    team: frozenset[str] = frozenset()
    """Ids and `@names` of our side, in lower case."""
    agent: frozenset[str] = frozenset()
    """Those of this agent."""
    moved: dict[str, str] = field(default_factory=dict)
    """Supergroup → the group it was."""
    business: dict[str, dict[str, Instant]] = field(default_factory=dict)
    """Connection → its chats → when the customer wrote there last."""
    shut: dict[str, str] = field(default_factory=dict)
    """Connection → why the bot may not answer there."""

    def write(self) -> bytes:
        """What `read` takes."""
        return json.dumps({"moved": self.moved, "business": self.business, "shut": self.shut}).encode()

    def read(self, state: bytes) -> Self:
        """Take over what was known."""
        try:
            kept = obj(json.loads(state or b"{}"))
        except ValueError:
            return self
        self.moved |= {str(new): str(old) for new, old in obj(kept, "moved").items()}
        self.shut = {str(one): str(why) for one, why in obj(kept, "shut").items()}
        self.business = {
            str(one): {str(chat): at for chat, at in obj(chats).items() if isinstance(at, int)}
            for one, chats in obj(kept, "business").items()
        }
        return self

    def is_over(self, place: Place, now: Instant) -> bool:
        """Whether it is known that a business account's customer has not written for a day."""
        heard = self.business.get(place.connection, {}).get(place.chat)
        return heard is not None and now > heard + DAY

    def now_called(self, chat: str) -> str:
        """The supergroup that a group has become, else the chat itself."""
        return next((new for new, old in self.moved.items() if old == chat), chat)


def events(update: Object, known: Known, now: Instant) -> list[ChannelEvent]:
    """What one update says; of a sort nobody knows, at least that it came.

    Args:
        now: the time of what Telegram gives none.
    """
    found: list[ChannelEvent] = []
    for name, value in update.items():
        said = obj(value)
        match name:
            case "update_id":
                continue
            case "message" | "business_message":
                found += _message(said, known, now)
            case "edited_message" | "edited_business_message":
                found += _edited(said, text(update, "update_id"), now)
            case "deleted_business_messages":
                found += _deleted(said, now)
            case "business_connection":
                found += _connection(said, known, now)
            case "my_chat_member":
                found += _membership(said, known, now)
            case "message_reaction":
                found += _reaction(said, known, now)
            case "callback_query":
                found += _pressed(said, known, now)
            case _:
                found += _unknown(name, said, known, now, update)
    return found or [unreadable(update, now)]


def unreadable(update: Any, now: Instant) -> Received:
    """What no rule fits: it is shown as it came."""
    shown = json.dumps(update, ensure_ascii=False, default=str)[:_SHOWN]
    return Received(
        id=f"update-{text(update, 'update_id')}" if text(update, "update_id") else None,
        at=now,
        medium=MEDIUM,
        sender=Person("Telegram", "telegram", kind="auto"),
        text=f"[unreadable] {shown}",
        kind="unreadable",
    )


def person(who: Object, known: Known) -> Person:
    """A user, or a chat that speaks for itself. The handle is the number: names change hands."""
    kind = "bot" if flag(who, "is_bot") else "person"
    return Person(content.full_name(who), text(who, "id"), me=bool(_names(who) & known.agent), kind=kind)


def contact(user: Object, chat: Object | None = None) -> ContactSeen:
    """What the profile says; `chat` as `getChat` has it."""
    day = obj(chat, "birthdate")
    fields = {
        "username": f"@{text(user, 'username')}" if text(user, "username") else "",
        "language": text(user, "language_code"),
        "premium": "yes" if flag(user, "is_premium") else "",
        "bio": text(chat, "bio"),
        "birthday": "-".join(part.zfill(2) for name in ("month", "day") if (part := text(day, name))),
        "channel": text(chat, "personal_chat", "title"),
        "business": text(chat, "business_intro", "message") or text(chat, "business_intro", "title"),
        "address": text(chat, "business_location", "address"),
    }
    kept = tuple((name, value) for name, value in fields.items() if value)
    return ContactSeen(medium=MEDIUM, handle=text(user, "id"), name=content.full_name(user), fields=kept)


def _names(who: Object) -> set[str]:
    return {text(who, "id"), f"@{text(who, 'username')}".lower()} - {"", "@"}


def _message(message: Object, known: Known, now: Instant) -> Iterator[ChannelEvent]:
    id_ = message_id(message)
    if not id_:
        return
    has_moved = _note_move(message, known)
    place, at = Place.of(message, known.moved), unix(message.get("date"), now)
    chat = obj(message, "chat")
    who = obj(message, "sender_chat") or obj(message, "from") or chat
    ours = text(who, "id") == known.me or bool(_names(who) & known.team)
    ours = ours or (bool(place.connection) and text(who, "id") != text(chat, "id"))
    by_itself = content.is_service(message) or flag(message, "is_from_offline")
    answered = obj(message, "reply_to_message")
    topic = text(answered, "forum_topic_created", "name")
    to = obj(answered, "from") if place.is_group else chat
    said: dict[str, Any] = {
        "id": id_,
        "at": at,
        "medium": MEDIUM,
        "sender": person(who, known),
        "text": content.said(message),
        "conversation": place.name,
        "subject": " / ".join(filter(None, (text(chat, "title"), topic))) or None,
        "reply_to": None if topic else beside(message, text(answered, "message_id")) or None,
        "visibility": "public" if place.is_group else "direct",
        "kind": "auto" if by_itself or flag(message, "is_automatic_forward") else "person",
        "attachments": content.attachments(message),
    }
    if ours:
        yield Sent(**said, to=(person(to, known),) if text(to, "id") not in ("", known.me) else ())
    else:
        if not flag(who, "is_bot"):
            yield _with_number(contact(who), message)
        yield Received(**said)
    if has_moved:
        yield Terms(conversation=place.name, at=at)
    if place.connection and not ours:
        yield _heard(place, at, known)


def _with_number(seen: ContactSeen, message: Object) -> ContactSeen:
    """Who shares their own number is whoever that number is known as; of another's, nothing is said."""
    shared = obj(message, "contact")
    phone = text(shared, "phone_number").lstrip("+")
    if not phone.isdecimal() or text(shared, "user_id") != seen.handle:
        return seen
    return ContactSeen(
        medium=MEDIUM,
        handle=seen.handle,
        name=seen.name,
        fields=(*seen.fields, ("phone", f"+{phone}")),
        same_as=(("sms", f"+{phone}"),),
    )


def _note_move(message: Object, known: Known) -> bool:
    here, old = number(message, "chat", "id"), number(message, "migrate_from_chat_id")
    new = number(message, "migrate_to_chat_id")
    if here is None or not (new or old):
        return False
    was = str(old or here)
    known.moved[str(new or here)] = known.moved.get(was, was)
    return True


def _heard(place: Place, at: Instant, known: Known) -> Terms:
    """A business account's chat takes answers for a day."""
    chats = known.business.setdefault(place.connection, {})
    at = max(at, chats.get(place.chat, 0))
    newest.keep(chats, place.chat, at, _CHATS)
    why = known.shut.get(place.connection, "")
    return Terms(conversation=place.name, at=at, refuses=why, window_ends=at + DAY)


def _connection(connection: Object, known: Known, now: Instant) -> Iterator[ChannelEvent]:
    """A business account let the bot in, or out, or changed what it may."""
    id_, owner = text(connection, "id"), content.full_name(obj(connection, "user"))
    may = flag(connection, "rights", "can_reply") or flag(connection, "can_reply")
    on = flag(connection, "is_enabled")
    why = "" if on and may else say("telegram.no_right" if on else "telegram.disconnected", who=owner)
    known.shut.pop(id_, None)
    if why:
        known.shut[id_] = why
    chats = known.business.setdefault(id_, {})
    for chat, at in chats.items():
        name = Place(chat, connection=id_).name
        yield Terms(conversation=name, at=now, refuses=why, window_ends=at + DAY)
    yield Received(
        id=f"connection-{id_}-{text(connection, 'date')}-{on}-{may}",
        at=unix(connection.get("date"), now),
        medium=MEDIUM,
        sender=person(obj(connection, "user"), known),
        text=f"[business account {'connected' if on else 'disconnected'}: {owner}]",
        conversation=text(connection, "user_chat_id") or None,
        kind="auto",
    )


def _edited(message: Object, update: str, now: Instant) -> Iterator[ChannelEvent]:
    if id_ := message_id(message):
        at = unix(message.get("edit_date"), now)
        name = f"edit-{id_}-{text(message, 'edit_date') or update}"
        yield Edited(id=name, at=at, message=id_, text=content.said(message))


def _deleted(gone: Object, now: Instant) -> Iterator[ChannelEvent]:
    found = gone.get("message_ids")
    for one in found if isinstance(found, list) else ():
        if id_ := beside(gone, text(one)):
            yield Deleted(id=f"delete-{id_}", at=now, message=id_)


def _membership(change: Object, known: Known, now: Instant) -> Iterator[ChannelEvent]:
    """The customer has blocked the bot, or let it in again; a group has."""
    place = Place.of(change, known.moved)
    status = text(change, "new_chat_member", "status")
    if not place.chat or not status:
        return
    moved = (
        text(change, "chat", "id") in known.moved.values()
    )  # from what is a supergroup now the bot goes as well
    out = status in ("kicked", "left") and not moved
    why = say("telegram.removed" if place.is_group else "telegram.blocked") if out else ""
    yield Terms(conversation=place.name, at=unix(change.get("date"), now), refuses=why)


def _reaction(change: Object, known: Known, now: Instant) -> Iterator[ChannelEvent]:
    id_, who = message_id(change), obj(change, "user") or obj(change, "actor_chat")
    if not id_:
        return
    before = [_sign(one) for one in objects(change, "old_reaction")]
    signs = [sign for one in objects(change, "new_reaction") if (sign := _sign(one)) not in before]
    place = Place.of(change, known.moved)
    yield Received(
        id=f"reaction-{id_}-{text(who, 'id')}-{text(change, 'date')}-{''.join(signs)}",
        at=unix(change.get("date"), now),
        medium=MEDIUM,
        sender=person(who, known),
        text=" ".join(signs) or "[reaction taken back]",
        conversation=None if flag(change, "chat", "is_forum") else place.name,
        refs=(id_,),
        reply_to=id_,
        visibility="public" if place.is_group else "direct",
        kind="reaction",
    )


def _sign(reaction: Object) -> str:
    return text(reaction, "emoji") or f"[{text(reaction, 'type').replace('_', ' ') or 'reaction'}]"


def _pressed(query: Object, known: Known, now: Instant) -> Iterator[ChannelEvent]:
    """A button below a message of the bot's."""
    who, message = obj(query, "from"), obj(query, "message")
    place = Place.of(message, known.moved) if text(message, "chat", "id") else Place(text(who, "id"))
    if not text(query, "id") or not place.chat:
        return
    yield contact(who)
    yield Received(
        id=f"pressed-{text(query, 'id')}",
        at=now,
        medium=MEDIUM,
        sender=person(who, known),
        text=f"[pressed: {text(query, 'data') or text(query, 'game_short_name')}]",
        conversation=place.name,
        reply_to=message_id(message) or None,
        visibility="public" if place.is_group else "direct",
    )


def _unknown(name: str, said: Object, known: Known, now: Instant, update: Object) -> Iterator[ChannelEvent]:
    """An update of a sort that came after this was written."""
    if message_id(said):
        yield from _message(said, known, now)
        return
    who = obj(said, "from") or obj(said, "user")
    if text(who, "id"):
        yield Received(
            id=f"update-{text(update, 'update_id')}",
            at=unix(said.get("date"), now),
            medium=MEDIUM,
            sender=person(who, known),
            text=f"[{name.replace('_', ' ')}]",
            conversation=Place.of(said, known.moved).name or text(who, "id"),
        )
