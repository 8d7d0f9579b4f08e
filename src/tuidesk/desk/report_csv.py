"""A report as CSV."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from tuidesk.domain.instants import SECOND, rfc3339
from tuidesk.domain.metrics import METRICS, Count, Durations, Figure, Member, Report, Share, Spread
from tuidesk.domain.spreadsheet import quoted
from tuidesk.domain.text import clean

_SPREAD = ("n", "mean_s", "median_s", "p90_s")
_FIGURE = (*_SPREAD, "part", "of", "value")
_HEADS = ("since", "until", "by", "group", "metric", "clock", *_FIGURE)


def as_csv(report: Report) -> str:
    """RFC 4180, a line for each figure of each group, by each clock; durations in seconds, shares from 0 to 1."""
    asked = report.asked
    period = (rfc3339(asked.since), rfc3339(asked.until))
    heads = (*_HEADS, *(f"before_{name}" for name in _FIGURE if asked.compare))
    rows: list[list[object]] = []
    for group in report.groups:
        for metric in METRICS:
            figure, before = group.figures.get(metric.key), group.before.get(metric.key)
            for clock in ("calendar", "business") if isinstance(figure, Durations) else ("",):
                if figure is not None:
                    cells = (*period, asked.by, group.key, metric.key, clock, *_numbers(figure, clock))
                    rows.append([*cells, *(_numbers(before, clock) if asked.compare else ())])
    return _written(heads, rows)


def team_as_csv(team: Iterable[Member]) -> str:
    """Likewise, a line for each person."""
    heads = ("person", "mine", "replies", *_SPREAD, "completed")
    rows = ([one.name, int(one.mine), one.replies, *_spread(one.reply), one.completed] for one in team)
    return _written(heads, rows)


def _written(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    made = StringIO(newline="")
    out = csv.writer(made)
    out.writerow(heads)
    out.writerows([_cell(value) for value in row] for row in rows)
    return made.getvalue()


def _cell(value: object) -> object:
    return quoted(clean(value, lines=False)) if isinstance(value, str) else value


def _numbers(figure: Figure | None, clock: str) -> list[Any]:
    match figure:
        case None:
            return [None] * len(_FIGURE)
        case Durations():
            return [*_spread(getattr(figure, clock)), None, None, None]
        case Count():
            return [figure.n, *([None] * 6)]
        case Share():
            return [None, None, None, None, figure.part, figure.of, figure.value]
        case _:
            return [figure.n, None, None, None, None, None, figure.value]


def _spread(spread: Spread) -> list[Any]:
    durations = (spread.mean, spread.median, spread.p90)
    return [spread.n, *(round(ms / SECOND, 3) if spread.n else None for ms in durations)]
