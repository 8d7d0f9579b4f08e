"""A desk with scripted channels and a clock moved by hand: what the tests of its rules stand on."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import tuidesk.channels
from tests.clock import ManualClock
from tests.desk.home import furnish, make_home
from tests.desk.scripted import SCRIPTS, Script
from tuidesk.desk import checking, read
from tuidesk.desk.desk import Desk
from tuidesk.desk.ingest import ingest
from tuidesk.desk.picture import Row, ShownEntry, ShownMessage, Thread
from tuidesk.domain import commands, instants
from tuidesk.domain.commands import Command, Done
from tuidesk.domain.events import ChannelEvent, Received, Sent, StatusSet
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Person
from tuidesk.store.sql import Row as Stored
from tuidesk.wire.channel import Batch, Checked

FAKES = Path(__file__).parents[1] / "fakes" / "channels"
DANA = Person("Dana Ortiz", "dana@ortiz.example")
SAM = Person("Sam", "sam@acme.example")
LEGAL = Person("Legal", "legal@ortiz.example")
ANA = Person("Ana", "ana@acme.example", me=True)
ACCOUNT = 'kind = "scripted"\naddress = "support@acme.example"\n'
CONFIG = '[agent]\nname = "Ana"\naddresses = ["ana@acme.example"]\n'


def at(clock: str, day: int = 20) -> Instant:
    """`at("10:05")`: that time of the day on which the tests play, 20 November 2026, in UTC."""
    seconds = clock if clock.count(":") == 2 else f"{clock}:00"
    return instants.parse(f"2026-11-{day:02}T{seconds}Z")


def received(id_: str | None, when: Instant, text: str = "Where is my parcel?", **more: Any) -> Received:
    """A mail of Dana's, unless it says otherwise."""
    return Received(**{"id": id_, "at": when, "medium": "mail", "sender": DANA, "text": text} | more)


def sent(id_: str | None, when: Instant, text: str = "It leaves today.", **more: Any) -> Sent:
    """A colleague's answer to Dana, seen on the channel, unless it says otherwise."""
    said = {"id": id_, "at": when, "medium": "mail", "sender": SAM, "text": text, "to": (DANA,)}
    return Sent(**said | more)


def status(word: Any, when: Instant, **more: Any) -> StatusSet:
    """What the channel says of a conversation's status."""
    return StatusSet(at=when, status=word, **more)


