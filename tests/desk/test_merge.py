"""Merge and split: one customer's conversations as one thread, by a link that can be taken away."""

from pathlib import Path
from typing import Any

import pytest

from tests.desk.bench import ACCOUNT, ANA, DANA, LEGAL, SAM, Bench, at, bench_at, received, sent, status
from tuidesk.desk import news, read
from tuidesk.desk.entry_words import entry_words
from tuidesk.domain.commands import (
    Assign,
    Command,
    Complete,
    Forward,
    Handover,
    Merge,
    Mute,
    Note,
    Pending,
    Reopen,
    Reply,
    SaveDraft,
    Seen,
    SetPriority,
    Settle,
    Snooze,
    Spam,
    Split,
    Star,
    Start,
    Tag,
    Undo,
)
from tuidesk.domain.model import Person
from tuidesk.domain.outgoing import Receipt
from tuidesk.errors import Refused, Rejected
from tuidesk.store import contacts

UNDO = Undo(door="screen")


def two(bench: Bench) -> tuple[int, int]:
    """Two threads of Dana's, the second one newer."""
    one = bench.customer("m1", at("10:00"), conversation="c1", subject="Refund")
    other = bench.customer("m2", at("11:00"), conversation="c2", subject="Any news?")
    return one, other


def state(bench: Bench) -> Any:
    """All that is of the conversations, but for the history."""
    tags = bench.query("SELECT conversation, tag FROM tag ORDER BY 1, 2")
    drafts = bench.query("SELECT conversation, mode, text FROM draft WHERE archived_at IS NULL ORDER BY 1, 2")
    rows = bench.query("SELECT * FROM conversation ORDER BY id")
    return [[tuple(row) for row in found] for found in (rows, tags, drafts)]


def test_the_thread_has_all_that_was_said_in_time_order_under_one_number(bench: Bench) -> None:
    one, other = two(bench)
    bench.take(received("m3", at("12:00"), conversation="c1"), sent("s1", at("10:30"), conversation="c2"))
    assert bench.do(Merge(conversations=(one, other))).words == f"merge #{other} into #{one}"
    for number in (one, other):
        thread = bench.thread(number)
        assert (thread.row.n, thread.merged) == (one, (other,))
        assert [m.id for m in bench.messages(number)] == ["m1", "s1", "m2", "m3"]
        assert [m.conversation for m in bench.messages(number)] == [one, other, other, one]
    assert entry_words(bench.entries(one)[-1], str) == f"-- #{other} merged into #{one} (you)"


def test_the_row_of_the_thread_speaks_for_all_of_it(bench: Bench) -> None:
    one, other = two(bench)
    bench.do(Complete(conversations=(one,)))
    bench.do(Merge(conversations=(other,), into=one))
    row = bench.row(one)
    assert (row.status, row.unread, row.waiting_since) == ("open", 2, at("11:00"))
    assert (row.last_at, row.last_in) == (at("11:00"), bench.messages(one)[-1].n)
    assert ("reopened", "merged") in bench.history(one)


def test_the_named_one_is_the_thread_also_if_it_is_the_younger(bench: Bench) -> None:
    one, other = two(bench)
    bench.do(Merge(conversations=(one,), into=other))
    assert bench.thread(one).row.n == other


def test_whoever_had_the_part_has_the_thread_and_its_tags_are_the_threads(bench: Bench) -> None:
    one, other = two(bench)
    bench.do(Assign(conversations=(other,), to=SAM))
    bench.do(Tag(conversations=(other,), add=("refund",)))
    before = state(bench)
    bench.do(Merge(conversations=(one, other)))
    assert (bench.row(one).assignee, bench.row(one).tags) == (SAM, ("refund",))
    bench.do(UNDO)
    assert state(bench) == before


def test_only_conversations_of_one_customer(bench: Bench) -> None:
    one = bench.customer("m1", at("10:00"))
    stranger = bench.customer("m2", at("11:00"), sender=LEGAL, subject="Other")
    with pytest.raises(Refused, match="two customers"):
        bench.do(Merge(conversations=(one, stranger)))
    with pytest.raises(Refused):
        bench.do(Merge(conversations=(one,)))
    with pytest.raises(Refused):
        bench.do(Merge(conversations=(one,), into=one))


