"""Opening the store, and transactions on it.

Every SQLite error leaves this room as a `StoreError` that says what the caller does next.
"""

import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tuidesk import errors
from tuidesk.store import place
from tuidesk.store.schema import MIGRATIONS
from tuidesk.words import say

Connection = sqlite3.Connection
Row = sqlite3.Row

BUSY_S = 5.0
"""How long a writer waits for another process before it gives up with `StoreBusy`."""


@contextmanager
def translated() -> Iterator[None]:
    """SQLite's errors → ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise translate(error) from error


def translate(error: sqlite3.Error) -> errors.StoreError:
    """What an SQLite error means to the caller."""
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else None
    match primary:
        case sqlite3.SQLITE_FULL:
            return errors.StoreFull(say("store.full"))
        case sqlite3.SQLITE_IOERR if _disk_is_full(error):
            return errors.StoreFull(say("store.full"))
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return errors.StoreReadOnly(say("store.read_only"))
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return errors.StoreBusy(say("store.busy"))
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return errors.StoreBroken(say("store.broken", reason=error))
    return errors.StoreError(say("store.failed", reason=error))


def _disk_is_full(error: sqlite3.Error) -> bool:
    # a write to a full disk can surface as a plain I/O error: SQLite reports ENOSPC as FULL only for the main file
    name = getattr(error, "sqlite_errorname", "")
    return name in ("SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_FSYNC")


def open_store(path: Path) -> Connection:
    """Open for writing, made 0600 in a 0700 folder, migrated to this program's version.

    Raises:
        StoreNewer, StoreBroken, StoreReadOnly, StoreFull, StoreUnsafe.
    """
    place.prepare(path)
    with translated():
        connection = _connect(path)
        try:
            _migrate(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def open_reader(path: Path) -> Connection:
    """Open for reading only; the same file may be written meanwhile.

    A store on a read-only disk is read too, from a private copy where its log has not been folded in.

    Raises:
        NotFound: there is no store yet.
        StoreNewer, StoreBroken, StoreUnsafe.
    """
    if not path.exists():
        raise errors.NotFound(say("store.none_yet"))
    place.refuse_if_others_write(path)
    with translated():
        try:
            connection = _connect(path, "mode=ro")
        except sqlite3.OperationalError:
            connection = _open_frozen(path)
        _refuse_other_versions(connection)
    return connection


def _connect(path: Path, options: str = "mode=rwc") -> Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{options}",
        uri=True,
        timeout=BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if options == "mode=rwc":
            connection.execute("PRAGMA journal_mode=WAL").fetchone()
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA cache_size=-16000")
        connection.execute("PRAGMA temp_store=MEMORY")
    except BaseException:
        connection.close()
        raise
    return connection


def _open_frozen(path: Path) -> Connection:
    """A store that nobody can write: where the log is empty the file says it all; else file and log are copied."""
    log = path.with_name(path.name + "-wal")
    if not log.exists() or log.stat().st_size == 0:
        return _connect(path, "mode=ro&immutable=1")
    folder = Path(tempfile.mkdtemp(prefix="tuidesk-"))
    try:
        for file in (path, log):
            shutil.copyfile(file, folder / file.name)
        return _connect(folder / path.name)
    finally:
        # the open descriptors keep the copy alive for as long as it is read
        shutil.rmtree(folder)


def version(connection: Connection) -> int:
    """The schema's version in the file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _refuse_other_versions(connection: Connection) -> None:
    found = version(connection)
    if found > len(MIGRATIONS):
        raise errors.StoreNewer(say("store.newer", found=found, known=len(MIGRATIONS)))
    if found < len(MIGRATIONS):
        raise errors.NotFound(say("store.none_yet"))


def _migrate(connection: Connection, path: Path) -> None:
    found = version(connection)
    if found > len(MIGRATIONS):
        raise errors.StoreNewer(say("store.newer", found=found, known=len(MIGRATIONS)))
    if 0 < found < len(MIGRATIONS):
        backup(connection, path.with_name(f"{path.name}.before-{len(MIGRATIONS)}"))
    for number in range(found, len(MIGRATIONS)):
        with transaction(connection):
            if version(connection) > number:  # another process was quicker
                continue
            for statement in _statements(MIGRATIONS[number]):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")


def _statements(script: str) -> Iterator[str]:
    """`executescript` would commit; one statement at a time stays in the transaction."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""


@contextmanager
def transaction(connection: Connection) -> Iterator[Connection]:
    """`BEGIN IMMEDIATE` … COMMIT, or ROLLBACK and the error translated."""
    with translated():
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        try:
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def suspect_mark(path: Path) -> Path:
    """A file whose presence says that a query found the store damaged: it is checked whole when next opened."""
    return path.with_name(path.name + ".suspect")


def data_version(connection: Connection) -> int:
    """A number that moves when another connection has committed. Reads no page."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def check(connection: Connection) -> list[str]:
    """What SQLite itself finds wrong; empty when all is well."""
    with translated():
        found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(20)")]
    return [] if found == ["ok"] else found


def backup(connection: Connection, target: Path) -> None:
    """A whole, consistent copy of the store in a new file of mode 0600, while others go on.

    Raises:
        StoreError: the target exists, or cannot be written.
    """
    try:
        os.close(
            os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, stat.S_IRUSR | stat.S_IWUSR)
        )
    except FileExistsError:
        raise errors.StoreError(say("store.backup_exists", path=target)) from None
    except OSError as error:
        raise errors.StoreError(say("store.backup_failed", path=target, reason=error.strerror)) from error
    with translated():
        copy = sqlite3.connect(target)
        try:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE").fetchone()
        finally:
            copy.close()
