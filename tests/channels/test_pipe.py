"""The pipe channel against real programs: a shop with a ledger, twenty lines of shell, and programs that misbehave."""

import asyncio
import contextlib
import json
import logging
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tuidesk.channels.pipe.adapter import Pipe, PipeOptions
from tuidesk.domain.events import ChannelEvent, Received, StatusSet
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Caps, File, Offered, Person
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Receipt, Unsure
from tuidesk.errors import (
    AuthFailed,
    ConfigError,
    RateLimited,
    Rejected,
    SecretError,
    Unavailable,
    Unconfirmed,
    Unsupported,
)
from tuidesk.wire import registry
from tuidesk.wire.channel import Batch, Site

FAKES = Path(__file__).parent.parent / "fakes"
READY = {
    "type": "ready",
    "identity": {"name": "P", "handle": "p"},
    "caps": {"performs": ["reply", "complete"]},
}
T = TypeVar("T")

PRELUDE = """
import json, os, signal, sys, time
def tell(**said):
    sys.stdout.write(json.dumps(said) + "\\n")
    sys.stdout.flush()
def hear():
    line = sys.stdin.readline()
    if not line:
        sys.exit(0)
    return json.loads(line)
def message(n, text="t"):
    return dict(type="received", id=f"m{n}", at="2026-11-20T12:50:00Z", medium="chat", conversation="c",
                **{"from": {"name": "", "handle": "h"}}, text=text)
hello = hear()
caps = {"performs": ["reply", "note", "complete"], "find": True}
identity = {"name": "P", "handle": "p"}
"""
READY_LINE = 'tell(type="ready", identity=identity, caps=caps)\n'


class Ports:
    """Clock and secrets of a test."""

    def now(self) -> Instant:
        return 0

    def monotonic(self) -> float:
        return time.monotonic()

    def get(self, use: str = "", *, anew: bool = False) -> str:  # noqa: ARG002 - the port's
        raise SecretError(use)

    def put(self, value: str, use: str = "") -> None:  # noqa: ARG002 - the port's
        raise SecretError(use)


def site(folder: str = "") -> Site:
    return Site("shop", Ports(), Ports(), Person("Ana", "ana", me=True), folder=folder)


@contextlib.asynccontextmanager
async def opened(command: tuple[str, ...], folder: str = "", **options: Any) -> AsyncIterator[Pipe]:
    pipe = Pipe(PipeOptions(command, **options), site(folder))
    try:
        yield pipe
    finally:
        started = time.monotonic()
        await pipe.aclose()
        assert time.monotonic() - started < 1


def run(work: Awaitable[T]) -> T:
    async def limited() -> T:
        async with asyncio.timeout(60):
            return await work

    return asyncio.run(limited())


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., tuple[str, ...]]:
    """A program that has heard the hello, and said ready unless told otherwise."""

    def write(source: str, ready: bool = True) -> tuple[str, ...]:
        path = tmp_path / "program.py"
        path.write_text(PRELUDE + (READY_LINE if ready else "") + textwrap.dedent(source))
        return (sys.executable, str(path))

    return write


Programs = Callable[..., tuple[str, ...]]


def reply(key: str = "k-1", **fields: Any) -> Outgoing:
    made: dict[str, Any] = {"type": "reply", "at": 0, "conversation": "c1", "text": "Hello"} | fields
    return Outgoing(key=key, **made)


async def until_caught_up(pipe: Pipe, cursor: str = "") -> list[Batch]:
    batches = []
    async with contextlib.aclosing(pipe.events(cursor, b"")) as stream:
        async for batch in stream:
            batches.append(batch)
            if batch.caught_up:
                break
    return batches


async def until_ended(pipe: Pipe, cursor: str = "") -> tuple[list[Batch], Unavailable | AuthFailed]:
    batches: list[Batch] = []
    try:
        async for batch in pipe.events(cursor, b""):
            batches += [batch]
    except (Unavailable, AuthFailed) as error:
        return batches, error
    raise AssertionError("the stream ended without a word")


def events_of(batches: list[Batch]) -> list[ChannelEvent]:
    return [event for batch in batches for event in batch.events]


def ids_of(batches: list[Batch]) -> list[str | None]:
    return [event.id for event in events_of(batches) if isinstance(event, Received)]


# The shop ----------------------------------------------------------------------------------------------


class Shop:
    """The fake shop's command and its ledger."""

    def __init__(self, folder: Path, mode: str, *more: str) -> None:
        self.path = folder / "ledger"
        self.command = (
            sys.executable,
            str(FAKES / "shop.py"),
            "--ledger",
            str(self.path),
            "--mode",
            mode,
            *more,
        )

    def ledger(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.path.read_text().splitlines()]

    def texts(self) -> list[str]:
        return [line["text"] for line in self.ledger() if line["what"] == "message"]


def test_the_registry_knows_it() -> None:
    assert registry.load("pipe") is Pipe


