"""Tells an agent who does not look: bell, notification, title, a program. Each thing once, several at a time."""

import asyncio
import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tuidesk.desk import news
from tuidesk.desk.desk import Desk
from tuidesk.desk.news import Item, Mark
from tuidesk.desk.picture import Change
from tuidesk.domain.text import clean, cut
from tuidesk.errors import TuideskError
from tuidesk.tui import outward, when
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.app import DeskApp

_GATHER_S = 1.0
"""What comes together is told together."""
_APART_S = 10.0
"""Two alarms are at least so far apart: a storm rings no storm."""
_NAMED = 3


class Alarm:
    """Listens to the desk, and rings."""

    def __init__(self, app: "DeskApp", desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._config = desk.config.file.notify
        self._told: Mark | None = None
        self._fresh: set[int] = set()
        """Conversations with news that the agent has not been at the keyboard for."""
        self._shown = ""
        self._is_looking = False
        self._is_stale = False

    async def start(self) -> None:
        """From now on; what is there already is told by the screen."""
        if not self._config.on:
            return
        self._told = await asyncio.wrap_future(self._desk.read(news.mark))
        loop = asyncio.get_running_loop()

        def heard(_: frozenset[Change]) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._heard)

        self._desk.listen(heard)
        self.say_title()

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
                if self._told is None:
                    return
                try:
                    asked = self._desk.read(news.since, self._told, self._desk.clock.now())
                    told, found = await asyncio.wrap_future(asked)
                except TuideskError:
                    continue  # the screen says what is wrong with the store
                self._told = told
                if items := [item for item in found if self._is_wanted(item)]:
                    self._ring(items)
                    await asyncio.sleep(_APART_S)
        finally:
            self._is_looking = False

    def _is_wanted(self, item: Item) -> bool:
        return item.kind in self._config.on or (item.kind == "mine" and "new" in self._config.on)

    def _ring(self, items: Sequence[Item]) -> None:
        self._fresh |= {item.conversation for item in items}
        self.say_title()
        if is_quiet(self._config.quiet, when.clock(self._desk.clock.now())):
            return
        words = in_words(items, named=not self._app.is_locked)
        if self._config.bell:
            self._app.write_out(outward.BELL)
        if self._config.osc != "off":
            self._app.write_out(outward.notice(words, self._config.osc, os.environ))
        if self._config.command:
            from tuidesk.desk import programs

            programs.start(programs.filled(self._config.command, words))

    def say_title(self, *, again: bool = False) -> None:
        """How many there are, in the title of the window; none where others may look on."""
        if not self._app.has_title:
            return
        count = 0 if self._app.is_locked else len(self._fresh)
        words = say("notify.title_new", count=count) if count else say("notify.title")
        if again or words != self._shown:
            self._shown = words
            self._app.write_out(outward.title(words, os.environ))


def in_words(items: Sequence[Item], *, named: bool) -> str:
    """`tuidesk: 2 new, from Dana Ortiz, Jun Park; 1 back`; without names where others may look on."""
    parts = []
    for kind in ("mine", "new", "back", "check"):
        if of_kind := [item for item in items if item.kind == kind]:
            words = say(f"notify.{kind}", count=len(of_kind))
            who = _who(of_kind) if named else ""
            parts.append(say("notify.from", what=words, who=who) if who else words)
    return say("notify.all", what="; ".join(parts))


def _who(items: Iterable[Item]) -> str:
    names = list(dict.fromkeys(name for item in items if (name := cut(clean(item.name, lines=False), 30))))
    more = [say("notify.more", count=len(names) - _NAMED)] if len(names) > _NAMED else []
    return ", ".join([*names[:_NAMED], *more])


def is_quiet(span: str, clock: str) -> bool:
    """Whether a time of the day, `23:10`, lies within `22:00-07:00`; never within ""."""
    start, _, end = span.partition("-")
    if not span or start == end:
        return False
    return start <= clock < end if start < end else clock >= start or clock < end
