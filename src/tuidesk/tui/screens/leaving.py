"""Leaving, for good or for a break: what is in hand, or still going out, is named first. Methods are named after the
actions (`domain.actions`)."""

import asyncio
from typing import TYPE_CHECKING

from tuidesk.desk import read
from tuidesk.desk.desk import Desk
from tuidesk.desk.handing import HandoverList
from tuidesk.desk.picture import Leaving as GoingOut
from tuidesk.domain.commands import Away, Back, Handover, Settle
from tuidesk.domain.model import Person
from tuidesk.domain.text import clean, cut
from tuidesk.tui.screens.choosing import people
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
        self._screen.choosing.ask_whether(self._ask_to_quit(), "quit")

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

    # Hand-over and breaks

    def handover(self, typed: str = "") -> None:
        """All that is mine to a colleague, or to nobody: whom is chosen first, then what goes is shown."""
        self._screen.choosing.ask_about(self._to_whom(typed))

    async def _to_whom(self, typed: str) -> None:
        me = self._desk.settings.agent
        find = people(me, await self._screen.ask(read.agents), but_me=True)

        def chosen(whom: Person | str) -> None:
            to = None if isinstance(whom, str) else whom
            self._screen.choosing.ask_whether(self._ask_handover(to))

        title, hint = say("tui.choose_handover"), say("tui.choose_handover_hint")
        await self._screen.choosing.choose(title, hint, find, typed, chosen)

    async def _ask_handover(self, to: Person | None) -> None:
        screen = self._screen
        found: HandoverList = await screen.ask(read.handover, screen.showing.now())
        if not found.mine and not found.drafts:
            screen.tell(say("desk.handover_nothing"))
            return
        question = _handover_question(found, to, screen.key("undo"))
        screen.app.push_screen(
            question, lambda said: screen.acting.obey(Handover(to=to)) if said == "yes" else None
        )

    def away(self, reason: str = "") -> None:
        """A break begins, or, without a reason, the one that runs is over."""
        self._screen.work(self._away(reason), "commands")

    async def _away(self, reason: str) -> None:
        screen = self._screen
        is_over = not reason and await screen.ask(read.away) is not None
        screen.acting.obey(Back() if is_over else Away(reason=reason))

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
            text=cut(clean(" ".join(one.text.split()), lines=False), 30),
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


_PARTS = ("open", "waiting", "snoozed", "drafts", "failed", "unknown")


def _handover_question(found: HandoverList, to: Person | None, undo: str) -> Question:
    """What goes, part by part, each with its first numbers."""
    lines = []
    for part in _PARTS:
        rows = getattr(found, part)
        if rows:
            named = " ".join(f"#{row.n}" for row in rows[:6]) + (" …" if len(rows) > 6 else "")
            lines.append(say(f"tui.hand_{part}", count=len(rows), named=named))
    if found.unbegun:
        lines.append(say("desk.handover_start"))
    count = len({row.n for row in (*found.mine, *found.drafts)})
    whom = cut(clean(to.name or to.handle, lines=False), 30) if to is not None else ""
    title = say("tui.handover_title", count=count, whom=whom) if to else say("tui.let_go_title", count=count)
    return Question(title, lines, (Answer("y", say("tui.many_yes", key=undo), "yes"),))
