"""Times as an agent types them: `2h`, `tomorrow 9`, `mon 14:00`, `3d`, `2 dec`, `reply`, and exact ones.

A clock time is the wall's, wherever the summer-time rules put it; a span is real time. Pure: `now` and the zone are
handed in.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from tuidesk.domain import instants
from tuidesk.domain.instants import DAY, HOUR, MINUTE, Instant
from tuidesk.errors import UsageError
from tuidesk.words import say

MORNING = time(9)
"""The hour of a day that is named without one."""

_UNITS = {"m": MINUTE, "min": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_SPAN = re.compile(r"(?:(\d{1,4})\s*(min|m|h|d|w)\s*)+\Z")
_PART = re.compile(r"(\d{1,4})\s*(min|m|h|d|w)")
_HOUR = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?\Z")
_FIRM = ("!", " firm", " firmly", " even if they reply")
_EXACT = re.compile(r"\d{4}-\d{2}-\d{2}t")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


@dataclass(frozen=True, slots=True)
class Until:
    """How long a conversation sleeps."""

    at: Instant | None
    """None: until a reply."""
    firm: bool = False
    """Until the time even if they reply."""


def parse(typed: str, now: Instant, zone: tzinfo | None = None) -> Until:
    """What an agent typed → until when. `zone` None is where this machine is.

    An ending `!`, `firm` or `even if they reply` makes it firm. An exact time (RFC 3339) may be past: that is for
    whoever acts on it to refuse.

    Raises:
        UsageError: it cannot be read, or is past.
    """
    words, firm = _firmness(" ".join(typed.casefold().replace(",", " ").split()))
    exact = _exact(words)
    if exact is not None:
        return Until(exact, firm)
    if words in ("reply", "a reply", "until reply"):
        if firm:
            raise UsageError(say("when.firm_reply"))
        return Until(None)
    at = _span(words, now)
    if at is None:
        at = _clock(words, now, zone)
    if at is None:
        raise UsageError(say("when.unreadable", typed=typed.strip()))
    if at <= now:
        raise UsageError(say("when.past", typed=typed.strip()))
    return Until(at, firm)


def _firmness(words: str) -> tuple[str, bool]:
    """The words without those that make it firm, and whether there were any."""
    firm = False
    for sign in _FIRM:
        if words.endswith(sign):
            words, firm = words.removesuffix(sign).rstrip("! "), True
    if words.startswith("firm "):
        words, firm = words.removeprefix("firm "), True
    return words.rstrip(), firm


def _exact(words: str) -> Instant | None:
    """`2026-12-01T09:00:00Z`, of which the signs of time and zone may be small letters."""
    if not _EXACT.match(words):
        return None
    try:
        return instants.parse(words.upper())
    except ValueError:
        return None


def _span(words: str, now: Instant) -> Instant | None:
    """`90m`, `2h`, `1h 30m`, `3d`, `1w`. A day is 24 hours of real time here."""
    if not _SPAN.match(words):
        return None
    return now + sum(int(count) * _UNITS[unit] for count, unit in _PART.findall(words))


def _clock(words: str, now: Instant, zone: tzinfo | None) -> Instant | None:
    """A day, an hour, or both; an hour alone is the next such."""
    if not words:
        return None
    here = instants.as_datetime(now).astimezone(zone)
    day, rest = _day(words, here.date())
    hour = _hour(rest) if rest else MORNING
    if hour is None:
        return None
    if day is not None:
        return _instant(day, hour, zone)
    at = _instant(here.date(), hour, zone)
    return at if at > now else _instant(here.date() + timedelta(days=1), hour, zone)


def _day(words: str, today: date) -> tuple[date | None, str]:
    """The day that `words` begin with, and the rest of them."""
    first, _, rest = words.partition(" ")
    if first in ("today", "tod"):
        return today, rest
    if first in ("tomorrow", "tom", "tmr"):
        return today + timedelta(days=1), rest
    if first == "next" and rest:
        first, _, rest = rest.partition(" ")
        if first == "week":
            return today + timedelta(days=7 - today.weekday()), rest
    weekdays = say("when.weekdays").split()
    if len(first) >= 3 and (found := [i for i, name in enumerate(weekdays) if name.startswith(first)]):
        return today + timedelta(days=(found[0] - today.weekday() - 1) % 7 + 1), rest
    if _ISO.match(first):
        try:
            return date.fromisoformat(first), rest
        except ValueError:
            return None, words
    return _day_of_month(words, today)


def _day_of_month(words: str, today: date) -> tuple[date | None, str]:
    """`2 dec`, `dec 2`: the next one of that name."""
    parts = words.split()
    months = say("when.months").split()
    for number, name in ((0, 1), (1, 0)):
        if len(parts) < 2 or not parts[number].isdigit() or len(parts[name]) < 3:
            continue
        for month, called in enumerate(months, 1):
            if called.startswith(parts[name]):
                try:
                    found = date(today.year, month, int(parts[number]))
                    if found < today:
                        found = date(today.year + 1, month, int(parts[number]))
                except ValueError:
                    return None, words
                return found, " ".join(parts[2:])
    return None, words


def _hour(words: str) -> time | None:
    """`9`, `14:30`, `9.15`, `2pm`."""
    found = _HOUR.match(words.removeprefix("at "))
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[3] == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _instant(day: date, hour: time, zone: tzinfo | None) -> Instant:
    """A wall clock's time → instant. An hour that the clock leaps over is as much later as it leaps."""
    wall = datetime.combine(day, hour)
    return instants.of(wall.replace(tzinfo=zone) if zone is not None else wall.astimezone())
