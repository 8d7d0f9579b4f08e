"""A team of the tests' own, as Chatwoot keeps it: its people, their conversations, and what is told of them."""

import json
import time
from itertools import count
from typing import Any
from urllib.parse import quote

from tests.fakes.chatwoot_room import Json, Room
from tests.fakes.service import Service

ANA, SAM = 1, 2
CHAT, WHATSAPP, MAIL, PAGE, SMS, API, PROFILE = range(11, 18)
DAY_S = 86_400
CHANNELS = {
    CHAT: ("Shop", "Channel::WebWidget"),
    WHATSAPP: ("Hotline", "Channel::Whatsapp"),
    MAIL: ("Letters", "Channel::Email"),
    PAGE: ("Our page", "Channel::FacebookPage"),
    SMS: ("Texts", "Channel::TwilioSms"),
    API: ("Kiosk", "Channel::Api"),
    PROFILE: ("@acme", "Channel::TwitterProfile"),
}
_WINDOWS = {WHATSAPP: DAY_S, PAGE: DAY_S}


class Team(Service):
    """Account 3, as the people in it see it; `token` is Ana's. `FakeChatwoot` is its API."""

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
        self.inboxes = dict(CHANNELS)
        """Those that Ana sees."""
        self.broken: set[int] = set()
        self.macros: list[Json] = []
        self.human_agent = False
        self.has_cable = True
        self.lets_in = True
        """Agents into their rooms."""
        self.is_mute = False
        """Events are lost."""
        self.per_page = 25
        """Conversations (`CONVERSATION_RESULTS_PER_PAGE`)."""
        self.pings_ahead_s = 0
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
            self.tell("conversation.created", self.pushed(id_))
            return id_

    def write(self, conversation: int, content: str | None, *, ago_s: float = 0, **more: Any) -> Json:
        """The customer writes; a conversation that slept or was closed opens."""
        with self.lock:
            thread = self.conversations[conversation]
            contact = self.contacts[thread["contact"]]
            made = self.add(
                conversation,
                content,
                0,
                ago_s=ago_s,
                sender={**self.person(contact), "type": "contact"},
                **more,
            )
            if thread["status"] in ("resolved", "snoozed"):
                self.set(conversation, "", status="open", snoozed_until=None)
            return made

    def answer(self, conversation: int, content: str, agent: int = SAM, **more: Any) -> Json:
        """An agent writes in the browser."""
        with self.lock:
            return self.add(conversation, content, 1, sender=self.user(agent), **more)

    def change(self, conversation: int, agent: int = SAM, **fields: Any) -> None:
        """An agent sets something in the browser."""
        with self.lock:
            self.set(conversation, str(self.agents[agent]["name"]), **fields)

    def update(self, message: int, **fields: Any) -> None:
        """A message changes: delivered, edited, deleted, filled in."""
        with self.lock:
            found = next(one for one in self.messages if one["id"] == message)
            before = {name: [found.get(name), value] for name, value in fields.items()}
            found |= {**fields, "updated_at": time.time()}
            self._touch(found["conversation_id"])
            self.tell("message.updated", {**self._told(found), "previous_changes": before})

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

    def add(
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
        self.tell("message.created", self._told(made))
        return made

    def _touch(self, conversation: int, activity: float | None = None) -> None:
        thread = self.conversations[conversation]
        if activity is not None:
            thread["last_activity_at"] = int(activity)
        if self.touches:
            thread["updated_at"] = time.time()

    def set(self, conversation: int, who: str, **fields: Any) -> None:
        thread = self.conversations[conversation]
        before = dict(thread)
        thread |= {**fields, "updated_at": time.time()}
        if thread["status"] != "snoozed":
            thread["snoozed_until"] = None
        self.tell("conversation.updated", self.pushed(conversation))
        if "status" in fields and before["status"] != thread["status"]:
            self.tell("conversation.status_changed", self.pushed(conversation))
        for said in _activities(before, thread, who, self.agents):
            self.add(conversation, said, 2)

    def tell(self, event: str, data: Json) -> None:
        for room in list(self.rooms):
            if room.is_subscribed and not self.is_mute:
                identifier = json.dumps({"channel": "RoomChannel"})
                message = {"event": event, "data": {**data, "account_id": 3}}
                room.tell({"identifier": identifier, "message": message})

    def _told(self, message: Json) -> Json:
        """As a websocket has it."""
        return {**message, "conversation": {"assignee_id": None, "contact_inbox": {"source_id": "x"}}}

    def listed(self, message: Json) -> Json:
        """As a request has it: no word of our key, and none of when it changed."""
        return {name: value for name, value in message.items() if name not in ("echo_id", "updated_at")}

    def person(self, contact: Json) -> Json:
        return {name: value for name, value in contact.items() if name != "sources"}

    def user(self, agent: int) -> Json:
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

    def pushed(self, conversation: int) -> Json:
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
                "sender": {**self.person(contact), "type": "contact"},
                "channel": CHANNELS[thread["inbox_id"]][1],
                "assignee": None if assignee is None else self.user(assignee),
                "team": thread["team"],
                "hmac_verified": False,
            },
        }

    def asked_for(self, conversation: int) -> Json:
        """As a request has it: who is nobody is not there."""
        made = self.pushed(conversation)
        assignee = self.conversations[conversation]["assignee"]
        meta = {name: value for name, value in made["meta"].items() if value is not None}
        if assignee is not None:
            meta["assignee"] = {**self.agents[assignee], "account_id": 3, "role": "agent"}
        last = [one for one in self.messages if one["conversation_id"] == conversation][-1:]
        return {**made, "meta": meta, "messages": [self.listed(one) for one in last]}


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
