"""Mastodon's API, spoken with a server that somebody else wrote."""

import pytest

from tests.channels.trip import Far, Trip, secret_of
from tests.servers.mastodon import Mastodon

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("mastodon")]


class FarMastodon(Far):
    sending = r"POST /api/v1/statuses"

    def __init__(self, server: Mastodon) -> None:
        self._us = server.new_person("acmehelp")
        self._customer = server.new_person("dana")
        self._last: str | None = None
        self.url, self.secret = server.url, self._us.token

    def account(self, url: str) -> str:
        return f'kind = "mastodon"\nserver = "{url}"\nsecret = {{ env = "{secret_of("shop")}" }}\n'

    def writes(self, text: str) -> None:
        self._last = self._customer.write(
            f"@{self._us.name} {text}", parent=self._last, visibility="unlisted"
        )

    def sees(self) -> list[str]:
        return [
            said.text for said in self._customer.mentions() if said.sender == self._us.name and said.parent
        ]


@pytest.fixture
def far(mastodon: Mastodon) -> FarMastodon:
    return FarMastodon(mastodon)


class TestTrip(Trip):
    """Mastodon's."""
