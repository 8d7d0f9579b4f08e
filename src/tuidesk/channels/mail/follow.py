"""From a cursor on: the first sync, newest first, and everything that happens, as batches of events."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from tuidesk.channels.mail import fetch, look
from tuidesk.channels.mail.arriving import Arriving
from tuidesk.channels.mail.connection import Connection
from tuidesk.channels.mail.fetch import Fetched, Unfetched
from tuidesk.channels.mail.folders import Folders
from tuidesk.channels.mail.line import Line
from tuidesk.channels.mail.look import Seen
from tuidesk.channels.mail.options import KEYWORD, Options
from tuidesk.channels.mail.place import Place, Places, restored
from tuidesk.channels.mail.refs import Ref
from tuidesk.channels.mail.waiting import Waiting
from tuidesk.domain import instants
from tuidesk.domain.events import ChannelEvent, Progress, StatusSet
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Status
from tuidesk.errors import Unavailable
from tuidesk.wire.channel import Batch, Clock
from tuidesk.words import say

_FIRST = 50
"""Messages in the first batch of a first sync: the queue is to be of use at once."""
_CHUNK = 150
_MOST_EVENTS = 500
_LOOK_S = 5.0
"""Seconds between two looks for new mail while a first sync is under way."""
_HEARTBEAT_S = 60.0
_DELETED = "\\deleted"
"""Some clients take mail out of the inbox by this flag alone, and EXPUNGE it days later."""


@dataclass(frozen=True, slots=True)
class _Older:
    """A message that the first sync has still to read."""

    at: Instant
    uid: int
    place: Place


class Follow:
    """One run of `events`: where we are, and the connection that waits."""

    def __init__(
        self,
        line: Line,
        waiting: Waiting,
        options: Options,
        arriving: Arriving,
        clock: Clock,
    ) -> None:
        self._line = line
        self._waiting = waiting
        self._options = options
        self._arriving = arriving
        self._clock = clock
        self._done_flags = {KEYWORD, _DELETED} if options.keyword else {_DELETED}
        self._places = Places(Place(""), None)
        self._older: list[_Older] = []
        """Oldest first: the next one is the last."""
        self._done = 0
        self._total = 0
        self._cursor = ""
        self._looked = False
        """What happened while nobody listened has been told."""

    async def batches(self, cursor: str, state: bytes, folders: Folders) -> AsyncIterator[Batch]:
        """Without end, until the line breaks."""
        self._places = restored(cursor, state, folders.inbox, folders.sent)
        self._cursor = cursor
        for place in self._places.all:
            await self._begin(place)
        self._done = sum(len(place.known) for place in self._places.all if not place.full)
        self._total = self._done + len(self._older)
        self._settle_first_sync()
        chunk, next_look = _FIRST, 0.0
        while True:
            self._waiting.keep(self._places.inbox.name)
            if self._waiting.woken() or not self._older or self._clock.monotonic() >= next_look:
                async for batch in self._look():
                    yield batch
                self._looked = True
                next_look = self._clock.monotonic() + _LOOK_S
            if self._older:
                yield await self._read_back(chunk)
                chunk = _CHUNK
            else:
                yield self._batch()
                await self._waiting.rest(min(self._options.poll_s, _HEARTBEAT_S))

    # --- beginning ---

    async def _begin(self, place: Place) -> None:
        """Find out whether the UIDs still mean what they did, and what the first sync has still to read."""
        validity, _ = await self._line.run(lambda connection: connection.next_uid(place.name))
        if validity != place.validity:
            self._restart(place, validity)
        if not place.full:
            await self._gather(place)

    def _restart(self, place: Place, validity: int) -> None:
        first = instants.as_datetime(self._clock.now()) - timedelta(days=self._options.days)
        place.restart(validity, first.date().isoformat())

    async def _gather(self, place: Place) -> None:
        found = await self._line.run(lambda connection: look.back(connection, place))
        self._older = [older for older in self._older if older.place is not place]
        self._older += [_Older(at, uid, place) for at, uid in found]
        self._older.sort(key=lambda older: (older.at, older.uid))

    def _settle_first_sync(self) -> None:
        if self._older:
            return
        for place in self._places.all:
            place.full = True
        if self._places.sent is not None:
            self._places.sent.known.clear()

    # --- older mail ---

    async def _read_back(self, most: int) -> Batch:
        """The newest of what is left."""
        chunk, self._older = self._older[-most:][::-1], self._older[:-most]
        made: list[tuple[Instant, list[ChannelEvent]]] = []
        for place in self._places.all:
            uids = [older.uid for older in chunk if older.place is place]
            made += [
                (message.at, await self._arrived(place, message, live=False))
                async for message in self._fetched(place, uids)
            ]
        made.sort(key=lambda one: one[0], reverse=True)
        self._done += len(chunk)
        self._settle_first_sync()
        read = self._batch([event for _, events in made for event in events])
        return replace(read, progress=Progress(self._done, self._total))

    # --- what happens ---

    async def _look(self) -> AsyncIterator[Batch]:
        async for batch in self._look_at_inbox():
            yield batch
        if self._places.sent is not None:
            async for batch in self._look_at_sent(self._places.sent):
                yield batch

    async def _look_at_inbox(self) -> AsyncIterator[Batch]:
        place = self._places.inbox
        seen = await self._line.run(lambda connection: look.at_inbox(connection, place))
        if seen.folder.validity != place.validity:
            await self._begin_anew(place, seen)
            return
        for batch in self._changes(place, seen):
            yield batch
        async for batch in self._new(place, seen):
            yield batch
        place.exists = seen.folder.exists
        place.modseq = seen.folder.modseq

    async def _look_at_sent(self, place: Place) -> AsyncIterator[Batch]:
        seen = await self._line.run(lambda connection: look.at_sent(connection, place))
        if seen is None:
            return
        if seen.folder.validity != place.validity:
            await self._begin_anew(place, seen)
            return
        async for batch in self._new(place, seen):
            yield batch
        if seen.folder.next_uid is not None:
            place.last = max(place.last, seen.folder.next_uid - 1)

    async def _begin_anew(self, place: Place, seen: Seen) -> None:
        """Another UIDVALIDITY: everything is read again, nothing is said to have left."""
        self._restart(place, seen.folder.validity)
        await self._gather(place)
        self._done, self._total = 0, len(self._older)
        self._settle_first_sync()

    def _changes(self, place: Place, seen: Seen) -> Iterator[Batch]:
        """Messages that left the inbox are done with; the keyword, or the flag for deleted ones, says the same."""
        events: list[ChannelEvent] = [
            self._status(place, uid, "complete") for uid in sorted(seen.gone) if place.remove(uid)
        ]
        for uid, flags in sorted(seen.flags.items()):
            complete = not self._done_flags.isdisjoint(flags)
            if uid not in place.known or complete == (uid in place.complete):
                continue
            if not place.has_copy(uid):
                events.append(self._status(place, uid, "complete" if complete else "open"))
            place.complete ^= {uid}
        for begin in range(0, len(events), _MOST_EVENTS):
            yield self._batch(events[begin : begin + _MOST_EVENTS])

    async def _new(self, place: Place, seen: Seen) -> AsyncIterator[Batch]:
        for begin in range(0, len(seen.new), _CHUNK):
            uids = seen.new[begin : begin + _CHUNK]
            events: list[ChannelEvent] = []
            async for message in self._fetched(place, uids):
                events += await self._arrived(place, message, live=True)
            place.last = max(place.last, uids[-1])
            yield self._batch(events)

    # --- messages to events ---

    async def _fetched(self, place: Place, uids: Sequence[int]) -> AsyncIterator[Fetched | Unfetched]:
        """In groups, each a job of its own: what the agent sends does not wait for a thousand mails."""

        def selected(connection: Connection) -> Connection:
            if connection.examine(place.name).validity != place.validity:
                raise Unavailable(say("mail.renumbered", folder=place.name))
            return connection

        if not uids:
            return
        told = await self._line.run(lambda connection: fetch.describe(selected(connection), uids))
        for group in fetch.groups(uids, told):

            def job(connection: Connection, group: Sequence[int] = group) -> list[Fetched | Unfetched]:
                return fetch.messages(selected(connection), group, told)

            for message in await self._line.run(job):
                yield message

    async def _arrived(self, place: Place, message: Fetched | Unfetched, *, live: bool) -> list[ChannelEvent]:
        """The message, and what the folder says of its status."""
        in_sent = place is self._places.sent
        ref = Ref(place.name, place.validity, message.uid)
        events, mark = await self._arriving.events(message, ref, in_sent=in_sent)
        if in_sent:
            place.last = max(place.last, message.uid)
            if not place.full:
                place.known.add(message.uid)
            return events
        complete = not self._done_flags.isdisjoint(message.flags)
        returned = place.came_back(mark) or message.at < place.newest - instants.MINUTE
        place.add(message.uid, mark, complete=complete)
        place.newest = max(place.newest, message.at)
        if complete and not place.has_copy(message.uid):
            events.append(self._status(place, message.uid, "complete", message.at))
        elif live and returned:
            events.append(self._status(place, message.uid, "open"))
        return events

    def _status(self, place: Place, uid: int, status: Status, at: Instant | None = None) -> StatusSet:
        ref = Ref(place.name, place.validity, uid)
        return StatusSet(at=self._clock.now() if at is None else at, refs=(str(ref),), status=status)

    def _batch(self, events: Sequence[ChannelEvent] = ()) -> Batch:
        cursor = self._places.cursor()
        moved = bool(events) or cursor != self._cursor
        self._cursor = cursor
        return Batch(
            events=tuple(events),
            cursor=cursor if moved else None,
            state=self._places.state() if moved else None,
            caught_up=self._looked and not self._older,
            notice=self._waiting.notice,
        )
