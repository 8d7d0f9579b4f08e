"""Bluesky: one account on one server of the atproto network. What is public and what is not never meet.

API: docs.bsky.app/docs/category/http-reference; atproto.com/specs/{record-key,tid,blob}.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple

from tuidesk.channels.bluesky import parse, richtext
from tuidesk.channels.bluesky.chat import Chat
from tuidesk.channels.bluesky.people import People
from tuidesk.channels.bluesky.place import Memory, Place, key_of
from tuidesk.channels.bluesky.posts import Posts
from tuidesk.channels.bluesky.session import NotThere, Session, judge
from tuidesk.domain import instants
from tuidesk.domain.instants import DAY
from tuidesk.domain.lengths import length
from tuidesk.domain.model import Caps, File
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Receipt, Unsure
from tuidesk.errors import AuthFailed, RateLimited, Rejected, Unavailable, Unsupported
from tuidesk.wire import newest
from tuidesk.wire.channel import Batch, Checked, Site
from tuidesk.wire.http.client import Client, NoAuth
from tuidesk.wire.loose import Object, obj, objects, text, when
from tuidesk.wire.traces import Tries
from tuidesk.words import say

_POSTS = "app.bsky.feed.post"
_LONGEST = {"post": (300, 3_000), "dm": (1_000, 10_000)}
"""Graphemes and bytes (lexicons app.bsky.feed.post, chat.bsky.convo.defs)."""
_PICTURES, _PICTURE_BYTES = 4, 2_000_000
_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")
_REVIEW_S = 300.0
_AWAKE, _DOZING = 30, 2
"""After so many looks in vain, the next is so many times later."""
_UPLOAD_S = 60.0
Way = Literal["post", "dm"]


@dataclass(frozen=True, slots=True)
class BlueskyOptions:
    """The account's table."""

    handle: str = field(metadata={"help": say("bluesky.help_handle")})
    server: str = field(default="bsky.social", metadata={"help": say("bluesky.help_server")})
    days: int = field(default=30, metadata={"help": say("bluesky.help_days")})
    chat: bool = field(default=True, metadata={"help": say("bluesky.help_chat")})
    poll_s: float = field(default=10.0, metadata={"help": say("bluesky.help_poll_s")})
    ca: str = field(default="", metadata={"help": say("bluesky.help_ca")})


class _Line(NamedTuple):
    """The account's own server, and what is asked there."""

    client: Client
    people: People
    chat: Chat


