"""A room as far as a conversation needs it: who is in it, what holds there. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from tuidesk.domain import instants
from tuidesk.domain.events import Terms
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Person
from tuidesk.wire.loose import Object, number, obj, text, texts
from tuidesk.words import say

_FACTS = {
    "m.room.encryption": "algorithm",
    "m.room.name": "name",
    "m.room.topic": "topic",
    "m.room.tombstone": "replacement_room",
    "m.room.join_rules": "join_rule",
    "m.room.history_visibility": "history_visibility",
}
FACTS = (*_FACTS, "m.bridge", "uk.half-shot.bridge")
"""Types of the state that is asked for, besides members."""
_MEDIA = {
    "whatsapp": "whatsapp", "telegram": "telegram", "signal": "signal", "facebook": "messenger",
    "messenger": "messenger", "meta": "messenger", "instagram": "instagram", "gmessages": "sms",
    "slack": "slack", "discord": "discord",
}  # fmt: skip
"""What the users that bridges make are called (`@whatsapp_4479…:acme.example`) → how the customer really writes."""


def stamp(event: Any) -> Instant:
    """When its sender's server says that it was; 0 where it does not."""
    return instants.clamp(max(0, number(event, "origin_server_ts") or 0))


def fits(user: str, patterns: Iterable[str]) -> bool:
    """`@dana:example.org`, `@*:acme.example`, or a server: `acme.example`, `*.acme.example`."""
    folded = user.lower()
    server = folded.partition(":")[2]
    return any(
        fnmatchcase(folded if pattern.startswith("@") else server, pattern.lower()) for pattern in patterns
    )


def medium_of(user: str) -> str:
    """How somebody writes, as far as their id says it."""
    head, joined, _ = user[1:].partition("_")
    return _MEDIA.get(head, "chat") if joined else "chat"


@dataclass(frozen=True, slots=True)
class Us:
    """Whom to take for our side."""

    own: str
    """The account's own id."""
    agent: frozenset[str] = frozenset()
    """This agent's, in lower case."""
    colleagues: tuple[str, ...] = ()
    """Patterns, see `fits`."""

    def wrote(self, user: str) -> bool:
        """They speak for our side."""
        return user == self.own or user.lower() in self.agent or fits(user, self.colleagues)


@dataclass(slots=True)
class Room:
    """What is known of one room."""

    id: str
    us: Us
    names: dict[str, str] = field(default_factory=dict)
    """Members that were seen, with the name they have there ("" for none)."""
    facts: dict[str, str] = field(default_factory=dict)
    changed: Instant = 0
    """The newest stamp of what is known."""
    joined: int | None = None
    invited: int = 0
    bots: set[str] = field(default_factory=set)
    """The bridge's own users, who are nobody's customer."""
    left: bool = False
    met: bool = False
    """It was asked who is there."""
    told: tuple[str, tuple[tuple[str, str], ...]] | None = None
    """The terms that were told last."""

    def take_summary(self, summary: Any) -> None:
        """The counts and the first members; what is not said has not changed."""
        joined, invited = (number(summary, f"m.{who}_member_count") for who in ("joined", "invited"))
        self.joined = self.joined if joined is None else joined
        self.invited = self.invited if invited is None else invited
        for hero in texts(summary, "m.heroes"):
            self.names.setdefault(hero, "")

    def take_state(self, event: Any) -> None:
        """One event, from the state or the timeline; a message that only calls itself state is none."""
        if "state_key" not in obj(event):
            return
        kind, content = text(event, "type"), obj(event, "content")
        if kind == "m.room.member":
            self._take_member(text(event, "state_key"), content)
        elif kind in FACTS:
            self.facts[kind] = _fact(kind, content)
            if bot := text(content, "bridgebot"):
                self.bots.add(bot)
        else:
            return
        self.changed = max(self.changed, stamp(event))

    def met_before(self, event: Any) -> None:
        """A member as they were when something old was said: only where nothing newer is known."""
        if text(event, "type") == "m.room.member":
            self.names.setdefault(text(event, "state_key"), text(event, "content", "displayname"))

    def _take_member(self, user: str, content: Object) -> None:
        here = text(content, "membership") in ("join", "invite")
        if user == self.us.own:
            self.left = not here
        if here and user:
            self.names[user] = text(content, "displayname")

    def person(self, user: str, kind: str = "person") -> Person:
        """Somebody of the room."""
        return Person(self.names.get(user, ""), user, me=user.lower() in self.us.agent, kind=kind)

    @property
    def customer(self) -> Person | None:
        """With whom we talk there: the first who is not of our side, and no bridge's bot."""
        others = (user for user in self.names if not self.us.wrote(user) and user not in self.bots)
        return next((self.person(user) for user in others), None)

    @property
    def visibility(self) -> str:
        """`public` where anybody can come and read it."""
        opened = self.facts.get("m.room.join_rules") == "public"
        return (
            "public"
            if opened or self.facts.get("m.room.history_visibility") == "world_readable"
            else "direct"
        )

    @property
    def replacement(self) -> str:
        """The room that has taken its place, "" where none has."""
        return self.facts.get("m.room.tombstone", "")

    def terms(self) -> Terms | None:
        """What holds there now; None where that was told already."""
        network = self.facts.get("m.bridge") or self.facts.get("uk.half-shot.bridge") or ""
        known = (
            (say("matrix.field_room"), self.facts.get("m.room.name", "")),
            (say("matrix.field_topic"), self.facts.get("m.room.topic", "")),
            (say("matrix.field_network"), network),
        )
        told = (self._refuses(), tuple(pair for pair in known if pair[1]))
        if told == self.told:
            return None
        self.told = told
        return Terms(at=self.changed, conversation=self.id, refuses=told[0], fields=told[1])

    def _refuses(self) -> str:
        """Why no reply can be sent."""
        if "m.room.encryption" in self.facts:
            return say("matrix.encrypted")
        if self.left:
            return say("matrix.left")
        if "m.room.tombstone" in self.facts:
            return say("matrix.moved")
        alone = self.joined is not None and self.joined <= 1 and not self.invited
        return say("matrix.alone") if alone else ""


def _fact(kind: str, content: Object) -> str:
    if kind in ("m.bridge", "uk.half-shot.bridge"):
        return text(content, "protocol", "displayname") or text(content, "protocol", "id")
    return text(content, _FACTS[kind])
