"""The wait of a customer, through the store: what begins it, what ends it, and whose clock counts."""

from pathlib import Path

import pytest

from tests.desk.bench import ANA, Bench, at, bench_at, received, sent, status
from tuidesk.desk import read
from tuidesk.domain.commands import Complete, Note, Pending, Reopen, Settle, Snooze, Undo
from tuidesk.domain.events import Deleted, Edited
from tuidesk.domain.model import Person
from tuidesk.domain.outgoing import Missing, Receipt
from tuidesk.errors import Rejected, Unconfirmed


def replied(bench: Bench, clock: str, *answers: Receipt | Exception | str, number: int | None = None) -> str:
    """A reply at that time of our clock, tried once."""
    bench.clock.at = at(clock)
    bench.script.performs = list(answers)
    key = bench.reply(number if number is not None else bench.conversation_of("m1"))
    bench.deliver()
    return key


def test_later_messages_do_not_move_it(bench: Bench) -> None:  # 3
    number = bench.customer("m1", at("10:00"))
    bench.take(received("m2", at("10:02"), reply_to="m1"), received("m3", at("10:05"), reply_to="m1"))
    assert bench.wait(number) == at("10:00")
    replied(bench, "10:06")
    assert bench.wait(number) is None


def test_notes_and_machines_do_not_stop_it(bench: Bench) -> None:  # 4
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.do(Note(conversation=number, text="who knows?"))
    bench.take(sent("o1", at("10:02"), "we are closed", kind="auto", conversation="c1"))
    bench.take(sent("o2", at("10:03"), sender=Person("Rule", "r", kind="auto"), conversation="c1"))
    assert bench.wait(number) == at("10:00")


def test_a_bots_answer_clears_it(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.take(sent("o1", at("10:01"), sender=Person("Bot", "bot", kind="bot"), conversation="c1"))
    assert bench.wait(number) is None


def test_complete_ends_it_and_the_next_message_begins_another(bench: Bench) -> None:  # 6, 7
    number = bench.customer("m1", at("10:00"))
    bench.clock.at = at("10:03")
    bench.do(Complete(conversations=(number,)))
    assert bench.wait(number) is None
    bench.take(received("m2", at("12:00"), reply_to="m1"))
    assert bench.wait(number) == at("12:00")
    replied(bench, "12:04")
    assert bench.wait(number) is None


def test_snooze_and_pending_do_not_stop_it(bench: Bench) -> None:  # 15
    number = bench.customer("m1", at("10:00"))
    bench.do(Snooze(conversations=(number,), until=at("18:00")))
    assert bench.wait(number) == at("10:00")
    bench.do(Pending(conversations=(number,)))
    assert bench.wait(number) == at("10:00")


def test_a_snooze_after_the_answer_begins_none(bench: Bench) -> None:  # 11
    number = bench.customer("m1", at("10:00"))
    replied(bench, "10:05")
    bench.do(Snooze(conversations=(number,), until=at("10:00", 21)))
    bench.clock.at = at("10:00", 21)
    assert (bench.status(number), bench.wait(number)) == ("open", None)


def test_where_the_agent_began(bench: Bench) -> None:  # 13
    bench.take(sent("o1", at("09:00"), sender=ANA))
    bench.take(received("m1", at("09:30"), reply_to="o1"))
    assert bench.wait(bench.conversation_of("m1")) == at("09:30")
    replied(bench, "09:45")
    assert bench.wait(bench.conversation_of("m1")) is None


def test_a_reaction_begins_none(bench: Bench) -> None:  # 14
    number = bench.customer("m1", at("10:00"))
    replied(bench, "10:05")
    bench.take(received("r1", at("10:06"), "👍", kind="reaction", reply_to="m1"))
    assert bench.wait(number) is None


@pytest.mark.parametrize("ours", ["08:00", "10:00", "23:00"])
def test_our_clock_may_be_wrong(bench: Bench, ours: str) -> None:  # 16
    """The customer's stamps are the server's; ours is this machine's, hours before or after."""
    number = bench.customer("m1", at("10:00"))
    replied(bench, ours)
    assert bench.wait(number) is None
    assert bench.ours(number).at >= at("10:00")
    bench.take(received("m2", at("10:10"), reply_to="m1"))
    assert bench.wait(number) == at("10:10")


def test_what_the_customer_wrote_while_the_reply_was_under_way_still_waits(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))

    def perform(_: object) -> Receipt:
        bench.take(received("m2", at("10:05"), reply_to="m1"))
        return Receipt(id="r1", at=at("10:06"))

    bench.clock.at = at("10:04")
    bench.script.performs = [perform]
    bench.reply(number)
    bench.deliver()
    assert (bench.status(number), bench.wait(number)) == ("open", at("10:05"))


