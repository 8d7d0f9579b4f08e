"""HTTP/1.1 on a socket as it is: heads, and bodies piece by piece as they come."""

import select
import socket
from collections.abc import Iterator
from dataclasses import dataclass

CHUNKED = -1
ENDLESS = -2
"""Lengths of a body that no number gives: it says itself where it ends, or ends with the connection."""
_PIECE = 65536


@dataclass(frozen=True, slots=True)
class Head:
    """The first line and the fields of a request or an answer."""

    first: str
    fields: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str:
        """The value of the first field of that name in small letters; empty where there is none."""
        return next((value for key, value in self.fields if key.lower() == name), "")

    @property
    def status(self) -> int:
        """An answer's."""
        return int(self.first.split(" ", 2)[1])

    @property
    def keeps(self) -> bool:
        """A request after which the connection stays."""
        return self.first.endswith("HTTP/1.1") and "close" not in self.get("connection").lower()

    @property
    def upgrades(self) -> bool:
        """A request for another protocol."""
        return "upgrade" in self.get("connection").lower()

    def with_connection(self, word: str) -> bytes:
        """As it goes on the wire, with another word about the connection, or none."""
        kept = [field for field in self.fields if field[0].lower() not in ("connection", "keep-alive")]
        return _raw(Head(self.first, (*kept, *([("Connection", word)] if word else []))))

    @property
    def raw(self) -> bytes:
        """As it goes on the wire."""
        return _raw(self)

    def length_of_request(self) -> int:
        """Bytes of the body, or `CHUNKED`."""
        return self._length(0)

    def length_of_answer(self, method: str) -> int:
        """Bytes of the body, `CHUNKED` or `ENDLESS`."""
        if method == "HEAD" or self.status in (204, 304) or self.status < 200:
            return 0
        return self._length(ENDLESS)

    def _length(self, unsaid: int) -> int:
        if "chunked" in self.get("transfer-encoding").lower():
            return CHUNKED
        return int(self.get("content-length") or unsaid)


def _raw(head: Head) -> bytes:
    lines = [head.first, *(f"{name}: {value}" for name, value in head.fields)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


class Line:
    """One end of a connection. Every method raises OSError when the connection ends in the middle."""

    def __init__(self, connection: socket.socket, watched: "Line | None" = None) -> None:
        """With `watched`, reading also ends when whoever is there has left."""
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection = connection
        self._ahead = b""
        self.watched = watched

    def head(self) -> Head | None:
        """The next head; None when the other end has closed instead."""
        first = self._text()
        if first is None:
            return None
        fields = []
        while line := self._line().decode("latin-1").rstrip("\r\n"):
            name, _, value = line.partition(":")
            fields.append((name, value.strip()))
        return Head(first, tuple(fields))

    def body(self, length: int) -> Iterator[bytes]:
        """The body in pieces as they come, chunks with their framing."""
        if length == CHUNKED:
            yield from self._chunks()
        while length == ENDLESS and (piece := self.some()):
            yield piece
        while length > 0:
            piece = self._must(length)
            length -= len(piece)
            yield piece

    def some(self) -> bytes:
        """What is there, or the next to come; empty at the end."""
        piece, self._ahead = self._ahead or self._received(), b""
        return piece

    def send(self, data: bytes) -> None:
        """Return when the kernel has it all."""
        self._connection.sendall(data)

    def leaves_within(self, seconds: float) -> bool:
        """Wait so long, or until the other end is closed: then True."""
        poll = select.poll()
        poll.register(self._connection, select.POLLRDHUP)
        return bool(poll.poll(seconds * 1000))

    def wake(self) -> None:
        """End the connection for whoever reads or writes here, from another thread."""
        _end(self._connection)

    def close(self) -> None:
        """End it in good order."""
        _end(self._connection)
        self._connection.close()

    def reset(self) -> None:
        """End it so that the other end hears of an error."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self._connection.close()

    def tunnel(self, other: "Line", most: int | None) -> None:
        """Pass on both ways until one end closes, or `other` has sent `most` bytes."""
        poll = select.poll()
        ends = {line._connection.fileno(): line for line in (self, other)}
        for line in ends.values():
            poll.register(line._connection, select.POLLIN)
        ready = [line for line in ends.values() if line._ahead]
        left = most
        while left is None or left > 0:
            for line in ready or [ends[number] for number, _ in poll.poll()]:
                piece = line.some()
                if not piece:
                    return
                if line is self:
                    other.send(piece)
                    continue
                self.send(piece[:left])
                left = None if left is None else left - len(piece)
            ready = []

    def _chunks(self) -> Iterator[bytes]:
        while True:
            size_line = self._line()
            yield size_line
            size = int(size_line.split(b";")[0], 16)
            if size == 0:
                break
            yield from self.body(size + 2)
        while trailer := self._line():
            yield trailer
            if trailer in (b"\r\n", b"\n"):
                return

    def _text(self) -> str | None:
        if not self._ahead:
            self._ahead = self._received()
        return self._line().decode("latin-1").rstrip("\r\n") if self._ahead else None

    def _line(self) -> bytes:
        while b"\n" not in self._ahead:
            piece = self._received()
            if not piece:
                raise ConnectionError("ended within a line")
            self._ahead += piece
        line, newline, self._ahead = self._ahead.partition(b"\n")
        return line + newline

    def _must(self, most: int) -> bytes:
        piece = self.some()
        if not piece:
            raise ConnectionError("ended within a body")
        piece, self._ahead = piece[:most], piece[most:]
        return piece

    def _received(self) -> bytes:
        if self.watched is not None:
            poll = select.poll()
            poll.register(self._connection, select.POLLIN)
            poll.register(self.watched._connection, select.POLLRDHUP)
            if [number for number, _ in poll.poll()] == [self.watched._connection.fileno()]:
                raise ConnectionError("who asked has left")
        return self._connection.recv(_PIECE)


def _end(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it had ended
