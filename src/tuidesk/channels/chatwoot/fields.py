"""A conversation of Chatwoot's as it is now → what has changed since it was last told. Pure.

Shapes: `_conversation.json.jbuilder` (asked for), `Conversations::EventDataPresenter` (told by the websocket).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from tuidesk.channels.chatwoot.activities import PRIORITIES
from tuidesk.channels.chatwoot.parse import Thread, at
from tuidesk.channels.chatwoot.people import Us, colleague, customer, medium_in, scalar
from tuidesk.domain.events import Assigned, ChannelEvent, Handoff, PrioritySet, StatusSet, Tagged, Terms
from tuidesk.domain.instants import DAY, SECOND, Instant
from tuidesk.domain.model import Person, Priority, Status
from tuidesk.wire.loose import Object, flag, number, obj, text, texts
from tuidesk.words import say

_SEVEN_DAYS: Instant = 7 * DAY
"""What Meta allows whom it has given its permission for people who answer."""
STATUSES: dict[str, Status] = {
    "open": "open",
    "resolved": "complete",
    "pending": "pending",
    "snoozed": "snoozed",
}


class Fields(NamedTuple):
    """As much of a conversation as is told."""

    id: str
    at: Instant
    """When it was so."""
    status: Status | None
    until: Instant | None
    assignee: Person | None
    priority: Priority
    tags: tuple[str, ...] | None
    can_reply: bool
    shown: tuple[tuple[str, str], ...]
    """For `Terms.fields`."""


def thread(raw: Object, contact: Object, us: Us) -> Thread:
    """Whose conversation it is, by what medium, and about what."""
    inbox = us.inbox(number(raw, "inbox_id"))
    medium = medium_in(raw, inbox)
    return Thread(
        id=text(raw, "id"),
        medium=medium,
        customer=customer(contact or obj(raw, "meta", "sender"), medium, inbox.id),
        contact=number(raw, "meta", "sender", "id") or 0,
        subject=text(raw, "additional_attributes", "mail_subject"),
        visibility="public" if medium == "post" else "direct",
    )


def fields(raw: Object, us: Us, now: Instant) -> Fields:
    """`now` where it does not say when it changed last."""
    stamp = at(raw.get("updated_at"), at(raw.get("last_activity_at"), now))
    until = at(raw["snoozed_until"], 0) if raw.get("snoozed_until") else 0
    return Fields(
        id=text(raw, "id"),
        at=stamp,
        status=STATUSES.get(text(raw, "status")),
        until=until or None,
        assignee=colleague(obj(raw, "meta", "assignee"), us),
        priority=PRIORITIES.get(text(raw, "priority"), "normal"),
        tags=tuple(sorted(texts(raw, "labels"))) if isinstance(raw.get("labels"), list) else None,
        can_reply=raw.get("can_reply") is not False,
        shown=tuple(_shown(raw, us)),
    )


def _shown(raw: Object, us: Us) -> list[tuple[str, str]]:
    more = obj(raw, "additional_attributes")
    found = [
        ("inbox", us.inbox(number(raw, "inbox_id")).name),
        ("team", text(raw, "meta", "team", "name")),
        ("language", text(more, "conversation_language") or text(more, "browser_language")),
        ("page", text(more, "referer")),
        ("blocked", scalar(flag(raw, "meta", "sender", "blocked") or None)),
        *((str(name), scalar(value)) for name, value in obj(raw, "custom_attributes").items()),
    ]
    return [(name, value) for name, value in found if value]


class Before(NamedTuple):
    """What is known already."""

    fields: Fields | None = None
    """What was told last, in this run."""
    terms: Terms | None = None
    """Likewise."""
    status: Status = "open"
    """What the server called it then, in this run or before."""
    by: Mapping[str, Person] = {}
    """Who changed which field, as the thread's activities say."""
    last_in: Instant | None = None
    """The customer's newest message."""
    window_s: int | None = None
    """Seconds for which their inbox takes replies."""
    usual_s: int | None = None
    """Seconds for which their medium does, as `Caps` has it."""


def changes(now: Fields, before: Before, *, wall: Instant, bot: str | None) -> list[ChannelEvent]:
    """What has changed. An open conversation that was open before is no news: here it may be pending.

    Args:
        wall: the server's own clock.
        bot: whom a conversation waits for that is pending there; None: as it is here, the customer.
    """
    was = before.fields
    by = before.by.get
    told: list[ChannelEvent] = []
    slept = was is not None and was.until != now.until
    if now.status is not None and (
        now.status != before.status or slept or (was is None and now.status != "open")
    ):
        told += _status(now, before.status, by("status"), bot)
    if was is None or was.assignee != now.assignee:
        told.append(Assigned(at=now.at, by=by("assignee"), conversation=now.id, to=now.assignee))
    if now.tags is not None and (was is None or was.tags != now.tags):
        told.append(Tagged(at=now.at, by=by("tags"), conversation=now.id, tags=now.tags))
    if was is None or was.priority != now.priority:
        told.append(PrioritySet(at=now.at, by=by("priority"), conversation=now.id, priority=now.priority))
    terms = _terms(now, before, wall)
    if before.terms is None or replace(before.terms, at=terms.at) != terms:
        told.append(terms)
    return told


def _status(now: Fields, was: Status, by: Person | None, bot: str | None) -> list[ChannelEvent]:
    assert now.status is not None
    set_ = StatusSet(
        at=now.at,
        by=by,
        conversation=now.id,
        status=now.status,
        until=now.until if now.status == "snoozed" else None,
        pending_for=bot if now.status == "pending" else None,
    )
    if was == "pending" and now.status == "open" and bot is not None:
        return [Handoff(at=now.at, by=by, conversation=now.id), set_]
    return [set_]


def _terms(now: Fields, before: Before, wall: Instant) -> Terms:
    """A window's end is said only where it is not as the medium's rule has it."""
    ends, refuses = None, ""
    if before.window_s is not None and before.last_in is not None:
        rule = before.last_in + before.window_s * SECOND
        if not now.can_reply and rule > wall:
            ends = now.at
        elif now.can_reply and rule <= wall:
            ends = before.last_in + _SEVEN_DAYS
        elif before.window_s != before.usual_s:
            ends = rule
    elif not now.can_reply and before.window_s is not None:
        ends = now.at
    elif not now.can_reply:
        refuses = say("chatwoot.window_closed")
    return Terms(at=now.at, conversation=now.id, refuses=refuses, window_ends=ends, fields=now.shown)
