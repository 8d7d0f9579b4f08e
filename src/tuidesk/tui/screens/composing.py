"""Writing: opens the composer with what it needs, saves its drafts, sends what it hands over."""

import asyncio
import os
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, cast

from tuidesk.desk import enclosing, passage, pathnames, read, routes, starts
from tuidesk.desk.desk import Desk
from tuidesk.desk.passage import Passage
from tuidesk.desk.picture import Draft, Recipients, ShownMessage, Thread
from tuidesk.desk.starts import Way
from tuidesk.domain import guards
from tuidesk.domain.commands import Forward, Mode, Reply, Start
from tuidesk.domain.completion import Completion
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Person, Unit, Watch
from tuidesk.domain.quoting import quoted
from tuidesk.domain.text import clean, cut
from tuidesk.errors import TuideskError
from tuidesk.tui import when
from tuidesk.tui.widgets.composer import Composer
from tuidesk.tui.widgets.draft_text import DraftText
from tuidesk.tui.widgets.writing import Sheet, Slot, Written
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.screens.desk import DeskScreen


_LOOK_S = 5.0
"""How long a disk has to show a file that is to go along."""


class Composing:
    """Between the composer and the desk."""

    def __init__(self, screen: "DeskScreen", desk: Desk) -> None:
        self._screen = screen
        self._desk = desk
        self._describing = ""
        """Path of the picture whose description is asked for."""

    # Opening

    def reply(self) -> None:
        self._open("reply")

    def reply_editor(self) -> None:
        """A reply, in the agent's own editor."""
        n = self._screen.target
        if n is None:
            self._screen.tell(say("tui.no_conversation"), wrong=True)
        else:
            self._begin(self._open_on(n, "reply"), self._screen.editing.edit)

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

    def open_again(self, n: int, mode: Mode, failed: str = "") -> None:
        """The composer with a text that came back. `failed`: why it was not sent."""
        self._begin(self._open_start(failed) if mode == "start" else self._open_on(n, mode, failed))

    def _begin(self, opening: Coroutine[Any, Any, None], then: Callable[[], None] = lambda: None) -> None:
        """What is typed from now on is text: it waits until there is a field for it, and is obeyed by nobody else."""
        self._screen.turnstile.shut()
        self._screen.work(self._until_open(opening, then), "composer", exclusive=True)

    async def _until_open(self, opening: Coroutine[Any, Any, None], then: Callable[[], None]) -> None:
        composer = self._screen.composer
        try:
            await opening
            while composer.is_open and not composer.has_focus_within:
                await asyncio.sleep(0.005)  # the focus comes by a message of its own
        finally:
            self._screen.turnstile.open(forget=not composer.has_focus_within)
        if composer.is_open:
            then()

    async def _open_on(self, n: int, mode: Mode, failed: str = "") -> None:
        """The composer below the thread it is about, never below another one.

        A reply that failed is the text to go on with: answered anew, the customer might get both.
        """
        screen, now = self._screen, self._screen.showing.now()
        thread: Thread = await screen.ask(read.thread, n, now)
        if mode == "reply" and (why_not := _why_no_reply(thread, n)):
            screen.tell(why_not, wrong=True)
            return
        if mode == "reply" and thread.row.trouble == "failed" and not failed:
            failed = await screen.replies.bring_back(thread)
        recipients: Recipients | None = None
        if mode == "reply":
            ours, own = self._desk.ours(thread.row.account), self._desk.settings.agent_addresses
            recipients = await screen.ask(read.recipients, n, ours, None, own)
        draft = await screen.ask(read.draft, n, mode)
        if screen.thread.conversation != n:
            screen.showing.open_thread(n, looked_at=True)
            screen.thread.show(thread, now)
        screen.go("thread")
        passes_on = _newest_of_theirs(thread) if mode == "forward" else None
        way = await self._passage(n, passes_on) if mode == "forward" else None
        medium = recipients.medium if recipients is not None else thread.row.medium
        medium = way.medium if way is not None else medium
        chosen = draft.visibility if draft is not None and mode == "reply" else ""
        visibility = chosen or (recipients.visibility if recipients is not None else thread.row.visibility)
        labels = {file.id: file.name for file in self._desk.accounts.values()}
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
                passes_on=passes_on,
                via="" if way is None or way.account == thread.row.account else labels[way.account],
                quotes=way is not None and not way.whole,
                visibility=chosen,
                routes=await screen.ask(routes.of, n, labels) if mode == "reply" else (),
                failed=failed,
                closed=_closed(thread, now) if mode == "reply" else "",
                answers=_seen_by(thread),
                newest=max((item.n for item in thread.items if isinstance(item, ShownMessage)), default=0),
                watch=await self._watch(),
            )
        )
        screen.say_keys()
        if mode == "reply":
            await screen.marking.say_answered(n)

    async def _passage(self, n: int, passes_on: ShownMessage | None) -> Passage | None:
        """By which account, and how, a message of theirs is passed on."""
        at = passes_on.n if passes_on is not None else None
        way: Passage | None = await self._screen.ask(passage.of, n, at, tuple(self._desk.accounts))
        return way

    def start_conversation(self) -> None:
        self._begin(self._open_start())

    async def _open_start(self, failed: str = "") -> None:
        screen = self._screen
        labels = {file.id: file.name for file in self._desk.accounts.values()}
        if not labels:
            screen.tell(say("tui.no_accounts"), wrong=True)
            return
        found: tuple[Way, ...] = await screen.ask(starts.of, labels, screen.target)
        ways = [way._replace(hold_s=self._desk.settings.hold(way.medium, "direct")) for way in found]
        if not ways:
            screen.tell(say("tui.cannot_start"), wrong=True)
            return
        draft: Draft | None = await screen.ask(read.draft, 0, "start")
        screen.go("thread")
        screen.composer.open(
            Sheet(
                conversation=0,
                mode="start",
                draft=draft,
                ways=ways,
                way=_nearest(ways),
                failed=failed,
                watch=await self._watch(),
            )
        )
        screen.say_keys()

    async def _watch(self) -> Watch:
        """What texts are looked through for: the words of the config, and the names of the team."""
        team: tuple[Person, ...] = await self._screen.ask(read.agents)
        settings = self._desk.settings
        own = (settings.agent.name, *settings.agent_addresses)
        called = [word for person in team if not person.me for word in (person.name, person.handle)]
        return replace(settings.watch, colleagues=guards.colleagues(called, own))

    # Drafts

    def save(self, event: Composer.DraftChanged) -> None:
        """To disk, before everything else."""
        self._screen.work(self._save(event), "drafts")

    async def _save(self, event: Composer.DraftChanged) -> None:
        slot, text = event.written.slot, event.written.text
        try:
            await self._screen.outcome(self._desk.do(event.written.draft()))
        except TuideskError as error:
            self._screen.composer.not_saved(slot.conversation, slot.mode, str(error))
        else:
            self._screen.composer.saved(slot.conversation, slot.mode, text)

    async def follow(self) -> None:
        """Drafts have changed: perhaps the open one, from another screen or the shell."""
        composer = self._screen.composer
        if (before := composer.at_rest) is None:
            return
        slot = before.slot
        draft: Draft | None = await self._screen.ask(read.draft, slot.conversation, slot.mode)
        if draft is not None:
            composer.follow(before, draft)

    def save_all(self) -> None:
        """Everything that may not be on disk yet, now: the terminal is going. Waits half a second at most."""
        for written in self._screen.composer.unsaved():
            future = self._desk.do(written.draft())
            try:
                future.result(0.5)
            except (TuideskError, TimeoutError):
                continue  # there is nobody left to tell; the next draft may still be saved

    def left(self) -> None:
        """The composer is closed."""
        self._screen.go("thread" if self._screen.thread.conversation is not None else "queue")

    # What is answered

    def quote(self, n: int) -> None:
        """The message at the thread's cursor, or the customer's newest; never words that were for the team alone."""
        pane = self._screen.thread
        if pane.thread is None or pane.conversation != n:
            return
        at = pane.current
        message = at if at is not None and at.direction != "note" else _newest_of_theirs(pane.thread)
        text = _quoted(message, self._screen.showing.now()) if message is not None else ""
        if text:
            self._screen.composer.insert(text)
        else:
            self._screen.tell(say("composer.no_quote"), wrong=True)

    # Files

    def ask_file(self, typed: str = "") -> None:
        """Which file goes along; with nothing typed, the last one does not."""
        files = self._screen.composer.files
        hint = say("tui.ask_file_empty", name=_name(files[-1])) if files else say("tui.ask_file_hint")
        words = say("tui.ask_file")
        self._screen.put_question("attach", words, typed=typed, placeholder=hint, complete=_paths)

    def attach_this(self, typed: str) -> None:
        composer = self._screen.composer
        if not typed.strip():
            for last in composer.files[-1:]:
                composer.detach(last)
                self._screen.tell(say("tui.detached", name=_name(last)))
            self.focus()
            return
        self._screen.turnstile.shut()  # what is typed now is meant for the text, or for the path that is asked again
        self._screen.work(self._attach(typed), "attach", exclusive=True)

    async def _attach(self, typed: str) -> None:
        """Look whether the file can go along, before anything is sent: it may lie on a disk that is slow."""
        composer, path = self._screen.composer, os.path.expanduser(typed.strip())
        try:
            account, caps = await self._screen.ask(enclosing.takes, self._taking(composer.written()))
            paths = tuple(dict.fromkeys((*composer.files, path)))
            looking = asyncio.to_thread(enclosing.look, paths, account, caps)
            looked = (await asyncio.wait_for(looking, _LOOK_S))[paths.index(path)]
            composer.attach(path, looked.size)
            self._screen.tell(say("tui.attached", name=_name(path)))
            if caps.alt and looked.type.startswith("image/"):
                self._ask_alt(path)
            else:
                self.focus()
        except (TuideskError, TimeoutError) as error:
            words = say("tui.disk_silent", path=path) if isinstance(error, TimeoutError) else str(error)
            self._screen.tell(words, wrong=True)
            self.ask_file(typed)
        finally:
            self._screen.turnstile.open(forget=False)

    def _ask_alt(self, path: str) -> None:
        """What the picture shows, for who cannot see it."""
        self._describing = path
        words, hint = say("tui.ask_alt", name=_name(path)), say("tui.ask_alt_hint")
        self._screen.put_question("describe", words, placeholder=hint)

    def describe_this(self, typed: str) -> None:
        self._screen.composer.describe(self._describing, " ".join(typed.split()))
        self.focus()

    def _taking(self, written: Written) -> enclosing.WithFiles:
        """The command that the files will go with, as far as its account is concerned."""
        if written.slot.mode == "start":
            return Start(account=written.account, to=(), text="")
        if written.slot.mode == "forward":
            return Forward(conversation=written.slot.conversation, to=())
        return Reply(conversation=written.slot.conversation, text="")

    def focus(self) -> None:
        """Back into the text."""
        self._screen.composer.query_one(DraftText).focus()


