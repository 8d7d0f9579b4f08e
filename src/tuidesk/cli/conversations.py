"""`list` and `search`: conversations, a row each."""

import argparse
from collections.abc import Iterable, Sized
from typing import TYPE_CHECKING

from tuidesk.cli import forms, output
from tuidesk.cli.parser import Noun, takes_json, whole
from tuidesk.desk import rows
from tuidesk.desk.clock import SystemClock
from tuidesk.desk.home import reading
from tuidesk.domain import query
from tuidesk.errors import UsageError
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.desk.rows import Row
    from tuidesk.domain.instants import Instant

_LIMIT = 50


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "view",
        metavar="VIEW",
        nargs="?",
        default="open",
        choices=tuple(query.VIEWS),
        help=say("cli.view_help"),
    )
    _limit(parser)
    takes_json(parser)


def _search_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", metavar="WORD", nargs="+", help=say("cli.words_help"))
    _limit(parser)
    takes_json(parser)


def _limit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--limit", metavar="N", type=whole, default=_LIMIT, help=say("cli.limit_help", limit=_LIMIT)
    )


def _list(given: argparse.Namespace) -> int:
    _refuse_limit(given.limit)
    now = SystemClock().now()
    with reading(given.home) as connection:
        found = rows.page(connection, given.view, now, given.limit + 1)
    _print(found[: given.limit], now, as_json=given.json, none="cli.list_none")
    _say_more(found, given.limit)
    return 0


def _search(given: argparse.Namespace) -> int:
    from tuidesk.desk import read

    _refuse_limit(given.limit)
    now = SystemClock().now()
    with reading(given.home) as connection:
        numbers = read.search(connection, " ".join(given.words), now, given.limit + 1)
        found = rows.rows(connection, numbers[: given.limit], now)
    shown = [found[number] for number in numbers if number in found]
    _print(shown, now, as_json=given.json, none="cli.search_none")
    _say_more(numbers, given.limit)
    return 0


def _say_more(found: Sized, limit: int) -> None:
    if len(found) > limit:
        output.talk(say("cli.limit_more", limit=limit))


def _refuse_limit(limit: int) -> None:
    if limit < 1:
        raise UsageError(say("cli.limit_wrong"))


def _print(found: Iterable["Row"], now: "Instant", *, as_json: bool, none: str) -> None:
    if as_json:
        output.json_lines(map(forms.conversation, found))
        return
    cells = [_cells(row, now) for row in found]
    if cells:
        output.table(say("cli.list_heads").split("|"), cells)
    else:
        output.talk(say(none))


def _cells(row: "Row", now: "Instant") -> tuple[str, ...]:
    from tuidesk.cli.times import ends, span

    waits = "" if row.waiting_since is None else span(now - row.waiting_since)
    owner = "" if row.assignee is None else forms.called(row.assignee)
    said = f"{row.subject}: {row.snippet}" if row.subject else row.snippet
    tags = "".join(f"[{tag}] " for tag in row.tags)
    trouble = f"! {say(f'cli.trouble_{row.trouble}')} " if row.trouble else ""
    status = say(f"cli.status_{row.status}")
    until = f"({over}) " if (over := ends(row)) else ""
    return (
        str(row.n),
        status,
        waits,
        owner,
        row.medium,
        row.name or row.handle,
        f"{trouble}{until}{tags}{said}",
    )


NOUNS = {"list": Noun(_list_arguments, _list), "search": Noun(_search_arguments, _search)}
