"""A provider of sign-ins, stricter than any real one, and its ledger. The standard library only; nothing of tuidesk.

Refresh tokens can be redeemed once. Whoever redeems one a second time ends the whole family: every token that came
from the same sign-in. Verifier, redirect, client and interval are checked to the letter.
"""

import hashlib
import hmac
import json
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT = "the-team-app"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


class _No(Exception):
    """A refusal: the word that RFC 6749 has for it, and a sentence."""


@dataclass
class _Device:
    scope: str | None
    until: float
    next_at: float
    answer: str = ""
    """What the person said: "yes" or "no"; "" while they have said nothing."""


@dataclass
class _Code:
    redirect: str
    challenge: str
    scope: str | None


@dataclass
class Provider:
    """Runs in a thread of its own. `clock` says seconds; what the person answers is set by the test."""

    clock: Callable[[], float] = time.time
    subject: str = "support@helpdesk.test"
    sign: Callable[[str, float], str] | None = None
    """(subject, end) → an access token; random ones where it is not given."""
    client_secret: str = ""
    life_s: float = 3600.0
    interval: object = 5
    """What a device is told; it is held to 5."""
    expires_in: object = None
    """What is said of an access token's life; None: how long it is."""
    grants: str | None = None
    """The scope that is granted; None: what was asked for."""
    rotates: bool = True
    error: tuple[int, str, str] | None = None
    """(status, error, description) in the place of every answer of the token endpoint."""
    gathers: int = 1
    """A refresh is answered when so many have come, or after a second."""
    meanwhile: Callable[[], object] = lambda: None
    """Happens while a refresh is asked for."""
    ledger: list[str] = field(default_factory=list)
    access_tokens: dict[str, float] = field(default_factory=dict)
    """The end of each."""
    port: int = 0
    _codes: dict[str, _Code] = field(default_factory=dict)
    _devices: dict[str, _Device] = field(default_factory=dict)
    _families: dict[str, tuple[int, bool]] = field(default_factory=dict)
    """Refresh token → (its family, whether it was redeemed)."""
    _dead: set[int] = field(default_factory=set)
    _lock: threading.Condition = field(default_factory=threading.Condition)
    _refreshes: int = 0

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    # --- hands of the person, and of an administrator ---

    def says_yes(self, address: str, *, to: str = "yes") -> str:
        """What the browser ends at when somebody has signed in at `address`."""
        words = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        redirect = urlsplit(words["redirect_uri"])
        assert redirect.scheme == "http", redirect
        assert redirect.hostname in ("127.0.0.1", "localhost"), redirect
        assert (words["response_type"], words["client_id"]) == ("code", CLIENT)
        assert words["code_challenge_method"] == "S256"
        if to == "no":
            return f"{words['redirect_uri']}?" + urlencode(
                {"error": "access_denied", "state": words["state"]}
            )
        code = secrets.token_urlsafe(16)
        self._codes[code] = _Code(words["redirect_uri"], words["code_challenge"], words.get("scope"))
        answer = {"code": code, "state": words["state"], "iss": self.base}
        return f"{words['redirect_uri']}?" + urlencode(answer)

    def types_code(self, user_code: str, answer: str = "yes") -> None:
        """The person has typed the code in on another device."""
        self._devices[user_code].answer = answer

    def revoke(self) -> None:
        """Everything that was ever given ends."""
        with self._lock:
            self._dead.update(family for family, _ in self._families.values())
            self.access_tokens.clear()

    def takes(self, token: str) -> bool:
        """An access token that holds now."""
        return self.clock() < self.access_tokens.get(token, 0.0)

    @property
    def redemptions(self) -> int:
        """How many refresh tokens were redeemed."""
        return self.ledger.count("refreshed")

    # --- the endpoints ---

    def device(self, form: dict[str, str]) -> dict[str, Any]:
        """RFC 8628 §3.2."""
        self._client(form)
        user_code, now = secrets.token_hex(4).upper(), self.clock()
        self._devices[user_code] = _Device(form.get("scope"), now + 600, now + 5)
        self.ledger.append("device")
        return {
            "device_code": "device-" + user_code,
            "user_code": user_code,
            "verification_uri": f"{self.base}/device",
            "expires_in": 600,
            "interval": self.interval,
        }

    def token(self, form: dict[str, str]) -> dict[str, Any]:
        """RFC 6749 §3.2."""
        self._client(form)
        match form["grant_type"]:
            case "authorization_code":
                return self._by_code(form)
            case "refresh_token":
                return self._by_refresh(form)
            case "urn:ietf:params:oauth:grant-type:device_code":
                return self._by_device(form)
        raise _No("unsupported_grant_type", "")

    def _client(self, form: dict[str, str]) -> None:
        known = form.get("client_id") == CLIENT
        if not known or not hmac.compare_digest(form.get("client_secret", ""), self.client_secret):
            raise _No("invalid_client", "The OAuth client was not found.")

    def _by_code(self, form: dict[str, str]) -> dict[str, Any]:
        code = self._codes.pop(form["code"], None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
        if code is None or code.challenge != challenge or code.redirect != form.get("redirect_uri"):
            raise _No("invalid_grant", "Malformed auth code.")
        self.ledger.append("signed in")
        return self._given(len(self._families) + 1, code.scope)

    def _by_device(self, form: dict[str, str]) -> dict[str, Any]:
        device = self._devices.get(form["device_code"].removeprefix("device-"))
        now = self.clock()
        if device is None or now >= device.until:
            raise _No("expired_token", "")
        early, device.next_at = now < device.next_at, now + 5
        if early:
            self.ledger.append("asked too early")
            raise _No("slow_down", "")
        if not device.answer:
            raise _No("authorization_pending", "")
        if device.answer != "yes":
            raise _No(device.answer, "")
        self.ledger.append("signed in")
        return self._given(len(self._families) + 1, device.scope)

    def _by_refresh(self, form: dict[str, str]) -> dict[str, Any]:
        self.meanwhile()
        with self._lock:
            self._refreshes += 1
            self._lock.notify_all()
            self._lock.wait_for(lambda: self._refreshes >= self.gathers, 1.0)
            family, redeemed = self._families.get(form["refresh_token"], (0, True))
            if redeemed and family:
                self.ledger.append("redeemed twice")
                self._dead.add(family)
            if redeemed or family in self._dead:
                raise _No("invalid_grant", "Token has been expired or revoked.")
            self._families[form["refresh_token"]] = family, self.rotates
            self.ledger.append("refreshed")
            return self._given(family, None, form["refresh_token"])

    def _given(self, family: int, scope: str | None, refresh: str = "") -> dict[str, Any]:
        end = self.clock() + self.life_s
        access = self.sign(self.subject, end) if self.sign else "access-" + secrets.token_urlsafe(24)
        self.access_tokens[access] = end
        answer: dict[str, Any] = {"token_type": "Bearer", "access_token": access}
        answer["expires_in"] = round(self.life_s) if self.expires_in is None else self.expires_in
        if self.rotates or not refresh:
            refresh = "refresh-" + secrets.token_urlsafe(24)
            self._families[refresh] = family, False
            answer["refresh_token"] = refresh
        granted = self.grants if self.grants is not None else scope
        return answer if granted is None else {**answer, "scope": granted}

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """What an endpoint says."""
        if self.error is not None:
            status, error, description = self.error
            return status, {"error": error, "error_description": description}
        try:
            return 200, self.device(form) if path == "/device_authorization" else self.token(form)
        except _No as no:
            error, description = no.args
            return 400, {"error": error} | ({"error_description": description} if description else {})


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body, strict_parsing=True).items()}
            status, answer = provider.answer(self.path, form)
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            """A service that takes the access tokens."""
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            data = b'{"hello": "you"}' if provider.takes(token) else b'{"error": "stale"}'
            provider.ledger.append("served" if provider.takes(token) else "not served")
            self.send_response(200 if provider.takes(token) else 401)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    return Handler


@contextmanager
def running(provider: Provider | None = None) -> Iterator[Provider]:
    """A provider that listens."""
    made = provider or Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
    server.daemon_threads = True
    made.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
