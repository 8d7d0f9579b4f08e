"""Mastodon: notifications and our own replies by `min_id`, a stream as the bell, statuses with an Idempotency-Key.

API: docs.joinmastodon.org/methods/{notifications,statuses,streaming,media,instance}.
"""

import asyncio
import json
import math
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar
from urllib.parse import quote

from tuidesk.channels.mastodon import parse
from tuidesk.domain.events import ChannelEvent
from tuidesk.domain.instants import DAY, Instant
from tuidesk.domain.model import File
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Receipt, Unsure
from tuidesk.domain.visibility import known, narrower
from tuidesk.errors import AuthFailed, Rejected, Unavailable, Unsupported
from tuidesk.wire import traces
from tuidesk.wire.channel import Batch, Checked, Site
from tuidesk.wire.http import streams
from tuidesk.wire.http.client import Client, SecretAuth, Upload
from tuidesk.wire.http.pages import MOST_PAGES
from tuidesk.wire.loose import Object, obj, objects, text, when
from tuidesk.words import say

_PAGE = 40
_NEEDED = ("read", "write")
_SENSES = re.compile(r"(?<![\w/=])@(\w(?:[\w.-]*\w)?(?:@[\w.-]*\w)?)")
"""A handle in a text: whoever it names gets a direct message too."""
_HEADS = 500
_MEDIA_S = 60.0
_SELDOM = 4
"""Looks that a stream saves: it rings for no mention that is filtered, and a bell can be missed."""


@dataclass(frozen=True, slots=True)
class MastodonOptions:
    """The account's table."""

    server: str = field(metadata={"help": say("mastodon.help_server")})
    days: int = field(default=30, metadata={"help": say("mastodon.help_days")})
    poll_s: float = field(default=30.0, metadata={"help": say("mastodon.help_poll_s")})
    ca: str = field(default="", metadata={"help": say("mastodon.help_ca")})


