"""When nothing is heard, and how it is said."""

import time
from collections.abc import Iterator

import pytest

from tests.desk.bench import at
from tuidesk.config.tables import Notify
from tuidesk.desk.news import Item
from tuidesk.desk.notice import can_be_heard, in_words, quiet_until
from tuidesk.domain import instants


@pytest.fixture
def berlin() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    ("span", "clock", "ends"),
    [
        ("22:00-07:00", "22:10", "06:00"),  # an hour before UTC
        ("22:00-07:00", "05:59:59", "06:00"),
        ("22:00-07:00", "06:00", None),
        ("22:00-07:00", "20:59:59", None),
        ("12:00-13:00", "11:30", "12:00"),
        ("12:00-13:00", "12:00", None),
        ("", "03:00", None),
        ("00:00-00:00", "03:00", None),
    ],
)
@pytest.mark.usefixtures("berlin")
def test_quiet_is_by_the_clock_of_this_place(span: str, clock: str, ends: str | None) -> None:
    found = quiet_until(span, at(clock))
    if ends is None:
        assert found is None
    else:
        assert found in (at(ends), at(ends, day=21))
        assert found is not None
        assert at(clock) < found <= at(clock) + instants.DAY


@pytest.mark.usefixtures("berlin")
def test_the_quiet_of_a_night_in_which_the_clocks_are_set() -> None:
    forward = instants.parse("2026-03-28T22:00:00Z")
    assert quiet_until("22:00-07:00", forward) == instants.parse("2026-03-29T05:00:00Z")
    back = instants.parse("2026-10-24T21:00:00Z")
    assert quiet_until("22:00-07:00", back) == instants.parse("2026-10-25T06:00:00Z")
    twice = instants.parse("2026-10-25T01:10:00Z")  # 02:10, the second time
    until = quiet_until("22:00-02:30", twice)
    assert until is not None
    assert until > twice


def test_the_most_urgent_is_said_first() -> None:
    items = [
        Item("new", 1, "Jun Park"),
        Item("soon", 2, "Omar"),
        Item("window", 3, "Aziza K."),
        Item("late", 4, "Dana Ortiz"),
    ]
    assert in_words(items, named=True) == (
        "tuidesk: 1 late, Dana Ortiz; 1 near the end of the reply window, Aziza K.; 1 due soon, Omar; 1 new, Jun Park"
    )
    late = [Item("late", n, f"Customer {n}") for n in range(12)]
    assert in_words(late, named=True) == "tuidesk: 12 late, Customer 0, Customer 1, Customer 2, 9 more"
    assert in_words(late, named=False) == "tuidesk: 12 late"


def test_what_cannot_be_heard() -> None:
    assert not can_be_heard(Notify(bell=True, osc="9"), has_terminal=False)
    assert not can_be_heard(Notify(), has_terminal=True)
    assert can_be_heard(Notify(osc="9"), has_terminal=True)
    assert can_be_heard(Notify(command=("true",)), has_terminal=False)
