"""One writer, typed text first; readers on lanes; nobody waits for ever for a future."""

import sqlite3
import threading
import time
from concurrent.futures import Future
from functools import partial
from pathlib import Path

import pytest

from tests.store.filled import end, hear, in_child, make_store
from tuidesk.errors import NotFound, StoreBroken, StoreBusy, StoreError
from tuidesk.store import db, drafts
from tuidesk.store.readers import Readers
from tuidesk.store.sql import insert
from tuidesk.store.writer import COMMAND, DELIVERY, INGEST, TYPED, Writer

HOLDS = """
import sys
from pathlib import Path
from tuidesk.store import db
connection = db.open_store(Path(sys.argv[1]))
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
"""


def _append(order: list[int], number: int, _: db.Connection) -> None:
    order.append(number)


def test_typed_text_goes_before_a_thousand_batches(tmp_path: Path) -> None:
    writer = Writer(make_store(tmp_path))
    order: list[str] = []
    gate = threading.Event()
    first = writer.submit(lambda _: gate.wait(10))
    futures: list[Future[None]] = []
    for number in range(1000):

        def batch(connection: db.Connection, number: int = number) -> None:
            insert(connection, "change", kind="batch", id=str(number))
            order.append("ingest")

        futures.append(writer.submit(batch, INGEST))
    futures.append(writer.submit(lambda _: order.append("delivery"), DELIVERY))
    futures.append(writer.submit(lambda _: order.append("command"), COMMAND))

    def typed(connection: db.Connection) -> None:
        drafts.save(connection, 1, "reply", "every key of it", {}, 9)
        order.append("typed")

    started = time.monotonic()
    gate.set()
    assert first.result(10)
    saved = writer.submit(typed, TYPED)
    done_before = len(order)
    saved.result(10)
    took = time.monotonic() - started
    for future in futures:
        future.result(60)
    writer.close()
    assert took < 1.0
    assert order.index("typed") <= done_before + 1, "it passed all but the one under way"
    assert done_before < 900, "it came while there was something to pass"
    assert order.index("command") < order.index("delivery") < 20
    assert order.count("ingest") == 1000


def test_jobs_of_one_urgency_keep_their_order(tmp_path: Path) -> None:
    writer = Writer(make_store(tmp_path))
    order: list[int] = []
    for number in range(200):
        writer.submit(partial(_append, order, number), INGEST)
    writer.close(30)
    assert order == list(range(200))


def test_closing_finishes_what_is_queued_and_folds_the_log_in(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    writer = Writer(path)
    futures = [writer.submit(lambda c: insert(c, "change", kind="a", id="b"), INGEST) for _ in range(100)]
    writer.close(30)
    assert all(future.done() for future in futures)
    assert not path.with_name("store.sqlite3-wal").exists()
    with pytest.raises(RuntimeError, match="closed"):
        writer.submit(lambda _: None)
    writer.close()


def test_a_jobs_error_is_its_futures_and_undoes_it_alone(tmp_path: Path) -> None:
    writer = Writer(make_store(tmp_path))

    def half(connection: db.Connection) -> None:
        insert(connection, "change", kind="half", id="x")
        connection.execute("INSERT INTO nowhere VALUES (1)")

    def interrupted(connection: db.Connection) -> None:
        insert(connection, "change", kind="half", id="x")
        raise KeyboardInterrupt

    with pytest.raises(StoreError, match="no such table"):
        writer.submit(half).result(10)
    with pytest.raises(KeyboardInterrupt):
        writer.submit(interrupted).result(10)
    with pytest.raises(StoreError, match="UNIQUE"):
        writer.submit(lambda c: insert(c, "change", seq=1, kind="a", id="b")).result(10)
    count = writer.submit(
        lambda c: c.execute("SELECT count(*) FROM change WHERE kind = 'half'").fetchone()[0]
    )
    assert count.result(10) == 0
    cancelled = writer.submit(lambda _: None)
    cancelled.cancel()
    writer.close()


def test_who_keeps_it_waiting_is_told_meanwhile_and_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_store(tmp_path)
    monkeypatch.setattr(db, "BUSY_S", 1.5)
    writer = Writer(path)
    assert writer.waiting() is None
    child = in_child(HOLDS, path)
    try:
        assert hear(child) == "held"
        future = writer.submit(lambda c: drafts.save(c, 1, "reply", "typed meanwhile", {}, 9), TYPED)
        time.sleep(1.0)
        waiting = writer.waiting()
        assert waiting is not None
        assert 0.8 < waiting.seconds < 1.4
        assert waiting.pid == child.pid
        with pytest.raises(StoreBusy, match=f"process {child.pid} holds"):
            future.result(10)
        assert writer.waiting() is None
    finally:
        end(child)
    writer.submit(lambda c: drafts.save(c, 1, "reply", "typed meanwhile", {}, 9), TYPED).result(10)
    writer.close()


def test_a_writer_that_finds_damage_says_so_for_the_next_start(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    writer = Writer(path)

    def damaged(_: db.Connection) -> None:
        error = sqlite3.DatabaseError("database disk image is malformed")
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error

    with pytest.raises(StoreBroken):
        writer.submit(damaged).result(10)
    writer.close()
    assert db.suspect_mark(path).exists()


def test_a_long_query_holds_up_its_own_lane_only(tmp_path: Path) -> None:
    readers = Readers(make_store(tmp_path))
    gate = threading.Event()
    long = readers.submit(lambda _: gate.wait(10), lane="search")
    assert readers.submit(lambda c: c.execute("SELECT count(*) FROM draft").fetchone()[0]).result(5) == 4
    assert not long.done()
    gate.set()
    assert long.result(5)
    readers.close()
    with pytest.raises(RuntimeError, match="closed"):
        readers.submit(lambda _: None)


def test_a_lane_that_cannot_open_says_so_to_each_and_tries_again(tmp_path: Path) -> None:
    path = tmp_path / "data" / "store.sqlite3"
    readers = Readers(path)
    for _ in range(2):
        with pytest.raises(NotFound, match="no store yet"):
            readers.submit(lambda _: 1).result(5)
    make_store(tmp_path)
    assert readers.submit(lambda _: 1).result(5) == 1
    with pytest.raises(StoreError, match="no such table"):
        readers.submit(lambda c: c.execute("SELECT * FROM nowhere")).result(5)
    with pytest.raises(IndexError):
        readers.submit(lambda c: c.execute("SELECT 1 AS one").fetchone()["two"]).result(5)
    readers.close()


def test_readers_see_what_was_committed(tmp_path: Path) -> None:
    path = make_store(tmp_path)
    writer, readers = Writer(path), Readers(path)
    for number in range(1, 20):
        writer.submit(lambda c: insert(c, "parked", account="a", waits_for="w", event="{}")).result(10)
        count = readers.submit(lambda c: c.execute("SELECT count(*) FROM parked").fetchone()[0])
        assert count.result(10) == number
    readers.close()
    writer.close()
