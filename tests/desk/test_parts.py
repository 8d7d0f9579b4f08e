"""A text that is too long for its channel: parts in order, each a row, none without the one before it."""

from pathlib import Path
from typing import Any

import pytest

from tests.desk.bench import Bench, at, received
from tuidesk.domain.commands import Complete, Settle, Undo
from tuidesk.domain.outgoing import Outgoing, Receipt
from tuidesk.errors import Refused, Rejected, Unconfirmed

LONG = "one one one. two two two. three three."


@pytest.fixture
def short(bench: Bench) -> Bench:
    bench.can(max_length=13)
    return bench


def send(bench: Bench, **more: Any) -> int:
    number = bench.customer("m1", at("10:00"))
    bench.reply(number, LONG, parts=True, **more)
    return number


def done(out: Outgoing) -> Receipt:
    return Receipt(id=f"<{out.key}@sent>")


def texts(bench: Bench) -> list[str]:
    """What the channel was asked to say, in order."""
    return [out.text for out in bench.script.tried if out.type == "reply"]


def ours(bench: Bench, number: int) -> list[tuple[str, str]]:
    return [(m.text, m.state) for m in bench.messages(number) if m.direction == "out"]


def test_parts_go_one_after_the_other(short: Bench) -> None:
    number = send(short)
    short.deliver()
    assert texts(short) == ["one one one.", "two two two.", "three three."]
    assert {state for _, state in ours(short, number)} == {"sent"}
    assert short.status(number) == "pending"


def test_without_the_word_it_goes_as_it_is(short: Bench) -> None:
    short.reply(short.customer("m1", at("10:00")), LONG)
    short.deliver()
    assert texts(short) == [LONG]


def test_a_text_that_fits_is_one_with_its_signature(short: Bench) -> None:
    short.can(max_length=500)
    number = send(short)
    assert ours(short, number) == [(LONG, "queued")]


def test_the_first_takes_the_files(short: Bench, tmp_path: Path) -> None:
    file = tmp_path / "receipt.pdf"
    file.write_bytes(b"%PDF")
    send(short, files=(str(file),))
    short.deliver()
    assert [len(out.files) for out in short.script.tried if out.text] == [1, 0, 0]


def test_a_part_that_fails_keeps_those_behind_it_and_the_rest_is_a_draft_again(short: Bench) -> None:
    number = send(short)
    short.script.performs = [done, Rejected("no")]
    short.deliver()
    assert [state for _, state in ours(short, number)] == ["sent", "failed", "failed"]
    assert short.status(number) == "open"
    second = next(m for m in short.messages(number) if m.text == "two two two.")
    assert second.key is not None
    short.do(Settle(key=second.key, how="back"))
    assert short.draft(number) == "two two two.\nthree three."
    assert ours(short, number) == [("one one one.", "sent")]


def test_the_last_part_taken_back_brings_those_that_failed_before_it_along(short: Bench) -> None:
    number = send(short)
    short.script.performs = [done, Rejected("no")]
    short.deliver()
    third = next(m for m in short.messages(number) if m.text == "three three.")
    assert third.key is not None
    short.do(Settle(key=third.key, how="back"))
    assert short.draft(number) == "two two two.\nthree three."
    assert ours(short, number) == [("one one one.", "sent")]


def test_a_part_sent_again_takes_those_behind_it_along(short: Bench) -> None:
    number = send(short)
    short.script.performs = [Rejected("no")]
    short.deliver()
    assert [state for _, state in ours(short, number)] == ["failed"] * 3
    first = short.messages(number)[1]
    assert first.key is not None
    short.do(Settle(key=first.key, how="again"))
    short.deliver()
    assert texts(short)[1:] == ["one one one.", "two two two.", "three three."]
    assert {state for _, state in ours(short, number)} == {"sent"}


def test_a_part_that_may_have_arrived_holds_the_others(short: Bench) -> None:
    number = send(short)
    short.script.performs = [Unconfirmed("cut")]
    short.deliver()
    assert len(texts(short)) == 1
    assert [state for _, state in ours(short, number)] == ["unknown", "queued", "queued"]


def test_undo_brings_the_whole_text_back_once(short: Bench) -> None:
    number = send(short, hold=True)
    short.do(Undo(door="screen"))
    assert short.draft(number) == LONG
    assert ours(short, number) == []
    short.deliver(None)
    assert texts(short) == []


def test_undo_takes_nothing_back_once_a_part_has_left(short: Bench) -> None:
    send(short)
    short.script.performs = [done, Rejected("no")]
    short.deliver()
    with pytest.raises(Refused):
        short.do(Undo(door="screen"))


def test_news_before_delivery_stops_all_parts(short: Bench) -> None:
    number = send(short, last_seen=1)
    short.take(received("m2", at("10:06"), refs=("m1",)))
    short.deliver()
    assert texts(short) == []
    assert {state for _, state in ours(short, number)} == {"failed"}


def test_all_parts_are_one_reply(short: Bench) -> None:
    number = send(short)
    short.deliver()
    short.do(Complete(conversations=(number,)))
    assert [state for _, state in ours(short, number)] == ["sent"] * 3
    assert [tuple(row) for row in short.query("SELECT runs, replies FROM cycle")] == [(1, 1)]
    assert len(short.query("SELECT 1 FROM sample WHERE metric = 'reply'")) == 1
