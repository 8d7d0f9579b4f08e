"""By which ways a conversation can be begun, and what is refused at the last door."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.bench import ACCOUNT, DANA, SAM, Bench, at, bench_at, learn_caps, received
from tests.desk.scripted import SCRIPTS
from tuidesk.desk import starts
from tuidesk.desk.starts import Way
from tuidesk.domain.commands import Start
from tuidesk.domain.model import Caps, Inserted, Offered, Person
from tuidesk.errors import Refused

LABELS = {"shop": "support@", "phone": "the phone"}
NUMBER = Person("Kim", "+821055500117")
OTHER = Person("Lee", "+821055500118")
ORDER = Offered(name="order", text="It is late.", template="HX1", media=("whatsapp",))


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A desk with mail, and with a telephone whose WhatsApp has a window and a template."""
    with bench_at(tmp_path / "home", monkeypatch, phone=ACCOUNT) as bench:
        SCRIPTS["phone"].canned = (ORDER,)
        SCRIPTS["phone"].caps = Caps(
            performs=frozenset({"reply", "start"}),
            media=("sms", "whatsapp"),
            max_length=1600,
            lengths={"sms": 20},
            unit="utf16",
            windows={"whatsapp": 3600},
        )
        learn_caps(bench, "phone")
        yield bench


def ways(bench: Bench, about: int | None = None) -> list[Way]:
    return list(bench.desk.read(starts.of, LABELS, about).result())


def begin(bench: Bench, medium: str = "", **more: object) -> None:
    given = {"account": "phone", "medium": medium, "to": (NUMBER,), "text": "Hello"} | more
    bench.do(Start(**given))  # type: ignore[arg-type]


def test_each_account_has_its_media_with_their_limits(two: Bench) -> None:
    found = {(way.account, way.medium): way for way in ways(two)}
    assert list(found) == [("shop", "mail"), ("phone", "sms"), ("phone", "whatsapp")]
    assert (found["phone", "sms"].max_length, found["phone", "sms"].closed) == (20, "")
    assert (found["phone", "whatsapp"].max_length, found["phone", "whatsapp"].closed) == (1600, "templates")
    SCRIPTS["phone"].canned = ()
    learn_caps(two, "phone")
    assert [way.closed for way in ways(two)] == ["", "", "likely"]


def test_who_cannot_start_and_who_was_never_reached_is_no_way(bench: Bench) -> None:
    assert [way.account for way in ways(bench)] == ["shop"], "nothing is known of the phone"
    bench.can(performs=frozenset({"reply"}))
    assert ways(bench) == []


def test_a_customer_is_offered_as_they_are_called_by_each_way(two: Bench) -> None:
    two.take(received("p", at("09:00"), medium="call", sender=NUMBER), account="phone")
    assert [way.to for way in ways(two, two.conversation_of("p"))] == [None, NUMBER, NUMBER]
    assert [way.to for way in ways(two, two.customer("m", at("08:00")))] == [DANA, None, None]


@pytest.mark.parametrize(
    ("medium", "more", "why"),
    [
        ("mail", {}, "phone begins no conversation by mail, but by sms, whatsapp"),
        ("sms", {"to": (NUMBER, OTHER)}, "write to each of them alone"),
        ("sms", {"cc": (SAM,)}, "write to each of them alone"),
        ("sms", {"subject": "Hi"}, "has no subject"),
        ("", {"text": "x" * 21}, "1 longer than the 20 that sms takes"),
        ("whatsapp", {}, r"nothing but a template \(order\)"),
    ],
)
def test_what_the_channel_would_not_take_is_refused_before_it_is_queued(
    two: Bench, medium: str, more: dict[str, object], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        begin(two, medium, **more)
    assert two.rows() == []


def test_a_template_begins_and_the_first_medium_is_the_accounts_own(two: Bench) -> None:
    begin(two, "whatsapp", text=ORDER.text, canned=(Inserted("phone/order", ORDER.text, "HX1"),))
    begin(two)
    assert sorted(row.medium for row in two.rows()) == ["sms", "whatsapp"]
