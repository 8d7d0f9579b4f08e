"""Direct messages: the log of what happened in every conversation, and what each said before the log was followed.

API: chat.bsky.convo.{getLog,listConvos,listConvoRequests,getConvo,getConvoForMembers,getMessages,acceptConvo,
sendMessage}. The log has no beginning: asked without a cursor, it says where it stands now.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Any

from tuidesk.channels.bluesky import parse
from tuidesk.channels.bluesky.people import People
from tuidesk.channels.bluesky.place import Memory, Place, time_of
from tuidesk.domain.events import ChannelEvent, Progress
from tuidesk.domain.instants import HOUR, Instant
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Unsure
from tuidesk.errors import Rejected, Unsupported
from tuidesk.wire import newest
from tuidesk.wire.channel import Batch, Clock
from tuidesk.wire.http import pages
from tuidesk.wire.http.client import Client
from tuidesk.wire.loose import Object, obj, objects, text, when
from tuidesk.wire.traces import SKEW, Trace, look

_AT = "/xrpc/chat.bsky.convo."
_PROXY = {"atproto-proxy": "did:web:api.bsky.chat#bsky_chat"}
_PAGE = 100
_MOST_PAGES = 200
_MOST = 200
"""Messages in a batch."""
_READ = ("#logReadMessage", "#logReadConvo")
_LOCKS = ("#logLockConvo", "#logUnlockConvo", "#logLockConvoPermanently")


class Chat:
    """One account's, in one run."""

    def __init__(self, client: Client, people: People, me: str, clock: Clock) -> None:
        self._client = client
        self._people = people
        self._me = me
        self._clock = clock
        self._convos: dict[str, Object] = {}
        self._looked: Instant = 0
        """When all that the log had was read."""

    async def ask(self, method: str, params: Mapping[str, Any] | None = None) -> Any:
        """The answer of a query."""
        return (await self._client.get(_AT + method, params, headers=_PROXY)).json

    # --- in ---

    def _away_since(self, place: Place) -> Instant | None:
        """How long the log goes back nobody says: after an hour away, the conversations are looked at as well."""
        at = max(self._looked, time_of(place.log) or 0)
        return at if self._clock.now() - at > HOUR else None

    async def news(self, place: Place, memory: Memory) -> AsyncIterator[Batch]:
        """What came since; each batch moves the place."""
        if not place.log:
            log = text(await self.ask("getLog"), "cursor")
            async for batch in self._history(place.first, memory):
                yield batch
            place.log = log or "2222222222222"  # the first revision there can be
            yield Batch(cursor=place.write())
        elif (since := self._away_since(place)) is not None:
            async for batch in self._history(max(place.first, since), memory):
                yield batch
        for _ in range(_MOST_PAGES):
            answer = await self.ask("getLog", {"cursor": place.log})
            here = text(answer, "cursor")
            logs = [one for one in objects(answer, "logs") if (text(one, "rev") or here) > place.log]
            if not logs:
                self._looked = self._clock.now()
                return
            events: list[ChannelEvent] = []
            for one in logs:
                self._people.learn(objects(one, "relatedProfiles"))
                events += [event async for event in self._logged(one, memory)]
                place.log = max(place.log, text(one, "rev"))
            place.log = max(place.log, here)
            for start in range(0, max(1, len(events)), _MOST):
                last = start + _MOST >= len(events)
                yield Batch(
                    tuple(events[start : start + _MOST]),
                    place.write() if last else None,
                    memory.write() if last else None,
                )

    async def review(self, memory: Memory) -> AsyncIterator[Batch]:
        """Whether those who took no message do now: nothing tells of that."""
        for id_ in [name for name in memory.refused if not name.startswith("at://")]:
            self._convos.pop(id_, None)
            why = parse.closed(await self._convo(id_), self._me)
            if events := memory.terms(id_, why, self._clock.now()):
                yield Batch(tuple(events), state=memory.write())

    async def _history(self, first: Instant, memory: Memory) -> AsyncIterator[Batch]:
        """What was said since `first`, a conversation a time."""
        convos = [one async for one in self._pages("listConvos", "convos")]
        with suppress(Rejected, Unsupported):  # older servers have them in the other list
            convos += [one async for one in self._pages("listConvoRequests", "requests")]
        fresh = {
            text(one, "id"): one
            for one in convos
            if text(one, "id") and when(text(one, "lastMessage", "sentAt"), first) >= first
        }
        for done, (id_, convo) in enumerate(fresh.items(), 1):
            newest.keep(self._convos, id_, convo)
            said: list[Object] = []
            async for one in self._pages("getMessages", "messages", {"convoId": id_}):
                if when(text(one, "sentAt"), first) < first:
                    break
                if not text(one, "$type").endswith("#deletedMessageView"):  # gone before we ever saw it
                    said.append(one)
            events = [event for one in said[::-1] async for event in self._told(one, convo, memory)]
            for start in range(0, len(events), _MOST):
                yield Batch(tuple(events[start : start + _MOST]), progress=Progress(done, len(fresh)))

    async def _told(self, message: Object, convo: Object, memory: Memory) -> AsyncIterator[ChannelEvent]:
        """A message of before, and what was put to it."""
        async for event in self._message(message, convo, memory):
            yield event
        for one in objects(message, "reactions"):
            put = {"message": message, "reaction": one}
            yield parse.reaction(put, convo, self._me, self._people.named, self._clock.now())

    async def _pages(
        self, method: str, name: str, params: Mapping[str, Any] | None = None
    ) -> AsyncIterator[Object]:
        def following(told: object) -> dict[str, str] | None:
            return parse.following(told) if objects(told, name) else None

        params = {"limit": _PAGE, **(params or {})}
        async for page in pages.by_cursor(self._client, _AT + method, params, following, _PROXY):
            self._people.learn(objects(page.json, "relatedProfiles"))
            for one in objects(page.json, name):
                yield one

    async def _logged(self, told: Object, memory: Memory) -> AsyncIterator[ChannelEvent]:
        kind = text(told, "$type").removeprefix("chat.bsky.convo.defs")
        message = obj(told, "message")
        if not message or kind in _READ:
            self._convos.pop(text(told, "convoId"), None)  # begun, accepted, left, muted: look again
            return
        if kind in _LOCKS or text(told, "convoId") in memory.refused:
            self._convos.pop(text(told, "convoId"), None)
        convo = await self._convo(text(told, "convoId"))
        if kind == "#logDeleteMessage":
            message = {**message, "$type": "#deletedMessageView"}
        if kind in ("#logAddReaction", "#logRemoveReaction"):
            sender = text(told, "reaction", "sender", "did")
            await self._people.ask([sender])
            yield parse.reaction(told, convo, self._me, self._people.named, self._clock.now())
            return
        async for event in self._message(message, convo, memory):
            yield event

    async def _message(self, message: Object, convo: Object, memory: Memory) -> AsyncIterator[ChannelEvent]:
        self._people.learn(objects(convo, "members"))
        sender = text(message, "sender", "did")
        members = [text(one, "did") for one in objects(convo, "members")]
        await self._people.ask([*members, sender])
        if sender != self._me and self._people.is_news(sender, "dm"):
            yield parse.contact(self._people.profile(sender), "dm")
        yield parse.direct(message, convo, self._me, self._people.named, self._clock.now())
        for event in memory.terms(text(convo, "id"), parse.closed(convo, self._me), self._clock.now()):
            yield event

    async def _convo(self, id_: str) -> Object:
        """A conversation and who is in it; asked for once."""
        if id_ not in self._convos:
            try:
                found = obj(await self.ask("getConvo", {"convoId": id_}), "convo")
            except Rejected:  # left, or taken down
                found = {}
            newest.keep(self._convos, id_, found)
        return {"id": id_, **self._convos[id_]}

    # --- out ---

    async def with_person(self, did: str) -> Object:
        """The conversation with one person: there is one, begun or not.

        Raises:
            Rejected: they take no messages from us.
        """
        return obj(await self.ask("getConvoForMembers", {"members": [did]}), "convo")

    async def open(self, id_: str) -> Object:
        """A conversation as it is now.

        Raises:
            Rejected: it is not there, or takes no message.
        """
        convo = obj(await self.ask("getConvo", {"convoId": id_}), "convo")
        if why := parse.closed(convo, self._me):
            raise Rejected(why)
        return convo

    async def send(self, convo: Object, said: str, facets: list[dict[str, Any]]) -> Object:
        """Say something; a conversation that was only asked for is accepted by that."""
        id_ = text(convo, "id")
        if text(convo, "status") == "request":
            await self._client.post(_AT + "acceptConvo", {"convoId": id_}, unsafe=False, headers=_PROXY)
        message: dict[str, Any] = {"text": said} | ({"facets": facets} if facets else {})
        body = {"convoId": id_, "message": message}
        return obj((await self._client.post(_AT + "sendMessage", body, headers=_PROXY)).json)

    async def find(self, convo: str, out: Outgoing) -> Found | Missing | Unsure:
        """Whether a message of ours is there. The list does not lag."""
        said = objects(await self.ask("getMessages", {"convoId": convo, "limit": _PAGE}), "messages")
        ours = [
            Trace(text(one, "id"), when(text(one, "sentAt"), 0), text(one, "text"))
            for one in said
            if text(one, "sender", "did") == self._me
        ]
        oldest = min((when(text(one, "sentAt"), 0) for one in said), default=0)
        return look(out, ours, whole=len(said) < _PAGE or oldest < out.at - SKEW)
