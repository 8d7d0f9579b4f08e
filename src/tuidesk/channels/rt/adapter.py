"""Request Tracker: every transaction by its number, replies as correspondence, states with a look at their ETag.

API: docs.bestpractical.com/rt/latest/RT/REST2.html (as of RT 5.0.3).
"""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from tuidesk.channels.rt import parse
from tuidesk.channels.rt.parse import Ticket
from tuidesk.domain.events import ChannelEvent, Progress
from tuidesk.domain.instants import DAY, MINUTE, Instant, as_datetime
from tuidesk.domain.model import Caps, Person
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Receipt, Unsure
from tuidesk.errors import AuthFailed, Rejected, Unsupported
from tuidesk.wire import traces
from tuidesk.wire.channel import Batch, Checked, Site
from tuidesk.wire.http.client import Client, SecretAuth
from tuidesk.wire.loose import Object, number, obj, objects, text, when
from tuidesk.words import say

_PAGE = 100
_LAG: Instant = 5 * MINUTE
"""RT numbers a transaction when it begins and shows it when its mails have left: a lower number may come later."""
_USERS = 2_000
"""Records of people that are kept."""
_FIELDS = {
    "fields": "Type,Creator,Created,Field,OldValue,NewValue,ObjectId",
    "fields[Creator]": "Name,RealName,EmailAddress",
}
_PERFORMS = frozenset({"reply", "note", "complete", "reopen", "pending", "assign"})
_WANTED = {"complete": "resolved", "reopen": "open", "pending": "stalled"}


@dataclass(frozen=True, slots=True)
class RtOptions:
    """The account's table."""

    server: str = field(metadata={"help": say("rt.help_server")})
    user: str = field(default="", metadata={"help": say("rt.help_user"), "asked": True})
    queues: tuple[str, ...] = field(default=(), metadata={"help": say("rt.help_queues")})
    days: int = field(default=30, metadata={"help": say("rt.help_days")})
    poll_s: float = field(default=30.0, metadata={"help": say("rt.help_poll_s")})
    ca: str = field(default="", metadata={"help": say("rt.help_ca")})


