"""Who may do what alone: the sync lock, the short lock around opening, and who else has the store open."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from tuidesk import errors
from tuidesk.store import place
from tuidesk.words import say

LOCKS = Path("/proc/locks")
"""The kernel's table of file locks, in the form of proc(5)."""

_WRITE_BYTE, _OPEN_BYTE = 120, 128
"""Bytes of SQLite's `-shm` file: locked by whoever writes, and by everybody who has the store open.

Source: https://sqlite.org/walformat.html, "WAL locks".
"""
_PAUSE_S = 0.05


class SyncLock:
    """Whoever holds it alone pulls, delivers, wakes snoozes and recovers. It dies with its process.

    The store's folder itself is locked: a lock file could be taken away, and then two would hold it. A file beside
    the store names the holder, for people.
    """

    def __init__(self, store: Path) -> None:
        self._folder = store.parent
        self._text = store.with_name(store.name + ".sync")
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    def take(self) -> bool:
        """Take the lock if nobody has it; True when it is ours."""
        if self._descriptor is not None:
            return True
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        self._say(f"{os.getpid()}\n")
        return True

    def holder(self) -> int | None:
        """The process that holds it, as far as it is known."""
        try:
            pid = int(self._text.read_text("ascii").strip() or 0)
        except (OSError, ValueError):
            return None
        return pid if _is_alive(pid) else None

    def release(self) -> None:
        """Let go."""
        if self._descriptor is not None:
            self._say("")
            os.close(self._descriptor)
            self._descriptor = None

    def _say(self, text: str) -> None:
        with contextlib.suppress(
            OSError
        ):  # a full disk: the lock holds all the same, only its holder has no name
            descriptor = place.open_private(self._text, os.O_TRUNC | os.O_WRONLY)
            try:
                os.write(descriptor, text.encode("ascii"))
            finally:
                os.close(descriptor)


def _is_alive(pid: int) -> bool:
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's, so it is there
        return True
    return True


@contextlib.contextmanager
def opening(store: Path, patience_s: float) -> Iterator[None]:
    """One process at a time makes, migrates or salvages a store.

    Raises:
        StoreBusy: another one has been at it for `patience_s`.
        OSError: the lock cannot be made.
    """
    descriptor = place.open_private(store.with_name(store.name + ".opening"), os.O_RDWR)
    try:
        until = time.monotonic() + patience_s
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise errors.StoreBusy(say("store.opening")) from None
                time.sleep(_PAUSE_S)
        yield
    finally:
        os.close(descriptor)


def writer_of(store: Path) -> int | None:
    """The other process that holds SQLite's write lock, where the kernel says so (Linux); else None."""
    return next(iter(_holders(store, _WRITE_BYTE, "WRITE") - {os.getpid()}), None)


def users_of(store: Path) -> set[int]:
    """The other processes that have the store open, where the kernel says so (Linux); else empty."""
    return _holders(store, _OPEN_BYTE, "READ") - {os.getpid()}


def _holders(store: Path, byte: int, kind: str) -> set[int]:
    """Processes with a POSIX lock on a byte of the store's `-shm`. Asking the file itself would drop our own locks."""
    try:
        found = store.with_name(store.name + "-shm").stat()
        table = LOCKS.read_text("ascii")
    except OSError:
        return set()
    where = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    pids = set()
    for line in table.splitlines():
        match line.split():
            case [_, "POSIX", _, held, pid, there, first, last] if held == kind and there == where:
                if int(first) <= byte and (last == "EOF" or byte <= int(last)):
                    pids.add(int(pid))
    return pids - {0, -1}
