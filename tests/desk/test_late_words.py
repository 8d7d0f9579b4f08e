"""What a channel tells in another order than it happened: the newest by its own stamps holds, whichever came first."""

import itertools
from dataclasses import replace
from typing import Any

import pytest

from tests.desk.bench import ANA, SAM, Bench, at, received, status
from tuidesk.domain.events import Assigned, ChannelEvent, Edited, PrioritySet, Received, Tagged

TOLD: dict[str, tuple[ChannelEvent, ...]] = {
    "completed, then opened": (
        status("complete", at("10:05"), conversation="c1"),
        status("open", at("10:10"), conversation="c1"),
    ),
    "opened, then completed": (
        status("pending", at("10:05"), conversation="c1"),
        status("open", at("10:10"), conversation="c1"),
        status("complete", at("10:15"), conversation="c1"),
    ),
    "completed, then the customer writes": (
        status("complete", at("10:05"), conversation="c1"),
        received("m2", at("10:10"), conversation="c1"),
    ),
    "snoozed, then the customer writes": (
        status("snoozed", at("10:05"), conversation="c1", until=at("10:00", day=25)),
        received("m2", at("10:10"), conversation="c1"),
    ),
    "snoozed firmly, then the customer writes": (
        status("snoozed", at("10:05"), conversation="c1", until=at("10:00", day=25), until_reply=False),
        received("m2", at("10:10"), conversation="c1"),
    ),
    "assigned to one, then to another": (
        Assigned(at=at("10:05"), conversation="c1", to=ANA),
        Assigned(at=at("10:10"), conversation="c1", to=SAM),
    ),
    "given away, then taken back": (
        Assigned(at=at("10:05"), conversation="c1", to=SAM),
        Assigned(at=at("10:10"), conversation="c1", to=None),
    ),
    "two priorities": (
        PrioritySet(at=at("10:05"), conversation="c1", priority="low"),
        PrioritySet(at=at("10:10"), conversation="c1", priority="urgent"),
    ),
    "a tag off and on": (
        Tagged(at=at("10:05"), conversation="c1", remove=("vip",)),
        Tagged(at=at("10:10"), conversation="c1", add=("vip",)),
    ),
    "a tag on, then a list without it": (
        Tagged(at=at("10:05"), conversation="c1", add=("vip",)),
        Tagged(at=at("10:10"), conversation="c1", tags=("refund",)),
    ),
    "two lists, then one more": (
        Tagged(at=at("10:05"), conversation="c1", tags=("a", "b")),
        Tagged(at=at("10:10"), conversation="c1", tags=("b",)),
        Tagged(at=at("10:15"), conversation="c1", add=("c",)),
    ),
    "two edits": (
        Edited(at=at("10:05"), message="m1", text="the second words"),
        Edited(at=at("10:10"), message="m1", text="the last words"),
    ),
}


def left(bench: Bench, number: int) -> tuple[object, ...]:
    row = bench.row(number)
    first = bench.messages(number)[0]
    return (
        row.status,
        row.waiting_since,
        row.assignee,
        row.priority,
        sorted(row.tags),
        first.text,
        first.prior,
    )


@pytest.mark.parametrize("name", TOLD)
def test_any_order_leaves_the_same(bench: Bench, name: str) -> None:
    found = []
    for place, order in enumerate(itertools.permutations(TOLD[name])):
        own = [_of(event, place) for event in order]
        number = bench.customer(f"m1-{place}", at("10:00"), conversation=f"c1-{place}")
        for event in own:
            bench.take(event)
        found.append(left(bench, number))
    assert found == [found[0]] * len(found)


def _of(event: Any, place: int) -> ChannelEvent:
    """The event in a conversation of its own."""
    if isinstance(event, Edited):
        return replace(event, message=f"{event.message}-{place}")
    if isinstance(event, Received):
        return replace(event, id=f"{event.id}-{place}", conversation=f"{event.conversation}-{place}")
    made: ChannelEvent = replace(event, conversation=f"c1-{place}")
    return made


def test_who_wrote_after_a_completion_that_is_told_late_is_not_hidden(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.take(
        received("m2", at("10:10"), conversation="c1"), status("complete", at("10:05"), conversation="c1")
    )
    assert bench.status(number) == "open"
    assert bench.wait(number) == at("10:10"), "the completion has ended the wait before it"
    assert bench.history(number) == [("completed", "channel")]


def test_within_one_second_what_is_told_last_holds(bench: Bench) -> None:
    """A service's stamp may be cut to whole seconds."""
    number = bench.customer("m1", at("10:00:00") + 400, conversation="c1")
    bench.take(status("complete", at("10:00:00"), conversation="c1"))
    assert bench.status(number) == "complete"


def test_a_stamp_of_the_future_silences_nobody(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.take(PrioritySet(at=at("10:05") + 10**12, conversation="c1", priority="low"))
    bench.take(Edited(message="m1", at=at("10:05") + 10**12, text="first"))
    bench.clock.advance(60)
    bench.take(PrioritySet(at=bench.clock.now(), conversation="c1", priority="urgent"))
    bench.take(Edited(message="m1", at=bench.clock.now(), text="second"))
    assert bench.row(number).priority == "urgent"
    assert bench.messages(number)[0].text == "second"


def test_an_older_list_of_tags_is_told_by_nothing(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.take(Tagged(at=at("10:05"), conversation="c1", tags=("a",)))
    bench.take(Tagged(at=at("10:04"), conversation="c1", tags=("b",)))
    assert bench.row(number).tags == ("a",)
    assert [entry.data for entry in bench.entries(number)] == [{"add": ["a"], "remove": []}]


def test_an_adapters_own_clock_hides_no_word_of_the_server(bench: Bench) -> None:
    """What is told by messages' ids (a mail's flags) has no stamp of the server's: the clock may be set back."""
    number = bench.customer("m1", at("10:00"))
    for word, when in (("complete", "12:00"), ("open", "11:00"), ("complete", "10:30")):
        bench.take(status(word, at(when), refs=("m1",)))
        assert bench.status(number) == word
