"""Requests at one origin: total deadline, cap on what is decoded, no redirect to elsewhere, no secret in a word.

One client an account, on a TLS context that all share (making one takes 50 ms of the loop).
"""

import asyncio
import logging
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Unpack
from urllib.parse import quote

import httpx

from tuidesk.errors import AuthFailed, ChannelError, ConfigError, RateLimited, Rejected, Unavailable
from tuidesk.wire.channel import Site
from tuidesk.wire.http import bodies, trouble
from tuidesk.wire.http.asking import (
    MOST_JSON,
    READ_S,
    SEND_S,
    Answer,
    Ask,
    Changing,
    Doing,
    More,
    Upload,
    is_html,
    query,
)
from tuidesk.wire.http.asking import answer as answer_of
from tuidesk.wire.http.bodies import said
from tuidesk.wire.http.login import Auth, NoAuth, SecretAuth, secret_of
from tuidesk.wire.http.origin import is_here, origin, origin_checked, refuse_inside, tls
from tuidesk.wire.http.quota import Quota
from tuidesk.words import say

__all__ = [
    "MOST_FILE",
    "MOST_JSON",
    "READ_S",
    "SEND_S",
    "Answer",
    "Ask",
    "Auth",
    "Client",
    "NoAuth",
    "SecretAuth",
    "Upload",
    "said",
    "secret_of",
    "tls",
]
"""All that an adapter needs for requests."""

MOST_FILE = 60 * 1024 * 1024
_CONNECT_S = 10.0
_CLOSE_S = 0.5
_REDIRECTS = 5
_SENDING_ON = frozenset({301, 302, 303, 307, 308})
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_WHOLE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|//")
"""How an address begins that names its host."""
_ASCII = "".join(map(chr, range(0x80)))
"""A path comes quoted, but for letters beyond these."""
_LONGEST_REASON = 500
_SHORTEST_SECRET = 8
"""A shorter word of a header (`Bearer`, `Basic`) is not looked for in what a service says."""
_ODD = (ValueError, RecursionError, LookupError, TypeError, AttributeError)
"""What reading an error of an unexpected shape may raise."""

for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # at INFO it writes addresses, and some hold a token


