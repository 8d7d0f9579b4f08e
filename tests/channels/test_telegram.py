"""Telegram: the contract on a strict fake; that nothing is confirmed before it is stored; who else reads."""

import asyncio
import copy
import json
import logging
import os
import traceback
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.channels.contract import (
    CANARY,
    RECORDED,
    Contract,
    Pulled,
    do,
    look,
    pull,
    run,
    said_in,
)
from tests.channels.telegramming import READ, TelegramRig, answer, batch
from tests.fakes.telegram import DANA, FakeTelegram
from tuidesk.channels.telegram import parse
from tuidesk.domain import vocabulary
from tuidesk.domain.events import Received, Sent
from tuidesk.errors import AuthFailed, ChannelError, RateLimited, Rejected, Unavailable
from tuidesk.wire.channel import Channel
from tuidesk.wire.loose import obj


@pytest.fixture
def server() -> Iterator[FakeTelegram]:
    with FakeTelegram(CANARY) as server:
        yield server


@pytest.fixture
def rig(server: FakeTelegram, tmp_path: Path) -> TelegramRig:
    return TelegramRig(server, tmp_path / "account")


class TestContract(Contract):
    """Telegram's."""


# --- confirming ---


def test_nothing_is_confirmed_before_it_is_stored(rig: TelegramRig, server: FakeTelegram) -> None:
    for n in range(150):
        server.write(DANA, f"number {n:03}")
    first = run(lambda: batch(rig))
    assert len(first.received) == 100
    assert server.confirmed == 0, "nobody has taken the next batch: it may not be stored"
    again = run(lambda: batch(rig))
    assert [one.id for one in again.received] == [one.id for one in first.received]
    second = run(lambda: batch(rig, first.cursor, first.state))
    assert server.confirmed == 1100
    assert [said_in(one) for one in (*first.received, *second.received)] == [
        f"number {n:03}" for n in range(150)
    ]


def test_numbers_that_begin_anew_are_followed(rig: TelegramRig, server: FakeTelegram) -> None:
    """After a quiet week the next update's number is a random one, perhaps below the offset."""
    server.write(DANA, "before")
    first = run(lambda: batch(rig))
    run(lambda: batch(rig, first.cursor))
    server.begin_anew()
    server.write(DANA, "after the holidays")
    found = look(rig, first.cursor, text="after the holidays")
    assert (first.cursor, found.cursor) == ("1002", "102")
    server.write(DANA, "and the next day")
    assert len(look(rig, found.cursor, text="next day").received) == 1


def test_it_waits_at_the_server_and_each_wait_is_a_heartbeat(rig: TelegramRig, server: FakeTelegram) -> None:
    async def whole() -> tuple[int, Received]:
        channel = rig.open()
        beats = 0
        try:
            async for batch in channel.events("", b""):
                beats += not batch.events
                if beats == 2:
                    await asyncio.to_thread(server.write, DANA, "at last")
                if batch.events:
                    return beats, next(one for one in batch.events if isinstance(one, Received))
        finally:
            await channel.aclose()
        raise AssertionError

    beats, found = run(whole)
    assert found.text == "at last"
    assert server.polls == beats + 1, "one request a heartbeat: the server does the waiting"


def test_a_server_that_does_not_wait_is_not_run_over(rig: TelegramRig, server: FakeTelegram) -> None:
    server.waits = False

    async def whole() -> int:
        channel = rig.open()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(1.5):
                    async for _ in channel.events("", b""):
                        pass
        finally:
            await channel.aclose()
        return server.polls

    assert run(whole) <= 4


def test_updates_without_numbers_which_nothing_confirms_are_not_run_after(
    rig: TelegramRig, server: FakeTelegram
) -> None:
    server.updates = [{"message": {}} for _ in range(100)]

    async def whole() -> int:
        channel = rig.open()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(1.5):
                    async for _ in channel.events("", b""):
                        pass
        finally:
            await channel.aclose()
        return server.polls

    assert run(whole) <= 4


def test_what_cannot_be_read_stops_nothing(rig: TelegramRig, server: FakeTelegram) -> None:
    server.tell("message", {"chat": "?"})
    server.updates.append("no update at all")  # type: ignore[arg-type]
    server.write({**DANA, "id": "seven"}, "odd", chat={"id": "home", "type": []}, migrate_to_chat_id="there")
    server.write(DANA, "fine")
    found = look(rig, text="fine")
    assert [one.kind for one in found.received] == ["unreadable", "unreadable", "person", "person"]
    with pytest.raises(Rejected, match="which chat"):
        answer(rig, found.received[2], "Where are you?")
    assert "no update at all" in said_in(found.received[1])


def test_an_answer_without_a_list_is_no_empty_queue(rig: TelegramRig, server: FakeTelegram) -> None:
    bodies: list[Any] = [{"ok": True, "result": {}}, {"ok": False}, {"ok": True}, []]
    for body in bodies:
        server.fail("status", READ, status=200, json=body)
        with pytest.raises(Unavailable):
            do(rig, pull)


def test_what_was_not_stored_is_told_again_with_who_wrote_it(rig: TelegramRig, server: FakeTelegram) -> None:
    server.write(DANA, "hello")

    async def twice(channel: Channel) -> list[int]:
        return [len((await pull(channel)).events) for _ in range(2)]

    assert do(rig, twice) == [2, 2]


