"""What happens in Chatwoot: what was missed is asked for, what happens then is told by the websocket."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing
from dataclasses import replace
from typing import NamedTuple, get_args

from tuidesk.channels.chatwoot import activities, cable, fields, people
from tuidesk.channels.chatwoot.api import Api
from tuidesk.channels.chatwoot.fields import Before, Fields
from tuidesk.channels.chatwoot.options import Options
from tuidesk.channels.chatwoot.parse import ACTIVITY, INCOMING, Thread, at, message, type_of
from tuidesk.channels.chatwoot.people import Us
from tuidesk.channels.chatwoot.work import STATUSES
from tuidesk.domain.events import ChannelEvent, Progress, Sent, Terms
from tuidesk.domain.instants import DAY, MINUTE, SECOND, Instant
from tuidesk.domain.model import Caps, Person, Status
from tuidesk.domain.outgoing import Outgoing
from tuidesk.errors import ChannelError, RateLimited, Rejected, Unavailable
from tuidesk.wire.channel import Batch, Site
from tuidesk.wire.loose import Object, number, obj, text
from tuidesk.wire.newest import keep
from tuidesk.words import say

_OVERLAP: Instant = MINUTE
"""How far before the cursor is looked again: what was under way then."""
_COARSE: Instant = 2 * SECOND
"""What the server's stamps, and its word on what time it is, may be off: they are cut to seconds."""
_BEAT_S = 15.0
_SETTLES_S = 1.0
"""Who has done something is told a moment after what: so long is waited for it."""
_LOOK_AGAIN_S = 300.0
"""An event that the server itself has lost is found so much later."""
_PATIENCE_S = 90.0
_MOST_BROKEN = 5
_MOST_CLOSED = 10_000
_FULL = 400
_STATES = get_args(Status)


class _Told(NamedTuple):
    fields: Fields
    terms: Terms | None


