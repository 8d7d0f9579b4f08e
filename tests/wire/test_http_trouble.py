"""The map of what goes wrong is complete, and says nothing that it should not."""

import asyncio
import inspect
import io
import logging
from collections.abc import Callable
from http import HTTPStatus
from types import ModuleType
from typing import Any

import httpcore
import httpx
import httpx_sse
import pytest
import websockets.exceptions as ws
from httpx._transports import default as transport
from websockets.datastructures import Headers
from websockets.frames import Close
from websockets.http11 import Response

from tests.wire.http_bench import (
    TOKEN,
    Answering,
    always,
    client,
    never,
    reply,
    serving,
    then_closed,
    words_logged,
    words_of,
)
from tuidesk.errors import (
    AuthFailed,
    ChannelError,
    ConfigError,
    RateLimited,
    Rejected,
    Unavailable,
    Unconfirmed,
    Unsupported,
)
from tuidesk.wire.http import sockets, trouble
from tuidesk.wire.http.client import Ask, Client, Upload
from tuidesk.wire.http.origin import origin_checked

NOT_SENT = {"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"}
NEVER = {"UnsupportedProtocol", "LocalProtocolError", "InvalidURL", "CookieConflict", "RequestNotRead"}
PERHAPS = {
    "HTTPError",
    "RequestError",
    "TransportError",
    "HTTPStatusError",
    "TooManyRedirects",
    "DecodingError",
    "TimeoutException",
    "ReadTimeout",
    "WriteTimeout",
    "NetworkError",
    "ReadError",
    "WriteError",
    "CloseError",
    "ProtocolError",
    "RemoteProtocolError",
    "StreamError",
    "StreamConsumed",
    "StreamClosed",
    "ResponseNotRead",
}
WEBSOCKETS = {
    "WebSocketException": Unavailable,
    "ConnectionClosed": Unavailable,
    "ConnectionClosedOK": Unavailable,
    "ConnectionClosedError": Unavailable,
    "InvalidURI": Rejected,
    "InvalidProxy": Unavailable,
    "InvalidHandshake": Unavailable,
    "SecurityError": Unavailable,
    "RequestLineTooLong": Unavailable,
    "StatusLineTooLong": Unavailable,
    "HeaderLineTooLong": Unavailable,
    "TooManyHeaders": Unavailable,
    "ProxyError": Unavailable,
    "InvalidProxyMessage": Unavailable,
    "InvalidProxyStatus": Unavailable,
    "InvalidMessage": Unavailable,
    "InvalidMethod": Unavailable,
    "InvalidProtocol": Unavailable,
    "InvalidStatus": AuthFailed,  # 401 here
    "InvalidHeader": Unavailable,
    "InvalidHeaderFormat": Unavailable,
    "InvalidHeaderValue": Unavailable,
    "InvalidOrigin": Unavailable,
    "InvalidUpgrade": Unavailable,
    "NegotiationError": Unavailable,
    "DuplicateParameter": Unavailable,
    "InvalidParameterName": Unavailable,
    "InvalidParameterValue": Unavailable,
    "ProtocolError": Unavailable,
    "PayloadTooBig": Unavailable,
    "TooManyFragments": Unavailable,
    "InvalidState": Unavailable,
    "ConcurrencyError": Unavailable,
}


def exceptions_of(module: ModuleType) -> dict[str, type[Exception]]:
    found = {name: getattr(module, name) for name in dir(module) if not name.startswith("_")}
    return {n: c for n, c in found.items() if inspect.isclass(c) and issubclass(c, Exception)}


def made(kind: type[Exception]) -> Exception:
    """One of its sort, with a secret in every word of it."""
    request = httpx.Request("GET", f"https://h/{TOKEN}", headers={"authorization": TOKEN})
    answer = {"request": request, "response": httpx.Response(500, request=request)}
    own: dict[type[Exception], tuple[Any, ...]] = {
        ws.InvalidStatus: (Response(401, TOKEN, Headers({TOKEN: TOKEN}), TOKEN.encode()),),
        ws.InvalidProxyStatus: (Response(407, TOKEN, Headers(), TOKEN.encode()),),
        ws.PayloadTooBig: (10, 9),
        ws.InvalidHeaderFormat: (TOKEN, TOKEN, TOKEN, 0),
    }
    if issubclass(kind, ws.ConnectionClosed):
        own[kind] = (Close(1000, TOKEN), Close(1000, TOKEN), True)
    for words in [own[kind]] if kind in own else [(), (TOKEN,), (TOKEN, TOKEN), (TOKEN, TOKEN, TOKEN)]:
        for more in (answer, {"request": request}, {}):
            try:
                error = kind(*words, **more)
                assert isinstance(str(error), str)
            except (TypeError, AttributeError):
                continue
            return error
    raise AssertionError(f"{kind} cannot be made: say how")


