"""A room of the fake homeserver, and what of its events somebody gets to see."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any


@dataclass(slots=True)
class Room:
    id: str
    events: list[dict[str, Any]] = field(default_factory=list)
    """All of them, oldest first; `_at` is the place in the server's one order."""
    state: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    since: dict[str, int] = field(default_factory=dict)
    """User → place of their newest membership."""
    data: list[tuple[int, str, str, Any]] = field(default_factory=list)
    """(place, user, type, content) of account data."""
    receipts: list[tuple[int, str, str, str]] = field(default_factory=list)
    """(place, user, event, type)."""

    def membership(self, user: str) -> str:
        return str(self.state.get(("m.room.member", user), {}).get("content", {}).get("membership", ""))

    @property
    def members(self) -> list[str]:
        return [
            user for kind, user in self.state if kind == "m.room.member" and self.membership(user) == "join"
        ]


def passed(events: list[dict[str, Any]], wanted: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What a filter of events lets through."""
    for one in events:
        named = any(fnmatchcase(one["type"], pattern) for pattern in wanted.get("not_types", ()))
        kind = "types" not in wanted or one["type"] in wanted["types"]
        if not named and kind and ("senders" not in wanted or one["sender"] in wanted["senders"]):
            yield one


def shown(event: dict[str, Any], device: str) -> dict[str, Any]:
    """As the client of a device sees it: a txnId is told to the one that gave it."""
    told = {name: value for name, value in event.items() if name != "_at"}
    unsigned = dict(told.get("unsigned") or {})
    if unsigned.pop("_device", device) != device:
        unsigned.pop("transaction_id", None)
    return {**told, "unsigned": unsigned}
