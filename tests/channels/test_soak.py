"""All accounts at once with faults on each: nothing lost, nothing twice, memory flat, everybody well in the end."""

from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest

from tests.channels.crowd import crowd
from tests.channels.soak import Told, soaking

pytestmark = pytest.mark.xdist_group("soak")


def _soaked(folder: Path, seconds: float, rate: float, seed: int) -> Told:
    with crowd() as fars, soaking(folder, fars, seed) as soak:
        return soak.run(seconds, rate)


def _judged(told: Told, record: Callable[[str, object], None]) -> None:
    states = [state for state, _ in told.replies.values()]
    record("customers", len(told.customers))
    record("replies", {state: states.count(state) for state in sorted(set(states))})
    record("faults", dict(told.faults))
    record("decided_by_the_agent", told.decided)
    record("memory_kb", [told.memory[0], max(told.memory), told.memory[-1]])
    assert told.lost == []
    assert told.twice == []
    assert told.unhealed == {}
    assert set(states) == {"sent"}
    third = len(told.memory) // 3
    early, late = median(told.memory[third : 2 * third]), median(told.memory[2 * third :])
    assert late < early * 1.15 + 5_000


@pytest.mark.timeout(300)
def test_a_minute_of_a_bad_day(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    _judged(_soaked(tmp_path, 45.0, 0.1, seed=5), record_property)


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_ten_minutes_of_it(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    _judged(_soaked(tmp_path, 600.0, 0.15, seed=11), record_property)
