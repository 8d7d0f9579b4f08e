"""Canned replies for the desk in lines: listed, asked about a line each, put into the draft of a reply."""

from collections.abc import Callable
from dataclasses import replace

from tuidesk.cli import output
from tuidesk.desk import canned as desk_canned
from tuidesk.desk import read
from tuidesk.desk.canned import Customer, Shelf
from tuidesk.desk.canned_files import named
from tuidesk.desk.desk import Desk
from tuidesk.desk.writing_on import keeping
from tuidesk.domain import canned, channel_canned
from tuidesk.domain.canned import Canned
from tuidesk.domain.commands import Reply, RunMacro
from tuidesk.domain.model import Inserted
from tuidesk.domain.template import Placeholder
from tuidesk.words import say


class CannedLines:
    """For one agent at one desk. `ask` says a question and reads the line that answers it."""

    def __init__(self, desk: Desk, ask: Callable[[str], str]) -> None:
        self._desk = desk
        self._ask = ask
        self._shelf = Shelf(desk.config)

    def tell(self, n: int) -> None:
        """Those that may be used in a conversation, what fits its customer first."""
        customer, used = self._customer(n), self._desk.read(desk_canned.stats).result()
        found = desk_canned.offered(self._shelf.load(), customer, "", used)
        for reply in found:
            kind = f" ({words})" if (words := desk_canned.kind_words(reply)) else ""
            output.data(f"{reply.shortcut or reply.name}: {reply.called}{kind}")
        if not found:
            output.words(say("canned.none"))

    def take(self, n: int, name: str) -> bool:
        """Put one into the draft of a reply. One without a text is done at once: False, there is nothing to send.

        Raises:
            NotFound: there is none of this name or shortcut.
            UsageError: it cannot be filled.
        """
        replies, customer = self._shelf.load().with_shipped(), self._customer(n)
        reply = named((*replies, *customer.kept), name)
        if not reply.body:
            agent = self._desk.settings.agent
            acts = desk_canned.acts(reply.name, reply.then, (n,), agent, customer.agents)
            output.data(
                self._desk.do(RunMacro(name=reply.name, conversations=(n,), acts=acts)).result().words
            )
            return False
        put = self._filled(reply, customer, canned.bodies(replies))
        before = self._desk.read(read.draft, n, "reply").result()
        written = f"{before.text}\n{put.text}" if before is not None and before.text else put.text
        made = keeping(n, "reply", written, before)
        inserted, files = (*made.canned, put), (*made.files, *reply.attachments)
        self._desk.do(replace(made, canned=inserted, files=tuple(dict.fromkeys(files)))).result()
        return True

    def _filled(self, reply: Canned, customer: Customer, bodies: dict[str, str]) -> Inserted:
        answers: dict[str, str] = {}
        while holes := canned.filled(reply, customer.values, answers, bodies).holes:
            answers[holes[0].what] = self._ask(_question(holes[0])) or holes[0].fallback or ""
        return channel_canned.inserted(reply, customer.values, answers, bodies)

    def meant(self, reply: Reply) -> Reply:
        """A reply with what the canned replies make of it that are still in its text."""
        customer = self._customer(reply.conversation)
        return desk_canned.meant(reply, self._shelf.load(), customer, self._desk.settings.agent)

    def _customer(self, n: int) -> Customer:
        agent, accounts = self._desk.settings.agent, self._desk.accounts
        now = self._desk.clock.now()
        found: Customer = self._desk.read(desk_canned.customer, agent, accounts, n, now).result()
        return found


def _question(hole: Placeholder) -> str:
    if hole.kind == "choose":
        return say("plain.choose", options=", ".join(hole.choices))
    words = "canned.ask_question" if hole.kind == "ask" else "canned.ask_value"
    return say(words, what=hole.what) + " "
