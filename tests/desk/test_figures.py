"""Samples and due times in the store: made as things happen, made again when the rules are others, and checked."""

import asyncio
import contextlib
import random
from pathlib import Path

import pytest

from tests.cli.program import Home
from tests.desk.bench import CONFIG, Bench, at, bench_at, received, sent
from tuidesk.desk import figures, read
from tuidesk.desk.recompute import recompute
from tuidesk.domain.commands import (
    Command,
    Complete,
    Merge,
    Pending,
    Reopen,
    SetPriority,
    Snooze,
    Split,
    Tag,
    Undo,
)
from tuidesk.domain.events import ChannelEvent, Deleted, Handoff, StatusSet
from tuidesk.domain.instants import HOUR, MINUTE
from tuidesk.domain.model import Person, Status
from tuidesk.errors import Refused
from tuidesk.store import samples
from tuidesk.store.sql import scalar

ANA = Person("Ana", "ana@acme.example", me=True)
SAM = Person("Sam Ito", "sam@acme.example")
BOT = Person("Bot", "bot", kind="bot")
OF = "SELECT metric, calendar / 60000 AS minutes, mine FROM sample WHERE conversation = ? ORDER BY metric, start"


def measured(bench: Bench, number: int) -> list[tuple[str, int, int]]:
    return [tuple(row) for row in bench.query(OF, number)]


def test_a_reply_gives_its_samples_and_what_is_due_is_answered(bench: Bench) -> None:
    n = bench.customer("m1", at("12:30"))
    row = bench.row(n)
    assert (row.due, row.due_soon, row.due_for) == (at("13:30"), at("13:15"), "first_response")
    bench.reply(n)
    assert bench.row(n).due == at("13:30"), "what is queued answers nobody"
    bench.deliver()
    assert bench.row(n).due is None
    assert measured(bench, n) == [("first_response", 20, 1), ("reaction", 20, 1), ("reply", 20, 1)]


def test_the_clock_of_the_machine_may_jump_back(bench: Bench) -> None:
    n = bench.customer("m1", at("12:45"))
    bench.clock.advance(-3600)
    bench.reply(n)
    bench.deliver()
    assert measured(bench, n) == [("first_response", 0, 1), ("reaction", 0, 1), ("reply", 0, 1)]


def test_what_is_taken_back_was_none(bench: Bench) -> None:
    n = bench.customer("m1", at("12:30"))
    before = bench.row(n)
    bench.do(Complete(conversations=(n,)))
    assert {metric for metric, *_ in measured(bench, n)} > {"resolution_first", "reaction"}
    assert bench.row(n).due is None
    bench.do(Undo(door="screen"))
    assert measured(bench, n) == []
    assert bench.row(n).due == before.due


def test_a_deleted_message_ends_the_wait(bench: Bench) -> None:
    n = bench.customer("m1", at("12:30"))
    bench.take(Deleted(message="m1", at=at("12:40")))
    assert (bench.row(n).waiting_since, bench.row(n).due) == (None, None)


def test_a_merged_thread_is_measured_as_one(bench: Bench) -> None:
    one = bench.customer("m1", at("12:00"), conversation="c1")
    two = bench.customer("m2", at("12:30"), conversation="c2")
    bench.do(Merge(conversations=(two,), into=one))
    bench.reply(one)
    bench.deliver()
    assert [metric for metric, *_ in measured(bench, one)] == ["first_response", "reaction", "reply"]
    assert measured(bench, two) == []
    bench.do(Split(conversations=(two,)))
    assert [metric for metric, *_ in measured(bench, two) + measured(bench, one)].count("reply") == 1


def test_late_and_soon_come_with_the_time(bench: Bench) -> None:
    n = bench.customer("m1", at("12:30"))
    counts = bench.desk.read(read.counts, at("12:50")).result()
    assert (counts.late, counts.soon, counts.turns_at) == (0, 0, at("13:15"))
    counts = bench.desk.read(read.counts, at("13:15")).result()
    assert (counts.late, counts.soon, counts.turns_at) == (0, 1, at("13:30"))
    counts = bench.desk.read(read.counts, at("13:30")).result()
    assert (counts.late, counts.soon, counts.turns_at) == (1, 0, None)
    assert list(bench.desk.read(read.queue, "late", at("13:30")).result()) == [n]


