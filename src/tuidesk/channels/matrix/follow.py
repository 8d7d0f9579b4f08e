"""What happened since a cursor: `/sync` as a long poll, with every gap filled.

The state kept beside the cursor is JSON: histories that are still to be read (so that a first sync goes on where it
was cut), invitations to accept, and the newest message of ours in each room that nobody has read yet.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from tuidesk.channels.matrix import parse
from tuidesk.channels.matrix.login import Refused, below
from tuidesk.channels.matrix.options import Options
from tuidesk.channels.matrix.rooms import FACTS, Room, Us, fits, stamp
from tuidesk.domain.events import ChannelEvent, ContactSeen, Edited, Progress, Received, Sent
from tuidesk.domain.instants import DAY
from tuidesk.errors import ChannelError, RateLimited, Rejected, Unavailable
from tuidesk.wire.channel import Batch, Clock
from tuidesk.wire.http.client import Client
from tuidesk.wire.loose import Object, obj, objects, text
from tuidesk.words import say

_log = logging.getLogger("tuidesk.matrix")

POLL_S = 25
"""How long the server keeps a poll; the age on the screen is never more than this and its own answer time."""
_SLOW_S = 110.0
"""A first look at an account of many rooms takes its server a while."""
_MOST = 48 * 1024 * 1024
"""Bytes of a first look: some kB a room."""
_PAGE = 100
_AT_ONCE = 2_000
"""Events of one gap that are held in memory, so that they come in order; an older rest comes after them."""
_REMEMBERED = 5_000
_UNREAD = 500
_AT_ONCE_MET, _AT_ONCE_JOINED = 6, 10
_PROFILE_S = 5.0
_JOIN_AGAIN_S, _JOIN_AGAIN_MOST_S = 5.0, 600.0
_PAGES_BETWEEN = 10
"""Pages of history between two polls."""
_NO_PLACE = ("M_INVALID_PARAM", "M_UNKNOWN", "M_UNKNOWN_POS")
"""What a server says whose database is another than the one that gave the cursor."""
_BATCH = 500


@dataclass(slots=True)
class Gap:
    """A stretch of a room's history that was not read yet."""

    room: str
    since: str
    """Token to go back from."""
    until: str
    """Token to stop at, "" where only the time says so."""
    floor: int
    """Instant before which nothing is read."""


@dataclass(slots=True)
class Kept:
    """The adapter's own state."""

    gaps: list[Gap] = field(default_factory=list)
    invites: dict[str, str] = field(default_factory=dict)
    """Room → who has invited us, to be accepted."""
    uninvited: list[str] = field(default_factory=list)
    """Rooms whose invitation the rule does not accept."""
    unread: dict[str, str] = field(default_factory=dict)
    """Room → our newest message there, until somebody has read it."""
    done: int = 0
    """Histories of a first sync that are read."""

    @classmethod
    def read(cls, state: bytes) -> "Kept":
        """As `written` wrote it; nothing where it is not ours."""
        try:
            told = json.loads(state or b"{}")
            return cls(**{**told, "gaps": [Gap(*gap) for gap in told.get("gaps", ())]})
        except (ValueError, TypeError, AttributeError):
            return cls()

    def written(self) -> bytes:
        """As bytes."""
        return json.dumps(
            {**asdict(self), "gaps": [list(asdict(gap).values()) for gap in self.gaps]}
        ).encode()


