"""WHEN, as the shell takes it: an exact time, or what an agent types in the screen's dialog."""

from tuidesk.desk.clock import SystemClock
from tuidesk.domain import instants, when
from tuidesk.domain.when import Until


def until(typed: str) -> Until:
    """`2026-12-01T09:00:00Z`, `2h`, `tomorrow 9`, `mon 14:00`, `reply`; an ending `!` makes it firm.

    Raises:
        UsageError: it cannot be read, or is past.
    """
    exact = typed.rstrip("! ")
    if "T" in exact:
        try:
            return Until(instants.parse(exact), firm=typed.rstrip().endswith("!"))
        except ValueError:
            pass  # `Tomorrow 9` is no exact time: it is read as an agent types it
    return when.parse(typed, SystemClock().now())
