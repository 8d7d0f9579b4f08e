"""What Chatwoot writes into a thread when somebody does something: the only place where it says who. Pure.

The sentences are those of `config/locales/en.yml`, `conversations.activity`; an account in another language says the
same as words we do not know, and they are shown as a note.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from tuidesk.channels.chatwoot.people import Us
from tuidesk.domain.events import Assigned, ChannelEvent, NoteSeen, PrioritySet, StatusSet, Tagged
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Person, Priority, Status
from tuidesk.wire.loose import Object, text

PRIORITIES: dict[str, Priority] = {"urgent": "urgent", "high": "high", "medium": "normal", "low": "low"}
_WHY = r"(?: due to .*| \(.*\)|: .*)?"
_STATUSES: tuple[tuple[Status, str], ...] = (
    ("complete", rf"Conversation was marked resolved by (?P<who>.+?){_WHY}"),
    ("complete", r"Conversation was resolved by (?P<customer>.+)"),
    ("open", rf"Conversation was (?:reopened|marked open) by (?P<who>.+?){_WHY}"),
    ("open", r"(?P<who>System) reopened the conversation due to .*"),
    ("pending", r"Conversation was marked as pending by (?P<who>.+)"),
    ("snoozed", r"Conversation was snoozed by (?P<who>.+)"),
)
_ASSIGNED = (
    r"(?P<who>(?P<to>.+)) self-assigned this conversation",
    r"Assigned to (?P<to>.+?)(?: via .+)? by (?P<who>.+)",
    r"Conversation unassigned by (?P<who>.+)",
    r"(?P<team>Unassigned) from .+ by (?P<who>.+)",
)
_PRIORITIES = (
    r"(?P<who>.+) (?:set|changed) the priority (?:from \w+ )?to (?P<priority>\w+)",
    r"(?P<who>.+) removed the priority",
)
_LABELS = r"(?P<who>.+) (?P<how>added|removed) (?P<labels>[\w-]+(?:, [\w-]+)*)"


class Done(NamedTuple):
    """What somebody did: which field, who, and the event it is."""

    field: str
    """`status`, `assignee`, `priority`, `tags`."""
    by: Person
    make: Callable[[str, Instant], StatusSet | Assigned | PrioritySet | Tagged] | None
    """(conversation, when) → the event; None where the field's own value says it better."""


def read(said: str, us: Us) -> Done | None:
    """An activity's sentence; None where we do not know it."""
    for status, pattern in _STATUSES:
        if found := re.fullmatch(pattern, said):
            customer = found.groupdict().get("customer")  # who may call themselves as one of us does
            return _status(status, Person(customer) if customer else _who(found["who"], us))
    for pattern in _ASSIGNED:
        if found := re.fullmatch(pattern, said):
            return _assigned(found.groupdict(), us)
    for pattern in _PRIORITIES:
        if found := re.fullmatch(pattern, said):
            priority = PRIORITIES.get(found.groupdict().get("priority") or "medium", "normal")
            return _priority(priority, _who(found["who"], us))
    if found := re.fullmatch(_LABELS, said):
        return _labels(found["how"], tuple(found["labels"].split(", ")), _who(found["who"], us))
    return None


def events(raw: Object, conversation: str, us: Us, at: Instant) -> list[ChannelEvent]:
    """What an activity says as an event of the history; a note where its words are not known."""
    id_, said = text(raw, "id"), text(raw, "content")
    done = read(said, us)
    if done is None:
        by = Person(say_who(raw), kind="auto")
        return [NoteSeen(id=id_, at=at, by=by, conversation=conversation, text=said)] if said else []
    return [replace(done.make(conversation, at), id=f"activity:{id_}")] if done.make else []


def say_who(raw: Object) -> str:
    """Who wrote an activity that nobody signed."""
    return text(raw, "sender", "name") or "Chatwoot"


def _who(name: str, us: Us) -> Person:
    return us.named(name) or Person(
        name, kind="auto" if name.lower() in ("system", "automation system") else "person"
    )


def _status(status: Status, by: Person) -> Done:
    if status == "snoozed":
        return Done("status", by, None)  # until when, only the conversation says
    return Done("status", by, lambda c, at: StatusSet(at=at, by=by, conversation=c, status=status))


def _assigned(found: dict[str, str | None], us: Us) -> Done:
    by, name = _who(found.get("who") or "", us), found.get("to")
    to = us.named(name) if name else None
    if found.get("team") or (name and to is None):
        return Done("team", by, None)  # a team, or an agent who has left: the conversation says so
    return Done("assignee", by, lambda c, at: Assigned(at=at, by=by, conversation=c, to=to))


def _priority(priority: Priority, by: Person) -> Done:
    return Done("priority", by, lambda c, at: PrioritySet(at=at, by=by, conversation=c, priority=priority))


def _labels(how: str, labels: tuple[str, ...], by: Person) -> Done:
    if how == "added":
        return Done("tags", by, lambda c, at: Tagged(at=at, by=by, conversation=c, add=labels))
    return Done("tags", by, lambda c, at: Tagged(at=at, by=by, conversation=c, remove=labels))
