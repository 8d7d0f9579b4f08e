"""Commands as rows: what an agent does, what is queued for the channel, and what is refused."""

import json
from pathlib import Path

import pytest

from tests.desk.bench import ACCOUNT, ANA, DANA, SAM, Bench, at, bench_at, received, sent
from tuidesk.desk import download, read
from tuidesk.domain.commands import (
    Assign,
    Command,
    Complete,
    Forward,
    Note,
    Pending,
    Reply,
    SaveDraft,
    Seen,
    SetPriority,
    Snooze,
    Start,
    Tag,
)
from tuidesk.domain.model import File, Person
from tuidesk.domain.outgoing import Receipt
from tuidesk.errors import NotFound, Refused

LEGAL = Person("Legal", "legal@ortiz.example")


# --- replies ----------------------------------------------------------------------------------------


def test_a_reply_is_made_whole_for_its_channel(bench: Bench) -> None:
    number = bench.customer("<m1@x>", at("10:00"), subject="Refund", cc=(LEGAL,), conversation=None)
    bench.take(received("<m2@x>", at("10:05"), subject="Re: Refund", cc=(LEGAL,), refs=("<m1@x>",)))
    done = bench.do(Reply(conversation=number, text="It leaves today.", bcc=(SAM,)))
    assert bench.ours(number).state == "queued"
    bench.deliver()
    out = bench.script.tried[0]
    assert (out.type, out.key, out.conversation, out.at) == ("reply", done.keys[0], None, at("12:50"))
    assert (out.subject, out.reply_to, out.refs) == ("Re: Refund", "<m2@x>", ("<m1@x>", "<m2@x>"))
    assert (out.to, out.cc, out.bcc) == ((DANA,), (LEGAL,), (SAM,))
    assert (out.sender, out.agent.name, out.text) == (
        Person("Ana", "support@acme.example"),
        "Ana",
        "It leaves today.",
    )
    assert set(out.targets) == {"<m1@x>", "<m2@x>"}
    assert len(out.key) <= 48
    assert out.key.replace("-", "").isalnum()