class Bluesky:
    """One account."""

    Options: ClassVar[type[Any]] = BlueskyOptions
    credential: ClassVar[str] = say("bluesky.credential")

    def __init__(self, options: BlueskyOptions, site: Site) -> None:
        self._options = options
        self._site = site
        base = options.server if "://" in options.server else f"https://{options.server}"
        self._entry = Client(base, NoAuth(), site, ca=options.ca, judge=judge)
        self._session = Session(site, self._entry, options.handle)
        self._tries = Tries(site.clock)
        self._opened: _Line | None = None
        self._parts: dict[tuple[int, str | None], str] = {}
        """The letter that was sent last → its last part: what follows answers that, so that they are read in order."""
        self._keys: dict[str, str] = {}
        """Post of ours → the key of what it was sent for."""
        self._no_chat: str | None = None
        """Why there are no direct messages, "" where there are; None: not asked yet."""

    async def check(self) -> Checked:
        """See `Channel`."""
        line = await self._line()
        await line.people.look_up([self._session.did])
        self._no_chat = await self._why_no_chat(line)
        me = line.people.profile(self._session.did)
        handle = text(me, "handle") or self._session.handle
        return Checked(
            identity=parse.person({**me, "did": self._session.did, "handle": handle}),
            caps=Caps(
                performs=frozenset({"reply"} if self._no_chat else {"reply", "start"}),
                max_length=_LONGEST["post"][0],
                lengths={medium: graphemes for medium, (graphemes, _) in _LONGEST.items()},
                unit="graphemes",
                find=True,
                visibility=(),
                attachment_bytes=_PICTURE_BYTES,
                attachment_types=("image/*",),
                media=() if self._no_chat else ("dm",),
            ),
            findings=(say("bluesky.found", handle=handle, server=line.client.host), say("bluesky.public")),
            troubles=tuple(filter(None, (self._notice(),))),
        )

    async def events(self, cursor: str, state: bytes) -> AsyncIterator[Batch]:
        """See `Channel`. There is nothing that pushes: both lists and the log are looked at every few seconds."""
        if self._no_chat is None:
            await self.check()
        line, clock = await self._line(), self._site.clock
        place, memory = Place.read(cursor, clock.now() - self._options.days * DAY), Memory.read(state)
        line.people.forget_told()
        posts = Posts(line.client, line.people, self._session.did, clock, place, memory, self._keys)
        reviewed, in_vain = clock.monotonic(), 0
        while True:
            in_vain += 1
            async for batch in posts.news():
                in_vain = 0
                yield batch
            if not self._no_chat:
                async for batch in self._direct_news(line, place, memory):
                    in_vain = 0
                    yield batch
            yield Batch(cursor=place.write(), caught_up=True, notice=self._notice())
            await asyncio.sleep(self._options.poll_s * (_DOZING if in_vain > _AWAKE else 1))
            if clock.monotonic() - reviewed > _REVIEW_S:
                reviewed = clock.monotonic()
                self._no_chat = await self._why_no_chat(line)
                async for batch in posts.review():
                    yield batch
                if not self._no_chat:
                    async for batch in line.chat.review(memory):
                        yield batch

    async def perform(self, out: Outgoing) -> Receipt:
        """See `Channel`."""
        if out.type not in ("reply", "start"):
            raise Unsupported(say("bluesky.unsupported", type=out.type))
        way = _way(out)
        said = _fitting(out.text.strip(), way)
        line = await self._line()
        return await (self._post(line, out, said) if way == "post" else self._direct(line, out, said))

    async def find(self, out: Outgoing) -> Found | Missing | Unsure:
        """See `Channel`. A post has the name that we chose; a direct message is looked for by what it says."""
        line = await self._line()
        if _way(out) == "post":
            there = await self._record(line, out)
            if there is None:
                return Missing()
            if not _is_same(there, out):
                return Unsure(say("bluesky.key_taken"))
            return Found(text(there, "uri"), when(text(there, "value", "createdAt"), out.at))
        convo = out.conversation or text(await self._begun(line, out), "id")
        return self._tries.known(out, await line.chat.find(convo, out))

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """See `Channel`. A picture is an address at the file server of whoever shows the network."""
        if not ref.startswith(("https://", "http://")):
            raise Rejected(say("bluesky.no_file"))
        line = await self._line()
        async for piece in line.client.download(ref):
            yield piece

    async def aclose(self) -> None:
        """See `Channel`."""
        await asyncio.gather(self._entry.aclose(), *([self._opened.client.aclose()] if self._opened else []))

    async def _line(self) -> _Line:
        await self._session.opened()
        if self._opened is None:
            base = self._session.pds or str(self._entry.base)
            client = Client(base, self._session, self._site, ca=self._options.ca, judge=judge)
            people = People(client)
            chat = Chat(client, people, self._session.did, self._site.clock)
            self._opened = _Line(client, people, chat)
        return self._opened

    def _notice(self) -> str:
        """What is to be said of direct messages that were wanted and cannot be had."""
        return say("bluesky.no_chat", why=self._no_chat) if self._no_chat and self._options.chat else ""

    async def _why_no_chat(self, line: _Line) -> str:
        if not self._options.chat:
            return say("bluesky.chat_off")
        try:
            await line.chat.ask("getLog")
        except (AuthFailed, Rejected, Unsupported) as error:
            return error.reason
        except (Unavailable, RateLimited):
            return ""  # their server is another one: that it is away now says nothing of what the password may do
        return ""

    # --- posts ---

    async def _post(self, line: _Line, out: Outgoing, said: str) -> Receipt:
        """An answer in public, under a name of our choice: what is there already was sent by an earlier try."""
        there = await self._record(line, out)
        if there is not None and not _is_same(there, out):
            raise Rejected(say("bluesky.key_taken"))
        id_ = f"at://{self._session.did}/{_POSTS}/{_key(out)}"
        newest.keep(self._keys, id_, out.key)
        at = when(text(there, "value", "createdAt"), out.at) if there else self._site.clock.now()
        if there is None:
            parent = await self._answered(
                line, self._parts.get(_letter(out)) or out.reply_to or out.conversation or ""
            )
            said = _fitting(await self._addressed(line, out, said, parent), "post")
            record: dict[str, Any] = {
                "$type": _POSTS,
                "text": said,
                "createdAt": instants.rfc3339(at),
                "reply": parent.refs(),
            }
            if found := richtext.facets(said, await self._dids(line, richtext.handles(said))):
                record["facets"] = found
            if out.files:
                pictures = [
                    {"image": await self._upload(line, file), "alt": file.alt}
                    for file in _pictures(out.files)
                ]
                record["embed"] = {"$type": "app.bsky.embed.images", "images": pictures}
            body = {"repo": self._session.did, "collection": _POSTS, "rkey": _key(out), "record": record}
            await line.client.post("/xrpc/com.atproto.repo.createRecord", body)
        self._parts = {_letter(out): id_}
        return Receipt(id=id_, at=at, conversation=out.conversation)

    async def _record(self, line: _Line, out: Outgoing) -> Object | None:
        """What our own server has under the name of this reply: it does not lag. None: nothing."""
        where = {"repo": self._session.did, "collection": _POSTS, "rkey": _key(out)}
        try:
            return obj((await line.client.get("/xrpc/com.atproto.repo.getRecord", where)).json)
        except NotThere:
            return None

    async def _answered(self, line: _Line, uri: str) -> "_Answered":
        """What a reply answers.

        Raises:
            Rejected: it is gone, or nobody would see the answer.
        """
        place = uri.removeprefix("at://").split("/")
        if place[0] == self._session.did and len(place) == len(("repo", "collection", "rkey")):
            where = dict(zip(("repo", "collection", "rkey"), place, strict=True))
            parent = obj((await line.client.get("/xrpc/com.atproto.repo.getRecord", where)).json)
            return _Answered.read(uri, parent, obj(parent, "value"))
        answer = await line.client.get("/xrpc/app.bsky.feed.getPosts", {"uris": [uri]})
        parent = next(iter(objects(answer.json, "posts")), {})
        if why := parse.refuses(parent):
            raise Rejected(why)
        return _Answered.read(uri, parent, obj(parent, "record"))

    async def _addressed(self, line: _Line, out: Outgoing, said: str, parent: "_Answered") -> str:
        """The text, with the handles of those whom the agent writes to and whom the answer alone would not reach."""
        named = set(richtext.handles(said))
        wanted = dict.fromkeys(person.handle.lower().removeprefix("@") for person in (*out.to, *out.cc))
        found = await self._dids(line, [handle for handle in wanted if handle and handle not in named])
        besides = [f"@{name}" for name, did in found.items() if did not in parent.reached and name != did]
        return " ".join([*besides, said])

    async def _dids(self, line: _Line, handles: Iterable[str]) -> dict[str, str]:
        """Who they are. Only a handle that leads to somebody does."""
        found = {}
        for handle in handles:
            with suppress(Rejected):
                found[handle] = await self._did(line, handle)
        return found

    async def _did(self, line: _Line, handle: str) -> str:
        if handle.startswith("did:"):
            return handle
        asked = {"handle": handle.removeprefix("@").lower()}
        return text((await line.client.get("/xrpc/com.atproto.identity.resolveHandle", asked)).json, "did")

    async def _upload(self, line: _Line, file: File) -> Any:
        """A picture on our server; nobody sees it before its post."""
        content = await asyncio.to_thread(Path(file.path).read_bytes)
        if len(content) > _PICTURE_BYTES or not content.startswith(_MAGIC):
            raise Rejected(say("bluesky.picture", name=file.name))
        answer = await line.client.post(
            "/xrpc/com.atproto.repo.uploadBlob",
            unsafe=False,
            content=content,
            headers={"content-type": file.type},
            deadline_s=_UPLOAD_S,
        )
        return obj(answer.json, "blob")

    # --- direct messages ---

    async def _direct_news(self, line: _Line, place: Place, memory: Memory) -> AsyncIterator[Batch]:
        try:
            async for batch in line.chat.news(place, memory):
                yield batch
        except (AuthFailed, Rejected, Unsupported):
            self._no_chat = None  # a new password may do less than the one before: asked when it begins anew
            raise

    async def _direct(self, line: _Line, out: Outgoing, said: str) -> Receipt:
        if self._no_chat is None:
            self._no_chat = await self._why_no_chat(line)
        if self._no_chat:
            why = say("bluesky.no_chat", why=self._no_chat)
            raise Unsupported(why) if out.type == "start" else Rejected(why)
        if out.files:
            raise Rejected(say("bluesky.no_files"))
        convo = out.conversation or text(await self._begun(line, out), "id")
        there = await line.chat.open(convo)
        await self._refuse_strangers(line, out, there)
        facets = richtext.facets(said, await self._dids(line, richtext.handles(said)))
        with self._tries.of(out.key):
            sent = await line.chat.send(there, said, facets)
        at = when(text(sent, "sentAt"), self._site.clock.now())
        return Receipt(id=text(sent, "id") or None, at=at, conversation=convo)

    async def _refuse_strangers(self, line: _Line, out: Outgoing, convo: Object) -> None:
        """Whom the agent writes to must be there. A handle that leads nowhere any more is an old one of somebody's."""
        members = objects(convo, "members")
        known = {text(one, name).lower() for one in members for name in ("handle", "did")}
        wanted = [one.handle.lower().removeprefix("@") for one in (*out.to, *out.cc, *out.bcc)]
        for handle, did in (await self._dids(line, [one for one in wanted if one not in known])).items():
            if did not in known:
                raise Rejected(say("bluesky.not_there", handle=handle))

    async def _begun(self, line: _Line, out: Outgoing) -> Object:
        """The conversation that a start begins, or goes on with.

        Raises:
            Rejected: it is for several, or for nobody that there is.
        """
        if len(people := (*out.to, *out.cc, *out.bcc)) != 1:
            raise Rejected(say("bluesky.one_person"))
        did = await self._did(line, people[0].handle.strip())
        convo = await line.chat.with_person(did)
        if not text(convo, "id"):
            raise Rejected(say("bluesky.gone"))
        return convo


