"""Direct messages of Bluesky (`chat.bsky`), which its makers do not give away: what people said, and the log of it.

Mixed into a fake network, or served alone behind a real one.
"""

import base64
import json
import time
from typing import Any

from tests.fakes.service import Asked, Reply, Service, route
from tuidesk.domain import instants
from tuidesk.domain.lengths import length

_DEFS = "chat.bsky.convo.defs#"
PROXY = "did:web:api.bsky.chat#bsky_chat"


class Chat(Service):
    """Whose request it is, a subclass says."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.convos: dict[str, dict[str, Any]] = {}
        self.said: dict[str, list[dict[str, Any]]] = {}
        """By conversation, oldest first."""
        self.log: list[dict[str, Any]] = []
        self.handles: dict[str, str] = {}
        """Of each DID."""
        self.refusing: dict[str, str] = {}
        """DID → the error that a conversation with them is refused with."""
        self.page = 50

    def viewer(self, asked: Asked) -> str:
        raise NotImplementedError

    # --- people ---

    def convo_of(self, *dids: str, request_for: str = "") -> str:
        """The one conversation that these people have."""
        with self.lock:
            for id_, convo in self.convos.items():
                if {one["did"] for one in convo["members"]} == set(dids):
                    return id_
            id_ = f"3convo{len(self.convos):07}"
            members = [{"did": did, "handle": self.handles[did], "kind": {"$type": "x"}} for did in dids]
            self.convos[id_] = {
                "id": id_,
                "members": members,
                "kind": {"$type": _DEFS + "directConvo"},
                "requested": request_for,
            }
            self.said[id_] = []
            self._logged("logBeginConvo", id_)
            return id_

    def says(self, who: str, convo: str, text: str, **more: Any) -> dict[str, Any]:
        """Somebody writes."""
        with self.lock:
            made = {
                "$type": _DEFS + "messageView",
                "id": self.rev(),
                "rev": self.rev(),
                "text": text,
                "sender": {"did": who},
                "sentAt": instants.rfc3339(int(time.time() * 1000)),
                **more,
            }
            self.said[convo].append(made)
            self._logged("logCreateMessage", convo, message=made)
            return made

    def unsays(self, convo: str, id_: str) -> None:
        with self.lock:
            [gone] = [one for one in self.said[convo] if one["id"] == id_]
            left = {name: gone[name] for name in ("id", "rev", "sender", "sentAt")}
            left["$type"] = _DEFS + "deletedMessageView"
            self.said[convo] = [left if one is gone else one for one in self.said[convo]]
            self._logged("logDeleteMessage", convo, message=left)

    def reacts(self, who: str, convo: str, id_: str, value: str, *, again: bool = False) -> None:
        with self.lock:
            [about] = [one for one in self.said[convo] if one["id"] == id_]
            given = {"value": value, "sender": {"did": who}, "createdAt": about["sentAt"]}
            kind = "logRemoveReaction" if again else "logAddReaction"
            self._logged(kind, convo, message=about, reaction=given)

    def happens(self, convo: str, what: str, **more: Any) -> None:
        """A message of the system's own."""
        with self.lock:
            data = {"$type": f"{_DEFS}systemMessageData{what}", **more}
            made = {
                "$type": _DEFS + "systemMessageView",
                "id": self.rev(),
                "rev": self.rev(),
                "sentAt": instants.rfc3339(int(time.time() * 1000)),
                "data": data,
            }
            self.said[convo].append(made)
            self._logged(f"log{what}", convo, message=made, relatedProfiles=[])

    def directly_seen_by(self, did: str, us: str) -> list[str]:
        """What we said to them."""
        with self.lock:
            theirs = [id_ for id_, one in self.convos.items() if did in _dids(one)]
            return [one["text"] for id_ in theirs for one in self.said[id_] if _sender(one) == us]

    def rev(self) -> str:
        """The next, in the form of a TID."""
        digits = "234567abcdefghijklmnopqrstuvwxyz"
        number, made = time.time_ns() // 1000 << 10, ""
        while len(made) < 13:
            number, digit = divmod(number, 32)
            made = digits[digit] + made
        time.sleep(0.000002)  # the next is later
        return made

    def _logged(self, kind: str, convo: str, **more: Any) -> None:
        self.log.append({"$type": _DEFS + kind, "rev": self.rev(), "convoId": convo, **more})

    # --- the API ---

    def _convo(self, asked: Asked, id_: str) -> dict[str, Any] | None:
        convo, me = self.convos.get(id_), self.viewer(asked)
        if convo is None or me not in _dids(convo):
            return None
        last = {"lastMessage": self.said[id_][-1]} if self.said[id_] else {}
        status = "request" if convo["requested"] == me else "accepted"
        told = {name: convo[name] for name in ("id", "members", "kind")}
        return {
            **told,
            "rev": self.rev(),
            "muted": False,
            "unreadCount": 0,
            "status": status,
            **last,
        }

    def _listed(self, asked: Asked, *, requests: bool) -> dict[str, Any]:
        found = [told for id_ in self.convos if (told := self._convo(asked, id_)) is not None]
        found.sort(key=lambda one: one.get("lastMessage", {}).get("sentAt", ""), reverse=True)
        name = "requests" if requests else "convos"
        return {name: [one for one in found if (one["status"] == "request") == requests]}

    @route("GET", "/xrpc/chat.bsky.convo.listConvos")
    def list_convos(self, asked: Asked) -> Any:
        with self.lock:
            return self._listed(asked, requests=False)

    @route("GET", "/xrpc/chat.bsky.convo.listConvoRequests")
    def list_requests(self, asked: Asked) -> Any:
        with self.lock:
            return self._listed(asked, requests=True)

    @route("GET", "/xrpc/chat.bsky.convo.getConvo")
    def get_convo(self, asked: Asked) -> Any:
        with self.lock:
            convo = self._convo(asked, asked.get("convoId"))
            return {"convo": convo} if convo else _invalid()

    @route("GET", "/xrpc/chat.bsky.convo.getConvoForMembers")
    def for_members(self, asked: Asked) -> Any:
        members = asked.query.get("members", [])
        if why := next((self.refusing[did] for did in members if did in self.refusing), ""):
            return Reply({"error": why, "message": f"recipient: {why}"}, 400)
        if not members or any(did not in self.handles for did in members):
            return Reply({"error": "RecipientNotFound", "message": "no such recipient"}, 400)
        with self.lock:
            return {"convo": self._convo(asked, self.convo_of(self.viewer(asked), *members))}

    @route("GET", "/xrpc/chat.bsky.convo.getMessages")
    def get_messages(self, asked: Asked) -> Any:
        limit = int(asked.get("limit", "50"))
        if not 1 <= limit <= 100:
            return Reply({"error": "InvalidRequest", "message": "limit"}, 400)
        with self.lock:
            if self._convo(asked, asked.get("convoId")) is None:
                return _invalid()
            before = asked.get("cursor", "~")
            found = [one for one in self.said[asked.get("convoId")][::-1] if one["rev"] < before]
            more = {"cursor": found[limit - 1]["rev"]} if len(found) > limit else {}
            return {"messages": found[:limit], **more}

    @route("GET", "/xrpc/chat.bsky.convo.getLog")
    def get_log(self, asked: Asked) -> Any:
        with self.lock:
            me, since = self.viewer(asked), asked.get("cursor")
            seen = [one for one in self.log if me in _dids(self.convos[one["convoId"]])]
            newest = seen[-1]["rev"] if seen else "22222222zxmwf"
            if not since:  # it has no beginning
                return {"cursor": newest, "logs": []}
            found = [one for one in seen if one["rev"] >= since][
                : self.page
            ]  # what it begins with comes again
            return {"cursor": found[-1]["rev"] if found else since, "logs": found}

    @route("POST", "/xrpc/chat.bsky.convo.acceptConvo")
    def accept(self, asked: Asked) -> Any:
        with self.lock:
            convo = self.convos.get(asked.json["convoId"])
            if convo is None:
                return _invalid()
            convo["requested"] = ""
            self._logged("logAcceptConvo", convo["id"])
            return {"rev": self.log[-1]["rev"]}

    @route("POST", "/xrpc/chat.bsky.convo.sendMessage")
    def send(self, asked: Asked) -> Any:
        body = asked.json
        message = body.get("message", {})
        if set(body) != {"convoId", "message"} or set(message) - {"text", "facets", "embed", "replyTo"}:
            return Reply({"error": "InvalidRequest", "message": "unknown field"}, 400)
        if length(message["text"], "graphemes") > 1000 or length(message["text"], "bytes") > 10_000:
            return Reply({"error": "InvalidRequest", "message": "text too long"}, 400)
        with self.lock:
            convo = self._convo(asked, body["convoId"])
            if convo is None:
                return _invalid()
            if convo["status"] == "request":
                return Reply({"error": "InvalidRequest", "message": "not accepted"}, 400)
            if convo["kind"].get("lockStatus", "unlocked") != "unlocked":
                return Reply({"error": "ConvoLocked", "message": "convo is locked"}, 400)
            return self.says(self.viewer(asked), body["convoId"], **message)


class ChatAlone(Chat):
    """Behind a PDS, which says in a token of its own for whom it asks."""

    def viewer(self, asked: Asked) -> str:
        claims = asked.headers["authorization"].split(".")[1]
        told: dict[str, Any] = json.loads(base64.urlsafe_b64decode(claims + "=="))
        return str(told["iss"])


def _dids(convo: dict[str, Any]) -> list[str]:
    return [one["did"] for one in convo["members"]]


def _sender(message: dict[str, Any]) -> object:
    return message.get("sender", {}).get("did")


def _invalid() -> Reply:
    return Reply({"error": "InvalidConvo", "message": "no such convo"}, 400)
