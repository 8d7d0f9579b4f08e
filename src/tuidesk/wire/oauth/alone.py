"""One at a time, whatever the process: who redeems a token that can be redeemed once."""

import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tuidesk.errors import Unavailable
from tuidesk.words import say

_log = logging.getLogger(__name__)
_LOOK_S = 0.05
PATIENCE_S = 25.0
"""Longer than a redemption may take, and both together shorter than a mail that waits for the token may."""


@contextmanager
def alone(folder: str, patience_s: float = PATIENCE_S) -> Iterator[None]:
    """Hold the account's lock. Blocking. It is free when its holder is gone, however that ended.

    Raises:
        Unavailable: somebody else holds it for too long, or the folder takes no file.
    """
    try:
        file = os.open(
            os.path.join(folder, "oauth.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
        )
    except OSError as error:
        raise Unavailable(say("oauth.no_lock", folder=folder, reason=error.strerror)) from error
    try:
        _take(file, folder, patience_s)
        yield
    finally:
        os.close(file)


def _take(file: int, folder: str, patience_s: float) -> None:
    until = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise Unavailable(say("oauth.busy")) from None
            time.sleep(_LOOK_S)
        except OSError as error:  # a file system without locks: there the desk has none either
            _log.warning("%s cannot be locked: %s", folder, error)
            return
        else:
            return
