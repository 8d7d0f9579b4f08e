"""Where the homeserver is, and what makes a request ours: an access token, or one that a password is given for."""

import asyncio
import hashlib
import json
import platform
from collections.abc import Mapping
from urllib.parse import quote

from tuidesk.channels.matrix.options import Options
from tuidesk.errors import AuthFailed, ChannelError, RateLimited, Rejected, SecretError, Unavailable
from tuidesk.wire.channel import Site
from tuidesk.wire.http.client import Answer, Client, NoAuth, SecretAuth, said
from tuidesk.wire.loose import number, text
from tuidesk.wire.threads import in_thread
from tuidesk.words import say

_FRESH_S = 10.0
"""A token younger than this was not stale when the request that failed was made."""
_LOCKED_OUT = frozenset({"M_USER_DEACTIVATED", "M_USER_LOCKED", "M_USER_SUSPENDED"})


class Refused(Rejected):
    """What the homeserver will not do, with its own code for it."""

    def __init__(self, reason: str, code: str) -> None:
        super().__init__(reason)
        self.code = code
        """`M_NOT_FOUND`, `M_FORBIDDEN` …"""


def below(*parts: str, api: str = "client/v3") -> str:
    """The path of a call; every part may hold anything."""
    return "/".join((f"/_matrix/{api}", *(quote(part, safe="") for part in parts)))


def judge(answer: Answer) -> ChannelError | None:
    """What Matrix says in the body and not in the status."""
    if answer.status < 400 or "json" not in answer.headers.get("content-type", ""):
        return None
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    code, wait = text(body, "errcode"), number(body, "retry_after_ms")
    if not code:
        return None
    if code in _LOCKED_OUT:
        return AuthFailed(said(body) or code)
    if answer.status == 429 and "retry-after" not in answer.headers and wait is not None:
        return RateLimited(said(body) or code, max(0, wait) / 1000)
    if answer.status in (400, 403, 404):
        return Refused(said(body) or code, code)
    return None


async def homeserver(options: Options, site: Site) -> str:
    """The address that the account's file says, or where the server of that name takes its clients
    (`/.well-known/matrix/client`); under its name where it does not say.

    Raises:
        ChannelError: it cannot be asked.
        ConfigError: it is no address that a secret may go to.
    """
    if "://" in options.server:
        return options.server
    named = f"https://{options.server}"
    client = Client(named, NoAuth(), site, ca=options.ca)
    try:
        told = (await client.get("/.well-known/matrix/client")).json
    except Rejected:  # no such page
        return named
    finally:
        await client.aclose()
    return text(told, "m.homeserver", "base_url") or named


class Password:
    """A token that a password is given for: kept in memory alone, and asked for anew when it is refused.

    The device stays the same, so that the server knows a repeated txnId over restarts, and devices do not pile up.
    """

    def __init__(self, options: Options, site: Site, base: str) -> None:
        self._options, self._site = options, site
        self._client = Client(base, NoAuth(), site, ca=options.ca, judge=_judge_login)
        self._token: str | None = None
        self._since = 0.0
        self._lock = asyncio.Lock()

    async def headers(self) -> Mapping[str, str]:
        """See `wire.http.client.Auth`."""
        async with self._lock:
            if self._token is None:
                self._token = await self._log_in()
                self._since = self._site.clock.monotonic()
            return {"Authorization": f"Bearer {self._token}"}

    async def renewed(self) -> bool:
        """See `wire.http.client.Auth`. Two requests that fail together log in once."""
        async with self._lock:
            if self._site.clock.monotonic() - self._since > _FRESH_S:
                self._token = None
        return True

    async def aclose(self) -> None:
        """No logout: the device is to stay."""
        await self._client.aclose()

    async def _log_in(self) -> str:
        try:
            password = await in_thread(self._site.secrets.get)
        except SecretError as error:
            raise AuthFailed(str(error)) from error
        wanted = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": self._options.user},
            "password": password,
            "device_id": device_of(self._site),
            "initial_device_display_name": "tuidesk",
        }
        answer = await self._client.post(below("login"), wanted, unsafe=False)
        token = text(answer.json, "access_token")
        if not token or not token.isascii():
            raise Unavailable(say("matrix.no_token"))
        return token


def auth_of(options: Options, site: Site, base: str) -> Password | SecretAuth:
    """How this account logs in."""
    return Password(options, site, base) if options.login == "password" else SecretAuth.bearer(site)


def device_of(site: Site) -> str:
    """The same for the same account of the same home on the same machine, and nobody else's."""
    where = f"{platform.node()}\n{site.folder}\n{site.account}"
    return "TUIDESK" + hashlib.sha256(where.encode()).hexdigest()[:12].upper()


def _judge_login(answer: Answer) -> ChannelError | None:
    found = judge(answer)
    return AuthFailed(found.reason) if isinstance(found, Refused) else found
