"""A Chatwoot of the tests' own: an account with inboxes of every sort, its websocket, and what customers saw.

It behaves as the open-source server does (github.com/chatwoot/chatwoot): ids are the database's, a conversation's is
the account's; stamps are seconds; every message goes through Liquid; who did something is told by an activity.
"""

import json
import re
import socket
import time
from contextlib import suppress
from email.message import Message
from itertools import count
from typing import Any, cast
from urllib.parse import quote

from websockets.frames import Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from tests.fakes.service import Asked, Reply, Service, route

Json = dict[str, Any]

ANA, SAM = 1, 2
CHAT, WHATSAPP, MAIL, PAGE, SMS, API, PROFILE = range(11, 18)
DAY_S = 86_400
_A = r"/api/v1/accounts/3"
_C = _A + r"/conversations/(\d+)"
_CHANNELS = {
    CHAT: ("Shop", "Channel::WebWidget"),
    WHATSAPP: ("Hotline", "Channel::Whatsapp"),
    MAIL: ("Letters", "Channel::Email"),
    PAGE: ("Our page", "Channel::FacebookPage"),
    SMS: ("Texts", "Channel::TwilioSms"),
    API: ("Kiosk", "Channel::Api"),
    PROFILE: ("@acme", "Channel::TwitterProfile"),
}
_WINDOWS = {WHATSAPP: DAY_S, PAGE: DAY_S}
_NEW_MESSAGE = {
    "content", "message_type", "private", "content_type", "content_attributes", "campaign_id", "template_params",
    "echo_id", "cc_emails", "bcc_emails", "to_emails",
}  # fmt: skip
TEMPLATE: Json = {
    "name": "parcel_ready",
    "status": "APPROVED",
    "language": "en",
    "category": "UTILITY",
    "components": [{"type": "BODY", "text": "Hello {{1}}, your parcel {{2}} is ready."}],
}
PICTURED: Json = {
    "name": "sale",
    "status": "APPROVED",
    "language": "en",
    "category": "MARKETING",
    "components": [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Sale!"}],
}


class Room:
    """One agent's websocket."""

    def __init__(self, connection: socket.socket, asked: Asked) -> None:
        self._socket = connection
        self._protocol = ServerProtocol(subprotocols=[Subprotocol("actioncable-v1-json")])
        self.said: list[Json] = []
        self.is_subscribed = False
        head = "".join(f"{name}: {value}\r\n" for name, value in asked.headers.items())
        self._protocol.receive_data(f"GET {asked.path} HTTP/1.1\r\n{head}\r\n".encode())
        request = cast(Request, self._protocol.events_received()[0])
        self._protocol.send_response(self._protocol.accept(request))
        self._flush()

    def tell(self, frame: Json) -> None:
        with suppress(Exception):  # the agent has gone
            self._protocol.send_text(json.dumps(frame).encode())
            self._flush()

    def hear(self) -> list[Json] | None:
        """What the agent has said; None where they are gone."""
        try:
            data = self._socket.recv(65536)
        except TimeoutError:
            return []
        except OSError:
            return None
        if not data:
            return None
        self._protocol.receive_data(data)
        self._flush()
        frames = [
            one for one in self._protocol.events_received() if getattr(one, "opcode", None) is Opcode.TEXT
        ]
        self.said += (made := [json.loads(cast(Any, one).data) for one in frames])
        return made

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._socket.sendall(data)
            else:  # the protocol's word for the end
                self.cut()

    def cut(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)


class FakeChatwoot(Service):
    """Account 3; `token` is Ana's."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token
        self.pubsub = f"room-{token}"
        self.agents = {
            ANA: {"id": ANA, "name": "Ana", "email": "ana@acme.example", "availability_status": "online"},
            SAM: {"id": SAM, "name": "Sam", "email": "sam@acme.example", "availability_status": "busy"},
        }
        self.role = "agent"
        self.contacts: dict[int, Json] = {}
        self.conversations: dict[int, Json] = {}
        self.messages: list[Json] = []
        self.files: dict[str, tuple[str, bytes]] = {}
        self.canned = [
            {"id": 1, "account_id": 3, "short_code": "thanks", "content": "Thank you, {{contact.name}}!"}
        ]
        self.inboxes = dict(_CHANNELS)
        """Those that Ana sees."""
        self.broken: set[int] = set()
        self.macros: list[Json] = []
        self.human_agent = False
        self.has_cable = True
        self.lets_in = True
        """Agents into their rooms."""
        self.is_mute = False
        """Events are lost."""
        self.knows_updated_within = True
        self.touches = True
        """A message changes `updated_at`; in newer versions it does not."""
        self.rooms: list[Room] = []
        self._next = count(1001)

    # --- people ---

    def contact(self, name: str, inbox: int = CHAT, source: str = "", **more: Any) -> int:
        """A new customer; their id."""
        with self.lock:
            id_ = next(self._next)
            self.contacts[id_] = {
                "id": id_,
                "name": name,
                "email": None,
                "phone_number": None,
                "identifier": None,
                "thumbnail": "",
                "blocked": False,
                "availability_status": "offline",
                "additional_attributes": {},
                "custom_attributes": {},
                "last_activity_at": int(time.time()),
                "created_at": int(time.time()),
                "sources": {inbox: source or f"source-{id_}"},
                **more,
            }
            return id_

    def begin(self, contact: int, inbox: int = CHAT, **more: Any) -> int:
        """A new conversation; its number."""
        with self.lock:
            id_ = len(self.conversations) + 1
            now = time.time()
            self.conversations[id_] = {
                "id": id_,
                "contact": contact,
                "inbox_id": inbox,
                "status": "open",
                "snoozed_until": None,
                "assignee": None,
                "team": None,
                "labels": [],
                "priority": None,
                "additional_attributes": {},
                "custom_attributes": {},
                "created_at": int(now),
                "updated_at": now,
                "last_activity_at": int(now),
                **more,
            }
            self._tell("conversation.created", self._pushed(id_))
            return id_

    def write(self, conversation: int, content: str | None, *, ago_s: float = 0, **more: Any) -> Json:
        """The customer writes; a conversation that slept or was closed opens."""
        with self.lock:
            thread = self.conversations[conversation]
            contact = self.contacts[thread["contact"]]
            made = self._add(
                conversation,
                content,
                0,
                ago_s=ago_s,
                sender={**self._person(contact), "type": "contact"},
                **more,
            )
            if thread["status"] in ("resolved", "snoozed"):
                self._change(conversation, "", status="open", snoozed_until=None)
            return made

    def answer(self, conversation: int, content: str, agent: int = SAM, **more: Any) -> Json:
        """An agent writes in the browser."""
        with self.lock:
            return self._add(conversation, content, 1, sender=self._user(agent), **more)

    def change(self, conversation: int, agent: int = SAM, **fields: Any) -> None:
        """An agent sets something in the browser."""
        with self.lock:
            self._change(conversation, str(self.agents[agent]["name"]), **fields)

    def update(self, message: int, **fields: Any) -> None:
        """A message changes: delivered, edited, deleted, filled in."""
        with self.lock:
            found = next(one for one in self.messages if one["id"] == message)
            before = {name: [found.get(name), value] for name, value in fields.items()}
            found |= {**fields, "updated_at": time.time()}
            self._touch(found["conversation_id"])
            self._tell("message.updated", {**self._told(found), "previous_changes": before})

    def attach(self, name: str, content: bytes, kind: str = "file") -> Json:
        """A file for a message's `attachments`."""
        id_ = next(self._next)
        path = f"/rails/active_storage/blobs/redirect/{id_}/{quote(name)}"
        self.files[path] = ("application/octet-stream", content)
        return {"id": id_, "file_type": kind, "data_url": f"{self.base}{path}", "file_size": len(content)}

    def seen_by(self, contact: int) -> list[Json]:
        """What of ours this customer can read, oldest first."""
        with self.lock:
            theirs = {id_ for id_, one in self.conversations.items() if one["contact"] == contact}
            return [
                one
                for one in self.messages
                if one["conversation_id"] in theirs and one["message_type"] == 1 and not one["private"]
            ]

    # --- inside ---

    def _add(
        self, conversation: int, content: str | None, kind: int, *, ago_s: float = 0, **more: Any
    ) -> Json:
        now = time.time() - ago_s
        made: Json = {
            "id": next(self._next),
            "content": content,
            "account_id": 3,
            "inbox_id": self.conversations[conversation]["inbox_id"],
            "conversation_id": conversation,
            "message_type": kind,
            "content_type": "text",
            "content_attributes": {},
            "status": "sent",
            "private": False,
            "source_id": None,
            "created_at": int(now),
            "updated_at": now,
            **more,
        }
        self.messages.append(made)
        self._touch(conversation, now)
        self._tell("message.created", self._told(made))
        return made

    def _touch(self, conversation: int, activity: float | None = None) -> None:
        thread = self.conversations[conversation]
        if activity is not None:
            thread["last_activity_at"] = int(activity)
        if self.touches:
            thread["updated_at"] = time.time()

    def _change(self, conversation: int, who: str, **fields: Any) -> None:
        thread = self.conversations[conversation]
        before = dict(thread)
        thread |= {**fields, "updated_at": time.time()}
        if thread["status"] != "snoozed":
            thread["snoozed_until"] = None
        self._tell("conversation.updated", self._pushed(conversation))
        if "status" in fields and before["status"] != thread["status"]:
            self._tell("conversation.status_changed", self._pushed(conversation))
        for said in _activities(before, thread, who, self.agents):
            self._add(conversation, said, 2)

    def _tell(self, event: str, data: Json) -> None:
        for room in list(self.rooms):
            if room.is_subscribed and not self.is_mute:
                identifier = json.dumps({"channel": "RoomChannel"})
                message = {"event": event, "data": {**data, "account_id": 3}}
                room.tell({"identifier": identifier, "message": message})

    def _told(self, message: Json) -> Json:
        """As a websocket has it."""
        return {**message, "conversation": {"assignee_id": None, "contact_inbox": {"source_id": "x"}}}

    def _listed(self, message: Json) -> Json:
        """As a request has it: no word of our key, and none of when it changed."""
        return {name: value for name, value in message.items() if name not in ("echo_id", "updated_at")}

    def _person(self, contact: Json) -> Json:
        return {name: value for name, value in contact.items() if name != "sources"}

    def _user(self, agent: int) -> Json:
        """As a message or a websocket has an agent: without the mail address."""
        return {"id": agent, "name": self.agents[agent]["name"], "type": "user"}

    def can_reply(self, conversation: int) -> bool:
        thread = self.conversations[conversation]
        window = _WINDOWS.get(thread["inbox_id"])
        if thread["inbox_id"] == PAGE and self.human_agent:
            window = 7 * DAY_S
        if window is None:
            return True
        theirs = [
            one["created_at"]
            for one in self.messages
            if one["conversation_id"] == conversation and one["message_type"] == 0
        ]
        return bool(theirs) and time.time() < max(theirs) + window

    def _pushed(self, conversation: int) -> Json:
        thread = self.conversations[conversation]
        contact = self.contacts[thread["contact"]]
        assignee = thread["assignee"]
        return {
            **{name: value for name, value in thread.items() if name not in ("contact", "assignee", "team")},
            "account_id": 3,
            "uuid": f"uuid-{conversation}",
            "can_reply": self.can_reply(conversation),
            "muted": False,
            "unread_count": 0,
            "messages": [],
            "timestamp": thread["last_activity_at"],
            "meta": {
                "sender": {**self._person(contact), "type": "contact"},
                "channel": _CHANNELS[thread["inbox_id"]][1],
                "assignee": None if assignee is None else self._user(assignee),
                "team": thread["team"],
                "hmac_verified": False,
            },
        }

    def _asked_for(self, conversation: int) -> Json:
        """As a request has it: who is nobody is not there."""
        made = self._pushed(conversation)
        assignee = self.conversations[conversation]["assignee"]
        meta = {name: value for name, value in made["meta"].items() if value is not None}
        if assignee is not None:
            meta["assignee"] = {**self.agents[assignee], "account_id": 3, "role": "agent"}
        last = [one for one in self.messages if one["conversation_id"] == conversation][-1:]
        return {**made, "meta": meta, "messages": [self._listed(one) for one in last]}

    # --- the API ---

    def allowed(self, asked: Asked) -> Reply | None:
        if asked.path.startswith("/rails/") or asked.path == "/cable":
            return None
        if asked.headers.get("api_access_token") != self.token:
            return Reply({"errors": [{"message": "Invalid Access Token"}]}, 401)
        return None

    @route("GET", "/api/v1/profile")
    def profile(self, asked: Asked) -> Any:
        account = {"id": 3, "name": "Acme", "role": self.role, "status": "active"}
        return {
            **self.agents[ANA],
            "available_name": "Ana",
            "pubsub_token": self.pubsub,
            "type": "SuperAdmin",
            "accounts": [account],
        }

    @route("GET", _A + "/agents")
    def listed_agents(self, asked: Asked) -> Any:
        return [
            {**one, "account_id": 3, "available_name": one["name"], "role": "agent"}
            for one in self.agents.values()
        ]

    @route("GET", _A + "/inboxes")
    def listed_inboxes(self, asked: Asked) -> Any:
        more: dict[int, Json] = {
            WHATSAPP: {"provider": "whatsapp_cloud", "message_templates": [TEMPLATE, PICTURED]},
            SMS: {"medium": "sms", "phone_number": "+15005550006"},
        }
        made = [
            {
                "id": id_,
                "name": name,
                "channel_type": kind,
                **more.get(id_, {}),
                "reauthorization_required": id_ in self.broken,
            }
            for id_, (name, kind) in self.inboxes.items()
        ]
        return {"payload": made}

    @route("GET", _A + "/canned_responses")
    def listed_canned(self, asked: Asked) -> Any:
        return self.canned

    @route("GET", _A + "/macros")
    def listed_macros(self, asked: Asked) -> Any:
        return {"payload": self.macros}

    @route("GET", _A + "/conversations")
    def listed_conversations(self, asked: Asked) -> Any:
        assert asked.get("status") == "all", asked.query
        with self.lock:
            found = sorted(self.conversations.values(), key=lambda one: -one["last_activity_at"])
            if (within := asked.get("updated_within")) and self.knows_updated_within:
                found = [one for one in found if one["updated_at"] > time.time() - int(within)]
            else:
                page = int(asked.get("page", "1"))
                found = found[25 * (page - 1) : 25 * page]
            counts = {f"{name}_count": 0 for name in ("mine", "assigned", "unassigned", "all")}
            return {"data": {"meta": counts, "payload": [self._asked_for(one["id"]) for one in found]}}

    @route("GET", _C)
    def shown(self, asked: Asked) -> Any:
        with self.lock:
            return (
                self._asked_for(int(asked.parts[0])) if int(asked.parts[0]) in self.conversations else _GONE
            )

    @route("GET", _C + "/messages")
    def listed_messages(self, asked: Asked) -> Any:
        conversation = int(asked.parts[0])
        after, before = (int(asked.get(name) or 0) for name in ("after", "before"))
        with self.lock:
            if conversation not in self.conversations:
                return _GONE
            found = [one for one in self.messages if one["conversation_id"] == conversation]
            found.sort(key=lambda one: (one["created_at"], one["id"]))
            if after and before:
                found = [one for one in found if after <= one["id"] < before][:1000]
            elif before:
                found = [one for one in found if one["id"] < before][-20:]
            elif after:
                found = [one for one in found if one["id"] > after][:100]
            else:
                found = found[-20:]
            return {"meta": {"labels": []}, "payload": [self._listed(one) for one in found]}

    @route("POST", _C + "/messages")
    def post(self, asked: Asked) -> Any:
        conversation = int(asked.parts[0])
        body, files = (
            _form(asked) if "multipart" in asked.headers.get("content-type", "") else (asked.json, [])
        )
        unknown = set(body) - _NEW_MESSAGE
        if unknown or not isinstance(body.get("content"), str):
            return Reply({"error": f"unknown or missing: {sorted(unknown)}"}, 422)
        with self.lock:
            if conversation not in self.conversations:
                return _GONE
            more: Json = {"private": body.get("private", False), "sender": self._user(ANA)}
            if files:
                more["attachments"] = [
                    self.attach(part.get_filename() or "", cast(bytes, part.get_payload(decode=True)))
                    for part in files
                ]
            if echo := body.get("echo_id"):
                more["echo_id"] = echo
            attributes = dict(body.get("content_attributes", {}))
            attributes |= {
                name: body[name].split(",") for name in ("to_emails", "cc_emails") if body.get(name)
            }
            if body.get("template_params"):
                more["template_params"] = body["template_params"]
            elif not self.can_reply(conversation) and not more["private"]:
                attributes["external_error"] = "outside the window"
                more["status"] = "failed"
            made = self._add(conversation, _liquid(body["content"]), 1, content_attributes=attributes, **more)
            answer = {name: value for name, value in made.items() if name != "template_params"}
            return {**answer, "updated_at": int(made["updated_at"])}

    @route("POST", _C + "/toggle_status")
    def set_status(self, asked: Asked) -> Any:
        body, conversation = asked.json, int(asked.parts[0])
        assert body["status"] in ("open", "resolved", "pending", "snoozed")
        assert set(body) <= {"status", "snoozed_until"}
        until = body.get("snoozed_until")
        stamp = None if until is None else time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(until))
        with self.lock:
            if conversation not in self.conversations:
                return _GONE
            self._change(conversation, "Ana", status=body["status"], snoozed_until=stamp)
            if body["status"] == "open" and self.role == "agent":
                self._change(conversation, "Ana", assignee=ANA)
        done = {"success": True, "current_status": body["status"], "conversation_id": conversation}
        return {"meta": {}, "payload": done}

    @route("POST", _C + "/toggle_priority")
    def set_priority(self, asked: Asked) -> Any:
        assert asked.json["priority"] in ("urgent", "high", "medium", "low")
        with self.lock:
            self._change(int(asked.parts[0]), "Ana", priority=asked.json["priority"])
        return Reply(body=b"", headers={"content-type": "text/html"})

    @route("POST", _C + "/assignments")
    def assign(self, asked: Asked) -> Any:
        wanted = self.agents.get(asked.json["assignee_id"])
        with self.lock:
            self._change(int(asked.parts[0]), "Ana", assignee=wanted and wanted["id"])
        return Reply(body=json.dumps(wanted).encode())

    @route("GET", _C + "/labels")
    def listed_labels(self, asked: Asked) -> Any:
        return {"payload": self.conversations[int(asked.parts[0])]["labels"]}

    @route("POST", _C + "/labels")
    def set_labels(self, asked: Asked) -> Any:
        with self.lock:
            self._change(int(asked.parts[0]), "Ana", labels=asked.json["labels"])
        return {"payload": asked.json["labels"]}

    @route("POST", _C + "/update_last_seen")
    def seen(self, asked: Asked) -> Any:
        return self._asked_for(int(asked.parts[0]))

    @route("GET", _A + r"/contacts/search")
    def search(self, asked: Asked) -> Any:
        with self.lock:
            found = [
                one for one in self.contacts.values() if asked.get("q") in (one["email"], one["phone_number"])
            ]
            return {
                "meta": {"count": len(found), "current_page": "1"},
                "payload": [self._person(one) for one in found],
            }

    @route("GET", _A + r"/contacts/(\d+)")
    def shown_contact(self, asked: Asked) -> Any:
        with self.lock:
            contact = self.contacts.get(int(asked.parts[0]))
            if contact is None:
                return _GONE
            places = [
                {
                    "source_id": source,
                    "inbox": {"id": id_, "name": _CHANNELS[id_][0], "channel_type": _CHANNELS[id_][1]},
                }
                for id_, source in contact["sources"].items()
            ]
            return {"payload": {**self._person(contact), "contact_inboxes": places}}

    @route("POST", _A + "/contacts")
    def new_contact(self, asked: Asked) -> Any:
        body = asked.json
        known = {name: body[name] for name in ("email", "phone_number") if name in body}
        source = (body.get("email") or body["phone_number"]).removeprefix("+")
        id_ = self.contact(body["name"], body["inbox_id"], source, **known)
        return {
            "payload": {"contact": self._person(self.contacts[id_]), "contact_inbox": {"source_id": source}}
        }

    @route("GET", _A + r"/contacts/(\d+)/conversations")
    def of_contact(self, asked: Asked) -> Any:
        with self.lock:
            theirs = [id_ for id_, one in self.conversations.items() if one["contact"] == int(asked.parts[0])]
            return {"payload": [self._asked_for(id_) for id_ in reversed(theirs)]}

    @route("POST", _A + "/conversations")
    def new_conversation(self, asked: Asked) -> Any:
        body = asked.json
        assert body["source_id"]
        more = {name: body[name] for name in ("additional_attributes",) if name in body}
        id_ = self.begin(body["contact_id"], body["inbox_id"], **more)
        return {"id": id_, "account_id": 3, "inbox_id": body["inbox_id"]}

    @route("GET", r"/rails/active_storage/blobs/redirect/.*")
    def file(self, asked: Asked) -> Any:
        kind, content = self.files.get(quote(asked.path), self.files.get(asked.path, ("", b"")))
        return Reply(body=content, headers={"content-type": kind}) if kind else _GONE

    @route("GET", "/cable")
    def cable(self, asked: Asked) -> Any:
        return Reply(takes_over=self._room) if self.has_cable else Reply({"error": "no upgrade here"}, 404)

    def _room(self, connection: socket.socket, asked: Asked) -> None:
        room = Room(connection, asked)
        connection.settimeout(0.05)
        room.tell({"type": "welcome"})
        with self.lock:
            self.rooms.append(room)
        pinged = 0.0
        while not self.over.is_set() and (said := room.hear()) is not None:
            with self.lock:
                for frame in said:
                    self._answered(room, frame)
                if time.time() - pinged > 0.5:
                    pinged = time.time()
                    room.tell({"type": "ping", "message": int(pinged)})
        with self.lock:
            self.rooms.remove(room)
        room.cut()

    def _answered(self, room: Room, frame: Json) -> None:
        if frame["command"] == "subscribe":
            wanted = json.loads(frame["identifier"])
            good = (wanted["channel"], wanted["account_id"], wanted["user_id"]) == ("RoomChannel", 3, ANA)
            room.is_subscribed = self.lets_in and good and wanted["pubsub_token"] == self.pubsub
            kind = "confirm_subscription" if room.is_subscribed else "reject_subscription"
            room.tell({"identifier": frame["identifier"], "type": kind})

    def cut_rooms(self) -> None:
        """Every websocket breaks."""
        with self.lock:
            for room in self.rooms:
                room.cut()


