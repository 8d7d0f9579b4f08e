"""Websockets (RFC 6455), by the library of that name: text messages, and a heartbeat that notices a dead line."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, InvalidStatus, WebSocketException
from websockets.typing import Origin, Subprotocol

from tuidesk.errors import Unavailable
from tuidesk.wire.http import trouble
from tuidesk.wire.http.client import MOST_JSON, origin_checked, tls
from tuidesk.words import say

_OPEN_S = 15.0
_BEAT_S = 20.0
"""A ping every so often; without its pong for as long again, the line is dead."""
_CLOSE_S = 0.5


class Line(NamedTuple):
    """An open websocket."""

    socket: ClientConnection
    host: str

    async def say(self, text: str) -> None:
        """Raises Unavailable where the line is gone."""
        try:
            await self.socket.send(text)
        except (WebSocketException, OSError) as error:
            raise Unavailable(say("http.broken", host=self.host, what=type(error).__name__)) from None

    async def hear(self, silence_s: float) -> str | None:
        """The next text message; None where nothing came for so long.

        Raises:
            Unavailable: the line is gone.
        """
        try:
            async with asyncio.timeout(silence_s):
                return await self.socket.recv(decode=True)
        except TimeoutError:
            return None
        except (WebSocketException, OSError) as error:
            raise Unavailable(say("http.broken", host=self.host, what=type(error).__name__)) from None


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
    url = home.copy_with(scheme="wss" if secure else "ws", raw_path=path.encode("ascii"))
    origin = f"{home.scheme}://{home.netloc.decode()}"
    try:
        socket = await connect(
            str(url),
            ssl=tls(ca) if secure else None,
            origin=Origin(origin),
            subprotocols=[Subprotocol(name) for name in protocols] or None,
            additional_headers=dict(headers or {}),
            user_agent_header="tuidesk",
            open_timeout=_OPEN_S,
            ping_interval=_BEAT_S,
            ping_timeout=_BEAT_S,
            close_timeout=_CLOSE_S,
            max_size=MOST_JSON,
            logger=None,
        )
    except InvalidStatus as error:
        status = error.response.status_code
        wrong = trouble.of_status(status, "", home.host, unsafe=False)
        raise wrong or trouble.not_understood(home.host, str(status), unsafe=False) from None
    except InvalidHandshake as error:
        raise trouble.not_understood(home.host, type(error).__name__, unsafe=False) from None
    except (TimeoutError, OSError) as error:
        raise trouble.of_exception(_as_connecting(error), home.host, unsafe=False) from None
    try:
        yield Line(socket, home.host)
    finally:
        await socket.close()


def _as_connecting(error: Exception) -> Exception:
    made = httpx.ConnectError("")
    made.__cause__ = error
    return made
