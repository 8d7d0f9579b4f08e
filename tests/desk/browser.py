"""A browser without a window, which sees pages as people do; whom it asks for anything is written down."""

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

_WITHIN_S = 100
_QUIET = (
    "--headless=new",
    "--no-sandbox",  # which root cannot have
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-pdf-header-footer",
)


class Browser:
    """Chromium with a profile of its own; every request of its goes to a proxy that answers none."""

    def __init__(self, program: str, folder: Path, proxy: int, asked: list[str]) -> None:
        self.asked = asked
        """What was asked for: addresses, or `host:port`."""
        self._folder = folder
        self._call = (
            program,
            *_QUIET,
            f"--user-data-dir={folder / 'profile'}",
            f"--proxy-server=http://127.0.0.1:{proxy}",
            "--proxy-bypass-list=<-loopback>",
        )

    def read(self, page: str) -> str:
        """The document as it stands when all of it has been loaded."""
        return self._run(page, "--dump-dom").decode("utf-8")

    def printed(self, page: str) -> bytes:
        """The PDF that it prints."""
        made = self._folder / "printed.pdf"
        self._run(page, f"--print-to-pdf={made}")
        return made.read_bytes()

    def _run(self, page: str, how: str) -> bytes:
        file = self._folder / "page.html"
        file.write_text(page, "utf-8")
        call = (*self._call, how, file.as_uri())
        return subprocess.run(call, capture_output=True, timeout=_WITHIN_S, check=True).stdout


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """Skipped where there is none; in the gate, where everything is installed, a failure."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs chromium to look at the page")
    with _proxy() as (port, asked):
        yield Browser(program, tmp_path, port, asked)


@contextmanager
def _proxy() -> Iterator[tuple[int, list[str]]]:
    asked: list[str] = []

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(502)

        do_CONNECT = do_POST = do_HEAD = do_GET

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_port, asked
        finally:
            server.shutdown()
            thread.join()
