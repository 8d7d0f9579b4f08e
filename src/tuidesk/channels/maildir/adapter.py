"""The adapter: looks at the boxes now and then, hands replies to a program or a server, files them."""

import asyncio
import re
import shutil
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from tuidesk.channels.maildir.boxes import Box, open_box
from tuidesk.channels.maildir.folder import Folder
from tuidesk.channels.maildir.options import MaildirOptions, Smtp
from tuidesk.channels.maildir.reading import Reading
from tuidesk.channels.maildir.refs import Ref, parse
from tuidesk.channels.maildir.seen import Seen
from tuidesk.domain.events import Progress
from tuidesk.domain.instants import DAY
from tuidesk.domain.model import Caps, Person
from tuidesk.domain.outgoing import UNSAFE, Found, Missing, Outgoing, Receipt, Unsure
from tuidesk.errors import (
    AuthFailed,
    ChannelError,
    Rejected,
    SecretError,
    Unavailable,
    Unreadable,
    Unsupported,
)
from tuidesk.wire import arrivals, mime, smtp
from tuidesk.wire.channel import Batch, Checked, Site
from tuidesk.wire.threads import in_thread
from tuidesk.wire.worker import Parser
from tuidesk.words import say

_CHUNK = 256 * 1024
_HEADER = 64 * 1024
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_HEARTBEAT_S = 30.0
_CHECK_S = 20.0
"""Seconds a submission server has to show itself: while it is looked at, nobody reads yet."""


