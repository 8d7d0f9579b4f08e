"""What came in, by each of Twilio's APIs. None of them has a cursor: lists run newest first, by the day."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from tuidesk.channels.twilio import parse
from tuidesk.channels.twilio.options import TwilioOptions
from tuidesk.domain.events import ChannelEvent, ContactSeen
from tuidesk.domain.instants import HOUR, Instant, as_datetime
from tuidesk.errors import Rejected
from tuidesk.wire.http.client import Client
from tuidesk.wire.loose import Object, number, obj, objects, text

_PAGE = 200
_TRANSCRIBES_FOR = 2 * HOUR
"""A recording without a transcript after that will have none."""


def day(at: Instant) -> str:
    """The lists are asked by the day, in GMT."""
    return as_datetime(at).strftime("%Y-%m-%d")


async def pages(
    client: Client, path: str, params: Mapping[str, Any], name: str
) -> AsyncIterator[list[Object]]:
    """The lists of the core API, newest first, as each page names the next."""
    asked: Mapping[str, Any] | None = params
    for _ in range(1000):
        answer = (await client.get(path, asked)).json
        yield objects(answer, name)
        path, asked = text(answer, "next_page_uri"), None
        if not path:
            return


class Messages:
    """SMS and WhatsApp by the Messages API."""

    def __init__(self, client: Client, base: str, options: TwilioOptions) -> None:
        self._client, self._base, self._options = client, base, options
        self._seen: dict[str, str] = {}
        """Sid → the status it had when it was told."""
        self._open: set[str] = set()
        """Of those, ours whose end is not known yet."""

    async def news(self, since: Instant, now: Instant) -> list[ChannelEvent]:
        """Oldest first. Reads until a page holds nothing new and nothing that can still change."""
        found: list[Object] = []
        asked = {"DateSent>": day(since), "PageSize": _PAGE}
        async for page in pages(self._client, f"{self._base}/Messages.json", asked, "messages"):
            mine = [one for one in page if self._ours(one)]
            found += mine
            fresh = any(text(one, "sid") not in self._seen for one in mine)
            here = {text(one, "sid") for one in mine}
            if not fresh and not self._open - here:
                break
        else:
            self._open &= {
                text(one, "sid") for one in found
            }  # the others have left the days that are looked at
        events: list[ChannelEvent] = []
        for one in reversed(found):
            events += await self._told(one, now)
        return events

    def _ours(self, one: Object) -> bool:
        """Of the numbers that this account works with."""
        inbound = text(one, "direction") == "inbound"
        ours = text(one, "to") if inbound else text(one, "from")
        return (
            not self._options.numbers
            or ours in self._options.numbers
            or parse.plain(ours) in self._options.numbers
        )

    async def _told(self, one: Object, now: Instant) -> list[ChannelEvent]:
        sid, status = text(one, "sid"), text(one, "status")
        events: list[ChannelEvent] = []
        if sid not in self._seen:
            media: list[Object] = []
            if number(one, "num_media"):
                media = [
                    m
                    async for p in pages(
                        self._client, f"{self._base}/Messages/{sid}/Media.json", {}, "media_list"
                    )
                    for m in p
                ]
            events.append(parse.message(one, media, now))
        if self._seen.get(sid) != status and (delivery := parse.delivery(one, now)) is not None:
            events.append(delivery)
        self._seen[sid] = status
        (self._open.discard if parse.is_final(one) else self._open.add)(sid)
        return events


class Phone:
    """Calls that nobody took, and what was left on the machine."""

    def __init__(self, client: Client, intelligence: Client, base: str, options: TwilioOptions) -> None:
        self._client, self._intelligence = client, intelligence
        self._base, self._options = base, options
        self._seen: set[str] = set()
        self._calls: dict[str, Object] = {}
        self._unheard: dict[str, tuple[Object, Instant]] = {}
        """Recordings whose transcript is still to come, and until when it is looked for."""

    async def news(self, since: Instant, now: Instant) -> list[ChannelEvent]:
        """Oldest first."""
        events: list[ChannelEvent] = []
        recorded = [
            one
            for one in await self._listed("Recordings", "recordings", "DateCreated>", since)
            if text(one, "call_sid")
        ]
        left = {text(one, "call_sid") for one in recorded}
        for one in await self._listed("Calls", "calls", "StartTime>", since):
            sid = text(one, "sid")
            self._calls[sid] = one
            missed = text(one, "status") in parse.MISSED and text(one, "direction") == "inbound"
            if missed and sid not in self._seen and sid not in left and self._ours(one):
                self._seen.add(sid)
                events += [*_contact(one), parse.call(one, self._options.calls_answered_by, now)]
        for one in recorded:
            events += await self._left(one, now)
        return events + await self._heard(now)

    async def _left(self, recording: Object, now: Instant) -> list[ChannelEvent]:
        sid = text(recording, "sid")
        if sid in self._seen or text(recording, "status") not in ("completed", ""):
            return []
        call = await self._call(text(recording, "call_sid"))
        if text(call, "direction") != "inbound" or not self._ours(call):
            return []
        self._seen.add(sid)
        words = await self._transcript(sid)
        if not words:
            self._unheard[sid] = recording, now + _TRANSCRIBES_FOR
        return [
            *_contact(call),
            parse.voicemail(recording, call, words, self._options.calls_answered_by, now),
        ]

    async def _heard(self, now: Instant) -> list[ChannelEvent]:
        events: list[ChannelEvent] = []
        for sid, (recording, until) in list(self._unheard.items()):
            if words := await self._transcript(sid):
                events.append(parse.heard(sid, parse.spoken(recording, words), now))
            if words or now > until:
                del self._unheard[sid]
        return events

    async def _transcript(self, recording: str) -> str:
        """Twilio's own (English), or that of Conversational Intelligence where the account has it."""
        if self._options.intelligence:
            found = (await self._intelligence.get("/v2/Transcripts", {"SourceSid": recording})).json
            done = [one for one in objects(found, "transcripts") if text(one, "status") == "completed"]
            if done:
                path = f"/v2/Transcripts/{text(done[0], 'sid')}/Sentences"
                said = (await self._intelligence.get(path, {"PageSize": 1000})).json
                return "\n".join(text(one, "transcript") for one in objects(said, "sentences"))
        path = f"{self._base}/Recordings/{recording}/Transcriptions.json"
        told = objects((await self._client.get(path)).json, "transcriptions")
        return next((text(one, "transcription_text") for one in told if text(one, "transcription_text")), "")

    async def _call(self, sid: str) -> Object:
        """It may be of another day than its recording."""
        if sid not in self._calls:
            try:
                self._calls[sid] = obj((await self._client.get(f"{self._base}/Calls/{sid}.json")).json)
            except Rejected:
                self._calls[sid] = {}
        return self._calls[sid]

    async def _listed(self, list_: str, name: str, by: str, since: Instant) -> list[Object]:
        asked = {by: day(since), "PageSize": _PAGE}
        found = [
            one
            async for page in pages(self._client, f"{self._base}/{list_}.json", asked, name)
            for one in page
        ]
        return found[::-1]

    def _ours(self, call: Object) -> bool:
        return not self._options.numbers or text(call, "to") in map(parse.plain, self._options.numbers)


