"""Tells an agent who does not look: bell, notification, title, a program. Each thing once, several at a time."""

import asyncio
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tuidesk.desk import deadlines, news, notice, outward
from tuidesk.desk.desk import Desk
from tuidesk.desk.news import Item, Mark
from tuidesk.desk.picture import Change
from tuidesk.domain.instants import SECOND, Instant
from tuidesk.errors import TuideskError
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.app import DeskApp

_GATHER_S = 1.0
"""What comes together is told together."""
_APART_S = 10.0
"""Two alarms are at least so far apart: a storm rings no storm."""
_NAP_S = 30.0
"""A long sleep is cut in pieces: the time goes on while a machine is suspended."""
_AGAIN: Instant = 30 * SECOND
"""A store that cannot serve is asked again."""


class Alarm:
    """Listens to the desk and to the clock, and rings."""

    def __init__(self, app: "DeskApp", desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._config = desk.config.file.notify
        self._told: Mark | None = None
        self._fresh: dict[int, Item] = {}
        """By conversation, the news that the agent has not been at the keyboard for."""
        self._shown = ""
        self._is_looking = False
        self._is_stale = False
        self._timer: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        """From now on; what has come before is told by the screen."""
        if not self._config.on:
            return
        self._told = await asyncio.wrap_future(self._desk.read(news.mark))
        loop = asyncio.get_running_loop()

        def heard(_: frozenset[Change]) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._heard)

        self._desk.listen(heard)
        self.say_title()
        self._heard()

    def seen(self) -> None:
        """The agent is at the keyboard."""
        if self._fresh:
            self._fresh.clear()
            self.say_title()

    def _heard(self) -> None:
        self._is_stale = True
        if not self._is_looking:
            self._is_looking = True
            self._app.run_worker(self._look(), group="alarm")

    async def _look(self) -> None:
        try:
            while self._is_stale:
                await asyncio.sleep(_GATHER_S)
                self._is_stale = False
                if self._told is not None and await self._tell(self._told):
                    await asyncio.sleep(_APART_S)
        finally:
            self._is_looking = False

    async def _tell(self, told: Mark) -> bool:
        """Tell what has come since, and what has become due; whether there was anything."""
        now = self._desk.clock.now()
        try:
            told, found = await asyncio.wrap_future(self._desk.read(news.since, told, now))
            ahead = await asyncio.wrap_future(self._desk.read(deadlines.ahead, self._config, now))
            due = await self._claim(now) if ahead.is_due and not self._desk.read_only else ()
        except TuideskError:  # the screen says what is wrong with the store
            self._sleep(now + _AGAIN)
            return False
        self._told = told
        self._sleep(ahead.again)
        items = [*filter(self._is_wanted, found), *due]
        if items:
            self._ring(items, quiet=ahead.is_quiet)
        return bool(items)

    async def _claim(self, now: Instant) -> tuple[Item, ...]:
        claim = self._desk.write(lambda connection: deadlines.claim(connection, self._config, now))
        return await asyncio.wrap_future(claim)

    def _sleep(self, until: Instant | None) -> None:
        """Look again then, unless something changes before."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if until is not None:
            left = max((until - self._desk.clock.now()) / 1000, 0.05)
            self._timer = asyncio.get_running_loop().call_later(min(left, _NAP_S), self._woken, until)

    def _woken(self, until: Instant) -> None:
        if self._desk.clock.now() >= until:
            self._heard()
        else:
            self._sleep(until)

    def _is_wanted(self, item: Item) -> bool:
        return item.kind in self._config.on or (item.kind == "mine" and "new" in self._config.on)

    def _ring(self, items: Sequence[Item], *, quiet: bool) -> None:
        self._fresh |= {item.conversation: item for item in items}
        self.say_title()
        if not quiet:
            words = notice.in_words(items, named=not self._app.is_locked)
            notice.tell(self._config, words, self._app.write_out)

    def say_title(self, *, again: bool = False) -> None:
        """What there is, in the title of the window; nothing of it where others may look on."""
        if not self._app.has_title:
            return
        fresh = [] if self._app.is_locked else list(self._fresh.values())
        words = notice.in_words(fresh, named=False) if fresh else say("notify.title")
        if again or words != self._shown:
            self._shown = words
            self._app.write_out(outward.title(words, os.environ))
