"""Reader connections on threads of their own, so that no query runs on an event loop."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from tuidesk.errors import StoreBroken
from tuidesk.store import db

T = TypeVar("T")
_Query = Callable[[db.Connection], Any]


class Readers:
    """Queries run one after the other per lane: `quick` for the screen, and a lane for what may take long."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lanes: dict[str, _Lane] = {}
        self._guard = threading.Lock()
        self._closed = False

    def submit(self, query: Callable[..., T], *args: Any, lane: str = "quick") -> Future[T]:
        """Run `query(connection, *args)` on the lane's thread; the future has its result or its error.

        Raises:
            RuntimeError: the readers are closed.
        """
        future: Future[T] = Future()
        with self._guard:
            if self._closed:
                raise RuntimeError("the readers are closed")
            if lane not in self._lanes:
                self._lanes[lane] = _Lane(self._path, lane)
            self._lanes[lane].jobs.put((lambda connection: query(connection, *args), future))
        return future

    def close(self, timeout: float = 1.0) -> None:
        """Let the queries that were asked for end, close the connections."""
        with self._guard:
            self._closed = True
            lanes = list(self._lanes.values())
            self._lanes.clear()
        for lane in lanes:
            lane.jobs.put(None)
        for lane in lanes:
            lane.thread.join(timeout)


class _Lane:
    """A thread with a connection, opened when it is first needed and again after it could not be."""

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._connection: db.Connection | None = None
        self.jobs: queue.SimpleQueue[tuple[_Query, Future[Any]] | None] = queue.SimpleQueue()
        self.thread = threading.Thread(target=self._run, name=f"tuidesk-reader-{name}", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        while (job := self.jobs.get()) is not None:
            query, future = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                result = self._ask(query)
            except BaseException as error:  # noqa: BLE001 - it is handed to whoever waits for the future
                future.set_exception(error)
            else:
                future.set_result(result)
        if self._connection is not None:
            self._connection.close()

    def _ask(self, query: _Query) -> Any:
        try:
            if self._connection is None:
                self._connection = db.open_reader(self._path)
            with db.translated():
                return query(self._connection)
        except StoreBroken:
            db.mark_suspect(self._path)
            raise
