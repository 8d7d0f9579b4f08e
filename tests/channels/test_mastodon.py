"""Mastodon: the contract on a strict fake, and what threads, visibility and streams are there."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.channels.contract import (
    CANARY,
    Contract,
    Pulled,
    Rig,
    Trouble,
    asked,
    do,
    look,
    odd_values,
    pull,
    run,
    said_in,
    site,
)
from tests.fakes.mastodon import DANA, SAM, US, FakeMastodon
from tuidesk.channels.mastodon import parse
from tuidesk.channels.mastodon.adapter import Mastodon, MastodonOptions
from tuidesk.domain.events import ChannelEvent, ContactSeen, Deleted, Edited, Received
from tuidesk.domain.model import File, Person
from tuidesk.domain.outgoing import Found, Outgoing, Unsure
from tuidesk.errors import Rejected, Unavailable
from tuidesk.wire.loose import obj

_SEND = r"POST /api/v1/statuses"
_READ = r"GET /api/v1/notifications"


class MastodonRig(Rig):
    kind = "mastodon"

    def __init__(self, server: FakeMastodon, folder: Path) -> None:
        self.server = server
        self._folder = folder
        self._last: str | None = None

    def open(self) -> Mastodon:
        return Mastodon(MastodonOptions(server=self.server.base, poll_s=0.1), site(self._folder))

    def customer_writes(self, text: str) -> None:
        self._last = self.server.post(DANA, f"@acmehelp {text}", in_reply_to_id=self._last)["id"]

    def customer_saw(self) -> list[str]:
        return [one["text"] for one in self.server.seen_by(DANA)]

    def trouble(self, what: Trouble, on: Literal["read", "send"]) -> None:
        self.server.fail(what, _SEND if on == "send" else _READ)

    def answers(self, status: int, on: Literal["read", "send"], headers: dict[str, str]) -> None:
        self.server.fail("status", _SEND if on == "send" else _READ, status=status, headers=headers)

    def heal(self) -> None:
        self.server.heal()

    def sends_file(self, name: str, content: bytes) -> None:
        media = self.server.attach(name, content, "a broken box")
        self.server.post(DANA, "@acmehelp look at this", media_attachments=[media])

    def writes_unknown(self) -> str:
        poll = {"options": [{"title": "yes"}, {"title": "no"}]}
        return str(self.server.post(DANA, "@acmehelp", content="", poll=poll)["id"])

    def parse(self, name: str, body: Any) -> Sequence[ChannelEvent]:  # noqa: ARG002 - all are statuses
        return [parse.contact(obj(body, "account"), "post"), parse.message(body, "head", US, 0)]


@pytest.fixture
def server() -> Iterator[FakeMastodon]:
    with FakeMastodon(CANARY) as server:
        yield server


@pytest.fixture
def rig(server: FakeMastodon, tmp_path: Path) -> MastodonRig:
    return MastodonRig(server, tmp_path / "account")


class TestContract(Contract):
    """Mastodon's."""


def _replied(rig: MastodonRig, out: Outgoing) -> dict[str, Any]:
    receipt = do(rig, lambda channel: channel.perform(out))
    return next(one for one in rig.server.statuses if one["id"] == receipt.id)


def test_a_thread_is_one_conversation_and_begins_below_our_own_post_to_everybody(
    rig: MastodonRig, server: FakeMastodon
) -> None:
    news = server.post(US, "Our new shop is open")
    danas = server.post(DANA, "@acmehelp where?", in_reply_to_id=news["id"])
    sams = server.post(SAM, "@acmehelp when?", in_reply_to_id=news["id"])
    ours = server.post(US, "@dana in Seoul", in_reply_to_id=danas["id"])
    server.post(DANA, "@acmehelp thanks", in_reply_to_id=ours["id"])
    found = look(rig, text="thanks")
    assert {one.conversation for one in found.received if one.sender.handle == "dana"} == {danas["id"]}
    assert {one.conversation for one in found.received if one.sender.handle == "sam"} == {sams["id"]}
    assert [(one.id, one.conversation) for one in found.sent] == [(ours["id"], danas["id"])]


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private", "direct"])
def test_a_reply_is_as_visible_as_what_it_answers_and_keeps_its_warning(
    rig: MastodonRig, server: FakeMastodon, visibility: str
) -> None:
    server.post(DANA, "@acmehelp my order", visibility=visibility, spoiler_text="parcel")
    question = next(iter(look(rig, text="my order").received))
    assert question.visibility == visibility
    assert question.subject == "parcel"
    reply = _replied(rig, rig.reply(question, "It leaves today."))
    assert (reply["visibility"], reply["spoiler_text"]) == (visibility, "parcel")
    assert reply["in_reply_to_id"] == question.id
    assert reply["text"] == "@dana It leaves today."