_GONE = Reply({"error": "Resource could not be found"}, 404)


def _liquid(content: str) -> str:
    """As `Liquidable` does it: what is no variable of its own is nothing."""
    parts = re.split(r"(`.*?`)", content, flags=re.DOTALL)
    for at in range(0, len(parts), 2):
        parts[at] = re.sub(r"\{\{(?:\s*'([^']*)'\s*|.*?)\}\}", lambda found: found[1] or "", parts[at])
    return "".join(parts)


def _form(asked: Asked) -> tuple[Json, list[Message]]:
    body: Json = {}
    files: list[Message] = []
    for part in asked.files:
        name = str(part.get_param("name", header="content-disposition"))
        if name == "attachments[]":
            files.append(part)
        elif name.startswith("content_attributes["):
            body.setdefault("content_attributes", {})[name[19:-1]] = part.get_payload()
        else:
            content = cast(bytes, part.get_payload(decode=True)).decode()
            body[name] = content == "true" if name == "private" else content
    return body, files


def _activities(before: Json, after: Json, who: str, agents: dict[int, Json]) -> list[str]:
    said: list[str] = []
    if before["status"] != after["status"]:
        word = {
            "resolved": "marked resolved",
            "open": "reopened",
            "pending": "marked as pending",
            "snoozed": "snoozed",
        }
        said.append(
            f"Conversation was {word[after['status']]} by {who}"
            if who
            else "System reopened the conversation due to a new incoming message."
        )
    if before["assignee"] != after["assignee"]:
        to = agents.get(after["assignee"] or 0)
        if to is None:
            said.append(f"Conversation unassigned by {who}")
        elif to["name"] == who:
            said.append(f"{who} self-assigned this conversation")
        else:
            said.append(f"Assigned to {to['name']} by {who}")
    for how, changed in (
        ("added", [tag for tag in after["labels"] if tag not in before["labels"]]),
        ("removed", [tag for tag in before["labels"] if tag not in after["labels"]]),
    ):
        if changed:
            said.append(f"{who} {how} {', '.join(changed)}")
    if before["priority"] != after["priority"]:
        said.append(f"{who} set the priority to {after['priority']}")
    return said
