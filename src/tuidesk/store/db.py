"""Opening the store, and transactions on it.

Every SQLite error leaves this room as a `StoreError` that says what the caller does next.
"""

import errno
import os
import sqlite3
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from tuidesk import errors
from tuidesk.store import lock, place
from tuidesk.store.schema import MIGRATIONS
from tuidesk.words import say

Connection = sqlite3.Connection
Row = sqlite3.Row

BUSY_S = 5.0
"""How long a writer waits for another process before it gives up with `StoreBusy`."""
_OPENING_S = 60.0
"""How long one that opens waits for another that makes, migrates or salvages the store."""
_LOG_KEPT = 64_000_000
"""Bytes that the log may keep on the disk once it has been folded in."""
_LOG_MAGIC = 0x377F0682
_TWICE_S = 0.02

_FULL = frozenset(
    {"SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_DIR_FSYNC"}
)
"""What a full disk or a spent quota looks like where SQLite does not say FULL."""
_FROZEN = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN})


@contextmanager
def translated() -> Iterator[None]:
    """SQLite's errors → ours; a disk that refuses a file of ours is the same trouble."""
    try:
        yield
    except sqlite3.Error as error:
        raise translate(error) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise errors.StoreFull(say("store.full")) from error
        if error.errno == errno.EROFS:
            raise errors.StoreReadOnly(say("store.read_only")) from error
        raise


def translate(error: sqlite3.Error) -> errors.StoreError:
    """What an SQLite error means to the caller."""
    match _primary(error):
        case sqlite3.SQLITE_FULL:
            return errors.StoreFull(say("store.full"))
        case sqlite3.SQLITE_IOERR if _name(error) in _FULL:
            return errors.StoreFull(say("store.not_written", reason=_name(error)))
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return errors.StoreReadOnly(say("store.read_only"))
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return errors.StoreBusy(say("store.busy"))
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return errors.StoreBroken(say("store.broken", reason=error))
    return errors.StoreError(say("store.failed", reason=error))


def _primary(error: sqlite3.Error) -> int | None:
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _name(error: sqlite3.Error) -> str:
    return str(getattr(error, "sqlite_errorname", ""))


# --- for writing ----------------------------------------------------------------------------------


def open_store(path: Path) -> Connection:
    """Open for writing, made 0600 in a 0700 folder, migrated to this program's version.

    Raises:
        StoreNewer, StoreBroken, StoreReadOnly, StoreFull, StoreBusy, StoreUnsafe.
    """
    place.prepare(path)
    with translated():
        if not path.exists():
            with lock.opening(path, _OPENING_S):
                if not path.exists():  # another process was quicker
                    make(path)
        refuse_damaged(path)
        connection = connect(path)
        try:
            if version(connection) != len(MIGRATIONS):
                with lock.opening(path, _OPENING_S):
                    migrate(connection, path)
            connection.execute("PRAGMA journal_mode=WAL").fetchone()
        except BaseException:
            connection.close()
            raise
    return connection


def make(path: Path, fill: Callable[[Connection], None] = lambda _: None) -> None:
    """A new store, whole before it has its name: one that is empty or half made has been damaged.

    `fill` puts into it what it begins with. A log that lies beside a store that is gone would be folded into the new
    one: it is moved aside.
    """
    fresh = path.with_name(path.name + ".new")
    _clear(fresh)
    try:
        os.close(place.open_private(fresh, os.O_EXCL | os.O_WRONLY))
        with closing(connect(fresh)) as connection:
            connection.execute("PRAGMA journal_mode=WAL").fetchone()
            migrate(connection, fresh)
            with transaction(connection):
                fill(connection)
        move(path, place.aside(path, "left"))
        fresh.rename(path)
        _sync_folder(path.parent)
    finally:
        _clear(fresh)


def _clear(fresh: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        fresh.with_name(fresh.name + end).unlink(missing_ok=True)


def move(path: Path, to: Path) -> None:
    """Rename a store with its log."""
    for end in ("", "-wal", "-shm"):
        file = path.with_name(path.name + end)
        if file.exists():
            file.rename(to.with_name(to.name + end))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def refuse_damaged(path: Path) -> None:
    """See damage that SQLite would pass over in silence.

    Raises:
        StoreBroken: the file has no content, and would be taken for a new store; or its log has no head, and would be
            taken for an empty one.
    """
    if path.stat().st_size == 0:
        raise errors.StoreBroken(say("store.broken", reason=say("store.is_empty")))
    if log_is_damaged(path):
        raise errors.StoreBroken(say("store.broken", reason=say("store.log_is_damaged")))


def log_is_damaged(path: Path) -> bool:
    """Whether the log has a head and it is wrong; see https://sqlite.org/fileformat.html, "WAL file format".

    A head of zeros is one that a power cut kept from the disk: nothing was committed under it. A wrong one is looked
    at twice, as another process may just be writing it.
    """
    log = path.with_name(path.name + "-wal")
    if not _has_wrong_head(log):
        return False
    time.sleep(_TWICE_S)
    return _has_wrong_head(log)


def _has_wrong_head(log: Path) -> bool:
    try:
        with log.open("rb") as file:
            head = file.read(32)
    except FileNotFoundError:
        return False
    if len(head) < 32 or not any(head):
        return False
    magic = int.from_bytes(head[:4], "big")
    words = struct.unpack("<6I" if magic == _LOG_MAGIC else ">6I", head[:24])
    first = second = 0
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return magic not in (_LOG_MAGIC, _LOG_MAGIC + 1) or struct.unpack(">2I", head[24:]) != (first, second)


def connect(path: Path, options: str = "mode=rw") -> Connection:
    """A connection to a file that stands, whatever is in it.

    Raises:
        StoreBroken: SQLite's own words on what is wrong in it cannot be read.
    """
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{options}",
        uri=True,
        timeout=BUSY_S,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=400,
    )
    connection.row_factory = sqlite3.Row
    try:
        _read_contents(connection)
        if options == "mode=rw":
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute(f"PRAGMA journal_size_limit={_LOG_KEPT}").fetchone()
        else:
            connection.execute("PRAGMA query_only=ON")
        # kibibytes; a reader asks for pages of a screen, only who writes much gains from more
        connection.execute(f"PRAGMA cache_size={-16000 if options == 'mode=rw' else -4000}")
        connection.execute("PRAGMA temp_store=MEMORY")
    except BaseException:
        connection.close()
        raise
    return connection


