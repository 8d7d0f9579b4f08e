"""Chatwoot: the contract on a strict fake, and what a team's inboxes are besides."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, TypeVar
from unittest.mock import ANY

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.channels.contract import (
    CANARY,
    RECORDED,
    Contract,
    Pulled,
    Rig,
    Trouble,
    asked,
    do,
    keep,
    look,
    pull,
    run,
    said_in,
    site,
)
from tests.fakes.chatwoot import DAY_S, MAIL, PAGE, SAM, SMS, WHATSAPP, FakeChatwoot
from tuidesk.channels.chatwoot import activities, fields, parse, people
from tuidesk.channels.chatwoot.adapter import Chatwoot
from tuidesk.channels.chatwoot.options import Options
from tuidesk.channels.chatwoot.people import Us
from tuidesk.desk.clock import SystemClock
from tuidesk.domain import vocabulary
from tuidesk.domain.events import (
    Assigned,
    ChannelEvent,
    ContactSeen,
    Deleted,
    Delivered,
    Edited,
    Handoff,
    NoteSeen,
    PrioritySet,
    Rated,
    Received,
    StatusSet,
    Tagged,
    Terms,
)
from tuidesk.domain.model import File, Person
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Receipt
from tuidesk.errors import (
    AuthFailed,
    ChannelError,
    ConfigError,
    Rejected,
    Unavailable,
    Unconfirmed,
    Unsupported,
)
from tuidesk.wire.channel import Batch
from tuidesk.wire.loose import number

E = TypeVar("E")

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
        inbox = number(conversation, "inbox_id") or 0
        told: list[ChannelEvent] = [people.contact_seen(contact, thread.medium, inbox, US)]
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


# --- what comes by the websocket ---


def _watch(
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


def _of(found: Pulled, kind: type[E]) -> list[E]:
    return [event for event in found.events if isinstance(event, kind)]


def test_a_message_is_told_at_once_and_again_by_the_same_id(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("first")
    asked_before = 0

    def act() -> None:
        nonlocal asked_before
        asked_before = len(server.asked)
        rig.customer_writes("by the socket")

    found = _watch(rig, act, lambda found: len(found.received) > 0)
    assert [one.text for one in found.received] == ["by the socket"]
    assert len(server.asked) == asked_before, "no request for it"
    again = look(rig)
    assert found.received[0].id in [one.id for one in again.received]


def test_a_new_customer_is_told_with_all_their_inboxes(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("first")

    def act() -> None:
        kim = server.contact("Kim", WHATSAPP, "821055500118", phone_number="+821055500118")
        server.contacts[kim]["sources"][PAGE] = "7711"
        server.write(server.begin(kim, WHATSAPP), "안녕하세요")

    found = _watch(rig, act, lambda found: len(found.received) > 0)
    contact = _of(found, ContactSeen)[0]
    assert (contact.medium, contact.handle, contact.name) == ("whatsapp", "+821055500118", "Kim")
    assert contact.same_as == (("messenger", "7711"),)
    assert (found.received[0].medium, found.received[0].sender.handle) == ("whatsapp", "+821055500118")


def test_what_a_colleague_sets_is_told_with_their_name(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("first")

    def act() -> None:
        server.change(rig.thread, assignee=SAM)
        server.change(rig.thread, labels=["refund"], priority="urgent")
        server.change(rig.thread, status="snoozed", snoozed_until="2027-01-04T09:00:00.000Z")

    found = _watch(rig, act, lambda found: len(_of(found, StatusSet)) > 0)
    status, sam = _of(found, StatusSet)[0], US.agents[SAM]
    assert (status.status, status.by, status.until) == ("snoozed", sam, 1799053200000)
    assert [(one.to, one.by) for one in _of(found, Assigned)] == [(sam, sam)]
    assert [(one.tags, one.by) for one in _of(found, Tagged)] == [(("refund",), sam)]
    assert [(one.priority, one.by) for one in _of(found, PrioritySet)] == [("urgent", sam)]
    assert _of(found, NoteSeen) == []


def test_what_becomes_of_a_message_is_told(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("frist")
    theirs = server.messages[-1]["id"]
    ours = server.answer(rig.thread, "We look into it.")["id"]
    survey = server.answer(rig.thread, "Please rate us", content_type="input_csat", message_type=3)["id"]

    def act() -> None:
        server.update(theirs, content="first")
        server.update(ours, status="failed", content_attributes={"external_error": "131026"})
        rating = {"csat_survey_response": {"rating": 4, "feedback_message": "quick"}}
        server.update(survey, content_attributes={"submitted_values": rating})
        server.update(ours, content="This message was deleted", content_attributes={"deleted": True})

    found = _watch(rig, act, lambda found: len(_of(found, Deleted)) > 0)
    assert [(one.message, one.text) for one in _of(found, Edited)] == [(str(theirs), "first")]
    failed = _of(found, Delivered)[0]
    assert (failed.message, failed.state, failed.reason) == (str(ours), "failed", "131026")
    assert [(one.score, one.scale) for one in _of(found, Rated)] == [(4.0, 5.0)]
    assert ["quick" in one.text for one in _of(found, NoteSeen)] == [True]
    assert [one.message for one in _of(found, Deleted)] == [str(ours)]


def test_our_own_reply_comes_back_with_its_key(rig: ChatwootRig, server: FakeChatwoot) -> None:
    question = asked(rig)

    async def whole() -> tuple[Pulled, object]:
        channel = rig.open()
        sent = None

        def enough(found: Pulled) -> bool:
            return any(one.key == "k-1" for one in found.sent)

        try:
            batches = channel.events("", b"")
            found = Pulled([], "", b"")
            async for batch in batches:
                keep(found, batch)
                if batch.caught_up and sent is None:
                    sent = await channel.perform(rig.reply(question, "It leaves today."))
                if enough(found):
                    break
            await batches.aclose()  # type: ignore[attr-defined]
            # what the socket has said, nobody has to ask for any more
            server.fail("hang", r"GET .*/messages")
            return found, await channel.find(rig.reply(question, "It leaves today."))
        finally:
            await channel.aclose()

    found, known = run(whole)
    echo = next(one for one in found.sent if one.key)
    assert isinstance(known, Found)
    assert (known.id, echo.sender.me) == (echo.id, True)


def test_a_bot_hands_over(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("a person please")
    server.change(rig.thread, status="pending")
    first = look(rig)
    assert [(one.status, one.pending_for) for one in _of(first, StatusSet)][-1] == ("pending", "a bot")
    found = _watch(
        rig, lambda: server.change(rig.thread, status="open"), lambda found: len(_of(found, StatusSet)) > 0
    )
    assert [one.conversation for one in _of(found, Handoff)] == [str(rig.thread)]
    assert [one.status for one in _of(found, StatusSet)] == ["open"]


def test_a_profile_that_changes_is_told(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("hello")

    def act() -> None:
        before = server._person(server.contacts[rig.dana])
        with server.lock:
            server._tell("contact.updated", before | {"last_activity_at": 1})
            server._tell("contact.updated", before | {"additional_attributes": {"city": "Tashkent"}})
            server._tell("contact.updated", {"id": 999, "name": "A stranger"})
        requests.append(len(server.asked))
        rig.customer_writes("more")

    requests: list[int] = []
    found = _watch(rig, act, lambda found: len(found.received) > 0)
    assert [dict(one.fields)["city"] for one in _of(found, ContactSeen)] == ["Tashkent"]
    assert requests == [len(server.asked)], "no request for it"


def test_the_agent_is_shown_as_online_only_where_they_want_it(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("hello")
    said: list[str] = []

    def act() -> None:
        said.append(json.dumps([room.said for room in server.rooms]))
        rig.customer_writes("more")

    _watch(rig, act, lambda found: len(found.received) > 0)
    assert "update_presence" not in said[-1]
    _watch(rig, act, lambda found: len(found.received) > 0, presence=True)
    assert "update_presence" in said[-1]


@pytest.mark.parametrize("shown", [True, False])
def test_a_message_in_a_conversation_that_nobody_has_told_of_is_not_lost(
    rig: ChatwootRig, server: FakeChatwoot, shown: bool
) -> None:
    rig.customer_writes("hello")

    def act() -> None:
        server.is_mute = True
        thread = server.begin(server.contact("Kim"))
        server.is_mute = False
        if not shown:
            server.fail("status", rf"GET .*/conversations/{thread}$", status=404)
        server.write(thread, "anybody?")
        server.write(thread, "hello?")

    found = _watch(rig, act, lambda found: len(found.received) > 1)
    assert [(one.text, one.conversation, one.sender.name) for one in found.received] == [
        ("anybody?", "2", "Kim"),
        ("hello?", "2", "Kim"),
    ]
    assert len({one.sender.handle for one in found.received}) == 1


def test_an_event_that_the_server_has_lost_is_found_later(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("hello")

    def enough(found: Pulled) -> bool:
        said = [one.text for one in found.received]
        if said == ["told"] and not server.is_mute:
            server.is_mute = True
            rig.customer_writes("nobody was told of this")
            rig.clock.seconds += 301
        return "nobody was told of this" in said

    _watch(rig, lambda: rig.customer_writes("told"), enough)


def test_an_older_picture_that_comes_later_changes_nothing(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("hello")
    older, told = server._pushed(rig.thread), False

    def enough(found: Pulled) -> bool:
        nonlocal told
        if _of(found, Tagged) and not told:
            told = True
            server._tell("conversation.updated", older)
            server._tell(
                "conversation.updated", older | {"id": 2, "labels": ["last"], "updated_at": time.time()}
            )
        return any(one.conversation == "2" for one in _of(found, Tagged))

    server.begin(rig.dana)
    found = _watch(rig, lambda: server.change(rig.thread, labels=["refund"]), enough)
    assert [one.tags for one in _of(found, Tagged) if one.conversation == "1"] == [("refund",)]


def test_a_server_that_says_goodbye_is_not_waited_for(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("hello")

    def act() -> None:
        for room in server.rooms:
            room.tell({"type": "disconnect", "reason": "server_restart", "reconnect": True})

    with pytest.raises(Unavailable):
        _watch(rig, act, lambda found: len(found.received) > 0)


# --- what was missed ---


def test_what_happened_while_nobody_listened_is_asked_for_once(
    rig: ChatwootRig, server: FakeChatwoot
) -> None:
    rig.customer_writes("before")
    first = look(rig)
    for n in range(50):
        rig.customer_writes(f"number {n:02}")
    server.change(rig.thread, status="resolved")
    found = look(rig, first.cursor, first.state)
    said = [said_in(one) for one in found.received]
    assert [text for text in said if text.startswith("number")] == [f"number {n:02}" for n in range(50)]
    assert {one.id for one in first.received} <= {one.id for one in found.received}, "the same ids"
    status = _of(found, StatusSet)
    assert {(one.status, one.by and one.by.name) for one in status} >= {("complete", "Sam")}


def test_a_limit_in_the_middle_of_many_is_waited_for(rig: ChatwootRig, server: FakeChatwoot) -> None:
    for n in range(30):
        server.write(server.begin(server.contact(f"Customer {n}")), f"number {n:02}")
    server.fail("status", r"GET .*/conversations/12/messages", status=429, headers={"retry-after": "1"})
    assert len({one.text for one in look(rig).received}) == 30
    assert [one.path for one in server.asked if "conversations/30/messages" in one.path] == [
        "/api/v1/accounts/3/conversations/30/messages"
    ], "it goes on where it was"


def test_an_answer_without_its_list_is_not_an_empty_queue(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("hello")
    server.fail("status", _READ, status=200, json={"error": "Internal"})
    with pytest.raises(Unavailable):
        look(rig)
    server.fail("status", r"GET .*/profile", status=200, json={})
    with pytest.raises(Unavailable):
        look(rig)


def test_a_customer_who_may_not_be_seen_is_told_as_far_as_they_are(
    rig: ChatwootRig, server: FakeChatwoot
) -> None:
    rig.customer_writes("hello")
    server.fail("status", r"GET .*/contacts/\d+", status=404)
    assert [one.sender.name for one in look(rig).received] == ["Dana"]


def test_many_come_in_pieces_and_it_is_said_how_far_it_is(rig: ChatwootRig, server: FakeChatwoot) -> None:
    for n in range(70):
        thread = server.begin(rig.dana)
        for _ in range(5):
            server.write(thread, f"number {n}")

    async def whole() -> list[Batch]:
        channel = rig.open()
        batches: list[Batch] = []
        try:
            async for batch in channel.events("", b""):
                batches.append(batch)
                if batch.caught_up:
                    break
        finally:
            await channel.aclose()
        return batches

    batches = run(whole)
    assert max(len(batch.events) for batch in batches) <= 500
    assert sum(isinstance(one, Received) for batch in batches for one in batch.events) == 350
    assert [batch.progress for batch in batches if batch.progress]


@pytest.mark.parametrize(("knows", "touches"), [(True, True), (False, True), (True, False)])
def test_older_and_newer_servers_are_read_without_gaps(
    rig: ChatwootRig, server: FakeChatwoot, knows: bool, touches: bool
) -> None:
    server.knows_updated_within, server.touches = knows, touches
    rig.customer_writes("before")
    first = look(rig)
    threads = [server.begin(server.contact(f"Customer {n}")) for n in range(60)]
    for n, thread in enumerate(threads):
        server.write(thread, f"number {n:02}")
    found = look(rig, first.cursor, first.state)
    assert {f"number {n:02}" for n in range(60)} <= {one.text for one in found.received}


def test_a_first_sync_goes_back_so_many_days(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("now")
    for days in (10, 40):
        server.write(server.begin(rig.dana), f"{days} days ago", ago_s=days * DAY_S)
    assert {one.text for one in look(rig).received} == {"now", "10 days ago"}


def test_a_line_that_breaks_is_noticed_and_what_came_meanwhile_is_not_lost(
    rig: ChatwootRig, server: FakeChatwoot
) -> None:
    rig.customer_writes("before")

    async def follow(channel: Chatwoot, found: Pulled) -> None:
        async for batch in channel.events("", b""):
            keep(found, batch)
            if batch.caught_up:
                server.cut_rooms()
                rig.customer_writes("meanwhile")

    async def whole() -> Pulled:
        channel = rig.open()
        found = Pulled([], "", b"")
        try:
            with pytest.raises(Unavailable):
                await follow(channel, found)
            return await pull(channel, found.cursor, found.state)
        finally:
            await channel.aclose()

    assert "meanwhile" in [one.text for one in run(whole).received]


@pytest.mark.parametrize("has_cable", [False, True])
def test_without_a_websocket_it_is_looked_now_and_then_and_said(
    rig: ChatwootRig, server: FakeChatwoot, has_cable: bool
) -> None:
    server.has_cable, server.lets_in = has_cable, False
    rig.customer_writes("hello")

    async def whole() -> list[Batch]:
        channel = rig.open()
        try:
            return [batch async for batch in channel.events("", b"")]
        finally:
            await channel.aclose()

    batches = run(whole)
    assert any(batch.caught_up for batch in batches)
    assert "websocket" in batches[-1].notice


def test_a_conversation_that_was_closed_and_is_open_again_is_told_after_a_restart(
    rig: ChatwootRig, server: FakeChatwoot
) -> None:
    rig.customer_writes("hello")
    server.change(rig.thread, status="resolved")
    first = look(rig)
    server.change(rig.thread, status="open")
    server.messages[-1]["content"] = "Sam ha vuelto a abrir la conversación"
    found = look(rig, first.cursor, first.state)
    assert [one.status for one in _of(found, StatusSet)][-1] == "open"
    assert [one.text for one in _of(found, NoteSeen)] == ["Sam ha vuelto a abrir la conversación"]


def test_an_error_in_the_middle_of_many_loses_nothing_of_what_came_before_it(
    rig: ChatwootRig, server: FakeChatwoot
) -> None:
    rig.customer_writes("hello")
    server.change(rig.thread, status="resolved")
    other = server.begin(server.contact("Kim"))

    async def follow(channel: Chatwoot, found: Pulled) -> None:
        async for batch in channel.events(found.cursor, found.state):
            keep(found, batch)

    async def whole() -> tuple[Pulled, Pulled]:
        channel = rig.open()
        try:
            first = await pull(channel)
            server.write(other, "안녕하세요", ago_s=5)
            server.change(rig.thread, status="open")
            server.messages[-1]["content"] = "Sam ha vuelto a abrir la conversación"
            server.fail("status", rf"GET .*/conversations/{other}/messages", status=500)
            broken = Pulled([], first.cursor, first.state)
            with pytest.raises(Unavailable):
                await follow(channel, broken)
            return broken, await pull(channel, broken.cursor, broken.state)
        finally:
            await channel.aclose()

    broken, found = run(whole)
    assert _of(broken, StatusSet) == []
    assert [one.status for one in _of(found, StatusSet)][-1] == "open"
    assert "안녕하세요" in [one.text for one in found.received]


def test_one_that_has_been_open_all_the_time_may_wait_here(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("hello")
    first = look(rig)
    server.change(rig.thread, labels=["refund"])
    assert _of(first, StatusSet) == []
    assert _of(look(rig, first.cursor, first.state), StatusSet) == []


def test_what_this_agent_has_just_done_here_is_not_told_as_history(
    rig: ChatwootRig, server: FakeChatwoot
) -> None:
    """It may have been changed again since, by the agent, before the server's word on it comes in."""
    rig.customer_writes("hello")

    async def whole() -> Pulled:
        channel = rig.open()
        try:
            first = await pull(channel)
            for kind in ("complete", "reopen"):
                await channel.perform(_state(rig, kind))
            server.change(rig.thread, labels=["refund"])
            return await pull(channel, first.cursor, first.state)
        finally:
            await channel.aclose()

    found = run(whole)
    assert _of(found, StatusSet) == []
    assert {one.by and one.by.name for one in _of(found, Tagged)} == {"Sam"}