def test_the_life_of_a_reply(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    key = bench.reply(number)
    assert bench.wait(number) == at("10:00")  # queued
    bench.script.performs = [Unconfirmed("broke"), Rejected("no")]
    bench.deliver()
    assert bench.wait(number) is None  # unknown, provisionally
    bench.script.finds = [Missing()]
    bench.do(Settle(key=key, how="check"))
    bench.deliver()
    assert (bench.ours(number).state, bench.wait(number)) == ("failed", at("10:00"))
    bench.do(Settle(key=key, how="again"))
    assert bench.wait(number) == at("10:00")
    bench.deliver()
    assert (bench.ours(number).state, bench.wait(number)) == ("sent", None)


def test_complete_and_undo_leaves_it_as_it_was(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    before = bench.row(number)
    bench.do(Complete(conversations=(number,)))
    bench.do(Undo(door="screen"))
    assert bench.row(number) == before
    assert [(entry.what, entry.undone) for entry in bench.entries(number)] == [("completed", True)]


def test_the_channels_complete_ends_it(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.take(status("complete", at("10:05"), conversation="c1"))
    bench.take(status("open", at("10:06"), conversation="c1"))
    assert bench.wait(number) is None


def test_an_edit_moves_nothing_and_a_deletion_before_any_reply_ends_it(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.take(Edited(at=at("10:10"), message="m1", text="other"))
    assert bench.wait(number) == at("10:00")
    bench.take(Deleted(at=at("10:11"), message="m1"))
    assert bench.wait(number) is None
    assert bench.messages(number)[0].deleted
    bench.take(received("m2", at("10:12"), reply_to="m1"))
    assert bench.wait(number) == at("10:12")


def test_the_queue_begins_with_the_longest_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench_at(tmp_path / "home", monkeypatch) as bench:
        for name, clock in (("b", "10:05"), ("a", "10:00"), ("c", "10:10"), ("d", "10:07")):
            bench.take(received(name, at(clock), conversation=name))
        bench.take(sent("o1", at("10:20"), conversation="d"))
        queue = bench.desk.read(read.queue, "open", bench.clock.now()).result()
        assert [bench.messages(n)[0].id for n in queue] == ["a", "b", "c"]


@pytest.mark.parametrize("what", ["reply", "complete"])
def test_who_writes_again_within_the_stamps_second_waits(bench: Bench, what: str) -> None:
    """A mailbox stamps whole seconds."""
    number = bench.customer("m1", at("10:00"))
    if what == "reply":
        bench.reply(number)
        bench.deliver()
    else:
        bench.do(Complete(conversations=(number,)))
    assert bench.wait(number) is None
    bench.take(received("m2", at("10:00"), "one more thing", reply_to="m1"))
    assert (bench.status(number), bench.wait(number), bench.row(number).unread) == (
        "open",
        at("10:00"),
        1 + (what == "complete"),
    )
    bench.do(Complete(conversations=(number,)))
    bench.do(Reopen(conversations=(number,)))
    assert bench.wait(number) is None
