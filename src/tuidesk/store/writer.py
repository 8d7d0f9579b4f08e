"""One writer thread in a process: every transaction goes through it, typed text first."""

import itertools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from tuidesk.errors import StoreBroken
from tuidesk.store import db

T = TypeVar("T")

TYPED = 0
"""Priority of typed text: it is on disk within a second, whatever else waits."""
COMMAND = 1
DELIVERY = 2
INGEST = 3


def _suspect(path: Path, error: BaseException) -> None:
    """A store that a transaction finds damaged is checked whole when it is next opened."""
    if isinstance(error, StoreBroken):
        db.suspect_mark(path).touch(mode=0o600)


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
        self._thread = threading.Thread(target=self._run, name="tuidesk-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[db.Connection], T], urgency: int = COMMAND) -> Future[T]:
        """Queue a job; the future is done when its transaction is."""
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                with db.transaction(self._connection) as connection:
                    result = job(connection)
            except BaseException as error:  # noqa: BLE001 - it is handed to whoever waits for the future
                _suspect(self._path, error)
                future.set_exception(error)
            else:
                future.set_result(result)

        self._put(urgency, run)
        return future

    def _put(self, urgency: int, run: Callable[[], None] | None) -> None:
        if self._closed:
            raise RuntimeError("the writer is closed")
        self._jobs.put((urgency, next(self._order), run))

    def _run(self) -> None:
        while (job := self._jobs.get()[2]) is not None:
            job()
        self._connection.close()

    def close(self, timeout: float = 5.0) -> None:
        """Finish what is queued, fold the log in, close."""
        if not self._closed:
            self._put(99, None)
            self._closed = True
        self._thread.join(timeout)


class Readers:
    """Reader connections on threads of their own, so that no query runs on an event loop.

    Queries run one after the other per lane: `quick` for the screen, and a lane for what may take long.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lanes: dict[
            str, tuple[queue.SimpleQueue[Callable[[db.Connection], None] | None], threading.Thread]
        ] = {}
        self._guard = threading.Lock()

    def submit(self, query: Callable[..., T], *args: Any, lane: str = "quick") -> Future[T]:
        """Run `query(connection, *args)` on the lane's thread."""
        future: Future[T] = Future()

        def run(connection: db.Connection) -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                with db.translated():
                    future.set_result(query(connection, *args))
            except BaseException as error:  # noqa: BLE001 - it is handed to whoever waits for the future
                _suspect(self._path, error)
                future.set_exception(error)

        self._lane(lane).put(run)
        return future

    def _lane(self, name: str) -> "queue.SimpleQueue[Callable[[db.Connection], None] | None]":
        with self._guard:
            if name not in self._lanes:
                jobs: queue.SimpleQueue[Callable[[db.Connection], None] | None] = queue.SimpleQueue()
                thread = threading.Thread(
                    target=self._run, args=(jobs,), name=f"tuidesk-reader-{name}", daemon=True
                )
                self._lanes[name] = (jobs, thread)
                thread.start()
            return self._lanes[name][0]

    def _run(self, jobs: "queue.SimpleQueue[Callable[[db.Connection], None] | None]") -> None:
        connection = db.open_reader(self._path)
        while (job := jobs.get()) is not None:
            job(connection)
        connection.close()

    def close(self, timeout: float = 1.0) -> None:
        """Let the queries under way end, close the connections."""
        with self._guard:
            for jobs, _ in self._lanes.values():
                jobs.put(None)
            for _, thread in self._lanes.values():
                thread.join(timeout)
            self._lanes.clear()
