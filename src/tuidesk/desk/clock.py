"""The only clock of the program; whoever needs the time is handed one (`wire.channel.Clock`)."""

import time

from tuidesk.domain.instants import Instant


class SystemClock:
    """The machine's time."""

    def now(self) -> Instant:
        """The wall clock, in UTC. It may jump; never measure with it."""
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        """Seconds that never run backwards, for waiting and back-off."""
        return time.monotonic()
