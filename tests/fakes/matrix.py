"""A Matrix homeserver of the tests' own: users, devices, rooms with one order of events, `/sync` that waits.

Strict where a client can go wrong: tokens, members, txnIds by device, Content-Length of uploads, filters that name
nothing unknown, bodies of the sort that the specification wants.
"""

import itertools
import json
import ssl
import threading
import time
from typing import Any
from urllib.parse import unquote

from tests.fakes.matrix_room import Room, passed, shown
from tests.fakes.service import Asked, Reply, Service, route

C = "/_matrix/client/v3"
_ROOM, _PART = r"((?:!|%21)[^/]+)", r"([^/]+)"
DOMAIN = "fake.test"


def wrong(code: str, status: int, why: str = "no") -> Reply:
    return Reply({"errcode": code, "error": why}, status)


class Matrix(Service):
    """A homeserver; the account under test is `@support:fake.test`."""

    def __init__(self, token: str, password: str = "correct horse") -> None:
        super().__init__()
        self.changed = threading.Condition(self.lock)
        self.own = f"@support:{DOMAIN}"
        self.tokens = {token: (self.own, "TOKEN")}
        self.passwords = {self.own: password}
        self.profiles: dict[str, dict[str, Any]] = {self.own: {"displayname": "Acme Support"}}
        self.rooms: dict[str, Room] = {}
        self.aliases: dict[str, str] = {}
        self.media: dict[str, tuple[bytes, str]] = {}
        self.invited: list[tuple[int, str, str]] = []
        """(place, room, inviter) of invitations of the account."""
        self.typed: list[bool] = []
        self.most = 1_000_000
        self.encrypts_new_rooms = False
        self.keeps_polls = True
        self._place = itertools.count(1)
        self._ids = itertools.count(1)
        self._done: dict[tuple[str, str, str], str] = {}
        self.newest = 0

    def secure(self, context: ssl.SSLContext) -> None:
        """From now on it speaks TLS."""
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.base = self.base.replace("http:", "https:")

    # --- what a customer does ---

    def room(self, *members: str, joined: bool = True, name: str = "", **state: Any) -> Room:
        """A room of a customer's (the first), with the account invited, or in it already."""
        with self.changed:
            room = Room(f"!r{next(self._ids)}:{DOMAIN}")
            self.rooms[room.id] = room
            self.put_state(room, members[0], "m.room.create", "", {"creator": members[0]})
            for member in members:
                self.profiles.setdefault(member, {"displayname": member[1:].partition(":")[0].title()})
                self.enter(room, member)
            self.put_state(room, members[0], "m.room.join_rules", "", {"join_rule": "invite"})
            if name:
                self.put_state(room, members[0], "m.room.name", "", {"name": name})
            for kind, content in state.items():
                self.put_state(room, members[0], kind.replace("__", "."), "", content)
            if joined:
                self.enter(room, self.own)
            else:
                self.invite(room, members[0])
        return room

    def invite(self, room: Room, inviter: str) -> None:
        with self.changed:
            self.put_state(room, inviter, "m.room.member", self.own, {"membership": "invite"})
            self.invited.append((self.newest, room.id, inviter))

    def enter(self, room: Room, user: str, membership: str = "join") -> None:
        content = {"membership": membership, "displayname": self.profiles.get(user, {}).get("displayname")}
        self.put_state(room, user, "m.room.member", user, content)
        room.since[user] = self.newest

    def put_state(self, room: Room, sender: str, kind: str, key: str, content: Any) -> str:
        with self.changed:
            event = self._event(room, sender, kind, content)
            event["state_key"] = key
            room.state[kind, key] = event
            return str(event["event_id"])

    def write(self, room: Room, sender: str, body: str, **more: Any) -> str:
        return self.send(room, sender, "m.room.message", {"msgtype": "m.text", "body": body, **more})

    def send(self, room: Room, sender: str, kind: str, content: Any, **more: Any) -> str:
        with self.changed:
            event = self._event(room, sender, kind, content)
            event.update(more)
            return str(event["event_id"])

    def redact(self, room: Room, sender: str, event: str) -> None:
        with self.changed:
            because = self.send(room, sender, "m.room.redaction", {"redacts": event}, redacts=event)
            for one in room.events:
                if one["event_id"] == event:
                    one["content"] = {}
                    one["unsigned"] = {"redacted_because": {"event_id": because}}

    def read(self, room: Room, user: str, event: str, kind: str = "m.read") -> None:
        with self.changed:
            room.receipts.append((self._next(), user, event, kind))
            self.changed.notify_all()

    def shelve(self, room: Room, kind: str, content: Any) -> None:
        """Account data of the account's own, as another client of it sets them."""
        with self.changed:
            room.data.append((self._next(), self.own, kind, content))
            self.changed.notify_all()

    def upload(self, content: bytes, type_: str = "application/octet-stream") -> str:
        with self.lock:
            name = f"m{next(self._ids)}"
            self.media[name] = (content, type_)
            return f"mxc://{DOMAIN}/{name}"

    def said(self, room: Room, sender: str = "") -> list[dict[str, Any]]:
        """The contents of what a sender (the account) has written there, oldest first: the ledger."""
        with self.lock:
            return [
                one["content"]
                for one in room.events
                if one["type"] == "m.room.message" and one["sender"] == (sender or self.own)
            ]

    def _next(self) -> int:
        self.newest = next(self._place)
        return self.newest

    def _event(self, room: Room, sender: str, kind: str, content: Any) -> dict[str, Any]:
        place = self._next()
        event: dict[str, Any] = {
            "_at": place,
            "event_id": f"$e{place}",
            "type": kind,
            "sender": sender,
            "content": content,
            "origin_server_ts": int(time.time() * 1000),
            "unsigned": {},
        }
        room.events.append(event)
        self.changed.notify_all()
        return event

    # --- the login ---

    def allowed(self, asked: Asked) -> Reply | None:
        if asked.path in ("/.well-known/matrix/client", f"{C}/login", "/_matrix/client/versions"):
            return None
        if not asked.headers.get("authorization"):
            return wrong("M_MISSING_TOKEN", 401)
        return None if self._user(asked) else wrong("M_UNKNOWN_TOKEN", 401, "Unknown token")

    def _user(self, asked: Asked) -> tuple[str, str] | None:
        return self.tokens.get(asked.headers.get("authorization", "").removeprefix("Bearer "))

    @route("GET", "/.well-known/matrix/client")
    def _well_known(self, asked: Asked) -> Any:
        return {"m.homeserver": {"base_url": self.base}}

    @route("POST", f"{C}/login")
    def _login(self, asked: Asked) -> Any:
        told = asked.json
        user = told["identifier"]["user"]
        assert told["type"] == "m.login.password", told
        assert told["identifier"]["type"] == "m.id.user", told
        if self.passwords.get(user) != told["password"]:
            return wrong("M_FORBIDDEN", 403, "Invalid username or password")
        with self.lock:
            self.tokens = {k: v for k, v in self.tokens.items() if v != (user, told["device_id"])}
            token = f"syt_{next(self._ids)}"
            self.tokens[token] = (user, told["device_id"])
        return {"user_id": user, "access_token": token, "device_id": told["device_id"]}

    @route("GET", f"{C}/account/whoami")
    def _whoami(self, asked: Asked) -> Any:
        user, device = self._user(asked) or ("", "")
        return {"user_id": user, "device_id": device}

    @route("GET", f"{C}/profile/{_PART}")
    def _profile(self, asked: Asked) -> Any:
        return self.profiles.get(unquote(asked.parts[0])) or wrong("M_NOT_FOUND", 404)

    # --- reading ---

    @route("GET", f"{C}/sync")
    def _sync(self, asked: Asked) -> Any:
        user, device = self._user(asked) or ("", "")
        since = int(asked.get("since", "s0").removeprefix("s"))
        wanted = json.loads(asked.get("filter", "{}"))
        assert set(wanted) <= {"presence", "account_data", "room"}, wanted
        whole = asked.get("full_state") == "true" or not since
        until = time.monotonic() + (0 if whole else int(asked.get("timeout", "0")) / 1000)
        with self.changed:
            while True:
                rooms = self._rooms_since(user, device, since, wanted["room"], whole=whole)
                left = until - time.monotonic()
                if any(rooms.values()) or left <= 0 or self.over.is_set() or not self.keeps_polls:
                    return {"next_batch": f"s{self.newest}", "rooms": rooms}
                self.changed.wait(min(left, 0.2))

    def _rooms_since(
        self, user: str, device: str, since: int, wanted: dict[str, Any], *, whole: bool
    ) -> dict[str, Any]:
        found: dict[str, Any] = {"join": {}, "invite": {}, "leave": {}}
        for room in self.rooms.values():
            membership = room.membership(user)
            if membership == "join":
                body = self._joined(room, user, device, since, wanted, whole=whole)
                if body:
                    found["join"][room.id] = body
            elif membership == "leave" and room.since.get(user, 0) > since > 0:
                found["leave"][room.id] = {"timeline": self._timeline(room, device, since, wanted)}
        for place, id_, inviter in self.invited:
            if place > since and self.rooms[id_].membership(user) == "invite":
                member = {"type": "m.room.member", "state_key": user, "sender": inviter, "content": {}}
                create = self.rooms[id_].state["m.room.create", ""]
                found["invite"][id_] = {"invite_state": {"events": [member, create]}}
        return found

    def _joined(
        self, room: Room, user: str, device: str, since: int, wanted: dict[str, Any], *, whole: bool
    ) -> dict[str, Any]:
        came = room.since.get(user, 0) > since
        timeline = self._timeline(room, device, 0 if came else since, wanted["timeline"])
        types = wanted["state"]["types"]
        names = {event["sender"] for event in timeline["events"]}
        state = [
            shown(event, device)
            for (kind, key), event in room.state.items()
            if kind in types and (kind != "m.room.member" or key in names or key == user or whole)
        ]
        newest = {
            kind: {"type": kind, "content": content}
            for place, whose, kind, content in room.data
            if whose == user and place > since and kind in wanted["account_data"]["types"]
        }
        data = list(newest.values())
        content: dict[str, Any] = {}
        for place, whose, event, kind in room.receipts:
            if place > since and (kind == "m.read" or whose == user):
                content.setdefault(event, {}).setdefault(kind, {})[whose] = {"ts": int(time.time() * 1000)}
        if not (timeline["events"] or data or content or whole or came):
            return {}
        return {
            "summary": {
                "m.joined_member_count": len(room.members),
                "m.invited_member_count": 0,
                "m.heroes": [one for one in room.members if one != user][:5],
            },
            "state": {"events": state if whole or came else []},
            "timeline": timeline,
            "ephemeral": {"events": [{"type": "m.receipt", "content": content}] if content else []},
            "account_data": {"events": data},
        }

    def _timeline(self, room: Room, device: str, since: int, wanted: dict[str, Any]) -> dict[str, Any]:
        limit = wanted.get("limit", 10)
        new = [one for one in passed(room.events, wanted) if one["_at"] > since]
        last = new[-limit:]
        before = last[0]["_at"] if last else self.newest + 1
        return {
            "events": [shown(one, device) for one in last],
            "limited": len(new) > limit,
            "prev_batch": f"p{before}",
        }

    @route("GET", f"{C}/rooms/{_ROOM}/messages")
    def _messages(self, asked: Asked) -> Any:
        room, (_, device) = self._mine(asked), self._user(asked) or ("", "")
        if room is None:
            return wrong("M_FORBIDDEN", 403, "not in the room")
        assert asked.get("dir") == "b", asked.query
        before = int(asked.get("from", "p9999999")[1:])
        until = int(asked.get("to", "s0")[1:])
        wanted = json.loads(asked.get("filter", "{}"))
        limit = int(asked.get("limit", "10"))
        older = [one for one in passed(room.events, wanted) if until < one["_at"] < before][::-1]
        page = older[:limit]
        members = [room.state["m.room.member", one] for one in {event["sender"] for event in page}]
        told = {
            "start": asked.get("from"),
            "chunk": [shown(one, device) for one in page],
            "state": [shown(one, device) for one in members],
        }
        return {**told, "end": f"p{page[-1]['_at']}"} if len(older) > limit else told

    def _mine(self, asked: Asked) -> Room | None:
        room = self.rooms.get(unquote(asked.parts[0]))
        user = (self._user(asked) or ("",))[0]
        return room if room is not None and room.membership(user) == "join" else None

    @route("GET", f"{C}/rooms/{_ROOM}/event/{_PART}")
    def _one_event(self, asked: Asked) -> Any:
        room, (_, device) = self._mine(asked), self._user(asked) or ("", "")
        for event in room.events if room else ():
            if event["event_id"] == unquote(asked.parts[1]):
                return shown(event, device)
        return wrong("M_NOT_FOUND", 404, "Event not found.")

    @route("GET", f"{C}/rooms/{_ROOM}/state/{_PART}")
    def _one_state(self, asked: Asked) -> Any:
        room = self._mine(asked)
        if room is None:
            return wrong("M_FORBIDDEN", 403, "not in the room")
        found = room.state.get((asked.parts[1], ""))
        return found["content"] if found else wrong("M_NOT_FOUND", 404, "Event not found.")

    @route("GET", f"{C}/rooms/{_ROOM}/joined_members")
    def _joined_members(self, asked: Asked) -> Any:
        room = self._mine(asked)
        if room is None:
            return wrong("M_FORBIDDEN", 403)
        names = {user: self.profiles[user].get("displayname") for user in room.members}
        return {"joined": {user: {"display_name": name} for user, name in names.items()}}

    # --- writing ---

    @route("PUT", f"{C}/rooms/{_ROOM}/send/{_PART}/{_PART}")
    def _send(self, asked: Asked) -> Any:
        room, (user, device) = self._mine(asked), self._user(asked) or ("", "")
        content, key = asked.json, unquote(asked.parts[2])
        if room is None:
            return wrong("M_FORBIDDEN", 403, "not in the room")
        if not isinstance(content.get("body"), str) or not isinstance(content.get("msgtype"), str):
            return wrong("M_BAD_JSON", 400, "no body or msgtype")
        if len(asked.body) > 65_000:
            return wrong("M_TOO_LARGE", 413, "event too large")
        with self.changed:
            done = (device, room.id, key)
            if done not in self._done:
                unsigned = {"_device": device, "transaction_id": key}
                self._done[done] = self.send(room, user, unquote(asked.parts[1]), content, unsigned=unsigned)
            return {"event_id": self._done[done]}

    @route("POST", f"{C}/join/{_PART}")
    def _join(self, asked: Asked) -> Any:
        room = self.rooms.get(unquote(asked.parts[0]))
        user = (self._user(asked) or ("",))[0]
        if room is None or room.membership(user) not in ("invite", "join"):
            return wrong("M_FORBIDDEN", 403, "You are not invited to this room.")
        if room.membership(user) != "join":
            self.enter(room, user)
        return {"room_id": room.id}

    @route("POST", f"{C}/createRoom")
    def _create(self, asked: Asked) -> Any:
        user = (self._user(asked) or ("",))[0]
        wanted = asked.json
        with self.changed:
            alias = f"#{wanted['room_alias_name']}:{DOMAIN}"
            if alias in self.aliases:
                return wrong("M_ROOM_IN_USE", 400, "Room alias already taken")
            room = self.room(user, joined=False, name=wanted["name"])
            self.invited.pop()
            self.enter(room, user)
            if self.encrypts_new_rooms:
                self.put_state(room, user, "m.room.encryption", "", {"algorithm": "m.megolm.v1.aes-sha2"})
            for guest in wanted["invite"]:
                self.put_state(room, user, "m.room.member", guest, {"membership": "invite"})
            self.aliases[alias] = room.id
            return {"room_id": room.id}

    @route("GET", f"{C}/directory/room/{_PART}")
    def _directory(self, asked: Asked) -> Any:
        room = self.aliases.get(unquote(asked.parts[0]))
        return {"room_id": room, "servers": [DOMAIN]} if room else wrong("M_NOT_FOUND", 404, "no such alias")

    @route("PUT", f"{C}/user/{_PART}/rooms/{_ROOM}/account_data/{_PART}")
    def _account_data(self, asked: Asked) -> Any:
        user = (self._user(asked) or ("",))[0]
        if unquote(asked.parts[0]) != user or not isinstance(asked.json, dict):
            return wrong("M_FORBIDDEN", 403)
        self.shelve(self.rooms[unquote(asked.parts[1])], asked.parts[2], asked.json)
        return {}

    @route("PUT", f"{C}/user/{_PART}/rooms/{_ROOM}/tags/{_PART}")
    @route("DELETE", f"{C}/user/{_PART}/rooms/{_ROOM}/tags/{_PART}")
    def _tag(self, asked: Asked) -> Any:
        room, tag = self.rooms[unquote(asked.parts[1])], unquote(asked.parts[2])
        tags = {name: value for name, value in self.tags(room).items() if name != tag}
        self.shelve(room, "m.tag", {"tags": {**tags, tag: asked.json} if asked.method == "PUT" else tags})
        return {}

    def tags(self, room: Room) -> dict[str, Any]:
        return next((one[3]["tags"] for one in room.data[::-1] if one[2] == "m.tag"), {})

    @route("POST", f"{C}/rooms/{_ROOM}/receipt/{_PART}/{_PART}")
    def _receipt(self, asked: Asked) -> Any:
        room, user = self._mine(asked), (self._user(asked) or ("",))[0]
        if room is None or asked.parts[1] not in ("m.read", "m.read.private", "m.fully_read"):
            return wrong("M_INVALID_PARAM", 400)
        self.read(room, user, unquote(asked.parts[2]), asked.parts[1])
        return {}

    @route("PUT", f"{C}/rooms/{_ROOM}/typing/{_PART}")
    def _typing(self, asked: Asked) -> Any:
        self.typed.append(asked.json["typing"])
        return {}

    # --- media ---

    @route("GET", "/_matrix/client/v1/media/config")
    def _media_config(self, asked: Asked) -> Any:
        return {"m.upload.size": self.most}

    @route("POST", "/_matrix/media/v3/upload")
    def _upload(self, asked: Asked) -> Any:
        if "content-length" not in asked.headers:
            return wrong("M_UNKNOWN", 400, "Request must specify a Content-Length")
        if len(asked.body) > self.most:
            return wrong("M_TOO_LARGE", 413, "Upload request body is too large")
        return {"content_uri": self.upload(asked.body, asked.headers["content-type"])}

    @route("GET", f"/_matrix/media/v3/download/{_PART}/{_PART}")
    @route("GET", f"/_matrix/client/v1/media/download/{_PART}/{_PART}")
    def _download(self, asked: Asked) -> Any:
        found = self.media.get(asked.parts[1])
        if found is None or asked.parts[0] != DOMAIN:
            return wrong("M_NOT_FOUND", 404)
        return Reply(body=found[0], headers={"content-type": found[1]})
