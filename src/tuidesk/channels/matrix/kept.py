"""The adapter's own state, kept as JSON beside the cursor.

Histories that are still to be read (so that a first sync goes on where it was cut), invitations to accept, and the
newest message of ours in each room that nobody has read yet.
"""

import json
from dataclasses import asdict, dataclass, field


@dataclass(slots=True)
class Gap:
    """A stretch of a room's history that was not read yet."""

    room: str
    since: str
    """Token to go back from."""
    until: str
    """Token to stop at, "" where only the time says so."""
    floor: int
    """Instant before which nothing is read."""


@dataclass(slots=True)
class Kept:
    """The adapter's own state."""

    gaps: list[Gap] = field(default_factory=list)
    invites: dict[str, str] = field(default_factory=dict)
    """Room → who has invited us, to be accepted."""
    uninvited: list[str] = field(default_factory=list)
    """Rooms whose invitation the rule does not accept."""
    unread: dict[str, str] = field(default_factory=dict)
    """Room → our newest message there, until somebody has read it."""
    done: int = 0
    """Histories of a first sync that are read."""

    @classmethod
    def read(cls, state: bytes) -> "Kept":
        """As `written` wrote it; nothing where it is not ours."""
        try:
            told = json.loads(state or b"{}")
            return cls(**{**told, "gaps": [Gap(*gap) for gap in told.get("gaps", ())]})
        except (ValueError, TypeError, AttributeError):
            return cls()

    def written(self) -> bytes:
        """As bytes."""
        return json.dumps(
            {**asdict(self), "gaps": [list(asdict(gap).values()) for gap in self.gaps]}
        ).encode()
