"""Who a reply goes to unless the agent changes it."""

from pathlib import Path

import pytest

from tests.desk.bench import ACCOUNT, DANA, Bench, at, bench_at, received, sent
from tuidesk.desk import read
from tuidesk.desk.picture import Recipients
from tuidesk.domain.model import Person
from tuidesk.errors import NotFound, Refused

LEGAL = Person("Legal", "legal@ortiz.example")
LEE = Person("Lee", "lee@ortiz.example")
US = Person("Acme", "Support@Acme.example")
SALES = Person("Sales", "sales@acme.example")


def of(bench: Bench, number: int, answers: int | None = None) -> Recipients:
    return bench.desk.read(read.recipients, number, bench.desk.ours("shop"), answers).result()


def test_the_sender_and_everybody_else_but_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    account = ACCOUNT + 'addresses = ["sales@acme.example"]\n'
    with bench_at(tmp_path / "home", monkeypatch, account=account) as bench:
        number = bench.customer("m1", at("10:00"), to=(SALES, LEE, DANA), cc=(LEGAL, US, LEE))
        found = of(bench, number)
        assert (found.to, found.cc, found.via) == ((DANA,), (LEE, LEGAL), "sales@acme.example")
        bench.reply(number)
        bench.deliver()
        out = bench.script.tried[0]
        assert (out.to, out.cc, out.sender) == ((DANA,), (LEE, LEGAL), Person("Ana", "sales@acme.example"))


def test_an_agent_who_was_copied_is_not_copied_again(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), to=(US,), cc=(Person("Ana", "ANA@acme.example"), LEGAL))
    bench.reply(number)
    bench.deliver()
    assert bench.script.tried[0].cc == (LEGAL,)


def test_reply_to_comes_first(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), to=(US,), reply_address="answers@ortiz.example")
    assert of(bench, number).to == (Person("Dana Ortiz", "answers@ortiz.example"),)


def test_the_newest_person_is_answered_whoever_that_is(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), to=(US,))
    bench.take(received("m2", at("10:05"), sender=LEGAL, to=(US,), cc=(DANA,), refs=("m1",)))
    bench.take(received("a1", at("10:06"), sender=LEE, kind="auto", refs=("m1",)))
    found = of(bench, number)
    assert (found.to, found.cc) == ((LEGAL,), (DANA,))
    first = bench.messages(number)[0].n
    assert of(bench, number, first).to == (DANA,)


def test_our_own_message_is_followed_by_another_to_the_same(bench: Bench) -> None:
    bench.take(sent("o1", at("10:00"), to=(DANA,), cc=(LEGAL, US)))
    number = bench.conversation_of("o1")
    found = of(bench, number)
    assert (found.to, found.cc) == ((DANA,), (LEGAL,))


def test_only_mail_has_copies(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), medium="chat", sender=Person("D", "dana"), cc=(LEGAL,))
    found = of(bench, number)
    assert (found.to, found.cc, found.medium) == ((Person("D", "dana"),), (), "chat")


def test_nobody_to_write_to(bench: Bench) -> None:
    bench.take(received("u1", at("10:00"), sender=Person(), kind="unreadable"))
    number = bench.conversation_of("u1")
    assert of(bench, number).to == ()
    with pytest.raises(Refused):
        bench.reply(number)


def test_no_such_conversation_or_message(bench: Bench) -> None:
    bench.take(received("m1", at("10:00")), received("m2", at("10:00"), sender=LEGAL))
    theirs = bench.messages(bench.conversation_of("m2"))[0].n
    with pytest.raises(NotFound):
        of(bench, bench.conversation_of("m1"), theirs)
    with pytest.raises(NotFound):
        of(bench, 99)
