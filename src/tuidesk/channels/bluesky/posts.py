"""What is said in public: notifications and our own posts, newest first, walked back to what is known.

API: app.bsky.notification.listNotifications, app.bsky.feed.{getPosts,getPostThread}, com.atproto.repo.listRecords.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from tuidesk.channels.bluesky import parse, richtext
from tuidesk.channels.bluesky.people import People
from tuidesk.channels.bluesky.place import Memory, Place, time_of
from tuidesk.channels.bluesky.session import NotThere
from tuidesk.domain.events import ChannelEvent, Deleted, Progress, Sent, Terms
from tuidesk.domain.instants import MINUTE, Instant
from tuidesk.errors import Rejected
from tuidesk.wire.channel import Batch, Clock
from tuidesk.wire.http import pages
from tuidesk.wire.http.client import Client
from tuidesk.wire.loose import Object, number, obj, objects, text, when

_REASONS = ("mention", "reply", "quote")
_POSTS = "app.bsky.feed.post"
_PAGE = 100
_AT_ONCE = 25
_MOST = 500
_OWN_EACH = 3
"""Looks, the first of which is for what colleagues have said; who is answered is looked at with the answer."""
_ABOVE, _BELOW = 80, 6
_ALONE = {"depth": 0, "parentHeight": 0}
_OVERLAP: Instant = 30 * MINUTE
"""How far below the newest that is known another may still appear: both lists are sorted by what authors claim."""
_LATE = 3
"""Pages in which what is late is looked for."""


class _New(NamedTuple):
    at: Instant
    view: Object
    mine: bool


class Posts:
    """One account's, in one run."""

    def __init__(
        self,
        client: Client,
        people: People,
        me: str,
        clock: Clock,
        place: Place,
        memory: Memory,
        keys: Mapping[str, str],
    ) -> None:
        """
        Args:
            keys: the outbox's, of each post that this process has sent.
        """
        self._client = client
        self._people = people
        self._me = me
        self._clock = clock
        self._place = place
        self._memory = memory
        self._keys = keys
        self._gone: set[str] = set()
        self._looks = 0

    async def news(self) -> AsyncIterator[Batch]:
        """What came since, oldest first; each batch moves the place."""
        place, behind = self._place, not self._place.told
        told = await self._told()
        own = await self._own() if told or self._looks % _OWN_EACH == 0 else []
        self._looks += 1
        found = sorted([*told, *own], key=lambda one: one.at)
        for start in range(0, len(found), _AT_ONCE):
            some = found[start : start + _AT_ONCE]
            views = await self._views([text(one.view, "uri") for one in some])
            await self._people.ask(text(one.view, "author", "did") for one in some)
            events: list[ChannelEvent] = []
            for one in some:
                view = views.get(text(one.view, "uri")) or one.view
                events += [event async for event in self._events_of(view)]
                place.told = place.told if one.mine else max(place.told, one.at)
                place.own = max(place.own, one.at) if one.mine else place.own
            progress = Progress(start + len(some), len(found)) if behind else None
            while len(events) > _MOST:  # a long thread came at once
                yield Batch(tuple(events[:_MOST]))
                del events[:_MOST]
            yield Batch(tuple(events), place.write(), self._memory.write(), progress=progress)

    async def review(self) -> AsyncIterator[Batch]:
        """What became of the newest posts that we know: no event tells of a deletion, or of who may reply."""
        heads = self._memory.heads
        known = sorted((post for post, head in heads.items() if head and parse.author_of(post)), key=_key)
        uris = [post for post in known[-_AT_ONCE:] if post not in self._gone]
        views = await self._views(uris)
        events: list[ChannelEvent] = []
        for uri in uris:
            if uri not in views and await self._is_gone(uri):
                self._gone.add(uri)
                events.append(Deleted(id=f"delete-{uri}", at=self._clock.now(), message=uri))
        for head, uri in {heads[uri]: uri for uri in uris if uri in views}.items():  # the newest of each
            events += self._terms(head, views[uri])
        if events:
            yield Batch(tuple(events), state=self._memory.write())

    # --- what is new ---

    async def _told(self) -> list[_New]:
        walk = self._walk(
            "/xrpc/app.bsky.notification.listNotifications",
            "notifications",
            {"reasons": list(_REASONS)},
            self._place.told,
            lambda one, now: when(text(one, "indexedAt"), now),
        )
        return [_New(at, one, mine=False) async for at, one in walk if text(one, "reason") in (*_REASONS, "")]

    async def _own(self) -> list[_New]:
        params = {"repo": self._me, "collection": _POSTS}
        path = "/xrpc/com.atproto.repo.listRecords"
        author = {"did": self._me, **self._people.profile(self._me)}
        return [
            _New(at, {**one, "record": obj(one, "value"), "author": author}, mine=True)
            async for at, one in self._walk(path, "records", params, self._place.own, _made_at)
            if text(one, "uri")
        ]

    async def _walk(
        self,
        path: str,
        name: str,
        params: Mapping[str, Any],
        read: Instant,
        at_of: Callable[[Object, Instant], Instant],
    ) -> AsyncIterator[tuple[Instant, Object]]:
        """What is not known of a list, newest first, and when it came.

        Args:
            read: up to where the list was read before.
            at_of: by what the list is sorted.
        """
        walked = 0
        async for page in pages.by_cursor(self._client, path, {"limit": _PAGE, **params}, parse.following):
            listed, now = objects(page.json, name), self._clock.now()
            for one in listed:
                at = min(at_of(one, now), now)
                known = self._memory.knows(text(one, "uri") or parse.unnamed(one))
                if at >= self._place.first and not known:
                    yield at, one
            walked += 1
            oldest = min((at_of(one, now) for one in listed), default=now)
            # beyond what is remembered nobody knows what is late: in a storm each look would read all of it again
            overlap = _OVERLAP if walked < _LATE else 0
            if oldest < max(self._place.first, read - overlap):
                return

    async def _views(self, uris: list[str]) -> dict[str, Object]:
        """Posts as everybody sees them, with addresses for their pictures. Those that are gone are missing."""
        asked = [uri for uri in uris if parse.author_of(uri)]
        if not asked:
            return {}
        try:
            answer = await self._client.get("/xrpc/app.bsky.feed.getPosts", {"uris": asked})
        except Rejected:  # one of them is no name of a post; what came along has to do
            return {}
        return {text(view, "uri"): view for view in objects(answer.json, "posts")}

    async def _is_gone(self, uri: str) -> bool:
        """Deleted, and not only hidden from us, or not shown yet."""
        ours = {"repo": self._me, "collection": _POSTS, "rkey": _key(uri)}
        try:
            if parse.author_of(uri) == self._me:
                await self._client.get("/xrpc/com.atproto.repo.getRecord", ours)
            else:
                await self._client.get("/xrpc/app.bsky.feed.getPostThread", {"uri": uri, **_ALONE})
        except NotThere:
            return True
        except Rejected:
            return False
        return False

    # --- threads ---

    async def _events_of(self, view: Object) -> AsyncIterator[ChannelEvent]:
        """The post, after what its conversation lacks of the thread above it, and before what its author went on to
        say in the same breath."""
        name = text(view, "uri") or parse.unnamed(view)
        if self._memory.knows(name):
            return  # came with another of the same thread
        mine, parent = self._is_mine(view), text(view, "record", "reply", "parent", "uri")
        chain = [view]
        if parent and parent not in self._memory.heads:
            chain = [*await self._above(parent), view]
        at = next((at for at, one in enumerate(chain) if parse.addresses(one, self._me)), len(chain) - 1)
        head = self._memory.heads.get(parent) or text(chain[at], "uri") or name
        if mine and not self._memory.heads.get(parent) and not parse.addresses(chain[at], self._me):
            self._memory.keep(name, "")  # to everybody
            return
        going_on = [] if mine or not number(view, "replyCount") else await self._below(view)
        for one in [*chain[at:], *going_on]:
            if one is view or not self._memory.knows(text(one, "uri")):
                async for event in self._message(one, head):
                    yield event
        for event in self._terms(head, view):
            yield event

    async def _message(self, view: Object, head: str) -> AsyncIterator[ChannelEvent]:
        author, record = obj(view, "author"), obj(view, "record")
        did = text(author, "did")
        self._people.learn([author])
        others = [did, parse.author_of(text(record, "reply", "parent", "uri"))]
        await self._people.ask([*others, *richtext.mentioned(record)])
        if did != self._me and self._people.is_news(did, "post"):
            yield parse.contact({**author, **self._people.profile(did)}, "post", parse.languages(record))
        self._memory.keep(text(view, "uri") or parse.unnamed(view), head)
        said = parse.post(view, head, self._me, self._people.named, self._clock.now())
        yield replace(said, key=self._keys.get(text(view, "uri"))) if isinstance(said, Sent) else said

    async def _above(self, uri: str) -> list[Object]:
        """The post and all that it answers, oldest first, as far as they are there."""
        thread = await self._thread(uri, {"depth": 0, "parentHeight": _ABOVE})
        found: list[Object] = []
        while obj(thread, "post"):
            found.append(obj(thread, "post"))
            thread = obj(thread, "parent")
        return found[::-1]

    async def _below(self, view: Object) -> list[Object]:
        """What the author of a post has answered to themselves: a text that was too long for one."""
        thread = await self._thread(text(view, "uri"), {"depth": _BELOW, "parentHeight": 0})
        found: list[Object] = []
        while True:
            answers = objects(thread, "replies")
            same = [one for one in answers if _author(one) and _author(one) == text(view, "author", "did")]
            if not same:
                return found
            thread = same[0]
            found.append(obj(thread, "post"))

    async def _thread(self, uri: str, how_far: dict[str, int]) -> Object:
        try:
            answer = await self._client.get("/xrpc/app.bsky.feed.getPostThread", {"uri": uri, **how_far})
        except Rejected:  # gone, or not ours to see
            return {}
        return obj(answer.json, "thread")

    def _terms(self, head: str, view: Object) -> list[Terms]:
        """Whether replies are taken there, if that has changed."""
        if self._is_mine(view):
            return []
        return self._memory.terms(head, parse.refuses(view), self._clock.now())

    def _is_mine(self, view: Object) -> bool:
        return text(view, "author", "did") == self._me


def _key(uri: str) -> str:
    return uri.rpartition("/")[2]


def _author(thread: Object) -> str:
    return text(thread, "post", "author", "did")


def _made_at(record: Object, now: Instant) -> Instant:
    """When a record was made, by its key, which its author's claims do not move."""
    made = time_of(_key(text(record, "uri")))
    return when(text(record, "value", "createdAt"), now) if made is None else made
