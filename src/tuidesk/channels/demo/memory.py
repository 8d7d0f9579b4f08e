"""What the demo's channel keeps between two starts: its state."""

import json
from dataclasses import asdict, dataclass

from tuidesk.domain.instants import Instant


@dataclass(frozen=True, slots=True)
class Memory:
    """When the desk was first opened, and what has happened on it since."""

    start: Instant
    live: int = 0
    """New messages that have arrived."""
    live_at: Instant = 0
    """When the newest of them did; 0 before the first."""
    answered: int = 0
    """Replies that customers have reacted to."""

    def dump(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def load(cls, state: bytes, now: Instant) -> "Memory":
        """The inverse; a new one where nothing was kept."""
        return cls(**json.loads(state)) if state else cls(start=now)
