"""Samples and due times follow from the history: made again wherever something has happened, in its transaction."""

import logging
from collections.abc import Callable, Iterable
from typing import Protocol

from tuidesk.desk import history
from tuidesk.desk.states import tags_of
from tuidesk.desk.summary import rank
from tuidesk.domain import timers
from tuidesk.domain.due import Due, due
from tuidesk.domain.instants import Instant
from tuidesk.domain.measured import Measured, Rules
from tuidesk.domain.targets import AIM_OF, AIMS, Subject, Target, aimed
from tuidesk.store import changes, merged, samples
from tuidesk.store.sql import Connection, Row, one, update

_AT_ONCE = 200
"""Conversations that are measured between two looks for more: a command waits for no more than these."""
_LOOKED_AT = 5000
_MISTAKES = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
"""Of the program. What the store says is no such thing: that ends the transaction."""
_FAILED = "failed"
"""The mark of what could not be measured; it is tried again at the next start."""
_log = logging.getLogger("tuidesk.figures")


class Timing(Protocol):
    """What the config says of timers (`config.timing`)."""

    @property
    def targets(self) -> tuple[Target, ...]: ...

    @property
    def idle_after_s(self) -> float:
        """Seconds without a key after which nobody is at work."""

    def rules(self, account: str) -> Rules:
        """Those of an account."""

    def mark(self, account: str) -> str:
        """Another one for other rules or targets."""


def follow(connection: Connection, timing: Callable[[], Timing], now: Instant) -> None:
    """Bring up to date what has changed in this transaction. `timing` is asked for only where something has: that
    reads files."""
    while found := samples.to_make(connection, _AT_ONCE):
        _make_at_any_rate(connection, found, timing(), now)


def catch_up(connection: Connection, timing: Timing, behind: int, now: Instant) -> int | None:
    """Make the figures of those conversations behind one anew that follow other rules than those in force, a few at a
    time. The result is how far that went; None: there are no more.

    They were there before there were figures, or the hours, the rules or the targets are others now.
    """
    looked_at = samples.behind(connection, behind, _LOOKED_AT)
    if not looked_at:
        return None
    outdated = [number for number, account, mark in looked_at if mark != timing.mark(account)][:_AT_ONCE]
    _make_at_any_rate(connection, outdated, timing, now)
    for number in outdated:
        changes.note(connection, "conversation", number)
    return outdated[-1] if len(outdated) == _AT_ONCE else looked_at[-1][0]


def recompute(
    connection: Connection, timing: Timing, behind: int, now: Instant
) -> tuple[int, int, int] | None:
    """Make the figures of the next conversations behind one from their whole history.

    Returns:
        How far that went, how many there were, how many figures by the rules in force were not what the history comes
        to; None: there are no more.
    """
    found = samples.behind(connection, behind, _AT_ONCE)
    if not found:
        return None
    numbers = [number for number, _, _ in found]
    current = [number for number, account, mark in found if mark == timing.mark(account)]
    before = samples.contents(connection, current)
    make(connection, numbers, timing, now)
    return numbers[-1], len(numbers), len(before ^ samples.contents(connection, current))


def _make_at_any_rate(connection: Connection, numbers: list[int], timing: Timing, now: Instant) -> None:
    """The same, but for a mistake of ours: a figure that cannot be made must not keep a text from the disk."""
    for number in numbers:
        try:
            make(connection, (number,), timing, now)
        except _MISTAKES:
            _log.exception("#%d cannot be measured", number)
            update(connection, "conversation", number, timed=_FAILED)


def make(connection: Connection, numbers: Iterable[int], timing: Timing, now: Instant) -> None:
    """Make the samples and due times of these conversations from their history."""
    for number in numbers:
        row = one(connection, "SELECT * FROM conversation WHERE id = ?", number)
        if row is not None:
            _make(connection, row, timing, now)


def _make(connection: Connection, row: Row, timing: Timing, now: Instant) -> None:
    number, account = int(row["id"]), row["account"]
    measured, next_due = measure(connection, row, timing, now)
    counts = row["merged_into"] is None and not row["spam"]  # what is merged counts where it is shown
    samples.replace(connection, number, _aimed(connection, row, timing, measured) if counts else None)
    update(
        connection,
        "conversation",
        number,
        timed=timing.mark(account),
        due=next_due.at if next_due is not None else None,
        due_soon=next_due.soon if next_due is not None else None,
        due_for=next_due.running.aim if next_due is not None else "",
        rank=rank(
            next_due.at if next_due is not None else None,
            row["waiting_since"],
            row["last_at"],
            row["window_ends"],
        ),
    )


def measure(connection: Connection, row: Row, timing: Timing, now: Instant) -> tuple[Measured, Due | None]:
    """What the history of a thread comes to, and what is due in it first."""
    number, rules = int(row["id"]), timing.rules(row["account"])
    found = timers.measure(history.moments(connection, merged.parts(connection, number)), rules, now)
    if row["status"] == "complete":
        return found, None
    return found, due(found, rules, timing.targets, subject(connection, row))


def _aimed(connection: Connection, row: Row, timing: Timing, measured: Measured) -> Measured:
    """With the target of each sample."""
    about = subject(connection, row)
    targets = {aim: aimed(timing.targets, aim, about) for aim in AIMS}
    return measured._replace(
        samples=tuple(
            sample._replace(target=target.ms)
            if (aim := AIM_OF.get(sample.metric)) is not None and (target := targets[aim]) is not None
            else sample
            for sample in measured.samples
        )
    )


def subject(connection: Connection, row: Row) -> Subject:
    """What targets may ask of a conversation."""
    return Subject(row["account"], row["medium"], row["priority"], tags_of(connection, int(row["id"])))
