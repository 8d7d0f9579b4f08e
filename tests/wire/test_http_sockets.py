"""Websockets, against the same library's server and against servers that keep to nothing."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Subprotocol

from tests.servers.fixtures import LoopbackTls
from tests.wire.http_bench import TOKEN, always, never, reply, serving, then_closed, words_logged, words_of
from tuidesk.errors import AuthFailed, ChannelError, ConfigError, Rejected, Unavailable, Unsupported
from tuidesk.wire.http import sockets
from tuidesk.wire.http.sockets import opened

Talk = Callable[[ServerConnection], Awaitable[None]]


@asynccontextmanager
async def talking(talk: Talk, **options: object) -> AsyncIterator[str]:
    """A server that does this with each who comes; gives its base."""
    async with serve(talk, "127.0.0.1", 0, **options) as server:  # type: ignore[arg-type]
        port = next(iter(server.sockets)).getsockname()[1]
        yield f"{'https' if options.get('ssl') else 'http'}://127.0.0.1:{port}"


async def echo(line: ServerConnection) -> None:
    async for text in line:
        await line.send(text)


def test_what_is_said_is_heard() -> None:
    async def whole() -> None:
        seen: list[ServerConnection] = []

        async def talk(line: ServerConnection) -> None:
            seen.append(line)
            await echo(line)

        async with (
            talking(talk, subprotocols=[Subprotocol("actioncable-v1-json")]) as base,
            opened(
                base,
                "/cable?x=1",
                protocols=("actioncable-v1-json",),
                headers={"authorization": f"Bearer {TOKEN}"},
            ) as line,
        ):
            for text in ("hello", "환불", "x" * 100_000):
                await line.say(text)
                assert await line.hear(10) == text
            assert await line.hear(0.05) is None
            request = seen[0].request
            assert request is not None
            assert request.path == "/cable?x=1"
            assert request.headers["authorization"] == f"Bearer {TOKEN}"
            assert request.headers["origin"] == base
            assert request.headers["user-agent"] == "tuidesk"
            assert seen[0].subprotocol == "actioncable-v1-json"

    asyncio.run(whole())


def test_over_tls(loopback_tls: LoopbackTls) -> None:
    async def whole() -> None:
        async with talking(echo, ssl=loopback_tls.server) as base:
            async with opened(base, "/", ca=loopback_tls.ca) as line:
                await line.say("hello")
                assert await line.hear(10) == "hello"
            with pytest.raises(Unavailable, match="certificate"):
                async with opened(base, "/"):
                    pass

    asyncio.run(whole())


def test_a_ping_that_nobody_answers_ends_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server goes deaf after the handshake: TCP alone would not notice for hours."""
    monkeypatch.setattr(sockets, "_BEAT_S", 0.1)

    async def whole() -> None:
        over = asyncio.Event()

        async def deaf(line: ServerConnection) -> None:
            line.transport.pause_reading()
            await over.wait()
            line.transport.abort()

        async with talking(deaf, ping_interval=None, close_timeout=0.1) as base, opened(base, "/") as line:
            with pytest.raises(Unavailable):
                await line.hear(30)
            over.set()

    asyncio.run(whole())


def test_a_pong_keeps_it_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "_BEAT_S", 0.1)

    async def whole() -> None:
        async with talking(echo, ping_interval=None) as base, opened(base, "/") as line:
            assert await line.hear(1.0) is None
            await line.say("still there?")
            assert await line.hear(10) == "still there?"

    asyncio.run(whole())


@pytest.mark.parametrize("code", [1000, 1001, 1011, 4001])
def test_a_server_that_closes_is_unavailable_with_its_code(code: int) -> None:
    async def whole() -> None:
        async def bye(line: ServerConnection) -> None:
            await line.close(code, TOKEN)

        async with talking(bye) as base, opened(base, "/") as line:
            with pytest.raises(Unavailable, match=str(code)) as caught:
                await line.hear(10)
            assert TOKEN not in words_of(caught.value)
            with pytest.raises(Unavailable):
                await line.say("x")

    asyncio.run(whole())


def test_a_line_that_breaks_is_unavailable() -> None:
    async def whole() -> None:
        async def cut(line: ServerConnection) -> None:
            line.transport.abort()

        async with talking(cut) as base, opened(base, "/") as line:
            with pytest.raises(Unavailable, match="broke"):
                await line.hear(10)

    asyncio.run(whole())


