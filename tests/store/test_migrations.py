"""Migrations: from an empty file, and from every earlier version, held by a dump of each version's schema.

A migration that has landed is never edited: `schemas/N.sql` is what version N looks like, made once when it lands by
`python -m tests.store.test_migrations`.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.store.filled import end, hear, in_child, make_store
from tuidesk.errors import StoreError, StoreNewer
from tuidesk.store import db
from tuidesk.store.schema import MIGRATIONS

SCHEMAS = Path(__file__).parent / "schemas"
ADDED = "CREATE TABLE extra (id INTEGER PRIMARY KEY, what TEXT NOT NULL DEFAULT '') STRICT;\n"
FAILS = ADDED + "INSERT INTO extra (what) VALUES ('x');\nINSERT INTO nowhere VALUES (1);\n"


def _dump(connection: sqlite3.Connection) -> str:
    rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
    return "".join(f"{row[0]};\n" for row in rows)


def _at(path: Path, migrations: Sequence[str]) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    db.migrate(connection, path, migrations)
    return connection


@pytest.mark.parametrize("number", range(1, len(MIGRATIONS) + 1))
def test_a_landed_migration_stays_as_it_landed(tmp_path: Path, number: int) -> None:
    with closing(_at(tmp_path / "store", MIGRATIONS[:number])) as connection:
        assert _dump(connection) == (SCHEMAS / f"{number}.sql").read_text("utf-8")


@pytest.mark.parametrize("number", range(len(MIGRATIONS) + 1))
def test_every_earlier_version_becomes_the_newest(tmp_path: Path, number: int) -> None:
    with closing(_at(tmp_path / "fresh", MIGRATIONS)) as fresh:
        wanted = _dump(fresh)
    with closing(_at(tmp_path / "old", MIGRATIONS[:number])) as old:
        if number:
            old.execute("INSERT INTO draft (conversation, mode, text) VALUES (7, 'reply', 'half a sentence')")
        db.migrate(old, tmp_path / "old")
        assert _dump(old) == wanted
        assert db.version(old) == len(MIGRATIONS)
        if number:
            assert old.execute("SELECT text FROM draft").fetchone()[0] == "half a sentence"
    kept = list(tmp_path.glob("old.version-*"))
    assert len(kept) == (1 if 0 < number < len(MIGRATIONS) else 0)


def test_a_store_with_content_is_copied_before_it_is_migrated(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    with closing(db.open_store(path)) as connection:
        db.migrate(connection, path, (*MIGRATIONS, ADDED))
        assert db.version(connection) == len(MIGRATIONS) + 1
        connection.execute("DELETE FROM draft")
    (kept,) = path.parent.glob(f"store.sqlite3.version-{len(MIGRATIONS)}-*")
    assert kept.stat().st_mode & 0o777 == 0o600
    with closing(db.open_store(kept)) as copy:
        assert copy.execute("SELECT count(*) FROM draft").fetchone()[0] == 4
        assert db.check(copy) == []


def test_a_migration_that_fails_leaves_the_version_before_it(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    with closing(db.open_store(path)) as connection:
        before = _dump(connection)
        for _ in range(2):  # a second try is not kept from trying by the copy of the first
            with pytest.raises(StoreError, match="nowhere"):
                db.migrate(connection, path, (*MIGRATIONS, ADDED.replace("extra", "fine"), FAILS))
            connection.execute("DROP TABLE IF EXISTS fine")
            assert db.version(connection) == len(MIGRATIONS) + 1
            connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        assert _dump(connection) == before
        assert connection.execute("SELECT count(*) FROM draft").fetchone()[0] == 4
    assert len(list(path.parent.glob("store.sqlite3.version-*"))) == 2


def test_a_version_from_the_future_is_refused(tmp_path: Path) -> None:
    with closing(_at(tmp_path / "store", MIGRATIONS)) as connection, pytest.raises(StoreNewer):
        db.migrate(connection, tmp_path / "store", MIGRATIONS[:-1])


MIGRATES = """
import sys
from pathlib import Path
from tuidesk.store import db, lock, schema
schema.MIGRATIONS = db.MIGRATIONS = (*db.MIGRATIONS, sys.argv[2])
db.migrate.__defaults__ = (db.MIGRATIONS,)
print("ready", flush=True)
sys.stdin.readline()
opened = db.open_reader if sys.argv[3] == "reads" else db.open_store
print(db.version(opened(Path(sys.argv[1]))), flush=True)
"""


@pytest.mark.parametrize("second", ["writes", "reads"])
def test_two_programs_that_migrate_at_once_do_it_once(tmp_path: Path, second: str) -> None:
    path = make_store(tmp_path)
    children = [in_child(MIGRATES, path, ADDED, how) for how in ("writes", second)]
    try:
        assert [hear(child) for child in children] == ["ready", "ready"]
        for child in children:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        assert [hear(child) for child in children] == [str(len(MIGRATIONS) + 1)] * 2
    finally:
        for child in children:
            end(child)
    assert len(list(path.parent.glob("store.sqlite3.version-*"))) == 1
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM extra").fetchone()[0] == 0
        assert connection.execute("SELECT count(*) FROM draft").fetchone()[0] == 4


def _write_newest() -> None:
    """Keep what the newest version looks like, once."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        db.migrate(connection, Path("memory"), MIGRATIONS)
        with (SCHEMAS / f"{len(MIGRATIONS)}.sql").open("x", encoding="utf-8") as file:
            file.write(_dump(connection))


if __name__ == "__main__":
    _write_newest()
