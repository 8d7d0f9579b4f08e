"""Damage: moved aside with a stamp, drafts and unsent replies saved as drafts, nothing deleted, nothing sent."""

import json
import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.store.filled import end, hear, in_child, make_store
from tuidesk.errors import StoreBroken
from tuidesk.store import db, salvage
from tuidesk.store.salvage import open_or_salvage

PAGE = 4096
DRAFTS = {"Dear Dana, half a sentence", "she sounds angry", "Hello stranger"}
REPLY = "Your parcel is on its way, Kim."


def _overwrite(path: Path, at: int, length: int, seed: int = 7) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(random.Random(seed).randbytes(length))


def _header(path: Path) -> None:
    _overwrite(path, 0, 100)


def _first_page(path: Path) -> None:
    _overwrite(path, 0, PAGE)


def _first_page_zeroed(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"\0" * PAGE)


def _contents(path: Path) -> None:
    """Every table's definition, wherever it lies; SQLite quotes what is wrong, and that is no text."""
    content = path.read_bytes()
    for word in (b"NOT NULL", b"CREATE TABLE"):
        content = content.replace(word, bytes([0xF8]) * len(word))
    path.write_bytes(content)


def _text(path: Path) -> None:
    path.write_text("this is not a database at all, and never was one\n" * 200)


def _last_pages(path: Path) -> None:
    _overwrite(path, path.stat().st_size - 12 * PAGE, 12 * PAGE)


def _texts(connection: sqlite3.Connection) -> set[str]:
    return {row["text"] for row in connection.execute("SELECT text FROM draft WHERE archived_at IS NULL")}


def _after(path: Path) -> tuple[set[str], str]:
    """Open as the desk does; the open drafts' texts and what is said."""
    writer, said = open_or_salvage(path)
    texts = writer.submit(_texts).result(10)
    assert writer.submit(db.check).result(10) == []
    queued = writer.submit(lambda c: c.execute("SELECT count(*) FROM outbox").fetchone()[0]).result(10)
    assert queued == (0 if said else 1)  # nothing that was saved can go out by itself
    writer.close()
    return texts, said


