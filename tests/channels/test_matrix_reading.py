"""What comes in from Matrix: rooms, gaps, invitations, edits."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.channels.contract import CANARY, Pulled, do, keep, look, pull, pull_on
from tests.channels.matrixing import DANA, MatrixRig, asked, following, of, perform, question, texts
from tests.fakes.matrix import Matrix
from tuidesk.domain.events import (
    ContactSeen,
    Deleted,
    Delivered,
    Edited,
    NoteSeen,
    Received,
    Terms,
)
from tuidesk.domain.instants import DAY
from tuidesk.errors import RateLimited, Rejected
from tuidesk.wire.channel import Batch, Channel


@pytest.fixture
def server() -> Iterator[Matrix]:
    with Matrix(CANARY) as running:
        yield running


@pytest.fixture
def rig(server: Matrix, tmp_path: Path) -> MatrixRig:
    return MatrixRig(server, tmp_path / "account")


# --- threads, replies, visibility ---


def test_an_answer_goes_into_the_thread_of_what_it_answers(rig: MatrixRig) -> None:
    thread = {"rel_type": "m.thread", "event_id": "$root", "is_falling_back": True}
    there = question(rig, "in a thread", **{"m.relates_to": thread})
    outside = question(rig, "outside")
    assert (there.reply_to, outside.reply_to) == ("$root", None)
    perform(rig, rig.reply(there, "I see", "k-1"))
    perform(rig, rig.reply(outside, "*not* _markup_ <b>", "k-2"))
    first, second = rig.server.said(rig.room)
    assert first["m.relates_to"] == {
        "rel_type": "m.thread",
        "event_id": "$root",
        "is_falling_back": False,
        "m.in_reply_to": {"event_id": there.id},
    }
    assert second["m.relates_to"] == {"m.in_reply_to": {"event_id": outside.id}}
    assert second["m.mentions"] == {"user_ids": [DANA]}
    assert second["body"] == "*not* _markup_ <b>"
    assert "formatted_body" not in second


def test_what_is_answered_may_be_gone(rig: MatrixRig) -> None:
    out = replace(rig.reply(question(rig), "still"), reply_to="$nowhere")
    perform(rig, out)
    assert rig.server.said(rig.room)[0]["m.relates_to"] == {"m.in_reply_to": {"event_id": "$nowhere"}}


def test_a_room_that_everybody_can_read_is_public(server: Matrix, rig: MatrixRig) -> None:
    room = server.room(DANA, m__room__join_rules={"join_rule": "public"})
    server.put_state(room, DANA, "m.room.join_rules", "", {"join_rule": "public"})
    server.write(room, DANA, "hello all")
    rig.customer_writes("hello you")
    found = {one.text: one.visibility for one in look(rig).received}
    assert found == {"hello all": "public", "hello you": "direct"}


def test_what_is_for_the_customer_alone_does_not_go_where_everybody_reads(rig: MatrixRig) -> None:
    message = question(rig)
    rig.server.put_state(
        rig.room, DANA, "m.room.history_visibility", "", {"history_visibility": "world_readable"}
    )
    with pytest.raises(Rejected, match="Everybody"):
        perform(rig, rig.reply(message, "between us"))
    perform(rig, replace(rig.reply(message, "to all"), visibility="public"))
    assert rig.customer_saw() == ["to all"]


# --- encryption ---


def test_an_encrypted_room_is_shown_as_such_and_never_answered(rig: MatrixRig) -> None:
    rig.server.put_state(rig.room, DANA, "m.room.encryption", "", {"algorithm": "m.megolm.v1.aes-sha2"})
    rig.server.send(
        rig.room, DANA, "m.room.encrypted", {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x"}
    )
    found = look(rig)
    (terms,) = of(found, Terms)
    assert "encrypted" in terms.refuses
    (message,) = found.received
    assert message.kind == "person"  # somebody waits
    assert message.text == "[encrypted message: tuidesk cannot read it]"
    with pytest.raises(Rejected, match="encrypted"):
        perform(rig, rig.reply(message, "in the clear"))
    assert asked(rig, "/send/") == 0


def test_encryption_that_came_after_the_last_look_holds_as_well(rig: MatrixRig) -> None:
    message = question(rig)
    rig.server.put_state(rig.room, DANA, "m.room.encryption", "", {"algorithm": "m.megolm.v1.aes-sha2"})
    with pytest.raises(Rejected, match="encrypted"):
        perform(rig, rig.reply(message, "in the clear"))
    assert rig.customer_saw() == []


# --- catching up ---


def test_what_was_said_while_nobody_looked_comes_whole_and_in_order(rig: MatrixRig) -> None:
    before = look(rig)
    for place in range(260):
        rig.customer_writes(f"line {place}")
    found = look(rig, before.cursor, before.state)
    assert texts(found) == [f"line {place}" for place in range(260)]
    assert asked(rig, "/messages") == 3


def test_a_gap_that_is_too_much_at_once_is_read_in_pieces(
    rig: MatrixRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tuidesk.channels.matrix.follow._AT_ONCE", 100)
    before = look(rig)
    for place in range(260):
        rig.customer_writes(f"line {place}")
    found = look(rig, before.cursor, before.state)
    assert sorted(map(str, texts(found))) == sorted(f"line {place}" for place in range(260))


def _old(rig: MatrixRig, lines: int, days_ago: float = 1.0) -> None:
    for place in range(lines):
        rig.customer_writes(f"line {place}")
    at = int(time.time() * 1000 - days_ago * DAY)
    for event in rig.room.events:
        event["origin_server_ts"] = at


def test_a_first_sync_reads_so_many_days_back_and_says_how_far_it_is(rig: MatrixRig) -> None:
    _old(rig, 30, days_ago=40)
    for place in range(150):
        rig.customer_writes(f"new {place}")

    batches: list[Batch] = []

    async def whole(channel: Channel) -> None:
        async for batch in channel.events("", b""):
            batches.append(batch)
            if batch.caught_up:
                break

    do(rig, whole)
    said = [event.text for batch in batches for event in batch.events if isinstance(event, Received)]
    assert sorted(map(str, said)) == sorted(f"new {place}" for place in range(150))
    assert batches[0].progress is not None
    assert [batch.caught_up for batch in batches] == [False, False, True]


def test_a_first_sync_that_is_cut_goes_on_where_it_was(rig: MatrixRig) -> None:
    _old(rig, 350)

    async def cut(channel: Channel) -> Pulled:
        found, batches = Pulled([], "", b""), channel.events("", b"")
        async for batch in batches:
            keep(found, batch)
            if len(found.events) > 200:
                break
        return found

    first = do(rig, cut)
    rig.customer_writes("meanwhile")
    pages = asked(rig, "/messages")
    second = look(rig, first.cursor, first.state, text="meanwhile")
    said = {text for text in (*texts(first), *texts(second)) if text}
    assert said == {*(f"line {place}" for place in range(350)), "meanwhile"}
    assert asked(rig, "/messages") - pages < 4  # not from the beginning


def test_a_poll_is_held_by_the_server_and_every_one_is_a_sign_of_life(rig: MatrixRig) -> None:
    found = following(rig, lambda found: "hello" in texts(found), lambda: rig.customer_writes("hello"))
    polls = [one for one in rig.server.asked if one.path.endswith("/sync")]
    assert [one.get("timeout") for one in polls][:2] == ["0", "25000"]
    assert {one.get("set_presence") for one in polls} == {"offline"}
    assert found.cursor.startswith("s")


def test_a_cursor_that_the_server_does_not_know_begins_anew(rig: MatrixRig) -> None:
    rig.customer_writes("still here")
    rig.server.fail(
        "status", "/sync.*since=", status=400, json={"errcode": "M_UNKNOWN", "error": "Invalid token"}
    )
    found = look(rig, "s77", text="still here")
    assert texts(found) == ["still here"]
    assert found.cursor == f"s{rig.server.newest}"


def test_what_a_batch_that_was_not_stored_has_taught_is_taught_again(rig: MatrixRig) -> None:
    """A room that we have just come to, read twice: its history is not what came since the cursor alone."""
    room = rig.server.room(DANA, joined=False)
    for place in range(80):
        rig.server.write(room, DANA, f"before {place}")

    async def whole(channel: Channel) -> tuple[Pulled, Pulled]:
        before = await pull(channel, until=lambda found: bool(found.cursor))
        batches = channel.events(before.cursor, before.state)
        dropped = Pulled([], "", b"")
        while not dropped.received:  # joined, read, and not stored
            keep(dropped, await anext(batches))
        await batches.aclose()  # type: ignore[attr-defined]
        return dropped, await pull(channel, before.cursor, before.state)

    dropped, again = do(rig, whole)
    assert texts(dropped) == texts(again) == [f"before {place}" for place in range(80)]
    assert of(dropped, Terms) == of(again, Terms)
    assert of(again, Terms)


def test_terms_that_were_not_stored_are_told_again(rig: MatrixRig) -> None:
    rig.customer_writes("hello")

    async def whole(channel: Channel) -> tuple[Pulled, Pulled]:
        # what comes after the room proves that it is stored
        before = await pull(channel, until=lambda found: bool(of(found, ContactSeen)))
        rig.server.put_state(rig.room, DANA, "m.room.encryption", "", {"algorithm": "m.megolm.v1.aes-sha2"})
        return await pull(channel, before.cursor), await pull(channel, before.cursor)

    dropped, again = do(rig, whole)
    assert of(dropped, Terms) == of(again, Terms)
    assert of(again, Terms)


def test_a_room_whose_history_cannot_be_had_keeps_nobody_back(
    rig: MatrixRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked for later, and nothing of it is lost."""
    monkeypatch.setattr("tuidesk.channels.matrix.follow._AGAIN_S", 0.2)
    other = rig.server.room("@kim:example.org")
    before = look(rig)
    for place in range(260):
        rig.customer_writes(f"line {place}")
    rig.server.write(other, "@kim:example.org", "anybody?")
    rig.server.fail("status", "/messages", times=2, status=504)

    async def whole(channel: Channel) -> tuple[Pulled, Pulled]:
        first = await pull(channel, before.cursor, before.state)
        second = Pulled([*first.events], first.cursor, first.state)
        for _ in range(2):
            second.caught_up = False
            await asyncio.sleep(0.6)
            await pull_on(channel, second, lambda found: found.caught_up)
        return first, second

    first, second = do(rig, whole)
    assert "anybody?" in texts(first)
    assert {f"line {place}" for place in range(260)} <= set(texts(second))


