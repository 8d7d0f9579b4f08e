"""Requests at one origin: total deadline, cap on what is decoded, no redirect to elsewhere, no secret in a word.

One client an account, on a TLS context that all share (making one takes 50 ms of the loop).
"""

import asyncio
import json
import logging
import ssl
import zlib
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import IO, Any, NamedTuple, Protocol

import httpx

from tuidesk.errors import AuthFailed, ChannelError, ConfigError, Rejected, SecretError, Unavailable
from tuidesk.wire.channel import Site
from tuidesk.wire.http import trouble
from tuidesk.wire.http.quota import Quota
from tuidesk.wire.threads import in_thread
from tuidesk.words import say

READ_S = 30.0
SEND_S = 60.0
MOST_JSON = 10 * 1024 * 1024
"""Bytes, decoded."""
MOST_FILE = 60 * 1024 * 1024
_CONNECT_S = 10.0
_CLOSE_S = 0.5
_REDIRECTS = 5
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
"""RFC 9110 §9.2.2: twice is as good as once, unless the caller says otherwise."""

for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # at INFO it writes addresses, and some hold a token


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service said."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    json: Any = None
    """The body, where it was asked for as JSON; None where there is none."""


class Auth(Protocol):
    """What makes a request ours."""

    async def headers(self) -> Mapping[str, str]:
        """Raises AuthFailed where there is no secret."""

    async def renewed(self) -> bool:
        """The service took ours for stale. True: there is another one now, try once more."""


class SecretAuth:
    """A secret that never changes, as one header: `Bearer …`, `Basic …`, or whatever `write` makes of it."""

    def __init__(self, site: Site, name: str, write: Callable[[str], str], *, use: str = "") -> None:
        self._site, self._name, self._write, self._use = site, name, write, use
        self._secret: str | None = None

    @classmethod
    def bearer(cls, site: Site, *, word: str = "Bearer", use: str = "") -> "SecretAuth":
        """`Authorization: Bearer SECRET`; some services have a word of their own (`token`)."""
        return cls(site, "Authorization", lambda secret: f"{word} {secret}", use=use)

    @classmethod
    def basic(cls, site: Site, user: str, *, use: str = "") -> "SecretAuth":
        """`Authorization: Basic`, with the secret as the password of `user`."""

        def write(secret: str) -> str:
            return "Basic " + b64encode(f"{user}:{secret}".encode()).decode()

        return cls(site, "Authorization", write, use=use)

    async def headers(self) -> Mapping[str, str]:
        """See `Auth`."""
        return {self._name: self._write(await self.secret())}

    async def secret(self) -> str:
        """Asked for once, off the loop: a program may have to be run for it."""
        if self._secret is None:
            self._secret = await secret_of(self._site, self._use)
        return self._secret

    async def renewed(self) -> bool:
        """See `Auth`. It is asked for again next time: the agent may have changed it meanwhile."""
        self._secret = None
        return False


class NoAuth:
    """For what needs no login, or carries it in its path."""

    async def headers(self) -> Mapping[str, str]:
        """See `Auth`."""
        return {}

    async def renewed(self) -> bool:
        """See `Auth`."""
        return False


async def secret_of(site: Site, use: str = "") -> str:
    """The account's secret, as one line.

    Raises:
        AuthFailed: it cannot be had, or no header can hold it.
    """
    try:
        secret = await in_thread(lambda: site.secrets.get(use))
    except SecretError as error:
        raise AuthFailed(str(error)) from error
    if not secret.isprintable() or not secret.isascii():
        raise AuthFailed(say("http.bad_secret"))
    return secret


