"""Alarms of a process without a screen: the program that the config names, and bell and notification on a terminal."""

import sys
from collections.abc import Sequence
from contextlib import suppress

from tuidesk.desk import notice
from tuidesk.desk.desk import Desk
from tuidesk.desk.news import Item, Tell


def teller(desk: Desk) -> Tell | None:
    """What rings; None where nothing of the config could be heard, so that what is due is left to who can be."""
    notify = desk.config.file.notify
    has_terminal = sys.stderr.isatty()
    if not notice.can_be_heard(notify, has_terminal=has_terminal):
        return None

    def tell(items: Sequence[Item]) -> None:
        notice.tell(notify, notice.in_words(items, named=True), _write if has_terminal else None)

    return tell


def _write(sequence: str) -> None:
    with suppress(OSError):  # the terminal has gone; the program that is named is run all the same
        sys.stderr.write(sequence)
        sys.stderr.flush()
