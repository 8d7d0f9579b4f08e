"""A real pseudo-terminal with a screen behind it: programs are run as a person would, and judged by what they write."""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

import pyte

_STOP_S = 10.0
# Questions to the terminal and switches that pyte does not know; it would print parts of them.
_UNKNOWN = re.compile(rb"\x1b\[[<>=?][0-9;]*(?:u|\$p|m)|\x1b\[[0-9;]*\$p|\x1b\[[0-9;]*t")


def _without_size(environ: Mapping[str, str]) -> dict[str, str]:
    """The terminal has a size of its own; one that whoever runs the tests has in the environment would go before it."""
    return {name: value for name, value in environ.items() if name not in ("COLUMNS", "LINES")}


class Terminal:
    """A program in a pseudo-terminal of its own, as the leader of its session."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 80,
        lines: int = 24,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.written = b""
        """Everything the program wrote, as it came."""
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self._master, slave = os.openpty()
        self.resize(columns, lines)
        self.before = termios.tcgetattr(slave)
        self._kept = os.dup(slave)
        """Keeps the terminal's settings readable after the program has gone."""
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=_without_size(os.environ) | {"TERM": "xterm-256color", "LANG": "C.UTF-8", **(env or {})},
            preexec_fn=lambda: os.login_tty(slave),
            pass_fds=(slave,),
        )
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for descriptor in (self._master, self._kept):
            if descriptor >= 0:
                os.close(descriptor)

    def resize(self, columns: int, lines: int) -> None:
        self._screen.resize(lines, columns)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    # What is seen

    @property
    def text(self) -> str:
        """The screen as it is now."""
        # pyte's own `display` fails where half of a wide character was written over
        cells = self._screen.buffer
        return "\n".join(
            "".join(cells[y][x].data for x in range(self._screen.columns)).rstrip()
            for y in range(self._screen.lines)
        )

    def pump(self, seconds: float) -> None:
        """Take what the program writes for so long."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and self._read(left):
            pass

    def _read(self, seconds: float) -> bool:
        """One piece; False when there is nobody at the other end."""
        if select.select([self._master], [], [], max(seconds, 0))[0]:
            try:
                data = os.read(self._master, 65536)
            except OSError:
                return False
            self.written += data
            self._stream.feed(_UNKNOWN.sub(b"", data))
        return True

    def until(self, pattern: str, seconds: float = 15.0) -> str:
        """Wait until the screen has this; the screen.

        Raises:
            AssertionError: it never had.
        """
        deadline = time.monotonic() + seconds
        while not re.search(pattern, self.text):
            if time.monotonic() > deadline or (self.process.poll() is not None and not self._read(0.05)):
                raise AssertionError(f"{pattern!r} never came; the screen:\n{self.text}")
            self._read(0.05)
        return self.text

    # What is done

    def type(self, keys: str, pause: float = 0.03) -> None:
        """Keys one by one, as a hand types them."""
        for key in keys:
            self.send(key)
            self.pump(pause)

    def send(self, keys: str) -> None:
        """All at once."""
        os.write(self._master, keys.encode())

    def hang_up(self) -> None:
        """The line is cut: the kernel sends SIGHUP, and nothing can be read or written any more."""
        os.close(self._kept)
        os.close(self._master)
        self._kept = self._master = -1

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def ended(self, seconds: float = _STOP_S) -> int:
        """Wait for the end; the exit code (negative: killed by that signal)."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < deadline:
            if self._master >= 0:
                self._read(0.02)
            else:
                time.sleep(0.02)
        if self._master >= 0:
            self.pump(0.1)
        code = self.process.poll()
        assert code is not None, f"it did not end within {seconds} s; the screen:\n{self.text}"
        return code

    @property
    def settings(self) -> list[object]:
        """The terminal's settings as they are now (`termios`)."""
        return list(termios.tcgetattr(self._kept))