def test_chains_are_one_thread_and_a_circle_is_refused(bench: Bench) -> None:
    one, other = two(bench)
    third = bench.customer("m3", at("12:00"), conversation="c3")
    bench.do(Merge(conversations=(third,), into=other))
    bench.do(Merge(conversations=(other,), into=one))
    assert bench.thread(third).row.n == bench.thread(other).row.n == one
    assert [m.id for m in bench.messages(third)] == ["m1", "m2", "m3"]
    for pair in ((one, third), (other, third), (third, one)):
        with pytest.raises(Refused):
            bench.do(Merge(conversations=pair[:1], into=pair[1]))
    bench.do(UNDO)
    assert (bench.thread(third).row.n, bench.thread(one).merged) == (other, ())


def test_an_undo_brings_everything_back(bench: Bench) -> None:
    one, other = two(bench)
    bench.do(Complete(conversations=(one,)))
    bench.deliver()
    for number, text in ((one, "to one"), (other, "to the other")):
        bench.do(SaveDraft(conversation=number, mode="reply", text=text, to="lee@x.example"))
    bench.do(SaveDraft(conversation=other, mode="note", text="a note"))
    before = state(bench)
    bench.do(Merge(conversations=(one, other)))
    assert bench.draft(one) == "to the other\n\nto one"
    assert (bench.draft(one, "note"), bench.draft(other, "note")) == ("a note", "a note")
    bench.do(UNDO)
    after = state(bench)
    assert after[:2] == before[:2]
    assert (bench.draft(other), bench.draft(other, "note")) == ("to the other", "a note")
    assert bench.draft(one, "note") is None
    assert bench.draft(one) == "to one", "no words are left in two drafts"


def test_what_was_typed_into_a_merged_draft_stays_when_the_merge_is_taken_back(bench: Bench) -> None:
    one, other = two(bench)
    for number, text in ((one, "the same"), (other, "the same")):
        bench.do(SaveDraft(conversation=number, mode="reply", text=text))
    bench.do(Merge(conversations=(one, other)))
    bench.do(UNDO)
    assert (bench.draft(one), bench.draft(other)) == ("the same", "the same")
    bench.do(Merge(conversations=(one, other)))
    bench.do(SaveDraft(conversation=one, mode="reply", text="the same, and more"))
    bench.do(UNDO)
    assert (bench.draft(one), bench.draft(other)) == ("the same, and more", "the same")


def test_split_gives_it_back_as_the_thread_is(bench: Bench) -> None:
    one, other = two(bench)
    bench.do(Merge(conversations=(one, other)))
    bench.do(Pending(conversations=(other,)))
    assert bench.do(Split(conversations=(other,))).words == f"split #{other} off"
    assert [m.id for m in bench.messages(other)] == ["m2"]
    assert [m.id for m in bench.messages(one)] == ["m1"]
    assert bench.status(one) == bench.status(other) == "pending"
    assert (bench.row(one).last_at, bench.row(other).last_at) == (at("10:00"), at("11:00"))
    words = [entry_words(bench.entries(n)[-1], str) for n in (one, other)]
    assert words == [f"-- #{other} split off (you)", f"-- split from #{one} (you)"]
    with pytest.raises(Refused):
        bench.do(Split(conversations=(other,)))
    bench.do(UNDO)
    assert bench.thread(other).row.n == one


def test_a_split_taken_back_takes_the_draft_along_again(bench: Bench) -> None:
    one, other = two(bench)
    bench.do(Merge(conversations=(one, other)))
    bench.do(Split(conversations=(other,)))
    bench.do(SaveDraft(conversation=other, mode="reply", text="meanwhile"))
    bench.do(UNDO)
    assert bench.draft(one) == "meanwhile"
    assert not bench.query("SELECT 1 FROM draft WHERE conversation = ? AND archived_at IS NULL", other)