def test_a_message_too_big_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor one that only unpacks to that size."""
    monkeypatch.setattr(sockets, "MOST_JSON", 10_000)

    async def whole() -> None:
        for compression in (None, "deflate"):

            async def flood(line: ServerConnection) -> None:
                await line.send(" " * 10_000)
                await line.send(" " * 10_001)

            async with talking(flood, compression=compression) as base, opened(base, "/") as line:
                assert await line.hear(10) == " " * 10_000
                with pytest.raises(Unavailable):
                    await line.hear(10)

    asyncio.run(whole())


def test_what_is_no_text_breaks_the_line() -> None:
    async def whole() -> None:
        async def binary(line: ServerConnection) -> None:
            await line.send(b"text all the same")
            await line.send(b"\xff\xfe")

        async with talking(binary) as base, opened(base, "/") as line:
            assert await line.hear(10) == "text all the same"
            with pytest.raises(Unavailable, match="broke"):
                await line.hear(10)

    asyncio.run(whole())


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, Unavailable),
        (401, AuthFailed),
        (403, Rejected),
        (404, Rejected),
        (405, Unsupported),
        (503, Unavailable),
    ],
)
def test_a_handshake_that_is_refused(status: int, expected: type[ChannelError]) -> None:
    async def whole() -> None:
        async with serving(then_closed(reply(status=status))) as server:
            with pytest.raises(ChannelError) as caught:
                async with opened(server.base, f"/cable?token={TOKEN}", headers={"x-key": TOKEN}):
                    pass
            assert type(caught.value) is expected
            assert str(status) in str(caught.value)
            assert TOKEN not in words_of(caught.value)

    asyncio.run(whole())


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"rubbish\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: wrong\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
    ],
)
def test_a_handshake_that_is_none(answer: bytes) -> None:
    async def whole() -> None:
        async with serving(then_closed(answer)) as server:
            with pytest.raises(Unavailable) as caught:
                async with opened(server.base, f"/{TOKEN}"):
                    pass
            assert TOKEN not in words_of(caught.value)

    asyncio.run(whole())


def test_a_handshake_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "_OPEN_S", 0.2)

    async def whole() -> None:
        async with serving(never) as server:
            with pytest.raises(Unavailable):
                async with opened(server.base, "/"):
                    pass

    asyncio.run(whole())


def test_nobody_is_followed_elsewhere() -> None:
    """The library would follow, with the path and most headers."""

    async def whole() -> None:
        async with serving(always(reply())) as other:
            for where in (f"ws://127.0.0.1:{other.port}/x", "/here", "http://[bad"):
                async with serving(then_closed(reply(status=302, location=where))) as server:
                    with pytest.raises(Rejected, match="another address"):
                        async with opened(server.base, "/", headers={"api_access_token": TOKEN}):
                            pass
                    assert len(server.asked) == 1
            assert other.connections == 0

    asyncio.run(whole())


def test_a_proxy_does_not_see_what_is_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    async def whole() -> None:
        async with serving(always(reply())) as proxy, talking(echo) as base:
            for name in ("ws_proxy", "http_proxy", "HTTP_PROXY", "ALL_PROXY", "socks_proxy", "https_proxy"):
                monkeypatch.setenv(name, proxy.base)
            async with opened(base, "/") as line:
                await line.say("direct")
                assert await line.hear(10) == "direct"
            assert proxy.connections == 0

    asyncio.run(whole())


def test_where_nobody_listens_and_where_no_secret_may_go() -> None:
    async def whole() -> None:
        async with serving(never) as server:
            gone = server.base
        with pytest.raises(Unavailable, match="cannot be reached"):
            async with opened(gone, "/"):
                pass
        with pytest.raises(ConfigError):
            async with opened("http://acme.example", "/"):
                pass

    asyncio.run(whole())


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (f"/{TOKEN}\r\nEvil: 1", {}),
        (f"/{TOKEN}é", {}),
        ("/", {"x-key": f"{TOKEN}\r\nEvil: 1"}),
        ("/", {f"x{TOKEN}\n": "1"}),
        ("/", {"x-key": "é"}),
    ],
)
def test_what_cannot_be_written_is_not_sent(path: str, headers: dict[str, str]) -> None:
    async def whole() -> None:
        async with serving(always(reply())) as server:
            with pytest.raises(Rejected) as caught:
                async with opened(server.base, path, headers=headers):
                    pass
            assert TOKEN not in words_of(caught.value)
            assert server.asked == []

    asyncio.run(whole())


def test_closing_does_not_wait_for_a_server_that_says_no_goodbye() -> None:
    async def whole() -> None:
        over = asyncio.Event()

        async def deaf(line: ServerConnection) -> None:
            line.transport.pause_reading()
            await over.wait()
            line.transport.abort()

        async with talking(deaf, ping_interval=None, close_timeout=0.1) as base:
            async with opened(base, "/") as line:
                assert await line.hear(0.05) is None
                begun = time.monotonic()
            assert time.monotonic() - begun < 2
            over.set()

    asyncio.run(whole())


def test_nothing_secret_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def whole() -> None:
        async with (
            talking(echo) as base,
            opened(base, f"/{TOKEN}?t={TOKEN}", headers={"authorization": TOKEN}) as line,
        ):
            await line.say(TOKEN)
            assert await line.hear(10) == TOKEN

    asyncio.run(whole())
    assert TOKEN not in words_logged(caplog)
