"""Inboxes, customers and colleagues: who writes by what. Pure."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from tuidesk.domain.events import ContactSeen
from tuidesk.domain.model import Offered, Person
from tuidesk.wire.loose import Object, flag, number, obj, objects, text

_MEDIA = {
    "WebWidget": "chat",
    "Api": "chat",
    "Email": "mail",
    "FacebookPage": "messenger",
    "Instagram": "instagram",
    "TwitterProfile": "dm",
    "Whatsapp": "whatsapp",
    "TwilioSms": "sms",
    "Sms": "sms",
    "Telegram": "telegram",
    "Line": "line",
    "Tiktok": "tiktok",
    "Voice": "call",
}
"""By the last word of `channel_type`."""
_DAY_S = 86_400
_HUMAN = ("messenger", "instagram")
_WINDOWS = {"whatsapp": _DAY_S, "messenger": _DAY_S, "instagram": _DAY_S, "tiktok": 2 * _DAY_S}
"""Seconds, as `message_window_service.rb` has them."""
_PROFILE = (
    ("bio", "description"),
    ("company", "company_name"),
    ("city", "city"),
    ("country", "country"),
    ("username", "username"),
)
_VALUES = (
    (r"contact\.phone_number", "contact.phone"),
    (r"contact\.custom_attribute\.(\w+)", r"contact.\1"),
    (r"agent\.email", "agent.address"),
)
"""Those that are not called so already."""


class Inbox(NamedTuple):
    """One of the team's inboxes."""

    id: int
    name: str = ""
    medium: str = "chat"
    window_s: int | None = None
    templates: tuple[Object, ...] = ()
    """WhatsApp's, as Meta has them."""
    is_broken: bool = False
    """It has to be connected again before anything goes through it."""


class Us(NamedTuple):
    """Our side."""

    me: int = 0
    """The agent's id."""
    agents: Mapping[int, Person] = {}
    inboxes: Mapping[int, Inbox] = {}

    def inbox(self, id_: int | None) -> Inbox:
        """One that this agent does not see is a chat without a name."""
        return self.inboxes.get(id_ or 0, Inbox(id_ or 0))

    def named(self, name: str) -> Person | None:
        """The agent who is called so."""
        return next((agent for agent in self.agents.values() if agent.name == name), None)


def inbox(raw: Object, *, human_agent: bool = False) -> Inbox:
    """`human_agent`: the server has Meta's permission to answer for seven days."""
    medium = medium_of(text(raw, "channel_type"))
    if medium == "sms" and text(raw, "medium") == "whatsapp":
        medium = "whatsapp"
    window_s = _WINDOWS.get(medium)
    if medium in _HUMAN and human_agent:
        window_s = 7 * _DAY_S
    if medium == "whatsapp" and text(raw, "provider") == "whatsapp_light":
        window_s = None
    hours = number(raw, "additional_attributes", "agent_reply_time_window")
    if text(raw, "channel_type").endswith("::Api") and hours:
        window_s = hours * 3600
    return Inbox(
        id=number(raw, "id") or 0,
        name=text(raw, "name"),
        medium=medium,
        window_s=window_s,
        templates=tuple(objects(raw, "message_templates")),
        is_broken=flag(raw, "reauthorization_required"),
    )


def medium_of(channel_type: str) -> str:
    """`Channel::Whatsapp` → `whatsapp`; what is not known is called as Chatwoot calls it."""
    kind = channel_type.rpartition("::")[2]
    return _MEDIA.get(kind, kind.lower() or "chat")


def medium_in(conversation: Object, inbox: Inbox) -> str:
    """How this customer wrote: one inbox of a page or profile has two ways."""
    medium = inbox.medium
    if inbox.name == "" and (channel := text(conversation, "meta", "channel")):
        medium = medium_of(channel)
    kind = text(conversation, "additional_attributes", "type")
    if medium == "messenger" and kind == "instagram_direct_message":
        return "instagram"
    return "post" if medium == "dm" and kind == "tweet" else medium


def agent(raw: Object, me: int) -> Person:
    """An agent, or one of their bots."""
    id_ = number(raw, "id")
    name = text(raw, "available_name") or text(raw, "name")
    if text(raw, "type") in ("agent_bot", "captain_assistant"):
        return Person(name, f"bot-{id_}", kind="bot")
    return Person(name, text(raw, "email") or f"agent-{id_}", me=id_ is not None and id_ == me)