def test_a_limit_in_the_middle_of_gaps_does_not_begin_anew(rig: MatrixRig) -> None:
    before = look(rig)
    for place in range(260):
        rig.customer_writes(f"line {place}")
    rig.server.fail("status", "/messages", passing=1, status=429, headers={"retry-after": "1"})

    async def whole(channel: Channel) -> Pulled:
        found = Pulled([], before.cursor, before.state)
        with pytest.raises(RateLimited):
            await pull_on(channel, found, lambda found: found.caught_up)
        assert found.cursor != before.cursor, "what was read is stored"
        await asyncio.sleep(1.1)
        await pull_on(channel, found, lambda found: found.caught_up)
        return found

    assert set(texts(do(rig, whole))) == {f"line {place}" for place in range(260)}


def test_what_was_said_and_cannot_be_read_is_said_to_be_missing(rig: MatrixRig) -> None:
    before = look(rig)
    for place in range(60):
        rig.customer_writes(f"line {place}")
    rig.server.fail("status", "/messages", status=403, json={"errcode": "M_FORBIDDEN", "error": "no"})
    found = look(rig, before.cursor, before.state)
    (note,) = of(found, NoteSeen)
    assert (note.conversation, note.by.kind, "cannot be read" in note.text) == (rig.room.id, "auto", True)
    assert texts(found) == [f"line {place}" for place in range(10, 60)]


