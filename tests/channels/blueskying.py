"""What the Bluesky tests share: the account from both sides, and the makers' own referee over what it asks."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from tests.channels import lexicons
from tests.channels.contract import CANARY, Rig, Trouble, site
from tests.fakes.bluesky import DANA, US, FakeBluesky
from tuidesk.channels.bluesky import parse
from tuidesk.channels.bluesky.adapter import Bluesky, BlueskyOptions
from tuidesk.domain.events import ChannelEvent
from tuidesk.domain.model import Person


class BlueskyRig(Rig):
    kind = "bluesky"
    sends = "POST /xrpc/com.atproto.repo.createRecord"
    reads = "GET /xrpc/app.bsky.notification.listNotifications"

    def __init__(self, server: FakeBluesky, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self._last: dict[str, Any] | None = None

    def open(self) -> Bluesky:
        options = BlueskyOptions(handle="acmehelp.test", server=self.server.base, poll_s=0.05)
        return Bluesky(options, site(self.folder))

    def customer_writes(self, text: str) -> None:
        self._last = self.server.post(DANA, f"@acmehelp.test {text}", parent=self._last)

    def customer_saw(self) -> list[str]:
        return [one["record"]["text"] for one in self.server.seen_by(DANA)]

    def trouble(self, what: Trouble, on: Literal["read", "send"]) -> None:
        self.server.fail(what, self.sends if on == "send" else self.reads)

    def answers(self, status: int, on: Literal["read", "send"], headers: dict[str, str]) -> None:
        where = self.sends if on == "send" else self.reads
        self.server.fail("status", where, status=status, headers=headers, times=2)  # a login is renewed once

    def heal(self) -> None:
        self.server.heal()

    def sends_file(self, name: str, content: bytes) -> None:
        post = self.server.post(DANA, "@acmehelp.test look at this")
        shown = {"thumb": "", "fullsize": self.server.attach(name, content), "alt": "a broken box"}
        self.server.shows(post, {"$type": "app.bsky.embed.images#view", "images": [shown]})

    def writes_unknown(self) -> str | None:
        embed = {"$type": "buzz.bookhive.book"}
        post = self.server.post(DANA, "", embed=embed, facets=self.server.facets("@acmehelp.test"))
        return str(post["uri"])

    def parse(self, name: str, body: Any) -> Sequence[ChannelEvent]:
        people = {one["did"]: parse.person(one) for one in body.get("people", ())}

        def named(did: str) -> Person:
            return people.get(did, Person(handle=did))

        if name.startswith("dm-"):
            return [parse.direct(one, body["convo"], US, named, 0) for one in body["messages"]]
        return [parse.contact(body["author"], "post"), parse.post(body, "head", US, named, 0)]


class DirectRig(BlueskyRig):
    """The same account, written to directly."""

    sends = "POST /xrpc/chat.bsky.convo.sendMessage"
    reads = "GET /xrpc/chat.bsky.convo.getLog"

    def customer_writes(self, text: str) -> None:
        self.server.says(DANA, self.server.convo_of(US, DANA, request_for=US), text)

    def customer_saw(self) -> list[str]:
        return self.server.directly_seen_by(DANA, US)

    def sends_file(self, name: str, content: bytes) -> None:
        raise NotImplementedError

    def writes_unknown(self) -> str | None:
        convo = self.server.convo_of(US, DANA)
        return str(self.server.says(DANA, convo, "", **{"$type": "chat.bsky.convo.defs#pollView"})["id"])


@contextmanager
def refereed() -> Iterator[FakeBluesky]:
    """The fake; whatever it was asked is looked at by the makers' own lexicons, where they are at hand."""
    with FakeBluesky(CANARY) as server:
        yield server
    if lexicons.PATH.exists():
        assert [wrong for asked in server.api() for wrong in lexicons.violations(asked)] == []
