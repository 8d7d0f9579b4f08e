"""What is known of a letter is not given up: not for a busy store, not for a quit, not for a later refusal."""

import asyncio
import contextlib
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from tests.desk.bench import Bench, at
from tests.desk.home import desk_at
from tuidesk.config.paths import find
from tuidesk.desk import read
from tuidesk.domain.outgoing import Outgoing, Receipt
from tuidesk.errors import RateLimited, Rejected, Unconfirmed


def test_a_receipt_waits_for_a_store_that_is_busy(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.desk.write(lambda c: c.execute("PRAGMA busy_timeout = 50")).result()
    other = sqlite3.connect(bench.desk.paths.store, isolation_level=None, check_same_thread=False)

    def done_while_somebody_writes(_: Outgoing) -> Receipt:
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(1.0, lambda: other.execute("ROLLBACK")).start()
        return Receipt(id="r1")

    bench.script.performs = [done_while_somebody_writes]
    bench.reply(number)
    bench.deliver()
    other.close()
    assert bench.ours(number).state == "sent"
    assert bench.script.tried_types().count("reply") == 1


def test_a_receipt_is_written_down_though_the_program_quits(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    release = threading.Event()

    def done_while_the_writer_is_busy(_: Outgoing) -> Receipt:
        bench.desk.write(lambda _: release.wait(5))
        return Receipt(id="r1")

    bench.script.performs = [done_while_the_writer_is_busy]
    key = bench.reply(number)

    async def quit_at_once() -> None:
        delivering = asyncio.create_task(bench.desk.engine().once(pull=False, give_up_s=0.0))
        while not bench.script.tried:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        delivering.cancel()
        threading.Timer(0.3, release.set).start()
        with contextlib.suppress(asyncio.CancelledError):
            await delivering

    asyncio.run(quit_at_once())
    bench.desk.close()
    with desk_at(find(str(bench.desk.paths.data.parent))) as desk:
        assert desk.read(read.work, key).result()[0] == "sent"


def test_a_refusal_after_a_try_that_may_have_left_is_the_agents_to_judge(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.can(idempotent_s=86_400)
    bench.script.performs = [Unconfirmed("the line broke"), Rejected("the conversation is closed")]
    key = bench.reply(number)
    bench.deliver(1.0)
    work = bench.work(key)
    assert (work["state"], work["asked"]) == ("unknown", 1)
    assert bench.ours(number).state == "unknown"


@pytest.mark.parametrize("after", [1e300, float("inf"), float("nan"), -5.0])
def test_a_limit_beyond_reason_is_no_crash(bench: Bench, after: float) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [RateLimited("slowly", after)]
    key = bench.reply(number)
    bench.deliver()
    assert bench.work(key)["state"] in ("queued", "sent")
    assert bench.work(key)["not_before"] <= bench.clock.now() + 86_400_000


def test_a_key_is_not_trusted_near_the_end_of_its_time(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.can(idempotent_s=600)
    bench.script.performs = [Unconfirmed("the line broke"), Unconfirmed("and again")]
    key = bench.reply(number)
    bench.deliver()
    assert bench.script.tried_types().count("reply") == 2
    bench.clock.advance(590)
    bench.deliver()
    assert bench.script.tried_types().count("reply") == 2
    assert bench.work(key)["state"] == "unknown"
    assert [out.key for out in bench.script.asked] == [key]


def test_a_clock_that_was_set_back_renews_no_key(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.can(idempotent_s=600)
    bench.script.performs = [Unconfirmed("the line broke"), Unconfirmed("and again")]
    key = bench.reply(number)
    bench.deliver()
    bench.clock.advance(-3600)
    bench.desk.write(lambda c: c.execute("UPDATE outbox SET not_before = 0")).result()
    bench.deliver()
    assert bench.script.tried_types().count("reply") == 2
    assert [out.key for out in bench.script.asked] == [key]


def test_a_large_file_has_time_to_leave(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tuidesk.desk import deliver

    number = bench.customer("m1", at("10:00"))
    monkeypatch.setattr(deliver.Deliver.__init__, "__defaults__", (0.2,))
    file = tmp_path / "photos.zip"
    file.write_bytes(bytes(40_000))

    def slowly(_: Outgoing) -> Receipt:
        time.sleep(0.5)
        return Receipt(id="r1")

    bench.script.performs = [slowly]
    bench.reply(number, files=(str(file),))
    bench.deliver()
    assert bench.ours(number).state == "sent"


def test_a_clock_that_was_set_back_holds_nothing_back(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    key = bench.reply(number, hold=True)
    bench.clock.advance(-5 * 86_400)
    bench.deliver()
    assert bench.work(key)["state"] == "sent"


def test_an_engine_lives_without_its_spool(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    key = bench.reply(number)
    bench.desk.paths.spool.rmdir()
    bench.deliver()
    assert bench.work(key)["state"] == "sent"


def test_files_of_letters_that_the_store_does_not_know_are_put_aside(bench: Bench) -> None:
    strange = bench.desk.paths.spool / "td-unknown"
    strange.mkdir(mode=0o700)
    (strange / "0").write_bytes(b"invoice")
    bench.deliver()
    assert not strange.exists()
    kept = list(bench.desk.paths.spool.parent.rglob("td-unknown/0"))
    assert [file.read_bytes() for file in kept] == [b"invoice"]
