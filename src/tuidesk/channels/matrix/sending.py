"""What leaves: a reply with its files, a new room, what is set for the account alone."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from tuidesk.channels.matrix import parse
from tuidesk.channels.matrix.login import Refused, below
from tuidesk.channels.matrix.options import USER_ID, Options
from tuidesk.channels.matrix.rooms import Us, stamp
from tuidesk.domain.model import File, Person
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Receipt, Unsure
from tuidesk.domain.visibility import is_shared
from tuidesk.errors import ChannelError, Rejected, Unavailable, Unconfirmed, Unsupported
from tuidesk.wire.http.client import SEND_S, Client
from tuidesk.wire.loose import Object, obj, objects, text
from tuidesk.wire.threads import in_thread
from tuidesk.words import say

MOST_BYTES = 32_000
"""Of a text. An event has 65,536, and JSON writes some signs with two."""
PERFORMS = frozenset(
    {"reply", "start", "complete", "reopen", "pending", "snooze", "assign", "tag", "priority"}
)
_STATUS = {"complete": "complete", "reopen": "open", "pending": "pending", "snooze": "snoozed"}
_CHUNK = 256 * 1024
_UPLOAD_BYTES_S = 50_000
_PAGES = 20
_EARLIER = 900_000
"""Milliseconds by which the server's clock may be behind ours."""


