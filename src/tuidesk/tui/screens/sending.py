"""Sending: what only the desk knows is asked, then the command is made and carried out."""

import asyncio
from typing import TYPE_CHECKING

from tuidesk.desk import moved, read
from tuidesk.desk.desk import Desk
from tuidesk.desk.picture import ShownMessage, Thread
from tuidesk.domain import guards
from tuidesk.domain.commands import Command, Forward, Note, Reply, Start
from tuidesk.domain.guards import Ask
from tuidesk.domain.instants import Instant
from tuidesk.domain.text import clean, cut
from tuidesk.errors import TuideskError
from tuidesk.tui import freshness
from tuidesk.tui.widgets.composer import Composer
from tuidesk.tui.widgets.writing import Slot
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.screens.desk import DeskScreen

_SHOWN = 120
"""Cells of a message that has come since the text was begun."""


class Sending:
    """From Ctrl+S to the outbox."""

    def __init__(self, screen: "DeskScreen", desk: Desk) -> None:
        self._screen = screen
        self._desk = desk
        self._shown: dict[Slot, int] = {}
        """The newest message that the agent was shown when a text was to leave: it stops that text once."""

    def send(self, event: Composer.SendWanted) -> None:
        """Ask what is to be asked, and send.

        Behind a note the keys are the thread's again: what is typed until it is on disk is meant for that.
        """
        self._screen.composer.sending()
        if event.slot.mode == "note":
            self._screen.turnstile.hold("note")
        self._screen.work(self._send(event), "sending")

    async def _let_go(self, slot: Slot, *, is_stored: bool) -> None:
        """What was typed behind a note goes to the thread, once the focus is there: that comes by a message."""
        if slot.mode == "note":
            while is_stored and self._screen.composer.slot is None and self._screen.composer.has_focus_within:
                await asyncio.sleep(0.005)
            self._screen.turnstile.let_go("note", forget=not is_stored)

    async def _send(self, event: Composer.SendWanted) -> None:
        screen, slot = self._screen, event.slot
        try:
            if slot.mode == "reply":
                asks = (*await screen.canned.asks(event.written), *await self._asks(event))
                if ask := next((ask for ask in asks if ask.id not in event.confirmed), None):
                    screen.composer.guard(ask)
                    return
            done = await screen.acting.do(await screen.canned.with_meaning(self._command(event)))
        except TuideskError as error:
            screen.composer.failed(slot.conversation, slot.mode, str(error))
            await self._let_go(slot, is_stored=False)
            return
        self._shown.pop(slot, None)
        n = done.conversations[0] if slot.mode == "start" and done.conversations else slot.conversation
        screen.replies.sent(done.keys[0] if done.keys else "", slot.mode, n)
        screen.composer.sent(slot.conversation, slot.mode, self._held_for(event))
        screen.tell(done.words)
        await self._let_go(slot, is_stored=True)
        if slot.mode == "start" and done.conversations:
            screen.showing.open_thread(n, looked_at=True)

    async def _asks(self, event: Composer.SendWanted) -> tuple[Ask, ...]:
        """What has come since the text was begun, and whether the channel still takes it."""
        slot, now = event.slot, self._screen.showing.now()
        thread: Thread = await self._screen.ask(read.thread, slot.conversation, now)
        asks = guards.window(thread.row.window_ends, now) if not thread.only_templates else ()
        same = await self._screen.ask(
            moved.said_already, slot.conversation, event.written.began, event.written.text
        )
        if same is not None:
            asks = (Ask("sent_already", say("guards.sent_already", ago=freshness.ago(same.at, now))), *asks)
        began = max(event.written.began, self._shown.get(slot, 0))
        news: tuple[ShownMessage, ...] = await self._screen.ask(moved.since, slot.conversation, began)
        if not news:
            return asks
        self._shown[slot] = max(message.n for message in news)
        return (*asks, _moved(news, now))

    def _command(self, event: Composer.SendWanted) -> Command:
        written, n = event.written, event.slot.conversation
        match event.slot.mode:
            case "note":
                return Note(conversation=n, text=written.text)
            case "forward":
                return Forward(
                    conversation=n,
                    message=event.passes_on,
                    to=event.to,
                    cc=event.cc,
                    bcc=event.bcc,
                    text=written.text,
                    files=written.files,
                    alts=written.alts,
                    canned=written.canned,
                    hold=True,
                )
            case "start":
                return Start(
                    account=written.account,
                    medium=written.medium,
                    to=event.to,
                    cc=event.cc,
                    bcc=event.bcc,
                    sender=written.sender or None,
                    text=written.text,
                    subject=written.subject,
                    files=written.files,
                    alts=written.alts,
                    canned=written.canned,
                    hold=True,
                )
            case _:
                return Reply(
                    conversation=n,
                    part=event.part,
                    text=written.text,
                    to=event.to,
                    cc=event.cc,
                    bcc=event.bcc,
                    sender=written.sender or None,
                    files=written.files,
                    alts=written.alts,
                    visibility=event.visibility,
                    canned=written.canned,
                    parts=True,
                    last_seen=self._last_seen(event),
                    hold=True,
                )

    def _held_for(self, event: Composer.SendWanted) -> float:
        shown, written, mode = self._screen.thread.thread, event.written, event.slot.mode
        if mode == "note":
            return 0
        if mode in ("start", "forward") or shown is None:
            return self._desk.settings.hold(written.medium or "mail", "direct")
        return self._desk.settings.hold(shown.row.medium, event.visibility or shown.row.visibility)

    def _last_seen(self, event: Composer.SendWanted) -> int | None:
        """The newest message that was before the agent: in the thread, or in a question."""
        shown, slot = self._screen.thread, event.slot
        in_thread = shown.last_seen if shown.conversation == slot.conversation else None
        return max(in_thread or 0, self._shown.get(slot, 0)) or None


def _moved(news: tuple[ShownMessage, ...], now: Instant) -> Ask:
    """`Sam answered 2 min ago: It leaves today.`, of the newest, and how many more there are."""
    newest = news[-1]
    name = newest.sender.name or newest.sender.handle
    who = say("guards.moved_you") if newest.sender.me else cut(clean(name, lines=False).strip(), 30)
    text = cut(" ".join(clean(newest.text).split()), _SHOWN)
    ago = freshness.ago(newest.at, now)
    words = say(f"guards.moved_{newest.direction}", who=who, ago=ago, text=text)
    if len(news) > 1:
        words += " " + say("guards.moved_more", count=len(news) - 1)
    return Ask(f"moved:{newest.n}", words)
