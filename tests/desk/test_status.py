"""What each event and command does to a conversation's status, through the store."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desk.bench import CONFIG, DANA, SAM, Bench, at, bench_at, received, sent, status
from tuidesk.desk import alarms, read
from tuidesk.domain.commands import Assign, Command, Complete, Pending, Reopen, Settle, Snooze, Tag
from tuidesk.domain.events import ChannelEvent, Delivered, Tagged
from tuidesk.domain.model import Person
from tuidesk.domain.outgoing import Found, Missing, Receipt
from tuidesk.errors import Rejected, Unavailable, Unconfirmed

FROM: dict[str, Callable[[int], Command]] = {
    "pending": lambda n: Pending(conversations=(n,)),
    "snoozed": lambda n: Snooze(conversations=(n,), until=at("18:00")),
    "complete": lambda n: Complete(conversations=(n,)),
}


# --- the customer, colleagues, machines -------------------------------------------------------------


@pytest.mark.parametrize("was", FROM)
def test_a_persons_message_opens_it_and_the_history_says_why(bench: Bench, was: str) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(FROM[was](number))
    bench.take(received("m2", at("12:55"), reply_to="m1"))
    row = bench.row(number)
    assert (row.status, row.pending_for, row.snoozed_until) == ("open", None, None)
    reopened = bench.entries(number)[-1]
    assert (reopened.what, reopened.data["why"], reopened.data["was"]) == ("reopened", "customer", was)


def test_a_firm_snooze_holds_until_its_time(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(Snooze(conversations=(number,), until=at("14:00"), firm=True))
    bench.take(received("m2", at("13:00"), reply_to="m1"))
    assert bench.status(number) == "snoozed"
    assert bench.row(number).unread == 2
    bench.clock.at = at("14:00")
    assert bench.status(number) == "open"
    bench.take(received("m3", at("14:01"), reply_to="m1"))
    bench.desk.write(lambda c: alarms.wake(c, bench.clock.now())).result()
    assert bench.status(number) == "open"


@pytest.mark.parametrize("was", FROM)
@pytest.mark.parametrize("kind", ["auto", "bounce", "reaction", "unreadable"])
def test_machines_and_reactions_move_nothing(bench: Bench, was: str, kind: str) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(FROM[was](number))
    wait = bench.wait(number)
    bench.take(received("a1", at("12:55"), "out of office", kind=kind, reply_to="m1"))
    assert (bench.status(number), bench.wait(number)) == (was, wait)
    assert len(bench.messages(number)) == 2


def test_who_writes_automatically_is_no_person(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(Complete(conversations=(number,)))
    robot = Person("Shop", "noreply@x.example", kind="auto")
    bench.take(received("a1", at("12:55"), sender=robot, reply_to="m1"))
    assert (bench.status(number), bench.messages(number)[-1].kind) == ("complete", "auto")


@pytest.mark.parametrize("after_reply", ["pending", "open", "complete"])
@pytest.mark.parametrize("whose", ["ours", "a colleague's"])
def test_a_reply_moves_it_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after_reply: str, whose: str
) -> None:
    config = f'after_reply = "{after_reply}"\n{CONFIG}'
    with bench_at(tmp_path / "home", monkeypatch, config=config) as bench:
        number = bench.customer("m1", at("10:00"))
        if whose == "ours":
            bench.reply(number)
            bench.deliver()
            told = {"pending": ["pending"], "complete": ["complete"], "open": []}[after_reply]
            assert bench.script.tried_types() == ["reply", *told]
        else:
            bench.take(sent("o1", at("10:05"), reply_to="m1"))
        assert (bench.status(number), bench.wait(number)) == (after_reply, None)
        what = {"pending": ["pending"], "complete": ["completed"], "open": []}[after_reply]
        assert [entry.what for entry in bench.entries(number)] == what


@pytest.mark.parametrize("was", FROM)
def test_a_colleagues_answer_moves_nothing_that_is_not_open(bench: Bench, was: str) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(FROM[was](number))
    bench.take(sent("o1", at("12:55"), reply_to="m1"))
    assert bench.status(number) == was


def test_a_colleagues_answer_to_what_came_before_leaves_it_open(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.take(received("m2", at("10:10"), reply_to="m1"), sent("o1", at("10:05"), reply_to="m1"))
    assert (bench.status(number), bench.wait(number)) == ("open", at("10:10"))


def test_an_older_message_that_comes_late_moves_nothing(bench: Bench) -> None:
    number = bench.customer("m2", at("10:10"))
    bench.do(Complete(conversations=(number,)))
    bench.take(received("m1", at("10:00"), refs=("m2",)))
    assert bench.status(number) == "complete"


def test_our_auto_answers_move_nothing(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.take(sent("o1", at("10:01"), "we are closed", kind="auto", reply_to="m1"))
    assert (bench.status(number), bench.wait(number)) == ("open", at("10:00"))


# --- the first sync ---------------------------------------------------------------------------------

OLD = at("10:00", 1) - 86_400_000 * 20


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([received("m1", at("10:00"))], "open"),
        ([received("m1", at("10:00")), sent("o1", at("10:05"), reply_to="m1")], "pending"),
        ([sent("o1", at("10:05"), refs=("m1",)), received("m1", at("10:00"))], "pending"),
        ([received("m1", OLD)], "complete"),
        ([received("m1", at("10:00"), in_inbox=False)], "complete"),
        (
            [
                received("m1", at("10:00")),
                sent("o1", at("10:05"), reply_to="m1"),
                received("a1", at("10:06"), "vacation", kind="auto", reply_to="o1"),
            ],
            "pending",
        ),
        (
            [
                sent("o1", at("10:05"), refs=("m1",)),
                Delivered(at=at("10:06"), message="o1", state="failed", reason="unknown user"),
                received("m1", at("10:00")),
            ],
            "open",
        ),
        ([received("m1", at("10:00")), status("complete", at("10:01"), refs=("m1",))], "complete"),
        (
            [
                received("m2", at("10:02"), refs=("m1",)),
                received("m1", at("10:00")),
                status("complete", at("10:01"), refs=("m1",)),
            ],
            "open",
        ),
    ],
)
def test_what_a_first_sync_finds(first_sync: Bench, events: list[ChannelEvent], expected: str) -> None:
    first_sync.take(*events)
    (row,) = first_sync.rows()
    assert row.status == expected
    first_sync.catch_up()
    assert first_sync.status(row.n) == expected


def test_the_rules_of_the_first_sync_end_with_it(first_sync: Bench) -> None:
    first_sync.take(received("m1", OLD))
    first_sync.catch_up()
    (row,) = first_sync.rows()
    first_sync.do(Reopen(conversations=(row.n,)))
    first_sync.take(Tagged(at=at("12:51"), conversation="none", add=("x",)))
    first_sync.do(Tag(conversations=(row.n,), add=("vip",)))
    assert first_sync.status(row.n) == "open"


def test_what_an_agent_does_during_the_first_sync_stands(first_sync: Bench) -> None:
    first_sync.take(received("m2", at("10:00"), refs=("m1",)))
    (row,) = first_sync.rows()
    first_sync.do(Complete(conversations=(row.n,)))
    first_sync.take(received("m1", at("09:00")))
    assert first_sync.status(row.n) == "complete"
    first_sync.take(received("m3", at("12:55"), reply_to="m1"))
    assert first_sync.status(row.n) == "open"


def test_what_the_first_sync_found_complete_begins_a_new_wait(first_sync: Bench) -> None:
    first_sync.take(received("m1", OLD))
    first_sync.catch_up()
    first_sync.take(received("m2", at("12:55"), reply_to="m1"))
    (row,) = first_sync.rows()
    assert (row.status, row.waiting_since) == ("open", at("12:55"))


# --- the channel's word -----------------------------------------------------------------------------


def test_a_status_by_messages_holds_only_if_it_names_the_newest(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), ids=("imap:1",))
    bench.take(received("m2", at("10:10"), reply_to="m1", ids=("imap:2",)))
    bench.take(status("complete", at("10:11"), refs=("imap:1",)))
    assert bench.status(number) == "open"
    bench.take(status("complete", at("10:12"), refs=("imap:1", "imap:2")))
    assert bench.status(number) == "complete"


@pytest.mark.parametrize("word", ["open", "pending", "snoozed", "complete"])
def test_the_servers_word_wins_once_ours_is_settled(bench: Bench, word: str) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.do(Pending(conversations=(number,), pending_for="billing"))
    bench.deliver()
    bench.take(status(word, at("12:51"), conversation="c1", until=at("18:00") if word == "snoozed" else None))
    row = bench.row(number)
    assert (row.status, row.pending_for) == (word, None)
    assert row.snoozed_until == (at("18:00") if word == "snoozed" else None)


@pytest.mark.parametrize("word", ["pending", "complete"])
def test_while_ours_is_unsettled_the_servers_word_is_history(bench: Bench, word: str) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.do(Complete(conversations=(number,)))
    bench.deliver()
    bench.script.performs = [Unavailable("down")]
    bench.do(Reopen(conversations=(number,)))
    bench.deliver()
    bench.take(status(word, at("12:51"), conversation="c1", by=SAM))
    assert (bench.status(number), bench.wait(number)) == ("open", None)
    told = [entry for entry in bench.entries(number) if entry.data.get("why") == "channel"]
    assert [entry.undone for entry in told] == [True]
    bench.clock.advance(60)
    bench.deliver()
    bench.take(status(word, at("12:55"), conversation="c1", by=SAM))
    assert bench.status(number) == word


def test_a_word_that_does_not_hold_does_not_end_the_wait(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.do(Pending(conversations=(number,)))
    bench.do(Reopen(conversations=(number,)))
    bench.take(status("complete", at("12:51"), conversation="c1"))
    assert (bench.status(number), bench.wait(number)) == ("open", at("10:00"))


# --- late failures ----------------------------------------------------------------------------------


def test_what_came_back_before_we_looked_is_open_and_dealt_with_by_the_next_answer(first_sync: Bench) -> None:
    first_sync.take(received("m1", at("10:00")), sent("o1", at("10:05"), reply_to="m1"))
    first_sync.take(
        received("b1", at("10:06"), "no such user", kind="bounce", refs=("o1",)),
        Delivered(at=at("10:06"), message="o1", state="failed", reason="no such user"),
    )
    number = first_sync.conversation_of("m1")
    assert (first_sync.status(number), first_sync.row(number).trouble) == ("open", "failed")
    assert [row.n for row in first_sync.desk.read(read.page, "check", at("12:50"), 9).result()] == [number]
    first_sync.catch_up()
    first_sync.reply(number)
    first_sync.deliver()
    assert (first_sync.status(number), first_sync.row(number).trouble) == ("pending", "")


@pytest.mark.parametrize("meanwhile", ["pending", "complete"])
def test_a_bounce_reopens_and_the_wait_is_back(bench: Bench, meanwhile: str) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [Receipt(id="<ours@acme>")]
    bench.reply(number)
    bench.deliver()
    if meanwhile == "complete":
        bench.do(Complete(conversations=(number,)))
        bench.deliver()
    assert (bench.status(number), bench.wait(number)) == (meanwhile, None)
    bounce = received("b1", at("12:55"), "no such user", kind="bounce", refs=("<ours@acme>",))
    failed = Delivered(at=at("12:55"), message="<ours@acme>", state="failed", reason="no such user")
    bench.take(bounce, failed)
    ours = bench.ours(number)
    assert (ours.state, ours.reason) == ("failed", "no such user")
    assert (bench.status(number), bench.wait(number)) == ("open", at("10:00"))
    assert bench.row(number).trouble == "failed"
    assert [m.about for m in bench.messages(number) if m.kind == "bounce"] == [ours.n]
    bench.take(Delivered(at=at("12:56"), message="<ours@acme>", state="failed", reason="again"))
    bench.do(Complete(conversations=(number,)))
    assert bench.row(number).trouble == ""
    bench.do(Reopen(conversations=(number,)))
    assert [what for what, why in bench.history(number) if why == "failed"] == ["reopened"]


@pytest.mark.parametrize("report_first", [True, False])
def test_a_bounce_without_a_report_reopens_too(bench: Bench, report_first: bool) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [Receipt(id="<ours@acme>")]
    bench.reply(number)
    bench.do(Complete(conversations=(number,)))
    bench.deliver()
    bounce = received("b1", at("12:55"), "no such user", kind="bounce", refs=("m1", "<ours@acme>"))
    report = Delivered(at=at("12:55"), message="<ours@acme>", state="failed", reason="no such user")
    bench.take(report if report_first else bounce)
    assert (bench.ours(number).state, bench.status(number)) == ("failed", "open")
    assert bench.wait(number) == at("10:00")
    bench.take(bounce if report_first else report)
    assert bench.ours(number).reason == "no such user"
    assert bench.history(number) == [("pending", "reply"), ("reopened", "failed")]


def test_what_bounced_is_dealt_with_by_another_reply(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [Receipt(id="<ours@acme>")]
    bench.reply(number)
    bench.deliver()
    bench.take(Delivered(at=at("12:55"), message="<ours@acme>", state="failed"))
    bench.clock.advance(600)
    bench.reply(number, "by another way", to=(DANA,))
    bench.deliver()
    assert (bench.row(number).trouble, bench.wait(number)) == ("", None)


def test_a_bounce_of_what_was_unknown_says_what_became_of_it(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [Unconfirmed("broke")]
    key = bench.reply(number)
    bench.deliver()
    ours = bench.ours(number).n
    bench.desk.write(
        lambda c: c.execute(
            "INSERT INTO remote_id (account, id, message) VALUES ('shop', '<ours@acme>', ?)", (ours,)
        )
    ).result()
    bench.take(Delivered(at=at("12:55"), message="<ours@acme>", state="failed", reason="no such user"))
    assert (bench.work(key)["state"], bench.ours(number).state) == ("failed", "failed")


# --- complete and its reply -------------------------------------------------------------------------


def reply_and_complete(bench: Bench, *answers: Receipt | Exception | str) -> tuple[int, str]:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = list(answers)
    key = bench.reply(number)
    bench.do(Complete(conversations=(number,)))
    bench.deliver()
    return number, key


def test_a_complete_goes_after_its_reply(bench: Bench) -> None:
    number, _ = reply_and_complete(bench)
    assert bench.script.tried_types() == ["reply", "pending", "complete"]
    assert (bench.status(number), bench.wait(number)) == ("complete", None)


def test_a_complete_falls_with_its_reply(bench: Bench) -> None:
    number, _ = reply_and_complete(bench, Rejected("too long"))
    assert bench.script.tried_types() == ["reply"]
    assert (bench.status(number), bench.wait(number)) == ("open", at("10:00"))
    assert bench.open_types() == []


def test_a_complete_that_is_still_queued_falls_with_a_reply_that_comes_back(bench: Bench) -> None:
    number, _ = reply_and_complete(bench, Receipt(id="r1"), Receipt(), Unavailable("down"))
    assert bench.open_types() == ["complete"]
    bench.take(Delivered(at=bench.clock.now(), message="r1", state="failed", reason="no such mailbox"))
    bench.clock.advance(60)
    bench.deliver()
    assert bench.script.tried_types() == ["reply", "pending", "complete"], "tried once, and not again"
    assert (bench.status(number), bench.open_types()) == ("open", [])


def test_while_a_reply_is_unknown_its_complete_is_not_done(bench: Bench) -> None:
    number, _ = reply_and_complete(bench, Unconfirmed("the line broke"))
    assert bench.script.tried_types() == ["reply"]
    assert bench.status(number) == "open"
    assert bench.open_types() == ["reply", "pending", "complete"]


@pytest.mark.parametrize("how", ["agent", "found", "echo"])
def test_when_it_turns_out_to_have_left_it_is_complete(bench: Bench, how: str) -> None:
    number, key = reply_and_complete(bench, Unconfirmed("the line broke"))
    match how:
        case "agent":
            bench.do(Settle(key=key, how="sent"))
        case "found":
            bench.script.finds = [Found("<ours@acme>")]
            bench.do(Settle(key=key, how="check"))
        case _:
            bench.take(sent("e1", at("12:51"), key=key))
    bench.deliver()
    assert bench.script.tried_types() == ["reply", "pending", "complete"]
    assert (bench.status(number), bench.wait(number)) == ("complete", None)
    assert [what for what, _ in bench.history(number)][-1] == "completed"


def test_when_somebody_moved_it_meanwhile_it_is_left_as_it_is(bench: Bench) -> None:
    number, key = reply_and_complete(bench, Unconfirmed("the line broke"))
    bench.do(Snooze(conversations=(number,), until=at("18:00")))
    bench.do(Settle(key=key, how="sent"))
    assert bench.status(number) == "snoozed"


def test_when_the_customer_wrote_meanwhile_it_stays_open(bench: Bench) -> None:
    number, key = reply_and_complete(bench, Unconfirmed("the line broke"))
    bench.take(received("m2", at("12:55"), reply_to="m1"))
    bench.do(Settle(key=key, how="sent"))
    assert bench.status(number) == "open"
    bench.deliver()
    assert (bench.status(number), bench.wait(number)) == ("open", at("12:55"))
    assert bench.script.tried_types() == ["reply"]


def test_after_reply_complete_is_such_a_complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench_at(tmp_path / "home", monkeypatch, config='after_reply = "complete"\n' + CONFIG) as bench:
        number = bench.customer("m1", at("10:00"))
        bench.script.performs = [Unconfirmed("broke")]
        bench.script.finds = [Missing()]
        bench.reply(number)
        bench.deliver()
        assert bench.script.tried_types() == ["reply", "reply", "complete"]
        assert bench.status(number) == "complete"


# --- overtaken --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        lambda n: Complete(conversations=(n,)),
        lambda n: Pending(conversations=(n,)),
        lambda n: Snooze(conversations=(n,), until=at("18:00")),
    ],
)
def test_what_would_hide_a_newer_message_is_dropped_and_said_so(
    bench: Bench, command: Callable[[int], Command]
) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(command(number))
    bench.take(received("m2", at("12:55"), reply_to="m1"))
    bench.deliver()
    assert bench.script.tried == []
    assert bench.status(number) == "open"
    assert ("dropped", "the customer wrote again") in bench.history(number)


def test_a_complete_of_what_no_customer_had_written_in_yet(bench: Bench) -> None:
    bench.take(sent("o1", at("10:00")))
    number = bench.conversation_of("o1")
    bench.do(Complete(conversations=(number,)))
    bench.take(received("m1", at("12:55"), reply_to="o1"))
    bench.deliver()
    assert (bench.script.tried, bench.status(number)) == ([], "open")


def test_a_firm_snooze_is_told_whoever_writes(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(Snooze(conversations=(number,), until=at("18:00"), firm=True))
    bench.take(received("m2", at("12:55"), reply_to="m1"))
    bench.deliver()
    (out,) = bench.script.tried
    assert (out.type, out.until, out.until_reply) == ("snooze", at("18:00"), False)


def test_an_older_message_of_a_first_sync_overtakes_nothing(first_sync: Bench) -> None:
    first_sync.take(received("m2", at("10:10"), refs=("m1",)))
    (row,) = first_sync.rows()
    first_sync.do(Complete(conversations=(row.n,), seen=((row.n, row.last_in),)))
    first_sync.take(received("m1", at("10:00")))
    first_sync.deliver()
    (out,) = first_sync.script.tried
    assert (out.type, out.seen) == ("complete", "m2")


# --- told to channels that know less ----------------------------------------------------------------


def test_a_channel_of_two_statuses_hears_open_for_what_is_not_complete_any_more(bench: Bench) -> None:
    bench.can(performs=frozenset({"reply", "complete", "reopen"}))
    number = bench.customer("m1", at("10:00"))
    bench.do(Complete(conversations=(number,)))
    bench.deliver()
    bench.reply(number)
    bench.deliver()
    assert bench.script.tried_types() == ["complete", "reply", "reopen"]
    assert bench.status(number) == "pending"


def test_what_the_channel_cannot_stays_here(bench: Bench) -> None:
    bench.can(performs=frozenset({"reply"}))
    number = bench.customer("m1", at("10:00"))
    for command in (
        Complete(conversations=(number,)),
        Pending(conversations=(number,)),
        Assign(conversations=(number,), to=SAM),
        Tag(conversations=(number,), add=("vip",)),
    ):
        assert bench.do(command).keys == ()
    bench.deliver()
    assert (bench.script.tried, bench.status(number)) == ([], "pending")
