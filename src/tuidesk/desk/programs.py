"""Programs of the user's own, named in the config or typed: never through a shell, never with the terminal."""

import os
import selectors
import shlex
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass

from tuidesk.desk.threads import on_thread
from tuidesk.errors import Refused
from tuidesk.words import say

MOST = 1_000_000
"""Bytes of what a program prints that are read."""
PLACE = "{}"
"""Stands for what a program is about; without it, that is the last word."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of a program."""

    code: int | None
    """None: it still ran when its time was over."""
    output: bytes
    """What it printed, to either stream, as it came."""
    was_cut: bool
    """It printed more."""


def words(line: str) -> tuple[str, ...]:
    """What was typed, as a program and its arguments.

    Raises:
        Refused: a quote is open, or there is nothing.
    """
    try:
        found = tuple(shlex.split(line))
    except ValueError as error:
        raise Refused(say("programs.not_words", reason=error)) from None
    if not found:
        raise Refused(say("programs.none"))
    return found


def filled(command: Sequence[str], about: str) -> tuple[str, ...]:
    """A command of the config with what it is about in its place."""
    if any(PLACE in word for word in command):
        return tuple(word.replace(PLACE, about) for word in command)
    return (*command, about)


def run(command: Sequence[str], given: bytes, seconds: float, *, leave: bool = False) -> "Future[Ran]":
    """Run a program on a thread of its own; it gets `given` on stdin, and is ended after so many seconds.

    With `leave` it then runs on, unheard. The future raises Refused where it cannot be started.
    """
    return on_thread(lambda: _run(command, given, seconds, leave=leave), "tuidesk-program")


def start(command: Sequence[str]) -> None:
    """Start a program that nobody waits for; one that cannot be started says nothing."""
    with suppress(Refused):
        process = _open(command, silent=True)
        threading.Thread(target=process.wait, name="tuidesk-program", daemon=True).start()


def _open(command: Sequence[str], *, silent: bool = False) -> "subprocess.Popen[bytes]":
    """A session of its own: it has no terminal to draw on or to ask at."""
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL if silent else subprocess.PIPE,
            stdout=subprocess.DEVNULL if silent else subprocess.PIPE,
            stderr=subprocess.DEVNULL if silent else subprocess.STDOUT,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise Refused(say("programs.cannot_start", program=command[0], reason=reason)) from None


def _run(command: Sequence[str], given: bytes, seconds: float, *, leave: bool) -> Ran:
    process = _open(command)
    assert process.stdin is not None
    assert process.stdout is not None
    feeder = threading.Thread(target=_feed, args=(process, given), name="tuidesk-program-stdin", daemon=True)
    feeder.start()
    until = time.monotonic() + seconds
    output = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while len(output) <= MOST and selector.select(max(until - time.monotonic(), 0)):
            piece = os.read(process.stdout.fileno(), 65536)
            if not piece:
                break
            output += piece
    code = _code(process, until) if len(output) <= MOST else None
    if process.poll() is None and leave:
        threading.Thread(target=process.communicate, name="tuidesk-program", daemon=True).start()
        return Ran(None, output[:MOST], len(output) > MOST)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)  # what it has started is not left behind either
    process.wait()
    feeder.join()
    process.stdout.close()
    return Ran(code, output[:MOST], len(output) > MOST)


def _code(process: "subprocess.Popen[bytes]", until: float) -> int | None:
    try:
        return process.wait(max(until - time.monotonic(), 0))
    except subprocess.TimeoutExpired:
        return None


def _feed(process: "subprocess.Popen[bytes]", given: bytes) -> None:
    assert process.stdin is not None
    with suppress(OSError):  # it wants no more
        process.stdin.write(given)
    with suppress(OSError):
        process.stdin.close()
