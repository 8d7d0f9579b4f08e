"""The pipe channel: one account, one program, started whenever somebody needs it.

One process serves everything. Whoever needs it first starts it: `events` with the cursor that is stored, the
others with the last cursor known to be stored. A process whose events nobody has taken yet is adopted by an
`events` that asks for the same cursor; any other is ended, once what is under way there is answered, and a new one
started.
"""

import asyncio
import json
import os
import stat
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, ClassVar

from tuidesk.channels.pipe.session import Session
from tuidesk.domain import dialogue
from tuidesk.domain.dialogue import Fetched
from tuidesk.domain.outgoing import UNSAFE, Found, Missing, Outgoing, Receipt, Unsure
from tuidesk.errors import ChannelError, ConfigError, Rejected, Unavailable, Unconfirmed, Unsupported
from tuidesk.wire.channel import Batch, Checked, Site
from tuidesk.wire.program import MAX_LINE
from tuidesk.words import say

_FIND_S = 30.0
_MAX_FILE = 60 * 1024 * 1024
_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class PipeOptions:
    """The account file's own keys."""

    command: tuple[str, ...] = field(metadata={"help": say("pipe.help_command")})
    options: dict[str, Any] = field(default_factory=dict, metadata={"help": say("pipe.help_options")})
    cwd: str = field(default="~", metadata={"help": say("pipe.help_cwd")})
    env: dict[str, str] = field(default_factory=dict, metadata={"help": say("pipe.help_env")})
    ready_s: float = field(default=10.0, metadata={"help": say("pipe.help_ready_s")})
    answer_s: float = field(default=60.0, metadata={"help": say("pipe.help_answer_s")})


class Pipe:
    """One account served by one program."""

    Options: ClassVar[type[Any]] = PipeOptions

    def __init__(self, options: PipeOptions, site: Site) -> None:
        if not options.command:
            raise ConfigError(say("pipe.no_command"))
        self._options = options
        self._site = site
        self._cursor = ""
        self._session: Session | None = None
        self._opening = asyncio.Lock()
        self._closed = False

    async def check(self) -> Checked:
        """Start the program (if it does not run), hear its `ready`, end it again."""
        before = self._session
        session = await self._open()
        if session is not before:
            await session.aclose()
        ready = session.ready
        return Checked(ready.identity, ready.caps, ready.agents, ready.canned)

    async def events(self, cursor: str, state: bytes) -> AsyncGenerator[Batch, None]:  # noqa: ARG002 - the contract's
        """Until the program ends; what it said last is delivered before that is raised."""
        session = await self._open(cursor)
        while (batch := await session.batches.take()) is not None:
            yield batch
            if batch.cursor is not None:
                self._cursor = batch.cursor
        await session.aclose()
        if not self._closed:
            raise session.fault

    async def perform(self, out: Outgoing) -> Receipt:
        """One try. Without an answer it is `Unconfirmed`, or `Unavailable` for what may be repeated."""
        session = await self._open()
        if out.type not in session.ready.caps.performs:
            raise Unsupported(say("pipe.unsupported", type=out.type))
        unsafe = out.type in UNSAFE
        line = _line(dialogue.command(out))
        await session.alone()
        try:
            said = await session.ask(
                out.key, line, (Receipt, ChannelError), self._options.answer_s, steps=unsafe
            )
        except Unconfirmed as error:
            if unsafe:
                raise
            raise Unavailable(error.reason) from None
        if isinstance(said, ChannelError):
            raise said
        assert isinstance(said, Receipt)
        return said

    async def find(self, out: Outgoing) -> Found | Missing | Unsure:
        """Ask the program; `Unsure` where it cannot tell or does not answer.

        Raises:
            Unavailable: the program could not even be asked.
        """
        session = await self._open()
        if not session.ready.caps.find:
            return Unsure(say("pipe.no_find"))
        await session.alone()
        kinds = (Found, Missing, Unsure, Receipt, ChannelError)
        try:
            said = await session.ask(out.key, _line(dialogue.find(out)), kinds, self._find_s)
        except Unconfirmed as error:
            return Unsure(error.reason)
        match said:
            case Found() | Missing() | Unsure():
                return said
            case Receipt():  # the answer to the command itself, come late
                return Found(said.id, said.at, said.ids)
        assert isinstance(said, ChannelError)
        return Unsure(said.reason)

    async def fetch(self, ref: str) -> AsyncGenerator[bytes, None]:
        """The file the program names, of any place it can name: it is the user's own program."""
        session = await self._open()
        key = session.fresh_key()
        try:
            said = await session.ask(
                key, _line(dialogue.fetch(key, ref)), (Fetched, ChannelError), self._options.answer_s
            )
        except Unconfirmed as error:
            raise Unavailable(error.reason) from None
        if isinstance(said, ChannelError):
            raise said
        assert isinstance(said, Fetched)
        file = await asyncio.to_thread(_opened, os.path.join(self._cwd, said.path))
        try:
            while chunk := await asyncio.to_thread(file.read, _CHUNK):
                if file.tell() > _MAX_FILE:
                    raise Rejected(say("pipe.file_too_big", limit=_MAX_FILE))
                yield chunk
        finally:
            file.close()

    async def aclose(self) -> None:
        """End the program and what it started."""
        self._closed = True
        if self._session is not None:
            await self._session.aclose()

    async def _open(self, cursor: str | None = None) -> Session:
        """The running program, ready; started where there is none, or none that stands at `cursor`."""
        async with self._opening:
            session = self._session
            if session is not None and not session.over and (cursor is None or session.untouched_at(cursor)):
                return session
            if session is not None:
                await session.settled()
                await session.aclose()
            if self._closed:
                raise Unavailable(say("pipe.closed"))
            if cursor is not None:
                self._cursor = cursor
            self._session = Session(self._site.account, self._cursor, self._site.folder)
            command = [os.path.expanduser(word) for word in self._options.command]
            greeting = _line(dialogue.hello(self._cursor, self._options.options))
            await self._session.start(command, self._cwd, self._options.env, greeting, self._options.ready_s)
            return self._session

    @property
    def _cwd(self) -> str:
        return os.path.expanduser(self._options.cwd)

    @property
    def _find_s(self) -> float:
        return min(_FIND_S, self._options.answer_s)


def _line(said: dict[str, object]) -> bytes:
    """TOML's dates in the user's options go as their text."""
    line = json.dumps(said, ensure_ascii=False, default=str).encode("utf-8", "replace")
    if len(line) > MAX_LINE:
        raise Rejected(say("pipe.too_long", limit=MAX_LINE))
    return line + b"\n"


def _opened(path: str) -> BinaryIO:
    """Blocking. A pipe or a device could keep us waiting for ever, so only a regular file is read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise Rejected(say("pipe.no_file", why=error)) from None
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        why = say("pipe.not_a_file")
    elif found.st_size > _MAX_FILE:
        why = say("pipe.file_too_big", limit=_MAX_FILE)
    else:
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise Rejected(why)
