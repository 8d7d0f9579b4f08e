"""A wire between client and server that a test can cut."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self


class Relay:
    """Passes bytes on, on loopback. Connections are numbered in the order in which they came, from 0."""

    def __init__(self, to: tuple[str, int], host: str = "127.0.0.1", port: int = 0) -> None:
        self._to = to
        self._listener = socket.create_server((host, port))
        self.port: int = self._listener.getsockname()[1]
        self._lines: list[tuple[socket.socket, socket.socket]] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.refuse()
        for number in range(len(self._lines)):
            self.cut(number)

    @property
    def connections(self) -> int:
        """How many have come so far."""
        return len(self._lines)

    def cut(self, number: int) -> None:
        """End one connection, both sides of it."""
        for side in self._lines[number]:
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)

    def refuse(self) -> None:
        """From now on nobody listens here."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            onward = socket.create_connection(self._to)
            self._lines.append((line, onward))
            for source, target in ((line, onward), (onward, line)):
                threading.Thread(target=_pass_on, args=(source, target), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for side in (source, target):
        with suppress(OSError):
            side.shutdown(socket.SHUT_RDWR)
    source.close()
