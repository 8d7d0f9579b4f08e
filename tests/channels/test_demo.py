"""The demo: an ordinary channel whose service is itself."""

import asyncio
import csv
import json
import subprocess
import sys
import time
import tracemalloc
import unicodedata
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from tuidesk.channels.demo import adapter, cast, live, script
from tuidesk.channels.demo.adapter import Demo, DemoOptions
from tuidesk.channels.demo.ledger import Deed
from tuidesk.channels.demo.memory import Memory
from tuidesk.channels.demo.sized import Sized
from tuidesk.domain import vocabulary
from tuidesk.domain.events import (
    Assigned,
    ChannelEvent,
    ContactSeen,
    Delivered,
    Handoff,
    NoteSeen,
    PrioritySet,
    Rated,
    Received,
    Sent,
    StatusSet,
    Tagged,
)
from tuidesk.domain.instants import DAY, HOUR, SECOND, Instant
from tuidesk.domain.model import Person
from tuidesk.domain.outgoing import Found, Missing, Outgoing
from tuidesk.errors import RateLimited, Rejected, Unavailable, Unconfirmed, Unsupported
from tuidesk.wire.channel import Batch, Site
from tuidesk.wire.registry import load

START: Instant = 1_795_000_000_000
ANA = Person("Ana", "ana@acme.example", me=True)


@dataclass
class SetClock:
    """A clock that moves only when told."""

    at: Instant = START

    def now(self) -> Instant:
        return self.at

    def monotonic(self) -> float:
        return self.at / 1000


class WallClock:
    def now(self) -> Instant:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        return time.monotonic()


class NoSecrets:
    def get(self, use: str = "", *, anew: bool = False) -> str:
        raise AssertionError(use, anew)

    def put(self, value: str, use: str = "") -> None:
        raise AssertionError(value, use)


@dataclass
class Opened:
    """What a desk has stored of the demo: enough to open it again."""

    folder: Path
    options: DemoOptions = field(default_factory=DemoOptions)
    clock: SetClock | WallClock = field(default_factory=SetClock)
    cursor: str = ""
    state: bytes = b""
    events: list[ChannelEvent] = field(default_factory=list)

    def open(self) -> Demo:
        site = Site("demo", self.clock, NoSecrets(), ANA, folder=str(self.folder))
        return Demo(self.options, site)

    def keep(self, batch: Batch) -> None:
        self.events += batch.events
        self.cursor = self.cursor if batch.cursor is None else batch.cursor
        self.state = self.state if batch.state is None else batch.state

    async def pull(self, demo: Demo) -> AsyncIterator[Batch]:
        async for batch in demo.events(self.cursor, self.state):
            self.keep(batch)
            yield batch

    async def catch_up(self) -> Demo:
        """Everything there was when it was opened; the demo is still open."""
        demo = self.open()
        async for batch in self.pull(demo):
            if batch.caught_up:
                return demo
        raise AssertionError("the stream ended before it had caught up")


def reply(key: str, text: str, conversation: str = "demo-c2", **more: object) -> Outgoing:
    kept = {"key": key, "type": "reply", "at": START, "conversation": conversation, "text": text, **more}
    return Outgoing.from_json(kept)


def ids(events: list[ChannelEvent]) -> list[str]:
    return [event.id for event in events if not isinstance(event, ContactSeen) and event.id is not None]


def threads(events: list[ChannelEvent]) -> dict[str, list[Received | Sent]]:
    found: dict[str, list[Received | Sent]] = defaultdict(list)
    for event in events:
        if isinstance(event, Received | Sent):
            assert event.conversation is not None
            found[event.conversation].append(event)
    return found


@pytest.fixture
def history() -> list[ChannelEvent]:
    return script.history(START, 7, ANA)


# The hand-written desk


def test_it_is_an_ordinary_adapter_that_costs_little_to_ask_for_options() -> None:
    assert load("demo") is Demo
    heavy = "asyncio", "importlib.metadata", "wcwidth", "textual", "sqlite3", "json"
    code = f"import sys; from tuidesk.channels.demo import ADAPTER; print([m for m in {heavy} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_options_that_mean_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="size"):
        DemoOptions(size=-1)
    for pace in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="pace"):
            DemoOptions(pace=pace)


