"""A program of the user's own that speaks in lines: started without a shell, ended within a second."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Protocol

MAX_LINE = 1024 * 1024
"""Bytes of a line, without its line feed."""

_LINGER = 0.5  # seconds that the other of end of file and exit may come later
_GRACE = (0.25, 0.35, 0.2)  # seconds to leave when stdin closes, after SIGTERM, after SIGKILL


class Listener(Protocol):
    """Who hears a program. Called from the event loop; must not raise."""

    def line(self, line: bytes | None) -> None:
        """A line of its stdout without the line feed; None for one that was too long."""

    def murmur(self, line: bytes | None) -> None:
        """A line of its stderr, as `line`."""

    def ended(self, status: int | None) -> None:
        """No more lines will come. Exit status; negative: the signal; None: it runs on without a stdout."""


class Lines:
    """Bytes as they come → lines; a line beyond `limit` bytes is passed over and comes out as None."""

    def __init__(self, limit: int = MAX_LINE) -> None:
        self._limit = limit
        self._begun: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> Iterator[bytes | None]:
        """The lines that `data` completes."""
        *whole, rest = data.split(b"\n")
        for piece in whole:
            self._keep(piece)
            yield self.rest()
        self._keep(rest)

    def rest(self) -> bytes | None:
        """What has been kept of a line that did not end yet, and begin anew."""
        line = b"".join(self._begun) if self._size <= self._limit else None
        self._begun, self._size = [], 0
        return line

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size <= self._limit:
            self._begun.append(piece)
        else:
            self._begun.clear()


class Program(asyncio.SubprocessProtocol):
    """One running process and its three pipes."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        loop = asyncio.get_running_loop()
        self._gone: asyncio.Future[None] = loop.create_future()
        self._writable = asyncio.Event()
        self._writable.set()
        self._said = {1: Lines(), 2: Lines(64 * 1024)}
        self._hear: dict[int, Callable[[bytes | None], None]] = {1: listener.line, 2: listener.murmur}
        self._stdin_open = True
        self._stdout_open = True
        self._paused = False
        self._over = False
        self._heard = 0
        self._process: asyncio.SubprocessTransport
        self._stdin: asyncio.WriteTransport
        self._stdout: asyncio.ReadTransport

    @classmethod
    async def start(
        cls,
        listener: Listener,
        command: Sequence[str],
        cwd: str | None,
        env: Mapping[str, str],
        inherits: Sequence[int] = (),
    ) -> "Program":
        """Start `command`, with `env` over our own environment, without a terminal.

        Args:
            inherits: open files that it gets besides its three pipes.

        Raises:
            OSError, ValueError: it cannot be started.
        """
        loop = asyncio.get_running_loop()
        _, program = await loop.subprocess_exec(
            lambda: cls(listener),
            *command,
            cwd=cwd,
            env={**os.environ, **env},
            pass_fds=inherits,
            start_new_session=True,
        )
        return program

    @property
    def over(self) -> bool:
        """No more lines will come."""
        return self._over

    @property
    def group(self) -> int:
        """Its process group."""
        return self._process.get_pid()

    def write(self, data: bytes) -> bool:
        """Hand bytes over. False: certainly not one of them left, for nobody reads any more."""
        if self._over or self._stdin.is_closing():
            return False
        self._stdin.write(data)
        return not self._stdin.is_closing()  # a pipe that breaks at the first byte closes at once

    async def drained(self) -> None:
        """Until everything handed over is in the pipe, or the pipe is broken."""
        await self._writable.wait()

    def pause(self, paused: bool) -> None:
        """Stop reading stdout, or go on. What comes while it is being closed is always read, to its end."""
        if paused is not self._paused and self._stdout_open and not self._over:
            self._paused = paused
            if paused:
                self._stdout.pause_reading()
            else:
                self._stdout.resume_reading()

    async def aclose(self) -> None:
        """Close its stdin, then ask its group to end, then end it: within a second."""
        self.pause(False)
        self._over = True
        self._stdin.close()
        for seconds, number in zip(_GRACE, (signal.SIGTERM, signal.SIGKILL, None), strict=True):
            if await self._is_gone(seconds):
                break
            if number is not None:
                self._signal(number)
        self._process.close()
        if self._stdin_open:  # somebody outside the group holds the pipes
            self._stdin.abort()
            await self._is_gone(0.05)

    async def _is_gone(self, seconds: float) -> bool:
        await asyncio.wait([self._gone], timeout=seconds)
        return self._gone.done()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.get_pid(), number)

    #  What asyncio tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        self._process = transport
        stdin, stdout = transport.get_pipe_transport(0), transport.get_pipe_transport(1)
        assert isinstance(stdin, asyncio.WriteTransport)
        assert isinstance(stdout, asyncio.ReadTransport)
        stdin.set_write_buffer_limits(high=0)
        self._stdin, self._stdout = stdin, stdout

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        self._heard += 1
        for line in self._said[fd].feed(data):
            self._hear[fd](line)

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        if fd == 0:
            self._stdin_open = False
            self._writable.set()
            return
        rest = self._said[fd].rest()
        if rest != b"":
            self._hear[fd](rest)
        if fd == 1:
            self._stdout_open = False
            self._end_soon()

    def process_exited(self) -> None:
        self._end_soon()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self._gone.set_result(None)

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def _end_soon(self) -> None:
        """At once when stdout has ended and the process too; else when the other one stays away."""
        status = self._process.get_returncode()
        if not self._stdout_open and status is not None:
            self._end()
        else:
            asyncio.get_running_loop().call_later(_LINGER, self._end_unless_heard, self._heard)

    def _end_unless_heard(self, heard: int) -> None:
        if self._stdout_open and (self._paused or heard != self._heard):
            self._end_soon()  # it has exited, but what it wrote is not all read
        else:
            self._end()

    def _end(self) -> None:
        if not self._over:
            self._over = True
            self._listener.ended(self._process.get_returncode())