def _contact(call: Object) -> list[ChannelEvent]:
    """The caller's name, where their network tells it."""
    name = text(call, "caller_name")
    return [ContactSeen(medium="call", handle=text(call, "from"), name=name)] if name else []


class Talks:
    """Conversations, and in each the messages behind the last index that was read."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._states: dict[str, str] = {}
        self._people: dict[str, list[str]] = {}

    async def news(self, places: dict[str, int], since: Instant, now: Instant) -> list[ChannelEvent]:
        """Oldest first in each conversation; moves `places` (sid → last index)."""
        events: list[ChannelEvent] = []
        async for one in self._every(
            "/v1/Conversations", {"StartDate": day(since), "PageSize": 100}, "conversations"
        ):
            sid, state = text(one, "sid"), text(one, "state")
            if state != "active" and self._states.get(sid) == state:
                continue
            events += await self._messages(sid, places, now)
            if self._states.get(sid, "active") != state:
                events.append(parse.state(one, now))
            self._states[sid] = state
        return events

    async def _messages(self, sid: str, places: dict[str, int], now: Instant) -> list[ChannelEvent]:
        new: list[Object] = []
        path = f"/v1/Conversations/{sid}/Messages"
        async for one in self._every(path, {"Order": "desc", "PageSize": 50}, "messages"):
            if (number(one, "index") or 0) <= places.get(sid, -1):
                break
            new.append(one)
        if not new:
            return []
        addresses = await self.addresses(sid)
        places[sid] = max(number(one, "index") or 0 for one in new)
        return [parse.talk(one, addresses, sid, now) for one in reversed(new)]

    async def addresses(self, sid: str) -> list[str]:
        """The customers' in a conversation."""
        if sid not in self._people:
            path = f"/v1/Conversations/{sid}/Participants"
            bound = [
                text(one, "messaging_binding", "address")
                async for one in self._every(path, {"PageSize": 100}, "participants")
            ]
            self._people[sid] = list(filter(None, bound))
        return self._people[sid]

    async def _every(self, path: str, params: Mapping[str, Any], name: str) -> AsyncIterator[Object]:
        asked: Mapping[str, Any] | None = params
        for _ in range(1000):
            answer = (await self._client.get(path, asked)).json
            for one in objects(answer, name):
                yield one
            path, asked = text(answer, "meta", "next_page_url"), None
            if not path:
                return