class Sending:
    """What one account sends."""

    def __init__(self, client: Client, options: Options, us: Us, parts: set[str]) -> None:
        self._client, self._options, self._us, self._parts = client, options, us, parts

    async def perform(self, out: Outgoing) -> Receipt:
        """As `Channel.perform`."""
        match out.type:
            case "reply" if out.conversation:
                return await self._reply(out, out.conversation)
            case "start":
                return await self._start(out)
            case "read" if out.conversation and out.reply_to:
                await self._mark_read(out.conversation, out.reply_to)
            case kind if kind in PERFORMS and out.conversation:
                await self._set(out, out.conversation)
            case _:
                raise Unsupported(say("matrix.unsupported", type=out.type))
        return Receipt()

    # --- letters ---

    async def _reply(self, out: Outgoing, room: str) -> Receipt:
        await self._refuse(room, out.visibility)
        relation, mentioned = await self._relation(room, out.reply_to or "")
        more: dict[str, Any] = {"m.relates_to": relation} if relation else {}
        if mentioned:
            more["m.mentions"] = {"user_ids": [mentioned]}
        shows = self._options.typing and bool(out.files)
        if shows:
            await self._type(room, typing=True)
        try:
            ids = await self._say(out, room, more)
        finally:
            if shows:
                await self._type(room, typing=False)
        follow = ("read",) if self._options.receipts != "none" and out.reply_to else ()
        return Receipt(id=ids[-1], ids=tuple(ids[:-1]), conversation=room, follow=follow)

    async def _start(self, out: Outgoing) -> Receipt:
        """A room of its own; its alias is made of the key, so that a second try finds the room of the first."""
        if out.forwards:
            raise Unsupported(say("matrix.no_forward"))
        guests = [person.handle for person in (*out.to, *out.cc)]
        if not guests or not all(USER_ID.fullmatch(guest) for guest in guests):
            raise Rejected(say("matrix.no_user", who=", ".join(guests)))
        wanted: dict[str, Any] = {
            "preset": "private_chat",  # so that nobody but us can encrypt it
            "is_direct": len(guests) == 1,
            "invite": guests,
            "room_alias_name": _alias(out.key),
            "name": out.subject or out.agent.name or self._us.own,
        }
        try:
            room = text((await self._client.post(below("createRoom"), wanted)).json, "room_id")
        except Refused as error:
            if error.code != "M_ROOM_IN_USE":
                raise
            room = await self._room_of(out.key)
        if not room:
            raise Unconfirmed(say("matrix.no_room"))
        try:
            await self._refuse(room, "public")  # a server may encrypt every new room
            ids = await self._say(out, room, {})
        except Unavailable as error:
            raise Unconfirmed(error.reason) from None  # the customer has the invitation already
        return Receipt(id=ids[-1], ids=tuple(ids[:-1]), conversation=room)

    async def _room_of(self, key: str) -> str:
        """The room that a start of this key has made."""
        whole = f"#{_alias(key)}:{self._us.own.partition(':')[2]}"
        return text((await self._client.get(below("directory", "room", whole))).json, "room_id")

    async def _refuse(self, room: str, visibility: str) -> None:
        """Asked of the server each time: whoever encrypts must not get an answer that others can read, nor anybody
        one for themselves alone where everybody comes in."""
        asked = [self._fact(room, kind) for kind in ("encryption", "join_rules", "history_visibility")]
        encryption, joining, history = await asyncio.gather(*asked)
        if encryption:
            raise Rejected(say("matrix.encrypted"))
        opened = joining.get("join_rule") == "public" or history.get("history_visibility") == "world_readable"
        if opened and not is_shared(visibility):
            raise Rejected(say("matrix.public"))

    async def _fact(self, room: str, kind: str) -> Object:
        """The content of a room's state; an empty one where it has none of that kind."""
        try:
            found = (await self._client.get(below("rooms", room, "state", f"m.room.{kind}"))).json
        except Refused as error:
            if error.code == "M_NOT_FOUND":
                return {}
            raise
        return obj(found) or {"": ""}  # there, though it says nothing

    async def _relation(self, room: str, answers: str) -> tuple[dict[str, Any], str]:
        """(`m.relates_to` of an answer, who is answered): into the thread where the message is in one."""
        if not answers.startswith("$"):
            return {}, ""
        answered = {"m.in_reply_to": {"event_id": answers}}
        try:
            event = (await self._client.get(below("rooms", room, "event", answers))).json
        except Refused as error:
            if error.code == "M_NOT_FOUND":
                return answered, ""
            raise
        there, author = obj(event, "content", "m.relates_to"), text(event, "sender")
        mentioned = author if author != self._us.own else ""
        if there.get("rel_type") == "m.thread" and text(there, "event_id"):
            thread = {"rel_type": "m.thread", "event_id": there["event_id"], "is_falling_back": False}
            return {**thread, **answered}, mentioned
        return answered, mentioned

    async def _say(self, out: Outgoing, room: str, more: dict[str, Any]) -> list[str]:
        """Files first, all uploaded before the first is shown; the words last, under the key itself."""
        words = _whole(out.text).rstrip()
        if len(words.encode()) > MOST_BYTES:
            raise Rejected(say("matrix.too_long", limit=MOST_BYTES))
        contents = [await self._uploaded(file) for file in out.files]
        if words or not contents:
            contents.append({"msgtype": "m.text", "body": words})
        keys = [*(f"{out.key}.{place}" for place in range(1, len(contents))), out.key]
        self._parts.update(keys[:-1])
        ids: list[str] = []
        for key, content in zip(keys, contents, strict=True):
            whole = {**content, **more} if key == out.key else content
            try:
                ids.append(await self._event(room, key, whole))
            except ChannelError as error:
                if ids and not isinstance(error, Unconfirmed):
                    raise Unconfirmed(error.reason) from None  # a part of it has left
                raise
        return ids

    async def _event(self, room: str, key: str, content: dict[str, Any]) -> str:
        path = below("rooms", room, "send", "m.room.message", key)
        id_ = text((await self._client.put(path, content, unsafe=True, deadline_s=SEND_S)).json, "event_id")
        if not id_:
            raise Unconfirmed(say("matrix.no_event"))
        return id_

    async def _uploaded(self, file: File) -> dict[str, Any]:
        """The content of a message that shows a file which the server has now."""
        name = _whole(file.name)
        try:
            size = await in_thread(lambda: os.stat(file.path).st_size)
        except OSError as error:
            raise Rejected(say("matrix.no_such_file", why=error.strerror)) from None
        said = await self._client.post(
            "/_matrix/media/v3/upload?filename=" + quote(name, safe=""),
            content=_pieces(file.path),
            headers={"content-type": file.type, "content-length": str(size)},
            unsafe=False,
            deadline_s=SEND_S + size / _UPLOAD_BYTES_S,
        )
        address = text(said.json, "content_uri")
        if not address.startswith("mxc://"):
            raise Unavailable(say("matrix.no_upload"))
        sort = file.type.partition("/")[0]
        return {
            "msgtype": f"m.{sort}" if sort in ("image", "audio", "video") else "m.file",
            "body": _whole(file.alt) or name,
            "filename": name,
            "url": address,
            "info": {"mimetype": file.type, "size": size},
        }

    # --- what is repeated without harm ---

    async def _type(self, room: str, *, typing: bool) -> None:
        """Somebody is at it, while files are on their way; nothing hangs on it."""
        state = {"typing": True, "timeout": 30_000} if typing else {"typing": False}
        with suppress(ChannelError):
            await self._client.put(below("rooms", room, "typing", self._us.own), state)

    async def _mark_read(self, room: str, message: str) -> None:
        kind = "m.read" if self._options.receipts == "public" else "m.read.private"
        await self._client.post(below("rooms", room, "receipt", kind, message), {}, unsafe=False)

    async def _set(self, out: Outgoing, room: str) -> None:
        """A field of the conversation, where every client of this account finds it, and nobody else."""
        own = below("user", self._us.own, "rooms", room)
        said: dict[str, Any] = {"at": out.at, "by": _told(out.agent)}
        match out.type:
            case "tag":
                for tag in out.remove:
                    await self._client.delete(f"{own}/tags/{quote(parse.TAG + tag, safe='')}")
                for tag in out.add:
                    await self._client.put(f"{own}/tags/{quote(parse.TAG + tag, safe='')}", {})
                return
            case "assign":
                kind = parse.ASSIGNEE
                said["is"] = None if out.assignee is None else _told(out.assignee)
            case "priority":
                kind, said["is"] = parse.PRIORITY, out.priority
            case _:
                kind, said["is"] = parse.STATUS, _STATUS[out.type]
                more = {"until": out.until, "until_reply": out.until_reply, "for": out.pending_for}
                said |= {name: value for name, value in more.items() if value not in (None, True)}
        await self._client.put(f"{own}/account_data/{kind}", said)

    # --- was it done? ---

    async def find(self, out: Outgoing) -> Found | Missing | Unsure:
        """As `Channel.find`: the server gives our device its keys back."""
        room = out.conversation or ""
        if out.type == "start":
            try:
                room = await self._room_of(out.key)
            except Refused as error:
                return Missing() if error.code == "M_NOT_FOUND" else Unsure(error.reason)
        if out.type not in ("reply", "start") or not room:
            return Unsure(say("matrix.repeatable"))
        wanted = {
            "dir": "b",
            "limit": 100,
            "filter": f'{{"senders":["{self._us.own}"],"types":["m.room.message"]}}',
        }
        doubtful = False
        for _ in range(_PAGES):
            page = (await self._client.get(below("rooms", room, "messages"), wanted)).json
            for event in objects(page, "chunk"):
                key, at = parse.key_of(event), stamp(event)
                if key == out.key:
                    return Found(text(event, "event_id") or None, at or None)
                if at < out.at - _EARLIER:
                    return Unsure(say("matrix.same_words")) if doubtful else Missing()
                same = text(event, "content", "body").split() == out.text.split()
                doubtful = doubtful or (same and key is None)
            end = text(page, "end")
            if not end:
                return Unsure(say("matrix.same_words")) if doubtful else Missing()
            wanted["from"] = end
        return Unsure(say("matrix.too_much"))


def _whole(text: str) -> str:
    """Without half characters, which no UTF-8 can hold."""
    return text.encode(errors="replace").decode()


def _alias(key: str) -> str:
    return f"tuidesk-{key}"


def _told(person: Person) -> dict[str, str]:
    return {"name": person.name, "handle": person.handle}


async def _pieces(path: str) -> AsyncIterator[bytes]:
    file = await in_thread(lambda: open(path, "rb"))  # noqa: SIM115 - closed below, in the same thread pool
    try:
        while piece := await in_thread(lambda: file.read(_CHUNK)):
            yield piece
    finally:
        await asyncio.shield(in_thread(file.close))