class Mastodon:
    """One account on one instance."""

    Options: ClassVar[type[Any]] = MastodonOptions
    credential: ClassVar[str] = say("mastodon.credential")

    def __init__(self, options: MastodonOptions, site: Site) -> None:
        self._options = options
        self._site = site
        self._auth = SecretAuth.bearer(site)
        base = options.server if "://" in options.server else f"https://{options.server}"
        self._client = Client(base, self._auth, site, ca=options.ca)
        self._tries = traces.Tries(site.clock)
        self._me = ""
        self._streaming = ""
        self._heads: dict[str, str] = {}
        """Status → the first status of its conversation, for the newest of them."""

    async def check(self) -> Checked:
        """See `Channel`."""
        account = obj((await self._client.get("/api/v1/accounts/verify_credentials")).json)
        instance = obj((await self._client.get("/api/v2/instance")).json)
        self._me = text(account, "id")
        self._streaming = text(instance, "configuration", "urls", "streaming")
        return Checked(
            identity=parse.person(account),
            caps=parse.caps(instance),
            findings=(say("mastodon.found", acct=text(account, "acct"), server=self._client.host),),
            troubles=tuple([trouble async for trouble in self._troubles()]),
        )

    async def events(self, cursor: str, state: bytes) -> AsyncIterator[Batch]:
        """See `Channel`. A stream is only the bell; what came is read by `min_id`, so nothing falls between the two."""
        place = _Place.read(cursor)
        self._heads = _heads(state)
        if not self._me:
            await self.check()
        async for batch in self._news(place):
            yield batch
        yield Batch(caught_up=True)
        async for said in self._bells():
            if said is not None and not self._rings(said):
                changed = parse.changed(said.name, _data(said.data), self._me, self._now())
                yield Batch((changed,) if changed is not None and self._is_ours(said) else ())
                continue
            async for batch in self._news(place):
                yield batch
            yield Batch(caught_up=True)

    async def perform(self, out: Outgoing) -> Receipt:
        """See `Channel`. A reply is never wider than what it answers."""
        if out.type not in ("reply", "start"):
            raise Unsupported(say("mastodon.unsupported", type=out.type))
        answered: Object = {}
        if out.type == "reply":
            answered = obj((await self._client.get(f"/api/v1/statuses/{_part(out.reply_to or '')}")).json)
        visibility = known(out.visibility)
        if out.type == "reply":
            visibility = narrower(visibility, known(text(answered, "visibility") or "direct"))
        else:
            await self._refuse_strangers(out)
        said = _addressed(out, visibility, self._client.host)
        body: dict[str, Any] = {"status": said, "visibility": visibility}
        body |= {"in_reply_to_id": out.reply_to} if out.type == "reply" else {}
        warning = text(answered, "spoiler_text")
        body |= {"spoiler_text": warning} if warning else {}
        if out.files:
            body["media_ids"] = [await self._upload(file) for file in out.files]
        with self._tries.of(out.key):
            answer = await self._client.post("/api/v1/statuses", body, headers={"idempotency-key": out.key})
        posted = obj(answer.json)
        id_ = text(posted, "id")
        return Receipt(
            id=id_,
            at=when(text(posted, "created_at"), self._now()),
            conversation=id_ if out.type == "start" else out.conversation,
            ids=tuple(filter(None, (text(posted, "uri"),))),
        )

    async def find(self, out: Outgoing) -> Found | Missing | Unsure:
        """See `Channel`. Our own statuses are listed at once, and under what they answer."""
        if not self._me:
            await self.check()
        answer = await self._client.get(
            f"/api/v1/accounts/{_part(self._me)}/statuses", {"limit": _PAGE, "exclude_reblogs": True}
        )
        ours = [(when(text(one, "created_at"), 0), one) for one in objects(answer.json)]
        oldest = min((at for at, _ in ours), default=0)  # a page may be short, and not the last
        whole = oldest < out.at - traces.SKEW
        found: list[traces.Trace] = []
        for at, one in ours:
            if at >= out.at - traces.SKEW and text(one, "in_reply_to_id") == (out.reply_to or ""):
                said = await self._typed(one)
                whole = whole and said is not None
                shown = parse.plain(text(one, "content")) if said is None else said
                found.append(traces.Trace(text(one, "id"), at, parse.unaddressed(shown)))
        plain = replace(out, text=parse.unaddressed(out.text))
        return self._tries.known(out, traces.look(plain, found, whole=whole))

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """See `Channel`. An attachment is an address, often of the instance's own file server."""
        if not ref.startswith(("https://", "http://")):
            raise Rejected(say("mastodon.no_file"))
        async for piece in self._client.download(ref):
            yield piece

    async def aclose(self) -> None:
        """See `Channel`."""
        await self._client.aclose()

    async def _typed(self, status: Object) -> str | None:
        """What was typed: the page shortens links and leaves hosts out. None where the server does not keep it."""
        try:
            answer = await self._client.get(f"/api/v1/statuses/{_part(text(status, 'id'))}/source")
        except (Rejected, Unsupported):
            return None
        return text(answer.json, "text")

    # --- in ---

    async def _news(self, place: "_Place") -> AsyncIterator[Batch]:
        """What came since `place`, oldest first, a page a batch; moves `place`."""
        statuses = f"/api/v1/accounts/{_part(self._me)}/statuses"
        mentions = {"types[]": ["mention"], "include_filtered": True}
        replies = {"exclude_reblogs": True}
        if not place.started:
            first = self._now() - self._options.days * DAY
            place.mention = await self._id_before("/api/v1/notifications", mentions, first)
            place.own = await self._id_before(statuses, replies, first)
            place.started = True
        while True:
            told = await self._page("/api/v1/notifications", mentions, place.mention)
            own = await self._page(statuses, replies, place.own)
            if not place.move(told, own):
                return
            found = [obj(one, "status") for one in told if obj(one, "status")]
            found += [one for one in own if text(one, "in_reply_to_id") or _is_direct(one)]
            found.sort(key=lambda one: when(text(one, "created_at"), 0))
            events = [event for status in found async for event in self._events_of(status)]
            yield Batch(tuple(events), place.write(), self._state())

    async def _events_of(self, status: Object) -> AsyncIterator[ChannelEvent]:
        account = obj(status, "account")
        head = await self._head(status)
        if not head:
            return
        message = parse.message(status, head, self._me, self._now())
        if text(account, "id") != self._me:
            yield parse.contact(account, message.medium)
        yield message

    async def _page(self, path: str, params: dict[str, Any], after: str) -> list[Object]:
        """The next page behind an id, oldest first. The server's pages run newest first."""
        asked = {**params, "limit": _PAGE} | ({"min_id": after} if after else {"min_id": "0"})
        return objects((await self._client.get(path, asked)).json)[::-1]

    async def _id_before(self, path: str, params: dict[str, Any], first: Instant) -> str:
        """The newest id that is older than `first`; "" where all is younger."""
        older: dict[str, Any] = {}
        for _ in range(MOST_PAGES):
            page = objects((await self._client.get(path, {**params, **older, "limit": _PAGE})).json)
            for one in page:
                if when(text(one, "created_at"), 0) < first:
                    return text(one, "id")
            if not page or {"max_id": text(page[-1], "id")} == older:
                return ""
            older = {"max_id": text(page[-1], "id")}
        return str(older["max_id"])

    async def _head(self, status: Object) -> str:
        """The status that a conversation begins with: the first that is not a post of ours to everybody.

        "" where this is such a post too: those who answer it have nothing to do with each other.
        """
        id_, parent = text(status, "id"), text(status, "in_reply_to_id")
        if parent not in self._heads and parent:
            await self._climb(id_, parent)
        head = self._heads.get(parent) or ("" if self._is_broadcast(status) else id_)
        self._remember(id_, head)
        return head

    async def _climb(self, id_: str, parent: str) -> None:
        try:
            answer = await self._client.get(f"/api/v1/statuses/{_part(id_)}/context")
            above = objects(answer.json, "ancestors")
        except Rejected:  # gone, or not ours to see
            above = []
        head = ""
        for one in above:
            known = self._heads.get(text(one, "id"))  # what stood above it may be gone since
            head = head or known or ("" if self._is_broadcast(one) else text(one, "id"))
            self._remember(text(one, "id"), head)
        if not above:
            self._remember(parent, parent)

    def _is_broadcast(self, status: Object) -> bool:
        return text(status, "account", "id") == self._me and not objects(status, "mentions")

    def _remember(self, id_: str, head: str) -> None:
        self._heads.pop(id_, None)
        self._heads[id_] = head
        while len(self._heads) > _HEADS:
            del self._heads[next(iter(self._heads))]

    def _state(self) -> bytes:
        return json.dumps(self._heads).encode()

    async def _bells(self) -> AsyncIterator[streams.Said | None]:
        """What the stream says, and None where it is time to look: once it is open, and now and then; for ever."""
        if self._may_stream():
            looked = -math.inf
            try:
                async for said in streams.events(self._client, "/api/v1/streaming/user"):
                    now = self._site.clock.monotonic()
                    if said is None and now - looked >= self._options.poll_s * _SELDOM:
                        looked = now
                        yield None
                    else:
                        yield said or streams.Said("beat", "")
            except (Rejected, Unsupported, AuthFailed):
                pass  # no streaming here: looked at now and then instead
        while True:
            await asyncio.sleep(self._options.poll_s)
            yield None

    def _rings(self, said: streams.Said) -> bool:
        """Whether there is something new to read. Favourites, and what others write to each other, are none."""
        told = obj(_data(said.data))
        match said.name:
            case "notification":
                mention = text(told, "type") in ("mention", "")
                return mention and text(told, "status", "id") not in self._heads
            case "update":
                return text(told, "account", "id") in (self._me, "") and text(told, "id") not in self._heads
        return said.name == "conversation"

    def _is_ours(self, said: streams.Said) -> bool:
        """Whether a change can be of a message that is here: of what is only read, every edit comes too."""
        told = obj(_data(said.data))
        people = (text(told, "account", "id"), *(text(one, "id") for one in objects(told, "mentions")))
        return said.name != "status.update" or self._me in people or text(told, "id") in self._heads

    def _may_stream(self) -> bool:
        """Only at the instance's own host: the token goes along."""
        return (
            not self._streaming
            or self._streaming.partition("://")[2].partition("/")[0] == self._client.base.netloc.decode()
        )

    async def _troubles(self) -> AsyncIterator[str]:
        try:
            app = obj((await self._client.get("/api/v1/apps/verify_credentials")).json)
        except (Rejected, Unsupported, AuthFailed, Unavailable):
            return  # older servers do not say what a token may do
        scopes = {str(one).partition(":")[0] for one in app.get("scopes") or ()}
        for scope in _NEEDED if scopes else ():
            if scope not in scopes:
                yield say("mastodon.scope", scope=scope)

    # --- out ---

    async def _refuse_strangers(self, out: Outgoing) -> None:
        """A status that names nobody whom the server knows would be read by nobody.

        Raises:
            Rejected: there is no such handle, here or where it says.
        """
        for handle in (person.handle.lstrip("@") for person in (*out.to, *out.cc)):
            try:
                await self._client.get("/api/v1/accounts/lookup", {"acct": handle})
            except Rejected:  # a server meets somebody of another one only when it is asked to look there
                asked = {"q": f"@{handle}", "type": "accounts", "resolve": True, "limit": 1}
                met = obj((await self._client.get("/api/v2/search", asked)).json)
                if not objects(met, "accounts"):
                    raise Rejected(say("mastodon.nobody", handle=handle)) from None

    async def _upload(self, file: File) -> str:
        """A picture on the server, ready to be shown; nobody sees it before its status."""
        with open(file.path, "rb") as content:
            answer = await self._client.post(
                "/api/v2/media",
                unsafe=False,
                uploads=(Upload("file", file.name, content, file.type),),
                form={"description": file.alt} if file.alt else None,
                deadline_s=_MEDIA_S,
            )
        id_ = text(answer.json, "id")
        try:
            async with asyncio.timeout(_MEDIA_S):
                while answer.status in (202, 206):
                    await asyncio.sleep(1.0)
                    answer = await self._client.get(f"/api/v1/media/{_part(id_)}")
        except TimeoutError:  # its status was not even begun
            raise Unavailable(say("mastodon.media_slow", name=file.name)) from None
        return id_

    def _now(self) -> Instant:
        return self._site.clock.now()


