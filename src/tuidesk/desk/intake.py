"""What is carried along while events come in: `ingest` hands it down to whatever they are about."""

from dataclasses import dataclass, field
from pathlib import Path

from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Settings
from tuidesk.store.sql import Connection


@dataclass(slots=True, kw_only=True)
class Intake:
    """What one transaction of ingest carries along."""

    connection: Connection
    account: str
    settings: Settings
    now: Instant
    first_sync: bool
    """The account has not caught up yet, so statuses follow from what is found, not from what happens."""
    sources: Path
    """Folder for raw bytes that must be kept."""
    touched: dict[int, None] = field(default_factory=dict)
    """Conversations to bring up to date."""
    texts: dict[int, str] = field(default_factory=dict)
    """Messages to index."""
    history: bool = False
    """It comes from a file, not from the channel: what it says of our own letters proves nothing."""
    nothing_tried: bool | None = None
    """No letter of the account is under way or unknown; None until somebody asks."""
