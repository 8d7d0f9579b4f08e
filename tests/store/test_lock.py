"""The sync lock: one holder, freed by its death, whatever becomes of the file that names it."""

import os
from pathlib import Path

import pytest

from tests.store.filled import end, hear, in_child
from tuidesk.store.lock import SyncLock

TAKES = """
import sys
from pathlib import Path
from tuidesk.store.lock import SyncLock
lock = SyncLock(Path(sys.argv[1]))
print(lock.take(), flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite3"


def test_only_one_has_it(path: Path) -> None:
    mine, other = SyncLock(path), SyncLock(path)
    assert mine.take()
    assert mine.take()
    assert mine.held
    assert mine.holder() == other.holder() == os.getpid()
    assert not other.take()
    mine.release()
    assert other.holder() is None
    assert other.take()
    other.release()
    other.release()


@pytest.mark.parametrize("unlinked", [False, True])
def test_another_process_has_it_until_it_is_killed(path: Path, unlinked: bool) -> None:
    mine = SyncLock(path)
    child = in_child(TAKES, path)
    try:
        assert hear(child) == "True"
        assert mine.holder() == child.pid
        if unlinked:
            path.with_name("store.sqlite3.sync").unlink()
        assert not mine.take()
    finally:
        end(child)
    assert mine.holder() is None  # the text still names it, unless it was taken away
    assert mine.take()
    assert mine.holder() == os.getpid()
    mine.release()


def test_the_children_of_a_holder_do_not_inherit_it(path: Path) -> None:
    mine = SyncLock(path)
    assert mine.take()
    child = in_child("import sys; print('up', flush=True); sys.stdin.readline()")
    try:
        assert hear(child) == "up"
        mine.release()
        other = SyncLock(path)
        assert other.take()
        other.release()
    finally:
        end(child)


@pytest.mark.parametrize("text", ["", "nonsense", "-1", "0", "4194305"])
def test_a_stale_text_names_nobody(path: Path, text: str) -> None:
    path.with_name("store.sqlite3.sync").write_text(text)
    assert SyncLock(path).holder() is None


def test_a_text_that_cannot_be_written_is_no_hindrance(path: Path) -> None:
    path.with_name("store.sqlite3.sync").symlink_to(path.with_name("elsewhere"))
    mine = SyncLock(path)
    assert mine.take()
    assert not path.with_name("elsewhere").exists()
    assert not SyncLock(path).take()
    mine.release()