def test_check_says_who_and_what(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(Shop(tmp_path, "keys").command) as pipe:
            checked = await pipe.check()
            assert checked.identity == Person("Acme Shop", "shop")
            assert checked.caps.idempotent_s == 86400
            assert not checked.caps.find
            assert checked.caps.performs >= {"reply", "note", "start", "complete", "snooze"}
            assert checked.caps.media == ("chat",)
            assert checked.agents == (Person("Ana", "ana", me=True),)

    run(work())


def test_a_repeated_key_is_one_message_where_keys_are_honoured_also_after_a_restart(tmp_path: Path) -> None:
    shop = Shop(tmp_path, "keys")

    async def work() -> None:
        async with opened(shop.command) as pipe:
            first = await pipe.perform(reply())
            assert first.id == "shop-1"
            assert first.at is not None
            assert first.conversation == "c1"
            assert await pipe.perform(reply()) == first
        async with opened(shop.command) as pipe:
            assert await pipe.perform(reply()) == first

    run(work())
    assert shop.texts() == ["Hello"]


def test_a_repeat_is_a_second_message_where_they_are_not(tmp_path: Path) -> None:
    shop = Shop(tmp_path, "neither")

    async def work() -> None:
        async with opened(shop.command) as pipe:
            await pipe.perform(reply())
            await pipe.perform(reply())
            assert await pipe.find(reply()) == Unsure("the program cannot look a command up")

    run(work())
    assert shop.texts() == ["Hello", "Hello"]


def test_find_tells_the_truth(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(Shop(tmp_path, "find").command) as pipe:
            assert await pipe.find(reply()) == Missing()
            receipt = await pipe.perform(reply())
            assert await pipe.find(reply()) == Found(receipt.id, receipt.at)

    run(work())


@pytest.mark.parametrize(
    ("where", "kept", "looked_up"), [("before-ledger", 0, Missing), ("after-ledger", 1, Found)]
)
def test_death_around_the_ledger_is_unconfirmed_and_find_settles_it(
    tmp_path: Path, where: str, kept: int, looked_up: type[object]
) -> None:
    shop = Shop(tmp_path, "find", "--die", where)

    async def work() -> None:
        async with opened(shop.command) as pipe:
            with pytest.raises(Unconfirmed, match="exit status 9"):
                await pipe.perform(reply())
            assert len(shop.ledger()) == kept
            assert isinstance(await pipe.find(reply()), looked_up)  # asks a new process
            if not kept:
                await pipe.perform(reply())

    run(work())
    assert shop.texts() == ["Hello"]


def test_the_shop_s_refusals(tmp_path: Path) -> None:
    shop = Shop(tmp_path, "keys", "--rate-limited", "7.5")

    async def work() -> None:
        async with opened(shop.command) as pipe:
            with pytest.raises(Rejected, match="will not say"):
                await pipe.perform(reply(text="please reject"))
            with pytest.raises(RateLimited) as limited:
                await pipe.perform(reply("k-2"))
            assert limited.value.after == 7.5
            await pipe.perform(reply("k-2"))
            with pytest.raises(Unsupported):
                await pipe.perform(reply("k-3", type="answered"))

    run(work())
    assert len(shop.ledger()) == 1


def test_states_and_notes_reach_the_ledger(tmp_path: Path) -> None:
    shop = Shop(tmp_path, "neither")

    async def work() -> None:
        async with opened(shop.command) as pipe:
            await pipe.perform(reply("k-1", type="note", text="team only"))
            await pipe.perform(reply("k-2", type="complete", text="", seen="m1"))
            started = await pipe.perform(reply("k-3", type="start", conversation=None, medium="chat"))
            assert started.conversation == "shop-conversation-3"

    run(work())
    assert [(line["what"], line["type"]) for line in shop.ledger()] == [
        ("message", "note"),
        ("state", "complete"),
        ("message", "start"),
    ]


def test_events_go_on_after_the_cursor_and_a_reply_leaves_meanwhile(tmp_path: Path) -> None:
    lines: list[dict[str, object]] = []
    for n in range(1, 4):
        lines.append({"type": "received", "id": f"m{n}", "at": "2026-11-20T12:50:00Z", "medium": "chat"})
        lines[-1] |= {"from": {"name": "D", "handle": "d"}, "text": "환불\u2028?", "conversation": "c1"}
        lines.append({"type": "cursor", "cursor": str(n)})
    (tmp_path / "events").write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    shop = Shop(tmp_path, "keys", "--events", str(tmp_path / "events"))

    async def work() -> None:
        async with opened(shop.command) as pipe:
            stream = pipe.events("1", b"")
            batches = [await anext(stream) for _ in range(3)]
            assert ids_of(batches) == ["m2", "m3"]
            assert [batch.cursor for batch in batches] == ["2", "3", None]
            assert [batch.caught_up for batch in batches] == [False, False, True]
            await pipe.perform(reply())
            await stream.aclose()
        async with opened(shop.command) as pipe:
            assert ids_of(await until_caught_up(pipe, "")) == ["m1", "m2", "m3"]

    run(work())
    assert shop.texts() == ["Hello"]


# Hello and commands ------------------------------------------------------------------------------------


def test_what_is_said_to_the_program(program: Programs, tmp_path: Path) -> None:
    command = program(
        """
        with open("heard", "w") as heard:
            heard.write(json.dumps(hello) + "\\n")
            caps["performs"] = ["reply", "start", "note", "pending", "snooze", "assign", "tag", "priority"]
            tell(type="ready", identity=identity, caps=caps)
            while True:
                said = hear()
                heard.write(json.dumps(said) + "\\n")
                heard.flush()
                tell(type="receipt", key=said["key"])
        """,
        ready=False,
    )
    dana = Person("Dana", "dana@x.example")
    anyone = {"name": "Dana", "handle": "dana@x.example"}
    outs = [
        reply(
            "a", to=(dana,), refs=("m0", "m1"), reply_to="m1", subject="Re", files=(File("a", "t/x", "/s/a"),)
        ),
        reply("b", type="start", conversation=None, medium="chat", html="<p>"),
        reply("c", type="note"),
        reply("d", type="pending", pending_for="billing"),
        reply("e", type="snooze", until=0, until_reply=False),
        reply("f", type="assign", assignee=None),
        reply("g", type="assign", assignee=dana),
        reply("h", type="tag", add=("x",), remove=("y",)),
        reply("i", type="priority", priority="high"),
        reply("j", template="HX1", values=(("1", "8841"),), files=(File("b", "image/x", "/s/b", "a box"),)),
    ]

    async def work() -> None:
        async with opened(command, cwd=str(tmp_path), options={"shop": "acme"}, env={"X": "y"}) as pipe:
            stream = pipe.events("41", b"")
            waiting = asyncio.ensure_future(anext(stream))
            await asyncio.sleep(0)
            for out in outs:
                assert await pipe.perform(out) == Receipt()
            waiting.cancel()

    run(work())
    within = {"conversation": "c1"}
    nobody: dict[str, object] = {"cc": [], "bcc": [], "visibility": "direct"}
    assert [json.loads(line) for line in (tmp_path / "heard").read_text().splitlines()] == [
        {"type": "hello", "cursor": "41", "options": {"shop": "acme"}},
        {"type": "reply", "key": "a", "text": "Hello", "to": [anyone], "refs": ["m0", "m1"], "reply_to": "m1"}
        | within
        | nobody
        | {"subject": "Re", "attachments": [{"name": "a", "type": "t/x", "path": "/s/a"}]},
        {"type": "start", "key": "b", "text": "Hello", "html": "<p>", "medium": "chat", "refs": [], "to": []}
        | nobody,
        {"type": "note", "key": "c", "text": "Hello"} | within,
        {"type": "pending", "key": "d", "for": "billing"} | within,
        {"type": "snooze", "key": "e", "until": "1970-01-01T00:00:00Z", "until_reply": False} | within,
        {"type": "assign", "key": "f", "to": None} | within,
        {"type": "assign", "key": "g", "to": anyone} | within,
        {"type": "tag", "key": "h", "add": ["x"], "remove": ["y"]} | within,
        {"type": "priority", "key": "i", "priority": "high"} | within,
        {"type": "reply", "key": "j", "text": "Hello", "to": [], "refs": []}
        | within
        | nobody
        | {"attachments": [{"name": "b", "type": "image/x", "path": "/s/b", "alt": "a box"}]}
        | {"template": "HX1", "values": {"1": "8841"}},
    ]


def test_caps_are_read_whole(program: Programs) -> None:
    command = program(
        """
        tell(type="ready", identity=identity, caps={"performs": ["reply"], "max_length": 500, "unit": "utf16",
             "idempotent_s": 60, "find": True, "visibility": ["direct", "public"], "window_s": 86400,
             "windows": {"whatsapp": 3600}, "lengths": {"sms": 160},
             "attachments": {"max_bytes": 5000000, "types": ["image/*"], "alt": True}})
        hear()
        """,
        ready=False,
    )

    async def work() -> None:
        async with opened(command) as pipe:
            assert (await pipe.check()).caps == Caps(
                performs=frozenset({"reply"}),
                max_length=500,
                unit="utf16",
                idempotent_s=60,
                find=True,
                visibility=("direct", "public"),
                window_s=86400,
                windows={"whatsapp": 3600},
                lengths={"sms": 160},
                attachment_bytes=5000000,
                attachment_types=("image/*",),
                alt=True,
            )

    run(work())


def test_canned_replies_that_the_program_keeps(program: Programs) -> None:
    command = program(
        """
        tell(type="ready", identity=identity, caps=caps, canned=[{"name": "hi", "text": "Hello {{name}}"},
             {"name": "order", "text": "Order {{1}}", "template": "HX1", "media": ["whatsapp"]}])
        hear()
        """,
        ready=False,
    )

    async def work() -> None:
        async with opened(command) as pipe:
            assert (await pipe.check()).canned == (
                Offered(name="hi", text="Hello {{name}}"),
                Offered(name="order", text="Order {{1}}", template="HX1", media=("whatsapp",)),
            )

    run(work())


def test_a_command_that_is_too_long_is_never_written(program: Programs) -> None:
    async def work() -> None:
        async with opened(program("assert hear() is None")) as pipe:
            with pytest.raises(Rejected):
                await pipe.perform(reply(text="x" * 1024 * 1024))

    run(work())


def test_answers_out_of_order_reach_whoever_asked(program: Programs) -> None:
    command = program(
        """
        keys = [hear()["key"] for _ in range(200)]
        for key in reversed(keys):
            tell(type="receipt", key=key, id="id-" + key)
        """
    )

    async def work() -> None:
        async with opened(command) as pipe:
            receipts = await asyncio.gather(
                *(pipe.perform(reply(f"k-{n}", text="x" * 5000)) for n in range(200))
            )
            assert [receipt.id for receipt in receipts] == [f"id-k-{n}" for n in range(200)]

    run(work())


# Batches -----------------------------------------------------------------------------------------------


def test_a_batch_closes_at_500_at_a_cursor_at_idle_and_after_half_a_second(program: Programs) -> None:
    command = program(
        """
        for n in range(501): tell(**message(n))
        tell(type="cursor", cursor="a")
        tell(**message(501))
        tell(type="idle")
        tell(**message(502))
        hear()
        """
    )

    async def work() -> None:
        async with opened(command) as pipe:
            stream = pipe.events("", b"")
            batches = [await anext(stream) for _ in range(3)]
            started = time.monotonic()
            batches.append(await anext(stream))
            assert 0.3 < time.monotonic() - started < 1.5
            said = [(len(batch.events), batch.cursor, batch.caught_up) for batch in batches]
            assert said == [(500, None, False), (1, "a", False), (1, None, True), (1, None, False)]
            await stream.aclose()

    run(work())


def test_what_came_before_the_end_is_delivered(program: Programs) -> None:
    command = program(
        """
        tell(**message(1))
        sys.stderr.write("Traceback\\nValueError: the \\x1b[31mend\\n")
        sys.stdout.write(json.dumps(message(2)))  # no line feed
        sys.stdout.flush()
        os._exit(3)
        """
    )

    async def work() -> None:
        async with opened(command) as pipe:
            batches, error = await until_ended(pipe)
            assert ids_of(batches) == ["m1", "m2"]
            assert all(batch.cursor is None for batch in batches)
            assert str(error) == "the program ended, exit status 3: ValueError: the \x1b[31mend"

    run(work())


def test_a_signal_has_its_words(program: Programs) -> None:
    async def work() -> None:
        async with opened(program("os.kill(os.getpid(), signal.SIGKILL)")) as pipe:
            _, error = await until_ended(pipe)
            assert str(error) == "the program was ended by signal 9"

    run(work())


def test_closing_stdout_is_the_end_too(program: Programs) -> None:
    async def work() -> None:
        async with opened(program("os.close(1); time.sleep(60)")) as pipe:
            _, error = await until_ended(pipe)
            assert str(error) == "the program closed its output"

    run(work())


def test_a_hundred_thousand_events(program: Programs, record_property: Callable[[str, object], None]) -> None:
    command = program(
        """
        lines = [json.dumps(message(n)) for n in range(100_000)]
        sys.stdout.write("\\n".join(lines) + "\\n")
        tell(type="idle")
        hear()
        """
    )

    async def work() -> None:
        async with opened(command) as pipe:
            seen = 0
            began = 0.0
            async for batch in pipe.events("", b""):
                began = began or time.monotonic()
                seen += len(batch.events)
                if batch.caught_up:
                    break
            rate = seen / (time.monotonic() - began)
            print(f"{rate:,.0f} events a second")
            record_property("events_per_second", round(rate))
            assert seen == 100_000
            assert rate > 5_000

    run(work())


def test_reading_stops_while_nobody_takes_the_batches(program: Programs, tmp_path: Path) -> None:
    command = program(
        """
        with open("written", "w") as written:
            for n in range(200_000):
                tell(**message(n, "x" * 1000))
                if n % 1000 == 0:
                    written.write(f"{n}\\n"); written.flush()
        tell(type="idle")
        hear()
        """
    )

    async def work() -> None:
        async with opened(command, cwd=str(tmp_path)) as pipe:
            stream = pipe.events("", b"")
            seen = len((await anext(stream)).events)
            await asyncio.sleep(1.5)
            written = int((tmp_path / "written").read_text().split()[-1])
            assert written < 8_000  # 8 batches wait, the rest stays in the program
            async for batch in stream:
                seen += len(batch.events)
                if seen >= 20_000:
                    break
            assert seen >= 20_000  # and it goes on when they are taken
            await stream.aclose()

    run(work())


LARGE = """
        line = json.dumps(message(0, "x" * 300_000)) + "\\n"
        with open("written", "w") as written:
            for n in range({count}):
                sys.stdout.write(line)
                written.write("x"); written.flush()
        tell(type="idle")
        hear()
        """


def test_a_batch_of_large_events_closes_early(program: Programs, tmp_path: Path) -> None:
    command = program(LARGE.format(count=60))

    async def work() -> None:
        async with opened(command, cwd=str(tmp_path)) as pipe:
            batches = await until_caught_up(pipe)
        assert len(events_of(batches)) == 60
        assert max(len(batch.events) for batch in batches) * 300_000 < 9_000_000

    run(work())


@pytest.mark.parametrize("asked", [False, True])
def test_reading_stops_by_bytes_too(program: Programs, tmp_path: Path, asked: bool) -> None:
    """Also while an answer is awaited that stands behind all that: it is heard once the events are taken."""
    command = program("hear()\n" * asked + textwrap.dedent(LARGE.format(count=800)))

    async def work() -> None:
        async with opened(command, cwd=str(tmp_path)) as pipe:
            stream = pipe.events("", b"")
            asking = asyncio.create_task(pipe.perform(reply())) if asked else None
            seen = len((await anext(stream)).events)
            await asyncio.sleep(3)
            written = (tmp_path / "written").stat().st_size
            assert (written - seen) * 300_000 < 75_000_000
            async for batch in stream:
                seen += len(batch.events)
                if batch.caught_up:
                    break
            assert seen == 800  # and it goes on when they are taken
            await stream.aclose()
            if asking is not None:
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)

    run(work())


def test_an_answer_is_read_though_many_events_stand_before_it(program: Programs) -> None:
    command = program(
        """
        for n in range(20_000): tell(**message(n))
        tell(type="receipt", key=hear()["key"], id="r")
        hear()
        """
    )

    async def work() -> None:
        async with opened(command) as pipe:
            assert (await pipe.perform(reply())).id == "r"

    run(work())


# Lines that are wrong ----------------------------------------------------------------------------------


def test_broken_lines_are_reported_with_their_number_and_cost_no_other(
    program: Programs, caplog: pytest.LogCaptureFixture
) -> None:
    command = program(
        """
        out = sys.stdout.buffer
        def event(n): out.write(json.dumps(message(n)).encode() + b"\\n")
        event(1)                                          # line 2
        out.write(b"x" * (2 * 1024 * 1024) + b"\\n")      # 3
        event(2)                                          # 4
        out.write(b"\\xff\\xfe\\n")                       # 5
        out.write(b"\\n")                                 # 6: blank, no matter
        out.write(b'{"type": "nonsense"}\\n')             # 7
        out.write(b"[" * 100000 + b"\\n")                 # 8
        out.write(b'{"type": "deleted", "at": 1}\\n')     # 9
        event(3)                                          # 10
        out.write(json.dumps(message(4, "y" * (1024 * 1024 - 200))).encode() + b"\\r\\n")
        out.write(b'{"type": "receipt", "key": "nobody-asked"}\\n{"type": "idle"}\\n')
        out.flush()
        hear()
        """
    )

    async def work() -> None:
        async with opened(command) as pipe:
            assert ids_of(await until_caught_up(pipe)) == ["m1", "m2", "m3", "m4"]

    with caplog.at_level(logging.WARNING, "tuidesk.account.shop"):
        run(work())
    said = [record.getMessage() for record in caplog.records if record.name == "tuidesk.account.shop"]
    assert [text.split(":")[0].split(" is ")[0] for text in said] == [
        "line 3",
        "line 5 skipped",
        "line 7 skipped",
        "line 8 skipped",
        "line 9 skipped",
        "line 12 answers nothing that was asked",
    ]


def test_a_flood_of_nonsense_and_stderr_does_not_flood_the_log(
    program: Programs, caplog: pytest.LogCaptureFixture
) -> None:
    command = program(
        """
        for n in range(5000): print("nonsense", n)
        for n in range(5000): print("oh \\x1b[2J no", "z" * 10000, file=sys.stderr)
        tell(type="idle")
        hear()
        """
    )

    async def work() -> None:
        async with opened(command) as pipe:
            await until_caught_up(pipe)

    with caplog.at_level(logging.DEBUG, "tuidesk.account.shop"):
        run(work())
    said = [record.getMessage() for record in caplog.records if record.name == "tuidesk.account.shop"]
    assert 100 < len(said) <= 200
    assert max(map(len, said)) <= 2000
    assert not any("\x1b" in text for text in said)


def test_stderr_goes_to_the_log_of_the_account(program: Programs, caplog: pytest.LogCaptureFixture) -> None:
    command = program("print('careful', '\\x1b[2J', file=sys.stderr, flush=True); tell(type='idle'); hear()")

    async def work() -> None:
        async with opened(command) as pipe:
            await until_caught_up(pipe)
            await asyncio.sleep(0.1)

    with caplog.at_level(logging.INFO, "tuidesk.account.shop"):
        run(work())
    assert "careful ␛[2J" in [record.getMessage() for record in caplog.records]


# A program that does not do its part -------------------------------------------------------------------


def test_a_program_that_is_not_there() -> None:
    async def work() -> None:
        async with opened(("/nonexistent/shop",)) as pipe:
            with pytest.raises(Unavailable, match="cannot be started"):
                await pipe.check()
            with pytest.raises(Unavailable):
                await pipe.perform(reply())
            with pytest.raises(Unavailable):
                await anext(pipe.events("", b""))

    run(work())


def test_an_account_without_a_command() -> None:
    with pytest.raises(ConfigError):
        Pipe(PipeOptions(()), site())


def test_a_program_that_never_says_ready(program: Programs) -> None:
    async def work() -> None:
        async with opened(program("hear()", ready=False), ready_s=0.3) as pipe:
            started = time.monotonic()
            with pytest.raises(Unavailable, match=r"did not say ready within 0\.3 s"):
                await pipe.perform(reply())
            assert time.monotonic() - started < 1.3

    run(work())


@pytest.mark.parametrize(
    ("source", "error", "words"),
    [
        ("sys.exit('no module named shop')", Unavailable, "exit status 1: no module named shop"),
        (
            "tell(type='ready'); hear()",
            Unavailable,
            "what the program said at first cannot be read: ready: identity is missing",
        ),
        (
            "tell(type='error', error='auth_failed', reason='token expired'); hear()",
            AuthFailed,
            "token expired",
        ),
        ("tell(type='ready', identity=identity, caps={'unit': 'miles'}); hear()", Unavailable, r"caps\.unit"),
    ],
)
def test_a_program_that_fails_at_once(
    program: Programs, source: str, error: type[Exception], words: str
) -> None:
    async def work() -> None:
        async with opened(program(source, ready=False)) as pipe:
            with pytest.raises(error, match=words):
                await pipe.check()

    run(work())


def test_a_login_that_fails_later_ends_the_stream_with_that_word(program: Programs) -> None:
    async def work() -> None:
        async with opened(program("tell(type='error', error='auth_failed', reason='revoked')")) as pipe:
            _, error = await until_ended(pipe)
            assert isinstance(error, AuthFailed)
            assert error.reason == "revoked"

    run(work())


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"error": "rejected", "reason": "no"}, Rejected),
        ({"error": "rate_limited", "after": 3}, RateLimited),
        ({"error": "unavailable"}, Unavailable),
        ({"error": "unconfirmed"}, Unconfirmed),
        ({"error": "auth_failed"}, AuthFailed),
        ({"error": "unsupported"}, Unsupported),
        ({"error": "a new kind of trouble"}, Unconfirmed),
        ({"error": 5}, Unconfirmed),
        ({"error": "rate_limited", "after": "soon"}, Unconfirmed),
    ],
)
def test_errors_have_their_classes(
    program: Programs, said: dict[str, object], error: type[Exception]
) -> None:
    async def work() -> None:
        async with opened(program(f"tell(type='error', key=hear()['key'], **{said!r}); hear()")) as pipe:
            with pytest.raises(error) as raised:
                await pipe.perform(reply())
            assert type(raised.value) is error

    run(work())


