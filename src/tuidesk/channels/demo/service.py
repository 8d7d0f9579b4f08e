"""The demo's service: it takes work, writes it into its ledger, and has faults to try."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from tuidesk.channels.demo.ledger import Deed, Ledger
from tuidesk.domain.model import Caps
from tuidesk.domain.outgoing import UNSAFE, Found, Missing, Outgoing, Receipt
from tuidesk.errors import RateLimited, Rejected, Unavailable, Unconfirmed, Unsupported
from tuidesk.wire.channel import Clock
from tuidesk.words import say

CAPS = Caps(
    performs=UNSAFE | {"complete", "reopen", "pending", "snooze", "assign", "tag", "priority"},
    idempotent_s=86400,
    find=True,
    visibility=("direct", "public"),
    forwards=True,
    attachment_bytes=25_000_000,
    media=("mail", "whatsapp", "sms", "messenger", "instagram", "dm", "chat"),
)
_LIMIT_S = 20.0


class Service:
    """Keys are honoured for as long as the ledger lies there, also after a restart."""

    def __init__(self, path: Path, clock: Clock, stirred: Callable[[], None]) -> None:
        self._path = path
        self._clock = clock
        self._stirred = stirred
        self._ledger: Ledger | None = None
        self._one_at_a_time = asyncio.Lock()
        self._limited: dict[str, float] = {}
        """Key → until when, on the monotonic clock, it will not be listened to."""

    async def replies(self) -> list[Deed]:
        """What was sent to customers, in the order it was sent."""
        return (await self._opened()).replies

    async def perform(self, out: Outgoing) -> Receipt:
        """One try.

        Raises:
            Rejected, RateLimited, Unconfirmed: the text asked for it (`demo.faults`).
            Unavailable: the ledger cannot be written, so nothing was done.
            Unsupported: work of another type.
        """
        if out.type not in CAPS.performs:
            raise Unsupported(out.type)
        async with self._one_at_a_time:
            ledger = await self._opened()
            done = ledger.get(out.key)
            if done is not None:
                return Receipt(id=done.id, at=done.at, conversation=done.conversation)
            self._refuse(out)
            deed = self._deed(out)
            try:
                await asyncio.to_thread(ledger.record, deed)
            except OSError as error:
                raise Unavailable(str(error)) from error
        self._stirred()
        if "#unknown" in out.text:
            raise Unconfirmed(say("demo.unknown"))
        return Receipt(id=deed.id, at=deed.at, conversation=deed.conversation)

    async def find(self, out: Outgoing) -> Found | Missing:
        """The ledger knows."""
        done = (await self._opened()).get(out.key)
        return Missing() if done is None else Found(id=done.id, at=done.at)

    async def _opened(self) -> Ledger:
        if self._ledger is None:
            self._ledger = await asyncio.to_thread(Ledger, self._path)
        return self._ledger

    def _refuse(self, out: Outgoing) -> None:
        if "#fail" in out.text:
            raise Rejected(say("demo.fail"))
        if "#limit" in out.text:
            now = self._clock.monotonic()
            after = self._limited.setdefault(out.key, now + _LIMIT_S) - now
            if after > 0:
                raise RateLimited(say("demo.limit"), after)

    def _deed(self, out: Outgoing) -> Deed:
        customer = out.to[0] if out.to else None
        return Deed(
            key=out.key,
            type=out.type,
            at=max(self._clock.now(), out.at),
            id=f"demo-k-{out.key}" if out.type in UNSAFE else None,
            conversation=f"demo-s-{out.key}" if out.type == "start" else out.conversation,
            medium=out.medium,
            name=customer.name if customer else "",
            handle=customer.handle if customer else "",
            bounces="#bounce" in out.text,
        )
