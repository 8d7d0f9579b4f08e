"""One folder of a Maildir (cr.yp.to/proto/maildir.html), as Dovecot and Courier keep it.

Nothing is ever moved from `new` to `cur` or flagged: what an agent reads here stays new for other programs.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from tuidesk.channels.maildir.entry import Entry
from tuidesk.domain.instants import Instant

_SETTLED_NS = 1_000_000_000
"""A directory's stamp tells of every change once it is older than the file system's clock is coarse."""


class Folder:
    """Messages are named by the part before the colon, which stays when flags change."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._entries: dict[str, Entry] = {}
        self._files: dict[str, Path] = {}
        self._looked: tuple[int, ...] = ()

    def entries(self) -> dict[str, Entry]:
        """See `Box`. A folder nobody has touched since costs two calls."""
        begun = time.time_ns()
        stamps = tuple((self.path / part).stat().st_mtime_ns for part in ("new", "cur"))
        if stamps != self._looked:
            self._look()
            self._looked = stamps if begun - max(stamps) > _SETTLED_NS else ()
        return self._entries

    def read(self, name: str) -> bytes:
        """See `Box`. A file that was renamed since the last look is looked for once more."""
        try:
            return self._files[name].read_bytes()
        except (KeyError, FileNotFoundError):
            self._look()
        if name not in self._files:
            raise FileNotFoundError(name)
        return self._files[name].read_bytes()

    def file(self, name: str, raw: bytes, at: Instant) -> None:
        """Put a message in, seen; nothing where one of that name lies already.

        Raises:
            OSError: it cannot be written.
        """
        self._look()
        if name in self._files:
            return
        waiting, final = self.path / "tmp" / name, self.path / "cur" / f"{name}:2,S"
        descriptor = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with open(descriptor, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        os.utime(waiting, ns=(at * 1_000_000, at * 1_000_000))
        waiting.rename(final)
        _sync(final.parent)

    def _look(self) -> None:
        """Twice where something is missing: a file renamed while the directory is read may be in neither half."""
        found = dict(self._scan())
        if self._files.keys() - found.keys():
            found |= dict(self._scan())
        entries = {}
        for name, file in found.items():
            known = self._entries.get(name) or _entry(file)
            if known is not None:
                entries[name] = known
        self._entries, self._files = entries, found

    def _scan(self) -> Iterator[tuple[str, Path]]:
        for part in ("new", "cur"):
            with os.scandir(self.path / part) as listing:
                for item in listing:
                    if not item.name.startswith(".") and item.is_file(follow_symlinks=False):
                        yield _name(item.name), Path(item.path)


def _name(file: str) -> str:
    """What stays of a file's name when flags change, as a text that can be kept, and be a part of a `Ref`."""
    kept = file.partition(":")[0].replace("#", "\\x23")
    return kept if kept.isascii() else os.fsencode(kept).decode("utf-8", "backslashreplace")


def _entry(file: Path) -> Entry | None:
    try:
        stat = file.stat()
    except FileNotFoundError:  # renamed or gone since; the next look tells
        return None
    return Entry(stat.st_mtime_ns // 1_000_000, stat.st_size)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
