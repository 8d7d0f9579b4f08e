"""Who is the same customer, and what the customer pane shows of them."""

from pathlib import Path

import pytest

from tests.desk.bench import ACCOUNT, DANA, Bench, at, bench_at, received
from tuidesk.desk import customer as desk_customer
from tuidesk.desk.picture import Customer
from tuidesk.domain.commands import Complete, Snooze
from tuidesk.domain.events import ContactSeen
from tuidesk.domain.model import Person


def customer(bench: Bench, number: int) -> Customer:
    return bench.desk.read(desk_customer.of, bench.row(number).contact, bench.clock.now()).result()


def wrote(bench: Bench, id_: str, medium: str, handle: str, account: str = "shop", name: str = "") -> int:
    bench.take(
        received(id_, at("10:00"), medium=medium, sender=Person(name, handle), conversation=id_),
        account=account,
    )
    return bench.conversation_of(id_)


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """A bench with the accounts `shop` and `other`."""
    with bench_at(tmp_path / "home", monkeypatch, other=ACCOUNT) as bench:
        yield bench


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (("mail", "dana@ortiz.example"), ("mail", "Dana@Ortiz.Example"), True),
        (("sms", "+82 10 5550 0117"), ("whatsapp", "+821055500117"), True),
        (("sms", "0082-10-5550-0117"), ("call", "+821055500117"), True),
        (("mail", "dana@ortiz.example"), ("form", "dana@ortiz.example"), True),
        (("mail", "dana@ortiz.example"), ("mail", "dana@ortiz.example.org"), False),
        (("post", "@dana"), ("post", "@dana"), False),
        (("chat", "42"), ("sms", "42"), False),
        (("sms", "10 5550 0117"), ("whatsapp", "10 5550 0117"), False),
    ],
)
def test_across_accounts_only_addresses_and_numbers_join(
    two: Bench, first: tuple[str, str], second: tuple[str, str], same: bool
) -> None:
    one, other = wrote(two, "a", *first), wrote(two, "b", *second, account="other")
    assert (two.row(one).contact == two.row(other).contact) is same


def test_within_an_account_a_handle_is_one_person(bench: Bench) -> None:
    assert (
        bench.row(wrote(bench, "a", "post", "@Dana")).contact
        == bench.row(wrote(bench, "b", "post", "@dana")).contact
    )


def test_what_the_channel_says_is_the_same_is_joined(bench: Bench) -> None:
    mail = wrote(bench, "a", "mail", "dana@ortiz.example", name="Dana Ortiz")
    post = wrote(bench, "b", "post", "@dana_o")
    third = wrote(bench, "c", "chat", "visitor-7")
    bench.take(
        ContactSeen(
            medium="post",
            handle="@dana_o",
            fields=(("city", "Seoul"),),
            same_as=(("mail", "dana@ortiz.example"),),
        ),
        ContactSeen(
            medium="chat", handle="visitor-7", same_as=(("post", "@dana_o"),), fields=(("plan", "pro"),)
        ),
    )
    shown = customer(bench, third)
    assert shown == customer(bench, mail)
    assert (shown.name, shown.total, len(shown.conversations)) == ("Dana Ortiz", 3, 3)
    assert {(i.medium, i.handle) for i in shown.identities} == {
        ("mail", "dana@ortiz.example"),
        ("post", "@dana_o"),
        ("chat", "visitor-7"),
    }
    assert dict(shown.fields) == {"city": "Seoul", "plan": "pro"}
    assert bench.row(post).name == "Dana Ortiz"
    assert bench.row(post).handle == "@dana_o"


def test_how_many_others_of_the_customer_are_open(bench: Bench) -> None:
    one, two, three = (wrote(bench, f"m{n}", "mail", DANA.handle) for n in range(3))
    elsewhere = wrote(bench, "x", "mail", "lee@x.example")
    assert [bench.row(n).also_open for n in (one, two, three, elsewhere)] == [2, 2, 2, 0]
    bench.do(Complete(conversations=(one,)))
    bench.do(Snooze(conversations=(two,), until=at("14:00")))
    assert [bench.row(n).also_open for n in (one, two, three)] == [1, 1, 0]
    bench.clock.at = at("14:00")
    assert [bench.row(n).also_open for n in (one, two, three)] == [2, 1, 1]


def test_a_name_is_learnt_and_not_lost(bench: Bench) -> None:
    number = wrote(bench, "a", "mail", DANA.handle)
    assert bench.row(number).name == ""
    wrote(bench, "b", "mail", DANA.handle, name="Dana Ortiz")
    wrote(bench, "c", "mail", DANA.handle, name="support@acme.example")
    assert bench.row(number).name == "Dana Ortiz"


def test_since_is_the_earliest_that_is_known(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.take(received("m0", at("09:00", 2)))
    assert customer(bench, number).since == at("09:00", 2)
