"""What every adapter must hold to, asked of each in the same words.

An adapter's tests have one class of their own, `class TestContract(Contract)`, with a fixture `rig`: its service, real
or a fake with a ledger, as both sides see it. The judge is what the customer saw.
"""

import asyncio
import json
import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar

import pytest

from tests.fakes.service import Service
from tuidesk.desk.clock import SystemClock
from tuidesk.domain import vocabulary
from tuidesk.domain.events import ChannelEvent, Received, Sent
from tuidesk.domain.model import Person
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Receipt, Unsure
from tuidesk.errors import (
    AuthFailed,
    ChannelError,
    RateLimited,
    Rejected,
    SecretError,
    Unavailable,
    Unconfirmed,
    Unsupported,
)
from tuidesk.wire.channel import Batch, Channel, Site

T = TypeVar("T")
WORK = ("reply", "start", "note", "complete", "reopen", "pending", "snooze", "assign", "tag", "priority")
RECORDED = Path(__file__).parent / "recorded"
CANARY = "canary-5d41402abc4b2a76"
"""The secret of every account here, unless its service wants another: it must not turn up anywhere."""
Trouble = Literal["lose", "drop", "hang", "truncate", "html", "half"]
_DEADLINE_S = 30.0


@dataclass(frozen=True, slots=True)
class Typed:
    """The secrets port, with one secret."""

    value: str = CANARY

    def get(self, use: str = "", *, anew: bool = False) -> str:  # noqa: ARG002 - the port's
        return self.value

    def put(self, value: str, use: str = "") -> None:
        raise SecretError(f"{use}: {len(value)} signs have no place here")


def site(folder: Path, secret: str = CANARY, **more: Any) -> Site:
    """What the desk hands to an adapter."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {"account": "shop", "clock": SystemClock(), "secrets": Typed(secret), "agent": ANA}
    return Site(**{**made, "folder": str(folder), **more})


ANA = Person("Ana", "ana@acme.example", me=True)


class Rig(ABC):
    """One account's service, from both sides; who speaks HTTP has its fake, a `Service`, as `server`."""

    speaks_http: ClassVar[bool] = True
    loses: ClassVar[bool] = True
    """Whether `trouble` can lose answers here."""
    kind: ClassVar[str]
    recorded: ClassVar[Path | None] = None
    """The folder of its recorded bodies, where it is not below ours."""

    @abstractmethod
    def open(self) -> Channel:
        """A new adapter of the same account, as after a restart."""

    @abstractmethod
    def customer_writes(self, text: str) -> None:
        """A customer's message, in the conversation they always write in."""

    @abstractmethod
    def customer_saw(self) -> list[str]:
        """The texts of ours that this customer can read, oldest first: the ledger."""

    def trouble(self, what: Trouble, on: Literal["read", "send"]) -> None:
        """The next reading, or sending, goes wrong like this."""
        raise NotImplementedError

    def answers(self, status: int, on: Literal["read", "send"], headers: dict[str, str]) -> None:
        """The next reading, or sending, is answered by this status alone; nothing is done."""
        raise NotImplementedError

    @abstractmethod
    def heal(self) -> None:
        """No trouble is left."""

    def says(self, message: Received, text: str) -> bool:
        """Whether this is what the customer wrote when they were told to write `text`."""
        return text in said_in(message)

    def reply(self, to: Received, text: str, key: str = "k-1") -> Outgoing:
        """As the desk would queue it."""
        return Outgoing(
            key=key,
            type="reply",
            at=to.at + 1000,
            agent=ANA,
            conversation=to.conversation or to.id,
            medium=to.medium,
            text=text,
            subject=to.subject,
            reply_to=to.id,
            refs=(*to.refs, *((to.id,) if to.id else ())),
            to=(to.sender,),
            visibility=to.visibility,
            targets=(to.id,) if to.id else (),
        )

    def means(
        self, status: int, on: Literal["read", "send"]
    ) -> type[ChannelError] | tuple[type[ChannelError], ...]:
        """What a status is to this adapter, where it differs from the usual."""
        return _USUAL[on, status]

    def writes_unknown(self) -> str | None:
        """The customer sends something of a sort the adapter has never heard of; its id, or None if there is no such
        thing."""
        return None

    def closes_window(self, text: str) -> None:
        """The customer wrote this so long ago that the service takes no reply any more."""
        raise NotImplementedError

    def sends_file(self, name: str, content: bytes) -> None:
        """The customer sends a file."""
        raise NotImplementedError

    def parse(self, name: str, body: Any) -> Sequence[ChannelEvent]:
        """The events in a recorded body, by the adapter's own pure functions."""
        raise NotImplementedError


