"""A session at a server of the atproto network: opened once, renewed when it is stale, kept in memory alone.

Lexicons: com.atproto.server.{createSession,refreshSession}. Logging in is limited to 300 times a day and 30 in five
minutes, so a password that was refused is not tried again, and a session that does not hold is not opened in a loop.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from tuidesk.errors import AuthFailed, ChannelError, RateLimited, Rejected, Unavailable
from tuidesk.wire.channel import Site
from tuidesk.wire.http.client import Answer, Client, secret_of
from tuidesk.wire.loose import objects, text
from tuidesk.words import say

_CREATE = "/xrpc/com.atproto.server.createSession"
_REFRESH = "/xrpc/com.atproto.server.refreshSession"
_BETWEEN_S = 600.0
"""Seconds between two logins; a session lasts for weeks."""
_REFUSED_S = 3600.0
"""How long a password that was refused is not tried again. Another one is tried at once."""
_FRESH_S = 5.0
"""A token of this age is the answer to every request that met the stale one."""


class NotThere(Rejected):
    """The network knows that there is no such record, post or person."""


def judge(answer: Answer) -> ChannelError | None:
    """What an error means by its name, where its status alone would mislead; None: what the status says."""
    if answer.status not in (400, 401, 404):
        return None
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    name, message = text(told, "error"), text(told, "message")
    if name in ("RecordNotFound", "NotFound"):
        return NotThere(message or name)
    if name == "AuthFactorTokenRequired":
        return AuthFailed(say("bluesky.second_factor"))
    # "Bad token method/scope": the session is good, but its password was not given this privilege
    if name in ("ExpiredToken", "InvalidToken") and not message.startswith("Bad token"):
        return AuthFailed(message or name)
    return None


class Session:
    """What makes a request ours; the `Auth` of the client for `pds`."""

    def __init__(self, site: Site, entry: Client, identifier: str) -> None:
        self.did = ""
        self.handle = ""
        self.pds = ""
        """Where our records lie; "" where the server names no other place than itself."""
        self._site = site
        self._entry = entry
        self._identifier = identifier.strip().removeprefix("@")
        self._access = self._refresh = ""
        self._fresh_at = self._login_at = float("-inf")
        self._refused: tuple[str, float, str] = ("", 0.0, "")
        """A secret that was refused, when, and the server's words."""
        self._one = asyncio.Lock()

    async def opened(self) -> None:
        """Log in, unless we are.

        Raises:
            ChannelError: AuthFailed, RateLimited, Unavailable.
        """
        async with self._one:
            if not self._access:
                await self._login()

    async def headers(self) -> Mapping[str, str]:
        """See `Auth`."""
        await self.opened()
        return {"Authorization": f"Bearer {self._access}"}

    async def renewed(self) -> bool:
        """See `Auth`. Whoever comes while another renews has what that one got: a refresh token holds once."""
        async with self._one:
            if self._site.clock.monotonic() - self._fresh_at < _FRESH_S:
                return True
            headers = {"Authorization": f"Bearer {self._refresh}"}
            try:
                self._take((await self._entry.post(_REFRESH, unsafe=False, headers=headers)).json)
            except (AuthFailed, Rejected):
                await self._login()
        return True

    async def _login(self) -> None:
        refused, at, why = self._refused
        secret, now = await secret_of(self._site, anew=bool(refused)), self._site.clock.monotonic()
        if secret == refused and now - at < _REFUSED_S:
            raise AuthFailed(why)
        if now - self._login_at < _BETWEEN_S:
            raise RateLimited(say("bluesky.logins"), self._login_at + _BETWEEN_S - now)
        body = {"identifier": self._identifier, "password": secret}
        try:
            told = (await self._entry.post(_CREATE, body, unsafe=False)).json
        except (AuthFailed, Rejected) as error:
            self._refused = (secret, now, error.reason)
            raise AuthFailed(error.reason) from None
        self._login_at = now
        self._take(told)
        self.pds = _pds(told)

    def _take(self, told: Any) -> None:
        access, refresh, did = (text(told, name) for name in ("accessJwt", "refreshJwt", "did"))
        if not (access and refresh and did and (access + refresh).isascii() and access.isprintable()):
            raise Unavailable(say("bluesky.no_session", host=self._entry.host))
        self._access, self._refresh, self.did = access, refresh, did
        self.handle = text(told, "handle") or self.handle
        self._fresh_at = self._site.clock.monotonic()


def _pds(told: Any) -> str:
    """The server that the account's DID document names (atproto.com/specs/did)."""
    for service in objects(told, "didDoc", "service"):
        if text(service, "id").endswith("#atproto_pds"):
            return text(service, "serviceEndpoint")
    return ""
