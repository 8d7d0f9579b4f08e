"""The adapter: who we are there, and which part of it does what."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any, ClassVar

from tuidesk.channels.matrix.follow import Follow
from tuidesk.channels.matrix.invites import Invites
from tuidesk.channels.matrix.login import Password, Refused, auth_of, below, homeserver, judge
from tuidesk.channels.matrix.options import Options as MatrixOptions
from tuidesk.channels.matrix.parse import profile
from tuidesk.channels.matrix.reading import Reading
from tuidesk.channels.matrix.rooms import Us
from tuidesk.channels.matrix.sending import MOST_BYTES, PERFORMS, Sending
from tuidesk.domain.model import Caps, Person
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Receipt, Unsure
from tuidesk.errors import AuthFailed, Rejected, Unavailable
from tuidesk.wire.channel import Batch, Checked, Site
from tuidesk.wire.http.client import Client, SecretAuth
from tuidesk.wire.loose import number, text
from tuidesk.words import say

IDEMPOTENT_S = 1_800
"""How long a server is sure to know a txnId: Synapse and Dendrite keep it for half an hour at least, wherever it is
kept; Synapse's database for a day."""
_MXC = re.compile(r"mxc://([^/\s?#]+)/([A-Za-z0-9_-]+)")


class Matrix:
    """One account of a homeserver."""

    Options: ClassVar[type[Any]] = MatrixOptions
    credential: ClassVar[str] = say("matrix.credential")

    def __init__(self, options: MatrixOptions, site: Site) -> None:
        self._options, self._site = options, site
        self._parts: set[str] = set()
        self._client: Client | None = None
        self._auth: Password | SecretAuth | None = None
        self._us: Us | None = None
        self._follow: Follow | None = None
        self._opening = asyncio.Lock()
        self._closed = False

    async def check(self) -> Checked:
        """See `Channel`."""
        client = await self._open()
        self._us = None  # whoever asks wants to know who it is now
        us = await self._who()
        name, _ = profile(await self._optional(below("profile", us.own)))
        limits = await self._optional(below("media", "config", api="client/v1"))
        caps = Caps(
            performs=PERFORMS,
            max_length=MOST_BYTES,
            unit="bytes",
            idempotent_s=IDEMPOTENT_S,
            find=True,
            alt=True,
            visibility=("direct", "public"),
            attachment_bytes=number(limits, "m.upload.size"),
            media=("chat",),
        )
        password = self._options.login == "password"
        findings = (say("matrix.finding_encrypted"), *((say("matrix.finding_password"),) if password else ()))
        return Checked(
            Person(name, us.own), caps, findings=(say("matrix.finding_server", host=client.host), *findings)
        )

    async def events(self, cursor: str, state: bytes) -> AsyncIterator[Batch]:
        """See `Channel`. A stream."""
        client, us = await self._open(), await self._who()
        if self._follow is None:
            options, clock = self._options, self._site.clock
            invites = Invites(client, options, us, clock)
            self._follow = Follow(Reading(client), invites, options, us, clock, self._parts)
        async for batch in self._follow.batches(cursor, state):
            yield batch

    async def perform(self, out: Outgoing) -> Receipt:
        """See `Channel`."""
        return await (await self._sending()).perform(out)

    async def find(self, out: Outgoing) -> Found | Missing | Unsure:
        """See `Channel`."""
        return await (await self._sending()).find(out)

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """See `Channel`. `ref` is an `mxc://` address."""
        found = _MXC.fullmatch(ref)
        if found is None:
            raise Rejected(say("matrix.no_file"))
        client = await self._open()
        begun = False
        for api in ("client/v1/media", "media/v3"):  # servers before 1.11 know the second alone
            try:
                async for piece in client.download(below("download", *found.groups(), api=api)):
                    begun = True
                    yield piece
                return
            except Refused as error:
                if begun or error.code != "M_UNRECOGNIZED":
                    raise
        raise Rejected(say("matrix.no_file"))

    async def aclose(self) -> None:
        """See `Channel`."""
        self._closed = True
        for one in (self._auth, self._client):
            if isinstance(one, Password | Client):
                await one.aclose()

    # --- who and where ---

    async def _open(self) -> Client:
        async with self._opening:
            if self._client is None:
                base = await homeserver(self._options, self._site)
                if self._closed:
                    raise Unavailable(say("http.closed"))
                self._auth = auth_of(self._options, self._site, base)
                self._client = Client(base, self._auth, self._site, ca=self._options.ca, judge=judge)
            return self._client

    async def _who(self) -> Us:
        """Whom the login is of.

        Raises:
            AuthFailed: it is another's than the account's file says.
        """
        if self._us is None:
            client = await self._open()
            own = text((await client.get(below("account", "whoami"))).json, "user_id")
            if own.lower() != self._options.user.lower():
                raise AuthFailed(say("matrix.other_user", user=own, wanted=self._options.user))
            agent = {
                handle.lower() for handle in (*self._site.agent_addresses, self._site.agent.handle) if handle
            }
            self._us = Us(own, frozenset(agent), self._options.colleagues)
        return self._us

    async def _sending(self) -> Sending:
        return Sending(await self._open(), self._options, await self._who(), self._parts)

    async def _optional(self, path: str) -> Any:
        """What a server may keep to itself, or not know."""
        try:
            return (await (await self._open()).get(path)).json
        except Rejected:
            return None
