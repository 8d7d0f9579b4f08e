"""Telegram's Bot API, spoken with an emulator that somebody else wrote; and, since that forgets, with a fake."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.contract import CANARY
from tests.channels.telegramming import FarTelegram
from tests.channels.trip import Agent, Far, Trip, secret_of, until
from tests.fakes.telegram import FakeTelegram
from tests.servers.telegram import Telegram


class FarEmulator(Far):
    sending = r"POST /bot[^/]+/sendMessage"
    remembers = False

    def __init__(self, server: Telegram) -> None:
        self._bot = server.new_bot()
        self._customer = server.new_customer(self._bot)
        self.url, self.secret = server.url, self._bot.token

    def account(self, url: str) -> str:
        return f'kind = "telegram"\nserver = "{url}"\nsecret = {{ env = "{secret_of("shop")}" }}\n'

    def writes(self, text: str) -> None:
        self._customer.write(text)

    def sees(self) -> list[str]:
        return [
            said.text
            for said in self._customer.ledger()
            if said.ours and said.message.get("reply_parameters")
        ]


@pytest.mark.servers
@pytest.mark.xdist_group("telegram")
class TestTrip(Trip):
    """The emulator's."""

    @pytest.fixture
    def far(self, telegram: Telegram) -> FarEmulator:
        return FarEmulator(telegram)


class TestFakeTrip(Trip):
    """Our fake's, which keeps what was not confirmed, as Telegram does."""

    @pytest.fixture
    def far(self) -> Iterator[FarTelegram]:
        with FakeTelegram(CANARY) as server:
            yield FarTelegram(server, "shop")

    def test_a_second_reader_is_named_by_health_and_by_doctor(
        self, far: FarTelegram, agent: Agent, tmp_path: Path
    ) -> None:
        far.writes("who reads me?")
        until(lambda: agent.conversation("who reads me?"), "the message")
        far.server.other_reader = True
        said = "Another program reads this bot"
        until(lambda: said in agent.run("accounts").stdout, "the account's health")
        assert said in agent.run("doctor").stdout
        assert not [
            path for path in tmp_path.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()
        ]

    def test_a_webhook_is_named_by_doctor(self, far: FarTelegram, agent: Agent) -> None:
        far.server.webhook = "https://shop.example/hook/s3cret"
        told = agent.run("doctor").stdout
        assert "A webhook at shop.example" in told
        assert "s3cret" not in told
        assert "Only one program can read a bot" in told