async def _paths(typed: str, cursor: int) -> Completion:
    """What a path may become."""
    return Completion(*await asyncio.to_thread(pathnames.beginning, typed[:cursor]))


def _quoted(message: ShownMessage, now: Instant) -> str:
    name = message.sender.name or message.sender.handle
    on, at = when.local(message.at), when.clock(message.at)
    sent = f"{when.day(on.date(), when.local(now).year)} {at}"
    return quoted(message.text, clean(name, lines=False).strip(), sent)


def _nearest(ways: Sequence[Way]) -> int:
    """The first by which the customer who was looked at can be written to as one likes."""
    return min(range(len(ways)), key=lambda at: (ways[at].to is None, ways[at].closed != ""))


def _newest_of_theirs(thread: Thread) -> ShownMessage | None:
    """What a forward carries along."""
    theirs = (
        item
        for item in reversed(thread.items)
        if isinstance(item, ShownMessage) and item.direction == "in" and item.kind == "person"
    )
    return next(theirs, None)


def _why_no_reply(thread: Thread, n: int) -> str:
    """In words; "" where one can be sent."""
    if not thread.can_reply:
        return say("tui.cannot_reply")
    why = clean(thread.refuses, lines=False)
    return say("desk.refuses", n=n, why=why) if why else ""


def _closed(thread: Thread, now: Instant) -> Literal["", "likely", "templates"]:
    """What is left to say where the time for replies is over."""
    if thread.only_templates:
        return "templates"
    ends = thread.row.window_ends
    return "likely" if ends is not None and ends <= now else ""


def _seen_by(thread: Thread) -> str:
    """Who could read what a reply answers."""
    theirs = _newest_of_theirs(thread)
    return theirs.visibility if theirs is not None else "public"


def _name(path: str) -> str:
    return cut(clean(path.rpartition("/")[2], lines=False), 40)
