"""One loop an account: claim, perform, settle. And what a dead owner left is recovered, never guessed."""

import asyncio
import logging
import os
import random
from collections.abc import Callable
from dataclasses import dataclass

from tuidesk.desk import settle
from tuidesk.desk.line import Line, ring
from tuidesk.desk.retry import wait_s
from tuidesk.desk.steps import step
from tuidesk.domain.instants import Instant
from tuidesk.domain.outgoing import UNSAFE, Found, Missing, Outgoing, Receipt, Unsure
from tuidesk.errors import (
    AuthFailed,
    ChannelError,
    ConfigError,
    RateLimited,
    Unavailable,
    Unconfirmed,
    Unsupported,
)
from tuidesk.store import accounts, outbox
from tuidesk.store.sql import Connection, Row, scalar
from tuidesk.words import say

_log = logging.getLogger("tuidesk.deliver")

DEADLINE_S = 120.0
"""An adapter has deadlines of its own; this one is for an adapter that hangs."""


def recover(connection: Connection, now: Instant) -> int:
    """What a dead owner left in *sending*: a letter may have left (unknown), anything else is done again.

    Runs when the sync lock is taken, so no living process is sending. Returns how much there was.
    """
    left = outbox.in_state(connection, "sending")
    for row in left:
        if row["type"] in UNSAFE:
            settle.unknown(connection, row, say("deliver.cut"), now)
        else:
            settle.again(connection, row, say("deliver.cut"), 0)
    step("outbox.recovering")
    return len(left)


@dataclass(frozen=True, slots=True)
class _Work:
    row: Row
    out: Outgoing

    @property
    def key(self) -> str:
        return self.out.key

    @property
    def safe(self) -> bool:
        return self.out.type not in UNSAFE


