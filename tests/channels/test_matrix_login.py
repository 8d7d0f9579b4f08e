"""Who we are at a Matrix homeserver, where that is, and what cannot be."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.channels.contract import CANARY, do, pull, run, site
from tests.channels.matrixing import MatrixRig, asked, of, opened, question
from tests.fakes.matrix import Matrix
from tests.servers.fixtures import LoopbackTls
from tuidesk.channels.matrix.adapter import Matrix as Adapter
from tuidesk.channels.matrix.options import Options
from tuidesk.desk.clock import SystemClock
from tuidesk.domain.events import (
    Received,
)
from tuidesk.domain.model import Person
from tuidesk.domain.outgoing import Receipt
from tuidesk.errors import AuthFailed, ConfigError
from tuidesk.wire.channel import Channel


@pytest.fixture
def server() -> Iterator[Matrix]:
    with Matrix(CANARY) as running:
        yield running


@pytest.fixture
def rig(server: Matrix, tmp_path: Path) -> MatrixRig:
    return MatrixRig(server, tmp_path / "account")


def test_a_password_is_given_once_and_for_one_device(server: Matrix, tmp_path: Path) -> None:
    rig = MatrixRig(server, tmp_path / "account", login="password", secret="correct horse")
    checked = do(rig, lambda channel: channel.check())
    assert checked.identity == Person("Acme Support", server.own)
    assert any("password" in finding for finding in checked.findings)
    devices = {device for _, device in server.tokens.values()} - {"TOKEN"}
    do(rig, lambda channel: channel.check())
    assert {device for _, device in server.tokens.values()} - {"TOKEN"} == devices
    assert len(devices) == 1
    assert "correct horse" not in str([one.headers for one in server.asked])


def test_a_token_that_went_stale_is_had_anew(
    server: Matrix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tuidesk.channels.matrix.login._FRESH_S", 0.0)
    rig = MatrixRig(server, tmp_path / "account", login="password", secret="correct horse")
    rig.customer_writes("hello")

    async def whole(channel: Channel) -> Receipt:
        message = of(await pull(channel), Received)[0]
        server.tokens = {}
        return await channel.perform(rig.reply(message, "hi"))

    assert do(rig, whole).id
    assert rig.customer_saw() == ["hi"]


def test_two_requests_that_fail_together_log_in_once(server: Matrix, tmp_path: Path) -> None:
    rig = MatrixRig(server, tmp_path / "account", login="password", secret="correct horse")
    message = question(rig)

    class Later(SystemClock):
        ahead = 0.0

        def monotonic(self) -> float:
            return super().monotonic() + self.ahead

    async def whole() -> None:
        clock = Later()
        options = Options(user=server.own, login="password", homeserver=server.base)
        channel = Adapter(options, site(rig.folder, "correct horse", clock=clock))
        await channel.check()
        clock.ahead, server.tokens = 3600.0, {}
        before = asked(rig, "/login")
        await asyncio.gather(*(channel.perform(rig.reply(message, "hi", f"k-{n}")) for n in range(4)))
        assert asked(rig, "/login") == before + 1
        await channel.aclose()

    run(whole)
    assert rig.customer_saw() == ["hi"] * 4


def test_a_wrong_password_is_no_broken_line(server: Matrix, tmp_path: Path) -> None:
    rig = MatrixRig(server, tmp_path / "account", login="password", secret="wrong")
    with pytest.raises(AuthFailed, match="Invalid username"):
        do(rig, lambda channel: channel.check())


def test_the_token_of_another_account_is_refused(server: Matrix, tmp_path: Path) -> None:
    server.tokens[CANARY] = ("@dana:fake.test", "X")
    with pytest.raises(AuthFailed, match=r"@dana:fake\.test"):
        do(MatrixRig(server, tmp_path / "account"), lambda channel: channel.check())


def test_the_server_is_found_by_the_domain_of_the_id(
    server: Matrix, tmp_path: Path, loopback_tls: LoopbackTls
) -> None:
    server.secure(loopback_tls.server)
    server.own = f"@support:127.0.0.1:{server.port}"
    server.tokens[CANARY] = (server.own, "TOKEN")
    rig = MatrixRig(server, tmp_path / "account", homeserver="", ca=loopback_tls.ca)
    assert do(rig, lambda channel: channel.check()).identity.handle == server.own
    assert asked(rig, "well-known") == 1
    server.fail("status", "well-known", status=404)
    assert do(rig, lambda channel: channel.check()).identity.handle == server.own


@pytest.mark.parametrize(
    "wrong", [{"user": "support"}, {"user": "@support"}, {"days": 0}, {"homeserver": "http://fake.test"}]
)
def test_options_that_cannot_be_are_told(server: Matrix, tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises((ValueError, ConfigError)):
        run(opened(server, tmp_path / "account", **wrong).check)
