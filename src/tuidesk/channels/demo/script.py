"""The hand-written desk: `script.json`, told as events.

A conversation is `{"id", "who", "medium", "subject"?, "visibility"?, "beats"}`; a beat is `[when, verb, …]`,
`when` being how long before the desk was first opened (`"1d 3h"`), or after it (`"+3h"`). The verbs:

| beat | what happens |
|---|---|
| `in, text, {…}?` | the customer writes; last may come fields of the event, `files`, another sender |
| `out, by, text, {…}?` | our side writes: `me` `sam` `mina` `bot` |
| `note, by, text` · `complete, by` · `reopen, by` | |
| `pending, by, for?` · `snooze, by, until, firm?` | |
| `assign, by, to or null` · `tag, by, word …` · `priority, by, word` | |
| `handoff` · `rated, score, scale, text?` | |
| `edit, n, text` · `delete, n` · `delivered, n, state, reason?` | of the conversation's n-th message |
"""

import json
import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files as resources
from typing import Any

from tuidesk.channels.demo.cast import CAST, SHOP, Asker, contacts, staff
from tuidesk.channels.demo.files import attachment
from tuidesk.domain.events import (
    Assigned,
    ChannelEvent,
    Deleted,
    Delivered,
    Edited,
    Handoff,
    NoteSeen,
    PrioritySet,
    Rated,
    Received,
    Sent,
    StatusSet,
    Tagged,
)
from tuidesk.domain.instants import DAY, HOUR, MINUTE, Instant
from tuidesk.domain.model import Person, Status

_UNITS = {"d": DAY, "h": HOUR, "m": MINUTE}


@cache
def data(name: str) -> Any:
    """A JSON file of this package."""
    return json.loads(resources(__package__).joinpath(name).read_text("utf-8"))


def history(start: Instant, seed: int, agent: Person) -> list[ChannelEvent]:
    """What had happened when the desk was first opened at `start`: contacts, then threads, oldest first."""
    scenes = [_Scene(part, start, seed, agent) for part in data("script.json")]
    threads = sorted((list(scene.events()) for scene in scenes), key=lambda thread: thread[0].at)
    return [*contacts(), *(event for thread in threads for event in thread)]


def asker_of(conversation: str) -> Asker | None:
    """Whose conversation of the script it is."""
    for part in data("script.json"):
        if conversation == f"demo-{part['id']}":
            customer = CAST[part["who"]]
            return Asker(customer.person(part["medium"]), part["medium"], customer.language)
    return None


def lapse(spec: str) -> Instant:
    """`"1d 3h"` → minus that long; `"+2h"` → that long ahead."""
    sign = 1 if spec.startswith("+") else -1
    return sign * sum(int(number) * _UNITS[unit] for number, unit in re.findall(r"(\d+)([dhm])", spec))


_StoryEvent = (
    Received
    | Sent
    | NoteSeen
    | Edited
    | Deleted
    | Delivered
    | StatusSet
    | Assigned
    | Tagged
    | PrioritySet
    | Handoff
    | Rated
)


