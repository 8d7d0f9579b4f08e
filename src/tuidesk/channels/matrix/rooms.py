"""A room as far as a conversation needs it: who is in it, what holds there. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from tuidesk.domain.events import Terms
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Person
from tuidesk.words import say

FACTS = (
    "m.room.encryption",
    "m.room.name",
    "m.room.topic",
    "m.room.tombstone",
    "m.room.join_rules",
    "m.room.history_visibility",
    "m.bridge",
    "uk.half-shot.bridge",
)
"""Types of the state that is asked for, besides members."""
_MEDIA = {
    "whatsapp": "whatsapp", "telegram": "telegram", "signal": "signal", "facebook": "messenger",
    "messenger": "messenger", "meta": "messenger", "instagram": "instagram", "gmessages": "sms",
    "slack": "slack", "discord": "discord",
}  # fmt: skip
"""What the users that bridges make are called (`@whatsapp_4479…:acme.example`) → how the customer really writes."""


def table(value: Any) -> dict[str, Any]:
    """Itself where it is a JSON object."""
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> list[Any]:
    """Itself where it is a JSON list."""
    return value if isinstance(value, list) else []


def words(value: Any) -> str:
    """Itself where it is a string."""
    return value if isinstance(value, str) else ""


def number(value: Any) -> int:
    """Itself where it is a number of sense, else 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 53 else 0


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
    left: bool = False
    met: bool = False
    """It was asked who is there."""
    told: tuple[str, tuple[tuple[str, str], ...]] | None = None
    """The terms that were told last."""

    def take_summary(self, summary: Any) -> None:
        """The counts and the first members; what is not said has not changed."""
        told = table(summary)
        if "m.joined_member_count" in told:
            self.joined = number(told["m.joined_member_count"])
        if "m.invited_member_count" in told:
            self.invited = number(told["m.invited_member_count"])
        for hero in rows(told.get("m.heroes")):
            if words(hero):
                self.names.setdefault(hero, "")

    def take_state(self, event: Any) -> None:
        """One event, from the state or the timeline; a message that only calls itself state is none."""
        if "state_key" not in table(event):
            return
        kind, content = words(table(event).get("type")), table(table(event).get("content"))
        if kind == "m.room.member":
            self._take_member(words(event.get("state_key")), content)
        elif kind in FACTS:
            self.facts[kind] = _fact(kind, content)
        else:
            return
        self.changed = max(self.changed, number(event.get("origin_server_ts")))

    def _take_member(self, user: str, content: dict[str, Any]) -> None:
        here = words(content.get("membership")) in ("join", "invite")
        if user == self.us.own:
            self.left = not here
        if here and user:
            self.names[user] = words(content.get("displayname"))

    def person(self, user: str, kind: str = "person") -> Person:
        """Somebody of the room."""
        return Person(self.names.get(user, ""), user, me=user.lower() in self.us.agent, kind=kind)

    @property
    def customers(self) -> tuple[Person, ...]:
        """Whom we talk with there."""
        return tuple(self.person(user) for user in self.names if not self.us.wrote(user))

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


def _fact(kind: str, content: dict[str, Any]) -> str:
    match kind:
        case "m.room.encryption":
            return words(content.get("algorithm"))
        case "m.room.name":
            return words(content.get("name"))
        case "m.room.topic":
            return words(content.get("topic"))
        case "m.room.tombstone":
            return words(content.get("replacement_room"))
        case "m.room.join_rules":
            return words(content.get("join_rule"))
        case "m.room.history_visibility":
            return words(content.get("history_visibility"))
    protocol = table(content.get("protocol"))
    return words(protocol.get("displayname")) or words(protocol.get("id"))
