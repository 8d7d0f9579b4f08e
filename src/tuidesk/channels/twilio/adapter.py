"""Twilio: polls what came in, sends by the API it came by, and keeps to WhatsApp's window before Twilio would."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import quote

from tuidesk.channels.twilio import feeds, parse
from tuidesk.channels.twilio.options import TwilioOptions
from tuidesk.domain.events import ChannelEvent
from tuidesk.domain.instants import DAY, SECOND, Instant
from tuidesk.domain.model import Caps, Offered, Person
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Receipt, Unsure
from tuidesk.errors import AuthFailed, ChannelError, Rejected, Unavailable, Unsupported
from tuidesk.wire import traces
from tuidesk.wire.channel import Batch, Checked, Site
from tuidesk.wire.http.client import Client, SecretAuth
from tuidesk.wire.loose import Object, obj, objects, text, when
from tuidesk.words import say

_LONGEST = 1600
_BATCH = 500
_ASKS, _ASKS_AFTER_S = 8, 0.5
_STEP: Instant = 3 * DAY
"""So much is read at once: an account can have a hundred thousand messages a week."""


class Twilio:
    """One Twilio account, or those of its numbers that are named."""

    Options: ClassVar[type[Any]] = TwilioOptions
    credential: ClassVar[str] = say("twilio.credential")

    def __init__(self, options: TwilioOptions, site: Site) -> None:
        self._options = options
        self._site = site
        auth = SecretAuth.basic(site, options.key or options.account_sid)

        def client(base: str) -> Client:
            return Client(base, auth, site, explain=parse.explain)

        self._api, self._conversations = client(options.servers.api), client(options.servers.conversations)
        self._content, self._intelligence = (
            client(options.servers.content),
            client(options.servers.intelligence),
        )
        self._media = client(options.servers.media)
        self._base = f"/2010-04-01/Accounts/{quote(options.account_sid, safe='')}"
        self._tries = traces.Tries(site.clock)
        self._texting = ""
        """The first number of the account that can send SMS, once it is known."""

    async def check(self) -> Checked:
        """See `Channel`. A standard key may not read its account, but may read the account's numbers."""
        listed = feeds.pages(
            self._api, f"{self._base}/IncomingPhoneNumbers.json", {"PageSize": 100}, "incoming_phone_numbers"
        )
        numbers = [one async for page in listed for one in page]
        ours = self._options.numbers or tuple(text(one, "phone_number") for one in numbers)
        self._texting = next((text(one, "phone_number") for one in numbers if parse.texts(one)), "")
        talks = self._options.by == "conversations"
        return Checked(
            identity=Person(handle=parse.plain(ours[0]) if ours else self._options.account_sid),
            caps=Caps(
                performs=frozenset({"reply", "complete", "reopen"} if talks else {"reply", "start"}),
                max_length=_LONGEST,
                find=True,
                windows={"whatsapp": parse.WINDOW_S},
                attachment_bytes=0,
                media=() if talks else tuple(one for one in ("sms", "whatsapp") if self._begins(one)),
            ),
            canned=await self._templates(),
            findings=(say("twilio.found", numbers=", ".join(ours) or "-"), say("twilio.no_files")),
            troubles=tuple(self._troubles(numbers)),
        )

    async def events(self, cursor: str, state: bytes) -> AsyncIterator[Batch]:
        """See `Channel`. A poll: it looks, and sleeps. The cursor is the day of the last look; what that day had before
        is known by its ids. What lies further back is read a few days at a time."""
        options, places, now = self._options, _places(state), self._now()
        since = min(when(cursor, 0) or now - options.days * DAY, now - DAY)  # a clock may have been ahead
        messages = feeds.Messages(self._api, self._base, options)
        phone = feeds.Phone(self._api, self._intelligence, self._base, options)
        talks, first = feeds.Talks(self._conversations), not cursor or not places
        # what they have seen is what was told here: after an error nothing is, and all of the day is told again
        while True:
            began = self._now()
            until = since + _STEP if began - since >= 2 * _STEP else None
            held = Batch()
            found: list[ChannelEvent] = []
            if options.by == "messages":
                found = await messages.news(since, until, began)
            elif until is None:
                back = began - options.days * DAY
                async for told in talks.news(places, back, began, first=first):
                    for batch in _batches(told, places):
                        yield held
                        held = batch
            found += await phone.news(since, until, began) if options.calls else []
            for batch in _batches(found, places):
                if held.events:
                    yield held
                held = batch
            since = began - DAY if until is None else until
            cursor = feeds.day(since) + "T00:00:00Z"
            yield replace(held, cursor=cursor, state=_kept(places), caught_up=until is None)
            if until is None:
                first = False
                await asyncio.sleep(options.poll_s)

    async def perform(self, out: Outgoing) -> Receipt:
        """See `Channel`."""
        if self._options.by == "conversations" and not _is_pair(out.conversation):
            return await self._talk(out)
        if out.type == "start":
            ours, theirs = self._to_begin(out)
        elif out.type == "reply":
            ours, theirs = parse.parties(out.conversation or "")
        else:
            raise Unsupported(say("twilio.unsupported", type=out.type))
        if not theirs:
            raise Rejected(say("twilio.hidden"))
        if out.files:
            raise Rejected(say("twilio.no_files"))
        await self._refuse_closed(out, ours, theirs)
        form = {"To": theirs} | (
            {"MessagingServiceSid": self._options.service} if self._options.service else {}
        )
        form |= {"From": ours} if ours else {}
        form |= _said(out)
        made = obj((await self._api.post(f"{self._base}/Messages.json", form=form)).json)
        if text(made, "status") == "failed":
            raise Rejected(parse.failure(_code(made), text(made, "error_message")))
        return Receipt(
            id=text(made, "sid"),
            at=parse.at(made, self._now()),
            conversation=parse.pair(ours or await self._chosen(made), theirs),
        )

    async def _chosen(self, made: Object) -> str:
        """The number that a messaging service sends by, which it chooses a moment later; "" where it takes long."""
        for _ in range(_ASKS):
            if sender := text(made, "from"):
                return sender
            await asyncio.sleep(_ASKS_AFTER_S)
            with suppress(ChannelError):  # it is sent all the same
                made = obj((await self._api.get(f"{self._base}/Messages/{text(made, 'sid')}.json")).json)
        return text(made, "from")

    async def find(self, out: Outgoing) -> Found | Missing | Unsure:
        """See `Channel`. The list of messages may lag, so that one is missing is never certain there."""
        if self._options.by == "conversations" and not _is_pair(out.conversation):
            return await self._find_talk(out)
        ours, theirs = self._to_begin(out) if out.type == "start" else parse.parties(out.conversation or "")
        asked = {"To": theirs, "DateSent>": feeds.day(out.at - traces.SKEW), "PageSize": 100}
        asked |= {"From": ours} if ours else {}
        found = objects((await self._api.get(f"{self._base}/Messages.json", asked)).json, "messages")
        ours_ = [traces.Trace(text(one, "sid"), parse.at(one, 0), text(one, "body")) for one in found]
        return traces.look(out, ours_, whole=False)

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """See `Channel`. Media are on a file server, which must not see our login."""
        if ref.startswith(parse.MEDIA):
            address = await self._talk_media(ref)
            async for piece in self._media.download(address):
                yield piece
            return
        if not ref.startswith(f"{self._base}/"):
            raise Rejected(say("twilio.no_file"))
        async for piece in self._api.download(ref):
            yield piece

    async def aclose(self) -> None:
        """See `Channel`."""
        await asyncio.gather(
            *(
                one.aclose()
                for one in (self._api, self._conversations, self._content, self._intelligence, self._media)
            )
        )

    async def _talk_media(self, ref: str) -> str:
        """Where a conversation's file lies for the next minutes.

        Raises:
            Rejected: it does not lie there.
        """
        conversation, _, sid = ref.removeprefix(parse.MEDIA).partition(":")
        talk = (await self._conversations.get(f"/v1/Conversations/{quote(conversation, safe='')}")).json
        service = quote(text(talk, "chat_service_sid"), safe="")
        found = (await self._media.get(f"/v1/Services/{service}/Media/{quote(sid, safe='')}")).json
        if not (address := text(found, "links", "content_direct_temporary")):
            raise Rejected(say("twilio.no_file"))
        return address

    # --- out ---

    async def _talk(self, out: Outgoing) -> Receipt:
        place = f"/v1/Conversations/{quote(out.conversation or '', safe='')}"
        if out.type in ("complete", "reopen"):
            state = "inactive" if out.type == "complete" else "active"  # `closed` could not be taken back
            await self._conversations.post(place, form={"State": state}, unsafe=False)
            return Receipt()
        if out.type != "reply":
            raise Unsupported(say("twilio.unsupported", type=out.type))
        if out.files:
            raise Rejected(say("twilio.no_files"))
        await self._refuse_closed_talk(out, place)
        form = {
            "Author": out.agent.name or "agent",
            "Attributes": json.dumps({"tuidesk": out.key}),
            **_said(out),
        }
        with self._tries.of(out.key):
            made = obj((await self._conversations.post(f"{place}/Messages", form=form)).json)
        return Receipt(id=text(made, "sid"), at=when(text(made, "date_created"), self._now()))

    async def _find_talk(self, out: Outgoing) -> Found | Missing | Unsure:
        """By our key, which is in what we sent."""
        path = f"/v1/Conversations/{quote(out.conversation or '', safe='')}/Messages"
        found = objects(
            (await self._conversations.get(path, {"Order": "desc", "PageSize": 100})).json, "messages"
        )
        ours = next((one for one in found if parse.key_of(one) == out.key), None)
        if ours is not None:
            return Found(id=text(ours, "sid"), at=when(text(ours, "date_created"), 0))
        whole = len(found) < 100 or when(text(found[-1], "date_created"), self._now()) < out.at - traces.SKEW
        return self._tries.known(out, Missing() if whole else Unsure(say("wire.not_whole")))

    async def _refuse_closed(self, out: Outgoing, ours: str, theirs: str) -> None:
        """Twilio takes what WhatsApp will not, and says so only later (63016)."""
        if parse.medium(theirs) != "whatsapp" or out.template:
            return
        asked = {"To": ours, "From": theirs, "PageSize": 1}
        found = objects((await self._api.get(f"{self._base}/Messages.json", asked)).json, "messages")
        self._in_window(parse.at(found[0], 0) if found else 0)

    async def _refuse_closed_talk(self, out: Outgoing, place: str) -> None:
        if out.medium != "whatsapp" or out.template:
            return
        found = objects(
            (await self._conversations.get(f"{place}/Messages", {"Order": "desc", "PageSize": 50})).json,
            "messages",
        )
        theirs = await feeds.Talks(self._conversations).addresses(out.conversation or "")
        newest = next((one for one in found if text(one, "author") in theirs), None)
        self._in_window(when(text(newest, "date_created"), 0))

    def _in_window(self, last: Instant) -> None:
        if last + parse.WINDOW_S * SECOND < self._now():
            raise Rejected(say("twilio.error_63016"))

    def _to_begin(self, out: Outgoing) -> tuple[str, str]:
        """Ours and theirs of a conversation that begins."""
        if not self._begins(out.medium):
            raise Rejected(say("twilio.no_number", medium=out.medium or "sms"))
        prefix = parse.WHATSAPP if out.medium == "whatsapp" else ""
        return self._number(out.medium), prefix + parse.plain(out.to[0].handle if out.to else "")

    def _number(self, medium: str) -> str:
        """Of ours the one that conversations begin from; where none is named, the account's first that can text."""
        whatsapp = medium == "whatsapp"
        named = [one for one in self._options.numbers if one.startswith(parse.WHATSAPP) == whatsapp]
        return named[0] if named else "" if whatsapp or self._options.numbers else self._texting

    def _begins(self, medium: str) -> bool:
        return bool(self._number(medium) or self._options.service)

    # --- check ---

    async def _templates(self) -> tuple[Offered, ...]:
        try:
            found = (await self._content.get("/v1/Content", {"PageSize": 500})).json
        except (Rejected, AuthFailed, Unsupported, Unavailable):
            return ()  # a key may lack the right; replies within the window go on
        return parse.templates(objects(found, "contents"))

    def _troubles(self, numbers: list[Object]) -> list[str]:
        known = {text(one, "phone_number"): obj(one, "capabilities") for one in numbers}
        troubles = []
        for ours in self._options.numbers:
            if ours.startswith(parse.WHATSAPP):
                continue  # WhatsApp senders are not in that list
            if ours not in known:
                troubles.append(say("twilio.foreign_number", number=ours))
            elif not parse.texts({"capabilities": known[ours]}):
                troubles.append(say("twilio.no_sms", number=ours))
        return troubles

    def _now(self) -> Instant:
        return self._site.clock.now()


def _said(out: Outgoing) -> dict[str, str]:
    """The text; of a template its number and what stands in its places."""
    if not out.template:
        return {"Body": out.text}
    values = {"ContentVariables": json.dumps(dict(out.values))} if out.values else {}
    return {"ContentSid": out.template, **values}


def _is_pair(conversation: str | None) -> bool:
    """A call's conversation, which goes on by the Messages API whatever else comes in otherwise."""
    return "|" in (conversation or "")


def _code(made: Object) -> int | None:
    found = made.get("error_code")
    return found if isinstance(found, int) else None


def _batches(told: list[ChannelEvent], places: dict[str, int]) -> list[Batch]:
    """In parts; only the last says how far they go."""
    parts = [tuple(told[start : start + _BATCH]) for start in range(0, len(told), _BATCH)] or [()]
    return [*map(Batch, parts[:-1]), Batch(parts[-1], state=_kept(places))]


def _kept(places: dict[str, int]) -> bytes:
    return json.dumps(places).encode()


def _places(state: bytes) -> dict[str, int]:
    try:
        kept = obj(json.loads(state or b"{}"))
    except ValueError:
        return {}
    return {sid: index for sid, index in kept.items() if isinstance(index, int)}