class _Scene:
    """One conversation of the script, told beat by beat."""

    def __init__(self, part: dict[str, Any], start: Instant, seed: int, agent: Person) -> None:
        self.id = f"demo-{part['id']}"
        self.medium: str = part["medium"]
        self.subject: str | None = part.get("subject")
        self.visibility: str = part.get("visibility", "direct")
        self.customer = CAST[part["who"]].person(self.medium)
        self.beats: list[list[Any]] = part["beats"]
        self.staff = staff(agent)
        # One shift for the whole thread: two seeds differ in seconds, and no two beats change places.
        self.start = start - random.Random(f"{seed} {self.id}").randrange(MINUTE)
        self.messages = 0

    def events(self) -> Iterator[_StoryEvent]:
        tell: dict[str, Callable[..., _StoryEvent]] = {
            "in": self._received,
            "out": self._sent,
            "note": self._note,
            "complete": self._complete,
            "reopen": self._reopen,
            "pending": self._pending,
            "snooze": self._snooze,
            "assign": self._assign,
            "tag": self._tag,
            "priority": self._priority,
            "handoff": self._handoff,
            "rated": self._rated,
            "edit": self._edit,
            "delete": self._delete,
            "delivered": self._delivered,
        }
        for number, (when, verb, *rest) in enumerate(self.beats, 1):
            yield tell[verb](f"{self.id}-e{number}", self.start + lapse(when), *rest)

    def _message(self, at: Instant, text: str, more: dict[str, Any]) -> dict[str, Any]:
        """The fields that both directions share."""
        self.messages += 1
        fields = dict(more)
        if "cc" in fields:
            fields["cc"] = tuple(Person(*pair) for pair in fields["cc"])
        if "refs" in fields:
            fields["refs"] = tuple(f"{self.id}-m{number}" for number in fields["refs"])
        fields["attachments"] = tuple(attachment(name) for name in fields.pop("files", ()))
        return {
            "id": f"{self.id}-m{self.messages}",
            "at": at,
            "medium": self.medium,
            "conversation": self.id,
            "subject": self.subject,
            "text": text or None,
            "visibility": self.visibility,
            **fields,
        }

    def _received(self, _: str, at: Instant, text: str, more: dict[str, Any] | None = None) -> Received:
        fields = self._message(at, text, more or {})
        sender = Person(*fields.pop("from")) if "from" in fields else self.customer
        to = (SHOP,) if self.medium in ("mail", "form") else ()
        return Received(**{"sender": sender, "to": to, **fields})

    def _sent(self, _: str, at: Instant, by: str, text: str, more: dict[str, Any] | None = None) -> Sent:
        author = self.staff[by]
        fields = self._message(at, text, more or {})
        kind = "bot" if by == "bot" else "person"
        return Sent(**{"sender": author, "by": author, "to": (self.customer,), "kind": kind, **fields})

    def _note(self, id: str, at: Instant, by: str, text: str) -> NoteSeen:
        return NoteSeen(id=id, at=at, by=self.staff[by], conversation=self.id, text=text)

    def _status(self, id: str, at: Instant, by: str, status: Status, **more: Any) -> StatusSet:
        return StatusSet(id=id, at=at, by=self.staff[by], conversation=self.id, status=status, **more)

    def _complete(self, id: str, at: Instant, by: str) -> StatusSet:
        return self._status(id, at, by, "complete")

    def _reopen(self, id: str, at: Instant, by: str) -> StatusSet:
        return self._status(id, at, by, "open")

    def _pending(self, id: str, at: Instant, by: str, whom: str | None = None) -> StatusSet:
        return self._status(id, at, by, "pending", pending_for=whom)

    def _snooze(self, id: str, at: Instant, by: str, until: str, firm: bool = False) -> StatusSet:
        return self._status(id, at, by, "snoozed", until=self.start + lapse(until), until_reply=not firm)

    def _assign(self, id: str, at: Instant, by: str, to: str | None) -> Assigned:
        return Assigned(
            id=id,
            at=at,
            by=self.staff[by],
            conversation=self.id,
            to=self.staff[to] if to is not None else None,
        )

    def _tag(self, id: str, at: Instant, by: str, *words: str) -> Tagged:
        return Tagged(id=id, at=at, by=self.staff[by], conversation=self.id, add=words)

    def _priority(self, id: str, at: Instant, by: str, priority: Any) -> PrioritySet:
        return PrioritySet(id=id, at=at, by=self.staff[by], conversation=self.id, priority=priority)

    def _handoff(self, id: str, at: Instant) -> Handoff:
        return Handoff(id=id, at=at, by=self.staff["bot"], conversation=self.id)

    def _rated(self, id: str, at: Instant, score: float, scale: float, text: str | None = None) -> Rated:
        return Rated(
            id=id, at=at, by=self.customer, conversation=self.id, score=score, scale=scale, text=text
        )

    def _edit(self, id: str, at: Instant, number: int, text: str) -> Edited:
        return Edited(id=id, at=at, by=self.customer, message=f"{self.id}-m{number}", text=text)

    def _delete(self, id: str, at: Instant, number: int) -> Deleted:
        return Deleted(id=id, at=at, by=self.customer, message=f"{self.id}-m{number}")

    def _delivered(
        self, id: str, at: Instant, number: int, state: Any, reason: str | None = None
    ) -> Delivered:
        return Delivered(id=id, at=at, message=f"{self.id}-m{number}", state=state, reason=reason)