# --- who else reads ---


def test_a_second_reader_is_named_and_left_alone(rig: TelegramRig, server: FakeTelegram) -> None:
    server.write(DANA, "whose am I?")
    server.other_reader = True

    async def read(channel: Channel) -> RateLimited:
        with pytest.raises(RateLimited, match="Another program reads this bot") as caught:
            await pull(channel)
        return caught.value

    assert do(rig, read).after == 300
    polls = server.polls
    assert any("Another program" in one for one in do(rig, lambda channel: channel.check()).troubles)
    assert server.polls == polls, "looking whether all is well takes nobody's updates"
    mark = rig.folder / "second-reader"
    os.utime(mark, (0, 0))
    assert do(rig, lambda channel: channel.check()).troubles == (), "that was long ago"


def test_a_second_reader_that_comes_later_ends_the_wait(rig: TelegramRig, server: FakeTelegram) -> None:
    def taken_over(_: Pulled) -> bool:
        server.other_reader = True
        return False

    async def read(channel: Channel) -> None:
        with pytest.raises(RateLimited, match="Another program"):
            await pull(channel, until=taken_over)

    do(rig, read)


def test_a_webhook_is_named_without_its_secret_address(rig: TelegramRig, server: FakeTelegram) -> None:
    server.webhook = "https://shop.example/hook/s3cret"
    trouble = do(rig, lambda channel: channel.check()).troubles[0]
    assert "shop.example" in trouble
    assert "s3cret" not in trouble

    async def read(channel: Channel) -> None:
        with pytest.raises(RateLimited, match=r"shop\.example"):
            await pull(channel)

    do(rig, read)
    server.webhook = "https://[nowhere/"
    assert "A webhook at ?" in do(rig, lambda channel: channel.check()).troubles[0]


def test_a_wrong_token_is_said_so(rig: TelegramRig, server: FakeTelegram) -> None:
    for status in (401, 404):
        server.fail("status", "getMe", status=status)
        with pytest.raises(AuthFailed, match="BotFather"):
            do(rig, lambda channel: channel.check())
    assert any("one program" in one for one in do(rig, lambda channel: channel.check()).findings)


# --- the token ---


def _whole(error: BaseException) -> str:
    """All that a crash could show of it."""
    told = ["".join(traceback.format_exception(error))]
    cause: BaseException | None = error
    while cause is not None:
        told.append(repr(cause))
        cause = cause.__cause__ or cause.__context__
    return "".join(told)


@pytest.mark.parametrize("fault", ["status", "drop", "truncate", "html", "half", "moved"])
def test_the_token_in_the_path_is_in_no_log_and_no_error(
    rig: TelegramRig, server: FakeTelegram, fault: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.write(DANA, "look", document=server.keep("box.bin", b"box"))
    question = look(rig, text="look").received[0]

    async def fetch(channel: Channel) -> None:
        async for _ in channel.fetch(question.attachments[0].ref):
            pass

    async def send(channel: Channel) -> None:
        await channel.perform(rig.reply(question, "Now."))

    async def read(channel: Channel) -> None:
        await pull(channel)

    where: list[tuple[str, Callable[[Channel], Awaitable[None]]]] = [
        ("/file/", fetch),
        ("getFile", fetch),
        ("sendMessage", send),
        ("getUpdates", read),
        ("getMe", read),
    ]
    for method, work in where:
        if fault == "moved":
            elsewhere = {"location": f"http://elsewhere.example/bot{CANARY}/x"}
            server.fail("status", method, status=302, headers=elsewhere)
        else:
            server.fail(fault, method)
        if (fault, method) in (("html", "/file/"), ("half", "/file/")):
            continue  # whatever a file holds is the file
        with pytest.raises(ChannelError) as caught:
            do_unchecked(rig, work)
        server.heal()
        assert CANARY not in _whole(caught.value), method
    assert CANARY not in caplog.text


def do_unchecked(rig: TelegramRig, work: Callable[[Channel], Awaitable[None]]) -> None:
    """With a new adapter, which has not logged in."""

    async def whole() -> None:
        channel = rig.open()
        try:
            await work(channel)
        finally:
            await channel.aclose()

    run(whole)


# --- anything ---


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_BODIES = [
    update
    for body in sorted((RECORDED / "telegram").glob("*.json"))
    for update in json.loads(body.read_text(encoding="utf-8"))
]


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        yield (*path, name)
        yield from _places(one, (*path, name))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_stands_where_nobody_expects_it_nothing_is_lost_and_nothing_crashes(
    data: st.DataObject,
) -> None:
    update = copy.deepcopy(data.draw(st.sampled_from(_BODIES)))
    for path in data.draw(st.lists(st.sampled_from(list(_places(update))), max_size=4)):
        at: Any = update
        try:
            for name in path[:-1]:
                at = at[name]
            at[path[-1]] = data.draw(_JSON)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took it away
    known = parse.Known(me="600", team=frozenset({"@olga_acme"}))
    found = parse.events(update, known, 0)
    deletes_nothing = obj(update, "deleted_business_messages").get("message_ids") == []
    assert found or deletes_nothing
    for event in found:
        json.dumps(vocabulary.dump(event))
        if isinstance(event, Received | Sent):
            assert event.text or event.attachments
    parse.Known().read(known.write())
