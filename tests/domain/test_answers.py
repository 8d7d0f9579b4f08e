"""The wait from the first unanswered customer message to the first answer of a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidesk.domain.answers import Answered, Turn, answered, median
from tuidesk.domain.instants import MINUTE


def said(*turns: tuple[int, str], by: str = "sam") -> list[Turn]:
    """`(minute, what)`, by one clock."""
    made = []
    for minute, what in turns:
        at = minute * MINUTE
        made.append(Turn(at, at, what, by if what == "person" else ""))  # type: ignore[arg-type]  # words of the test's tables
    return made


@pytest.mark.parametrize(
    ("turns", "minutes"),
    [
        ([(0, "customer"), (6, "person")], [6]),
        ([(0, "customer"), (2, "customer"), (5, "customer"), (6, "person")], [6]),  # from the first
        ([(0, "customer"), (5, "person"), (6, "person")], [5]),  # a second answer answers nothing
        ([(0, "customer"), (3, "complete")], []),
        ([(0, "customer"), (3, "complete"), (120, "customer"), (124, "person")], [4]),
        ([(0, "customer"), (1, "bot"), (30, "person")], []),  # the bot had answered
        ([(0, "customer"), (1, "bot"), (10, "customer"), (30, "person")], [20]),
        ([(0, "person"), (30, "customer"), (45, "person")], [15]),  # we began it
        ([(0, "customer"), (5, "person"), (10, "customer"), (30, "person")], [5, 20]),
        ([(0, "customer")], []),
        ([], []),
    ],
)
def test_waits_that_a_person_ended(turns: list[tuple[int, str]], minutes: list[int]) -> None:
    assert [wait.ms for wait in answered(said(*turns))] == [minute * MINUTE for minute in minutes]


def test_an_answer_is_as_old_as_what_it_answers_whatever_our_clock_says() -> None:
    """Our clock is behind the channel's: the answer was written knowing the message, so it answers it, at once."""
    history = [Turn(100 * MINUTE, 100 * MINUTE, "customer"), Turn(90 * MINUTE, 100 * MINUTE, "person", "ana")]
    assert answered(history) == (Answered("ana", 0),)


def test_what_came_while_an_answer_was_written_is_not_answered_by_it() -> None:
    history = [
        *said((0, "customer"), (5, "customer")),
        Turn(6 * MINUTE, 0, "person", "ana"),
        *said((9, "person")),
    ]
    assert answered(history) == (Answered("ana", 6 * MINUTE), Answered("sam", 4 * MINUTE))


@given(st.lists(st.tuples(st.integers(0, 99), st.sampled_from(["customer", "person", "bot", "complete"]))))
def test_no_wait_is_negative_and_the_order_told_does_not_matter(turns: list[tuple[int, str]]) -> None:
    found = answered(said(*turns))
    assert all(wait.ms >= 0 for wait in found)
    assert found == answered(sorted(said(*turns), reverse=True))


@pytest.mark.parametrize(("waits", "middle"), [([], None), ([5], 5), ([9, 1, 5], 5), ([1, 4], 2)])
def test_the_median(waits: list[int], middle: int | None) -> None:
    assert median(waits) == middle
