"""A service of the tests' own: HTTP on a loopback port, a ledger of what was asked, and faults on request.

A fake is a class of this with methods marked `@route`; what a customer sees of us is its own to keep.
"""

import json
import re
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import parse_qs, urlsplit

Fault = Literal["status", "lose", "drop", "hang", "truncate", "html", "half"]
"""`lose`: done, and no answer. `drop`: not done, and none. `hang`: not done, and none for ever. `truncate`: done, and
the body ends before its length. `html`: done, and a page for JSON. `half`: done, and half of the JSON."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, as it came."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    parts: tuple[str, ...] = ()
    """What the route's groups matched."""

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return {
            name: values[-1] for name, values in parse_qs(self.body.decode(), keep_blank_values=True).items()
        }

    @property
    def files(self) -> list[Message]:
        """The parts of a multipart form; `get_param("name", header="content-disposition")` says which is which."""
        head = b"content-type: " + self.headers["content-type"].encode() + b"\r\n\r\n"
        found = message_from_bytes(head + self.body).get_payload()
        assert isinstance(found, list)
        return [part for part in found if isinstance(part, Message)]

    def get(self, name: str, default: str = "") -> str:
        """The last value of a query parameter."""
        return self.query.get(name, [default])[-1]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a fake answers: JSON, bytes, or pieces that come when they come."""

    json: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    stream: Iterable[bytes] | None = None
    takes_over: Callable[[socket.socket, Asked], None] | None = None
    """Has the connection for itself (a websocket)."""


@dataclass(slots=True)
class _Rule:
    where: re.Pattern[str]
    fault: Fault
    times: int
    status: int
    headers: Mapping[str, str]
    json: Any
    passing: int


_ROUTES = "_routes"


def route(method: str, path: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Serves `method` at a path (a pattern for the whole of it, without the query)."""

    def mark(serve: Callable[..., Any]) -> Callable[..., Any]:
        kept: list[tuple[str, re.Pattern[str]]] = getattr(serve, _ROUTES, [])
        setattr(serve, _ROUTES, [*kept, (method, re.compile(path))])
        return serve

    return mark


class Service:
    """Runs from `with` to its end; thread-safe under `lock`."""

    def __init__(self, port: int = 0) -> None:
        self.lock = threading.RLock()
        self.asked: list[Asked] = []
        """Everything that came, faults or not: the ledger of what was asked."""
        self.over = threading.Event()
        self.connections: set[socket.socket] = set()
        self._rules: list[_Rule] = []
        self._routes = [
            (method, path, serve)
            for name in dir(type(self))
            if (serve := getattr(type(self), name, None)) is not None
            for method, path in getattr(serve, _ROUTES, ())
        ]
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.service = self
        self.port: int = self._server.server_address[1]
        self.base = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        with self.lock:
            kept = list(self.connections)
        for connection in kept:  # or who keeps one would be answered on, beside whoever listens here next
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def fail(
        self,
        fault: Fault,
        where: str = "",
        *,
        times: int = 1,
        status: int = 500,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        passing: int = 0,
    ) -> None:
        """The next requests whose `METHOD path?query` has this pattern go wrong, after `passing` of them."""
        with self.lock:
            self._rules.append(_Rule(re.compile(where), fault, times, status, headers or {}, json, passing))

    def heal(self) -> None:
        """No fault is left."""
        with self.lock:
            self._rules.clear()

    def allowed(self, asked: Asked) -> Reply | None:
        """A fake's own look at the login before anything is done; None lets it pass."""
        return None

    # --- what the server's threads call ---

    def fault_for(self, line: str) -> _Rule | None:
        with self.lock:
            for rule in self._rules:
                if rule.times > 0 and rule.where.search(line):
                    rule.passing -= 1
                    if rule.passing >= 0:
                        return None
                    rule.times -= 1
                    return rule
        return None

    def serve(self, asked: Asked) -> Reply:
        refused = self.allowed(asked)
        if refused is not None:
            return refused
        for method, path, serve in self._routes:
            found = path.fullmatch(asked.path) if method == asked.method else None
            if found is not None:
                whole = Asked(
                    asked.method, asked.path, asked.query, asked.headers, asked.body, found.groups()
                )
                made = serve(self, whole)
                return made if isinstance(made, Reply) else Reply(made)
        return Reply({"error": f"no route for {asked.method} {asked.path}"}, 404)


class _Server(ThreadingHTTPServer):
    service: Service
    daemon_threads = True
    block_on_close = False


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else a body waits 40 ms behind its head
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Not on the tests' own output."""

    def handle(self) -> None:
        service = self.server.service
        with service.lock:
            service.connections.add(self.connection)
        try:
            with suppress(ConnectionError):
                super().handle()
        finally:
            with service.lock:
                service.connections.discard(self.connection)

    def _handle(self) -> None:
        service = self.server.service
        url = urlsplit(self.path)
        body = (
            self.rfile.read(int(self.headers.get("content-length", 0) or 0))
            if not self._chunked()
            else self._pieces()
        )
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, url.path, parse_qs(url.query, keep_blank_values=True), headers, body)
        with service.lock:
            service.asked.append(asked)
        rule = service.fault_for(f"{self.command} {self.path}")
        if rule is None:
            self._answer(service.serve(asked), asked)
        else:
            self._go_wrong(service, rule, asked)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _handle

    def _chunked(self) -> bool:
        return "chunked" in (self.headers.get("transfer-encoding") or "").lower()

    def _pieces(self) -> bytes:
        whole = b""
        while size := int(self.rfile.readline().split(b";")[0] or b"0", 16):
            whole += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return whole

    def _answer(self, reply: Reply, asked: Asked) -> None:
        if reply.takes_over is not None:
            self.close_connection = True
            reply.takes_over(self.connection, asked)
            return
        if reply.stream is not None:
            self.close_connection = True
            self.send_response(reply.status)
            for name, value in {
                "content-type": "text/event-stream",
                "connection": "close",
                **reply.headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):
                for piece in reply.stream:
                    self.wfile.write(piece)
                    self.wfile.flush()
            return
        self._whole(reply, reply.body if reply.body is not None else _written(reply.json))

    def _whole(
        self, reply: Reply, body: bytes, length: int | None = None, type_: str = "application/json"
    ) -> None:
        self.send_response(reply.status)
        for name, value in {"content-type": type_, **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _go_wrong(self, service: Service, rule: _Rule, asked: Asked) -> None:
        if rule.fault == "status":
            self._whole(Reply(rule.json, rule.status, rule.headers), _written(rule.json))
            return
        if rule.fault in ("drop", "hang"):
            if rule.fault == "hang":
                service.over.wait(60)
            self._cut()
            return
        reply = service.serve(asked)
        body = reply.body if reply.body is not None else _written(reply.json)
        match rule.fault:
            case "lose":
                self._cut()
            case "truncate":
                self._whole(reply, body[: len(body) // 2], len(body) + 10)
                self._cut()
            case "html":
                self._whole(Reply(), b"<html><body>Welcome to the hotel</body></html>", type_="text/html")
            case "half":
                self._whole(reply, body[: max(1, len(body) // 2)])

    def _cut(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


def _written(made: Any) -> bytes:
    return b"" if made is None else json.dumps(made).encode()
