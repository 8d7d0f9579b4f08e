"""A thread that owns one IMAP connection and does one job after another on it."""

import asyncio
import itertools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tuidesk.channels.mail.connection import Connection
from tuidesk.channels.mail.trouble import keeps_the_line, translated
from tuidesk.errors import Unavailable
from tuidesk.words import say

T = TypeVar("T")
JOB_S = 180.0
"""A job that takes longer hangs, however busy its line looks: reads have timeouts, drips of bytes have none."""


@dataclass(order=True, slots=True)
class _Job:
    rank: int
    number: int
    do: Callable[[Connection], Any] | None = field(compare=False)
    """None ends the thread."""
    result: Future[Any] = field(compare=False)


class Line:
    """Jobs in, results out. The connection opens with the first job and again after it broke."""

    def __init__(self, open_connection: Callable[[], Connection], host: str) -> None:
        self._open = open_connection
        self._host = host
        self._jobs: queue.PriorityQueue[_Job] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None
        self._connection: Connection | None = None
        self._current: Future[Any] | None = None
        self._closed = False

    async def run(self, do: Callable[[Connection], T], *, first: bool = False, within: float = JOB_S) -> T:
        """The result of `do(connection)`, done in the line's thread; `first` goes before what waits there.

        Raises:
            ChannelError: as `trouble.translated`.
        """
        if self._closed:
            raise Unavailable(say("mail.closed"))
        job = _Job(0 if first else 1, next(self._numbers), do, Future())
        self._jobs.put(job)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="tuidesk-imap", daemon=True)
            self._thread.start()
        try:
            async with asyncio.timeout(within):
                result: T = await asyncio.wrap_future(job.result)
                return result
        except TimeoutError as error:
            self.cut()
            raise Unavailable(say("mail.silent", host=self._host)) from error

    def cut(self) -> None:
        """End the connection; the job on it fails, the next one opens another."""
        connection = self._connection
        if connection is not None:
            connection.cut()

    async def aclose(self, within: float = 0.7) -> None:
        """Every job fails now. A thread that is still connecting ends by itself and touches nothing more."""
        self._closed = True
        self._jobs.put(_Job(-1, next(self._numbers), None, Future()))
        self.cut()
        self._fail(self._current)
        thread = self._thread
        end = asyncio.get_running_loop().time() + within
        while thread is not None and thread.is_alive() and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(0.01)
        while not self._jobs.empty():
            with suppress(queue.Empty):
                self._fail(self._jobs.get_nowait().result)

    def _fail(self, result: Future[Any] | None) -> None:
        if result is not None:
            with suppress(InvalidStateError):
                result.set_exception(Unavailable(say("mail.closed")))

    # --- in the thread ---

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            if job.do is None or self._closed:
                self._fail(job.result)
                break
            if job.result.set_running_or_notify_cancel():
                self._current = job.result
                self._do(job.do, job.result)
                self._current = None
        self._hang_up()

    def _do(self, do: Callable[[Connection], Any], result: Future[Any]) -> None:
        try:
            done = do(self._connected())
        except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to who asked
            if not keeps_the_line(error):
                self._hang_up()
            with suppress(InvalidStateError):
                result.set_exception(translated(error, self._host))
        else:
            with suppress(InvalidStateError):
                result.set_result(done)

    def _connected(self) -> Connection:
        if self._connection is None:
            connection = self._open()
            self._connection = connection
            if self._closed:
                connection.cut()
        return self._connection

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