@pytest.mark.parametrize("kind", ["reply", "note"])
def test_no_answer_to_what_must_not_be_repeated_is_unconfirmed(program: Programs, kind: str) -> None:
    async def work() -> None:
        async with opened(program("hear(); os._exit(1)")) as pipe:
            with pytest.raises(Unconfirmed, match="exit status 1"):
                await pipe.perform(reply(type=kind))
        async with opened(program("hear(); time.sleep(60)"), answer_s=0.2) as pipe:
            with pytest.raises(Unconfirmed, match="did not answer"):
                await pipe.perform(reply(type=kind))
        async with opened(program("tell(type='receipt', key=hear()['key'], id=5); hear()")) as pipe:
            with pytest.raises(Unconfirmed, match=r"receipt\.id"):
                await pipe.perform(reply(type=kind))

    run(work())


def test_no_answer_to_what_may_be_repeated_is_unavailable(program: Programs) -> None:
    async def work() -> None:
        async with opened(program("hear(); os._exit(1)")) as pipe:
            with pytest.raises(Unavailable):
                await pipe.perform(reply(type="complete"))

    run(work())


def test_what_was_certainly_not_written_is_unavailable(program: Programs) -> None:
    """The program has closed its stdin, so that the very first byte finds nobody."""

    async def work() -> None:
        async with opened(program("os.close(0); tell(type='idle'); time.sleep(60)")) as pipe:
            stream = pipe.events("", b"")
            assert (await anext(stream)).caught_up
            with pytest.raises(Unavailable):
                await pipe.perform(reply())
            await stream.aclose()

    run(work())


