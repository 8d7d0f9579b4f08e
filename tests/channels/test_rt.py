"""Request Tracker: the contract on a fake, and what queues, owners and custom fields are there."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.channels.contract import ANA, CANARY, Contract, Rig, Trouble, asked, do, look, said_in, site
from tests.fakes.rt import AGENT, COLLEAGUE, NOBODY, FakeRt
from tuidesk.channels.rt import parse
from tuidesk.channels.rt.adapter import RequestTracker, RtOptions
from tuidesk.desk.clock import SystemClock
from tuidesk.domain import instants
from tuidesk.domain.events import Assigned, ChannelEvent, ContactSeen, NoteSeen, Received, StatusSet, Terms
from tuidesk.domain.model import File, Person
from tuidesk.domain.outgoing import Missing
from tuidesk.errors import AuthFailed, Rejected, Unavailable, Unconfirmed

_SEND = r"POST .*/correspond"
_READ = r"GET .*/transactions"
_WHEN = instants.parse("2026-11-20T12:50:00Z")
_TOKEN = f"1-{AGENT}-{CANARY}"


class RtRig(Rig):
    kind = "rt"

    def __init__(self, server: FakeRt, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self._ticket: int | None = None

    def open(self, **options: Any) -> RequestTracker:
        return RequestTracker(
            RtOptions(server=self.server.base, poll_s=0.05, **options), site(self.folder, _TOKEN)
        )

    def customer_writes(self, text: str) -> None:
        self._ticket = self.server.mail(text, self._ticket)

    def customer_saw(self) -> list[str]:
        return self.server.mailed

    def trouble(self, what: Trouble, on: Literal["read", "send"]) -> None:
        self.server.fail(what, _SEND if on == "send" else _READ)

    def answers(self, status: int, on: Literal["read", "send"], headers: dict[str, str]) -> None:
        self.server.fail("status", _SEND if on == "send" else _READ, status=status, headers=headers)

    def heal(self) -> None:
        self.server.heal()

    def sends_file(self, name: str, content: bytes) -> None:
        self._ticket = self.server.mail("see the file", self._ticket, (name, content))

    def writes_unknown(self) -> str:
        self._ticket = self.server.mail("BEGIN:VCALENDAR", self._ticket, kind="text/calendar")
        return f"txn-{max(one['id'] for one in self.server.transactions)}"

    def parse(self, name: str, body: Any) -> Sequence[ChannelEvent]:
        ticket = parse.ticket(body["ticket"], body["requestors"])
        said = parse.texts(body["attachments"], {one["id"]: one for one in body["bodies"]})
        event = parse.said(body["transaction"], ticket, said, "agent", 0)
        return [*parse.contacts(ticket, body["requestors"]), event, parse.terms(ticket, _WHEN, name)]


@pytest.fixture
def server() -> Iterator[FakeRt]:
    with FakeRt(_TOKEN) as server:
        yield server


@pytest.fixture
def rig(server: FakeRt, tmp_path: Path) -> RtRig:
    return RtRig(server, tmp_path / "account")


class TestContract(Contract):
    """Request Tracker's."""


def test_what_colleagues_do_comes_with_who_did_it(rig: RtRig, server: FakeRt) -> None:
    ticket = server.mail("Where is my parcel?")
    server.set(ticket, "Owner", COLLEAGUE)
    server.happen("Comment", COLLEAGUE, ticket, text="the carrier lost it")
    server.set(ticket, "Status", "stalled")
    server.set(ticket, "Severity", ["high"])
    server.set(ticket, "Status", "resolved")
    server.set(ticket, "Owner", NOBODY)
    events = look(rig).events
    assert [(one.to.handle if one.to else None) for one in events if isinstance(one, Assigned)] == [
        "sam@acme.example",
        None,
    ]
    assert [one.status for one in events if isinstance(one, StatusSet)] == ["pending", "complete"]
    assert {one.by.name for one in events if isinstance(one, StatusSet | Assigned) and one.by} == {"Sam"}
    assert [(one.text, one.conversation) for one in events if isinstance(one, NoteSeen)] == [
        ("the carrier lost it", str(ticket))
    ]
    last = [one for one in events if isinstance(one, Terms)][-1]
    assert dict(last.fields) == {"queue": "Support", "Severity": "high"}


