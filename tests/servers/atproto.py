"""The atproto network on loopback: a PDS, its directory and the AppView, by the makers of Bluesky; people and posts.

Direct messages (`chat.bsky`) are not in it: a test's own server may stand at `chat_port`. A token that is no good is a
400 and not a 401. An image that is none, and a record key that is taken, are a 500. The AppView lags behind the PDS:
`settled` waits for it. A DID document says that the PDS is at `public_url`: a client that follows it, as clients must,
passes through `faults`.
"""

import base64
import hashlib
import hmac
import itertools
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from tests.servers import installing, ports
from tests.servers.faults import FaultProxy
from tests.servers.plain import Answer, answers, call
from tests.servers.processes import Process

HOST = "127.0.0.1"
_JWT_SECRET = b"jwt-secret"
_POSTGRES = Path("/usr/lib/postgresql/15/bin")
_UNSAFE_AND_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB")


class Ref(NamedTuple):
    """How a record is named by others."""

    uri: str
    cid: str


class Said(NamedTuple):
    """A post as one person sees it."""

    ref: Ref
    sender: str
    """A handle."""
    text: str
    parent: str | None
    """The URI of what it answers."""
    record: dict[str, Any]


@dataclass(slots=True)
class Person:
    """Somebody with an account: the raw API, and what a customer does by hand."""

    url: str
    did: str
    handle: str
    password: str
    token: str
    """The access token. It lasts two hours."""

    def ask(self, method: str, body: object = None, **query: object) -> Answer:
        """Any method (`app.bsky.notification.listNotifications`): a query without a body, else a procedure."""
        return _ask(self.url, method, body, query, {"Authorization": f"Bearer {self.token}"})

    def post(
        self,
        text: str,
        *,
        parent: Ref | None = None,
        quoted: Ref | None = None,
        mentioned: Sequence["Person"] = (),
        images: Sequence[tuple[bytes, str]] = (),
    ) -> Ref:
        """Publish it, as an answer to `parent`. Whose handle stands in the text with an `@` is told if `mentioned`.

        An image is PNG data and its alt text.
        """
        record: dict[str, Any] = {"$type": "app.bsky.feed.post", "text": text, "createdAt": _now()}
        if mentioned:
            record["facets"] = [_mention(text, person) for person in mentioned]
        if parent is not None:
            record["reply"] = {"root": self._root(parent), "parent": parent._asdict()}
        if quoted is not None:
            record["embed"] = {"$type": "app.bsky.embed.record", "record": quoted._asdict()}
        if images:
            shown = [{"image": self._upload(data), "alt": alt} for data, alt in images]
            record["embed"] = {"$type": "app.bsky.embed.images", "images": shown}
        wanted = {"repo": self.did, "collection": "app.bsky.feed.post", "record": record}
        made = self.ask("com.atproto.repo.createRecord", wanted).good()
        return Ref(made["uri"], made["cid"])

    def delete(self, post: Ref) -> None:
        """Take it back."""
        key = post.uri.rpartition("/")[2]
        self.ask(
            "com.atproto.repo.deleteRecord",
            {"repo": self.did, "collection": "app.bsky.feed.post", "rkey": key},
        ).good()

    def notifications(self, *reasons: str) -> list[dict[str, Any]]:
        """What this person was told of (`mention`, `reply`, `quote`, `like` …), oldest first."""
        found: list[dict[str, Any]] = []
        more: dict[str, str] = {}
        while True:
            page = self.ask("app.bsky.notification.listNotifications", limit=100, **more).good()
            found += page["notifications"]
            if not page.get("cursor"):
                return [one for one in reversed(found) if not reasons or one["reason"] in reasons]
            more = {"cursor": page["cursor"]}

    def thread(self, post: Ref) -> list[Said]:
        """The post and all that answers it, each answer after what it answers."""
        top = self.ask("app.bsky.feed.getPostThread", uri=post.uri, depth=100).good()["thread"]
        return list(_walk(top))

    def posts(self) -> list[Said]:
        """What this person's own repository holds, oldest first. It does not lag."""
        where = {"repo": self.did, "collection": "app.bsky.feed.post", "limit": 100, "reverse": "true"}
        found = self.ask("com.atproto.repo.listRecords", **where).good()["records"]
        return [_said(one, self.handle, one["value"]) for one in found]

    def stale_token(self) -> str:
        """An access token of this person that ended an hour ago: the PDS calls it `ExpiredToken`."""
        head, claims, _ = self.token.split(".")
        then = int(time.time()) - 3600
        told = {**json.loads(base64.urlsafe_b64decode(claims + "==")), "iat": then - 7200, "exp": then}
        signed = f"{head}.{_base64(json.dumps(told).encode())}"
        return f"{signed}.{_base64(hmac.digest(_JWT_SECRET, signed.encode(), hashlib.sha256))}"

    def _root(self, parent: Ref) -> dict[str, str]:
        repo, collection, key = parent.uri.removeprefix("at://").split("/")
        found = self.ask("com.atproto.repo.getRecord", repo=repo, collection=collection, rkey=key).good()
        above: dict[str, dict[str, str]] = found["value"].get("reply", {"root": parent._asdict()})
        return above["root"]

    def _upload(self, data: bytes) -> object:
        token = {"Authorization": f"Bearer {self.token}", "Content-Type": "image/png"}
        return call("POST", f"{self.url}/xrpc/com.atproto.repo.uploadBlob", data, token).good()["blob"]