_READ_FAILS = (Unavailable, RateLimited)
_USUAL: dict[tuple[str, int], type[ChannelError] | tuple[type[ChannelError], ...]] = {
    ("read", 401): AuthFailed,
    ("read", 403): (AuthFailed, Rejected),
    ("read", 404): (Rejected, Unavailable, AuthFailed),
    ("read", 409): (Rejected, Unavailable),
    ("read", 413): (Rejected, Unavailable),
    ("read", 422): (Rejected, Unavailable),
    ("read", 429): RateLimited,
    ("read", 500): _READ_FAILS,
    ("read", 503): _READ_FAILS,
    ("send", 401): AuthFailed,
    ("send", 403): Rejected,
    ("send", 404): Rejected,
    ("send", 409): Rejected,
    ("send", 413): Rejected,
    ("send", 422): Rejected,
    ("send", 429): RateLimited,
    ("send", 500): Unconfirmed,
    ("send", 503): Unconfirmed,
}
STATUSES = sorted({status for _, status in _USUAL})


@dataclass(slots=True)
class Pulled:
    """What one look brought."""

    events: list[ChannelEvent]
    cursor: str
    state: bytes
    caught_up: bool = False

    @property
    def received(self) -> list[Received]:
        return [event for event in self.events if isinstance(event, Received)]

    @property
    def sent(self) -> list[Sent]:
        return [event for event in self.events if isinstance(event, Sent)]


def run(do: Callable[[], Awaitable[T]]) -> T:
    """On a loop of its own, within the deadline."""

    async def whole() -> T:
        async with asyncio.timeout(_DEADLINE_S):
            return await do()

    return asyncio.run(whole())


async def pull(
    channel: Channel,
    cursor: str = "",
    state: bytes = b"",
    until: Callable[[Pulled], bool] = lambda found: found.caught_up,
) -> Pulled:
    """Take batches as the desk does until `until` holds, or the poll ends."""
    found = Pulled([], cursor, state)
    await pull_on(channel, found, until)
    return found


async def pull_on(channel: Channel, found: Pulled, until: Callable[[Pulled], bool]) -> None:
    """The same from where `found` stands; what was taken before an error is kept, as the desk does."""
    batches = channel.events(found.cursor, found.state)
    try:
        async for batch in batches:
            keep(found, batch)
            if until(found):
                break
    finally:
        if (close := getattr(batches, "aclose", None)) is not None:
            await close()


def keep(found: Pulled, batch: Batch) -> None:
    """What the desk stores of a batch."""
    found.events += batch.events
    found.cursor = found.cursor if batch.cursor is None else batch.cursor
    found.state = found.state if batch.state is None else batch.state
    found.caught_up = found.caught_up or batch.caught_up


def look(rig: Rig, cursor: str = "", state: bytes = b"", text: str = "") -> Pulled:
    """One look by a new adapter; until a customer's `text` is in, where it may take its time."""

    def enough(found: Pulled) -> bool:
        return found.caught_up and (not text or any(rig.says(one, text) for one in found.received))

    async def whole() -> Pulled:
        channel = rig.open()
        try:
            while not enough(found := await pull(channel, cursor, state, enough)):
                await asyncio.sleep(0.05)
            return found
        finally:
            await channel.aclose()

    return run(whole)


def said_in(message: Received | Sent) -> str:
    """Its text, whichever form it came in."""
    return (message.text or "") + (message.html or "")


def do(rig: Rig, work: Callable[[Channel], Awaitable[T]]) -> T:
    """With a new adapter."""

    async def whole() -> T:
        channel = rig.open()
        try:
            await channel.check()
            return await work(channel)
        finally:
            await channel.aclose()

    return run(whole)


def asked(rig: Rig, text: str = "Where is my parcel?") -> Received:
    """A customer has written, and it has come in."""
    rig.customer_writes(text)
    return next(one for one in look(rig, text=text).received if rig.says(one, text))


