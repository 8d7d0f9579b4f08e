"""Chatwoot: the program as an agent runs it, and what the customer sees; its server is the fake with a ledger."""

from collections.abc import Iterator

import pytest

from tests.channels.contract import CANARY
from tests.channels.crowd import FarChatwoot
from tests.channels.trip import Trip
from tests.fakes.chatwoot import FakeChatwoot

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("chatwoot")]


@pytest.fixture
def far() -> Iterator[FarChatwoot]:
    with FakeChatwoot(CANARY) as server:
        yield FarChatwoot(server, "shop")


class TestTrip(Trip):
    """Chatwoot's."""
