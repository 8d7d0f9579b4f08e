"""The spool: a folder of file copies for every letter that was queued, and for no other.

Copies are made in a folder whose name begins with a dot and that is locked (flock) for as long as somebody is at it.
It gets its name, the letter's key, in the transaction that queues the letter.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tuidesk.config.paths import make_private
from tuidesk.store import outbox
from tuidesk.store.sql import Connection


@contextmanager
def copying(spool: Path, key: str) -> Iterator[Path]:
    """A folder to copy into, until the block ends; whatever has not got its name then is deleted.

    Raises:
        ConfigError, OSError: it cannot be made.
    """
    make_private(spool)
    folder = _unnamed(spool, key)
    descriptor = _locked(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def _locked(folder: Path) -> int:
    while True:
        folder.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if folder.exists():  # a sweep may have come between
            return descriptor
        os.close(descriptor)


def name(spool: Path, key: str) -> None:
    """The copies are those of the letter `key`. Runs in the transaction that queues it.

    Raises:
        OSError: they are not there, or the disk refuses.
    """
    _unnamed(spool, key).rename(spool / key)
    descriptor = os.open(spool, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def discard(connection: Connection, spool: Path, key: str) -> None:
    """Delete the named copies of a letter whose transaction was undone. Runs in a transaction."""
    if outbox.by_key(connection, key) is None:
        shutil.rmtree(spool / key, ignore_errors=True)


def sweep(connection: Connection, spool: Path) -> None:
    """Put aside copies of letters that this store does not know, and delete those that were never whole.

    The former are kept: a store that was salvaged, or an older backup, does not know letters whose files are here.
    Runs in a transaction: copies get their name in one, so nobody is at it meanwhile.

    Raises:
        OSError: the folder cannot be read or written.
    """
    for folder in spool.iterdir():
        if folder.name.startswith("."):
            _delete_abandoned(folder)
        elif outbox.by_key(connection, folder.name) is None:
            aside = spool.with_name("spool-orphaned")
            make_private(aside)
            folder.rename(aside / folder.name)


def _delete_abandoned(folder: Path) -> None:
    """The program that made these copies was killed, unless it still holds the lock."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return
    try:
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
    finally:
        os.close(descriptor)


def _unnamed(spool: Path, key: str) -> Path:
    return spool / f".{key}"