def test_a_command_behind_one_that_is_stuck_is_not_written(program: Programs) -> None:
    """The program reads nothing: the first line fills the pipe, the second never begins."""

    async def work() -> None:
        async with opened(program("time.sleep(60)"), answer_s=0.5) as pipe:
            first, second = await asyncio.gather(
                pipe.perform(reply("k-1", text="x" * 1_000_000)),
                pipe.perform(reply("k-2")),
                return_exceptions=True,
            )
            assert isinstance(first, Unconfirmed)
            assert isinstance(second, Unavailable)

    run(work())


def test_the_same_key_twice_at_once_is_written_once(program: Programs, tmp_path: Path) -> None:
    command = program(
        """
        key = hear()["key"]
        time.sleep(0.3)
        tell(type="receipt", key=key, id="r")
        open("more", "w").write(sys.stdin.readline())
        """
    )

    async def work() -> None:
        async with opened(command, cwd=str(tmp_path)) as pipe:
            await pipe.check()
            first, second = await asyncio.gather(
                pipe.perform(reply()), pipe.perform(reply()), return_exceptions=True
            )
            assert isinstance(first, Receipt)
            assert isinstance(second, Unconfirmed)

    run(work())
    assert (tmp_path / "more").read_text() == ""


def test_after_a_crash_the_next_command_starts_a_new_process(program: Programs) -> None:
    command = program(
        """
        first = not os.path.exists(hello["options"]["mark"])
        open(hello["options"]["mark"], "w").close()
        key = hear()["key"]
        if first: os._exit(1)
        tell(type="receipt", key=key, id=hello["cursor"])
        hear()
        """
    )

    async def work(mark: str) -> None:
        async with opened(command, options={"mark": mark}) as pipe:
            stream = pipe.events("7", b"")
            waiting = asyncio.ensure_future(anext(stream))
            await asyncio.sleep(0)
            with pytest.raises(Unconfirmed):
                await pipe.perform(reply())
            with pytest.raises(Unavailable):
                await waiting
            assert (await pipe.perform(reply())).id == "7"  # and knows the cursor

    run(work(command[1] + ".mark"))


