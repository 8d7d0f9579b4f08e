"""What the demo's service has done: one JSON line a deed, on disk before anybody hears of it."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from tuidesk.domain.instants import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One piece of work, done."""

    key: str
    type: str
    at: Instant
    id: str | None = None
    """Of the message, where it made one."""
    conversation: str | None = None
    medium: str = ""
    name: str = ""
    """Of the customer it went to, and below their handle."""
    handle: str = ""
    bounces: bool = False


class Ledger:
    """Deeds by key. A line that a crash cut off was never answered for, so it was not done."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._deeds: dict[str, Deed] = {}
        self.replies: list[Deed] = []
        """What customers may answer, in the order it was done."""
        for line in path.read_bytes().split(b"\n")[:-1] if path.exists() else ():
            try:
                deed = Deed(**json.loads(line))
            except (ValueError, TypeError):
                continue
            self._keep(deed)

    def get(self, key: str) -> Deed | None:
        """What was done under that key."""
        return self._deeds.get(key)

    def record(self, deed: Deed) -> None:
        """Write it down for good. Blocking.

        Raises:
            OSError: it could not be written, so it is not done.
        """
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        line = json.dumps(asdict(deed), ensure_ascii=True).encode() + b"\n"
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, (b"" if self._ends_well(handle) else b"\n") + line)
            os.fsync(handle)
        finally:
            os.close(handle)
        self._keep(deed)

    def _keep(self, deed: Deed) -> None:
        self._deeds[deed.key] = deed
        if deed.type in ("reply", "start"):
            self.replies.append(deed)

    @staticmethod
    def _ends_well(handle: int) -> bool:
        size = os.fstat(handle).st_size
        return size == 0 or os.pread(handle, 1, size - 1) == b"\n"