def test_every_exception_of_httpx_has_its_place() -> None:
    assert set(exceptions_of(httpx)) == NOT_SENT | NEVER | PERHAPS


@pytest.mark.parametrize("name", sorted(exceptions_of(httpx)))
def test_what_an_exception_of_httpx_means(name: str) -> None:
    error = made(exceptions_of(httpx)[name])
    assert isinstance(error, trouble.WIRE)
    safe, unsafe = (trouble.of_exception(error, "acme.example", unsafe=told) for told in (False, True))
    if name in NEVER:
        assert (type(safe), type(unsafe)) == (Rejected, Rejected)
    elif name in NOT_SENT:
        assert (type(safe), type(unsafe)) == (Unavailable, Unavailable)
    else:
        assert (type(safe), type(unsafe)) == (Unavailable, Unconfirmed)
    for found in (safe, unsafe):
        assert str(found)
        assert TOKEN not in str(found)


@pytest.mark.parametrize("kind", [TimeoutError, OSError, ConnectionResetError, BrokenPipeError])
def test_what_the_systems_own_exceptions_mean(kind: type[Exception]) -> None:
    assert type(trouble.of_exception(kind(TOKEN), "h", unsafe=False)) is Unavailable
    assert type(trouble.of_exception(kind(TOKEN), "h", unsafe=True)) is Unconfirmed


def test_no_exception_of_httpcore_escapes_httpx() -> None:
    """What httpx maps, and what its pool keeps to itself (`ConnectionNotAvailable`: another connection is tried)."""
    known = transport._load_httpcore_exceptions()
    escaping = {
        name
        for name, kind in exceptions_of(httpcore).items()
        if not any(issubclass(kind, one) for one in known)
    }
    assert escaping == {"ConnectionNotAvailable"}
    assert set(known.values()) <= set(exceptions_of(httpx).values())


def test_every_exception_of_httpx_sse_is_one_of_httpx() -> None:
    assert set(exceptions_of(httpx_sse)) == {"SSEError"}
    assert issubclass(httpx_sse.SSEError, trouble.WIRE)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_every_exception_of_websockets_has_its_place() -> None:
    found = {
        name for name, kind in vars(ws).items() if inspect.isclass(kind) and kind.__module__ == ws.__name__
    }
    assert found == set(WEBSOCKETS)


@pytest.mark.parametrize("name", sorted(WEBSOCKETS))
def test_what_an_exception_of_websockets_means(name: str) -> None:
    error = made(getattr(ws, name))
    assert isinstance(error, ws.WebSocketException)
    for opening in (True, False):
        found = sockets.of_exception(error, "acme.example", opening=opening)
        assert type(found) is WEBSOCKETS[name]
        assert str(found)
        assert TOKEN not in str(found)


def expected(status: int, *, unsafe: bool) -> type[ChannelError] | None:
    """Written out a second time, by ranges, for the numbers that have no rule of their own."""
    own: dict[int, type[ChannelError] | None] = {
        304: None,
        401: AuthFailed,
        405: Unsupported,
        421: Unavailable,
        425: Unavailable,
        429: RateLimited,
        501: Unsupported,
        303: Unconfirmed if unsafe else Rejected,
        408: Unconfirmed if unsafe else Unavailable,
    }
    if status in own:
        return own[status]
    if 200 <= status < 300:
        return None
    return Rejected if 300 <= status < 500 else Unconfirmed if unsafe else Unavailable


@pytest.mark.parametrize("unsafe", [False, True])
def test_what_each_status_means(unsafe: bool) -> None:
    for status in range(100, 600):
        found = trouble.of_status(status, "", "acme.example", unsafe=unsafe)
        assert (type(found) if found else None) is expected(status, unsafe=unsafe), status
        if found is not None:
            assert "acme.example" in str(found)
        told = trouble.of_status(status, "No such order", "acme.example", unsafe=unsafe, after=7.0)
        if status == HTTPStatus.SERVICE_UNAVAILABLE and not unsafe:
            assert isinstance(told, RateLimited)
        if isinstance(told, RateLimited):
            assert told.after == 7.0
        if found is not None and not 300 <= status < 400:
            assert str(told) == "No such order"


def test_no_answer_to_what_must_not_be_repeated_is_taken_for_not_done() -> None:
    """Only what a service says itself, or a line that was never made, lets a reply go out again by itself."""
    for status in range(500, 600):
        if status != 501:
            assert isinstance(trouble.of_status(status, "", "h", unsafe=True, after=1.0), Unconfirmed)


