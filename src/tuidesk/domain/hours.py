"""Business hours: how much working time lies between two instants, and when so much of it is over.

A week of periods in one zone, less the days on which nobody works. A period runs from the first instant at which the
clock on the wall shows its start, or has jumped past it, to the first at which it shows its end: one that spans a
change of the clocks has the hours that people really sit there, and two that touch leave neither a gap nor an overlap.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import accumulate, pairwise
from typing import NamedTuple

from tuidesk.domain.instants import DAY, Instant, as_datetime, of

Minutes = int
"""Since the midnight that a day begins with."""
DAY_MINUTES: Minutes = 24 * 60
_FIRST_YEAR, _LAST_YEAR = 1970, 2200
"""Nobody works before and after: stamps out of this world must not cost a table of millennia."""
_YEARS_AHEAD = 30
"""A target that is not reached by then is reached never: the hours have no end of holidays."""


class Period(NamedTuple):
    """Working time of one day of the week."""

    start: Minutes
    end: Minutes
    """More than `DAY_MINUTES` where it goes on past midnight."""


class Span(NamedTuple):
    """A stretch of time."""

    start: Instant
    end: Instant


@dataclass(frozen=True, slots=True)
class Hours:
    """When people work. Without any periods they always do."""

    zone: tzinfo = UTC
    name: str = "UTC"
    """The zone's, as the user wrote it."""
    week: tuple[tuple[Period, ...], ...] = ((),) * 7
    """From Monday."""
    holidays: frozenset[date] = frozenset()
    """Nothing counts from their midnight to the next, not even the end of a night shift."""

    @property
    def is_always(self) -> bool:
        return not any(self.week)

    @property
    def mark(self) -> str:
        """Another one for other hours: samples that were made with these carry it."""
        if self.is_always:
            return "always"
        days = sorted(day.isoformat() for day in self.holidays)
        return hashlib.sha256(repr((self.name, self.week, days)).encode()).hexdigest()[:12]


class _Table(NamedTuple):
    """The spans of whole years, and how much work there is before each of them."""

    first: date = date(1970, 1, 1)
    behind: date = date(1970, 1, 1)
    """The day behind the last."""
    starts: tuple[Instant, ...] = ()
    ends: tuple[Instant, ...] = ()
    before: tuple[int, ...] = (0,)
    """Milliseconds of work before each span, and behind the last."""

    def until(self, at: Instant) -> int:
        """Milliseconds of work from the first day."""
        n = bisect_right(self.starts, at)
        return self.before[n] - (max(self.ends[n - 1] - at, 0) if n else 0)

    def at(self, work: int, start: Instant) -> Instant:
        """The first instant, not before `start`, at which so much work is over."""
        n = bisect_right(self.before, work - 1) - 1
        if n < 0:
            return start
        return max(self.starts[n] + work - self.before[n], start)


class Calendar:
    """The spans of working time that hours give, worked out once for the years that are asked about. Several threads
    may ask: what they read is replaced whole."""

    def __init__(self, hours: Hours) -> None:
        self.hours = hours
        self._table = _Table()

    def between(self, start: Instant, end: Instant) -> int:
        """Milliseconds of work from one instant to a later one; 0 where it is not later."""
        if end <= start:
            return 0
        if self.hours.is_always:
            return end - start
        table = self._reach(start, end)
        return table.until(end) - table.until(start)

    def after(self, start: Instant, work: int) -> Instant | None:
        """The instant at which so many milliseconds of work are over; None where they never are."""
        if self.hours.is_always:
            return start + work
        year = as_datetime(start).year
        for ahead in range(_YEARS_AHEAD):
            table = self._reach(start, of(datetime(min(year + ahead + 1, _LAST_YEAR), 1, 1, tzinfo=UTC)))
            wanted = table.until(start) + work
            if table.before[-1] >= wanted:
                return table.at(wanted, start)
        return None

    def spans(self, start: Instant, end: Instant) -> tuple[Span, ...]:
        """The stretches of working time between two instants, in their order."""
        if end <= start:
            return ()
        if self.hours.is_always:
            return (Span(start, end),)
        table = self._reach(start, end)
        first, behind = bisect_right(table.ends, start), bisect_right(table.starts, end)
        cut = (Span(max(table.starts[n], start), min(table.ends[n], end)) for n in range(first, behind))
        return tuple(span for span in cut if span.start < span.end)

    def is_working(self, at: Instant) -> bool:
        """Whether the instant is in working time; the end of a period is not."""
        return bool(self.spans(at, at + 1))

    def _reach(self, start: Instant, end: Instant) -> _Table:
        """A table of whole years around these instants."""
        # a day of another zone may lie on either side; the night shift of the day before comes in
        first, behind = date(_year(start - 2 * DAY), 1, 1), date(_year(end + 2 * DAY) + 1, 1, 1)
        table = self._table
        if table.first <= first and behind <= table.behind:
            return table
        if table.starts:
            first, behind = min(first, table.first), max(behind, table.behind)
        spans = _joined(
            span
            for ordinal in range(first.toordinal() - 1, behind.toordinal())
            for span in _of_day(self.hours, date.fromordinal(ordinal))
        )
        self._table = _Table(
            first,
            behind,
            tuple(span.start for span in spans),
            tuple(span.end for span in spans),
            tuple(accumulate((span.end - span.start for span in spans), initial=0)),
        )
        return self._table


