"""A Bluesky of the tests' own: a PDS, what everybody sees, and direct messages; as strict as the lexicons."""

import hashlib
import re
import time
from typing import Any

from tests.fakes.bsky_chat import PROXY, Chat
from tests.fakes.service import Asked, Reply, route
from tuidesk.domain import instants
from tuidesk.domain.lengths import length

US, DANA, SAM = (f"did:plc:{name:a<24}" for name in ("acme", "dana", "sam"))
_POSTS = "app.bsky.feed.post"
_TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")
_TOLD_ABOVE = 5


class FakeBluesky(Chat):
    """Three people; `password` is ours."""

    def __init__(self, password: str) -> None:
        super().__init__()
        self.password = password
        self.handles = {US: "acmehelp.test", DANA: "dana.test", SAM: "sam.test"}
        self.posts: dict[str, dict[str, Any]] = {}
        self.notifications: list[dict[str, Any]] = []
        self.hidden: set[str] = set()
        """Posts that are there and not shown to us."""
        self.unseen: set[str] = set()
        """Posts that are there and have not got to where everybody looks."""
        self.blobs: dict[str, bytes] = {}
        self.privileged = True
        """Whether the password was given the direct messages."""
        self.pds = self.base
        """Where our records lie, by our DID document."""
        self.logins = 0
        self.views: dict[str, dict[str, Any]] = {}
        """What a profile, or a post, is to us besides."""
        self.sessions = 0
        self.stale = False
        """Whether the access token has run out."""
        self._last = 0

    @property
    def access(self) -> str:
        return f"access-{self.sessions}.{self.password}"

    @property
    def refresh(self) -> str:
        return f"refresh-{self.sessions}.{self.password}"

    def api(self) -> list[Asked]:
        """What was asked of the network, without its files."""
        return [one for one in self.asked if one.path.startswith("/xrpc/")]

    # --- people ---

    def post(
        self,
        who: str,
        text: str,
        *,
        parent: dict[str, Any] | None = None,
        quoted: dict[str, Any] | None = None,
        key: str = "",
        at: int | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """Somebody writes; who is named with an @, answered or quoted is told."""
        record: dict[str, Any] = {"$type": _POSTS, "text": text, "facets": self.facets(text)}
        if parent is not None:
            above = parent["record"].get("reply", {"root": _ref(parent)})["root"]
            record["reply"] = {"root": above, "parent": _ref(parent)}
        if quoted is not None:
            record["embed"] = {"$type": "app.bsky.embed.record", "record": _ref(quoted)}
        with self.lock:
            return self._published(who, {**record, **more}, key, at)

    def shows(self, post: dict[str, Any], embed: dict[str, Any]) -> None:
        """What a post carries, as everybody sees it."""
        post["embed"] = embed

    def attach(self, name: str, content: bytes) -> str:
        """A picture at the file server; its address."""
        self.blobs[f"/img/{name}"] = content
        return f"{self.base}/img/{name}"

    def deletes(self, post: dict[str, Any]) -> None:
        with self.lock:
            del self.posts[post["uri"]]
            self.notifications = [one for one in self.notifications if one["uri"] != post["uri"]]

    def seen_by(self, who: str) -> list[dict[str, Any]]:
        """Our posts below this person's."""
        with self.lock:
            ours = [one for one in self.posts.values() if one["author"]["did"] == US]
            return [one for one in ours if who in self._above_it(one)]

    def _above_it(self, post: dict[str, Any]) -> list[str]:
        parent = post["record"].get("reply", {}).get("parent")
        if parent is None:
            return []
        above = self.posts.get(parent["uri"])
        return [_author(parent), *(self._above_it(above) if above else [])]

    def facets(self, text: str) -> list[dict[str, Any]]:
        found = []
        for did, handle in self.handles.items():
            for place in re.finditer(re.escape(f"@{handle}"), text):
                start, end = (len(text[:at].encode()) for at in place.span())
                feature = {"$type": "app.bsky.richtext.facet#mention", "did": did}
                found.append({"index": {"byteStart": start, "byteEnd": end}, "features": [feature]})
        return found

    def _published(self, who: str, record: dict[str, Any], key: str, at: int | None) -> dict[str, Any]:
        self._last = max(self._last + 1, int(time.time() * 1000))
        stamp = instants.rfc3339(at if at is not None else self._last)
        uri = f"at://{who}/{_POSTS}/{key or self.rev()}"
        record = {"createdAt": stamp, "langs": ["en"], **record}
        cid = "bafyrei" + hashlib.sha256(repr((uri, record)).encode()).hexdigest()[:52]
        made = {
            "uri": uri,
            "cid": cid,
            "author": self._profile(who),
            "record": record,
            "indexedAt": stamp,
            "replyCount": 0,
            **self.views.get(uri, {}),
        }
        self.posts[uri] = made
        parent = self.posts.get(record.get("reply", {}).get("parent", {}).get("uri", ""))
        if parent is not None:
            parent["replyCount"] += 1
        if who != US and (reason := self._reason(record)):
            told = {name: made[name] for name in ("uri", "cid", "author", "record", "indexedAt")}
            self.notifications.append({**told, "reason": reason, "isRead": False})
            self.notifications.sort(key=lambda one: one["indexedAt"])
        return made

    def _reason(self, record: dict[str, Any]) -> str:
        features = [feature for facet in record.get("facets", ()) for feature in facet["features"]]
        if any(feature.get("did") == US for feature in features):
            return "mention"
        if _author(record.get("embed", {}).get("record")) == US:
            return "quote"
        above = record.get("reply", {}).get("parent")
        for _ in range(_TOLD_ABOVE):
            if _author(above) == US:
                return "reply"
            post = self.posts.get(above["uri"]) if above else None
            above = post["record"].get("reply", {}).get("parent") if post else None
        return ""

    def _profile(self, did: str) -> dict[str, Any]:
        name = self.handles[did].partition(".")[0]
        return {
            "did": did,
            "handle": self.handles[did],
            "displayName": name.title(),
            **self.views.get(did, {}),
        }

    # --- the API ---

    def allowed(self, asked: Asked) -> Reply | None:
        if asked.path.startswith("/img/") or asked.path.endswith(("createSession", "refreshSession")):
            return None
        if self.stale or asked.headers.get("authorization") != f"Bearer {self.access}":
            return _error("ExpiredToken", "Token has expired")
        if "/chat.bsky." in asked.path:
            if asked.headers.get("atproto-proxy") != PROXY:
                return Reply({"error": "MethodNotImplemented", "message": "Method Not Implemented"}, 501)
            if not self.privileged:
                return _error("InvalidToken", "Bad token method")
        return None

    def viewer(self, asked: Asked) -> str:
        return US

    @route("POST", "/xrpc/com.atproto.server.createSession")
    def create_session(self, asked: Asked) -> Any:
        self.logins += 1
        if asked.json != {"identifier": "acmehelp.test", "password": self.password}:
            return Reply(
                {"error": "AuthenticationRequired", "message": "Invalid identifier or password"}, 401
            )
        return self._session()

    @route("POST", "/xrpc/com.atproto.server.refreshSession")
    def refresh_session(self, asked: Asked) -> Any:
        if asked.headers.get("authorization") != f"Bearer {self.refresh}":
            return _error("ExpiredToken", "Token has been revoked")
        return self._session()

    def _session(self) -> dict[str, Any]:
        self.sessions, self.stale = self.sessions + 1, False
        pds = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.pds}
        return {
            "accessJwt": self.access,
            "refreshJwt": self.refresh,
            "did": US,
            "handle": "acmehelp.test",
            "didDoc": {"id": US, "service": [pds]},
        }

    @route("GET", "/xrpc/app.bsky.actor.getProfiles")
    def profiles(self, asked: Asked) -> Any:
        actors = asked.query.get("actors", [])
        if not 1 <= len(actors) <= 25 or not all(re.fullmatch("did:plc:[a-z2-7]{24}", did) for did in actors):
            return _error("InvalidRequest", "actors must be valid at-identifiers")
        besides = {
            "description": "I am %s",
            "followersCount": 3,
            "postsCount": 9,
            "createdAt": "2024-03-01T00:00:00.000Z",
        }
        found = [self._profile(did) for did in actors if did in self.handles]
        return {
            "profiles": [{**besides, "description": f"I am {one['displayName']}", **one} for one in found]
        }

    @route("GET", "/xrpc/app.bsky.notification.listNotifications")
    def listed(self, asked: Asked) -> Any:
        with self.lock:
            found = [one for one in self.notifications if one["reason"] in asked.query.get("reasons", [])][
                ::-1
            ]
            return _page(asked, "notifications", found)

    @route("GET", "/xrpc/com.atproto.repo.listRecords")
    def records(self, asked: Asked) -> Any:
        if asked.get("collection") != _POSTS:
            return _error("InvalidRequest", "collection")
        with self.lock:
            found = [one for one in self.posts.values() if one["author"]["did"] == asked.get("repo")]
            found.sort(key=lambda one: one["uri"], reverse=True)
            return _page(
                asked,
                "records",
                [{"uri": one["uri"], "cid": one["cid"], "value": one["record"]} for one in found],
            )

    @route("GET", "/xrpc/com.atproto.repo.getRecord")
    def record(self, asked: Asked) -> Any:
        uri = f"at://{asked.get('repo')}/{asked.get('collection')}/{asked.get('rkey')}"
        with self.lock:
            found = self.posts.get(uri)
        if found is None:
            return _error("RecordNotFound", f"Could not locate record: {uri}")
        return {"uri": uri, "cid": found["cid"], "value": found["record"]}

    @route("GET", "/xrpc/app.bsky.feed.getPosts")
    def get_posts(self, asked: Asked) -> Any:
        uris = asked.query.get("uris", [])
        if not 1 <= len(uris) <= 25:
            return _error("InvalidRequest", "uris")
        with self.lock:
            return {
                "posts": [
                    self.posts[uri]
                    for uri in uris
                    if uri in self.posts and uri not in self.hidden | self.unseen
                ]
            }

    @route("GET", "/xrpc/app.bsky.feed.getPostThread")
    def thread(self, asked: Asked) -> Any:
        depth, above = int(asked.get("depth", "6")), int(asked.get("parentHeight", "80"))
        if depth > 1000 or above > 1000:
            return _error("InvalidRequest", "depth")
        with self.lock:
            uri = asked.get("uri")
            if uri in self.posts and uri in self.hidden:
                return {"thread": _lost(uri, "blocked")}
            if uri not in self.posts or uri in self.unseen:
                return _error("NotFound", f"Post not found: {uri}")
            return {"thread": {**self._below(uri, depth), **self._above(uri, above)}}

    def _below(self, uri: str, depth: int) -> dict[str, Any]:
        answers = [
            self._below(one["uri"], depth - 1)
            for one in self.posts.values()
            if depth and one["record"].get("reply", {}).get("parent", {}).get("uri") == uri
        ]
        return {"$type": "app.bsky.feed.defs#threadViewPost", "post": self.posts[uri], "replies": answers}

    def _above(self, uri: str, height: int) -> dict[str, Any]:
        parent = self.posts[uri]["record"].get("reply", {}).get("parent", {}).get("uri")
        if not parent or not height:
            return {}
        if parent not in self.posts:
            return {"parent": _lost(parent, "notFound")}
        return {"parent": {"post": self.posts[parent], **self._above(parent, height - 1)}}

    @route("GET", "/xrpc/com.atproto.identity.resolveHandle")
    def resolve(self, asked: Asked) -> Any:
        found = next((did for did, handle in self.handles.items() if handle == asked.get("handle")), "")
        return {"did": found} if found else _error("InvalidRequest", "Unable to resolve handle")

    @route("POST", "/xrpc/com.atproto.repo.uploadBlob")
    def upload(self, asked: Asked) -> Any:
        cid = "bafkrei" + hashlib.sha256(asked.body).hexdigest()[:52]
        self.blobs[cid] = asked.body
        kind = asked.headers["content-type"]
        return {"blob": {"$type": "blob", "ref": {"$link": cid}, "mimeType": kind, "size": len(asked.body)}}

    @route("POST", "/xrpc/com.atproto.repo.createRecord")
    def create(self, asked: Asked) -> Any:
        body = asked.json
        record = body.get("record", {})
        if set(body) != {"repo", "collection", "rkey", "record"} or body["repo"] != US:
            return _error("InvalidRequest", "input")
        if body["collection"] != _POSTS or not _TID.fullmatch(body["rkey"]):
            return _error("InvalidRequest", "rkey")
        with self.lock:
            if wrong := self._wrong(record):
                return _error("InvalidRequest", wrong)
            if f"at://{US}/{_POSTS}/{body['rkey']}" in self.posts:
                return Reply({"error": "InternalServerError", "message": "Internal Server Error"}, 500)
            made = self._published(US, record, body["rkey"], None)
            return {"uri": made["uri"], "cid": made["cid"], "validationStatus": "valid"}

    def _wrong(self, record: dict[str, Any]) -> str:
        if set(record) - {"$type", "text", "createdAt", "reply", "facets", "embed", "langs"}:
            return "unknown field"
        if record.get("$type") != _POSTS or "text" not in record or "createdAt" not in record:
            return "missing field"
        if length(record["text"], "graphemes") > 300 or length(record["text"], "bytes") > 3000:
            return "text too long"
        for ref in record.get("reply", {"root": None, "parent": None}).values():
            if ref and (ref["uri"] not in self.posts or self.posts[ref["uri"]]["cid"] != ref["cid"]):
                return "reply"
        said = record["text"].encode()
        for facet in record.get("facets", ()):
            piece = said[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
            [feature] = facet["features"]
            if feature["$type"].endswith("#link") and piece != feature["uri"]:
                return "link"
            if feature["$type"].endswith("#mention") and piece[1:].lower() != self.handles[feature["did"]]:
                return "mention"
        for one in record.get("embed", {}).get("images", ()):
            if set(one) != {"image", "alt"} or one["image"]["ref"]["$link"] not in self.blobs:
                return "image"
        return ""

    @route("GET", "/img/.*")
    def file(self, asked: Asked) -> Any:
        content = self.blobs.get(asked.path)
        return Reply(status=404) if content is None else Reply(body=content)


def _page(asked: Asked, name: str, found: list[dict[str, Any]]) -> Any:
    limit = int(asked.get("limit", "50"))
    if not 1 <= limit <= 100:
        return _error("InvalidRequest", "limit")
    start = int(asked.get("cursor", "0"))
    more = {"cursor": str(start + limit)} if len(found) > start + limit else {}
    return {name: found[start : start + limit], **more}


def _ref(post: dict[str, Any]) -> dict[str, str]:
    return {"uri": post["uri"], "cid": post["cid"]}


def _author(ref: dict[str, Any] | None) -> str:
    return ref["uri"].removeprefix("at://").partition("/")[0] if ref else ""


def _lost(uri: str, how: str) -> dict[str, Any]:
    return {"$type": f"app.bsky.feed.defs#{how}Post", "uri": uri, how: True}


def _error(name: str, message: str) -> Reply:
    return Reply({"error": name, "message": message}, 400)
