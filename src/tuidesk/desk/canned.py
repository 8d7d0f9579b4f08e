"""Canned replies at the desk: the values for a customer, what the history says of their use, and what they do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from tuidesk.config.canned import Library, Shelf
from tuidesk.config.tables import AccountFile
from tuidesk.desk import read, surveys
from tuidesk.desk.customer import of as whole_customer
from tuidesk.desk.rows import Row
from tuidesk.desk.surveys import Standing
from tuidesk.domain import canned, channel_canned, commands
from tuidesk.domain.canned import Canned, Then, Used
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Person
from tuidesk.domain.survey import Asked, Survey
from tuidesk.errors import NotFound
from tuidesk.store import accounts
from tuidesk.store.merged import answering
from tuidesk.store.sql import Connection, marks, one, scalar
from tuidesk.words import say

__all__ = [
    "Customer",
    "Given",
    "Library",
    "Shelf",
    "acts",
    "customer",
    "given",
    "kind_words",
    "meant",
    "of_channel",
    "of_channels",
    "offered",
    "stats",
    "then_words",
]

_ANSWERS = ("first_response", "reply")
"""What a holding reply is in time for."""


class Customer(NamedTuple):
    """For whom a reply is filled."""

    number: int
    """Of the conversation; 0: none yet."""
    name: str
    medium: str
    language: str
    """What they write in; "" where nobody knows."""
    values: dict[str, str]
    agents: tuple[Person, ...]
    """The colleagues that their account knows."""
    calls_for: Literal["", "holding", "survey", "template"] = ""
    """What stands before all others: `template` where nothing else is taken; `holding` where an answer is due soon, or
    late; `survey` where all is done."""
    kept: tuple[Canned, ...] = ()
    """Those that their account's channel keeps, for the medium they write by."""
    standing: Standing = Standing()
    """Whether they may be asked how satisfied they are."""
    at: Instant = 0
    """When all this was so."""

    def why_no_survey(self, survey: Survey) -> str:
        """Why they may not be asked by this one now; "" where they may."""
        return surveys.why_not(self.standing, survey, self.at)


class Given(NamedTuple):
    """A canned reply that this customer had before, as it is."""

    name: str
    at: Instant
    text: str
    """Of the whole message."""


def customer(
    connection: Connection, agent: Person, files: Mapping[str, AccountFile], number: int, now: Instant
) -> Customer:
    """Whom a conversation is with, and the values for them; number 0 is a conversation that does not exist yet.

    Raises:
        NotFound: there is none of that number.
    """
    if not number:
        return Customer(0, "", "", "", canned.values(agent=agent), read.agents(connection))
    row = read.rows(connection, [number], now).get(number)
    if row is None:
        raise NotFound(say("desk.no_conversation", n=number))
    known = whole_customer(connection, row.contact, now)
    account = files.get(row.account)
    others = [(one.medium, one.handle) for one in known.identities if one.handle != row.handle]
    fields = dict(known.fields)
    values = canned.values(
        name=row.name,
        handles=[(row.medium, row.handle), *others],
        fields=known.fields,
        number=number,
        subject=row.subject,
        medium=row.medium,
        agent=agent,
        account=(account.name, account.keys.address) if account is not None else (row.account, ""),
    )
    language = fields.get("language") or canned.language_of(_newest_words(connection, number))
    part = one(
        connection, "SELECT account, medium FROM conversation WHERE id = ?", answering(connection, number)
    )
    found = of_channel(connection, part["account"], part["medium"]) if part is not None else ()
    return Customer(
        number,
        row.name or row.handle,
        row.medium,
        language,
        values,
        read.agents(connection),
        _calls_for(row, now, found),
        found,
        surveys.standing(connection, number),
        now,
    )


def _calls_for(
    row: Row, now: Instant, found: Iterable[Canned]
) -> Literal["", "holding", "survey", "template"]:
    if row.window_ends is not None and row.window_ends <= now and any(one.template for one in found):
        return "template"
    if row.due_soon is not None and row.due_soon <= now and row.due_for in _ANSWERS:
        return "holding"
    return "survey" if row.status == "complete" and not row.spam else ""


def of_channel(connection: Connection, account: str, medium: str = "") -> tuple[Canned, ...]:
    """Those that an account's channel keeps, for a medium."""
    return channel_canned.of_channel(accounts.offered(connection, account), account, medium)


def of_channels(connection: Connection) -> tuple[Canned, ...]:
    """Those that any account's channel keeps."""
    return tuple(one for row in accounts.every(connection) for one in of_channel(connection, row["id"]))


def _newest_words(connection: Connection, number: int) -> str:
    """The customer's last messages."""
    found = connection.execute(
        "SELECT substr(text, 1, 2000) FROM message WHERE conversation = ? AND direction = 'in' "
        "ORDER BY at DESC, id DESC LIMIT 5",
        (number,),
    )
    return "\n".join(str(row[0]) for row in found)


def stats(connection: Connection) -> dict[str, Used]:
    """What has become of canned replies, by name. A reply that did not get there was not used."""
    found = connection.execute(
        "SELECT canned, count(*), sum(canned_use.changed), max(canned_use.at), sum(EXISTS ("
        "SELECT 1 FROM entry WHERE entry.conversation = canned_use.conversation AND what = 'reopened' "
        "AND undone_by IS NULL AND entry.at >= canned_use.at AND json_extract(data, '$.was') = 'complete')) "
        "FROM canned_use LEFT JOIN message ON message.id = canned_use.message "
        "WHERE coalesce(message.state, '') <> 'failed' GROUP BY canned"
    )
    return {
        str(name): Used(int(uses), int(changed), int(reopened), int(last))
        for name, uses, changed, last, reopened in found
    }