class Bench:
    """The desk of a home with the account `shop`, and another where a test wants one."""

    def __init__(self, desk: Desk, clock: ManualClock, script: Script) -> None:
        self.desk = desk
        self.clock = clock
        self.script = script

    def can(self, **caps: Any) -> None:
        """What the channel of `shop` can do besides, or instead."""
        self.script.caps = replace(self.script.caps, **caps)
        learn_caps(self)

    # --- in ---

    def take(self, *events: ChannelEvent, account: str = "shop", **batch: Any) -> None:
        """A batch of events comes in."""
        told = Batch(events=events, **batch)

        def job(connection: Any) -> None:
            ingest(
                connection,
                account,
                told,
                settings=self.desk.settings,
                now=self.clock.now(),
                sources=self.desk.paths.raw,
            )

        self.desk.write(job).result()

    def catch_up(self, account: str = "shop") -> None:
        """The account's first sync is through."""
        self.take(account=account, caught_up=True)

    def customer(self, id_: str, when: Instant, **more: Any) -> int:
        """A customer's message; its conversation's number."""
        self.take(received(id_, when, **more))
        return self.conversation_of(id_)

    # --- do ---

    def do(self, command: Command) -> Done:
        return self.desk.do(command).result()

    def reply(self, number: int, text: str = "It leaves today.", **more: Any) -> str:
        """Queue a reply; its key."""
        return self.do(commands.Reply(conversation=number, text=text, **more)).keys[0]

    def deliver(self, give_up_s: float | None = 0.0) -> None:
        """Deliver what is due."""
        asyncio.run(self.desk.engine().once(pull=False, give_up_s=give_up_s))

    def sync(self) -> dict[str, str]:
        """Pull and deliver, once."""
        return asyncio.run(self.desk.engine().once(give_up_s=0.0))

    # --- look ---

    def query(self, sql: str, *values: object) -> list[Stored]:
        """Rows of the store, for what no picture shows."""
        found: list[Stored] = self.desk.read(lambda c: c.execute(sql, values).fetchall()).result()
        return found

    def conversation_of(self, id_: str) -> int:
        """Number of the conversation of the message the channel calls so."""
        found = self.query(
            "SELECT conversation FROM remote_id JOIN message ON message.id = message WHERE remote_id.id = ?",
            id_,
        )
        assert len(found) == 1, f"{id_} is not there"
        return int(found[0][0])

    def row(self, number: int) -> Row:
        return self.desk.read(read.rows, [number], self.clock.now()).result()[number]

    def rows(self) -> list[Row]:
        found: list[Row] = self.desk.read(read.page, "all", self.clock.now(), 1000).result()
        return found

    def status(self, number: int) -> str:
        return self.row(number).status

    def wait(self, number: int) -> Instant | None:
        """Start of the wait."""
        return self.row(number).waiting_since

    def thread(self, number: int) -> Thread:
        return self.desk.read(read.thread, number, self.clock.now()).result()

    def messages(self, number: int) -> list[ShownMessage]:
        return [item for item in self.thread(number).items if isinstance(item, ShownMessage)]

    def entries(self, number: int) -> list[ShownEntry]:
        return [item for item in self.thread(number).items if isinstance(item, ShownEntry)]

    def history(self, number: int) -> list[tuple[str, object]]:
        """(what, why) of the entries that hold."""
        return [(entry.what, entry.data.get("why")) for entry in self.entries(number) if not entry.undone]

    def ours(self, number: int) -> ShownMessage:
        """Our only message in a conversation."""
        (only,) = (message for message in self.messages(number) if message.direction == "out")
        return only

    def work(self, key: str) -> Stored:
        (row,) = self.query("SELECT * FROM outbox WHERE key = ?", key)
        return row

    def open_types(self) -> list[str]:
        """Types of the work that is not settled, oldest first."""
        found = self.query(
            "SELECT type FROM outbox WHERE state IN ('queued', 'sending', 'unknown') ORDER BY id"
        )
        return [str(row[0]) for row in found]

    def parked(self) -> list[str]:
        """What parked events wait for."""
        return [str(row[0]) for row in self.query("SELECT waits_for FROM parked ORDER BY id")]

    def health(self, account: str = "shop") -> tuple[str, str]:
        states = {state.id: state for state in self.desk.read(read.accounts).result()}
        return states[account].health, states[account].detail

    def draft(self, number: int, mode: str = "reply") -> str | None:
        """Text of an open draft."""
        found = self.desk.read(read.draft, number, mode).result()
        return None if found is None else found.text


@contextmanager
def bench_at(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    config: str = CONFIG,
    account: str = ACCOUNT,
    caught_up: bool = True,
    **others: str,
) -> Iterator[Bench]:
    """A bench in `folder`; the account `shop` has caught up unless a test is about its first sync."""
    monkeypatch.setattr(tuidesk.channels, "__path__", [*tuidesk.channels.__path__, str(FAKES)])
    for name in ("shop", *others):
        monkeypatch.setitem(SCRIPTS, name, Script())
    paths = make_home(folder, config, shop=account, **others)
    furnish(paths)
    desk = Desk.open(paths)
    clock = ManualClock()
    vars(desk)["clock"] = clock  # the desk hands its clock to everybody; this one stands still
    bench = Bench(desk, clock, SCRIPTS["shop"])
    try:
        for name in ("shop", *others):
            learn_caps(bench, name)
            if caught_up:
                bench.catch_up(name)
        yield bench
    finally:
        desk.close()


def learn_caps(bench: Bench, account: str = "shop") -> None:
    """What the channel can do is known, as after a first check."""
    caps = SCRIPTS[account].caps
    me = Person("Acme", "support@acme.example")
    canned = SCRIPTS[account].canned
    bench.desk.write(lambda c: checking.keep(c, account, Checked(me, caps, canned=canned))).result()