def test_only_the_queues_that_are_named_are_worked_in(rig: RtRig, server: FakeRt) -> None:
    server.mail("not for us")

    class Elsewhere(RtRig):
        def open(self, **options: Any) -> RequestTracker:
            return super().open(**options, queues=("Sales",))

    elsewhere = Elsewhere(server, rig.folder)
    assert look(elsewhere).events == []
    assert "Sales" in do(elsewhere, lambda channel: channel.check()).troubles[0]


@pytest.mark.parametrize(
    ("kind", "status"), [("complete", "resolved"), ("pending", "stalled"), ("reopen", "open")]
)
def test_states_are_set_there(rig: RtRig, server: FakeRt, kind: str, status: str) -> None:
    question = asked(rig)
    out = replace(rig.reply(question, ""), type=kind)
    do(rig, lambda channel: channel.perform(out))
    assert server.tickets[1]["Status"] == status


def test_assigning_names_whom_rt_knows(rig: RtRig, server: FakeRt) -> None:
    question = asked(rig)
    out = replace(rig.reply(question, ""), type="assign")
    do(rig, lambda channel: channel.perform(replace(out, assignee=ANA)))
    assert server.tickets[1]["Owner"] == AGENT
    do(rig, lambda channel: channel.perform(replace(out, assignee=Person(handle="sam@acme.example"))))
    assert server.tickets[1]["Owner"] == COLLEAGUE
    do(rig, lambda channel: channel.perform(replace(out, assignee=None)))
    assert server.tickets[1]["Owner"] == NOBODY
    with pytest.raises(Rejected, match="does not exist"):
        do(rig, lambda channel: channel.perform(replace(out, assignee=Person(handle="who"))))


def test_who_changed_the_ticket_meanwhile_is_not_overruled(rig: RtRig, server: FakeRt) -> None:
    question = asked(rig)
    server.fail("status", r"PUT .*/ticket/", status=412, json={"message": "Precondition Failed"})
    with pytest.raises(Rejected, match="Precondition"):
        do(rig, lambda channel: channel.perform(replace(rig.reply(question, ""), type="complete")))
    assert [one.headers.get("if-match") for one in server.asked if one.method == "PUT"] != [None]
    assert server.tickets[1]["Status"] == "new"


def test_a_note_is_for_the_team_and_files_go_along(rig: RtRig, server: FakeRt, tmp_path: Path) -> None:
    question = asked(rig)
    file = tmp_path / "box.bin"
    file.write_bytes(b"\0\1\2")
    files = (File("box.bin", "application/octet-stream", str(file)),)
    do(rig, lambda channel: channel.perform(replace(rig.reply(question, "lost"), type="note", files=files)))
    assert server.mailed == []
    assert [one["Type"] for one in server.transactions] == ["Create", "Comment"]
    assert [one["Content"] for one in server.attachments.values()][-2:] == [b"lost", b"\0\1\2"]


def test_what_rt_knows_of_the_customer_is_told(rig: RtRig) -> None:
    asked(rig)
    contact = next(one for one in look(rig).events if isinstance(one, ContactSeen))
    assert (contact.handle, contact.name, dict(contact.fields)) == (
        "dana@example.test",
        "Dana Ortiz",
        {"city": "Seoul"},
    )


def test_more_than_a_page_comes_without_gaps(rig: RtRig, server: FakeRt) -> None:
    ticket = server.mail("number 000")
    before = look(rig, text="number 000")
    for n in range(1, 230):
        server.mail(f"number {n:03}", ticket)
    after = look(rig, before.cursor, before.state, text="number 229")
    assert [said_in(one) for one in after.received] == [
        f"number {n:03}" for n in range(230)
    ]  # the first is young


def _age(server: FakeRt, ago: instants.Instant) -> None:
    """Everything there was happened so long ago."""
    stamp = instants.rfc3339(int(time.time() * 1000) - ago)
    for one in server.transactions:
        one["Created"] = stamp
    for ticket in server.tickets.values():
        ticket["LastUpdated"] = stamp


def test_what_we_may_not_see_hides_nothing_behind_it(rig: RtRig, server: FakeRt) -> None:
    ticket = server.mail("before")
    cursor = look(rig, text="before").cursor
    server.hidden |= {server.happen("Comment", COLLEAGUE, ticket, text="for others") for _ in range(120)}
    server.mail("behind a page of it", ticket)
    assert [said_in(one) for one in look(rig, cursor, text="behind a page").received][-1:] == [
        "behind a page of it"
    ]