@pytest.mark.parametrize("damage", [_header, _first_page, _first_page_zeroed, _contents])
def test_texts_are_saved_from_a_damaged_file(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    path = make_store(tmp_path, settled=300)
    damage(path)
    content = path.read_bytes()
    texts, said = _after(path)
    (moved,) = path.parent.glob("store.sqlite3.damaged-????????-??????")
    assert moved.read_bytes() == content
    assert moved.stat().st_mode & 0o777 == 0o600
    assert str(moved) in said
    assert texts == DRAFTS | {REPLY}
    assert "3 drafts and 1 unsent replies" in said
    assert not list(path.parent.glob(".salvage-*"))
    assert _after_again(path) == texts


def test_a_file_that_was_cut_short_has_lost_its_end_only(tmp_path: Path) -> None:
    path = make_store(tmp_path, settled=300)
    os.truncate(path, path.stat().st_size - PAGE)
    texts, said = _after(path)
    assert texts == DRAFTS  # the page that is gone was the outbox's last
    assert "3 drafts and 0 unsent replies" in said


def test_saved_texts_lie_in_conversations_of_their_own(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    _header(path)
    writer, _ = open_or_salvage(path)
    writer.close()
    with closing(db.open_reader(path)) as reader:
        rows = reader.execute(
            "SELECT conversation.account, status, handle, subject, mode, text, recipients FROM draft "
            "JOIN conversation ON conversation.id = draft.conversation ORDER BY draft.id"
        ).fetchall()
        found = {row["text"]: (row["handle"], row["subject"], row["mode"]) for row in rows}
        assert {(row["account"], row["status"]) for row in rows} == {(salvage.ACCOUNT, "open")}
        assert found == {
            "Dear Dana, half a sentence": ("dana@ortiz.example", "Refund", "reply"),
            "she sounds angry": ("dana@ortiz.example", "Refund", "note"),  # must not turn into words for her
            "Hello stranger": ("new@customer.example", "Hi", "reply"),
            REPLY: ("kim@seo.example", "Re: it", "reply"),
        }
        assert json.loads(rows[0]["recipients"])["to"] == "dana@ortiz.example"
        assert (
            reader.execute("SELECT label FROM account WHERE id = ?", (salvage.ACCOUNT,)).fetchone()
            is not None
        )


def test_what_lies_before_and_after_the_damage_is_saved(tmp_path: Path) -> None:
    path = make_store(tmp_path, settled=400)
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT pageno FROM dbstat WHERE name = 'outbox' AND pagetype = 'leaf' ORDER BY path"
        try:
            leaves = [row[0] for row in connection.execute(query)]
        except sqlite3.OperationalError:
            pytest.skip("this SQLite has no dbstat table to find the pages with")
    _overwrite(path, (leaves[len(leaves) // 2] - 1) * PAGE, PAGE)
    db.mark_suspect(path)
    texts, said = _after(path)
    assert texts == DRAFTS | {REPLY}  # the reply is the outbox's last row, behind the damage
    assert "1 unsent replies" in said


def test_a_file_that_never_was_one_is_kept_too(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    _text(path)
    content = path.read_bytes()
    texts, said = _after(path)
    assert texts == set()
    assert "0 drafts" in said
    assert content in [p.read_bytes() for p in path.parent.glob("store.sqlite3.damaged-*")]


WRITES = """
import sys
from pathlib import Path
from tests.store.filled import fill
from tuidesk.store import db
connection = db.open_store(Path(sys.argv[1]))
with db.transaction(connection):
    fill(connection)
print("filled", flush=True)
sys.stdin.readline()
"""


def _with_log(tmp_path: Path) -> Path:
    """A store whose content is in its log alone, as a kill leaves it."""
    path = tmp_path / "data" / "store.sqlite3"
    child = in_child(WRITES, path)
    try:
        assert hear(child) == "filled"
    finally:
        end(child)
    return path


def test_an_emptied_file_is_read_from_its_log(tmp_path: Path) -> None:
    path = _with_log(tmp_path)
    path.write_bytes(b"")
    texts, said = _after(path)
    assert texts == DRAFTS | {REPLY}
    assert "3 drafts" in said


def test_a_damaged_header_is_read_with_its_log(tmp_path: Path) -> None:
    path = _with_log(tmp_path)
    _header(path)
    assert _after(path)[0] == DRAFTS | {REPLY}


def test_a_damaged_log_is_moved_aside_and_the_file_goes_on_alone(tmp_path: Path) -> None:
    path = _with_log(tmp_path)
    log = path.with_name("store.sqlite3-wal")
    content = b"garbage" + log.read_bytes()[7:]
    log.write_bytes(content)
    writer, said = open_or_salvage(path)
    assert "log was damaged" in said
    assert "may be missing" in said
    assert writer.submit(db.check).result(10) == []
    writer.close()
    (moved,) = path.parent.glob("store.sqlite3.damaged-*-wal")
    assert moved.read_bytes() == content
    assert str(moved) in said


def test_damage_that_a_query_finds_is_dealt_with_at_the_next_start(tmp_path: Path) -> None:
    path = make_store(tmp_path, settled=400)
    _last_pages(path)
    writer, said = open_or_salvage(path)
    assert said == ""  # opening reads few pages
    with pytest.raises(StoreBroken, match="malformed"):
        writer.submit(lambda c: [c.execute(f"SELECT * FROM {t}").fetchall() for t in _tables(c)]).result(10)
    writer.close()
    assert db.suspect_mark(path).exists()
    texts, said = _after(path)
    assert "damaged" in said
    assert texts <= DRAFTS | {REPLY}
    assert not db.suspect_mark(path).exists()
    assert _after_again(path) == texts


def _tables(connection: sqlite3.Connection) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search%'"
    return [row[0] for row in connection.execute(query)]


def _after_again(path: Path) -> set[str]:
    writer, said = open_or_salvage(path)
    texts = writer.submit(_texts).result(10)
    writer.close()
    assert said == ""
    return texts


def test_a_false_suspicion_changes_nothing(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    db.mark_suspect(path)
    texts, said = _after(path)
    assert (texts, said) == (DRAFTS, "")
    assert not db.suspect_mark(path).exists()
    assert not list(path.parent.glob("*damaged*"))


def test_a_store_that_another_program_has_open_is_not_moved_under_it(tmp_path: Path) -> None:
    path = tmp_path / "data" / "store.sqlite3"
    child = in_child(WRITES, path)
    try:
        assert hear(child) == "filled"
        _header(path)
        with pytest.raises(StoreBroken, match=f"process {child.pid}"):
            open_or_salvage(path)
        assert not list(path.parent.glob("*damaged*"))
    finally:
        end(child)
    assert _after(path)[0] == DRAFTS | {REPLY}


SALVAGES = """
import sys
from pathlib import Path
from tuidesk.store.salvage import open_or_salvage
print("ready", flush=True)
sys.stdin.readline()
writer, said = open_or_salvage(Path(sys.argv[1]))
print(bool(said), flush=True)
writer.close()
"""


def test_two_that_start_at_once_salvage_once(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    _header(path)
    children = [in_child(SALVAGES, path) for _ in range(3)]
    try:
        assert [hear(child) for child in children] == ["ready"] * 3
        for child in children:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        assert sorted(hear(child) for child in children) == ["False", "False", "True"]
    finally:
        for child in children:
            end(child)
    assert len(list(path.parent.glob("store.sqlite3.damaged-????????-??????"))) == 1
    assert _after_again(path) == DRAFTS | {REPLY}


@pytest.mark.parametrize("seed", range(20))
def test_random_damage_never_raises_and_never_deletes(tmp_path: Path, seed: int) -> None:
    path = make_store(tmp_path, settled=100)
    dice = random.Random(seed)
    for _ in range(dice.randint(1, 4)):
        _overwrite(path, dice.randrange(path.stat().st_size), dice.randint(1, 3 * PAGE), seed)
    if dice.random() < 0.3:
        os.truncate(path, dice.randrange(path.stat().st_size))
    content = path.read_bytes()
    db.mark_suspect(path)
    writer, said = open_or_salvage(path)
    assert writer.submit(db.check).result(10) == []
    writer.close()
    if said:
        assert content in [file.read_bytes() for file in path.parent.glob("store.sqlite3.damaged-*")]
