"""A channel for tuidesk: the guestbook of a website. Visitors write entries that everybody can read, the desk answers.

API: `GET /log` is all that ever happened, by number; `GET /threads/N` is what of it belongs to one thread;
`POST /threads/N/answers` and `PUT /threads/N` do something; `GET /photos/ID` is a photo.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import quote

from tuidesk.domain.events import ChannelEvent, ContactSeen, Received, Sent, StatusSet
from tuidesk.domain.instants import DAY, Instant, rfc3339
from tuidesk.domain.model import Attachment, Caps, Person
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Receipt, Unsure
from tuidesk.errors import Rejected, Unsupported
from tuidesk.wire import traces
from tuidesk.wire.channel import Batch, Checked, Site
from tuidesk.wire.http.client import Client, SecretAuth
from tuidesk.wire.loose import Object, flag, number, obj, objects, text, when

# --- what the account's file says ---


@dataclass(frozen=True, slots=True)
class GuestbookOptions:
    """The keys of this kind. What has no default is asked by `tuidesk setup`; `help` is the question."""

    server: str = field(metadata={"help": "the website, as in https://www.acme.example"})
    days: int = field(default=30, metadata={"help": "how many days back the first look reads"})
    poll_s: float = field(default=30.0, metadata={"help": "seconds between two looks"})


# --- what the service says, as events: pure functions, so that recorded answers test them ---


def person(by: Object, me: str) -> Person:
    """Who did it. `me` is the agent's own name there; whoever else is of the staff is a colleague."""
    return Person(text(by, "name"), text(by, "id"), me=text(by, "id") == me)


def happened(item: Object, me: str, now: Instant) -> list[ChannelEvent]:
    """One line of the log as events; `now` is its time where it gives none."""
    by, at = obj(item, "by"), when(text(item, "at"), now)
    id_, thread = text(item, "id"), text(item, "thread")
    match text(item, "kind"):
        case "closed":
            return [StatusSet(id=id_, at=at, by=person(by, me), conversation=thread, status="complete")]
        case "opened":
            return [StatusSet(id=id_, at=at, by=person(by, me), conversation=thread, status="open")]
    make = Sent if flag(by, "staff") else Received
    message = make(
        id=id_,
        at=at,
        medium="post",
        sender=person(by, me),
        text=words(item),
        conversation=thread,
        reply_to=text(item, "answers") or None,
        visibility="public",
        attachments=photos(item),
    )
    return [message] if flag(by, "staff") else [contact(by), message]


def words(item: Object) -> str:
    """Its text. What we do not know the sort of is at least named: a customer's word is never dropped."""
    said = text(item, "text")
    return said if said or text(item, "kind") in ("entry", "answer") else f"[{text(item, 'kind') or '?'}]"


def photos(item: Object) -> tuple[Attachment, ...]:
    """The photo, which stays where it is until somebody wants it: `ref` is what `fetch` is given then."""
    photo = obj(item, "photo")
    if not photo:
        return ()
    name, size, type_ = text(photo, "name") or "photo", number(photo, "size") or 0, text(photo, "type")
    return (Attachment(name, size, type_, text(photo, "id"), alt=text(photo, "alt")),)


def contact(by: Object) -> ContactSeen:
    """What a visitor says of themselves, for the customer pane."""
    known = {"home": text(by, "home"), "city": text(by, "city")}
    fields = tuple((name, value) for name, value in known.items() if value)
    return ContactSeen(medium="post", handle=text(by, "id"), name=text(by, "name") or None, fields=fields)


# --- the account ---


class Guestbook:
    """One website's guestbook. It knows no store, no screen and no second try: all that is the desk's."""

    Options: ClassVar[type[Any]] = GuestbookOptions
    credential: ClassVar[str] = (
        "The secret is a token of yours: on the website, log in as an editor, My page, Tokens, New. Tick "
        '"may answer".'
    )

    def __init__(self, options: GuestbookOptions, site: Site) -> None:
        self._options = options
        self._site = site
        self._client = Client(f"{options.server.rstrip('/')}/api/1", SecretAuth.bearer(site), site)
        self._tries = traces.Tries(site.clock)
        self._me = ""

    async def check(self) -> Checked:
        """Who am I, and what can I do here?"""
        me = obj((await self._client.get("/me")).json)
        self._me = text(me, "id")
        return Checked(
            identity=person(me, self._me),
            caps=Caps(
                performs=frozenset({"reply", "complete", "reopen"}),
                max_length=1000,
                find=True,
                visibility=("public",),
                attachment_bytes=0,
            ),
            findings=(f"{number(me, 'threads') or 0} threads",),
            troubles=() if flag(me, "may_answer") else ("This token may read, but not answer: make another",),
        )

    async def events(self, cursor: str, state: bytes) -> AsyncIterator[Batch]:  # noqa: ARG002 - of no use here
        """All that happened since `cursor`, the number of the last line that the desk has stored; for ever."""
        me = await self._name()
        while True:
            since = rfc3339(self._now() - self._options.days * DAY)
            asked = {"after": cursor} if cursor else {"since": since}
            log = objects((await self._client.get("/log", asked)).json, "log")
            last = text(log[-1], "id") if log else cursor
            events = [event for item in log for event in happened(item, me, self._now())]
            yield Batch(tuple(events), last, caught_up=not log)
            if last == cursor:
                await asyncio.sleep(self._options.poll_s)
            cursor = last

    async def perform(self, out: Outgoing) -> Receipt:
        """One try. Whatever goes wrong is one of `tuidesk.errors.ChannelError`; the client raises most of them."""
        thread = f"/threads/{quote(out.conversation or '', safe='')}"
        match out.type:
            case "reply":
                if out.files:
                    raise Rejected("The guestbook takes no files")
                said = {"text": out.text, "answers": out.reply_to}
                with self._tries.of(out.key):
                    answer = await self._client.post(f"{thread}/answers", said)
                made = obj(answer.json)
                return Receipt(id=text(made, "id"), at=when(text(made, "at"), self._now()))
            case "complete" | "reopen":
                await self._client.put(thread, {"closed": out.type == "complete"})
                return Receipt()
            case _:
                raise Unsupported(f"The guestbook has no {out.type}")

    async def find(self, out: Outgoing) -> Found | Missing | Unsure:
        """Was it done? Asked where `perform` ended in doubt; the thread has all our answers in it."""
        if out.type != "reply":
            return Unsure("It can simply be done again")
        me, thread = await self._name(), f"/threads/{quote(out.conversation or '', safe='')}"
        log = objects((await self._client.get(thread)).json, "log")
        ours = [
            traces.Trace(text(item, "id"), when(text(item, "at"), 0), text(item, "text"))
            for item in log
            if text(item, "by", "id") == me
        ]
        return self._tries.known(out, traces.look(out, ours, whole=True))

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """A photo, piece by piece."""
        async for piece in self._client.download(f"/photos/{quote(ref, safe='')}"):
            yield piece

    async def aclose(self) -> None:
        """Within a second, whatever is under way."""
        await self._client.aclose()

    async def _name(self) -> str:
        """Ours there. Nobody promises that `check` was called before."""
        if not self._me:
            await self.check()
        return self._me

    def _now(self) -> Instant:
        return self._site.clock.now()
