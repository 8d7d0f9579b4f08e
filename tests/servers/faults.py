"""A proxy that fails on purpose: in front of any HTTP server on loopback, by rules, with a ledger.

    with FaultProxy("http://127.0.0.1:8008") as proxy:
        proxy.add("POST /api/v1/statuses", Lose())  # once; the next one passes
        ...  # the client is told proxy.url
        assert [seen.fault for seen in proxy.seen("POST /api/v1/statuses")] == [Lose(), None]

Event streams pass as they come, and so does whatever a request for another protocol (a websocket) turns into.
"""

import random
import re
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import urlsplit

from tests.servers.http1 import CHUNKED, ENDLESS, Head, Line

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Delay:
    """So many seconds before the server is asked, or (`after_work`) before its answer is passed on.

    Who leaves before the server is asked has not asked.
    """

    seconds: float
    after_work: bool = False


@dataclass(frozen=True, slots=True)
class Refuse:
    """The connection is reset; the server hears nothing. For a connection that fails at once see `down`."""


@dataclass(frozen=True, slots=True)
class Lose:
    """The server does the work and answers; the connection ends before the first byte."""


@dataclass(frozen=True, slots=True)
class Truncate:
    """The head and half the body (where no length is said, half the first piece), then the end."""


@dataclass(frozen=True, slots=True)
class Html:
    """200 and a page of HTML; the server hears nothing."""


