"""What durations come to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidesk.domain.metrics import NONE, Asked, Share, Spread, spread


@pytest.mark.parametrize(
    ("durations", "wanted"),
    [
        ([], NONE),
        ([7], Spread(1, 7, 7, 7)),
        ([4, 2], Spread(2, 3, 3, 4)),
        ([1, 2, 3], Spread(3, 2, 2, 3)),
        (range(1, 11), Spread(10, 5.5, 5.5, 9)),
        (range(1, 12), Spread(11, 6, 6, 10)),
        ([100, *[1] * 9], Spread(10, 10.9, 1, 1)),
    ],
)
def test_spread(durations: list[int], wanted: Spread) -> None:
    assert spread(durations) == wanted


@given(st.lists(st.integers(0, 10**12), min_size=1))
def test_a_spread_lies_within_its_durations(durations: list[int]) -> None:
    found = spread(durations)
    assert found.n == len(durations)
    assert min(durations) <= found.median <= found.p90 or found.median <= max(durations)
    assert found.p90 in durations
    assert sum(one <= found.p90 for one in durations) * 10 >= found.n * 9
    assert sum(one < found.p90 for one in durations) * 10 < found.n * 9


def test_the_period_before_is_as_long_and_touches() -> None:
    assert Asked(100, 140).before == Asked(60, 100, compare=False)


def test_a_share_of_nothing_is_none() -> None:
    assert (Share(0, 0).value, Share(1, 4).value) == (None, 0.25)
