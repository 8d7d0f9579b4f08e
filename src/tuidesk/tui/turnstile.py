"""One key at a time: the next is told when the one before has been obeyed, so that all act in their order.

Textual 8.2.8 hands a letter to the field at once, but runs what is bound to a key (Backspace, Ctrl+U, Enter) when the
key has come up through the queues of all that the field stands in, and moves the focus by a message of its own: of
what comes in one read, or a few milliseconds apart, the letters would overtake the rest.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from textual.app import App
from textual.events import Event, Key, Paste
from textual.message_pump import MessagePump

LIMIT_S = 0.25
"""No key is waited for longer than this: something that hangs must not take the keyboard with it."""


class Turnstile:
    """Stands between the terminal and the app's own way of handing on what is typed, pasted and clicked.

    Behind a key it sends a marker through the same queues, from the field up to the app; each is first in, first out,
    so when the marker has arrived, the key has been obeyed. All of it runs in the app's own task.
    """

    def __init__(self, app: App[Any], tell: Callable[[Event], Awaitable[None]]) -> None:
        self._app = app
        self._tell = tell
        self._waiting: deque[Event] = deque()
        self._marker: object | None = None
        """That of the key under way."""
        self._limit: asyncio.TimerHandle | None = None
        self._shut = 0

    async def take(self, event: Event) -> None:
        """What came from the terminal: told now, or in its turn."""
        self._waiting.append(event)
        await self._go_on()

    # While the field is not there yet

    def shut(self) -> None:
        """A field is on its way: what is typed waits until `open`."""
        self._shut += 1

    def open(self, *, forget: bool) -> None:
        """It is there, or, with `forget`, it does not come: then what was meant for it is obeyed by nobody."""
        self._shut -= 1
        if forget:
            self._waiting.clear()
        self._app.call_later(self._go_on)

    # One by one

    async def _go_on(self) -> None:
        while self._waiting and self._marker is None and not self._shut:
            event = self._waiting.popleft()
            queues = self._queues()
            await self._tell(event)
            if isinstance(event, Key | Paste):
                self._marker = marker = object()
                self._limit = asyncio.get_running_loop().call_later(
                    LIMIT_S, self._app.call_later, self._obeyed, marker
                )
                self._climb(marker, queues, 0)

    def _queues(self) -> tuple[MessagePump, ...]:
        """Those that a key goes through: of the field, of all that it stands in, of the app."""
        return tuple((self._app.focused or self._app.screen).ancestors_with_self)

    def _climb(self, marker: object, queues: tuple[MessagePump, ...], at: int) -> None:
        """Into the next queue; those that have closed meanwhile hold nothing any more."""
        for place in range(at, len(queues) - 1):
            if queues[place].call_later(self._climb, marker, queues, place + 1):
                return
        self._app.call_later(self._arrived, marker, queues)

    async def _arrived(self, marker: object, queues: tuple[MessagePump, ...]) -> None:
        """The key has been obeyed; but what it led to may be on its way, or a screen that it opened."""
        if marker is not self._marker:
            return
        if self._app.screen not in queues:
            self._climb(marker, (self._app.screen, self._app), 0)
        elif any(queue.message_queue_size for queue in queues):
            self._climb(marker, queues, 0)
        else:
            await self._obeyed(marker)

    async def _obeyed(self, marker: object) -> None:
        if marker is not self._marker:
            return  # it was waited for too long
        self._marker = None
        if self._limit is not None:
            self._limit.cancel()
        await self._go_on()
