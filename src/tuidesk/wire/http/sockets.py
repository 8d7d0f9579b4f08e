"""Websockets (RFC 6455), by the library of that name: text messages, and a heartbeat that notices a dead line."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidProxy,
    InvalidStatus,
    InvalidURI,
    ProxyError,
    WebSocketException,
)
from websockets.typing import Origin, Subprotocol

from tuidesk.errors import ChannelError, Unavailable
from tuidesk.wire.http import trouble
from tuidesk.wire.http.client import MOST_JSON
from tuidesk.wire.http.origin import is_here, origin_checked, tls
from tuidesk.words import say

_OPEN_S = 15.0
_BEAT_S = 20.0
"""A ping every so often; without its pong for as long again, the line is dead."""
_CLOSE_S = 0.5

logging.getLogger("websockets").setLevel(logging.WARNING)  # at DEBUG it writes headers


class Line(NamedTuple):
    """An open websocket."""

    socket: ClientConnection
    host: str

    async def say(self, text: str) -> None:
        """Raises Unavailable where the line is gone."""
        try:
            await self.socket.send(text)
            return
        except (WebSocketException, OSError) as error:
            wrong = of_exception(error, self.host)
        raise wrong

    async def hear(self, silence_s: float) -> str | None:
        """The next text message; None where nothing came for so long.

        Raises:
            Unavailable: the line is gone, or what it says is no text.
        """
        try:
            async with asyncio.timeout(silence_s):
                return await self.socket.recv(decode=True)
        except TimeoutError:
            return None
        except (WebSocketException, OSError) as error:
            wrong = of_exception(error, self.host)
        raise wrong


class _Connect(connect):
    """The library follows to other hosts, with the path and all headers but three."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Nowhere."""
        return exc


@asynccontextmanager
async def opened(
    base: str,
    path: str,
    *,
    ca: str = "",
    protocols: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
) -> AsyncIterator[Line]:
    """A websocket at the origin of `base` (an http or https address, as the account has it).

    Raises:
        ChannelError: it could not be opened.
        ConfigError: the base is no address that a secret may go to.
    """
    home = origin_checked(base)
    secure = home.scheme == "https"
    sent = dict(headers or {})
    if not all(text.isascii() and text.isprintable() for text in (path, *sent, *sent.values())):
        raise trouble.unwritable(httpx.LocalProtocolError(""))
    try:
        socket = await _Connect(
            str(home.copy_with(scheme="wss" if secure else "ws", raw_path=path.encode())),
            ssl=tls(ca) if secure else None,
            origin=Origin(f"{home.scheme}://{home.netloc.decode()}"),
            subprotocols=[Subprotocol(name) for name in protocols] or None,
            additional_headers=sent,
            user_agent_header="tuidesk",
            proxy=None if is_here(home.host) else True,
            open_timeout=_OPEN_S,
            ping_interval=_BEAT_S,
            ping_timeout=_BEAT_S,
            close_timeout=_CLOSE_S,
            max_size=MOST_JSON,
        )
    except (WebSocketException, httpx.InvalidURL, TimeoutError, OSError, ImportError) as error:
        wrong = of_exception(error, home.host, opening=True)
    else:
        try:
            yield Line(socket, home.host)
        finally:
            await socket.close()
        return
    raise wrong


def of_exception(error: Exception, host: str, *, opening: bool = False) -> ChannelError:
    """What a websocket ended in, as ours; see `trouble.of_exception`."""
    what = type(error).__name__
    match error:
        case InvalidStatus():
            status = error.response.status_code
            wrong = trouble.of_status(status, "", host, unsafe=False)
            return wrong or trouble.not_understood(host, str(status), unsafe=False)
        case InvalidURI() | httpx.InvalidURL():
            return trouble.unwritable(error)
        case ProxyError() | InvalidProxy() | ImportError():
            return Unavailable(say("http.no_connection", host=host, why=what))
        case InvalidHandshake():
            return trouble.not_understood(host, what, unsafe=False)
        case ConnectionClosed() if error.rcvd is not None:
            return Unavailable(say("http.broken", host=host, what=error.rcvd.code))
    if opening and isinstance(error, OSError):
        made = httpx.ConnectError("")
        made.__cause__ = error
        return trouble.of_exception(made, host, unsafe=False)
    return Unavailable(say("http.broken", host=host, what=what))
