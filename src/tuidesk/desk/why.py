"""Why a figure is what it is: its messages, what was cut out of it, the hours, the target, the rule."""

from typing import NamedTuple

from tuidesk.desk import figures
from tuidesk.desk import handling as desk_handling
from tuidesk.desk.figures import Timing
from tuidesk.desk.handling import Handling
from tuidesk.domain.due import Due
from tuidesk.domain.instants import Instant
from tuidesk.domain.measured import RULE, Metric, Sample
from tuidesk.domain.targets import AIM_OF, Aimed, aimed
from tuidesk.errors import NotFound
from tuidesk.store import merged
from tuidesk.store.sql import Connection, marks, one
from tuidesk.words import say

METRICS: tuple[Metric, ...] = (
    "wait",
    "first_response",
    "first_answer",
    "reply",
    "handoff_wait",
    "reaction",
    "resolution_first",
    "resolution_last",
    "resolution_active",
    "requester_wait",
)


class Said(NamedTuple):
    """A message that a figure is about."""

    who: str
    at: Instant


class Figure(NamedTuple):
    """One duration of a conversation, explained."""

    sample: Sample
    target: Aimed | None
    """None: it has none."""


class Why(NamedTuple):
    """All figures of a thread."""

    n: int
    now: Instant
    """Up to when what runs is told."""
    figures: tuple[Figure, ...]
    messages: dict[int, Said]
    """Those that the figures name."""
    due: Due | None
    hours: str
    """Whose hours: an account's id or `agent`; "": people always work."""
    zone: str
    handling: Handling | None = None
    """This agent's own time; None: there is none."""
    rule: int = RULE


def why(connection: Connection, number: int, timing: Timing, now: Instant) -> Why:
    """The figures of the thread that a conversation is part of, the Wait first.

    Raises:
        NotFound: there is no such conversation.
    """
    row = one(connection, "SELECT * FROM conversation WHERE id = ?", merged.root(connection, number))
    if row is None:
        raise NotFound(say("desk.no_conversation", n=number))
    measured, due = figures.measure(connection, row, timing, now)
    subject = figures.subject(connection, row)
    found = []
    for sample in sorted(measured.samples, key=lambda sample: METRICS.index(sample.metric)):
        aim = AIM_OF.get(sample.metric)
        if sample.metric == "wait" and due is not None and due.running.aim != "resolution":
            target: Aimed | None = due.target
        else:
            target = aimed(timing.targets, aim, subject) if aim is not None else None
        found.append(Figure(sample, target))
    rules = timing.rules(row["account"])
    handling = desk_handling.of(connection, number, timing.idle_after_s, now)
    return Why(
        n=int(row["id"]),
        now=now,
        figures=tuple(found),
        messages=_messages(connection, {number for one in found for number in one.sample.messages}),
        due=due,
        hours=rules.whose,
        zone=rules.calendar.hours.name,
        handling=handling if handling.parts else None,
    )


def _messages(connection: Connection, numbers: set[int]) -> dict[int, Said]:
    known = connection.execute(
        f"SELECT id, name, handle, mine, at FROM message WHERE id IN ({marks(numbers)})", sorted(numbers)
    )
    return {
        int(row["id"]): Said("" if row["mine"] else row["name"] or row["handle"], int(row["at"]))
        for row in known
    }
