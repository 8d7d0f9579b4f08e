"""When a wait begins and ends, as a pure function. The vectors are those of the timers' definitions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desk.bench import at
from tuidesk.domain.timers import Moment, waiting_since


def customer(clock: str) -> Moment:
    return Moment(at(clock), False, at(clock), "customer")


def ours(clock: str, what: str = "answer", after: str = "") -> Moment:
    """What we did; `after`: the newest customer message that we knew."""
    assert what in ("answer", "complete")
    return Moment(at(after or clock), True, at(clock), "answer" if what == "answer" else "complete")


@pytest.mark.parametrize(
    ("history", "since"),
    [
        ([], None),
        ([customer("10:00"), customer("10:02"), customer("10:05")], "10:00"),  # 3
        ([customer("10:00"), customer("10:02"), customer("10:05"), ours("10:06")], None),
        ([customer("10:00"), ours("10:05"), ours("10:06")], None),  # 5
        ([customer("10:00"), ours("10:03", "complete")], None),  # 6
        ([customer("10:00"), ours("10:03", "complete"), customer("12:00")], "12:00"),  # 7
        ([ours("09:00"), customer("09:30")], "09:30"),  # 13
        ([customer("11:00"), ours("10:00", after="11:00")], None),  # 16
        ([customer("11:00"), customer("11:01"), ours("10:00", after="11:00")], "11:01"),
        ([customer("10:00"), customer("10:04"), ours("10:05", after="10:00")], "10:04"),
    ],
)
def test_the_vectors(history: list[Moment], since: str | None) -> None:
    assert waiting_since(history) == (None if since is None else at(since))


@given(
    st.permutations(
        [customer("10:00"), ours("10:05"), customer("10:10"), customer("10:12"), ours("10:20", after="10:10")]
    )
)
def test_the_order_in_which_it_is_told_does_not_matter(history: list[Moment]) -> None:
    assert waiting_since(history) == at("10:12")