def test_a_server_that_keeps_no_poll_is_not_asked_without_end(rig: MatrixRig) -> None:
    rig.server.keeps_polls = False
    following(rig, lambda _: asked(rig, "/sync") >= 2)
    began, polls = time.monotonic(), asked(rig, "/sync")
    following(rig, lambda _: time.monotonic() - began > 2.5)
    assert asked(rig, "/sync") - polls < 8


def test_a_message_from_the_beginning_of_time_has_not_waited_since_then(rig: MatrixRig) -> None:
    before = look(rig)
    rig.customer_writes("hello")
    rig.room.events[-1]["origin_server_ts"] = 0
    (message,) = look(rig, before.cursor, before.state).received
    assert abs(message.at - time.time() * 1000) < 60_000


def test_a_bridges_bot_is_nobodys_customer(server: Matrix, rig: MatrixRig) -> None:
    bot, kim = "@whatsappbot:fake.test", "@whatsapp_821055500117:fake.test"
    bridge = {"protocol": {"id": "whatsapp"}, "bridgebot": bot}
    room = server.room(bot, kim, m__bridge=bridge)
    server.write(room, bot, "The bridge is connected.")
    server.write(room, kim, "안녕하세요")
    server.write(room, server.own, "It leaves today.")
    found = look(rig)
    (ours,) = found.sent
    assert (ours.medium, [one.handle for one in ours.to]) == ("whatsapp", [kim])
    assert {one.sender.handle: one.kind for one in found.received} == {bot: "auto", kim: "person"}


