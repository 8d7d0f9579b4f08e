"""What has come since a draft was begun."""

from tests.desk.bench import SAM, Bench, at, received, sent
from tuidesk.desk import moved, read
from tuidesk.desk.picture import Draft
from tuidesk.domain.commands import Note, SaveDraft
from tuidesk.domain.events import NoteSeen


def draft(bench: Bench, number: int) -> Draft:
    found = bench.desk.read(read.draft, number, "reply").result()
    assert found is not None
    return found


def since(bench: Bench, number: int, began: int | None = None) -> list[str]:
    began = draft(bench, number).began if began is None else began
    return [m.text for m in bench.desk.read(moved.since, number, began).result()]


def save(bench: Bench, number: int, text: str, began: int | None = None) -> None:
    bench.do(SaveDraft(conversation=number, mode="reply", text=text, began=began))


def test_a_draft_keeps_the_message_that_was_newest_when_it_was_begun(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    save(bench, number, "Hello")
    first = draft(bench, number).began
    assert first == bench.messages(number)[-1].n
    bench.take(received("m2", at("10:05"), text="one more thing", refs=("m1",)))
    save(bench, number, "Hello Dana")
    assert draft(bench, number).began == first
    assert since(bench, number) == ["one more thing"]


def test_what_the_composer_had_seen_counts_and_not_what_came_before_the_first_save(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    seen = bench.messages(number)[-1].n
    bench.take(received("m2", at("10:05"), text="one more thing", refs=("m1",)))
    save(bench, number, "Hello", seen)
    assert since(bench, number) == ["one more thing"]


def test_answers_and_notes_of_others_count_and_what_was_done_at_this_screen_does_not(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1")
    save(bench, number, "Hello")
    bench.do(Note(conversation=number, text="a note of mine"))
    assert since(bench, number) == []
    bench.take(sent("m2", at("10:05"), text="Sam was here", refs=("m1",), conversation="c1"))
    bench.take(NoteSeen(id="n1", at=at("10:06"), conversation="c1", by=SAM, text="a note of Sam's"))
    assert since(bench, number) == ["Sam was here", "a note of Sam's"]


def test_what_a_first_sync_brings_late_is_no_news(bench: Bench) -> None:
    number = bench.customer("m2", at("10:00"))
    save(bench, number, "Hello")
    bench.take(received("m1", at("09:00"), text="older", ids=(), refs=("m2",)))
    assert since(bench, number) == []


def test_a_reply_taken_back_remembers_what_had_been_seen(bench: Bench) -> None:
    from tuidesk.domain.commands import Settle

    number = bench.customer("m1", at("10:00"))
    seen = bench.messages(number)[-1].n
    key = bench.reply(number, "Hello", hold=True, last_seen=seen)
    bench.take(received("m2", at("10:05"), text="wait", refs=("m1",)))
    bench.do(Settle(key=key, how="back"))
    assert draft(bench, number).began == seen
    assert since(bench, number) == ["wait"]
