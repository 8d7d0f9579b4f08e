"""Star, mute and spam: what each does, what a customer's message does then, and the way back."""

from collections.abc import Callable

import pytest

from tests.desk.bench import SAM, Bench, at, received, sent
from tuidesk.domain.commands import Command, Complete, Mute, Pending, Snooze, Spam, Star, Undo
from tuidesk.errors import Refused

UNDO = Undo(door="screen")


def flags(bench: Bench, number: int) -> tuple[int, int, int]:
    row = bench.query("SELECT starred, muted, spam FROM conversation WHERE id = ?", number)[0]
    return row["starred"], row["muted"], row["spam"]


def holding(bench: Bench, number: int) -> list[tuple[str, object, object]]:
    """(what, on, why) of the entries that hold."""
    return [(e.what, e.data.get("on"), e.data.get("why")) for e in bench.entries(number) if not e.undone]


@pytest.mark.parametrize(("make", "place"), [(Star, 0), (Mute, 1), (Spam, 2)])
def test_on_and_off_and_never_twice(bench: Bench, make: Callable[..., Command], place: int) -> None:
    one, two = bench.customer("m1", at("10:00")), bench.customer("m2", at("10:00"))
    bench.do(make(conversations=(one,)))
    assert bench.do(make(conversations=(one, two))).conversations == (two,)
    assert flags(bench, one)[place] == flags(bench, two)[place] == 1
    with pytest.raises(Refused):
        bench.do(make(conversations=(one, two)))
    bench.do(make(conversations=(one, two), on=False))
    assert flags(bench, one) == flags(bench, two) == (0, 0, 0)
    with pytest.raises(Refused):
        bench.do(make(conversations=(one,), on=False))
    bench.do(UNDO)
    assert flags(bench, one)[place] == flags(bench, two)[place] == 1


@pytest.mark.parametrize(
    "asleep",
    [
        lambda n: Pending(conversations=(n,)),
        lambda n: Complete(conversations=(n,)),
        lambda n: Snooze(conversations=(n,), until=at("18:00")),
    ],
)
def test_a_muted_conversation_stays_where_it_is_and_says_why(
    bench: Bench, asleep: Callable[[int], Command]
) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(asleep(number))
    bench.do(Mute(conversations=(number,)))
    before = bench.status(number)
    for n in (2, 3):
        bench.take(received(f"m{n}", at(f"12:5{n}"), reply_to="m1"))
    assert bench.status(number) == before
    assert holding(bench, number).count(("kept", None, "muted")) == 1, "said once"
    bench.do(Mute(conversations=(number,), on=False))
    bench.take(received("m4", at("12:54"), reply_to="m1"))
    assert bench.status(number) == "open"


def test_a_muted_conversation_that_is_open_has_nothing_to_say(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(Mute(conversations=(number,)))
    bench.take(received("m2", at("12:55"), reply_to="m1"))
    assert bench.status(number) == "open"
    assert [entry.what for entry in bench.entries(number)] == ["muted"]


def test_spam_is_complete_in_one_step_and_later_messages_open_nothing(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.do(Spam(conversations=(number,)))
    bench.deliver()
    assert (bench.script.tried_types(), bench.status(number)) == (["complete"], "complete")
    bench.take(received("m2", at("12:55"), conversation="c1"))
    assert (bench.status(number), bench.wait(number)) == ("complete", None)
    assert ("kept", None, "spam") in holding(bench, number)


@pytest.mark.parametrize("was", ["open", "pending"])
def test_no_spam_is_in_the_status_of_before(bench: Bench, was: str) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    if was == "pending":
        bench.do(Pending(conversations=(number,)))
    bench.do(Spam(conversations=(number,)))
    bench.do(Spam(conversations=(number,), on=False))
    assert (flags(bench, number)[2], bench.status(number)) == (0, was)
    bench.do(UNDO)
    assert (flags(bench, number)[2], bench.status(number)) == (1, "complete")
    bench.do(UNDO)
    assert (flags(bench, number)[2], bench.status(number)) == (0, was)


def test_what_was_complete_before_it_was_spam_stays_so(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(Complete(conversations=(number,)))
    bench.do(Spam(conversations=(number,)))
    bench.do(Spam(conversations=(number,), on=False))
    assert bench.status(number) == "complete"


def test_spam_that_the_channel_has_heard_of_is_opened_there_by_its_undo(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.do(Spam(conversations=(number,)))
    bench.deliver()
    bench.do(UNDO)
    bench.deliver()
    assert bench.script.tried_types() == ["complete", "reopen"]
    assert (bench.status(number), flags(bench, number)) == ("open", (0, 0, 0))


def test_a_colleagues_answer_moves_a_muted_conversation_as_any_other(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(Mute(conversations=(number,)))
    bench.take(sent("s1", at("12:55"), sender=SAM, reply_to="m1"))
    assert bench.status(number) == "pending"
