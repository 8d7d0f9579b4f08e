"""By which way a message is passed on: its own account's mail, another's, or none."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.bench import ACCOUNT, LEGAL, Bench, at, bench_at, learn_caps, received
from tests.desk.scripted import SCRIPTS
from tuidesk.desk import passage
from tuidesk.desk.passage import Passage
from tuidesk.domain.commands import Forward
from tuidesk.domain.model import Attachment, Caps, Person
from tuidesk.errors import Refused

KIM = Person("Kim", "+821055500117")
FILE = Attachment("box.jpg", 9, "image/jpeg", "r")


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A desk with mail, and with a telephone that only answers."""
    with bench_at(tmp_path / "home", monkeypatch, phone=ACCOUNT) as bench:
        SCRIPTS["phone"].caps = Caps(performs=frozenset({"reply"}))
        learn_caps(bench, "phone")
        yield bench


def text_from_kim(bench: Bench) -> int:
    words = "Where is it?\n\nKim"
    asked = received("p", at("09:00"), words, medium="sms", sender=KIM, attachments=(FILE,))
    bench.take(asked, account="phone")
    return bench.conversation_of("p")


def way(bench: Bench, number: int) -> Passage:
    found: Passage = bench.desk.read(passage.of, number, None, tuple(bench.desk.accounts)).result()
    return found


def test_what_a_phone_took_goes_on_by_mail_as_a_quotation(two: Bench) -> None:
    number = text_from_kim(two)
    assert way(two, number) == Passage("shop", "mail", whole=False)
    linked = two.do(Forward(conversation=number, to=(LEGAL,), text="Yours?")).conversations[0]
    assert (two.row(linked).account, two.row(linked).medium, two.row(linked).parent) == (
        "shop",
        "mail",
        number,
    )
    two.deliver()
    (out,) = two.script.tried
    assert (out.type, out.forwards, out.to) == ("start", None, (LEGAL,))
    own, _, quoted = out.text.partition("\n\nOn 2026-11-20 ")
    assert own == "Yours?"
    assert quoted.endswith(", Kim wrote:\n> Where is it?\n>\n> Kim")


def test_mail_goes_on_whole(two: Bench) -> None:
    assert way(two, two.customer("m", at("09:00"))) == Passage("shop", "mail", whole=True)


def test_without_mail_it_goes_as_its_own_account_begins_conversations(two: Bench) -> None:
    two.can(performs=frozenset({"reply"}))
    SCRIPTS["phone"].caps = Caps(performs=frozenset({"reply", "start"}), media=("sms",))
    learn_caps(two, "phone")
    assert way(two, text_from_kim(two)) == Passage("phone", "sms", whole=False)


def test_where_no_account_begins_anything_it_is_refused(two: Bench) -> None:
    number = text_from_kim(two)
    two.can(performs=frozenset({"reply"}))
    with pytest.raises(Refused, match="cannot be passed on"):
        two.do(Forward(conversation=number, to=(LEGAL,), text="Yours?"))
    assert two.script.tried == []
