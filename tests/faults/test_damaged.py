"""A damaged store: said, moved aside, texts saved as drafts, mail comes again, and nothing goes out by itself."""

import random
from pathlib import Path

import pytest

from tests.faults.program import Program, at_work

WORDS = "Dear Dana, this was queued and never sent."


@pytest.fixture
def home(program: Program, ground: Path) -> Path:
    """Mail is in, a draft is half typed, a reply is queued; all folded in."""
    home = program.home(ground)
    with at_work(program, home) as act:
        assert act("once") == {}
        assert act("draft", 1, "half a sentence") == {}
        assert act("reply", 2, WORDS)["keys"]
    assert program.run(home, module="tests.faults.agent").code == 0
    return home


def _spoil(home: Path, at: int, length: int) -> bytes:
    store = home / "data" / "store.sqlite3"
    with store.open("r+b") as file:
        file.seek(at)
        file.write(random.Random(1).randbytes(length))
    return store.read_bytes()


def test_a_spoiled_header(program: Program, home: Path) -> None:
    content = _spoil(home, 0, 100)
    listed = program.run(home, "list", "all")
    assert listed.code == 1
    assert "damaged" in listed.err
    assert "kept aside" in listed.err
    synced = program.run(home, "sync", "--once")
    assert synced.code == 0, synced.err
    assert "1 drafts and 1 unsent replies were saved" in synced.err
    (moved,) = (home / "data").glob("store.sqlite3.damaged-????????-??????")
    assert str(moved) in synced.err
    assert moved.read_bytes() == content
    with at_work(program, home) as act:
        assert act("drafts") == ["half a sentence", WORDS]
        assert act("outbox") == {}  # not a letter went out, and none will
        assert len(act("list")) == 4 + 2  # the mail is here again, and two conversations hold what was saved
        assert act("whole") == ["ok"]
    drafts = program.run(home, "list", "drafts", "--json")
    assert [line["account"] for line in drafts.lines] == ["salvaged", "salvaged"]
    again = program.run(home, "sync", "--once")
    assert (again.code, "damaged" in again.err) == (0, False)


def test_damage_in_the_middle_that_a_query_meets(program: Program, home: Path) -> None:
    size = (home / "data" / "store.sqlite3").stat().st_size
    with at_work(program, home) as act:
        _spoil(home, size // 3 // 4096 * 4096, size // 2 // 4096 * 4096)
        answers = [act("whole"), act("messages"), act("drafts"), act("list")]
        errors = {answer["error"] for answer in answers if isinstance(answer, dict)}
        assert errors == {"StoreBroken"}
        assert (home / "data" / "store.sqlite3.suspect").exists()
    with at_work(program, home) as act:
        assert act("whole") == ["ok"]
        assert act("outbox") == {}
        assert act("once") == {}
        assert len(act("list")) >= 4
    assert len(list((home / "data").glob("store.sqlite3.damaged-????????-??????"))) == 1


def test_an_emptied_file_is_no_new_start(program: Program, home: Path) -> None:
    (home / "data" / "store.sqlite3").write_bytes(b"")
    listed = program.run(home, "list")
    assert (listed.code, "the file is empty" in listed.err) == (1, True)
    synced = program.run(home, "sync", "--once")
    assert synced.code == 0, synced.err
    assert "0 drafts and 0 unsent replies" in synced.err
