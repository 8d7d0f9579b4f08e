"""A client closes within a second, whatever is under way; and then it is closed."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from tests.wire.http_bench import Asked, Server, always, client, never, reply, serving, until
from tuidesk.errors import ChannelError, Unavailable, Unconfirmed
from tuidesk.wire.http.client import Client
from tuidesk.wire.http.streams import events

LONG = 600.0


async def _stream(http: Client) -> None:
    async for _ in events(http, "/stream"):
        pass


async def _file(http: Client) -> None:
    async for _ in http.download("/file", deadline_s=LONG):
        pass


UNDER_WAY: dict[str, tuple[Callable[[Client], Awaitable[Any]], type[ChannelError]]] = {
    "question": (lambda http: http.get("/silent", deadline_s=LONG), Unavailable),
    "reply": (lambda http: http.post("/silent", {}, deadline_s=LONG), Unconfirmed),
    "body": (lambda http: http.get("/half", deadline_s=LONG), Unavailable),
    "stream": (_stream, Unavailable),
    "file": (_file, Unavailable),
}


async def half_of_all(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """A beginning, and nothing more."""
    if asked.path == "/stream":
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n")
    elif asked.path != "/silent":
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
    await never(asked, writer)


async def _closing(
    server: Server, http: Client, tasks: Sequence[asyncio.Future[Any]], asked: int
) -> list[Any]:
    await until(lambda: len(server.asked) == asked)
    begun = time.monotonic()
    await http.aclose()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert time.monotonic() - begun < 1
    return results


@pytest.mark.parametrize("what", UNDER_WAY)
def test_what_is_under_way_is_cut(what: str) -> None:
    async def whole() -> None:
        begin, expected = UNDER_WAY[what]
        async with serving(half_of_all) as server, client(server) as http:
            task = asyncio.ensure_future(begin(http))
            [result] = await _closing(server, http, [task], 1)
            assert type(result) is expected

    asyncio.run(whole())


def test_all_at_once_and_those_that_wait_for_a_connection() -> None:
    async def whole() -> None:
        async with serving(half_of_all) as server, client(server) as http:
            tasks = [asyncio.ensure_future(begin(http)) for begin, _ in UNDER_WAY.values() for _ in range(2)]
            await until(lambda: len(server.asked) == 8)
            results = await _closing(server, http, tasks, 8)
            assert all(isinstance(result, Unavailable | Unconfirmed) for result in results), results

    asyncio.run(whole())


def test_a_stream_that_nobody_reads_at_the_moment_ends_when_it_is_read() -> None:
    async def whole() -> None:
        async with serving(half_of_all) as server, client(server) as http:
            said, file = events(http, "/stream"), http.download("/file")
            assert await anext(said) is None
            assert await anext(file) == b"{"
            begun = time.monotonic()
            await http.aclose()
            assert time.monotonic() - begun < 1
            with pytest.raises(Unavailable):
                async for _ in said:
                    pass
            with pytest.raises(Unavailable):
                await anext(file)

    asyncio.run(whole())


def test_a_server_that_takes_nothing_does_not_hold_up_the_close() -> None:
    """The bytes of an upload stay in the buffers; nobody reads them."""

    async def whole() -> None:
        stop, begun_to_read = asyncio.Event(), asyncio.Event()

        async def deaf(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            begun_to_read.set()
            await stop.wait()
            writer.transport.abort()

        listener = await asyncio.start_server(deaf, "127.0.0.1", 0, limit=1)
        port = listener.sockets[0].getsockname()[1]
        async with client(f"http://127.0.0.1:{port}") as http:
            task = asyncio.ensure_future(http.put("/", {"text": "x" * 50_000_000}, deadline_s=LONG))
            await begun_to_read.wait()
            begun = time.monotonic()
            await http.aclose()
            with pytest.raises(Unavailable):
                await task
            assert time.monotonic() - begun < 1
        stop.set()
        listener.close()

    asyncio.run(whole())


def test_a_closed_client_asks_nothing() -> None:
    async def whole() -> None:
        async with serving(always(reply())) as server, client(server) as http:
            await http.get("/")
            await http.aclose()
            await http.aclose()
            for call in (http.get("/"), http.post("/", {}), _stream(http), _file(http)):
                with pytest.raises(Unavailable, match="being closed"):
                    await call
            assert len(server.asked) == 1

    asyncio.run(whole())


def test_a_cancelled_request_is_cancelled_and_not_an_error_of_the_service() -> None:
    async def whole() -> None:
        async with serving(never) as server, client(server) as http:
            task = asyncio.ensure_future(http.get("/"))
            await until(lambda: len(server.asked) == 1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert not http.quota._under_way

    asyncio.run(whole())
