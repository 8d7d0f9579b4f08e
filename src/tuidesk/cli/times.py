"""Times as tables show them: spans in whole minutes, moments by the wall clock of this machine, and what ends then."""

import time
from typing import TYPE_CHECKING

from tuidesk.domain.instants import DAY, HOUR, MINUTE, SECOND, Instant
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.desk.rows import Row

_SHORT = 10 * MINUTE
"""What took less is told to the second."""


def span(ms: Instant) -> str:
    """A wait: `4m`, `3h 5m`, `2d 1h`."""
    ms = max(ms, 0)
    days, hours, minutes = ms // DAY, ms % DAY // HOUR, ms % HOUR // MINUTE
    if days:
        larger, smaller = say("cli.days", count=days), say("cli.hours", count=hours) if hours else ""
    elif hours:
        larger, smaller = say("cli.hours", count=hours), say("cli.minutes", count=minutes) if minutes else ""
    else:
        larger, smaller = say("cli.minutes", count=minutes), ""
    return f"{larger} {smaller}".rstrip()


def exact(ms: float) -> str:
    """A duration that was measured: `12s`, `4m 5s`, `3h 5m`, `2d 1h`."""
    whole = round(ms / SECOND) * SECOND
    if whole < MINUTE:
        return say("cli.seconds", count=whole // SECOND)
    if whole < _SHORT and (seconds := whole % MINUTE // SECOND):
        return f"{span(whole)} {say('cli.seconds', count=seconds)}"
    return span(round(ms / MINUTE) * MINUTE)


def brief(ms: float) -> str:
    """The same in its largest unit alone, for narrow columns: `12s`, `4m`, `3h`, `2d`."""
    whole = round(ms / MINUTE) * MINUTE if ms > MINUTE - SECOND / 2 else 0
    for size, unit in ((DAY, "days"), (HOUR, "hours"), (MINUTE, "minutes")):
        if whole >= size:
            return say(f"cli.{unit}", count=round(whole / size))
    return say("cli.seconds", count=round(ms / SECOND))


def moment(at: Instant) -> str:
    """`2026-11-20 12:50`."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at // 1000))


def ends(row: "Row") -> str:
    """What ends a snooze or a pending: `until 2026-11-20 12:50`, `until a reply`, `waits for billing`; why it is back
    from a snooze; else ""."""
    if row.back:
        return say(f"cli.back_{row.back}")
    if row.status == "snoozed":
        if row.snoozed_until is None:
            return say("cli.until_reply")
        return say("cli.until_firm" if row.snooze_firm else "cli.until", at=moment(row.snoozed_until))
    return say("cli.waits_for", whom=row.pending_for) if row.pending_for else ""