def _ask(
    url: str, method: str, body: object, query: dict[str, object], headers: dict[str, str] | None = None
) -> Answer:
    asked = f"{url}/xrpc/{method}?{urlencode(query, doseq=True)}"
    return call("GET" if body is None else "POST", asked, body, headers)


def _mention(text: str, person: Person) -> dict[str, Any]:
    start = text.encode().index(f"@{person.handle}".encode())
    return {
        "index": {"byteStart": start, "byteEnd": start + 1 + len(person.handle)},
        "features": [{"$type": "app.bsky.richtext.facet#mention", "did": person.did}],
    }


def _walk(node: dict[str, Any]) -> Iterator[Said]:
    if "post" in node:  # else it was deleted, or is blocked
        yield _said(node["post"], node["post"]["author"]["handle"], node["post"]["record"])
    for answer in node.get("replies", ()):
        yield from _walk(answer)


def _said(named: dict[str, Any], sender: str, record: dict[str, Any]) -> Said:
    parent = record["reply"]["parent"]["uri"] if "reply" in record else None
    return Said(Ref(named["uri"], named["cid"]), sender, record["text"], parent, record)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@dataclass(slots=True)
class AtProto:
    """The running network. It keeps nothing when it stops."""

    base: Path
    url: str
    """The PDS's base URL, without a slash at the end; it passes `app.bsky` on to the AppView."""
    faults: FaultProxy
    """Stands before the PDS. Whoever gives it rules makes it calm again."""
    chat_port: int
    """Where the PDS passes on what is for `did:web:api.bsky.chat#bsky_chat`, the caller's DID as `iss` in a token."""
    _control: str
    _processes: Sequence[Process]
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def public_url(self) -> str:
        """Where the directory says that the PDS is: `faults`."""
        return self.faults.url

    def new_person(self, name: str = "dana") -> Person:
        """An account that nobody has used, so that no test sees another's notifications. The AppView knows it."""
        handle = f"{name}-{next(self._numbers)}.test"
        wanted = {"handle": handle, "email": f"{handle}@example.test", "password": "correct horse"}
        made = _ask(self.url, "com.atproto.server.createAccount", wanted, {}).good()
        person = Person(self.url, made["did"], handle, wanted["password"], made["accessJwt"])
        profile = {"$type": "app.bsky.actor.profile", "displayName": name.title()}
        place = {"repo": person.did, "collection": "app.bsky.actor.profile", "rkey": "self"}
        person.ask("com.atproto.repo.putRecord", {**place, "record": profile}).good()
        self.settled()
        return person

    def settled(self) -> None:
        """Return when the AppView shows all that the PDS has: what is not there now will not come."""
        call("GET", self._control).good()

    def stop(self) -> None:
        """End it."""
        for process in self._processes:
            process.stop()


@contextmanager
def running() -> Iterator[AtProto]:
    """Start it with state in a folder of its own; stop it and remove that at the end."""
    folder = Path(tempfile.mkdtemp(prefix="td-"))
    folder.chmod(0o755)  # PostgreSQL runs as somebody else
    plc, view, pds, control, chat, postgres = (ports.free(HOST) for _ in range(6))
    url = f"http://{HOST}:{pds}"
    try:
        with FaultProxy(url) as faults:
            settings = {
                "NODE_PATH": str(installing.folder("atproto") / "node_modules"),
                "TMPDIR": str(folder),
                "NODE_ENV": "test",
                "LOG_ENABLED": "false",
                "PORTS": f"{plc},{view},{pds},{control},{chat}",
                "PUBLIC_URL": faults.url,
                "POSTGRES_URL": f"postgresql://test@{HOST}:{postgres}/postgres",
                "POSTGRES_READY": str(folder / "postgres-ready"),
            }
            # Node reads its packages for seconds; PostgreSQL is ready before it is wanted.
            program = str(Path(__file__).with_suffix(".js"))
            network = Process(["node", program], folder / "network.log", settings)
            server = AtProto(folder, url, faults, chat, f"http://{HOST}:{control}", [network])
            try:
                server._processes = [network, _postgres(folder, postgres)]
                (folder / "postgres-ready").touch()
                network.wait_for(lambda: answers(server._control))
                yield server
            finally:
                server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _postgres(folder: Path, port: int) -> Process:
    """A new cluster, listening."""
    data = folder / "postgres"
    data.mkdir()
    somebody_else = []
    if os.geteuid() == 0:
        shutil.chown(data, "postgres")
        # The wish to be ended with the test's process does not outlive a change of user: it is said again.
        user = ["--reuid=postgres", "--regid=postgres", "--clear-groups"]
        somebody_else = ["setpriv", *user, "--pdeathsig=TERM", "--"]
    made = [str(_POSTGRES / "initdb"), "-A", "trust", "-U", "test", "-E", "UTF8", "--no-locale", "--no-sync"]
    subprocess.run(
        [*somebody_else, *made, "-D", str(data)], cwd=folder, check=True, stdout=subprocess.DEVNULL
    )
    listen = ["-D", str(data), "-h", HOST, "-p", str(port), "-k", ""]
    options = [word for setting in _UNSAFE_AND_FAST for word in ("-c", setting)]
    server = Process(
        [*somebody_else, str(_POSTGRES / "postgres"), *listen, *options], folder / "postgres.log"
    )
    asked = [str(_POSTGRES / "pg_isready"), "-q", "-h", HOST, "-p", str(port)]
    server.wait_for(lambda: subprocess.run(asked, check=False).returncode == 0)
    return server
