"""Leaving: what is still going out is named first. Methods are named after the actions (`domain.actions`)."""

import asyncio
from typing import TYPE_CHECKING

from tuidesk.desk import read
from tuidesk.desk.desk import Desk
from tuidesk.desk.picture import Leaving as GoingOut
from tuidesk.domain.commands import Settle
from tuidesk.domain.text import clean, cut
from tuidesk.tui.screens.question import Answer, Question
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.screens.desk import DeskScreen

_SEND_NOW_S = 15.0
"""How long quitting waits for replies that were told to leave now."""


class Leaving:
    """The ways out."""

    def __init__(self, screen: "DeskScreen", desk: Desk) -> None:
        self._screen = screen
        self._desk = desk

    def ask_to_quit(self) -> None:
        self._screen.work(self._ask_to_quit(), "quit", exclusive=True)

    async def _ask_to_quit(self) -> None:
        leaving: tuple[GoingOut, ...] = await self._screen.ask(read.leaving)
        self._screen.app.push_screen(_quit_question(leaving), lambda how: self._quit(how, leaving))

    def _quit(self, how: str | None, leaving: tuple[GoingOut, ...]) -> None:
        if how == "now":
            self._screen.work(self._send_and_quit(leaving), "quit", exclusive=True)
        elif how == "quit":
            self._screen.end()

    async def _send_and_quit(self, leaving: tuple[GoingOut, ...]) -> None:
        for one in leaving:
            if one.state == "queued":
                await self._screen.acting.do(Settle(key=one.key, how="now"))
        self._screen.tell(say("tui.sending_now", count=len(leaving)))
        until = self._desk.clock.monotonic() + _SEND_NOW_S
        while await self._screen.ask(read.leaving):
            if self._desk.clock.monotonic() > until:
                self._screen.tell(say("tui.not_all_left", key=self._screen.key("quit")), wrong=True)
                return
            await asyncio.sleep(0.1)
        self._screen.end()

    def suspend(self) -> None:
        self._screen.sleep()


def _quit_question(leaving: tuple[GoingOut, ...]) -> Question:
    if not leaving:
        return Question(
            say("tui.quit_title"), (say("tui.quit_nothing"),), (Answer("q", say("tui.quit_yes"), "quit"),)
        )
    lines = [
        say(
            "tui.quit_reply",
            n=one.conversation,
            name=cut(clean(one.name, lines=False), 20),
            text=cut(clean(one.text, lines=False), 30),
        )
        for one in leaving[:6]
    ]
    if len(leaving) > 6:
        lines.append(say("tui.and_more", count=len(leaving) - 6))
    return Question(
        say("tui.quit_leaving", count=len(leaving)),
        tuple(lines),
        (Answer("s", say("tui.quit_send"), "now"), Answer("k", say("tui.quit_keep"), "quit")),
    )
