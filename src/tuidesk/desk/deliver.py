"""One loop an account: claim, perform, settle. And what a dead owner left is recovered, never guessed."""

import asyncio
import logging
import os
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from tuidesk.config.secrets import redact
from tuidesk.desk import ingest, moved, settle, surveys
from tuidesk.desk.line import Line, ring
from tuidesk.desk.retry import wait_s
from tuidesk.desk.settle import LETTERS
from tuidesk.desk.steps import step
from tuidesk.domain.instants import Instant
from tuidesk.domain.outgoing import UNSAFE, Found, Missing, Outgoing, Unsure
from tuidesk.errors import (
    AuthFailed,
    ChannelError,
    ConfigError,
    RateLimited,
    Rejected,
    StoreError,
    Unavailable,
    Unconfirmed,
    Unsupported,
)
from tuidesk.store import accounts, messages, outbox
from tuidesk.store.sql import Connection, Row, scalar
from tuidesk.words import say

_log = logging.getLogger("tuidesk.deliver")

DEADLINE_S = 120.0
"""An adapter has deadlines of its own; this one is for an adapter that hangs."""
QUIET_S = 300.0
"""How long an account is left alone whose login is refused, unless the agent asks to try now."""
SETTLE_AGAIN_S = 1.0
"""How long after the store could not take an outcome it is tried again. What is known is not given up."""
UPLOAD_BYTES_S = 50_000
"""The slowest line on which a file that goes out is waited for."""
CLOCK_STEP_S = 1.0
"""A wall clock that falls behind by more than this between two looks was set back."""
PATIENCE_S = 10.0
"""How long a one-shot delivery waits for what has to be tried again."""


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


_Outcome = Callable[[Connection, Row, Instant], None]


@dataclass(frozen=True, slots=True)
class _Work:
    row: Row
    out: Outgoing
    perhaps_done: bool = False
    """An earlier try may have succeeded; the service honours the key, so the same again is safe."""

    @property
    def key(self) -> str:
        return self.out.key

    @property
    def safe(self) -> bool:
        return self.out.type not in UNSAFE

    @property
    def attempt(self) -> int:
        """Number of the try that is under way; 1 is the first."""
        return int(self.row["attempt"]) + 1


@dataclass(frozen=True, slots=True)
class _Quiet:
    """Nothing is tried on the account until then."""

    until: float
    """On the monotonic clock."""
    nudges: int | None
    """The agent can end it by asking to try now, unless None: a limit that the channel has named."""


