"""What is told of a customer: the whole stream, who answered, what may be said of them."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.desk.bench import ACCOUNT, ANA, DANA, SAM, Bench, at, bench_at, received, sent, status
from tuidesk.desk import customer as desk_customer
from tuidesk.desk.picture import Customer
from tuidesk.domain.commands import MergeContacts, Undo, UnmergeContacts, WriteContactNote
from tuidesk.domain.events import ContactSeen, Rated, Tagged
from tuidesk.domain.instants import MINUTE
from tuidesk.domain.model import Person
from tuidesk.errors import NotFound, Refused

BOT = Person("Helper", "helper", kind="bot")


def of(bench: Bench, contact: int) -> Customer:
    return bench.desk.read(desk_customer.of, contact, bench.clock.now()).result()


def customer(bench: Bench, number: int) -> Customer:
    return of(bench, bench.row(number).contact)


def known(bench: Bench, handle: str, medium: str = "mail", **more: object) -> int:
    """A customer of whom a channel has told; their number."""
    bench.take(ContactSeen(medium=medium, handle=handle, **more))  # type: ignore[arg-type]  # as the test's words say
    return bench.desk.read(desk_customer.number_of, handle).result()


def test_who_answered_how_soon_and_how_it_was_liked(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c")
    bench.take(
        sent("m2", at("10:01"), sender=BOT, kind="bot", conversation="c"),
        received("m3", at("10:10"), conversation="c"),
        received("m4", at("10:12"), conversation="c"),
        sent("m5", at("10:28"), conversation="c"),
        sent("m6", at("10:30"), sender=ANA, conversation="c"),
        status("complete", at("10:31"), conversation="c"),
        Rated(conversation="c", at=at("10:40"), score=4, scale=5),
        Rated(conversation="c", at=at("10:50"), score=9, scale=10, text="better now"),
    )
    story = customer(bench, number).stories[number]
    assert [(person.name, person.me) for person in story.by] == [("Sam", False), ("Ana", True)]
    assert story.reply == 18 * MINUTE
    assert (story.score, story.scale, story.said) == (9, 10, "better now")
    assert story.first_at == at("10:00")


def test_the_median_reply_is_over_all_conversations_and_media(bench: Bench) -> None:
    for n, minutes in enumerate((5, 20, 60)):
        bench.take(
            received(f"in{n}", at("10:00", 10 + n), conversation=f"c{n}"),
            sent(f"out{n}", at("10:00", 10 + n) + minutes * MINUTE, conversation=f"c{n}"),
        )
    shown = customer(bench, bench.customer("last", at("10:00", 19), conversation="c9"))
    assert (shown.median, shown.replies) == (20 * MINUTE, 3)
    assert shown.last_in == at("10:00", 19)
    assert (shown.since, shown.total) == (at("10:00", 10), 4)


def test_a_reply_that_did_not_arrive_answered_nothing(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.reply(number)
    assert customer(bench, number).stories[number].by == ()
    assert customer(bench, number).median is None
    bench.clock.at = at("10:20")
    bench.deliver()
    story = customer(bench, number).stories[number]
    assert [person.me for person in story.by] == [True]
    assert story.reply is not None


@pytest.mark.parametrize(
    ("fields", "language", "guessed"),
    [((("Locale", "de"),), "de", False), ((), "ko", True)],
)
def test_the_language_is_told_or_said_to_be_a_guess(
    bench: Bench, fields: tuple[tuple[str, str], ...], language: str, guessed: bool
) -> None:
    bench.take(ContactSeen(medium="mail", handle=DANA.handle, fields=fields))
    shown = customer(bench, bench.customer("m1", at("10:00"), text="환불은 언제 되나요? 주문 번호 8841"))
    assert (shown.language, shown.guessed) == (language, guessed)


def test_where_they_are_by_a_field_else_by_their_number(bench: Bench) -> None:
    by_field = of(bench, known(bench, "+821055500117", "sms", fields=(("Time zone", "America/Lima"),)))
    assert (str(by_field.there), by_field.there_by) == ("America/Lima", "")
    by_number = of(bench, known(bench, "+821055500118", "sms"))
    assert (str(by_number.there), by_number.there_by) == ("Asia/Seoul", "+82")
    assert of(bench, known(bench, "+12025550133", "sms")).there is None


@pytest.mark.parametrize(
    "name", ["Asia", "../../etc/passwd", "Nowhere/Land", "x" * 5000, "Asia/\u0000", "", "9"]
)
def test_what_is_no_zone_is_none(name: str) -> None:
    assert desk_customer.zone(name) is None


@pytest.mark.parametrize(("name", "hours"), [("UTC+9", 9), ("+05:30", 5.5), ("GMT-3", -3), ("utc", 0)])
def test_an_offset_is_a_zone(name: str, hours: float) -> None:
    found = desk_customer.zone(name)
    assert found is not None
    assert found.utcoffset(None) == timedelta(hours=hours)


# --- one person or two ------------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """A bench with the accounts `shop` and `other`."""
    with bench_at(tmp_path / "home", monkeypatch, other=ACCOUNT) as bench:
        yield bench


def test_a_merge_is_a_link_that_can_be_taken_back(two: Bench) -> None:
    mail = two.customer("m1", at("10:00"))
    two.take(
        received("p1", at("11:00"), medium="post", sender=Person("", "@dana_o"), conversation="p"),
        account="other",
    )
    post = two.conversation_of("p1")
    a, b = two.row(mail).contact, two.row(post).contact
    done = two.do(MergeContacts(contact=b, other=a, why="mail in bio"))
    assert done.words == f"merge @dana_o ({b}) with Dana Ortiz ({a})"
    shown = of(two, b)
    assert shown == of(two, a)
    assert [row.n for row in shown.conversations] == [post, mail]
    assert {(i.handle, i.contact) for i in shown.identities} == {("dana@ortiz.example", a), ("@dana_o", b)}
    assert [(j.a, j.b, j.why) for j in shown.joined] == [(a, b, "mail in bio")]
    assert [two.row(n).also_open for n in (mail, post)] == [1, 1]
    two.do(Undo(door="screen"))
    assert [of(two, n).total for n in (a, b)] == [1, 1]
    assert [two.row(n).also_open for n in (mail, post)] == [0, 0]
    assert two.row(post).contact == b


def test_who_is_split_stays_split_whatever_the_channel_says(bench: Bench) -> None:
    a, b = known(bench, "dana@ortiz.example"), known(bench, "lee@x.example")
    same = ContactSeen(medium="mail", handle="lee@x.example", same_as=(("mail", "dana@ortiz.example"),))
    bench.take(same)
    assert of(bench, b).n == a
    bench.do(UnmergeContacts(contact=a))
    assert of(bench, b).n == b
    bench.take(same)
    assert of(bench, b).n == b
    bench.do(Undo(door="screen"))
    assert of(bench, b).n == a


def test_what_cannot_be_merged_or_split_says_why(bench: Bench) -> None:
    a, b, c = (known(bench, f"{name}@x.example") for name in "abc")
    with pytest.raises(Refused, match="merged with nobody"):
        bench.do(UnmergeContacts(contact=a))
    bench.do(MergeContacts(contact=a, other=b))
    bench.do(MergeContacts(contact=b, other=c))
    with pytest.raises(Refused, match="one already"):
        bench.do(MergeContacts(contact=c, other=a))
    with pytest.raises(Refused, match="by way of others"):
        bench.do(UnmergeContacts(contact=a, other=c))
    with pytest.raises(NotFound, match="no customer 99"):
        bench.do(MergeContacts(contact=a, other=99))
    bench.do(UnmergeContacts(contact=b))
    assert [of(bench, n).n for n in (a, b, c)] == [a, b, c]


def test_an_undo_of_what_has_moved_since_is_refused(bench: Bench) -> None:
    a, b = known(bench, "a@x.example"), known(bench, "b@x.example")
    step = bench.do(MergeContacts(contact=a, other=b)).step
    bench.do(UnmergeContacts(contact=a))
    with pytest.raises(Refused, match="has changed since"):
        bench.do(Undo(door="screen", step=step))


# --- notes ------------------------------------------------------------------------------------------


def notes(bench: Bench, contact: int) -> list[str]:
    return [note.text for note in of(bench, contact).notes]


def test_notes_are_written_edited_archived_and_each_is_one_step(bench: Bench) -> None:
    contact = known(bench, DANA.handle, name="Dana Ortiz")
    assert bench.do(WriteContactNote(contact=contact, text=" pays late\n")).words == (
        f"note about Dana Ortiz ({contact})"
    )
    (note,) = of(bench, contact).notes
    assert (note.text, note.by) == ("pays late", ANA)
    bench.do(WriteContactNote(contact=contact, text="pays late, but pays", note=note.n))
    bench.do(WriteContactNote(contact=contact, text="", note=note.n))
    assert notes(bench, contact) == []
    for before in (["pays late, but pays"], ["pays late"], []):
        bench.do(Undo(door="screen"))
        assert notes(bench, contact) == before
    assert bench.query("SELECT count(*) FROM contact_note")[0][0] == 1  # nothing is ever deleted


def test_notes_of_both_are_shown_when_two_are_one_and_stay_whose_they_are(bench: Bench) -> None:
    a, b = known(bench, "a@x.example"), known(bench, "b@x.example")
    bench.do(WriteContactNote(contact=a, text="first"))
    bench.clock.at += MINUTE
    bench.do(WriteContactNote(contact=b, text="second"))
    bench.do(MergeContacts(contact=a, other=b))
    assert notes(bench, a) == ["second", "first"]
    bench.do(UnmergeContacts(contact=a))
    assert (notes(bench, a), notes(bench, b)) == (["first"], ["second"])


def test_a_note_without_words_or_of_somebody_else_is_refused(bench: Bench) -> None:
    a, b = known(bench, "a@x.example"), known(bench, "b@x.example")
    bench.do(WriteContactNote(contact=a, text="first"))
    (note,) = of(bench, a).notes
    with pytest.raises(Refused):
        bench.do(WriteContactNote(contact=a, text=" "))
    with pytest.raises(Refused):
        bench.do(WriteContactNote(contact=a, text="first", note=note.n))
    with pytest.raises(NotFound):
        bench.do(WriteContactNote(contact=b, text="mine now", note=note.n))


def test_a_customer_is_found_by_number_and_by_handle(bench: Bench) -> None:
    a = known(bench, "dana@ortiz.example")
    phone = known(bench, "+821055500117", "sms")
    find = desk_customer.number_of
    number = bench.customer("m1", at("10:00"))
    assert bench.desk.read(find, str(a)).result() == a
    assert bench.desk.read(find, f"#{number}").result() == a
    assert bench.desk.read(find, "Dana@Ortiz.example").result() == a
    assert bench.desk.read(find, "+82 10-5550-0117").result() == phone
    for nobody in ("99", "#99", "@nobody", ""):
        with pytest.raises(NotFound):
            bench.desk.read(find, nobody).result()


def test_tags_of_a_conversation_are_told_with_it(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c")
    bench.take(Tagged(conversation="c", at=at("10:01"), add=("refund",)))
    assert customer(bench, number).conversations[0].tags == ("refund",)
    assert SAM.name not in [person.name for person in customer(bench, number).stories[number].by]
