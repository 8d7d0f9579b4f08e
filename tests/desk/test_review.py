"""Where two clocks differ, where a try is doubted, where the channel has its own word: nothing is hidden or doubled."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.bench import ACCOUNT, ANA, DANA, LEGAL, SAM, Bench, at, bench_at, received, sent, status
from tuidesk.desk import importing, settle
from tuidesk.domain.commands import Complete, Reply, Settle, Snooze, Start, Tag, Undo
from tuidesk.domain.model import Person
from tuidesk.domain.outgoing import Missing, Receipt, Unsure
from tuidesk.errors import NotFound, Refused, Rejected, Unavailable, Unconfirmed

BROKE = Unconfirmed("the line broke")


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A desk with a second account."""
    with bench_at(tmp_path / "home", monkeypatch, billing=ACCOUNT.replace("support@", "billing@")) as made:
        yield made


# --- what may have left is not called back ----------------------------------------------------------


def doubted(bench: Bench) -> tuple[int, str]:
    """A letter that may have left, and that the agent has sent again in vain."""
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [BROKE, Unavailable("no route")]
    key = bench.reply(number)
    bench.deliver()
    bench.do(Settle(key=key, how="again"))
    bench.deliver()
    assert bench.work(key)["state"] == "queued"
    return number, key


def test_what_may_have_left_in_an_earlier_try_is_not_called_back(bench: Bench) -> None:
    number, key = doubted(bench)
    with pytest.raises(Refused, match="may have left"):
        bench.do(Undo(door="screen"))
    with pytest.raises(Refused, match="may have left"):
        bench.do(Settle(key=key, how="back"))
    assert (bench.draft(number), bench.work(key)["state"]) == (None, "queued")


def test_a_refusal_after_the_agent_sent_it_again_says_nothing_of_the_first_try(bench: Bench) -> None:
    number, key = doubted(bench)
    bench.script.performs = [Rejected("the conversation is closed")]
    bench.clock.advance(600)
    bench.deliver()
    work = bench.work(key)
    assert (work["state"], work["asked"], bench.ours(number).state) == ("unknown", 1, "unknown")