def test_a_reply_to_what_may_have_been_for_few_is_for_one(rig: MastodonRig, server: FakeMastodon) -> None:
    posted = server.post(DANA, "@acmehelp for my followers", visibility="private")
    question = next(iter(look(rig, text="my followers").received))
    del posted["visibility"]
    assert _replied(rig, rig.reply(question, "It leaves today."))["visibility"] == "direct"


def test_a_direct_message_that_names_a_stranger_stays_here(rig: MastodonRig, server: FakeMastodon) -> None:
    server.post(DANA, "@acmehelp who is it?", visibility="direct")
    question = next(iter(look(rig, text="who is it").received))
    with pytest.raises(Rejected, match="@sam"):
        do(rig, lambda channel: channel.perform(rig.reply(question, "Ask @sam, he knows.")))
    assert server.seen_by(SAM) == []
    mail = _replied(rig, rig.reply(question, "Write to help@acme.example then.", "k-2"))
    assert mail["text"] == "@dana Write to help@acme.example then."


def test_pictures_go_with_what_they_show_and_are_ready_before_the_status(
    rig: MastodonRig, tmp_path: Path
) -> None:
    picture = tmp_path / "map.png"
    picture.write_bytes(b"png")
    question = asked(rig)
    out = rig.reply(question, "Here.")
    reply = _replied(
        rig, Outgoing(**{**_fields(out), "files": (File("map.png", "image/png", str(picture), alt="a map"),)})
    )
    assert [(one["description"], bool(one["url"])) for one in reply["media_attachments"]] == [("a map", True)]


def _fields(out: Outgoing) -> dict[str, Any]:
    return {name: getattr(out, name) for name in out.__slots__}


def test_a_conversation_can_be_begun_directly(rig: MastodonRig, server: FakeMastodon) -> None:
    out = Outgoing(
        key="k-9", type="start", at=0, medium="dm", text="Your parcel is here.", to=(Person(handle="sam"),)
    )
    receipt = do(rig, lambda channel: channel.perform(out))
    begun = server.seen_by(SAM)
    assert [(one["text"], one["visibility"]) for one in begun] == [("@sam Your parcel is here.", "direct")]
    server.post(SAM, "@acmehelp thanks", visibility="direct", in_reply_to_id=receipt.id)
    assert [one.conversation for one in look(rig, text="thanks").received] == [receipt.conversation]


def test_nobody_is_written_to_who_is_not_there(rig: MastodonRig, server: FakeMastodon) -> None:
    out = Outgoing(key="k-9", type="start", at=0, medium="dm", text="Hello?", to=(Person(handle="@nobody"),))
    with pytest.raises(Rejected, match="@nobody"):
        do(rig, lambda channel: channel.perform(out))
    assert server.statuses == []
    far = replace(out, to=(Person(handle="eve@far.example"),))
    server.elsewhere.append({"id": "9", "acct": "eve@far.example"})
    do(rig, lambda channel: channel.perform(far))
    assert [one["text"] for one in server.statuses] == ["@eve@far.example Hello?"]


def test_the_stream_rings_edits_and_deletions_come_by_it(rig: MastodonRig, server: FakeMastodon) -> None:
    first = server.post(DANA, "@acmehelp one")

    async def whole() -> list[ChannelEvent]:
        channel = rig.open()
        told: list[ChannelEvent] = []
        try:
            async for batch in channel.events("", b""):
                told += batch.events
                if batch.caught_up and not server.streams:
                    continue
                if server.streams and len(told) == 2:
                    await asyncio.to_thread(server.post, DANA, "@acmehelp two", in_reply_to_id=first["id"])
                    changed = (
                        '{"id": "%s", "edited_at": "2026-11-20T12:00:00Z", "content": "<p>one, mended</p>"}'
                    )
                    server.tell("status.update", changed % first["id"])
                    server.tell("delete", first["id"])
                if any(isinstance(one, Deleted) for one in told):
                    return told
        finally:
            await channel.aclose()
        return told

    told = run(whole)
    assert [said_in(one) for one in told if isinstance(one, Received)] == ["@acmehelp one", "@acmehelp two"]
    assert [(one.message, one.text) for one in told if isinstance(one, Edited)] == [
        (first["id"], "one, mended")
    ]
    assert [one.message for one in told if isinstance(one, Deleted)] == [first["id"]]


