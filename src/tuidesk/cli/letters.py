"""`reply`, `start`, `forward` and `note`: what an agent writes."""

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from tuidesk.cli import acting
from tuidesk.cli.parser import Noun, number, takes_dry_run, takes_json, takes_number, text, whole
from tuidesk.desk import read
from tuidesk.desk.clock import SystemClock
from tuidesk.desk.home import reading
from tuidesk.domain import addresses, when
from tuidesk.domain.channel_canned import left_as
from tuidesk.domain.commands import (
    Act,
    Command,
    Complete,
    Forward,
    Note,
    Pending,
    Reopen,
    Reply,
    Snooze,
    Start,
)
from tuidesk.domain.lengths import length
from tuidesk.domain.model import Person, Unit
from tuidesk.errors import Refused, UsageError
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.cli.canned import ForCustomer


def _reply_arguments(parser: argparse.ArgumentParser) -> None:
    takes_number(parser)
    _takes_text(parser, optional=True)
    parser.add_argument("--canned", metavar="NAME", help=say("cli.canned_name_help"))
    parser.add_argument(
        "--set", metavar="WHAT=TEXT", action="append", default=[], dest="answers", help=say("canned.set_help")
    )
    _takes_people(parser, needed=False)
    _takes_files(parser)
    parser.add_argument("--if-last", metavar="N", type=whole, help=say("cli.if_last_help"))
    after = parser.add_mutually_exclusive_group()
    after.add_argument("--complete", action="store_true", help=say("cli.then_complete_help"))
    after.add_argument("--pending", action="store_true", help=say("cli.then_pending_help"))
    after.add_argument("--snooze", metavar="WHEN", help=say("cli.then_snooze_help"))
    _takes_rest(parser)


def _start_arguments(parser: argparse.ArgumentParser) -> None:
    _takes_text(parser)
    parser.add_argument("--account", metavar="NAME", required=True, help=say("cli.account_help"))
    _takes_people(parser, needed=True)
    parser.add_argument("--subject", metavar="TEXT", default="", help=say("cli.subject_help"))
    parser.add_argument("--medium", metavar="WORD", default="", help=say("cli.medium_help"))
    _takes_files(parser)
    _takes_rest(parser)


def _forward_arguments(parser: argparse.ArgumentParser) -> None:
    takes_number(parser)
    _takes_text(parser, optional=True)
    parser.add_argument("--to", metavar="WHO", required=True, help=say("cli.to_help"))
    parser.add_argument("--cc", metavar="WHO", default="", help=say("cli.cc_help"))
    parser.add_argument("--bcc", metavar="WHO", default="", help=say("cli.bcc_help"))
    _takes_files(parser)
    parser.add_argument("--message", metavar="N", type=whole, help=say("cli.message_help"))
    _takes_rest(parser)


def _note_arguments(parser: argparse.ArgumentParser) -> None:
    takes_number(parser)
    _takes_text(parser)
    _takes_rest(parser)


def _takes_text(parser: argparse.ArgumentParser, *, optional: bool = False) -> None:
    if optional:
        parser.add_argument("text", metavar="TEXT", nargs="?", default="", help=say("cli.text_help"))
    else:
        parser.add_argument("text", metavar="TEXT", help=say("cli.text_help"))


def _takes_people(parser: argparse.ArgumentParser, *, needed: bool) -> None:
    parser.add_argument("--to", metavar="WHO", required=needed, help=say("cli.to_help"))
    parser.add_argument("--cc", metavar="WHO", help=say("cli.cc_help"))
    parser.add_argument("--bcc", metavar="WHO", help=say("cli.bcc_help"))
    parser.add_argument("--from", metavar="ADDRESS", dest="sender", help=say("cli.from_help"))


