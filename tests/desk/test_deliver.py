"""The way out: in what order, how often, after what pause, and what one account's trouble does to the others."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from tests.desk.bench import ACCOUNT, CONFIG, DANA, LEGAL, Bench, at, bench_at, received, sent
from tests.desk.scripted import HANG, SCRIPTS
from tuidesk.config.secrets import remember
from tuidesk.desk import alarms, deliver, engine, sync
from tuidesk.desk.clock import SystemClock
from tuidesk.desk.deliver import Deliver
from tuidesk.desk.line import Line
from tuidesk.desk.settle import FILE_AFTER
from tuidesk.desk.sync import Sync
from tuidesk.domain.commands import Complete, Note, Reply, Settle, Start, Tag
from tuidesk.domain.events import Progress
from tuidesk.domain.instants import Instant
from tuidesk.domain.outgoing import Found, Missing, Receipt, Unsure
from tuidesk.errors import (
    AuthFailed,
    ChannelError,
    RateLimited,
    Rejected,
    SecretError,
    Unavailable,
    Unconfirmed,
    Unsupported,
)
from tuidesk.wire.channel import Batch

DOWN = Unavailable("down")
BROKE = Unconfirmed("broke")


def letters(bench: Bench) -> list[str]:
    """Texts of the letters that were tried, in order."""
    return [out.text.strip() for out in bench.script.tried if out.type in ("reply", "start")]


def on_line(bench: Bench, work: Callable[[Line], Coroutine[Any, Any, None]]) -> None:
    bench.desk.on_line("shop", work)


def real_time(bench: Bench) -> None:
    """For what sleeps: the machine's own clock."""
    vars(bench.desk)["clock"] = SystemClock()
    bench.clock.at = SystemClock().now()


def until(look: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.01)


@pytest.mark.parametrize("kind", [AuthFailed, Rejected, Unavailable])
def test_a_service_that_quotes_our_secret_does_not_bring_it_into_the_store(
    bench: Bench, kind: type[ChannelError]
) -> None:
    remember("correct-horse-canary")
    bench.script.performs = [kind("no user with the token correct-horse-canary")]
    bench.script.check = AuthFailed("no user with the token correct-horse-canary")
    bench.reply(bench.customer("m1", at("10:00")), "hello")
    bench.deliver()
    on_line(bench, lambda line: asyncio.wait_for(_once(line), 10))
    kept = b"".join(file.read_bytes() for file in bench.desk.paths.store.parent.rglob("*") if file.is_file())
    assert b"no user with the token" in kept
    assert b"correct-horse-canary" not in kept


async def _once(line: Line) -> None:
    await Sync(line).once()


# --- order ------------------------------------------------------------------------------------------


def test_first_in_first_out_in_a_conversation_and_others_go_on(bench: Bench) -> None:
    one = bench.customer("m1", at("10:00"), conversation="c1")
    two = bench.customer("m2", at("10:00"), conversation="c2")
    bench.script.performs = [DOWN]
    for number, text in ((one, "a1"), (one, "a2"), (two, "b1")):
        bench.reply(number, text)
    bench.deliver()
    assert letters(bench) == ["a1", "b1"]
    bench.clock.advance(2)
    bench.deliver()
    assert letters(bench) == ["a1", "b1", "a1", "a2"]


def test_what_is_held_waits_and_holds_up_its_conversation_only(bench: Bench) -> None:
    one = bench.customer("m1", at("10:00"), conversation="c1")
    two = bench.customer("m2", at("10:00"), conversation="c2")
    bench.reply(one, "held", hold=True)
    bench.reply(one, "after it")
    bench.reply(two, "other")
    bench.deliver()
    assert letters(bench) == ["other"]
    bench.clock.advance(10)
    bench.deliver()
    assert letters(bench) == ["other", "held", "after it"]


