"""What runs beside the faces: a thread with an event loop of its own that syncs, delivers and wakes.

Only the holder of the sync lock works; another process's engine waits until that one is gone.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from tuidesk.config.paths import Paths
from tuidesk.config.tables import AccountFile, Notify
from tuidesk.desk import alarms, deadlines, figures, sentiment
from tuidesk.desk.deliver import Deliver, recover
from tuidesk.desk.figures import Timing
from tuidesk.desk.line import Line, ring
from tuidesk.desk.news import Item, Tell
from tuidesk.desk.spool import sweep
from tuidesk.desk.steps import step
from tuidesk.desk.sync import Sync
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Settings
from tuidesk.errors import StoreError
from tuidesk.store import changes
from tuidesk.store.lock import SyncLock
from tuidesk.store.sql import Connection
from tuidesk.store.writer import INGEST, Writer
from tuidesk.wire.channel import Clock, Secrets

if TYPE_CHECKING:
    from tuidesk.desk.asking import Asking  # who asks nobody does not load it

_log = logging.getLogger("tuidesk.engine")

T = TypeVar("T")

LOOK_FOR_LOCK_S = 2.0
RESTART_S = 5.0
_NAP_S = 30.0
"""A long sleep is cut in pieces, so that a machine that was suspended wakes what is due."""


class Engine:
    """Works all accounts of a desk."""

    def __init__(
        self,
        accounts: Sequence[AccountFile],
        *,
        paths: Paths,
        settings: Settings,
        writer: Writer,
        clock: Clock,
        lock: SyncLock,
        secrets: Callable[[str], Secrets],
        timing: Timing,
        notify: Notify,
        tell: Tell | None,
        reads_sentiment: bool,
        asking: "Asking | None",
    ) -> None:
        self._accounts = [account for account in accounts if account.keys.enabled]
        self._paths = paths
        self._settings = settings
        self._writer = writer
        self._clock = clock
        self._lock = lock
        self._secrets = secrets
        self._timing = timing
        self._notify = notify
        self._tell = tell
        self._reads_sentiment = reads_sentiment
        self._asking = asking
        self._lines: dict[str, Line] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._wake = asyncio.Event()
        self._moved = asyncio.Event()
        """Something has happened that may have moved a due time."""
        self._changed, self._completed = asyncio.Event(), asyncio.Event()
        self._thread: threading.Thread | None = None

    # --- from any thread ---------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to work on a thread of the engine's own."""
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._main(ready)), name="tuidesk-engine", daemon=True
        )
        self._thread.start()
        ready.wait(5)

    def bell(self) -> None:
        """There may be something to deliver, or a snooze that ends."""
        self._call(self._ring)

    def nudge(self) -> None:
        """Try every account again now."""
        self._call(self._nudge)

    def on_line(self, account: str, work: Callable[[Line], Coroutine[Any, Any, T]]) -> "Future[T] | None":
        """Run `work` with an account's line on the engine's loop; None where this engine has no such line."""
        line = self._lines.get(account)
        if line is None or self._loop is None:
            return None
        return asyncio.run_coroutine_threadsafe(work(line), self._loop)

    def stop(self, seconds: float = 3.0) -> None:
        """End: adapters are let go, the lock is given up. Letters under way stay *sending* for recovery.

        While the engine's thread still works, the lock stays: another holder would recover what is not dead. It goes
        with the process then.
        """
        thread, self._thread = self._thread, None
        if thread is not None:
            self._call(self._end)
            thread.join(seconds)
        if thread is None or not thread.is_alive():
            self._lock.release()

    def _call(self, what: Callable[[], object]) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has just closed: there is nobody to call
                self._loop.call_soon_threadsafe(what)

    def _end(self) -> None:
        if self._stop is not None:
            self._stop.set()

    def _nudge(self) -> None:
        for line in self._lines.values():
            line.nudge()

    def _ring(self) -> None:
        self._wake.set()
        self._moved.set()
        self._changed.set()
        self._completed.set()
        for line in self._lines.values():
            line.bell.set()

    # --- on the engine's loop ----------------------------------------------------------------------

    async def _main(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        ready.set()
        while not self._stop.is_set():
            try:
                await self._hold()
            except Exception:  # noqa: BLE001 - a supervisor: an engine that died holding the lock would stop everybody
                _log.exception("the engine failed")
                self._lock.release()
                await ring(self._stop, RESTART_S)

    async def _hold(self) -> None:
        """Take the lock as soon as nobody has it, and work until told to stop."""
        assert self._stop is not None
        while not self._lock.take():
            if await ring(self._stop, LOOK_FOR_LOCK_S):
                return
        while not await self._recovered():
            if await ring(self._stop, RESTART_S):
                return
        async with self._lines_open():
            tasks = [
                asyncio.create_task(_supervised("alarms", self._alarms)),
                asyncio.create_task(_supervised("figures", self._measure)),
                asyncio.create_task(_supervised("due times", self._watch)),
            ]
            if self._reads_sentiment and sentiment.is_there():
                tasks.append(asyncio.create_task(_supervised("sentiment", self._sentiment)))
            if self._asking is not None:
                asking = partial(self._asking.follow, self._completed)
                tasks.append(asyncio.create_task(_supervised("surveys", asking)))
            for line in self._lines.values():
                tasks.append(asyncio.create_task(_supervised(f"sync of {line.id}", Sync(line).run)))
                tasks.append(asyncio.create_task(_supervised(f"delivery of {line.id}", Deliver(line).run)))
            await self._stop.wait()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def once(self, *, pull: bool = True, give_up_s: float | None = None) -> dict[str, str]:
        """Pull every account until it has caught up, deliver the outbox, end. Needs the lock.

        Returns:
            What failed, by account; empty when all went well.
        """
        await self._recover()
        async with self._lines_open():
            await self._write(alarms.wake)
            if self._asking is not None:
                await self._asking.once()
            done = await asyncio.gather(*(self._once(line, pull, give_up_s) for line in self._lines.values()))
            await self._tell_due()
        return {line_id: failure for line_id, failure in done if failure}

    async def _once(self, line: Line, pull: bool, give_up_s: float | None) -> tuple[str, str]:
        sync = Sync(line)
        try:
            if pull:
                await sync.once(until_caught_up=True)
            await Deliver(line).drain(give_up_s)
        except Exception as error:  # noqa: BLE001 - a supervisor: logged, and the other accounts go on
            _log.exception("%s: could not be worked", line.id)
            return line.id, sync.failure or str(error) or type(error).__name__
        return line.id, sync.failure

    async def _recovered(self) -> bool:
        try:
            await self._recover()
        except StoreError as error:
            _log.warning("cannot look after what is going out: %s", error)
            return False
        return True

    async def _recover(self) -> None:
        left = await self._write(recover)
        step("outbox.recovered")
        if left:
            _log.warning("%d pieces of work were under way when a process ended", left)
        await asyncio.wrap_future(self._writer.submit(self._tidy))

    def _tidy(self, connection: Connection) -> None:
        changes.trim(connection)
        try:
            sweep(connection, self._paths.spool)
        except OSError as error:
            _log.warning("the spool cannot be tidied: %s", error)

    async def _write(self, job: Callable[[Connection, Instant], int]) -> int:
        return await asyncio.wrap_future(self._writer.submit(lambda c: job(c, self._clock.now())))

    @contextlib.asynccontextmanager
    async def _lines_open(self) -> AsyncIterator[None]:
        for account in self._accounts:
            self._lines[account.id] = Line(
                account,
                paths=self._paths,
                settings=self._settings,
                writer=self._writer,
                clock=self._clock,
                secrets=self._secrets(account.id),
            )
        try:
            yield
        finally:
            await asyncio.gather(*(line.aclose() for line in self._lines.values()))
            self._lines.clear()

    async def _measure(self) -> None:
        """Bring the figures that follow other rules than those in force up to date, behind everything else."""
        at: int | None = 0
        while at is not None:
            job = partial(figures.catch_up, timing=self._timing, behind=at, now=self._clock.now())
            at = await asyncio.wrap_future(self._writer.submit(job, INGEST))
        await asyncio.Event().wait()  # rules do not change while the program runs

    async def _sentiment(self) -> None:
        """Read how customers sound."""
        await sentiment.follow(self._writer, self._changed)

    async def _alarms(self) -> None:
        """Wake snoozes when their time comes."""
        while True:
            self._wake.clear()
            await self._write(alarms.wake)
            due = await asyncio.wrap_future(self._writer.submit(alarms.next_due))
            pause = None if due is None else max((due - self._clock.now()) / 1000, 0.05)
            await ring(self._wake, _NAP_S if pause is None else min(pause, _NAP_S))

    async def _watch(self) -> None:
        """Tell what becomes due, where no screen does."""
        while self._tell is not None:
            await asyncio.sleep(deadlines.HEAD_START_S)
            self._moved.clear()
            again = await self._tell_due()
            while again is None or self._clock.now() < again:
                pause = _NAP_S if again is None else max((again - self._clock.now()) / 1000, 0.05)
                if await ring(self._moved, min(pause, _NAP_S)):
                    break
        await asyncio.Event().wait()

    async def _tell_due(self) -> Instant | None:
        """Tell what is due; when to ask again, None: not before something changes."""
        if self._tell is None:
            return None

        def claim(connection: Connection) -> tuple[tuple[Item, ...], Instant | None]:
            now = self._clock.now()
            items = deadlines.claim(connection, self._notify, now)
            return items, deadlines.ahead(connection, self._notify, now).again

        items, again = await asyncio.wrap_future(self._writer.submit(claim))
        if items:
            self._tell(items)
        return again


async def _supervised(what: str, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run for ever: a mistake of ours, or a store that cannot serve for now, is logged, and on it goes."""
    while True:
        try:
            await run()
        except Exception:  # noqa: BLE001 - a supervisor: logged, and on it goes
            _log.exception("the %s failed", what)
        await asyncio.sleep(RESTART_S)
