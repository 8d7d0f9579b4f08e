"""Times as the panes show them: local, short, and in minutes."""

from datetime import date, datetime, tzinfo

from tuidesk.desk.picture import Row
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
    return say(
        "thread.day" if on.year == this_year else "thread.day_year", day=on.day, month=month, year=on.year
    )


def weekday(on: date) -> str:
    """`Mon`."""
    return say("thread.weekdays").split()[on.weekday()]


def span(ms: Instant) -> str:
    """How long, in at most five cells: `12m`, `1h 05`, from ten hours on `23h`, `3d`. What is negative is `0m`."""
    ms = max(ms, 0)
    if ms >= DAY:
        return say("tui.days", count=ms // DAY)
    if ms >= 10 * HOUR:
        return say("tui.hours", count=ms // HOUR)
    if ms >= HOUR:
        return say("tui.hours_minutes", hours=ms // HOUR, minutes=ms % HOUR // MINUTE)
    return say("tui.minutes", count=ms // MINUTE)


def exactly(ms: Instant) -> str:
    """How long, to the minute: `12m`, `3h 5m`, `2d 1h 5m`; below a minute `48s`."""
    if ms < MINUTE:
        return say("tui.seconds", count=max(ms, 0) // 1000)
    parts = (("tui.days", ms // DAY), ("tui.hours", ms % DAY // HOUR), ("tui.minutes", ms % HOUR // MINUTE))
    return " ".join(say(name, count=count) for name, count in parts if count)


def pressing(row: Row, now: Instant) -> tuple[str, str] | None:
    """What a conversation's time runs out for first, as words and style: an answer that is due, or the reply window
    while the customer waits. None where nothing presses: nothing is due, and the window ends in more than an hour.

    What is late already stays so; within its last hour the window is what can still be lost.
    """
    ends = row.window_ends if row.waiting_since is not None else None
    if ends is not None and now < ends <= now + HOUR and (row.due is None or not now < row.due <= ends):
        return window(ends, now)
    if row.due is not None and (ends is None or row.due <= ends):
        return due(row.due, row.due_soon, now)
    if ends is not None and (row.due is not None or ends - now <= HOUR):
        return window(ends, now)
    return None


def window(ends: Instant, now: Instant) -> tuple[str, str]:
    """`win 22m`, `shut 2h`: how long a reply is still taken, or since when none is."""
    if now >= ends:
        return say("tui.clock_shut", span=span(now - ends)), "late"
    return say("tui.clock_win", span=span(ends - now)), "soon" if ends - now <= HOUR else "due"


def due(at: Instant, soon: Instant | None, now: Instant) -> tuple[str, str]:
    """`due 4m`, `late 12m`, and which of `due`, `soon`, `late` it is."""
    if now >= at:
        return say("tui.clock_late", span=span(now - at)), "late"
    near = soon is not None and now >= soon
    return say("tui.clock_due", span=span(at - now)), "soon" if near else "due"
