"""The other connection: it waits in IDLE on the inbox and wakes whoever works."""

import threading
from collections.abc import Callable

from tuidesk.channels.mail.connection import Connection
from tuidesk.channels.mail.trouble import translated


class Watch:
    """A thread in IDLE from `start` to `stop`. It reports nothing but "look again", and its own end."""

    def __init__(
        self,
        open_connection: Callable[[], Connection],
        host: str,
        folder: str,
        renew_s: float,
        wake: Callable[[], None],
        ended: Callable[[BaseException], None],
    ) -> None:
        self._open = open_connection
        self._host = host
        self._folder = folder
        self._renew_s = renew_s
        self._wake = wake
        self._ended = ended
        self._connection: Connection | None = None
        self._stopped = False
        self._thread = threading.Thread(target=self._work, name="tuidesk-idle", daemon=True)

    def start(self) -> None:
        """Connect and wait, in the thread. `wake` and `ended` are called from there."""
        self._thread.start()

    def stop(self) -> None:
        """Cut the line; the thread ends by itself at once (or when its connecting times out)."""
        self._stopped = True
        connection = self._connection
        if connection is not None:
            connection.cut()

    @property
    def running(self) -> bool:
        """The thread has not ended."""
        return self._thread.is_alive()

    def _work(self) -> None:
        try:
            self._connection = self._open()
            self._connection.examine(self._folder)
            while not self._stopped:
                self._connection.idle()
                self._wake()  # what came while nobody was in IDLE, and what IDLE's first answer carried along
                self._connection.wait(self._renew_s)
                self._connection.idle_done()
        except BaseException as error:  # noqa: BLE001 - a thread has nobody above it: the other end is told
            if not self._stopped:
                self._ended(translated(error, self._host))
        finally:
            if self._connection is not None:
                self._connection.close()
