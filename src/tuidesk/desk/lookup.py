"""What a program of the user's own knows of a customer: asked in JSON lines, answered in JSON lines.

It gets a `contact` line for each of the customer's identities on stdin, which is closed then, and answers `contact`
lines; their fields are kept. It has ten seconds and a quarter of a megabyte. Its words are untrusted like all others.
"""

import asyncio
import json
import os
import signal
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
    return _fields(asyncio.run(_run(command, question(customer), deadline_s)))


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
    return fields


async def _run(command: Sequence[str], question: bytes, deadline_s: float) -> bytes:
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True
        )
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise LookupFailed(say("lookup.not_started", command=command[0], why=why)) from None
    try:
        async with asyncio.timeout(deadline_s):
            return await _talk(process, question)
    except TimeoutError:
        raise LookupFailed(say("lookup.too_slow", seconds=f"{deadline_s:g}")) from None
    finally:
        await _end(process)


async def _talk(process: asyncio.subprocess.Process, question: bytes) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    asking = asyncio.ensure_future(_ask(process.stdin, question))
    murmur = asyncio.ensure_future(_up_to(process.stderr, MOST))
    try:
        answer = await _up_to(process.stdout, MOST + 1)
        if len(answer) > MOST:
            raise LookupFailed(say("lookup.too_much", most=MOST // 1024))
        status = await process.wait()
        if status:
            said = (await murmur).decode("utf-8", "replace").strip().splitlines()
            why = cut(clean(said[-1], lines=False), _SAID) if said else ""
            raise LookupFailed(say("lookup.failed" if why else "lookup.status", status=status, why=why))
        return answer
    finally:
        asking.cancel()
        murmur.cancel()


async def _ask(stdin: asyncio.StreamWriter, question: bytes) -> None:
    with suppress(OSError):  # one that does not read may answer all the same
        stdin.write(question)
        await stdin.drain()
        stdin.close()


async def _up_to(stream: asyncio.StreamReader, most: int) -> bytes:
    parts: list[bytes] = []
    left = most
    while left > 0 and (part := await stream.read(min(left, 1 << 16))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


async def _end(process: asyncio.subprocess.Process) -> None:
    """It and what it started, if anything of that is still there."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        if process.returncode is not None:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(_GRACE_S):
                await process.wait()