def test_a_program_started_for_a_command_is_adopted_or_replaced_by_the_stream(program: Programs) -> None:
    command = program(
        """
        tell(**message(hello["cursor"] + "-" + str(os.getpid())))
        tell(type="idle")
        while True: tell(type="receipt", key=hear()["key"], id=str(os.getpid()))
        """
    )

    async def work() -> None:
        async with opened(command) as pipe:
            pid = (await pipe.perform(reply())).id
            assert ids_of(await until_caught_up(pipe, "")) == [f"m-{pid}"]
        async with opened(command) as pipe:
            first = (await pipe.perform(reply())).id
            (found,) = ids_of(await until_caught_up(pipe, "9"))
            second = (await pipe.perform(reply())).id
            assert first != second
            assert found == f"m9-{second}"

    run(work())


def test_a_stream_that_begins_anew_waits_for_the_answer_under_way(program: Programs) -> None:
    command = program(
        """
        tell(**message(1))
        tell(type="idle")
        while True:
            key = hear()["key"]
            time.sleep(0.5)
            tell(type="receipt", key=key, id="r")
        """
    )

    async def work() -> None:
        async with opened(command) as pipe:
            await until_caught_up(pipe)
            under_way = asyncio.ensure_future(pipe.perform(reply()))
            await asyncio.sleep(0.1)
            assert ids_of(await until_caught_up(pipe)) == ["m1"]
            assert under_way.done()
            assert (await under_way).id == "r"

    run(work())