class Upload(NamedTuple):
    """One file of a form."""

    field: str
    name: str
    file: IO[bytes]
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request, whole."""

    method: str
    path: str
    """Below the base, or a whole address of the same origin, as a server names its next page."""
    params: Mapping[str, Any] | None = None
    json: Any = None
    form: Mapping[str, Any] | None = None
    uploads: tuple[Upload, ...] = ()
    content: bytes | AsyncIterator[bytes] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    unsafe: bool = False
    """Without an answer, nobody may assume that it was not done."""
    deadline_s: float = READ_S
    most: int = MOST_JSON
    as_json: bool = True


class Client:
    """One account's requests. Close it when the account closes."""

    def __init__(
        self,
        base: str,
        auth: Auth,
        site: Site,
        *,
        ca: str = "",
        explain: Callable[[Any], str] | None = None,
        judge: Callable[[Answer], ChannelError | None] | None = None,
    ) -> None:
        """
        Args:
            base: an https address (http on loopback alone); the only origin that sees the secret.
            ca: path of a PEM file with an authority of the team's own.
            explain: the JSON of an error → the service's own words.
            judge: what one service means by an answer, where that differs from `trouble`; None: the usual.

        Raises:
            ConfigError: the base is no such address, or `ca` cannot be read.
        """
        self.base = origin_checked(base)
        self.host = self.base.host
        self._auth = auth
        self._site = site
        self._explain = explain or said
        self._judge = judge
        self._closed = False
        self.quota = Quota(site.clock)
        self._http = httpx.AsyncClient(
            verify=tls(ca),
            timeout=httpx.Timeout(None, connect=_CONNECT_S),
            headers={"user-agent": "tuidesk", "accept-encoding": "gzip"},
            limits=httpx.Limits(max_connections=8, keepalive_expiry=30),
        )

    # --- one word each ---

    async def get(self, path: str, params: Mapping[str, Any] | None = None, **more: Any) -> Answer:
        """Read."""
        return await self.ask(Ask(method="GET", path=path, params=params, **more))

    async def post(self, path: str, json: Any = None, *, unsafe: bool = True, **more: Any) -> Answer:
        """Do. Unless told otherwise, it must not be repeated without a look."""
        more.setdefault("deadline_s", SEND_S if unsafe else READ_S)
        return await self.ask(Ask(method="POST", path=path, json=json, unsafe=unsafe, **more))

    async def put(self, path: str, json: Any = None, **more: Any) -> Answer:
        """Set."""
        return await self.ask(Ask(method="PUT", path=path, json=json, **more))

    async def patch(self, path: str, json: Any = None, **more: Any) -> Answer:
        """Change a field."""
        return await self.ask(Ask(method="PATCH", path=path, json=json, **more))

    async def delete(self, path: str, **more: Any) -> Answer:
        """Take away."""
        return await self.ask(Ask(method="DELETE", path=path, **more))

    async def ask(self, ask: Ask) -> Answer:
        """One request and its whole answer; once more where the login was stale.

        Raises:
            ChannelError: see `trouble`; RateLimited also before anything was sent.
        """
        for last in (False, True):
            self.quota.spend(sending=ask.unsafe)
            try:
                async with asyncio.timeout(ask.deadline_s):
                    answer = await self._answered(ask)
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, TimeoutError) as error:
                raise trouble.of_exception(error, self.host, unsafe=ask.unsafe) from None
            wrong = self.wrong(answer, unsafe=ask.unsafe)
            if not isinstance(wrong, AuthFailed) or last or not await self._auth.renewed():
                break
        if wrong is not None:
            raise wrong
        return replaced_json(answer, self.host, ask) if ask.as_json else answer

    def wrong(self, answer: Answer, *, unsafe: bool) -> ChannelError | None:
        """What an answer means where it is an error."""
        after = self.quota.heard(answer.status, answer.headers)
        if self._judge is not None and (judged := self._judge(answer)) is not None:
            return judged
        reason = ""
        if answer.status >= 400 and "json" in answer.headers.get("content-type", ""):
            try:
                reason = self._explain(json.loads(answer.body))
            except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
                reason = ""
        return trouble.of_status(answer.status, reason, self.host, unsafe=unsafe, after=after)

    async def _answered(self, ask: Ask) -> Answer:
        """Follows a server that sends us elsewhere at its own origin, with what may be asked twice."""
        url = self.address(ask.path)
        for _ in range(_REDIRECTS):
            async with self.opened(ask, url) as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                where = headers.get("location")
                if where is None or ask.method != "GET" or not 300 < response.status_code < 309:
                    body = await _body(response, ask.most, self.host, unsafe=ask.unsafe)
                    return Answer(response.status_code, headers, body)
            url = self.address(str(url.join(where)))
        raise Rejected(say("http.moved", host=self.host))

    @asynccontextmanager
    async def opened(self, ask: Ask, url: httpx.URL, *, ours: bool = True) -> AsyncIterator[httpx.Response]:
        """The head of an answer; its body is still to be read. Only where it is `ours` our login goes along."""
        if self._closed:
            raise Unavailable(say("http.closed"))
        files = [(one.field, (one.name, one.file, one.type)) for one in ask.uploads] or None
        request = self._http.build_request(
            ask.method,
            url,
            params=_params(ask.params, url),
            json=ask.json,
            data=ask.form,
            files=files,
            content=ask.content,
            headers={**(await self._auth.headers() if ours else {}), **ask.headers},
        )
        response = await self._http.send(request, stream=True)
        try:
            yield response
        finally:
            await response.aclose()

    def address(self, path: str) -> httpx.URL:
        """The address of a path below the base; a whole address only where it is of the same origin.

        Raises:
            Rejected: it leads elsewhere, and our secret would go there.
        """
        if "://" in path or path.startswith("//"):
            url = self.base.join(path)
            if _origin(url) != _origin(self.base):
                raise Rejected(say("http.elsewhere", host=self.host, other=url.host))
            return url
        below = self.base.raw_path.rstrip(b"/") + b"/" + path.lstrip("/").encode("ascii", "strict")
        return self.base.copy_with(raw_path=below)

    async def download(self, address: str, *, most: int = MOST_FILE, **more: Any) -> AsyncIterator[bytes]:
        """A file piece by piece. Where the service keeps its files elsewhere, it is asked for without our login.

        Raises:
            Rejected: it is bigger than `most` bytes, or lies where we do not go: not https, or inside this network.
        """
        url, home = self.base.join(address) if "://" in address else self.address(address), True
        for _ in range(_REDIRECTS):
            home = home and _origin(url) == _origin(self.base)
            if not home:
                await _refuse_inside(url, self.base)
            ask = Ask(method="GET", path="", as_json=False, **more)
            try:
                async with self.opened(ask, url, ours=home) as response:
                    where = response.headers.get("location")
                    if where is None or not 300 < response.status_code < 309:
                        async for piece in self._file(response, most):
                            yield piece
                        return
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, TimeoutError) as error:
                raise trouble.of_exception(error, url.host, unsafe=False) from None
            url = url.join(where)
        raise Rejected(say("http.moved", host=self.host))

    async def _file(self, response: httpx.Response, most: int) -> AsyncIterator[bytes]:
        headers = {name.lower(): value for name, value in response.headers.items()}
        if response.status_code != 200:
            body = await _body(response, MOST_JSON, self.host, unsafe=False)
            wrong = self.wrong(Answer(response.status_code, headers, body), unsafe=False)
            raise wrong or trouble.not_understood(self.host, str(response.status_code), unsafe=False)
        size, pieces = 0, decoded(response, self.host, unsafe=False)
        while True:
            async with asyncio.timeout(READ_S):
                piece = await anext(pieces, None)
            if piece is None:
                return
            size += len(piece)
            if size > most:
                raise Rejected(say("http.too_big", limit=most))
            yield piece

    async def aclose(self) -> None:
        """Cut whatever is under way."""
        self._closed = True
        try:
            async with asyncio.timeout(_CLOSE_S):
                await self._http.aclose()
        except (TimeoutError, httpx.HTTPError, OSError):
            logging.getLogger(__name__).info("%s: connections did not close in time", self.host)


