"""Ids that changed, coalesced, to whoever listens: this process's own changes and everybody else's.

One thread watches the store's version, which moves when any connection commits; content is never carried.
"""

import logging
import threading
from collections.abc import Callable

from tuidesk.desk.picture import Change
from tuidesk.errors import TuideskError
from tuidesk.store import changes
from tuidesk.store.db import Connection, data_version, translated

_log = logging.getLogger("tuidesk.changes")

Heard = Callable[[frozenset[Change]], None]

LOOK_S = 0.25
"""How often other processes' changes are looked for; our own are told at once."""
_BLIND_S = 0.5


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
        connection: Connection | None = None
        seq, version = -1, -1
        while not self._closed:
            try:
                with translated():
                    if connection is None:
                        connection = self._open_reader()
                    now = data_version(connection)
                    if seq < 0:
                        seq = changes.last(connection)
                    elif now != version:
                        seq = self._tell(connection, seq)
                    version = now
            except TuideskError as error:
                # busy, gone, or not there yet: what changed is told when the store can be read again
                _log.info("cannot look for changes: %s", error)
                self._rung.wait(_BLIND_S)
            started.set()
            self._rung.wait(LOOK_S)
            self._rung.clear()
        if connection is not None:
            connection.close()

    def _tell(self, connection: Connection, seq: int) -> int:
        """Tell all that came after `seq`; the newest number told."""
        while rows := changes.since(connection, seq):
            seq = int(rows[-1]["seq"])
            told = frozenset(Change(kind=row["kind"], id=row["id"]) for row in rows)
            with self._guard:
                listeners = list(self._listeners)
            for heard in listeners:
                try:
                    heard(told)
                except Exception:  # noqa: BLE001 - one listener's mistake is logged; the others hear all the same
                    _log.exception("a listener failed")
        return seq