def test_there_are_enough_people_threads_media_and_languages(history: list[ChannelEvent]) -> None:
    contacts = [event for event in history if isinstance(event, ContactSeen)]
    assert len(contacts) >= 30
    assert sum(bool(contact.same_as) for contact in contacts) >= 10
    assert {dict(contact.fields)["language"] for contact in contacts} == {"en", "ko", "uz", "ar", "ja", "de"}
    told = threads(history)
    assert len(told) >= 60
    media = {thread[0].medium for thread in told.values()}
    assert media >= {"mail", "sms", "whatsapp", "messenger", "instagram", "post", "chat", "call"}
    assert max(len(thread) for thread in told.values()) >= 40
    kinds = Counter(event.kind for thread in told.values() for event in thread)
    assert all(kinds[kind] for kind in ("auto", "bounce", "bot", "reaction"))


def test_every_kind_of_thing_has_happened(history: list[ChannelEvent]) -> None:
    happened = Counter(type(event) for event in history)
    for kind in (Assigned, Delivered, Handoff, NoteSeen, PrioritySet, Rated, StatusSet, Tagged):
        assert happened[kind], kind
    statuses = {event.status for event in history if isinstance(event, StatusSet)}
    assert statuses == {"complete", "pending", "snoozed"}
    snoozes = [event.until for event in history if isinstance(event, StatusSet) and event.status == "snoozed"]
    assert any(until is not None and until > START for until in snoozes)
    assert any(until is not None and START - HOUR < until < START for until in snoozes), "one is just over"
    assert any(isinstance(event, Received) and event.html is not None for event in history)
    assert {event.to.me for event in history if isinstance(event, Assigned) and event.to} == {True, False}


def test_many_scripts_are_written(history: list[ChannelEvent]) -> None:
    text = "".join(event.text or "" for event in history if isinstance(event, Received | Sent))
    found = {unicodedata.name(letter, "-").split()[0] for letter in text}
    assert found >= {
        "LATIN",
        "HANGUL",
        "CYRILLIC",
        "ARABIC",
        "HIRAGANA",
        "KATAKANA",
        "CJK",
        "ZERO",
        "REGIONAL",
    }
    assert "to'lov" in text
    assert "oʻ" in text


def test_the_queue_is_the_one_of_the_drawing(history: list[ChannelEvent]) -> None:
    waits = {
        name: next(START - event.at for event in reversed(thread) if isinstance(event, Received)) // 60_000
        for name, thread in threads(history).items()
    }
    drawn = {"c1": 72, "c2": 56, "c3": 23 * 60 + 38, "c4": 31, "c5": 22, "c6": 9, "c8": 60, "c9": 6}
    assert {name: waits[f"demo-{name}"] for name in drawn} == drawn
    words = "".join(event.text or "" for event in history if isinstance(event, Received))
    assert "환불 언제 되나요?" in words
    assert "I still have not received my refund for order 8841." in words


def test_every_event_is_one_of_the_vocabulary(history: list[ChannelEvent]) -> None:
    for event in history:
        assert vocabulary.parse(json.loads(json.dumps(vocabulary.dump(event)))) == event


def test_ids_are_never_used_twice_and_time_never_runs_back(history: list[ChannelEvent]) -> None:
    named = ids(history)
    assert len(named) == len(set(named)) == sum(not isinstance(event, ContactSeen) for event in history)
    latest: dict[str, Instant] = {}
    known: set[str] = set()
    for event in history:
        if isinstance(event, ContactSeen):
            continue
        assert event.at <= START
        match event:
            case (
                Received(conversation=str(name))
                | Sent(conversation=str(name))
                | StatusSet(conversation=str(name))
            ):
                assert event.at >= latest.get(name, 0), event
                latest[name] = event.at
            case Delivered(message=message):
                assert message in known
        known.add(event.id or "")


def test_addresses_and_numbers_are_nobodys() -> None:
    for customer in cast.CAST.values():
        for medium, handle in customer.handles:
            if "@" in handle and medium in ("mail", "form"):
                assert handle.endswith((".example", ".test")), handle
            if handle.startswith("+"):
                assert handle.startswith(("+120255501", "+4420794609", "+821055500", "+998905550")), handle


def test_a_seed_and_a_start_give_one_desk(history: list[ChannelEvent]) -> None:
    assert script.history(START, 7, ANA) == history
    assert script.history(START, 8, ANA) != history
    later = script.history(START + DAY, 7, ANA)
    assert ids(later) == ids(history)


async def _catch_up(opened: Opened) -> None:
    await (await opened.catch_up()).aclose()


