"""`[[views]]` of `config.toml`: queries with a name. One that is wrong stays out, and the others are there."""

from collections.abc import Iterable
from typing import Any

from tuidesk.config.schema import Problem, convert
from tuidesk.config.tables import ViewTable
from tuidesk.domain.query import SORTS, VIEWS, View, nearest, parse
from tuidesk.errors import BadQuery
from tuidesk.words import say


def view(table: ViewTable) -> View:
    """A table that `read_views` let pass."""
    query = parse(table.query)
    return View(table.name, query._replace(sort=table.sort or query.sort), table.key)


def read_views(given: object, file: str, problems: list[Problem]) -> object:
    """The views of one file without what is wrong in them; what is no list is left to whoever reads the whole."""
    if not isinstance(given, list):
        return given
    kept: list[Any] = []
    for number, table in enumerate(given, 1):
        at = f"views.{number}"
        if not isinstance(table, dict):
            problems.append(Problem(file, at, say("config.view_table")))
            continue
        if type(table.get("key")) is int:  # a digit looks like a number
            table["key"] = str(table["key"])
        made, noted = convert(ViewTable, table, file=file)
        wrong = [noted_one._replace(key=f"{at}.{noted_one.key}") for noted_one in noted]
        if made is not None:
            wrong = [Problem(file, f"{at}.{key}", text) for key, text in _wrong_in(made, kept)]
        problems.extend(wrong)
        if not wrong:
            kept.append(table)
    return kept


def fold_views(below: list[dict[str, Any]], above: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A layer's views and those of the layers below it; of two of one name, or one key, the upper has it."""
    names = {table["name"].casefold() for table in above}
    keys = {table.get("key", "") for table in above}
    under = [table for table in below if table["name"].casefold() not in names]
    return [*({**table, "key": ""} if table.get("key") in keys else table for table in under), *above]


def _wrong_in(table: ViewTable, others: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    """(key, what is wrong)."""
    wrong = []
    taken = {other["name"].casefold() for other in others}
    if not table.name.strip():
        wrong.append(("name", say("config.view_unnamed")))
    elif table.name.casefold() in (*VIEWS, "search"):
        wrong.append(("name", say("config.view_is_ours", name=table.name)))
    elif table.name.casefold() in taken:
        wrong.append(("name", say("config.view_twice", name=table.name)))
    if table.key and not (len(table.key) == 1 and table.key in "0123456789"):
        wrong.append(("key", say("config.view_key")))
    elif table.key and any(other.get("key") == table.key for other in others):
        wrong.append(("key", say("config.view_key_twice", key=table.key)))
    try:
        said = parse(table.query).sort
    except BadQuery as error:
        start, end = error.start, error.end
        marked = f"{table.query[:start]}>>{table.query[start:end]}<<{table.query[end:]}"
        wrong.append(("query", say("config.view_query", why=error, marked=marked)))
        return wrong
    if table.sort and table.sort not in SORTS:
        near = nearest(table.sort.casefold(), SORTS)
        hint = say("config.one_of", known=", ".join(SORTS))
        wrong.append(("sort", say("config.view_near", hint=hint, near=near) if near else hint))
    elif table.sort and said:
        wrong.append(("sort", say("config.view_sorted_twice")))
    return wrong