class RequestTracker:
    """One agent's account at one RT."""

    Options: ClassVar[type[Any]] = RtOptions
    credential: ClassVar[str] = say("rt.credential")

    def __init__(self, options: RtOptions, site: Site) -> None:
        self._options = options
        self._site = site
        user = options.user
        self._auth = SecretAuth.basic(site, user) if user else SecretAuth.bearer(site, word="token")
        self._client = Client(f"{options.server.rstrip('/')}/REST/2.0", self._auth, site, ca=options.ca)
        self._tries = traces.Tries(site.clock)
        self._me = ""
        self._users: dict[str, Object] = {}
        self._tickets: dict[str, tuple[Ticket, list[Object]]] = {}
        """Of the page that is being read."""

    async def check(self) -> Checked:
        """See `Channel`. An authentication token names its owner's number in its second part."""
        who = self._options.user or (await self._auth.secret()).split("-")[1:2]
        try:
            user = obj(
                (await self._client.get(f"/user/{_part(who if isinstance(who, str) else ''.join(who))}")).json
            )
        except Rejected as error:
            raise AuthFailed(say("rt.no_user", why=error.reason)) from error
        self._me = text(user, "Name")
        self._users.clear()
        queues = [text(one, "Name") async for one in self._every("/queues/all", {"fields": "Name"})]
        missing = [name for name in self._options.queues if name not in queues]
        return Checked(
            identity=parse.person(user, self._me),
            caps=Caps(performs=_PERFORMS, find=True),
            findings=(say("rt.found", queues=", ".join(queues) or "-"),),
            troubles=tuple(say("rt.no_queue", name=name) for name in missing),
        )

    async def events(self, cursor: str, state: bytes) -> AsyncIterator[Batch]:  # noqa: ARG002 - the contract's
        """See `Channel`. The cursor is the number of a transaction up to which nothing more will turn up; during the
        first look, with the ticket that was read last behind a slash."""
        if not self._me:
            await self.check()
        last, _, ticket = cursor.partition("/")
        if not cursor or ticket:
            last = last or str(await self._settled())
            async for batch in self._first_look(last, ticket):
                yield batch
        settled, told = int(last), set[int]()
        while True:
            async for batch in self._since(settled, told):
                settled = int(batch.cursor or settled)
                yield batch
            told = {id_ for id_ in told if id_ > settled}
            yield Batch(caught_up=True, cursor=str(settled))
            await asyncio.sleep(self._options.poll_s)

    async def perform(self, out: Outgoing) -> Receipt:
        """See `Channel`."""
        if out.type not in _PERFORMS:
            raise Unsupported(say("rt.unsupported", type=out.type))
        place = f"/ticket/{_part(out.conversation or '')}"
        match out.type:
            case "reply":
                return await self._say(f"{place}/correspond", out)
            case "note":
                return await self._say(f"{place}/comment", out)
            case "assign":
                owner = self._owner(out.assignee)
                await self._set(place, "Owner", owner)
            case kind:
                await self._set(place, "Status", _WANTED[kind])
        return Receipt()

    async def find(self, out: Outgoing) -> Found | Missing | Unsure:
        """See `Channel`. The history is whole, and lists our text as soon as it was recorded."""
        if out.type not in ("reply", "note"):
            return Unsure(say("rt.repeatable"))
        if not self._me:
            await self.check()
        wanted = "Correspond" if out.type == "reply" else "Comment"
        found: list[traces.Trace] = []
        history = f"/ticket/{_part(out.conversation or '')}/history"
        async for one in self._every(history, {**_FIELDS, "orderby": "id", "order": "DESC"}):
            at = when(text(one, "Created"), 0)
            if at < out.at - traces.SKEW:
                break
            if text(one, "Type") == wanted and parse.person(obj(one, "Creator"), self._me).me:
                said = await self._texts(text(one, "id"))
                found.append(traces.Trace(parse.message_id(text(one, "id")), at, said.text or ""))
        return self._tries.known(out, traces.look(out, found, whole=True))

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """See `Channel`. RT hands a file over as Base64 within JSON."""
        if not ref.isdigit():
            raise Rejected(say("rt.no_file"))
        record = (await self._client.get(f"/attachment/{ref}", most=90 * 1024 * 1024)).json
        yield parse.content(obj(record))

    async def aclose(self) -> None:
        """See `Channel`."""
        await self._client.aclose()

    # --- in ---

    async def _settled(self) -> int:
        """The newest transaction that no older one can follow any more; 0 where there is none."""
        query = {"query": "id > 0 AND ObjectType = 'RT::Ticket'", "fields": "Created"}
        async for one in self._every("/transactions", {**query, "orderby": "id", "order": "DESC"}):
            if when(text(one, "Created"), 0) < self._now() - _LAG:
                return _number(one)
        return 0

    async def _first_look(self, last: str, done: str) -> AsyncIterator[Batch]:
        """The whole history, up to `last`, of each ticket that something happened to lately.

        Args:
            done: the ticket that was read before a restart.
        """
        first = as_datetime(self._now() - self._options.days * DAY).strftime("%Y-%m-%d %H:%M:%S")
        query = f"LastUpdated > '{first}' AND id > {int(done or 0)}"
        listed = self._every("/tickets", {"query": query, "orderby": "id", "order": "ASC"})
        tickets = [text(one, "id") async for one in listed]
        for at, id_ in enumerate(tickets):
            path = f"/ticket/{_part(id_)}/history"
            history = self._every(path, {**_FIELDS, "orderby": "id", "order": "ASC"})
            happened = [{**one, "ObjectId": id_} async for one in history if _number(one) <= int(last)]
            events = await self._events(happened)
            for start in range(0, len(events), 500):
                yield Batch(tuple(events[start : start + 500]), progress=Progress(at, len(tickets)))
            yield Batch(cursor=f"{last}/{id_}", progress=Progress(at + 1, len(tickets)))

    async def _since(self, settled: int, told: set[int]) -> AsyncIterator[Batch]:
        """What is behind `settled` and not in `told`, to which it is added; a page a batch.

        What we may not see is left out of its page: an empty one is not the end.
        """
        query = f"id > {settled} AND ObjectType = 'RT::Ticket'"
        young, sure = self._now() - _LAG, True
        async for page in self._pages(
            "/transactions", {**_FIELDS, "query": query, "orderby": "id", "order": "ASC"}
        ):
            events = await self._events([one for one in page if _number(one) not in told])
            for one in page:
                sure = sure and when(text(one, "Created"), 0) < young
                settled = max(settled, _number(one)) if sure else settled
                told.add(_number(one))
            yield Batch(tuple(events), cursor=str(settled))

    async def _events(self, transactions: Sequence[Object]) -> list[ChannelEvent]:
        self._tickets.clear()
        events: list[ChannelEvent] = []
        told: set[str] = set()
        for one in transactions:
            found = await self._ticket(text(one, "ObjectId"))
            if found is None:
                continue
            ticket, users = found
            if ticket.id not in told:
                told.add(ticket.id)
                events += parse.contacts(ticket, users)
            event = await self._event(one, ticket)
            events += [event] if event is not None else []
            if text(one, "Type") == "Create":
                events.append(parse.terms(ticket, when(text(one, "Created"), self._now()), text(one, "id")))
        return events

    async def _event(self, one: Object, ticket: Ticket) -> ChannelEvent | None:
        if text(one, "Type") in parse.TEXTS:
            creator = {**await self._user(text(one, "Creator", "Name")), **obj(one, "Creator")}
            said = await self._texts(text(one, "id"))
            return parse.said({**one, "Creator": creator}, ticket, said, self._me, self._now())
        owner = await self._owner_by(text(one, "NewValue")) if parse.is_owner(one) else None
        return parse.happened(one, ticket, owner, self._me, self._now())

    async def _ticket(self, id_: str) -> tuple[Ticket, list[Object]] | None:
        """None where it is in a queue that this account does not work in, or not ours to see."""
        if id_ not in self._tickets:
            try:
                record = obj(
                    (await self._client.get(f"/ticket/{_part(id_)}", {"fields[Queue]": "Name"})).json
                )
            except Rejected:
                return None
            queue = text(record, "Queue", "Name") or await self._queue(text(record, "Queue", "id"))
            users = [await self._user(text(one, "id")) for one in objects(record, "Requestor")]
            ticket = parse.ticket({**record, "Queue": {"Name": queue}}, users)
            self._tickets[id_] = ticket, users
        found = self._tickets[id_]
        return found if not self._options.queues or found[0].queue in self._options.queues else None

    async def _queue(self, id_: str) -> str:
        return text(await self._kept(f"/queue/{_part(id_)}"), "Name")

    async def _owner_by(self, number: str) -> Person | None:
        nobody = await self._user(parse.NOBODY)
        if number in ("", parse.number_of(nobody)):
            return None
        user = await self._user(number)
        return None if text(user, "Name") == parse.NOBODY else parse.person(user, self._me)

    async def _user(self, name: str) -> Object:
        """By name, address or number. RT tells an agent without the right to administer less of others, not even their
        names; who cannot be seen is at least called so."""
        called = (
            {"id": name} if name.isdigit() else {"Name": name, "EmailAddress": name if "@" in name else ""}
        )
        return {**called, **await self._kept(f"/user/{_part(name)}")}

    async def _kept(self, path: str) -> Object:
        if path not in self._users:
            if len(self._users) >= _USERS:
                self._users.clear()
            try:
                self._users[path] = obj((await self._client.get(path)).json)
            except Rejected:
                self._users[path] = {}
        return self._users[path]

    async def _texts(self, transaction: str) -> parse.Texts:
        """What RT does not show of it is said, and keeps nothing behind it waiting."""
        path = f"/transaction/{_part(transaction)}/attachments"
        try:
            every = self._every(path, {"fields": "ContentType,Filename,ContentLength"})
            listed = [one async for one in every]
        except Rejected as error:
            return parse.Texts(say("rt.hidden", why=error.reason), None, ())
        bodies: dict[str, Object] = {}
        for one in filter(parse.is_text, listed):
            with suppress(Rejected):
                bodies[text(one, "id")] = obj(
                    (await self._client.get(f"/attachment/{_part(text(one, 'id'))}")).json
                )
        return parse.texts(listed, bodies)

    async def _every(self, path: str, params: Mapping[str, Any]) -> AsyncIterator[Object]:
        """The items of every page."""
        async for page in self._pages(path, params):
            for one in page:
                yield one

    async def _pages(self, path: str, params: Mapping[str, Any]) -> AsyncIterator[list[Object]]:
        for page in range(1, 1000):
            answer = (await self._client.get(path, {**params, "per_page": _PAGE, "page": page})).json
            yield objects(answer, "items")
            if not obj(answer).get("next_page"):
                return

    # --- out ---

    async def _say(self, path: str, out: Outgoing) -> Receipt:
        body: dict[str, Any] = {"Content": out.text, "ContentType": "text/plain"}
        body |= {"Subject": out.subject} if out.subject else {}
        if out.files:
            body["Attachments"] = [
                {
                    "FileName": file.name,
                    "FileType": file.type or "application/octet-stream",
                    "FileContent": b64encode(await asyncio.to_thread(Path(file.path).read_bytes)).decode(),
                }
                for file in out.files
            ]
        with self._tries.of(out.key):
            answer = await self._client.post(path, body)
        transaction = answer.headers.get("location", "").rpartition("/")[2]
        return Receipt(id=parse.message_id(transaction) if transaction.isdigit() else None)

    def _owner(self, person: Person | None) -> str:
        """RT takes a name or an address."""
        if person is None:
            return parse.NOBODY
        return self._me if person.me else person.handle

    async def _set(self, place: str, name: str, value: str) -> None:
        """Set a field of the ticket as it was when we looked. RT answers 200 also where it did not, so look again.

        Raises:
            Rejected: it is not so in the end; RT's words say why.
        """
        if name == "Owner" and not self._me:
            await self.check()
        before = await self._client.get(place)
        tag = before.headers.get("etag", "")
        answer = await self._client.put(place, {name: value}, headers={"if-match": tag} if tag else {})
        record = obj((await self._client.get(place)).json)
        now = text(record, name) or text(record, name, "id")
        if now != value and (name != "Owner" or not await self._are_one(now, value)):
            raise Rejected("; ".join(map(str, answer.json or ())) or say("rt.not_set", name=name))

    async def _are_one(self, name: str, other: str) -> bool:
        """A person has a name, an address, and a number."""
        one, two = await self._user(name), await self._user(other)
        same = parse.number_of(one) and parse.number_of(one) == parse.number_of(two)
        return bool(same) or other in (text(one, "Name"), text(one, "EmailAddress"))

    def _now(self) -> Instant:
        return self._site.clock.now()


def _number(one: Object) -> int:
    return number(one, "id") or 0


def _part(id_: str) -> str:
    return quote(id_, safe="@")
