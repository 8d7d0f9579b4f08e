"""Which messages of which folder were handed on already: the adapter's state."""

import json
import zlib
from dataclasses import dataclass, field

_REMEMBERED = 500


@dataclass(slots=True)
class Seen:
    """Names by folder. Those passed over were too old at the first sync; nobody waits for news of them."""

    handed_on: dict[str, set[str]] = field(default_factory=dict)
    passed_over: dict[str, set[str]] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    """A short hash of the Message-ID of each message of the inbox that was handed on, by its name."""
    gone: list[str] = field(default_factory=list)
    """The same hashes of messages that left the inbox, oldest first, `_REMEMBERED` at most."""

    @classmethod
    def load(cls, state: bytes) -> "Seen":
        """The inverse of `dump`. Nothing at all from what is no state of ours: then all is handed on once more,
        which the ids make harmless."""
        try:
            handed_on, passed_over, *rest = json.loads(zlib.decompress(state))
            return cls(_sets(handed_on), _sets(passed_over), *rest)
        except (zlib.error, ValueError, TypeError, AttributeError):
            return cls()

    def dump(self) -> bytes:
        """As the store keeps it."""
        boxes = [
            {box: sorted(names) for box, names in part.items()} for part in (self.handed_on, self.passed_over)
        ]
        return zlib.compress(json.dumps([*boxes, self.marks, self.gone]).encode(), 1)

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

    def leave(self, names: list[str]) -> list[str]:
        """These left the inbox. Those of which no other copy lies there."""
        marks = {name: self.marks.pop(name, "") for name in names}
        there = set(self.marks.values())
        left = [name for name, mark in marks.items() if mark not in there]
        self.gone = [*self.gone, *filter(None, (marks[name] for name in left))][-_REMEMBERED:]
        return left

    def came_back(self, name: str, mark: str) -> bool:
        """A message of that mark had left the inbox; it lies there again, perhaps under another name."""
        self.marks[name] = mark
        if mark not in self.gone:
            return False
        self.gone.remove(mark)
        return True


def _sets(part: dict[str, list[str]]) -> dict[str, set[str]]:
    return {box: set(names) for box, names in part.items()}