# --- invitations ---


def test_invitations_of_servers_that_are_down_are_not_waited_for_one_by_one(
    rig: MatrixRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tuidesk.channels.matrix.invites._JOIN_S", 0.5)
    for place in range(8):
        rig.server.room(f"@spam{place}:example.org", joined=False)
    rig.server.fail("hang", "/join/", times=8)
    began = time.monotonic()
    following(rig, lambda found: "hello" in texts(found), lambda: rig.customer_writes("hello"))
    assert time.monotonic() - began < 3


def test_what_was_said_before_somebody_accepted_by_hand_is_told(server: Matrix, tmp_path: Path) -> None:
    rig = MatrixRig(server, tmp_path / "account", invites="nobody")
    room = server.room(DANA, joined=False)
    server.write(room, DANA, "may I come in?")

    async def invited(channel: Channel) -> Pulled:
        return await pull(channel, until=lambda found: b'"uninvited": ["!' in found.state)

    before = do(rig, invited)
    for place in range(60):
        server.write(room, server.own, f"a word {place}") if place == 59 else server.write(
            room, DANA, f"{place}"
        )
    server.enter(room, server.own)
    found = look(rig, before.cursor, before.state)
    assert "may I come in?" in texts(found)


@pytest.mark.parametrize(
    ("options", "joined"),
    [
        ({}, True),
        ({"invites": "nobody"}, False),
        ({"invites": "listed", "invites_from": ("*.example.org",)}, False),
        ({"invites": "listed", "invites_from": ("example.org",)}, True),
        ({"invites": "listed", "invites_from": ("@d*:example.org",)}, True),
        ({"invites": "nobody", "colleagues": (DANA,)}, True),
    ],
)
def test_invitations_are_accepted_by_rule(
    server: Matrix, tmp_path: Path, options: dict[str, Any], joined: bool
) -> None:
    rig = MatrixRig(server, tmp_path / "account", **options)
    room = server.room(DANA, joined=False)
    server.write(room, DANA, "may I come in?")
    notices: list[str] = []

    async def whole(channel: Channel) -> None:
        async for batch in channel.events("", b""):
            notices.append(batch.notice)
            if any(getattr(event, "text", "") == "may I come in?" for event in batch.events):
                return
            if batch.caught_up and not joined and batch.notice:
                return
            if batch.caught_up:
                server.read(rig.room, DANA, "$wake")  # the next poll need not wait

    do(rig, whole)
    assert (room.membership(server.own) == "join") is joined
    assert any("invitations" in notice for notice in notices) is not joined


def test_one_look_opens_to_whom_it_finds_at_the_door(rig: MatrixRig) -> None:
    room = rig.server.room(DANA, joined=False)
    rig.server.write(room, DANA, "may I come in?")
    assert "may I come in?" in texts(look(rig))


def test_an_invitation_that_cannot_be_accepted_stops_nobody(rig: MatrixRig) -> None:
    room = rig.server.room(DANA, joined=False)
    rig.server.put_state(room, DANA, "m.room.member", rig.server.own, {"membership": "ban"})
    rig.server.invited = [(rig.server.newest, room.id, DANA)]
    rig.server.fail("status", "/join/", status=500)
    found = following(rig, lambda found: "hello" in texts(found), lambda: rig.customer_writes("hello"))
    assert room.membership(rig.server.own) == "ban"
    assert found.received


def test_a_space_is_no_conversation(rig: MatrixRig) -> None:
    room = rig.server.room(DANA, joined=False)
    room.state["m.room.create", ""]["content"]["type"] = "m.space"
    look(rig)
    assert asked(rig, "/join/") == 0


# --- edits, deletions, receipts ---


def test_an_edit_by_its_author_changes_the_message_and_by_another_it_does_not(rig: MatrixRig) -> None:
    rig.server.enter(rig.room, "@eve:example.org")
    message = question(rig)
    after = look(rig)
    change = {"msgtype": "m.text", "body": "Found it"}
    relation = {"rel_type": "m.replace", "event_id": message.id}
    more = {"m.new_content": change, "m.relates_to": relation}
    mine = rig.server.write(rig.room, DANA, "* Found it", **more)
    foreign = rig.server.write(rig.room, "@eve:example.org", "* Give me the money", **more)
    found = look(rig, after.cursor, after.state)
    assert [(edit.id, edit.message, edit.text) for edit in of(found, Edited)] == [
        (mine, message.id, "Found it")
    ]
    assert [one.id for one in found.received] == [foreign]  # it stays a word of hers


def test_what_is_taken_back_is_deleted(rig: MatrixRig) -> None:
    message = question(rig)
    after = look(rig)
    rig.server.redact(rig.room, DANA, str(message.id))
    (gone,) = of(look(rig, after.cursor, after.state), Deleted)
    assert gone.message == message.id
    fresh = look(rig)  # who comes later sees that there was something
    assert [one.text for one in fresh.received] == ["[deleted message]"]


def test_a_customer_who_has_read_is_told_once(rig: MatrixRig) -> None:
    out = rig.reply(question(rig), "It leaves today.")
    receipt = perform(rig, out)

    def reads() -> None:
        rig.server.read(rig.room, DANA, str(receipt.id))
        rig.server.read(rig.room, DANA, str(receipt.id))
        rig.server.read(rig.room, rig.server.own, str(receipt.id))
        rig.customer_writes("thanks")

    found = following(rig, lambda found: "thanks" in texts(found), reads)
    (read,) = of(found, Delivered)
    assert (read.message, read.state, read.by.handle) == (receipt.id, "read", DANA)


def test_a_receipt_of_something_older_says_nothing_of_ours(rig: MatrixRig) -> None:
    message = question(rig)
    perform(rig, rig.reply(message, "It leaves today."))
    time.sleep(0.002)
    rig.server.read(rig.room, DANA, str(message.id))
    assert of(look(rig), Delivered) == []
