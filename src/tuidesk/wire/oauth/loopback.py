"""Where a browser on this machine comes back to: a port on loopback that hears one answer (RFC 8252 §7.3).

Other people of this machine can knock there as well. Who does not bring our state is sent away, and we go on waiting.
"""

import hmac
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tuidesk.words import say

_BIND = "127.0.0.1"
_REQUEST_S = 5.0


class Loopback:
    """Listens from the beginning until `close`."""

    def __init__(self, state: str, host: str = _BIND) -> None:
        """
        Args:
            host: what the provider wants this machine to be called in the redirect; it is bound by number.

        Raises:
            OSError: no port can be had.
        """
        self._state = state
        self._came = threading.Event()
        self.answer = ""
        """The address that the browser came to, once it has."""
        self._server = ThreadingHTTPServer((_BIND, 0), self._handler())
        self._server.daemon_threads = True
        self.redirect = f"http://{host}:{self._server.server_port}/"
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.1},
            name="tuidesk-oauth",
            daemon=True,
        )
        self._thread.start()

    def has_come(self) -> bool:
        """The browser has been here."""
        return self._came.is_set()

    def close(self) -> None:
        """Nobody is heard any more."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        here = self

        class Handler(BaseHTTPRequestHandler):
            timeout = _REQUEST_S
            server_version, sys_version = "tuidesk", ""

            def do_GET(self) -> None:  # the library's name
                ours = here._take(self.path)
                text = say("oauth.page" if ours else "oauth.page_other").encode()
                self.send_response(200 if ours else 404)
                self.send_header("Content-Type", "text/plain; charset=utf-8")
                self.send_header("Content-Length", str(len(text)))
                self.send_header("Cache-Control", "no-store")
                self.send_header("Referrer-Policy", "no-referrer")
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing: the address holds the code."""

        return Handler

    def _take(self, path: str) -> bool:
        found = urlsplit(path)
        state = parse_qs(found.query).get("state", [""])[0]
        if found.path != "/" or not hmac.compare_digest(state.encode(), self._state.encode()):
            return False
        if not self._came.is_set():
            self.answer = self.redirect + "?" + found.query
            self._came.set()
        return True
