"""Every way the screen ends: a hang-up, a signal, a terminal that has gone, a crash. Text is saved in all of them."""

import asyncio
import os
import signal
import sys
import termios
import threading
from typing import TYPE_CHECKING, Any

from tuidesk.desk import crash
from tuidesk.desk.desk import Desk
from tuidesk.desk.outward import GIVE_TITLE_BACK
from tuidesk.domain.text import clean
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.app import DeskApp

HANG_UP_S = 0.85
"""From a signal to the end of the process, whatever hangs."""
_RESTORE = (
    "\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"
    "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
)

"""Pastes, wrapping, sizes, mice, keys, the other screen, the cursor, focus: all as a shell wants them."""


class Ending:
    """Knows how the terminal was, and why it ends."""

    def __init__(self, app: "DeskApp", desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self.code = 0
        """The exit code where a signal or a crash decides it; else 0."""
        self._words = ""
        self._attributes = _terminal_attributes()

    def listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """From now on the signals that end the program are ours."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGHUP, signal.SIGTERM):
                loop.add_signal_handler(number, self.hang_up, number)

    def hang_up(self, number: int = signal.SIGHUP) -> None:
        """The line is gone, or somebody wants us to end: save, leave, and be gone within a second.

        What is queued stays queued.
        """
        if self.code:
            return
        self.code = 128 + number
        watch = threading.Timer(HANG_UP_S, self._now)
        watch.daemon = True
        watch.start()
        self._app.end(self.code)

    def _now(self) -> None:
        """Something hangs: the terminal is put back from here, and that is all."""
        self._restore()
        os._exit(self.code)

    def _restore(self) -> None:
        try:
            if self._attributes is not None:
                termios.tcsetattr(0, termios.TCSANOW, self._attributes)
            os.write(2, (_RESTORE + (GIVE_TITLE_BACK if self._app.has_title else "")).encode())
        except (OSError, termios.error):
            return  # there is no terminal any more

    def crashed(self, error: BaseException | None) -> None:
        """Something of ours failed: keep the text, write a report, and say where when the terminal is back."""
        if self.code or error is None:
            return
        self.code = 1
        kept = True
        try:
            self._app.desk_screen.save_all()
        except Exception:  # noqa: BLE001 - a second failure must not hide the first
            kept = False
        path = crash.report(self._desk.paths, error, self._desk.clock.now())
        where = str(path) if path is not None else say("tui.crash_nowhere")
        words = say("tui.crashed", what=type(error).__name__, where=where)
        self._words = words if kept else words + " " + say("tui.crash_text")

    def last_words(self) -> None:
        """To the terminal as it was before us."""
        if self._words and sys.__stderr__ is not None:
            sys.__stderr__.write(clean(self._words) + "\n")
            self._words = ""


def _terminal_attributes() -> list[Any] | None:
    try:
        return termios.tcgetattr(0)
    except (OSError, termios.error):
        return None