class _Patient(MastodonRig):
    """Looks when the stream rings, and hardly ever otherwise."""

    def open(self) -> Mastodon:
        return Mastodon(MastodonOptions(server=self.server.base, poll_s=600.0), site(self._folder))


def test_what_comes_while_the_stream_opens_is_not_left_lying(server: FakeMastodon, tmp_path: Path) -> None:
    server.opened = lambda: server.post(DANA, "@acmehelp in between")
    found = look(_Patient(server, tmp_path / "account"), text="in between")
    assert len(found.received) == 1


def test_what_others_do_rings_no_bell(server: FakeMastodon, tmp_path: Path) -> None:
    server.post(DANA, "@acmehelp one")
    sams = server.post(SAM, "my lunch")

    async def whole() -> list[ChannelEvent]:
        channel = _Patient(server, tmp_path / "account").open()
        told: list[ChannelEvent] = []
        rung = False
        try:
            async for batch in channel.events("", b""):
                told += batch.events
                if server.streams and not rung:
                    rung = True
                    for _ in range(50):
                        server.tell("update", json.dumps(sams))
                        server.tell(
                            "notification", json.dumps({"id": "9", "type": "favourite", "status": sams})
                        )
                        server.tell(
                            "status.update", json.dumps({**sams, "edited_at": "2026-11-20T12:00:00Z"})
                        )
                    await asyncio.to_thread(server.post, DANA, "@acmehelp two")
                    server.tell("delete", sams["id"])
                if any(isinstance(one, Deleted) for one in told):
                    return told
        finally:
            await channel.aclose()
        return told

    told = run(whole)
    assert not [one for one in told if isinstance(one, Edited)]
    assert [said_in(one) for one in told if isinstance(one, Received)] == ["@acmehelp one", "@acmehelp two"]
    assert len([one for one in server.asked if one.path == "/api/v1/notifications"]) < 12


def test_those_who_answer_a_thread_of_our_own_are_each_for_themselves(
    rig: MastodonRig, server: FakeMastodon
) -> None:
    first = server.post(US, "Our new shop is open (1/2)")
    second = server.post(US, "from nine to six (2/2)", in_reply_to_id=first["id"])
    before = look(rig)
    danas = server.post(DANA, "@acmehelp on Sundays?", in_reply_to_id=second["id"])
    sams = server.post(SAM, "@acmehelp where?", in_reply_to_id=second["id"])
    after = look(rig, before.cursor, before.state, text="where")
    assert [(one.sender.handle, one.conversation) for one in after.received] == [
        ("dana", danas["id"]),
        ("sam", sams["id"]),
    ]
    assert before.sent == after.sent == []


def test_a_direct_message_that_a_colleague_began_is_told(rig: MastodonRig, server: FakeMastodon) -> None:
    begun = server.post(US, "@dana your parcel is here", visibility="direct")
    found = look(rig).sent
    assert [(one.text, one.conversation, one.visibility) for one in found] == [
        ("your parcel is here", begun["id"], "direct")
    ]


def test_a_reply_is_known_by_what_was_typed_and_not_by_what_is_shown(
    rig: MastodonRig, server: FakeMastodon
) -> None:
    question = asked(rig)
    text = "Ask @sam@far.example: https://shop.example/orders/8841/with/a/long/way/to/go?x=1"
    out = rig.reply(question, text)
    out = replace(out, at=out.at - 60_000)
    do(rig, lambda channel: channel.perform(out))
    assert isinstance(do(rig, lambda channel: channel.find(out)), Found)
    server.keeps_source = False
    assert isinstance(do(rig, lambda channel: channel.find(out)), Unsure)


