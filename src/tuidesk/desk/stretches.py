"""Stretches of handling time on their way to the disk, as they run. No other screen is woken by them."""

import logging
from concurrent.futures import Future

from tuidesk.desk.desk import Desk
from tuidesk.domain.handling import Stretch
from tuidesk.store import handling
from tuidesk.store.sql import Connection
from tuidesk.store.writer import BESIDE, COMMAND

_log = logging.getLogger("tuidesk.handling")


class _Kept:
    """One stretch, and its row once it has one."""

    def __init__(self, stretch: Stretch) -> None:
        self._stretch = stretch
        self._row: int | None = None

    def is_of(self, stretch: Stretch) -> bool:
        return stretch[:2] == self._stretch[:2]

    def save(self, connection: Connection, stretch: Stretch) -> int | None:
        """Unless more of it is saved already."""
        if self._row is not None and stretch.stop <= self._stretch.stop:
            return self._row
        return handling.save(connection, self._row, stretch)

    def is_saved(self, stretch: Stretch, row: int | None) -> None:
        """Its transaction is on disk; before that, a row may be none."""
        self._row = row
        if stretch.stop > self._stretch.stop:
            self._stretch = stretch


class Stretches:
    """Saves them one after the other, each as often as it is told."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._kept: _Kept | None = None

    def save(self, stretch: Stretch, *, at_once: bool) -> "Future[int | None] | None":
        """On its way to the disk when this returns, `at_once` before what can wait; None where nothing can be
        recorded."""
        if self._desk.read_only:
            return None
        kept = self._kept
        if kept is None or not kept.is_of(stretch):
            kept = self._kept = _Kept(stretch)
        saved = self._desk.write(
            lambda connection: kept.save(connection, stretch), COMMAND if at_once else BESIDE
        )

        def ended(future: "Future[int | None]") -> None:
            """On the writer's thread, before its next transaction."""
            if (error := future.exception()) is None:
                kept.is_saved(stretch, future.result())
            else:
                _log.warning("handling time was not saved: %s", error)

        saved.add_done_callback(ended)
        return saved