class Deliver:
    """Delivers one account's outbox for as long as it runs."""

    def __init__(self, line: Line, deadline_s: float = DEADLINE_S) -> None:
        self._line = line
        self._deadline_s = deadline_s
        self._owner = f"{os.getpid()}"
        self._quiet: _Quiet | None = None
        self._ahead: float | None = None
        """Seconds by which the wall clock was ahead of the monotonic one when they were last compared."""

    async def run(self) -> None:
        """Work for ever: what is due, then sleep until something is."""
        while True:
            self._line.bell.clear()
            if not await self.next():
                idle = await self._idle_s()
                # a long sleep is cut in pieces: the wall clock may jump, and the machine may be suspended
                await ring(self._line.bell, None if idle is None else min(idle, 30.0))

    async def drain(self, give_up_s: float | None = None) -> None:
        """Work until nothing is left that a wait of `give_up_s` seconds could bring out.

        With None, what is held is waited for however long that is, and what has to be tried again for a little.
        """
        while True:
            if await self.next():
                continue
            idle = await self._idle_s(give_up_s if give_up_s is not None else PATIENCE_S, give_up_s is None)
            if idle is None:
                return
            await asyncio.sleep(min(idle, 1.0))

    async def _idle_s(self, most: float | None = None, held_too: bool = False) -> float | None:
        """Seconds until there is something to try; None: there is nothing, or (`most`) not within so many seconds.

        `held_too`: what was never tried counts whenever it is due.
        """
        line = self._line
        waiting = await line.write(lambda c: outbox.waiting(c, line.id))
        quiet, now = self._quiet_s(), line.clock.now()
        idle: list[float] = []
        for row in waiting:
            seconds = max((row["not_before"] - now) / 1000, quiet)
            held = held_too and not row["attempt"] and not quiet
            if most is None or held or seconds <= most:
                idle.append(seconds)
        return max(min(idle), 0.02) if idle else None

    def _quiet_s(self) -> float:
        """Seconds for which nothing is tried; 0.0 when work goes on."""
        quiet = self._quiet
        if quiet is None or (quiet.nudges is not None and quiet.nudges != self._line.nudges):
            self._quiet = None
            return 0.0
        return max(quiet.until - self._line.clock.monotonic(), 0.0)

    def _be_quiet(self, seconds: float, *, nudge_ends_it: bool) -> None:
        nudges = self._line.nudges if nudge_ends_it else None
        self._quiet = _Quiet(self._line.clock.monotonic() + seconds, nudges)

    async def next(self) -> bool:
        """Do one piece of work: ask after what is unknown, else try what is due. False: there is none."""
        ahead = self._line.clock.now() / 1000 - self._line.clock.monotonic()
        await self._line.write(lambda connection: self._look_round(connection, ahead))
        self._ahead = ahead
        if self._quiet_s():
            return False
        work = await self._line.write(self._claim)
        if work is None:
            return False
        if work.row["state"] == "unknown" and not work.perhaps_done:
            await self._ask(work)
            return True
        step("outbox.claimed", work.key)
        # cancelled here, a letter stays *sending*: it may have left, so it is recovered as unknown
        await self._try(work)
        return True

    # --- claim -------------------------------------------------------------------------------------

    def _look_round(self, connection: Connection, ahead: float) -> None:
        """The clock may have been set back, and what has waited may be free."""
        line = self._line
        now = line.clock.now()
        if self._ahead is None:
            outbox.clock_was_set_back(connection, line.id, now, None)
        elif self._ahead - ahead > CLOCK_STEP_S:
            outbox.clock_was_set_back(connection, line.id, now, round((self._ahead - ahead) * 1000))
        ingest.free(connection, line.id, settings=line.settings, now=now, sources=line.paths.raw)

    def _claim(self, connection: Connection) -> _Work | None:
        """What to do next, on disk as *sending* where it is to be tried."""
        line = self._line
        now = line.clock.now()
        unknown = outbox.unasked(connection, line.id, now)
        if unknown is not None:
            if self._key_holds(connection, unknown, now):
                return self._claimed(connection, unknown, now, perhaps_done=True)
            return _Work(unknown, _current(connection, unknown))
        while (row := outbox.next_due(connection, line.id, now)) is not None:
            if _stands(connection, row, now):
                return self._claimed(connection, row, now)
        return None

    def _key_holds(self, connection: Connection, row: Row, now: Instant) -> bool:
        """Whether the service still honours the key, even if this try takes as long as it may.

        A clock that was set back since says nothing of how long ago the last try was.
        """
        honoured = accounts.caps(connection, self._line.id).idempotent_s - self._deadline_s
        return 0 <= now - (row["tried_at"] or 0) < honoured * 1000

    def _claimed(
        self, connection: Connection, row: Row, now: Instant, *, perhaps_done: bool = False
    ) -> _Work:
        step("outbox.claiming", row["key"])
        settle.sending(connection, row, self._owner, now)
        return _Work(row, _current(connection, row), perhaps_done)

    # --- perform -----------------------------------------------------------------------------------

    async def _try(self, work: _Work) -> None:
        try:
            step("outbox.performing", work.key)
            async with asyncio.timeout(self._deadline_s + _upload_s(work.out)):
                receipt = await self._line.channel.perform(work.out)
        except Exception as error:  # noqa: BLE001 - an adapter's crash is one of the outcomes, see _outcome
            await self._settle(work, self._outcome(work, error))
            await self._say_trouble(work, error)
            return
        step("outbox.performed", work.key)
        await self._settle(work, lambda c, r, now: settle.sent(c, r, receipt, now), says_more=True)
        await self._line.health("ok", side="out")

    def _outcome(self, work: _Work, error: Exception) -> _Outcome:
        """What a failed try means for the row."""
        reason = _reason(error)
        wait = int((wait_s(error, work.attempt, random.random()) or 0.0) * 1000)
        if (work.perhaps_done or work.row["maybe_left"]) and isinstance(error, Rejected | Unsupported):
            # refused now, but a try before it may have left: only the agent can say
            return lambda c, r, now: settle.unknown(c, r, reason, now, asked=True)
        match error:
            case Rejected():
                return lambda c, r, now: settle.failed(c, r, reason, now)
            case Unsupported() if work.safe or work.out.type == "note":
                return lambda c, r, _: settle.unsupported(c, r, reason)
            case Unsupported():
                return lambda c, r, now: settle.failed(c, r, reason, now)
        if work.perhaps_done:  # that this try was not made, or failed, says nothing of the one before
            pause = wait or 60_000
            return lambda c, r, now: settle.unknown(c, r, r["reason"] or reason, now, not_before=now + pause)
        match error:
            case AuthFailed() | ConfigError():
                return lambda c, r, _: settle.again(c, r, reason, r["not_before"])
            case RateLimited():
                return lambda c, r, now: _limited(c, r, reason, now + wait)
            case Unavailable():
                return lambda c, r, now: settle.again(c, r, reason, now + wait)
            case _ if work.safe:
                return lambda c, r, now: settle.again(c, r, reason, now + wait)
            case TimeoutError() | Unconfirmed():
                silent = reason or say("deliver.silent")
                return lambda c, r, now: settle.unknown(c, r, silent, now)
        crashed = say("deliver.crashed", what=type(error).__name__)
        return lambda c, r, now: settle.unknown(c, r, crashed, now)

    async def _say_trouble(self, work: _Work, error: Exception) -> None:
        """What the account's health is to say, and for how long it is left alone."""
        line = self._line
        match error:
            case AuthFailed() | ConfigError():
                self._be_quiet(QUIET_S, nudge_ends_it=True)
                health = "auth" if isinstance(error, AuthFailed) else "config"
                await line.health(health, _reason(error), side="out")
            case RateLimited():
                self._be_quiet(wait_s(error, work.attempt, 0.0) or 0.0, nudge_ends_it=False)
            case ChannelError() | TimeoutError():
                _log.info("%s: %s of %s: %s", line.id, work.out.type, work.key, _reason(error))
            case _:
                _log.error("%s: %s of %s crashed", line.id, work.out.type, work.key, exc_info=error)
                await line.health("crashed", type(error).__name__, side="out")

    # --- find --------------------------------------------------------------------------------------

    async def _ask(self, work: _Work) -> None:
        """An unknown letter whose key is not honoured (any more): ask whether it was done."""
        line = self._line
        try:
            step("outbox.finding", work.key)
            async with asyncio.timeout(self._deadline_s):
                answer = await line.channel.find(work.out)
        except Exception as error:  # noqa: BLE001 - whatever it is, the letter stays unknown and is asked after later
            _log.info("%s: cannot ask after %s: %s", line.id, work.key, error)
            wait = int((wait_s(error, work.attempt, random.random()) or 60.0) * 1000)
            await self._settle(work, lambda c, r, now: _later(c, r, now + wait))
            await self._say_trouble(work, error)
            return
        step("outbox.found", work.key)
        await self._settle(work, _answered(answer))

    # --- settle ------------------------------------------------------------------------------------

    async def _settle(self, work: _Work, outcome: _Outcome, *, says_more: bool = False) -> None:
        """Write down what became of a try. `says_more`: also of one that an echo has settled meanwhile."""
        line = self._line

        def settling(connection: Connection) -> None:
            row = outbox.by_key(connection, work.key)
            assert row is not None
            if row["state"] in ("sending", "unknown") or (says_more and row["state"] == "sent"):
                outcome(connection, row, line.clock.now())
            step("outbox.settling", work.key)

        while True:
            try:
                # once the outcome is known it is written down, even if this loop is ended meanwhile
                await line.record(settling)
                break
            except StoreError as error:
                _log.warning("%s: what became of %s cannot be written yet: %s", line.id, work.key, error)
                await asyncio.sleep(SETTLE_AGAIN_S)
        step("outbox.settled", work.key)


