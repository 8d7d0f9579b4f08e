"""What came in, by each of Twilio's APIs. None of them has a cursor: lists run newest first, by the day."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from tuidesk.channels.twilio import parse
from tuidesk.channels.twilio.options import TwilioOptions
from tuidesk.domain.events import ChannelEvent, ContactSeen
from tuidesk.domain.instants import DAY, HOUR, MINUTE, Instant, as_datetime
from tuidesk.errors import AuthFailed, Rejected, Unsupported
from tuidesk.wire.http.client import Client
from tuidesk.wire.loose import Object, number, obj, objects, text, when

_PAGE = 200
_TALKS = 100
"""Conversations a part; and so many of the quiet ones a look."""
_LOOKS_THROUGH: Instant = 5 * MINUTE
_TRANSCRIBES_FOR = 2 * HOUR
"""A recording without a transcript after that will have none."""


def day(at: Instant) -> str:
    """The lists are asked by the day, in GMT."""
    return as_datetime(at).strftime("%Y-%m-%d")


def _between(name: str, since: Instant, until: Instant | None) -> dict[str, Any]:
    """What to ask a list of the core API for; it goes by the day, and a day too many does no harm."""
    last = {} if until is None else {f"{name}<": day(until + DAY)}
    return {f"{name}>": day(since), **last, "PageSize": _PAGE}


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
        self._seen: dict[str, tuple[str, Instant]] = {}
        """Sid → the status it had when it was told, and its time."""
        self._open: set[str] = set()
        """Of those, ours whose end is not known yet."""
        self._looked_through: Instant = 0

    async def news(self, since: Instant, until: Instant | None, now: Instant) -> list[ChannelEvent]:
        """Oldest first. Reads until a page holds nothing new; now and then, as far back as something can still change:
        of many a text nothing is heard after `sent`.

        Args:
            until: None where it is now.
        """
        found: list[Object] = []
        through = now - self._looked_through >= _LOOKS_THROUGH
        asked = _between("DateSent", since, until)
        async for page in pages(self._client, f"{self._base}/Messages.json", asked, "messages"):
            found += page
            here = {text(one, "sid") for one in page}
            if page and here <= self._seen.keys() and not (through and self._open - here):
                break
        else:
            self._looked_through = now
            self._open &= {
                text(one, "sid") for one in found
            }  # the others have left the days that are looked at
        events: list[ChannelEvent] = []
        for one in reversed(found):
            if self._ours(one):
                events += await self._told(one, now)
            self._seen[text(one, "sid")] = text(one, "status"), parse.at(one, now)
        self._seen = {sid: told for sid, told in self._seen.items() if told[1] >= since - 2 * DAY}
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
        if self._seen.get(sid, ("", 0))[0] != status and (delivery := parse.delivery(one, now)) is not None:
            events.append(delivery)
        (self._open.discard if parse.is_final(one) else self._open.add)(sid)
        return events


class Phone:
    """Calls that nobody took, and what was left on the machine."""

    def __init__(self, client: Client, intelligence: Client, base: str, options: TwilioOptions) -> None:
        self._client, self._intelligence = client, intelligence
        self._base, self._options = base, options
        self._seen: set[str] = set()
        """Of the days that are looked at: calls and recordings that need not be looked at again."""
        self._unheard: dict[str, tuple[Object, Instant]] = {}
        """Recordings whose transcript is still to come, and until when it is looked for."""

    async def news(self, since: Instant, until: Instant | None, now: Instant) -> list[ChannelEvent]:
        """Oldest first. `until`: see `Messages`."""
        events: list[ChannelEvent] = []
        listed = await self._listed("Recordings", "recordings", _between("DateCreated", since, until))
        recorded = [one for one in listed if parse.is_voicemail(one)]
        left = {text(one, "call_sid") for one in recorded}
        missed = []
        for status in sorted(parse.MISSED):
            asked = {**_between("StartTime", since, until), "Status": status}
            missed += await self._listed("Calls", "calls", asked)
        for one in missed:
            sid = text(one, "sid")
            if sid not in self._seen | left and text(one, "direction") == "inbound" and self._ours(one):
                self._seen.add(sid)
                events += [*_contact(one), parse.call(one, self._options.calls_answered_by, now)]
                events += parse.hidden(one, now)
        for one in recorded:
            events += await self._left(one, now)
        self._seen &= {text(one, "sid") for one in (*recorded, *missed)}
        return events + await self._heard(now)

    async def _left(self, recording: Object, now: Instant) -> list[ChannelEvent]:
        sid = text(recording, "sid")
        if sid in self._seen or text(recording, "status") not in ("completed", ""):
            return []
        call = await self._call(text(recording, "call_sid"))
        if not call:
            return []
        self._seen.add(sid)
        if text(call, "direction") != "inbound" or not self._ours(call):
            return []
        words = await self._words(sid)
        if not words:
            self._unheard[sid] = recording, now + _TRANSCRIBES_FOR
        return [
            *_contact(call),
            parse.voicemail(recording, call, words, self._options.calls_answered_by, now),
            *parse.hidden(call, now),
        ]

    async def _heard(self, now: Instant) -> list[ChannelEvent]:
        events: list[ChannelEvent] = []
        for sid, (recording, until) in list(self._unheard.items()):
            if words := await self._words(sid):
                events.append(parse.heard(sid, parse.spoken(recording, words), now))
            if words or now > until:
                del self._unheard[sid]
        return events

    async def _words(self, recording: str) -> str:
        """Its transcript; a key without the right to read any still has the sound."""
        try:
            return await self._transcript(recording)
        except (AuthFailed, Rejected, Unsupported):
            return ""

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
        try:
            return obj((await self._client.get(f"{self._base}/Calls/{sid}.json")).json)
        except Rejected:
            return {}

    async def _listed(self, list_: str, name: str, asked: Mapping[str, Any]) -> list[Object]:
        listed = pages(self._client, f"{self._base}/{list_}.json", asked, name)
        return [one async for page in listed for one in page][::-1]

    def _ours(self, call: Object) -> bool:
        return not self._options.numbers or text(call, "to") in map(parse.plain, self._options.numbers)


def _contact(call: Object) -> list[ChannelEvent]:
    """The caller's name, where their network tells it."""
    name = text(call, "caller_name")
    return [ContactSeen(medium="call", handle=parse.caller(call).handle, name=name)] if name else []