def test_a_reply_names_the_thread_as_far_as_it_has_left(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.script.performs = [Receipt(id="r1")]
    bench.reply(number, "one")
    bench.deliver()
    bench.do(Note(conversation=number, text="between us"))
    bench.reply(number, "two")
    bench.deliver()
    assert bench.script.tried[-1].refs == ("r1", "m1")
    assert bench.script.tried[-1].reply_to == "m1"


def test_of_a_long_thread_the_first_and_the_newest_are_named(bench: Bench) -> None:
    number = bench.customer("m0", at("10:00"))
    bench.take(*(received(f"m{n}", at("10:00") + n, reply_to="m0") for n in range(1, 60)))
    bench.reply(number)
    bench.deliver()
    refs = bench.script.tried[0].refs
    assert (len(refs), refs[0], refs[-1]) == (30, "m0", "m59")


def test_text_leaves_as_it_was_typed(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    typed = ("Hello", "  set in\n\n")
    for text in typed:
        bench.reply(number, text)
    bench.deliver()
    assert tuple(out.text for out in bench.script.tried if out.type == "reply") == typed


def test_the_signature_stands_under_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    account = ACCOUNT + 'signature = "Acme Support"\n'
    with bench_at(tmp_path / "home", monkeypatch, account=account) as bench:
        number = bench.customer("m1", at("10:00"))
        bench.reply(number, "Hello  \n\n")
        bench.reply(number, "Hello\n-- \nAcme Support\n")
        bench.deliver()
        replies = [out.text for out in bench.script.tried if out.type == "reply"]
        assert replies == ["Hello\n\n-- \nAcme Support\n", "Hello\n-- \nAcme Support\n"]


@pytest.mark.parametrize(
    ("signature", "below"), [("-- \nAcme Support", "Acme Support"), ("-----\nAcme", "-----\nAcme")]
)
def test_a_signature_brings_its_dashes_once_and_keeps_its_own_rule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, signature: str, below: str
) -> None:
    account = ACCOUNT + f"signature = {json.dumps(signature)}\n"
    with bench_at(tmp_path / "home", monkeypatch, account=account) as bench:
        bench.reply(bench.customer("m1", at("10:00")), "Hello")
        bench.deliver()
        assert bench.script.tried[0].text == f"Hello\n\n-- \n{below}\n"


@pytest.mark.parametrize(
    "command",
    [
        Reply(conversation=1, text="  \n"),
        Reply(conversation=1, text="x", files=("/nowhere/file",)),
        Reply(conversation=1, text="x", sender="somebody@else.example"),
        Reply(conversation=1, text="x", if_last=999),
        Start(account="shop", to=(), text="x"),
        Start(account="gone", to=(DANA,), text="x"),
        Snooze(conversations=(1,), until=0),
        Snooze(conversations=(1,), until=None, firm=True),
        Complete(conversations=(1,), seen=((1, 999),)),
        Tag(conversations=(1,), add=(" ",), remove=("none",)),
    ],
)
def test_what_does_not_hold_is_refused_and_nothing_changes(bench: Bench, command: Command) -> None:
    bench.customer("m1", at("10:00"))
    before = (bench.row(1), bench.open_types(), bench.entries(1))
    with pytest.raises(Refused):
        bench.do(command)
    assert (bench.row(1), bench.open_types(), bench.entries(1)) == before
    assert bench.desk.read(read.undoable, "screen").result() == (0, "")


def test_what_is_not_there_is_not_found(bench: Bench) -> None:
    bench.take(received("m1", at("10:00")), received("m2", at("10:00"), sender=SAM))
    theirs = bench.messages(bench.conversation_of("m2"))[0].n
    for command in (
        Reply(conversation=99, text="x"),
        Reply(conversation=bench.conversation_of("m1"), text="x", answers=theirs),
        Complete(conversations=(99,)),
    ):
        with pytest.raises(NotFound):
            bench.do(command)


def test_a_channel_that_only_reads_takes_no_reply(bench: Bench) -> None:
    bench.can(performs=frozenset({"complete"}))
    number = bench.customer("m1", at("10:00"))
    for command in (
        Reply(conversation=number, text="x"),
        Start(account="shop", to=(DANA,), text="x"),
        Forward(conversation=number, to=(LEGAL,)),
    ):
        with pytest.raises(Refused):
            bench.do(command)


def test_reply_if_last_holds_for_the_last_message(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(Reply(conversation=number, text="x", if_last=bench.row(number).last_message))


def test_only_replies_from_the_screen_are_held(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    held, quick = bench.reply(number, hold=True), bench.reply(number)
    assert bench.work(held)["not_before"] == at("12:50:10")
    assert bench.work(quick)["not_before"] == at("12:50")
    (leaving, _) = bench.desk.read(read.leaving).result()
    assert (leaving.key, leaving.name, leaving.not_before) == (held, "Dana Ortiz", at("12:50:10"))


def test_what_is_attached_is_copied_when_it_is_queued(bench: Bench, tmp_path: Path) -> None:
    number = bench.customer("m1", at("10:00"))
    given = tmp_path / "receipt.pdf"
    given.write_bytes(b"%PDF original")
    bench.reply(number, files=(str(given),))
    given.write_bytes(b"changed since")
    bench.deliver()
    (file,) = bench.script.tried[0].files
    assert (file.name, file.type) == ("receipt.pdf", "application/pdf")
    assert Path(file.path).read_bytes() == b"%PDF original"
    assert Path(file.path).stat().st_mode & 0o777 == 0o600
    (shown,) = bench.ours(number).attachments
    assert (shown.name, shown.size) == ("receipt.pdf", 13)
    assert (
        download.save(bench.desk, bench.ours(number).n, shown.ref, shown.name, tmp_path / "saved")
        .result(5)
        .read_bytes()
        == b"%PDF original"
    )
    assert isinstance(file, File)


def test_a_note_is_for_the_team(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    bench.do(Note(conversation=number, text="carrier says lost"))
    assert bench.messages(number)[-1].state == "queued"
    bench.deliver()
    (out,) = bench.script.tried
    assert (out.type, out.text, out.conversation) == ("note", "carrier says lost", "c1")
    note = bench.messages(number)[-1]
    assert (note.direction, note.state, note.sender.me) == ("note", "", True)
    bench.can(performs=frozenset())
    bench.do(Note(conversation=number, text="stays here"))
    assert (bench.messages(number)[-1].state, bench.open_types()) == ("", [])


# --- states -----------------------------------------------------------------------------------------


def test_states_reach_the_channel_with_all_it_needs(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1", ids=("other",))
    for command in (
        Pending(conversations=(number,), pending_for="billing"),
        Snooze(conversations=(number,), until=at("18:00"), firm=True),
        Assign(conversations=(number,), to=SAM),
        Tag(conversations=(number,), add=("vip", "vip", "refund"), remove=("none",)),
        SetPriority(conversations=(number,), priority="high"),
        Complete(conversations=(number,)),
    ):
        bench.do(command)
    bench.deliver()
    pending, snooze, assign, tag, priority, complete = bench.script.tried
    assert (pending.type, pending.pending_for) == ("pending", "billing")
    assert (snooze.type, snooze.until, snooze.until_reply) == ("snooze", at("18:00"), False)
    assert (assign.type, assign.assignee) == ("assign", SAM)
    assert (tag.type, tag.add, tag.remove) == ("tag", ("vip", "refund"), ())
    assert (priority.type, priority.priority) == ("priority", "high")
    assert (complete.type, complete.seen, set(complete.targets)) == ("complete", "m1", {"m1", "other"})
    assert {out.conversation for out in bench.script.tried} == {"c1"}
    row = bench.row(number)
    assert (row.status, row.assignee, row.tags, row.priority) == ("complete", SAM, ("refund", "vip"), "high")


def test_several_conversations_are_one_step(bench: Bench) -> None:
    numbers = tuple(bench.customer(f"m{n}", at("10:00")) for n in range(3))
    done = bench.do(Complete(conversations=numbers))
    assert (len(done.keys), done.conversations, done.words) == (3, numbers, "complete #1, #2, #3")
    with pytest.raises(NotFound):
        bench.do(Tag(conversations=(*numbers, 99), add=("x",)))
    assert all(bench.row(number).tags == () for number in numbers)


def test_complete_of_what_has_moved_is_refused(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    seen = bench.row(number).last_in
    bench.take(received("m2", at("10:05"), reply_to="m1"))
    with pytest.raises(Refused):
        bench.do(Complete(conversations=(number,), seen=((number, seen),)))
    bench.do(Complete(conversations=(number,), seen=((number, bench.row(number).last_in),)))


def test_looking_at_it_counts_as_read_and_does_nothing_outside(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    assert bench.row(number).unread == 1
    bench.do(Seen(conversation=number))
    assert bench.row(number).unread == 0
    bench.take(received("m2", at("10:05"), reply_to="m1"))
    assert bench.row(number).unread == 1
    bench.take(sent("o1", at("10:06"), reply_to="m2"))
    assert (bench.row(number).unread, bench.open_types()) == (0, [])


# --- drafts -----------------------------------------------------------------------------------------


def archived(bench: Bench) -> list[str]:
    return [
        row["text"] for row in bench.query("SELECT text FROM draft WHERE archived_at IS NOT NULL ORDER BY id")
    ]


def test_drafts_are_kept_apart_by_conversation_and_mode(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    for mode, text in (("reply", "to Dana"), ("note", "to us")):
        bench.do(SaveDraft(conversation=number, mode="reply" if mode == "reply" else "note", text=text))
    bench.do(SaveDraft(conversation=None, mode="start", text="new", to="lee@x.example", account="shop"))
    assert (bench.draft(number), bench.draft(number, "note"), bench.draft(0, "start")) == (
        "to Dana",
        "to us",
        "new",
    )
    assert bench.row(number).draft
    bench.reply(number, "to Dana")
    assert (bench.draft(number), bench.draft(number, "note")) == (None, "to us")


def test_an_emptied_draft_is_archived_with_its_last_words(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(SaveDraft(conversation=number, mode="reply", text="precious", to="a@x.example"))
    bench.do(SaveDraft(conversation=number, mode="reply", text="", to="a@x.example"))
    assert archived(bench) == ["precious"]
    bench.do(SaveDraft(conversation=number, mode="reply", text=""))
    assert (bench.draft(number), bench.row(number).draft) == (None, False)


def test_words_of_another_screen_in_the_same_draft_are_kept(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))

    def keep(text: str, over: str) -> None:
        bench.do(SaveDraft(conversation=number, mode="reply", text=text, over=over))

    keep("Hi", over="")
    began = bench.query("SELECT began FROM draft")[0][0]
    keep("Hi Dana", over="Hi")
    bench.take(received("m2", at("12:55"), conversation="c1"))
    keep("Hi, refunded", over="Hi")
    keep("Hi, refunded today", over="Hi, refunded")
    keep("Hi, refunded today", over="Hi")
    keep("Hi Dana!", over="Hi Dana")
    kept = bench.query("SELECT text, archived_at IS NULL, began FROM draft ORDER BY id")
    assert [tuple(row) for row in kept] == [
        ("Hi Dana", 0, began),
        ("Hi, refunded today", 0, began),
        ("Hi Dana!", 1, began),
    ]


def test_what_the_shell_sends_leaves_the_composers_draft(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(SaveDraft(conversation=number, mode="reply", text="half a sen"))
    vars(bench.desk)["_door"] = "shell"
    bench.reply(number, "from a script")
    assert bench.draft(number) == "half a sen"
    bench.reply(number, "half a sen")
    assert bench.draft(number) is None


def test_the_work_survives_as_json(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), subject="Zoë 환불")
    key = bench.reply(number, "grüße 🙂", cc=(LEGAL,), bcc=(ANA,))
    assert json.loads(bench.work(key)["out"])["text"] == "grüße 🙂"
    bench.deliver()
    assert (bench.script.tried[0].subject, bench.script.tried[0].bcc) == ("Re: Zoë 환불", (ANA,))
