"""Surveys and ratings: whom one goes to, what is its answer, and what an answer leaves as it is."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.desk.bench import DANA, Bench, at, bench_at, received, sent
from tests.desk.test_exported import told
from tuidesk.desk import customer as customers
from tuidesk.desk import importing, news
from tuidesk.desk.report import report
from tuidesk.desk.report_pictures import pictures
from tuidesk.domain import commands, events
from tuidesk.domain.commands import Complete, MergeContacts, Reopen, Reply, Settle, Spam, Undo
from tuidesk.domain.instants import Instant
from tuidesk.domain.metrics import Asked as Period
from tuidesk.domain.model import Attachment, Person
from tuidesk.domain.survey import Asked, Survey
from tuidesk.errors import Refused, Rejected, Unconfirmed

CSAT = Asked("happy", Survey("csat", "1-5", 30, 14))
NPS = Asked("nps", Survey("nps", "0-10", 30, 14))
KIM = Person("Kim Lee", "kim@lee.example")


def done(bench: Bench, id_: str = "m1", **more: Any) -> int:
    """A conversation that was answered and is complete."""
    number = bench.customer(id_, at("12:30"), **more)
    bench.reply(number)
    bench.do(Complete(conversations=(number,)))
    bench.deliver()
    return number


def ask(bench: Bench, number: int, asked: Asked = CSAT, **more: Any) -> str:
    return bench.reply(number, "How satisfied are you? 1 to 5", survey=asked, **more)


def asked(bench: Bench, id_: str = "m1", **more: Any) -> int:
    """A conversation that was completed, and its customer asked."""
    number = done(bench, id_, **more)
    ask(bench, number)
    bench.deliver()
    bench.clock.advance(3600)
    return number


def says(
    bench: Bench, text: str, id_: str = "a1", to: str = "m1", when: Instant | None = None, **more: Any
) -> None:
    stamp = bench.clock.now() if when is None else when
    bench.take(received(id_, stamp, text=text, reply_to=to, **more))


def ratings(bench: Bench, number: int) -> list[tuple[object, object, object]]:
    return [
        (entry.data["score"], entry.data["scale"], entry.data.get("text"))
        for entry in bench.entries(number)
        if entry.what == "rated"
    ]


def samples(bench: Bench) -> list[tuple[object, ...]]:
    query = "SELECT metric, calendar, messages FROM sample ORDER BY conversation, metric, start"
    return [tuple(row) for row in bench.query(query)]


def test_it_goes_out_and_the_conversation_stays_complete(bench: Bench) -> None:
    number = done(bench)
    before, cycles = samples(bench), [tuple(row) for row in bench.query("SELECT * FROM cycle")]
    made = bench.do(Reply(conversation=number, text="1 to 5?", survey=CSAT))
    assert made.words == f"survey to #{number}"
    bench.deliver()
    assert bench.status(number) == "complete"
    (entry,) = (entry for entry in bench.entries(number) if entry.what == "surveyed")
    assert entry.data == {
        "survey": "happy",
        "kind": "csat",
        "scale": "1-5",
        "within_days": 14,
        "every_days": 30,
        "message": bench.messages(number)[-1].n,
    }
    assert bench.script.tried_types()[-1] == "reply"
    assert samples(bench) == before, "nobody waited"
    assert [tuple(row) for row in bench.query("SELECT * FROM cycle")] == cycles, "and it was one touch"


def test_the_answer_is_a_rating_and_nothing_else(bench: Bench) -> None:
    number = asked(bench)
    before, mark = samples(bench), bench.desk.read(news.mark).result()
    says(bench, "4, thanks!\n\nOn Fri, 20 Nov 2026 at 12:50, Ana <ana@acme.example> wrote:\n> 1 to 5?")
    assert ratings(bench, number) == [(4, 5, "thanks!")]
    assert bench.entries(number)[-1].data == {
        "score": 4,
        "scale": 5,
        "text": "thanks!",
        "survey": "happy",
        "kind": "csat",
        "message": bench.messages(number)[-1].n,
        "why": "survey",
    }
    row = bench.row(number)
    assert (row.status, row.unread, row.waiting_since, row.due) == ("complete", 0, None, None)
    assert [what for what, _ in bench.history(number)][1:] == ["completed", "surveyed", "rated"]
    assert bench.history(number)[-1] == ("rated", "survey"), "the history says why"
    assert samples(bench) == before
    assert bench.query("SELECT * FROM run WHERE replied = 0") == []
    _, items = bench.desk.read(news.since, mark, bench.clock.now()).result()
    assert items == (), "nothing rings"
    assert bench.messages(number)[-1].text.startswith("4, thanks!"), "it stands in the thread all the same"
    known = bench.desk.read(customers.of, row.contact, bench.clock.now()).result()
    story = known.stories[number]
    assert (story.score, story.scale, story.said) == (4, 5, "thanks!")
    assert story.reply == 20 * 60_000
    bench.clock.advance(36_000)
    bench.reply(number, "One more thing we wanted to tell you.")
    bench.deliver()
    later = bench.desk.read(customers.of, row.contact, bench.clock.now()).result()
    assert (later.replies, later.median) == (1, 20 * 60_000), (
        "the answer was no question, which waited for that"
    )


@pytest.mark.parametrize("text", ["call me at 5", "order 8841", "Where is my parcel?", "4.5", "6"])
def test_all_else_opens_it_as_ever(bench: Bench, text: str) -> None:
    number = asked(bench)
    says(bench, text)
    assert ratings(bench, number) == []
    row = bench.row(number)
    assert (row.status, row.unread) == ("open", 1)
    assert row.waiting_since == bench.clock.now()


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("2, where is my refund?", {}),
        ("4", {"attachments": (Attachment("box.jpg", 9, "image/jpeg", "r"),)}),
    ],
)
def test_one_that_asks_is_a_rating_and_a_message(bench: Bench, text: str, more: dict[str, Any]) -> None:
    number = asked(bench)
    says(bench, text, **more)
    assert [score for score, *_ in ratings(bench, number)] == [int(text[0])]
    row = bench.row(number)
    assert (row.status, row.unread, row.waiting_since) == ("open", 1, bench.clock.now())
    assert bench.history(number)[-2:] == [("rated", "survey_asks"), ("reopened", "customer")]


def test_a_second_number_changes_the_rating_and_both_are_kept(bench: Bench) -> None:
    number = asked(bench)
    says(bench, "2")
    bench.clock.advance(60)
    says(bench, "sure, 5", "a2")
    assert ratings(bench, number) == [(2, 5, None), (5, 5, None)]
    assert bench.status(number) == "complete"
    story = (
        bench.desk.read(customers.of, bench.row(number).contact, bench.clock.now()).result().stories[number]
    )
    assert story.score == 5


def test_the_same_message_again_is_one_rating(bench: Bench) -> None:
    number = asked(bench)
    when = bench.clock.now()
    says(bench, "4", when=when)
    says(bench, "4", when=when)
    assert len(ratings(bench, number)) == 1


@pytest.mark.parametrize(
    ("text", "rates"),
    [("Where is my refund?", False), ("order 8841", False), ("4, where is my refund?", True)],
)
def test_an_answer_that_says_something_else_afterwards_is_a_message(
    bench: Bench, text: str, *, rates: bool
) -> None:
    number = asked(bench)
    says(bench, "4")
    bench.clock.advance(120)
    bench.take(events.Edited(message="a1", at=bench.clock.now(), text=text))
    row = bench.row(number)
    assert (row.status, row.unread) == ("open", 1)
    assert row.waiting_since is not None
    assert (("rated", "survey_asks") in bench.history(number)) is rates


def test_an_answer_with_another_number_afterwards_is_another_rating(bench: Bench) -> None:
    number = asked(bench)
    says(bench, "4")
    bench.clock.advance(120)
    bench.take(events.Edited(message="a1", at=bench.clock.now(), text="2"))
    assert (bench.status(number), ratings(bench, number)) == ("complete", [(4, 5, None), (2, 5, None)])
    bench.clock.advance(120)
    bench.take(events.Edited(message="a1", at=bench.clock.now(), text="Where is it?"))
    assert (bench.status(number), bench.row(number).unread) == ("open", 1)
    assert not [what for what, _ in bench.history(number) if what == "rated"]


def test_an_answer_that_asks_afterwards_is_the_rating_it_says_now(bench: Bench) -> None:
    number = asked(bench)
    says(bench, "4")
    bench.clock.advance(120)
    bench.take(events.Edited(message="a1", at=bench.clock.now(), text="2, where is my refund?"))
    assert bench.status(number) == "open"
    assert ratings(bench, number)[-1] == (2, 5, "where is my refund?")


def test_a_comment_that_comes_afterwards_is_kept(bench: Bench) -> None:
    number = asked(bench)
    says(bench, "4")
    bench.clock.advance(120)
    bench.take(events.Edited(message="a1", at=bench.clock.now(), text="4, very quick"))
    assert (bench.status(number), ratings(bench, number)[-1]) == ("complete", (4, 5, "very quick"))


def test_an_answer_that_says_the_same_in_other_words_stays_one(bench: Bench) -> None:
    number = asked(bench)
    says(bench, "4")
    bench.clock.advance(120)
    bench.take(events.Edited(message="a1", at=bench.clock.now(), text="4 of 5"))
    assert (bench.status(number), ratings(bench, number)) == ("complete", [(4, 5, None)])


def test_a_number_is_a_message_once_something_else_was_said(bench: Bench) -> None:
    number = asked(bench)
    bench.reply(number, "How many parcels were there?")
    bench.do(Complete(conversations=(number,)))
    bench.deliver()
    says(bench, "4")
    assert ratings(bench, number) == []
    assert bench.status(number) == "open"


def test_a_number_is_a_message_after_another_message_of_theirs(bench: Bench) -> None:
    number = asked(bench)
    says(bench, "Thank you for everything, dear team")
    bench.do(Complete(conversations=(number,)))
    bench.clock.advance(60)
    says(bench, "4", "a2")
    assert ratings(bench, number) == []


def test_a_number_is_a_message_after_a_colleague_wrote_elsewhere(bench: Bench) -> None:
    number = asked(bench)
    bench.take(sent("s1", bench.clock.now(), "Which door is it?", reply_to="m1"))
    says(bench, "4")
    assert ratings(bench, number) == []


def test_a_number_is_a_message_where_nobody_was_asked(bench: Bench) -> None:
    number = done(bench)
    says(bench, "4")
    assert (ratings(bench, number), bench.status(number)) == ([], "open")


def test_a_number_is_a_message_when_the_time_is_over(bench: Bench) -> None:
    number = asked(bench)
    bench.clock.advance(14 * 86400)
    says(bench, "4")
    assert (ratings(bench, number), bench.status(number)) == ([], "open")


def test_a_number_is_a_message_in_what_is_open_again(bench: Bench) -> None:
    number = asked(bench)
    bench.do(Reopen(conversations=(number,)))
    says(bench, "4")
    assert ratings(bench, number) == []
    assert bench.wait(number) == bench.clock.now()


def test_a_number_that_is_older_than_the_survey_is_no_answer(bench: Bench) -> None:
    number = asked(bench)
    says(bench, "4", when=at("12:00"))
    assert ratings(bench, number) == []


def test_a_number_that_comes_before_the_survey_has_left_is_a_message(bench: Bench) -> None:
    number = done(bench)
    ask(bench, number, hold=True)
    says(bench, "4")
    assert (ratings(bench, number), bench.status(number)) == ([], "open")


def test_what_a_machine_writes_is_no_answer(bench: Bench) -> None:
    number = asked(bench)
    says(bench, "4", kind="auto")
    assert (ratings(bench, number), bench.status(number)) == ([], "complete")


def test_nobody_is_asked_twice_within_the_days_in_whichever_conversation(bench: Bench) -> None:
    asked(bench)
    other = done(bench, "m2", subject="Another thing")
    with pytest.raises(Refused, match="less than a day ago"):
        ask(bench, other)
    bench.clock.advance(86400)
    with pytest.raises(Refused, match="a day ago"):
        ask(bench, other)
    bench.clock.advance(28 * 86400)
    with pytest.raises(Refused, match="29 days ago, and nobody is asked again within 30 days"):
        ask(bench, other)
    with pytest.raises(Refused):
        ask(bench, other, NPS)
    bench.clock.advance(86400)
    ask(bench, other)


@pytest.mark.parametrize("which", [0, 1])
def test_nobody_is_asked_twice_under_another_name_of_theirs(bench: Bench, which: int) -> None:
    threads = [done(bench), done(bench, "k1", sender=KIM, subject="From another address")]
    contacts = [bench.row(number).contact for number in threads]
    bench.do(MergeContacts(contact=contacts[0], other=contacts[1]))
    ask(bench, threads[which])
    with pytest.raises(Refused, match="less than a day ago"):
        ask(bench, threads[1 - which])


def test_somebody_else_is_asked(bench: Bench) -> None:
    asked(bench)
    ask(bench, done(bench, "k1", sender=KIM, subject="From somebody else"))


def test_it_goes_to_a_complete_conversation_alone(bench: Bench) -> None:
    number = bench.customer("m1", at("12:30"))
    with pytest.raises(Refused, match="a conversation that is complete"):
        ask(bench, number)
    assert bench.open_types() == []


def test_nobody_is_asked_after_spam(bench: Bench) -> None:
    number = bench.customer("m1", at("12:30"))
    bench.do(Spam(conversations=(number,)))
    with pytest.raises(Refused, match="spam"):
        ask(bench, number)
    other = done(bench, "m2", subject="Another thing")
    with pytest.raises(Refused, match="spam"):
        ask(bench, other)
    bench.do(Spam(conversations=(number,), on=False))
    ask(bench, other)


def test_an_answer_in_what_is_spam_since_rates_nothing(bench: Bench) -> None:
    number = asked(bench)
    bench.do(Spam(conversations=(number,)))
    says(bench, "5")
    assert ratings(bench, number) == []


@pytest.mark.parametrize("how", ["undo", "back"])
def test_taken_back_it_was_not_asked(bench: Bench, how: str) -> None:
    number = done(bench)
    key = ask(bench, number, hold=True)
    bench.do(Undo(door="screen") if how == "undo" else Settle(key=key, how="back"))
    assert bench.status(number) == "complete"
    assert [what for what, _ in bench.history(number)][1:] == ["completed"]
    ask(bench, number)


def test_one_that_did_not_get_there_was_not_asked_and_opens_nothing(bench: Bench) -> None:
    number = done(bench)
    bench.script.performs = [Rejected("mailbox full")]
    key = ask(bench, number)
    bench.deliver()
    row = bench.row(number)
    assert (row.status, row.trouble) == ("complete", "failed")
    assert [what for what, _ in bench.history(number)][1:] == ["completed"]
    says(bench, "4")
    assert ratings(bench, number) == [], "it answers nothing"
    bench.do(Complete(conversations=(number,)))
    bench.do(Settle(key=key, how="again"))
    bench.deliver()
    assert bench.status(number) == "complete"
    assert ("surveyed", None) in bench.history(number)


def test_one_that_came_back_was_not_asked_and_opens_nothing(bench: Bench) -> None:
    number = asked(bench)
    letter = bench.messages(number)[-1]
    assert letter.id is not None
    bench.take(
        events.Delivered(message=letter.id, at=bench.clock.now(), state="failed", reason="no such address")
    )
    assert bench.status(number) == "complete"
    assert "surveyed" not in [what for what, _ in bench.history(number)]


def test_a_survey_in_a_merged_thread_is_answered_there(bench: Bench) -> None:
    first = done(bench)
    second = done(bench, "m2", subject="Another thing")
    bench.do(commands.Merge(conversations=(first, second)))
    ask(bench, first)
    bench.deliver()
    bench.clock.advance(60)
    says(bench, "5", to="m2")
    assert ratings(bench, first) == [(5, 5, None)]
    assert bench.status(first) == "complete"
    assert bench.row(first).unread == 0


def test_the_channels_rating_is_one_once_and_says_who(bench: Bench) -> None:
    number = done(bench)
    rated = events.Rated(id="r1", conversation="c1", at=at("12:40"), score=4, scale=5, text="quick", by=DANA)
    bench.take(received("c-m", at("12:00"), conversation="c1", subject="By the channel"))
    other = bench.conversation_of("c-m")
    bench.take(rated)
    bench.take(rated)
    nameless = events.Rated(conversation="c1", at=at("12:41"), score=2, scale=5)
    bench.take(nameless, nameless)
    assert ratings(bench, other) == [(4, 5, "quick"), (2, 5, None)]
    (first, _) = (entry for entry in bench.entries(other) if entry.what == "rated")
    assert first.by == DANA
    assert ratings(bench, number) == []
    assert bench.status(other) == "open"


def test_an_export_brings_it_back_as_it_was(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = asked(bench)
    says(bench, "4")
    lines = told(bench)
    with bench_at(tmp_path / "other", monkeypatch) as other:
        importing.take_in(other.desk, lines, account=None, report=lambda *_: None, progress=lambda *_: None)
        assert told(other) == lines
        assert (other.row(number).status, other.row(number).unread) == ("complete", 0)
        assert samples(other) == samples(bench)


@pytest.mark.parametrize("wrong", ["x", [1], {"a": 1}, 1.5, None])
@pytest.mark.parametrize("field", ["message", "within_days", "scale", "survey", "text", "score"])
def test_an_import_may_say_anything_of_a_survey(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, field: str, wrong: object
) -> None:
    asked(bench)
    says(bench, "4, thanks")
    lines = [json.loads(line) for line in told(bench)]
    for line in lines:
        kept = line.get("desk", {}) if isinstance(line.get("desk"), dict) else {}
        if kept.get("what") in ("surveyed", "rated") and field in kept["data"]:
            kept["data"][field] = wrong
    with bench_at(tmp_path / "other", monkeypatch) as other:
        importing.take_in(
            other.desk,
            [json.dumps(line).encode() + b"\n" for line in lines],
            account=None,
            report=lambda *_: None,
            progress=lambda *_: None,
        )
        other.clock.advance(7200)
        says(other, "5", "a2")
        number = other.conversation_of("a2")
        assert other.messages(number)[-1].text == "5", "no text of a customer's is lost by it"
        week = Period(at("00:00"), other.clock.now() + 1)
        other.desk.read(lambda c: report(c, week, other.desk.timing, other.clock.now())).result()
        other.desk.read(lambda c: pictures(c, week, other.desk.timing)).result()


def test_the_completion_can_be_taken_back_after_the_answer(bench: Bench) -> None:
    number = asked(bench)
    says(bench, "4")
    bench.do(Undo(door="screen"))
    row = bench.row(number)
    assert (row.status, row.waiting_since, row.unread) == ("pending", None, 0)
    assert ratings(bench, number) == [(4, 5, None)]


def test_what_comes_late_opens_what_the_answer_left(bench: Bench) -> None:
    number = asked(bench)
    answered = bench.clock.now()
    says(bench, "4", when=answered)
    says(bench, "Where is the other parcel?", "a0", when=answered - 60_000)
    assert bench.status(number) == "open", "it was written before the answer, but nobody had seen it"


def test_what_was_written_before_the_survey_left_is_no_answer_to_it(bench: Bench) -> None:
    number = done(bench)
    written = bench.clock.now()
    bench.clock.advance(60)
    ask(bench, number)
    bench.deliver()
    bench.clock.advance(300)
    says(bench, "3", when=written)
    assert ratings(bench, number) == []
    assert bench.status(number) == "open", "how many parcels there are, for all we know"


@pytest.mark.parametrize("is_spam", [False, True])
def test_who_wrote_or_was_spam_before_it_left_is_not_asked(bench: Bench, *, is_spam: bool) -> None:
    number = done(bench)
    key = bench.do(Reply(conversation=number, text="1 to 5?", survey=CSAT)).keys[0]
    left = len(bench.script.tried)
    if is_spam:
        bench.do(Spam(conversations=(number,)))
    else:
        says(bench, "It is broken!")
    bench.clock.advance(60)
    bench.deliver()
    assert len(bench.script.tried) == left
    assert bench.work(key)["state"] == "failed"
    assert bench.status(number) == ("complete" if is_spam else "open")
    assert "surveyed" not in [what for what, _ in bench.history(number)]


def test_one_that_failed_does_not_go_out_again_to_who_was_asked_since(bench: Bench) -> None:
    first, second = done(bench), done(bench, "m2", subject="Another thing")
    bench.script.performs = [Rejected("too long")]
    key = ask(bench, first)
    bench.deliver()
    assert bench.work(key)["state"] == "failed"
    bench.clock.advance(3600)
    ask(bench, second)
    bench.deliver()
    left = len(bench.script.tried)
    bench.do(Settle(key=key, how="again"))
    bench.deliver()
    assert len(bench.script.tried) == left
    assert bench.work(key)["state"] == "failed"


def test_one_that_may_have_left_stays_so(bench: Bench) -> None:
    number = done(bench)
    bench.script.performs = [Unconfirmed("the line broke")]
    key = ask(bench, number)
    bench.deliver()
    assert bench.work(key)["state"] == "unknown"
    says(bench, "It is broken!")
    left = len(bench.script.tried)
    bench.do(Settle(key=key, how="again"))
    bench.deliver()
    assert len(bench.script.tried) == left
    assert bench.work(key)["state"] == "unknown", "the customer may have it"
