"""Bluesky: the contract on a strict fake, in public and directly."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.blueskying import BlueskyRig, DirectRig, refereed
from tests.channels.contract import Contract
from tests.fakes.bluesky import FakeBluesky


@pytest.fixture
def server() -> Iterator[FakeBluesky]:
    with refereed() as server:
        yield server


@pytest.fixture
def rig(server: FakeBluesky, tmp_path: Path) -> BlueskyRig:
    return BlueskyRig(server, tmp_path / "account")


class TestContract(Contract):
    """In public."""


class TestDirectContract(Contract):
    """In direct messages."""

    @pytest.fixture
    def rig(self, server: FakeBluesky, tmp_path: Path) -> DirectRig:
        return DirectRig(server, tmp_path / "account")
