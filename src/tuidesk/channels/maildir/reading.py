"""What is new in the boxes, and what left the inbox, as events. Blocking: everything here runs in a thread."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tuidesk.channels.maildir.boxes import Box
from tuidesk.channels.maildir.entry import Entry
from tuidesk.channels.maildir.refs import Ref
from tuidesk.channels.maildir.seen import Seen
from tuidesk.domain.events import ChannelEvent, StatusSet
from tuidesk.domain.instants import DAY
from tuidesk.domain.model import Status
from tuidesk.errors import Unavailable, Unreadable
from tuidesk.wire import arrivals
from tuidesk.wire.channel import Clock
from tuidesk.wire.mime import Mail
from tuidesk.wire.mime.structure import MAX_BYTES
from tuidesk.words import say

_EVENTS = 500
_SECONDS = 0.5


@dataclass(slots=True)
class Reading:
    """One pass after another over the same boxes."""

    boxes: dict[str, Box]
    seen: Seen
    us: arrivals.Us
    parse: Callable[[bytes], Mail]
    clock: Clock
    _waiting: list[tuple[str, str, Entry]] = field(default_factory=list)
    """(box, name, entry), the newest last."""
    _stored: int = 0
    """How much `seen` held when it was last handed out to be stored."""
    _changed: bool = True
    _total: int = 0

    def first(self, days: int) -> None:
        """Pass over what is older than the account wants to see at its first sync."""
        since = self.clock.now() - days * DAY
        for label, entries in self._entries():
            old = {name for name, entry in entries.items() if entry.at < since}
            self.seen.passed_over.setdefault(label, set()).update(old)

    def look(self) -> list[ChannelEvent]:
        """Note what is new; what left the inbox is done with, for somebody took it away (until they bring it back)."""
        self._waiting = []
        done: list[ChannelEvent] = []
        for label, entries in self._entries():
            gone = self.seen.forget_missing(label, set(entries))
            self._changed = self._changed or bool(gone)
            if label == "inbox":
                done += [self._moved(Ref(label, name), "complete") for name in self.seen.leave(gone)]
            self._waiting += [
                (label, name, entry) for name, entry in entries.items() if not self.seen.knows(label, name)
            ]
        self._waiting.sort(key=lambda item: (item[2].at, item[1]))
        self._total = len(self._waiting)
        return done

    @property
    def left(self) -> int:
        """How many messages are still to be read."""
        return len(self._waiting)

    @property
    def total(self) -> int:
        """How many the last look found."""
        return self._total

    def some(self) -> tuple[ChannelEvent, ...]:
        """The newest of what is waiting, as many as a batch may hold."""
        made: list[ChannelEvent] = []
        end = self.clock.monotonic() + _SECONDS
        while self._waiting and len(made) < _EVENTS - 2 and (not made or self.clock.monotonic() < end):
            label, name, entry = self._waiting.pop()
            made += self._message(Ref(label, name), entry)
        return tuple(made)

    def state(self, *, whole: bool = False) -> bytes | None:
        """What to store with this batch, None for nothing new. While much is read only now and then: each time it is
        all of it."""
        count = self.seen.count()
        if not self._changed or (not whole and count - self._stored < max(_EVENTS, self._stored // 4)):
            return None
        self._stored, self._changed = count, False
        return self.seen.dump()

    def _message(self, ref: Ref, entry: Entry) -> tuple[ChannelEvent, ...]:
        """A message that went away while we looked is no message; one we may not read is a row that says so."""
        place = arrivals.Place(ref=str(ref), at=entry.at, size=entry.size, in_sent=ref.box == "sent")
        raw: bytes | None = None
        read: Mail | Unreadable
        try:
            if entry.size > MAX_BYTES:
                raise Unreadable(say("mime.too_big", size=entry.size, limit=MAX_BYTES))
            raw = self.boxes[ref.box].read(ref.name)
            read = self.parse(raw)
        except FileNotFoundError:
            return ()
        except Unreadable as error:
            read = error
        except OSError as error:
            read = Unreadable(error.strerror or type(error).__name__)
        self.seen.handed_on.setdefault(ref.box, set()).add(ref.name)
        self._changed = True
        made = arrivals.events(read, place, self.us, raw)
        return (*made, self._moved(ref, "open")) if self._came_back(ref, read) else made

    def _came_back(self, ref: Ref, read: Mail | Unreadable) -> bool:
        if ref.box != "inbox" or isinstance(read, Unreadable):
            return False
        mark = hashlib.sha256(arrivals.message_id(read).encode()).hexdigest()[:16]
        return self.seen.came_back(ref.name, mark)

    def _entries(self) -> Iterator[tuple[str, dict[str, Entry]]]:
        for label, box in self.boxes.items():
            try:
                yield label, box.entries()
            except OSError as error:
                why = error.strerror or type(error).__name__
                raise Unavailable(say("maildir.cannot_read", path=box.path, why=why)) from error

    def _moved(self, ref: Ref, status: Status) -> StatusSet:
        return StatusSet(refs=(str(ref),), at=self.clock.now(), status=status)
