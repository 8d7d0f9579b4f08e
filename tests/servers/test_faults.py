"""The fault proxy does what its rules say, and its ledger says what it did."""

import http.client
import json
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

import pytest

from tests.servers.faults import Cut, Delay, Fault, FaultProxy, Html, Lose, Refuse, Status, Truncate

_PAD = "x" * 5000


class _Server(ThreadingHTTPServer):
    """Counts its POSTs; streams events when told to; echoes after an upgrade."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.posts: list[bytes] = []
        self.tick = threading.Semaphore(0)
        self.left = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def shop(self) -> _Server:
        return cast(_Server, self.server)

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers["Content-Length"]))
        self.shop.posts.append(body)
        self._json()

    def do_GET(self) -> None:
        match self.path:
            case "/events":
                self._events()
            case "/socket":
                self._echo()
            case "/old":
                self.send_response(200)
                self.end_headers()
                self.wfile.write(_PAD.encode())
                self.close_connection = True
            case "/chunks":
                self.send_response(200)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                self.wfile.write(b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")
            case _:
                self._json()

    def _json(self) -> None:
        body = json.dumps({"posts": len(self.shop.posts), "pad": _PAD}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _events(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        poll = select.poll()
        poll.register(self.connection, select.POLLRDHUP)
        while not poll.poll(20):
            if self.shop.tick.acquire(blocking=False):
                self.wfile.write(b"a\r\ndata: one\n\r\n")
        self.shop.left.set()
        self.close_connection = True

    def _echo(self) -> None:
        self.send_response(101)
        self.send_header("Connection", "Upgrade")
        self.send_header("Upgrade", self.headers["Upgrade"])
        self.end_headers()
        while piece := self.connection.recv(100):
            self.connection.sendall(piece)
        self.close_connection = True


@pytest.fixture
def server() -> Iterator[_Server]:
    with _Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def proxy(server: _Server) -> Iterator[FaultProxy]:
    with FaultProxy(f"http://127.0.0.1:{server.server_port}") as proxy:
        yield proxy


def _connection(proxy: FaultProxy) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(proxy.url.removeprefix("http://"), timeout=10)


def _ask(proxy: FaultProxy, method: str = "GET", path: str = "/a") -> http.client.HTTPResponse:
    with closing(_connection(proxy)) as connection:
        connection.request(method, path, b"{}" if method == "POST" else None)
        answer = connection.getresponse()
        answer.read()
        return answer


def test_what_no_rule_takes_passes_on_one_connection(server: _Server, proxy: FaultProxy) -> None:
    with closing(_connection(proxy)) as connection:
        for number in (1, 2):
            connection.request("POST", f"/a?n={number}", b"{}")
            assert json.loads(connection.getresponse().read())["posts"] == number
            assert connection.sock is not None
        connection.request("GET", "/chunks")
        assert connection.getresponse().read() == b"hello world"
        connection.request("POST", "/b", iter([b"one ", b"two"]), encode_chunked=True)
        connection.getresponse().read()
        connection.request("HEAD", "/a")
        assert connection.getresponse().status == 501
    assert server.posts == [b"{}", b"{}", b"one two"]
    assert [seen.line for seen in proxy.seen()][:3] == ["POST /a?n=1", "POST /a?n=2", "GET /chunks"]
    assert {(seen.fault, seen.reached) for seen in proxy.seen()} == {(None, True)}


def test_a_body_that_ends_with_the_connection(proxy: FaultProxy) -> None:
    assert _ask(proxy, path="/old").headers["Connection"] == "close"


@pytest.mark.parametrize(
    ("fault", "reached"),
    [(Refuse(), False), (Lose(), True), (Truncate(), True), (Cut(100), True), (Cut(0), True)],
)
def test_no_whole_answer(server: _Server, proxy: FaultProxy, fault: Fault, reached: bool) -> None:
    proxy.add("^POST /a$", fault)
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        _ask(proxy, "POST")
    assert len(server.posts) == int(reached)
    [seen] = proxy.seen("POST")
    assert (seen.fault, seen.reached, seen.status) == (fault, reached, 200 if reached else None)
    assert _ask(proxy, "POST").status == 200, "once"


@pytest.mark.parametrize("path", ["/chunks", "/old"])
@pytest.mark.parametrize("fault", [Truncate(), Cut(3)])
def test_a_cut_shows_where_no_length_is_said(proxy: FaultProxy, fault: Fault, path: str) -> None:
    proxy.add(path, fault)
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        _ask(proxy, path=path)


def test_answers_of_its_own(server: _Server, proxy: FaultProxy) -> None:
    proxy.add("POST", Status(429, (("Retry-After", "7"),), "slowly"))
    proxy.add("POST", Html())
    with closing(_connection(proxy)) as connection:
        connection.request("POST", "/a", b"{}")
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Retry-After"], answer.read()) == (429, "7", b"slowly")
        connection.request("POST", "/a", b"{}")
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html")
        assert answer.read().startswith(b"<!DOCTYPE html>")
    assert server.posts == []
    assert [seen.status for seen in proxy.seen()] == [429, 200]


def test_rules_count(proxy: FaultProxy) -> None:
    proxy.add("GET /a", Status(503), times=2, passing=1)
    proxy.add("GET /", Status(404), times=None)
    statuses = [_ask(proxy, path=path).status for path in ("/a", "/b", "/a", "/a", "/a")]
    assert statuses == [200, 404, 503, 503, 404]
    proxy.calm()
    assert _ask(proxy).status == 200


def test_delays(server: _Server, proxy: FaultProxy) -> None:
    proxy.add("POST", Delay(0.2))
    proxy.add("POST", Delay(0.2, after_work=True))
    start = time.monotonic()
    assert (_ask(proxy, "POST").status, _ask(proxy, "POST").status) == (200, 200)
    assert time.monotonic() - start >= 0.4
    assert len(server.posts) == 2


@pytest.mark.parametrize("after_work", [False, True])
def test_who_does_not_wait(server: _Server, proxy: FaultProxy, after_work: bool) -> None:
    proxy.add("POST", Delay(60, after_work))
    with closing(_connection(proxy)) as connection:
        connection.request("POST", "/a", b"{}")
        proxy.wait_for("POST")
        if after_work:
            _until(lambda: len(server.posts) == 1)
    _ask(proxy, "POST")
    assert len(server.posts) == 1 + after_work
    assert [seen.reached for seen in proxy.seen()] == [after_work, True]


def test_events_pass_as_they_come(server: _Server, proxy: FaultProxy) -> None:
    with closing(_connection(proxy)) as connection:
        connection.request("GET", "/events")
        answer = connection.getresponse()
        for _ in range(3):
            server.tick.release()
            assert answer.readline() == b"data: one\n"
        assert not server.left.is_set()
        answer.close()
    assert server.left.wait(10), "the server hears that the client has left"


def test_a_stream_is_hung_up(server: _Server, proxy: FaultProxy) -> None:
    with closing(_connection(proxy)) as connection:
        connection.request("GET", "/events")
        answer = connection.getresponse()
        assert proxy.hang_up("/nothing") == 0
        assert proxy.hang_up("/events") == 1
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            answer.read()
        answer.close()
    assert server.left.wait(10)


def _upgraded(proxy: FaultProxy) -> socket.socket:
    host, port = proxy.url.removeprefix("http://").split(":")
    line = socket.create_connection((host, int(port)), timeout=10)
    line.sendall(b"GET /socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nearly")
    head = b""
    while b"\r\n\r\n" not in head:
        head += line.recv(1)
    assert head.startswith(b"HTTP/1.1 101")
    assert b"Upgrade: echo" in head
    return line


def _read(line: socket.socket, most: int) -> bytes:
    got = b""
    while len(got) < most and (piece := line.recv(most - len(got))):
        got += piece
    return got


@pytest.mark.usefixtures("server")
def test_another_protocol_passes(proxy: FaultProxy) -> None:
    with _upgraded(proxy) as line:
        line.sendall(b"\0bytes\r\n")
        assert _read(line, 13) == b"early\0bytes\r\n"
        assert proxy.hang_up("/socket") == 1
        assert line.recv(1) == b""


@pytest.mark.usefixtures("server")
def test_another_protocol_is_cut(proxy: FaultProxy) -> None:
    proxy.add("/socket", Cut(7))
    with _upgraded(proxy) as line:
        line.sendall(b"bytes")
        assert _read(line, 100) == b"earlyby"


def test_down_and_up(server: _Server, proxy: FaultProxy) -> None:
    with closing(_connection(proxy)) as kept:
        kept.request("GET", "/events")
        kept.getresponse()
        with proxy.down():
            with pytest.raises(ConnectionRefusedError):
                _ask(proxy)
            assert server.left.wait(10)
    assert _ask(proxy).status == 200


def test_the_server_is_not_there(server: _Server, proxy: FaultProxy) -> None:
    server.shutdown()
    server.server_close()
    with pytest.raises(ConnectionError):
        _ask(proxy)
    [seen] = proxy.seen()
    assert not seen.reached


def test_a_storm_is_as_its_seed_and_its_rate(proxy: FaultProxy) -> None:
    def fates(seed: int) -> list[int]:
        proxy.storm(0.5, seed, match="^GET", faults=(Status(503), Status(429)))
        return [_ask(proxy).status for _ in range(40)]

    first, other = fates(1), fates(2)
    assert fates(1) == first != other
    assert set(first) == {200, 429, 503}
    assert 10 < first.count(200) < 30
    assert _ask(proxy, "POST").status == 200


def test_waiting_has_an_end(proxy: FaultProxy) -> None:
    with pytest.raises(TimeoutError, match="0 of 1"):
        proxy.wait_for("POST", within=0.01)


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)
