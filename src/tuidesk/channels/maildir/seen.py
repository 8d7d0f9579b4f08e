"""Which messages of which folder were handed on already: the adapter's state."""

import json
import zlib
from dataclasses import dataclass, field


@dataclass(slots=True)
class Seen:
    """Names by folder. Those passed over were too old at the first sync; nobody waits for news of them."""

    handed_on: dict[str, set[str]] = field(default_factory=dict)
    passed_over: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def load(cls, state: bytes) -> "Seen":
        """The inverse of `dump`. Nothing at all from what is no state of ours: then all is handed on once more,
        which the ids make harmless."""
        try:
            kept = json.loads(zlib.decompress(state))
            return cls(*({box: set(names) for box, names in part.items()} for part in kept))
        except (zlib.error, ValueError, TypeError, AttributeError):
            return cls()

    def dump(self) -> bytes:
        """As the store keeps it."""
        kept = [
            {box: sorted(names) for box, names in part.items()} for part in (self.handed_on, self.passed_over)
        ]
        return zlib.compress(json.dumps(kept).encode(), 1)

    def count(self) -> int:
        """How many names it holds."""
        return sum(len(names) for part in (self.handed_on, self.passed_over) for names in part.values())

    def knows(self, box: str, name: str) -> bool:
        """It need not be handed on."""
        return name in self.handed_on.get(box, ()) or name in self.passed_over.get(box, ())

    def forget_missing(self, box: str, present: set[str]) -> list[str]:
        """Drop the names that are not `present`; those that had been handed on."""
        gone = sorted(self.handed_on.get(box, set()) - present)
        for part in (self.handed_on, self.passed_over):
            part.get(box, set()).intersection_update(present)
        return gone