def colleague(raw: Object, us: Us) -> Person | None:
    """Who of our side this is; None where it is nobody."""
    if number(raw, "id") is None:
        return None
    if text(raw, "type") in ("", "user") and (known := us.agents.get(number(raw, "id") or 0)):
        return known
    return agent(raw, us.me)


def customer(contact: Object, medium: str, inbox_id: int) -> Person:
    """As they are known in one inbox. A browser's id says nothing: in a chat it is the contact's own."""
    sources = {
        number(one, "inbox", "id"): text(one, "source_id") for one in objects(contact, "contact_inboxes")
    }
    return Person(text(contact, "name"), _handle(contact, medium, sources.get(inbox_id, "")))


def places(contact: Object) -> set[int]:
    """The inboxes that a customer is known in."""
    return {number(one, "inbox", "id") or 0 for one in objects(contact, "contact_inboxes")}


def _handle(contact: Object, medium: str, source: str) -> str:
    own = f"contact-{text(contact, 'id')}" if text(contact, "id") else ""
    match medium:
        case "mail":
            return source or text(contact, "email") or own
        case "sms" | "whatsapp" | "call":
            phone = source.removeprefix("whatsapp:")
            phone = f"+{phone}" if phone.isdecimal() else phone
            return phone or text(contact, "phone_number") or own
        case "chat":
            return own
    return source or own


def contact_seen(contact: Object, medium: str, inbox_id: int, us: Us) -> ContactSeen:
    """What Chatwoot knows of a customer, and by what else they have written: it keeps them as one contact."""
    who = customer(contact, medium, inbox_id)
    known = {(medium, who.handle): None}
    for one in objects(contact, "contact_inboxes"):
        place = us.inboxes.get(number(one, "inbox", "id") or 0)
        other = place.medium if place else medium_of(text(one, "inbox", "channel_type"))
        handle = _handle(contact, other, text(one, "source_id"))
        if handle:
            known[other, handle] = None
    return ContactSeen(
        medium=medium,
        handle=who.handle,
        name=who.name or None,
        fields=tuple(_fields(contact, {other for _, other in known})),
        same_as=tuple(known)[1:],
    )


def _fields(contact: Object, handles: set[str]) -> list[tuple[str, str]]:
    """A mail address or number that somebody typed into a form proves nothing: it is shown, and joins nobody."""
    more = obj(contact, "additional_attributes")
    found = [
        ("email", text(contact, "email")),
        ("phone", text(contact, "phone_number")),
        ("id", text(contact, "identifier")),
        *((name, text(more, key)) for name, key in _PROFILE),
        *((name, scalar(value)) for name, value in obj(more, "social_profiles").items()),
        *((name, scalar(value)) for name, value in obj(contact, "custom_attributes").items()),
    ]
    return [(str(name), value) for name, value in found if value and value not in handles]


def scalar(value: object) -> str:
    """A custom attribute's value; "" for what is none."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, float) else text(value)


def canned(words: str) -> str:
    """A canned reply's text, with what Chatwoot's Liquid calls a value as it is called here."""
    for theirs, ours in _VALUES:
        words = re.sub(rf"\{{\{{\s*{theirs}\s*\}}\}}", f"{{{{{ours}}}}}", words)
    return words


def offered(inbox: Inbox) -> list[Offered]:
    """An inbox's approved templates that need nothing but words in their body."""
    made: list[Offered] = []
    for raw in inbox.templates:
        body = next((text(part, "text") for part in objects(raw, "components") if _is(part, "BODY")), "")
        if (
            text(raw, "status").lower() == "approved"
            and body
            and not any(map(_needs_more, objects(raw, "components")))
        ):
            name, language = text(raw, "name"), text(raw, "language")
            category = text(raw, "category").upper() or "UTILITY"
            made.append(
                Offered(
                    name=f"{name}-{language}" if language else name,
                    text=body,
                    template=f"{inbox.id}/{category}/{language}/{name}",
                    media=("whatsapp",),
                )
            )
    return made


def _is(part: Object, kind: str) -> bool:
    return text(part, "type").upper() == kind


def _needs_more(part: Object) -> bool:
    """A picture in its head, or a value in its head or a button."""
    if _is(part, "HEADER"):
        return text(part, "format").upper() not in ("", "TEXT") or "{{" in text(part, "text")
    if _is(part, "BUTTONS"):
        return any(
            "{{" in text(one, "url") or text(one, "type").upper() == "COPY_CODE"
            for one in objects(part, "buttons")
        )
    return False
