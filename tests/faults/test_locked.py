"""Another process holds the write lock for long: said after five seconds, and by whom; reading never waits."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.program import Program, at_work
from tests.store.filled import end, hear, in_child
from tuidesk.store import db

HOLDS = """
import sys
from pathlib import Path
from tuidesk.store import db
connection = db.connect(Path(sys.argv[1]))
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
"""
WORDS = "Dear Dana, this must not get lost.\n"


@contextmanager
def _held(home: Path) -> Iterator[int]:
    """The store's write lock in another process's hands; its pid."""
    child = in_child(HOLDS, home / "data" / "store.sqlite3")
    try:
        assert hear(child) == "held"
        yield child.pid
    finally:
        end(child)


@pytest.fixture
def home(program: Program, ground: Path) -> Path:
    home = program.home(ground)
    with at_work(program, home) as act:
        assert act("once") == {}
    return home


def test_an_open_desk_keeps_the_text_and_names_the_holder(program: Program, home: Path) -> None:
    with at_work(program, home) as act:
        with _held(home) as pid:
            started = time.monotonic()
            assert len(act("list")) == 4
            assert time.monotonic() - started < 1
            answer = act("draft", 1, WORDS)
            assert db.BUSY_S - 1 < time.monotonic() - started < db.BUSY_S + 3
            assert answer["error"] == "StoreBusy"
            assert f"process {pid} holds" in answer["said"]
            assert "the text is kept" in answer["said"]
        assert act("drafts") == []
        assert act("draft", 1, WORDS) == {}
        assert act("reply", 2, WORDS)["keys"]
        assert act("once") == {}
        assert act("outbox") == {"sent": 1}


def test_a_command_ends_with_words(program: Program, home: Path) -> None:
    with _held(home) as pid:
        started = time.monotonic()
        assert len(program.run(home, "list", "all", "--json").lines) == 4
        assert program.run(home, "show", "1").code == 0
        assert time.monotonic() - started < 3
        replied = program.run(home, "reply", "1", "-", text=WORDS)
        assert replied.code == 1
        assert f"process {pid} holds" in replied.err
        assert "Traceback" not in replied.err
    assert program.run(home, "reply", "1", "-", text=WORDS).code == 0