def replaced_json(answer: Answer, host: str, ask: Ask) -> Answer:
    """The answer with its JSON read."""
    if not answer.body:
        return answer
    if "html" in answer.headers.get("content-type", "").lower():
        raise trouble.not_understood(host, "HTML", unsafe=ask.unsafe)
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise trouble.not_understood(host, say("http.no_json"), unsafe=ask.unsafe) from None
    return Answer(answer.status, answer.headers, answer.body, found)


async def _body(response: httpx.Response, most: int, host: str, *, unsafe: bool) -> bytes:
    whole = bytearray()
    async for piece in decoded(response, host, unsafe=unsafe):
        whole += piece
        if len(whole) > most:
            raise trouble.not_understood(host, say("http.too_much", limit=most), unsafe=unsafe)
    return bytes(whole)


async def decoded(response: httpx.Response, host: str, *, unsafe: bool) -> AsyncIterator[bytes]:
    """The body piece by piece, at most 256 KiB each whatever it unpacks to: 300 kB can hold 300 MB."""
    packed = response.headers.get("content-encoding", "").strip().lower()
    if packed in ("", "identity"):
        async for piece in response.aiter_raw():
            yield piece
        return
    if packed not in ("gzip", "x-gzip", "deflate"):
        raise trouble.not_understood(host, f"Content-Encoding: {packed}", unsafe=unsafe)
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 32)
    async for piece in response.aiter_raw():
        while piece:
            try:
                made = unpack.decompress(piece, 256 * 1024)
            except zlib.error:
                raise trouble.not_understood(host, packed, unsafe=unsafe) from None
            yield made
            piece = unpack.unconsumed_tail
    if not unpack.eof:
        raise trouble.not_understood(host, packed, unsafe=unsafe)


