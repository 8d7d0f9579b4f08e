"""Writing: opens the composer with what it needs, saves its drafts, sends what it hands over."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, cast

from tuidesk.desk import read
from tuidesk.desk.desk import Desk
from tuidesk.desk.picture import Recipients, ShownMessage, Thread
from tuidesk.domain.commands import Command, Forward, Mode, Note, Reply, SaveDraft, Start
from tuidesk.domain.model import Unit
from tuidesk.domain.text import clean, cut
from tuidesk.errors import TuideskError
from tuidesk.tui.widgets.composer import Composer
from tuidesk.tui.widgets.draft_text import DraftText
from tuidesk.tui.widgets.writing import Sheet, Slot, Written
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.screens.desk import DeskScreen


class Composing:
    """Between the composer and the desk."""

    def __init__(self, screen: "DeskScreen", desk: Desk) -> None:
        self._screen = screen
        self._desk = desk

    # Opening

    def reply(self) -> None:
        self._open("reply")

    def note(self) -> None:
        self._open("note")

    def forward(self) -> None:
        self._open("forward")

    def _open(self, mode: Mode) -> None:
        n = self._screen.target
        if n is None:
            self._screen.tell(say("tui.no_conversation"), wrong=True)
        else:
            self._begin(self._open_on(n, mode))

    def reply_with(self, n: int, then: Callable[[], None]) -> None:
        """A reply to this conversation; `then` as soon as it can be written in."""

        async def opening() -> None:
            await self._open_on(n, "reply")
            if self._screen.composer.slot == Slot(n, "reply"):
                then()

        self._begin(opening())

    def open_again(self, n: int, mode: Mode) -> None:
        """The composer with a text that came back."""
        self._begin(self._open_start() if mode == "start" else self._open_on(n, mode))

    def _begin(self, opening: Coroutine[Any, Any, None]) -> None:
        """What is typed from now on is text: it waits until there is a field for it, and is obeyed by nobody else."""
        self._screen.turnstile.shut()
        self._screen.work(self._until_open(opening), "composer", exclusive=True)

    async def _until_open(self, opening: Coroutine[Any, Any, None]) -> None:
        composer = self._screen.composer
        try:
            await opening
            while composer.is_open and not composer.has_focus_within:
                await asyncio.sleep(0.005)  # the focus comes by a message of its own
        finally:
            self._screen.turnstile.open(forget=not composer.has_focus_within)

    async def _open_on(self, n: int, mode: Mode) -> None:
        """The composer below the thread it is about, never below another one."""
        screen, now = self._screen, self._screen.showing.now()
        thread: Thread = await screen.ask(read.thread, n, now)
        if mode == "reply" and not thread.can_reply:
            screen.tell(say("tui.cannot_reply"), wrong=True)
            return
        recipients: Recipients | None = None
        if mode == "reply":
            ours, own = self._desk.ours(thread.row.account), self._desk.settings.agent_addresses
            recipients = await screen.ask(read.recipients, n, ours, None, own)
        draft = await screen.ask(read.draft, n, mode)
        if screen.thread.conversation != n:
            screen.showing.open_thread(n, looked_at=True)
            screen.thread.show(thread, now)
        screen.go("thread")
        medium = recipients.medium if recipients is not None else thread.row.medium
        visibility = recipients.visibility if recipients is not None else thread.row.visibility
        screen.composer.open(
            Sheet(
                conversation=n,
                mode=mode,
                draft=draft,
                recipients=recipients,
                medium=medium,
                max_length=thread.max_length if mode == "reply" else None,
                unit=cast(Unit, thread.unit),
                hold_s=0 if mode == "note" else self._desk.settings.hold(medium, visibility),
                passes_on=_newest_of_theirs(thread) if mode == "forward" else None,
            )
        )
        screen.say_keys()
        if mode == "reply":
            await screen.marking.say_answered(n)

    def start_conversation(self) -> None:
        self._begin(self._open_start())

    async def _open_start(self) -> None:
        screen = self._screen
        accounts = tuple((file.id, file.name) for file in self._desk.accounts.values())
        if not accounts:
            screen.tell(say("tui.no_accounts"), wrong=True)
            return
        draft = await screen.ask(read.draft, 0, "start")
        screen.go("thread")
        screen.composer.open(
            Sheet(
                conversation=0,
                mode="start",
                draft=draft,
                accounts=accounts,
                hold_s=self._desk.settings.hold("mail", "direct"),
            )
        )
        screen.say_keys()

    # Drafts

    def save(self, event: Composer.DraftChanged) -> None:
        """To disk, before everything else."""
        self._screen.work(self._save(event), "drafts")

    async def _save(self, event: Composer.DraftChanged) -> None:
        slot, text = event.written.slot, event.written.text
        try:
            await self._screen.outcome(self._desk.do(_draft(event.written)))
        except TuideskError as error:
            self._screen.composer.not_saved(slot.conversation, slot.mode, str(error))
        else:
            self._screen.composer.saved(slot.conversation, slot.mode, text)

    def save_all(self) -> None:
        """Everything that may not be on disk yet, now: the terminal is going. Waits half a second at most."""
        for written in self._screen.composer.unsaved():
            future = self._desk.do(_draft(written))
            try:
                future.result(0.5)
            except (TuideskError, TimeoutError):
                continue  # there is nobody left to tell; the next draft may still be saved

    # Sending

    def send(self, event: Composer.SendWanted) -> None:
        screen = self._screen
        moved = self._moved_since(event)
        if moved and event.confirmed != moved:
            screen.composer.guard(moved)
            return
        screen.composer.sending()
        screen.work(self._send(event), "sending")

    def _moved_since(self, event: Composer.SendWanted) -> str:
        """Why to look again before this leaves: the customer has written meanwhile."""
        shown = self._screen.thread
        if (
            event.slot.mode != "reply"
            or shown.thread is None
            or shown.conversation != event.slot.conversation
        ):
            return ""
        seen = shown.last_seen or 0
        new = sum(
            isinstance(item, ShownMessage) and item.direction == "in" and item.n > seen
            for item in shown.thread.items
        )
        return say("tui.moved_one" if new == 1 else "tui.moved", count=new) if new else ""

    async def _send(self, event: Composer.SendWanted) -> None:
        screen, slot = self._screen, event.slot
        try:
            done = await screen.acting.do(await screen.canned.with_acts(self._command(event)))
        except TuideskError as error:
            screen.composer.failed(slot.conversation, slot.mode, str(error))
            return
        n = done.conversations[0] if slot.mode == "start" and done.conversations else slot.conversation
        screen.replies.sent(done.keys[0] if done.keys else "", slot.mode, n)
        screen.composer.sent(slot.conversation, slot.mode, self._held_for(slot.mode))
        screen.tell(done.words)
        if slot.mode == "start" and done.conversations:
            screen.showing.open_thread(n, looked_at=True)

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
                    hold=True,
                )
            case "start":
                return Start(
                    account=written.account,
                    to=event.to,
                    cc=event.cc,
                    bcc=event.bcc,
                    sender=written.sender or None,
                    text=written.text,
                    subject=written.subject,
                    files=written.files,
                    hold=True,
                )
            case _:
                shown = self._screen.thread
                return Reply(
                    conversation=n,
                    text=written.text,
                    to=event.to,
                    cc=event.cc,
                    bcc=event.bcc,
                    sender=written.sender or None,
                    files=written.files,
                    canned=written.canned,
                    last_seen=shown.last_seen if shown.conversation == n else None,
                    hold=True,
                )

    def _held_for(self, mode: Mode) -> float:
        shown = self._screen.thread.thread
        if mode == "note":
            return 0
        if mode in ("start", "forward") or shown is None:
            return self._desk.settings.hold("mail", "direct")
        return self._desk.settings.hold(shown.row.medium, shown.row.visibility)

    def left(self) -> None:
        """The composer is closed."""
        self._screen.go("thread" if self._screen.thread.conversation is not None else "queue")

    # Files

    def ask_file(self, typed: str = "") -> None:
        """Which file goes along; with nothing typed, the last one does not."""
        files = self._screen.composer.files
        hint = say("tui.ask_file_empty", name=_name(files[-1])) if files else "~/"
        self._screen.prompt.ask("attach", say("tui.ask_file"), typed=typed, placeholder=hint)

    def attach_this(self, typed: str) -> None:
        composer, path = self._screen.composer, os.path.expanduser(typed.strip())
        if not path:
            for last in composer.files[-1:]:
                composer.detach(last)
                self._screen.tell(say("tui.detached", name=_name(last)))
        elif not os.path.isfile(path) or not os.access(path, os.R_OK):
            self._screen.tell(say("tui.no_such_file", path=path), wrong=True)
            self.ask_file(typed)
            return
        else:
            composer.attach(path, os.path.getsize(path))
            self._screen.tell(say("tui.attached", name=_name(path)))
        self.focus()

    def focus(self) -> None:
        """Back into the text."""
        self._screen.composer.query_one(DraftText).focus()


def _newest_of_theirs(thread: Thread) -> ShownMessage | None:
    """What a forward carries along."""
    theirs = (
        item
        for item in reversed(thread.items)
        if isinstance(item, ShownMessage) and item.direction == "in" and item.kind == "person"
    )
    return next(theirs, None)


def _name(path: str) -> str:
    return cut(clean(path.rpartition("/")[2], lines=False), 40)


def _draft(written: Written) -> SaveDraft:
    return SaveDraft(
        conversation=written.slot.conversation or None,
        mode=written.slot.mode,
        text=written.text,
        to=written.to,
        cc=written.cc,
        subject=written.subject,
        account=written.account,
        bcc=written.bcc,
        sender=written.sender,
        files=written.files,
        canned=written.canned,
    )