def test_a_second_start_repeats_nothing_and_keeps_the_first_ones_time(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    began = time.monotonic()
    asyncio.run(_catch_up(opened))
    assert time.monotonic() - began < 1.0
    assert opened.events == script.history(START, 7, ANA)
    before, opened.clock = len(opened.events), SetClock(START + 3)
    asyncio.run(_catch_up(opened))
    assert len(opened.events) == before


# What happens while it is open


def test_messages_arrive_at_the_same_times_for_a_seed_however_often_it_is_looked_at() -> None:
    def course(seed: int, step: Instant) -> list[ChannelEvent]:
        told, now = live.Live(Memory(START), seed, 1.0, script.asker_of, go_on=True), START
        events: list[ChannelEvent] = []
        while len(events) < 40:
            now += step
            events += told.take([], now)
        return events[:40]

    one = course(7, SECOND)
    assert one == course(7, 7 * SECOND)
    assert one != course(8, SECOND)
    times = [event.at for event in one if isinstance(event, Received)]
    assert all(20 * SECOND <= after - at <= 45 * SECOND for at, after in pairwise(times))
    assert len(set(ids(one))) == 40
    gone_on = {event.conversation for event in one if isinstance(event, Received)} & set(
        threads(script.history(START, 7, ANA))
    )
    assert len(gone_on) == 12


def test_nothing_piles_up_while_the_demo_is_closed() -> None:
    told = live.Live(Memory(START, live=3, live_at=START), 7, 1.0, script.asker_of, go_on=True)
    assert told.due([], START + DAY) == START + DAY
    assert len(told.take([], START + DAY)) == 1
    assert told.take([], START + DAY) == []


async def _some_arrivals(opened: Opened, count: int) -> None:
    demo = opened.open()
    async for _ in opened.pull(demo):
        if sum("demo-l" in id for id in ids(opened.events)) >= count:
            await demo.aclose()


def test_arrivals_go_on_where_they_stopped(tmp_path: Path) -> None:
    opened = Opened(tmp_path, DemoOptions(pace=0.001), WallClock())
    for count in (3, 6, 9):
        asyncio.run(_some_arrivals(opened, count))
    arrived = [id for id in ids(opened.events) if "demo-l" in id]
    assert arrived[:9] == [f"demo-l{n}-m1" for n in range(1, 10)]


async def _heartbeats(opened: Opened) -> list[Batch]:
    demo, beats = await opened.catch_up(), list[Batch]()
    async for batch in opened.pull(demo):
        beats.append(batch)
        if len(beats) == 3:
            await demo.aclose()
    return beats


def test_while_nothing_happens_there_are_heartbeats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "_HEARTBEAT_S", 0.02)
    for options in (DemoOptions(live=False), DemoOptions(pace=100.0)):
        beats = asyncio.run(_heartbeats(Opened(tmp_path, options, WallClock())))
        assert [(batch.events, batch.caught_up) for batch in beats] == [((), True)] * 3


async def _close_while_it_rests(opened: Opened) -> float:
    demo = opened.open()

    async def pull() -> None:
        async for _ in opened.pull(demo):
            pass

    task = asyncio.create_task(pull())
    await asyncio.sleep(0.1)
    began = time.monotonic()
    await demo.aclose()
    await task
    return time.monotonic() - began


def test_it_closes_at_once(tmp_path: Path) -> None:
    assert asyncio.run(_close_while_it_rests(Opened(tmp_path, clock=WallClock()))) < 0.5


# What the agent does


async def _until_answered(opened: Opened, demo: Demo, key: str) -> Received:
    async for _ in opened.pull(demo):
        for event in opened.events:
            if isinstance(event, Received) and event.id == f"demo-a-{key}":
                await demo.aclose()
                return event
    raise AssertionError("closed without an answer")


async def _answered(opened: Opened) -> tuple[Received, Received]:
    demo = await opened.catch_up()
    now = opened.clock.now()
    sent = await demo.perform(reply("k-1", "내일 환불됩니다.", at=now))
    first = await _until_answered(opened, demo, "k-1")
    read = [event for event in opened.events if isinstance(event, Delivered) and event.message == sent.id]
    assert [event.state for event in read] == ["read"]
    demo = await opened.catch_up()
    await demo.perform(reply("k-2", "Tomorrow.", "demo-c1", at=now))
    await demo.aclose()
    # Closed before she could answer: she does it when the demo is open again.
    return first, await _until_answered(opened, opened.open(), "k-2")


def test_customers_answer_once_and_in_their_language(tmp_path: Path) -> None:
    opened = Opened(tmp_path, DemoOptions(pace=0.01), WallClock())
    jun, dana = asyncio.run(_answered(opened))
    assert jun.conversation == "demo-c2"
    assert jun.medium == "whatsapp"
    assert jun.text is not None
    assert any("HANGUL" in unicodedata.name(letter, "") for letter in jun.text)
    assert (dana.conversation, dana.sender.handle, dana.medium) == ("demo-c1", "dana@ortiz.example", "mail")
    assert dana.text is not None
    assert dana.text.isascii() or "👍" in dana.text
    answers = [id for id in ids(opened.events) if id.startswith("demo-a-")]
    assert sorted(answers) == ["demo-a-k-1", "demo-a-k-2"]


