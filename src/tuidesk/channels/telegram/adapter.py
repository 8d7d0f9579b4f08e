"""Telegram's Bot API: a long poll that confirms what is stored, and messages without a key.

API: core.telegram.org/bots/api. The token stands in every path, so paths are shown nowhere.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

from tuidesk.channels.telegram import content, parse, sending
from tuidesk.channels.telegram.places import Place, message_id, number_in
from tuidesk.channels.telegram.sending import Call
from tuidesk.domain.events import ChannelEvent, ContactSeen
from tuidesk.domain.instants import DAY, Instant
from tuidesk.domain.model import Caps, Person
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Receipt, Unsure
from tuidesk.errors import (
    AuthFailed,
    ChannelError,
    RateLimited,
    Rejected,
    Unavailable,
    Unconfirmed,
    Unsupported,
)
from tuidesk.wire import newest
from tuidesk.wire.channel import Batch, Checked, Site
from tuidesk.wire.http import trouble
from tuidesk.wire.http.client import SEND_S, Answer, Client, SecretAuth, Upload
from tuidesk.wire.loose import Object, flag, number, obj, text, unix
from tuidesk.words import say

_PAGE = 100
_MOST = 500
"""Events in a batch."""
_MARGIN_S = 20.0
_LONGEST_WAIT_S = 50
_BREATH_S = 1.0
"""Between two looks, where the server does not wait until there is something."""
_MAKE_WAY_S = 300.0
_SECOND_READER = "second-reader"
"""A file that is touched when another program took the updates: `doctor` runs beside the reading process."""
_REMEMBERED_S = 3 * _MAKE_WAY_S
_PROFILES = 20
_PROFILE_S = 5.0
_PATIENCE_S = 3.0
_FILE_BYTES = 50_000_000
_UPLOAD_BYTES_S = 50_000


@dataclass(frozen=True, slots=True)
class TelegramOptions:
    """The account's table."""

    server: str = field(default="https://api.telegram.org", metadata={"help": say("telegram.help_server")})
    team: tuple[str, ...] = field(default=(), metadata={"help": say("telegram.help_team")})
    mark_read: bool = field(default=False, metadata={"help": say("telegram.help_mark_read")})
    poll_s: int = field(default=25, metadata={"help": say("telegram.help_poll_s")})
    ca: str = field(default="", metadata={"help": say("telegram.help_ca")})


class _InPath(SecretAuth):
    """The token is no header: it is part of each path."""

    def __init__(self, site: Site) -> None:
        super().__init__(site, "", str)

    async def headers(self) -> Mapping[str, str]:
        return {}


class _NoBot(Rejected):
    """What stands in the path is no token, not even an old one."""


class _Conflict(Rejected):
    """Somebody else reads, or is told by a webhook."""


class _Moved(Rejected):
    """The group is a supergroup now."""

    def __init__(self, reason: str, chat: str) -> None:
        super().__init__(reason)
        self.chat = chat


