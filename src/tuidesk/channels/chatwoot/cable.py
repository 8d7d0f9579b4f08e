"""Chatwoot's websocket: Action Cable, one room for each agent. It replays nothing."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from tuidesk.errors import ChannelError, Unavailable
from tuidesk.wire.http import sockets
from tuidesk.wire.loose import Object, number, obj, text
from tuidesk.words import say

_PROTOCOL = "actioncable-v1-json"
_SILENCE_S = 20.0
"""The server pings every three seconds."""
_WELCOME_S = 15.0
_PRESENCE_S = 20.0
_MOST = 20_000
"""Frames that wait to be read, before the line is given up and what happened is asked for."""


class Heard(NamedTuple):
    """Something the server said: an event, or (`name` is "") the time by its clock, in seconds."""

    name: str
    data: Object
    time_s: int = 0


class Cable:
    """An open room. Whatever comes is taken at once, so that a long catch-up does not make the line look dead."""

    def __init__(self, line: sockets.Line, identifier: str) -> None:
        self._line = line
        self._identifier = identifier
        self._heard: asyncio.Queue[Heard | ChannelError] = asyncio.Queue()

    async def subscribe(self) -> None:
        """Enter the room.

        Raises:
            ChannelError: the server does not let us, or says nothing.
        """
        await self._line.say(json.dumps({"command": "subscribe", "identifier": self._identifier}))
        while (frame := await self._frame(_WELCOME_S)) is not None:
            match text(frame, "type"):
                case "confirm_subscription":
                    return
                case "reject_subscription" | "disconnect":
                    raise Unavailable(say("chatwoot.no_room"))
        raise Unavailable(say("chatwoot.silent"))

    async def listen(self) -> None:
        """Until the line breaks; then the queue says why."""
        try:
            while self._heard.qsize() < _MOST and (frame := await self._frame(_SILENCE_S)) is not None:
                if text(frame, "type") == "disconnect":
                    break
                self._heard.put_nowait(_heard(frame))
            raise Unavailable(say("chatwoot.silent"))
        except ChannelError as error:
            self._heard.put_nowait(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, who waits for the next word has to know
            self._heard.put_nowait(Unavailable(type(error).__name__))

    async def stay_present(self) -> None:
        """Say now and then that the agent is there."""
        data = json.dumps({"action": "update_presence"})
        frame = json.dumps({"command": "message", "identifier": self._identifier, "data": data})
        while True:
            await self._line.say(frame)
            await asyncio.sleep(_PRESENCE_S)

    async def next(self, seconds: float) -> list[Heard]:
        """What has come, within so many seconds.

        Raises:
            ChannelError: the line has broken.
        """
        found: list[Heard] = []
        try:
            async with asyncio.timeout(max(seconds, 0.0)):
                one = await self._heard.get()
            while True:
                if isinstance(one, ChannelError):
                    if found:
                        self._heard.put_nowait(one)
                        return found
                    raise one
                found.append(one)
                one = self._heard.get_nowait()
        except (TimeoutError, asyncio.QueueEmpty):
            return found

    def cut(self) -> None:
        """Nobody listens any more."""
        self._heard.put_nowait(Unavailable(say("http.closed")))

    async def _frame(self, silence_s: float) -> Object | None:
        said = await self._line.hear(silence_s)
        if said is None:
            return None
        try:
            return obj(json.loads(said))
        except (ValueError, RecursionError):
            return obj(None)


def _heard(frame: Object) -> Heard:
    if text(frame, "type") == "ping":
        return Heard("", obj(None), number(frame, "message") or 0)
    return Heard(text(frame, "message", "event"), obj(frame, "message", "data"))


@asynccontextmanager
async def opened(
    base: str, profile: Object, account: int, *, ca: str = "", presence: bool = False
) -> AsyncIterator[Cable]:
    """A room that is being listened to.

    Args:
        presence: show the agent as online for as long.

    Raises:
        ChannelError: the server has none for us.
    """
    room = {
        "channel": "RoomChannel",
        "pubsub_token": text(profile, "pubsub_token"),
        "account_id": account,
        "user_id": number(profile, "id"),
    }
    async with sockets.opened(base, "/cable", ca=ca, protocols=(_PROTOCOL,)) as line:
        cable = Cable(line, json.dumps(room))
        await cable.subscribe()
        tasks = [asyncio.ensure_future(cable.listen())]
        tasks += [asyncio.ensure_future(cable.stay_present())] if presence else []
        try:
            yield cable
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
