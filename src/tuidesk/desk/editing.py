"""A text in the agent's own editor: a file of ours while it is open there, found again after a crash.

The file is 0600 in a folder that is ours alone. Beside it stands a lock that goes with the process, so that what is
open in another tuidesk is not taken for a leftover.
"""

import fcntl
import os
import re
import shlex
import stat
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self, get_args

from tuidesk.config.paths import make_private
from tuidesk.domain.commands import Mode
from tuidesk.domain.instants import Instant
from tuidesk.errors import StoreError, UsageError
from tuidesk.words import say

_MOST = 4_000_000
"""Bytes of a text that is read back; nobody writes as much by hand."""
_NAME = re.compile(r".+-(\d{1,18})-([a-z]+)\.txt")
_VIM = ("-n", "-i", "NONE", "-c", "set noundofile nobackup nowritebackup")
"""No swap file, no memory of registers, no undo file, no backup: customers' words stay in our folder."""
_QUIET = {"vim": _VIM, "nvim": _VIM, "vimx": _VIM}


@dataclass(frozen=True, slots=True)
class Leftover:
    """A text whose editor, or tuidesk, ended before it was taken back."""

    path: Path
    conversation: int
    mode: Mode
    at: Instant
    text: str


class EditedText:
    """A text while it is open in an editor. Closing deletes the file: by then its text is a draft."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self._lock = lock

    @classmethod
    def begin(cls, folder: Path, conversation: int, mode: Mode | Literal["canned"], text: str) -> Self:
        """Put a text into a new file. A canned reply, of conversation 0, is no draft: `leftovers` passes it over.

        Raises:
            ConfigError: the folder is somebody else's.
            StoreError: the disk refuses.
        """
        make_private(folder)
        try:
            descriptor, name = tempfile.mkstemp(f"-{conversation}-{mode}.txt", "", folder)
            path = Path(name)
            lock = _locked(path)
            assert lock is not None, "nobody else knows the name yet"
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
                file.write(text if not text or text.endswith("\n") else f"{text}\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StoreError(say("editor.cannot_write", reason=error.strerror)) from error
        return cls(path, lock)

    def read(self) -> str:
        """The text as the editor left it; "" where it is gone.

        Raises:
            StoreError: it cannot be read.
        """
        return _read(self.path)

    def close(self) -> None:
        """The file is not needed any more."""
        self.path.unlink(missing_ok=True)
        self.leave()

    def leave(self) -> None:
        """The file stays, to be found at the next start."""
        if not self.path.exists():
            _lock_of(self.path).unlink(missing_ok=True)
        os.close(self._lock)


def command(setting: str, environ: Mapping[str, str], path: Path) -> list[str]:
    """What opens `path`: the config's `editor`, else $VISUAL, else $EDITOR, else vi. No shell reads it.

    Raises:
        UsageError: it cannot be divided into words.
    """
    chosen = setting.strip() or environ.get("VISUAL", "").strip() or environ.get("EDITOR", "").strip() or "vi"
    try:
        words = shlex.split(chosen)
    except ValueError as error:
        raise UsageError(say("editor.bad", command=chosen, reason=error)) from error
    words[0] = os.path.expanduser(words[0])
    return [*words, *_QUIET.get(os.path.basename(words[0]), ()), str(path)]


def leftovers(folder: Path) -> Iterator[Leftover]:
    """Texts that nobody has open any more, the oldest first. Whoever has saved one calls `forget`.

    What is no file of ours is left alone.
    """
    try:
        paths = sorted(folder.glob("*.txt"), key=lambda path: path.lstat().st_mtime)
    except OSError:
        return
    for path in paths:
        try:
            lock = _locked(path)
            if lock is None:
                continue
            try:
                found = _leftover(path)
            finally:
                os.close(lock)
        except (OSError, StoreError):
            continue
        if found is not None:
            yield found


def forget(leftover: Leftover) -> None:
    """Its text is on disk as a draft."""
    for path in (leftover.path, _lock_of(leftover.path)):
        path.unlink(missing_ok=True)


def _leftover(path: Path) -> Leftover | None:
    named = _NAME.fullmatch(path.name)
    mode: Mode | None = next((one for one in get_args(Mode) if named and one == named[2]), None)
    if named is None or mode is None:
        return None
    return Leftover(path, int(named[1]), mode, int(path.lstat().st_mtime * 1000), _read(path))


def _read(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise StoreError(say("editor.cannot_read", path=path, reason=error.strerror)) from error
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise StoreError(say("editor.cannot_read", path=path, reason=say("editor.no_file")))
        data = file.read(_MOST + 1)
    if len(data) > _MOST:
        raise StoreError(say("editor.cannot_read", path=path, reason=say("editor.too_large")))
    return data.decode(errors="replace").removesuffix("\n")


def _lock_of(path: Path) -> Path:
    return path.with_suffix(".lock")


def _locked(path: Path) -> int | None:
    """A descriptor that holds the lock beside a text; None where another process does."""
    descriptor = os.open(_lock_of(path), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