class Common:
    """What is asked of every channel. A class of an adapter's own has the fixture `rig`."""

    # --- who and what ---

    def test_it_says_who_it_is_and_what_it_can_do(self, rig: Rig) -> None:
        checked = do(rig, lambda channel: channel.check())
        assert checked.identity.handle or checked.identity.name
        assert checked.caps.performs <= set(WORK)
        assert not (checked.caps.idempotent_s and "reply" not in checked.caps.performs)

    def test_every_option_says_what_it_is_for(self, rig: Rig) -> None:
        for option in fields(type(rig.open()).Options):
            assert option.metadata.get("help"), option.name

    # --- in ---

    def test_what_a_customer_writes_comes_in_and_is_the_same_when_read_again(self, rig: Rig) -> None:
        first = asked(rig)
        assert first.id
        assert first.sender.handle
        assert not first.sender.me
        again = next(one for one in look(rig, text="Where is my parcel?").received if one.id == first.id)
        assert (again.conversation, said_in(again), again.at) == (
            first.conversation,
            said_in(first),
            first.at,
        )

    def test_the_cursor_holds_over_a_restart_and_nothing_between_is_lost(self, rig: Rig) -> None:
        rig.customer_writes("the first word")
        before = look(rig, text="the first word")
        rig.customer_writes("said while nobody looked")
        after = look(rig, before.cursor, before.state, text="said while nobody looked")
        known = {one.id for one in before.received}
        assert [one for one in after.received if rig.says(one, "said while nobody looked")]
        assert len({one.id for one in after.received} - known) == 1
        assert {one.conversation for one in after.received} <= {
            one.conversation for one in before.received
        } | {None}

    def test_what_was_not_stored_comes_again(self, rig: Rig) -> None:
        """A batch is stored when the next is taken: whoever dies before that has it again."""
        rig.customer_writes("not stored yet")
        dropped = look(rig, text="not stored yet")
        again = look(rig, text="not stored yet")
        assert {one.id for one in dropped.received} <= {one.id for one in again.received}

    def test_what_it_does_not_know_is_not_lost(self, rig: Rig) -> None:
        id_ = rig.writes_unknown()
        if id_ is None:
            pytest.skip("this service has no sort of message the adapter does not know")
        rig.customer_writes("and an ordinary word after it")
        found = look(rig, text="and an ordinary word after it")
        assert any(one.id == id_ and (said_in(one) or one.attachments) for one in found.received)

    # --- out ---

    def test_a_reply_reaches_the_customer_once(self, rig: Rig) -> None:
        question = asked(rig)
        receipt = do(rig, lambda channel: channel.perform(rig.reply(question, "It leaves today.")))
        assert isinstance(receipt, Receipt)
        assert [text for text in rig.customer_saw() if "It leaves today." in text] == rig.customer_saw()[-1:]
        assert sum("It leaves today." in text for text in rig.customer_saw()) == 1

    def test_our_own_reply_does_not_come_back_as_a_customers(self, rig: Rig) -> None:
        question = asked(rig)
        receipt = do(rig, lambda channel: channel.perform(rig.reply(question, "It leaves today.")))
        rig.customer_writes("thanks, and bye")
        found = look(rig, text="thanks, and bye")
        assert not [one for one in found.received if "It leaves today." in said_in(one)]
        for echo in (one for one in found.sent if "It leaves today." in said_in(one)):
            assert echo.key == "k-1" or {echo.id, *echo.ids} & {receipt.id, *receipt.ids}
            assert (
                echo.key == "k-1" or " ".join(said_in(echo).split()) == "It leaves today."
            )  # by which it is known

    def test_what_it_lacks_is_refused_and_nothing_is_done(self, rig: Rig) -> None:
        question = asked(rig)

        async def every(channel: Channel) -> None:
            able = (await channel.check()).caps.performs
            for kind in [kind for kind in WORK if kind not in able]:
                with pytest.raises(Unsupported):
                    await channel.perform(replace(rig.reply(question, "no"), type=kind))

        do(rig, every)
        assert rig.customer_saw() == []

    def test_the_same_key_twice_is_one_message_where_the_service_honours_it(self, rig: Rig) -> None:
        question = asked(rig)

        async def twice(channel: Channel) -> int:
            out = rig.reply(question, "It leaves today.")
            first = await channel.perform(out)
            honours = (await channel.check()).caps.idempotent_s
            if honours:
                assert (await channel.perform(out)).id == first.id
            return honours

        if not do(rig, twice):
            pytest.skip("the service honours no key of ours")
        assert len(rig.customer_saw()) == 1

    def test_a_lost_answer_is_unknown_and_never_sent_twice(self, rig: Rig) -> None:
        if not rig.loses:
            pytest.skip("this rig cannot lose answers; the adapter's own tests cut its line")
        question = asked(rig)
        out = rig.reply(question, "It leaves today.")

        async def lost(channel: Channel) -> Found | Missing | Unsure | Receipt:
            rig.trouble("lose", "send")
            with pytest.raises(Unconfirmed):
                await channel.perform(out)
            rig.heal()
            caps = (await channel.check()).caps
            if caps.idempotent_s:
                return await channel.perform(out)
            return await channel.find(out)

        known = do(rig, lost)
        assert isinstance(known, Receipt | Found | Unsure)
        assert len(rig.customer_saw()) == 1

    def test_what_never_arrived_is_not_found(self, rig: Rig) -> None:
        if not rig.loses:
            pytest.skip("this rig cannot lose requests; the adapter's own tests cut its line")
        question = asked(rig)
        out = rig.reply(question, "It leaves today.")

        async def dropped(channel: Channel) -> Found | Missing | Unsure:
            rig.trouble("drop", "send")
            with pytest.raises((Unconfirmed, Unavailable)):
                await channel.perform(out)
            rig.heal()
            return await _found(channel, out)

        assert isinstance(do(rig, dropped), Missing | Unsure)
        assert rig.customer_saw() == []

    def test_an_equal_text_of_before_is_not_taken_for_this_one(self, rig: Rig) -> None:
        """Agents say the same thing often: what was sent earlier does not prove that this one was."""
        question = asked(rig)

        async def sent_before(channel: Channel) -> Found | Missing | Unsure:
            earlier = replace(rig.reply(question, "It leaves today.", "k-0"))
            await channel.perform(earlier)
            later = replace(rig.reply(question, "It leaves today."), at=earlier.at + 3_600_000)
            return await _found(channel, later)

        assert isinstance(do(rig, sent_before), Missing | Unsure)

    def test_a_closed_window_lets_no_reply_through(self, rig: Rig) -> None:
        if not any(_windows(rig)):
            pytest.skip("this channel always takes a reply")
        rig.closes_window("too long ago")
        question = next(
            one for one in look(rig, text="too long ago").received if rig.says(one, "too long ago")
        )

        async def late(channel: Channel) -> None:
            with pytest.raises(Rejected):
                await channel.perform(rig.reply(question, "It leaves today."))

        do(rig, late)
        assert rig.customer_saw() == []

    def test_a_file_comes_whole_and_an_unknown_one_is_refused(self, rig: Rig) -> None:
        content = bytes(range(256)) * 40
        try:
            rig.sends_file("box.bin", content)
        except NotImplementedError:
            pytest.skip("this service's customers send no files")

        def brought(found: Pulled) -> bool:
            return found.caught_up and any(one.attachments for one in found.received)

        async def whole(channel: Channel) -> bytes:
            while not brought(found := await pull(channel, until=brought)):
                await asyncio.sleep(0.05)
            file = next(one.attachments[0] for one in found.received if one.attachments)
            bytes_ = b"".join([piece async for piece in channel.fetch(file.ref)])
            with pytest.raises(ChannelError):
                async for _ in channel.fetch("no such file"):
                    pass
            return bytes_

        assert do(rig, whole) == content

    # --- manners ---

    def test_it_closes_within_a_second_whatever_is_under_way(self, rig: Rig) -> None:
        async def whole() -> float:
            channel = rig.open()
            await channel.check()
            following = asyncio.ensure_future(_follow(channel))
            await asyncio.sleep(0.3)
            began = time.monotonic()
            await channel.aclose()
            took = time.monotonic() - began
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
            return took

        assert run(whole) < 1.0

    def test_the_secret_is_in_no_log_and_in_no_error(
        self, rig: Rig, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        question = asked(rig)
        said: list[str] = []

        async def work(channel: Channel) -> None:
            if rig.speaks_http:
                for on, status in (("send", 401), ("send", 500)):
                    rig.answers(status, "send", {})
                    with pytest.raises(ChannelError) as caught:
                        await channel.perform(rig.reply(question, on))
                    said.append(repr(caught.value))
                    rig.heal()
            await channel.perform(rig.reply(question, "It leaves today."))

        do(rig, work)
        assert CANARY not in caplog.text
        assert not [text for text in said if CANARY in text]


class Contract(Common):
    """What is asked of those that speak HTTP besides."""

    def test_recorded_bodies_are_read_as_they_were_when_they_were_looked_at(self, rig: Rig) -> None:
        """Beside each `NAME.json` lies `NAME.jsonl`: its events, read through by a person."""
        folder = rig.recorded or RECORDED / rig.kind
        bodies = sorted(folder.glob("*.json"))
        assert bodies, f"no recorded bodies in {folder}"
        for body in bodies:
            events = rig.parse(body.stem, json.loads(body.read_text(encoding="utf-8")))
            told = [vocabulary.dump(event) for event in events]
            wanted = body.with_suffix(".jsonl").read_text(encoding="utf-8")
            assert told == [json.loads(line) for line in wanted.splitlines()], body.name

    @pytest.mark.parametrize("status", STATUSES)
    def test_a_status_is_said_in_our_words(self, rig: Rig, status: int) -> None:
        question = asked(rig)
        headers = {"retry-after": "7"} if status == 429 else {}

        async def send(channel: Channel) -> ChannelError:
            rig.answers(status, "send", headers)
            with pytest.raises(ChannelError) as caught:
                await channel.perform(rig.reply(question, "It leaves today."))
            rig.heal()
            return caught.value

        error = do(rig, send)
        assert isinstance(error, rig.means(status, "send")), repr(error)
        if isinstance(error, RateLimited):
            assert error.after is not None
            assert 6 < error.after <= 7
        assert rig.customer_saw() == []

    @pytest.mark.parametrize("status", STATUSES)
    def test_an_error_never_looks_like_an_empty_queue(self, rig: Rig, status: int) -> None:
        rig.customer_writes("am I seen?")

        async def read(channel: Channel) -> ChannelError:
            rig.answers(status, "read", {"retry-after": "7"} if status == 429 else {})
            with pytest.raises(ChannelError) as caught:
                await pull(channel)
            rig.heal()
            return caught.value

        assert isinstance(do(rig, read), rig.means(status, "read"))
        assert look(rig, text="am I seen?").received

    @pytest.mark.parametrize("trouble", ["drop", "truncate", "html", "half"])
    def test_a_broken_answer_never_looks_like_an_empty_queue(self, rig: Rig, trouble: Trouble) -> None:
        rig.customer_writes("am I seen?")

        async def read(channel: Channel) -> None:
            rig.trouble(trouble, "read")
            with pytest.raises(_READ_FAILS):
                await pull(channel)
            rig.heal()

        do(rig, read)
        assert look(rig, text="am I seen?").received

    def test_an_error_in_the_middle_of_a_look_loses_nothing(self, rig: Rig) -> None:
        """The desk goes on with the same adapter, from the last cursor that it stored."""

        async def looks(channel: Channel) -> None:
            found = Pulled([], "", b"")
            for n in range(8):
                word = f"word number {n}"
                rig.customer_writes(word)
                _fake(rig).fail("drop", passing=n)
                found.caught_up = False
                with suppress(ChannelError):
                    async with asyncio.timeout(1.0):
                        await pull_on(channel, found, lambda told: told.caught_up)
                rig.heal()

                def has(told: Pulled, wanted: str = word) -> bool:
                    return any(rig.says(one, wanted) for one in told.received)

                async with asyncio.timeout(10.0):
                    while not has(found):
                        await pull_on(channel, found, has)

        do(rig, looks)

    @pytest.mark.parametrize("trouble", ["truncate", "html", "half"])
    def test_a_broken_answer_to_a_reply_is_unknown(self, rig: Rig, trouble: Trouble) -> None:
        question = asked(rig)

        async def send(channel: Channel) -> None:
            rig.trouble(trouble, "send")
            with pytest.raises(Unconfirmed):
                await channel.perform(rig.reply(question, "It leaves today."))
            rig.heal()

        do(rig, send)
        assert len(rig.customer_saw()) == 1


def _windows(rig: Rig) -> Iterator[int]:
    caps = do(rig, lambda channel: channel.check()).caps
    yield from caps.windows.values()
    if caps.window_s:
        yield caps.window_s


def _fake(rig: Rig) -> Service:
    """What an HTTP rig has as `server`."""
    server = vars(rig)["server"]
    assert isinstance(server, Service)
    return server


async def _found(channel: Channel, out: Outgoing) -> Found | Missing | Unsure:
    """What it says; that it is too early to say is the same to whoever waits."""
    try:
        return await channel.find(out)
    except Unavailable as error:
        return Unsure(error.reason)


async def _follow(channel: Channel) -> None:
    with suppress(ChannelError):
        async for _ in channel.events("", b""):
            pass