SECRET_PATH = f"/bot{TOKEN}/send"
FAULTS: dict[str, Answering] = {
    "refused": always(reply(b'{"error": "no"}', 403)),
    "login": always(reply(b'{"error": "no"}', 401)),
    "server": always(reply(status=500)),
    "limited": always(reply(status=429)),
    "html": always(reply(b"<html>", content_type="text/html")),
    "half": always(reply(b'{"a": [1, 2')),
    "not utf-8": always(reply(b'{"a": "\xff\xfe"}')),
    "moved": always(reply(status=302, location="https://other.example/x")),
    "nowhere": always(reply(status=302, location="http://[bad")),
    "dropped": then_closed(b""),
    "cut": then_closed(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
    "rubbish": then_closed(b"\x16\x03\x01 hello\r\n\r\n"),
    "packed": always(reply(b"no gzip", content_encoding="gzip")),
    "unknown packing": always(reply(b"x", content_encoding="br")),
    "too much": always(reply(b'"' + b"x" * 2000 + b'"')),
    "silent": never,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_no_error_and_no_record_holds_a_secret(fault: str, caplog: pytest.LogCaptureFixture) -> None:
    """In path, query, header, token and body of what we ask; printed with all that hangs on the exception."""
    caplog.set_level(logging.DEBUG)

    async def whole() -> None:
        async with serving(FAULTS[fault]) as server, client(server) as http:
            for method in ("GET", "POST"):
                ask = Ask(
                    method=method,
                    path=SECRET_PATH,
                    params={"access_token": TOKEN},
                    json={"text": TOKEN} if method == "POST" else None,
                    headers={"x-key": TOKEN},
                    unsafe=method == "POST",
                    deadline_s=0.3 if fault == "silent" else 20,
                    most=1000,
                )
                with pytest.raises(ChannelError) as caught:
                    await http.ask(ask)
                assert TOKEN not in words_of(caught.value)
                assert str(caught.value)
            if fault != "limited":  # after which nobody asks again for a while
                assert len(server.asked) == 2
                assert TOKEN in server.asked[0].target
                assert server.asked[0].headers["x-key"] == TOKEN

    asyncio.run(whole())
    assert TOKEN not in words_logged(caplog)


UNWRITABLE: dict[str, Callable[[Client], Any]] = {
    "header with a line break": lambda http: http.get("/a", headers={"x-key": f"{TOKEN}\r\nEvil: 1"}),
    "header beyond ASCII": lambda http: http.get("/a", headers={"x-key": f"{TOKEN}é"}),
    "path with a line break": lambda http: http.get(f"/{TOKEN}\r\nEvil: 1"),
    "whole address that is none": lambda http: http.get(f"http://h:{TOKEN}/"),
    "half a character": lambda http: http.post("/a", {"text": f"{TOKEN}\ud800"}),
    "half a character in a form": lambda http: http.post("/a", form={"text": f"{TOKEN}\ud800"}),
}


@pytest.mark.parametrize("what", UNWRITABLE)
def test_what_cannot_be_written_is_never_sent(what: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def whole() -> None:
        async with serving(always(reply())) as server, client(server) as http:
            with pytest.raises(Rejected) as caught:
                await UNWRITABLE[what](http)
            assert TOKEN not in words_of(caught.value)
            assert server.asked == []

    asyncio.run(whole())
    assert TOKEN not in words_logged(caplog)


def test_a_service_that_repeats_our_token_is_not_quoted_whole() -> None:
    async def whole() -> None:
        said = always(reply(f'{{"error": "Invalid token: {TOKEN} {"x" * 5000}"}}'.encode(), 403))
        async with serving(said) as server, client(server) as http:
            with pytest.raises(Rejected, match="Invalid token: …") as caught:
                await http.get("/a")
            assert TOKEN not in words_of(caught.value)
            assert len(str(caught.value)) <= 500

    asyncio.run(whole())


@pytest.mark.parametrize(
    "base",
    [
        f"https://ana:{TOKEN}@acme.example",
        f"http://acme.example/bot{TOKEN}",
        f"ftp://acme.example/{TOKEN}",
        f"acme.example/{TOKEN}",
        f"https://acme.example:{'9' * 9}/{TOKEN}",
        f"https:///{TOKEN}",
        "https://",
        "",
        "http://127.evil.example",
        "http://localhost.evil.example",
    ],
)
def test_a_base_that_no_secret_may_go_to(base: str) -> None:
    with pytest.raises(ConfigError) as caught:
        origin_checked(base)
    assert TOKEN not in words_of(caught.value)


def test_uploads_leave_no_trace(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def whole() -> None:
        async with serving(then_closed(b"")) as server, client(server) as http:
            file = Upload("file", f"{TOKEN}.txt", io.BytesIO(TOKEN.encode()), "text/plain")
            with pytest.raises(Unconfirmed) as caught:
                await http.post("/a", form={"text": TOKEN}, uploads=(file,))
            assert TOKEN not in words_of(caught.value)
            assert TOKEN.encode() in server.asked[0].body

    asyncio.run(whole())
    assert TOKEN not in words_logged(caplog)