def test_split_by_the_threads_own_number_takes_all_of_it_apart(bench: Bench) -> None:
    one, other = two(bench)
    third = bench.customer("m3", at("12:00"), conversation="c3")
    bench.do(Merge(conversations=(one, other, third)))
    bench.do(Split(conversations=(one,)))
    assert [bench.thread(n).row.n for n in (one, other, third)] == [one, other, third]


def test_a_reply_goes_to_the_conversation_of_the_message_it_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sales = ACCOUNT.replace("support@", "sales@")
    with bench_at(tmp_path / "home", monkeypatch, other=sales) as bench:
        one = bench.customer("m1", at("10:00"), subject="Refund")
        bench.take(received("m2", at("11:00"), subject="Any news?"), account="other")
        other = bench.conversation_of("m2")
        bench.do(Merge(conversations=(one, other)))
        newest = bench.work(bench.reply(one, "to the newest"))
        assert (newest["account"], newest["conversation"]) == ("other", other)
        assert '"reply_to": "m2"' in newest["out"]
        assert '"subject": "Re: Any news?"' in newest["out"]
        older = bench.work(bench.reply(other, "to the older", answers=bench.messages(one)[0].n))
        assert (older["account"], older["conversation"]) == ("shop", one)
        assert [m.text for m in bench.messages(one)][-2:] == ["to the newest", "to the older"]
        assert bench.status(one) == "pending"


def test_a_reply_called_back_is_the_threads_draft(bench: Bench) -> None:
    one, other = two(bench)
    bench.do(Merge(conversations=(one, other)))
    before = state(bench)[:2]
    bench.reply(one, "held", hold=True)
    bench.do(UNDO)
    assert (bench.draft(one), state(bench)[:2]) == ("held", before)


def test_a_customers_message_in_a_part_opens_the_thread(bench: Bench) -> None:
    one, other = two(bench)
    bench.do(Merge(conversations=(one, other)))
    bench.do(Complete(conversations=(one,)))
    bench.deliver()
    bench.take(received("m3", at("12:55"), conversation="c2"))
    assert (bench.status(one), bench.wait(one), bench.row(one).unread) == ("open", at("12:55"), 3)
    assert [why for what, why in bench.history(one) if what == "reopened"] == ["customer"]
    bench.do(Complete(conversations=(one,)))
    bench.do(Mute(conversations=(one,)))
    bench.take(received("m4", at("12:56"), conversation="c2"))
    assert bench.status(one) == "complete", "the thread is muted, and so are its parts"


def test_moves_reach_the_channels_of_all_parts_once_and_back(bench: Bench) -> None:
    one, other = two(bench)
    bench.do(Merge(conversations=(one, other)))
    bench.do(Complete(conversations=(one, other)))
    bench.deliver()
    assert [(o.type, o.conversation, o.seen) for o in bench.script.tried] == [
        ("complete", "c1", "m1"),
        ("complete", "c2", "m2"),
    ]
    assert [what for what, _ in bench.history(one)].count("completed") == 1
    bench.do(UNDO)
    bench.deliver()
    assert [(o.type, o.conversation) for o in bench.script.tried[2:]] == [("reopen", "c2"), ("reopen", "c1")]
    bench.do(Snooze(conversations=(one,), until=at("18:00")))
    bench.do(Reopen(conversations=(one,)))
    assert bench.status(one) == "open"


SET: list[tuple[Command, str]] = [
    (Assign(conversations=(2,), to=SAM), "assign"),
    (Tag(conversations=(2,), add=("refund",), remove=("vip",)), "tag"),
    (SetPriority(conversations=(2,), priority="urgent"), "priority"),
    (Handover(to=SAM), "assign"),
    (Star(conversations=(2,)), ""),
    (Mute(conversations=(2,)), ""),
    (Spam(conversations=(2,)), "complete"),
]


