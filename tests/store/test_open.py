"""Opening: made whole or not at all, and what SQLite would pass over in silence is seen."""

import sqlite3
import struct
import sys
from pathlib import Path

import pytest

from tests.store.filled import end, hear, in_child, make_store
from tuidesk.errors import NotFound, StoreBroken, StoreBusy, StoreNewer
from tuidesk.store import db, lock
from tuidesk.store.schema import MIGRATIONS

OPENS = """
import sys
from pathlib import Path
from tuidesk.store import db
print("ready", flush=True)
sys.stdin.readline()
connection = db.open_store(Path(sys.argv[1]))
with db.transaction(connection):
    connection.execute("INSERT INTO change (kind, id) VALUES ('opened', 'x')")
print(db.version(connection), flush=True)
sys.stdin.readline()
"""


def test_a_store_keeps_every_transaction_on_the_disk(tmp_path: Path) -> None:
    connection = db.open_store(tmp_path / "store.sqlite3")
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    connection.close()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    reader = db.open_reader(make_store(tmp_path))
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("DELETE FROM draft")
    reader.close()


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no store yet"):
        db.open_reader(tmp_path / "data" / "store.sqlite3")
    assert list(tmp_path.iterdir()) == []


def test_several_that_open_at_once_make_one_store(tmp_path: Path) -> None:
    path = tmp_path / "data" / "store.sqlite3"
    children = [in_child(OPENS, path) for _ in range(4)]
    try:
        assert [hear(child) for child in children] == ["ready"] * 4
        for child in children:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        assert [hear(child) for child in children] == [str(len(MIGRATIONS))] * 4
    finally:
        for child in children:
            end(child)
    reader = db.open_reader(path)
    assert reader.execute("SELECT count(*) FROM change WHERE kind = 'opened'").fetchone()[0] == 4
    reader.close()


def test_a_maker_that_is_killed_leaves_no_half_store(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    for end_ in ("", "-wal", "-shm"):  # what one leaves that dies before the rename
        path.with_name(f"store.sqlite3.new{end_}").write_bytes(b"half")
    db.open_store(path).close()
    assert not path.with_name("store.sqlite3.new").exists()


def test_one_that_opens_waits_for_one_that_makes(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    with lock.opening(path, 1.0), pytest.raises(StoreBusy, match="preparing"), lock.opening(path, 0.2):
        pass


def test_a_newer_store_is_not_touched(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    content = path.read_bytes()
    with pytest.raises(StoreNewer, match="upgrade tuidesk"):
        db.open_store(path)
    with pytest.raises(StoreNewer, match="upgrade tuidesk"):
        db.open_reader(path)
    assert path.read_bytes() == content
    assert not list(path.parent.glob("*.version-*"))


def test_an_empty_file_is_damage_and_no_new_store(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    path.write_bytes(b"")
    with pytest.raises(StoreBroken, match="empty"):
        db.open_store(path)
    with pytest.raises(StoreBroken, match="empty"):
        db.open_reader(path)


def test_a_log_without_its_store_is_kept_and_not_folded_into_a_new_one(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    connection = db.open_store(path)
    with db.transaction(connection):
        connection.execute("INSERT INTO change (kind, id) VALUES ('a', 'b')")
    log = path.with_name("store.sqlite3-wal")
    content = log.read_bytes()
    path.unlink()
    made = db.open_store(path)
    connection.close()
    assert db.check(made) == []
    assert made.execute("SELECT count(*) FROM change").fetchone()[0] == 0
    made.close()
    kept = list(path.parent.glob("store.sqlite3.left-*-wal"))
    assert [p.read_bytes() for p in kept] == [content]


def _with_log(tmp_path: Path) -> tuple[Path, bytes]:
    """A store with an unfolded log, as a kill leaves it; the log's content."""
    path = tmp_path / "store.sqlite3"
    child = in_child(OPENS, path)
    try:
        assert hear(child) == "ready"
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
        hear(child)
    finally:
        end(child)
    return path, path.with_name("store.sqlite3-wal").read_bytes()


def test_a_real_logs_head_is_right(tmp_path: Path) -> None:
    path, log = _with_log(tmp_path)
    assert struct.unpack(">I", log[:4])[0] in (0x377F0682, 0x377F0683)
    assert not db.log_is_damaged(path)
    connection = db.open_store(path)
    assert connection.execute("SELECT count(*) FROM change WHERE kind = 'opened'").fetchone()[0] == 1
    connection.close()


@pytest.mark.parametrize("spoil", [0, 7, 17, 25])
def test_a_log_whose_head_is_wrong_is_damage(tmp_path: Path, spoil: int) -> None:
    path, log = _with_log(tmp_path)
    path.with_name("store.sqlite3-wal").write_bytes(
        log[:spoil] + bytes([log[spoil] ^ 0x55]) + log[spoil + 1 :]
    )
    with pytest.raises(StoreBroken, match="log is not readable"):
        db.open_store(path)
    with pytest.raises(StoreBroken, match="log is not readable"):
        db.open_reader(path)


@pytest.mark.parametrize("log", [b"", b"\0" * 31, b"\0" * 5000])
def test_a_log_that_never_got_a_head_is_no_damage(tmp_path: Path, log: bytes) -> None:
    path = make_store(tmp_path)
    path.with_name("store.sqlite3-wal").write_bytes(log)
    db.open_store(path).close()


def test_reading_loads_nothing_heavy() -> None:
    program = "import sys, tuidesk.store.db; print(sorted(set(sys.argv[1:]) & set(sys.modules)))"
    child = in_child(program, "tempfile", "shutil", "random", "asyncio", "logging", "queue", "json")
    try:
        assert hear(child) == "[]"
    finally:
        end(child)


def test_a_transaction_is_undone_whatever_ends_it(tmp_path: Path) -> None:
    connection = db.open_store(tmp_path / "store.sqlite3")

    def half(error: type[BaseException]) -> None:
        with db.transaction(connection):
            connection.execute("INSERT INTO change (kind, id) VALUES ('a', 'b')")
            raise error

    for error in (ValueError, KeyboardInterrupt):
        with pytest.raises(error):
            half(error)
    assert not connection.in_transaction
    assert connection.execute("SELECT count(*) FROM change").fetchone()[0] == 0
    connection.close()


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux' table of locks")
def test_who_has_it_open_and_who_writes_is_known(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    program = OPENS.replace(
        "with db.transaction(connection):", "connection.execute('BEGIN IMMEDIATE')\nif True:"
    )
    child = in_child(program, path)
    try:
        assert hear(child) == "ready"
        assert lock.users_of(path) == set()
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
        hear(child)
        assert lock.users_of(path) == {child.pid}
        assert lock.writer_of(path) == child.pid
    finally:
        end(child)
    assert lock.users_of(path) == set()
    assert lock.writer_of(path) is None
