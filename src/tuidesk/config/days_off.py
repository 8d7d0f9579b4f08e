"""Holidays that stand elsewhere: in an iCalendar file, or in the `holidays` library by country.

Both libraries are loaded by whoever names such a file or country, and by nobody else.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tuidesk.config.paths import read_trusted
from tuidesk.domain.hours import BadHours

if TYPE_CHECKING:
    from icalendar import Component

_ICS_MOST = 1 << 20
_RULES_MOST = 100
"""A rule that gives no day at all is worked out up to the year 9999, which takes half a second."""
_DAYS_MOST = 366
"""The longest event."""
_RULE_PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY"}
_YEARLY_PARTS = _RULE_PARTS | {"BYSETPOS", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"}
_RULES = {
    "DAILY": _RULE_PARTS,
    "WEEKLY": _RULE_PARTS,
    "MONTHLY": _YEARLY_PARTS,
    "YEARLY": _YEARLY_PARTS,
}
"""By how often it recurs, what may be in a rule: of days and weeks the rest would be worked out one by one."""
_UNTIL = re.compile(r"(UNTIL=\d{8})T\w+")
_BROKEN = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What the library makes of what is no calendar."""


class Days(NamedTuple):
    """The days of a range of years on which nobody works."""

    first: date
    last: date

    def hold(self, day: date) -> bool:
        """Whether it is one of them."""
        return self.first <= day <= self.last


def around(today: date) -> Days:
    """Twenty years, ten of them past. They move on every five years, so that what was made with them lasts."""
    begin = today.year - today.year % 5 - 10
    return Days(date(begin, 1, 1), date(begin + 19, 12, 31))


# --- a country ------------------------------------------------------------------------------------


def of_country(country: str, region: str, days: Days) -> frozenset[date]:
    """The public holidays of a country (`DE`), and of one of its regions (`BE`).

    Raises:
        BadHours: the library is not installed, or knows no such country or region.
    """
    try:
        import holidays
    except ImportError:
        raise BadHours("holidays", "hours.no_extra", python=sys.executable) from None
    known = holidays.list_supported_countries()
    code = country.strip().upper()
    if code not in known:
        raise BadHours("holidays.country", "hours.no_country")
    years = range(days.first.year, days.last.year + 1)
    try:
        return frozenset(holidays.country_holidays(code, subdiv=region or None, years=years))
    except NotImplementedError:
        regions = ", ".join(known[code])
        raise BadHours(
            "holidays.region", "hours.no_region" if regions else "hours.no_regions", regions=regions
        ) from None


# --- an iCalendar file ----------------------------------------------------------------------------


class Read(NamedTuple):
    """What a file gave."""

    days: frozenset[date]
    unread: int
    """Events that stay out because they cannot be read."""


def of_file(path: Path, owners: frozenset[int], days: Days) -> Read:
    """The days of its all-day events, also of those that recur; meetings are no holidays.

    Raises:
        BadHours: it is too large, no calendar, or has no such event.
        ConfigError: see `read_trusted`.
        OSError: it cannot be read.
    """
    data = read_trusted(path, owners)
    if len(data) > _ICS_MOST:
        raise BadHours("holidays.ics", "hours.ics_large", path=str(path))
    from icalendar import Calendar

    try:
        events = [
            event for calendar in Calendar.from_ical(data, multiple=True) for event in calendar.walk("VEVENT")
        ]
    except _BROKEN:
        raise BadHours("holidays.ics", "hours.ics_broken", path=str(path)) from None
    found = _Reading(days, events).read()
    if not (found.days or found.unread):
        years = {"first": str(days.first.year), "last": str(days.last.year)}
        raise BadHours("holidays.ics", "hours.ics_empty", path=str(path), **years)
    return found


class _Wrong(Exception):
    """This event cannot be read."""


class _Reading:
    """One walk through the events of a file."""

    def __init__(self, days: Days, events: "Iterable[Component]") -> None:
        self._days = days
        self._events = list(events)
        self._rules = 0
        self._found = set[date]()

    def read(self) -> Read:
        moved: dict[str, set[date]] = {}
        sound = []
        for event in self._events:
            with suppress(*_BROKEN):
                moved.setdefault(str(event.get("UID")), set()).update(_dates(event, "RECURRENCE-ID"))
                sound.append(event)
        unread = len(self._events) - len(sound)
        for event in sound:
            try:
                self._event(event, moved[str(event.get("UID"))])
            except (_Wrong, *_BROKEN):
                unread += 1
        return Read(frozenset(self._found), unread)

    def _event(self, event: "Component", moved: set[date]) -> None:
        """Keep its days; of one that recurs without those that an event of their own stands for."""
        start = getattr(event.get("DTSTART"), "dt", None)
        if not isinstance(start, date):
            raise _Wrong
        if isinstance(start, datetime) or str(event.get("STATUS", "")).upper() == "CANCELLED":
            return
        length = _length(event, start)
        without = {*_dates(event, "EXDATE"), *(() if event.get("RECURRENCE-ID") else moved)}
        rules = [rule.to_ical().decode() for rule in _each(event, "RRULE")]
        free = date.min
        for begun in sorted({start, *_dates(event, "RDATE"), *self._recurring(rules, start, length)}):
            if begun not in without:
                free = self._add(max(begun, free), begun + timedelta(length))

    def _add(self, first: date, behind: date) -> date:
        """Keep the days up to one, as far as they are asked for; the first day that has not been looked at."""
        day = max(first, self._days.first)
        while day < behind and self._days.hold(day):
            self._found.add(day)
            day += timedelta(1)
        return max(first, behind)

    def _recurring(self, rules: list[str], start: date, length: int) -> Iterator[date]:
        from dateutil.rrule import rrulestr

        for rule in rules:
            _check(rule)
            self._rules += 1
            if self._rules > _RULES_MOST:
                raise _Wrong
            # the end of a rule is a day like its start, whatever a program has made of it
            rule = _UNTIL.sub(r"\1", rule)
            for at in rrulestr(rule, dtstart=datetime.combine(start, time())):
                if at.date() > self._days.last:
                    break
                if at.date() >= self._days.first - timedelta(length):
                    yield at.date()


def _check(rule: str) -> None:
    """Refuse what gives no days, or takes for ever."""
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
    if not parts.keys() <= _RULES.get(parts.get("FREQ", ""), set()) or int(parts.get("INTERVAL", "1")) < 1:
        raise _Wrong


def _each(event: "Component", name: str) -> list[Any]:
    """A property, as often as it is there."""
    found = event.get(name)
    return found if isinstance(found, list) else [] if found is None else [found]


def _dates(event: "Component", name: str) -> Iterator[date]:
    """The days of a property that has one or many."""
    for one in _each(event, name):
        for value in getattr(one, "dts", (one,)):
            day = getattr(value, "dt", None)
            if isinstance(day, date):
                yield day.date() if isinstance(day, datetime) else day


def _length(event: "Component", start: date) -> int:
    """Days from the first; its end is the day behind the last one."""
    end = getattr(event.get("DTEND"), "dt", None)
    duration = getattr(event.get("DURATION"), "dt", None)
    length = (
        end - start if type(end) is date else duration if isinstance(duration, timedelta) else timedelta(1)
    )
    if length.days > _DAYS_MOST:
        raise _Wrong
    return max(length.days, 1)