@pytest.mark.parametrize(("command", "work"), SET)
def test_what_is_set_on_a_thread_is_set_on_each_part_and_its_channel_by_one_step(
    bench: Bench, command: Command, work: str
) -> None:
    pair = two(bench)
    bench.do(Merge(conversations=pair))
    bench.do(Assign(conversations=pair, to=ANA))
    bench.do(Tag(conversations=pair, add=("vip",)))
    bench.deliver()
    bench.script.tried.clear()
    before, told = state(bench), len(bench.entries(pair[0]))
    bench.do(command)
    first, second = (
        [bench.query(f"SELECT {columns} WHERE {key} = ?", n)[0][0] for columns, key in _CARRIED] for n in pair
    )
    assert first == second, "each keeps it after a split"
    bench.deliver()
    told_channels = [(out.type, out.conversation) for out in bench.script.tried]
    assert told_channels == ([(work, "c1"), (work, "c2")] if work else [])
    shown = [e.what for e in bench.entries(pair[0])][told:]
    assert len(shown) == len(set(shown)), "the history says it once"
    bench.do(UNDO)
    assert state(bench) == before
    bench.deliver()
    assert sorted(str(out.conversation) for out in bench.script.tried[len(told_channels) :]) == [
        conversation for _, conversation in told_channels
    ]


_CARRIED = [
    ("assignee FROM conversation", "id"),
    ("priority FROM conversation", "id"),
    ("starred || muted || spam || status FROM conversation", "id"),
    ("group_concat(tag) FROM tag", "conversation"),
]
"""What a conversation carries, but for its history."""


def test_a_split_leaves_each_with_whom_the_thread_was_given_to(bench: Bench) -> None:
    pair = two(bench)
    bench.do(Merge(conversations=pair))
    bench.do(Assign(conversations=pair[:1], to=SAM))
    bench.do(Tag(conversations=pair[:1], add=("refund",)))
    bench.do(Split(conversations=pair[1:]))
    assert [(bench.row(n).assignee, bench.row(n).tags) for n in pair] == [(SAM, ("refund",))] * 2
    bench.do(Assign(conversations=pair[:1], to=None))
    assert bench.row(pair[1]).assignee == SAM


def test_a_thread_is_theirs_only_if_all_of_it_is(bench: Bench) -> None:
    """Merged with the agent's own, what another has can still be taken; the history says that it was."""
    one, other = two(bench)
    bench.do(Assign(conversations=(one,), to=ANA))
    bench.do(Assign(conversations=(other,), to=SAM))
    bench.do(Merge(conversations=(one, other)))
    bench.deliver()
    bench.script.tried.clear()
    bench.do(Assign(conversations=(one,), to=ANA))
    bench.deliver()
    assert [(out.type, out.conversation, out.assignee) for out in bench.script.tried] == [
        ("assign", "c2", ANA)
    ]
    assert bench.entries(one)[-1].what == "assigned"
    with pytest.raises(Refused):
        bench.do(Assign(conversations=(one,), to=ANA))


def test_news_of_a_part_is_the_threads(bench: Bench) -> None:
    one, other = two(bench)
    bench.do(Mute(conversations=(one,)))
    bench.do(Merge(conversations=(other,), into=one))
    told = bench.desk.read(news.mark).result()
    bench.take(received("m3", at("12:56"), conversation="c2"))
    told, items = bench.desk.read(news.since, told, bench.clock.now()).result()
    assert items == (), "a muted thread is silent in all of its parts"
    bench.do(Mute(conversations=(one,), on=False))
    bench.take(received("m4", at("12:57"), conversation="c2"))
    told, items = bench.desk.read(news.since, told, bench.clock.now()).result()
    assert [(item.kind, item.conversation) for item in items] == [("new", one)]


def test_a_complete_waits_for_the_reply_in_another_part(bench: Bench) -> None:
    """If the reply is refused, nothing of the thread has been completed on its channel."""
    one, other = two(bench)
    bench.do(Merge(conversations=(one, other)))
    bench.reply(one, hold=True)
    bench.do(Complete(conversations=(one,)))
    bench.deliver()
    assert bench.script.tried == [], "the reply is held, and so is what goes with it"
    bench.script.performs = [Rejected("no")]
    bench.clock.advance(60)
    bench.deliver()
    assert bench.script.tried_types() == ["reply"]
    assert (bench.status(one), bench.row(one).trouble, bench.open_types()) == ("open", "failed", [])


