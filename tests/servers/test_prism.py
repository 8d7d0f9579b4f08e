"""Prism itself: it sees what is wrong on either side, and only that."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.servers.plain import call
from tests.servers.prism import Referee

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("prism")]

_KEY = {"api_access_token": "x"}
_PROPERTIES = {"content": {"type": "string", "minLength": 1}}
_BODY = {
    "type": "object",
    "additionalProperties": False,
    "required": ["content"],
    "properties": _PROPERTIES,
}
_GOOD = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
_POST = {
    "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
    "requestBody": {"required": True, "content": {"application/json": {"schema": _BODY}}},
    "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": _GOOD}}}},
}
_SPEC = {
    "openapi": "3.0.3",
    "info": {"title": "messages", "version": "1"},
    "security": [{"key": []}],
    "components": {
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "api_access_token"}}
    },
    "paths": {"/messages/{id}": {"post": _POST}},
}


class _Upstream(BaseHTTPRequestHandler):
    """It answers as the specification says, but to message 2."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = json.dumps({"id": "two" if self.path.endswith("/2") else 1}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def upstream() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Upstream) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_both_sides_are_held_to_it(
    prism: Callable[[Path | str, str], Referee], upstream: str, tmp_path: Path
) -> None:
    (tmp_path / "spec.json").write_text(json.dumps(_SPEC))
    referee = prism(tmp_path / "spec.json", upstream)
    good = {"content": "hello"}
    for _ in range(20):
        assert call("POST", f"{referee.url}/messages/1", good, _KEY).good() == {"id": 1}
    assert referee.violations() == []
    assert call("POST", f"{referee.url}/messages/1", {"content": 5}, _KEY).status == 200
    assert [found[:2] for found in referee.violations()] == [("post /messages/1", "request.body.content")]
    call("POST", f"{referee.url}/messages/2", good, _KEY)
    call("POST", f"{referee.url}/messages/1", good)
    assert [found.where for found in referee.violations()] == [
        "request.body.content",
        "response.body.id",
        "request",
    ]
    call("POST", f"{referee.url}/elsewhere", good, _KEY)
    assert len(referee.violations()) == 3
    assert referee.unknown() == ["post /elsewhere"]


def test_a_vendors_own_specification(prism: Callable[[Path | str, str], Referee], upstream: str) -> None:
    referee = prism("twilio-api-v2010.json", upstream)
    where = f"{referee.url}/2010-04-01/Accounts/AC{32 * '0'}/Messages.json"
    form = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": "Basic YTpi"}
    call("POST", where, b"To=%2B15005550006&Body=hi&From=%2B15005550006", form)
    assert [found.where for found in referee.violations()] == ["response"]  # it makes a message, so it is 201
    assert referee.unknown() == []