def test_what_began_earlier_and_ended_later_is_not_passed_over(rig: RtRig, server: FakeRt) -> None:
    server.mail("one")
    slow = 2
    server.mail("two, whose mails take their time", None)
    late = {one["id"] for one in server.transactions if one["ticket"] == slow}
    server.hidden |= late
    server.mail("three", 1)
    found = look(rig, text="three")
    assert len(found.received) == 2
    server.hidden.clear()
    again = look(rig, found.cursor, found.state, text="two, whose")
    assert "two, whose mails take their time" in [said_in(one) for one in again.received]

    async def once(channel: Any) -> list[str]:
        told: list[str] = []
        looks = 0
        async for batch in channel.events("0", b""):
            told += [said_in(one) for one in batch.events if isinstance(one, Received)]
            looks += batch.caught_up
            if looks == 3:
                break
        return told

    assert sorted(do(rig, once)) == ["one", "three", "two, whose mails take their time"]


def test_the_first_look_goes_on_where_it_was_and_ends_in_what_is_new(rig: RtRig, server: FakeRt) -> None:
    for n in range(3):
        server.mail(f"ticket {n}")
    _age(server, instants.DAY)
    server.hidden |= {server.happen("Comment", COLLEAGUE, 1, text="for others") for _ in range(3)}

    async def first(channel: Any) -> str:
        async for batch in channel.events("", b""):
            if batch.cursor is not None:
                return str(batch.cursor)
        return ""

    cursor = do(rig, first)
    server.mail("and news", 1)
    found = look(rig, cursor, text="and news")
    assert [said_in(one) for one in found.received] == ["ticket 1", "ticket 2", "and news"]
    assert found.cursor.isdigit()


def test_a_text_that_cannot_be_read_keeps_nothing_behind_it_waiting(rig: RtRig, server: FakeRt) -> None:
    ticket = server.mail("not for your eyes")
    server.secret |= set(server.attachments)
    server.mail("x" * 2_000_000, ticket)
    server.mail("after it", ticket)
    found = look(rig, text="after it").received
    assert [(said_in(one)[:8], [file.name[:5] for file in one.attachments]) for one in found] == [
        ("", ["part-"]),
        ("", ["part-"]),
        ("after it", []),
    ]
    server.fail("status", r"GET .*/transaction/\d+/attachments", status=403, json={"message": "Forbidden"})
    assert "Forbidden" in said_in(look(rig, text="after it").received[0])


def test_an_agent_who_does_not_administer_sees_who_has_a_ticket(rig: RtRig, server: FakeRt) -> None:
    server.administers = False
    question = asked(rig)
    server.set(1, "Owner", COLLEAGUE)
    server.set(1, "Owner", NOBODY)
    events = look(rig, text="parcel").events
    assert [(one.to.handle if one.to else None) for one in events if isinstance(one, Assigned)] == [
        "sam@acme.example",
        None,
    ]
    out = replace(rig.reply(question, ""), type="assign")
    do(rig, lambda channel: channel.perform(replace(out, assignee=Person(handle="sam@acme.example"))))
    do(rig, lambda channel: channel.perform(replace(out, assignee=None)))


def test_a_reply_that_rt_is_still_at_is_not_missing(rig: RtRig, server: FakeRt) -> None:
    question = asked(rig)
    out = rig.reply(question, "It leaves today.")
    clock = _Later()

    async def broken(channel: Any) -> list[object]:
        rig.trouble("drop", "send")
        with pytest.raises(Unconfirmed):
            await channel.perform(out)
        with pytest.raises(Unavailable):
            await channel.find(out)
        clock.by = 60.0
        return [await channel.find(out)]

    class Timed(RtRig):
        def open(self, **options: Any) -> RequestTracker:
            return RequestTracker(
                RtOptions(server=self.server.base, **options), site(self.folder, _TOKEN, clock=clock)
            )

    assert do(Timed(server, rig.folder), broken) == [Missing()]


class _Later(SystemClock):
    by = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.by


def test_a_token_of_nobody_we_may_see_is_explained(rig: RtRig, server: FakeRt) -> None:
    del server.users[AGENT]
    with pytest.raises(AuthFailed, match="user"):
        do(rig, lambda channel: channel.check())
