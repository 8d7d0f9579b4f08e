"""Bluesky directly: the log of direct messages, what was said before it, and that none of it meets the public."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.channels.blueskying import DirectRig, refereed
from tests.channels.contract import CANARY, Pulled, asked, do, look, pull, run, said_in, site
from tests.clock import ManualClock
from tests.desk.home import desk_at, make_home, sync_once
from tests.fakes.bluesky import DANA, SAM, US, FakeBluesky
from tuidesk.channels.bluesky import adapter
from tuidesk.channels.bluesky.adapter import Bluesky, BlueskyOptions
from tuidesk.channels.bluesky.place import key_of
from tuidesk.config.paths import Paths
from tuidesk.domain import commands
from tuidesk.domain.events import Deleted, Received, Terms
from tuidesk.domain.instants import HOUR
from tuidesk.domain.model import File, Person
from tuidesk.domain.outgoing import Missing, Outgoing
from tuidesk.errors import Rejected, Unavailable, Unconfirmed, Unsupported
from tuidesk.wire.channel import Channel

_CHAT = "chat.bsky.convo"


@pytest.fixture
def server() -> Iterator[FakeBluesky]:
    with refereed() as server:
        yield server


@pytest.fixture
def rig(server: FakeBluesky, tmp_path: Path) -> DirectRig:
    return DirectRig(server, tmp_path / "account")


def _watch(rig: DirectRig, enough: Callable[[Pulled], bool], cursor: str = "") -> Pulled:
    async def whole() -> Pulled:
        channel = rig.open()
        try:
            return await pull(channel, cursor, b"", enough)
        finally:
            await channel.aclose()

    return run(whole)


def test_a_conversation_that_was_asked_for_is_accepted_by_the_answer(
    rig: DirectRig, server: FakeBluesky
) -> None:
    question = asked(rig)
    assert (question.medium, question.visibility) == ("dm", "direct")
    convo = server.convos[question.conversation or ""]
    assert convo["requested"] == US, "reading accepts nothing"
    do(rig, lambda channel: channel.perform(rig.reply(question, "See https://shop.example/8841 please.")))
    assert convo["requested"] == ""
    [facet] = server.said[convo["id"]][-1]["facets"]
    assert facet["features"] == [
        {"$type": "app.bsky.richtext.facet#link", "uri": "https://shop.example/8841"}
    ]
    assert server.seen_by(DANA) == []


def test_what_was_said_before_the_log_is_read_so_many_days_back_and_both_sides(
    rig: DirectRig, server: FakeBluesky
) -> None:
    convo = server.convo_of(US, DANA)
    server.says(DANA, convo, "of long ago", sentAt="2020-01-01T00:00:00.000Z")
    for n in range(230):
        server.says(DANA if n % 2 else US, convo, f"number {n:03}")
    server.says(SAM, server.convo_of(US, SAM, request_for=US), "hello")
    said = server.says(DANA, convo, "unsaid")
    server.unsays(convo, said["id"])
    found = look(rig, text="hello")
    said_there = [said_in(one) for one in found.received if one.conversation == convo]
    said_there += [said_in(one) for one in found.sent if one.conversation == convo]
    assert sorted(said_there) == [f"number {n:03}" for n in range(230)]
    assert {one.to for one in found.sent} == {(Person("Dana", "dana.test"),)}
    assert not [one for one in found.events if isinstance(one, Deleted)]


def test_the_log_is_followed_over_many_pages_and_a_restart(rig: DirectRig, server: FakeBluesky) -> None:
    convo = server.convo_of(US, DANA)
    server.says(DANA, convo, "the first")
    before = look(rig, text="the first")
    server.page = 7
    for n in range(40):
        server.says(DANA, convo, f"number {n:03}")
    after = look(rig, before.cursor, before.state, text="number 039")
    assert [said_in(one) for one in after.received] == [f"number {n:03}" for n in range(40)]
    assert look(rig, after.cursor, after.state).received == []


def test_what_the_log_has_forgotten_is_read_after_a_long_absence(rig: DirectRig, server: FakeBluesky) -> None:
    convo = server.convo_of(US, DANA)
    server.says(DANA, convo, "the first")
    before = look(rig, text="the first")
    server.says(DANA, convo, "said while nobody looked")
    server.log.clear()
    long_ago = json.dumps({**json.loads(before.cursor), "log": key_of(before.received[0].at - 2 * HOUR, 0)})
    found = look(rig, long_ago, before.state, text="nobody looked")
    assert [said_in(one) for one in found.received] == ["the first", "said while nobody looked"]


def test_the_log_is_not_trusted_after_hours_without_a_line_either(
    server: FakeBluesky, tmp_path: Path
) -> None:
    clock = ManualClock(at=round(time.time() * 1000))
    options = BlueskyOptions(handle="acmehelp.test", server=server.base, poll_s=0.05)
    convo = server.convo_of(US, DANA)
    server.says(DANA, convo, "the first")

    async def whole() -> list[str]:
        channel = Bluesky(options, site(tmp_path / "account", clock=clock))
        try:
            before = await pull(channel)
            server.says(DANA, convo, "said while there was no line")
            server.log.clear()
            clock.advance(3 * 3600)
            after = await pull(channel, before.cursor, before.state)
            again = await pull(channel, after.cursor, after.state)
            assert again.received == []
        finally:
            await channel.aclose()
        return [said_in(one) for one in after.received]

    assert run(whole)[-1] == "said while there was no line"


def test_what_may_still_be_under_way_is_not_called_missing(
    rig: DirectRig, server: FakeBluesky, tmp_path: Path
) -> None:
    out = rig.reply(asked(rig), "It leaves today.")
    clock = ManualClock(at=out.at)
    options = BlueskyOptions(handle="acmehelp.test", server=server.base)

    async def whole() -> object:
        channel = Bluesky(options, site(tmp_path / "account", clock=clock))
        try:
            await channel.check()
            clock.advance(3600)
            server.fail("drop", rig.sends)
            with pytest.raises(Unconfirmed):
                await channel.perform(out)
            with pytest.raises(Unavailable):
                await channel.find(out)
            clock.advance(60)
            return await channel.find(out)
        finally:
            await channel.aclose()

    assert run(whole) == Missing()


def test_a_new_password_with_less_is_said_after_the_error_that_tells_of_it(
    rig: DirectRig, server: FakeBluesky
) -> None:
    server.says(DANA, server.convo_of(US, DANA), "directly")

    async def whole() -> str:
        channel = rig.open()
        try:
            found = await pull(channel)
            server.privileged = False
            with pytest.raises(Rejected):
                await pull(channel, found.cursor, found.state)
            async for batch in channel.events(found.cursor, found.state):
                if batch.caught_up:
                    return batch.notice
        finally:
            await channel.aclose()
        return ""

    assert "Bad token method" in run(whole)


def test_what_else_happens_in_a_conversation(rig: DirectRig, server: FakeBluesky) -> None:
    convo = server.convo_of(US, DANA)
    ours = server.says(US, convo, "It leaves today.")
    before = look(rig)
    server.reacts(DANA, convo, ours["id"], "👍")
    server.reacts(DANA, convo, ours["id"], "👍", again=True)
    theirs = server.says(DANA, convo, "Thanks", replyTo={"id": ours["id"]})
    server.unsays(convo, theirs["id"])
    server.convos[convo]["kind"]["lockStatus"] = "locked"
    server.happens(convo, "LockConvo", lockedBy={"did": DANA})
    found = look(rig, before.cursor, before.state, text="lock convo")
    told = [one for one in found.events if isinstance(one, Received | Deleted | Terms)]
    put, taken, said, terms, unsaid, locked = told
    assert isinstance(put, Received)
    assert (put.kind, put.text, put.reply_to) == ("reaction", "👍", ours["id"])
    assert isinstance(taken, Deleted)
    assert taken.message == put.id
    assert isinstance(said, Received)
    assert (said.text, said.reply_to) == ("Thanks", ours["id"])
    assert isinstance(unsaid, Deleted)
    assert unsaid.message == said.id
    assert isinstance(locked, Received)
    assert (locked.kind, locked.text) == ("auto", "[lock convo]")
    assert isinstance(terms, Terms)
    assert (terms.conversation, bool(terms.refuses)) == (convo, True)
    with pytest.raises(Rejected, match="The conversation is locked"):
        do(rig, lambda channel: channel.perform(rig.reply(said, "Hello?")))
    assert server.directly_seen_by(DANA, US) == ["It leaves today."]


def test_who_was_blocked_and_is_not_any_more_can_be_answered_again(
    rig: DirectRig, server: FakeBluesky, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "_REVIEW_S", 0.0)
    convo = server.convo_of(US, DANA)
    server.says(DANA, convo, "hello")
    dana = next(one for one in server.convos[convo]["members"] if one["did"] == DANA)
    dana["viewer"] = {"blockedBy": True}

    def terms(found: Pulled) -> list[bool]:
        told = [bool(one.refuses) for one in found.events if isinstance(one, Terms)]
        if told:
            dana["viewer"] = {}
        return told

    assert terms(_watch(rig, lambda found: len(terms(found)) == 2)) == [True, False]


def test_a_group_has_its_name_and_is_answered_as_one(rig: DirectRig, server: FakeBluesky) -> None:
    convo = server.convo_of(US, DANA, SAM)
    kind = {"$type": "chat.bsky.convo.defs#groupConvo", "name": "Order 8841", "lockStatus": "unlocked"}
    server.convos[convo]["kind"] = kind
    server.says(SAM, convo, "who pays?")
    question = look(rig, text="who pays").received[-1]
    assert (question.subject, question.sender.handle) == ("Order 8841", "sam.test")
    do(rig, lambda channel: channel.perform(rig.reply(question, "We do.")))
    assert server.directly_seen_by(DANA, US) == ["We do."]


def _start(*handles: str, **more: Any) -> Outgoing:
    people = tuple(Person(handle=handle) for handle in handles)
    return Outgoing(
        key="k-9", type="start", at=0, medium="dm", text="Your parcel is here.", to=people, **more
    )


@pytest.mark.parametrize("handle", ["sam.test", "@Sam.test", SAM])
def test_a_conversation_is_begun_with_one_person_and_goes_on_there(
    rig: DirectRig, server: FakeBluesky, handle: str
) -> None:
    receipt = do(rig, lambda channel: channel.perform(_start(handle)))
    assert server.directly_seen_by(SAM, US) == ["Your parcel is here."]
    assert receipt.conversation is not None
    server.says(SAM, receipt.conversation, "thanks")
    found = look(rig, text="thanks")
    assert [one.conversation for one in found.received] == [receipt.conversation]
    assert [one.id for one in found.sent] == [receipt.id]


@pytest.mark.parametrize("error", ["MessagesDisabled", "NotFollowedBySender", "BlockedActor"])
def test_who_takes_none_from_us_gets_none_and_the_reason_is_said(
    rig: DirectRig, server: FakeBluesky, error: str
) -> None:
    server.refusing[SAM] = error
    with pytest.raises(Rejected, match=error):
        do(rig, lambda channel: channel.perform(_start("sam.test")))


@pytest.mark.parametrize("handles", [(), ("sam.test", "dana.test"), ("nobody.test",)])
def test_a_start_for_nobody_or_for_several_is_refused(
    rig: DirectRig, server: FakeBluesky, handles: tuple[str, ...]
) -> None:
    with pytest.raises(Rejected):
        do(rig, lambda channel: channel.perform(_start(*handles)))
    assert server.directly_seen_by(SAM, US) == []


def test_whom_it_is_written_to_must_be_there_unless_the_handle_is_an_old_one(rig: DirectRig) -> None:
    question = asked(rig)
    out = rig.reply(question, "It leaves today.")
    with pytest.raises(Rejected, match=r"sam\.test"):
        do(rig, lambda channel: channel.perform(replace(out, to=(Person(handle="sam.test"),))))
    assert rig.customer_saw() == []
    do(rig, lambda channel: channel.perform(replace(out, to=(Person(handle="dana-of-before.test"),))))
    assert rig.customer_saw() == ["It leaves today."]


def test_a_direct_message_has_room_for_more_and_takes_no_files(rig: DirectRig, tmp_path: Path) -> None:
    question = asked(rig)
    do(rig, lambda channel: channel.perform(rig.reply(question, "가" * 1000)))
    with pytest.raises(Rejected, match="1000"):
        do(rig, lambda channel: channel.perform(rig.reply(question, "가" * 1001)))
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    file = File("a.png", "image/png", str(tmp_path / "a.png"))
    with pytest.raises(Rejected):
        do(rig, lambda channel: channel.perform(replace(rig.reply(question, "see"), files=(file,))))
    assert len(rig.customer_saw()) == 1


def test_a_password_without_the_privilege_reads_posts_alone_and_says_so(
    rig: DirectRig, server: FakeBluesky
) -> None:
    question = asked(rig)
    server.privileged = False
    server.asked.clear()
    server.post(DANA, "@acmehelp.test in public")

    async def work(channel: Channel) -> None:
        checked = await channel.check()
        assert "Bad token method" in checked.troubles[0]
        assert checked.caps.performs == {"reply"}
        assert checked.caps.media == ()
        with pytest.raises(Rejected):
            await channel.perform(rig.reply(question, "It leaves today."))
        with pytest.raises(Unsupported):
            await channel.perform(_start("sam.test"))

    do(rig, work)
    assert [said_in(one) for one in look(rig).received] == ["@acmehelp.test in public"]
    assert {one.path.rpartition(".")[2] for one in server.asked if _CHAT in one.path} == {"getLog"}


def test_a_privilege_that_is_given_or_taken_while_it_runs_is_noticed_and_said(
    rig: DirectRig, server: FakeBluesky, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "_REVIEW_S", 0.0)
    server.says(DANA, server.convo_of(US, DANA), "directly")
    server.privileged = False

    async def whole() -> list[bool]:
        channel = rig.open()
        said: list[bool] = []
        try:
            async for batch in channel.events("", b""):
                if batch.caught_up:
                    said.append(bool(batch.notice))
                    server.privileged = True
                if any(isinstance(one, Received) for one in batch.events):
                    return said
        finally:
            await channel.aclose()
        return []

    assert run(whole) == [True]


def test_while_the_server_of_direct_messages_is_away_posts_come_in_and_it_is_said(
    rig: DirectRig, server: FakeBluesky
) -> None:
    server.fail("status", _CHAT, status=502, times=99)
    server.post(DANA, "@acmehelp.test in public")
    found = Pulled([], "", b"")

    def enough(now: Pulled) -> bool:
        found.events[:] = now.events
        return False

    with pytest.raises(Unavailable):
        _watch(rig, enough)
    assert [said_in(one) for one in found.received] == ["@acmehelp.test in public"]


@pytest.fixture
def paths(server: FakeBluesky, tmp_path: Path) -> Paths:
    """A home with the account."""
    account = f'kind = "bluesky"\nserver = "{server.base}"\nhandle = "acmehelp.test"\npoll_s = 0.1\n'
    (tmp_path / "secret").write_text(CANARY)
    (tmp_path / "secret").chmod(0o600)
    return make_home(tmp_path / "home", shop=account + f'secret = {{ file = "{tmp_path / "secret"}" }}\n')


def test_one_person_is_one_customer_in_public_and_directly(server: FakeBluesky, paths: Paths) -> None:
    server.post(DANA, "@acmehelp.test in public")
    server.says(DANA, server.convo_of(US, DANA), "directly")
    server.post(SAM, "@acmehelp.test somebody else")
    with desk_at(paths) as desk:
        assert sync_once(desk) == {}
        rows = desk.read(lambda connection: list(connection.execute(_CUSTOMERS))).result()
    assert [tuple(row) for row in rows] == [("Dana", "dm,post"), ("Sam", "post")]


def test_a_long_answer_is_a_thread_in_public_and_one_message_directly(
    server: FakeBluesky, paths: Paths
) -> None:
    server.post(DANA, "@acmehelp.test in public")
    server.says(DANA, server.convo_of(US, DANA), "directly")
    said = " ".join(f"word{n}" for n in range(90))
    with desk_at(paths) as desk:
        assert sync_once(desk) == {}
        for number in (1, 2):
            desk.do(commands.Reply(conversation=number, text=said, parts=True)).result()
        assert sync_once(desk) == {}
        assert sync_once(desk) == {}
        states = desk.read(lambda connection: list(connection.execute(_OURS))).result()
    parts = [one["record"] for one in server.seen_by(DANA)]
    assert " ".join(one["text"] for one in parts) == said
    above = [one["reply"]["parent"]["uri"] for one in parts]
    assert len(parts) == len(set(above)) == 3
    assert server.directly_seen_by(DANA, US) == [said]
    assert [tuple(row) for row in states] == [("sent", 4)]


_OURS = "SELECT state, count(*) FROM message WHERE direction = 'out' GROUP BY state"
_CUSTOMERS = """
    SELECT contact.name, group_concat(said.medium) FROM
    (SELECT root, medium FROM conversation JOIN contact ON contact.id = conversation.contact ORDER BY medium) AS said
    JOIN contact ON contact.id = said.root GROUP BY said.root ORDER BY contact.name
"""
