"""An adapter of somebody else, found by its entry point: it logs in with a secret, and fails as its options say."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal

from tuidesk.domain.model import Caps, Person
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Receipt, Unsure
from tuidesk.errors import AuthFailed, Unavailable, Unsupported
from tuidesk.wire.channel import Batch, Checked, Site

RIGHT = "the-right-canary"


@dataclass(frozen=True)
class Place:
    host: str = field(metadata={"help": "where it is"})
    port: int = 7


@dataclass(frozen=True)
class StrangerOptions:
    server: Place
    fails: Literal["never", "away", "crash", "hang"] = "never"
    words: tuple[str, ...] = ()
    loud: bool = False


class Stranger:
    Options: ClassVar[type[Any]] = StrangerOptions

    def __init__(self, options: StrangerOptions, site: Site) -> None:
        self._options = options
        self._site = site

    async def check(self) -> Checked:
        secret = await asyncio.to_thread(self._site.secrets.get, "login")
        match self._options.fails:
            case "away":
                raise Unavailable(f"no route to {self._options.server.host}, said {secret}")
            case "crash":
                raise ZeroDivisionError(f"with {secret}")
            case "hang":
                await asyncio.sleep(3600)
        if secret != RIGHT:
            raise AuthFailed(f"{secret} is not it")
        return Checked(
            Person(name="Acme", handle=f"desk@{self._options.server.host}"),
            Caps(),
            findings=("Two folders.",),
        )

    async def events(self, cursor: str, state: bytes) -> AsyncIterator[Batch]:
        yield Batch(cursor=cursor, state=state, caught_up=True)

    async def perform(self, out: Outgoing) -> Receipt:
        raise Unsupported(out.type)

    async def find(self, out: Outgoing) -> Found | Missing | Unsure:
        raise Unsupported(out.type)

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        yield ref.encode()

    async def aclose(self) -> None:
        """Nothing is open."""


def installed(folder: Path) -> Path:
    """A folder that makes this adapter known as kind `stranger` to whoever has it on the path."""
    (folder / "stranger-1.0.dist-info").mkdir(parents=True)
    (folder / "stranger-1.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n"
    )
    (folder / "stranger-1.0.dist-info" / "entry_points.txt").write_text(
        "[tuidesk.channels]\nstranger = tests.desk.stranger:Stranger\n"
    )
    return folder
