"""`handover` and `away`: an agent who leaves, for good or for a break."""

import argparse
from typing import TYPE_CHECKING

from tuidesk.cli import acting, forms, output
from tuidesk.cli.parser import Noun, takes_dry_run, takes_json
from tuidesk.cli.states import colleague
from tuidesk.cli.times import ends, moment
from tuidesk.desk import read
from tuidesk.desk.clock import SystemClock
from tuidesk.desk.home import reading
from tuidesk.domain.commands import Away, Back, Handover
from tuidesk.errors import UsageError
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.desk.handing import HandoverList

_PARTS = ("open", "waiting", "snoozed", "drafts", "failed", "unknown")


def _handover_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", nargs="?", help=say("cli.handover_name_help"))
    parser.add_argument("--new", action="store_true", help=say("cli.assign_new_help"))
    takes_dry_run(parser)
    takes_json(parser)


def _handover(given: argparse.Namespace) -> int:
    """Without a name, or with `--dry-run`: the list of what would go."""
    if given.name is None or given.dry_run:
        to = None if given.name is None else colleague(given.home, given.name, new=given.new)
        with reading(given.home) as connection:
            found = read.handover(connection, SystemClock().now())
        _list(found, as_json=given.json)
        if given.name is None:
            output.talk(say("cli.handover_how"))
        elif not given.json:
            return acting.carry_out(given, [Handover(to=to)])
        return acting.DONE
    return acting.carry_out(given, [Handover(to=colleague(given.home, given.name, new=given.new))])


def _list(found: "HandoverList", *, as_json: bool) -> None:
    rows = [(part, row) for part in _PARTS for row in getattr(found, part)]
    if as_json:
        output.json_lines({**forms.conversation(row), "hand": part} for part, row in rows)
        return
    cells = [
        (say(f"cli.hand_{part}"), str(row.n), row.name or row.handle, ends(row), row.subject or row.snippet)
        for part, row in rows
    ]
    if cells:
        output.table(say("cli.handover_heads").split("|"), cells)
    else:
        output.talk(say("desk.handover_nothing"))
    if found.unbegun:
        output.talk(say("cli.warning", what=say("desk.handover_start")))


def _away_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("reason", metavar="REASON", nargs="*", help=say("cli.away_reason_help"))
    parser.add_argument("--back", action="store_true", help=say("cli.away_back_help"))
    parser.add_argument("--show", action="store_true", help=say("cli.away_show_help"))
    takes_dry_run(parser)
    takes_json(parser)


def _away(given: argparse.Namespace) -> int:
    if (given.back or given.show) and given.reason:
        raise UsageError(say("cli.away_both"))
    if given.show:
        with reading(given.home) as connection:
            found = read.away(connection)
        words = say("cli.not_away") if found is None else say("cli.away_since", at=moment(found.began))
        output.data(f"{words}: {found.reason}" if found is not None and found.reason else words)
        return acting.DONE
    command = Back() if given.back else Away(reason=" ".join(given.reason))
    return acting.carry_out(given, [command])


NOUNS = {"handover": Noun(_handover_arguments, _handover), "away": Noun(_away_arguments, _away)}