def _reaction(deed: Deed, after: Instant) -> list[ChannelEvent]:
    # The next message that comes by itself does so in 20 s at the earliest, an answer in 15 s at the latest.
    return live.Live(Memory(START), 7, 1.0, script.asker_of, go_on=True).take([deed], START + after)


def test_they_take_their_time() -> None:
    deed = Deed(key="k", type="reply", at=START, id="demo-k-k", conversation="demo-c1")
    assert _reaction(deed, 5 * SECOND) == []
    assert [type(event) for event in _reaction(deed, 15 * SECOND)] == [Received]


def test_a_new_contact_answers_too() -> None:
    deed = Deed(
        key="k",
        type="start",
        at=START,
        id="demo-k-k",
        conversation="demo-s-k",
        medium="sms",
        handle="+12025550199",
    )
    (heard,) = _reaction(deed, 15 * SECOND)
    assert isinstance(heard, Received)
    assert (heard.conversation, heard.medium, heard.sender.handle) == ("demo-s-k", "sms", "+12025550199")


def test_what_bounces_comes_back_later() -> None:
    deed = Deed(key="k", type="reply", at=START, id="demo-k-k", conversation="demo-c1", bounces=True)
    (heard,) = _reaction(deed, 15 * SECOND)
    assert isinstance(heard, Delivered)
    assert (heard.message, heard.state) == ("demo-k-k", "failed")


async def _every_type(opened: Opened) -> None:
    demo = opened.open()
    for kind in (await demo.check()).caps.performs:
        out = reply(f"key-{kind}", "text", type=kind)
        done = await demo.perform(out)
        assert await demo.perform(out) == done
        assert await demo.find(out) == Found(id=done.id, at=done.at)
        assert (done.id is not None) == (kind in ("reply", "start", "note"))
        again = await opened.open().perform(out)
        assert again == done, "after a restart"
    assert await demo.find(reply("never", "text")) == Missing()
    with pytest.raises(Unsupported):
        await demo.perform(reply("key", "text", type="answered"))


def test_a_key_is_honoured_and_found_also_after_a_restart(tmp_path: Path) -> None:
    asyncio.run(_every_type(Opened(tmp_path)))
    ledger = tmp_path / "ledger.jsonl"
    assert len(ledger.read_text("utf-8").splitlines()) == 10
    assert ledger.stat().st_mode & 0o777 == 0o600


async def _perform_all(opened: Opened, *keys: str) -> list[Found | Missing]:
    found = []
    for key in keys:
        await opened.open().perform(reply(key, "text"))
    for key in keys:
        known = await opened.open().find(reply(key, "text"))
        assert isinstance(known, Found | Missing)
        found.append(known)
    return found


def test_a_line_cut_off_by_a_crash_was_not_done_and_spoils_nothing(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    asyncio.run(_perform_all(opened, "one", "two"))
    ledger = tmp_path / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes()[:-9])
    assert isinstance(asyncio.run(opened.open().find(reply("two", "text"))), Missing)
    three, two = asyncio.run(_perform_all(opened, "three", "two"))
    assert isinstance(three, Found)
    assert isinstance(two, Found)