def test_a_row_of_replies_leaves_at_once(bench: Bench) -> None:
    """No reply waits a second for the one before it to be looked at again."""
    real_time(bench)
    number = bench.customer("m1", bench.clock.at)
    bench.desk.start()
    began = time.monotonic()
    for text in "abcdef":
        bench.reply(number, text)
    until(lambda: letters(bench) == list("abcdef"))
    assert time.monotonic() - began < 2.0


# --- pauses -----------------------------------------------------------------------------------------


def test_an_absent_channel_is_tried_again_after_growing_pauses(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [DOWN] * 9
    key = bench.reply(number)
    for attempt, least in enumerate((1, 2, 4, 8, 16, 32, 60, 60, 60), 1):
        bench.deliver()
        row = bench.work(key)
        pause = (row["not_before"] - bench.clock.now()) / 1000
        assert (row["state"], row["attempt"], row["reason"]) == ("queued", attempt, "down")
        assert least <= pause <= least * 1.5
        bench.clock.advance(pause)
    bench.deliver()
    assert bench.ours(number).state == "sent"


def test_retry_after_is_obeyed_by_the_whole_account(bench: Bench) -> None:
    one = bench.customer("m1", at("10:00"), conversation="c1")
    two = bench.customer("m2", at("10:00"), conversation="c2")
    bench.script.performs = [RateLimited("slow down", 30)]

    async def work(line: Line) -> None:
        delivering = Deliver(line)
        await delivering.drain(0.0)
        assert letters(bench) == ["a"]
        later = bench.desk.do(Reply(conversation=two, text="c"))
        await asyncio.wrap_future(later)
        await asyncio.wrap_future(bench.desk.do(Settle(key=first, how="now")))
        line.nudge()
        for _ in range(29):
            bench.clock.advance(1)
            await delivering.drain(0.0)
        assert letters(bench) == ["a"]
        bench.clock.advance(1)
        await delivering.drain(0.0)
        assert sorted(letters(bench)) == ["a", "a", "b", "c"]

    first = bench.reply(one, "a")
    bench.reply(two, "b")
    on_line(bench, work)


def test_a_clock_that_is_set_back_ends_no_pause_and_makes_none_longer(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [RateLimited("slow down", 30), DOWN]
    key = bench.reply(number)

    async def work(line: Line) -> None:
        delivering = Deliver(line)
        await delivering.drain(0.0)
        bench.clock.at -= 3_600_000
        for _ in range(29):
            bench.clock.advance(1)
            await delivering.drain(0.0)
        assert len(letters(bench)) == 1
        bench.clock.advance(1)
        await delivering.drain(0.0)
        assert len(letters(bench)) == 2, "the second try finds the channel down"
        for _ in range(20):
            await delivering.drain(0.0)
        assert len(letters(bench)) == 2
        bench.clock.advance(3.1)
        await delivering.drain(0.0)
        assert bench.work(key)["state"] == "sent"

    on_line(bench, work)


def test_a_clock_that_is_set_back_lets_nothing_out_that_is_held(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))

    async def work(line: Line) -> None:
        delivering = Deliver(line)
        await delivering.drain(0.0)
        await asyncio.wrap_future(bench.desk.do(Reply(conversation=number, text="a", hold=True)))
        bench.clock.at -= 3_600_000
        await delivering.drain(0.0)
        assert letters(bench) == []
        bench.clock.advance(10)
        await delivering.drain(0.0)
        assert letters(bench) == ["a"]

    on_line(bench, work)


def test_what_was_queued_in_the_future_is_no_storm(bench: Bench) -> None:
    """The clock was set back while no program ran."""
    bench.script.performs = [DOWN] * 9
    key = bench.reply(bench.customer("m1", at("10:00")))
    bench.clock.advance(-3600)
    for _ in range(5):
        bench.deliver()
    assert bench.work(key)["attempt"] == 1


def test_a_limit_without_a_time_doubles(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [RateLimited("slow down")]
    key = bench.reply(number)
    bench.deliver()
    assert 1 <= (bench.work(key)["not_before"] - bench.clock.now()) / 1000 <= 1.5


@pytest.mark.parametrize(
    ("error", "health"), [(AuthFailed("wrong password"), "auth"), (SecretError("no such file"), "config")]
)
def test_a_refused_login_is_tried_once_said_and_waits_for_the_agent(
    bench: Bench, error: Exception, health: str
) -> None:
    for n in range(3):
        bench.reply(bench.customer(f"m{n}", at("10:00"), conversation=f"c{n}"), f"text {n}")
    bench.script.performs = [error]

    async def work(line: Line) -> None:
        delivering = Deliver(line)
        await delivering.drain(0.0)
        bench.clock.advance(240)
        await delivering.drain(0.0)
        assert letters(bench) == ["text 0"]
        await line.health("ok")  # mail still comes in
        said = bench.health()
        assert said == (health, str(error))
        line.nudge()
        await delivering.drain(0.0)
        assert sorted(letters(bench)) == ["text 0", "text 0", "text 1", "text 2"]

    on_line(bench, work)
    assert bench.health() == ("ok", "")
    assert bench.query("SELECT count(*) FROM outbox WHERE state <> 'sent'")[0][0] == 0


# --- outcomes ---------------------------------------------------------------------------------------


def test_a_refused_letter_failed_and_the_conversation_needs_us(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [Rejected("550 no such user")]
    bench.reply(number)
    bench.deliver()
    ours = bench.ours(number)
    assert (ours.state, ours.reason) == ("failed", "550 no such user")
    assert (bench.status(number), bench.row(number).trouble) == ("open", "failed")
    assert bench.open_types() == []


def test_a_refused_state_is_said_and_stays_here(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [Rejected("no such tag")]
    bench.do(Tag(conversations=(number,), add=("vip",)))
    bench.deliver()
    assert bench.row(number).tags == ("vip",)
    assert bench.entries(number)[-1].data == {"work": "tag", "reason": "no such tag"}


def test_what_the_channel_does_not_have_stays_local(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [Unsupported("no notes"), Unsupported("no status")]
    bench.do(Note(conversation=number, text="between us"))
    bench.do(Complete(conversations=(number,)))
    bench.deliver()
    assert (bench.status(number), bench.row(number).trouble, bench.open_types()) == ("complete", "", [])
    assert bench.messages(number)[-1].state == ""


def test_refused_recipients_and_warnings_are_shown(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [Receipt(id="r1", refused=(LEGAL,), warnings=("greylisted",))]
    bench.reply(number, cc=(LEGAL,))
    bench.deliver()
    assert (bench.ours(number).state, bench.ours(number).reason) == ("sent", "greylisted")
    assert [e.data["people"] for e in bench.entries(number) if e.what == "refused"] == [
        [{"name": "Legal", "handle": "legal@ortiz.example"}]
    ]


def test_a_crash_may_have_sent_it_and_the_account_says_so(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [KeyError("status")]
    bench.reply(number)
    bench.deliver()
    assert bench.ours(number).state == "unknown"
    assert "KeyError" in (bench.ours(number).reason or "")
    assert bench.health() == ("crashed", "KeyError")


def test_a_crash_over_a_state_is_tried_again(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [KeyError("status")]
    bench.do(Complete(conversations=(number,)))
    bench.deliver()
    assert bench.open_types() == ["complete"]
    bench.clock.advance(60)
    bench.deliver()
    assert (bench.script.tried_types(), bench.open_types()) == (["complete", "complete"], [])


def test_an_adapter_that_hangs_is_given_up(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [HANG, HANG]
    bench.reply(number)
    other = bench.customer("m2", at("10:00"), conversation="c2")
    bench.do(Tag(conversations=(other,), add=("vip",)))

    async def work(line: Line) -> None:
        await Deliver(line, deadline_s=0.05).drain(0.0)

    on_line(bench, work)
    assert bench.ours(number).state == "unknown"
    assert bench.open_types() == ["reply", "pending", "tag"]


def test_one_account_that_crashes_or_hangs_does_not_stop_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bench_at(tmp_path / "home", monkeypatch, other=ACCOUNT, third=ACCOUNT) as bench:
        numbers = {}
        for account in ("shop", "other", "third"):
            bench.take(received(f"m-{account}", at("10:00")), account=account)
            numbers[account] = bench.conversation_of(f"m-{account}")
            bench.reply(numbers[account])
        SCRIPTS["other"].check = KeyError("x")
        SCRIPTS["other"].performs = [ZeroDivisionError()]
        SCRIPTS["third"].hangs_at_end = True
        began = time.monotonic()
        failed = bench.sync()
        assert time.monotonic() - began < 5
        assert set(failed) == {"other"}
        assert [bench.ours(numbers[a]).state for a in ("shop", "other", "third")] == [
            "sent",
            "unknown",
            "sent",
        ]
        assert bench.health("shop")[0] == bench.health("third")[0] == "ok"
        assert bench.health("other")[0] == "crashed"


def test_a_mistake_of_ours_over_one_account_does_not_stop_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = Deliver._claim

    def failing(self: Deliver, connection: Any) -> Any:
        if self._line.id == "other":
            raise RuntimeError("ours")
        return claim(self, connection)

    monkeypatch.setattr(Deliver, "_claim", failing)
    with bench_at(tmp_path / "home", monkeypatch, other=ACCOUNT) as bench:
        number = bench.customer("m1", at("10:00"))
        bench.reply(number)
        assert bench.sync() == {"other": "ours"}
        assert bench.ours(number).state == "sent"


def test_an_adapter_that_does_not_close_costs_nobody_the_result(bench: Bench) -> None:
    bench.script.hangs_at_end = True

    async def work(line: Line) -> str:
        await line.check()
        return "done"

    assert bench.desk.on_line("shop", work) == "done"


# --- follow-ups -------------------------------------------------------------------------------------


def test_follow_ups_are_work_of_their_own_repeated_until_done_once(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.can(performs=frozenset({"reply"}))
    bench.script.performs = [Receipt(id="r1", follow=("file", "answered")), DOWN, BROKE, KeyError("x")]
    key = bench.reply(number)
    for _ in range(6):
        bench.deliver()
        bench.clock.advance(60)
    assert bench.script.tried_types().count("reply") == 1
    rows = bench.query("SELECT key, state FROM outbox WHERE type <> 'reply' ORDER BY id")
    assert [tuple(row) for row in rows] == [(f"{key}-file", "sent"), (f"{key}-answered", "sent")]
    filed = [out for out in bench.script.tried if out.type == "file"]
    assert {out.sent_id for out in filed} == {"r1"}
    assert len({out.key for out in filed}) == 1
    assert bench.ours(number).state == "sent"


def test_what_follows_a_receipt_holds_up_no_reply(bench: Bench) -> None:
    """The IMAP server is away, the submission server is not."""
    number = bench.customer("m1", at("10:00"))
    bench.can(performs=frozenset({"reply"}))
    bench.script.performs = [Receipt(id="r1", follow=("file",)), DOWN]
    bench.reply(number, "one")
    bench.deliver()
    bench.clock.advance(FILE_AFTER / 1000)
    bench.deliver()
    bench.reply(number, "two")
    bench.deliver()
    assert letters(bench) == ["one", "two"]
    assert bench.open_types() == ["file"]


def test_found_has_its_follow_ups_too(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [BROKE]
    bench.script.finds = [Found("r1", follow=("answered",))]
    bench.reply(number)
    bench.deliver()
    assert "answered" in bench.script.tried_types()


def test_a_follow_up_that_is_refused_is_said(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.can(performs=frozenset({"reply"}))
    bench.script.performs = [Receipt(id="r1", follow=("file",)), Rejected("no such folder")]
    bench.reply(number)
    bench.deliver()
    bench.clock.advance(FILE_AFTER / 1000)
    bench.deliver()
    assert ("not_done", None) in bench.history(number)
    assert (bench.ours(number).state, bench.row(number).trouble) == ("sent", "")


# --- unknown ----------------------------------------------------------------------------------------


def test_while_the_key_is_honoured_the_same_is_said_again(bench: Bench) -> None:
    bench.can(idempotent_s=600)
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [BROKE] * 3
    key = bench.reply(number)
    bench.deliver()
    assert bench.script.tried_types() == ["reply", "reply"]
    assert bench.work(key)["state"] == "unknown"
    bench.clock.advance(10)
    bench.deliver()
    bench.clock.advance(10)
    bench.deliver()
    assert bench.script.tried_types()[:4] == ["reply"] * 4
    assert len({out.key for out in bench.script.tried[:4]}) == 1
    assert (bench.ours(number).state, bench.script.asked) == ("sent", [])


@pytest.mark.parametrize("second", [DOWN, AuthFailed("no"), RateLimited("no", 1), KeyError("x"), HANG])
def test_a_second_try_that_is_not_made_says_nothing_of_the_first(
    bench: Bench, second: Exception | str
) -> None:
    bench.can(idempotent_s=600)
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [BROKE, second]
    key = bench.reply(number)

    async def work(line: Line) -> None:
        await Deliver(line, deadline_s=0.05).drain(0.0)

    on_line(bench, work)
    assert (bench.work(key)["state"], bench.ours(number).state) == ("unknown", "unknown")
    assert len(bench.script.tried) == 2


def test_a_key_is_honoured_from_the_first_try_on(bench: Bench) -> None:
    bench.can(idempotent_s=10 + int(deliver.DEADLINE_S))  # a try may take as long as it may
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [BROKE] * 20
    bench.reply(number)
    for _ in range(8):
        bench.deliver()
        bench.clock.advance(3)
    assert 2 <= len(bench.script.tried) <= 5
    assert len(bench.script.asked) == 1
    assert bench.ours(number).asked


def test_what_cannot_be_asked_after_now_is_asked_after_later(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [BROKE]
    bench.script.finds = [DOWN, KeyError("x"), Found("r1")]
    bench.reply(number)
    for _ in range(4):
        bench.deliver()
        bench.clock.advance(60)
    assert (len(bench.script.asked), bench.ours(number).state) == (3, "sent")


def test_asking_again_needs_no_bell(bench: Bench) -> None:
    """The delivery loop sleeps until it may ask again, not until somebody comes by."""
    real_time(bench)
    number = bench.customer("m1", bench.clock.at)
    bench.script.performs = [BROKE]
    bench.script.finds = [RateLimited("busy", 0.2), Found("r1")]

    async def work(line: Line) -> None:
        task = asyncio.create_task(Deliver(line).run())
        await asyncio.sleep(1.0)
        task.cancel()

    bench.reply(number)
    on_line(bench, work)
    assert bench.ours(number).state == "sent"


def test_missing_again_and_again_is_not_hammered(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [BROKE] * 50
    bench.script.finds = [Missing()] * 50
    bench.reply(number)
    for _ in range(5):
        bench.deliver()
    assert len(bench.script.tried) <= 3


# --- recovery ---------------------------------------------------------------------------------------


def test_what_a_dead_owner_left_is_unknown_or_repeated(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    other = bench.customer("m2", at("10:00"), conversation="c2")
    reply = bench.reply(number)
    bench.do(Complete(conversations=(other,)))
    bench.desk.write(lambda c: c.execute("UPDATE outbox SET state = 'sending', attempt = 1")).result()
    bench.desk.write(lambda c: deliver.recover(c, bench.clock.now())).result()
    assert bench.work(reply)["state"] == "unknown"
    assert bench.query("SELECT state FROM outbox WHERE type = 'complete'")[0][0] == "queued"
    bench.script.finds = [Unsure("no list")]
    bench.deliver()
    assert bench.script.tried_types() == ["complete"]


def test_why_it_is_unknown_is_not_lost_when_the_channel_cannot_tell(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.script.performs = [Unconfirmed("the program ended, exit status 2")]
    bench.script.finds = [Unsure("it keeps no list")]
    bench.reply(number)
    bench.deliver()
    assert bench.ours(number).reason == "the program ended, exit status 2; it keeps no list"


def test_ending_in_the_middle_leaves_it_for_recovery(bench: Bench) -> None:
    real_time(bench)
    number = bench.customer("m1", bench.clock.at)
    bench.script.performs = [HANG]
    bench.desk.start()
    bench.reply(number)
    until(lambda: bench.script.tried_types() == ["reply"])
    bench.desk.pause()
    assert bench.ours(number).state == "sending"
    bench.script.finds = [Found("r1")]
    bench.desk.start()
    until(lambda: bench.ours(number).state == "sent")
    assert bench.script.tried_types().count("reply") == 1


# --- loops ------------------------------------------------------------------------------------------


def test_a_loop_with_nothing_to_do_sleeps(bench: Bench) -> None:
    """Held, blocked, waiting for the agent: nobody looks many times a second."""
    real_time(bench)
    number = bench.customer("m1", bench.clock.at)
    other = bench.customer("m2", bench.clock.at, conversation="c2")
    bench.script.performs = [BROKE]
    bench.reply(number, "unknown")
    bench.reply(number, "blocked by it")
    bench.reply(other, "held", hold=True)
    looked = []

    class Counting(Deliver):
        async def next(self) -> bool:
            looked.append(self)
            return await super().next()

    async def work(line: Line) -> None:
        task = asyncio.create_task(Counting(line).run())
        await asyncio.sleep(1.5)
        task.cancel()

    on_line(bench, work)
    assert letters(bench) == ["unknown"]
    assert len(looked) <= 5


def test_a_one_shot_delivery_waits_for_what_is_held(bench: Bench) -> None:
    real_time(bench)
    number = bench.customer("m1", bench.clock.at)
    key = bench.reply(number)
    later: Instant = SystemClock().now() + 300
    bench.desk.write(
        lambda c: c.execute("UPDATE outbox SET not_before = ? WHERE key = ?", (later, key))
    ).result()
    bench.deliver(give_up_s=None)
    assert bench.ours(number).state == "sent"


@pytest.mark.parametrize("error", [AuthFailed("no"), RateLimited("no", 3600), SecretError("no")])
def test_a_one_shot_delivery_ends_where_nothing_can_leave(bench: Bench, error: Exception) -> None:
    real_time(bench)
    number = bench.customer("m1", bench.clock.at)
    bench.script.performs = [error] * 9
    bench.reply(number)
    began = time.monotonic()
    bench.deliver(give_up_s=None)
    assert time.monotonic() - began < 2
    assert bench.ours(number).state == "queued"


def test_a_one_shot_delivery_is_patient_with_an_absent_server_for_a_while(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "PATIENCE_S", 1.6)
    real_time(bench)
    number = bench.customer("m1", bench.clock.at)
    bench.script.performs = [DOWN] * 9
    bench.reply(number)
    began = time.monotonic()
    bench.deliver(give_up_s=None)
    assert time.monotonic() - began < 5
    assert 2 <= len(bench.script.tried) <= 3


def test_a_mistake_of_ours_does_not_end_a_loop(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "RESTART_S", 0.05)
    real_time(bench)
    failures = [RuntimeError("ours"), RuntimeError("ours again")]
    claim = Deliver._claim
    wake = alarms.wake

    def failing_once(self: Deliver, connection: Any) -> Any:
        if failures:
            raise failures.pop()
        return claim(self, connection)

    woken = []

    def failing_wake(connection: Any, now: Instant) -> int:
        woken.append(now)
        if len(woken) == 1:
            raise RuntimeError("ours")
        return wake(connection, now)

    monkeypatch.setattr(Deliver, "_claim", failing_once)
    monkeypatch.setattr(alarms, "wake", failing_wake)
    number = bench.customer("m1", bench.clock.at)
    bench.desk.start()
    bench.reply(number)
    until(lambda: bench.ours(number).state == "sent")
    until(lambda: len(woken) > 1)


# --- sync -------------------------------------------------------------------------------------------


def run_sync(bench: Bench, times: int) -> list[float]:
    """That many tries of one sync; the pauses after them."""
    pauses: list[float] = []

    async def work(line: Line) -> None:
        syncing = Sync(line)
        pauses.extend([await syncing.once() for _ in range(times)])

    on_line(bench, work)
    return pauses


def test_an_adapter_that_crashes_while_it_reads_backs_off(bench: Bench) -> None:
    batch = Batch(events=(received("m1", at("10:00")),))
    bench.script.batches = [batch, KeyError("x"), batch, ValueError("y"), batch, KeyError("z")]
    pauses = run_sync(bench, 3)
    assert pauses == sorted(pauses)
    assert len(set(pauses)) == 3
    assert bench.health() == ("crashed", "KeyError")
    assert len(bench.rows()) == 1


@pytest.mark.parametrize(
    ("error", "health", "least"),
    [
        (Unavailable("no route"), "offline", 1),
        (RateLimited("slow", 90), "offline", 90),
        (AuthFailed("wrong"), "auth", 300),
        (SecretError("no such file"), "config", 300),
        (TimeoutError(), "offline", 30),
    ],
)
def test_what_an_account_says_when_it_cannot_be_read(
    bench: Bench, error: Exception, health: str, least: float
) -> None:
    bench.script.check = error
    (pause,) = run_sync(bench, 1)
    assert bench.health()[0] == health
    assert pause >= least
    bench.script.check = None
    assert run_sync(bench, 1) == [sync.POLL_S]
    assert bench.health() == ("ok", "")


def test_a_poll_is_made_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync, "POLL_S", 0.02)
    bench.desk.start()
    until(lambda: bench.script.polls >= 3)


def test_trying_now_ends_the_pause(bench: Bench) -> None:
    bench.script.check = AuthFailed("wrong")
    bench.desk.start()
    until(lambda: bench.health()[0] == "auth")
    bench.script.check = None
    bench.desk.nudge()
    until(lambda: bench.health()[0] == "ok")


def test_a_one_shot_sync_does_not_wait_for_a_silent_stream(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "SILENCE_S", 0.1)
    bench.script.batches = [HANG]
    assert set(bench.sync()) == {"shop"}
    assert bench.health()[0] == "offline"


def test_progress_is_shown_until_it_has_caught_up(first_sync: Bench) -> None:
    first_sync.script.batches = [
        Batch(events=(received("m1", at("10:00")),), progress=Progress(1, 2), cursor="1"),
        Batch(
            events=(sent("o1", at("10:05"), reply_to="m1"),),
            progress=Progress(2, 2),
            cursor="2",
            caught_up=True,
        ),
    ]
    assert first_sync.sync() == {}
    state = first_sync.query("SELECT cursor, caught_up, done, total, health FROM account")[0]
    assert tuple(state) == ("2", 1, 2, 2, "ok")
    assert first_sync.rows()[0].status == "pending"


def test_a_start_is_delivered_with_the_hold_of_its_medium(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = CONFIG + "[hold]\nchat = 3\n"
    with bench_at(tmp_path / "home", monkeypatch, config=config) as bench:
        bench.can(media=("chat",))
        done = bench.do(Start(account="shop", medium="chat", to=(DANA,), text="hi", hold=True))
        assert bench.work(done.keys[0])["not_before"] == bench.clock.now() + 3000
