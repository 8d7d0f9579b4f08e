"""Mail is parsed in a process of its own: if it hangs, bloats or dies, one mail is lost, not we.

Both ways a frame is eight bytes of length and that many bytes. There: the mail. Back: JSON, `mail.to_json` or
`{"unreadable": reason}`; never pickle, for whoever took over the worker must not run code here. The other end
is `tuidesk.wire.mime.__main__`.
"""

import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterable

from tuidesk.errors import Unavailable, Unreadable
from tuidesk.wire.mime.mail import Mail, from_json
from tuidesk.words import say

SECONDS = 5.0
"""For one mail, by the wall clock."""
_START_SECONDS = 20.0
_LONGEST_ANSWER = 400_000_000
_READY = b"ready\n"
_ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
"""All that the worker gets of ours: secrets in the environment are not for it."""


class _Gone(Exception):
    """The worker died, or was too slow and is to die. The text is the reason for the person."""


class Parser:
    """`mime.parse` in a worker that is started at the first mail. Any thread may call; mails take turns."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def parse(self, raw: bytes) -> Mail:
        """One mail.

        Raises:
            Unreadable: it cannot be parsed, or not within the limits.
            Unavailable: no worker can be started; the mail may be all right.
        """
        with self._lock:
            process = self._ready()
            try:
                answer = _exchange(process, raw, time.monotonic() + self._seconds, self._seconds)
            except _Gone as gone:
                self._end()
                raise Unreadable(str(gone)) from None
        return _mail(answer)

    def parse_many(self, raws: Iterable[bytes]) -> list[Mail | Unreadable]:
        """Each mail, or why not, in the same order."""
        results: list[Mail | Unreadable] = []
        for raw in raws:
            try:
                results.append(self.parse(raw))
            except Unreadable as error:
                results.append(error)
        return results

    def close(self) -> None:
        """Ends the worker; the next mail would start another."""
        with self._lock:
            self._end()

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        try:
            self._process = _started()
            hello = _read(self._process, len(_READY), time.monotonic() + _START_SECONDS)
        except (OSError, _Gone, TimeoutError) as error:
            self._end()
            raise Unavailable(say("mime.no_worker", reason=error)) from None
        if hello != _READY:
            self._end()
            raise Unavailable(say("mime.no_worker", reason=repr(hello)))
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was not written is of no use any more
                    pipe.close()
        process.wait()


def _started() -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "tuidesk.wire.mime"],
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,  # Ctrl+C at the terminal is ours; the worker goes when its stdin ends
    )
    assert process.stdin is not None
    os.set_blocking(process.stdin.fileno(), False)
    return process


def _exchange(process: subprocess.Popen[bytes], raw: bytes, deadline: float, seconds: float) -> bytes:
    try:
        _write(process, len(raw).to_bytes(8, "big"), deadline)
        _write(process, raw, deadline)
        length = int.from_bytes(_read(process, 8, deadline), "big")
        if length > _LONGEST_ANSWER:
            raise _Gone(say("mime.garbled"))
        return _read(process, length, deadline)
    except TimeoutError:
        raise _Gone(say("mime.slow", seconds=seconds)) from None
    except OSError:
        raise _Gone(say("mime.died")) from None


def _write(process: subprocess.Popen[bytes], data: bytes, deadline: float) -> None:
    assert process.stdin is not None
    pipe = process.stdin.fileno()
    left = memoryview(data)
    while left:
        try:
            left = left[os.write(pipe, left) :]
        except BlockingIOError:
            _wait(pipe, select.POLLOUT, deadline)


def _read(process: subprocess.Popen[bytes], size: int, deadline: float) -> bytes:
    assert process.stdout is not None
    pipe = process.stdout.fileno()
    data = bytearray()
    while len(data) < size:
        _wait(pipe, select.POLLIN, deadline)
        piece = os.read(pipe, min(size - len(data), 1 << 20))
        if not piece:
            raise _Gone(say("mime.died"))
        data += piece
    return bytes(data)


def _wait(pipe: int, for_what: int, deadline: float) -> None:
    """Until the pipe can be used. `poll`, for `select` knows no descriptors beyond 1,023.

    Raises:
        TimeoutError: not before the deadline (monotonic clock).
    """
    poll = select.poll()
    poll.register(pipe, for_what)
    left = deadline - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise TimeoutError


def _mail(answer: bytes) -> Mail:
    try:
        data = json.loads(answer)
        if isinstance(data, dict) and isinstance(data.get("unreadable"), str):
            raise Unreadable(data["unreadable"])
        return from_json(data)
    except (ValueError, RecursionError):
        raise Unreadable(say("mime.garbled")) from None
