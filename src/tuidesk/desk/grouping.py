"""By what a report is grouped: for each table that it reads, the column that decides, and the groups of its values."""

from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from functools import cache
from typing import NamedTuple

from tuidesk.domain.instants import MINUTE, Instant, as_datetime
from tuidesk.domain.metrics import By
from tuidesk.store.sql import Connection

QUARTER = 15 * MINUTE
"""No zone's clock is off by less than a multiple of this."""
Keys = Callable[[object], tuple[str, ...]]
"""Groups of a column's value."""


class Grouping(NamedTuple):
    """How rows fall into groups."""

    columns: dict[str, str]
    """Table → an expression over its columns; a table that is not in it says nothing of such groups."""
    keys: Keys


_OF_CONVERSATION = {
    "sample": "conversation",
    "run": "conversation",
    "received": "conversation",
    "sent": "conversation",
    "begun": "conversation",
    "ended": "conversation",
    "open": "conversation",
    "handling": "conversation",
    "rated": "conversation",
}
_QUARTERS = {
    "sample": f"stop / {QUARTER}",
    "run": f"at / {QUARTER}",
    "received": f"at / {QUARTER}",
    "sent": f"at / {QUARTER}",
    "begun": f"began / {QUARTER}",
    "ended": f"ended / {QUARTER}",
    "handling": f"start / {QUARTER}",
    "rated": f"at / {QUARTER}",
}
MINE = 1
"""Stands for this agent where others have a name: no name is a number."""
SENDER = f"CASE WHEN mine THEN {MINE} ELSE coalesce(nullif(name, ''), handle) END"
"""Who sent a message of ours."""
DOER = f"CASE WHEN mine THEN {MINE} ELSE by END"
"""Who did what was measured."""
_PEOPLE = {
    "sample": DOER,
    "sent": SENDER,
    "ended": DOER,
    "rated": "who",
}
_ANSWERS = {"sample": "answer", "sent": "id"}
ME = "me"
"""The group of this agent."""
PRIORITIES = ("urgent", "high", "normal", "low")


def in_order(by: By, keys: Iterable[str]) -> list[str]:
    """Groups as a report lists them: what has an order of its own in that, people behind this agent."""
    if by == "priority":
        return sorted(keys, key=PRIORITIES.index)
    return sorted(keys, key=lambda key: (by == "person" and key != ME, key.casefold(), key))


def grouping(connection: Connection, by: By, zone: tzinfo | None) -> Grouping:
    """Of a report that is grouped by something.

    Args:
        zone: of hours, days and weeks; None: the machine's own.
    """
    match by:
        case "":
            return Grouping({}, lambda _: ())
        case "account" | "medium" | "priority":
            return Grouping(_OF_CONVERSATION, _fields(connection, by))
        case "tag":
            return Grouping(_OF_CONVERSATION, _tags(connection))
        case "canned":
            return Grouping(_ANSWERS, _canned(connection))
        case "person":
            return Grouping(_PEOPLE, _person)
        case "hour" | "weekday" | "day" | "week":
            return Grouping(_QUARTERS, _clock(by, zone))


class _Groups(dict[object, tuple[str, ...]]):
    """By value: it is asked millions of times, and a function of ours would be most of a report."""

    def __missing__(self, value: object) -> tuple[str, ...]:
        return ()


def _person(who: object) -> tuple[str, ...]:
    if who == MINE:
        return (ME,)
    return (str(who),) if who else ()


def _fields(connection: Connection, by: str) -> Keys:
    query = f"SELECT id, {by} FROM conversation"
    found = _Groups({number: (str(value),) for number, value in connection.execute(query)})
    return (_by_thread(connection, found) if by == "priority" else found).__getitem__


def _by_thread(connection: Connection, found: _Groups) -> _Groups:
    """What is merged falls where the thread does that it is shown in: its times are that one's as well."""
    query = "SELECT id, merged_into FROM conversation WHERE merged_into IS NOT NULL"
    found.update([(number, found[root]) for number, root in connection.execute(query)])
    return found


def _tags(connection: Connection) -> Keys:
    """`refund/late` counts as `refund`, too: once, whatever else below it a conversation has."""
    found = _Groups()
    for number, tag in connection.execute("SELECT conversation, tag FROM tag ORDER BY conversation, tag"):
        parts = str(tag).split("/")
        kept = found[number]
        above = ("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))
        found[number] = (*kept, *(topic for topic in above if topic not in kept))
    return _by_thread(connection, found).__getitem__


def _canned(connection: Connection) -> Keys:
    found = _Groups()
    query = "SELECT message, canned FROM canned_use WHERE message IS NOT NULL GROUP BY message, canned"
    for message, name in connection.execute(query):
        found[message] = (*found[message], str(name))
    return found.__getitem__


_FORMS = {"hour": "%H", "weekday": "%u", "day": "%Y-%m-%d", "week": "%G-W%V"}


def _clock(by: str, zone: tzinfo | None) -> Keys:
    form = _FORMS[by]

    @cache
    def keys(quarter: object) -> tuple[str, ...]:
        assert isinstance(quarter, int)
        return (local(quarter * QUARTER, zone).strftime(form),)

    return keys


def local(at: Instant, zone: tzinfo | None) -> datetime:
    """An instant by the clock on the wall."""
    moment = as_datetime(at)
    return moment.astimezone(zone)  # None: the machine's