def _takes_files(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--attach", metavar="FILE", action="append", default=[], help=say("cli.attach_help"))
    parser.add_argument(
        "--alt", metavar="TEXT", action=_Alt, default=(), dest="alts", help=say("cli.alt_help")
    )


class _Alt(argparse.Action):
    """What the file that was named last shows."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,  # noqa: ARG002 - argparse's
    ) -> None:
        if not namespace.attach:
            parser.error(say("cli.alt_first"))
        namespace.alts = (*namespace.alts, (namespace.attach[-1], values))


def _takes_rest(parser: argparse.ArgumentParser) -> None:
    takes_dry_run(parser)
    takes_json(parser)


def _reply(given: argparse.Namespace) -> int:
    conversation = number(given.number)
    medium = _medium(given.home, conversation)
    canned = _canned(given, conversation)
    written = canned.reply if canned is not None else Reply(conversation=conversation, text=text(given.text))
    if left_as(written.text, written.canned) is None:  # a template is as long as its channel lets it be
        _refuse_too_long(given.home, conversation, written.text)
    made: list[Command] = [
        replace(
            written,
            then=_acts(given, written),
            to=_people(given.to, medium),
            cc=_people(given.cc, medium),
            bcc=_people(given.bcc, medium) or (),
            files=(*(canned.files if canned is not None else ()), *given.attach),
            alts=given.alts,
            if_last=given.if_last,
            last_seen=given.if_last,
            sender=given.sender,
        )
    ]
    if given.complete:
        made.append(Complete(conversations=(conversation,)))
    elif given.pending:
        made.append(Pending(conversations=(conversation,)))
    elif given.snooze is not None:
        sleeps = when.parse(given.snooze, SystemClock().now())
        made.append(
            Snooze(conversations=(conversation,), until=sleeps.at, firm=sleeps.firm, typed=given.snooze)
        )
    return acting.carry_out(given, made)


def _canned(given: argparse.Namespace, conversation: int) -> "ForCustomer | None":
    """The canned reply that is asked for, as it reads for this customer.

    Raises:
        UsageError: a text is said as well, or neither; or something in the reply is missing.
    """
    if given.canned is None:
        if not given.text:
            raise UsageError(say("canned.no_text"))
        return None
    if given.text:
        raise UsageError(say("canned.both"))
    from tuidesk.cli.canned import for_customer

    return for_customer(given, given.canned, conversation)


def _acts(given: argparse.Namespace, reply: Reply) -> tuple[Act, ...]:
    """What the canned reply does besides; a status that was said goes before its own."""
    if given.complete or given.pending or given.snooze is not None:
        return tuple(act for act in reply.then if not isinstance(act, Complete | Pending | Reopen))
    return reply.then


def _start(given: argparse.Namespace) -> int:
    handle = given.to.lstrip().startswith("@")  # @dana:example.org, @dana@mastodon.example
    medium = given.medium or ("mail" if "@" in given.to and not handle else "")
    command = Start(
        account=given.account,
        to=_people(given.to, medium) or (),
        cc=_people(given.cc, medium) or (),
        bcc=_people(given.bcc, medium) or (),
        subject=given.subject,
        medium=given.medium,
        text=text(given.text),
        files=tuple(given.attach),
        alts=given.alts,
        sender=given.sender,
    )
    return acting.carry_out(given, [command])


def _forward(given: argparse.Namespace) -> int:
    conversation = number(given.number)
    medium = _medium(given.home, conversation)
    command = Forward(
        conversation=conversation,
        to=_people(given.to, medium) or (),
        cc=_people(given.cc, medium) or (),
        bcc=_people(given.bcc, medium) or (),
        files=tuple(given.attach),
        alts=given.alts,
        text=text(given.text),
        message=given.message,
    )
    return acting.carry_out(given, [command])


def _note(given: argparse.Namespace) -> int:
    command = Note(conversation=number(given.number), text=text(given.text))
    acting.known(given.home, [command.conversation])
    return acting.carry_out(given, [command])


def _medium(home: str | None, conversation: int) -> str:
    """That of the conversation an answer goes to."""
    with reading(home) as connection:
        return read.recipients(connection, conversation).medium


def _refuse_too_long(home: str | None, conversation: int, written: str) -> None:
    """What the screen asks about, the shell does not send: the channel would cut it or not take it.

    Raises:
        Refused: the text is longer than the channel says that it takes.
    """
    with reading(home) as connection:
        thread = read.thread(connection, conversation, SystemClock().now(), newest=1)
    if (
        thread.max_length is not None
        and (over := length(written, cast(Unit, thread.unit)) - thread.max_length) > 0
    ):
        raise Refused(say("cli.too_long", account=thread.row.account, over=over, most=thread.max_length))


def _people(typed: str | None, medium: str) -> tuple[Person, ...] | None:
    return None if typed is None else addresses.parse(typed, medium)


NOUNS = {
    "reply": Noun(_reply_arguments, _reply),
    "start": Noun(_start_arguments, _start),
    "forward": Noun(_forward_arguments, _forward),
    "note": Noun(_note_arguments, _note),
}
