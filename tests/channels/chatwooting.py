"""Chatwoot as the tests of its adapter have it: the fake and one account of it, as both sides see them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

from tests.channels.contract import (
    Pulled,
    Rig,
    Trouble,
    pull,
    run,
    site,
)
from tests.fakes.chatwoot import DAY_S, WHATSAPP, FakeChatwoot
from tuidesk.channels.chatwoot import fields, parse, people
from tuidesk.channels.chatwoot.adapter import Chatwoot
from tuidesk.channels.chatwoot.options import Options
from tuidesk.channels.chatwoot.people import Us
from tuidesk.desk.clock import SystemClock
from tuidesk.domain.events import (
    ChannelEvent,
)
from tuidesk.domain.model import Person
from tuidesk.domain.outgoing import Outgoing, Receipt
from tuidesk.wire.loose import number

E = TypeVar("E")

SEND = r"POST .*/messages"
READ = r"GET .*/conversations\?"
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


class Ahead(SystemClock):
    """It can be moved on."""

    seconds = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.seconds


class ChatwootRig(Rig):
    kind = "chatwoot"

    def __init__(self, server: FakeChatwoot, folder: Path) -> None:
        self.server = server
        self._folder = folder
        self.dana = server.contact("Dana")
        self.thread = 0
        self.clock = Ahead()

    def open(self, **options: Any) -> Chatwoot:
        made = Options(server=self.server.base, request_s=0.2, **options)
        return Chatwoot(made, site(self._folder, clock=self.clock))

    def customer_writes(self, text: str) -> None:
        self.thread = self.thread or self.server.begin(self.dana)
        self.server.write(self.thread, text)

    def customer_saw(self) -> list[str]:
        return [one["content"] for one in self.server.seen_by(self.dana)]

    def trouble(self, what: Trouble, on: Literal["read", "send"]) -> None:
        self.server.fail(what, SEND if on == "send" else READ)

    def answers(self, status: int, on: Literal["read", "send"], headers: dict[str, str]) -> None:
        self.server.fail("status", SEND if on == "send" else READ, status=status, headers=headers)

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
        inbox = number(conversation, "inbox_id") or 0
        told: list[ChannelEvent] = [people.contact_seen(contact, thread.medium, inbox, US)]
        for one in body["messages"]:
            told += parse.message(one, thread, US, 0)
        now = fields.fields(conversation, US, 0)
        return [*told, *fields.changes(now, fields.Before(), wall=0, bot="a bot")]


def watch(
    rig: ChatwootRig, act: Callable[[], object], enough: Callable[[Pulled], bool], **options: Any
) -> Pulled:
    """Follow; once caught up, something happens; until there is enough."""

    async def whole() -> Pulled:
        channel = rig.open(**options)
        acted = False

        def look_on(found: Pulled) -> bool:
            nonlocal acted
            if found.caught_up and not acted:
                acted = True
                found.events.clear()
                act()
            return acted and enough(found)

        try:
            return await pull(channel, until=look_on)
        finally:
            await channel.aclose()

    return run(whole)


def of(found: Pulled, kind: type[E]) -> list[E]:
    return [event for event in found.events if isinstance(event, kind)]


def performed(rig: ChatwootRig, *outs: Outgoing, **options: Any) -> list[Receipt]:
    async def whole() -> list[Receipt]:
        channel = rig.open(**options)
        try:
            return [await channel.perform(out) for out in outs]
        finally:
            await channel.aclose()

    return run(whole)


def state(rig: ChatwootRig, kind: str, **more: Any) -> Outgoing:
    return Outgoing(key=f"k-{kind}", type=kind, at=0, conversation=str(rig.thread), medium="chat", **more)
