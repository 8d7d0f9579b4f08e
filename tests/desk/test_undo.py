"""Every step and its inverse: fields, history and channel back to what they were, or a word why not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.desk.bench import ACCOUNT, DANA, SAM, Bench, at, bench_at, received, status
from tests.desk.home import desk_at
from tuidesk.desk import read
from tuidesk.domain.commands import (
    Assign,
    Command,
    Complete,
    Forward,
    Mute,
    Note,
    Pending,
    Reopen,
    Reply,
    SaveDraft,
    SetPriority,
    Settle,
    Snooze,
    Spam,
    Star,
    Start,
    Tag,
    Undo,
)
from tuidesk.domain.events import Tagged
from tuidesk.domain.model import Person
from tuidesk.domain.outgoing import Outgoing, Receipt
from tuidesk.errors import Refused, Unavailable, Unconfirmed

UNDO = Undo(door="screen")
LEGAL = Person("Legal", "legal@ortiz.example")

COMMANDS: dict[str, Callable[[int], Command]] = {
    "complete": lambda n: Complete(conversations=(n,)),
    "reopen": lambda n: Reopen(conversations=(n,)),
    "pending": lambda n: Pending(conversations=(n,), pending_for="billing"),
    "snooze": lambda n: Snooze(conversations=(n,), until=at("18:00")),
    "firm": lambda n: Snooze(conversations=(n,), until=at("18:00"), firm=True),
    "assign": lambda n: Assign(conversations=(n,), to=SAM),
    "nobody": lambda n: Assign(conversations=(n,), to=None),
    "tag": lambda n: Tag(conversations=(n,), add=("new", "kept"), remove=("old",)),
    "priority": lambda n: SetPriority(conversations=(n,), priority="urgent"),
    "star": lambda n: Star(conversations=(n,)),
    "mute": lambda n: Mute(conversations=(n,)),
    "spam": lambda n: Spam(conversations=(n,)),
}
BEFORE: dict[str, Callable[[int], Command]] = {
    "open": lambda n: SetPriority(conversations=(n,), priority="high"),
    "pending": lambda n: Pending(conversations=(n,), pending_for="the bank"),
    "snoozed": lambda n: Snooze(conversations=(n,), until=at("20:00"), firm=True),
    "complete": lambda n: Complete(conversations=(n,)),
}
STEPS = [(was, command) for was in BEFORE for command in COMMANDS if (was, command) != ("open", "reopen")]
"""What is open already is not reopened."""


def prepared(bench: Bench, was: str) -> int:
    """A conversation in that status, with tags and an owner, all of it told to the channel."""
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.do(Tag(conversations=(number,), add=("kept", "old")))
    bench.do(Assign(conversations=(number,), to=LEGAL))
    bench.do(BEFORE[was](number))
    bench.deliver()
    bench.script.tried.clear()
    return number


def kept(bench: Bench, number: int) -> Any:
    """All of the row that a step could have changed."""
    return tuple(bench.query("SELECT * FROM conversation WHERE id = ?", number)[0]), bench.row(number)


@pytest.mark.parametrize(("was", "command"), STEPS)
def test_what_has_not_left_is_taken_back_whole(bench: Bench, was: str, command: str) -> None:
    number = prepared(bench, was)
    before = kept(bench, number)
    history = bench.history(number)
    bench.do(COMMANDS[command](number))
    bench.do(UNDO)
    assert kept(bench, number) == before
    assert [one for one in bench.history(number) if one[0] != "undone"] == history
    assert bench.open_types() == []
    bench.deliver()
    assert bench.script.tried == []


INVERSE: dict[str, Callable[[Outgoing], Any]] = {
    "assign": lambda out: (out.type, out.assignee),
    "nobody": lambda out: (out.type, out.assignee),
    "tag": lambda out: (out.type, out.add, out.remove),
    "priority": lambda out: (out.type, out.priority),
}
STATUS: dict[str, Any] = {
    "open": ("reopen", None, None, True),
    "pending": ("pending", "the bank", None, True),
    "snoozed": ("snooze", None, at("20:00"), False),
    "complete": ("complete", None, None, True),
}


@pytest.mark.parametrize(("was", "command"), STEPS)
def test_what_was_delivered_is_undone_by_its_inverse(bench: Bench, was: str, command: str) -> None:
    number = prepared(bench, was)
    before = kept(bench, number)
    bench.do(COMMANDS[command](number))
    bench.deliver()
    local = command in ("star", "mute") or (was, command) == ("complete", "spam")
    assert len(bench.script.tried) == (0 if local else 1)
    bench.do(UNDO)
    assert kept(bench, number) == before
    bench.deliver()
    if local:
        assert bench.script.tried == [], "what the channel has never heard of is not taken back there"
        return
    inverse = bench.script.tried[1]
    if command in INVERSE:
        priority = "high" if was == "open" else "normal"
        expected = {
            "assign": ("assign", LEGAL),
            "nobody": ("assign", LEGAL),
            "tag": ("tag", ("old",), ("new",)),
            "priority": ("priority", priority),
        }[command]
        assert INVERSE[command](inverse) == expected
    else:
        assert (inverse.type, inverse.pending_for, inverse.until, inverse.until_reply) == STATUS[was]


def test_only_where_it_was_delivered(bench: Bench) -> None:
    one, two = bench.customer("m1", at("10:00")), bench.customer("m2", at("10:00"))
    bench.do(Complete(conversations=(one, two)))
    second = bench.query("SELECT max(id) FROM outbox")[0][0]
    bench.desk.write(
        lambda c: c.execute("UPDATE outbox SET not_before = ? WHERE id = ?", (at("20:00"), second))
    ).result()
    bench.deliver()
    assert bench.script.tried_types() == ["complete"]
    bench.do(UNDO)
    bench.deliver()
    assert [(out.type, out.targets) for out in bench.script.tried] == [
        ("complete", ("m1",)),
        ("reopen", ("m1",)),
    ]
    assert bench.status(one) == bench.status(two) == "open"


def test_a_channel_that_knows_two_statuses_hears_of_the_undo(bench: Bench) -> None:
    """Pending here, complete, taken back: the channel has no pending, but must not stay complete."""
    bench.can(performs=frozenset({"complete", "reopen"}))
    number = bench.customer("m1", at("10:00"))
    bench.do(Pending(conversations=(number,)))
    bench.do(Complete(conversations=(number,)))
    bench.deliver()
    bench.do(UNDO)
    bench.deliver()
    assert (bench.script.tried_types(), bench.status(number)) == (["complete", "reopen"], "pending")


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda b: b.take(received("m2", at("12:55"), reply_to="m1")),
        lambda b: b.take(status("open", at("12:55"), conversation="c1")),
    ],
)
def test_what_has_moved_since_is_left_as_it_is(bench: Bench, meanwhile: Callable[[Bench], None]) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.do(Complete(conversations=(number,)))
    bench.deliver()
    meanwhile(bench)
    before = bench.row(number)
    with pytest.raises(Refused):
        bench.do(UNDO)
    assert bench.row(number) == before


def test_a_message_during_a_firm_snooze_is_not_hidden_by_an_undo(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(Pending(conversations=(number,)))
    bench.do(Snooze(conversations=(number,), until=at("18:00"), firm=True))
    bench.take(received("m2", at("12:55"), reply_to="m1"))
    with pytest.raises(Refused):
        bench.do(UNDO)
    bench.clock.at = at("18:00")
    assert bench.status(number) == "open"


def test_a_status_that_went_elsewhere_and_came_back_is_not_as_it_was_left(bench: Bench) -> None:
    """Pending by us, open and pending again by the channel: that is not ours to take back."""
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.do(Pending(conversations=(number,)))
    bench.deliver()
    for word, when in (("open", "12:55"), ("pending", "12:56")):
        bench.take(status(word, at(when), conversation="c1"))
    with pytest.raises(Refused):
        bench.do(UNDO)
    assert bench.status(number) == "pending"


def test_a_tag_that_was_partly_there(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.do(Tag(conversations=(number,), add=("vip",)))
    bench.do(Tag(conversations=(number,), add=("vip", "refund")))
    bench.take(Tagged(at=at("12:51"), conversation="c1", add=("from elsewhere",)))
    bench.do(UNDO)
    assert set(bench.row(number).tags) == {"vip", "from elsewhere"}


# --- doors ------------------------------------------------------------------------------------------


def test_each_door_takes_back_its_own_steps_newest_first(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(Tag(conversations=(number,), add=("one",)))
    bench.do(Tag(conversations=(number,), add=("two",)))
    vars(bench.desk)["_door"] = "shell"
    bench.do(Tag(conversations=(number,), add=("three",)))
    vars(bench.desk)["_door"] = "screen"
    assert bench.desk.read(read.undoable, "screen").result()[1] == "tag two on #1"
    assert bench.desk.read(read.undoable, "shell").result()[1] == "tag three on #1"
    for door, left in (("screen", {"one", "three"}), ("shell", {"one"}), ("screen", set())):
        bench.do(Undo(door=door))
        assert set(bench.row(number).tags) == left
    for door in ("screen", "shell"):
        with pytest.raises(Refused):
            bench.do(Undo(door=door))


def test_two_screens_do_not_take_back_each_others_steps_unseen(bench: Bench) -> None:
    """What one of them shows is taken back, or nothing is."""
    number = bench.customer("m1", at("10:00"))
    here = bench.desk
    with desk_at(here.paths) as there:
        tagged = here.do(Tag(conversations=(number,), add=("vip",))).result().step
        assert here.read(read.undoable, "screen").result() == (tagged, "tag vip on #1")
        completed = there.do(Complete(conversations=(number,))).result()
        with pytest.raises(Refused, match="complete #1"):
            here.do(Undo(door="screen", step=tagged)).result()
        assert (bench.status(number), bench.row(number).tags) == ("complete", ("vip",))
        assert here.read(read.undoable, "screen").result() == (completed.step, completed.words)
        here.do(Undo(door="screen", step=completed.step)).result()
        assert bench.status(number) == "open"
        with pytest.raises(Refused, match="already"):
            there.do(Undo(door="screen", step=completed.step)).result()
        assert bench.row(number).tags == ("vip",)
        there.do(Undo(door="screen", step=tagged)).result()
        for step in (tagged, 0):
            with pytest.raises(Refused):
                here.do(Undo(door="screen", step=step)).result()
        assert here.read(read.undoable, "screen").result() == (0, "")


def test_what_has_left_since_it_was_shown_is_not_an_older_step(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(Tag(conversations=(number,), add=("vip",)))
    shown = bench.do(Reply(conversation=number, text="x", hold=True)).step
    bench.clock.advance(60)
    bench.deliver()
    with pytest.raises(Refused, match="left"):
        bench.do(Undo(door="screen", step=shown))
    assert bench.row(number).tags == ("vip",)


# --- letters ----------------------------------------------------------------------------------------


def test_a_held_reply_is_a_draft_again_without_its_signature(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bench_at(tmp_path / "home", monkeypatch, account=ACCOUNT + 'signature = "Acme"\n') as bench:
        number = bench.customer("m1", at("10:00"), conversation="c1")
        before = kept(bench, number)
        bench.do(SaveDraft(conversation=number, mode="reply", text="Hello Dana"))
        bench.reply(number, "Hello Dana", hold=True)
        assert bench.draft(number) is None
        bench.do(UNDO)
        assert bench.draft(number) == "Hello Dana"
        assert len(bench.messages(number)) == 1
        assert kept(bench, number)[0] == before[0]
        bench.clock.advance(60)
        bench.deliver()
        assert bench.script.tried == []
        assert bench.query("SELECT state FROM outbox WHERE type = 'reply'")[0][0] == "dropped"
        assert bench.desk.read(read.search, "Hello", bench.clock.now()).result() == []


def test_what_was_typed_since_stays_behind_it(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.reply(number, "first", hold=True)
    bench.do(SaveDraft(conversation=number, mode="reply", text="P.S."))
    bench.do(UNDO)
    assert bench.draft(number) == "first\n\nP.S."


def test_it_comes_back_where_only_a_recipient_was_typed_since(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.reply(number, "first", hold=True)
    bench.do(SaveDraft(conversation=number, mode="reply", text="", to="lee@x.example"))
    bench.do(UNDO)
    draft = bench.desk.read(read.draft, number, "reply").result()
    assert draft is not None
    assert (draft.text, draft.to) == ("first", "lee@x.example")


@pytest.mark.parametrize("answer", [Unconfirmed("broke"), None])
def test_what_may_have_left_is_not_called_back(bench: Bench, answer: Exception | None) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [answer] if answer else []
    bench.reply(number)
    bench.deliver()
    with pytest.raises(Refused):
        bench.do(UNDO)
    assert len(bench.messages(number)) == 2


def test_what_was_certainly_not_done_can_be(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [Unavailable("down")]
    bench.reply(number, "Hello")
    bench.deliver()
    bench.do(UNDO)
    bench.clock.advance(3600)
    bench.deliver()
    assert (bench.script.tried_types(), bench.draft(number)) == (["reply"], "Hello")


@pytest.mark.parametrize("answer", [Unavailable("down"), Unconfirmed("broke"), RuntimeError("crash")])
def test_a_state_taken_back_while_it_is_tried_is_not_asked_for_again(bench: Bench, answer: Exception) -> None:
    number = bench.customer("m1", at("10:00"))

    def taken_back(_: Outgoing) -> Receipt:
        bench.do(UNDO)
        raise answer

    bench.script.performs = [taken_back]
    bench.do(Complete(conversations=(number,)))
    bench.deliver()
    bench.clock.advance(3600)
    bench.deliver()
    assert bench.script.tried_types() == ["complete", "reopen"]
    assert (bench.status(number), bench.open_types()) == ("open", [])


def test_a_complete_with_its_reply_are_two_steps(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    before = kept(bench, number)[0]
    bench.reply(number, hold=True)
    bench.do(Complete(conversations=(number,)))
    bench.do(UNDO)
    assert bench.status(number) == "pending"
    bench.do(UNDO)
    assert kept(bench, number)[0] == before


def test_a_start_leaves_no_empty_conversation(bench: Bench) -> None:
    done = bench.do(
        Start(account="shop", to=(DANA, LEGAL), cc=(SAM,), text="Hello", subject="Refund", hold=True)
    )
    bench.do(UNDO)
    assert bench.rows() == []
    draft = bench.desk.read(read.draft, 0, "start").result()
    assert draft is not None
    assert (draft.text, draft.subject, draft.account) == ("Hello", "Refund", "shop")
    assert draft.to == "Dana Ortiz <dana@ortiz.example>, Legal <legal@ortiz.example>"
    assert draft.cc == "Sam <sam@acme.example>"
    assert bench.do(Start(account="shop", to=(DANA,), text="again")).conversations[0] > done.conversations[0]


def test_a_forward_is_a_forward_again(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), subject="Refund")
    bench.do(Forward(conversation=number, to=(LEGAL,), text="What do you say?", hold=True))
    bench.do(UNDO)
    assert [row.n for row in bench.rows()] == [number]
    assert (bench.draft(number, "forward"), bench.draft(0, "start")) == ("What do you say?", None)
    assert [entry.undone for entry in bench.entries(number) if entry.what == "forwarded"] == [True]


@pytest.mark.parametrize("shared", [True, False])
def test_a_note(bench: Bench, shared: bool) -> None:
    if not shared:
        bench.can(performs=frozenset())
    number = bench.customer("m1", at("10:00"))
    bench.do(Note(conversation=number, text="between us"))
    bench.do(UNDO)
    assert (len(bench.messages(number)), bench.draft(number, "note")) == (1, "between us")
    bench.deliver()
    assert bench.script.tried == []


def test_a_note_the_team_has_stays(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(Note(conversation=number, text="between us"))
    bench.deliver()
    with pytest.raises(Refused):
        bench.do(UNDO)


def test_a_reply_with_changed_recipients_has_them_again(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(Reply(conversation=number, text="x", to=(LEGAL,), hold=True))
    bench.do(UNDO)
    draft = bench.desk.read(read.draft, number, "reply").result()
    assert draft is not None
    assert draft.to == "Legal <legal@ortiz.example>"


ALIASES = 'addresses = ["sales@acme.example"]\n'
HIDDEN: dict[str, Any] = {"bcc": (SAM,), "sender": "sales@acme.example"}


@pytest.mark.parametrize("back", ["undo", "settle"])
def test_a_letter_comes_back_with_hidden_copies_files_and_alias(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, back: str
) -> None:
    (tmp_path / "label.txt").write_text("a label")
    monkeypatch.chdir(tmp_path)
    files = ("label.txt",)
    with bench_at(tmp_path / "home", monkeypatch, account=ACCOUNT + ALIASES) as bench:
        number = bench.customer("m1", at("10:00"))
        made: dict[tuple[int, str], Command] = {
            (number, "reply"): Reply(conversation=number, text="x", files=files, hold=True, **HIDDEN),
            (0, "start"): Start(account="shop", to=(LEGAL,), text="x", files=files, hold=True, **HIDDEN),
            (number, "forward"): Forward(
                conversation=number, to=(LEGAL,), bcc=(SAM,), files=files, hold=True
            ),
        }
        for (conversation, mode), command in made.items():
            done = bench.do(command)
            bench.do(UNDO if back == "undo" else Settle(key=done.keys[0], how="back"))
            draft = bench.desk.read(read.draft, conversation, mode).result()
            assert draft is not None
            assert (draft.bcc, draft.files) == ("Sam <sam@acme.example>", (str(tmp_path / "label.txt"),))
            assert draft.sender == ("" if mode == "forward" else "sales@acme.example")


def test_files_typed_since_stay_with_those_that_come_back(bench: Bench, tmp_path: Path) -> None:
    number = bench.customer("m1", at("10:00"))
    for name in ("a", "b"):
        (tmp_path / name).write_text(name)
    one, two = str(tmp_path / "a"), str(tmp_path / "b")
    bench.reply(number, "first", files=(one,), hold=True)
    bench.do(
        SaveDraft(conversation=number, mode="reply", text="first", files=(one, two), bcc="lee@x.example")
    )
    bench.do(UNDO)
    draft = bench.desk.read(read.draft, number, "reply").result()
    assert draft is not None
    assert (draft.text, draft.files, draft.bcc) == ("first", (one, two), "lee@x.example")


def test_a_draft_names_its_files_whole(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be opened from another folder."""
    number = bench.customer("m1", at("10:00"))
    monkeypatch.chdir(tmp_path)
    bench.do(SaveDraft(conversation=number, mode="reply", text="x", files=("a.pdf",)))
    draft = bench.desk.read(read.draft, number, "reply").result()
    assert draft is not None
    assert draft.files == (str(tmp_path / "a.pdf"),)


def test_a_draft_of_files_alone_is_one(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(SaveDraft(conversation=number, mode="reply", text="", files=("/tmp/a",), sender="x@y.example"))
    draft = bench.desk.read(read.draft, number, "reply").result()
    assert draft is not None
    assert (draft.files, draft.sender) == (("/tmp/a",), "x@y.example")
    bench.do(SaveDraft(conversation=number, mode="reply", text="", sender="x@y.example"))
    assert bench.draft(number) is None
