"""Handing over what is mine, breaks, side conversations, and the tag that a completion needs."""

from pathlib import Path
from typing import Any

import pytest

from tests.desk.bench import ANA, CONFIG, DANA, LEGAL, SAM, Bench, at, bench_at, received, sent, status
from tuidesk.desk import read
from tuidesk.desk.entry_words import entry_words
from tuidesk.domain.commands import (
    Assign,
    Away,
    Back,
    Command,
    Complete,
    Forward,
    Handover,
    Merge,
    Pending,
    Reply,
    SaveDraft,
    Snooze,
    Spam,
    Start,
    Tag,
    Undo,
)
from tuidesk.errors import Refused, Rejected

UNDO = Undo(door="screen")


def mine(bench: Bench) -> dict[str, int]:
    """What an agent has at the end of a day, by what it is."""
    made = {}
    for place, name in enumerate(("open", "waiting", "snoozed", "complete", "draft", "failed", "sams")):
        made[name] = bench.customer(f"m{place}", at("10:00") + place, conversation=f"c{place}")
    bench.script.performs = [Rejected("no")]
    bench.reply(made["failed"])
    bench.deliver()
    owned = ("open", "waiting", "snoozed", "complete", "failed")
    bench.do(Assign(conversations=tuple(made[name] for name in owned), to=ANA))
    bench.do(Assign(conversations=(made["sams"],), to=SAM))
    bench.do(Pending(conversations=(made["waiting"],)))
    bench.do(Snooze(conversations=(made["snoozed"],), until=at("18:00")))
    bench.do(Complete(conversations=(made["complete"],)))
    for number in (made["draft"], made["open"]):
        bench.do(SaveDraft(conversation=number, mode="reply", text=f"for {number}", to="lee@x.example"))
    bench.do(SaveDraft(conversation=made["open"], mode="note", text="think of the box"))
    return made


def listed(bench: Bench) -> dict[str, list[int]]:
    found = bench.desk.read(read.handover, bench.clock.now()).result()
    return {name: [row.n for row in getattr(found, name)] for name in found._fields if name != "unbegun"}


def owners(bench: Bench) -> list[str]:
    return [str(row[0]) for row in bench.query("SELECT owner FROM conversation ORDER BY id")]


def drafts(bench: Bench) -> list[tuple[Any, ...]]:
    query = "SELECT conversation, mode, text, recipients FROM draft WHERE archived_at IS NULL ORDER BY 1, 2"
    return [tuple(row) for row in bench.query(query)]


def test_what_is_in_hand(bench: Bench) -> None:
    made = mine(bench)
    assert listed(bench) == {
        "open": [made["open"], made["failed"]],
        "waiting": [made["waiting"]],
        "snoozed": [made["snoozed"]],
        "drafts": [made["open"], made["draft"]],
        "failed": [made["failed"]],
        "unknown": [],
    }


@pytest.mark.parametrize("to", [SAM, None])
def test_a_handover_is_one_step_with_one_undo(bench: Bench, to: Any) -> None:
    bench.can(performs=frozenset({"reply", "assign"}))
    made = mine(bench)
    bench.deliver()
    bench.script.tried.clear()
    before = owners(bench), drafts(bench), len(bench.messages(made["open"]))
    done = bench.do(Handover(to=to))
    assert done.words == ("hand over 5 conversations to Sam" if to else "let go of 5 conversations")
    assert any(f"#{made['failed']}" in warning for warning in done.warnings)
    left = "other" if to else ""
    assert owners(bench) == [left, left, left, "me", "", left, "other"]
    assert drafts(bench) == []
    notes = [m.text for m in bench.messages(made["open"]) if m.direction == "note"]
    assert notes == [f"Draft of a reply, handed over:\n\nfor {made['open']}", "think of the box"]
    bench.deliver()
    assert bench.script.tried_types() == ["assign"] * 4
    bench.do(UNDO)
    assert (owners(bench), drafts(bench), len(bench.messages(made["open"]))) == before
    bench.deliver()
    assert [out.assignee for out in bench.script.tried[4:]] == [ANA] * 4