class Deliver:
    """Delivers one account's outbox for as long as it runs."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._owner = f"{os.getpid()}"

    async def run(self) -> None:
        """Work for ever: what is due, then sleep until something is."""
        while True:
            self._line.bell.clear()
            if not await self.next():
                await ring(self._line.bell, await self._idle_s())

    async def drain(self, give_up_s: float | None = None) -> None:
        """Work until nothing is queued any more, what is held included, or everything left has to wait too long."""
        while True:
            if await self.next():
                continue
            idle = await self._idle_s()
            if idle is None or (give_up_s is not None and idle > give_up_s):
                return
            await asyncio.sleep(min(idle, 1.0) + 0.01)

    async def _idle_s(self) -> float | None:
        at = await self._line.write(lambda c: outbox.next_time(c, self._line.id))
        if at is None:
            return None
        # a queued row that may be tried by its time but waits for another one is looked at again when that settles
        return max((at - self._line.clock.now()) / 1000, 1.0)

    async def next(self) -> bool:
        """Do one piece of work: ask after what is unknown, else try what is due. False: there is none."""
        unknown = await self._line.write(self._unasked)
        if unknown is not None:
            await self._ask(unknown)
            return True
        work = await self._claim()
        if work is None:
            return False
        step("outbox.claimed", work.key)
        # cancelled here, a letter stays *sending*: it may have left, so it is recovered as unknown
        await self._try(work)
        return True

    # --- claim -------------------------------------------------------------------------------------

    async def _claim(self) -> _Work | None:
        line = self._line

        def claim(connection: Connection) -> _Work | None:
            while (row := outbox.next_due(connection, line.id, line.clock.now())) is not None:
                if _stands(connection, row, line.clock.now()):
                    out = _current(connection, row)
                    step("outbox.claiming", out.key)
                    settle.sending(connection, row, self._owner, line.clock.now())
                    return _Work(row, out)
            return None

        return await line.write(claim)

    def _unasked(self, connection: Connection) -> _Work | None:
        now = self._line.clock.now()
        for row in outbox.in_state(connection, "unknown", self._line.id):
            if not row["asked"] and row["not_before"] <= now:
                return _Work(row, _current(connection, row))
        return None

    # --- perform -----------------------------------------------------------------------------------

    async def _try(self, work: _Work) -> None:
        line = self._line
        try:
            step("outbox.performing", work.key)
            async with asyncio.timeout(DEADLINE_S):
                receipt = await line.channel.perform(work.out)
        except Exception as error:  # noqa: BLE001 - an adapter's crash is one of the outcomes, see _outcome
            await self._settle(work, self._outcome(work, error))
            if isinstance(error, AuthFailed):
                await line.health("auth", error.reason)
            return
        step("outbox.performed", work.key)
        await self._settle(work, _done(receipt))

    def _outcome(self, work: _Work, error: Exception) -> Callable[[Connection, Row, Instant], None]:
        """What a failed try means for the row."""
        reason = error.reason if isinstance(error, ChannelError) else str(error)
        row, attempt = work.row, int(work.row["attempt"]) + 1
        wait = wait_s(error, attempt, random.random())
        match error:
            case AuthFailed() | ConfigError():
                return lambda c, r, now: settle.again(c, r, reason, now + 60_000)
            case RateLimited():
                return lambda c, r, now: _limited(c, r, reason, now + int((wait or 1) * 1000))
            case Unavailable():
                return lambda c, r, now: settle.again(c, r, reason, now + int((wait or 1) * 1000))
            case Unsupported() if work.safe:
                return lambda c, r, _: outbox.set_state(c, r, "dropped", reason=reason)
            case Unconfirmed() | TimeoutError() if not work.safe:
                return lambda c, r, now: settle.unknown(c, r, reason or say("deliver.silent"), now)
            case ChannelError() if not isinstance(error, Unconfirmed):
                return lambda c, r, now: settle.failed(c, r, reason, now)
        _log.error(
            "%s: %s of %s ended in %s",
            self._line.id,
            row["type"],
            work.key,
            type(error).__name__,
            exc_info=error,
        )
        if work.safe:
            return lambda c, r, now: settle.again(c, r, reason, now + int((wait or 5) * 1000))
        return lambda c, r, now: settle.unknown(c, r, say("deliver.crashed", what=type(error).__name__), now)

    # --- find --------------------------------------------------------------------------------------

    async def _ask(self, work: _Work) -> None:
        """An unknown letter: the same key again where the service honours it, else ask whether it was done."""
        line = self._line
        caps = await line.write(lambda c: accounts.caps(c, line.id))
        tried_at = work.row["tried_at"] or 0
        if caps.idempotent_s and line.clock.now() - tried_at < caps.idempotent_s * 1000:
            await self._settle(work, _once_more(work, work.row["reason"]))
            return
        try:
            step("outbox.finding", work.key)
            async with asyncio.timeout(DEADLINE_S):
                answer = await line.channel.find(work.out)
        except Exception as error:  # noqa: BLE001 - whatever it is, the letter stays unknown and is asked after later
            _log.info("%s: cannot ask after %s: %s", line.id, work.key, error)
            wait = wait_s(error, int(work.row["attempt"]), random.random()) or 60.0
            await self._settle(work, lambda c, r, now: _later(c, r, now + int(wait * 1000)))
            return
        step("outbox.found", work.key)
        await self._settle(work, _answered(work, answer))

    # --- settle ------------------------------------------------------------------------------------

    async def _settle(self, work: _Work, outcome: Callable[[Connection, Row, Instant], None]) -> None:
        line = self._line

        def settling(connection: Connection) -> None:
            row = outbox.by_key(connection, work.key)
            assert row is not None
            if row["state"] in ("sending", "unknown"):  # an echo may have settled it meanwhile
                outcome(connection, row, line.clock.now())
            step("outbox.settling", work.key)

        await line.write(settling)
        step("outbox.settled", work.key)


def _done(receipt: Receipt) -> Callable[[Connection, Row, Instant], None]:
    return lambda c, r, now: settle.sent(c, r, receipt, now)


def _once_more(work: _Work, reason: str) -> Callable[[Connection, Row, Instant], None]:
    """Again with the same key: at once the first time, then with growing pauses."""
    attempt = int(work.row["attempt"])
    pause = wait_s(Unavailable(), attempt - 1, random.random()) if attempt > 1 else None
    return lambda c, r, now: settle.again(c, r, reason, now + int((pause or 0) * 1000))


def _answered(work: _Work, answer: Found | Missing | Unsure) -> Callable[[Connection, Row, Instant], None]:
    match answer:
        case Found():
            return lambda c, r, now: settle.sent(c, r, answer, now)
        case Missing():
            return _once_more(work, say("deliver.missing"))
        case Unsure():
            return lambda c, r, now: settle.unknown(c, r, answer.reason or r["reason"], now, asked=True)


def _later(connection: Connection, row: Row, at: Instant) -> None:
    outbox.set_state(connection, row, "unknown", not_before=at)


def _limited(connection: Connection, row: Row, reason: str, at: Instant) -> None:
    """The channel named a wait: it holds for everything that is queued for the account."""
    settle.again(connection, row, reason, at)
    connection.execute(
        "UPDATE outbox SET not_before = max(not_before, ?) WHERE account = ? AND state = 'queued'",
        (at, row["account"]),
    )


def _stands(connection: Connection, row: Row, now: Instant) -> bool:
    """Whether the work still holds: what it goes with was not lost, and the thread has not moved under it."""
    if row["waits_for"]:
        before = outbox.by_key(connection, row["waits_for"])
        if before is not None and before["state"] in ("failed", "dropped"):
            outbox.set_state(connection, row, "dropped", reason=before["reason"])
            return False
    if row["last_seen"] is None:
        return True
    newer = scalar(
        connection,
        "SELECT 1 FROM message WHERE conversation = ? AND direction = 'in' AND kind = 'person' AND id > ? LIMIT 1",
        row["conversation"],
        row["last_seen"],
    )
    if newer is None:
        return True
    if row["type"] == "complete":
        settle.dropped(connection, row, say("desk.overtaken"), now)
    else:
        settle.failed(connection, row, say("desk.moved_at_delivery"), now)
    return False


def _current(connection: Connection, row: Row) -> Outgoing:
    """The work, with the conversation's id on the channel if that became known after it was queued."""
    from dataclasses import replace

    out = outbox.outgoing(row)
    if out.conversation is None and out.type != "start" and row["conversation"]:
        remote = scalar(connection, "SELECT remote FROM conversation WHERE id = ?", row["conversation"])
        out = replace(out, conversation=remote)
    return out