class Talks:
    """Conversations, and in each the messages behind the last index that was read."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._away: set[str] = set()
        """Those of which it was told that they are put away."""
        self._heard: dict[str, Instant] = {}
        """Of the newest message that was read in each."""
        self._turn = 0

    async def news(
        self, places: dict[str, int], since: Instant, now: Instant, *, first: bool
    ) -> AsyncIterator[list[ChannelEvent]]:
        """Oldest first in each conversation; moves `places` (sid → last index, of those that are active).

        Twilio lists conversations by the day of their creation at most, and a customer's can be years old.

        Args:
            since: how far back a conversation is read that is seen for the first time.
            first: those that are put away are read as well, if they began since then.
        """
        events: list[ChannelEvent] = []
        active = await self._listed("active")
        done = await self._listed("inactive", since) + await self._listed("closed", since) if first else []
        here = {text(one, "sid") for one in active}
        for sid in [sid for sid in places if sid not in here]:
            done += await self._talk(sid)
        for at, one in enumerate([*self._due(active, places, now), *done]):
            sid = text(one, "sid")
            events += await self._messages(sid, places, since, now)
            events += self._state(one, now)
            if text(one, "state") == "active":
                places.setdefault(sid, -1)
            else:
                places.pop(sid, None)
            if at % _TALKS == _TALKS - 1:
                yield events
                events = []
        yield events

    def _due(self, active: list[Object], places: Mapping[str, int], now: Instant) -> list[Object]:
        """Each costs a request: those that are new or were lively lately, and in turn some of the quiet ones."""
        quiet = [one for one in active if text(one, "sid") in places and not self._is_lively(one, now)]
        chosen = {text(one, "sid") for one in (quiet[self._turn :] + quiet[: self._turn])[:_TALKS]}
        self._turn = (self._turn + _TALKS) % max(len(quiet), 1)
        sids = {text(one, "sid") for one in quiet} - chosen
        return [one for one in active if text(one, "sid") not in sids]

    def _is_lively(self, one: Object, now: Instant) -> bool:
        return self._heard.get(text(one, "sid"), 0) > now - DAY

    def _state(self, one: Object, now: Instant) -> list[ChannelEvent]:
        sid = text(one, "sid")
        if (text(one, "state") == "active") == (sid not in self._away):
            return []
        self._away ^= {sid}
        return [parse.state(one, now)]

    async def _listed(self, state: str, since: Instant | None = None) -> list[Object]:
        asked = {"State": state, "PageSize": 100} | (
            {} if since is None else {"StartDate": f"{day(since)}T00:00:00Z"}
        )
        return [one async for one in self._every("/v1/Conversations", asked, "conversations")]

    async def _talk(self, sid: str) -> list[Object]:
        """One that is not among the active ones any more; none where it is gone."""
        try:
            return [obj((await self._client.get(f"/v1/Conversations/{sid}")).json)]
        except Rejected:
            return [{"sid": sid, "state": "closed"}]

    async def _messages(
        self, sid: str, places: dict[str, int], since: Instant, now: Instant
    ) -> list[ChannelEvent]:
        new: list[Object] = []
        path = f"/v1/Conversations/{sid}/Messages"
        place = places.get(sid)
        try:
            async for one in self._every(path, {"Order": "desc", "PageSize": 50}, "messages"):
                places[sid] = max(places.get(sid, -1), number(one, "index") or 0)
                known = place is not None and (number(one, "index") or 0) <= place
                if known or (place is None and when(text(one, "date_created"), now) < since):
                    break
                new.append(one)
        except Rejected:  # gone since it was listed
            return []
        if not new:
            return []
        addresses = await self.addresses(sid)
        self._heard[sid] = when(text(new[0], "date_created"), now)
        return [parse.talk(one, addresses, sid, now) for one in reversed(new)]

    async def addresses(self, sid: str) -> list[str]:
        """The customers' in a conversation: who they are changes."""
        path = f"/v1/Conversations/{sid}/Participants"
        bound = [
            text(one, "messaging_binding", "address")
            async for one in self._every(path, {"PageSize": 100}, "participants")
        ]
        return list(filter(None, bound))

    async def _every(self, path: str, params: Mapping[str, Any], name: str) -> AsyncIterator[Object]:
        asked: Mapping[str, Any] | None = params
        for _ in range(1000):
            answer = (await self._client.get(path, asked)).json
            for one in objects(answer, name):
                yield one
            path, asked = text(answer, "meta", "next_page_url"), None
            if not path:
                return