def _read_contents(connection: Connection) -> None:
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except UnicodeDecodeError as error:  # it quotes the damage, which need not be text
        reason = error.object.decode("utf-8", "replace")
        raise errors.StoreBroken(say("store.broken", reason=reason)) from error


# --- for reading ----------------------------------------------------------------------------------


def open_reader(path: Path) -> Connection:
    """Open for reading only; the same file may be written meanwhile. An older store is migrated first.

    A store on a read-only disk is read too, from a private copy where its log has not been folded in.

    Raises:
        NotFound: there is no store yet.
        StoreNewer, StoreBroken, StoreUnsafe; StoreReadOnly: it is of an older version and cannot be migrated.
    """
    place.refuse(path)
    if not path.exists():
        raise errors.NotFound(say("store.none_yet"))
    refuse_damaged(path)
    with translated():
        connection = _connect_reading(path)
        try:
            found = version(connection)
            if found > len(MIGRATIONS):
                raise _newer(found, len(MIGRATIONS))
        except BaseException:
            connection.close()
            raise
        if found == len(MIGRATIONS):
            return connection
        connection.close()
        _migrate_for_reading(path, found)
        return _connect_reading(path)


def _migrate_for_reading(path: Path, found: int) -> None:
    try:
        open_store(path).close()
    except errors.StoreReadOnly as error:
        said = say("store.older", path=path, found=found, known=len(MIGRATIONS))
        raise errors.StoreReadOnly(said) from error


def _connect_reading(path: Path) -> Connection:
    try:
        return connect(path, "mode=ro")
    except sqlite3.OperationalError as error:
        # a log that cannot be worked with: nothing can be written here, or the disk is too full for its index
        if _primary(error) in _FROZEN or _name(error) in _FULL:
            return _connect_frozen(path)
        raise


def _connect_frozen(path: Path) -> Connection:
    """A store that nobody can write: where the log is empty the file says it all; else file and log are copied."""
    log = path.with_name(path.name + "-wal")
    if not log.exists() or log.stat().st_size == 0:
        return connect(path, "mode=ro&immutable=1")
    import shutil  # both are slow to import, and hardly ever needed
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="tuidesk-"))
    try:
        for file in (path, log):
            shutil.copyfile(file, folder / file.name)
        connection = connect(folder / path.name)
        connection.execute("PRAGMA query_only=ON")
        return connection
    finally:
        # the open descriptors keep the copy alive for as long as it is read
        shutil.rmtree(folder)


# --- versions -------------------------------------------------------------------------------------


def version(connection: Connection) -> int:
    """The schema's version in the file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _newer(found: int, known: int) -> errors.StoreNewer:
    return errors.StoreNewer(say("store.newer", found=found, known=known))


def migrate(connection: Connection, path: Path, migrations: Sequence[str] = MIGRATIONS) -> None:
    """Bring a store to the newest version, a transaction a step; one with content is copied first.

    Raises:
        StoreNewer: it is beyond what this program knows.
        StoreUnsafe: it is a database, and none of ours.
        StoreError: a step failed, and the store is as the step before left it.
    """
    found = version(connection)
    if found > len(migrations):
        raise _newer(found, len(migrations))
    if found == 0 and connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        raise errors.StoreUnsafe(say("store.foreign", path=path))
    if 0 < found < len(migrations):
        backup(connection, place.aside(path, f"version-{found}"))
    for number in range(found, len(migrations)):
        with transaction(connection):
            for statement in _statements(migrations[number]):
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


# --- work -----------------------------------------------------------------------------------------


@contextmanager
def transaction(connection: Connection) -> Iterator[Connection]:
    """`BEGIN IMMEDIATE` … COMMIT, or ROLLBACK and the error translated."""
    with translated():
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def suspect_mark(path: Path) -> Path:
    """A file whose presence says that a query found the store damaged: it is checked whole when next opened."""
    return path.with_name(path.name + ".suspect")


def mark_suspect(path: Path) -> None:
    """Say that a query found the store damaged."""
    with suppress(OSError):  # a full or read-only disk: the next query will find the damage again
        os.close(place.open_private(suspect_mark(path), os.O_WRONLY))


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
        StoreError: the target exists, or cannot be written; nothing is left of it then.
    """
    try:
        os.close(place.open_private(target, os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        raise errors.StoreError(say("store.backup_exists", path=target)) from None
    except OSError as error:
        raise errors.StoreError(say("store.backup_failed", path=target, reason=error.strerror)) from error
    try:
        with closing(sqlite3.connect(target)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE").fetchone()
    except BaseException as error:
        target.unlink(missing_ok=True)
        if isinstance(error, sqlite3.Error):
            raise errors.StoreError(say("store.backup_failed", path=target, reason=error)) from error
        raise
