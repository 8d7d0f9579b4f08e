"""A Mastodon of the tests' own: as strict as the specification about what it is asked, and it keeps what people saw."""

import queue
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

from tests.fakes.service import Asked, Reply, Service, route
from tuidesk.domain import instants

US, DANA, SAM = "1", "2", "3"


def _page(text: str) -> str:
    """As Mastodon shows it: handles without their host, links cut in three."""
    parts = (
        r'<span class="invisible">\1</span><span class="ellipsis">\2</span><span class="invisible">\3</span>'
    )
    link = rf'<a href="\1\2\3">{parts}</a>'
    shown = re.sub(r"(https?://)(\S{1,30})(\S*)", link, text)
    person = r'<span class="h-card"><a href="https://x.example/@\1" class="u-url mention">@<span>\1</span></a></span>'
    return re.sub(r"(?<![\w/])@(\w+)(?:@[\w.-]*\w)?", person, shown)


class FakeMastodon(Service):
    """Three accounts; `token` is ours."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token
        self.accounts = {
            id_: {
                "id": id_,
                "username": name,
                "acct": name,
                "display_name": name.title(),
                "note": f"<p>I am {name}</p>",
                "fields": [{"name": "Web", "value": "<a href='https://x.example'>x.example</a>"}],
                "bot": False,
                "url": f"{self.base}/@{name}",
                "created_at": "2024-03-01T00:00:00.000Z",
                "followers_count": 3,
                "avatar_description": f"a picture of {name}",
            }
            for id_, name in ((US, "acmehelp"), (DANA, "dana"), (SAM, "sam"))
        }
        self.elsewhere: list[dict[str, Any]] = []
        """People of other servers, whom this one meets when it is asked to."""
        self.statuses: list[dict[str, Any]] = []
        self.notifications: list[dict[str, Any]] = []
        self.media: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.keys: dict[str, dict[str, Any]] = {}
        self.scopes = ["read", "write"]
        self.streams: list[queue.Queue[str]] = []
        self.streaming = True
        self.keeps_source = True
        self.most = 80
        """Statuses and notifications a page, whatever is asked for."""
        self.version = "4.7.0"
        self.media_ready = True
        self.opened: Callable[[], object] = lambda: None
        """Called before a stream is open."""
        self._next = 100

    # --- people ---

    def post(self, who: str, text: str, **more: Any) -> dict[str, Any]:
        """Somebody writes; who is named is told."""
        with self.lock:
            named = [one for one in self.accounts.values() if f"@{one['acct']}" in text]
            made = {
                "id": self._id(),
                "uri": "",
                "created_at": instants.rfc3339(int(time.time() * 1000)),
                "in_reply_to_id": None,
                "visibility": "public",
                "spoiler_text": "",
                "content": f"<p>{_page(text)}</p>",
                "account": self.accounts[who],
                "mentions": [{"id": one["id"], "acct": one["acct"]} for one in named if one["id"] != who],
                "media_attachments": [],
                "poll": None,
                "edited_at": None,
                "text": text,
                **more,
            }
            made["uri"] = made["uri"] or f"{self.base}/users/{who}/statuses/{made['id']}"
            self.statuses.append(made)
            if who != US and any(one["id"] == US for one in made["mentions"]):
                self.notifications.append(
                    {"id": self._id(), "type": "mention", "created_at": made["created_at"], "account": made["account"],
                     "status": made}
                )  # fmt: skip
                self.tell("notification", "{}")
            return made

    def seen_by(self, who: str) -> list[dict[str, Any]]:
        """Our statuses that this person was told of."""
        with self.lock:
            return [
                one
                for one in self.statuses
                if one["account"]["id"] == US and any(named["id"] == who for named in one["mentions"])
            ]

    def tell(self, event: str, data: str) -> None:
        """To every open stream."""
        for stream in self.streams:
            stream.put(f"event: {event}\ndata: {data}\n\n")

    def _id(self) -> str:
        self._next += 1
        return str(self._next)

    # --- the API ---

    def allowed(self, asked: Asked) -> Reply | None:
        if asked.path.startswith("/media/"):
            return None
        good = asked.headers.get("authorization") == f"Bearer {self.token}"
        return None if good else Reply({"error": "The access token is invalid"}, 401)

    @route("GET", "/api/v1/accounts/verify_credentials")
    def me(self, asked: Asked) -> Any:
        return self.accounts[US]

    @route("GET", "/api/v1/accounts/lookup")
    def lookup(self, asked: Asked) -> Any:
        found = [one for one in self.accounts.values() if one["acct"] == asked.get("acct")]
        return found[0] if found else Reply({"error": "Record not found"}, 404)

    @route("GET", "/api/v2/search")
    def search(self, asked: Asked) -> Any:
        assert (asked.get("type"), asked.get("resolve")) == ("accounts", "true")
        far = [one for one in self.elsewhere if f"@{one['acct']}" == asked.get("q")]
        return {"accounts": far, "statuses": [], "hashtags": []}

    @route("GET", "/api/v1/apps/verify_credentials")
    def app(self, asked: Asked) -> Any:
        return {"name": "tuidesk", "scopes": self.scopes}

    @route("GET", "/api/v2/instance")
    def instance(self, asked: Asked) -> Any:
        return {
            "domain": "127.0.0.1",
            "version": self.version,
            "configuration": {
                "urls": {"streaming": self.base.replace("http", "ws")},
                "statuses": {
                    "max_characters": 500,
                    "max_media_attachments": 4,
                    "characters_reserved_per_url": 23,
                },
                "media_attachments": {"image_size_limit": 16_000_000, "supported_mime_types": ["image/png"]},
            },
        }

    def _listed(self, asked: Asked, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        limit = min(int(asked.get("limit", "20")), self.most)
        assert limit <= 80
        if (least := asked.get("min_id")) != "":
            return [one for one in found if int(one["id"]) > int(least)][:limit][::-1]
        most = int(asked.get("max_id", "999999999"))
        return [one for one in found if int(one["id"]) < most][::-1][:limit]

    @route("GET", "/api/v1/notifications")
    def listed(self, asked: Asked) -> Any:
        kinds = asked.query.get("types[]", [])
        with self.lock:
            return self._listed(asked, [one for one in self.notifications if one["type"] in kinds])

    @route("GET", r"/api/v1/accounts/(\d+)/statuses")
    def own(self, asked: Asked) -> Any:
        with self.lock:
            return self._listed(
                asked, [one for one in self.statuses if one["account"]["id"] == asked.parts[0]]
            )

    def _status(self, id_: str) -> dict[str, Any] | None:
        return next((one for one in self.statuses if one["id"] == id_), None)

    @route("GET", r"/api/v1/statuses/([^/]+)")
    def status(self, asked: Asked) -> Any:
        with self.lock:
            return self._status(asked.parts[0]) or Reply({"error": "Record not found"}, 404)

    @route("GET", r"/api/v1/statuses/([^/]+)/source")
    def source(self, asked: Asked) -> Any:
        with self.lock:
            one = self._status(asked.parts[0])
            if one is None or one["account"]["id"] != US or not self.keeps_source:
                return Reply({"error": "Record not found"}, 404)
            return {"id": one["id"], "text": one["text"], "spoiler_text": one["spoiler_text"]}

    @route("GET", r"/api/v1/statuses/([^/]+)/context")
    def context(self, asked: Asked) -> Any:
        with self.lock:
            one = self._status(asked.parts[0])
            above: list[dict[str, Any]] = []
            while one is not None and one["in_reply_to_id"]:
                one = self._status(one["in_reply_to_id"])
                above[:0] = [one] if one is not None else []
            return {"ancestors": above, "descendants": []}

    @route("POST", "/api/v1/statuses")
    def say(self, asked: Asked) -> Any:
        body = asked.json
        known = {
            "status",
            "visibility",
            "in_reply_to_id",
            "spoiler_text",
            "media_ids",
            "language",
            "sensitive",
        }
        if set(body) - known or body.get("visibility") not in ("public", "unlisted", "private", "direct"):
            return Reply({"error": "Validation failed"}, 422)
        if len(body["status"]) > 500:
            return Reply({"error": "Validation failed: Text character limit of 500 exceeded"}, 422)
        key = asked.headers.get("idempotency-key", "")
        with self.lock:
            if key in self.keys:
                return self.keys[key]
            if body.get("in_reply_to_id") and self._status(body["in_reply_to_id"]) is None:
                return Reply({"error": "The post you are replying to does not exist"}, 404)
            made = self.post(
                US,
                body["status"],
                visibility=body["visibility"],
                in_reply_to_id=body.get("in_reply_to_id"),
                spoiler_text=body.get("spoiler_text", ""),
                media_attachments=[self.media[id_] for id_ in body.get("media_ids", ())],
            )
            if key:
                self.keys[key] = made
            return made

    @route("POST", "/api/v2/media")
    def upload(self, asked: Asked) -> Any:
        parts = {part.get_param("name", header="content-disposition"): part for part in asked.files}
        file = parts["file"]
        about = parts["description"].get_payload(decode=True) if "description" in parts else b""
        content = file.get_payload(decode=True)
        assert isinstance(content, bytes)
        assert isinstance(about, bytes)
        return Reply(self.attach(str(file.get_filename()), content, about.decode(), ready=False), 202)

    def attach(self, name: str, content: bytes, alt: str = "", *, ready: bool = True) -> dict[str, Any]:
        """A file on the server."""
        with self.lock:
            id_ = self._id()
            self.files[f"/media/{id_}/{name}"] = content
            self.media[id_] = {
                "id": id_,
                "type": "unknown",
                "url": f"{self.base}/media/{id_}/{name}" if ready else None,
                "description": alt,
                "meta": {},
            }
            return dict(self.media[id_])

    @route("GET", r"/api/v1/media/(\d+)")
    def uploaded(self, asked: Asked) -> Any:
        with self.lock:
            media = self.media[asked.parts[0]]
            if not self.media_ready:
                return Reply(media, 206)
            path = next(path for path in self.files if path.startswith(f"/media/{media['id']}/"))
            media["url"] = self.base + path
            return media

    @route("GET", r"/media/.*")
    def file(self, asked: Asked) -> Any:
        content = self.files.get(asked.path)
        return Reply(status=404) if content is None else Reply(body=content)

    @route("GET", "/api/v1/streaming/user")
    def stream(self, asked: Asked) -> Any:
        if not self.streaming:
            return Reply({"error": "no streaming here"}, 404)
        self.opened()
        said: queue.Queue[str] = queue.Queue()
        self.streams.append(said)
        return Reply(stream=self._told(said))

    def _told(self, said: "queue.Queue[str]") -> Iterator[bytes]:
        while not self.over.is_set():
            try:
                yield said.get(timeout=0.2).encode()
            except queue.Empty:
                yield b":thump\n"