class _Answered(NamedTuple):
    """What a reply answers: both references that it needs, and whom it reaches without naming them."""

    root: dict[str, str]
    parent: dict[str, str]
    reached: frozenset[str]

    @classmethod
    def read(cls, uri: str, post: Object, record: Object) -> "_Answered":
        if not text(post, "cid"):
            raise Rejected(say("bluesky.gone"))
        parent = {"uri": uri, "cid": text(post, "cid")}
        above = obj(record, "reply", "root")
        root = {"uri": text(above, "uri"), "cid": text(above, "cid")}
        root = root if all(root.values()) else parent
        thread = (uri, root["uri"], text(record, "reply", "parent", "uri"))
        return cls(root, parent, frozenset(map(parse.author_of, thread)))

    def refs(self) -> dict[str, dict[str, str]]:
        return {"root": self.root, "parent": self.parent}


def _way(out: Outgoing) -> Way:
    """In public, or directly: all that is known of a letter has to say the same.

    Raises:
        Rejected: it does not. What was meant for one person is not for everybody, nor the other way round.
    """
    place = "dm" if out.type == "start" else _side(out.conversation)
    seen = "post" if out.visibility == "public" else "dm"
    said = {place, seen, out.medium or place, _side(out.reply_to) if out.reply_to else place}
    if said == {"post"}:
        return "post"
    if said == {"dm"} and (out.conversation or out.type == "start"):
        return "dm"
    raise Rejected(say("bluesky.mixed"))


def _side(id_: str | None) -> Way:
    return "post" if (id_ or "").startswith("at://") else "dm"


def _fitting(said: str, way: Way) -> str:
    graphemes, octets = _LONGEST[way]
    if length(said, "graphemes") > graphemes or length(said, "bytes") > octets:
        raise Rejected(say("bluesky.too_long", most=graphemes))
    return said


def _pictures(files: tuple[File, ...]) -> tuple[File, ...]:
    if len(files) > _PICTURES:
        raise Rejected(say("bluesky.pictures", most=_PICTURES))
    for file in files:
        if not file.type.startswith("image/"):
            raise Rejected(say("bluesky.picture", name=file.name))
    return files


def _is_same(there: Object, out: Outgoing) -> bool:
    return text(there, "value", "text").endswith(out.text.strip())


def _letter(out: Outgoing) -> tuple[int, str | None]:
    """What the parts of one letter have in common."""
    return out.at, out.reply_to or out.conversation


def _key(out: Outgoing) -> str:
    """The name of the record that this letter becomes: always the same."""
    return key_of(out.at, int.from_bytes(hashlib.blake2b(out.key.encode(), digest_size=4).digest()))
