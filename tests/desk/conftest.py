"""A bench for whoever asks, and no test in which an event was quietly put aside."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.bench import Bench, bench_at


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A desk with a scripted channel that has caught up."""
    with bench_at(tmp_path / "home", monkeypatch) as made:
        yield made


@pytest.fixture
def first_sync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A desk whose channel has not caught up yet."""
    with bench_at(tmp_path / "home", monkeypatch, caught_up=False) as made:
        yield made


@pytest.fixture(autouse=True)
def _nothing_put_aside(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    broken = [record for record in caplog.records if record.name == "tuidesk.ingest"]
    assert not broken or "poison" in request.node.name, broken[0].getMessage()
