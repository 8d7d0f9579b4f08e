"""An account's line: its adapter, made from its file, with what the desk hands to it."""

import asyncio
import logging
import os
from collections.abc import Callable
from typing import Literal, TypeVar

from tuidesk.config.paths import Paths, make_private
from tuidesk.config.secrets import redact
from tuidesk.config.tables import AccountFile
from tuidesk.desk import checking
from tuidesk.domain.model import Settings
from tuidesk.store import accounts
from tuidesk.store.db import Connection
from tuidesk.store.writer import DELIVERY, Writer
from tuidesk.wire import registry
from tuidesk.wire.channel import Channel, Checked, Clock, Secrets, Site

_log = logging.getLogger("tuidesk.line")

T = TypeVar("T")
Side = Literal["in", "out"]


class Line:
    """What the loops of one account share: the adapter, the store, the clock, and a bell that says "look again"."""

    def __init__(
        self,
        account: AccountFile,
        *,
        paths: Paths,
        settings: Settings,
        writer: Writer,
        clock: Clock,
        secrets: Secrets,
    ) -> None:
        self.account = account
        self.id = account.id
        self.settings = settings
        self.clock = clock
        self.paths = paths
        self.bell = asyncio.Event()
        """Rung when there may be something to deliver."""
        self.nudged = asyncio.Event()
        """Rung when the agent, or a resumed machine, asks to try again now."""
        self.nudges = 0
        self._said: dict[Side, tuple[str, str]] = {}
        self._writer = writer
        self._secrets = secrets
        self._channel: Channel | None = None

    @property
    def channel(self) -> Channel:
        """The adapter, made when it is first needed.

        Raises:
            ConfigError: the account's file does not fit its adapter.
        """
        if self._channel is None:
            adapter = registry.load(self.account.kind)
            self._channel = adapter(self.account.options(adapter.Options), self._site())
        return self._channel

    def _site(self) -> Site:
        folder = self.paths.account_folder(self.id)
        make_private(folder)
        keys = self.account.keys
        return Site(
            account=self.id,
            clock=self.clock,
            secrets=self._secrets,
            agent=self.settings.agent,
            agent_addresses=self.settings.agent_addresses,
            address=keys.address,
            addresses=keys.addresses,
            folder=os.fspath(folder),
        )

    async def write(self, job: Callable[[Connection], T], urgency: int = DELIVERY) -> T:
        """Run a transaction on the writer thread."""
        return await asyncio.wrap_future(self._writer.submit(job, urgency))

    async def record(self, job: Callable[[Connection], T]) -> T:
        """As `write`, for what must be written even if whoever waits for it is ended meanwhile."""
        return await asyncio.shield(asyncio.wrap_future(self._writer.submit(job, DELIVERY)))

    async def check(self) -> Checked:
        """Ask the channel who the account is and what it can do, and keep the answer."""
        async with asyncio.timeout(60):
            checked = await self.channel.check()
        await self.write(lambda c: checking.keep(c, self.id, checked))
        return checked

    async def health(self, health: str, detail: str = "", *, side: Side = "in") -> None:
        """Say how the account is, as far as one side of it knows: what comes in, what goes out.

        Each side speaks for itself: mail that still comes in does not hide that none can be sent.
        """
        detail = redact(detail)  # some servers quote what they refuse
        if self._said.get(side) == (health, detail):
            return
        self._said[side] = (health, detail)
        well = ("ok", "syncing")
        shown = next((said for said in self._said.values() if said[0] not in well), None)
        shown = shown or self._said.get("in") or (health, detail)
        await self.write(lambda c: accounts.set_health(c, self.id, *shown))

    def nudge(self) -> None:
        """Try again now, whatever was to be waited for."""
        self.nudges += 1
        self.nudged.set()
        self.bell.set()

    async def sleep(self, seconds: float) -> None:
        """Wait, or until the agent asks to try again now."""
        self.nudged.clear()
        await ring(self.nudged, seconds)

    async def aclose(self) -> None:
        """Let go of the adapter, within two seconds whatever it does."""
        channel, self._channel = self._channel, None
        if channel is None:
            return
        try:
            async with asyncio.timeout(2):
                await channel.aclose()
        except Exception as error:  # noqa: BLE001 - it is let go of all the same, and nobody else's end waits for it
            _log.warning("%s: the adapter did not close: %r", self.id, error)


async def ring(bell: asyncio.Event, seconds: float | None) -> bool:
    """Wait for a bell, at most so long; True when it rang."""
    try:
        async with asyncio.timeout(seconds):
            await bell.wait()
    except TimeoutError:
        return False
    return True
