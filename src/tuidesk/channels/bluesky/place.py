"""How far an account was read, and what is kept with that: which posts are known, and where a reply is refused."""

import json
from dataclasses import asdict, dataclass, field

from tuidesk.domain.events import Terms
from tuidesk.domain.instants import Instant, clamp
from tuidesk.wire import newest
from tuidesk.wire.loose import number, obj, objects, text

_MOST = 600
"""Posts that are remembered. One that was forgotten comes again, and is known by its id."""
_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"


def key_of(at: Instant, salt: int) -> str:
    """A record key (atproto.com/specs/tid): a time, whose last 20 bits, below a millisecond, come from `salt`."""
    made = (max(0, at) * 1000 + salt % 1000) << 10 | salt // 1000 % 1024
    return "".join(_DIGITS[made >> shift & 31] for shift in range(60, -1, -5))


def time_of(key: str) -> Instant | None:
    """When a record key or a revision was made; None where it is no time."""
    if len(key) != len("3jzfcijpj2z2a") or not set(key) <= set(_DIGITS):
        return None
    made = 0
    for sign in key:
        made = made * 32 + _DIGITS.index(sign)
    return clamp((made >> 10) // 1000)


@dataclass(slots=True)
class Place:
    """The cursor."""

    first: Instant
    """What is older was not asked for."""
    told: Instant = 0
    """Of the newest notification that was read."""
    own: Instant = 0
    """Of our newest post that was read."""
    log: str = ""
    """The revision up to which the log of direct messages was read; "": not at all."""

    @classmethod
    def read(cls, cursor: str, first: Instant) -> "Place":
        try:
            kept = json.loads(cursor)
        except ValueError:
            return cls(first)
        told, own = number(kept, "told") or 0, number(kept, "own") or 0
        return cls(number(kept, "first") or first, told, own, text(kept, "log"))

    def write(self) -> str:
        return json.dumps(asdict(self))


@dataclass(slots=True)
class Memory:
    """The state that is stored with the cursor."""

    heads: dict[str, str] = field(default_factory=dict)
    """Post → the post its conversation begins with, "" for one of ours to everybody; the youngest last."""
    refused: dict[str, str] = field(default_factory=dict)
    """Conversation → why it takes no reply."""

    @classmethod
    def read(cls, state: bytes) -> "Memory":
        try:
            kept = obj(json.loads(state or b"{}"))
        except ValueError:
            return cls()
        heads = {text(one, "post"): text(one, "head") for one in objects(kept, "heads")}
        return cls(heads, {name: str(why) for name, why in obj(kept, "refused").items()})

    def write(self) -> bytes:
        heads = [{"post": post, "head": head} for post, head in self.heads.items()]
        return json.dumps({"heads": heads, "refused": self.refused}).encode()

    def keep(self, post: str, head: str) -> None:
        """Remember a post as the youngest."""
        newest.keep(self.heads, post, head, _MOST)

    def knows(self, post: str) -> bool:
        """Whether it was read before; if so, it is among the youngest again."""
        if post not in self.heads:
            return False
        self.keep(post, self.heads[post])
        return True

    def terms(self, conversation: str, why: str, now: Instant) -> list[Terms]:
        """Keep why a conversation takes no reply, "" where it does; the event of that where it has changed."""
        if why == self.refused.get(conversation, ""):
            return []
        self.refused.pop(conversation, None)
        self.refused |= {conversation: why} if why else {}
        return [Terms(at=now, conversation=conversation, refuses=why)]
