"""Chatwoot, as one agent of one account. API: developers.chatwoot.com/api-reference; github.com/chatwoot/chatwoot."""

import math
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, ClassVar

from tuidesk.channels.chatwoot import people
from tuidesk.channels.chatwoot.api import Api
from tuidesk.channels.chatwoot.follow import Follow
from tuidesk.channels.chatwoot.options import Options as ChatwootOptions
from tuidesk.channels.chatwoot.people import Inbox, Us, agent, inbox, offered
from tuidesk.channels.chatwoot.work import STARTS, Work
from tuidesk.domain.model import Caps, Offered, Person
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Receipt, Unsure
from tuidesk.errors import ChannelError, Rejected, Unsupported
from tuidesk.wire.channel import Batch, Checked, Site
from tuidesk.wire.loose import number, objects, text, texts
from tuidesk.words import say

_PERFORMS = ("reply", "note", "complete", "reopen", "snooze", "assign", "tag", "priority")
_MOST_TEXT = 150_000
_LENGTHS = {
    "whatsapp": 4096,
    "messenger": 2000,
    "instagram": 1000,
    "sms": 1600,
    "telegram": 4096,
    "line": 5000,
    "post": 280,
}
"""Characters; what is longer is taken by Chatwoot and refused by the service behind it."""
_TWO_WAYS = {"messenger": "instagram", "dm": "post"}
"""A page's inbox has both, and so has a profile's."""
_MOST_FILE = 40 * 1024 * 1024
_FRESH_S = 60.0
"""For so long it is known who and what there is in the account."""
_REF = re.compile(r"(\d{1,18})/(\d{1,18})/(\d{1,18})")


