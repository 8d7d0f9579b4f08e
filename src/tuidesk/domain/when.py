"""Times as an agent types them: `2h`, `tomorrow 9`, `mon 14:00`, `3d`, `2 dec`, `reply`, and exact ones; and past ones:
`7d`, `yesterday`, `last month`. In English always, and in the language that is spoken.

A clock time is the wall's, wherever the summer-time rules put it; a span is real time. Pure: `now` and the zone are
handed in.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import NamedTuple

from tuidesk.domain import instants
from tuidesk.domain.instants import DAY, HOUR, MINUTE, Instant
from tuidesk.errors import UsageError
from tuidesk.words import ENGLISH, language, say, texts

MORNING = time(9)
"""The hour of a day that is named without one."""

_EXACT = re.compile(r"\d{4}-\d{2}-\d{2}t")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_ISO_MONTH = re.compile(r"\d{4}-\d{2}\Z")


@dataclass(frozen=True, slots=True)
class Until:
    """How long a conversation sleeps."""

    at: Instant | None
    """None: until a reply."""
    firm: bool = False
    """Until the time even if they reply."""


class Stretch(NamedTuple):
    """A past time; an hour begins and ends in the same instant."""

    begin: Instant
    end: Instant
    """The first instant that is not in it any more."""


class _Words:
    """What the words of English, and of the language that is spoken, mean."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self._tables = [texts(language, "when") for language in languages]
        self.weekdays = self._names("weekdays")
        self.months = self._names("months")
        self.units = {
            word: unit
            for name, unit in (("minute", MINUTE), ("hour", HOUR), ("day", DAY), ("week", 7 * DAY))
            for word in self.of(f"{name}_units")
        }
        unit = _one_of(sorted(self.units, key=len, reverse=True))
        self.span = re.compile(rf"(?:\d{{1,4}}\s*{unit}\s*)+\Z")
        self.part = re.compile(rf"(\d{{1,4}})\s*({unit})")
        self.day_number = re.compile(rf"(\d{{1,2}}){_one_of(self.of('day_endings'))}?\Z")
        minutes = (
            rf"\s*{_one_of(self.of('hour_endings'))}(?:\s*(\d{{1,2}})\s*{_one_of(self.of('minute_units'))})?"
        )
        half = rf"(?:({_one_of(self.of('am'))})|({_one_of(self.of('pm'))}))?"
        self.hour = re.compile(rf"(\d{{1,2}})(?:[:.](\d{{2}})|{minutes})?\s*{half}\Z")

    def of(self, name: str) -> list[str]:
        """The words that mean this, the longest first."""
        words = {word for table in self._tables for word in table[name].split("|") if word}
        return sorted(words, key=lambda word: (-len(word), word))

    def _names(self, name: str) -> list[tuple[str, ...]]:
        """One by one what a weekday, or a month, is called."""
        return list(zip(*(table[name].split() for table in self._tables), strict=True))


def _one_of(words: Iterable[str]) -> str:
    """A pattern; nothing matches where there are none."""
    return "(?:" + ("|".join(map(re.escape, words)) or r"(?!)") + ")"


@cache
def _words(spoken: str) -> _Words:
    return _Words((ENGLISH,) if spoken == ENGLISH else (ENGLISH, spoken))


def parse(typed: str, now: Instant, zone: tzinfo | None = None) -> Until:
    """What an agent typed → until when. `zone` None is where this machine is.

    An ending `!`, `firm` or `even if they reply` makes it firm. An exact time (RFC 3339) may be past: that is for
    whoever acts on it to refuse.

    Raises:
        UsageError: it cannot be read, or is past.
    """
    known = _words(language())
    words, firm = _firmness(" ".join(typed.casefold().replace(",", " ").split()), known)
    exact = _exact(words)
    if exact is not None:
        return Until(exact, firm)
    if words in known.of("reply"):
        if firm:
            raise UsageError(say("when.firm_reply"))
        return Until(None)
    span = _span(words, known)
    at = now + span if span is not None else _clock(words, known, now, zone)
    if at is None:
        raise UsageError(say("when.unreadable", typed=typed.strip()))
    if at <= now:
        raise UsageError(say("when.past", typed=typed.strip()))
    return Until(at, firm)