class _Way:
    """One try: whether a byte of it has left."""

    def __init__(self) -> None:
        self.sent = False

    async def trace(self, name: str, _info: Mapping[str, Any]) -> None:
        """See "trace" among httpcore's extensions."""
        if name.endswith("send_request_headers.started"):
            self.sent = True


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
            judge: what one service means by an answer (its `json` is read where it is any), where that differs
                from `trouble`; None: the usual.

        Raises:
            ConfigError: the base is no such address, or `ca` or the environment's proxy cannot be used.
        """
        self.base = origin_checked(base)
        self.host = self.base.host
        self._auth = auth
        self._site = site
        self._explain = explain or said
        self._judge = judge
        self._closed = False
        self._limits: set[asyncio.Timeout] = set()
        self._login: frozenset[str] = frozenset()
        self.quota = Quota(site.clock)
        try:
            self._http = httpx.AsyncClient(
                verify=tls(ca),
                timeout=httpx.Timeout(None, connect=_CONNECT_S),
                headers={"user-agent": "tuidesk", "accept-encoding": "gzip"},
                limits=httpx.Limits(max_connections=8, keepalive_expiry=30),
                # a service's cookie would go to other hosts and ports of its domain, and it may be a login
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
                trust_env=not is_here(self.host),  # a proxy would see in plain what is for this machine
            )
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            raise ConfigError(say("http.bad_proxy", what=type(error).__name__)) from None

    # --- one word each ---

    async def get(self, path: str, params: Mapping[str, Any] | None = None, **more: Unpack[More]) -> Answer:
        """Read."""
        return await self.ask(Ask(method="GET", path=path, params=params, **more))

    async def post(
        self, path: str, json: Any = None, *, unsafe: bool = True, **more: Unpack[Doing]
    ) -> Answer:
        """Do. Unless told otherwise, it must not be repeated without a look."""
        more.setdefault("deadline_s", SEND_S if unsafe else READ_S)
        return await self.ask(Ask(method="POST", path=path, json=json, unsafe=unsafe, **more))

    async def put(self, path: str, json: Any = None, **more: Unpack[Changing]) -> Answer:
        """Set."""
        return await self.ask(Ask(method="PUT", path=path, json=json, **more))

    async def patch(self, path: str, json: Any = None, **more: Unpack[Changing]) -> Answer:
        """Change a field."""
        return await self.ask(Ask(method="PATCH", path=path, json=json, **more))

    async def delete(self, path: str, **more: Unpack[Changing]) -> Answer:
        """Take away."""
        return await self.ask(Ask(method="DELETE", path=path, **more))

    async def ask(self, ask: Ask) -> Answer:
        """One request and its whole answer; once more where the login was stale.

        Raises:
            ChannelError: see `trouble`; RateLimited also before anything was sent.
        """
        got = await self._tried(ask)
        if isinstance(got, AuthFailed) and await self._auth.renewed():
            if ask.content is None or isinstance(ask.content, bytes):
                got = await self._tried(ask)
            else:  # it has been told, and cannot be told twice: whoever has it begins again
                got = Unavailable(got.reason)
        if isinstance(got, ChannelError):
            raise got
        return got

    async def _tried(self, ask: Ask) -> Answer | ChannelError:
        way = _Way()
        try:
            async with self.within(ask.deadline_s):
                answer = await self._answered(ask, way)
        except trouble.WIRE as error:
            return self.broken(error, self.host, unsafe=ask.unsafe and way.sent)
        return self.wrong(answer, unsafe=ask.unsafe) or _unreadable(answer, self.host, ask) or answer

    def broken(self, error: Exception, host: str, *, unsafe: bool) -> ChannelError:
        """What the lack of an answer means. Raise it outside of the `except`: see `trouble.of_exception`."""
        if self._closed and not unsafe:
            return Unavailable(say("http.closed"))
        return trouble.of_exception(error, host, unsafe=unsafe)

    def wrong(self, answer: Answer, *, unsafe: bool) -> ChannelError | None:
        """What an answer means where it is an error."""
        after = self.quota.wait(answer.status, answer.headers)
        try:
            judged = self._judge(answer) if self._judge is not None else None
        except _ODD:
            judged = None
        if judged is not None:
            if isinstance(judged, RateLimited) and judged.after is not None:
                self.quota.closed_for(judged.after)
            return judged
        reason = ""
        if answer.status >= 400 and answer.json is not None:
            try:
                reason = self._without_login(self._explain(answer.json))[:_LONGEST_REASON]
            except _ODD:
                reason = ""
        return trouble.of_status(answer.status, reason, self.host, unsafe=unsafe, after=after)

    def _without_login(self, words: str) -> str:
        """Some services say which token they do not know."""
        for secret in self._login:
            words = words.replace(secret, "…")
        return words

    async def _answered(self, ask: Ask, way: _Way) -> Answer:
        """Follows a server that sends us elsewhere at its own origin, with what may be asked twice."""
        url = self.address(ask.path)
        for _ in range(_REDIRECTS):
            async with self.opened(ask, url, way=way) as response:
                elsewhere = _sent_on(response) if ask.method == "GET" else None
                if elsewhere is None:
                    body = await bodies.whole(response, ask.most, self.host, unsafe=ask.unsafe)
                    return answer_of(response, body, as_json=ask.as_json)
            url = self._same_origin(elsewhere)
            ask = replace(ask, params=None)  # the server's address is whole
        raise Rejected(say("http.moved", host=self.host))

    @asynccontextmanager
    async def within(self, seconds: float | None) -> AsyncIterator[None]:
        """So long, and no longer than the client is open.

        Raises:
            TimeoutError: the time is over, or the client closed.
            Unavailable: it is closed already.
        """
        if self._closed:
            raise Unavailable(say("http.closed"))
        async with asyncio.timeout(seconds) as limit:
            self._limits.add(limit)
            try:
                yield
            finally:
                self._limits.discard(limit)

    @asynccontextmanager
    async def opened(
        self, ask: Ask, url: httpx.URL, *, ours: bool = True, way: _Way | None = None
    ) -> AsyncIterator[httpx.Response]:
        """The head of an answer; its body is still to be read. Only where it is `ours` our login goes along."""
        if not ours:
            ask = replace(ask, headers={}, params=None)
        async with self.within(ask.deadline_s):
            login = await self._auth.headers() if ours else {}
        request = self._request(ask, url, {**login, **ask.headers}, way or _Way())
        if ours:
            words = " ".join(login.values()).split()
            self._login = frozenset(word for word in words if len(word) >= _SHORTEST_SECRET)
            self.quota.spend(sending=ask.method not in _READING)
        try:
            async with self.within(ask.deadline_s):
                response = await self._http.send(request, stream=True)
        finally:
            if ours:
                self.quota.done()
        try:
            if ours:
                self.quota.heard(response.status_code, response.headers)
            yield response
        finally:
            await response.aclose()

    def _request(self, ask: Ask, url: httpx.URL, headers: Mapping[str, str], way: _Way) -> httpx.Request:
        """
        Raises:
            Rejected: what is to be sent cannot be written.
        """
        files = [(one.field, (one.name, one.file, one.type)) for one in ask.uploads] or None
        try:
            return self._http.build_request(
                ask.method,
                url,
                params=query(ask.params, url),
                json=ask.json,
                data=ask.form,
                files=files,
                content=ask.content,
                headers=headers,
                extensions={"trace": way.trace},
            )
        except ValueError as error:
            wrong = trouble.unwritable(error)
        raise wrong

    def address(self, path: str) -> httpx.URL:
        """The address of a path below the base; a whole address only where it is of the same origin.

        Raises:
            Rejected: it leads elsewhere, and our secret would go there; or it is none.
        """
        if _WHOLE.match(path):
            return self._same_origin(self._joined(path))
        below = self.base.raw_path.rstrip(b"/") + b"/" + quote(path.lstrip("/"), safe=_ASCII).encode()
        try:
            return self.base.copy_with(raw_path=below)
        except httpx.InvalidURL as error:
            wrong = trouble.unwritable(error)
        raise wrong

    def _joined(self, address: str) -> httpx.URL:
        try:
            return self.base.join(address)
        except (httpx.InvalidURL, ValueError) as error:
            wrong = trouble.unwritable(error)
        raise wrong

    def _same_origin(self, url: httpx.URL) -> httpx.URL:
        if origin(url) != origin(self.base):
            raise Rejected(say("http.elsewhere", host=self.host, other=url.host))
        return url

    async def download(
        self,
        address: str,
        *,
        most: int = MOST_FILE,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        deadline_s: float = READ_S,
    ) -> AsyncGenerator[bytes, None]:
        """A file piece by piece. Where the service keeps its files elsewhere, it is asked for without our login.

        Args:
            params: for the account's own origin alone, like `headers`.
            deadline_s: seconds until it begins; and of silence, once it has.

        Raises:
            Rejected: it is bigger than `most` bytes, or lies where we do not go: not https, or inside this network.
        """
        url: httpx.URL | None = self._joined(address) if _WHOLE.match(address) else self.address(address)
        ask = Ask(method="GET", path="", params=params, headers=headers or {}, deadline_s=deadline_s)
        home, stale = True, False
        wrong: ChannelError | None = None
        for _ in range(_REDIRECTS):
            if url is None:
                return
            home, here = home and origin(url) == origin(self.base), url
            try:
                if not home:
                    async with self.within(deadline_s):
                        await refuse_inside(here, self.base)
                async with self.opened(ask, here, ours=home) as response:
                    url = _sent_on(response)
                    if url is None and response.status_code != HTTPStatus.OK:
                        wrong = await self.refused(response, ours=home)
                    elif url is None:
                        async for piece in self._pieces(response, most, deadline_s):
                            yield piece
                    else:
                        ask = replace(ask, params=None)
            except trouble.WIRE as error:
                wrong = self.broken(error, here.host, unsafe=False)
            if isinstance(wrong, AuthFailed) and not stale and await self._auth.renewed():
                url, stale, wrong = here, True, None
            if wrong is not None:
                raise wrong
        raise Rejected(say("http.moved", host=self.host))

    async def _pieces(self, response: httpx.Response, most: int, silence_s: float) -> AsyncIterator[bytes]:
        size, pieces = 0, bodies.decoded(response, response.url.host, unsafe=False)
        while True:
            async with self.within(silence_s):
                piece = await anext(pieces, None)
            if piece is None:
                return
            size += len(piece)
            if size > most:
                raise Rejected(say("http.too_big", limit=most))
            yield piece

    async def refused(self, response: httpx.Response, *, ours: bool = True) -> ChannelError:
        """What an answer other than 200 means where there was to be a file or a stream."""
        host, status = response.url.host, response.status_code
        async with self.within(READ_S):
            body = await bodies.whole(response, MOST_JSON, host, unsafe=False)
        if ours:
            wrong = self.wrong(answer_of(response, body), unsafe=False)
        else:
            wrong = trouble.of_status(status, "", host, unsafe=False)
            if isinstance(wrong, AuthFailed):
                wrong = Rejected(wrong.reason)  # our login has not been there
        return wrong or trouble.not_understood(host, str(status), unsafe=False)

    async def renewed(self) -> bool:
        """The login was stale, and there is another one now."""
        return await self._auth.renewed()

    async def aclose(self) -> None:
        """Cut whatever is under way: requests, streams, downloads, those that wait for a connection."""
        self._closed = True
        now = asyncio.get_running_loop().time()
        for limit in self._limits:
            if not limit.expired():
                limit.reschedule(now)
        try:
            async with asyncio.timeout(_CLOSE_S):
                await self._http.aclose()
        except (TimeoutError, httpx.HTTPError, OSError):
            logging.getLogger(__name__).info("%s: connections did not close in time", self.host)


def _unreadable(answer: Answer, host: str, ask: Ask) -> ChannelError | None:
    """Where JSON was asked for and there is none. Nothing at all is an answer to what is done, not to a question."""
    empty_is_odd = ask.method == "GET" and answer.status == HTTPStatus.OK
    if not ask.as_json or answer.json is not None or not (answer.body or empty_is_odd):
        return None
    if is_html(answer.headers):
        return trouble.not_understood(host, "HTML", unsafe=ask.unsafe)
    if answer.body.strip() == b"null":
        return None
    return trouble.not_understood(host, say("http.no_json"), unsafe=ask.unsafe)


def _sent_on(response: httpx.Response) -> httpx.URL | None:
    """Where a server sends us instead, None where it does not."""
    where = response.headers.get("location")
    if where is None or response.status_code not in _SENDING_ON:
        return None
    with suppress(httpx.InvalidURL, ValueError):
        return response.url.join(where)
    raise trouble.not_understood(response.url.host, "Location", unsafe=False)