class Telegram:
    """One bot."""

    Options: ClassVar[type[Any]] = TelegramOptions
    credential: ClassVar[str] = say("telegram.credential")

    def __init__(self, options: TelegramOptions, site: Site) -> None:
        self._options = options
        self._site = site
        self._auth = _InPath(site)
        self._client = Client(options.server, self._auth, site, ca=options.ca, judge=_judge)
        self._sender = Client(options.server, self._auth, site, ca=options.ca, judge=_judge)
        """For itself, since a limit on what is sent is none on what is read."""
        self._wait_s = min(max(options.poll_s, 1), _LONGEST_WAIT_S)
        agent = frozenset(site.agent_addresses)
        team = agent | {one.lower() for one in options.team}
        self._known = parse.Known(team=team, agent=agent)
        self._pace = sending.Pace()
        self._told: dict[str, ContactSeen] = {}
        """User → what was last said of them."""
        self._asked: dict[str, None] = {}
        """Users whose whole profile was asked for."""

    async def check(self) -> Checked:
        """See `Channel`. Nothing is read: a look at the updates would take them from whoever reads them."""
        try:
            me = obj(await self._call("getMe"))
        except _NoBot:
            raise AuthFailed(say("telegram.bad_token")) from None
        self._known.me = text(me, "id")
        name = content.full_name(me)
        findings = [say("telegram.found", name=name, handle=text(me, "username")), say("telegram.one_reader")]
        if not flag(me, "can_read_all_group_messages"):
            findings.append(say("telegram.privacy"))
        return Checked(
            identity=Person(name, f"@{text(me, 'username')}", kind="bot"),
            caps=Caps(
                performs=frozenset({"reply"}),
                max_length=sending.LONGEST,
                visibility=("direct", "public"),
                attachment_bytes=_FILE_BYTES,
            ),
            findings=tuple(findings),
            troubles=tuple([trouble async for trouble in self._troubles()]),
        )

    async def events(self, cursor: str, state: bytes) -> AsyncIterator[Batch]:
        """See `Channel`. Asking with a higher offset is what confirms, so it is done when the next batch is taken."""
        known = self._known.read(state)
        if not known.me:
            await self.check()
        self._told.clear()
        self._asked.clear()
        wait_s = 0
        while True:
            began = self._site.clock.monotonic()
            updates = await self._updates(cursor, wait_s)
            caught_up = len(updates) < _PAGE
            before, cursor = cursor, _behind(updates, cursor)
            said = [event for update in updates for event in self._read(update)]
            parts = [said[at : at + _MOST] for at in range(0, len(said), _MOST)]
            for part in parts[:-1]:
                yield Batch(tuple(part))
            last = tuple(parts[-1]) if parts else ()
            yield Batch(last, cursor, known.write(), caught_up) if said else Batch(caught_up=caught_up)
            if profiles := await self._profiles(said):
                yield Batch(profiles)
            if before == cursor and (wait_s or updates):
                await asyncio.sleep(max(0.0, began + _BREATH_S - self._site.clock.monotonic()))
            wait_s = self._wait_s if caught_up else 0

    async def perform(self, out: Outgoing) -> Receipt:
        """See `Channel`. What cannot be repeated in whole is not tried again in part."""
        if out.type != "reply":
            raise Unsupported(say("telegram.unsupported", type=out.type))
        place = Place.read(out.conversation)
        if place is None:
            raise Rejected(say("telegram.no_chat"))
        if self._known.is_over(place, self._now()):
            raise Rejected(say("telegram.window"))
        for file in out.files:
            if sending.size(file) > _FILE_BYTES:
                raise Rejected(say("telegram.too_big", name=file.name, limit=_FILE_BYTES // 1_000_000))
        if len(out.text.strip()) > sending.LONGEST:
            raise Rejected(say("telegram.too_long", most=sending.LONGEST))
        try:
            sent = await self._send(out, place, self._known.now_called(place.chat))
        except _Moved as moved:
            self._known.moved[moved.chat] = place.chat
            sent = await self._send(out, place, moved.chat)
        await self._mark_read(out, place)
        return self._receipt(out, sent)

    async def find(self, out: Outgoing) -> Found | Missing | Unsure:  # noqa: ARG002
        """See `Channel`. A bot cannot look at what it has sent."""
        return Unsure(say("telegram.no_find"))

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """See `Channel`. The address of a file holds for an hour, so it is asked for each time."""
        path = text(await self._call("getFile", {"file_id": ref}), "file_path")
        if not path:
            raise Rejected(say("telegram.no_file"))
        token = quote(await self._auth.secret(), safe=":")
        async for piece in self._client.download(f"/file/bot{token}/{quote(path)}"):
            yield piece

    async def aclose(self) -> None:
        """See `Channel`."""
        await asyncio.gather(self._client.aclose(), self._sender.aclose())

    # --- in ---

    async def _updates(self, cursor: str, wait_s: int) -> list[Any]:
        """The updates from `cursor` on, once there are any or the wait is over."""
        asked: dict[str, Any] = {"limit": _PAGE, "timeout": wait_s, "allowed_updates": list(parse.KINDS)}
        asked |= {"offset": int(cursor)} if cursor.isdecimal() else {}
        try:
            found = await self._call("getUpdates", asked, deadline_s=wait_s + _MARGIN_S)
        except _Conflict:
            raise await self._other_reader() from None
        if not isinstance(found, list):
            raise trouble.not_understood(self._client.host, "getUpdates", unsafe=False)
        return found

    def _read(self, update: Any) -> list[ChannelEvent]:
        """Its events, without what was said of the customer before."""
        if not isinstance(update, Mapping):
            return [parse.unreadable(update, self._now())]
        found: list[ChannelEvent] = []
        for event in parse.events(update, self._known, self._now()):
            if isinstance(event, ContactSeen):
                if self._told.get(event.handle) == event:
                    continue
                newest.keep(self._told, event.handle, event)
            found.append(event)
        return found

    async def _profiles(self, said: list[ChannelEvent]) -> tuple[ContactSeen, ...]:
        """The rest of what strangers say of themselves, once their words are stored."""
        told = [one for one in said if isinstance(one, ContactSeen) and one.handle.isdecimal()]
        strangers = [one for one in told if one.handle not in self._asked]
        found: list[ContactSeen] = []
        for seen in strangers[:_PROFILES]:
            newest.keep(self._asked, seen.handle, None)
            try:
                chat = obj(await self._call("getChat", {"chat_id": int(seen.handle)}, deadline_s=_PROFILE_S))
            except Rejected:  # who never wrote to the bot itself shows it no profile
                continue
            except ChannelError:  # messages do not wait for what is nice to know
                break
            if (whole := parse.contact(chat, chat)).fields:
                found.append(whole)
        return tuple(found)

    async def _other_reader(self) -> ChannelError:
        """Why the updates are not ours to take, and a while in which whoever takes them is left alone."""
        hook = await self._webhook()
        if hook:
            return RateLimited(say("telegram.webhook", host=hook), _MAKE_WAY_S)
        if self._site.folder:
            with suppress(OSError):  # then it is only said here
                (Path(self._site.folder) / _SECOND_READER).touch(0o600)
        return RateLimited(say("telegram.second_reader"), _MAKE_WAY_S)

    async def _webhook(self) -> str:
        """The host of one that is set. Its address may hold a secret."""
        try:
            address = text(await self._call("getWebhookInfo"), "url")
        except ChannelError:
            return ""
        try:
            return (urlsplit(address).hostname or "?") if address else ""
        except ValueError:
            return "?"

    async def _troubles(self) -> AsyncIterator[str]:
        if hook := await self._webhook():
            yield say("telegram.webhook", host=hook)
        with suppress(OSError):
            mark = (Path(self._site.folder) / _SECOND_READER).stat()
            if self._site.folder and time.time() - mark.st_mtime < _REMEMBERED_S:
                yield say("telegram.second_reader")

    # --- out ---

    async def _send(self, out: Outgoing, place: Place, chat: str) -> list[Object]:
        """The messages it became."""
        if place.is_group and out.visibility == "direct":  # asked for by the agent: to the customer alone
            people = {one.handle for one in (*out.to, *out.cc, *out.bcc)}
            if len(people) != 1 or not (chat := people.pop()).isdecimal():
                raise Rejected(say("telegram.nobody"))
            place = Place(chat)
        sent: list[Object] = []
        for call in sending.calls(out, place, chat):
            try:
                found = await self._paced(call, chat)
            except ChannelError as error:
                if sent:
                    raise Unconfirmed(say("telegram.half", reason=error.reason)) from None
                raise
            sent += found if isinstance(found, list) else [obj(found)]
        return sent

    async def _paced(self, call: Call, chat: str) -> Any:
        clock = self._site.clock
        wait = self._pace.wait_s(chat, clock.monotonic())
        if wait > _PATIENCE_S:
            raise Unavailable(say("telegram.paced"))
        await asyncio.sleep(wait)
        found = await self._post(call)
        self._pace.note(chat, clock.monotonic())
        return found

    async def _post(self, call: Call) -> Any:
        if not call.files:
            return await self._call(call.method, call.params, unsafe=True)
        try:
            return await self._upload(call)
        except Rejected as error:
            instead = sending.as_document(call)
            if instead is None or isinstance(error, _Moved):
                raise
            return await self._upload(instead)

    async def _upload(self, call: Call) -> Any:
        form = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in call.params.items()
        }
        with ExitStack() as opened:
            uploads = tuple(
                Upload(f"file{n}", file.name, opened.enter_context(open(file.path, "rb")), file.type)
                for n, file in enumerate(call.files)
            )
            deadline = SEND_S + sum(map(sending.size, call.files)) / _UPLOAD_BYTES_S
            return await self._call(
                call.method, None, unsafe=True, form=form, uploads=uploads, deadline_s=deadline
            )

    async def _mark_read(self, out: Outgoing, place: Place) -> None:
        """What was answered is read; only where the owner of the account wants that shown."""
        asked = number_in(out.reply_to, place.chat)
        if not self._options.mark_read or not place.connection or asked is None:
            return
        at = {"business_connection_id": place.connection, "chat_id": int(place.chat), "message_id": asked}
        try:
            await self._call("readBusinessMessage", at)
        except ChannelError:
            return  # the answer has left all the same

    def _receipt(self, out: Outgoing, sent: list[Object]) -> Receipt:
        names = [name for one in sent if (name := message_id(one))]
        at = unix(sent[-1].get("date"), self._now())
        return Receipt(
            id=names[-1] if names else None,
            at=at if abs(at - self._now()) < DAY else None,
            conversation=out.conversation,
            ids=tuple(names[:-1]),
        )

    async def _call(
        self, method: str, params: Mapping[str, Any] | None = None, *, unsafe: bool = False, **more: Any
    ) -> Any:
        """The result of a method.

        Raises:
            ChannelError: see `trouble`; also where the answer is none of Telegram's.
        """
        token = quote(await self._auth.secret(), safe=":")
        client = self._sender if unsafe else self._client
        answer = await client.post(f"/bot{token}/{method}", params, unsafe=unsafe, **more)
        if not flag(answer.json, "ok") or "result" not in obj(answer.json):
            raise trouble.not_understood(client.host, method, unsafe=unsafe)
        return obj(answer.json)["result"]

    def _now(self) -> Instant:
        return self._site.clock.now()


def _behind(updates: list[Any], cursor: str) -> str:
    """The offset behind these updates. Not the highest ever: after a quiet week they are numbered anew."""
    ids = [id_ for one in updates if (id_ := number(one, "update_id")) is not None and id_ >= 0]
    return str(max(ids) + 1) if ids else cursor


def _judge(answer: Answer) -> ChannelError | None:
    """What Telegram means beyond the status; its words are for people, so only numbers are looked at."""
    if answer.status < 400:
        return None
    try:
        said = obj(json.loads(answer.body))
    except (ValueError, RecursionError):
        said = {}
    reason = text(said, "description")
    match answer.status:
        case 400 if chat := number(said, "parameters", "migrate_to_chat_id"):
            return _Moved(reason, str(chat))
        case 401:
            return AuthFailed(say("telegram.bad_token"))
        case 404:
            return _NoBot(reason or say("telegram.bad_token"))
        case 409:
            return _Conflict(reason or say("telegram.second_reader"))
        case 429 if (after := number(said, "parameters", "retry_after")) is not None:
            return RateLimited(reason, float(after))
    return None
