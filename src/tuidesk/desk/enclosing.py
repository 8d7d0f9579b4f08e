"""Files that go along with a letter: looked at, checked against what its channel takes, and copied before it is queued.

A disk or a network file system lets whoever asks wait as long as it likes, so none of this runs in a transaction or on
an event loop.
"""

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from tuidesk.config.paths import private
from tuidesk.desk import passage, spool
from tuidesk.domain import commands
from tuidesk.domain.model import Caps, File
from tuidesk.errors import NotFound, Refused
from tuidesk.store import accounts, db, outbox
from tuidesk.store.sql import Connection, scalar
from tuidesk.words import say

_PIECE = 1 << 20

WithFiles = commands.Reply | commands.Start | commands.Forward
"""Commands that can have files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """The files of one letter, as they are sent."""

    key: str = ""
    """The letter's own, chosen before it is made; "" where nothing was copied, because it is only rehearsed."""
    files: tuple[File, ...] = ()
    sizes: tuple[int, ...] = ()


NOTHING = Enclosed()


@dataclass(frozen=True, slots=True)
class Looked:
    """A file where it lies."""

    path: Path
    type: str
    size: int
    changed_ns: int
    alt: str = ""


def takes(connection: Connection, command: WithFiles) -> tuple[str, Caps]:
    """The account a command goes through, and what its channel takes.

    Raises:
        NotFound: there is no such conversation.
        Refused: it is a forward, and no account can pass anything on.
    """
    if isinstance(command, commands.Start):
        return command.account, accounts.caps(connection, command.account)
    number = command.conversation
    if isinstance(command, commands.Forward):
        account = passage.of(connection, number, command.message).account
        return account, accounts.caps(connection, account)
    account = scalar(connection, "SELECT account FROM conversation WHERE id = ?", number)
    if account is None:
        raise NotFound(say("desk.no_conversation", n=number))
    return str(account), accounts.caps(connection, account)


def look(
    paths: Sequence[str], account: str, caps: Caps, alts: Iterable[tuple[str, str]] = ()
) -> tuple[Looked, ...]:
    """Look at files without reading them.

    Args:
        alts: what pictures among them show, as (path, words).

    Raises:
        Refused: one is no ordinary file that can be read, or the account's channel does not take them.
    """
    import mimetypes

    shows = {path: words for path, words in alts if path in paths}
    if shows and not caps.alt:
        raise Refused(say("desk.no_alt", account=account))
    looked = []
    for path in paths:
        descriptor = _open(path)
        try:
            found = os.fstat(descriptor)
        finally:
            os.close(descriptor)
        source = Path(path).expanduser()
        kind = mimetypes.guess_type(source.name)[0] or "application/octet-stream"
        if caps.attachment_types and not any(fnmatchcase(kind, p.lower()) for p in caps.attachment_types):
            allowed = ", ".join(caps.attachment_types)
            raise Refused(say("desk.file_type", path=path, type=kind, account=account, allowed=allowed))
        looked.append(Looked(source, kind, found.st_size, found.st_mtime_ns, shows.get(path, "")))
    total = sum(file.size for file in looked)
    if looked and caps.attachment_bytes == 0:
        raise Refused(say("desk.takes_no_files", account=account))
    if caps.attachment_bytes is not None and total > caps.attachment_bytes:
        most = caps.attachment_bytes
        words = say("desk.files_too_large", size=total / 1e6, account=account, most=most / 1e6)
        raise Refused(words)
    return tuple(looked)


def _open(path: str) -> int:
    """A descriptor of an ordinary file. What is none is not opened: that alone could wait, or do something."""
    try:
        source = Path(path).expanduser()
        source.name.encode()
        mode = source.stat().st_mode
        if stat.S_ISREG(mode):
            return os.open(source, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise Refused(say("desk.no_file", path=path)) from None
    except UnicodeEncodeError:
        raise Refused(say("desk.file_name", path=path)) from None
    except (ValueError, RuntimeError):  # a NUL in the name; a home of nobody
        raise Refused(say("desk.no_file", path=path)) from None
    except OSError as error:
        raise Refused(say("desk.file_unreadable", path=path, reason=error.strerror)) from error
    raise Refused(say("desk.file_is_folder" if stat.S_ISDIR(mode) else "desk.file_not_ordinary", path=path))


def as_they_lie(looked: Sequence[Looked]) -> Enclosed:
    """For a rehearsal: nothing is copied."""
    files = tuple(File(file.path.name, file.type, str(file.path), file.alt) for file in looked)
    return Enclosed(files=files, sizes=tuple(file.size for file in looked))


@contextmanager
def copied(looked: Sequence[Looked], folder: Path) -> Iterator[Enclosed]:
    """Copies of files for a letter that is queued in the block, on disk; deleted if it was not (`spool.name`).

    Args:
        folder: the spool.

    Raises:
        Refused: a file cannot be read or copied, or changes meanwhile.
        StoreError: the disk is full, or refuses.
    """
    key = outbox.new_key()
    files = [
        File(file.path.name, file.type, str(folder / key / str(place)), file.alt)
        for place, file in enumerate(looked)
    ]
    try:
        with db.translated(), spool.copying(folder, key) as unnamed:
            for place, file in enumerate(looked):
                _copy(file, unnamed / str(place))
            yield Enclosed(key=key, files=tuple(files), sizes=tuple(file.size for file in looked))
    except OSError as error:
        raise Refused(say("desk.not_copied", reason=error.strerror)) from error


def _copy(file: Looked, copy: Path) -> None:
    descriptor = _open(str(file.path))
    try:
        with private(copy) as write:
            left = file.size
            while left >= 0 and (piece := _read(descriptor, file.path)):
                left -= len(piece)
                write.write(piece)
            write.flush()
            os.fsync(write.fileno())
        now = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    if left or (now.st_size, now.st_mtime_ns) != (file.size, file.changed_ns):
        raise Refused(say("desk.file_changing", path=file.path))


def _read(descriptor: int, path: Path) -> bytes:
    try:
        return os.read(descriptor, _PIECE)
    except OSError as error:
        raise Refused(say("desk.file_unreadable", path=path, reason=error.strerror)) from error
