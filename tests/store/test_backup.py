"""A backup is a store: whole, consistent, ours alone, and never over another file."""

import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tests.store.filled import make_store
from tuidesk.errors import StoreError
from tuidesk.store import db
from tuidesk.store.sql import insert
from tuidesk.store.writer import Writer


def test_it_is_consistent_while_a_writer_writes(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    writer = Writer(path)
    stop = threading.Event()

    def pairs() -> None:
        count = 0
        while not stop.is_set():
            count += 1

            def both(connection: db.Connection, count: int = count) -> None:
                insert(connection, "change", kind="left", id=str(count))
                insert(connection, "parked", account="a", waits_for=str(count), event="{}" * 500)

            writer.submit(both).result()

    thread = threading.Thread(target=pairs)
    thread.start()
    try:
        for number in range(8):
            with closing(db.open_reader(path)) as reader:
                db.backup(reader, tmp_path / f"copy-{number}")
    finally:
        stop.set()
        thread.join()
        writer.close()
    for number in range(8):
        with closing(db.open_store(tmp_path / f"copy-{number}")) as copy:
            assert copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            left = copy.execute("SELECT count(*) FROM change WHERE kind = 'left'").fetchone()[0]
            assert copy.execute("SELECT count(*) FROM parked").fetchone()[0] == left
            assert copy.execute("SELECT count(*) FROM draft").fetchone()[0] == 4


def test_it_is_one_file_for_us_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with closing(db.open_reader(make_store(tmp_path))) as reader:
            db.backup(reader, tmp_path / "copy")
    finally:
        os.umask(before)
    assert [p.name for p in tmp_path.glob("copy*")] == ["copy"]
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(tmp_path / "copy")) as copy:
        assert copy.execute("PRAGMA journal_mode").fetchone()[0] == "delete"


def test_it_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("precious")
    (tmp_path / "link").symlink_to(tmp_path / "behind")
    with closing(db.open_reader(make_store(tmp_path))) as reader:
        for name in ("taken", "link"):
            with pytest.raises(StoreError, match="exists already"):
                db.backup(reader, tmp_path / name)
        with pytest.raises(StoreError, match="cannot write"):
            db.backup(reader, tmp_path / "no" / "folder")
    assert (tmp_path / "taken").read_text() == "precious"
    assert not (tmp_path / "behind").exists()