def test_what_is_due_comes_before_what_waits_longer_without_a_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    targets = '[[targets]]\nfirst_response = "30m"\ntag = "vip"\n[[targets]]\nfirst_response = "8h"\n'
    with bench_at(tmp_path, monkeypatch, config=CONFIG + targets) as bench:
        old = bench.customer("m1", at("12:00"), conversation="c1")
        new = bench.customer("m2", at("12:40"), conversation="c2")
        bench.do(Tag(conversations=(new,), add=("vip",)))
        assert [row.n for row in bench.desk.read(read.page, "open", at("12:50"), 9).result()] == [new, old]


def test_other_targets_hold_for_what_is_there_already(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bench_at(tmp_path, monkeypatch) as bench:
        n = bench.customer("m1", at("12:30"))
        bench.do(SetPriority(conversations=(n,), priority="high"))
        assert bench.row(n).due == at("13:30")
    targets = '[[targets]]\nfirst_response = "10m"\npriority = "high"\n'
    with bench_at(tmp_path, monkeypatch, config=CONFIG + targets) as bench:
        assert bench.row(n).due == at("13:30"), "nothing has happened yet"
        timing = bench.desk.timing
        job = lambda c: figures.catch_up(c, timing, 0, at("12:50"))  # noqa: E731
        assert bench.desk.write(job).result() == n
        assert bench.row(n).due == at("12:40")
        before = bench.query("SELECT count(*) FROM change")[0][0]
        assert bench.desk.write(job).result() == n
        assert bench.query("SELECT count(*) FROM change")[0][0] == before, "what is right is not made again"
        assert bench.desk.write(lambda c: figures.catch_up(c, timing, n, at("12:50"))).result() is None


def test_the_engine_catches_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench_at(tmp_path, monkeypatch) as bench:
        n = bench.customer("m1", at("12:30"))
        bench.desk.write(lambda c: c.execute("UPDATE conversation SET timed = 'never', due = NULL")).result()
        bench.desk.start()

        async def caught_up() -> None:
            for _ in range(200):
                if bench.row(n).due == at("13:30"):
                    return
                await asyncio.sleep(0.02)
            raise AssertionError("it never did")

        asyncio.run(caught_up())


def test_a_sample_that_is_wrong_is_found_and_put_right(bench: Bench) -> None:
    n = bench.customer("m1", at("12:30"))
    bench.reply(n)
    bench.deliver()
    assert recompute(bench.desk, lambda *_: None) == (1, 0)
    bench.desk.write(lambda c: c.execute("UPDATE sample SET calendar = 1 WHERE metric = 'reply'")).result()
    assert recompute(bench.desk, lambda *_: None) == (1, 2), "one that is none, one that is not there"
    assert recompute(bench.desk, lambda *_: None) == (1, 0)
    assert measured(bench, n)[-1] == ("reply", 20, 1)


def test_a_figure_that_cannot_be_made_keeps_no_text_from_the_disk(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    n = bench.customer("m1", at("12:30"))

    def mistaken(*_: object) -> None:
        raise ValueError("a mistake of the program")

    with monkeypatch.context() as patched:
        patched.setattr(figures, "measure", mistaken)
        bench.reply(n, "It leaves today.")
    assert [row["text"] for row in bench.query("SELECT text FROM message WHERE direction = 'out'")] == [
        "It leaves today."
    ]
    assert f"#{n} cannot be measured" in caplog.text
    timing, now = bench.desk.timing, bench.clock.now()
    bench.desk.write(lambda c: figures.catch_up(c, timing, 0, now)).result()
    assert bench.query("SELECT timed FROM conversation")[0]["timed"] == timing.mark("shop"), (
        "it is tried again"
    )


def test_what_follows_other_rules_is_not_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench_at(tmp_path, monkeypatch) as bench:
        n = bench.customer("m1", at("12:30"))
        bench.reply(n)
        bench.deliver()
    hours = '[hours]\nzone = "UTC"\nweek = { mon = ["09:00-10:00"] }\n'
    with bench_at(tmp_path, monkeypatch, config=CONFIG + hours) as bench:
        before = bench.query("SELECT business FROM sample")
        assert recompute(bench.desk, lambda *_: None) == (1, 0)
        assert bench.query("SELECT business FROM sample") != before


def test_doctor_recomputes(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    line = '{"type": "received", "id": "1", "at": "2026-11-20T12:00:00Z", "medium": "chat", "conversation": "c", '
    home.run("import", "-", stdin=line + '"from": {"name": "Dana", "handle": "dana"}, "text": "hello"}\n')
    assert "1 conversations measured" in home.run("doctor", "--recompute").stdout


def test_samples_that_are_the_same_are_not_written_again(bench: Bench) -> None:
    n = bench.customer("m1", at("12:30"))
    bench.reply(n)
    bench.deliver()
    before = [row["id"] for row in bench.query("SELECT id FROM sample")]
    bench.do(Pending(conversations=(n,)))
    bench.take(received("m9", at("12:49"), conversation="c9"))
    assert [row["id"] for row in bench.query("SELECT id FROM sample")] == before
    assert bench.desk.read(samples.contents, [n]).result()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("count", [200, pytest.param(10_000, marks=pytest.mark.long)])
def test_as_things_happen_is_what_the_whole_history_comes_to(bench: Bench, count: int) -> None:
    """Random histories, told in any order and in pieces, with commands between them."""
    dice = random.Random(count)
    bench.can(performs=frozenset())
    told = [event for n in range(count) for event in _history(dice, n)]
    # each may be late by some hundreds of others
    told = [event for _, event in sorted((at + dice.random() * 300, event) for at, event in enumerate(told))]
    for start in range(0, len(told), 40):
        bench.take(*told[start : start + 40])
        known = bench.desk.read(lambda c: scalar(c, "SELECT max(id) FROM conversation")).result()
        _command(bench, dice, dice.randint(1, known))
    total = bench.desk.read(lambda c: scalar(c, "SELECT count(*) FROM conversation")).result()
    assert total == count
    assert recompute(bench.desk, lambda *_: None) == (count, 0)
    assert bench.query("SELECT count(*) FROM sample")[0][0] > count


def _history(dice: random.Random, number: int) -> list[ChannelEvent]:
    """Of one conversation, in its order."""
    named, clock = f"c{number}", at("08:00") + dice.randrange(0, 240) * MINUTE
    events: list[ChannelEvent] = [received(f"{named}-0", clock, conversation=named)]
    for n in range(1, dice.randint(1, 8)):
        clock += dice.choice((0, 1, 10, 45)) * MINUTE
        id_ = f"{named}-{n}"
        match dice.choice("ccccaaabhsx"):
            case "c":
                events.append(received(id_, clock, conversation=named))
            case "a":
                events.append(sent(id_, clock, conversation=named, sender=dice.choice((ANA, SAM))))
            case "b":
                events.append(sent(id_, clock, conversation=named, kind="bot", sender=BOT))
            case "h":
                events.append(Handoff(id=id_, conversation=named, at=clock))
            case "s":
                status: Status = dice.choice(("open", "pending", "complete"))
                events.append(StatusSet(id=id_, conversation=named, at=clock, status=status))
            case _:
                events.append(Deleted(message=f"{named}-0", at=clock))
    return events


def _command(bench: Bench, dice: random.Random, number: int) -> None:
    """Something that the agent does; what the desk refuses changes nothing."""
    commands: list[Command] = [
        Complete(conversations=(number,)),
        Pending(conversations=(number,)),
        Snooze(conversations=(number,), until=bench.clock.now() + HOUR),
        Tag(conversations=(number,), add=("refund",)),
        Undo(door="screen"),
        Reopen(conversations=(number,)),
    ]
    with contextlib.suppress(Refused):
        bench.do(dice.choice(commands))