def test_an_undone_handover_brings_back_a_draft_without_words(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(SaveDraft(conversation=number, mode="reply", text="", to="lee@x.example", files=("/tmp/a.pdf",)))
    bench.do(SaveDraft(conversation=number, mode="note", text="think of the box"))
    before = drafts(bench)
    bench.do(Handover(to=SAM))
    assert drafts(bench) == []
    assert [m.text for m in bench.messages(number) if m.direction == "note"] == ["think of the box"]
    bench.do(UNDO)
    assert drafts(bench) == before
    bench.do(Handover(to=SAM))
    bench.do(SaveDraft(conversation=number, mode="reply", text="typed since"))
    bench.do(UNDO)
    assert bench.draft(number) == "typed since"


def test_a_note_that_has_left_stays_and_is_a_draft_again(bench: Bench) -> None:
    made = mine(bench)
    before = drafts(bench)
    bench.do(Handover(to=SAM))
    bench.deliver()
    warnings = bench.do(UNDO).warnings
    assert len(warnings) == 3
    assert all("stays" in warning for warning in warnings)
    assert drafts(bench) == before
    assert owners(bench)[:3] == ["me"] * 3
    assert [m.direction for m in bench.messages(made["draft"])] == ["in", "note"]


def test_a_handover_that_is_none(bench: Bench) -> None:
    with pytest.raises(Refused):
        bench.do(Handover(to=SAM))
    bench.do(SaveDraft(conversation=None, mode="start", text="to come"))
    number = bench.customer("m1", at("10:00"))
    bench.do(Assign(conversations=(number,), to=ANA))
    with pytest.raises(Refused):
        bench.do(Handover(to=ANA))
    assert len(bench.do(Handover(to=None)).warnings) == 1
    assert drafts(bench), "a conversation that does not exist has no notes"


def test_breaks(bench: Bench) -> None:
    assert bench.desk.read(read.away).result() is None
    with pytest.raises(Refused):
        bench.do(Back())
    assert bench.do(Away(reason="lunch")).words == "away: lunch"
    bench.clock.advance(600)
    bench.do(Away())
    found = bench.desk.read(read.away).result()
    assert found is not None
    assert (found.began, found.reason) == (at("13:00"), "")
    bench.clock.advance(1800)
    assert bench.do(Back()).words == "back, after 30 minutes"
    assert bench.desk.read(read.away).result() is None
    kept = bench.query("SELECT began, ended, reason FROM away ORDER BY id")
    assert [tuple(row) for row in kept] == [
        (at("12:50"), at("13:00"), "lunch"),
        (at("13:00"), at("13:30"), ""),
    ]


# --- side conversations -----------------------------------------------------------------------------


def asked(bench: Bench, asleep: Command | None = None) -> tuple[int, int]:
    """(a conversation that was passed on to Legal, the one with Legal)."""
    number = bench.customer("m1", at("10:00"), subject="Refund")
    side = next(
        n
        for n in bench.do(Forward(conversation=number, to=(LEGAL,), text="What do you say?")).conversations
        if n != number
    )
    bench.deliver()
    if asleep is not None:
        bench.do(asleep)
    return number, side


def answer(bench: Bench, side: int, **more: Any) -> None:
    name = bench.query(
        "SELECT remote_id.id FROM remote_id JOIN message ON message.id = message WHERE conversation = ?", side
    )
    bench.take(received("a1", at("12:58"), reply_to=name[0][0], sender=LEGAL, text="Pay", **more))


@pytest.mark.parametrize(
    "asleep",
    [
        Pending(conversations=(1,), pending_for="Legal"),
        Snooze(conversations=(1,), until=at("18:00")),
        Complete(conversations=(1,)),
    ],
)
def test_an_answer_wakes_the_parent_and_says_whose(bench: Bench, asleep: Command) -> None:
    number, side = asked(bench, asleep)
    answer(bench, side)
    row = bench.row(number)
    assert (row.status, row.back, bench.status(side)) == ("open", "answer", "open")
    assert entry_words(bench.entries(number)[-1], str).endswith(f"; answer from Legal in #{side}")


def test_an_answer_to_what_is_open_is_in_its_history(bench: Bench) -> None:
    number, side = asked(bench)
    bench.take(received("m2", at("12:55"), reply_to="m1"))
    answer(bench, side)
    assert entry_words(bench.entries(number)[-1], str) == f"-- answer from Legal in #{side}"
    assert bench.row(number).back == ""


def test_what_does_not_wake_it(bench: Bench) -> None:
    number, side = asked(bench, Snooze(conversations=(1,), until=at("18:00"), firm=True))
    answer(bench, side)
    assert bench.status(number) == "snoozed"
    assert bench.entries(number)[-1].what == "answered"


@pytest.mark.parametrize("kind", ["auto", "bounce", "reaction"])
def test_an_automatic_answer_is_none(bench: Bench, kind: str) -> None:
    number, side = asked(bench, Pending(conversations=(1,)))
    answer(bench, side, kind=kind)
    assert bench.status(number) == "pending"


def test_the_thread_that_the_parent_was_merged_into_wakes(bench: Bench) -> None:
    older = bench.customer("m0", at("09:00"), subject="Before")
    number = bench.customer("m1", at("10:00"), subject="Refund")
    bench.do(Forward(conversation=number, to=(LEGAL,)))
    side = bench.rows()[0].n
    bench.deliver()
    bench.do(Merge(conversations=(number,), into=older))
    bench.do(Complete(conversations=(older,)))
    answer(bench, side)
    assert bench.status(older) == "open"
    assert [e.what for e in bench.entries(older)].count("reopened") == 1


# --- the tag that a completion needs ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("needs", "good", "bad"), [("true", "any", ""), ('["refund", "login"]', "login", "vip")]
)
def test_a_completion_needs_a_tag(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, needs: str, good: str, bad: str
) -> None:
    config = f'complete_needs_tag = {needs}\nafter_reply = "complete"\n{CONFIG}'
    with bench_at(tmp_path / "home", monkeypatch, config=config) as bench:
        one, two = bench.customer("m1", at("10:00")), bench.customer("m2", at("10:00"))
        if bad:
            bench.do(Tag(conversations=(one,), add=(bad,)))
        with pytest.raises(Refused, match=f"#{one}, #{two}.*tag"):
            bench.do(Complete(conversations=(one, two)))
        bench.do(Tag(conversations=(one,), add=(good,)))
        with pytest.raises(Refused, match=f"^#{two}: "):
            bench.do(Complete(conversations=(one, two)))
        assert bench.status(one) == "open", "a step is whole or not at all"
        bench.do(Complete(conversations=(one,)))
        (warning,) = bench.do(Reply(conversation=two, text="x")).warnings
        assert "tag" in warning
        assert bench.status(two) == "pending"
        bench.do(Spam(conversations=(two,)))
        assert bench.status(two) == "complete", "spam needs none"