def test_a_reply_is_checked_against_the_whole_thread(bench: Bench) -> None:
    one, other = two(bench)
    bench.do(Merge(conversations=(one, other)))
    bench.do(Reply(conversation=one, text="x", last_seen=bench.row(one).last_message, hold=True))
    bench.take(received("m3", at("12:55"), conversation="c1"))
    bench.clock.advance(60)
    bench.deliver()
    assert (bench.script.tried, bench.row(one).trouble) == ([], "failed")


def test_a_channels_word_on_a_part_hides_nothing_but_opens_the_thread(bench: Bench) -> None:
    one, other = two(bench)
    bench.do(Merge(conversations=(one, other)))
    bench.take(status("complete", at("12:51"), conversation="c2"))
    assert bench.status(one) == "open"
    bench.do(Complete(conversations=(one,)))
    bench.deliver()
    bench.take(status("open", at("12:58"), conversation="c2"))
    assert bench.status(one) == "open"


def test_looking_at_the_thread_is_looking_at_all_of_it(bench: Bench) -> None:
    one, other = two(bench)
    bench.do(Seen(conversation=other))
    bench.do(Merge(conversations=(one, other)))
    assert bench.row(one).unread == 1
    bench.do(Seen(conversation=other))
    assert bench.row(one).unread == 0
    bench.do(Split(conversations=(other,)))
    assert (bench.row(one).unread, bench.row(other).unread) == (0, 0)


def test_notes_forwards_and_drafts_by_either_number_are_the_threads(bench: Bench) -> None:
    one, other = two(bench)
    bench.do(Merge(conversations=(one, other)))
    bench.do(Note(conversation=other, text="a note"))
    bench.do(SaveDraft(conversation=other, mode="reply", text="a draft"))
    done = bench.do(Forward(conversation=other, to=(LEGAL,), hold=True))
    assert bench.messages(one)[-1].text == "a note"
    assert (bench.draft(one), bench.row(one).draft) == ("a draft", True)
    assert set(bench.thread(one).links) < set(done.conversations)
    recipients = bench.desk.read(read.recipients, one).result()
    assert recipients.to == (DANA,)


def test_a_thread_that_is_taken_back_lets_its_parts_go(bench: Bench) -> None:
    one = bench.customer("m1", at("10:00"))
    started = bench.do(Start(account="shop", to=(DANA,), text="Hello", hold=True)).conversations[0]
    bench.do(Merge(conversations=(one,), into=started))
    key = bench.query("SELECT key FROM outbox WHERE type = 'start'")[0][0]
    bench.do(Settle(key=key, how="back"))
    assert bench.thread(one).row.n == one


def test_the_same_person_by_another_name_is_one_customer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Contacts that are linked are one."""
    with bench_at(tmp_path / "home", monkeypatch, account=ACCOUNT) as bench:
        one = bench.customer("m1", at("10:00"))
        other = bench.customer("m2", at("11:00"), sender=Person("Dana", "dana@home.example"))
        a, b = (bench.query("SELECT contact FROM conversation WHERE id = ?", n)[0][0] for n in (one, other))
        bench.desk.write(lambda c: contacts.link(c, a, b, "agent")).result()
        bench.do(Merge(conversations=(one, other)))
        assert len(bench.messages(other)) == 2


def test_a_receipt_names_the_part_it_went_to(bench: Bench) -> None:
    one, other = two(bench)
    bench.do(Merge(conversations=(one, other)))
    bench.script.performs = [Receipt(id="r1", at=at("12:51"))]
    key = bench.reply(one)
    bench.deliver()
    assert (bench.work(key)["state"], bench.conversation_of("r1")) == ("sent", other)
    assert bench.wait(one) is None


def test_the_merged_one_is_in_no_view_and_no_count(bench: Bench) -> None:
    one, other = two(bench)
    now = bench.clock.now()
    assert bench.desk.read(read.counts, now).result().open == 2
    bench.do(Merge(conversations=(one, other)))
    for view in ("open", "all", "unassigned"):
        assert list(bench.desk.read(read.queue, view, now).result()) == [one]
    counts = bench.desk.read(read.counts, now).result()
    assert (counts.open, counts.all, bench.row(one).also_open) == (1, 1, 0)
    bench.do(Split(conversations=(one,)))
    assert bench.desk.read(read.counts, now).result().open == 2
