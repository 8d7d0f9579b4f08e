"""A message before it is read."""

from dataclasses import dataclass

from tuidesk.domain.instants import Instant


@dataclass(frozen=True, slots=True)
class Entry:
    """What the box itself knows."""

    at: Instant
    """When it arrived here."""
    size: int
    """Bytes."""
