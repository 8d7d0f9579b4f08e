"""A server that says exactly the bytes it is told to, in the test's own loop; and a client with a secret for it."""

import asyncio
import json
import logging
import ssl
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from tests.clock import ManualClock
from tuidesk.domain.model import Person
from tuidesk.errors import SecretError
from tuidesk.wire.channel import Site
from tuidesk.wire.http.client import Client, SecretAuth

TOKEN = "canary-token-5c1f77e0a4"
"""Whoever finds it where it must not be has found a leak."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, as it came."""

    method: str
    target: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


Answering = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """Its ledger says what arrived."""

    def __init__(self, answer: Answering, *, secure: bool) -> None:
        self._answer = answer
        self._secure = secure
        self.asked: list[Asked] = []
        self.port = 0
        self.connections = 0
        self.tasks: set[asyncio.Task[None]] = set()

    @property
    def base(self) -> str:
        return f"{'https' if self._secure else 'http'}://127.0.0.1:{self.port}"

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, request after request."""
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        self.connections += 1
        try:
            while not writer.is_closing():
                asked = await _read(reader)
                self.asked.append(asked)
                await self._answer(asked, writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # the client has gone, or the test is over
        finally:
            writer.transport.abort()
            self.tasks.discard(task)


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readuntil(b"\r\n")
    else:
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method, target, headers, body)


@asynccontextmanager
async def serving(answer: Answering, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """`answer` writes what it likes for each request; a connection it closes is closed."""
    server = Server(answer, secure=tls is not None)
    listener = await asyncio.start_server(server.connected, "127.0.0.1", 0, ssl=tls, limit=2**24)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        tasks = list(server.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def reply(body: bytes = b"{}", status: int = 200, **headers: str) -> bytes:
    """A whole answer; underscores in header names are dashes."""
    found = {"content-type": "application/json", "content-length": str(len(body))}
    found |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in found.items() if value)
    return f"HTTP/1.1 {status} Some Words\r\n{lines}\r\n".encode("latin-1") + body


def always(answer: bytes) -> Answering:
    """The same bytes for every request."""

    async def write(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    return write


def then_closed(answer: bytes) -> Answering:
    """The same bytes, and the end of the line."""

    async def write(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    return write


def by_path(answers: Mapping[str, bytes]) -> Answering:
    """For each path its bytes; 404 else."""

    async def write(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(answers.get(asked.path, reply(status=404)))

    return write


async def never(_: Asked, writer: asyncio.StreamWriter) -> None:
    """No answer, and the line stays open."""
    while not writer.is_closing():
        await asyncio.sleep(3600)


def as_json(value: Any, status: int = 200, **headers: str) -> bytes:
    return reply(json.dumps(value).encode(), status, **headers)


class Kept:
    """A secret that is always the same."""

    def get(self, use: str = "", *, anew: bool = False) -> str:  # noqa: ARG002 - the port's
        return f"{TOKEN}{use}"

    def put(self, value: str, use: str = "") -> None:
        raise SecretError(f"{use}: nothing is kept here, not even {len(value)} signs")


def site(clock: ManualClock | None = None) -> Site:
    return Site("acme", clock or ManualClock(), Kept(), Person("Ana", "ana"))


@asynccontextmanager
async def client(server: Server | str, path: str = "", **options: Any) -> AsyncIterator[Client]:
    """A client with `TOKEN` as its bearer token; its base is the server's, with `path` behind."""
    here = options.pop("site", None) or site()
    auth = options.pop("auth", None) or SecretAuth.bearer(here)
    made = Client((server if isinstance(server, str) else server.base) + path, auth, here, **options)
    try:
        yield made
    finally:
        await made.aclose()


def chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and all that hangs on it, what is suppressed included."""
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is not None and one not in seen:
            seen.append(one)
            waiting += [one.__cause__, one.__context__]
    return iter(seen)


def words_of(error: BaseException) -> str:
    """All that a crash report could print."""
    parts = ["".join(traceback.format_exception(error))]
    for one in chain(error):
        parts += [str(one), repr(one), repr(one.args)]
    return "\n".join(parts)


def words_logged(caplog: pytest.LogCaptureFixture) -> str:
    """All that was logged, arguments included."""
    parts = [logging.Formatter().format(record) + repr(record.args) for record in caplog.records]
    return "\n".join(parts)


async def until(holds: Callable[[], bool], within_s: float = 20.0) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(within_s):
        while not holds():
            await asyncio.sleep(0.005)