# Find and fetch ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (
            "tell(type='found', key=hear()['key'], id='x', at='1970-01-01T00:00:01Z'); hear()",
            Found("x", 1000),
        ),
        ("tell(type='receipt', key=hear()['key'], id='x'); hear()", Found("x")),
        ("tell(type='missing', key=hear()['key']); hear()", Missing()),
        ("tell(type='unsure', key=hear()['key'], reason='half'); hear()", Unsure("half")),
        ("tell(type='error', key=hear()['key'], error='unavailable', reason='down'); hear()", Unsure("down")),
        ("hear(); os._exit(4)", Unsure("the program ended, exit status 4")),
        ("time.sleep(60)", Unsure("the program did not answer within 0.5 s")),
    ],
)
def test_find(program: Programs, source: str, found: object) -> None:
    async def work() -> None:
        async with opened(program(source), answer_s=0.5) as pipe:
            assert await pipe.find(reply()) == found

    run(work())


def test_a_find_that_nobody_waits_for_any_more_answers_no_later_one(program: Programs) -> None:
    """`missing` was true when it was asked for; meanwhile the reply was carried out."""
    command = program(
        """
        key = hear()["key"]
        time.sleep(0.6)
        assert hear()["type"] == "reply"
        assert hear()["type"] == "find"
        tell(type="missing", key=key)
        tell(type="found", key=key, id="x")
        hear()
        """
    )

    async def work() -> None:
        async with opened(command, answer_s=0.4) as pipe:
            assert isinstance(await pipe.find(reply()), Unsure)
            with pytest.raises(Unconfirmed):
                await pipe.perform(reply())
            assert await pipe.find(reply()) == Found("x")

    run(work())


