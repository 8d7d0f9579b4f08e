"""Canned replies on the screen: picked, asked about, put into a text; what they do besides goes with the reply."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from tuidesk.desk import canned as desk_canned
from tuidesk.desk.canned import Customer, Library, Shelf
from tuidesk.desk.desk import Desk
from tuidesk.desk.threads import on_thread
from tuidesk.domain import canned, channel_canned
from tuidesk.domain.canned import Canned
from tuidesk.domain.commands import Command, Reply, RunMacro
from tuidesk.domain.guards import Ask
from tuidesk.domain.model import Inserted
from tuidesk.domain.text import clean, cut
from tuidesk.errors import UsageError
from tuidesk.tui import freshness
from tuidesk.tui.screens.canned_picker import Offers, Picked, Picker
from tuidesk.tui.screens.canned_questions import Answers, Questions
from tuidesk.tui.widgets.writing import Written
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.screens.desk import DeskScreen

_SAID = 40
"""Cells of a name in the line above the keys."""


class CannedReplies:
    """Between the picker, the composer and the desk. Methods without arguments are named after actions."""

    def __init__(self, screen: "DeskScreen", desk: Desk) -> None:
        self._screen = screen
        self._desk = desk
        self._shelf = Shelf(desk.config)

    def canned(self) -> None:
        """For the conversation at the mark: into a reply to it, or done at once where it only acts."""
        n = self._screen.target
        if n is None:
            self._screen.tell(say("tui.no_conversation"), wrong=True)
            return
        seen = self._screen.acting.seen(n)
        self._pick(n, "", lambda reply, made, customer: self._use(reply, made, customer, n, seen))

    def canned_writing(self, *, by_slash: bool = False) -> None:
        """Into the text that is being written, at the cursor. `by_slash`: `/` was typed for it, and may be meant."""
        composer = self._screen.composer
        if composer.is_open and composer.slot is not None:
            slot = composer.slot

            def chosen(reply: Canned, made: Inserted, _: Customer) -> None:
                if composer.slot == slot:
                    self._insert(reply, made)

            self._pick(slot.conversation, composer.medium, chosen, writing=True, by_slash=by_slash)

    def _pick(
        self,
        n: int,
        medium: str,
        then: Callable[[Canned, Inserted, Customer], None],
        *,
        writing: bool = False,
        by_slash: bool = False,
    ) -> None:
        opening = self._open(n, medium, then, writing=writing, by_slash=by_slash)
        self._screen.choosing.ask_about(opening)

    async def _open(
        self,
        n: int,
        medium: str,
        then: Callable[[Canned, Inserted, Customer], None],
        *,
        writing: bool,
        by_slash: bool,
    ) -> None:
        screen = self._screen
        library = await self._library()
        customer = await self._customer(n)
        used = await screen.ask(desk_canned.stats)
        has_begun = writing and not (self._is_reply() and not screen.composer.text.strip())
        if not n:
            customer = await self._starting(customer)
        is_alone = customer.calls_for != "template"  # the others stand alone in their letter
        calls_for = "" if has_begun and is_alone else customer.calls_for
        whom = customer._replace(medium=medium or customer.medium, calls_for=calls_for)
        acts = not writing or self._is_reply()
        offers = Offers(library, whom, used, writing=writing, by_slash=by_slash, acts=acts)

        def picked(answer: Picked | None) -> None:
            if answer == "/":
                screen.composer.insert("/")
            elif isinstance(answer, Canned):
                if answer.survey is not None and (why := whom.why_no_survey(answer.survey)):
                    screen.tell(say("canned.not_now", why=why), wrong=True)
                    return
                self._fill(answer, whom, library, lambda made: then(answer, made, whom))

        await screen.choosing.put_up(Picker(offers), picked)

    async def _library(self) -> Library:
        return await self._screen.outcome(on_thread(self._shelf.load, "tuidesk-canned"))

    async def _customer(self, n: int) -> Customer:
        agent, accounts = self._desk.settings.agent, self._desk.accounts
        found: Customer = await self._screen.ask(
            desk_canned.customer, agent, accounts, n, self._screen.showing.now()
        )
        return found

    async def _starting(self, customer: Customer) -> Customer:
        """With what the channel keeps by which a new conversation leaves."""
        composer = self._screen.composer
        account = composer.account
        kept = await self._screen.ask(desk_canned.of_channel, account, composer.medium) if account else ()
        return customer._replace(kept=kept)

    def _fill(
        self, reply: Canned, customer: Customer, library: Library, then: Callable[[Inserted], None]
    ) -> None:
        """The text for this customer, once everything that is missing has been asked."""
        bodies = canned.bodies(library.with_shipped())

        def answered(answers: Answers | None) -> None:
            if answers is not None:
                then(channel_canned.inserted(reply, customer.values, answers, bodies))

        try:
            holes = canned.filled(reply, customer.values, {}, bodies).holes
        except UsageError as error:
            self._screen.tell(str(error), wrong=True)
            return
        if holes:
            self._screen.app.push_screen(Questions(reply, customer.values, bodies), answered)
        else:
            answered({})

    # What is done with it

    def _use(
        self, reply: Canned, made: Inserted, customer: Customer, n: int, seen: tuple[tuple[int, int], ...]
    ) -> None:
        if reply.body:
            self._screen.composing.reply_with(n, lambda: self._insert(reply, made))
            return
        self._screen.work(self._run(reply, customer, n, seen), "commands")

    async def _run(
        self, reply: Canned, customer: Customer, n: int, seen: tuple[tuple[int, int], ...]
    ) -> None:
        agent = self._desk.settings.agent
        acts = desk_canned.acts(reply.name, reply.then, (n,), agent, customer.agents, seen)
        done = await self._screen.acting.do(RunMacro(name=reply.name, conversations=(n,), acts=acts))
        self._screen.tell(done.words)

    def _insert(self, reply: Canned, made: Inserted) -> None:
        composer = self._screen.composer
        composer.insert_canned(made)
        missing = []
        for path in reply.attachments:
            if os.path.isfile(path):
                composer.attach(path, os.path.getsize(path))
            else:
                missing.append(path)
        called = cut(clean(reply.called, lines=False), _SAID)
        if missing:
            self._screen.tell(say("tui.no_such_file", path=missing[0]), wrong=True)
        elif reply.then and self._is_reply():
            self._screen.tell(
                say("canned.inserted_then", name=called, then=desk_canned.then_words(reply.then))
            )
        elif reply.survey is not None and self._is_reply():
            self._screen.tell(say("canned.inserted_survey", name=called))
        elif reply.template and channel_canned.left_as(composer.text, composer.written().canned) is None:
            self._screen.tell(say("canned.template_beside", name=called), wrong=True)
        elif reply.template:
            self._screen.tell(say("canned.inserted_template", name=called))
        elif reply.holding and self._is_reply():
            self._screen.tell(say("canned.inserted_holding", name=called))
        else:
            self._screen.tell(say("canned.inserted", name=called))

    def _is_reply(self) -> bool:
        slot = self._screen.composer.slot
        return slot is not None and slot.mode == "reply"

    # When it leaves

    async def with_meaning(self, command: Command) -> Command:
        """A reply with what the canned replies make of it."""
        if not isinstance(command, Reply) or not command.canned:
            return command
        library, customer = await self._library(), await self._customer(command.conversation)
        return desk_canned.meant(command, library, customer, self._desk.settings.agent)

    async def asks(self, written: Written) -> tuple[Ask, ...]:
        """Why to look again before a text leaves: it is nothing but canned, and this customer had that before."""
        slot, inserted = written.slot, canned.remaining(written.text, written.canned)
        if not canned.is_scripted(written.text, inserted):
            return ()
        names = [one.name for one in inserted]
        had = await self._screen.ask(desk_canned.given, slot.conversation, names)
        if not had:
            return ()
        now = self._screen.showing.now()
        customer = await self._customer(slot.conversation)
        was = next((one for one in had if canned.is_same(written.text, one.text)), None)
        words = "canned.had_same" if was is not None else "canned.had_alike"
        shown = was or had[0]
        who = cut(clean(canned.first_name(customer.name) or customer.name, lines=False), _SAID)
        return (Ask("canned", say(words, who=who, name=shown.name, ago=freshness.ago(shown.at, now))),)
