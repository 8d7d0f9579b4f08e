"""What the response timers read, and what they come to: moments, rules, samples, runs, cycles."""

from typing import Literal, NamedTuple

from tuidesk.domain.hours import Calendar, Span
from tuidesk.domain.instants import DAY, Instant
from tuidesk.domain.targets import Aim
from tuidesk.domain.timeline import Cut, Status

RULE = 2
"""The version of these rules: samples made by another one are made again."""
REOPENED_WITHIN = 7 * DAY
"""A completion counts as reopened up to here."""

What = Literal[
    "customer", "answer", "bot", "complete", "reopen", "pending", "snooze", "wake", "handoff", "act"
]
Metric = Literal[
    "wait",
    "first_response",
    "first_answer",
    "reply",
    "handoff_wait",
    "resolution_first",
    "resolution_last",
    "resolution_active",
    "requester_wait",
    "reaction",
    "handling",
]
Paused = Literal["pending", "snoozed"]


class Moment(NamedTuple):
    """Something that happened, in the order of the customer's own stamps.

    What we do counts from the newest customer message that was known when we did it (`after`): two machines' clocks
    differ, and an answer never comes before the message it answers.
    """

    after: Instant
    """For the customer's message its stamp; for ours the stamp of the newest one that was known."""
    ours: bool
    at: Instant
    what: What
    """`answer`: by a person, that everybody in the conversation can read; `act`: anything else that a person did."""
    arrival: int = 0
    """Among the customer's of one stamp (a service's may be whole seconds), which was here first; for ours that of the
    newest one that was known."""
    message: int = 0
    """Its number, where it is a message."""
    mine: bool = False
    by: str = ""
    """Who it was, as a report names them."""
    is_person: bool = True
    """Not a bot, a rule or the desk itself."""
    gone_at: Instant | None = None
    """When the customer took the message back."""
    holding: bool = False
    """An answer that says only that somebody is on it."""
    until: Instant | None = None
    """When a snooze ends by itself."""
    firm: bool = False
    """It sleeps on even if the customer writes."""


class Rules(NamedTuple):
    """What of a duration counts."""

    calendar: Calendar
    pause_when: frozenset[str] = frozenset()
    """Statuses in which nobody's clock runs."""
    hours_rule: Literal["spans", "reply"] = "spans"
    """`spans`: working time alone counts. `reply`: a sample whose reply was in working hours counts whole, else not."""

    whose: str = ""
    """An account's id where the hours are its own, `agent` where they are the agent's; "": people always work."""

    @property
    def mark(self) -> str:
        """Another one for other rules: samples that were made by these carry it."""
        paused = "+".join(sorted(self.pause_when))
        return f"{RULE}/{self.calendar.hours.mark}/{paused}/{self.hours_rule}"


class Sample(NamedTuple):
    """One figure of a conversation, with what it was made of."""

    metric: Metric
    start: Instant
    stop: Instant | None
    """None: it still runs."""
    calendar: int
    """Milliseconds, without what was cut; so far, where it runs."""
    business: int | None
    """The same within working hours. None: it does not count as working time (`hours_rule`)."""
    mine: bool = False
    by: str = ""
    messages: tuple[int, ...] = ()
    cut: tuple[Cut, ...] = ()
    spans: tuple[Span, ...] = ()
    """Of a sum: the stretches that it is the sum of."""
    answer: int | None = None
    """The number of the reply that ended it."""
    holding: bool = False
    """That was a holding reply."""
    target: int | None = None
    """What was aimed at, in milliseconds (working ones, where there are hours); None: nothing was."""


class Run(NamedTuple):
    """Customer messages until somebody dealt with them."""

    at: Instant
    """Of the first."""
    replied: bool = False
    """By a person."""
    acted: bool = False
    """A person did anything at all."""
    bot: bool = False
    """A bot answered."""


class Cycle(NamedTuple):
    """From the first word, or from a reopening, to a completion."""

    began: Instant
    ended: Instant | None = None
    """None: it is not complete."""
    reopened: Instant | None = None
    """When it was opened again, after that."""
    runs: int = 0
    replies: int = 0
    """Public ones, by people."""
    mine: bool = False
    """This agent completed it."""
    by: str = ""

    @property
    def is_reopened(self) -> bool:
        """So soon that it had not been dealt with."""
        return (
            self.ended is not None
            and self.reopened is not None
            and self.reopened - self.ended <= REOPENED_WITHIN
        )

    @property
    def is_one_touch(self) -> bool:
        """Completed after exactly one public reply, and left so."""
        return self.ended is not None and self.replies == 1 and not self.is_reopened


class Running(NamedTuple):
    """What somebody waits for now."""

    aim: Aim
    start: Instant
    message: int = 0


class Measured(NamedTuple):
    """All that a history says."""

    status: Status
    wait: Instant | None
    """Start of the Wait; None where nobody waits."""
    samples: tuple[Sample, ...]
    """In the order of their ends."""
    running: tuple[Running, ...]
    cuts: tuple[Cut, ...]
    """Every pending, snoozed and complete stretch; what still lasts ends at `now`."""
    runs: tuple[Run, ...]
    """Without those that the customer took back before anybody had answered."""
    cycles: tuple[Cycle, ...]

    @property
    def received(self) -> int:
        """Runs of customer messages."""
        return len(self.runs)

    @property
    def replied(self) -> int:
        """Those that a person answered."""
        return sum(run.replied for run in self.runs)

    @property
    def acted(self) -> int:
        """Those that a person did anything about."""
        return sum(run.acted for run in self.runs)

    @property
    def completed(self) -> int:
        """How often it was completed."""
        return sum(cycle.ended is not None for cycle in self.cycles)

    @property
    def reopened(self) -> tuple[tuple[Instant, Instant], ...]:
        """(completion, reopening), of each that was opened again."""
        return tuple(
            (cycle.ended, cycle.reopened)
            for cycle in self.cycles
            if cycle.ended is not None and cycle.reopened is not None
        )
