"""Server-sent events (html.spec.whatwg.org §9.2), decoded by httpx-sse: each sign of life, until the line is silent."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from httpx_sse import EventSource, SSEError

from tuidesk.errors import AuthFailed, ChannelError, Unavailable
from tuidesk.wire.http import bodies, trouble
from tuidesk.wire.http.client import MOST_JSON, Ask, Client
from tuidesk.words import say

SILENCE_S = 90.0
"""No byte for so long: the line is dead. Servers send a comment every 15 to 30 seconds."""
OPEN_S = 30.0
_HEARTBEAT_S = 10.0
_KIND = "content-type"


@dataclass(frozen=True, slots=True)
class Said:
    """One event; `name` is `message` where the server gave it none."""

    name: str
    data: str
    id: str = ""
    """For `Last-Event-ID`, where the service resumes by it."""


class _Alive(httpx.AsyncByteStream):
    """The body as it comes, so that a comment, which the decoder passes over, is a sign of life all the same."""

    def __init__(self, client: Client, response: httpx.Response) -> None:
        self._client = client
        self._pieces = bodies.decoded(response, client.host, unsafe=False)
        self.since_event = 0
        self.heard = asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            async with self._client.within(SILENCE_S):
                piece = await anext(self._pieces, None)
            if piece is None:
                return
            self.since_event += len(piece)
            if self.since_event > MOST_JSON:
                raise httpx.DecodingError("an event without end")
            self.heard.set()
            yield piece


async def events(
    client: Client, path: str, params: Mapping[str, Any] | None = None, *, last_id: str = ""
) -> AsyncGenerator[Said | None, None]:
    """What the server says, as long as it says it; None is a sign of life, at most every ten seconds.

    Raises:
        ChannelError: the stream could not be opened, or it broke. It ends only so: whoever follows it comes back,
            and asks for what was missed (`last_id` where the service can tell).
    """
    headers = {"accept": "text/event-stream", "cache-control": "no-store", "accept-encoding": "identity"}
    if last_id and last_id.isascii() and last_id.isprintable():
        headers["last-event-id"] = last_id
    ask = Ask(method="GET", path=path, params=params, headers=headers, deadline_s=OPEN_S)
    for last in (False, True):
        try:
            async with client.opened(ask, client.address(path)) as response:
                if response.status_code == 200:
                    async for said in _followed(client, response):
                        yield said
                    wrong: ChannelError = Unavailable(say("http.ended", host=client.host))
                else:
                    wrong = await client.refused(response)
        except SSEError:
            wrong = trouble.not_understood(client.host, response.headers.get(_KIND, ""), unsafe=False)
        except trouble.WIRE as error:
            wrong = client.broken(error, client.host, unsafe=False)
        if not isinstance(wrong, AuthFailed) or last or not await client.renewed():
            break
    raise wrong


async def _followed(client: Client, response: httpx.Response) -> AsyncGenerator[Said | None, None]:
    """The events; and between them None where at least something was heard."""
    yield None
    alive = _Alive(client, response)
    kind = {_KIND: response.headers.get(_KIND, "")}  # alone: what was packed is unpacked already
    source = EventSource(httpx.Response(200, headers=kind, stream=alive)).aiter_sse()
    coming = asyncio.ensure_future(anext(source, None))
    try:
        while True:
            done, _ = await asyncio.wait({coming}, timeout=_HEARTBEAT_S)
            event = coming.result() if done else None
            if done and event is None:
                return
            if event is not None:
                alive.since_event = 0
                coming = asyncio.ensure_future(anext(source, None))
                if event.data:  # §9.2.6: without data it is none
                    yield Said(event.event, event.data, event.id)
            elif alive.heard.is_set():
                alive.heard.clear()
                yield None
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        await source.aclose()
