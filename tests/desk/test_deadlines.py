"""What becomes due is told once: by whom, of what, and when it is not."""

import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.desk.bench import CONFIG, Bench, at, bench_at, received
from tests.desk.home import desk_at
from tuidesk.config.tables import Notify
from tuidesk.desk import deadlines, read
from tuidesk.desk.deadlines import Ahead
from tuidesk.desk.desk import Desk
from tuidesk.desk.news import Item
from tuidesk.domain.commands import Complete, Merge, Mute, Reopen, SetPriority, Spam, Undo
from tuidesk.domain.events import Deleted
from tuidesk.domain.instants import DAY, HOUR, Instant
from tuidesk.store import away, changes

ALL = Notify()


def claim(bench: Bench, when: Instant, notify: Notify = ALL) -> list[tuple[str, int]]:
    """What is claimed then, as (kind, conversation)."""
    bench.clock.at = when
    found = bench.desk.write(lambda c: deadlines.claim(c, notify, when)).result()
    return [(item.kind, item.conversation) for item in found]


def ahead(bench: Bench, when: Instant, notify: Notify = ALL) -> Ahead:
    return bench.desk.read(deadlines.ahead, notify, when).result()


def test_each_time_is_told_once_and_none_before_it_comes(bench: Bench) -> None:
    n = bench.customer("m1", at("12:30"))  # an hour, by the targets that are shipped
    assert ahead(bench, at("12:50")) == Ahead(is_quiet=False, is_due=False, again=at("13:15"))
    assert claim(bench, at("13:14:59")) == []
    assert ahead(bench, at("13:15")) == Ahead(is_quiet=False, is_due=True, again=at("13:30"))
    assert claim(bench, at("13:15")) == [("soon", n)]
    assert ahead(bench, at("13:15")) == Ahead(is_quiet=False, is_due=False, again=at("13:30"))
    assert claim(bench, at("13:20")) == []
    assert claim(bench, at("13:30")) == [("late", n)]
    assert ahead(bench, at("13:30")) == Ahead(is_quiet=False, is_due=False, again=None)
    assert claim(bench, at("13:31")) == []


def test_who_comes_late_tells_of_what_is_late_and_not_of_what_was_soon(bench: Bench) -> None:
    n = bench.customer("m1", at("12:30"))
    assert claim(bench, at("14:00")) == [("late", n)]


def test_it_says_who_waits_and_no_screen_has_to_draw_for_it(bench: Bench) -> None:
    n = bench.customer("m1", at("12:30"))
    before = bench.desk.read(changes.last).result()
    assert bench.desk.write(lambda c: deadlines.claim(c, ALL, at("13:30"))).result() == (
        Item("late", n, "Dana Ortiz"),
    )
    assert bench.desk.read(changes.last).result() == before


def test_what_was_not_chosen_is_neither_told_nor_waited_for(bench: Bench) -> None:
    bench.customer("m1", at("12:30"))
    assert claim(bench, at("13:20"), Notify(on=("late", "window"))) == []
    only_new = Notify(on=("new",))
    assert claim(bench, at("14:00"), only_new) == []
    assert ahead(bench, at("13:00"), only_new).again is None
    assert len(claim(bench, at("14:00"))) == 1, "and is left to who wants it"


def test_a_time_that_went_and_came_back_is_not_told_again(bench: Bench) -> None:
    n = bench.customer("m1", at("12:30"))
    assert claim(bench, at("13:15")) == [("soon", n)]
    bench.do(Complete(conversations=(n,)))
    assert bench.row(n).due is None
    bench.do(Undo(door="screen"))
    assert bench.row(n).due == at("13:30")
    assert claim(bench, at("13:16")) == []
    assert claim(bench, at("13:30")) == [("late", n)]
    bench.do(Complete(conversations=(n,)))
    bench.do(Undo(door="screen"))
    assert claim(bench, at("13:31")) == []


_TARGETS = """
[[targets]]
reply = "1h"
[[targets]]
priority = "urgent"
reply = "20m"
[[targets]]
priority = "high"
reply = "4m"
"""


@pytest.fixture
def aimed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """With a target of an hour for every reply, and a shorter one for what is urgent."""
    with bench_at(tmp_path, monkeypatch, config=CONFIG + _TARGETS) as bench:
        yield bench


