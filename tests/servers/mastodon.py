"""mastodon_mock, which speaks Mastodon's API, on loopback; agents, customers, and what they wrote.

It is somebody else's emulator and not Mastodon. Other than there: a thread (`/context`) shows direct messages to
whoever asks; a conversation's id is its last status's; `X-RateLimit-Reset` is a number; `@name@host` mentions
nobody of its own, only `@name` does. Where its streams and media are it says by the host that it was asked as, so a
proxy before it is before them too.
"""

import html
import itertools
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from tests.servers import installing, ports
from tests.servers.plain import Answer, answers, call
from tests.servers.processes import Process

HOST = "127.0.0.1"

_SETTINGS = """\
domain = "{address}"
url_scheme = "http"
media_storage_path = "{base}/media"
[database]
path = "{base}/mock.db"
[auth]
enforce_scopes = true
[streaming]
heartbeat_seconds = 2.0
[faults]
enabled = false
[seed]
accounts = []
"""


class Said(NamedTuple):
    """A status as one person sees it."""

    id: str
    sender: str
    """`acct`: for those of this server the bare name."""
    text: str
    """Without its markup."""
    visibility: str
    parent: str | None
    status: dict[str, Any]
    """All of it."""


@dataclass(slots=True)
class Person:
    """Somebody with an account: the raw API, and what a customer does by hand."""

    url: str
    id: str
    name: str
    """Is mentioned with an `@` before it."""
    token: str

    def ask(self, method: str, path: str, body: object = None) -> Answer:
        """Any call (`/api/v1/notifications`), with this person's token."""
        return call(method, self.url + path, body, {"Authorization": f"Bearer {self.token}"})

    def write(
        self,
        text: str,
        *,
        visibility: str = "public",
        parent: str | None = None,
        warning: str = "",
        media: Sequence[str] = (),
    ) -> str:
        """Publish a status; its id."""
        wanted = {
            "status": text,
            "visibility": visibility,
            "in_reply_to_id": parent,
            "spoiler_text": warning,
            "media_ids": list(media),
        }
        status: str = self.ask("POST", "/api/v1/statuses", wanted).good()["id"]
        return status

    def edit(self, status: str, text: str) -> None:
        """Write it anew."""
        self.ask("PUT", f"/api/v1/statuses/{status}", {"status": text}).good()

    def delete(self, status: str) -> None:
        """Take it back."""
        self.ask("DELETE", f"/api/v1/statuses/{status}").good()

    def upload(self, name: str, data: bytes, mime: str, alt: str = "") -> str:
        """A file for `write`'s `media`; its id."""
        parts = [
            (f'form-data; name="file"; filename="{name}"\r\nContent-Type: {mime}', data),
            ('form-data; name="description"', alt.encode()),
        ]
        body = b"".join(
            b"--part\r\nContent-Disposition: %b\r\n\r\n%b\r\n" % (head.encode(), content)
            for head, content in parts
        )
        token = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "multipart/form-data; boundary=part",
        }
        media: str = call("POST", f"{self.url}/api/v2/media", body + b"--part--\r\n", token).good()["id"]
        return media

    def mentions(self) -> list[Said]:
        """Every status that mentioned this person and of which they were told, oldest first."""
        found: list[Said] = []
        before = ""
        while page := self.ask("GET", f"/api/v1/notifications?types[]=mention&limit=40{before}").good():
            found += [_said(notification["status"]) for notification in page]
            before = f"&max_id={page[-1]['id']}"
        return found[::-1]

    def thread(self, status: str) -> list[Said]:
        """The statuses around one of them and itself: what it answers, then itself, then the answers."""
        around = self.ask("GET", f"/api/v1/statuses/{status}/context").good()
        itself = self.ask("GET", f"/api/v1/statuses/{status}").good()
        return [_said(one) for one in (*around["ancestors"], itself, *around["descendants"])]


def _said(status: dict[str, Any]) -> Said:
    lines = re.sub(r"<br ?/?>|</p><p>", "\n", status["content"])
    return Said(
        status["id"],
        status["account"]["acct"],
        html.unescape(re.sub(r"<[^>]*>", "", lines)),
        status["visibility"],
        status["in_reply_to_id"],
        status,
    )


@dataclass(slots=True)
class Mastodon:
    """A running server. Stopping and starting again keep what was written, logins and the port."""

    base: Path
    port: int
    _process: Process | None = field(default=None, init=False)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def url(self) -> str:
        """Its base URL, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Return when it answers."""
        assert self._process is None, "mastodon_mock runs already"
        settings = _SETTINGS.format(base=self.base, address=f"{HOST}:{self.port}")
        (self.base / ".mastodon_mock.toml").write_text(settings)  # it looks for it where it is started
        python = installing.folder("mastodon_mock") / "venv" / "bin" / "python"
        command = [str(python), "-m", "uvicorn", "--factory", "mastodon_mock.app:create_app"]
        listen = ["--host", HOST, "--port", str(self.port), "--no-server-header", "--no-access-log"]
        in_the_end = ["--timeout-graceful-shutdown", "1"]  # or it would wait for those who listen to streams
        self._process = Process([*command, *listen, *in_the_end], self.base / "log")
        self._process.wait_for(lambda: answers(f"{self.url}/health"))

    def stop(self) -> None:
        """End it. Harmless when it does not run."""
        process, self._process = self._process, None
        if process is not None:
            process.stop()

    def restart(self) -> None:
        """Stop, then start."""
        self.stop()
        self.start()

    def new_person(self, name: str = "dana") -> Person:
        """An account that nobody has used, so that no test sees another's notifications."""
        wanted = {"username": f"{name}_{next(self._numbers)}", "display_name": name.title()}
        made = call("POST", f"{self.url}/api/v1/_mock/dev_user", wanted).good()
        return Person(self.url, made["id"], made["username"], made["access_token"])


@contextmanager
def running() -> Iterator[Mastodon]:
    """Start it with state in a folder of its own; stop it and remove that at the end."""
    folder = Path(tempfile.mkdtemp(prefix="td-"))
    server = Mastodon(folder, ports.free(HOST))
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
