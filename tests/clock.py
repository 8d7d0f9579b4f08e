"""A clock that a test moves by hand."""

from dataclasses import dataclass

from tuidesk.domain.instants import Instant, parse

NOON = parse("2026-11-20T12:50:00Z")


@dataclass
class ManualClock:
    """Stands still until it is told."""

    at: Instant = NOON
    seconds: float = 0.0

    def now(self) -> Instant:
        return self.at

    def monotonic(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        """Time passes, on the wall as well."""
        self.at += round(seconds * 1000)
        self.seconds += seconds
