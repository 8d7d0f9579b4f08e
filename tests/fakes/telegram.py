"""A Bot API of the tests' own: as strict as the specification about what it is asked, and it keeps what people saw.

Updates stay until an offset confirms them, as there; numbering may begin anew, which an offset of before must survive.
"""

import json
import time
from email.message import Message
from typing import Any

from tests.fakes.service import Asked, Reply, Service, route

BOT: dict[str, Any] = {"id": 600, "is_bot": True, "first_name": "Acme help", "username": "acmehelpbot"}
DANA: dict[str, Any] = {
    "id": 7_000_000_001,
    "is_bot": False,
    "first_name": "Dana",
    "last_name": "Ortiz",
    "username": "dana_o",
    "language_code": "en",
}
SAM: dict[str, Any] = {"id": 7_000_000_002, "is_bot": False, "first_name": "Sam"}
OWNER: dict[str, Any] = {"id": 7_000_000_009, "is_bot": False, "first_name": "Olga", "username": "olga_acme"}
GROUP: dict[str, Any] = {"id": -1_001, "type": "group", "title": "Acme users"}
FORUM: dict[str, Any] = {"id": -1_002_000, "type": "supergroup", "title": "Acme forum", "is_forum": True}
BUSINESS = "bIz-42_x"
_WHERE = {
    "chat_id",
    "message_thread_id",
    "direct_messages_topic_id",
    "business_connection_id",
    "reply_parameters",
}
TAKES = {
    "sendMessage": _WHERE | {"text"},
    "sendPhoto": _WHERE | {"photo", "caption"},
    "sendDocument": _WHERE | {"document", "caption"},
    "sendMediaGroup": _WHERE | {"media"},
}
"""The parameters that a request may have here; whoever sends others means something else."""


def private(user: dict[str, Any]) -> dict[str, Any]:
    """The chat of a user and the bot."""
    return {"type": "private"} | {
        name: user[name] for name in ("id", "first_name", "last_name", "username") if name in user
    }


