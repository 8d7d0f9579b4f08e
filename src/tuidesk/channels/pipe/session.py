"""One run of a pipe program, from its `hello` to its end: events into batches, answers to whoever asked."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tuidesk.domain import dialogue, vocabulary
from tuidesk.domain.dialogue import Ready, Said
from tuidesk.domain.events import ChannelEvent, Cursor, Idle
from tuidesk.domain.outgoing import Found, Missing, Unsure
from tuidesk.domain.text import clean
from tuidesk.errors import BadEvent, ChannelError, Unavailable, Unconfirmed
from tuidesk.wire.channel import Batch
from tuidesk.wire.lease import Lease
from tuidesk.wire.program import MAX_LINE, Program
from tuidesk.words import say

_STEPS = logging.getLogger("tuidesk.steps")
_FULL = 500  # events of a batch
_LARGE = 8 * 1024 * 1024  # bytes of its lines: an event that was read takes about as much memory as its line
_AGE = 0.5  # seconds
_WAITING = 8  # batches that wait before reading stops …
_WAITING_ASKED = 200  # … and while an answer is awaited, which stands behind them in the same stream
_MOST = 64 * 1024 * 1024  # bytes that wait before reading stops, answer or not
_LOGGED = 200  # lines a minute
_LOGGED_LENGTH = 2000


class Batches:
    """Events on their way to the desk. `changed` is called whenever a batch came or went."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._open: list[ChannelEvent] = []
        self._open_size = 0
        self._timer: asyncio.TimerHandle | None = None
        self._waiting: deque[tuple[Batch, int]] = deque()
        self.size = 0
        """Bytes of the lines of what has not been taken yet."""
        self._news = asyncio.Event()
        self._ended = False
        self.taken = False
        """Somebody has had a batch of these."""

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, event: ChannelEvent, size: int) -> None:
        """One more, from a line of `size` bytes; the batch closes when it is full, large or half a second old."""
        self._open.append(event)
        self._open_size += size
        self.size += size
        if len(self._open) >= _FULL or self._open_size >= _LARGE:
            self.close()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_AGE, self.close)

    def close(self, cursor: str | None = None, caught_up: bool = False) -> None:
        """What came so far is a batch."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._waiting.append((Batch(tuple(self._open), cursor, caught_up=caught_up), self._open_size))
        self._open.clear()
        self._open_size = 0
        self._news.set()
        self._changed()

    def end(self) -> None:
        """Nothing follows; what is open is the last batch."""
        if self._open:
            self.close()
        self._ended = True
        self._news.set()

    async def take(self) -> Batch | None:
        """The next batch; None after the last."""
        self.taken = True
        while not self._waiting:
            if self._ended:
                return None
            self._news.clear()
            await self._news.wait()
        batch, size = self._waiting.popleft()
        self.size -= size
        self._changed()
        return batch


class _Log:
    """The account's log, kept from flooding by a program that talks too much."""

    def __init__(self, account: str) -> None:
        self._log = logging.getLogger(f"tuidesk.account.{account}")
        self._minute = 0.0
        self._count = 0

    def say(self, level: int, name: str, **values: object) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._minute >= 60:
            if self._count > _LOGGED:
                self._log.warning("%s", say("pipe.more", count=self._count - _LOGGED))
            self._minute, self._count = now, 0
        self._count += 1
        if self._count <= _LOGGED:
            self._log.log(level, "%s", clean(say(name, **values), lines=False)[:_LOGGED_LENGTH])


@dataclass(frozen=True, slots=True)
class _Question:
    answer: asyncio.Future[Said | None]
    """None: the program ended before it answered."""
    kinds: tuple[type[Any], ...]
    steps: bool


