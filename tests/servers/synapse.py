"""Synapse, a Matrix homeserver, on loopback with SQLite; agents, customers, and their rooms."""

import hashlib
import hmac
import itertools
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from tests.servers import installing, ports
from tests.servers.plain import Answer, answers, call
from tests.servers.processes import Process

HOST = "127.0.0.1"
_DOMAIN = "matrix.test"
_SECRET = "registration"
_UNHURRIED = {"per_second": 1000, "burst_count": 1000}


class Said(NamedTuple):
    """A message of a room as its members see it."""

    id: str
    sender: str
    """`@name:matrix.test`."""
    text: str
    """`body`; empty when it was redacted."""
    content: dict[str, Any]


@dataclass(slots=True)
class Person:
    """Somebody with an account: the raw client API, and what a customer does by hand."""

    url: str
    id: str
    """`@name:matrix.test`."""
    password: str
    token: str
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def ask(self, method: str, path: str, body: object = None) -> Answer:
        """Any call below `/_matrix/client/v3`, with this person's token."""
        return self._ask(method, f"/_matrix/client/v3{path}", body)

    def open_room(self, *guests: "Person", encrypted: bool = False) -> str:
        """A direct room with these invited; its id."""
        state = [{"type": "m.room.encryption", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}]
        wanted = {
            "invite": [guest.id for guest in guests],
            "is_direct": True,
            "preset": "trusted_private_chat",
            "initial_state": state if encrypted else [],
        }
        room: str = self.ask("POST", "/createRoom", wanted).good()["room_id"]
        return room

    def join(self, room: str) -> None:
        """Accept an invitation."""
        self.ask("POST", f"/join/{quote(room)}", {}).good()

    def write(self, room: str, text: str, **more: object) -> str:
        """Send a text, with `more` in its content (`m.relates_to`); the event's id."""
        return self.send(room, {"msgtype": "m.text", "body": text, **more})

    def send(self, room: str, content: dict[str, Any], kind: str = "m.room.message") -> str:
        """Send an event; its id."""
        path = f"/rooms/{quote(room)}/send/{kind}/by-hand-{next(self._numbers)}"
        event: str = self.ask("PUT", path, content).good()["event_id"]
        return event

    def send_file(self, room: str, name: str, data: bytes, mime: str = "text/plain") -> str:
        """Upload it and send it; the event's id."""
        where = f"/_matrix/media/v3/upload?filename={quote(name)}"
        uri = self._ask("POST", where, data, {"Content-Type": mime}).good()["content_uri"]
        info = {"mimetype": mime, "size": len(data)}
        return self.send(room, {"msgtype": "m.file", "body": name, "url": uri, "info": info})

    def download(self, uri: str) -> bytes:
        """What lies behind an `mxc://` address."""
        found = self._ask("GET", f"/_matrix/client/v1/media/download/{uri.removeprefix('mxc://')}")
        assert found.status == 200, found
        return found.body

    def redact(self, room: str, event: str) -> None:
        """Take a message back."""
        path = f"/rooms/{quote(room)}/redact/{quote(event)}/by-hand-{next(self._numbers)}"
        self.ask("PUT", path, {}).good()

    def ledger(self, room: str) -> list[Said]:
        """Every message of the room that this person sees, oldest first."""
        path = f"/rooms/{quote(room)}/messages?dir=f&limit=1000&filter="
        events = self.ask("GET", path + quote('{"types":["m.room.message"]}')).good()["chunk"]
        return [
            Said(event["event_id"], event["sender"], event["content"].get("body", ""), event["content"])
            for event in events
        ]

    def _ask(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> Answer:
        token = {"Authorization": f"Bearer {self.token}"}
        return call(method, self.url + path, body, {**token, **(headers or {})})


@dataclass(slots=True)
class Synapse:
    """A homeserver. Stopping and starting again keep accounts, rooms and port."""

    base: Path
    port: int
    _process: Process | None = field(default=None, init=False)
    _admin: Person | None = field(default=None, init=False)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def url(self) -> str:
        """Its base URL, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Return when it answers."""
        assert self._process is None, "Synapse runs already"
        python = installing.folder("synapse") / "venv" / "bin" / "python"
        command = [str(python), "-m", "synapse.app.homeserver", "-c", str(self.base / "homeserver.yaml")]
        self._process = Process(command, self.base / "log")
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
        """An account that nobody has used, so that no test sees another's rooms."""
        return self._register(f"{name}-{next(self._numbers)}", admin=False)

    def slow_down(self, person: Person, per_second: int = 1, burst: int = 1) -> None:
        """From now on this person meets 429 (`M_LIMIT_EXCEEDED`) when they write faster than that."""
        if self._admin is None:
            self._admin = self._register("admin", admin=True)
        where = f"{self.url}/_synapse/admin/v1/users/{quote(person.id)}/override_ratelimit"
        limits = {"messages_per_second": per_second, "burst_count": burst}
        call("POST", where, limits, {"Authorization": f"Bearer {self._admin.token}"}).good()

    def _register(self, name: str, *, admin: bool) -> Person:
        where = f"{self.url}/_synapse/admin/v1/register"
        nonce, password = call("GET", where).good()["nonce"], "correct horse"
        role = "admin" if admin else "notadmin"
        mac = hmac.new(_SECRET.encode(), "\0".join((nonce, name, password, role)).encode(), hashlib.sha1)
        wanted = {
            "nonce": nonce,
            "username": name,
            "displayname": name.title(),
            "password": password,
            "admin": admin,
            "mac": mac.hexdigest(),
        }
        made = call("POST", where, wanted).good()
        return Person(self.url, made["user_id"], password, made["access_token"])


@contextmanager
def running() -> Iterator[Synapse]:
    """Start it with state in a folder of its own; stop it and remove that at the end."""
    folder = Path(tempfile.mkdtemp(prefix="td-"))
    server = Synapse(folder, ports.free(HOST))
    (folder / "homeserver.yaml").write_text(json.dumps(_settings(folder, server)))
    (folder / "log.yaml").write_text(json.dumps(_LOG))
    (folder / "signing.key").write_text("ed25519 a_test AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n")
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


_LOG = {
    "version": 1,
    "handlers": {"here": {"class": "logging.StreamHandler"}},
    "root": {"level": "WARNING", "handlers": ["here"]},
}


def _settings(folder: Path, server: Synapse) -> dict[str, Any]:
    """homeserver.yaml, of which JSON is a part."""
    listener = {
        "port": server.port,
        "type": "http",
        "tls": False,
        "bind_addresses": [HOST],
        "resources": [{"names": ["client"], "compress": False}],
    }
    return {
        "server_name": _DOMAIN,
        "public_baseurl": f"{server.url}/",
        "pid_file": str(folder / "pid"),
        "listeners": [listener],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "homeserver.db")}},
        "log_config": str(folder / "log.yaml"),
        "media_store_path": str(folder / "media"),
        "signing_key_path": str(folder / "signing.key"),
        "trusted_key_servers": [],
        "federation_domain_whitelist": [],
        "suppress_key_server_warning": True,
        "report_stats": False,
        "registration_shared_secret": _SECRET,
        "macaroon_secret_key": "macaroons",
        "form_secret": "forms",
        "bcrypt_rounds": 4,
        "url_preview_enabled": False,
        "rc_message": _UNHURRIED,
        "rc_login": {"address": _UNHURRIED, "account": _UNHURRIED, "failed_attempts": _UNHURRIED},
        "rc_registration": _UNHURRIED,
        "rc_joins": {"local": _UNHURRIED, "remote": _UNHURRIED},
        "rc_invites": {"per_room": _UNHURRIED, "per_user": _UNHURRIED, "per_issuer": _UNHURRIED},
        "rc_room_creation": _UNHURRIED,
    }
