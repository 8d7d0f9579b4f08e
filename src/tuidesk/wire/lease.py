"""One program of an account acts at a time, also when we were killed and the program we left behind works on.

The program inherits an open file. Locking that file locks it for both of us, and only when both are gone is it free:
so a lock that is taken says that an earlier program may still be at work on what it was told.
"""

import asyncio
import fcntl
import logging
import os
import signal
from contextlib import suppress

_log = logging.getLogger(__name__)
_PATIENCE = (5.0, 1.0, 1.0)  # seconds to finish, after SIGTERM, after SIGKILL
_LOOK = 0.05


class Lease:
    """The right to act, for one program; `file` is what the program must inherit."""

    def __init__(self, folder: str) -> None:
        """Raises OSError where the folder holds no file of ours."""
        self._path = os.path.join(folder, "program.lock")
        self.file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        self._held = False

    async def take(self, group: int) -> None:
        """Wait until no earlier program is at work; one that does not come to an end is ended.

        Args:
            group: the process group of the program that inherited `file`.
        """
        if self._held:
            return
        for seconds, number in zip(_PATIENCE, (signal.SIGTERM, signal.SIGKILL, None), strict=True):
            if await self._is_free(seconds):
                break
            if number is not None:
                self._signal(number)
        else:
            _log.warning("%s is held by a program that left its group: going on", self._path)
        self._held = True
        os.ftruncate(self.file, 0)
        os.pwrite(self.file, str(group).encode(), 0)

    def close(self) -> None:
        """Give our half back."""
        if self.file >= 0:
            os.close(self.file)
            self.file = -1

    async def _is_free(self, seconds: float) -> bool:
        """Whether we have it now. Where files cannot be locked at all, nobody is kept waiting."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while True:
            try:
                fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if loop.time() > until:
                    return False
                await asyncio.sleep(_LOOK)
            except OSError as error:
                _log.warning("%s cannot be locked: %s", self._path, error)
                return True
            else:
                return True

    def _signal(self, number: signal.Signals) -> None:
        """To the group that holds the lock; while it does, its number is nobody else's."""
        with suppress(ValueError, ProcessLookupError, PermissionError):
            group = int(os.pread(self.file, 32, 0))
            if group > 1:
                os.killpg(group, number)
