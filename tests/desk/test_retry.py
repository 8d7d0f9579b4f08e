"""How long a channel is left alone after an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidesk.desk.retry import MOST_S, wait_s
from tuidesk.errors import (
    AuthFailed,
    ChannelError,
    RateLimited,
    Rejected,
    Unavailable,
    Unconfirmed,
    Unsupported,
)


@pytest.mark.parametrize("error", [AuthFailed("no"), Rejected("no"), Unsupported("no")])
def test_what_trying_again_cannot_help(error: ChannelError) -> None:
    assert wait_s(error, 1, 0.5) is None


@pytest.mark.parametrize("error", [Unavailable(), RateLimited()])
def test_the_wait_doubles_from_one_second_to_sixty(error: ChannelError) -> None:
    assert [wait_s(error, attempt, 0.0) for attempt in range(1, 10)] == [1, 2, 4, 8, 16, 32, 60, 60, 60]


@pytest.mark.parametrize("after", [0.0, 0.25, 7.0, 86_400.0])
@pytest.mark.parametrize("dice", [0.0, 1.0])
def test_a_named_wait_is_obeyed_to_the_letter(after: float, dice: float) -> None:
    assert wait_s(RateLimited("slow down", after), 9, dice) == after


def test_a_wait_is_never_negative() -> None:
    assert wait_s(RateLimited("slow down", -5.0), 1, 0.0) == 0.0


@given(attempt=st.integers(-3, 10_000), dice=st.floats(0, 1))
def test_the_dice_add_up_to_half_and_never_take_away(attempt: int, dice: float) -> None:
    plain = wait_s(Unavailable(), attempt, 0.0)
    rolled = wait_s(Unavailable(), attempt, dice)
    assert plain is not None
    assert rolled is not None
    assert plain <= rolled <= plain * 1.5 <= MOST_S * 1.5


@pytest.mark.parametrize("error", [Unconfirmed(), TimeoutError(), KeyError("x")])
def test_what_nobody_expected_is_left_alone_for_a_while(error: Exception) -> None:
    waited = wait_s(error, 1, 0.0)
    assert waited is not None
    assert waited >= 1.0