@dataclass(frozen=True, slots=True)
class Status:
    """An answer of ours; the server hears nothing."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """The head and so many bytes of the body (or of what a websocket's server sends), then the end."""

    after_bytes: int


Fault = Delay | Refuse | Lose | Truncate | Html | Status | Cut

STORM: tuple[Fault, ...] = (
    Delay(0.3),
    Delay(0.3, after_work=True),
    Refuse(),
    Lose(),
    Truncate(),
    Html(),
    Status(429, (("Retry-After", "1"),)),
    Status(503),
    Cut(2000),
)
"""What happens in a storm."""


@dataclass(slots=True)
class Seen:
    """A request, and what was done to it. All of it is known before the client can see any of it."""

    method: str
    path: str
    """With its query."""
    at: float
    """On the monotonic clock."""
    fault: Fault | None
    reached: bool = False
    """The server was given all of it."""
    status: int | None = None
    """The server's or ours; None where none came."""

    @property
    def line(self) -> str:
        """What rules are matched with: `POST /api/v1/statuses`."""
        return f"{self.method} {self.path}"


@dataclass(slots=True)
class _Rule:
    match: str
    fault: Fault
    left: int | None
    passing: int


@dataclass(slots=True)
class _Storm:
    match: str
    rate: float
    faults: Sequence[Fault]
    dice: random.Random


@dataclass(slots=True, eq=False)
class _Live:
    """A client's connection while it lasts."""

    client: Line
    server: Line | None = None
    seen: Seen | None = None

    def wake(self) -> None:
        for line in (self.client, self.server):
            if line is not None:
                line.wake()


@dataclass(slots=True)
class _State:
    """What the threads share; under the one condition."""

    changed: threading.Condition = field(default_factory=threading.Condition)
    seen: list[Seen] = field(default_factory=list)
    rules: list[_Rule] = field(default_factory=list)
    storm: _Storm | None = None
    live: set[_Live] = field(default_factory=set)

    def fault_for(self, line: str) -> Fault | None:
        """What the rules have for a request; they remember that they were asked."""
        for rule in self.rules:
            if rule.left == 0 or not re.search(rule.match, line):
                continue
            if rule.passing > 0:
                rule.passing -= 1
                return None
            if rule.left is not None:
                rule.left -= 1
            return rule.fault
        storm = self.storm
        if storm is None or not re.search(storm.match, line) or storm.dice.random() >= storm.rate:
            return None
        return storm.dice.choice(storm.faults)


class FaultProxy:
    """Listens at `url` while the context lasts.

    Where the server itself cannot be reached, the client's connection is reset.
    """

    def __init__(self, upstream: str) -> None:
        parts = urlsplit(upstream)
        assert parts.scheme == "http", "the servers on loopback speak plain HTTP"
        self._upstream = (parts.hostname or HOST, parts.port or 80)
        self._state = _State()
        self._port = _socket()  # keeps the port ours while nobody listens
        self._port.bind((HOST, 0))
        self.url = f"http://{HOST}:{self._port.getsockname()[1]}"

    def __enter__(self) -> "FaultProxy":
        self._listen()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._deafen()
        self._port.close()

    def add(self, match: str, fault: Fault, *, times: int | None = 1, passing: int = 0) -> None:
        """Do `fault` to the next `times` (None: to all) requests whose `METHOD /path?query` contains the regular
        expression, after `passing` of them have passed. The rule that was added first wins.
        """
        with self._state.changed:
            self._state.rules.append(_Rule(match, fault, times, passing))

    def storm(self, rate: float, seed: int, *, match: str = "", faults: Sequence[Fault] = STORM) -> None:
        """From now on one of `faults` happens to such a share of the requests that no rule takes."""
        with self._state.changed:
            self._state.storm = _Storm(match, rate, faults, random.Random(seed))

    def calm(self) -> None:
        """No rules, no storm: everything passes."""
        with self._state.changed:
            self._state.rules.clear()
            self._state.storm = None

    def seen(self, match: str = "") -> list[Seen]:
        """The requests so far whose `METHOD /path?query` contains the regular expression, oldest first."""
        with self._state.changed:
            return self._matching(match)

    def wait_for(self, match: str, times: int = 1, within: float = 15.0) -> list[Seen]:
        """`seen`, as soon as there are so many.

        Raises:
            TimeoutError: there were fewer within so many seconds.
        """
        with self._state.changed:
            if not self._state.changed.wait_for(lambda: len(self._matching(match)) >= times, within):
                raise TimeoutError(f"{len(self._matching(match))} of {times} requests {match!r}")
            return self._matching(match)

    def hang_up(self, match: str = "") -> int:
        """End the connections with such a request under way, a stream say; how many there were."""
        with self._state.changed:
            hit = [live for live in self._state.live if live.seen and re.search(match, live.seen.line)]
        for live in hit:
            live.wake()
        return len(hit)

    @contextmanager
    def down(self) -> Iterator[None]:
        """Meanwhile every connection is refused; those that there are end."""
        self._deafen()
        try:
            yield
        finally:
            self._listen()

    def _listen(self) -> None:
        self._listener = _socket()
        self._listener.bind(self._port.getsockname())
        self._listener.listen(128)
        self._accepting = threading.Thread(target=self._accept, args=(self._listener,), daemon=True)
        self._accepting.start()

    def _deafen(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join()  # from now on nobody else is let in
        self._listener.close()
        with self._state.changed:
            while self._state.live:
                for live in self._state.live:
                    live.wake()
                self._state.changed.wait(0.2)  # one may just have turned to the server

    def _matching(self, match: str) -> list[Seen]:
        return [seen for seen in self._state.seen if re.search(match, seen.line)]

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            live = _Live(Line(connection))
            with self._state.changed:
                self._state.live.add(live)
            threading.Thread(target=self._serve, args=(live,), daemon=True).start()

    def _serve(self, live: _Live) -> None:
        try:
            while self._exchange(live):
                pass
            live.client.close()
        except (OSError, ValueError):  # ended in the middle, or no HTTP
            live.client.reset()  # a plain end could look like the end of a body
        finally:
            with self._state.changed:
                self._state.live.discard(live)
                self._state.changed.notify_all()

    def _exchange(self, live: _Live) -> bool:
        """One request. False when the connection is to end in good order; OSError when with an error."""
        client = live.client
        head = client.head()
        if head is None:
            return False
        live.seen = seen = self._note(head)
        body = client.body(head.length_of_request())
        match seen.fault:
            case Refuse():
                raise ConnectionError("refused")
            case Status() | Html():
                for _ in body:
                    pass
                seen.status, answer = _own_answer(seen.fault)
                client.send(answer)
                return head.keeps
            case Delay(seconds, after_work=False) if client.leaves_within(seconds):
                return False
        server = live.server = Line(socket.create_connection(self._upstream))
        try:
            _forward(head, body, server)
            seen.reached = True
            return _answer(live, head, seen)
        finally:
            live.seen = live.server = None
            server.close()

    def _note(self, head: Head) -> Seen:
        method, path, _ = head.first.split(" ", 2)
        seen = Seen(method, path, time.monotonic(), None)
        with self._state.changed:
            seen.fault = self._state.fault_for(seen.line)
            self._state.seen.append(seen)
            self._state.changed.notify_all()
        return seen


def _forward(head: Head, body: Iterator[bytes], server: Line) -> None:
    # A connection a request: a server that ends an idle one could not be told from a fault.
    server.send(head.raw if head.upgrades else head.with_connection("close"))
    for piece in body:
        with suppress(OSError):  # it may have answered before it had all
            server.send(piece)


def _answer(live: _Live, asked: Head, seen: Seen) -> bool:
    client, server = live.client, live.server
    assert server is not None
    if seen.fault is None:
        server.watched = client
    answer = server.head()
    while answer is not None and answer.status < 200 and answer.status != 101:
        answer = server.head()  # an interim one says nothing to whoever has sent all
    if answer is None:
        raise ConnectionError("the server has closed")
    seen.status = answer.status
    length = answer.length_of_answer(seen.method)
    match seen.fault:
        case Lose():
            if answer.get("content-type").startswith("text/event-stream"):
                return False
            for _ in server.body(length):
                pass
            return False
        case Delay(seconds, after_work=True) if client.leaves_within(seconds):
            return False
    most = seen.fault.after_bytes if isinstance(seen.fault, Cut) else None
    if answer.status == 101:
        client.send(answer.raw)
        client.tunnel(server, most)
        return False
    keeps = asked.keeps and length != ENDLESS
    client.send(answer.with_connection("" if keeps else "close"))
    for piece in _let_through(server.body(length), length, seen.fault):
        client.send(piece)
    return keeps


def _let_through(pieces: Iterator[bytes], length: int, fault: Fault | None) -> Iterator[bytes]:
    """What the fault leaves of a body; ConnectionError where it cuts."""
    match fault:
        case Cut(after_bytes):
            left = after_bytes
        case Truncate() if length > 0:
            left = length // 2
        case Truncate():
            if length == CHUNKED:
                yield next(pieces, b"")  # the line with the size
            first = next(pieces, b"")
            yield first[: len(first) // 2]
            raise ConnectionError("truncated")
        case _:
            yield from pieces
            return
    for piece in pieces:
        yield piece[:left]
        left -= len(piece)
        if left <= 0:
            raise ConnectionError("cut")


def _own_answer(fault: Status | Html) -> tuple[int, bytes]:
    if isinstance(fault, Html):
        fault = Status(200, (("Content-Type", "text/html"),), "<!DOCTYPE html><title>Maintenance</title>")
    body = fault.body.encode()
    fields = (*fault.headers, ("Content-Length", str(len(body))))
    return fault.status, Head(f"HTTP/1.1 {fault.status} Fault", fields).raw + body


def _socket() -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    return made
