"""A spread that the store works out is the one of all durations."""

import random
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidesk.desk.spreads import spread_of
from tuidesk.domain.metrics import spread


def store(durations: list[int | None]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE sample (ms INTEGER)")
    connection.executemany("INSERT INTO sample VALUES (?)", [(one,) for one in durations])
    return connection


@given(st.lists(st.none() | st.integers(0, 50)), st.integers(0, 60))
def test_of_few(durations: list[int | None], at_once: int) -> None:
    wanted = spread(one for one in durations if one is not None)
    found = spread_of(store(durations), "ms", "sample WHERE true", (), at_once)
    assert found == pytest.approx(wanted)


CHANCE = random.Random(7)
SHAPES = {
    "lognormal": [int(CHANCE.lognormvariate(13, 2)) for _ in range(50_000)],
    "one value": [7] * 50_000,
    "two values": [CHANCE.choice((1, 10**10)) for _ in range(50_000)],
    "sorted": [*range(50_000)],
    "those looked at are others": [0 if number % 3 else 10**9 + number for number in range(1, 50_001)],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_of_many(shape: str) -> None:
    durations = SHAPES[shape]
    asked: list[str] = []
    connection = store([*durations])
    connection.set_trace_callback(asked.append)
    assert spread_of(connection, "ms", "sample WHERE true", ()) == pytest.approx(spread(durations))
    assert len(asked) == (5 if shape == "those looked at are others" else 4)
