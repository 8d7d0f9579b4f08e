"""One key at a time: the next is told when the one before has been obeyed, so that all act in their order.

Textual 8.2.8 hands a letter to the field at once, but runs what is bound to a key (Backspace, Ctrl+U, Enter) when the
key has come up through the queues of all that the field stands in, and moves the focus by a message of its own: of
what comes in one read, or a few milliseconds apart, the letters would overtake the rest.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from textual.app import App
from textual.events import Callback, Event, Key, Paste
from textual.message_pump import MessagePump

LIMIT_S = 0.25
"""No key is waited for longer than this: something that hangs must not take the keyboard with it."""
HELD_S = 1.0
"""Nor does one wait longer for what it is meant for, where it may as well be obeyed without."""


class Turnstile:
    """Stands between the terminal and the app's own way of handing on what is typed, pasted and clicked.

    Behind a key it sends a marker through the same queues, from the field up to the app; each is first in, first out,
    so when the marker has arrived, the key has been obeyed. All of it runs in the app's own task.
    """

    def __init__(self, app: App[Any], tell: Callable[[Event], Awaitable[None]]) -> None:
        self._app = app
        self._tell = tell
        self._waiting: deque[Event] = deque()
        self._marker: _Marker | None = None
        """That of the key under way."""
        self._limit: asyncio.TimerHandle | None = None
        self._shut = 0
        self._holding: dict[str, asyncio.TimerHandle] = {}
        """What is waited for, but not for ever."""

    async def take(self, event: Event) -> None:
        """What came from the terminal: told now, or in its turn."""
        self._waiting.append(event)
        await self._go_on()

    def put_first(self, events: Sequence[Event]) -> None:
        """These come instead of the one that is being told, before all that waits."""
        self._waiting.extendleft(reversed(events))

    # While the field is not there yet

    def shut(self) -> None:
        """A field is on its way: what is typed waits until `open`."""
        self._shut += 1

    def open(self, *, forget: bool) -> None:
        """It is there, or, with `forget`, it does not come: then what was meant for it is obeyed by nobody."""
        self._shut -= 1
        if forget:
            self.forget()
        self._app.call_later(self._go_on)

    def hold(self, what: str) -> None:
        """`what` is on its way: what is typed waits until `let_go`, but `HELD_S` at most."""
        if what not in self._holding:
            self.shut()
            loop = asyncio.get_running_loop()
            self._holding[what] = loop.call_later(HELD_S, self.let_go, what)

    def let_go(self, what: str, *, forget: bool = False) -> None:
        """It is there, or, with `forget`, it does not come."""
        if (limit := self._holding.pop(what, None)) is not None:
            limit.cancel()
            self.open(forget=forget)

    def forget(self) -> None:
        """What waits was meant for what is not before the agent any more."""
        self._waiting.clear()

    # One by one

    async def _go_on(self) -> None:
        while self._waiting and self._marker is None and not self._shut:
            event = self._waiting.popleft()
            queues = self._queues()
            await self._tell(event)
            if isinstance(event, Key | Paste):
                self._marker = _Marker(queues, self._arrived)
                self._limit = asyncio.get_running_loop().call_later(
                    LIMIT_S, self._app.call_later, self._obeyed, self._marker
                )
                self._marker.rise()

    def _queues(self) -> tuple[MessagePump, ...]:
        """Those that a key goes through: of the field, of all that it stands in, of the app."""
        return tuple((self._app.focused or self._app.screen).ancestors_with_self)

    async def _arrived(self, marker: "_Marker") -> None:
        """The key has been obeyed; but what it led to may be on its way, or a screen that it opened."""
        if marker is not self._marker:
            return
        if self._app.screen not in marker.queues:
            marker.start((self._app.screen, self._app))
            return
        for at, queue in enumerate(marker.queues):
            if queue.message_queue_size:
                marker.start(marker.queues[at:])
                return
        await self._obeyed(marker)

    async def _obeyed(self, marker: "_Marker") -> None:
        if marker is not self._marker:
            return  # it was waited for too long
        self._marker = None
        if self._limit is not None:
            self._limit.cancel()
        await self._go_on()


class _Marker:
    """Goes through queues, one after the other. It is posted as a method without parameters: Textual looks into the
    signature of everything else that is called later, each time."""

    def __init__(
        self, queues: tuple[MessagePump, ...], arrived: "Callable[[_Marker], Awaitable[None]]"
    ) -> None:
        self.queues = queues
        self._arrived = arrived
        self._at = 0

    def start(self, queues: tuple[MessagePump, ...]) -> None:
        """Go through these, from the first on."""
        self.queues, self._at = queues, 0
        self.rise()

    def rise(self) -> None:
        """Into the next queue; those that have closed meanwhile hold nothing any more. The last is the app's."""
        while self._at < len(self.queues) - 1:
            queue = self.queues[self._at]
            self._at += 1
            if queue.post_message(Callback(callback=self.rise)):
                return
        self.queues[-1].post_message(Callback(callback=self.arrive))

    async def arrive(self) -> None:
        await self._arrived(self)
