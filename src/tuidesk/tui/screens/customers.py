"""The customer beside the thread: who may be the same person, notes, what the agent's own program says.

Methods are named after the actions (`domain.actions`). A command is bound to the customer when the key is pressed.
"""

import asyncio
from typing import TYPE_CHECKING

from tuidesk.desk import customer as desk_customer
from tuidesk.desk import evidence
from tuidesk.desk.desk import Desk
from tuidesk.desk.picture import Customer
from tuidesk.domain.commands import MergeContacts, UnmergeContacts, WriteContactNote
from tuidesk.domain.text import clean, cut
from tuidesk.errors import TuideskError
from tuidesk.tui.screens.question import Answer, Question
from tuidesk.tui.widgets.customer_lines import Stop
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.screens.desk import DeskScreen

_REST_S = 0.3
"""A customer rests on the screen for so long before everybody else is looked through …"""
_LOOKUP_REST_S = 1.0
"""… and the agent's own program is asked."""
_AGAIN_S = 60.0
"""One that failed is left alone for so long."""


class Customers:
    """What is done about a customer."""

    def __init__(self, screen: "DeskScreen", desk: Desk) -> None:
        self._screen = screen
        self._desk = desk
        self._asked_about = 0
        """The customer that the prompt is about, and the note of theirs; None: a new one."""
        self._note: int | None = None
        self._looked_up: dict[int, tuple[float, str]] = {}
        """When the agent's own program was asked about a customer, and what came of it, in words."""

    # What belongs to a customer on the screen and takes longer

    def shown(self, customer: Customer) -> None:
        """A customer stands in the pane: who else may that be, and what does the agent's program say?"""
        self._screen.work(self._suggest(customer.n), "suggestions", exclusive=True)
        if self._desk.config.file.lookup.command:
            self._screen.work(self._look_up(customer), "lookup", exclusive=True)

    async def _suggest(self, contact: int) -> None:
        await asyncio.sleep(_REST_S)
        found = await asyncio.wrap_future(self._desk.read(evidence.suggestions, contact, lane="evidence"))
        self._screen.customer.suggest(contact, found)

    async def _look_up(self, customer: Customer) -> None:
        """Ask, where what is known is too old. What goes wrong is said in the pane and stops nothing."""
        begun, words = self._looked_up.get(customer.n, (0.0, ""))
        if words and self._desk.clock.monotonic() - begun < _AGAIN_S:
            self._screen.customer.say_lookup(customer.n, words)
            return
        await asyncio.sleep(_LOOKUP_REST_S)
        if not self._screen.customer_in_view or not self._desk.lookup_due(customer):
            return
        self._say_lookup(customer.n, say("customer.lookup_asks"))
        self._screen.work(self._answer(customer), "answers")  # it goes on when another customer is looked at

    async def _answer(self, customer: Customer) -> None:
        words = ""
        try:
            await asyncio.wrap_future(self._desk.look_up(customer))
        except TuideskError as error:
            words = str(error)
        self._say_lookup(customer.n, words)

    def _say_lookup(self, contact: int, words: str) -> None:
        self._looked_up[contact] = self._desk.clock.monotonic(), words
        self._screen.customer.say_lookup(contact, words)

    def unfold_wanted(self, conversation: int) -> None:
        self._screen.work(self._unfold(conversation), "unfold")

    async def _unfold(self, conversation: int) -> None:
        self._screen.customer.unfold(conversation, await self._screen.ask(desk_customer.said, conversation))

    # Keys

    def unfold(self) -> None:
        if not self._screen.customer.unfold_here():
            self._screen.tell(say("customer.unfold_nothing"))

    def contact_note(self) -> None:
        customer = self._customer()
        if customer is not None:
            self._ask_note(customer, None, "")

    def same_person(self) -> None:
        """The suggestion at the cursor, else whoever is named."""
        customer, stop = self._customer(), self._screen.customer.current
        if customer is None:
            return
        if stop is not None and stop.kind == "suggestion":
            self._ask_merge(customer, stop.n)
            return
        self._asked_about = customer.n
        self._screen.put_question("same_person", say("customer.ask_same", who=_called(customer)))

    def two_people(self) -> None:
        """No suggestion any more, or whose handle it is at the cursor split off."""
        customer, stop = self._customer(), self._screen.customer.current
        if customer is None:
            return
        if stop is not None and stop.kind == "suggestion":
            self._screen.acting.obey(UnmergeContacts(contact=customer.n, other=stop.n))
        elif stop is not None and stop.kind == "member":
            self._screen.acting.obey(UnmergeContacts(contact=stop.n))
        else:
            self._screen.tell(say("customer.split_nothing"))

    def chosen(self, stop: Stop) -> None:
        """Enter at something in the pane that is no conversation."""
        customer = self._customer()
        if customer is None:
            return
        if stop.kind == "suggestion":
            self._ask_merge(customer, stop.n)
        elif stop.kind == "note":
            note = next((note for note in customer.notes if note.n == stop.n), None)
            if note is not None:
                self._ask_note(customer, note.n, note.text)
        else:
            self._screen.tell(say("customer.member"))

    def answered(self, question: str, answer: str) -> None:
        """The prompt was answered."""
        if question == "contact_note" and (answer.strip() or self._note is not None):
            self._screen.acting.obey(
                WriteContactNote(contact=self._asked_about, text=answer, note=self._note)
            )
        elif question == "same_person" and answer.strip():
            self._screen.choosing.ask_whether(self._merge_named(self._asked_about, answer))

    # What is asked

    def _customer(self) -> Customer | None:
        customer = self._screen.customer.customer
        if customer is None:
            self._screen.tell(say("customer.none_here"), wrong=True)
        return customer

    def _ask_note(self, customer: Customer, note: int | None, text: str) -> None:
        if "\n" in text:  # the prompt has one line
            self._screen.tell(say("customer.note_in_shell", contact=customer.n, note=note), wrong=True)
            return
        self._asked_about, self._note = customer.n, note
        self._screen.put_question(
            "contact_note",
            say("customer.ask_note", who=_called(customer)),
            typed=text,
            placeholder=say("customer.ask_note_empty") if note is not None else "",
        )

    async def _merge_named(self, contact: int, named: str) -> None:
        other = await self._screen.ask(desk_customer.number_of, named)
        customer = self._screen.customer.customer
        if customer is not None and customer.n == contact:
            await self._question(customer, other, "")

    def _ask_merge(self, customer: Customer, other: int) -> None:
        why = next((one.why for one in self._screen.customer.suggestions if one.contact == other), "")
        self._screen.choosing.ask_whether(self._question(customer, other, why))

    async def _question(self, customer: Customer, other: int, why: str) -> None:
        """Both, with what is known of them, and the evidence; it is the agent who says so."""
        them: Customer = await self._screen.ask(desk_customer.of, other, self._screen.showing.now())
        lines = [_described(customer), _described(them)]
        if why:
            lines.append(say("customer.evidence", why=clean(why, lines=False)))
        answers = [Answer("y", say("customer.merge_yes"), "merge")]
        if why:
            answers.append(Answer("n", say("customer.merge_no"), "apart"))

        def said(how: str | None) -> None:
            if how == "merge":
                self._screen.acting.obey(MergeContacts(contact=customer.n, other=them.n, why=why))
            elif how == "apart":
                self._screen.acting.obey(UnmergeContacts(contact=customer.n, other=them.n))

        self._screen.app.push_screen(Question(say("customer.merge_title"), lines, answers), said)


def _called(customer: Customer) -> str:
    handles = (identity.handle for identity in customer.goes_by)
    name = customer.name or next(handles, "") or str(customer.n)
    return cut(clean(name, lines=False), 30)


def _described(customer: Customer) -> str:
    handles = ", ".join(f"{identity.handle} ({identity.medium})" for identity in customer.goes_by[:4])
    return say(
        "customer.described",
        n=customer.n,
        name=clean(customer.name, lines=False) or say("customer.unnamed"),
        handles=clean(handles, lines=False),
        count=customer.total,
    )
