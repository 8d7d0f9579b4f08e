"""What an agent does to conversations. Methods are named after the actions (`domain.actions`).

A command is bound to the conversation when the key is pressed; what is asked afterwards changes nothing in that.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from tuidesk.desk import read
from tuidesk.desk.desk import Desk
from tuidesk.desk.picture import Leaving, ShownMessage
from tuidesk.domain import actions, when
from tuidesk.domain.actions import Action
from tuidesk.domain.commands import (
    Assign,
    Command,
    Complete,
    Done,
    Pending,
    Reopen,
    Settle,
    Snooze,
    Undo,
)
from tuidesk.domain.text import clean, cut
from tuidesk.errors import UsageError
from tuidesk.tui.screens.accounts import Accounts
from tuidesk.tui.screens.help import Help
from tuidesk.tui.screens.palette import Palette
from tuidesk.tui.screens.question import Answer, Question
from tuidesk.tui.screens.showing import DOOR
from tuidesk.tui.screens.source import Source
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.screens.desk import DeskScreen

_SEND_NOW_S = 15.0
"""How long quitting waits for replies that were told to leave now."""
_NOT_OFFERED = frozenset({"palette", "palette-writing", "quit-hint", "send-hint", "send"})
"""What the palette does not list. A text leaves by its own key alone: letters and an Enter can be pasted."""


class Acting:
    """Keys → commands."""

    def __init__(self, screen: "DeskScreen", desk: Desk) -> None:
        self._screen = screen
        self._desk = desk
        self._asked_about = 0
        """The conversation that the prompt is about."""
        self._after_answer: Callable[[], None] = lambda: None
        self._last_snooze = "tomorrow 9"
        self._steps = asyncio.Lock()
        """An undo waits for the step before it, which it takes back."""

    async def do(self, command: Command) -> Done:
        """Carry a command out; it is on disk when this returns."""
        done = await self._screen.outcome(self._desk.do(command))
        if done.step is not None:
            self._screen.showing.undoable = done.step, done.words
        return done

    def _obey(self, command: Command, then: Callable[[], None] = lambda: None) -> None:
        self._screen.work(self._carry_out(command, then), "commands")

    async def _carry_out(self, command: Command, then: Callable[[], None]) -> None:
        async with self._steps:
            done = await self.do(command)
        self._screen.tell(done.words)
        then()

    def _target(self) -> int | None:
        n = self._screen.target
        if n is None:
            self._screen.tell(say("tui.no_conversation"), wrong=True)
        return n

    # Settling

    def complete(self) -> None:
        if (n := self._target()) is not None:
            self.complete_this(n)

    def complete_this(self, n: int, seen: tuple[tuple[int, int], ...] | None = None) -> None:
        """Complete, and on to the next. `seen`: as of the key, where the screen has changed since."""
        seen = self.seen(n) if seen is None else seen
        self._obey(Complete(conversations=(n,), seen=seen), lambda: self._advance(n))

    def complete_stay(self) -> None:
        if (n := self._target()) is not None:
            self._obey(Complete(conversations=(n,), seen=self.seen(n)))

    def seen(self, n: int) -> tuple[tuple[int, int], ...]:
        """The newest customer message of it that was on the screen."""
        shown = self._screen.thread.thread
        if self._screen.at != "queue" and shown is not None and shown.row.n == n:
            last = self._screen.thread.last_seen or 0
            inbound = [
                item.n
                for item in shown.items
                if isinstance(item, ShownMessage)
                and (item.direction, item.kind) == ("in", "person")  # a bounce is no customer's word
                and item.n <= last
            ]
            return ((n, max(inbound, default=0)),)
        row = self._screen.queue.row
        return ((n, row.last_in),) if row is not None and row.n == n else ()

    def _advance(self, n: int) -> None:
        """To the next conversation, if the screen is still at this one."""
        if self._screen.target == n:
            self._screen.moving.other_conversation(1)

    def reopen(self) -> None:
        if (n := self._target()) is not None:
            self._obey(Reopen(conversations=(n,)))

    def take(self) -> None:
        if (n := self._target()) is not None:
            self._obey(Assign(conversations=(n,), to=self._desk.settings.agent))

    def undo(self) -> None:
        self._screen.work(self._undo(), "commands")

    async def _undo(self) -> None:
        was = self._screen.queue.current
        async with self._steps:
            number, _ = self._screen.showing.undoable
            done = await self.do(Undo(door=DOOR, step=number))
        self._screen.tell(say("tui.undone", what=clean(done.words, lines=False)))
        is_still_here = self._screen.at == "queue" and self._screen.queue.current == was
        if is_still_here and len(done.conversations) == 1:
            self._screen.queue.go_to(done.conversations[0])
        if gone := await self._screen.showing.forget(done.conversations):
            left = [n for n in done.conversations if n not in gone]
            self._screen.composing.open_again(*(left[0], "forward") if left else (0, "start"))

    def pending(self) -> None:
        if (n := self._target()) is not None:
            self.ask_pending(n, lambda: self._advance(n))

    def ask_pending(self, n: int, then: Callable[[], None]) -> None:
        self._asked_about, self._after_answer = n, then
        self._screen.prompt.ask(
            "pending", say("tui.ask_pending", n=n), placeholder=say("tui.ask_pending_empty")
        )

    def snooze(self) -> None:
        if (n := self._target()) is not None:
            self.ask_snooze(n, lambda: self._advance(n))

    def ask_snooze(self, n: int, then: Callable[[], None]) -> None:
        self._asked_about, self._after_answer = n, then
        hint = say("tui.ask_snooze_empty", last=self._last_snooze)
        self._screen.prompt.ask("snooze", say("tui.ask_snooze", n=n), placeholder=hint)

    def answered(self, question: str, answer: str) -> None:
        """The prompt was answered."""
        n = self._asked_about
        match question:
            case "search" if words := answer.strip() or self._screen.showing.typed:
                self._screen.go("queue")
                self._screen.showing.open_view("search", typed=words)
            case "pending":
                self._obey(
                    Pending(conversations=(n,), pending_for=answer.strip() or None), self._after_answer
                )
            case "snooze":
                self._snooze(n, answer.strip() or self._last_snooze)
            case "attach":
                self._screen.composing.attach_this(answer)

    def _snooze(self, n: int, typed: str) -> None:
        try:
            until = when.parse(typed, self._screen.showing.now())
        except UsageError as error:
            self._screen.tell(str(error), wrong=True)
            self._screen.prompt.ask("snooze", say("tui.ask_snooze", n=n), typed=typed)
            return
        self._last_snooze = typed
        self._obey(Snooze(conversations=(n,), until=until.at, firm=until.firm), self._after_answer)

    # Files

    def download(self) -> None:
        if not self._screen.thread_in_view or not self._screen.thread.download():
            self._screen.tell(say("tui.no_file"))

    def save(self, message: int, ref: str, name: str) -> None:
        """An attachment into the folder for downloads."""
        shown = cut(clean(name, lines=False), 40)
        self._screen.tell(say("tui.downloading", name=shown))
        type = self._screen.carrying.type_of(message, ref)
        self._screen.work(self._save(message, ref, name, type), "download")

    async def _save(self, message: int, ref: str, name: str, type: str) -> None:
        path = await self._screen.outcome(self._desk.download(message, ref, name))
        self._screen.carrying.saved(path, type)

    def source(self) -> None:
        message = self._screen.thread.current if self._screen.thread_in_view else None
        if message is None:
            self._screen.tell(say("tui.no_message"))
        else:
            self.show_source(message.n)

    def show_source(self, message: int) -> None:
        """The whole of a message as it came, in a screen of its own."""
        self._screen.work(self._show_source(message), "source", exclusive=True)

    async def _show_source(self, message: int) -> None:
        data = await self._screen.outcome(self._desk.source(message))
        self._screen.app.push_screen(Source(message, data))

    # Leaving

    def ask_to_quit(self) -> None:
        self._screen.work(self._ask_to_quit(), "quit", exclusive=True)

    async def _ask_to_quit(self) -> None:
        leaving: tuple[Leaving, ...] = await self._screen.ask(read.leaving)
        self._screen.app.push_screen(_quit_question(leaving), lambda how: self._quit(how, leaving))

    def _quit(self, how: str | None, leaving: tuple[Leaving, ...]) -> None:
        if how == "now":
            self._screen.work(self._send_and_quit(leaving), "quit", exclusive=True)
        elif how == "quit":
            self._screen.end()

    async def _send_and_quit(self, leaving: tuple[Leaving, ...]) -> None:
        for one in leaving:
            if one.state == "queued":
                await self.do(Settle(key=one.key, how="now"))
        self._screen.tell(say("tui.sending_now", count=len(leaving)))
        until = self._desk.clock.monotonic() + _SEND_NOW_S
        while await self._screen.ask(read.leaving):
            if self._desk.clock.monotonic() > until:
                self._screen.tell(say("tui.not_all_left", key=self._screen.key("quit")), wrong=True)
                return
            await asyncio.sleep(0.1)
        self._screen.end()

    # Other screens

    def accounts(self) -> None:
        self._screen.app.push_screen(Accounts(self._desk))

    def help(self) -> None:
        self._screen.app.push_screen(Help(self._screen.place, self._screen.keymap))

    def help_writing(self) -> None:
        self.help()

    def palette(self) -> None:
        place = self._screen.place

        def chosen(action: Action | None) -> None:
            if action is not None:
                self._screen.obey(action)

        offered = tuple(
            action for action in actions.here(place, self._screen.keymap) if action.id not in _NOT_OFFERED
        )
        self._screen.app.push_screen(Palette(offered), chosen)

    def palette_writing(self) -> None:
        self.palette()

    def suspend(self) -> None:
        self._screen.sleep()


def _quit_question(leaving: tuple[Leaving, ...]) -> Question:
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