# --- what the agent does ---


def _performed(rig: ChatwootRig, *outs: Outgoing, **options: Any) -> list[Receipt]:
    async def whole() -> list[Receipt]:
        channel = rig.open(**options)
        try:
            return [await channel.perform(out) for out in outs]
        finally:
            await channel.aclose()

    return run(whole)


def _state(rig: ChatwootRig, kind: str, **more: Any) -> Outgoing:
    return Outgoing(key=f"k-{kind}", type=kind, at=0, conversation=str(rig.thread), medium="chat", **more)


def test_a_note_is_for_the_team_alone(rig: ChatwootRig) -> None:
    question = asked(rig)
    (receipt,) = _performed(rig, replace(rig.reply(question, "carrier says lost"), type="note"))
    assert rig.customer_saw() == []
    note = next(one for one in _of(look(rig), NoteSeen) if one.id == receipt.id)
    assert (note.text, note.by) == ("carrier says lost", US.agents[1])


@pytest.mark.parametrize(
    "text",
    ["{{contact.name}} and {% if %}", "code `{{ x }}` stays, {{ y }} too", "no braces", "{{{{", "a } b {{ c"],
)
def test_what_the_agent_wrote_stands_as_it_was_written(rig: ChatwootRig, text: str) -> None:
    _performed(rig, rig.reply(asked(rig), text))
    assert rig.customer_saw() == [text]


