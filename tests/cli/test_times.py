"""Durations that were measured, in words."""

import pytest

from tuidesk.cli.times import brief, exact
from tuidesk.domain.instants import DAY, HOUR, MINUTE, SECOND


@pytest.mark.parametrize(
    ("ms", "words", "short"),
    [
        (0, "0s", "0s"),
        (499.6, "0s", "0s"),
        (12 * SECOND, "12s", "12s"),
        (45 * SECOND, "45s", "45s"),
        (59.7 * SECOND, "1m", "1m"),
        (4 * MINUTE + 5 * SECOND, "4m 5s", "4m"),
        (9 * MINUTE + 59.6 * SECOND, "10m", "10m"),
        (12 * MINUTE + 40 * SECOND, "13m", "13m"),
        (59.6 * MINUTE, "1h", "1h"),
        (HOUR + 29 * MINUTE, "1h 29m", "1h"),
        (23 * HOUR + 59.8 * MINUTE, "1d", "1d"),
        (2 * DAY + 13 * HOUR, "2d 13h", "3d"),
    ],
)
def test_a_duration(ms: float, words: str, short: str) -> None:
    assert (exact(ms), brief(ms)) == (words, short)
