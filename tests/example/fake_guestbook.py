"""The website, for the tests: it keeps its log as the real one does, and what its visitors can read."""

import time
from typing import Any

from tests.fakes.service import Asked, Reply, Service, route

from tuidesk.domain.instants import rfc3339

ANA = {"id": "ana", "name": "Ana", "staff": True}
SAM = {"id": "sam", "name": "Sam", "staff": True}
DANA = {"id": "dana", "name": "Dana Ortiz", "staff": False, "home": "https://dana.example"}
_PAGE = 3
"""Small, so that every test turns pages."""


class FakeGuestbook(Service):
    """`token` is Ana's."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token
        self.may_answer = True
        self.log: list[dict[str, Any]] = []
        self.photos: dict[str, bytes] = {}

    def happens(self, kind: str, by: dict[str, Any], thread: str = "1", **more: Any) -> dict[str, Any]:
        """A line of the log."""
        with self.lock:
            line = {"id": len(self.log) + 1, "kind": kind, "thread": thread, "by": by}
            self.log.append({**line, "at": rfc3339(int(time.time() * 1000)), **more})
            return self.log[-1]

    def answers(self) -> list[str]:
        """What a visitor can read of ours: the ledger."""
        with self.lock:
            return [line["text"] for line in self.log if line["kind"] == "answer"]

    # --- the API ---

    def allowed(self, asked: Asked) -> Reply | None:
        good = asked.headers.get("authorization") == f"Bearer {self.token}"
        return None if good else Reply({"error": "no such token"}, 401)

    @route("GET", "/api/1/me")
    def me(self, asked: Asked) -> Any:  # noqa: ARG002 - a route is handed what was asked
        return {**ANA, "may_answer": self.may_answer, "threads": len({line["thread"] for line in self.log})}

    @route("GET", "/api/1/log")
    def newer(self, asked: Asked) -> Any:
        after, since = int(asked.get("after", "0")), asked.get("since")
        with self.lock:
            found = [line for line in self.log if line["id"] > after and line["at"] >= since]
        return {"log": found[:_PAGE]}

    @route("GET", r"/api/1/threads/(\w+)")
    def thread(self, asked: Asked) -> Any:
        with self.lock:
            return {"log": [line for line in self.log if line["thread"] == asked.parts[0]]}

    @route("POST", r"/api/1/threads/(\w+)/answers")
    def answer(self, asked: Asked) -> Reply:
        if not self.may_answer:
            return Reply({"error": "this token may not answer"}, 403)
        return Reply(self.happens("answer", ANA, asked.parts[0], **asked.json), 201)

    @route("PUT", r"/api/1/threads/(\w+)")
    def close(self, asked: Asked) -> Any:
        return self.happens("closed" if asked.json["closed"] else "opened", ANA, asked.parts[0])

    @route("GET", r"/api/1/photos/(\w+)")
    def photo(self, asked: Asked) -> Reply:
        content = self.photos.get(asked.parts[0])
        return Reply({"error": "no such photo"}, 404) if content is None else Reply(body=content)