def test_states_are_set_and_who_set_them_is_no_news(rig: ChatwootRig, server: FakeChatwoot) -> None:
    question = asked(rig)
    server.conversations[rig.thread]["labels"] = ["vip", "old"]
    thread = server.conversations[rig.thread]
    until = 1799053200000
    _performed(
        rig,
        _state(rig, "assign", assignee=Person("Sam", "SAM@acme.example")),
        _state(rig, "tag", add=("refund",), remove=("old",)),
        _state(rig, "priority", priority="high"),
        _state(rig, "snooze", until=until),
    )
    assert thread["assignee"] == SAM
    assert thread["labels"] == ["vip", "refund"]
    assert (thread["priority"], thread["status"]) == ("high", "snoozed")
    assert thread["snoozed_until"] == "2027-01-04T09:00:00.000Z"
    told = look(rig)
    assert [(one.status, one.until) for one in _of(told, StatusSet)] == [("snoozed", until)]
    _performed(rig, _state(rig, "assign"), _state(rig, "priority", priority="normal"), _state(rig, "reopen"))
    assert (thread["priority"], thread["status"]) == ("medium", "open")
    _performed(rig, _state(rig, "assign", assignee=None))
    nobody = dict(thread)
    _performed(rig, _state(rig, "assign", assignee=Person(me=True)))
    assert (nobody["assignee"], thread["assignee"]) == (None, 1)
    _performed(rig, _state(rig, "complete", seen=question.id, targets=(question.id or "",)))
    assert thread["status"] == "resolved"


