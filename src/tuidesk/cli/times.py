"""Times as tables show them: spans in whole minutes, moments by the wall clock of this machine."""

import time

from tuidesk.domain.instants import DAY, HOUR, MINUTE, Instant


def span(ms: Instant) -> str:
    """A wait: `4m`, `3h 5m`, `2d 1h`."""
    ms = max(ms, 0)
    days, hours, minutes = ms // DAY, ms % DAY // HOUR, ms % HOUR // MINUTE
    if days:
        return f"{days}d {hours}h" if hours else f"{days}d"
    if hours:
        return f"{hours}h {minutes}m" if minutes else f"{hours}h"
    return f"{minutes}m"


def moment(at: Instant) -> str:
    """`2026-11-20 12:50`."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at // 1000))
