"""What reports say: samples → n, mean, median and 90th percentile; shares, counts, scores. Never a mean alone."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from tuidesk.domain.instants import Instant

Unit = Literal["duration", "share", "count", "mean", "score"]
By = Literal["", "account", "medium", "tag", "priority", "hour", "weekday", "day", "week", "canned", "person"]
BYS: tuple[By, ...] = (
    "account",
    "medium",
    "tag",
    "priority",
    "hour",
    "weekday",
    "day",
    "week",
    "canned",
    "person",
)


class Spread(NamedTuple):
    """How durations, in milliseconds, are spread; zeros where there are none."""

    n: int
    mean: float
    median: float
    """The middle one, or the mean of the middle two."""
    p90: float
    """The smallest one that at least nine in ten do not exceed."""


NONE = Spread(0, 0, 0, 0)


def spread(durations: Iterable[int]) -> Spread:
    """Of durations in any order."""
    found = sorted(durations)
    if not found:
        return NONE
    n = len(found)
    median = (found[(n - 1) // 2] + found[n // 2]) / 2
    return Spread(n, sum(found) / n, median, found[-(-n * 9 // 10) - 1])


class Durations(NamedTuple):
    """By the calendar, and within business hours."""

    calendar: Spread
    business: Spread
    """Its `n` is smaller where a sample does not count as working time (`hours_rule = "reply"`)."""


class Share(NamedTuple):
    """A part of something."""

    part: int
    of: int

    @property
    def value(self) -> float | None:
        """0 to 1; None: there was nothing to be a part of."""
        return self.part / self.of if self.of else None


class Count(NamedTuple):
    """How many."""

    n: int


class Mean(NamedTuple):
    """An average of `n` things; None: there were none."""

    n: int
    value: float | None


class Score(NamedTuple):
    """What customers gave: its n, and the score (NPS: -100 to 100; effort: the mean of the scale's share, 0 to 1)."""

    n: int
    value: float | None


Figure = Durations | Share | Count | Mean | Score


class Metric(NamedTuple):
    """One line of a report; `report.metric_KEY` names it, `report.define_KEY` says what it is."""

    key: str
    unit: Unit
    of_person: bool = True
    """It can be said of one agent; what cannot is left out of what is *mine*."""


METRICS: tuple[Metric, ...] = (
    Metric("first_response", "duration"),
    Metric("first_answer", "duration"),
    Metric("reply", "duration"),
    Metric("handoff_wait", "duration"),
    Metric("reaction", "duration"),
    Metric("resolution_first", "duration"),
    Metric("resolution_last", "duration"),
    Metric("resolution_active", "duration"),
    Metric("requester_wait", "duration"),
    Metric("handling", "duration"),
    Metric("on_target_first_response", "share"),
    Metric("first_response_within_a_day", "share"),
    Metric("on_target_reply", "share"),
    Metric("on_target_resolution", "share"),
    Metric("resolution_rate", "share", of_person=False),
    Metric("reply_rate", "share", of_person=False),
    Metric("action_rate", "share", of_person=False),
    Metric("reopen_rate", "share"),
    Metric("one_touch", "share"),
    Metric("contacts_per_resolution", "mean"),
    Metric("at_once", "mean"),
    Metric("messages_received", "count", of_person=False),
    Metric("replies_sent", "count"),
    Metric("conversations", "count", of_person=False),
    Metric("completed", "count"),
    Metric("backlog", "count", of_person=False),
    Metric("customers", "count", of_person=False),
    Metric("csat", "share"),
    Metric("nps", "score"),
    Metric("effort", "score"),
    Metric("survey_response", "share"),
)
"""In the order in which a report lists them. A figure that nothing is known of is not in the report; where there are no
targets of a kind, nor is its share; `first_response_within_a_day` is there only while the shipped targets hold."""


class Asked(NamedTuple):
    """What a report is to be about."""

    since: Instant
    until: Instant
    """The first instant that is not in it any more."""
    by: By = ""
    """"": only the whole."""
    mine: bool = False
    compare: bool = True
    """Also the period of the same length before `since`."""

    @property
    def before(self) -> "Asked":
        """The same of the period before."""
        return self._replace(since=2 * self.since - self.until, until=self.since, compare=False)


class Group(NamedTuple):
    """One group of a report."""

    key: str
    """"": the whole. An account's id, a medium, a tag (`refund`, which includes `refund/late`), a priority, an hour
    (`09`), a weekday (`1` is Monday), a day (`2026-11-28`), a week (`2026-W48`), a canned reply's name, a person."""
    figures: dict[str, Figure]
    """By metric; only those that say something of such a group."""
    before: dict[str, Figure]
    """Likewise of the period before; empty where that was not asked for."""


class Report(NamedTuple):
    """The figures of a period."""

    asked: Asked
    groups: tuple[Group, ...]
    """The whole first."""
    rule: int
    behind: int
    """Conversations whose samples still follow older rules, hours or targets; they are being made anew."""
    provisional: bool
    """The period ends less than seven days ago: a completion in it may still be reopened in time."""
    first_at: Instant | None
    """The first message of all; None: there is none."""


# --- pictures -------------------------------------------------------------------------------------


class Volume(NamedTuple):
    """A day, or a week where the range is long."""

    at: Instant
    """Its beginning."""
    received: int
    """Customer messages."""
    completed: int
    backlog: int
    """Conversations that were not complete at its end."""


class Heat(NamedTuple):
    """Weekday (Monday first) by hour of the day."""

    received: tuple[tuple[int, ...], ...]
    """7 by 24 customer messages."""
    reply: tuple[tuple[float | None, ...], ...]
    """7 by 24 medians, in milliseconds, of the replies to what came in then; None: there were none."""


class Bar(NamedTuple):
    """One bar of a distribution: durations below `below`, and not below that of the bar before."""

    below: int | None
    """Milliseconds; None: everything longer."""
    n: int


class Member(NamedTuple):
    """One person of the team, by what the channel shows. Handling time is nobody else's, and not here."""

    name: str
    """"": this agent."""
    mine: bool
    replies: int
    reply: Spread
    """By the calendar."""
    completed: int


class Ranked(NamedTuple):
    """A topic with its conversations, or a canned reply with its uses."""

    name: str
    n: int


class Comment(NamedTuple):
    """What a customer said beside a rating."""

    n: int
    """The conversation."""
    at: Instant
    kind: str
    """`csat`, `nps`, `effort`."""
    score: float
    scale: float
    who: str
    text: str
    """As it came: clean it before it is shown."""


class Pictures(NamedTuple):
    """What people would rather look at."""

    volume: tuple[Volume, ...]
    by_week: bool
    heat: Heat
    replies: tuple[Bar, ...]
    """By the clock that the target counts by."""
    target: int | None
    """The reply target that most of them had, in milliseconds; None: they had none."""
    team: tuple[Member, ...]
    """Of accounts on which more than one person answers; else empty."""
    topics: tuple[Ranked, ...]
    """Most received first."""
    canned: tuple[Ranked, ...]
    """Most used first."""
    comments: tuple[Comment, ...]
    """The newest first."""


BARS: Sequence[int] = tuple(
    minutes * 60_000 for minutes in (1, 5, 15, 30, 60, 120, 240, 480, 1440, 2880, 10080)
)
"""Bounds of the distribution of reply times."""