def test_a_complete_that_a_new_message_has_overtaken_is_not_done(
    rig: ChatwootRig, server: FakeChatwoot
) -> None:
    question = asked(rig)
    rig.customer_writes("wait, one more thing")
    with pytest.raises(Rejected):
        _performed(rig, _state(rig, "complete", seen=question.id, targets=(question.id or "",)))
    assert server.conversations[rig.thread]["status"] == "open"


@pytest.mark.parametrize(
    ("out", "error"),
    [
        ({"type": "snooze", "until": 1799053200000, "until_reply": False}, Unsupported),
        ({"type": "pending"}, Unsupported),
        ({"type": "assign", "assignee": Person("Nobody", "nobody@acme.example")}, Rejected),
        ({"type": "tag", "add": ("a,b",)}, Rejected),
        ({"type": "complete", "conversation": "no number"}, Rejected),
        ({"type": "start", "medium": "messenger", "to": (Person(handle="7711"),), "text": "hi"}, Rejected),
        (
            {"type": "start", "medium": "mail", "to": (Person(handle="a@b.example"),), "forwards": "1"},
            Rejected,
        ),
        ({"type": "reply", "medium": "whatsapp", "text": "x" * 5000}, Rejected),
        ({"type": "reply", "medium": "instagram", "text": "환불" * 200}, Rejected),
        ({"type": "reply", "medium": "post", "text": "환불" * 100}, Rejected),
        ({"type": "reply", "text": "x", "files": (File("x", "text/plain", "x"),) * 16}, Rejected),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_is(
    rig: ChatwootRig, server: FakeChatwoot, out: dict[str, Any], error: type[ChannelError]
) -> None:
    asked(rig)
    with pytest.raises(error):
        _performed(rig, replace(_state(rig, "reply"), **out))
    assert [one for one in server.asked if one.method != "GET"] == []


def test_pending_is_set_there_only_where_the_team_wants_it(rig: ChatwootRig, server: FakeChatwoot) -> None:
    asked(rig)
    _performed(rig, _state(rig, "pending"), pending=True)
    assert server.conversations[rig.thread]["status"] == "pending"


def test_a_mail_goes_to_whom_the_agent_has_named(rig: ChatwootRig, server: FakeChatwoot) -> None:
    dana = server.contact("Dana", MAIL, "dana@ortiz.example", email="dana@ortiz.example")
    server.write(server.begin(dana, MAIL), "where is it?")
    question = look(rig).received[0]
    out = replace(rig.reply(question, "Here."), cc=(Person(handle="legal@ortiz.example"),))
    assert question.medium == "mail"
    assert question.sender.handle == "dana@ortiz.example"
    _performed(rig, out)
    sent = server.seen_by(dana)[0]["content_attributes"]
    assert sent["to_emails"] == ["dana@ortiz.example"]
    assert sent["cc_emails"] == ["legal@ortiz.example"]


def test_files_go_with_a_reply(rig: ChatwootRig, server: FakeChatwoot, tmp_path: Path) -> None:
    path = tmp_path / "receipt.pdf"
    path.write_bytes(b"%PDF" + bytes(range(256)))
    file = File("Quittung ü.pdf", "application/pdf", str(path))
    _performed(rig, replace(rig.reply(asked(rig), "Here {{ it }} is."), files=(file,)))
    seen = server.seen_by(rig.dana)[0]
    assert (seen["content"], len(seen["attachments"])) == ("Here {{ it }} is.", 1)
    (held,) = [content for _, content in server.files.values()]
    assert held == path.read_bytes()
    with pytest.raises(Rejected):
        _performed(
            rig, replace(rig.reply(asked(rig), "No."), files=(replace(file, path=str(tmp_path / "gone")),))
        )


def test_a_closed_window_takes_a_template_and_a_note(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.closes_window("too long ago")
    question = look(rig, text="too long ago").received[0]
    template = do(rig, lambda channel: channel.check()).canned[-1].template
    out = replace(rig.reply(question, "Hello Dana, your parcel 8841 is ready."), template=template)
    _performed(
        rig, replace(out, values=(("1", "Dana"), ("2", "8841"))), replace(out, type="note", template="")
    )
    (seen,) = server.seen_by(rig.dana)
    assert seen["template_params"] == {
        "name": "parcel_ready",
        "category": "UTILITY",
        "language": "en",
        "processed_params": {"body": {"1": "Dana", "2": "8841"}},
    }
    assert seen["status"] == "sent"


def test_a_window_that_is_not_as_the_medium_has_it_is_told(rig: ChatwootRig, server: FakeChatwoot) -> None:
    server.human_agent = True
    kim = server.contact("Kim", PAGE, "7711")
    wrote = server.write(server.begin(kim, PAGE), "hello?", ago_s=2 * DAY_S)["created_at"]
    terms = _of(look(rig), Terms)[0]
    assert terms.window_ends == (wrote + 7 * DAY_S) * 1000
    caps = do(rig, lambda channel: channel.check()).caps
    assert (caps.window("messenger"), caps.window("instagram"), caps.window("chat")) == (DAY_S, DAY_S, None)


_LAST, _WALL = 1_000_000_000, 1_000_000_000 + 3_600_000
_HOUR_S = 3600


@pytest.mark.parametrize(
    ("can_reply", "window_s", "usual_s", "ends", "refused"),
    [
        (True, 2 * _HOUR_S, 2 * _HOUR_S, None, False),
        (True, 2 * _HOUR_S, None, _LAST + 7_200_000, False),
        (False, 2 * _HOUR_S, 2 * _HOUR_S, 7, False),
        (False, _HOUR_S // 2, _HOUR_S // 2, None, False),
        (True, _HOUR_S // 2, _HOUR_S // 2, _LAST + 7 * DAY_S * 1000, False),
        (True, None, None, None, False),
        (False, None, None, None, True),
    ],
)
def test_the_end_of_a_window_is_the_servers_word(
    can_reply: bool, window_s: int | None, usual_s: int | None, ends: int | None, refused: bool
) -> None:
    now = fields.fields({"id": 1, "can_reply": can_reply, "updated_at": 0.007}, US, 0)
    before = fields.Before(last_in=_LAST, window_s=window_s, usual_s=usual_s)
    (terms,) = (one for one in fields.changes(now, before, wall=_WALL, bot=None) if isinstance(one, Terms))
    assert (terms.window_ends, bool(terms.refuses)) == (ends, refused)
    known = before._replace(terms=terms)
    assert not [one for one in fields.changes(now, known, wall=_WALL, bot=None) if isinstance(one, Terms)]


@pytest.mark.parametrize(
    ("medium", "inbox", "handle"), [("mail", MAIL, "lena@vogt.example"), ("sms", SMS, "+4915112345")]
)
def test_somebody_can_be_written_to_first(
    rig: ChatwootRig, server: FakeChatwoot, medium: str, inbox: int, handle: str
) -> None:
    now = int(time.time() * 1000)
    out = Outgoing(
        key="k-9",
        type="start",
        at=now,
        medium=medium,
        subject="Your parcel",
        text="It is here.",
        to=(Person("Lena", handle),),
    )
    (receipt,) = _performed(rig, out)
    (lena,) = [id_ for id_, one in server.contacts.items() if one["name"] == "Lena"]
    assert [str(one["id"]) for one in server.seen_by(lena)] == [receipt.id]
    thread = server.conversations[int(receipt.conversation or 0)]
    assert (thread["inbox_id"], thread["contact"]) == (inbox, lena)
    assert do(rig, lambda channel: channel.find(out)) == Found(id=receipt.id, at=ANY)
    (again,) = _performed(rig, replace(out, key="k-10", text="And another."))
    assert again.conversation != receipt.conversation
    assert len([one for one in server.contacts.values() if one["name"] == "Lena"]) == 1


def test_quotes_and_marks_of_reading_are_left_only_where_the_agent_wants_them(
    rig: ChatwootRig, server: FakeChatwoot
) -> None:
    question = asked(rig)

    def traces() -> tuple[object, bool]:
        read = any(one.path.endswith("/update_last_seen") for one in server.asked)
        return server.seen_by(rig.dana)[-1]["content_attributes"].get("in_reply_to"), read

    _performed(rig, rig.reply(question, "It leaves today."))
    assert traces() == (None, False)
    server.fail("status", r"POST .*/update_last_seen", status=500)
    _performed(rig, rig.reply(question, "It has left."), quotes=True, marks_read=True)
    assert traces() == (int(question.id or 0), True)
    assert len(rig.customer_saw()) == 2


# --- was it done? ---


def test_a_request_that_the_server_still_has_in_hand_is_waited_for(
    rig: ChatwootRig, server: FakeChatwoot
) -> None:
    question = asked(rig)
    out = replace(rig.reply(question, "It leaves today."), at=int(time.time() * 1000))

    async def whole() -> object:
        channel = rig.open()
        try:
            await channel.check()
            server.fail("drop", r"POST .*/messages")
            with pytest.raises(Unconfirmed):
                await channel.perform(out)
            looking = asyncio.ensure_future(channel.find(out))
            while not any(one.method == "GET" and "/messages" in one.path for one in server.asked[-1:]):
                await asyncio.sleep(0.01)
            server.answer(rig.thread, "It leaves today.", agent=1, echo_id="k-1")
            return await looking
        finally:
            await channel.aclose()

    assert isinstance(run(whole), Found)


def test_the_same_words_a_moment_ago_are_not_these(rig: ChatwootRig) -> None:
    first = replace(rig.reply(asked(rig), "It leaves today."), at=int(time.time() * 1000))

    async def whole() -> object:
        channel = rig.open()
        try:
            await channel.perform(first)
            return await channel.find(replace(first, key="k-2", at=first.at + 10))
        finally:
            await channel.aclose()

    assert isinstance(run(whole), Missing)


def test_a_colleagues_equal_words_are_not_ours(rig: ChatwootRig, server: FakeChatwoot) -> None:
    out = rig.reply(asked(rig), "It leaves today.")
    server.answer(rig.thread, "It leaves today.", agent=SAM)
    server.answer(rig.thread, "It leaves today.", agent=1, private=True)
    assert isinstance(do(rig, lambda channel: channel.find(out)), Missing)


def test_what_the_agent_may_not_do_is_no_bad_token(rig: ChatwootRig, server: FakeChatwoot) -> None:
    asked(rig)
    said = {"error": "You are not authorized to do this action"}
    server.fail("status", r"POST .*/toggle_status", status=401, json=said)
    with pytest.raises(Rejected):
        _performed(rig, _state(rig, "complete"))


def test_a_token_that_a_proxy_has_dropped_is_named(rig: ChatwootRig, server: FakeChatwoot) -> None:
    said = {"errors": ["You need to sign in or sign up before continuing."]}
    server.fail("status", r"GET .*/profile", status=401, json=said)
    with pytest.raises(AuthFailed, match="underscore"):
        do(rig, lambda channel: channel.check())


# --- who and what there is ---


def test_canned_replies_macros_and_templates_are_read_in(rig: ChatwootRig, server: FakeChatwoot) -> None:
    server.macros = [
        {
            "id": 1,
            "name": "Close kindly",
            "actions": [
                {"action_name": "send_message", "action_params": ["Glad to help."]},
                {"action_name": "resolve_conversation", "action_params": []},
            ],
        }
    ]
    checked = do(rig, lambda channel: channel.check())
    assert [(one.name, one.text) for one in checked.canned] == [
        ("thanks", "Thank you, {{contact.name}}!"),
        ("Close kindly", "Glad to help."),
        ("parcel_ready-en", "Hello {{1}}, your parcel {{2}} is ready."),
    ]
    assert any("resolve conversation" in finding for finding in checked.findings)
    assert any("Ana" in finding and "Online" in finding for finding in checked.findings)
    assert checked.identity.handle == "ana@acme.example"
    assert [(one.handle, one.me) for one in checked.agents] == [
        ("ana@acme.example", True),
        ("sam@acme.example", False),
    ]
    assert checked.troubles == ()


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Hi {{contact.name}}, {{ agent.email }}", "Hi {{contact.name}}, {{agent.address}}"),
        (
            "{{ contact.phone_number }} {{contact.custom_attribute.plan}}",
            "{{contact.phone}} {{contact.plan}}",
        ),
        ("{{conversation.display_id}}", "{{conversation.display_id}}"),
    ],
)
def test_a_value_is_called_in_a_canned_reply_as_it_is_here(theirs: str, ours: str) -> None:
    assert people.canned(theirs) == ours


def test_what_an_administrator_has_to_do_is_said(rig: ChatwootRig, server: FakeChatwoot) -> None:
    server.inboxes = {}
    assert "Collaborators" in do(rig, lambda channel: channel.check()).troubles[0]
    server.inboxes = {PAGE: ("Our page", "Channel::FacebookPage")}
    server.broken = {PAGE}
    assert "Our page" in do(rig, lambda channel: channel.check()).troubles[0]


def test_a_server_without_macros_is_read_all_the_same(rig: ChatwootRig, server: FakeChatwoot) -> None:
    server.fail("status", r"GET .*/macros", status=404)
    assert do(rig, lambda channel: channel.check()).canned


def test_which_account_has_to_be_said_where_there_are_several(rig: ChatwootRig) -> None:
    async def check(account: int) -> Person:
        channel = rig.open(account=account)
        try:
            return (await channel.check()).identity
        finally:
            await channel.aclose()

    assert run(lambda: check(3)).name == "Ana"
    with pytest.raises(ConfigError, match="Acme"):
        run(lambda: check(4))


@pytest.mark.parametrize(
    ("raw", "conversation", "medium", "window_s"),
    [
        ({"channel_type": "Channel::TwilioSms", "medium": "whatsapp"}, {}, "whatsapp", DAY_S),
        ({"channel_type": "Channel::TwilioSms", "medium": "sms"}, {}, "sms", None),
        ({"channel_type": "Channel::Whatsapp", "provider": "whatsapp_light"}, {}, "whatsapp", None),
        ({"channel_type": "Channel::FacebookPage"}, {"type": "instagram_direct_message"}, "instagram", DAY_S),
        ({"channel_type": "Channel::TwitterProfile"}, {"type": "tweet"}, "post", None),
        ({"channel_type": "Channel::TwitterProfile"}, {"type": "direct_message"}, "dm", None),
        ({"channel_type": "Channel::Telegram"}, {}, "telegram", None),
        ({"channel_type": "Channel::Hologram"}, {}, "hologram", None),
        ({}, {}, "chat", None),
    ],
)
def test_each_inbox_has_its_medium_and_its_window(
    raw: dict[str, Any], conversation: dict[str, Any], medium: str, window_s: int | None
) -> None:
    place = people.inbox({"id": 1, "name": "x", **raw})
    assert people.medium_in({"additional_attributes": conversation}, place) == medium
    assert place.window_s == window_s


def test_an_inbox_of_a_program_may_have_a_window_of_its_own_and_meta_may_allow_a_week() -> None:
    hours = {"channel_type": "Channel::Api", "additional_attributes": {"agent_reply_time_window": "12"}}
    assert people.inbox(hours).window_s == 12 * 3600
    page = {"channel_type": "Channel::Instagram"}
    assert people.inbox(page, human_agent=True).window_s == 7 * DAY_S


@pytest.mark.parametrize(
    ("said", "field", "by"),
    [
        ("Conversation was marked resolved by Sam", "status", US.agents[SAM]),
        ("Conversation was marked resolved by Sam due to inactivity", "status", US.agents[SAM]),
        ("Conversation was marked resolved by system due to 3 hours", "status", Person("system", kind="auto")),
        ("Conversation was resolved by Sam", "status", Person("Sam")),
        ("Conversation was reopened by Automation System", "status", Person("Automation System", kind="auto")),
        ("Conversation was snoozed by Sam", "status", US.agents[SAM]),
        ("Assigned to Ana via billing by Sam", "assignee", US.agents[SAM]),
        ("Assigned to billing by Sam", "team", US.agents[SAM]),
        ("Unassigned from billing by Sam", "team", US.agents[SAM]),
        ("Sam changed the priority from low to urgent", "priority", US.agents[SAM]),
        ("Sam removed the priority", "priority", US.agents[SAM]),
        ("Sam removed vip, gold-1", "tags", US.agents[SAM]),
    ],
)  # fmt: skip
def test_who_did_what_is_read_from_the_threads_own_words(said: str, field: str, by: Person) -> None:
    """A customer may call themselves as an agent does: who closes their own chat is nobody of us."""
    done = activities.read(said, US)
    assert done is not None
    assert (done.field, done.by) == (field, by)


@pytest.mark.parametrize(
    "said", ["Sam has muted the conversation", "Sam added SLA policy gold", "", "resuelta"]
)
def test_words_that_are_not_known_are_a_note(said: str) -> None:
    assert activities.read(said, US) is None
    told = activities.events({"id": 7, "content": said}, "1", US, 0)
    assert [(one.id, one.text) for one in told if isinstance(one, NoteSeen)] == (
        [("7", said)] if said else []
    )


@pytest.mark.parametrize(
    "address",
    ["ü", "/rails/ü.pdf", "http://[::1", "javascript:x", "file:///etc/passwd", "//", "http://\x00", " "],
)
def test_a_file_that_lies_nowhere_is_refused(rig: ChatwootRig, server: FakeChatwoot, address: str) -> None:
    rig.sends_file("box.bin", b"box")
    server.messages[-1]["attachments"][0]["data_url"] = address
    ref = look(rig).received[0].attachments[0].ref

    async def fetch(channel: Chatwoot) -> None:
        async for _ in channel.fetch(ref):
            pass

    with pytest.raises(ChannelError):
        do(rig, lambda channel: fetch(channel))  # type: ignore[arg-type]


def test_a_form_and_a_mail_without_plain_text_are_read() -> None:
    thread = parse.Thread("1", "mail", Person("Dana", "dana@ortiz.example"))
    mail = {"html_content": {"full": "<p>Hello <b>there</b></p>"}}
    raw: dict[str, Any] = {"id": 1, "message_type": 0, "content_attributes": {"email": mail}}
    (read,) = parse.message(raw, thread, US, 0)
    values = [{"name": "size", "value": "M"}]
    raw = {
        "id": 2,
        "message_type": 1,
        "content_type": "form",
        "content_attributes": {"submitted_values": values},
    }
    told = parse.message(raw, thread, US, 0)[-1]
    assert isinstance(read, Received)
    assert isinstance(told, Received)
    assert (read.text, told.text) == ("Hello there", "size: M")


# --- untrusted everything ---

_JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["id", "name", "type"]), st.integers(), max_size=2),
)