def test_what_cannot_be_written_down_is_not_done(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", "utf-8")
    opened = Opened(tmp_path / "file")
    with pytest.raises(Unavailable):
        asyncio.run(opened.open().perform(reply("k", "text")))


async def _faults(opened: Opened, clock: SetClock) -> None:
    demo = opened.open()
    with pytest.raises(Rejected):
        await demo.perform(reply("fails", "please #fail"))
    assert await demo.find(reply("fails", "")) == Missing()
    limited = reply("limited", "please #limit")
    with pytest.raises(RateLimited) as first:
        await demo.perform(limited)
    clock.at += 12 * SECOND
    with pytest.raises(RateLimited) as second:
        await demo.perform(limited)
    assert (first.value.after, second.value.after) == (20.0, 8.0)
    clock.at += 8 * SECOND
    assert (await demo.perform(limited)).id is not None
    unknown = reply("unknown", "please #unknown")
    with pytest.raises(Unconfirmed):
        await demo.perform(unknown)
    assert isinstance(await demo.find(unknown), Found)
    assert (await demo.perform(unknown)).id == "demo-k-unknown"


def test_faults_can_be_tried(tmp_path: Path) -> None:
    clock = SetClock()
    asyncio.run(_faults(Opened(tmp_path, clock=clock), clock))


# Attachments


async def _fetched(demo: Demo, ref: str) -> bytes:
    return b"".join([piece async for piece in demo.fetch(ref)])


def test_attachments_are_what_they_say(history: list[ChannelEvent], tmp_path: Path) -> None:
    demo = Opened(tmp_path).open()
    told = [event for event in history if isinstance(event, Received | Sent)]
    files = {file.name: file for event in told for file in event.attachments}
    made = {name: asyncio.run(_fetched(demo, file.ref)) for name, file in files.items()}
    assert {name: len(data) for name, data in made.items()} == {
        name: file.size for name, file in files.items()
    }
    assert made["box.png"].startswith(b"\x89PNG\r\n\x1a\n")
    assert made["box.png"] != made["cup.png"]
    assert made["receipt.pdf"].startswith(b"%PDF-1.4")
    assert len(list(csv.DictReader(made["statement.csv"].decode().splitlines()))) == 24
    assert made["voicemail.wav"][8:12] == b"WAVE"
    assert {file.type for file in files.values()} >= {"image/png", "application/pdf", "text/csv", "audio/wav"}
    with pytest.raises(Rejected):
        asyncio.run(_fetched(demo, "../../etc/passwd"))


# A desk of any size


async def _sized(opened: Opened, batches: int) -> list[Batch]:
    """So many batches, then closed."""
    demo, got = opened.open(), list[Batch]()
    async for batch in opened.pull(demo):
        got.append(batch)
        if len(got) == batches or batch.caught_up:
            await demo.aclose()
    return got


def test_a_sized_desk_can_be_cut_at_every_batch(tmp_path: Path) -> None:
    options = DemoOptions(size=1000, live=False)
    whole, cut = Opened(tmp_path, options), Opened(tmp_path, options)
    batches = asyncio.run(_sized(whole, 99))
    assert all(len(batch.events) <= 500 for batch in batches)
    assert [batch.progress.done for batch in batches if batch.progress][-1] == 3000
    assert len(batches) > 6
    for _ in batches:
        asyncio.run(_sized(cut, 1))
    assert cut.events == whole.events
    assert len(set(ids(whole.events))) == len(whole.events)
    asyncio.run(_sized(cut, 99))
    assert len(cut.events) == len(whole.events)


def test_a_sized_desk_is_spread_out_and_deterministic() -> None:
    desk = Sized(5000, START, 7, ANA)
    told = [event for thread in desk.conversations(0) for event in thread]
    assert told == [event for thread in Sized(5000, START, 7, ANA).conversations(0) for event in thread]
    assert told != [event for thread in Sized(5000, START, 8, ANA).conversations(0) for event in thread]
    found = threads(told)
    assert len(found) == 5000
    assert 14_500 < sum(len(thread) for thread in found.values()) < 15_500
    moved = Counter(event.status for event in told if isinstance(event, StatusSet))
    assert 0.37 < 1 - moved.total() / 5000 < 0.43, "the rest is open"
    assert set(moved) == {"pending", "snoozed", "complete"}
    settled = {event.conversation for event in told if isinstance(event, StatusSet)}
    assert all(isinstance(thread[-1], Received) == (name not in settled) for name, thread in found.items())
    assert all(START - 29 * DAY < event.at < START for thread in found.values() for event in thread)
    for event in told[:2000]:
        assert vocabulary.parse(vocabulary.dump(event)) == event
    assert not any("{" in f"{m.text}{m.subject}" for thread in found.values() for m in thread), (
        "a hole was left"
    )
    asker = desk.asker("demo-z17")
    assert asker is not None
    assert asker.person == found["demo-z17"][0].sender
    assert desk.asker("demo-l17") is None


def test_a_sized_desk_is_made_fast() -> None:
    count = 20_000
    took = []
    for _ in range(3):
        began = time.process_time()
        for _ in Sized(count, START, 7, ANA).conversations(0):
            pass
        took.append(time.process_time() - began)
    assert count / min(took) > 20_000


async def _peak(opened: Opened) -> int:
    """Bytes at the highest, of a desk that keeps nothing itself."""
    demo = opened.open()
    tracemalloc.start()
    async for batch in demo.events("", b""):
        if batch.caught_up:
            await demo.aclose()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_a_sized_desk_takes_no_more_memory_for_more(tmp_path: Path) -> None:
    asyncio.run(_peak(Opened(tmp_path, DemoOptions(size=100, live=False))))
    small = asyncio.run(_peak(Opened(tmp_path, DemoOptions(size=1_000, live=False))))
    large = asyncio.run(_peak(Opened(tmp_path, DemoOptions(size=20_000, live=False))))
    assert large < small + 200_000
