"""An undo passes over what cannot be taken back any more: what stands below it can still be."""

import pytest

from tests.desk.bench import Bench, at
from tuidesk.desk import read
from tuidesk.domain.commands import Complete, Note, Reply, Settle, Tag, Undo
from tuidesk.errors import Refused

UNDO = Undo(door="screen")


def undoable(bench: Bench, door: str = "screen") -> str:
    return bench.desk.read(read.undoable, door).result()[1]


def test_what_has_left_hides_nothing_below_it(bench: Bench) -> None:
    one, two = bench.customer("m1", at("10:00")), bench.customer("m2", at("10:01"))
    bench.do(Complete(conversations=(one,)))
    bench.do(Note(conversation=two, text="carrier says lost"))
    assert undoable(bench) == "note on #2"
    bench.deliver()
    assert undoable(bench) == "complete #1"
    assert bench.do(UNDO).words == "complete #1"
    assert bench.status(one) == "open"
    assert [m.text for m in bench.messages(two) if m.direction == "note"] == ["carrier says lost"]
    assert undoable(bench) == ""
    with pytest.raises(Refused, match="note on #2 has left"):
        bench.do(UNDO)


def test_what_moved_on_hides_nothing_below_it(bench: Bench) -> None:
    one, two = bench.customer("m1", at("10:00")), bench.customer("m2", at("10:01"))
    bench.do(Tag(conversations=(one,), add=("x",)))
    bench.do(Complete(conversations=(two,)))
    vars(bench.desk)["_door"] = "shell"
    bench.do(Undo(door="screen"))
    assert bench.status(two) == "open"
    vars(bench.desk)["_door"] = "screen"
    bench.do(Complete(conversations=(two,)))
    bench.customer("m3", at("12:51"), reply_to="m2")
    assert (bench.status(two), undoable(bench)) == ("open", "tag x on #1")
    bench.do(UNDO)
    assert bench.row(one).tags == ()


def test_a_reply_taken_back_otherwise_is_no_step_any_more(bench: Bench) -> None:
    one, two = bench.customer("m1", at("10:00")), bench.customer("m2", at("10:01"))
    bench.do(Tag(conversations=(one,), add=("x",)))
    key = bench.do(Reply(conversation=two, text="wait", hold=True)).keys[0]
    assert undoable(bench) == "reply to #2"
    bench.do(Settle(key=key, how="back"))
    assert undoable(bench) == "tag x on #1"
    bench.do(UNDO)
    assert (bench.draft(two), bench.row(one).tags) == ("wait", ())
