"""What becomes due: an answer, soon or late, and a reply window that closes. Each is told once, by whoever claims it.

A claim is on disk before anything is heard: a process that dies between the two loses an alarm, and none is heard
twice.
"""

from collections.abc import Iterator
from typing import NamedTuple

from tuidesk.config.tables import News, Notify
from tuidesk.desk import finding
from tuidesk.desk.counting import next_turn
from tuidesk.desk.news import Item
from tuidesk.desk.notice import quiet_until
from tuidesk.domain.instants import DAY, HOUR, Instant
from tuidesk.store import away
from tuidesk.store.sql import Connection, one, scalar, update

HEAD_START_S = 15.0
"""How long a screen is left to claim what has become due, before a process without one does: longer than the screen
waits between two alarms."""

_CLOSING = HOUR
"""Before its end a window is told of: when the view `window` begins to count it."""
_TOLD = (
    "JOIN account a ON a.id = c.account AND a.caught_up LEFT JOIN contact k ON k.id = c.contact "
    "WHERE NOT c.muted AND NOT c.spam AND c.merged_into IS NULL"
)
_NAME = "coalesce(nullif(k.name, ''), c.handle)"
# a time that comes back is not told again; what is late already does not become so again when its target is a shorter
# one, but it may be due soon before the time that was told last: an answer takes its time away
_LATE = (
    f"SELECT c.id, {_NAME}, c.due FROM conversation c INDEXED BY conversation_due {_TOLD} "
    "AND c.due > ? AND c.due <= ? AND c.told_late < c.due ORDER BY c.due"
)
_SOON = (
    f"SELECT c.id, {_NAME}, c.due FROM conversation c INDEXED BY conversation_due {_TOLD} "
    "AND c.due > ?1 AND c.due_soon <= ?1 AND c.told_soon <> c.due ORDER BY c.due"
)
_WINDOW = f"SELECT {_NAME} AS name, c.told_window, c.window_ends FROM conversation c {_TOLD} AND c.id = ?"


class Ahead(NamedTuple):
    """What there is to be told."""

    is_quiet: bool
    """Nothing is to be heard: the agent is away, or it is night."""
    is_due: bool
    """Something is to be claimed now."""
    again: Instant | None
    """When there may be more; None: not before something changes."""


class _Deadline(NamedTuple):
    kind: News
    conversation: int
    name: str
    of: Instant
    """The due time, or the end of the window."""


def ahead(connection: Connection, notify: Notify, now: Instant) -> Ahead:
    """What can be claimed now, and when to ask again."""
    if (quiet := _quiet(connection, notify, now)) is not None:
        return quiet
    is_due = next(_untold(connection, notify, now), None) is not None
    return Ahead(is_quiet=False, is_due=is_due, again=_next(connection, notify, now))


def claim(connection: Connection, notify: Notify, now: Instant) -> tuple[Item, ...]:
    """What whoever asks is to tell now, and nobody else will: what stands, is wanted, and has not been told.

    What became due while nothing was to be heard is told when something may be again. Nothing that is late for more
    than a day: it is history, and the screen counts it. It needs no change to be noted: no screen shows it.
    """
    if _quiet(connection, notify, now) is not None:
        return ()
    found = list(_untold(connection, notify, now))
    for due in found:
        update(connection, "conversation", due.conversation, **{f"told_{due.kind}": due.of})
    return tuple(Item(due.kind, due.conversation, due.name) for due in found)


def _quiet(connection: Connection, notify: Notify, now: Instant) -> Ahead | None:
    if away.running(connection) is not None:
        return Ahead(is_quiet=True, is_due=False, again=None)
    until = quiet_until(notify.quiet, now)
    return None if until is None else Ahead(is_quiet=True, is_due=False, again=until)


def _untold(connection: Connection, notify: Notify, now: Instant) -> Iterator[_Deadline]:
    if "late" in notify.on:
        rows = connection.execute(_LATE, (_history_ends(connection, now), now)).fetchall()
        yield from (_Deadline("late", *row) for row in rows)
    if "window" in notify.on:
        yield from _closing(connection, now)
    if "soon" in notify.on:
        yield from (_Deadline("soon", *row) for row in connection.execute(_SOON, (now,)).fetchall())


def _history_ends(connection: Connection, now: Instant) -> Instant:
    """What was late then is no news: a day ago, or before a break that has ended since."""
    began = scalar(connection, "SELECT min(began) FROM away WHERE ended > ?", now - DAY)
    return now - DAY if began is None else min(now - DAY, int(began))


def _closing(connection: Connection, now: Instant) -> Iterator[_Deadline]:
    """Those that the view `window` counts."""
    for number in finding.find(connection, "window", now):
        row = one(connection, _WINDOW, number)
        if row is not None and row["told_window"] < row["window_ends"]:
            yield _Deadline("window", number, row["name"], row["window_ends"])


def _next(connection: Connection, notify: Notify, now: Instant) -> Instant | None:
    times = [next_turn(connection, now)] if {"soon", "late"} & set(notify.on) else []
    if "window" in notify.on:
        ends = scalar(
            connection,
            "SELECT min(window_ends) FROM conversation INDEXED BY conversation_window "
            "WHERE window_ends > ? AND status = 'open'",
            now + _CLOSING,
        )
        times.append(None if ends is None else int(ends) - _CLOSING)
    return min((at for at in times if at is not None), default=None)