def test_a_new_wait_is_told_again(aimed: Bench) -> None:
    n = aimed.customer("m1", at("12:30"), conversation="c")
    assert claim(aimed, at("13:15")) == [("soon", n)]
    assert claim(aimed, at("13:30")) == [("late", n)]
    aimed.reply(n)
    aimed.deliver()
    aimed.customer("m2", at("13:40"), conversation="c")
    assert claim(aimed, at("14:24")) == []
    assert claim(aimed, at("14:25")) == [("soon", n)]
    assert claim(aimed, at("14:40")) == [("late", n)]


def test_a_target_that_is_shorter_may_have_come(aimed: Bench) -> None:
    n = aimed.customer("m1", at("12:30"))
    assert claim(aimed, at("12:46")) == []
    aimed.do(SetPriority(conversations=(n,), priority="urgent"))
    assert claim(aimed, at("12:46")) == [("soon", n)]
    assert claim(aimed, at("12:50")) == [("late", n)]


def test_a_wait_may_be_due_before_the_one_that_was_told_last(aimed: Bench) -> None:
    n = aimed.customer("m1", at("12:30"), conversation="c")
    assert claim(aimed, at("13:15")) == [("soon", n)]
    aimed.do(SetPriority(conversations=(n,), priority="high"))
    aimed.clock.at = at("13:16")
    aimed.reply(n)
    aimed.deliver()
    aimed.customer("m2", at("13:17"), conversation="c")
    assert claim(aimed, at("13:20")) == [("soon", n)]


def test_a_shorter_target_makes_nothing_late_that_is_so_already(aimed: Bench) -> None:
    n = aimed.customer("m1", at("12:30"))
    assert claim(aimed, at("13:30")) == [("late", n)]
    aimed.do(SetPriority(conversations=(n,), priority="urgent"))
    assert claim(aimed, at("13:31")) == []
    aimed.do(Undo(door="screen"))
    assert claim(aimed, at("13:32")) == []


def test_nothing_of_what_is_muted_or_spam_or_complete(bench: Bench) -> None:
    muted, spam, done, told = (
        bench.customer(f"m{n}", at("12:30") + n, conversation=f"c{n}") for n in range(4)
    )
    bench.do(Mute(conversations=(muted,)))
    bench.do(Spam(conversations=(spam,)))
    bench.do(Complete(conversations=(done,)))
    assert claim(bench, at("13:31")) == [("late", told)]


def test_spam_that_was_opened_again_is_spam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench_at(tmp_path, monkeypatch, config=CONFIG + '[[targets]]\nresolution = "1h"\n') as bench:
        n = bench.customer("m1", at("12:30"))
        bench.do(Spam(conversations=(n,)))
        bench.do(Reopen(conversations=(n,)))
        assert bench.row(n).due == at("13:30")
        assert claim(bench, at("13:31")) == []
        bench.do(Spam(conversations=(n,), on=False))
        assert claim(bench, at("13:31")) == [("late", n)]


def test_a_thread_is_told_as_what_it_is_shown_in(bench: Bench) -> None:
    one = bench.customer("m1", at("12:30"), conversation="a")
    other = bench.customer("m2", at("12:31"), conversation="b")
    bench.do(Merge(conversations=(other,), into=one))
    assert claim(bench, at("13:31")) == [("late", one)]


def test_nothing_before_the_account_has_caught_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench_at(tmp_path, monkeypatch, caught_up=False) as bench:
        n = bench.customer("m1", at("12:30"))
        assert claim(bench, at("13:31")) == []
        bench.catch_up()
        assert claim(bench, at("13:32")) == [("late", n)]


def test_what_has_been_late_for_a_day_is_history(bench: Bench) -> None:
    old = bench.customer("m1", at("12:30", day=19) - HOUR, conversation="old")
    new = bench.customer("m2", at("12:30", day=19), conversation="new")
    assert bench.row(old).due == at("12:30", day=19)
    assert claim(bench, at("12:30")) == [("late", new)]


# a reply window


def test_a_window_is_told_of_when_the_view_begins_to_count_it(bench: Bench) -> None:
    bench.can(window_s=24 * 3600)
    only = Notify(on=("window",))
    n = bench.customer("m1", at("12:30"), conversation="c")
    closing = at("12:30") + DAY - HOUR

    def counted(when: Instant) -> int:
        return bench.desk.read(read.counts, when).result().window

    assert ahead(bench, at("12:50"), only) == Ahead(is_quiet=False, is_due=False, again=closing)
    assert (counted(closing - 1), claim(bench, closing - 1, only)) == (0, [])
    assert (counted(closing), claim(bench, closing, only)) == (1, [("window", n)])
    assert claim(bench, closing + 1, only) == []
    bench.customer("m2", closing + 5, conversation="c")  # opens it anew
    assert claim(bench, closing + 10, only) == []
    assert claim(bench, closing + 5 + DAY - HOUR, only) == [("window", n)]
    bench.take(Deleted(at=closing + 20, message="m2"))
    assert claim(bench, closing + 5 + DAY - HOUR + 1, only) == []