def _addressed(out: Outgoing, visibility: str, host: str) -> str:
    """The text with the handles that it must name to arrive.

    Args:
        host: the instance's, which its own people need not be named with.

    Raises:
        Rejected: a direct message names somebody it is not for, and would go to them as well.
    """
    wanted = [person.handle.lstrip("@") for person in (*out.to, *out.cc) if person.handle]
    named = {found.casefold().removesuffix(f"@{host}") for found in _SENSES.findall(out.text)}
    if visibility == "direct" and (strangers := named - {handle.casefold() for handle in wanted}):
        raise Rejected(say("mastodon.stranger", handle=min(strangers)))
    missing = [f"@{handle}" for handle in wanted if handle.casefold() not in named]
    return " ".join([*missing, out.text])


def _is_direct(status: Object) -> bool:
    return text(status, "visibility") == "direct"


def _part(id_: str) -> str:
    return quote(id_, safe="")


def _data(data: str) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return data


def _heads(state: bytes) -> dict[str, str]:
    try:
        kept = json.loads(state or b"{}")
    except ValueError:
        return {}
    return {str(id_): str(head) for id_, head in obj(kept).items()}


@dataclass(slots=True)
class _Place:
    """How far both lists were read: ids, which the server alone compares."""

    mention: str = ""
    own: str = ""
    started: bool = False

    def move(self, told: Sequence[Object], own: Sequence[Object]) -> bool:
        """To the end of two pages; False where there is nothing behind it."""
        before = self.mention, self.own
        self.mention = next(filter(None, (text(one, "id") for one in reversed(told))), self.mention)
        self.own = next(filter(None, (text(one, "id") for one in reversed(own))), self.own)
        return (self.mention, self.own) != before

    @classmethod
    def read(cls, cursor: str) -> "_Place":
        try:
            kept = obj(json.loads(cursor))
        except ValueError:
            return cls()
        return cls(text(kept, "mention"), text(kept, "own"), True)

    def write(self) -> str:
        return json.dumps({"mention": self.mention, "own": self.own})