def _year(at: Instant) -> int:
    return min(max(as_datetime(at).year, _FIRST_YEAR), _LAST_YEAR)


def _of_day(hours: Hours, day: date) -> Iterable[Span]:
    """What the periods that begin on a day give, less the holidays that they run into."""
    for period in hours.week[day.weekday()]:
        begins = period.start
        for offset in range(period.end // DAY_MINUTES + 1):
            ends = min(period.end, (offset + 1) * DAY_MINUTES)
            if begins < ends and day + timedelta(offset) not in hours.holidays:
                span = Span(_instant(hours.zone, day, begins), _instant(hours.zone, day, ends))
                if span.start < span.end:
                    yield span
            begins = max(begins, ends)


def _joined(spans: Iterable[Span]) -> list[Span]:
    """In order, those that touch or overlap as one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def _instant(zone: tzinfo, day: date, minutes: Minutes) -> Instant:
    """The first instant at which the clock shows so many minutes behind a day's midnight, or has jumped past them."""
    days, minute = divmod(minutes, DAY_MINUTES)
    wall = datetime.combine(day + timedelta(days), time(minute // 60, minute % 60))
    shown = of(wall.replace(tzinfo=zone))
    if _wall(zone, shown) == wall:
        return shown
    # the clock never shows it: it jumps somewhere between what the two offsets around the jump make of it
    before, behind = sorted((shown, of(wall.replace(tzinfo=zone, fold=1))))
    while behind - before > 1:
        middle = (before + behind) // 2
        if _wall(zone, middle) < wall:
            before = middle
        else:
            behind = middle
    return behind


def _wall(zone: tzinfo, at: Instant) -> datetime:
    return as_datetime(at).astimezone(zone).replace(tzinfo=None)


# --- as people write them -------------------------------------------------------------------------

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class BadHours(ValueError):
    """A week that cannot be read; `key` says which of its entries."""

    def __init__(self, key: str, why: str, **told: str) -> None:
        super().__init__(why)
        self.key = key
        self.why = why
        """A word of `words`: `hours.…`."""
        self.told = told


def week(table: Mapping[str, Iterable[str]]) -> tuple[tuple[Period, ...], ...]:
    """`{"mon-fri": ["09:00-12:00", "13:30-17:00"], "sat": ["22:00-02:00"]}` → periods from Monday.

    Raises:
        BadHours: no such day or period, or two that overlap, also past midnight or the week's end.
    """
    found: list[list[tuple[Period, str]]] = [[] for _ in DAYS]
    for key, written in table.items():
        for day in _days(key):
            found[day].extend((_period(key, text), key) for text in written)
    flat = sorted(
        (day * DAY_MINUTES + period.start, day * DAY_MINUTES + period.end, key)
        for day, periods in enumerate(found)
        for period, key in periods
    )
    around = [*flat, *((start + 7 * DAY_MINUTES, end, key) for start, end, key in flat[:1])]
    for (_, end, key), (start, _, other) in pairwise(around):
        if start < end:
            raise BadHours(other, "hours.overlap", other=key)
    return tuple(tuple(sorted(period for period, _ in periods)) for periods in found)


def _days(key: str) -> Iterable[int]:
    """`mon`, or `fri-mon`, which goes over the week's end."""
    first, dash, last = (part.strip() for part in key.casefold().partition("-"))
    if first not in DAYS or (dash and last not in DAYS):
        raise BadHours(key, "hours.no_day", days=", ".join(DAYS))
    begin = DAYS.index(first)
    count = (DAYS.index(last) - begin) % 7 if dash else 0
    return [(begin + n) % 7 for n in range(count + 1)]


def _period(key: str, written: str) -> Period:
    start, dash, end = written.partition("-")
    begins, ends = _minutes(start), _minutes(end)
    if not dash or begins is None or ends is None or begins in (ends, DAY_MINUTES):
        raise BadHours(key, "hours.no_period", period=written)
    return Period(begins, ends if begins < ends else ends + DAY_MINUTES)


def _minutes(written: str) -> Minutes | None:
    hours, colon, minutes = written.strip().partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal() and len(hours) <= 2 and len(minutes) == 2):
        return None
    total = int(hours) * 60 + int(minutes)
    return total if int(minutes) < 60 and total <= DAY_MINUTES else None
