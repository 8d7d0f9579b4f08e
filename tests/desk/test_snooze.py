"""A snooze that is over is over for everybody, whether a process wakes it or not."""

import time
from pathlib import Path

import pytest

from tests.desk.bench import Bench, at, bench_at, received, status
from tuidesk.desk import alarms, read
from tuidesk.desk.entry_words import entry_words
from tuidesk.domain.commands import Pending, Reopen, Seen, Snooze, Undo


def snoozed(bench: Bench, *untils: str | None) -> list[int]:
    numbers = []
    for place, until in enumerate(untils):
        number = bench.customer(f"m{place}", at("10:00") + place)
        bench.do(Snooze(conversations=(number,), until=None if until is None else at(until)))
        numbers.append(number)
    return numbers


def wake(bench: Bench) -> int:
    return bench.desk.write(lambda c: alarms.wake(c, bench.clock.now())).result()


def test_it_reads_as_open_without_any_process(bench: Bench) -> None:
    one, two, never = snoozed(bench, "14:00", "15:00", None)
    bench.clock.at = at("14:00")
    row = bench.row(one)
    assert (row.status, row.snoozed_until, row.woke) == ("open", None, True)
    assert list(bench.desk.read(read.queue, "open", bench.clock.now()).result()) == [one]
    assert list(bench.desk.read(read.queue, "snoozed", bench.clock.now()).result()) == [never, two]
    counts = bench.desk.read(read.counts, bench.clock.now()).result()
    assert (counts.open, counts.snoozed) == (1, 2)


def test_waking_changes_nothing_that_is_read(bench: Bench) -> None:
    one, two, never = snoozed(bench, "14:00", "15:00", None)
    bench.clock.at = at("14:30")
    before = [bench.row(n) for n in (one, two, never)]
    assert bench.desk.read(alarms.next_due).result() == at("14:00")
    assert wake(bench) == 1
    assert [bench.row(n) for n in (one, two, never)] == before
    assert bench.desk.read(alarms.next_due).result() == at("15:00")
    woke = bench.entries(one)[-1]
    assert (woke.what, woke.at) == ("woke", at("14:00"))
    assert wake(bench) == 0
    bench.do(Seen(conversation=one))
    assert not bench.row(one).woke


def test_what_woke_is_looked_at_before_anybody_woke_it(bench: Bench) -> None:
    (one,) = snoozed(bench, "14:00")
    bench.clock.at = at("14:30")
    bench.do(Seen(conversation=one))
    wake(bench)
    assert bench.status(one) == "open"


def test_a_message_to_a_snooze_that_is_over_is_no_reopening(bench: Bench) -> None:
    (one,) = snoozed(bench, "14:00")
    bench.clock.at = at("14:30")
    bench.take(received("m9", at("14:20"), reply_to="m0"))
    assert bench.status(one) == "open"
    assert [what for what, _ in bench.history(one)] == ["snoozed", "woke"]
    assert bench.row(one).back == "time"
    assert wake(bench) == 0


def test_the_engine_wakes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench_at(tmp_path / "home", monkeypatch) as bench:
        bench.clock.at = time.time_ns() // 1_000_000
        number = bench.customer("m0", bench.clock.now())
        bench.do(Snooze(conversations=(number,), until=bench.clock.now() + 60_000))
        bench.desk.start()
        bench.clock.advance(60)
        bench.desk.nudge()
        bench.do(Seen(conversation=number))
        deadline = time.monotonic() + 10
        while ("woke", None) not in bench.history(number):
            assert time.monotonic() < deadline
            time.sleep(0.02)


def test_a_row_says_why_it_is_back_until_somebody_looks(bench: Bench) -> None:
    one, two, three = snoozed(bench, "14:00", "18:00", None)
    for place, number in enumerate((two, three), 1):
        bench.take(received(f"r{place}", at("12:55"), reply_to=f"m{place}"))
        assert (bench.row(number).back, bench.status(number)) == ("customer", "open")
        assert entry_words(bench.entries(number)[-1], str) == "-- back from its snooze; the customer wrote"
    bench.clock.at = at("14:30")
    assert bench.row(one).back == "time"
    wake(bench)
    assert bench.row(one).back == "time"
    assert entry_words(bench.entries(one)[-1], str) == "-- back: the snooze is over"
    for number in (one, two, three):
        bench.do(Seen(conversation=number))
        assert bench.row(number).back == ""


def test_who_writes_to_what_is_pending_brings_nothing_back_from_a_snooze(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(Pending(conversations=(number,)))
    bench.take(received("m2", at("12:55"), reply_to="m1"))
    assert (bench.status(number), bench.row(number).back) == ("open", "")


def test_a_snooze_that_outlives_the_reply_window_says_so(bench: Bench) -> None:
    bench.can(window_s=24 * 3600)
    number = bench.customer("m1", at("10:00"))
    assert bench.do(Snooze(conversations=(number,), until=at("18:00"))).warnings == ()
    command = Snooze(conversations=(number,), until=at("12:00", day=21), firm=True)
    (told,) = bench.desk.rehearse([command]).result()
    (warning,) = bench.do(command).warnings
    assert told.warnings == (warning,)
    assert f"window of #{number}, which closes 21 Nov" in warning
    bench.clock.at = at("11:00", day=21)
    assert bench.do(Snooze(conversations=(number,), until=at("12:00", day=22))).warnings == (), "it is closed"


def test_the_last_snooze_is_remembered_as_it_was_said(bench: Bench) -> None:
    (one,) = snoozed(bench, "18:00")
    assert bench.desk.read(read.last_snooze).result() == "tomorrow 9"
    for typed in ("2h", "mon 14:00!"):
        bench.do(Snooze(conversations=(one,), until=at("19:00"), typed=typed))
        bench.do(Reopen(conversations=(one,)))
        assert bench.desk.read(read.last_snooze).result() == typed


def test_a_service_that_keeps_whole_seconds_says_nothing_new_of_our_snooze(bench: Bench) -> None:
    """Else the step would not be as we left it, and undo would pass it over for an older one."""
    bench.can(performs=frozenset({"reply", "snooze"}))
    bench.take(received("m1", at("10:00"), conversation="c1"))
    number = bench.conversation_of("m1")
    until = at("14:00") + 345
    bench.do(Snooze(conversations=(number,), until=until))
    bench.deliver()
    bench.take(status("snoozed", at("10:01"), conversation="c1", until=until // 1000 * 1000))
    assert bench.row(number).snoozed_until == until
    assert len([one for one in bench.entries(number) if one.what == "snoozed"]) == 1
    bench.do(Undo(door="screen"))
    assert bench.row(number).status == "open"
