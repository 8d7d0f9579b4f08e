"""A Chatwoot of the tests' own: an account with inboxes of every sort, its websocket, and what customers saw.

It behaves as the open-source server does (github.com/chatwoot/chatwoot): ids are the database's, a conversation's is
the account's; stamps are seconds; every message goes through Liquid; who did something is told by an activity.
"""

import json
import re
import socket
import time
from email.message import Message
from typing import Any, cast
from urllib.parse import quote

from tests.fakes.chatwoot_room import Json, Room
from tests.fakes.chatwoot_team import (
    ANA,
    API,
    CHANNELS,
    CHAT,
    DAY_S,
    MAIL,
    PAGE,
    PROFILE,
    SAM,
    SMS,
    WHATSAPP,
    Team,
)
from tests.fakes.service import Asked, Reply, route

__all__ = ["ANA", "API", "CHAT", "DAY_S", "MAIL", "PAGE", "PROFILE", "SAM", "SMS", "WHATSAPP", "FakeChatwoot"]

_A = r"/api/v1/accounts/3"
_C = _A + r"/conversations/(\d+)"
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


class FakeChatwoot(Team):
    """Account 3; `token` is Ana's."""

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
                found = found[self.per_page * (page - 1) : self.per_page * page]
            counts = {f"{name}_count": 0 for name in ("mine", "assigned", "unassigned", "all")}
            return {"data": {"meta": counts, "payload": [self.asked_for(one["id"]) for one in found]}}

    @route("GET", _C)
    def shown(self, asked: Asked) -> Any:
        with self.lock:
            return self.asked_for(int(asked.parts[0])) if int(asked.parts[0]) in self.conversations else _GONE

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
            return {"meta": {"labels": []}, "payload": [self.listed(one) for one in found]}

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
            more: Json = {"private": body.get("private", False), "sender": self.user(ANA)}
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
            made = self.add(conversation, _liquid(body["content"]), 1, content_attributes=attributes, **more)
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
            self.set(conversation, "Ana", status=body["status"], snoozed_until=stamp)
            if body["status"] == "open" and self.role == "agent":
                self.set(conversation, "Ana", assignee=ANA)
        done = {"success": True, "current_status": body["status"], "conversation_id": conversation}
        return {"meta": {}, "payload": done}

    @route("POST", _C + "/toggle_priority")
    def set_priority(self, asked: Asked) -> Any:
        assert asked.json["priority"] in ("urgent", "high", "medium", "low")
        with self.lock:
            self.set(int(asked.parts[0]), "Ana", priority=asked.json["priority"])
        return Reply(body=b"", headers={"content-type": "text/html"})

    @route("POST", _C + "/assignments")
    def assign(self, asked: Asked) -> Any:
        wanted = self.agents.get(asked.json["assignee_id"])
        with self.lock:
            self.set(int(asked.parts[0]), "Ana", assignee=wanted and wanted["id"])
        return Reply(body=json.dumps(wanted).encode())

    @route("GET", _C + "/labels")
    def listed_labels(self, asked: Asked) -> Any:
        return {"payload": self.conversations[int(asked.parts[0])]["labels"]}

    @route("POST", _C + "/labels")
    def set_labels(self, asked: Asked) -> Any:
        with self.lock:
            self.set(int(asked.parts[0]), "Ana", labels=asked.json["labels"])
        return {"payload": asked.json["labels"]}

    @route("POST", _C + "/update_last_seen")
    def seen(self, asked: Asked) -> Any:
        return self.asked_for(int(asked.parts[0]))

    @route("GET", _A + r"/contacts/search")
    def search(self, asked: Asked) -> Any:
        with self.lock:
            found = [
                one for one in self.contacts.values() if asked.get("q") in (one["email"], one["phone_number"])
            ]
            return {
                "meta": {"count": len(found), "current_page": "1"},
                "payload": [self.person(one) for one in found],
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
                    "inbox": {"id": id_, "name": CHANNELS[id_][0], "channel_type": CHANNELS[id_][1]},
                }
                for id_, source in contact["sources"].items()
            ]
            return {"payload": {**self.person(contact), "contact_inboxes": places}}

    @route("POST", _A + "/contacts")
    def new_contact(self, asked: Asked) -> Any:
        body = asked.json
        known = {name: body[name] for name in ("email", "phone_number") if name in body}
        source = (body.get("email") or body["phone_number"]).removeprefix("+")
        id_ = self.contact(body["name"], body["inbox_id"], source, **known)
        return {
            "payload": {"contact": self.person(self.contacts[id_]), "contact_inbox": {"source_id": source}}
        }

    @route("GET", _A + r"/contacts/(\d+)/conversations")
    def of_contact(self, asked: Asked) -> Any:
        with self.lock:
            theirs = [id_ for id_, one in self.conversations.items() if one["contact"] == int(asked.parts[0])]
            return {"payload": [self.asked_for(id_) for id_ in reversed(theirs)]}

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
                    room.tell({"type": "ping", "message": int(pinged) + self.pings_ahead_s})
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
