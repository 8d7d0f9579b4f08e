"""A Matrix account of the tests' own, from both sides."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal

from tests.channels.contract import CANARY, Pulled, Rig, Trouble, do, keep, look, run, site
from tests.channels.trip import Far, secret_of
from tests.fakes.matrix import DOMAIN, Matrix
from tuidesk.channels.matrix.adapter import Matrix as Adapter
from tuidesk.channels.matrix.options import Options
from tuidesk.channels.matrix.parse import of_account_data, of_timeline
from tuidesk.channels.matrix.rooms import Room, Us
from tuidesk.domain.events import (
    ChannelEvent,
    Received,
    Sent,
)
from tuidesk.domain.outgoing import Outgoing, Receipt

DANA = "@dana:example.org"
NOW = 1_764_000_000_000
_WHERE = {"read": "/sync", "send": "PUT .*/send/"}


class MatrixRig(Rig):
    kind: ClassVar[str] = "matrix"

    def __init__(self, server: Matrix, folder: Path, **options: Any) -> None:
        self.server, self.folder, self.options = server, folder, options
        self.room = server.room(DANA)

    def open(self) -> Adapter:
        return opened(self.server, self.folder, **self.options)

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

    def parse(self, name: str, body: Any) -> Sequence[ChannelEvent]:  # noqa: ARG002 - one sort of body
        return parsed(body)


class FarMatrix(Far):
    """The fake as its customer has it."""

    sending = r"PUT /_matrix/client/v3/rooms/[^/]+/send/"

    def __init__(self, server: Matrix) -> None:
        self._server = server
        self._room = server.room(DANA, joined=False)
        self.url, self.secret = server.base, CANARY

    def account(self, url: str) -> str:
        head = f'kind = "matrix"\nuser = "{self._server.own}"\nlogin = "token"\nhomeserver = "{url}"\n'
        return head + f'secret = {{ env = "{secret_of("matrix")}" }}\n'

    def writes(self, text: str) -> None:
        self._server.write(self._room, DANA, text)

    def sees(self) -> list[str]:
        return [content["body"] for content in self._server.said(self._room)]


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


def of(found: Pulled, kind: type[Any]) -> list[Any]:
    return [event for event in found.events if isinstance(event, kind)]


def texts(found: Pulled) -> list[str | None]:
    return [event.text for event in found.events if isinstance(event, Received | Sent)]


def asked(rig: MatrixRig, pattern: str) -> int:
    """How many requests were of that kind."""
    return sum(pattern in f"{one.method} {one.path}" for one in rig.server.asked)


def perform(rig: MatrixRig, out: Outgoing) -> Receipt:
    """By a new adapter."""
    return do(rig, lambda channel: channel.perform(out))


def question(rig: MatrixRig, text: str = "Where is my parcel?", **more: Any) -> Received:
    rig.server.write(rig.room, DANA, text, **more)
    return next(one for one in look(rig, text=text).received if one.text == text)


def following(
    rig: MatrixRig, until: Callable[[Pulled], bool], act: Callable[[], None] = lambda: None
) -> Pulled:
    """What comes live, on a line that has caught up before `act`."""

    async def whole() -> Pulled:
        channel, found = rig.open(), Pulled([], "", b"")
        batches = channel.events("", b"")
        try:
            async for batch in batches:
                was = found.caught_up
                keep(found, batch)
                if found.caught_up and not was:
                    await asyncio.to_thread(act)
                if found.caught_up and until(found):
                    return found
        finally:
            await channel.aclose()
        raise AssertionError("it ended")

    return run(whole)
