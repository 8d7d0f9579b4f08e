"""Where things stand in a thread: a letter keeps its place when it leaves, and says what it waits for."""

import time

import pytest

from tests.desk.bench import Bench, at, received
from tuidesk.desk import now
from tuidesk.desk.picture import ShownMessage
from tuidesk.domain.commands import Complete, Note, Settle, Tag, Undo
from tuidesk.domain.outgoing import Receipt
from tuidesk.errors import Rejected, Unconfirmed

BEHIND = "waits for the reply before it, which may have arrived"


def order(bench: Bench, number: int) -> list[str]:
    """Texts of the messages and names of the entries, as the thread has them."""
    return [item.text if isinstance(item, ShownMessage) else item.what for item in bench.thread(number).items]


def test_what_goes_with_a_reply_stands_behind_it_held_and_sent(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), text="hello")
    bench.reply(number, "one", hold=True)
    held = order(bench, number)
    assert held == ["hello", "one", "pending"]
    bench.clock.advance(60)
    bench.deliver()
    assert bench.ours(number).at > at("12:50"), "it is sent later than the entry was made"
    assert order(bench, number) == held


def test_two_replies_stand_as_they_were_written(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), text="hello")
    bench.reply(number, "one", hold=True)
    bench.clock.advance(5)
    bench.reply(number, "two", hold=True)
    bench.do(Note(conversation=number, text="note"))
    bench.clock.advance(6)
    bench.deliver()
    assert [m.state for m in bench.messages(number) if m.direction == "out"] == ["sent", "queued"]
    assert order(bench, number) == ["hello", "one", "pending", "two", "note"]
    bench.clock.advance(30)
    bench.deliver()
    assert order(bench, number) == ["hello", "one", "pending", "two", "note"]


def test_a_reply_sent_again_stands_behind_what_it_answers_now(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), text="hello")
    bench.script.performs = [Rejected("no")]
    key = bench.reply(number, "one")
    bench.deliver()
    bench.clock.advance(60)
    bench.take(received("m2", bench.clock.now(), "again", reply_to="m1"))
    assert [text for text in order(bench, number) if text in ("one", "again")] == ["one", "again"]
    bench.do(Settle(key=key, how="again"))
    assert [text for text in order(bench, number) if text in ("one", "again")] == ["again", "one"]


def test_a_step_taken_back_is_one_line_of_the_history(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(Complete(conversations=(number,)))
    bench.do(Undo(door="screen"))
    assert [(entry.what, entry.undone) for entry in bench.entries(number)] == [("completed", True)]
    kept = [row["what"] for row in bench.query("SELECT what FROM entry ORDER BY id")]
    assert kept == ["completed", "undone"], "it is still written down who took it back, and when"


def test_a_reply_behind_an_unknown_one_says_so(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [Unconfirmed("the line broke")]
    first = bench.reply(number, "one")
    bench.deliver()
    second = bench.reply(number, "two", hold=True)
    bench.clock.advance(3600)
    bench.deliver()
    *_, one, two = bench.messages(number)
    assert (one.state, one.behind, two.state, two.behind) == ("unknown", False, "queued", True)
    assert (two.reason, two.not_before) == (BEHIND, None)
    bench.do(Settle(key=first, how="sent"))
    *_, two = bench.messages(number)
    assert (two.behind, two.reason) == (False, None)
    bench.deliver()
    assert bench.work(second)["state"] == "sent"


@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_command_does_not_wait_for_what_only_the_agent_can_settle(bench: Bench, elsewhere: bool) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [Unconfirmed("the line broke"), Receipt()]
    bench.reply(number, "one")
    bench.deliver()
    done = bench.do(Tag(conversations=(number,), add=("x",)))
    if elsewhere:
        assert bench.desk.lock.take()
    began = time.monotonic()
    (outcome,) = now.deliver(bench.desk, done.keys)
    assert time.monotonic() - began < 1.0
    assert (outcome.state, outcome.reason) == ("queued", BEHIND)
