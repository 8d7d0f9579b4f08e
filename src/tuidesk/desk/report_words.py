"""A report in words: titled tables of cells, for the shell, files and the screen."""

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple

from tuidesk.desk.grouping import ME, PRIORITIES
from tuidesk.domain.metrics import (
    METRICS,
    By,
    Count,
    Durations,
    Figure,
    Group,
    Mean,
    Report,
    Score,
    Share,
    Spread,
)
from tuidesk.domain.text import clean
from tuidesk.words import say

Span = Callable[[float], str]
"""Words a duration, in milliseconds."""
Clock = Literal["calendar", "business"]
Verdict = Literal["", "better", "worse"]

_POINTS = 100
"""In which a share is told, and compared."""
_MORE_IS_BETTER = frozenset(
    ("resolution_rate", "reply_rate", "action_rate", "one_touch", "csat", "nps", "effort", "survey_response")
) | {metric.key for metric in METRICS if metric.key.startswith(("on_target", "first_response_within"))}
_LESS_IS_BETTER = frozenset(("reopen_rate", "contacts_per_resolution", "backlog")) | {
    metric.key for metric in METRICS if metric.unit == "duration" and metric.key != "handling"
}


class Change(NamedTuple):
    """Against the period before."""

    text: str
    """`-12 %`, `+3.2 points`; "" where there is nothing to compare."""
    verdict: Verdict
    """"" where neither is better."""

    @property
    def words(self) -> str:
        """`-12 % better`."""
        return f"{self.text} {say(f'report.{self.verdict}')}" if self.verdict else self.text


class Line(NamedTuple):
    """One line of a table."""

    metric: str
    """Which `define` explains it."""
    group: str
    """The key of its group; "": the whole."""
    clock: Clock | None
    """None: it is no duration."""
    cells: tuple[str, ...]
    verdict: Verdict
    """Of the change, which its last cell says in words."""


class Table(NamedTuple):
    """One table."""

    title: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    words: int = 1
    """So many columns, the first ones, are words; the others are numbers."""


def title(report: Report) -> str:
    """What it is, and whose figures they are."""
    return say("report.title_mine" if report.asked.mine else "report.title")


def name(metric: str) -> str:
    """What a figure is called."""
    return say(f"report.metric_{metric}")


def define(metric: str) -> str:
    """What a figure is, in a sentence or two."""
    return say(f"report.define_{metric}")


def by_name(by: By) -> str:
    """What a report is grouped by."""
    return say(f"report.by_{by}")


def group_name(by: By, key: str) -> str:
    """What a group is called, clean: `Monday`, `09:00`, and an account, a tag or a person as they are called."""
    if not key:
        return say("report.whole")
    if by == "weekday" and key in tuple("1234567"):
        return say("report.weekdays").split("|")[int(key) - 1]
    if by == "priority" and key in PRIORITIES:
        return say(f"entry.priority_{key}")
    if by == "person" and key == ME:
        return say("report.you")
    return f"{key}:00" if by == "hour" else clean(key, lines=False)


def is_empty(report: Report) -> bool:
    """Nothing was measured, neither in the period nor in that before."""
    return not any(
        _n(figure) for group in report.groups for figure in (*group.figures.values(), *group.before.values())
    )


def _n(figure: Figure) -> int:
    match figure:
        case Durations():
            return figure.calendar.n
        case Share():
            return figure.of
        case _:
            return figure.n


def tables(report: Report, span: Span) -> tuple[Table, ...]:
    """The whole first: its durations, then its rates and counts; then a table for each figure of the groups. None where
    nothing was measured."""
    if is_empty(report):
        return ()
    compares = report.asked.compare
    return tuple(_whole(report, span, compares=compares)) + tuple(_by_group(report, span, compares=compares))


def _whole(report: Report, span: Span, *, compares: bool) -> Iterator[Table]:
    whole = next((group for group in report.groups if not group.key), None)
    if whole is None:
        return
    clocks = clocks_of(report)
    times = [
        line
        for metric in METRICS
        for clock in clocks
        if (
            line := _duration(whole, metric.key, clock, _indented(metric.key, clock), span, compares=compares)
        )
    ]
    if times:
        yield Table(say("report.times"), _heads(say("report.figure"), compares=compares), tuple(times))
    others = [
        line for metric in METRICS if (line := _other(whole, metric.key, name(metric.key), compares=compares))
    ]
    if others:
        yield Table(
            say("report.rates"), _heads(say("report.figure"), compares=compares, spread=False), tuple(others)
        )


def _indented(metric: str, clock: Clock) -> str:
    return name(metric) if clock == "calendar" else f"  {say('report.business')}"


def _by_group(report: Report, span: Span, *, compares: bool) -> Iterator[Table]:
    by = report.asked.by
    groups = [group for group in report.groups if group.key]
    compares = compares and by not in ("day", "week")  # which the period before has none of
    for metric in METRICS if by else ():
        title = say("report.by", figure=name(metric.key), by=by_name(by))
        for clock in clocks_of(report):
            lines = [
                line
                for group in groups
                if (
                    line := _duration(
                        group, metric.key, clock, group_name(by, group.key), span, compares=compares
                    )
                )
            ]
            if lines:
                titled = title if clock == "calendar" else say("report.in_business", title=title)
                yield Table(titled, _heads(by_name(by), compares=compares), tuple(lines))
        lines = [
            line
            for group in groups
            if (line := _other(group, metric.key, group_name(by, group.key), compares=compares))
        ]
        if lines:
            yield Table(title, _heads(by_name(by), compares=compares, spread=False), tuple(lines))


