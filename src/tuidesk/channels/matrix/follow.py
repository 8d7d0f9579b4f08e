"""What happened since a cursor: `/sync` as a long poll, with every gap filled."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

from tuidesk.channels.matrix import parse
from tuidesk.channels.matrix.invites import Invites
from tuidesk.channels.matrix.kept import Gap, Kept
from tuidesk.channels.matrix.options import Options
from tuidesk.channels.matrix.reading import PlaceLost, Reading
from tuidesk.channels.matrix.rooms import Room, Us, stamp
from tuidesk.domain.events import ChannelEvent, Edited, NoteSeen, Progress, Received, Sent
from tuidesk.domain.instants import DAY
from tuidesk.domain.model import Person
from tuidesk.errors import RateLimited, Rejected, Unavailable
from tuidesk.wire.channel import Batch, Clock
from tuidesk.wire.loose import Object, obj, objects, text
from tuidesk.wire.newest import keep
from tuidesk.words import say

_log = logging.getLogger("tuidesk.matrix")

_AT_ONCE = 2_000
"""Events of one gap that are held in memory, so that they come in order; an older rest comes after them."""
_PAGES_BETWEEN = 10
"""Pages of history between two polls."""
_POLL_LEAST_S = 1.0
_AGAIN_S, _AGAIN_MOST_S = 5.0, 600.0
_MET_AT_ONCE = 6
_REMEMBERED = 5_000
_UNREAD = 500
_BATCH = 500


class Follow:
    """One account, followed. What it learns of rooms lasts as long as it."""

    def __init__(
        self,
        reading: Reading,
        invites: Invites,
        options: Options,
        us: Us,
        clock: Clock,
        parts: set[str],
    ) -> None:
        """
        Args:
            parts: the txnIds of what this process sends besides a reply's own event, its files.
        """
        self._reading, self._invites, self._clock = reading, invites, clock
        self._options, self._us, self._parts = options, us, parts
        self._rooms: dict[str, Room] = {}
        self._new: set[str] = set()
        """Rooms that the batch has which is not stored yet."""
        self._looked = False
        """All rooms were seen once."""
        self._seen: dict[str, tuple[str, int]] = {}
        """Event → who wrote it and when, of the newest."""
        self._met: dict[str, None] = {}
        self._strangers: dict[str, str] = {}
        """Customer → medium, of those whose profile is to be asked for."""
        self._stuck: dict[str, tuple[float, float]] = {}
        """Room whose history cannot be had → when it is asked again, by the monotonic clock, and the pause after."""
        self._lost: list[ChannelEvent] = []
        """What is to be said of a history that cannot be read."""
        self._kept = Kept()
        self._cursor = ""

    async def batches(self, cursor: str, state: bytes) -> AsyncIterator[Batch]:
        """As `Channel.events`."""
        self._begin(cursor, state)
        wait = False
        while True:
            opened = self._invites.fresh(
                self._kept
            )  # what they said is there at once, and no poll need wait for it
            notice = await self._invites.accept(self._kept)
            asked, held = self._clock.monotonic(), wait and self._looked and not self._due() and not opened
            events = await self._polled(wait=held)
            if held and not events and self._clock.monotonic() - asked < _POLL_LEAST_S:
                await asyncio.sleep(_POLL_LEAST_S)  # a server that keeps no poll is not asked without end
            wait = True
            for batch in self._batched(events):
                yield replace(batch, notice=notice)
            self._new.clear()  # it is stored
            for _ in range(_PAGES_BETWEEN):
                if self._due():
                    yield replace(await self._older(), notice=notice)
            if self._strangers:
                yield Batch(await self._introductions(), notice=notice)

    def _begin(self, cursor: str, state: bytes) -> None:
        """What was learned from a batch that nobody has stored is learned again."""
        self._cursor, self._kept, self._lost = cursor, Kept.read(state), []
        for id_ in self._new:
            self._rooms.pop(id_, None)
        self._new.clear()
        for room in self._rooms.values():
            room.told = None

    def _batched(self, events: list[ChannelEvent]) -> Iterator[Batch]:
        """Only the last one moves the cursor: what is cut before it comes again."""
        while len(events) > _BATCH:
            yield Batch(tuple(events[:_BATCH]))
            events = events[_BATCH:]
        yield replace(self._kept_with(events), cursor=self._cursor)

    def _kept_with(self, events: list[ChannelEvent]) -> Batch:
        done, left = self._kept.done, len(self._due())
        progress = Progress(done, done + left) if left else None
        through = not left and not self._invites.fresh(self._kept)
        return Batch(tuple(events), state=self._kept.written(), caught_up=through, progress=progress)

    # --- polls ---

    async def _polled(self, *, wait: bool) -> list[ChannelEvent]:
        """What one poll brings; the cursor is behind it then."""
        try:
            said = await self._reading.poll(self._cursor, wait=wait, whole=not self._looked)
        except PlaceLost as error:
            _log.warning("the server does not know the place %s any more: %s", self._cursor, error.reason)
            self._cursor, self._looked = "", False  # as at first; what is known already is known by its id
            return await self._polled(wait=False)
        for id_, body in obj(said, "rooms", "invite").items():
            self._invites.seen(self._kept, id_, body)
        found: list[ChannelEvent] = []
        known = self._looked and bool(self._cursor)
        for place in ("leave", "join"):
            for id_, body in obj(said, "rooms", place).items():
                asked = self._invites.settled(self._kept, id_)
                came = asked or not self._cursor or (known and id_ not in self._rooms)
                found += await self._of_room(id_, obj(body), came=came, left=place == "leave")
                await asyncio.sleep(0)  # an account of many rooms does not hold the loop
        self._looked, self._cursor = True, text(said, "next_batch")
        return found

    def _room(self, id_: str) -> Room:
        return self._rooms.setdefault(id_, Room(id_, self._us))

    async def _of_room(self, id_: str, body: Object, *, came: bool, left: bool) -> list[ChannelEvent]:
        """`came`: we have not been there before, so what was said before the cursor is news as well."""
        if id_ not in self._rooms:
            self._new.add(id_)
        room = self._room(id_)
        room.take_summary(body.get("summary"))
        for event in objects(body, "state", "events"):
            room.take_state(event)
        timeline = await self._timeline(room, obj(body, "timeline"), came=came)
        for event in timeline:
            room.take_state(event)
        room.left = room.left or left
        found = await self._of_timeline(room, timeline, live=True)
        found += filter(None, (room.terms(),))
        if room.replacement and room.replacement not in self._rooms:
            self._invites.moved(self._kept, id_, room.replacement)
        for event in objects(body, "account_data", "events"):
            found += parse.of_account_data(event, room, self._clock.now())
        for event in objects(body, "ephemeral", "events"):
            found += self._of_receipts(event, room)
        return found

    # --- history ---

    async def _timeline(self, room: Room, body: Object, *, came: bool) -> list[Object]:
        """The events of a poll, and what the server has left out before them."""
        events, before = objects(body, "events"), text(body, "prev_batch")
        floor = self._clock.now() - self._options.days * DAY if came else 0
        reaches = not events or stamp(events[0]) >= floor
        if body.get("limited") is True and before and reaches:
            gap = Gap(room.id, before, "" if came else self._cursor, floor)
            if self._cursor:
                events = _joined(await self._between(gap), events)
            else:  # on a first sync the newest of every room comes first, and what is before it afterwards
                self._kept.gaps.append(gap)
        return [event for event in events if stamp(event) >= floor]

    async def _between(self, gap: Gap) -> list[Object]:
        """What was said while nobody looked, oldest first; what is too much at once is left to `_older`, and so is what
        cannot be had just now: one room's trouble does not keep back what is said in the others."""
        pages: list[Object] = []
        try:
            while gap.since and len(pages) < _AT_ONCE:
                pages += await self._page(gap)
        except RateLimited:
            pass
        except Unavailable as error:
            self._put_off(gap, error)
        if gap.since:
            self._kept.gaps.append(gap)
        return pages[::-1]

    async def _older(self) -> Batch:
        """One page of a history that is still to be read."""
        gap = self._due()[0]
        try:
            events = await self._page(gap)
        except Unavailable as error:
            self._put_off(gap, error)
            return self._kept_with([])
        self._stuck.pop(gap.room, None)
        found = await self._of_timeline(self._room(gap.room), events[::-1], live=False)
        if not gap.since:
            self._kept.gaps.remove(gap)
            self._kept.done += 1
        return self._kept_with(found)

    def _due(self) -> list[Gap]:
        """The histories that can be read on."""
        now = self._clock.monotonic()
        return [gap for gap in self._kept.gaps if now >= self._stuck.get(gap.room, (0.0, 0.0))[0]]

    def _put_off(self, gap: Gap, error: Unavailable) -> None:
        _log.warning("%s: its history waits: %s", gap.room, error.reason)
        pause = self._stuck.get(gap.room, (0.0, _AGAIN_S))[1]
        self._stuck[gap.room] = (self._clock.monotonic() + pause, min(2 * pause, _AGAIN_MOST_S))

    async def _page(self, gap: Gap) -> list[Object]:
        """The next page back, newest first; the gap is the smaller for it, and closed by `since` = ""."""
        try:
            events, members, gap.since = await self._reading.page(gap)
        except Rejected as error:  # we are out of the room, or its history is gone
            _log.warning("%s: its history cannot be read: %s", gap.room, error.reason)
            if gap.until:  # something was said that nobody here will see
                note = say("matrix.lost", why=error.reason)
                by, id_, at = Person("Matrix", kind="auto"), f"lost:{gap.since}", self._clock.now()
                self._lost.append(NoteSeen(id=id_, at=at, by=by, conversation=gap.room, text=note))
            gap.since = ""
            return []
        for member in members:
            self._room(gap.room).met_before(member)
        return events

    # --- what was said ---

    async def _of_timeline(self, room: Room, events: list[Object], *, live: bool) -> list[ChannelEvent]:
        found, self._lost = self._lost, []
        for event in events:
            author = text(event, "sender")
            if text(event, "unsigned", "transaction_id") in self._parts:
                continue  # a file of a reply that has its row already
            if self._us.wrote(author) and room.customer is None and not room.met:
                room.met = True
                room.names |= await self._reading.members(room.id)
            for read in parse.of_timeline(event, room, self._clock.now()):
                if isinstance(read, Edited) and await self._author(room, read.message) != author:
                    # an edit by another than its author is none (client-server API, event replacements)
                    found += parse.of_timeline({**event, "type": "m.replace"}, room, self._clock.now())
                    continue
                if isinstance(read, Received | Sent):
                    self._remember(room, read, author, live=live)
                found.append(read)
        return found

    async def _author(self, room: Room, message: str) -> str:
        seen = self._seen.get(message)
        return seen[0] if seen else await self._reading.author(room.id, message)

    def _remember(self, room: Room, message: Received | Sent, author: str, *, live: bool) -> None:
        """Who wrote it, as long as it is among the newest; whether it is ours, and unread; whom we do not know yet."""
        if message.id:
            keep(self._seen, message.id, (author, message.at), _REMEMBERED)
        if isinstance(message, Received):
            if live and author and author not in self._met:
                self._strangers[author] = message.medium
        elif message.id and message.at >= self._seen.get(self._kept.unread.get(room.id, ""), ("", 0))[1]:
            keep(self._kept.unread, room.id, message.id, _UNREAD)

    async def _introductions(self) -> tuple[ChannelEvent, ...]:
        """What customers tell of themselves, asked for once while the program runs."""
        now = list(self._strangers.items())[:_MET_AT_ONCE]
        for user, _ in now:
            keep(self._met, user, None)
            self._strangers.pop(user)
        found = await asyncio.gather(*(self._reading.profile(user, medium) for user, medium in now))
        return tuple(seen for seen in found if seen is not None)

    def _of_receipts(self, event: Any, room: Room) -> Iterator[ChannelEvent]:
        """Our newest message there was read: said once."""
        for read in parse.of_receipts(event, room):
            ours = self._kept.unread.get(room.id, "")
            reached = self._seen.get(read.message, ("", 0))[1]
            if ours and (read.message == ours or reached >= self._seen.get(ours, ("", 1 << 60))[1]):
                self._kept.unread.pop(room.id)
                yield replace(read, message=ours)


def _joined(older: list[Object], newer: list[Object]) -> list[Object]:
    """Both, where the first may reach into the second, as it does for a room that we have just come to."""
    known = {text(event, "event_id") for event in newer}
    return [*(event for event in older if text(event, "event_id") not in known), *newer]
