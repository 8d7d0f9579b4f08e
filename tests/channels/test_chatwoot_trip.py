"""Chatwoot: the program as an agent runs it, and what the customer sees; its server is the fake with a ledger."""

from collections.abc import Iterator

import pytest

from tests.channels.contract import CANARY
from tests.channels.trip import Far, Trip
from tests.fakes.chatwoot import FakeChatwoot

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("chatwoot")]


class FarChatwoot(Far):
    sending = r"POST /api/v1/accounts/3/conversations/\d+/messages"
    completes = True

    def __init__(self, server: FakeChatwoot) -> None:
        self._server = server
        self._dana = server.contact("Dana")
        self._thread = server.begin(self._dana)

    @property
    def url(self) -> str:
        return self._server.base

    @property
    def secret(self) -> str:
        return CANARY

    def account(self, url: str) -> str:
        return f'kind = "chatwoot"\nserver = "{url}"\nrequest_s = 1.0\n'

    def writes(self, text: str) -> None:
        self._server.write(self._thread, text)

    def sees(self) -> list[str]:
        return [str(one["content"]) for one in self._server.seen_by(self._dana)]

    def completed(self) -> bool:
        return bool(self._server.conversations[self._thread]["status"] == "resolved")


@pytest.fixture
def far() -> Iterator[FarChatwoot]:
    with FakeChatwoot(CANARY) as server:
        yield FarChatwoot(server)


class TestTrip(Trip):
    """Chatwoot's."""
