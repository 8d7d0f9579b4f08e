"""The lines of an export, gathered as they belong together, before they are rows again."""

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any

Line = dict[str, Any]
"""A JSON object."""


@dataclass(slots=True)
class Group:
    """A `conversation` line and all that belongs to it."""

    line: int
    account: str
    head: Line
    lines: list[tuple[int, Line]] = field(default_factory=list)

    def holds(self, obj: Line) -> bool:
        return bool(obj["desk"].get("conversation") == self.head["desk"].get("n"))

    def add(self, line: int, obj: Line) -> None:
        self.lines.append((line, obj))


@dataclass(slots=True)
class Loose:
    """An exported line that belongs to no conversation: a contact, a link, what is not begun yet."""

    line: int
    account: str
    obj: Line


class Numbers:
    """Old number → new one, for numbers that come in ascending order: 16 bytes each."""

    def __init__(self) -> None:
        self._old = array("q")
        self._new = array("q")

    def add(self, old: int, new: int) -> None:
        if not self._old or old > self._old[-1]:
            self._old.append(old)
            self._new.append(new)

    def get(self, old: int | None) -> int | None:
        if old is None:
            return None
        at = bisect_left(self._old, old)
        return self._new[at] if at < len(self._old) and self._old[at] == old else None
