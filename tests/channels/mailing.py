"""A mail account of its own on the test servers, and somebody who listens to it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from tests.servers.mail import MailServers, User
from tuidesk.channels.mail import ADAPTER
from tuidesk.channels.mail.channel import MailChannel
from tuidesk.channels.mail.options import Imap, Options
from tuidesk.domain.events import ChannelEvent, Received, Sent, StatusSet
from tuidesk.domain.model import Person
from tuidesk.domain.outgoing import Outgoing
from tuidesk.errors import SecretError
from tuidesk.wire.channel import Batch, Site
from tuidesk.wire.smtp import Server


class RealClock:
    """The machine's."""

    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        return time.monotonic()


@dataclass(frozen=True, slots=True)
class OneSecret:
    """The same for every use, unless that for sending is another, or None: not to be had."""

    secret: str
    to_send: str | None = ""

    def put(self, value: str, use: str = "") -> None:  # noqa: ARG002 - the port's
        raise SecretError(use)

    def get(self, use: str = "", *, anew: bool = False) -> str:  # noqa: ARG002 - the port's
        assert use in ("imap", "smtp")
        if use == "smtp" and self.to_send is None:
            raise SecretError("the canary variable is not set")
        return (self.to_send if use == "smtp" else "") or self.secret


def mail(user: User, customer: User, subject: str, text: str = "It smokes.", **more: str) -> EmailMessage:
    """From the customer; its Message-ID is `<SUBJECT@example.test>`."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = f"Dana <{customer.address}>", user.address, subject
    made["Message-ID"] = f"<{subject}@example.test>"
    made["Date"] = "Fri, 20 Nov 2026 12:50:00 +0000"
    for name, value in more.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


@dataclass(slots=True)
class Account:
    """A new mailbox, a new customer, and adapters for the mailbox."""

    servers: MailServers
    user: User
    customer: User

    @classmethod
    def new(cls, servers: MailServers, *, keywords: bool = True) -> "Account":
        return cls(servers, servers.new_user(keywords=keywords), servers.new_customer())

    def options(self, *, host: str = "", port: int = 0, security: Any = "tls", **more: Any) -> Options:
        smtp_port = more.pop("smtp_port", self.servers.smtps_port)
        imap = Imap(host or self.servers.host, port or self.servers.imap_port, security)
        smtp = Server(self.servers.host, smtp_port, ca=str(self.servers.ca))
        given: dict[str, Any] = {"imap": imap, "smtp": smtp, "ca": str(self.servers.ca), **more}
        return Options(**given)

    def channel(self, password: str = "", to_send: str | None = "", **more: Any) -> MailChannel:
        agent = Person("Ana", self.user.address, me=True)
        secret = OneSecret(password or self.user.password, to_send)
        site = Site("support", RealClock(), secret, agent, address=self.user.address)
        made: MailChannel = ADAPTER(self.options(**more), site)
        return made

    @asynccontextmanager
    async def open(self, password: str = "", **more: Any) -> AsyncIterator[MailChannel]:
        channel = self.channel(password, **more)
        try:
            yield channel
        finally:
            begun = time.monotonic()
            await channel.aclose()
            assert time.monotonic() - begun < 1.0

    def fill(self, subjects: Iterable[str], folder: str = "INBOX", days_ago: float = 0.0) -> None:
        """Mails put into a folder, each a second younger than the one before."""
        first = datetime.now(UTC) - timedelta(days=days_ago, minutes=20)
        with self.servers.mailbox(self.user) as box:
            for number, subject in enumerate(subjects):
                raw = mail(self.user, self.customer, subject).as_bytes()
                box.append(folder, raw, msg_time=first + timedelta(seconds=number))

    def deliver(self, subject: str, **more: str) -> None:
        letter = mail(self.user, self.customer, subject, **more)
        self.servers.deliver(letter, sender=self.customer.address, to=self.user.address)

    def reply(self, key: str, **more: Any) -> Outgoing:
        given: dict[str, Any] = {
            "type": "reply",
            "at": RealClock().now(),
            "agent": Person("Ana", self.user.address, me=True),
            "text": "Please unplug it.",
            "subject": "Re: printer",
            "to": (Person("Dana", self.customer.address),),
            **more,
        }
        return Outgoing(key=key, **given)


@dataclass(slots=True)
class Heard:
    """What came out of `events` so far."""

    batches: list[Batch] = field(default_factory=list)
    cursor: str = ""
    state: bytes = b""
    error: BaseException | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, batch: Batch) -> None:
        self.batches.append(batch)
        self.cursor = self.cursor if batch.cursor is None else batch.cursor
        self.state = self.state if batch.state is None else batch.state
        self.changed.set()

    @property
    def events(self) -> list[ChannelEvent]:
        return [event for batch in self.batches for event in batch.events]

    @property
    def received(self) -> list[Received]:
        return [event for event in self.events if isinstance(event, Received)]

    @property
    def sent(self) -> list[Sent]:
        return [event for event in self.events if isinstance(event, Sent)]

    @property
    def statuses(self) -> list[tuple[str, tuple[str, ...]]]:
        return [(event.status, event.refs) for event in self.events if isinstance(event, StatusSet)]

    @property
    def subjects(self) -> list[str | None]:
        return [event.subject for event in self.received]

    @property
    def caught_up(self) -> bool:
        return bool(self.batches) and self.batches[-1].caught_up

    def ref(self, subject: str) -> str:
        """The folder id of a received mail, the newest of that subject."""
        return next(event.ids[-1] for event in reversed(self.received) if event.subject == subject)

    async def until(self, true: Callable[["Heard"], bool], within: float = 10.0) -> float:
        """Seconds until it was true."""
        begun = time.monotonic()
        async with asyncio.timeout(within):
            while not true(self):
                if self.error is not None:
                    raise self.error
                self.changed.clear()
                await self.changed.wait()
        return time.monotonic() - begun


@asynccontextmanager
async def listening(channel: MailChannel, cursor: str = "", state: bytes = b"") -> AsyncIterator[Heard]:
    """Events are pulled in a task until the block ends."""
    heard = Heard(cursor=cursor, state=state)

    async def pull() -> None:
        try:
            async for batch in channel.events(cursor, state):
                heard.take(batch)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            heard.error = error
            heard.changed.set()

    task = asyncio.create_task(pull())
    try:
        yield heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
