"""Ids that changed, coalesced, to whoever listens: this process's own changes and everybody else's.

One thread watches the store's version, which moves when any connection commits; content is never carried.
"""

import threading
from collections.abc import Callable

from tuidesk.desk.picture import Change
from tuidesk.errors import StoreError
from tuidesk.store import changes
from tuidesk.store.db import Connection, data_version, translated

Heard = Callable[[frozenset[Change]], None]

LOOK_S = 0.25
"""How often other processes' changes are looked for; our own are told at once."""


class Feed:
    """Tells listeners what changed."""

    def __init__(self, open_reader: Callable[[], Connection]) -> None:
        self._open_reader = open_reader
        self._listeners: list[Heard] = []
        self._guard = threading.Lock()
        self._rung = threading.Event()
        self._closed = False
        self._thread: threading.Thread | None = None

    def listen(self, heard: Heard) -> Callable[[], None]:
        """Call `heard` on the feed's thread for what changes from now on; the result stops that."""
        with self._guard:
            self._listeners.append(heard)
            if self._thread is None:
                started = threading.Event()
                self._thread = threading.Thread(
                    target=self._run, args=(started,), name="tuidesk-feed", daemon=True
                )
                self._thread.start()
                started.wait(2)

        def stop() -> None:
            with self._guard:
                if heard in self._listeners:
                    self._listeners.remove(heard)

        return stop

    def ring(self) -> None:
        """This process has just committed."""
        self._rung.set()

    def close(self) -> None:
        self._closed = True
        self._rung.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(1)

    def _run(self, started: threading.Event) -> None:
        connection = self._open_reader()
        try:
            seq = changes.last(connection)
            version = data_version(connection)
            started.set()
            while not self._closed:
                self._rung.wait(LOOK_S)
                self._rung.clear()
                try:
                    with translated():
                        if (now := data_version(connection)) != version:
                            version = now
                            seq = self._tell(connection, seq)
                except StoreError:
                    # the store is busy or gone for now; what changed is told when it can be read again
                    self._rung.wait(1.0)
        finally:
            started.set()
            connection.close()

    def _tell(self, connection: Connection, seq: int) -> int:
        rows = changes.since(connection, seq)
        if not rows:
            return seq
        told = frozenset(Change(kind=row["kind"], id=row["id"]) for row in rows)
        with self._guard:
            listeners = list(self._listeners)
        for heard in listeners:
            heard(told)
        if len(rows) >= 10_000:
            self._rung.set()
        return int(rows[-1]["seq"])
