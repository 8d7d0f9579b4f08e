"""`list` and `search`: conversations, a row each."""

import argparse
from collections.abc import Iterable, Sized
from typing import TYPE_CHECKING

from tuidesk.cli import forms, output
from tuidesk.cli.parser import Noun, takes_json, whole
from tuidesk.desk import rows
from tuidesk.desk.clock import SystemClock
from tuidesk.desk.home import reading, views
from tuidesk.domain import query
from tuidesk.errors import BadQuery, UsageError
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.desk.rows import Row
    from tuidesk.domain.instants import Instant
    from tuidesk.domain.query import Query

_LIMIT = 50
_TAKE_A_WORD = ("--limit", "--view", "--home")
_ALONE = ("-h", "--help", "--json")


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", metavar="QUERY", nargs="*", help=say("cli.query_help"))
    parser.add_argument("--view", metavar="NAME", help=say("cli.view_help", known=", ".join(query.VIEWS)))
    _limit(parser)
    takes_json(parser)


def _search_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", metavar="QUERY", nargs="+", help=say("cli.query_help"))
    _limit(parser)
    takes_json(parser)


def _limit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--limit", metavar="N", type=whole, default=_LIMIT, help=say("cli.limit_help", limit=_LIMIT)
    )


def _query_last(words: list[str]) -> list[str]:
    """The options, then `--` and the query: `-tag:vip` is no option."""
    options: list[str] = []
    asked: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            asked += rest
        elif word in _TAKE_A_WORD:
            options += [word, *[following for following in (next(rest, None),) if following is not None]]
        elif word in _ALONE or (word.startswith("--") and word[2:3].isalpha()):
            options.append(word)
        else:
            asked.append(word)
    return [*options, "--", *asked]


def _list(given: argparse.Namespace) -> int:
    _refuse_limit(given.limit)
    wanted = _wanted(given)
    now = SystemClock().now()
    with reading(given.home) as connection:
        found = rows.page(connection, wanted, now, given.limit + 1)
    _print(found[: given.limit], now, as_json=given.json, none="cli.list_none")
    _say_more(found, given.limit)
    return 0


def _wanted(given: argparse.Namespace) -> "str | Query":
    """What to list: a view, a query, or what of a view a query finds. One plain word is a view's name."""
    words = given.words
    if given.view is None and len(words) < 2 and not (words and _is_of_the_language(words[0])):
        return _view(given.home, words[0], is_a_guess=True) if words else "open"
    asked = _read(" ".join(words))
    if given.view is None:
        return asked
    view = _view(given.home, given.view)
    if not words:
        return view
    return query.beside(query.parse(query.VIEWS[view]) if isinstance(view, str) else view, asked)


def _is_of_the_language(word: str) -> bool:
    return any(sign in word for sign in ':"( -#')


def _view(home: str | None, name: str, *, is_a_guess: bool = False) -> "str | Query":
    """The view of that name.

    Raises:
        UsageError: there is none.
    """
    folded = name.casefold()
    if folded in query.VIEWS:
        return folded
    own = {view.name.casefold(): view for view in views(home)}
    if folded in own:
        return own[folded].query
    known = (*query.VIEWS, *(view.name for view in own.values()))
    near = query.nearest(folded, known)
    why = (
        say("cli.no_view_near", name=name, near=near)
        if near
        else say("cli.no_view", name=name, known=", ".join(known))
    )
    raise UsageError(why + (say("cli.no_view_search", name=name) if is_a_guess and not near else ""))


def _read(typed: str) -> "Query":
    """A query.

    Raises:
        UsageError: it cannot be read; the place is marked.
    """
    try:
        return query.parse(typed)
    except BadQuery as error:
        raise UsageError(_marked(typed, error)) from None


def _marked(typed: str, error: BadQuery) -> str:
    """What is wrong, and below it the query with a line under the place."""
    from tuidesk.domain.text import clean, width  # only mistakes pay for it

    before, wrong, after = (
        clean(part, lines=False)
        for part in (typed[: error.start], typed[error.start : error.end], typed[error.end :])
    )
    under = " " * width(before) + "^" * max(width(wrong), 1)
    return f"{clean(str(error), lines=False)}\n  {before}{wrong}{after}\n  {under}"


def _search(given: argparse.Namespace) -> int:
    _refuse_limit(given.limit)
    asked = _read(" ".join(given.words))
    now = SystemClock().now()
    with reading(given.home) as connection:
        found = rows.page(connection, asked, now, given.limit + 1)
    _print(found[: given.limit], now, as_json=given.json, none="cli.search_none")
    _say_more(found, given.limit)
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


NOUNS = {
    "list": Noun(_list_arguments, _list, _query_last),
    "search": Noun(_search_arguments, _search, _query_last),
}