def test_no_window_that_has_closed_and_none_of_what_is_answered(bench: Bench) -> None:
    bench.can(window_s=2 * 3600)
    only = Notify(on=("window",))
    n = bench.customer("m1", at("12:30"))
    other = bench.customer("m2", at("12:31"), conversation="other")
    bench.reply(other)
    bench.deliver()
    assert claim(bench, at("14:30"), only) == []
    assert claim(bench, at("14:29"), Notify(on=("new",))) == []
    assert claim(bench, at("14:29"), only) == [("window", n)]


# quiet


@pytest.fixture
def utc() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("utc")
def test_what_became_due_in_the_quiet_is_told_when_that_ends_if_it_still_stands(bench: Bench) -> None:
    stands = bench.customer("m1", at("12:30"), conversation="a")
    done = bench.customer("m2", at("12:31"), conversation="b")
    notify = Notify(quiet="13:00-15:00")
    assert claim(bench, at("13:32"), notify) == []
    assert ahead(bench, at("13:32"), notify) == Ahead(is_quiet=True, is_due=False, again=at("15:00"))
    bench.do(Complete(conversations=(done,)))
    assert claim(bench, at("14:59:59"), notify) == []
    assert claim(bench, at("15:00"), notify) == [("late", stands)]
    assert claim(bench, at("15:01"), notify) == []


def test_nothing_while_the_agent_is_away_and_all_of_it_in_one_when_back(bench: Bench) -> None:
    waiting = [bench.customer(f"m{n}", at("12:30") + n, conversation=f"c{n}") for n in range(3)]
    bench.desk.write(lambda c: away.begin(c, at("13:00"), "weekend")).result()
    assert ahead(bench, at("13:32")) == Ahead(is_quiet=True, is_due=False, again=None)
    assert claim(bench, at("13:32")) == []
    back = at("13:00") + 3 * DAY
    bench.desk.write(lambda c: away.end(c, back)).result()
    assert claim(bench, back) == [("late", n) for n in waiting], "however long the break was"
    assert claim(bench, back + 1) == []


# who tells


def test_two_processes_tell_once_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench_at(tmp_path, monkeypatch) as bench, desk_at(bench.desk.paths) as second:
        waiting = [bench.customer(f"m{n}", at("12:30") + n, conversation=f"c{n}") for n in range(20)]
        found: list[Item] = []
        begin = threading.Barrier(2)

        def tell(desk: Desk) -> None:
            begin.wait()
            for n in range(20):
                when = at("13:30") + n
                found.extend(desk.write(lambda c: deadlines.claim(c, ALL, when)).result())  # noqa: B023 - awaited

        threads = [threading.Thread(target=tell, args=(desk,)) for desk in (bench.desk, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(item.conversation for item in found if item.kind == "late") == waiting


def test_a_sync_tells_what_is_due_at_its_end_where_somebody_rings(bench: Bench) -> None:
    n = bench.customer("m1", at("12:30"))
    bench.clock.at = at("13:30")
    assert bench.sync() == {}
    assert bench.query("SELECT told_late FROM conversation")[0][0] == 0, (
        "a screen's engine leaves it to the screen"
    )
    rung: list[Item] = []
    bench.desk.tell = rung.extend
    bench.sync()
    bench.sync()
    assert rung == [Item("late", n, "Dana Ortiz")]


def test_a_service_tells_what_becomes_due_while_it_runs(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "HEAD_START_S", 0.05)
    rung: list[Item] = []
    heard = threading.Event()

    def tell(items: Sequence[Item]) -> None:
        rung.extend(items)
        heard.set()

    bench.desk.tell = tell
    bench.desk.start()
    assert not heard.wait(0.5), "nothing is due: it sleeps"
    bench.clock.at = at("13:15") - 200
    n = bench.customer("m1", at("12:30"))
    assert not heard.wait(0.7), "that clock stands still, and it looks at it now"
    bench.clock.at = at("13:15")
    assert heard.wait(10)
    assert rung == [Item("soon", n, "Dana Ortiz")]
    heard.clear()
    bench.take(received("m2", at("12:10"), conversation="other"))
    assert heard.wait(10), "a change wakes it"
    assert rung[1:] == [Item("late", bench.conversation_of("m2"), "Dana Ortiz")]
    bench.desk.pause()
