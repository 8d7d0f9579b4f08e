"""An RT of the tests' own, as strict as the real one where we saw it, with what its customers were mailed."""

import base64
import re
import time
from typing import Any

from tests.fakes.service import Asked, Reply, Service, route
from tuidesk.domain import instants

ROOT = "/REST/2.0"
_PEEK = 200
"""How far RT looks for something to show before it says that there is no next page."""
AGENT, COLLEAGUE, NOBODY, DANA = 27, 28, 6, 35
_STATUSES = ("new", "open", "stalled", "resolved", "rejected", "deleted")


class FakeRt(Service):
    """One queue, two agents, one customer."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token
        self.users: dict[int, dict[str, Any]] = {
            NOBODY: {"id": NOBODY, "Name": "Nobody", "RealName": "Nobody in particular", "EmailAddress": ""},
            AGENT: self._user(AGENT, "agent", "Ana", privileged=1),
            COLLEAGUE: self._user(COLLEAGUE, "sam", "Sam", privileged=1),
            DANA: {**self._user(DANA, "dana@example.test", "Dana Ortiz"), "City": "Seoul"},
        }
        self.tickets: dict[int, dict[str, Any]] = {}
        self.transactions: list[dict[str, Any]] = []
        self.attachments: dict[int, dict[str, Any]] = {}
        self.mailed: list[str] = []
        """The texts that the customer has got, with RT's greeting left out."""
        self.hidden: set[int] = set()
        """Transactions that are there and not shown: not ours to see, or not written to their end yet."""
        self.secret: set[int] = set()
        """Attachments that we may not read."""
        self.administers = True
        self._next = 100

    def _user(self, id_: int, name: str, shown: str, privileged: int = 0) -> dict[str, Any]:
        address = name if "@" in name else f"{name}@acme.example"
        return {"id": id_, "Name": name, "RealName": shown, "EmailAddress": address, "Privileged": privileged}

    # --- people ---

    def mail(
        self, text: str, ticket: int | None = None, *files: tuple[str, bytes], kind: str = "text/plain"
    ) -> int:
        """A customer's mail; the ticket's number."""
        with self.lock:
            if ticket is None:
                ticket = len(self.tickets) + 1
                self.tickets[ticket] = {
                    "Status": "new",
                    "Owner": NOBODY,
                    "Severity": [],
                    "Subject": "Order 8841",
                }
                self.happen("Create", DANA, ticket, text=text, files=files, kind=kind)
            else:
                self.happen("Correspond", DANA, ticket, text=text, files=files, kind=kind)
            return ticket

    def happen(
        self,
        type_: str,
        by: int,
        ticket: int,
        *,
        text: str | None = None,
        files: tuple[tuple[str, bytes], ...] = (),
        kind: str = "text/plain",
        **more: str,
    ) -> int:
        """A transaction; its number."""
        with self.lock:
            id_ = self._id()
            stamp = instants.rfc3339(int(time.time()) * 1000)
            self.transactions.append(
                {"id": id_, "Type": type_, "by": by, "ticket": ticket, "Created": stamp, "Field": "", **more}
            )
            parts = [] if text is None else [("", kind, text.encode())]
            for name, type__, content in [
                *parts,
                *((name, "application/octet-stream", c) for name, c in files),
            ]:
                part = self._id()
                self.attachments[part] = {
                    "of": id_,
                    "Filename": name,
                    "ContentType": type__,
                    "Content": content,
                }
            self.tickets[ticket]["LastUpdated"] = stamp
            return id_

    def set(self, ticket: int, name: str, value: Any, by: int = COLLEAGUE) -> None:
        """A colleague changes a field."""
        with self.lock:
            old, self.tickets[ticket][name] = self.tickets[ticket][name], value
            kind = "Status" if name == "Status" else "CustomField" if name == "Severity" else "Set"
            self.happen(kind, by, ticket, Field=name, OldValue=str(old), NewValue=str(value))

    def _id(self) -> int:
        self._next += 1
        return self._next

    # --- REST2 ---

    def allowed(self, asked: Asked) -> Reply | None:
        good = asked.headers.get("authorization") == f"token {self.token}"
        return None if good else Reply({"message": "Unauthorized"}, 401)

    def _page(self, asked: Asked, found: list[dict[str, Any]]) -> dict[str, Any]:
        size, page = int(asked.get("per_page", "20")), int(asked.get("page", "1"))
        rows = found[(page - 1) * size : page * size]
        items = [one for one in rows if int(one["id"]) not in self.hidden or "Created" not in one]
        made: dict[str, Any] = {
            "items": items,
            "count": len(items),
            "page": page,
            "per_page": size,
            "total": None,
        }
        ahead = found[page * size : page * size + _PEEK]
        if any(int(one["id"]) not in self.hidden or "Created" not in one for one in ahead):
            made["next_page"] = f"{self.base}{asked.path}?page={page + 1}"
        return made

    @route("GET", ROOT + "/queues/all")
    def queues(self, asked: Asked) -> Any:
        return self._page(asked, [{"id": "3", "type": "queue", "Name": "Support"}])

    @route("GET", ROOT + r"/user/(.+)")
    def user(self, asked: Asked) -> Any:
        wanted = asked.parts[0].replace("%40", "@")
        found = [
            one for one in self.users.values() if wanted in (str(one["id"]), one["Name"], one["EmailAddress"])
        ]
        if not found:
            return Reply({"message": "Not Found"}, 404)
        if self.administers or found[0]["id"] == AGENT:
            return found[0]
        told = {name: found[0].get(name) for name in ("RealName", "EmailAddress", "Privileged")}
        return {**told, "_hyperlinks": [{"ref": "self", "type": "user", "id": found[0]["id"]}]}

    @route("GET", ROOT + r"/queue/3")
    def queue(self, asked: Asked) -> Any:
        return {"id": 3, "Name": "Support", "Lifecycle": "default"}

    @route("GET", ROOT + "/tickets")
    def search(self, asked: Asked) -> Any:
        since = re.fullmatch(r"LastUpdated > '(.+)' AND id > (\d+)", asked.get("query"))
        if since is None:
            return Reply({"message": "Wrong query"}, 400)
        with self.lock:
            found = [
                {"id": str(id_), "type": "ticket"}
                for id_, one in self.tickets.items()
                if one["LastUpdated"] > since[1].replace(" ", "T") and id_ > int(since[2])
            ]
            return self._page(asked, found)

    @route("GET", ROOT + r"/ticket/(\d+)")
    def ticket(self, asked: Asked) -> Any:
        with self.lock:
            found = self.tickets.get(int(asked.parts[0]))
            if found is None:
                return Reply({"message": "Not Found"}, 404)
            made = {
                "id": int(asked.parts[0]),
                "EffectiveId": {"id": asked.parts[0]},
                "Subject": found["Subject"],
                "Status": found["Status"],
                "Priority": "0",
                "Queue": {"id": "3", "type": "queue"},
                "Owner": {"id": self.users[found["Owner"]]["Name"]},
                "Requestor": [{"id": "dana@example.test", "type": "user"}],
                "CustomFields": [{"id": "2", "name": "Severity", "values": found["Severity"]}],
                "Created": found["LastUpdated"],
            }
            return Reply(made, headers={"etag": f'"{self._etag(int(asked.parts[0]))}"'})

    def _etag(self, ticket: int) -> int:
        return max(int(one["id"]) for one in self.transactions if one["ticket"] == ticket)

    def _shown(self, one: dict[str, Any]) -> dict[str, Any]:
        user = self.users[one["by"]]
        creator = {name: user[name] for name in ("Name", "RealName", "EmailAddress")}
        return {
            "id": str(one["id"]),
            "type": "transaction",
            "Type": one["Type"],
            "Created": one["Created"],
            "Creator": {"id": user["Name"], "type": "user", **creator},
            "Field": one["Field"],
            "OldValue": one.get("OldValue", ""),
            "NewValue": one.get("NewValue", ""),
            "ObjectId": str(one["ticket"]),
        }

    @route("GET", ROOT + "/transactions")
    def listed(self, asked: Asked) -> Any:
        after = re.fullmatch(r"id > (\d+) AND ObjectType = 'RT::Ticket'", asked.get("query"))
        if after is None:
            return Reply({"message": "Wrong query"}, 400)
        with self.lock:
            found = [self._shown(one) for one in self.transactions if one["id"] > int(after[1])]
            return self._page(asked, found[::-1] if asked.get("order") == "DESC" else found)

    @route("GET", ROOT + r"/ticket/(\d+)/history")
    def history(self, asked: Asked) -> Any:
        with self.lock:
            found = [self._shown(one) for one in self.transactions if one["ticket"] == int(asked.parts[0])]
            return self._page(asked, found[::-1] if asked.get("order") == "DESC" else found)

    @route("GET", ROOT + r"/transaction/(\d+)/attachments")
    def parts(self, asked: Asked) -> Any:
        with self.lock:
            found = [
                {"id": str(id_), "ContentType": one["ContentType"], "Filename": one["Filename"],
                 "ContentLength": str(len(one["Content"])), "type": "attachment"}
                for id_, one in self.attachments.items()
                if one["of"] == int(asked.parts[0])
            ]  # fmt: skip
            return self._page(asked, found)

    @route("GET", ROOT + r"/attachment/(\d+)")
    def part(self, asked: Asked) -> Any:
        found = self.attachments.get(int(asked.parts[0]))
        if int(asked.parts[0]) in self.secret:
            return Reply({"message": "Forbidden"}, 403)
        if found is None:
            return Reply({"message": "Not Found"}, 404)
        kept = {name: found[name] for name in ("Filename", "ContentType")}
        return {"id": int(asked.parts[0]), **kept, "Content": base64.encodebytes(found["Content"]).decode()}

    @route("POST", ROOT + r"/ticket/(\d+)/(correspond|comment)")
    def say(self, asked: Asked) -> Any:
        body, ticket = asked.json, int(asked.parts[0])
        if set(body) - {"Content", "ContentType", "Subject", "Attachments"} or not body.get("ContentType"):
            return Reply({"message": "Content and ContentType are mandatory"}, 400)
        with self.lock:
            if ticket not in self.tickets:
                return Reply({"message": "Message could not be recorded"}, 400)
            files = tuple(
                (one["FileName"], base64.b64decode(one["FileContent"])) for one in body.get("Attachments", ())
            )
            public = asked.parts[1] == "correspond"
            id_ = self.happen(
                "Correspond" if public else "Comment", AGENT, ticket, text=body["Content"], files=files
            )
            if public:
                self.mailed.append(body["Content"])
            where = {"location": f"{ROOT}/transaction/{id_}"}
            return Reply(["Correspondence added"], 201, where)

    @route("PUT", ROOT + r"/ticket/(\d+)")
    def update(self, asked: Asked) -> Any:
        ticket, body = int(asked.parts[0]), asked.json
        with self.lock:
            if asked.headers.get("if-match", f'"{self._etag(ticket)}"') != f'"{self._etag(ticket)}"':
                return Reply({"message": "Precondition Failed"}, 412)
            if "Status" in body:
                if body["Status"] not in _STATUSES:
                    return [
                        f"Ticket {ticket}: Status '{body['Status']}' isn't a valid status for this ticket."
                    ]
                self.set(ticket, "Status", body["Status"], AGENT)
            if "Owner" in body:
                known = [
                    one for one in self.users.values() if body["Owner"] in (one["Name"], one["EmailAddress"])
                ]
                if not known:
                    return [f"Ticket {ticket}: That user does not exist"]
                self.set(ticket, "Owner", known[0]["id"], AGENT)
            return [f"Ticket {ticket}: changed"]
