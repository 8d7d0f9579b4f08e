"""Times as the panes show them: local, short, and in minutes."""

from datetime import date, datetime, tzinfo

from tuidesk.domain import instants
from tuidesk.domain.instants import DAY, HOUR, MINUTE, Instant
from tuidesk.words import say


def local(at: Instant, zone: tzinfo | None = None) -> datetime:
    """`at` in `zone`, or where this machine is."""
    return instants.as_datetime(at).astimezone(zone)


def clock(at: Instant, zone: tzinfo | None = None) -> str:
    """`13:05`."""
    return f"{local(at, zone):%H:%M}"


def day(on: date, this_year: int) -> str:
    """`2 Nov`, with the year where it is another."""
    month = say("thread.months").split()[on.month - 1]
    return f"{on.day} {month}" if on.year == this_year else f"{on.day} {month} {on.year}"


def weekday(on: date) -> str:
    """`Mon`."""
    return say("thread.weekdays").split()[on.weekday()]


def span(ms: Instant) -> str:
    """A wait in whole minutes, its two largest parts: `4m`, `3h 5m`, `2d 1h`. What is negative is `0m`."""
    ms = max(ms, 0)
    days, hours, minutes = ms // DAY, ms % DAY // HOUR, ms % HOUR // MINUTE
    if days:
        return f"{days}d {hours}h" if hours else f"{days}d"
    if hours:
        return f"{hours}h {minutes}m" if minutes else f"{hours}h"
    return f"{minutes}m"