def stretch(typed: str, now: Instant, zone: tzinfo | None = None) -> Stretch:
    """What an agent typed → the latest time of that name: `7d` (so long ago), `monday`, `last month`, `2026-11-01`.

    `zone` None is where this machine is.

    Raises:
        UsageError: it cannot be read.
    """
    words = " ".join(typed.casefold().replace(",", " ").split())
    try:
        found = _past(words, _words(language()), now, zone)
    except (ValueError, OverflowError):  # the calendar has no such day
        found = None
    if found is None:
        raise UsageError(say("when.unreadable_past", typed=typed.strip()))
    return found


def _past(words: str, known: _Words, now: Instant, zone: tzinfo | None) -> Stretch | None:
    today = instants.as_datetime(now).astimezone(zone).date()
    at = now if words in known.of("now") else _exact(words)
    if at is None and (span := _span(words, known)) is not None:
        at = instants.clamp(now - span)
    days = _past_days(words, known, today) if at is None else None
    if days is not None:
        return Stretch(_instant(days[0], time(), zone), _instant(days[1], time(), zone))
    if at is None:
        at = _past_clock(words, known, now, zone)
    return None if at is None else Stretch(at, at)


def _past_days(words: str, known: _Words, today: date) -> tuple[date, date] | None:
    """The first of the days that are named, and the first one behind them."""
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    if words in known.of("this_week"):
        return monday, monday + timedelta(days=7)
    if words in known.of("last_week"):
        return monday - timedelta(days=7), monday
    if words in known.of("this_month"):
        return first, _month_behind(first)
    if words in known.of("last_month"):
        return (first - timedelta(days=1)).replace(day=1), first
    if _ISO_MONTH.match(words):
        named = date.fromisoformat(f"{words}-01")
        return named, _month_behind(named)
    day, rest = _past_day(words, known, today)
    return None if day is None or rest else (day, day + timedelta(days=1))


def _month_behind(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _past_day(words: str, known: _Words, today: date) -> tuple[date | None, str]:
    """The day that `words` begin with, and the rest of them."""
    for name, days in (("today", 0), ("yesterday", 1)):
        if (rest := _after(words, known.of(name))) is not None:
            return today - timedelta(days=days), rest
    first, _, rest = words.partition(" ")
    if (weekday := _named(first, known.weekdays)) is not None:
        return today - timedelta(days=(today.weekday() - weekday) % 7), rest
    if _ISO.match(first):
        return date.fromisoformat(first), rest
    day, rest = _day_of_month(words, known, today)
    return (day.replace(year=day.year - 1) if day is not None and day > today else day), rest


def _past_clock(words: str, known: _Words, now: Instant, zone: tzinfo | None) -> Instant | None:
    """An hour, of a day or the latest such."""
    today = instants.as_datetime(now).astimezone(zone).date()
    day, rest = _past_day(words, known, today)
    hour = _hour(rest, known) if rest else None
    if hour is None:
        return None
    at = _instant(day or today, hour, zone)
    return at if day is not None or at <= now else _instant(today - timedelta(days=1), hour, zone)


def period(since: str, until: str, now: Instant, zone: tzinfo | None, length: Instant) -> Stretch:
    """From the beginning of what `since` names to the end of what `until` names, now at the latest.

    Args:
        since: "": `length` milliseconds before the end.
        until: "": up to now.

    Raises:
        UsageError: one of them cannot be read, or there is nothing between them.
    """
    end = min(stretch(until, now, zone).end, now) if until else now
    begin = stretch(since, now, zone).begin if since else end - length
    begin = max(begin, 0)  # nothing is older, and not every zone has the calendar's own first days
    if begin >= end:
        raise UsageError(say("when.period_ends"))
    return Stretch(begin, end)


def _firmness(words: str, known: _Words) -> tuple[str, bool]:
    """The words without those that make it firm, and whether there were any."""
    firm = words.endswith("!")
    words = words.rstrip("! ")
    for sign in known.of("firm"):
        if words.endswith(f" {sign}"):
            words, firm = words.removesuffix(sign).rstrip(), True
        elif words.startswith(f"{sign} "):
            words, firm = words.removeprefix(sign).lstrip(), True
    return words, firm


def _exact(words: str) -> Instant | None:
    """`2026-12-01T09:00:00Z`, of which the signs of time and zone may be small letters."""
    if not _EXACT.match(words):
        return None
    try:
        return instants.parse(words.upper())
    except ValueError:
        return None


def length(written: str) -> Instant | None:
    """A span as a file has it, in English whoever reads it → milliseconds; None where it is none. A day is 24 hours."""
    return _span(written.casefold().strip(), _words(ENGLISH))


def span(typed: str) -> Instant | None:
    """A span as an agent types it → milliseconds; None where it is none."""
    return _span(typed.casefold().strip(), _words(language()))


def _span(words: str, known: _Words) -> Instant | None:
    """`90m`, `2h`, `1h 30m`, `3d`, `1w`. A day is 24 hours of real time here."""
    if not known.span.match(words):
        return None
    return sum(int(count) * known.units[unit] for count, unit in known.part.findall(words))


def _clock(words: str, known: _Words, now: Instant, zone: tzinfo | None) -> Instant | None:
    """A day, an hour, or both; an hour alone is the next such."""
    if not words:
        return None
    here = instants.as_datetime(now).astimezone(zone)
    day, rest = _day(words, known, here.date())
    hour = _hour(rest, known) if rest else MORNING
    if hour is None:
        return None
    if day is not None:
        return _instant(day, hour, zone)
    at = _instant(here.date(), hour, zone)
    return at if at > now else _instant(here.date() + timedelta(days=1), hour, zone)


def _after(words: str, phrases: Iterable[str]) -> str | None:
    """What follows the first of the `phrases` that `words` begin with."""
    for phrase in phrases:
        if words == phrase or words.startswith(f"{phrase} "):
            return words[len(phrase) + 1 :]
    return None


def _day(words: str, known: _Words, today: date) -> tuple[date | None, str]:
    """The day that `words` begin with, and the rest of them."""
    for name, days in (("today", 0), ("tomorrow", 1), ("after_tomorrow", 2)):
        if (rest := _after(words, known.of(name))) is not None:
            return today + timedelta(days=days), rest
    if (rest := _after(words, known.of("next_week"))) is not None:
        monday = today + timedelta(days=7 - today.weekday())
        first, _, behind = rest.partition(" ")
        weekday = _named(first, known.weekdays)
        return (monday, rest) if weekday is None else (monday + timedelta(days=weekday), behind)
    words = _after(words, known.of("next")) or words
    first, _, rest = words.partition(" ")
    if (weekday := _named(first, known.weekdays)) is not None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1), rest
    if _ISO.match(first):
        try:
            return date.fromisoformat(first), rest
        except ValueError:
            return None, words
    return _day_of_month(words, known, today)