class Follow:
    """One account, followed. What it learns of rooms lasts as long as it."""

    def __init__(self, client: Client, options: Options, us: Us, clock: Clock, parts: set[str]) -> None:
        self._client, self._options, self._us, self._clock = client, options, us, clock
        self._parts = parts
        """The txnIds of what this process sends besides a reply's own event: its files."""
        self._rooms: dict[str, Room] = {}
        self._seen: dict[str, tuple[str, int]] = {}
        """Event → who wrote it and when, of the newest."""
        self._met: set[str] = set()
        self._strangers: dict[str, str] = {}
        """Customer → medium, of those whose profile is to be asked for."""
        self._tried: dict[str, tuple[float, float]] = {}
        """Room → when its invitation is tried again, by the monotonic clock, and the pause after that."""
        self._new: set[str] = set()
        """Rooms that the batch has which is not stored yet."""
        self._looked = False
        """All rooms were seen once."""
        self._kept = Kept()
        self._cursor = ""

    async def batches(self, cursor: str, state: bytes) -> AsyncIterator[Batch]:
        """As `Channel.events`."""
        self._begin(cursor, state)
        at_once = True
        while True:
            notice = await self._accept()
            said = await self._ask(at_once=at_once or bool(self._kept.gaps))
            at_once = False
            events = await self._of(said)
            self._cursor = text(said, "next_batch")
            for batch in self._batched(events, notice):
                yield batch
            self._new.clear()  # it is stored
            for _ in range(_PAGES_BETWEEN):
                if self._kept.gaps:
                    yield replace(await self._older(), notice=notice)
            if self._strangers:
                yield Batch(tuple(await self._introductions()), notice=notice)

    def _begin(self, cursor: str, state: bytes) -> None:
        """What was learned from a batch that nobody has stored is learned again."""
        self._cursor, self._kept = cursor, Kept.read(state)
        for id_ in self._new:
            self._rooms.pop(id_, None)
        self._new.clear()
        for room in self._rooms.values():
            room.told = None

    def _batched(self, events: list[ChannelEvent], notice: str) -> Iterator[Batch]:
        """Only the last one moves the cursor: what is cut before it comes again."""
        while len(events) > _BATCH:
            yield Batch(tuple(events[:_BATCH]))
            events = events[_BATCH:]
        behind = len(self._kept.gaps)
        yield Batch(
            tuple(events),
            cursor=self._cursor,
            state=self._kept.written(),
            caught_up=not behind,
            progress=self._progress() if behind else None,
            notice=notice,
        )

    def _progress(self) -> Progress:
        return Progress(self._kept.done, self._kept.done + len(self._kept.gaps))

    # --- asking ---

    async def _ask(self, *, at_once: bool) -> Object:
        """One poll. A process that knows no room yet asks for the state of all, which is answered at once."""
        fresh = not self._looked
        params = {
            "since": self._cursor or None,
            "filter": json.dumps(self._filter(10 if not self._cursor else 50), separators=(",", ":")),
            "timeout": 0 if at_once or fresh else POLL_S * 1000,
            "full_state": True if fresh and self._cursor else None,
            "set_presence": "offline",
        }
        deadline = _SLOW_S if fresh else POLL_S + 30.0
        try:
            said = (await self._client.get(below("sync"), params, deadline_s=deadline, most=_MOST)).json
        except Refused as error:
            if not self._cursor or error.code not in _NO_PLACE:
                raise
            _log.warning("the server does not know the place %s any more: %s", self._cursor, error.reason)
            self._cursor, self._looked = "", False  # as at first; what is known already is known by its id
            return await self._ask(at_once=True)
        if not text(said, "next_batch"):
            raise Unavailable(say("matrix.no_sync"))
        return obj(said)

    def _filter(self, limit: int) -> dict[str, Any]:
        lazy = {"lazy_load_members": True, "include_redundant_members": True}
        return {
            "presence": {"types": []},
            "account_data": {"types": []},
            "room": {
                "timeline": {"limit": limit, "not_types": list(parse.SILENT), **lazy},
                "state": {"types": ["m.room.member", *FACTS], **lazy},
                "ephemeral": {"types": ["m.receipt"]},
                "account_data": {"types": ["m.tag", parse.STATUS, parse.ASSIGNEE, parse.PRIORITY]},
            },
        }

    async def _page(self, gap: Gap) -> tuple[list[Object], str]:
        """(events, newest first; the token behind them, "" at the end)."""
        wanted = {
            "lazy_load_members": True,
            "include_redundant_members": True,
            "not_types": list(parse.SILENT),
        }
        params = {
            "dir": "b",
            "from": gap.since,
            "to": gap.until or None,
            "limit": _PAGE,
            "filter": json.dumps(wanted, separators=(",", ":")),
        }
        said = (await self._client.get(below("rooms", gap.room, "messages"), params)).json
        for event in objects(said, "state"):
            self._room(gap.room).met_before(event)
        events, end = objects(said, "chunk"), text(said, "end")
        if end == gap.since or (events and stamp(events[-1]) < gap.floor):
            end = ""
        return [one for one in events if stamp(one) >= gap.floor], end

    async def _older(self) -> Batch:
        """One page of a history that is still to be read."""
        gap = self._kept.gaps[0]
        try:
            events, end = await self._page(gap)
        except Rejected as error:  # we are out of the room, or its history is gone
            _log.info("%s: its history cannot be read: %s", gap.room, error.reason)
            events, end = [], ""
        found = await self._of_timeline(self._room(gap.room), events[::-1], live=False)
        if end:
            gap.since = end
        else:
            self._kept.gaps.pop(0)
            self._kept.done += 1
        behind = bool(self._kept.gaps)
        return Batch(
            tuple(found),
            state=self._kept.written(),
            caught_up=not behind,
            progress=self._progress() if behind else None,
        )

    # --- invitations ---

    async def _accept(self) -> str:
        """Join where the rule says so; what the agent should know of it.

        A room stays among the invitations until it is seen: by that it is known that we have just come there.
        """
        now = self._clock.monotonic()
        due = [room for room in self._kept.invites if now >= self._tried.get(room, (0.0, 0.0))[0]]
        for room in due[:_AT_ONCE_JOINED]:
            pause = self._tried.get(room, (0.0, _JOIN_AGAIN_S))[1]
            self._tried[room] = (now + pause, min(2 * pause, _JOIN_AGAIN_MOST_S))
            try:
                await self._client.post(below("join", room), {}, unsafe=False)
            except Rejected as error:
                inviter = self._kept.invites.pop(room)
                _log.warning("the invitation of %s to %s cannot be accepted: %s", inviter, room, error.reason)
            except (RateLimited, Unavailable) as error:  # its server may be far away, and down
                _log.info("the invitation to %s waits: %s", room, error.reason)
        waiting = len(self._kept.uninvited)
        return say("matrix.uninvited", count=waiting) if waiting else ""

    def _invited(self, room: str, body: Any) -> None:
        """The rule: who may open a conversation here."""
        inviter, kind = "", ""
        for event in objects(body, "invite_state", "events"):
            if event.get("type") == "m.room.member" and event.get("state_key") == self._us.own:
                inviter = text(event, "sender")
            if event.get("type") == "m.room.create":
                kind = text(event, "content", "type")
        rule, listed = self._options.invites, fits(inviter, self._options.invites_from)
        ours = bool(inviter) and self._us.wrote(inviter)
        if kind != "m.space" and (ours or rule == "everybody" or (rule == "listed" and listed)):
            self._kept.invites[room] = inviter
        elif room not in self._kept.uninvited:
            self._kept.uninvited = [*self._kept.uninvited, room][-_UNREAD:]

    # --- what was said ---

    def _room(self, id_: str) -> Room:
        return self._rooms.setdefault(id_, Room(id_, self._us))

    async def _of(self, said: Object) -> list[ChannelEvent]:
        """The events of one answer, a room after the other."""
        for id_, body in obj(said, "rooms", "invite").items():
            self._invited(id_, body)
        found: list[ChannelEvent] = []
        known = self._looked and bool(self._cursor)
        for place in ("leave", "join"):
            for id_, body in obj(said, "rooms", place).items():
                came = id_ in self._kept.invites or not self._cursor or (known and id_ not in self._rooms)
                self._settle(id_)
                found += await self._of_room(id_, obj(body), came=came, left=place == "leave")
                await asyncio.sleep(0)  # an account of many rooms does not hold the loop
        self._looked = True
        return found

    def _settle(self, id_: str) -> None:
        """An invitation that is over, one way or the other."""
        self._kept.invites.pop(id_, None)
        if id_ in self._kept.uninvited:
            self._kept.uninvited.remove(id_)

    async def _of_room(self, id_: str, body: Object, *, came: bool, left: bool) -> list[ChannelEvent]:
        """`came`: we have not been there before, so what was said before the cursor is news as well."""
        if id_ not in self._rooms:
            self._new.add(id_)
        room, timeline = self._room(id_), obj(body, "timeline")
        events = objects(timeline, "events")
        room.take_summary(body.get("summary"))
        for event in objects(body, "state", "events"):
            room.take_state(event)
        before, floor = text(timeline, "prev_batch"), self._floor() if came else 0
        reaches = bool(events) and stamp(events[0]) >= floor
        if timeline.get("limited") is True and before and (reaches or not events):
            gap = Gap(id_, before, "" if came else self._cursor, floor)
            if self._cursor:
                events = _joined(await self._between(gap), events)
            else:  # on a first sync the newest of every room comes first, and what is before it afterwards
                self._kept.gaps.append(gap)
        for event in events:
            room.take_state(event)
        room.left = room.left or left
        events = [event for event in events if stamp(event) >= floor]
        found = await self._of_timeline(room, events, live=True)
        found += filter(None, (room.terms(),))
        if self._options.invites == "everybody" and room.replacement and room.replacement not in self._rooms:
            self._kept.invites.setdefault(room.replacement, id_)
        for event in objects(body, "account_data", "events"):
            found += parse.of_account_data(event, room, self._clock.now())
        for event in objects(body, "ephemeral", "events"):
            found += self._of_receipts(event, room)
        return found

    def _floor(self) -> int:
        return self._clock.now() - self._options.days * DAY

    async def _between(self, gap: Gap) -> list[Object]:
        """What was said while nobody looked, oldest first; what is too much at once is left to `_older`."""
        pages: list[Object] = []
        while gap.since:
            try:
                events, gap.since = await self._page(gap)
            except Rejected as error:
                _log.info("%s: its history cannot be read: %s", gap.room, error.reason)
                break
            pages += events
            if len(pages) >= _AT_ONCE and gap.since:
                self._kept.gaps.append(gap)
                break
        return pages[::-1]

    async def _of_timeline(self, room: Room, events: list[Object], *, live: bool) -> list[ChannelEvent]:
        found: list[ChannelEvent] = []
        for event in events:
            author = text(event, "sender")
            if text(event, "unsigned", "transaction_id") in self._parts:
                continue  # a file of a reply that has its row already
            if self._us.wrote(author) and room.customer is None:
                await self._meet(room)
            for read in parse.of_timeline(event, room, self._clock.now()):
                if isinstance(read, Edited) and await self._author(room, read.message) != author:
                    # an edit by another than its author is none (client-server API, event replacements)
                    found += parse.of_timeline({**event, "type": "m.replace"}, room, self._clock.now())
                    continue
                if isinstance(read, Received | Sent):
                    self._remember(room, read, author, live=live)
                found.append(read)
        return found

    def _remember(self, room: Room, message: Received | Sent, author: str, *, live: bool) -> None:
        """Who wrote it, as long as it is among the newest; whether it is ours, and unread; whom we do not know yet."""
        if message.id:
            self._seen[message.id] = (author, message.at)
            _limit(self._seen, _REMEMBERED)
        if isinstance(message, Received):
            if live and author and author not in self._met:
                self._strangers[author] = message.medium
        elif message.id and message.at >= self._seen.get(self._kept.unread.get(room.id, ""), ("", 0))[1]:
            self._kept.unread[room.id] = message.id
            _limit(self._kept.unread, _UNREAD)

    async def _meet(self, room: Room) -> None:
        """Who is there, asked for once where we have spoken first."""
        if room.met:
            return
        room.met = True
        try:
            said = await self._client.get(below("rooms", room.id, "joined_members"))
        except Rejected:
            return
        room.names |= parse.members(said.json)

    async def _introductions(self) -> list[ChannelEvent]:
        """What customers tell of themselves, asked for once while the program runs; it may be far away."""
        now = list(self._strangers.items())[:_AT_ONCE_MET]
        self._met.update(user for user, _ in now)
        for user, _ in now:
            self._strangers.pop(user)
        return [seen for seen in await asyncio.gather(*(self._profile(*one) for one in now)) if seen]

    async def _profile(self, user: str, medium: str) -> ContactSeen | None:
        try:
            said = await self._client.get(below("profile", user), deadline_s=_PROFILE_S)
        except ChannelError as error:
            _log.debug("no profile of %s: %s", user, error.reason)
            return None
        name, fields = parse.profile(said.json)
        return ContactSeen(medium=medium, handle=user, name=name or None, fields=fields)

    async def _author(self, room: Room, message: str) -> str:
        if message in self._seen:
            return self._seen[message][0]
        try:
            said = await self._client.get(below("rooms", room.id, "event", message))
        except Refused:
            return ""
        return text(said.json, "sender")

    def _of_receipts(self, event: Any, room: Room) -> Iterator[ChannelEvent]:
        """Our newest message there was read: said once."""
        for _, read in parse.of_receipts(event, room):
            ours = self._kept.unread.get(room.id, "")
            reached = self._seen.get(read.message, ("", 0))[1]
            if ours and (read.message == ours or reached >= self._seen.get(ours, ("", 1 << 60))[1]):
                self._kept.unread.pop(room.id)
                yield replace(read, message=ours)


def _joined(older: list[Object], newer: list[Object]) -> list[Object]:
    """Both, where the first may reach into the second, as it does for a room that we have just come to."""
    known = {text(event, "event_id") for event in newer}
    return [*(event for event in older if text(event, "event_id") not in known), *newer]


def _limit(known: dict[str, Any], most: int) -> None:
    """Forget the oldest."""
    while len(known) > most:
        known.pop(next(iter(known)))