def given(connection: Connection, number: int, names: Sequence[str]) -> tuple[Given, ...]:
    """Those of the replies that a conversation's customer had before with nothing changed in them, newest first."""
    contact = scalar(connection, "SELECT contact FROM conversation WHERE id = ?", number)
    root = scalar(connection, "SELECT root FROM contact WHERE id = ?", contact or 0)
    found = connection.execute(
        "SELECT canned_use.canned, message.at, message.text FROM canned_use "
        "JOIN message ON message.id = canned_use.message "
        "WHERE canned_use.conversation IN (SELECT conversation.id FROM conversation "
        "JOIN contact ON contact.id = conversation.contact WHERE contact.root = ?) "
        f"AND canned_use.changed = 0 AND message.state <> 'failed' AND canned IN ({marks(names)}) "
        "ORDER BY message.at DESC, message.id DESC",
        (root, *names),
    )
    return tuple(Given(str(name), int(at), str(text)) for name, at, text in found)


def offered(
    library: Library, customer: Customer, typed: str, used: Mapping[str, Used] | None = None
) -> list[Canned]:
    """Those that fit a customer and what was typed, what their conversation calls for before all others; of that the
    shipped ones in their language, where this desk has none of its own."""
    own = {reply.name for reply in library.replies}
    shipped = (one for one in library.with_shipped() if one.name not in own and _is_called_for(one, customer))
    replies = (*library.replies, *customer.kept, *canned.in_language(shipped, customer.language))
    fitting = [reply for reply in replies if canned.fits(reply, customer.medium)]
    return canned.ranked(
        fitting, typed, customer.language, used, lambda reply: _is_called_for(reply, customer)
    )


def _is_called_for(reply: Canned, customer: Customer) -> bool:
    match customer.calls_for:
        case "template":
            return bool(reply.template)
        case "holding":
            return reply.holding
        case "survey":
            return reply.survey is not None and not customer.why_no_survey(reply.survey)
    return False


def meant(command: commands.Reply, library: Library, customer: Customer, agent: Person) -> commands.Reply:
    """A reply with what the canned replies make of it whose words are still in its text; one whose file is gone does
    nothing.

    Raises:
        NotFound: one assigns to somebody whom nobody knows.
    """
    replies = {reply.name: reply for reply in library.with_shipped()}
    names = [one.name for one in canned.remaining(command.text, command.canned)]
    together = canned.together(replies[name].then for name in names if name in replies)
    whole = acts(", ".join(names), together, (command.conversation,), agent, customer.agents)
    is_holding = canned.is_holding(command.text, command.canned, replies.values())
    asked = (Asked(name, survey) for name in names if name in replies and (survey := replies[name].survey))
    return replace(command, then=whole, holding=is_holding, survey=next(asked, None))


def acts(
    name: str,
    then: Then,
    conversations: tuple[int, ...],
    agent: Person,
    agents: Iterable[Person],
    seen: tuple[tuple[int, int], ...] = (),
) -> tuple[commands.Act, ...]:
    """What the reply called `name` does besides, as commands on these conversations.

    Args:
        seen: as of `Complete`.

    Raises:
        NotFound: it assigns to somebody whom nobody knows.
    """
    made: list[commands.Act] = []
    if then.tag or then.untag:
        made.append(commands.Tag(conversations=conversations, add=then.tag, remove=then.untag))
    if then.assign:
        made.append(commands.Assign(conversations=conversations, to=_colleague(name, then, agent, agents)))
    if then.priority is not None:
        made.append(commands.SetPriority(conversations=conversations, priority=then.priority))
    match then.status:
        case "open":
            made.append(commands.Reopen(conversations=conversations))
        case "pending":
            made.append(commands.Pending(conversations=conversations))
        case "complete":
            made.append(commands.Complete(conversations=conversations, seen=seen))
    return tuple(made)


def _colleague(name: str, then: Then, agent: Person, agents: Iterable[Person]) -> Person | None:
    if then.assign == canned.NOBODY:
        return None
    wanted = then.assign.casefold()
    if wanted in (canned.ME, agent.name.casefold(), agent.handle.casefold()):
        return agent
    found = [person for person in agents if wanted in (person.name.casefold(), person.handle.casefold())]
    if found:
        return found[0]
    if "@" in then.assign:
        return Person(handle=then.assign)
    raise NotFound(say("canned.no_colleague", name=name, who=then.assign))


def kind_words(reply: Canned) -> str:
    """`macro`, `holding reply`, `survey`; "" for a reply like any other."""
    if reply.holding:
        return say("canned.holding")
    if reply.survey is not None:
        return say("canned.survey")
    if reply.template:
        return say("canned.template")
    return "" if reply.body else say("canned.macro")


def then_words(then: Then) -> str:
    """`tag refund, assign to me, complete`; "" for nothing. Not clean: it comes from a file."""
    tags = " ".join([*then.tag, *(f"-{tag}" for tag in then.untag)])
    whom = say("desk.nobody") if then.assign == canned.NOBODY else then.assign
    parts = [
        say("canned.then_tag", tags=tags) if tags else "",
        say("canned.then_assign", whom=whom) if whom else "",
        say("canned.then_priority", priority=then.priority) if then.priority else "",
        say(f"canned.then_{then.status}") if then.status else "",
    ]
    return ", ".join(part for part in parts if part)
