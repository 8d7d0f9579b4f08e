"""One supervised loop an account: pull, ingest, keep the cursor. Nothing it meets stops another account."""

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, AsyncIterator, Callable

from tuidesk.desk.ingest import ingest
from tuidesk.desk.line import Line
from tuidesk.desk.retry import wait_s
from tuidesk.errors import AuthFailed, ChannelError, ConfigError, StoreError
from tuidesk.store import accounts
from tuidesk.store.sql import Connection
from tuidesk.store.writer import INGEST
from tuidesk.wire.channel import Batch
from tuidesk.words import say

_log = logging.getLogger("tuidesk.sync")

POLL_S = 30.0
"""How long after a poll's end the next one begins."""
SILENCE_S = 120.0
"""How long a one-shot sync waits for a batch; an adapter that is at work sends empty ones meanwhile."""


class Sync:
    """Follows one account for as long as it runs."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._attempt = 0
        self.caught_up = asyncio.Event()
        """Set when the channel has said, in this run, that there is nothing more for now."""
        self.failure: str = ""
        """Why the last try ended, for a one-shot sync."""

    async def run(self) -> None:
        """Pull for ever: errors are said, waited out, and tried again."""
        while True:
            pause = await self.once()
            await self._line.sleep(pause)

    async def once(self, until_caught_up: bool = False) -> float:
        """Follow until the stream ends or breaks.

        Returns:
            Seconds to wait before the next try.
        """
        line = self._line
        try:
            await line.check()
            await self._follow(until_caught_up)
            self.failure = ""
            return POLL_S
        except (ConfigError, AuthFailed) as error:
            return await self._failed(
                "config" if isinstance(error, ConfigError) else "auth", str(error), 300.0
            )
        except ChannelError as error:
            self._attempt += 1
            pause = wait_s(error, self._attempt, random.random())
            return await self._failed("offline", error.reason, pause if pause is not None else 60.0)
        except TimeoutError:
            self._attempt += 1
            return await self._failed("offline", say("sync.silent"), 30.0)
        except StoreError as error:
            # the store's trouble is not the channel's: the batch is pulled again from the stored cursor
            _log.warning("%s: %s", line.id, error)
            self.failure = str(error)
            return 5.0
        except Exception as error:  # noqa: BLE001 - an adapter's crash is its account's own: logged, backed off
            _log.exception("%s: the adapter crashed", line.id)
            self._attempt += 1
            return await self._failed("crashed", type(error).__name__, min(5.0 * self._attempt, 60.0))

    async def _failed(self, health: str, detail: str, pause: float) -> float:
        self.failure = detail or health
        self.caught_up.clear()
        _log.info("%s: %s: %s", self._line.id, health, detail)
        await self._line.health(health, detail)
        return pause

    async def _follow(self, until_caught_up: bool) -> None:
        line = self._line
        cursor, state = await line.write(_place(line.id))
        batches = line.channel.events(cursor, state)
        try:
            while (batch := await self._next(batches, SILENCE_S if until_caught_up else None)) is not None:
                await line.write(self._storing(batch), INGEST)
                if batch.events:
                    line.bell.set()  # an echo may have settled what others wait for
                if batch.cursor is not None or batch.caught_up:
                    self._attempt = 0
                await self._say_progress(batch)
                if batch.caught_up:
                    self.caught_up.set()
                    if until_caught_up:
                        return
        finally:
            if isinstance(batches, AsyncGenerator):
                await batches.aclose()
        self.caught_up.set()

    async def _next(self, batches: AsyncIterator[Batch], seconds: float | None) -> Batch | None:
        """The next batch; None at the end. A stream may be silent for ever, a one-shot sync does not wait for that.

        Raises:
            TimeoutError: nothing for so many seconds.
        """
        async with asyncio.timeout(seconds):
            return await anext(batches, None)

    def _storing(self, batch: Batch) -> Callable[[Connection], None]:
        line = self._line

        def store(connection: Connection) -> None:
            ingest(
                connection,
                line.id,
                batch,
                settings=line.settings,
                now=line.clock.now(),
                sources=line.paths.raw,
            )

        return store

    async def _say_progress(self, batch: Batch) -> None:
        behind = batch.progress is not None and not batch.caught_up and not self.caught_up.is_set()
        await self._line.health("syncing" if behind else "ok", batch.notice)


def _place(account: str) -> Callable[[Connection], tuple[str, bytes]]:
    def place(connection: Connection) -> tuple[str, bytes]:
        row = accounts.get(connection, account)
        assert row is not None
        return str(row["cursor"]), bytes(row["state"])

    return place