class FakeTelegram(Service):
    """One bot; `token` is its own."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token
        self.updates: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []
        """What the bot sent, as everybody in its chat sees it."""
        self.files: dict[str, bytes] = {}
        self.uploaded: dict[str, bytes] = {}
        """By the name that customers see."""
        self.blocked: set[int] = set()
        self.moved: dict[int, int] = {}
        self.webhook = ""
        self.other_reader = False
        self.waits = True
        """Whether it does what `timeout` asks for."""
        self.read: list[int] = []
        """Messages of business chats that were marked as read."""
        self.may_reply = True
        self.polls = 0
        self.confirmed = 0
        """The highest update that was deleted because a higher offset was asked for."""
        self._update = 1000
        self._message = 0

    # --- people ---

    def write(
        self, who: dict[str, Any], text: str = "", *, chat: dict[str, Any] | None = None, **more: Any
    ) -> dict[str, Any]:
        """Somebody writes."""
        with self.lock:
            said = {"text": text} if text else {}
            message = {**self._new(chat or private(who)), "from": who, **said, **more}
            self.tell("business_message" if "business_connection_id" in more else "message", message)
            return message

    def tell(self, kind: str, what: Any) -> dict[str, Any]:
        """Any update."""
        with self.lock:
            self._update += 1
            update = {"update_id": self._update, kind: what}
            self.updates.append(update)
            return update

    def begin_anew(self) -> None:
        """After a quiet week updates are numbered from elsewhere."""
        self._update = 100

    def keep(self, name: str, content: bytes) -> dict[str, Any]:
        """A file on the server, as a message names it."""
        id_ = f"F-{len(self.files)}"
        self.files[id_] = content
        return {"file_id": id_, "file_unique_id": f"u{id_}", "file_name": name, "file_size": len(content)}

    def seen_in(self, chat: int, connection: str = "") -> list[dict[str, Any]]:
        """What the bot sent there."""
        with self.lock:
            found = [one for one in self.sent if one["chat"]["id"] == chat]
            return [one for one in found if one.get("business_connection_id", "") == connection]

    def _new(self, chat: dict[str, Any]) -> dict[str, Any]:
        self._message += 1
        return {"message_id": self._message, "date": int(time.time()), "chat": chat}

    # --- the API ---

    def allowed(self, asked: Asked) -> Reply | None:
        good = asked.path.startswith((f"/bot{self.token}/", f"/file/bot{self.token}/"))
        return None if good else _no(401, "Unauthorized")

    @route("POST", r"/bot[^/]+/getMe")
    def me(self, asked: Asked) -> Any:
        return _ok({**BOT, "can_read_all_group_messages": False})

    @route("POST", r"/bot[^/]+/getWebhookInfo")
    def hook(self, asked: Asked) -> Any:
        return _ok({"url": self.webhook, "has_custom_certificate": False, "pending_update_count": 0})

    @route("POST", r"/bot[^/]+/getUpdates")
    def poll(self, asked: Asked) -> Any:
        body = asked.json
        assert set(body) <= {"offset", "limit", "timeout", "allowed_updates"}, body
        with self.lock:
            self.polls += 1
            if self.webhook:
                return _no(409, "Conflict: can't use getUpdates method while webhook is active")
            if self.taken_over():
                return _no(409, "Conflict: terminated by other getUpdates request")
            self._confirm(body.get("offset"))
        end = time.monotonic() + (body.get("timeout", 0) if self.waits else 0)
        while True:
            with self.lock:
                if self.updates or time.monotonic() >= end or self.over.is_set():
                    return _ok(self.updates[: body["limit"]])
                if self.taken_over():
                    return _no(409, "Conflict: terminated by other getUpdates request")
            time.sleep(0.01)

    def taken_over(self) -> bool:
        """Whether somebody else reads."""
        return self.other_reader

    def _confirm(self, offset: int | None) -> None:
        """What is below an offset is deleted; one from far ahead is none."""
        if offset is None or offset > self._update + 10:
            return
        gone = [one["update_id"] for one in self.updates if one["update_id"] < offset]
        self.confirmed = max([self.confirmed, *gone])
        self.updates = [one for one in self.updates if one["update_id"] >= offset]

    @route("POST", r"/bot[^/]+/(sendMessage|sendPhoto|sendDocument|sendMediaGroup)")
    def send(self, asked: Asked) -> Any:
        method = asked.parts[0]
        body, uploads = _body(asked)
        assert set(body) <= TAKES[method], (method, body)
        with self.lock:
            refused = self._refused(body, method)
            if refused is not None:
                return refused
            if method == "sendMediaGroup":
                assert 2 <= len(body["media"]) <= 10
                made = [self._sent({**body, **one}, uploads) for one in body["media"]]
                return _ok(made)
            return _ok(self._sent(body, uploads))

    def _refused(self, body: dict[str, Any], method: str) -> Reply | None:
        chat = body["chat_id"]
        if chat in self.moved:
            new = {"migrate_to_chat_id": self.moved[chat]}
            return _no(400, "Bad Request: group chat was upgraded to a supergroup chat", new)
        if chat in self.blocked:
            return _no(403, "Forbidden: bot was blocked by the user")
        if body.get("business_connection_id") and not self.may_reply:
            return _no(400, "Bad Request: BUSINESS_PEER_USAGE_MISSING")
        if method == "sendMessage" and not 1 <= len(body["text"]) <= 4096:
            return _no(400, "Bad Request: message is too long")
        if len(body.get("caption", "")) > 1024:
            return _no(400, "Bad Request: message caption is too long")
        return None

    def _sent(self, body: dict[str, Any], uploads: dict[str, Message]) -> dict[str, Any]:
        chat = {"id": body["chat_id"], "type": "private" if body["chat_id"] > 0 else "supergroup"}
        made = {**self._new(chat), "from": BOT, **body}
        for sort in ("photo", "document", "media"):
            if str(made.get(sort, "")).startswith("attach://"):
                part = uploads[made[sort].removeprefix("attach://")]
                content = part.get_payload(decode=True)
                assert isinstance(content, bytes)
                self.uploaded[str(part.get_filename())] = content
                made["file_name"] = part.get_filename()
        self.sent.append(made)
        return made

    @route("POST", r"/bot[^/]+/readBusinessMessage")
    def mark(self, asked: Asked) -> Any:
        self.read.append(asked.json["message_id"])
        return _ok(result=True)

    @route("POST", r"/bot[^/]+/getChat")
    def chat(self, asked: Asked) -> Any:
        user = next((one for one in (DANA, SAM) if one["id"] == asked.json["chat_id"]), None)
        if user is None:
            return _no(400, "Bad Request: chat not found")
        return _ok({**private(user), "bio": f"I am {user['first_name']}"})

    @route("POST", r"/bot[^/]+/getFile")
    def where(self, asked: Asked) -> Any:
        id_ = asked.json["file_id"]
        if id_ not in self.files:
            return _no(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        return _ok({"file_id": id_, "file_unique_id": id_, "file_path": f"documents/a file {id_}"})

    @route("GET", r"/file/bot[^/]+/documents/a%20file%20(.*)")
    def file(self, asked: Asked) -> Any:
        return Reply(body=self.files[asked.parts[0]])


def _ok(result: Any) -> Reply:
    return Reply({"ok": True, "result": result})


def _no(code: int, why: str, parameters: dict[str, Any] | None = None) -> Reply:
    said = {"ok": False, "error_code": code, "description": why}
    return Reply(said | ({"parameters": parameters} if parameters else {}), code)


def _body(asked: Asked) -> tuple[dict[str, Any], dict[str, Message]]:
    """The parameters of a request, and the files of its form."""
    if "json" in asked.headers.get("content-type", ""):
        return asked.json, {}
    body: dict[str, Any] = {}
    files: dict[str, Message] = {}
    for part in asked.files:
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if part.get_filename() is not None:
            files[name] = part
        else:
            plain = name in ("caption", "text", "photo", "document", "business_connection_id")
            body[name] = content.decode() if plain else json.loads(content)
    return body, files
