"""The demo's adapter: an ordinary channel whose service is this package. Nothing leaves the machine."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from tuidesk.domain.events import Progress
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Receipt, Unsure
from tuidesk.errors import Rejected
from tuidesk.wire.channel import Batch, Checked, Site
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.channels.demo.memory import Memory
    from tuidesk.channels.demo.sized import Sized
    from tuidesk.domain.events import ChannelEvent

# Who asks for the options alone loads neither script nor asyncio: those are imported where they are used.

_BATCH = 500
_HEARTBEAT_S = 10.0
_PIECE = 1 << 16


@dataclass(frozen=True)
class DemoOptions:
    seed: int = field(default=7, metadata={"help": say("demo.help_seed")})
    size: int = field(default=0, metadata={"help": say("demo.help_size")})
    live: bool = field(default=True, metadata={"help": say("demo.help_live")})
    pace: float = field(default=1.0, metadata={"help": say("demo.help_pace")})

    def __post_init__(self) -> None:
        if self.size < 0:
            raise ValueError(say("demo.bad_size"))
        if not self.pace > 0:
            raise ValueError(say("demo.bad_pace"))


class Demo:
    Options: ClassVar[type[DemoOptions]] = DemoOptions

    def __init__(self, options: DemoOptions, site: Site) -> None:
        import asyncio

        from tuidesk.channels.demo.service import Service

        self._options = options
        self._site = site
        self._closed = False
        self._stirred = asyncio.Event()
        """Set when the stream has something to look at before its time: a reply, or the end."""
        self._service = Service(Path(site.folder) / "ledger.jsonl", site.clock, self._stirred.set)

    async def check(self) -> Checked:
        from tuidesk.channels.demo.cast import MINA, SAM, SHOP, staff
        from tuidesk.channels.demo.service import CAPS

        agents = (staff(self._site.agent)["me"], SAM, MINA)
        return Checked(
            identity=SHOP, caps=CAPS, agents=agents, findings=(say("demo.found"), say("demo.faults"))
        )

    async def events(self, cursor: str, state: bytes) -> AsyncIterator[Batch]:
        """The history from `cursor` on, then what happens while the desk is open. It ends when closed."""
        from tuidesk.channels.demo.memory import Memory

        memory = Memory.load(state, self._site.clock.now())
        history = self._sized if self._options.size else self._written
        for batch in history(memory, int(cursor or 0)):
            yield replace(batch, state=memory.dump())
            if self._closed:
                return
        async for batch in self._stream(memory):
            yield batch

    def _written(self, memory: "Memory", done: int) -> Iterator[Batch]:
        """The hand-written desk. The cursor counts its events."""
        from tuidesk.channels.demo.script import history

        told = history(memory.start, self._options.seed, self._site.agent)
        while done < len(told):
            events = tuple(told[done : done + _BATCH])
            done += len(events)
            yield Batch(events, cursor=str(done), progress=Progress(done, len(told)))

    def _sized(self, memory: "Memory", done: int) -> Iterator[Batch]:
        """The desk of a given size. The cursor counts its conversations; a batch ends with a whole one."""
        from tuidesk.channels.demo.sized import MESSAGES

        size = self._options.size
        gathered: list[ChannelEvent] = []
        for number, told in enumerate(self._desk(memory).conversations(done), done):
            if len(gathered) + len(told) > _BATCH:
                yield Batch(
                    tuple(gathered), str(number), progress=Progress(number * MESSAGES, size * MESSAGES)
                )
                gathered = []
            gathered += told
        if gathered:
            yield Batch(tuple(gathered), str(size), progress=Progress(size * MESSAGES, size * MESSAGES))

    def _desk(self, memory: "Memory") -> "Sized":
        from tuidesk.channels.demo.cast import staff
        from tuidesk.channels.demo.sized import Sized

        return Sized(self._options.size, memory.start, self._options.seed, staff(self._site.agent)["me"])

    async def _stream(self, memory: "Memory") -> AsyncIterator[Batch]:
        """Caught up; from here on a batch whenever something happens, and a heartbeat while nothing does."""
        from tuidesk.channels.demo.live import Live
        from tuidesk.channels.demo.script import asker_of

        clock = self._site.clock
        options = self._options
        asker = self._desk(memory).asker if options.size else asker_of
        live = Live(memory, options.seed, options.pace, asker, go_on=not options.size)
        yield Batch(state=memory.dump(), caught_up=True)
        while not self._closed:
            events: list[ChannelEvent] = []
            if options.live:
                replies = await self._service.replies()
                await self._rest((live.due(replies, clock.now()) - clock.now()) / 1000)
                events = live.take(replies, clock.now())
            else:
                await self._rest(_HEARTBEAT_S)
            yield Batch(tuple(events), state=live.memory.dump() if events else None, caught_up=True)

    async def _rest(self, seconds: float) -> None:
        """Until then, a heartbeat at most; cut short when there is something to look at."""
        import asyncio

        if not self._closed:
            try:
                await asyncio.wait_for(self._stirred.wait(), max(0.0, min(seconds, _HEARTBEAT_S)))
            except TimeoutError:
                return
            self._stirred.clear()

    async def perform(self, out: Outgoing) -> Receipt:
        return await self._service.perform(out)

    async def find(self, out: Outgoing) -> Found | Missing | Unsure:
        return await self._service.find(out)

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """The bytes of an attachment.

        Raises:
            Rejected: no message here carries such a file.
        """
        from tuidesk.channels.demo.files import content

        try:
            whole = content(ref)
        except KeyError:
            raise Rejected(say("demo.no_file")) from None
        for first in range(0, len(whole), _PIECE):
            yield whole[first : first + _PIECE]

    async def aclose(self) -> None:
        self._closed = True
        self._stirred.set()
