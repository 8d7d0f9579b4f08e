"""The ranges that a key of the report stands for."""

from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from tuidesk.domain import instants
from tuidesk.domain.instants import DAY, Instant
from tuidesk.tui import when
from tuidesk.words import say

NAMES = ("today", "week", "days30", "month", "last_month")
"""In the order of their keys, `1` to `5`."""


class Range(NamedTuple):
    """From `since` up to, and without, `until`."""

    name: str
    """One of `NAMES`; "": typed."""
    since: Instant
    until: Instant


def ranges(now: Instant, zone: tzinfo | None) -> tuple[Range, ...]:
    """By the clock of `zone`; None: of this machine."""
    today = when.local(now, zone).date()
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    begun = (
        (midnight(today, zone), now),
        (now - 7 * DAY, now),
        (now - 30 * DAY, now),
        (midnight(month, zone), now),
        (midnight(before, zone), midnight(month, zone)),
    )
    return tuple(Range(name, *each) for name, each in zip(NAMES, begun, strict=True))


def midnight(on: date, zone: tzinfo | None) -> Instant:
    """When a day begins."""
    wall = datetime.combine(on, time())
    return instants.of(wall.replace(tzinfo=zone) if zone is not None else wall.astimezone())


def told(chosen: Range, now: Instant, zone: tzinfo | None) -> str:
    """`last 7 days, since 21 Nov 14:02`; `1 - 15 Nov` where it begins and ends with a day."""
    since, until = when.local(chosen.since, zone), when.local(chosen.until, zone)
    year = when.local(now, zone).year
    last = when.day((until - timedelta(days=1)).date(), year)
    first = when.day(since.date(), year)
    if since.time() == until.time() == time():
        words = first if first == last else f"{first} - {last}"
    elif chosen.name:
        words = say("report_screen.since", at=f"{first} {since:%H:%M}")
    else:
        words = f"{first} {since:%H:%M} - {when.day(until.date(), year)} {until:%H:%M}"
    return f"{say(f'report_screen.range_{chosen.name}')}, {words}" if chosen.name else words