def _named(word: str, names: list[tuple[str, ...]]) -> int | None:
    """Which of the names begins so, if it is one: three letters at least, or one where a letter is a syllable."""
    if not word or (len(word) < 3 and word.isascii()):
        return None
    found = [at for at, called in enumerate(names) if any(name.startswith(word) for name in called)]
    return found[0] if len(found) == 1 else None


def _day_of_month(words: str, known: _Words, today: date) -> tuple[date | None, str]:
    """`2 dec`, `dec 2`: the next one of that name."""
    parts = words.replace("-", " ").split()
    for number, name in ((0, 1), (1, 0)):
        if len(parts) < 2 or not (numbered := known.day_number.match(parts[number])):
            continue
        month = _named(parts[name], known.months)
        if month is None:
            continue
        try:
            found = date(today.year, month + 1, int(numbered[1]))
            if found < today:
                found = date(today.year + 1, month + 1, int(numbered[1]))
        except ValueError:
            return None, words
        return found, " ".join(parts[2:])
    return None, words


def _hour(words: str, known: _Words) -> time | None:
    """`9`, `14:30`, `9.15`, `2pm`."""
    words = _after(words, known.of("at")) or words
    for half in (*known.of("am"), *known.of("pm")):  # before the hour, as some languages say it
        if words.startswith(half):
            words = words.removeprefix(half).strip() + half
            break
    found = known.hour.match(words)
    if found is None:
        return None
    hour, minute, early, late = int(found[1]), int(found[2] or found[3] or 0), found[4], found[5]
    if early or late:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if late else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _instant(day: date, hour: time, zone: tzinfo | None) -> Instant:
    """A wall clock's time → instant. An hour that the clock leaps over is as much later as it leaps."""
    wall = datetime.combine(day, hour)
    return instants.of(wall.replace(tzinfo=zone) if zone is not None else wall.astimezone())
