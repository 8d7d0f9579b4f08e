"""How far we are in the folders: what the desk keeps between two runs as cursor and state."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tuidesk.domain.instants import Instant

RECENT = 500
"""Messages at the end of the inbox whose flags are compared where the server cannot tell what changed, and whose
Message-IDs are remembered to know them again when somebody moves them out and back."""


@dataclass(slots=True)
class Place:
    """One folder."""

    name: str
    validity: int = 0
    """UIDVALIDITY; 0 before the first look."""
    last: int = 0
    """Every UID up to this one has been reported, is in `known`'s gap still to be read, or is too old."""
    modseq: int = 0
    newest: Instant = 0
    """The newest INTERNALDATE reported: what comes later with an older one was moved here."""
    since: str = ""
    """The first day of the first sync, `2026-08-24`; kept so that a resumed one has the same end."""
    full: bool = False
    """The first sync is over."""
    known: set[int] = field(default_factory=set)
    """UIDs reported and, for all we know, still there. In Sent only until the first sync is over."""
    complete: set[int] = field(default_factory=set)
    """Those of them whose flags say that they are done with."""
    marks: dict[int, str] = field(default_factory=dict)
    """UID → a short hash of the Message-ID, for the newest `RECENT`."""
    gone: list[str] = field(default_factory=list)
    """The same hashes of messages that left the inbox, oldest first, `RECENT` at most."""
    exists: int | None = None
    """Messages in the folder at the last look of this run. Not kept."""

    def restart(self, validity: int, since: str) -> None:
        """UIDVALIDITY is another: every UID we knew means nothing now (RFC 9051 §2.3.1.1)."""
        fresh = Place(self.name, validity, since=since, gone=self.gone)
        for name in self.__slots__:
            setattr(self, name, getattr(fresh, name))

    def add(self, uid: int, mark: str, *, complete: bool) -> None:
        """A message was reported."""
        self.last = max(self.last, uid)
        self.known.add(uid)
        if complete:
            self.complete.add(uid)
        if mark:
            self.marks[uid] = mark
            if len(self.marks) > RECENT:
                del self.marks[min(self.marks)]

    def remove(self, uid: int) -> bool:
        """A message is not there any more. False: another copy of it is, and is not done with."""
        self.known.discard(uid)
        self.complete.discard(uid)
        has_copy = self.has_copy(uid)
        mark = self.marks.pop(uid, "")
        if has_copy:
            return False
        if mark:
            self.gone = [*self.gone, mark][-RECENT:]
        return True

    def has_copy(self, uid: int) -> bool:
        """Another copy of the message lies there, and its flags do not say that it is done with."""
        mark = self.marks.get(uid)
        return mark is not None and any(
            other_mark == mark and other != uid and other not in self.complete
            for other, other_mark in self.marks.items()
        )

    def came_back(self, mark: str) -> bool:
        """A message of that mark had left; it is forgotten now."""
        if mark not in self.gone:
            return False
        self.gone.remove(mark)
        return True

    @property
    def recent(self) -> list[int]:
        """The newest UIDs that were reported."""
        return sorted(self.known)[-RECENT:]


@dataclass(slots=True)
class Places:
    """Both folders. Without a Sent folder `sent` is None."""

    inbox: Place
    sent: Place | None

    @property
    def all(self) -> tuple[Place, ...]:
        """The folders that there are."""
        return (self.inbox,) if self.sent is None else (self.inbox, self.sent)

    def cursor(self) -> str:
        """What is small and says where we are."""
        kept = ("name", "validity", "last", "modseq", "newest", "since", "full")
        return json.dumps({part: {key: getattr(place, key) for key in kept} for part, place in self._named()})

    def state(self) -> bytes:
        """What we know about single messages."""
        kept = {
            part: {
                "known": packed(place.known),
                "complete": packed(place.complete),
                "marks": {str(uid): mark for uid, mark in place.marks.items()},
                "gone": place.gone,
            }
            for part, place in self._named()
        }
        return json.dumps(kept, separators=(",", ":")).encode()

    def _named(self) -> list[tuple[str, Place]]:
        return [("inbox", self.inbox)] + ([("sent", self.sent)] if self.sent is not None else [])


def restored(cursor: str, state: bytes, inbox: str, sent: str | None) -> Places:
    """The places as they were, for folders of these names.

    A folder that was another one then, or of which nothing readable was kept, begins anew: what is told twice is
    known to the desk.
    """
    told, known = _table(cursor), _table(state)
    return Places(
        inbox=_place(inbox, told.get("inbox"), known.get("inbox")),
        sent=None if sent is None else _place(sent, told.get("sent"), known.get("sent")),
    )


def _table(text: str | bytes) -> dict[str, Any]:
    try:
        loaded = json.loads(text) if text else {}
    except ValueError:
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _place(name: str, told: Any, known: Any) -> Place:
    try:
        place = Place(
            **told,
            known=unpacked(known["known"]),
            complete=unpacked(known["complete"]),
            marks={int(uid): mark for uid, mark in known["marks"].items()},
            gone=list(known["gone"]),
        )
    except (AttributeError, LookupError, TypeError, ValueError):
        return Place(name)
    return place if place.name == name else Place(name)


def packed(uids: Iterable[int]) -> str:
    """`{1, 2, 3, 7}` → `1:3,7`."""
    ranges: list[list[int]] = []
    for uid in sorted(uids):
        if ranges and ranges[-1][1] == uid - 1:
            ranges[-1][1] = uid
        else:
            ranges.append([uid, uid])
    return ",".join(str(low) if low == high else f"{low}:{high}" for low, high in ranges)


def unpacked(text: str) -> set[int]:
    """The inverse of `packed`."""
    found: set[int] = set()
    for piece in text.split(","):
        low, _, high = piece.partition(":")
        if low:
            found.update(range(int(low), int(high or low) + 1))
    return found
