"""Handing a mail to a program that takes it as `sendmail` does: the mail on stdin, the verdict in the exit code."""

import logging
import os
import re
import signal
import subprocess
import threading
from contextlib import suppress

from tuidesk.errors import Rejected, Unavailable, Unconfirmed
from tuidesk.wire.smtp.compose import Letter
from tuidesk.wire.smtp.headers import field, single
from tuidesk.wire.smtp.submission import Refusal
from tuidesk.words import say

steps = logging.getLogger("tuidesk.steps")

_WHOLE_S = 60.0
_TEMPORARY = 75  # EX_TEMPFAIL of sysexits.h
_FROM_HEADERS = re.compile(
    r"-[GUimnv]*t[GUimntv]*|--read-recipients"
)  # -t, also as -ti and -it; msmtp's long form
"""With it and with recipients as arguments, programs send to both, to neither, or to all but the latter."""


class Sendmail:
    """One run of the program; blocking, in the caller's thread. `cut` may be called from any other."""

    def __init__(self, command: tuple[str, ...], *, whole_s: float = _WHOLE_S) -> None:
        self._command = command
        self._whole_s = whole_s
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def submit(self, letter: Letter) -> tuple[Refusal, ...]:
        """One try. A program takes all recipients or none, so nobody is ever named.

        Raises:
            Rejected: the program said no; its last line on stderr is the reason.
            Unavailable: it could not be started, or said "later".
            Unconfirmed: it was killed, or took too long and was.
        """
        steps.debug("sendmail.before_start")
        process = self._start(letter)
        with self._lock:
            self._process = process
        try:
            _, complaints = process.communicate(self._stdin(letter), self._whole_s)
        except subprocess.TimeoutExpired:
            self.cut()
            process.communicate()
            reason = say("smtp.too_slow", seconds=f"{self._whole_s:g}")
            raise Unconfirmed(reason) from None
        finally:
            with self._lock:
                self._process = None
        steps.debug("sendmail.answered")
        self._judge(process.returncode, complaints)
        return ()

    def cut(self) -> None:
        """Kill the program and what it started."""
        with self._lock:
            if self._process is not None:
                with suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)

    def _start(self, letter: Letter) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                [*self._command, *self._arguments(letter)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise Unavailable(say("smtp.cannot_start", program=self._command[0], why=why)) from error

    def _arguments(self, letter: Letter) -> list[str]:
        """Sender and recipients, where the account's own words do not say them."""
        words = [] if any(word.startswith(("-f", "-r")) for word in self._command) else ["-f", letter.sender]
        if self._reads_headers:
            return words
        for address in letter.recipients:
            if address.startswith("-"):
                raise Rejected(say("smtp.leading_dash", address=address))
        return [*words, *letter.recipients]

    @property
    def _reads_headers(self) -> bool:
        return any(_FROM_HEADERS.fullmatch(word) for word in self._command[1:])

    def _stdin(self, letter: Letter) -> bytes:
        """With line feeds alone, as local programs have it. Under `-t` Bcc is a header, which the program takes out."""
        raw = letter.raw.replace(b"\r\n", b"\n")
        if not (self._reads_headers and letter.hidden):
            return raw
        *rest, last = letter.hidden
        bcc = field("Bcc", *(f"{address}," for address in rest), last)
        return bcc.replace("\r\n", "\n").encode() + raw

    def _judge(self, code: int, complaints: bytes) -> None:
        if code == 0:
            return
        program = self._command[0]
        if code < 0:
            raise Unconfirmed(say("smtp.killed", program=program))
        lines = [single(line) for line in complaints.decode("utf-8", "replace").splitlines()]
        last = next((line for line in reversed(lines) if line), "")[:500]
        reason = say("smtp.exit", program=program, code=code, why=last)
        raise Unavailable(reason) if code == _TEMPORARY else Rejected(reason)