def test_what_the_channel_knows_did_not_arrive_can_be_called_back(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs, bench.script.finds = [BROKE, Unavailable("no route")], [Missing()]
    key = bench.reply(number)
    bench.deliver()
    assert bench.work(key)["state"] == "queued"
    bench.do(Settle(key=key, how="back"))
    assert bench.draft(number) == "It leaves today."


# --- two clocks -------------------------------------------------------------------------------------


def answered_by_a_fast_clock(bench: Bench) -> int:
    """Our clock is three minutes ahead of the channel's; the customer wrote again just after our answer."""
    number = bench.customer("m1", at("10:00"))
    bench.clock.at = at("10:13")
    bench.reply(number, "It leaves today.")
    bench.deliver()
    bench.take(received("m2", at("10:11"), "WAIT - cancel it!", reply_to="m1"))
    return number


def test_a_fast_clock_hides_no_customers_message(bench: Bench) -> None:
    number = answered_by_a_fast_clock(bench)
    row = bench.row(number)
    newest = bench.messages(number)[-2]
    assert (row.status, row.unread, row.snippet, row.waiting_since) == (
        "open",
        1,
        "WAIT - cancel it!",
        at("10:11"),
    )
    assert (row.last_message, newest.text) == (newest.n, "WAIT - cancel it!")


def test_a_fast_clock_lets_no_blind_reply_out(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.clock.at = at("10:13")
    bench.reply(number, "It leaves today.")
    bench.deliver()
    seen = bench.row(number).last_message
    key = bench.reply(number, "And by courier.", last_seen=seen, hold=True)
    bench.take(received("m2", at("10:11"), "WAIT - cancel it!", reply_to="m1"))
    bench.clock.advance(60)
    bench.deliver()
    assert (bench.work(key)["state"], bench.script.tried_types().count("reply")) == ("failed", 1)
    with pytest.raises(Refused):
        bench.do(Reply(conversation=number, text="blind", if_last=seen))


def test_who_answers_what_we_began_with_a_fast_clock_waits(bench: Bench) -> None:
    bench.clock.at = at("10:13")
    bench.script.performs = [Receipt(id="s1")]
    bench.do(Start(account="shop", to=(DANA,), text="Your lamp is here.", subject="Lamp"))
    bench.deliver()
    bench.take(received("m1", at("10:11"), "Keep it for me", reply_to="s1"))
    (row,) = bench.rows()
    assert (row.status, row.unread, row.waiting_since) == ("open", 1, at("10:11"))
    assert row.snippet == "Keep it for me"


def test_the_last_word_is_ours_where_it_was_written_after_the_customers(bench: Bench) -> None:
    """And our clock is slow: ours has the stamp of the message it answers."""
    number = bench.customer("m1", at("10:00"))
    bench.take(sent("o1", at("10:02"), "Sam here", reply_to="m1"))
    bench.clock.at = at("09:55")
    bench.reply(number, "Ana here")
    row = bench.row(number)
    assert (row.snippet, row.unread, row.last_message) == (
        "Ana here",
        0,
        max(message.n for message in bench.messages(number)),
    )


def test_a_first_sync_takes_the_newest_first(first_sync: Bench) -> None:
    first_sync.take(sent("o2", at("10:40"), "Done", refs=("m1", "m3")))
    first_sync.take(received("m3", at("10:30"), "and now?", refs=("m1",)))
    first_sync.take(received("m1", at("10:00"), "hello"))
    (row,) = first_sync.rows()
    assert (row.snippet, row.status, row.unread, row.waiting_since) == ("Done", "pending", 0, None)


# --- who was refused --------------------------------------------------------------------------------


def test_a_customer_who_was_refused_still_waits_though_a_copy_went_out(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [Receipt(id="r1", refused=(DANA,), warnings=("550 no such user",))]
    bench.reply(number, to=(DANA,), cc=(LEGAL,))
    bench.do(Complete(conversations=(number,)))
    bench.deliver()
    row = bench.row(number)
    assert (row.status, row.trouble, row.waiting_since) == ("open", "failed", at("10:00"))
    ours = bench.ours(number)
    assert ours.state == "failed"
    assert "dana@ortiz.example" in (ours.reason or "")
    assert "550 no such user" in (ours.reason or "")
    assert ("reopened", "refused") in bench.history(number)
    assert "complete" not in bench.script.tried_types()


def test_a_copy_that_was_refused_makes_nobody_wait(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [Receipt(id="r1", refused=(LEGAL,), warnings=("550 no such user",))]
    bench.reply(number, to=(DANA,), cc=(LEGAL,))
    bench.deliver()
    row = bench.row(number)
    assert (row.status, row.trouble, row.waiting_since) == ("pending", "", None)
    assert ("refused", None) in bench.history(number)


# --- whose key --------------------------------------------------------------------------------------


def test_a_key_is_believed_in_its_own_account_alone(two: Bench) -> None:
    number = two.customer("m1", at("10:00"))
    two.script.performs = [BROKE]
    key = two.reply(number, cc=(Person("", "billing@acme.example"),))
    two.deliver()
    two.take(sent("b1", at("10:05"), key=key, to=(DANA,)), account="billing")
    assert two.work(key)["state"] == "unknown"
    assert two.conversation_of("b1") != number
    two.take(sent("s1", at("10:05"), key=key, to=(DANA,)))
    assert (two.work(key)["state"], two.conversation_of("s1")) == ("sent", number)


def test_a_file_settles_nothing(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    key = bench.reply(number, hold=True)
    line = (
        '{"type": "sent", "id": "zz", "at": "2026-11-20T10:05:00Z", "medium": "mail", "text": "x", '
        f'"from": {{"handle": "ana@acme.example", "me": true}}, "key": "{key}"}}\n'
    )
    importing.take_in(
        bench.desk,
        [line.encode()],
        account="shop",
        report=lambda _, why: pytest.fail(why),
        progress=lambda _: None,
    )
    assert (bench.work(key)["state"], len(bench.messages(number))) == ("queued", 2)
    bench.clock.advance(60)
    bench.deliver()
    assert bench.script.tried_types()[0] == "reply"


# --- filing waits -----------------------------------------------------------------------------------


def test_the_copy_is_filed_a_little_later(bench: Bench) -> None:
    """Some servers file what they submit by themselves, a moment later."""
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [Receipt(id="r1", follow=("file", "answered"))]
    bench.reply(number)
    bench.deliver()
    assert "file" not in bench.script.tried_types()
    assert "answered" in bench.script.tried_types()
    bench.clock.advance(settle.FILE_AFTER / 1000)
    bench.deliver()
    assert bench.script.tried_types().count("file") == 1


# --- the channel shows our words --------------------------------------------------------------------


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_the_channel_shows_is_said_of_what_is_unknown(bench: Bench, when: str) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    seen = sent("o77", at("10:05"), "It leaves  today.", conversation="c1", sender=ANA)

    def told_while_it_leaves(_: object) -> Receipt:
        bench.take(seen)
        raise BROKE

    bench.script.performs = [told_while_it_leaves if when == "before" else BROKE]
    bench.script.finds = [Unsure("it keeps no list")]
    key = bench.reply(number)
    bench.deliver()
    if when == "after":
        bench.take(seen)
    for reason in (bench.ours(number).reason, bench.work(key)["reason"]):
        assert reason is not None
        assert "shows these words" in reason
        assert "2026-11-20T10:05:00Z" in reason
        assert "it keeps no list" in reason
    bench.do(Settle(key=key, how="sent"))
    assert (len(bench.messages(number)), bench.conversation_of("o77")) == (2, number)
    assert bench.ours(number).reason is None


# --- the journal ------------------------------------------------------------------------------------


def test_what_was_taken_back_from_the_strip_is_not_taken_back_again(bench: Bench) -> None:
    first = bench.customer("m1", at("10:00"))
    bench.do(Tag(conversations=(first,), add=("refund",)))
    started = bench.do(Start(account="shop", to=(DANA,), text="Hello", subject="Offer", hold=True))
    second = started.conversations[0]
    bench.do(Tag(conversations=(first, second), add=("vip",)))
    bench.do(Settle(key=started.keys[0], how="back"))
    with pytest.raises(NotFound):
        bench.thread(second)
    bench.do(Undo(door="screen"))
    assert bench.row(first).tags == ("refund",)
    bench.do(Undo(door="screen"))
    assert bench.row(first).tags == ()
    with pytest.raises(Refused):
        bench.do(Undo(door="screen"))


def test_a_reply_taken_back_from_the_strip_is_done_with(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(Tag(conversations=(number,), add=("refund",)))
    key = bench.reply(number, hold=True)
    bench.do(Settle(key=key, how="back"))
    bench.do(Undo(door="screen"))
    assert bench.row(number).tags == ()


# --- a state that the channel refuses ---------------------------------------------------------------


def test_a_refused_state_hides_nothing(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.script.performs = [Rejected("only Sam may close this")]
    bench.do(Complete(conversations=(number,)))
    bench.deliver()
    assert (bench.status(number), bench.wait(number)) == ("open", at("10:00"))
    assert ("reopened", "not_done") in bench.history(number)


@pytest.mark.parametrize("word", ["open", "snoozed"])
def test_where_ours_is_refused_the_channels_word_holds(bench: Bench, word: str) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.do(Complete(conversations=(number,)))
    until = at("18:00") if word == "snoozed" else None
    bench.take(status("pending", at("10:05"), conversation="c1", id="e0", by=SAM))
    bench.take(status(word, at("10:06"), conversation="c1", id="e1", by=SAM, until=until, until_reply=False))
    assert bench.status(number) == "complete"
    bench.script.performs = [Rejected("only Sam may close this")]
    bench.deliver()
    row = bench.row(number)
    assert (row.status, row.snoozed_until, row.snooze_firm) == (word, until, word == "snoozed")
    assert row.waiting_since == at("10:00")


def test_a_refused_state_does_not_disturb_a_later_one(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.script.performs = [Rejected("no")]
    bench.do(Complete(conversations=(number,)))
    bench.do(Snooze(conversations=(number,), until=at("18:00"), firm=True))
    bench.deliver()
    assert bench.status(number) == "snoozed"


def test_an_overtaken_complete_does_not_break_a_firm_snooze(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.do(Complete(conversations=(number,)))
    bench.do(Snooze(conversations=(number,), until=at("18:00"), firm=True))
    bench.take(received("m2", at("10:06"), conversation="c1"))
    bench.deliver()
    assert bench.status(number) == "snoozed"
    assert bench.script.tried_types() == ["snooze"]