def clocks_of(report: Report) -> tuple[Clock, ...]:
    """Working hours besides the calendar only where they make a difference."""
    differ = any(
        isinstance(figure, Durations) and figure.calendar != figure.business
        for group in report.groups
        for figure in group.figures.values()
    )
    return ("calendar", "business") if differ else ("calendar",)


def _heads(first: str, *, compares: bool, spread: bool = True) -> tuple[str, ...]:
    names = ("n", "mean", "median", "p90") if spread else ("n", "value")
    return (first, *(say(f"report.{head}") for head in names), *((say("report.change"),) if compares else ()))


def has_hours(metric: str, clock: Clock) -> bool:
    """One's own time at work counts whole, whatever the hours are."""
    return clock == "calendar" or metric != "handling"


def _duration(
    group: Group, metric: str, clock: Clock, called: str, span: Span, *, compares: bool
) -> Line | None:
    figure = group.figures.get(metric)
    if not isinstance(figure, Durations) or (clock == "business" and not figure.calendar.n):
        return None
    if not has_hours(metric, clock):
        return None
    changed = change(metric, figure, group.before.get(metric), clock)
    cells = (called, *spread_cells(getattr(figure, clock), span), *((changed.words,) if compares else ()))
    return Line(metric, group.key, clock, cells, changed.verdict)


def _other(group: Group, metric: str, called: str, *, compares: bool) -> Line | None:
    figure = group.figures.get(metric)
    if figure is None or isinstance(figure, Durations):
        return None
    changed = change(metric, figure, group.before.get(metric))
    cells = (called, _of(figure), value(metric, figure), *((changed.words,) if compares else ()))
    return Line(metric, group.key, None, cells, changed.verdict)


def spread_cells(spread: Spread, span: Span) -> tuple[str, str, str, str]:
    """n, mean, median, p90."""
    if not spread.n:
        return "0", "-", "-", "-"
    return f"{spread.n:,}", span(spread.mean), span(spread.median), span(spread.p90)


def _of(figure: Share | Count | Mean | Score) -> str:
    """How many it was made of; a count says that itself."""
    match figure:
        case Share():
            return f"{figure.of:,}"
        case Count():
            return ""
        case _:
            return f"{figure.n:,}"


def value(metric: str, figure: Share | Count | Mean | Score) -> str:
    """`95.1 %`, `1,204`, `1.8`, `42 points`; `-` where there is none."""
    if isinstance(figure, Count):
        return f"{figure.n:,}"
    if figure.value is None:
        return "-"
    if isinstance(figure, Share) or metric == "effort":
        return say("report.percent", value=f"{figure.value * _POINTS:.1f}")
    if isinstance(figure, Score):
        return say("report.points", value=f"{figure.value:.0f}")
    return f"{figure.value:.2f}"


def change(metric: str, figure: Figure, before: Figure | None, clock: Clock = "calendar") -> Change:
    """Of durations the median's; of shares and scores in points; of anything else as a part of what it was."""
    now, then = _compared(figure, clock), None if before is None else _compared(before, clock)
    if now is None or then is None:
        return Change("", "")
    if isinstance(figure, Share | Score):
        by = round((now - then) * (1 if metric == "nps" else _POINTS), 1)
        text = say("report.points", value=f"{by:+.1f}")
    elif then:
        by = round((now - then) / then * 100)
        text = say("report.percent", value=f"{by:+}")
    else:
        return Change("", "")
    if not by:
        return Change(say("report.same"), "")
    good = (by > 0 and metric in _MORE_IS_BETTER) or (by < 0 and metric in _LESS_IS_BETTER)
    judged = metric in _MORE_IS_BETTER | _LESS_IS_BETTER
    return Change(text, ("better" if good else "worse") if judged else "")


def _compared(figure: Figure, clock: Clock) -> float | None:
    match figure:
        case Durations():
            found: Spread = getattr(figure, clock)
            return found.median if found.n else None
        case Count():
            return figure.n
        case _:
            return figure.value


def definitions(shown: Iterable[Table]) -> tuple[tuple[str, str], ...]:
    """(name, definition) of every figure in these tables, in their order."""
    metrics = dict.fromkeys(line.metric for table in shown for line in table.lines if line.metric)
    return tuple((name(metric), define(metric)) for metric in metrics)


def notes(report: Report, moment: Callable[[int], str], zone: str) -> tuple[str, ...]:
    """What is to be known of a report as a whole; `moment` words an instant by the clock of `zone`."""
    asked = report.asked
    zone = zone or say("report.here")
    said = [say("report.period", since=moment(asked.since), until=moment(asked.until), zone=zone)]
    if asked.compare:
        before = asked.before
        said.append(say("report.against", since=moment(before.since), until=moment(before.until)))
    if is_empty(report):
        said.append(say("report.nothing"))
    if report.first_at is not None and report.first_at > asked.since:
        said.append(say("report.first_at", at=moment(report.first_at)))
    if report.behind:
        said.append(say("report.behind", count=report.behind))
    if report.provisional:
        said.append(say("report.provisional"))
    return (*said, say("report.columns"), say("report.belongs"), say("report.rule", rule=report.rule))