def test_without_the_key_it_needs_none(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(Complete(conversations=(number,)))
    assert bench.status(number) == "complete"


# --- a step over many -------------------------------------------------------------------------------


def test_of_many_those_that_moved_since_stay_and_are_named(bench: Bench) -> None:
    numbers = tuple(bench.customer(f"m{n}", at("10:00"), conversation=f"c{n}") for n in range(3))
    bench.do(Complete(conversations=numbers))
    bench.deliver()
    bench.script.tried.clear()
    bench.take(received("r1", at("12:55"), conversation="c1"))
    bench.take(status("pending", at("12:58"), conversation="c1"))
    assert bench.desk.read(read.undoable, "screen").result()[1] == "complete #1, #2, #3"
    assert bench.do(UNDO).warnings == (f"#{numbers[1]} changed since and stay as they are",)
    assert [bench.status(n) for n in numbers] == ["open", "pending", "open"]
    bench.deliver()
    assert [out.conversation for out in bench.script.tried] == ["c2", "c0"]
    with pytest.raises(Refused):
        bench.do(UNDO)


def test_agents_and_tags_that_are_offered(bench: Bench) -> None:
    one, two = bench.customer("m1", at("10:00")), bench.customer("m2", at("10:00"))
    bench.do(Assign(conversations=(one,), to=LEGAL))
    bench.take(*(received(f"x{n}", at("12:51")) for n in range(2)))
    bench.take(sent("s1", at("12:52"), reply_to="m1"), account="shop")
    assert [who.handle for who in bench.desk.read(read.agents).result()] == [LEGAL.handle, SAM.handle]
    assert bench.desk.read(read.agents, "nowhere").result() == ()
    bench.do(Tag(conversations=(one, two), add=("refund",)))
    bench.do(Tag(conversations=(one,), add=("again", "vip")))
    assert bench.desk.read(read.tags).result() == (("refund", 2), ("again", 1), ("vip", 1))


def test_started_by_us_it_has_a_parent_no_more(bench: Bench) -> None:
    """What is no side conversation wakes nobody."""
    number = bench.customer("m1", at("10:00"))
    bench.do(Complete(conversations=(number,)))
    bench.do(Start(account="shop", to=(DANA,), text="Hello"))
    assert bench.status(number) == "complete"