def _params(params: Mapping[str, Any] | None, url: httpx.URL) -> httpx.QueryParams | None:
    """Ours beside those the address has already; None is left out, a list repeats its name."""
    if params is None:
        return None
    pairs: list[tuple[str, str | int | float | bool | None]] = [*url.params.multi_items()]
    for name, value in params.items():
        many: Iterable[Any] = value if isinstance(value, list | tuple) else (value,)
        pairs += [(name, _word(one)) for one in many if one is not None]
    return httpx.QueryParams(pairs)


def _word(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def said(error: Any) -> str:
    """The words of an error as most services write it: `error_description`, `message`, `error`, `detail`, `errors`."""
    if isinstance(error, dict):
        for name in (
            "error_description",
            "message",
            "error_human",
            "description",
            "error",
            "detail",
            "title",
        ):
            found = said(error.get(name))
            if found:
                return found
        return said(error.get("errors"))
    if isinstance(error, list):
        return "; ".join(filter(None, map(said, error[:5])))
    return error.strip() if isinstance(error, str) else ""


def origin_checked(base: str) -> httpx.URL:
    """A base address that a secret may go to.

    Raises:
        ConfigError: it is no address, or not https and not of this machine.
    """
    try:
        url = httpx.URL(base.strip().rstrip("/"))
    except (httpx.InvalidURL, TypeError, ValueError):
        raise ConfigError(say("http.bad_base", base=base)) from None
    allowed = url.scheme == "https" or (url.scheme == "http" and _is_here(url.host))
    if not url.host or url.userinfo or not allowed:
        raise ConfigError(say("http.bad_base", base=base))
    return url.copy_with(query=None, fragment=None)


async def _refuse_inside(url: httpx.URL, base: httpx.URL) -> None:
    """An address that a service names may lead into the agent's own network, where the service has no business."""
    if _is_here(base.host):
        return  # a service on this machine, as in the tests, keeps its files here as well
    if url.scheme != "https" or url.userinfo:
        raise Rejected(say("http.elsewhere", host=base.host, other=url.host))
    try:
        found = await asyncio.get_running_loop().getaddrinfo(url.host, url.port or 443)
    except OSError as error:
        raise Unavailable(say("http.no_connection", host=url.host, why=error.strerror)) from None
    if not all(ip_address(place[4][0]).is_global for place in found):
        raise Rejected(say("http.elsewhere", host=base.host, other=url.host))


def _is_here(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    port = url.port or {"https": 443, "http": 80}.get(url.scheme)
    return url.scheme, url.host, port


@cache
def tls(ca: str = "") -> ssl.SSLContext:
    """The system's authorities, and the team's own besides; one for everybody.

    Raises:
        ConfigError: the file cannot be read.
    """
    context = ssl.create_default_context()
    if ca:
        path = Path(ca).expanduser()
        try:
            context.load_verify_locations(path)
        except OSError as error:
            raise ConfigError(say("http.ca", path=path, reason=error.strerror or error)) from error
    return context