def test_fetch_streams_the_file_that_is_named(program: Programs, tmp_path: Path) -> None:
    content = os.urandom(1_000_000)
    (tmp_path / "kept").write_bytes(content)
    command = program(
        """
        while True:
            said = hear()
            assert said["type"] == "fetch"
            if said["ref"] == "no": tell(type="error", key=said["key"], error="rejected", reason="gone")
            else: tell(type="fetched", key=said["key"], path=said["ref"])
        """
    )

    async def fetched(pipe: Pipe, ref: str) -> bytes:
        return b"".join([chunk async for chunk in pipe.fetch(ref)])

    async def work() -> None:
        async with opened(command, cwd=str(tmp_path)) as pipe:
            assert await fetched(pipe, "kept") == content
            both = await asyncio.gather(fetched(pipe, "kept"), fetched(pipe, str(tmp_path / "kept")))
            assert list(both) == [content, content]
            os.mkfifo(tmp_path / "fifo")
            with open(tmp_path / "huge", "wb") as huge:
                huge.truncate(60 * 1024 * 1024 + 1)
            for ref, why in {
                "no": "gone",
                "nothing": "cannot be read",
                "fifo": "not a file",
                "/dev/zero": "not a file",
                ".": "not a file",
                "huge": "larger than",
            }.items():
                with pytest.raises(Rejected, match=why):
                    await fetched(pipe, ref)

    run(work())


# The end -----------------------------------------------------------------------------------------------


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


@pytest.mark.parametrize("own_group", [False, True])
def test_aclose_takes_less_than_a_second_whatever_the_program_does(
    program: Programs, tmp_path: Path, own_group: bool
) -> None:
    """It ignores SIGTERM, has a child that does, perhaps in a group of its own, and reads nothing."""
    command = program(
        f"""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        child = os.fork()
        if child == 0 and {own_group}: os.setsid()
        if child != 0: open("pids", "w").write(f"{{os.getpid()}} {{child}}")
        if child != 0: tell(type="idle")
        while True: time.sleep(60)
        """
    )

    async def work() -> None:
        async with opened(command, cwd=str(tmp_path)) as pipe:
            await until_caught_up(pipe)
            under_way = asyncio.ensure_future(pipe.perform(reply(text="x" * 1_000_000)))
            await asyncio.sleep(0.1)
            started = time.monotonic()
            await pipe.aclose()
            assert time.monotonic() - started < 1
            with pytest.raises(Unconfirmed):
                await under_way
            with pytest.raises(Unavailable, match="closed"):
                await pipe.perform(reply())

    run(work())
    parent, child = map(int, (tmp_path / "pids").read_text().split())
    assert not alive(parent)
    assert alive(child) is own_group  # what has left the group is not ours to end
    if own_group:
        os.kill(child, 9)


def test_a_program_that_is_polite_has_the_time_to_finish(program: Programs, tmp_path: Path) -> None:
    command = program(
        """
        tell(type="idle")
        sys.stdin.read()
        open("finished", "w").close()
        """
    )

    async def work() -> None:
        async with opened(command, cwd=str(tmp_path)) as pipe:
            await until_caught_up(pipe)

    run(work())
    assert (tmp_path / "finished").exists()


def test_aclose_while_it_starts(program: Programs) -> None:
    async def work() -> None:
        async with opened(program("time.sleep(60)", ready=False)) as pipe:
            starting = asyncio.ensure_future(pipe.check())
            await asyncio.sleep(0.1)
            await pipe.aclose()
            with pytest.raises(Unavailable, match="closed"):
                await starting

    run(work())