def _upload_s(out: Outgoing) -> float:
    """Seconds that the files of a letter may take besides."""
    return sum(os.stat(file.path).st_size for file in out.files if os.path.exists(file.path)) / UPLOAD_BYTES_S


def _reason(error: Exception) -> str:
    return redact(error.reason if isinstance(error, ChannelError) else str(error))


def _answered(answer: Found | Missing | Unsure) -> _Outcome:
    match answer:
        case Found():
            return lambda c, r, now: settle.sent(c, r, answer, now)
        case Missing():
            return lambda c, r, now: settle.missing(c, r, say("deliver.missing"), _paused(r, now))
        case Unsure():
            return lambda c, r, now: settle.unknown(c, r, _both(r["reason"], answer.reason), now, asked=True)


def _both(why: str, unsure: str) -> str:
    """Why it is unknown, and why nobody can tell: the agent who decides needs the first more than the second."""
    if unsure in why:
        return why
    return f"{why}; {unsure}" if why else unsure


def _paused(row: Row, now: Instant) -> Instant:
    """At once the first time, then with growing pauses."""
    attempt = int(row["attempt"])
    return now if attempt < 2 else now + int((wait_s(Unavailable(), attempt - 1, 0.5) or 0.0) * 1000)


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
            settle.falls_with(connection, row, before["reason"], now)
            return False
    if row["type"] in LETTERS and not _may_ask(connection, row, now):
        return False
    if row["last_seen"] is None:
        return True
    if row["type"] not in LETTERS:
        newest = messages.newest_inbound(connection, row["conversation"])
        if newest is None or newest["id"] == row["last_seen"]:
            return True
        settle.dropped(connection, row, say("desk.overtaken"), now)
        return False
    if not moved.under_way(connection, row):
        return True
    settle.failed(connection, row, say("desk.moved_at_delivery"), now)
    return False


def _may_ask(connection: Connection, row: Row, now: Instant) -> bool:
    """False: it is a survey that may not go to its customer any more, and does not."""
    why = surveys.why_not_leave(connection, int(row["conversation"]), row["message"], now)
    if why and row["maybe_left"]:
        settle.unknown(connection, row, why, now, asked=True)
    elif why:
        settle.failed(connection, row, why, now)
    return not why


def _current(connection: Connection, row: Row) -> Outgoing:
    """The work, with the conversation's id on the channel if that became known after it was queued."""
    out = outbox.outgoing(row)
    if out.conversation is None and out.type != "start" and row["conversation"]:
        remote = scalar(connection, "SELECT remote FROM conversation WHERE id = ?", row["conversation"])
        out = replace(out, conversation=remote)
    return out
