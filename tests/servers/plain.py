"""A plain HTTP client, for the customer's side and for looks behind the counter. No redirect is followed."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from email.message import Message
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """What a server said, whatever the status."""

    status: int
    headers: Message
    body: bytes

    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.body)

    def good(self) -> Any:
        """The body read as JSON, None when it is empty.

        Raises:
            AssertionError: the status is not below 300.
        """
        assert self.status < 300, f"{self.status}: {self.body[:500]!r}"
        return json.loads(self.body) if self.body else None


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay)


def call(method: str, url: str, body: object = None, headers: Mapping[str, str] | None = None) -> Answer:
    """Ask. Bytes go out as they are, everything else but None as JSON.

    Raises:
        OSError: nobody answered.
    """
    kind = {} if body is None or isinstance(body, bytes) else {"Content-Type": "application/json"}
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {**kind, **(headers or {})}, method=method)
    try:
        with _opener.open(request, timeout=60) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as refusal:
        with refusal:
            return Answer(refusal.code, refusal.headers, refusal.read())


def answers(url: str) -> bool:
    """Whether something good comes from there."""
    try:
        return call("GET", url).status < 400
    except OSError:
        return False
