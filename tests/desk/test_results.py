"""What a command says it has done: the result, not only the verb. And what would do nothing is refused."""

import time
from collections.abc import Iterator

import pytest

from tests.desk.bench import ANA, SAM, Bench, at
from tuidesk.domain.commands import Assign, Pending, Reopen, Snooze
from tuidesk.domain.model import Person
from tuidesk.errors import Refused


@pytest.fixture
def _in_seoul(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Asia/Seoul")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_in_seoul")
def test_a_snooze_says_until_when_by_the_wall_clock(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    what = (number,)
    assert bench.do(Snooze(conversations=what, until=at("18:00"))).words == "snooze #1 until 21 Nov 03:00"
    firm = Snooze(conversations=what, until=at("18:00"), firm=True)
    assert bench.do(firm).words == "snooze #1 firmly until 21 Nov 03:00"
    next_year = at("18:00") + 60 * 86_400_000
    assert bench.do(Snooze(conversations=what, until=next_year)).words == "snooze #1 until 20 Jan 2027 03:00"
    assert bench.do(Snooze(conversations=what, until=None)).words == "snooze #1 until a reply"


def test_pending_says_for_whom(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    assert bench.do(Pending(conversations=(number,))).words == "pending #1 for the customer"
    for_billing = Pending(conversations=(number,), pending_for="billing")
    assert bench.do(for_billing).words == "pending #1 for billing"


def steps(bench: Bench) -> int:
    return int(bench.query("SELECT count(*) FROM step")[0][0])


def test_what_is_open_is_not_reopened(bench: Bench) -> None:
    one, two = bench.customer("m1", at("10:00")), bench.customer("m2", at("10:01"))
    with pytest.raises(Refused, match="#1 is open already"):
        bench.do(Reopen(conversations=(one,)))
    with pytest.raises(Refused, match="#1, #2 are open already"):
        bench.do(Reopen(conversations=(one, two)))
    assert (steps(bench), bench.history(one)) == (0, [])
    bench.do(Pending(conversations=(two,)))
    assert bench.do(Reopen(conversations=(one, two))).words == "reopen #2"
    assert bench.history(one) == []


def test_who_has_it_is_not_given_it_again(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    with pytest.raises(Refused, match="with nobody already"):
        bench.do(Assign(conversations=(number,), to=None))
    bench.do(Assign(conversations=(number,), to=SAM))
    before = steps(bench)
    with pytest.raises(Refused, match="#1 is with Sam K already"):
        bench.do(Assign(conversations=(number,), to=Person("Sam K", SAM.handle.upper())))
    assert steps(bench) == before
    bench.do(Assign(conversations=(number,), to=ANA))
    with pytest.raises(Refused):
        bench.do(Assign(conversations=(number,), to=Person("Ana Q", "ana.q@acme.example", me=True)))
