"""The Matrix adapter: the contract, and what the contract cannot know."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal

import pytest

from tests.channels.contract import CANARY, Contract, Rig, Trouble, site
from tests.fakes.matrix import DOMAIN, Matrix
from tuidesk.channels.matrix.adapter import Matrix as Adapter
from tuidesk.channels.matrix.options import Options
from tuidesk.channels.matrix.parse import of_account_data, of_timeline
from tuidesk.channels.matrix.rooms import Room, Us
from tuidesk.domain.events import ChannelEvent

DANA = "@dana:example.org"
NOW = 1_764_000_000_000
_WHERE = {"read": "/sync", "send": "PUT .*/send/"}


class MatrixRig(Rig):
    kind: ClassVar[str] = "matrix"

    def __init__(self, server: Matrix, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.room = server.room(DANA)

    def open(self) -> Adapter:
        return opened(self.server, self.folder)

    def customer_writes(self, text: str) -> None:
        self.server.write(self.room, DANA, text)

    def customer_saw(self) -> list[str]:
        return [content["body"] for content in self.server.said(self.room)]

    def trouble(self, what: Trouble, on: Literal["read", "send"]) -> None:
        self.server.fail(what, _WHERE[on])

    def answers(self, status: int, on: Literal["read", "send"], headers: dict[str, str]) -> None:
        self.server.fail("status", _WHERE[on], status=status, headers=headers)

    def heal(self) -> None:
        self.server.heal()

    def writes_unknown(self) -> str | None:
        return self.server.send(self.room, DANA, "org.example.invoice", {"total": 12})

    def sends_file(self, name: str, content: bytes) -> None:
        address = self.server.upload(content)
        info = {"size": len(content), "mimetype": "application/octet-stream"}
        self.server.write(self.room, DANA, name, msgtype="m.file", url=address, info=info)

    def parse(self, name: str, body: Any) -> Sequence[ChannelEvent]:
        return parsed(body)


def opened(server: Matrix, folder: Path, *, secret: str = CANARY, **more: Any) -> Adapter:
    options = {"user": server.own, "login": "token", "homeserver": server.base, **more}
    return Adapter(Options(**options), site(folder, secret))


def parsed(body: Any) -> Sequence[ChannelEvent]:
    """A recorded room of a `/sync` → its events."""
    room = Room("!r1:fake.test", Us(f"@support:{DOMAIN}", colleagues=("acme.example",)))
    for event in body.get("state", ()):
        room.take_state(event)
    found: list[ChannelEvent] = []
    for event in body.get("timeline", ()):
        room.take_state(event)
        found += of_timeline(event, room, NOW)
    for event in body.get("account_data", ()):
        found += of_account_data(event, room, NOW)
    terms = room.terms()
    return [*found, terms] if terms else found


@pytest.fixture
def server() -> Iterator[Matrix]:
    with Matrix(CANARY) as running:
        yield running


class TestContract(Contract):
    @pytest.fixture
    def rig(self, server: Matrix, tmp_path: Path) -> MatrixRig:
        return MatrixRig(server, tmp_path / "account")
