"""Server-sent events (html.spec.whatwg.org §9.2), decoded by httpx-sse: each sign of life, until the line is silent."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from httpx_sse import EventSource, SSEError

from tuidesk.errors import Unavailable
from tuidesk.wire.http import trouble
from tuidesk.wire.http.client import MOST_JSON, Answer, Ask, Client, decoded
from tuidesk.words import say

SILENCE_S = 90.0
"""No byte for so long: the line is dead. Servers send a comment every 15 to 30 seconds."""
_HEARTBEAT_S = 10.0


@dataclass(frozen=True, slots=True)
class Said:
    """One event; `name` is `message` where the server gave it none."""

    name: str
    data: str
    id: str = ""
    """For `Last-Event-ID`, where the service resumes by it."""


class _Alive(httpx.AsyncByteStream):
    """The body as it comes, so that a comment, which the decoder passes over, is a sign of life all the same."""

    def __init__(self, response: httpx.Response, host: str) -> None:
        self._pieces = decoded(response, host, unsafe=False)
        self.since_event = 0
        self.heard = asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            async with asyncio.timeout(SILENCE_S):
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
) -> AsyncIterator[Said | None]:
    """What the server says, as long as it says it; None is a sign of life, at most every ten seconds.

    Raises:
        ChannelError: the stream could not be opened, or it broke. It ends only so: whoever follows it comes back,
            and asks for what was missed (`last_id` where the service can tell).
    """
    headers = {"accept": "text/event-stream", "cache-control": "no-store", "accept-encoding": "identity"}
    headers |= {"last-event-id": last_id} if last_id else {}
    ask = Ask(method="GET", path=path, params=params, headers=headers)
    try:
        async with client.opened(ask, client.address(path)) as response:
            await _refuse(client, response)
            yield None
            alive = _Alive(response, client.host)
            source = EventSource(httpx.Response(200, headers=response.headers, stream=alive))
            async for said in _beating(source, alive):
                yield said
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, TimeoutError) as error:
        if isinstance(error, SSEError):
            raise trouble.not_understood(
                client.host, response.headers.get("content-type", ""), unsafe=False
            ) from None
        raise trouble.of_exception(error, client.host, unsafe=False) from None
    raise Unavailable(say("http.ended", host=client.host))


async def _refuse(client: Client, response: httpx.Response) -> None:
    if response.status_code != 200:
        headers = {name.lower(): value for name, value in response.headers.items()}
        body = b"".join([piece async for piece in decoded(response, client.host, unsafe=False)][:64])
        wrong = client.wrong(Answer(response.status_code, headers, body), unsafe=False)
        raise wrong or trouble.not_understood(client.host, str(response.status_code), unsafe=False)


async def _beating(source: EventSource, alive: _Alive) -> AsyncIterator[Said | None]:
    """The events; and between them None where at least something was heard."""
    said = source.aiter_sse()
    coming = asyncio.ensure_future(anext(said, None))
    try:
        while True:
            done, _ = await asyncio.wait({coming}, timeout=_HEARTBEAT_S)
            if not done:
                if alive.heard.is_set():
                    alive.heard.clear()
                    yield None
                continue
            event = coming.result()
            if event is None:
                return
            alive.since_event = 0
            coming = asyncio.ensure_future(anext(said, None))
            yield Said(event.event, event.data, event.id)
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        await said.aclose()
