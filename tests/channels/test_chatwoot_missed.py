"""Chatwoot: what was missed is asked for, without gaps and once."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.chatwooting import READ, ChatwootRig, of, state
from tests.channels.contract import (
    CANARY,
    Pulled,
    do,
    keep,
    look,
    pull,
    pull_on,
    run,
    said_in,
)
from tests.fakes.chatwoot import DAY_S, FakeChatwoot
from tuidesk.channels.chatwoot import follow
from tuidesk.channels.chatwoot.adapter import Chatwoot
from tuidesk.domain.events import (
    NoteSeen,
    Received,
    StatusSet,
    Tagged,
)
from tuidesk.errors import (
    Unavailable,
)
from tuidesk.wire.channel import Batch


@pytest.fixture
def server() -> Iterator[FakeChatwoot]:
    with FakeChatwoot(CANARY) as server:
        yield server


@pytest.fixture
def rig(server: FakeChatwoot, tmp_path: Path) -> ChatwootRig:
    return ChatwootRig(server, tmp_path / "account")


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
    status = of(found, StatusSet)
    assert {(one.status, one.by and one.by.name) for one in status} >= {("complete", "Sam")}


def test_a_limit_in_the_middle_of_many_is_waited_for(rig: ChatwootRig, server: FakeChatwoot) -> None:
    for n in range(30):
        server.write(server.begin(server.contact(f"Customer {n}")), f"number {n:02}")
    server.fail("status", r"GET .*/conversations/12/messages", status=429, headers={"retry-after": "1"})
    assert len({one.text for one in look(rig).received}) == 30
    assert [one.path for one in server.asked if "conversations/30/messages" in one.path] == [
        "/api/v1/accounts/3/conversations/30/messages"
    ], "it goes on where it was"


@pytest.mark.parametrize("per_page", [10, 100])
def test_a_page_holds_what_the_server_likes(rig: ChatwootRig, server: FakeChatwoot, per_page: int) -> None:
    server.per_page = per_page
    for n in range(30):
        server.write(server.begin(server.contact(f"Customer {n}")), f"number {n:02}")
    assert len({one.text for one in look(rig).received}) == 30


def test_a_long_first_look_that_breaks_goes_on_where_it_was(rig: ChatwootRig, server: FakeChatwoot) -> None:
    for n in range(130):
        server.write(
            server.begin(server.contact(f"Customer {n}"), created_at=0), f"number {n:03}", ago_s=60 + n
        )

    async def whole() -> Pulled:
        channel = rig.open()
        found = Pulled([], "", b"")
        try:
            server.fail("status", r"GET .*/conversations/125/messages", status=500)
            with pytest.raises(Unavailable):
                await pull_on(channel, found, lambda found: found.caught_up)
            server.write(1, "and another word")
            await pull_on(channel, found, lambda found: found.caught_up)
            return found
        finally:
            await channel.aclose()

    found = run(whole)
    assert {one.text for one in found.received} == {f"number {n:03}" for n in range(130)} | {
        "and another word"
    }
    read = Counter(one.path for one in server.asked if one.path.endswith("/messages"))
    assert read["/api/v1/accounts/3/conversations/2/messages"] == 1
    assert read["/api/v1/accounts/3/conversations/1/messages"] == 2, "there was something new"


def test_what_the_server_lost_before_the_line_broke_is_asked_for(
    rig: ChatwootRig, server: FakeChatwoot
) -> None:
    """However far the websocket's clock has come meanwhile."""
    rig.customer_writes("before")

    async def follow_on(channel: Chatwoot, found: Pulled) -> None:
        async for batch in channel.events("", b""):
            keep(found, batch)
            if batch.caught_up:
                server.is_mute = True
                rig.customer_writes("nobody was told of this")
                rig.clock.seconds += 20
            elif batch.cursor is not None:
                server.cut_rooms()

    async def whole() -> Pulled:
        channel = rig.open()
        found = Pulled([], "", b"")
        server.pings_ahead_s, server.touches = 200, False
        try:
            with pytest.raises(Unavailable):
                await follow_on(channel, found)
            return await pull(channel, found.cursor, found.state)
        finally:
            await channel.aclose()

    assert "nobody was told of this" in [one.text for one in run(whole).received]


def test_one_that_is_opened_again_is_told_however_many_were_closed(
    rig: ChatwootRig, server: FakeChatwoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "_MOST_CLOSED", 20)
    for n in range(40):
        server.write(server.begin(server.contact(f"Customer {n}")), f"number {n:02}", ago_s=400 - 10 * n)
        server.conversations[n + 1]["status"] = "resolved"
    first = look(rig)
    server.change(40, status="open")
    server.messages[-1]["content"] = "Sam ha vuelto a abrir la conversación"
    found = look(rig, first.cursor, first.state)
    assert [(one.conversation, one.status) for one in of(found, StatusSet) if one.status == "open"] == [
        ("40", "open")
    ]


def test_what_was_told_of_a_status_is_kept_with_it(rig: ChatwootRig, server: FakeChatwoot) -> None:
    """Also where the program ends in the middle of a first look."""
    for n in range(130):
        server.write(server.begin(server.contact(f"Customer {n}")), f"number {n:03}", ago_s=60 + n)
        server.conversations[n + 1]["status"] = "resolved"
    found = Pulled([], "", b"")
    server.fail("status", r"GET .*/conversations/125/messages", status=500)
    with pytest.raises(Unavailable):
        do(rig, lambda channel: pull_on(channel, found, lambda found: found.caught_up))
    told = {one.conversation for one in of(found, StatusSet)}
    assert "1" in told
    server.set(1, "", status="open")
    server.messages[-1]["content"] = "Conversación reabierta"
    assert [one.status for one in of(look(rig, "", found.state), StatusSet) if one.conversation == "1"] == [
        "open"
    ]


def test_an_answer_without_its_list_is_not_an_empty_queue(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("hello")
    server.fail("status", READ, status=200, json={"error": "Internal"})
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
    assert [one.status for one in of(found, StatusSet)][-1] == "open"
    assert [one.text for one in of(found, NoteSeen)] == ["Sam ha vuelto a abrir la conversación"]


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
    assert [one.status for one in of(broken, StatusSet)][-1] == "open", (
        "one that is broken keeps no other back"
    )
    assert not broken.caught_up
    assert "안녕하세요" in [one.text for one in found.received]


def test_one_that_has_been_open_all_the_time_may_wait_here(rig: ChatwootRig, server: FakeChatwoot) -> None:
    rig.customer_writes("hello")
    first = look(rig)
    server.change(rig.thread, labels=["refund"])
    assert of(first, StatusSet) == []
    assert of(look(rig, first.cursor, first.state), StatusSet) == []


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
                await channel.perform(state(rig, kind))
            server.change(rig.thread, labels=["refund"])
            return await pull(channel, first.cursor, first.state)
        finally:
            await channel.aclose()

    found = run(whole)
    assert of(found, StatusSet) == []
    assert {one.by and one.by.name for one in of(found, Tagged)} == {"Sam"}
