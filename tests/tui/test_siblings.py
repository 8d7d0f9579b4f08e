"""One customer in several conversations."""

from pathlib import Path

import pytest

from tests.desk.bench import at as clock_at
from tests.desk.bench import bench_at
from tests.tui.desks import demo_screen, keys, screen, spoken, text, until
from tests.tui.run import on_screen
from tests.tui.test_marks import ids, statuses
from tuidesk.desk import read, siblings
from tuidesk.domain.commands import Complete
from tuidesk.domain.instants import DAY
from tuidesk.tui.app import DeskApp


def _told(number: int, of: str, minute: int, **more: object) -> dict[str, object]:
    return {
        "type": "received",
        "id": f"m{number}",
        "at": f"2026-11-20T12:{minute:02d}:00Z",
        "conversation": f"c{number}",
        "medium": "form",
        "from": {"name": of.capitalize(), "handle": of},
        "text": f"question {number}",
        **more,
    }


_DANA = [
    _told(1, "dana", 1),
    _told(2, "omar", 2),
    _told(3, "dana", 3),
    _told(4, "kim", 4),
    _told(5, "dana", 5),
]


def test_what_else_of_theirs_is_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench_at(tmp_path, monkeypatch) as bench:
        first = bench.customer("<1@x>", clock_at("10:00"), conversation="a")
        second = bench.customer("<2@x>", clock_at("10:05"), conversation="b")
        third = bench.customer("<3@x>", clock_at("10:07"), conversation="c")
        now = bench.clock.now()

        def others(n: int) -> list[int]:
            return [row.n for row in bench.desk.read(siblings.others, n, now).result()]

        assert others(first) == [second, third]
        bench.do(Complete(conversations=(second,)))
        assert others(first) == [third]
        assert others(second) == [first, third]


def test_whether_they_were_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench_at(tmp_path, monkeypatch) as bench:
        bench.can(performs=frozenset({"reply"}))
        first = bench.customer("<1@x>", bench.clock.now(), conversation="a")
        second = bench.customer("<2@x>", bench.clock.now(), conversation="b")

        def answered(n: int) -> siblings.Answered | None:
            return bench.desk.read(siblings.answered, n, bench.clock.now() - DAY).result()

        assert answered(first) is None
        bench.clock.advance(60)
        bench.reply(first)
        for n in (first, second):
            found = answered(n)
            assert found is not None
            assert (found.n, found.medium, found.by.me) == (first, "mail", True)
        bench.customer("<4@x>", bench.clock.now() + 1000, conversation="a")
        assert answered(first) is None, "they have answered that"
        assert answered(second) is not None
        bench.clock.advance(2 * 24 * 3600)
        assert answered(second) is None, "long ago"


@on_screen
async def test_completing_one_offers_the_others(tmp_path: Path) -> None:
    async with screen(spoken(tmp_path, _DANA), (80, 24)) as (app, pilot):
        queue = app.desk_screen.queue
        await until(lambda: len(queue.picture or ()) == 5)
        await keys(pilot, "home", "e")
        await until(lambda: "Dana has 2 more open: #3 #5, * c marks them" in text(app))
        assert queue.current == 2, "and on to the next all the same"
        await keys(pilot, "asterisk", "c")
        await until(lambda: queue.marked == (3, 5))
        await keys(pilot, "e")
        await until(lambda: statuses(app, 1, 2, 3, 5) == ["complete", "open", "complete", "complete"])


@on_screen
async def test_once_it_is_not_said_any_more_the_one_at_the_mark_is_meant(tmp_path: Path) -> None:
    async with screen(spoken(tmp_path, _DANA), (80, 24)) as (app, pilot):
        queue = app.desk_screen.queue
        await until(lambda: len(queue.picture or ()) == 5)
        await keys(pilot, "home", "e")
        await until(lambda: "* c marks them" in text(app))
        await keys(pilot, "j", "k", "asterisk", "c")
        await until(lambda: queue.marked == (2,))


@on_screen
async def test_the_head_of_the_thread_says_what_else_is_open(tmp_path: Path) -> None:
    async with screen(spoken(tmp_path, _DANA), (80, 24)) as (app, pilot):
        await until(lambda: len(app.desk_screen.queue.picture or ()) == 5)
        await keys(pilot, "home", "enter")
        await until(lambda: "+2 also open" in text(app))


@on_screen
async def test_before_a_second_answer_the_first_is_named(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (120, 36)) as (app, pilot):
        n, other = _two_of_one(app)
        queue = app.desk_screen.queue
        queue.go_to(n)
        await keys(pilot, "r")
        await until(lambda: app.desk_screen.composer.is_open)
        await keys(pilot, *"ok", "ctrl+s")
        await until(lambda: app.desk_screen.composer.is_after)
        app.desk_screen.composer.close()
        app.desk_screen.go("queue")
        queue.go_to(other)
        await keys(pilot, "r")
        medium = app.desk.read(read.rows, [n], 0).result()[n].medium
        await until(lambda: f"was answered 0m ago by {medium}, in #{n} (you)" in text(app))


def _two_of_one(app: DeskApp) -> tuple[int, int]:
    """Two open conversations of one customer that can be answered in private."""
    found = app.desk.read(read.rows, ids(app), app.desk.clock.now()).result()
    for row in found.values():
        if row.also_open and not row.trouble and row.visibility == "direct":
            for other in app.desk.read(siblings.others, row.n, app.desk.clock.now()).result():
                if not other.trouble:
                    return row.n, other.n
    raise AssertionError("the demo has no such customer")