class Session:
    """One process, what it reports, and who waits for its answers (`wire.program.Listener`)."""

    def __init__(self, account: str, cursor: str, folder: str) -> None:
        """`folder` is the account's own; "": it has none, and programs left behind are not waited for."""
        self._log = _Log(account)
        self._cursor = cursor
        self._folder = folder
        self._lease: Lease | None = None
        self.batches = Batches(self._throttle)
        self._program: Program | None = None
        self._ready: asyncio.Future[Ready | None] = asyncio.get_running_loop().create_future()
        self._questions: dict[str, _Question] = {}
        self._owed: Counter[str] = Counter()
        self._writing = asyncio.Lock()
        self._fetches = 0
        self._number = 0
        self._murmured = ""
        self._fault: ChannelError | None = None
        self._over = False
        self._closing = False

    async def start(
        self, command: Sequence[str], cwd: str, env: Mapping[str, str], greeting: bytes, seconds: float
    ) -> None:
        """Start the program and wait for its `ready`.

        Raises:
            ChannelError: Unavailable, or what the program itself says instead of `ready`.
        """
        try:
            self._lease = Lease(self._folder) if self._folder else None
            inherits = [] if self._lease is None else [self._lease.file]
            self._program = await Program.start(self, command, cwd, env, inherits)
        except (OSError, ValueError) as error:
            self._fault = Unavailable(say("pipe.cannot_start", why=error))
            await self.aclose()
            raise self._fault from None
        try:
            if self._closing:
                raise Unavailable(say("pipe.closed"))
            self._program.write(greeting)
            await asyncio.wait([self._ready], timeout=seconds)
            if not self._ready.done():
                self._fault = Unavailable(say("pipe.not_ready", seconds=seconds))
            if not self._ready.done() or self._ready.result() is None:
                raise self.fault
        except BaseException:
            await self.aclose()
            raise

    @property
    def ready(self) -> Ready:
        """What the program said first."""
        ready = self._ready.result()
        assert ready is not None
        return ready

    @property
    def over(self) -> bool:
        """Nothing can be asked here any more."""
        return self._over or self._closing

    @property
    def fault(self) -> ChannelError:
        """Why it is over."""
        return self._fault or Unavailable(say("pipe.closed" if self._closing else "pipe.deaf"))

    def untouched_at(self, cursor: str) -> bool:
        """Nobody has taken of its events, and they begin at `cursor`."""
        return not self.batches.taken and self._cursor == cursor

    def fresh_key(self) -> str:
        """A key for what is asked once only."""
        self._fetches += 1
        return f"fetch-{self._fetches}"

    async def alone(self) -> None:
        """Until what an earlier program was told can no longer be under way (`wire.lease`)."""
        if self._lease is not None and self._program is not None and not self.over:
            await self._lease.take(self._program.group)

    async def ask(
        self, key: str, line: bytes, kinds: tuple[type[Any], ...], seconds: float, steps: bool = False
    ) -> Said:
        """Write a line and wait for the answer to `key` that is one of `kinds`.

        Raises:
            Unavailable: not a byte of the line was written.
            Unconfirmed: it was, perhaps in part, and no answer came within `seconds` or before the end.
        """
        if key in self._questions:
            raise Unconfirmed(say("pipe.twice"))
        question = _Question(asyncio.get_running_loop().create_future(), kinds, steps)
        self._questions[key] = question
        self._throttle()
        written = False
        try:
            async with asyncio.timeout(seconds):
                async with self._writing:
                    self._step(question, "pipe.before_write")
                    if self._program is None or not self._program.write(line):
                        raise Unavailable(self.fault.reason)
                    written = True
                    await self._program.drained()
                self._step(question, "pipe.written")
                said = await question.answer
        except TimeoutError:
            if written and Missing in kinds:
                self._owed[key] += 1
            silent = say("pipe.no_answer", seconds=seconds)
            raise (Unconfirmed(silent) if written else Unavailable(silent)) from None
        finally:
            del self._questions[key]
            question.answer.cancel()
            self._throttle()
        if said is None:
            raise Unconfirmed(self.fault.reason)
        return said

    async def settled(self) -> None:
        """Until nobody waits for an answer any more."""
        while self._questions:
            await asyncio.wait([question.answer for question in self._questions.values()])
            await asyncio.sleep(0)

    async def aclose(self) -> None:
        """End the program; whoever still waits for an answer is told that none will come."""
        self._closing = True
        if self._program is not None:
            await self._program.aclose()
        if self._lease is not None:
            self._lease.close()
        self._finish()

    #  What the program says

    def line(self, line: bytes | None) -> None:
        """One line of its stdout: an answer, an event, or something to report and skip."""
        self._number += 1
        if line is None:
            self._report("pipe.line_too_long", limit=MAX_LINE)
        elif line.strip():
            try:
                self._understand(vocabulary.load(line), len(line))
            except BadEvent as error:
                self._report("pipe.line_bad", why=error)

    def murmur(self, line: bytes | None) -> None:
        """One line of its stderr."""
        if line is None:
            self._log.say(logging.INFO, "pipe.says_long")
        elif line.strip():
            self._murmured = line.decode("utf-8", "replace").strip()[:_LOGGED_LENGTH]
            self._log.say(logging.INFO, "pipe.says", line=self._murmured)

    def ended(self, status: int | None) -> None:
        """It has nothing more to say."""
        if status is None:
            how = say("pipe.closed_output")
        elif status < 0:
            how = say("pipe.killed", number=-status)
        else:
            how = say("pipe.ended", status=status)
        if self._murmured:
            how = say("pipe.ended_saying", how=how, last=self._murmured)
        self._fault = self._fault or Unavailable(how)
        self._finish()

    def _understand(self, obj: dict[str, object], size: int) -> None:
        if dialogue.is_answer(obj):
            self._hear(obj)
            return
        if self._closing:
            return  # nobody takes it any more; it comes again after the cursor that is stored
        said = vocabulary.parse(obj)
        match said:
            case Cursor():
                self.batches.close(cursor=said.cursor)
            case Idle():
                self.batches.close(caught_up=True)
            case _:
                self.batches.add(said, size)

    def _hear(self, obj: dict[str, object]) -> None:
        try:
            answer = dialogue.parse_answer(obj)
        except BadEvent as error:
            self._garbled(obj, error)
            raise
        if isinstance(answer, Ready):
            if not self._ready.done():
                self._ready.set_result(answer)
            return
        key, said = answer.key, answer.said
        if not key and isinstance(said, ChannelError):
            self._fault = said
            self._settle_ready()
        elif self._owed[key] and isinstance(said, Found | Missing | Unsure):
            self._owed[key] -= 1  # of a `find` that nobody waits for any more: what it says is no longer true
        elif (question := self._questions.get(key)) is None or not isinstance(said, question.kinds):
            self._report("pipe.line_stray", type=obj["type"], key=key)
        else:
            self._settle(question, said)

    def _garbled(self, obj: dict[str, object], why: BadEvent) -> None:
        """An answer that cannot be read is one all the same: nobody has to wait out the deadline."""
        key = obj.get("key")
        if obj["type"] == "ready" and not self._ready.done():
            self._fault = Unavailable(say("pipe.bad_ready", why=why))
            self._settle_ready()
        elif isinstance(key, str) and (question := self._questions.get(key)) is not None:
            self._settle(question, Unconfirmed(say("pipe.bad_answer", why=why)))

    def _settle(self, question: _Question, said: Said | None) -> None:
        if not question.answer.done():
            if said is not None:
                self._step(question, "pipe.answered")
            question.answer.set_result(said)

    def _settle_ready(self) -> None:
        if not self._ready.done():
            self._ready.set_result(None)

    def _finish(self) -> None:
        if not self._over:
            self._over = True
            self._settle_ready()
            for question in self._questions.values():
                self._settle(question, None)
            self.batches.end()

    def _throttle(self) -> None:
        """Stop reading while too much waits."""
        if self._program is not None:
            many = len(self.batches) >= (_WAITING_ASKED if self._questions else _WAITING)
            self._program.pause(many or self.batches.size >= _MOST)

    def _report(self, name: str, **values: object) -> None:
        self._log.say(logging.WARNING, name, number=self._number, **values)

    def _step(self, question: _Question, name: str) -> None:
        if question.steps:
            _STEPS.debug(name)
