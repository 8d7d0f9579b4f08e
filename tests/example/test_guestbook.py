"""The guestbook keeps the contract of all channels, and what is its own besides."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest
from fake_guestbook import ANA, DANA, SAM, FakeGuestbook
from tests.channels.contract import CANARY, Contract, Rig, Trouble, asked, do, look, site
from tuidesk_guestbook import Guestbook, GuestbookOptions, happened

from tuidesk.domain.events import ChannelEvent, ContactSeen, StatusSet
from tuidesk.domain.model import File
from tuidesk.errors import Rejected

_READ, _SEND = r"GET .*/log", r"POST .*/answers"


class GuestbookRig(Rig):
    kind = "guestbook"
    recorded = Path(__file__).with_name("recorded")

    def __init__(self, server: FakeGuestbook, folder: Path) -> None:
        self.server = server
        self._folder = folder

    def open(self) -> Guestbook:
        return Guestbook(GuestbookOptions(self.server.base, poll_s=0.05), site(self._folder))

    def customer_writes(self, text: str) -> None:
        self.server.happens("entry", DANA, text=text)

    def customer_saw(self) -> list[str]:
        return self.server.answers()

    def trouble(self, what: Trouble, on: Literal["read", "send"]) -> None:
        self.server.fail(what, _SEND if on == "send" else _READ)

    def answers(self, status: int, on: Literal["read", "send"], headers: dict[str, str]) -> None:
        self.server.fail("status", _SEND if on == "send" else _READ, status=status, headers=headers)

    def heal(self) -> None:
        self.server.heal()

    def sends_file(self, name: str, content: bytes) -> None:
        self.server.photos["p1"] = content
        self.server.happens("entry", DANA, text="look", photo={"id": "p1", "name": name})

    def writes_unknown(self) -> str:
        return str(self.server.happens("drawing", DANA)["id"])

    def parse(self, name: str, body: Any) -> Sequence[ChannelEvent]:  # noqa: ARG002 - all are lines of the log
        return [event for item in body["log"] for event in happened(item, "ana", 0)]


@pytest.fixture
def website() -> Iterator[FakeGuestbook]:
    with FakeGuestbook(CANARY) as website:
        yield website


@pytest.fixture
def rig(website: FakeGuestbook, tmp_path: Path) -> GuestbookRig:
    return GuestbookRig(website, tmp_path / "account")


class TestContract(Contract):
    """The guestbook's."""


@pytest.mark.parametrize(("kind", "line"), [("complete", "closed"), ("reopen", "opened")])
def test_complete_closes_a_thread_and_reopen_opens_it(
    rig: GuestbookRig, website: FakeGuestbook, kind: str, line: str
) -> None:
    out = replace(rig.reply(asked(rig), ""), type=kind)
    do(rig, lambda channel: channel.perform(out))
    assert [one["kind"] for one in website.log] == ["entry", line]


def test_what_a_colleague_does_there_comes_with_who_did_it(rig: GuestbookRig, website: FakeGuestbook) -> None:
    asked(rig)
    website.happens("answer", SAM, text="It is with the carrier.")
    website.happens("closed", SAM)
    found = look(rig)
    assert [(one.sender.name, one.sender.me) for one in found.sent] == [("Sam", False)]
    assert [(one.status, one.by.name) for one in found.events if isinstance(one, StatusSet) and one.by] == [
        ("complete", "Sam")
    ]


def test_what_i_write_on_the_website_itself_is_mine(rig: GuestbookRig, website: FakeGuestbook) -> None:
    asked(rig)
    website.happens("answer", ANA, text="written there")
    assert [one.sender.me for one in look(rig).sent] == [True]


def test_what_a_visitor_says_of_themselves_is_told(rig: GuestbookRig) -> None:
    asked(rig)
    (contact,) = [one for one in look(rig).events if isinstance(one, ContactSeen)]
    assert (contact.name, contact.fields) == ("Dana Ortiz", (("home", "https://dana.example"),))


def test_a_token_that_may_not_answer_is_said_before_anybody_answers(
    rig: GuestbookRig, website: FakeGuestbook
) -> None:
    website.may_answer = False
    assert "may read, but not answer" in do(rig, lambda channel: channel.check()).troubles[0]


def test_a_file_is_refused_and_nothing_is_sent(rig: GuestbookRig, website: FakeGuestbook) -> None:
    out = replace(rig.reply(asked(rig), "see"), files=(File("a.png", "image/png", "/nowhere"),))
    with pytest.raises(Rejected, match="no files"):
        do(rig, lambda channel: channel.perform(out))
    assert website.answers() == []
