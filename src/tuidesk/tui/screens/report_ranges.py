"""The times that a report can be of: those that a key stands for, and typed ones."""

import re
from datetime import time, timedelta, tzinfo
from typing import NamedTuple

from tuidesk.domain.instants import DAY, Instant
from tuidesk.domain.when import period, stretch
from tuidesk.tui import when
from tuidesk.words import say

NAMES = ("today", "week", "days30", "month", "last_month")
"""In the order of their keys, `1` to `5`."""
_WEEK = 7 * DAY
_TWO = re.compile(r"\s+-\s+|\s*\.\.\s*|(?<=\d)\s+(?=\d{4}-\d{2}-\d{2}\b)")
"""What stands between a beginning and an end."""


class Range(NamedTuple):
    """From `since` up to, and without, `until`."""

    name: str
    """One of `NAMES`; "": typed."""
    since: Instant
    until: Instant


def ranges(now: Instant, zone: tzinfo | None) -> tuple[Range, ...]:
    """By the clock of `zone`; None: of this machine."""
    month, before = stretch("this month", now, zone), stretch("last month", now, zone)
    begun = (
        (stretch("today", now, zone).begin, now),
        (now - _WEEK, now),
        (now - 30 * DAY, now),
        (month.begin, now),
        before,
    )
    return tuple(Range(name, *each) for name, each in zip(NAMES, begun, strict=True))


def typed(words: str, now: Instant, zone: tzinfo | None) -> Range:
    """`2026-11-01 .. 2026-11-15`, `last month`, `monday`; `14d` and `mon 9` reach up to now.

    Raises:
        UsageError: it cannot be read, or there is nothing in it.
    """
    since, *until = _TWO.split(words.strip(), maxsplit=1)
    named = stretch(since, now, zone)
    end = until[0] if until else since if named.begin < named.end else ""
    return Range("", *period(since, end, now, zone, _WEEK))


def told(chosen: Range, now: Instant, zone: tzinfo | None) -> str:
    """`last 7 days, since 21 Nov 14:02`; `1 - 15 Nov` where it begins and ends with a day."""
    since, until = when.local(chosen.since, zone), when.local(chosen.until, zone)
    year = when.local(now, zone).year
    first, last = when.day(since.date(), year), when.day((until - timedelta(days=1)).date(), year)
    if since.time() == until.time() == time():
        words = first if first == last else f"{first} - {last}"
    elif chosen.name:
        words = say("report_screen.since", at=f"{first} {since:%H:%M}")
    else:
        words = f"{first} {since:%H:%M} - {when.day(until.date(), year)} {until:%H:%M}"
    return f"{say(f'report_screen.range_{chosen.name}')}, {words}" if chosen.name else words
