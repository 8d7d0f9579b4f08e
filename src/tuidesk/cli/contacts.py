"""`contact`: a customer with everything that is known; and one person or two, and notes about them."""

import argparse
from collections.abc import Iterator
from typing import Any

from tuidesk.cli import acting, forms, output
from tuidesk.cli.parser import Noun, takes_dry_run, takes_json, text, whole
from tuidesk.cli.times import moment, span
from tuidesk.desk import customer as desk_customer
from tuidesk.desk import evidence
from tuidesk.desk.clock import SystemClock
from tuidesk.desk.home import reading
from tuidesk.desk.picture import Customer, Story, Suggestion
from tuidesk.domain.commands import Command, MergeContacts, UnmergeContacts, WriteContactNote
from tuidesk.domain.instants import as_datetime
from tuidesk.errors import UsageError
from tuidesk.words import say

_VERBS = {"merge": (2, 2), "split": (1, 2), "note": (1, 2)}
"""(least, most) words after it."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", metavar="WHO", nargs="+", help=say("cli.contact_words_help"))
    parser.add_argument("--why", metavar="TEXT", default="", help=say("cli.contact_why_help"))
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--edit", metavar="NOTE", type=whole, help=say("cli.edit_note_help"))
    which.add_argument("--archive", metavar="NOTE", type=whole, help=say("cli.archive_note_help"))
    parser.add_argument("--lookup", action="store_true", help=say("cli.lookup_help"))
    takes_dry_run(parser)
    takes_json(parser)


def _run(given: argparse.Namespace) -> int:
    verb, *words = given.words
    if verb not in _VERBS:
        if words:
            raise UsageError(say("cli.contact_usage"))
        return _show(given, verb)
    least, most = _VERBS[verb]
    if not least <= len(words) <= most:
        raise UsageError(say("cli.contact_usage"))
    command, *about = _command(given, verb, words)
    code = acting.carry_out(given, [command])
    if given.json and not given.dry_run:
        output.json_lines(form for number in about for form in _forms(given.home, number)[:1])
    return code


def _command(given: argparse.Namespace, verb: str, words: list[str]) -> tuple[Any, ...]:
    """The command, and the contacts that it is about."""
    if verb == "note":
        return _note(given, words)
    contacts = tuple(_number(given.home, word) for word in words)
    command: Command
    if verb == "merge":
        command = MergeContacts(contact=contacts[0], other=contacts[1], why=given.why)
        return command, contacts[0]
    command = UnmergeContacts(contact=contacts[0], other=contacts[1] if len(contacts) > 1 else None)
    return command, *contacts


def _note(given: argparse.Namespace, words: list[str]) -> tuple[WriteContactNote, int]:
    who, *rest = words
    if (given.archive is None) is not bool(rest):
        raise UsageError(say("cli.contact_usage"))
    contact = _number(given.home, who)
    written = text(rest[0]) if rest else ""
    if rest and not written.strip():
        raise UsageError(say("desk.empty"))
    note = given.edit if given.archive is None else given.archive
    return WriteContactNote(contact=contact, text=written, note=note), contact


def _number(home: str | None, word: str) -> int:
    with reading(home) as connection:
        return desk_customer.number_of(connection, word)


def _show(given: argparse.Namespace, who: str) -> int:
    number = _number(given.home, who)
    if given.lookup:
        _look_up(given.home, number)
    if given.json:
        output.json_lines(_forms(given.home, number))
        return 0
    customer, suggestions = _known(given.home, number)
    for line in (*_who(customer), *_besides(customer), *_maybe(suggestions)):
        output.data(line)
    output.data("")
    output.table(say("cli.contact_heads").split("|"), _stream(customer))
    if (more := customer.total - len(customer.conversations)) > 0:
        output.talk(say("cli.contact_more", count=more))
    return 0


def _look_up(home: str | None, number: int) -> None:
    with acting.opened(home) as desk:
        if not desk.config.file.lookup.command:
            raise UsageError(say("cli.lookup_none"))
        customer = desk.read(desk_customer.of, number, desk.clock.now()).result()
        desk.look_up(customer).result()


def _known(home: str | None, number: int) -> tuple[Customer, tuple[Suggestion, ...]]:
    with reading(home) as connection:
        return (
            desk_customer.of(connection, number, SystemClock().now()),
            evidence.suggestions(connection, number),
        )


def _forms(home: str | None, number: int) -> list[dict[str, Any]]:
    """`contact`, then its conversations with what became of them, the newest first."""
    customer, suggestions = _known(home, number)
    rows = [forms.conversation(row) | forms.story(customer.stories[row.n]) for row in customer.conversations]
    return [forms.contact(customer, suggestions), *rows]


def _who(customer: Customer) -> Iterator[str]:
    yield say(
        "cli.contact_head",
        name=customer.name or say("customer.unnamed"),
        n=customer.n,
        count=customer.total,
        since=moment(customer.since)[:10],
    )
    for identity in customer.identities:
        yield say("cli.contact_identity", handle=identity.handle, medium=identity.medium, n=identity.contact)
    for joined in customer.joined:
        yield say("cli.contact_joined", a=joined.a, b=joined.b, why=joined.why or "-")
    if customer.language:
        words = "customer.language_guess" if customer.guessed else "customer.language"
        yield say(words, language=customer.language)
    if customer.there is not None:
        at = f"{as_datetime(SystemClock().now()).astimezone(customer.there):%H:%M}"
        by = customer.there_by
        yield say("customer.there_by", when=at, code=by) if by else say("customer.there", when=at)
    if customer.median is not None:
        yield say("customer.median", span=span(customer.median), count=customer.replies)
    for name, value in customer.fields:
        yield say("customer.field", name=name, value=value)


def _besides(customer: Customer) -> Iterator[str]:
    for note in customer.notes:
        who = forms.called(note.by) if note.by is not None else "-"
        yield say("cli.contact_note", n=note.n, who=who, at=moment(note.at), text=note.text)
    if customer.answer is not None:
        yield say("cli.contact_answer", at=moment(customer.answer.at))
        for name, value in customer.answer.fields:
            yield "  " + say("customer.field", name=name, value=value)


def _maybe(suggestions: tuple[Suggestion, ...]) -> Iterator[str]:
    for one in suggestions:
        who = f"{one.name} {one.handle}".strip()
        yield say("cli.contact_maybe", n=one.contact, who=who, medium=one.medium, why=one.why)


def _stream(customer: Customer) -> Iterator[tuple[str, ...]]:
    for row in customer.conversations:
        story = customer.stories.get(row.n, Story(0))
        reply = span(story.reply) if story.reply is not None else ""
        by = ", ".join(forms.called(person) for person in story.by)
        score = f"{story.score:g}" if story.score is not None else ""
        if score and story.scale:
            score = say("customer.of_scale", score=score, scale=f"{story.scale:g}")
        about = row.subject or row.snippet
        status = say(f"cli.status_{row.status}")
        yield str(row.n), status, row.medium, moment(row.last_at), by, reply, score, about


NOUN = Noun(_arguments, _run)
