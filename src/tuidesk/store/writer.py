"""One writer thread in a process: every transaction goes through it, typed text first."""

import itertools
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tuidesk.errors import StoreBroken, StoreBusy
from tuidesk.store import db, lock
from tuidesk.words import say

T = TypeVar("T")

TYPED = 0
"""Priority of typed text: it is on disk within a second, whatever else waits."""
COMMAND = 1
DELIVERY = 2
INGEST = 3
BESIDE = 4
"""What nobody waits for."""
_LAST = 99


@dataclass(frozen=True, slots=True)
class Waiting:
    """A transaction cannot begin yet, because another process is in one."""

    seconds: float
    pid: int | None
    """That process, where the kernel says which it is (Linux)."""


class Writer:
    """Runs jobs in transactions of their own, the most urgent first.

    A job is a function of the connection; its future has the result once the transaction is on disk, or the error
    after it was undone.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = db.open_store(path)
        self._jobs: queue.PriorityQueue[tuple[int, int, Callable[[], None] | None]] = queue.PriorityQueue()
        self._order = itertools.count()
        self._closed = False
        self._guard = threading.Lock()
        self._asked_at: float | None = None
        self.then: Callable[[db.Connection], None] | None = None
        """What follows from whatever a job has changed, in the transaction of that job."""
        self._thread = threading.Thread(target=self._run, name="tuidesk-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[db.Connection], T], urgency: int = COMMAND) -> Future[T]:
        """Queue a job; the future is done when its transaction is.

        Raises:
            RuntimeError: the writer is closed.
        """
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = self._transact(job)
            except BaseException as error:  # noqa: BLE001 - it is handed to whoever waits for the future
                future.set_exception(error)
            else:
                future.set_result(result)

        with self._guard:
            if self._closed:
                raise RuntimeError("the writer is closed")
            self._jobs.put((urgency, next(self._order), run))
        return future

    def waiting(self) -> Waiting | None:
        """What keeps the job under way from beginning; None where nothing does. From any thread."""
        asked_at = self._asked_at
        if asked_at is None:
            return None
        return Waiting(time.monotonic() - asked_at, lock.writer_of(self._path))

    def _transact(self, job: Callable[[db.Connection], T]) -> T:
        self._asked_at = time.monotonic()
        try:
            with db.transaction(self._connection) as connection:
                self._asked_at = None
                result = job(connection)
                if self.then is not None:
                    self.then(connection)
                return result
        except StoreBusy as error:
            pid = lock.writer_of(self._path)
            raise error if pid is None else StoreBusy(say("store.busy_pid", pid=pid)) from error
        except StoreBroken:
            db.mark_suspect(self._path)
            raise
        finally:
            self._asked_at = None

    def _run(self) -> None:
        while (job := self._jobs.get()[2]) is not None:
            job()
        self._connection.close()

    def close(self, timeout: float = 5.0) -> None:
        """Finish what is queued, fold the log in, close."""
        with self._guard:
            if not self._closed:
                self._closed = True
                self._jobs.put((_LAST, next(self._order), None))
        self._thread.join(timeout)
