"""Handling time in the store: stretches saved as they run, corrections, merges, and who gets to see it."""

import json
import threading

import pytest

from tests.desk.bench import Bench, at
from tuidesk.desk import handling, piping
from tuidesk.desk.handling import Handling
from tuidesk.desk.stretches import Stretches
from tuidesk.domain.commands import CorrectHandling, Merge, Reply, Split, Start, Undo
from tuidesk.domain.handling import Stretch
from tuidesk.domain.instants import HOUR, MINUTE, SECOND
from tuidesk.domain.model import Person
from tuidesk.errors import NotFound, Refused, StoreFull
from tuidesk.store.writer import BESIDE

TEN = at("10:00")


def handled(bench: Bench, n: int) -> Handling:
    bench.desk.write(lambda _: None, BESIDE).result()
    return bench.desk.read(handling.of, n, 60, bench.clock.now()).result()


def worked(bench: Bench, n: int, minutes: float, start: int = TEN) -> None:
    saved = Stretches(bench.desk).save(Stretch(n, start, start + round(minutes * MINUTE)), at_once=True)
    assert saved is not None
    saved.result()


def correct(bench: Bench, n: int, minutes: int, reason: str = "phone", *, is_sum: bool = False) -> str:
    command = CorrectHandling(conversation=n, ms=minutes * MINUTE, reason=reason, is_sum=is_sum)
    return bench.do(command).words


def test_a_stretch_is_one_row_however_often_it_is_saved(bench: Bench) -> None:
    n = bench.customer("m1", TEN)
    stretches = Stretches(bench.desk)
    for seconds in (5, 10, 15):
        stretches.save(Stretch(n, TEN, TEN + seconds * SECOND), at_once=False)
    stretches.save(Stretch(n, TEN + HOUR, TEN + HOUR + SECOND), at_once=False)
    assert [one.ms for one in handled(bench, n).parts] == [15 * SECOND, SECOND]


def test_what_is_saved_first_is_not_written_over_by_what_it_has_overtaken(bench: Bench) -> None:
    n = bench.customer("m1", TEN)
    stretches = Stretches(bench.desk)
    both = threading.Event()
    bench.desk.write(lambda _: both.wait(10))
    stretches.save(Stretch(n, TEN, TEN + 5 * SECOND), at_once=False)
    stretches.save(Stretch(n, TEN, TEN + 9 * SECOND), at_once=True)
    both.set()
    assert [one.ms for one in handled(bench, n).parts] == [9 * SECOND]


def test_what_could_not_be_saved_is_saved_with_what_follows(bench: Bench) -> None:
    """The row of a transaction that was undone is none, and its number may be another's by now."""
    n, other = bench.customer("m1", TEN), bench.customer("m2", TEN, subject="Another", conversation="c2")
    stretches = Stretches(bench.desk)
    writer = bench.desk._writer
    assert writer is not None
    follows = writer.then

    def full(_: object) -> None:
        raise StoreFull("no room for what follows")

    writer.then = full
    failed = stretches.save(Stretch(n, TEN, TEN + 5 * SECOND), at_once=True)
    assert failed is not None
    assert isinstance(failed.exception(), StoreFull)
    writer.then = follows
    worked(bench, other, 1)
    for seconds in (5, 9):
        stretches.save(Stretch(n, TEN, TEN + seconds * SECOND), at_once=True)
    assert [one.ms for one in handled(bench, n).parts] == [9 * SECOND]
    assert handled(bench, other).ms == MINUTE


def test_a_conversation_that_is_none_any_more_keeps_nothing(bench: Bench) -> None:
    bench.can(performs=("start", "reply"))
    done = bench.do(Start(account="shop", to=(Person("", "x@y.example"),), text="hello", hold=True))
    (n,) = done.conversations
    worked(bench, n, 3)
    bench.do(Undo(door="screen"))
    assert bench.query("SELECT * FROM conversation WHERE id = ?", n) == []
    assert bench.query("SELECT * FROM handling") == []
    worked(bench, n, 3)
    assert bench.query("SELECT * FROM handling") == []


def test_a_correction_stands_beside_what_was_measured(bench: Bench) -> None:
    n = bench.customer("m1", TEN)
    worked(bench, n, 4)
    assert correct(bench, n, 5) == f"handling time of #{n} +5m: phone"
    assert correct(bench, n, -3) == f"handling time of #{n} -3m: phone"
    assert correct(bench, n, 90, is_sum=True) == f"handling time of #{n} to 1h 30m: phone"
    found = handled(bench, n)
    assert found.ms == 90 * MINUTE
    assert [one.ms for one in found.measured] == [4 * MINUTE]
    assert [one.start for one in found.corrections] == [bench.clock.now()] * 3


def test_what_a_correction_cannot_be(bench: Bench) -> None:
    n = bench.customer("m1", TEN)
    worked(bench, n, 4)
    for minutes, reason, is_sum in ((5, " ", False), (-5, "x", False), (4, "x", True), (0, "x", False)):
        with pytest.raises(Refused):
            correct(bench, n, minutes, reason, is_sum=is_sum)
    with pytest.raises(NotFound):
        correct(bench, 99, 5)
    assert handled(bench, n).corrections == ()


def test_an_undo_takes_it_back_as_far_as_there_is_a_time_left(bench: Bench) -> None:
    n = bench.customer("m1", TEN)
    correct(bench, n, 5)
    vars(bench.desk)["_door"] = "shell"
    correct(bench, n, -4)
    with pytest.raises(Refused, match="has changed since"):
        bench.do(Undo(door="screen"))
    bench.do(Undo(door="shell"))
    bench.do(Undo(door="screen"))
    assert handled(bench, n).parts == ()


def test_a_merged_thread_is_one_time_and_split_each_has_its_own(bench: Bench) -> None:
    first = bench.customer("m1", TEN)
    second = bench.customer("m2", TEN, subject="Another", conversation="c2")
    worked(bench, first, 2)
    worked(bench, second, 3)
    bench.do(Merge(conversations=(second,), into=first))
    assert (handled(bench, second).n, handled(bench, second).ms) == (first, 5 * MINUTE)
    correct(bench, second, 6, is_sum=True)
    assert bench.desk.read(handling.day, TEN, 10).result().last[0].n == first
    bench.do(Split(conversations=(second,)))
    assert [handled(bench, n).ms / MINUTE for n in (first, second)] == [3, 3]


def test_it_neither_moves_a_conversation_nor_wakes_anybody(bench: Bench) -> None:
    n = bench.customer("m1", TEN)
    row, newest = bench.row(n), bench.query("SELECT max(seq) FROM change")[0][0]
    worked(bench, n, 4)
    assert bench.row(n) == row
    assert bench.query("SELECT max(seq) FROM change")[0][0] == newest


def test_a_program_that_is_handed_a_conversation_does_not_hear_of_it(bench: Bench) -> None:
    n = bench.customer("m1", TEN)
    bench.do(Reply(conversation=n, text="It leaves today."))
    worked(bench, n, 4)
    lines = bench.desk.read(piping.json_lines, n).result().splitlines()
    assert lines
    assert "handling" not in {json.loads(line)["type"] for line in lines}


def test_of_a_day_that_began_in_the_middle_of_a_stretch(bench: Bench) -> None:
    n = bench.customer("m1", TEN)
    worked(bench, n, 10)
    found = bench.desk.read(handling.day, TEN + 4 * MINUTE, 10).result()
    assert (found.ms, found.conversations) == (6 * MINUTE, 1)
    assert bench.desk.read(handling.day, TEN + HOUR, 10).result().ms == 0
