"""An mbox file, read only. RFC 4155 says what nobody keeps to; here every `From ` line with a date begins a message.

A message is named by a digest of its content without what mail programs write into it, so it keeps its name when the
file is written anew.
"""

import errno
import fcntl
import hashlib
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import mktime_tz, parsedate_tz
from pathlib import Path
from typing import BinaryIO

from tuidesk.channels.maildir.entry import Entry
from tuidesk.domain import instants
from tuidesk.domain.instants import Instant

_FROM = re.compile(rb"From [^\r\n]{0,300}?((?:[A-Z][a-z]{2},? +)[^\r\n]*\d{1,2}:\d\d[^\r\n]*)")
_NOTED = re.compile(
    rb"(?:x-)?(?:status|keywords|uid|imap|imapbase|mozilla-status2?|mozilla-keys):", re.IGNORECASE
)
_QUOTED_FROM = re.compile(rb"(?m)^>(>*From )")
_LINE = 1 << 16
_QUIET_S = 1.0
_PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True)
class _Spot:
    start: int
    """Of what follows the `From ` line."""
    end: int
    entry: Entry


class Mbox:
    """Read whole when it changed; the messages themselves stay in the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._spots: dict[str, _Spot] = {}
        self._stamp: tuple[int, int, int] | None = None

    def entries(self) -> dict[str, Entry]:
        """See `Box`. A program that is writing is waited for: half a message would be taken for another one."""
        stat = self.path.stat()
        stamp = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
        if stamp != self._stamp:
            with self.path.open("rb") as file:
                _wait_until_quiet(file)
                stat = os.fstat(file.fileno())
                self._spots = dict(_spots(file, stat.st_mtime_ns // 1_000_000))
            self._stamp = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
        return {name: spot.entry for name, spot in self._spots.items()}

    def read(self, name: str) -> bytes:
        """See `Box`. The file is looked through again if it changed."""
        self.entries()
        spot = self._spots.get(name)
        if spot is None:
            raise FileNotFoundError(name)
        with self.path.open("rb") as file:
            file.seek(spot.start)
            return _QUOTED_FROM.sub(rb"\1", file.read(spot.end - spot.start))


def _wait_until_quiet(file: BinaryIO) -> None:
    """Until nobody holds the lock that delivery programs take, nor wrote for a moment. The lock goes with the file.

    Raises:
        BlockingIOError: somebody does not let go.
    """
    end = time.monotonic() + _PATIENCE_S
    while time.time() - os.fstat(file.fileno()).st_mtime < _QUIET_S and time.monotonic() < end:
        time.sleep(0.1)
    while True:
        try:
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EAGAIN):
                return  # no locks on this file system
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return


def _spots(file: BinaryIO, changed: Instant) -> Iterator[tuple[str, _Spot]]:
    """Every message with its name. What stands before the first `From ` line is none."""
    start, at = -1, 0
    digest = hashlib.sha256()
    in_head = True
    position = 0
    whole = True  # the line begins at its beginning
    while line := file.readline(_LINE):
        begins = _FROM.match(line) if whole else None
        if begins or start < 0:
            if start >= 0:
                yield _named(digest, start, position, at)
            if begins:
                start, at = position + len(line), _date(begins[1], changed)
                digest, in_head = hashlib.sha256(), True
        else:
            in_head = in_head and line not in (b"\n", b"\r\n")
            if not (in_head and _NOTED.match(line)):
                digest.update(line.rstrip(b"\r\n"))
        position += len(line)
        whole = line.endswith(b"\n")
    if start >= 0:
        yield _named(digest, start, position, at)


def _named(digest: "hashlib._Hash", start: int, end: int, at: Instant) -> tuple[str, _Spot]:
    return digest.hexdigest()[:24], _Spot(start, end, Entry(at, end - start))


def _date(text: bytes, otherwise: Instant) -> Instant:
    """The date of a `From ` line, in UTC where it has no zone."""
    parsed = parsedate_tz(text.decode("ascii", "replace"))
    try:
        return instants.clamp(mktime_tz(parsed) * 1000) if parsed else otherwise
    except (ValueError, OverflowError):
        return otherwise