@st.composite
def _mutated(draw: st.DrawFn) -> Any:
    """A recorded body with some of its values replaced."""
    name = draw(st.sampled_from(sorted((RECORDED / "chatwoot").glob("*.json"))))
    body = json.loads(name.read_text(encoding="utf-8"))
    for _ in range(draw(st.integers(1, 6))):
        at: Any = draw(st.sampled_from([body["conversation"], body["contact"], *body["messages"]]))
        while isinstance(at, dict) and at:
            key = draw(st.sampled_from(sorted(at)))
            if not isinstance(at[key], dict | list) or not at[key] or draw(st.booleans()):
                at[key] = draw(_JUNK)
                break
            at = (
                at[key]
                if isinstance(at[key], dict)
                else next((x for x in at[key] if isinstance(x, dict)), {})
            )
    return body


def test_a_message_that_nothing_can_read_is_shown_as_such() -> None:
    rating = {"csat_survey_response": {"rating": 10**400}}
    raw = {"id": 7, "message_type": 3, "created_at": 1, "content_attributes": {"submitted_values": rating}}
    (told,) = parse.message(raw, parse.Thread("1", "chat", Person("Dana", "contact-1")), US, 0)
    assert isinstance(told, Received)
    assert (told.id, told.kind, bool(told.text)) == ("7", "unreadable", True)


@given(_mutated())
def test_no_body_is_a_crash_and_no_message_is_lost(body: Any) -> None:
    told = [vocabulary.dump(event) for event in ChatwootRig.parse(None, "", body)]  # type: ignore[arg-type]
    known = {str(event["id"]).removeprefix("activity:") for event in told if "id" in event}
    for one in body["messages"]:
        if isinstance(one.get("id"), int | str) and not isinstance(one["id"], bool) and one["id"] != "":
            silent = "Assigned to" in str(one.get("content")) or one.get("message_type") in (
                2,
                "2",
                "activity",
            )
            assert str(one["id"]) in known or silent