class Chatwoot:
    """One agent's connection."""

    Options: ClassVar[type[Any]] = ChatwootOptions
    credential: ClassVar[str] = say("chatwoot.credential")

    def __init__(self, options: ChatwootOptions, site: Site) -> None:
        self._options = options
        self._site = site
        self._api = Api(options, site)
        self._us = Us()
        self._caps = Caps()
        self._opened: float | None = None
        self._online: list[str] = []
        self._work = Work(self._api, options, site.clock)
        self._follow = Follow(self._api, options, site, self._open)

    async def check(self) -> Checked:
        """See `Channel`."""
        await self._open()
        account, profile = self._api.account, self._api.profile
        canned, findings = await self._canned()
        inboxes = self._us.inboxes.values()
        media = sorted(Counter(one.medium for one in inboxes).items())
        troubles = [say("chatwoot.reconnect", inbox=one.name) for one in inboxes if one.is_broken]
        if not media:
            troubles.append(say("chatwoot.no_inbox"))
        by = ", ".join(f"{medium} {count}" for medium, count in media)
        return Checked(
            identity=Person(
                text(profile, "available_name") or text(profile, "name"), text(profile, "email"), me=True
            ),
            caps=self._caps,
            agents=tuple(self._us.agents.values()),
            canned=canned,
            findings=(
                say("chatwoot.found", account=text(account, "name"), role=text(account, "role")),
                say("chatwoot.found_inboxes", count=len(inboxes), by=by or "-"),
                say("chatwoot.found_online", who=", ".join(self._online) or "-"),
                *findings,
            ),
            troubles=tuple(troubles),
        )

    async def events(self, cursor: str, state: bytes) -> AsyncIterator[Batch]:
        """See `Channel`. A stream, or a poll where the server has no websocket for us."""
        await self._ready(_FRESH_S)
        async with aclosing(self._follow.batches(cursor, state)) as batches:
            async for batch in batches:
                yield batch

    async def perform(self, out: Outgoing) -> Receipt:
        """See `Channel`."""
        await self._ready()
        if out.type not in self._caps.performs:
            raise Unsupported(say("chatwoot.unsupported", type=out.type))
        receipt = await self._work.perform(out)
        self._follow.did(out)
        return receipt

    async def find(self, out: Outgoing) -> Found | Missing | Unsure:
        """See `Channel`."""
        await self._ready()
        if out.type not in ("reply", "start", "note"):
            return Unsure(say("chatwoot.repeatable"))
        if out.key in self._follow.echoes:
            return Found(id=self._follow.echoes[out.key])
        return await self._work.find(out)

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """See `Channel`."""
        found = _REF.fullmatch(ref)
        if found is None:
            raise Rejected(say("chatwoot.no_file"))
        await self._ready()
        address = await self._api.attachment(found[1], int(found[2]), found[3])
        async for piece in self._api.download(address):
            yield piece

    async def aclose(self) -> None:
        """See `Channel`."""
        self._follow.close()
        await self._api.aclose()

    async def _ready(self, fresh_s: float = math.inf) -> None:
        if self._opened is None or self._site.clock.monotonic() - self._opened > fresh_s:
            await self._open()

    async def _open(self) -> None:
        """Who are we, who are the others, and which inboxes are there: all of it changes now and then."""
        await self._api.open()
        me = number(self._api.profile, "id") or 0
        listed = await self._api.listed("agents")
        self._online = [text(one, "name") for one in listed if text(one, "availability_status") == "online"]
        agents = {number(one, "id") or 0: agent(one, me) for one in listed}
        agents.setdefault(me, agent({**self._api.profile, "type": "user"}, me))
        human = self._options.human_agent
        inboxes = [inbox(one, human_agent=human) for one in await self._api.listed("inboxes", "payload")]
        self._us = Us(me, agents, {one.id: one for one in inboxes})
        self._caps = _caps(inboxes, self._options)
        self._work.us = self._follow.us = self._us
        self._work.caps = self._follow.caps = self._caps
        self._opened = self._site.clock.monotonic()

    async def _canned(self) -> tuple[tuple[Offered, ...], list[str]]:
        """Canned replies, the texts of macros, templates; and what to say of those that could not be taken over."""
        found = [
            Offered(name=text(one, "short_code"), text=people.canned(text(one, "content")))
            for one in await self._api.listed("canned_responses")
            if text(one, "short_code") and text(one, "content")
        ]
        findings: list[str] = []
        try:
            macros = await self._api.listed("macros", "payload")
        except ChannelError as error:  # an older server has none, and an agent may not be shown them
            macros, findings = [], [say("chatwoot.no_macros", why=error.reason)]
        for macro in macros:
            said = [words for act in objects(macro, "actions") for words in _said(act)]
            others = [text(act, "action_name") for act in objects(macro, "actions") if not _said(act)]
            if said:
                found.append(Offered(name=text(macro, "name"), text=people.canned("\n\n".join(said))))
            if others:
                does = ", ".join(name.replace("_", " ") for name in others)
                findings.append(say("chatwoot.macro_does", name=text(macro, "name"), does=does))
        found += [one for place in self._us.inboxes.values() for one in offered(place)]
        return tuple(found), findings


def _said(act: Any) -> tuple[str, ...]:
    return texts(act, "action_params") if text(act, "action_name") == "send_message" else ()


def _caps(inboxes: list[Inbox], options: ChatwootOptions) -> Caps:
    media = {one.medium for one in inboxes}
    media |= {other for one, other in _TWO_WAYS.items() if one in media}
    starts = tuple(sorted(media & STARTS))
    performs = {*_PERFORMS} | ({"pending"} if options.pending else set()) | ({"start"} if starts else set())
    windows = {
        one.medium: one.window_s for one in inboxes if one.window_s is not None and one.medium != "chat"
    }
    windows |= {_TWO_WAYS[medium]: seconds for medium, seconds in windows.items() if medium in _TWO_WAYS}
    return Caps(
        performs=frozenset(performs),
        max_length=_MOST_TEXT,
        lengths={medium: most for medium, most in _LENGTHS.items() if medium in media},
        find=True,
        visibility=("direct", "public") if "post" in media else ("direct",),
        windows=windows,
        attachment_bytes=_MOST_FILE,
        media=starts,
    )
