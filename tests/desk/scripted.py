"""A channel that does what a test has written down, and keeps what it was asked to do."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tuidesk.domain.model import Caps, Offered, Person
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Receipt, Unsure
from tuidesk.wire.channel import Batch, Checked, Site

EVERYTHING = frozenset(
    {"reply", "start", "note", "complete", "reopen", "pending", "snooze", "assign", "tag", "priority"}
)
HANG = "hang"
"""An answer that never comes."""

Answer = Receipt | Exception | str | Callable[[Outgoing], Receipt]


@dataclass
class Script:
    """What the channel of one account answers, in order; after the last, everything is done at once."""

    caps: Caps = field(default_factory=lambda: Caps(performs=EVERYTHING, media=("mail",)))
    performs: list[Answer] = field(default_factory=list)
    finds: list[Found | Missing | Unsure | Exception] = field(default_factory=list)
    batches: list[Batch | Exception | str] = field(default_factory=list)
    files: dict[str, list[bytes | Exception]] = field(default_factory=dict)
    check: Exception | None = None
    canned: tuple[Offered, ...] = ()
    hangs_at_end: bool = False

    tried: list[Outgoing] = field(default_factory=list)
    """The ledger: what was asked for, in order."""
    asked: list[Outgoing] = field(default_factory=list)
    polls: int = 0

    def tried_types(self) -> list[str]:
        return [out.type for out in self.tried]


SCRIPTS: dict[str, Script] = {}
"""By account; a test puts its own here before the desk opens its line."""


@dataclass(frozen=True)
class Options:
    """Nothing to choose."""


class Scripted:
    """The adapter."""

    Options: ClassVar[type[Any]] = Options

    def __init__(self, options: Any, site: Site) -> None:  # noqa: ARG002 - the contract's
        self.script = SCRIPTS[site.account]

    async def check(self) -> Checked:
        if self.script.check is not None:
            raise self.script.check
        return Checked(Person("Acme", "support@acme.example"), self.script.caps, canned=self.script.canned)

    async def events(self, cursor: str, state: bytes) -> AsyncIterator[Batch]:  # noqa: ARG002 - the contract's
        self.script.polls += 1
        while self.script.batches:
            match self.script.batches.pop(0):
                case Batch() as batch:
                    yield batch
                case Exception() as error:
                    raise error
                case _:
                    await asyncio.Event().wait()
        yield Batch(caught_up=True)

    async def perform(self, out: Outgoing) -> Receipt:
        self.script.tried.append(out)
        answer = self.script.performs.pop(0) if self.script.performs else Receipt(id=f"<{out.key}@sent>")
        match answer:
            case Receipt():
                return answer
            case Exception():
                raise answer
            case str():
                await asyncio.Event().wait()
                raise AssertionError
        return answer(out)

    async def find(self, out: Outgoing) -> Found | Missing | Unsure:
        self.script.asked.append(out)
        answer = self.script.finds.pop(0) if self.script.finds else Unsure()
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        for part in self.script.files[ref]:
            if isinstance(part, Exception):
                raise part
            yield part

    async def aclose(self) -> None:
        if self.script.hangs_at_end:
            await asyncio.Event().wait()
