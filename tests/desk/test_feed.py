"""What changes is heard: our own at once, another process's within a second, also after trouble."""

import queue
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.store.filled import end, hear, in_child, make_store
from tuidesk.desk.changes import Feed
from tuidesk.desk.picture import Change
from tuidesk.errors import StoreBusy
from tuidesk.store import changes, db
from tuidesk.store.writer import Writer

NOTES = """
import sys
from pathlib import Path
from tuidesk.store import changes, db
connection = db.open_store(Path(sys.argv[1]))
for line in iter(sys.stdin.readline, ""):
    with db.transaction(connection):
        for number in range(int(line)):
            changes.note(connection, "conversation", number)
    print("noted", flush=True)
"""

Heard = queue.SimpleQueue[frozenset[Change]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_store(tmp_path)


@pytest.fixture
def feed(path: Path) -> Iterator[Feed]:
    feed = Feed(lambda: db.open_reader(path))
    yield feed
    feed.close()


def test_another_processs_changes_are_heard_within_a_second(path: Path, feed: Feed) -> None:
    heard: Heard = queue.SimpleQueue()
    feed.listen(heard.put)
    child = in_child(NOTES, path)
    try:
        assert child.stdin is not None
        for _ in range(3):
            child.stdin.write("2\n")
            child.stdin.flush()
            assert hear(child) == "noted"
            assert heard.get(timeout=1.0) == {
                Change(kind="conversation", id="0"),
                Change(kind="conversation", id="1"),
            }
    finally:
        end(child)


def test_our_own_are_heard_at_once(path: Path, feed: Feed) -> None:
    heard: Heard = queue.SimpleQueue()
    feed.listen(heard.put)
    writer = Writer(path)
    time.sleep(0.05)
    writer.submit(lambda c: changes.note(c, "draft", 7)).result(10)
    started = time.monotonic()
    feed.ring()
    assert heard.get(timeout=1.0) == {Change(kind="draft", id="7")}
    assert time.monotonic() - started < 0.15
    writer.close()


def test_many_are_all_told(path: Path, feed: Feed) -> None:
    heard: Heard = queue.SimpleQueue()
    feed.listen(heard.put)
    child = in_child(NOTES, path)
    try:
        assert child.stdin is not None
        child.stdin.write("25000\n")
        child.stdin.flush()
        told: set[Change] = set()
        until = time.monotonic() + 10
        while len(told) < 25_000 and time.monotonic() < until:
            told |= heard.get(timeout=5.0)
        assert len(told) == 25_000
    finally:
        end(child)


def test_trouble_with_the_store_is_outlived(path: Path) -> None:
    tries: list[int] = []

    def open_reader() -> db.Connection:
        tries.append(1)
        if len(tries) < 3:
            raise StoreBusy("busy")
        return db.open_reader(path)

    feed = Feed(open_reader)
    heard: Heard = queue.SimpleQueue()
    feed.listen(heard.put)
    until = time.monotonic() + 5
    while len(tries) < 3 and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.3)
    writer = Writer(path)
    writer.submit(lambda c: changes.note(c, "account", "a")).result(10)
    assert heard.get(timeout=2.0) == {Change(kind="account", id="a")}
    feed.close()
    writer.close()


def test_a_listener_that_fails_does_not_silence_the_others(
    path: Path, feed: Feed, caplog: pytest.LogCaptureFixture
) -> None:
    heard: Heard = queue.SimpleQueue()

    def fails(_: frozenset[Change]) -> None:
        raise ValueError("a mistake")

    feed.listen(fails)
    stop = feed.listen(heard.put)
    writer = Writer(path)
    for number in range(2):
        writer.submit(partial(changes.note, kind="draft", id_=number)).result(10)
        assert heard.get(timeout=2.0) == {Change(kind="draft", id=str(number))}
    assert "a mistake" in caplog.text
    stop()
    stop()
    writer.submit(lambda c: changes.note(c, "draft", 9)).result(10)
    time.sleep(0.5)
    assert heard.empty()
    writer.close()


def test_what_is_old_is_forgotten(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "KEPT", 10)
    connection = db.open_store(path)
    with db.transaction(connection):
        for number in range(50):
            changes.note(connection, "draft", number)
        changes.trim(connection)
    assert [row["id"] for row in changes.since(connection, 0)] == [str(n) for n in range(40, 50)]
    connection.close()