class MaildirChannel:
    """Local mail. Everything that blocks runs in threads."""

    Options: ClassVar[type[Any]] = MaildirOptions

    def __init__(self, options: MaildirOptions, site: Site) -> None:
        self._options = options
        self._site = site
        self._parser = Parser()
        self._boxes: dict[str, Box] = {}
        self._sending: set[smtp.Submission | smtp.Sendmail] = set()
        self._refused = False
        """The password was not taken last time: the agent may have changed it meanwhile."""
        self._closing = asyncio.Event()

    async def check(self) -> Checked:
        """See `Channel`."""
        found = await in_thread(self._look_around)
        way_out, barred = await self._try_sending()
        sends = {"reply", "start"} if self._options.send else set()
        return Checked(
            identity=Person(self._site.agent.name, self._site.address, me=True),
            caps=Caps(performs=frozenset(sends), find=True, forwards=True, media=("mail",) if sends else ()),
            findings=(*found, *way_out),
            troubles=barred,
        )

    async def events(self, cursor: str, state: bytes) -> AsyncGenerator[Batch, None]:  # noqa: ARG002 - the state says it all
        """See `Channel`. A stream."""
        clock = self._site.clock
        boxes = await in_thread(self._open)
        us = arrivals.Us.of(self._site)
        reading = Reading(boxes, Seen.load(state), us, self._parse, clock)
        if not state:
            await in_thread(lambda: reading.first(self._options.days))
        quiet_since = -_HEARTBEAT_S
        while not self._closing.is_set():
            await in_thread(self._open)  # a folder of sent mail may have come
            done = await in_thread(reading.look)
            if done:
                yield Batch(tuple(done), state=reading.state(whole=True))
            while reading.left and not self._closing.is_set():
                made = await in_thread(reading.some)
                progress = Progress(reading.total - reading.left, reading.total)
                yield Batch(made, state=reading.state(), progress=progress)
                quiet_since = -_HEARTBEAT_S
            if clock.monotonic() - quiet_since >= _HEARTBEAT_S:
                yield Batch(state=reading.state(whole=True), caught_up=True)
                quiet_since = clock.monotonic()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), self._options.poll_s)

    async def perform(self, out: Outgoing) -> Receipt:
        """See `Channel`."""
        match out.type:
            case "reply" | "start":
                letter = await self._letter(out)
                return await self._send(out, letter)
            case "file":
                await self._file(out)
                return Receipt()
            case _:
                raise Unsupported(say("maildir.unsupported", type=out.type))

    async def find(self, out: Outgoing) -> Found | Missing | Unsure:
        """See `Channel`. Only the folder of sent mail can tell, and only that it was done."""
        if out.type in UNSAFE:
            sent_as = smtp.build(replace(out, files=()), self._site).id
            ref = await in_thread(lambda: self._ref_of("sent", sent_as, out.key))
            if ref is not None:
                return Found(id=sent_as, ids=(str(ref),))
        return Unsure(say("maildir.no_trace"))

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """See `Channel`."""
        found = parse(ref)
        if found is None:
            raise Rejected(say("maildir.message_gone"))
        content = await in_thread(lambda: self._content(found))
        for start in range(0, len(content), _CHUNK):
            yield content[start : start + _CHUNK]

    async def aclose(self) -> None:
        """See `Channel`."""
        self._closing.set()
        for sending in list(self._sending):
            sending.cut()
        with suppress(TimeoutError):
            async with asyncio.timeout(0.2):  # it ends by its own time limit if it is busy with a bad mail
                await in_thread(self._parser.close)

    def _parse(self, raw: bytes) -> mime.Mail:
        """In the worker; not once the channel is closed, or nobody would end the worker that this starts."""
        if self._closing.is_set():
            raise Unavailable(say("maildir.closed"))
        return self._parser.parse(raw)

    # --- boxes ---

    def _open(self) -> dict[str, Box]:
        """The inbox, which must be there, and the folder of sent mail, which may appear later."""
        for label, path in {"inbox": self._options.inbox, "sent": self._options.sent_folder}.items():
            if label not in self._boxes and (box := _opened(path)) is not None:
                self._boxes[label] = box
        if "inbox" not in self._boxes:
            raise Unavailable(say("maildir.no_box", path=self._options.inbox))
        return self._boxes

    def _look_around(self) -> list[str]:
        box = self._open()["inbox"]
        try:
            entries = box.entries().values()
        except OSError as error:
            raise Unavailable(say("maildir.cannot_read", path=box.path, why=error.strerror)) from error
        since = self._site.clock.now() - self._options.days * DAY
        recent = sum(entry.at >= since for entry in entries)
        kind = "maildir.found_maildir" if isinstance(box, Folder) else "maildir.found_mbox"
        sent = "maildir.found_sent" if self._sent_folder() else "maildir.found_no_sent"
        return [
            say(kind, count=len(entries), recent=recent, days=self._options.days),
            say(sent, path=self._options.sent_folder),
        ]

    def _sent_folder(self) -> Folder | None:
        """Where mail can be filed."""
        box = self._open().get("sent")
        return box if isinstance(box, Folder) else None

    def _content(self, ref: Ref) -> bytes:
        box = self._open().get(ref.box)
        try:
            raw = box.read(ref.name) if box else None
        except FileNotFoundError:
            raw = None
        except OSError as error:
            raise Unavailable(say("maildir.cannot_read", path=ref.name, why=error.strerror)) from error
        if raw is None:
            raise Rejected(say("maildir.message_gone"))
        try:
            return mime.part(raw, ref.section) if ref.section else raw
        except Unreadable as error:
            raise Rejected(str(error)) from error

    def _ref_of(self, label: str, message_id: str, key: str = "") -> Ref | None:
        """The message with that id, or with our key where a server gave it another id; the newest first."""
        box = self._open().get(label)
        entries = box.entries() if box else {}
        named = f"message-id:\\s*{re.escape(message_id)}"
        if key:
            named += f"|{smtp.KEY_HEADER}:\\s*{re.escape(key)}\\s*$"
        wanted = re.compile(f"^(?:{named})".encode(), re.IGNORECASE | re.MULTILINE)
        for name in sorted(entries, key=lambda name: entries[name].at, reverse=True):
            with suppress(OSError):  # gone since, or not ours to read: then it is not the one
                head = _END_OF_HEAD.split(box.read(name)[:_HEADER], 1)[0] if box else b""
                if wanted.search(head):
                    return Ref(label, name)
        return None

    # --- sending ---

    async def _letter(self, out: Outgoing) -> smtp.Letter:
        """The same mail for the same row, whenever it is built."""
        forwarded = out.forwards
        original = await in_thread(lambda: self._original(forwarded, out.targets)) if forwarded else None
        return await in_thread(lambda: smtp.build(out, self._site, original))

    def _original(self, message: str, targets: tuple[str, ...]) -> bytes:
        ref = parse(message) or self._ref_of("inbox", message) or self._ref_of("sent", message)
        ref = ref or self._nameless(message, targets)
        if ref is None:
            raise Rejected(say("maildir.message_gone"))
        return self._content(ref)

    def _nameless(self, message: str, targets: tuple[str, ...]) -> Ref | None:
        """A message without a Message-ID, among those of its thread, by what it says."""
        for ref in filter(None, map(parse, reversed(targets))):
            with suppress(Rejected, Unreadable):  # gone since, or no mail: then it is not the one
                if arrivals.message_id(self._parse(self._content(ref))) == message:
                    return ref
        return None

    async def _send(self, out: Outgoing, letter: smtp.Letter) -> Receipt:
        sending = await self._way_out()
        self._sending.add(sending)
        try:
            refused = await in_thread(lambda: sending.submit(letter))
            self._refused = False
        except AuthFailed:
            self._refused = True
            raise
        except asyncio.CancelledError:
            sending.cut()
            raise
        finally:
            self._sending.discard(sending)
        people = {person.handle.casefold(): person for person in (*out.to, *out.cc, *out.bcc)}
        return Receipt(
            id=letter.id,
            refused=tuple(people.get(one.address.casefold(), Person(handle=one.address)) for one in refused),
            warnings=tuple(one.reason for one in refused),
            follow=("file",) if await in_thread(self._sent_folder) else (),
        )

    async def _way_out(self) -> smtp.Submission | smtp.Sendmail:
        send = self._options.send
        if self._closing.is_set():
            raise Unavailable(say("maildir.closed"))
        if send is None:
            raise Unsupported(say("maildir.read_only"))
        return smtp.Sendmail(send.command) if send.smtp is None else await self._submission(send.smtp)

    async def _submission(self, to: Smtp) -> smtp.Submission:
        ca = str(Path(to.ca).expanduser()) if to.ca else None
        server = smtp.Server(to.host, to.port, to.security, ca)
        if not to.user:
            return smtp.Submission(server, None)
        try:
            password = await in_thread(lambda: self._site.secrets.get("smtp", anew=self._refused))
        except SecretError as error:
            raise AuthFailed(str(error)) from error
        return smtp.Submission(server, smtp.Login(to.user, password))

    async def _try_sending(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What there is to say of the way out, and why it is barred: that stops nobody from reading."""
        send = self._options.send
        if send is None:
            return (say("maildir.found_read_only"),), ()
        if send.smtp is None:
            program = send.command[0]
            if shutil.which(program) is None:
                return (), (say("maildir.found_no_program", program=program),)
            return (say("maildir.found_program", program=program),), ()
        try:
            submission = await self._submission(send.smtp)
            await in_thread(lambda: submission.check(_CHECK_S))
        except ChannelError as error:
            return (), (say("maildir.found_no_smtp", reason=error.reason),)
        return (say("maildir.found_smtp", host=send.smtp.host),), ()

    async def _file(self, out: Outgoing) -> None:
        """A copy of the mail that the row before this one sent: its key stands in the id of that mail."""
        key = (out.sent_id or "").strip("<>").rpartition("@")[0]
        letter = await self._letter(replace(out, key=key, type="start" if out.forwards else "reply"))
        folder = await in_thread(self._sent_folder)
        if folder is None:
            return
        raw = letter.raw.replace(b"\r\n", b"\n")
        name = f"{out.at // 1000}.{key}.tuidesk"
        try:
            await in_thread(lambda: folder.file(name, raw, out.at))
        except OSError as error:
            raise Unavailable(say("maildir.cannot_write", path=folder.path, why=error.strerror)) from error


def _opened(path: Path) -> Box | None:
    try:
        return open_box(path)
    except OSError as error:
        raise Unavailable(say("maildir.cannot_read", path=path, why=error.strerror)) from error
