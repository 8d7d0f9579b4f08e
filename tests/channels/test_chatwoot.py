"""Chatwoot: the contract on a strict fake, and what a team's inboxes are besides."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.channels.contract import CANARY, Contract, Rig, Trouble, site
from tests.fakes.chatwoot import DAY_S, WHATSAPP, FakeChatwoot
from tuidesk.channels.chatwoot import fields, parse, people
from tuidesk.channels.chatwoot.adapter import Chatwoot
from tuidesk.channels.chatwoot.options import Options
from tuidesk.channels.chatwoot.people import Us
from tuidesk.domain.events import ChannelEvent
from tuidesk.domain.model import Person

_SEND = r"POST .*/messages"
_READ = r"GET .*/conversations\?"
US = Us(
    me=1,
    agents={1: Person("Ana", "ana@acme.example", me=True), 2: Person("Sam", "sam@acme.example")},
    inboxes={
        one.id: one
        for one in (
            people.inbox({"id": 11, "name": "Shop", "channel_type": "Channel::WebWidget"}),
            people.inbox({"id": 12, "name": "Hotline", "channel_type": "Channel::Whatsapp"}),
            people.inbox({"id": 13, "name": "Letters", "channel_type": "Channel::Email"}),
        )
    },
)


class ChatwootRig(Rig):
    kind = "chatwoot"

    def __init__(self, server: FakeChatwoot, folder: Path) -> None:
        self.server = server
        self._folder = folder
        self.dana = server.contact("Dana")
        self.thread = 0

    def open(self, **options: Any) -> Chatwoot:
        return Chatwoot(Options(server=self.server.base, request_s=0.2, **options), site(self._folder))

    def customer_writes(self, text: str) -> None:
        self.thread = self.thread or self.server.begin(self.dana)
        self.server.write(self.thread, text)

    def customer_saw(self) -> list[str]:
        return [one["content"] for one in self.server.seen_by(self.dana)]

    def trouble(self, what: Trouble, on: Literal["read", "send"]) -> None:
        self.server.fail(what, _SEND if on == "send" else _READ)

    def answers(self, status: int, on: Literal["read", "send"], headers: dict[str, str]) -> None:
        self.server.fail("status", _SEND if on == "send" else _READ, status=status, headers=headers)

    def heal(self) -> None:
        self.server.heal()

    def sends_file(self, name: str, content: bytes) -> None:
        self.thread = self.thread or self.server.begin(self.dana)
        self.server.write(self.thread, None, attachments=[self.server.attach(name, content)])

    def writes_unknown(self) -> str:
        self.thread = self.thread or self.server.begin(self.dana)
        return str(self.server.write(self.thread, None, content_type="hologram")["id"])

    def closes_window(self, text: str) -> None:
        self.dana = self.server.contact("Dana", WHATSAPP, "821055500117")
        self.server.write(self.server.begin(self.dana, WHATSAPP), text, ago_s=DAY_S + 3600)

    def parse(self, name: str, body: Any) -> Sequence[ChannelEvent]:  # noqa: ARG002 - each says itself what it is
        contact, conversation = body.get("contact", {}), body["conversation"]
        thread = fields.thread(conversation, contact, US)
        told: list[ChannelEvent] = [people.contact_seen(contact, thread.medium, conversation["inbox_id"], US)]
        for one in body["messages"]:
            told += parse.message(one, thread, US, 0)
        now = fields.fields(conversation, US, 0)
        return [*told, *fields.changes(now, fields.Before(), wall=0, bot="a bot")]


@pytest.fixture
def server() -> Iterator[FakeChatwoot]:
    with FakeChatwoot(CANARY) as server:
        yield server


@pytest.fixture
def rig(server: FakeChatwoot, tmp_path: Path) -> ChatwootRig:
    return ChatwootRig(server, tmp_path / "account")


class TestContract(Contract):
    """Chatwoot's."""