def test_a_short_page_does_not_say_that_there_is_no_more(rig: MastodonRig, server: FakeMastodon) -> None:
    server.most = 5
    question = asked(rig)
    out = rig.reply(question, "It leaves today.")
    do(rig, lambda channel: channel.perform(out))
    for n in range(5):
        server.post(US, f"@sam number {n}")
    assert isinstance(do(rig, lambda channel: channel.find(out)), Unsure)


def test_handles_end_where_the_server_ends_them(rig: MastodonRig, server: FakeMastodon) -> None:
    server.post(DANA, "@acmehelp who?", visibility="direct")
    question = next(iter(look(rig, text="who").received))
    reply = _replied(rig, rig.reply(question, "You, @dana."))
    assert reply["text"] == "You, @dana."
    again = _replied(rig, rig.reply(question, "And you, @dana@127.0.0.1!", "k-2"))
    assert again["text"] == "And you, @dana@127.0.0.1!"


def test_a_list_that_does_not_move_is_left(
    rig: MastodonRig, server: FakeMastodon, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.post(DANA, "@acmehelp one")
    for one in server.notifications:
        one["id"], one["was"] = "", one["id"]
    monkeypatch.setattr(server, "_listed", lambda _, found: found[:5])
    assert look(rig).caught_up


def test_a_picture_that_does_not_get_ready_sends_nothing(
    rig: MastodonRig, server: FakeMastodon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tuidesk.channels.mastodon.adapter._MEDIA_S", 0.1)
    server.media_ready = False
    picture = tmp_path / "map.png"
    picture.write_bytes(b"png")
    out = replace(rig.reply(asked(rig), "Here."), files=(File("map.png", "image/png", str(picture)),))
    with pytest.raises(Unavailable, match=r"map\.png"):
        do(rig, lambda channel: channel.perform(out))
    assert server.seen_by(DANA) == []


def test_only_servers_that_honour_a_key_are_said_to(rig: MastodonRig, server: FakeMastodon) -> None:
    assert do(rig, lambda channel: channel.check()).caps.idempotent_s == 3600
    server.version = "3.5.3 (compatible; Pixelfed 0.12.3)"
    assert do(rig, lambda channel: channel.check()).caps.idempotent_s == 0


def test_without_streaming_it_looks_now_and_then(rig: MastodonRig, server: FakeMastodon) -> None:
    server.streaming = False

    async def whole() -> Pulled:
        channel = rig.open()
        wrote = False

        def enough(found: Pulled) -> bool:
            nonlocal wrote
            if found.caught_up and not wrote:
                wrote = True
                server.post(DANA, "@acmehelp later")
            return any("later" in said_in(one) for one in found.received)

        try:
            return await pull(channel, until=enough)
        finally:
            await channel.aclose()

    assert run(whole).received


def test_the_customers_profile_is_told(rig: MastodonRig) -> None:
    asked(rig)
    contact = next(one for one in look(rig).events if isinstance(one, ContactSeen))
    assert contact.handle == "dana"
    assert dict(contact.fields) == {
        "Web": "x.example",
        "bio": "I am dana",
        "url": f"{rig.server.base}/@dana",
        "followers": "3",
        "since": "2024-03-01",
        "avatar": "a picture of dana",
    }


def test_a_token_that_may_not_write_is_named(rig: MastodonRig, server: FakeMastodon) -> None:
    server.scopes = ["read"]
    assert "write" in do(rig, lambda channel: channel.check()).troubles[0]


def test_more_than_a_page_is_read_without_gaps_and_a_restart_goes_on_in_the_middle(
    rig: MastodonRig, server: FakeMastodon
) -> None:
    for n in range(95):
        server.post(DANA, f"@acmehelp number {n:03}")

    async def one_batch(cursor: str, state: bytes) -> Pulled:
        channel = rig.open()
        try:
            return await pull(channel, cursor, state, lambda found: bool(found.received) or found.caught_up)
        finally:
            await channel.aclose()

    seen: list[str] = []
    cursor, state = "", b""
    for _ in range(4):
        part = run(lambda: one_batch(cursor, state))  # noqa: B023 - run at once
        seen += [said_in(one).rpartition(" ")[2] for one in part.received]
        cursor, state = part.cursor, part.state
    assert seen == [f"{n:03}" for n in range(95)]


def test_a_hole_or_an_odd_value_anywhere_is_no_crash(rig: MastodonRig) -> None:
    odd_values(rig)