class Follow:
    """One account's."""

    def __init__(self, api: Api, options: Options, site: Site, renew: Callable[[], Awaitable[None]]) -> None:
        """
        Args:
            renew: ask anew who and what there is in the account, for `us` and `caps`.
        """
        self._renew = renew
        self._api = api
        self._options = options
        self._clock = site.clock
        self.us = Us()
        self.caps = Caps()
        self.echoes: dict[str, str] = {}
        """Message by our own key, where the websocket gave it back."""
        self._status: dict[str, Status] = {}
        """Conversations that are not open, as the server has it."""
        self._status_kept = b""
        self._told: dict[str, _Told] = {}
        self._threads: dict[str, Thread] = {}
        self._contacts: dict[int, Object] = {}
        self._last_in: dict[str, Instant] = {}
        self._by: dict[str, dict[str, Person]] = {}
        """Who has changed which field of a conversation and is not told yet."""
        self._changed: dict[str, tuple[float, Object]] = {}
        """Conversations whose fields are to be told: from when on, and as they are."""
        self._ours: dict[str, None] = {}
        """Conversations of which this process has set something: what their activities say of us is known."""
        self._stored: dict[str, tuple[str, str]] = {}
        """Conversations of a look that is not through yet, as they were when they were read: that is not done twice."""
        self._cable: cable.Cable | None = None

    async def batches(self, cursor: str, state: bytes) -> AsyncGenerator[Batch, None]:
        """See `Channel.events`."""
        self._read_state(state)
        self._told.clear()
        self._contacts.clear()
        self._cable, notice = None, ""
        async with AsyncExitStack() as stack:
            try:
                self._cable = await stack.enter_async_context(self._opened())
            except ChannelError as error:  # what is on the way lets none through: it is looked now and then
                notice = say("chatwoot.no_websocket", why=error.reason)
            reached = self._api.now()
            looked, told = _place(cursor) or 2 * (reached - self._options.days * DAY,)
            async for batch in self._catch_up(looked - (_OVERLAP if cursor else 0), history_from=told):
                yield batch
            yield Batch(cursor=f"{reached} {reached}", state=self._state(), caught_up=True, notice=notice)
            if self._cable is not None:
                async for batch in self._stream(self._cable, reached):
                    yield batch

    def did(self, out: Outgoing) -> None:
        """Something of ours was carried out: what the server says of it is no news."""
        if out.conversation:
            keep(self._ours, out.conversation, None)
            if (asked := STATUSES.get(out.type)) is not None:
                self._remember(out.conversation, fields.STATUSES[asked])

    def close(self) -> None:
        """Nobody follows any more."""
        if self._cable is not None:
            self._cable.cut()

    def _opened(self) -> AbstractAsyncContextManager[cable.Cable]:
        account = number(self._api.account, "id") or 0
        options = self._options
        return cable.opened(
            options.base, self._api.profile, account, ca=options.ca, presence=options.presence
        )

    # --- what was missed ---

    async def _catch_up(self, since: Instant, *, history_from: Instant | None) -> AsyncIterator[Batch]:
        """All that is new since then, conversation by conversation, the newest first.

        Args:
            history_from: from when on what somebody did is told by what the thread says of it; None: it was told.
        """
        told: list[ChannelEvent] = []
        read: dict[str, tuple[str, str]] = {}
        done, beat, failed = 0, self._clock.monotonic(), list[Unavailable]()
        async with aclosing(self._api.conversations(since)) as pages:
            async for page in pages:
                for raw in page:
                    done += 1
                    if self._stored.get(text(raw, "id")) == _stamps(raw):
                        continue
                    try:
                        told += await self._patiently(raw, since, history_from)
                    except (
                        Unavailable
                    ) as error:  # one that the server cannot show keeps the others back no longer
                        failed.append(error)
                        if len(failed) == _MOST_BROKEN:
                            raise
                        continue
                    if at(raw.get("last_activity_at"), self._api.now()) < self._api.now() - 2 * _COARSE:
                        read[text(raw, "id")] = _stamps(
                            raw
                        )  # else another word in that second changes neither
                    if len(told) >= _FULL or self._clock.monotonic() - beat >= _BEAT_S:
                        beat = self._clock.monotonic()
                        progress = Progress(done, done + len(page))
                        for batch in self._batches(told):
                            yield replace(batch, progress=progress)
                        self._stored |= read
                        told, read = [], {}
        for batch in self._batches(told):
            yield batch
        if failed:  # and is asked for again, from the same cursor
            self._stored |= read
            raise failed[0]
        self._stored.clear()

    async def _patiently(
        self, raw: Object, since: Instant, history_from: Instant | None
    ) -> list[ChannelEvent]:
        """One conversation's; a limit in the middle of many is waited for: what came before it is not read twice."""
        while True:
            try:
                return await self._conversation(raw, since, history_from)
            except RateLimited as error:
                if error.after is None or error.after > _PATIENCE_S:
                    raise
                await asyncio.sleep(max(error.after, 1.0))

    async def _conversation(
        self, raw: Object, since: Instant, history_from: Instant | None
    ) -> list[ChannelEvent]:
        """Its customer, its newest messages, and what it is now."""
        told = await self._meet(raw)
        thread = self._threads[text(raw, "id")]
        try:
            messages = await self._api.messages(thread.id, since)
        except Rejected:  # taken away from us, or deleted, since it was listed
            return told
        for one in messages:
            told += self._message(one, thread, history_from)
        return told + self._fields(raw)

    async def _meet(self, raw: Object) -> list[ChannelEvent]:
        """Whose conversation it is; who is new is told."""
        told: list[ChannelEvent] = []
        id_ = number(raw, "meta", "sender", "id") or 0
        inbox = self.us.inbox(number(raw, "inbox_id"))
        contact = self._contacts.get(id_, obj(None))
        if id_ and inbox.id not in people.places(contact):
            contact = await self._api.contact(id_) or obj(raw, "meta", "sender")
            keep(self._contacts, id_, contact)
        thread = fields.thread(raw, contact, self.us)
        keep(self._threads, thread.id, thread)
        if contact and thread.customer.handle:
            told.append(people.contact_seen(contact, thread.medium, inbox.id, self.us))
        return told

    def _message(
        self, raw: Object, thread: Thread, history_from: Instant | None = None
    ) -> list[ChannelEvent]:
        """A message's events. What somebody did is told with the conversation's fields; before them only as history."""
        stamp = at(raw.get("created_at"), self._api.now())
        if type_of(raw) == INCOMING:
            keep(self._last_in, thread.id, max(self._last_in.get(thread.id, 0), stamp))
        made = message(raw, thread, self.us, self._api.now())
        if type_of(raw) == ACTIVITY and (done := activities.read(text(raw, "content"), self.us)) is not None:
            is_new = history_from is None or stamp > history_from - _COARSE
            if is_new:
                self._by.setdefault(thread.id, {})[done.field] = done.by
            known = done.by.me and thread.id in self._ours
            return made if history_from is not None and is_new and not known else []
        for event in made:
            if isinstance(event, Sent) and event.key and event.id:
                keep(self.echoes, event.key, event.id)
        return made

    def _fields(self, raw: Object) -> list[ChannelEvent]:
        """What has changed of a conversation since it was told last."""
        now = fields.fields(raw, self.us, self._api.now())
        told = self._told.get(now.id)
        if told is not None and told.fields.at > now.at:
            return []  # an older picture, which came later
        before = Before(
            fields=told.fields if told else None,
            terms=told.terms if told else None,
            status=self._status.get(now.id, "open"),
            by=self._by.pop(now.id, {}),
            last_in=self._last_in.get(now.id),
            window_s=self.us.inbox(number(raw, "inbox_id")).window_s,
            usual_s=self.caps.window(self._threads[now.id].medium) if now.id in self._threads else None,
        )
        bot = None if self._options.pending else say("chatwoot.bot")
        changes = fields.changes(now, before, wall=self._api.now(), bot=bot)
        terms = next((one for one in changes if isinstance(one, Terms)), before.terms)
        keep(self._told, now.id, _Told(now, terms))
        if now.status is not None:
            self._remember(now.id, now.status)
        return changes

    # --- what happens ---

    async def _stream(self, room: cable.Cable, looked: Instant) -> AsyncIterator[Batch]:
        """Until the line breaks. What is told from then on goes back to the last look: the server may lose an event."""
        clock, reached = self._clock, looked
        beat = look = clock.monotonic()
        while True:
            waits = [from_ for from_, _ in self._changed.values()] + [beat + _BEAT_S]
            heard = await room.next(min(waits) - clock.monotonic())
            told: list[ChannelEvent] = []
            for one in heard:
                if one.name:
                    told += await self._event(one)
                elif one.time_s:
                    reached = one.time_s * SECOND
            told += self._settled()
            now = clock.monotonic()
            if told or now - beat >= _BEAT_S:
                beat = now
                *first, last = self._batches(told)
                for batch in first:
                    yield batch
                yield replace(last, cursor=f"{looked} {reached}")
            if now - look >= _LOOK_AGAIN_S:
                await self._renew()
                look, asked = now, self._api.now()
                async for batch in self._catch_up(looked - _OVERLAP, history_from=None):
                    yield batch
                looked = asked

    async def _event(self, one: cable.Heard) -> list[ChannelEvent]:
        data = one.data
        match one.name.partition("."):
            case ("message", _, "created" | "updated"):
                thread, told = await self._thread(data)
                if (
                    type_of(data) == INCOMING and thread.id in self._changed
                ):  # it was as it began: without a word
                    first, picture = self._changed[thread.id]
                    self._changed[thread.id] = (first, {**picture, "can_reply": True})
                return told + self._message(data, thread)
            case ("conversation", _, "typing_on" | "typing_off" | "mentioned" | "deleted"):
                return []
            case ("conversation" | "assignee" | "team", _, what) if text(data, "id"):
                if what == "contact_changed":
                    self._threads.pop(text(data, "id"), None)
                told = await self._meet(data) if text(data, "id") not in self._threads else []
                first = self._changed.get(text(data, "id"), (self._clock.monotonic() + _SETTLES_S, data))[0]
                self._changed[text(data, "id")] = (first, data)
                return told
            case ("contact", _, "updated") if number(data, "id") in self._contacts:
                return self._contact_changed(number(data, "id") or 0, data)
        return []

    async def _thread(self, data: Object) -> tuple[Thread, list[ChannelEvent]]:
        """The conversation of a message, asked for where it is new."""
        id_ = text(data, "conversation_id")
        if id_ in self._threads:
            return self._threads[id_], []
        try:
            raw = await self._api.conversation(id_)
        except Rejected:  # not ours to see; its messages are told all the same
            inbox = self.us.inbox(number(data, "inbox_id"))
            who = people.customer(obj(data, "sender"), inbox.medium, inbox.id)
            keep(self._threads, id_, Thread(id_, inbox.medium, who))
            return self._threads[id_], []
        told = await self._meet(raw)
        self._changed.setdefault(id_, (self._clock.monotonic() + _SETTLES_S, raw))
        return self._threads.get(id_, fields.thread(raw, obj(None), self.us)), told

    def _contact_changed(self, id_: int, data: Object) -> list[ChannelEvent]:
        """Chatwoot says so after every message as well, where nothing has changed but when they were last seen."""
        before = self._contacts[id_]
        keep(self._contacts, id_, {**before, **data})
        seen = [
            tuple(
                people.contact_seen(contact, self.us.inboxes[place].medium, place, self.us)
                for place in sorted(people.places(contact) & set(self.us.inboxes))[:1]
            )
            for contact in (before, self._contacts[id_])
        ]
        return list(seen[1]) if seen[0] != seen[1] else []

    def _settled(self) -> list[ChannelEvent]:
        """The fields of conversations that have changed a moment ago."""
        now = self._clock.monotonic()
        due = [id_ for id_, (from_, _) in self._changed.items() if from_ <= now]
        return [event for id_ in due for event in self._fields(self._changed.pop(id_)[1])]

    # --- what is remembered ---

    def _remember(self, conversation: str, status: Status) -> None:
        self._status.pop(conversation, None)
        if status != "open":
            self._status[conversation] = status
        if len(self._status) > _MOST_CLOSED:  # those that began first: a first look meets the newest first
            for id_ in sorted(self._status, key=lambda id_: (len(id_), id_))[: _MOST_CLOSED // 10]:
                del self._status[id_]

    def _batches(self, told: list[ChannelEvent]) -> list[Batch]:
        """In pieces that one transaction takes; an empty one where there is nothing."""
        *first, last = (Batch(tuple(told[at : at + _FULL])) for at in range(0, max(len(told), 1), _FULL))
        return [*first, replace(last, state=self._state())]

    def _state(self) -> bytes | None:
        """For `Batch.state`; None where it is what was stored last."""
        closed: dict[Status, str] = {}
        for id_, status in self._status.items():
            closed[status] = f"{closed[status]} {id_}" if status in closed else id_
        made = json.dumps(closed, separators=(",", ":")).encode()
        if made == self._status_kept:
            return None
        self._status_kept = made
        return made

    def _read_state(self, state: bytes) -> None:
        self._status_kept = state
        try:
            kept = obj(json.loads(state)) if state else {}
        except ValueError:
            kept = {}
        for status in _STATES:
            self._status |= dict.fromkeys(text(kept, status).split(), status)


def _place(cursor: str) -> tuple[Instant, Instant] | None:
    """(when everything was looked at, until when the websocket has told what happened)."""
    looked, _, told = cursor.partition(" ")
    return (int(looked), int(told)) if looked.isdecimal() and told.isdecimal() else None


def _stamps(raw: Object) -> tuple[str, str]:
    return str(raw.get("last_activity_at")), str(raw.get("updated_at"))
