"""What a program of the user's own knows of a customer: asked in JSON lines, answered in JSON lines.

It gets a `contact` line for each of the customer's identities on stdin, which is closed then, and answers `contact`
lines; their fields are kept. It has ten seconds and a quarter of a megabyte. Its words are untrusted like all others.
"""

import json
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress

from tuidesk.desk.picture import Answer, Customer
from tuidesk.domain import vocabulary
from tuidesk.domain.events import ContactSeen
from tuidesk.domain.instants import MINUTE, Instant
from tuidesk.domain.text import clean, cut
from tuidesk.errors import BadEvent, LookupFailed
from tuidesk.store import changes
from tuidesk.store.sql import Connection
from tuidesk.words import say

DEADLINE_S = 10.0
MOST = 256 * 1024
"""Bytes of its answer."""
_GRACE_S = 0.5
_SAID = 200
"""Cells of what it says on stderr that are shown."""
_MURMUR = 4096


def is_due(answer: Answer | None, now: Instant, minutes: float) -> bool:
    """Whether what is known is too old, or from a clock that was wrong."""
    return answer is None or not 0 <= now - answer.at < minutes * MINUTE


def question(customer: Customer) -> bytes:
    """A `contact` line for each identity."""
    lines = (
        {"type": "contact", "medium": identity.medium, "handle": identity.handle}
        | ({"name": customer.name} if customer.name else {})
        for identity in customer.identities
    )
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode("utf-8", "replace")


def ask(command: Sequence[str], customer: Customer, deadline_s: float = DEADLINE_S) -> dict[str, str]:
    """The fields of its answer. Blocking.

    Raises:
        LookupFailed: it could not be started, was too slow, said too much, failed, or was not understood.
    """
    return _fields(_run(command, question(customer), deadline_s))


def keep(connection: Connection, contact: int, at: Instant, fields: dict[str, str]) -> None:
    """Its answer, until the next one. A customer who was forgotten meanwhile is none any more."""
    connection.execute(
        "INSERT INTO lookup (contact, at, fields) SELECT id, ?, ? FROM contact WHERE id = ? "
        "ON CONFLICT (contact) DO UPDATE SET at = excluded.at, fields = excluded.fields",
        (at, json.dumps(fields, ensure_ascii=False), contact),
    )
    changes.note(connection, "contact", contact)


def _fields(answer: bytes) -> dict[str, str]:
    fields: dict[str, str] = {}
    for number, line in enumerate(answer.splitlines(), 1):
        if not line.strip():
            continue
        try:
            event = vocabulary.parse_line(line)
        except BadEvent as error:
            raise LookupFailed(say("lookup.not_understood", n=number, why=error)) from None
        if not isinstance(event, ContactSeen):
            raise LookupFailed(say("lookup.no_contact", n=number))
        fields |= dict(event.fields)
        if (
            event.same_as
        ):  # it joins nobody: it is evidence for a suggestion, as any field that names an address
            fields["same_as"] = ", ".join(handle for _, handle in event.same_as)
    return fields


def _run(command: Sequence[str], question: bytes, deadline_s: float) -> bytes:
    pipe = subprocess.PIPE
    try:
        process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0, start_new_session=True
        )
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise LookupFailed(say("lookup.not_started", command=command[0], why=why)) from None
    with process:
        talk = _Talk(process, question, deadline_s)
        try:
            return talk.answer()
        finally:
            _end(process)


class _Talk:
    """What is said to a program and what it says, without waiting for either alone."""

    def __init__(self, process: "subprocess.Popen[bytes]", question: bytes, deadline_s: float) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self._process = process
        self._in, self._out, self._err = process.stdin, process.stdout, process.stderr
        self._question = question
        self._deadline_s = deadline_s
        self._until = time.monotonic() + deadline_s
        self._said = bytearray()
        self._murmured = b""

    def answer(self) -> bytes:
        """All that it said on stdout, once it has ended well.

        Raises:
            LookupFailed: it took too long, said too much, or ended otherwise.
        """
        with selectors.DefaultSelector() as selector:
            for stream, event in (
                (self._in, selectors.EVENT_WRITE),
                (self._out, selectors.EVENT_READ),
                (self._err, selectors.EVENT_READ),
            ):
                os.set_blocking(stream.fileno(), False)
                selector.register(stream, event)
            while self._out in selector.get_map():
                for key, _ in selector.select(self._left()):
                    if not self._go_on(key.fileobj):
                        selector.unregister(key.fileobj)
        try:
            status = self._process.wait(self._left())
        except subprocess.TimeoutExpired:
            raise self._too_slow() from None
        if status:
            raise self._failed(status)
        return bytes(self._said)

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise self._too_slow()
        return left

    def _too_slow(self) -> LookupFailed:
        return LookupFailed(say("lookup.too_slow", seconds=f"{self._deadline_s:g}"))

    def _go_on(self, stream: object) -> bool:
        """A piece more of one of the three; False where there is no more."""
        if stream is self._in:
            try:
                self._question = self._question[self._in.write(self._question) or 0 :]
            except OSError:  # one that does not read may answer all the same
                self._question = b""
            if not self._question:
                with suppress(OSError):
                    self._in.close()
            return bool(self._question)
        if stream is self._err:
            return self._murmur()
        part = self._out.read(1 << 16)
        self._said += part or b""
        if len(self._said) > MOST:
            raise LookupFailed(say("lookup.too_much", most=MOST // 1024))
        return bool(part)

    def _murmur(self) -> bool:
        part = self._err.read(1 << 16) or b""
        self._murmured = (self._murmured + part)[-_MURMUR:]
        return bool(part)

    def _failed(self, status: int) -> LookupFailed:
        """With the last line of its stderr."""
        while self._murmur():
            pass
        said = self._murmured.decode("utf-8", "replace").strip().splitlines()
        why = cut(clean(said[-1], lines=False), _SAID) if said else ""
        return LookupFailed(say("lookup.failed" if why else "lookup.status", status=status, why=why))


def _end(process: "subprocess.Popen[bytes]") -> None:
    """It and what it started, if anything of that is still there."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_S)
