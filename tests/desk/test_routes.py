"""Other ways to the same customer, each with its limits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.bench import ACCOUNT, Bench, at, bench_at, learn_caps, received
from tests.desk.scripted import SCRIPTS
from tuidesk.desk import routes
from tuidesk.desk.routes import Route
from tuidesk.domain.commands import Reply, Start
from tuidesk.domain.model import Caps, Person
from tuidesk.errors import Refused
from tuidesk.store import contacts

LABELS = {"shop": "support@", "phone": "the phone", "far": "far away"}
NUMBER = Person("Dana Ortiz", "+15550100123")


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A desk with mail, and with a telephone that takes calls and sends SMS."""
    with bench_at(tmp_path / "home", monkeypatch, phone=ACCOUNT) as bench:
        able = frozenset({"reply", "start"})
        SCRIPTS["phone"].caps = Caps(
            performs=able, media=("sms",), max_length=160, unit="gsm7", window_s=3600
        )
        learn_caps(bench, "phone")
        yield bench


def found(bench: Bench, number: int) -> list[Route]:
    return list(bench.desk.read(routes.of, number, LABELS).result())


def call(bench: Bench, id_: str, medium: str = "call") -> int:
    bench.take(received(id_, at("09:00"), medium=medium, sender=NUMBER), account="phone")
    return bench.conversation_of(id_)


def test_a_call_is_answered_by_sms_with_its_limits(two: Bench) -> None:
    number = call(two, "p1")
    (route,) = found(two, number)
    assert (route.account, route.medium, route.to, route.conversation) == (
        "phone",
        "sms",
        NUMBER.handle,
        None,
    )
    assert (route.max_length, route.unit, route.visibility) == (160, "gsm7", "direct")
    done = two.do(Start(account="phone", medium="sms", to=(NUMBER,), text="We called back."))
    assert two.row(done.conversations[0]).medium == "sms"
    assert two.row(done.conversations[0]).contact == two.row(number).contact


def test_a_conversation_that_is_there_goes_before_a_new_one_and_says_when_it_closes(two: Bench) -> None:
    number = call(two, "p1")
    sms = call(two, "p2", "sms")
    (route,) = found(two, number)
    assert (route.medium, route.conversation) == ("sms", sms)
    assert route.window_ends == at("10:00")


def test_the_customers_mail_is_a_way_out_of_a_window_that_closed(two: Bench) -> None:
    sms = call(two, "p2", "sms")
    mail = two.customer("m1", at("08:00"))
    assert found(two, sms) == []
    two.desk.write(
        lambda c: contacts.link(c, two.row(sms).contact, two.row(mail).contact, "she said so")
    ).result()
    assert [(route.medium, route.conversation) for route in found(two, sms)] == [("mail", mail)]


def test_a_public_thread_is_answered_directly_where_the_channel_can(two: Bench) -> None:
    two.can(visibility=("direct", "public"))
    number = two.customer("m1", at("08:00"), visibility="public", medium="post")
    (route,) = found(two, number)
    assert (route.conversation, route.visibility) == (number, "direct")
    two.do(Reply(conversation=number, text="In private.", visibility="direct"))
    assert two.ours(number).visibility == "direct"
    two.deliver()
    (out,) = [out for out in two.script.tried if out.type == "reply"]
    assert out.visibility == "direct"


def test_a_direct_conversation_is_not_offered_to_everybody(two: Bench) -> None:
    two.can(visibility=("direct", "public"))
    assert found(two, two.customer("m1", at("08:00"))) == []


def test_what_the_channel_cannot_show_is_refused(two: Bench) -> None:
    number = two.customer("m1", at("08:00"))
    with pytest.raises(Refused, match="cannot answer in public"):
        two.do(Reply(conversation=number, text="Hello", visibility="public"))


def test_another_thread_in_the_same_medium_is_no_other_way(two: Bench) -> None:
    number = two.customer("m1", at("08:00"))
    two.customer("m2", at("08:05"), subject="something else")
    assert found(two, number) == []
