"""The sync lock: whoever holds it alone pulls, delivers, wakes snoozes and recovers. It dies with its process."""

import fcntl
import os
from pathlib import Path


class SyncLock:
    """An advisory lock on a file beside the store."""

    def __init__(self, store: Path) -> None:
        self._path = store.with_name(store.name + ".sync")
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    def take(self) -> bool:
        """Take the lock if nobody has it; True when it is ours."""
        if self._descriptor is not None:
            return True
        descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return False
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor
        return True

    def holder(self) -> int | None:
        """The process that holds it, as far as it is known."""
        try:
            return int(self._path.read_text("ascii").strip() or 0) or None
        except (OSError, ValueError):
            return None

    def release(self) -> None:
        """Let go."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
