"""What goes out to Matrix: files, new rooms, states."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.channels.contract import CANARY, Pulled, do, look, pull
from tests.channels.matrixing import DANA, MatrixRig, asked, following, of, perform, question, texts
from tests.fakes.matrix import Matrix
from tuidesk.domain.events import (
    Assigned,
    ChannelEvent,
    ContactSeen,
    PrioritySet,
    Sent,
    StatusSet,
    Tagged,
    Terms,
)
from tuidesk.domain.model import File, Person
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Receipt, Unsure
from tuidesk.errors import AuthFailed, RateLimited, Rejected, Unconfirmed, Unsupported
from tuidesk.wire.channel import Channel


@pytest.fixture
def server() -> Iterator[Matrix]:
    with Matrix(CANARY) as running:
        yield running


@pytest.fixture
def rig(server: Matrix, tmp_path: Path) -> MatrixRig:
    return MatrixRig(server, tmp_path / "account")


# --- files ---


def _file(tmp_path: Path, name: str, content: bytes, type_: str, alt: str = "") -> File:
    path = tmp_path / name
    path.write_bytes(content)
    return File(name, type_, str(path), alt)


def test_files_go_out_before_the_words_and_are_no_messages_of_their_own(
    rig: MatrixRig, tmp_path: Path
) -> None:
    message = question(rig)
    files = (
        _file(tmp_path, "box.jpg", b"jpeg", "image/jpeg", "The crushed box"),
        _file(tmp_path, "ü.pdf", b"%PDF", "application/pdf"),
    )

    async def whole(channel: Channel) -> tuple[Receipt, Pulled]:
        receipt = await channel.perform(replace(rig.reply(message, "See the pictures"), files=files))
        return receipt, await pull(channel)

    receipt, found = do(rig, whole)
    picture, paper, words = rig.server.said(rig.room)
    assert (picture["msgtype"], picture["body"], picture["filename"]) == (
        "m.image",
        "The crushed box",
        "box.jpg",
    )
    assert (paper["msgtype"], paper["filename"], paper["info"]["size"]) == ("m.file", "ü.pdf", 4)
    assert rig.server.media[paper["url"].rpartition("/")[2]] == (b"%PDF", "application/pdf")
    assert words["body"] == "See the pictures"
    assert len(receipt.ids) == 2
    (echo,) = found.sent
    assert (echo.key, echo.id) == ("k-1", receipt.id)
    elsewhere = look(rig)  # another process shows the files as what they are
    assert [one.attachments[0].name for one in elsewhere.sent if one.attachments] == ["box.jpg", "ü.pdf"]


def test_a_reply_cut_between_its_parts_is_unknown_and_once_more_is_once(
    rig: MatrixRig, tmp_path: Path
) -> None:
    out = replace(rig.reply(question(rig), "See"), files=(_file(tmp_path, "a.txt", b"a", "text/plain"),))
    rig.server.fail("status", "send/m.room.message/k-1$", status=429, headers={"retry-after": "0"})
    with pytest.raises(Unconfirmed):
        perform(rig, out)
    assert rig.customer_saw() == ["a.txt"]
    perform(rig, out)
    assert rig.customer_saw() == ["a.txt", "See"]


def test_a_file_that_is_too_big_is_refused_before_anything_is_shown(rig: MatrixRig, tmp_path: Path) -> None:
    rig.server.most = 10
    out = replace(rig.reply(question(rig), "See"), files=(_file(tmp_path, "a.txt", b"a" * 11, "text/plain"),))
    assert do(rig, lambda channel: channel.check()).caps.attachment_bytes == 10
    with pytest.raises(Rejected, match="too large"):
        perform(rig, out)
    assert rig.customer_saw() == []


def test_a_file_that_is_gone_fails_the_reply_and_is_no_crash(rig: MatrixRig, tmp_path: Path) -> None:
    out = replace(rig.reply(question(rig), "See"), files=(_file(tmp_path, "a.txt", b"a", "text/plain"),))
    (tmp_path / "a.txt").unlink()
    with pytest.raises(Rejected, match="cannot be read"):
        perform(rig, out)
    assert rig.customer_saw() == []


@pytest.mark.parametrize(
    "ref", ["mxc://evil.test", "http://evil.test/x", "mxc://fake.test/../../x", "mxc://a/b/c"]
)
def test_nothing_but_media_is_fetched(rig: MatrixRig, ref: str) -> None:
    async def whole(channel: Channel) -> None:
        with pytest.raises(Rejected):
            [piece async for piece in channel.fetch(ref)]

    do(rig, whole)
    assert asked(rig, "download") == 0


def test_a_server_of_before_authenticated_media_is_asked_the_old_way(rig: MatrixRig) -> None:
    address = rig.server.upload(b"old")
    rig.server.fail("status", "client/v1/media/download", status=404, json={"errcode": "M_UNRECOGNIZED"})

    async def whole(channel: Channel) -> bytes:
        return b"".join([piece async for piece in channel.fetch(address)])

    assert do(rig, whole) == b"old"


# --- a conversation from our side ---


def _start(to: str = DANA, text: str = "About your order") -> Outgoing:
    return Outgoing(
        key="k-9",
        type="start",
        at=int(time.time() * 1000),
        medium="chat",
        text=text,
        to=(Person("Dana", to),),
    )


def test_a_new_room_is_made_once_whatever_is_lost(rig: MatrixRig) -> None:
    rig.server.fail("lose", "createRoom")
    with pytest.raises(Unconfirmed):
        perform(rig, _start())
    assert isinstance(
        do(rig, lambda channel: channel.find(_start())), Missing
    )  # the room is there, the words are not
    first = perform(rig, _start())
    again = perform(rig, _start())
    assert (first.id, first.conversation) == (again.id, again.conversation)
    room = rig.server.rooms[str(first.conversation)]
    assert [content["body"] for content in rig.server.said(room)] == ["About your order"]
    assert room.membership(DANA) == "invite"
    assert do(rig, lambda channel: channel.find(_start())) == Found(first.id, of(look(rig), Sent)[0].at)
    (sent,) = look(rig).sent
    assert (sent.conversation, sent.key) == (first.conversation, "k-9")


def test_a_room_that_never_was_is_missing(rig: MatrixRig) -> None:
    assert isinstance(do(rig, lambda channel: channel.find(_start())), Missing)


def test_a_server_that_encrypts_every_room_gets_no_words_in_the_clear(rig: MatrixRig) -> None:
    rig.server.encrypts_new_rooms = True
    with pytest.raises(Rejected, match="encrypted"):
        perform(rig, _start())
    assert asked(rig, "/send/") == 0


@pytest.mark.parametrize("who", ["dana@example.org", "@dana", "", "@da na:example.org"])
def test_who_has_no_matrix_id_gets_no_room(rig: MatrixRig, who: str) -> None:
    with pytest.raises(Rejected):
        perform(rig, _start(who))
    assert asked(rig, "createRoom") == 0


def test_where_we_spoke_first_the_customer_is_known(rig: MatrixRig) -> None:
    rig.server.write(rig.room, rig.server.own, "written in Element")
    (sent,) = look(rig).sent
    assert sent.to == (Person("Dana", DANA),)
    assert sent.key is None


# --- what is set for the account ---


def _work(rig: MatrixRig, kind: str, **more: Any) -> Outgoing:
    return Outgoing(
        key=f"k-{kind}",
        type=kind,
        at=1_764_000_000_123,
        agent=Person("Sam", "sam@acme.example"),
        conversation=rig.room.id,
        **more,
    )


def test_states_are_seen_by_every_client_of_the_account(rig: MatrixRig) -> None:
    before = look(rig)
    work = [
        _work(rig, "complete", seen="$e1"),
        _work(rig, "snooze", until=1_764_100_000_000, until_reply=False),
        _work(rig, "assign", assignee=Person("Ana", "ana@acme.example")),
        _work(rig, "priority", priority="urgent"),
        _work(rig, "tag", add=("refund", "späti/1"), remove=()),
        _work(rig, "tag", add=(), remove=("refund",)),
    ]
    found = before
    seen: list[ChannelEvent] = []
    for out in work:
        assert perform(rig, out) == Receipt()
        found = look(rig, found.cursor, found.state)
        seen += [event for event in found.events if not isinstance(event, Terms)]
    complete, snoozed, assigned, priority, both, one = seen
    assert isinstance(complete, StatusSet)
    assert isinstance(snoozed, StatusSet)
    assert (complete.status, complete.at, complete.by) == (
        "complete",
        work[0].at,
        Person("Sam", "sam@acme.example"),
    )
    assert (snoozed.status, snoozed.until, snoozed.until_reply) == ("snoozed", 1_764_100_000_000, False)
    assert isinstance(assigned, Assigned)
    assert assigned.to == Person("Ana", "ana@acme.example")
    assert isinstance(priority, PrioritySet)
    assert priority.priority == "urgent"
    assert isinstance(both, Tagged)
    assert isinstance(one, Tagged)
    assert (both.tags, one.tags) == (("refund", "späti/1"), ("späti/1",))
    assert rig.customer_saw() == []


# --- options that leave traces ---


@pytest.mark.parametrize("receipts", ["none", "private", "public"])
def test_reading_leaves_a_trace_only_where_an_option_says_so(
    server: Matrix, tmp_path: Path, receipts: str
) -> None:
    rig = MatrixRig(server, tmp_path / "account", receipts=receipts)
    message = question(rig)
    out = rig.reply(message, "It leaves today.")
    receipt = perform(rig, out)
    for kind in receipt.follow:
        perform(rig, replace(out, type=kind))
    wanted = {"none": [], "private": [(message.id, "m.read.private")], "public": [(message.id, "m.read")]}
    assert [(event, kind) for _, who, event, kind in rig.room.receipts if who == server.own] == wanted[
        receipts
    ]
    assert server.typed == []


def test_typing_is_shown_while_files_are_on_their_way(server: Matrix, tmp_path: Path) -> None:
    rig = MatrixRig(server, tmp_path / "account", typing=True)
    out = replace(rig.reply(question(rig), "See"), files=(_file(tmp_path, "a.txt", b"a", "text/plain"),))
    perform(rig, out)
    assert server.typed == [True, False]


# --- limits, and what is broken ---


def test_a_limit_that_only_the_body_names_is_obeyed(rig: MatrixRig) -> None:
    message = question(rig)
    body = {"errcode": "M_LIMIT_EXCEEDED", "error": "Too fast", "retry_after_ms": 2500}
    rig.server.fail("status", "/send/", status=429, json=body)
    with pytest.raises(RateLimited) as caught:
        perform(rig, rig.reply(message, "hi"))
    assert caught.value.after == 2.5


@pytest.mark.parametrize(
    ("status", "code", "meant"),
    [
        (403, "M_FORBIDDEN", Rejected),
        (403, "M_USER_SUSPENDED", AuthFailed),
        (401, "M_USER_LOCKED", AuthFailed),
        (400, "M_BAD_JSON", Rejected),
        (405, "M_UNRECOGNIZED", Unsupported),
        (502, "M_UNKNOWN", Unconfirmed),
    ],
)
def test_the_servers_own_words_are_passed_on(
    rig: MatrixRig, status: int, code: str, meant: type[Exception]
) -> None:
    out = rig.reply(question(rig), "hi")
    rig.server.fail("status", "/send/", status=status, json={"errcode": code, "error": "Because."})
    with pytest.raises(meant, match="Because"):
        perform(rig, out)


def test_the_same_words_without_our_key_may_be_ours(rig: MatrixRig) -> None:
    out = rig.reply(question(rig), "It leaves today.")
    rig.server.write(rig.room, rig.server.own, "It leaves today.")
    assert isinstance(do(rig, lambda channel: channel.find(out)), Unsure)


def test_a_text_longer_than_an_event_is_refused_and_the_longest_leaves(rig: MatrixRig) -> None:
    message = question(rig)
    with pytest.raises(Rejected):
        perform(rig, rig.reply(message, "ö" * 16_001))
    perform(rig, rig.reply(message, '"\n' * 16_000))
    assert len(rig.customer_saw()) == 1


def test_half_a_character_does_not_hold_the_rest_up(rig: MatrixRig, tmp_path: Path) -> None:
    message = question(rig)
    file = replace(_file(tmp_path, "a.txt", b"a", "text/plain"), name="a\udcff.txt")
    perform(rig, replace(rig.reply(message, "so\ud800 it is "), files=(file,)))
    assert rig.customer_saw() == ["a?.txt", "so? it is"]


def test_a_forward_is_not_what_matrix_has(rig: MatrixRig) -> None:
    with pytest.raises(Unsupported):
        perform(rig, replace(_start(), forwards="$e1"))


def test_a_room_that_has_moved_says_so_and_is_followed(rig: MatrixRig) -> None:
    new = rig.server.room(DANA, joined=False)
    rig.server.invited.clear()
    rig.server.put_state(
        rig.room, DANA, "m.room.tombstone", "", {"body": "moved", "replacement_room": new.id}
    )
    rig.server.write(new, DANA, "here now")

    def moved(found: Pulled) -> bool:
        return "here now" in texts(found)

    found = following(rig, moved, lambda: rig.customer_writes("wake up"))
    assert [terms.refuses for terms in of(found, Terms) if terms.conversation == rig.room.id] == [
        "The room was closed and another has taken its place: answer there"
    ]


@pytest.mark.parametrize(("who", "why"), [(DANA, "Nobody else"), (None, "not in the room")])
def test_who_has_left_cannot_be_answered(rig: MatrixRig, who: str | None, why: str) -> None:
    def leave() -> None:
        rig.server.enter(rig.room, who or rig.server.own, "leave")

    found = following(rig, lambda found: any(terms.refuses for terms in of(found, Terms)), leave)
    assert why in of(found, Terms)[-1].refuses


def test_colleagues_speak_for_our_side(server: Matrix, tmp_path: Path) -> None:
    rig = MatrixRig(server, tmp_path / "account", colleagues=("acme.example", "@bot*:*"))
    for who in ("@sam:acme.example", "@botty:anywhere.test", "@bo:elsewhere.test"):
        server.enter(rig.room, who)
        server.write(rig.room, who, who)
    found = look(rig)
    assert [one.text for one in found.sent] == ["@sam:acme.example", "@botty:anywhere.test"]
    assert [one.text for one in found.received] == ["@bo:elsewhere.test"]


def test_a_customers_profile_comes_after_their_words(rig: MatrixRig) -> None:
    rig.server.profiles[DANA] |= {"m.tz": "Asia/Seoul", "org.acme.plan": "gold", "avatar_url": "mxc://a/b"}

    def introduced(found: Pulled) -> bool:
        return bool(of(found, ContactSeen))

    found = following(rig, introduced, lambda: rig.customer_writes("hello"))
    (seen,) = of(found, ContactSeen)
    assert (seen.medium, seen.handle, seen.name) == ("chat", DANA, "Dana")
    assert dict(seen.fields) == {"timezone": "Asia/Seoul", "plan": "gold"}
    assert texts(found)[-1] == "hello"