def test_a_stream_that_is_closed_from_outside_ends_quietly(program: Programs) -> None:
    async def work() -> None:
        async with opened(program("hear()")) as pipe:
            stream = pipe.events("", b"")
            waiting = asyncio.ensure_future(anext(stream, None))
            await asyncio.sleep(0.3)
            await pipe.aclose()
            assert await waiting is None

    run(work())


def test_the_steps_of_a_reply_are_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        async with opened(Shop(tmp_path, "keys").command) as pipe:
            await pipe.perform(reply())
            await pipe.perform(reply("k-2", type="complete"))

    with caplog.at_level(logging.DEBUG, "tuidesk.steps"):
        run(work())
    steps = [record.getMessage() for record in caplog.records if record.name == "tuidesk.steps"]
    assert steps == ["pipe.before_write", "pipe.written", "pipe.answered"]


# A program that was left behind --------------------------------------------------------------------------

KILLED = """
import asyncio, logging, os, sys
from tests.channels.test_pipe import opened, reply

class Cut(logging.Handler):
    def emit(self, record):
        if record.getMessage() == "pipe.written":
            os.kill(os.getpid(), 9)

logging.getLogger("tuidesk.steps").setLevel(logging.DEBUG)
logging.getLogger("tuidesk.steps").addHandler(Cut())

async def work():
    async with opened(tuple(sys.argv[2:]), folder=sys.argv[1]) as pipe:
        async for batch in pipe.events("", b""):
            if batch.caught_up:
                break  # a program that still speaks would die of its broken pipe before it reads the reply
        await pipe.perform(reply())

asyncio.run(work())
"""


def killed_after_writing(command: tuple[str, ...], folder: Path) -> None:
    """A tuidesk that is killed when the line of a reply is written; its program goes on alone."""
    root = str(FAKES.parent.parent)
    left = subprocess.run([sys.executable, "-c", KILLED, str(folder), *command], cwd=root, check=False)
    assert left.returncode == -9


def test_find_waits_for_a_program_that_a_killed_desk_left_at_work(tmp_path: Path) -> None:
    """Else it would hear `missing`, and the reply would be sent twice."""
    shop = Shop(tmp_path, "find", "--slow", "1.5")

    async def work() -> None:
        async with opened(shop.command, folder=str(tmp_path)) as pipe:
            await pipe.check()  # which has not to wait
            assert shop.ledger() == []
            assert isinstance(await pipe.find(reply()), Found)

    killed_after_writing(shop.command, tmp_path)
    run(work())
    assert shop.texts() == ["Hello"]


def test_one_that_never_ends_is_ended(program: Programs, tmp_path: Path) -> None:
    command = program(
        """
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        open(f"pid-{os.getpid()}", "w").close()
        tell(type="idle")
        if len([name for name in os.listdir() if name.startswith("pid-")]) == 1:
            while True: time.sleep(60)
        tell(type="missing", key=hear()["key"])
        hear()
        """
    )

    async def work() -> None:
        async with opened(command, folder=str(tmp_path), cwd=str(tmp_path)) as pipe:
            (left,) = [int(path.name[4:]) for path in tmp_path.glob("pid-*")]
            assert alive(left)
            assert await pipe.find(reply()) == Missing()
            assert not alive(left)

    killed_after_writing(("sh", "-c", f"cd {tmp_path} && exec {command[0]} {command[1]}"), tmp_path)
    run(work())


# Twenty lines of shell ---------------------------------------------------------------------------------


def test_twenty_lines_of_shell_make_a_channel(tmp_path: Path) -> None:
    script = FAKES / "twenty.sh"
    asked = 'Where is "my" parcel?\n\tC:\\new\n환불 언제 되나요?'
    said = 'It is "here"\n\tC:\\new 100%\nЗдравствуйте \\'
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "Dana O.txt").write_text(asked + "\n")

    async def work() -> None:
        async with opened((str(script), str(tmp_path))) as pipe:
            assert (await pipe.check()).identity.handle == "folder"
            stream = pipe.events("", b"")
            (first,) = (await anext(stream)).events
            assert isinstance(first, Received)
            assert (first.sender.handle, first.text) == ("Dana O", asked)
            (tmp_path / "in" / "Kim.txt").write_text("later")
            while not (batch := await anext(stream)).events:
                pass
            assert ids_of([batch]) == ["Kim"]
            out = reply("key-1", conversation="Dana O", text=said, to=(first.sender,))
            assert await pipe.find(out) == Missing()
            receipt = await pipe.perform(out)
            assert receipt.id == "key-1"
            await pipe.perform(out)
            assert isinstance(await pipe.find(out), Found)
            (tmp_path / "out").rename(tmp_path / "answers")
            lost = reply("key-2", conversation="Dana O")
            with pytest.raises(Unconfirmed):
                await pipe.perform(lost)
            assert await pipe.find(lost) == Missing()
            await stream.aclose()

    run(work())
    assert [path.name for path in (tmp_path / "answers").glob("*.txt")] == ["key-1.txt"]
    assert (tmp_path / "answers" / "key-1.txt").read_text() == said + "\n"


def test_status_events_come_through(program: Programs) -> None:
    source = """
        tell(type="status", conversation="c", at="1970-01-01T00:00:01Z", status="complete")
        tell(type="idle")
        hear()
        """

    async def work() -> None:
        async with opened(program(source)) as pipe:
            assert events_of(await until_caught_up(pipe)) == [
                StatusSet(at=1000, conversation="c", status="complete")
            ]

    run(work())
