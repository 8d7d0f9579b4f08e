"""A spread that the store works out is the one of all durations."""

import random
import sqlite3
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidesk.desk.spreads import AT_ONCE, spreads_of
from tuidesk.domain.metrics import NONE, Spread, spread

Pair = tuple[int | None, int | None]


def store(pairs: Iterable[Pair]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE sample (calendar INTEGER, business INTEGER)")
    connection.executemany("INSERT INTO sample VALUES (?, ?)", pairs)
    return connection


def both(connection: sqlite3.Connection, at_once: int = AT_ONCE) -> list[Spread]:
    return spreads_of(connection, ("calendar", "business"), "sample WHERE true", (), at_once)


def wanted(pairs: Iterable[Pair]) -> list[object]:
    found = [spread(one for one in column if one is not None) for column in zip(*pairs, strict=True)]
    return [pytest.approx(one) for one in found or [NONE, NONE]]


MAYBE = st.none() | st.integers(0, 50)


@given(st.lists(st.tuples(MAYBE, MAYBE)), st.integers(0, 60))
def test_of_few(pairs: list[Pair], at_once: int) -> None:
    assert both(store(pairs), at_once) == wanted(pairs)


CHANCE = random.Random(7)
SHAPES = {
    "lognormal": [int(CHANCE.lognormvariate(13, 2)) for _ in range(50_000)],
    "one value": [7] * 50_000,
    "two values": [CHANCE.choice((1, 10**10)) for _ in range(50_000)],
    "sorted": [*range(50_000)],
    "most are zeros": [0 if CHANCE.random() < 0.8 else CHANCE.randrange(10**9) for _ in range(50_000)],
    "those looked at are others": [0 if number % 3 else 10**9 + number for number in range(1, 50_001)],
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("other", ["the same", "half", "none", "few"])
def test_of_many(shape: str, other: str) -> None:
    business: Callable[[int, int], int | None] = {
        "the same": lambda _, one: one,
        "half": lambda _, one: one // 2,
        "none": lambda *_: None,
        "few": lambda at, one: None if at % 1000 else one,
    }[other]
    pairs = [(one, business(at, one)) for at, one in enumerate(SHAPES[shape])]
    connection, asked = store(pairs), list[str]()
    connection.set_trace_callback(asked.append)
    assert both(connection) == wanted(pairs)
    if shape == "lognormal":
        assert len(asked) == 4, "most of them were read after all"
