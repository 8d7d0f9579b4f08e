"""The adapter: which connection does what, and who is told when it ends."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from imapclient.exceptions import LoginError

from tuidesk.channels.mail import checking, folders, mailbox, nameless, parts
from tuidesk.channels.mail.arriving import Arriving
from tuidesk.channels.mail.connection import Connection, Login, connect
from tuidesk.channels.mail.folders import Folders
from tuidesk.channels.mail.follow import Follow
from tuidesk.channels.mail.keys import Keys
from tuidesk.channels.mail.line import Line
from tuidesk.channels.mail.options import Options as MailOptions
from tuidesk.channels.mail.refs import is_message_id, parse
from tuidesk.channels.mail.trouble import translated
from tuidesk.channels.mail.waiting import Waiting
from tuidesk.domain.model import Person
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Receipt, Unsure
from tuidesk.errors import (
    AuthFailed,
    ChannelError,
    ConfigError,
    Rejected,
    SecretError,
    Unavailable,
    Unsupported,
)
from tuidesk.wire import arrivals, smtp
from tuidesk.wire.channel import Batch, Checked, Site
from tuidesk.wire.mime import Mail
from tuidesk.wire.threads import in_thread
from tuidesk.wire.worker import Parser
from tuidesk.words import say

T = TypeVar("T")
_CHECK_S = 20.0
"""Seconds a submission server has to show itself: while it is looked at, nobody reads yet."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """What the server turned out to be."""

    folders: Folders
    idles: bool
    gmail: bool
    """By the capability that Google documents for it, whatever the host is called."""


class MailChannel:
    """IMAP in threads of its own, SMTP in one for each mail. Two IMAP connections at most."""

    Options: ClassVar[type[Any]] = MailOptions

    def __init__(self, options: MailOptions, site: Site) -> None:
        self._options = options
        self._site = site
        self._user = options.user or site.address
        self._keys = Keys(options, site)
        self._line = Line(self._open_connection, options.imap.host)
        self._parser = Parser()
        self._arriving = Arriving(self._parse, arrivals.Us.of(site))
        self._submissions: set[smtp.Submission] = set()
        self._waiting: Waiting | None = None
        self._opened: _Opened | None = None
        self._closed = False

    async def check(self) -> Checked:
        """See `Channel`. That nothing can be sent is told, whatever the reason, but stops nobody from reading."""
        opened = await self._open()
        since = checking.first_day(self._site.clock.now(), self._options.days)
        looked = await self._line.run(lambda connection: checking.look(connection, opened.folders, since))
        try:
            out = checking.Out(await self._submit(lambda submission: submission.check(_CHECK_S)))
        except ChannelError as error:
            out = checking.Out(trouble=error.reason)
        return checking.checked(looked, out, opened.folders, self._options, self._site)

    async def events(self, cursor: str, state: bytes) -> AsyncIterator[Batch]:
        """See `Channel`. A stream."""
        self._opened = None  # folders come and go
        opened = await self._open()
        clock, options = self._site.clock, self._options
        self._waiting = waiting = Waiting(
            self._open_connection, options.imap.host, options.idle_s, clock, idles=opened.idles
        )
        try:
            follow = Follow(self._line, waiting, options, self._arriving, clock)
            try:
                async for batch in follow.batches(cursor, state, opened.folders):
                    yield batch
            except Rejected as error:  # a folder that cannot be opened is nobody's command that failed
                raise Unavailable(error.reason) from error
        finally:
            waiting.stop()

    async def perform(self, out: Outgoing) -> Receipt:
        """See `Channel`."""
        if out.type in ("reply", "start"):
            return await self._send(out)
        opened = await self._open()
        kept = opened.folders
        keyword, archive = self._options.keyword, self._options.archive_on_complete
        match out.type:
            case "complete":
                await self._job(
                    lambda s: mailbox.complete(s, kept, out.targets, keyword=keyword, archive=archive)
                )
            case "reopen":
                await self._job(
                    lambda s: mailbox.reopen(s, kept, out.targets, keyword=keyword, archive=archive)
                )
            case "file":
                if not self._server_files():  # what a receipt did not know before IMAP was open
                    await self._file(out, kept)
            case "answered":
                name, answered = (
                    ("$Forwarded", out.forwards) if out.forwards else ("\\Answered", out.reply_to)
                )
                ids = await self._ids(answered or "", out, kept)
                await self._job(lambda s: mailbox.flag(s, kept, ids, name))
            case _:
                raise Unsupported(say("mail.unsupported", type=out.type))
        return Receipt()

    async def find(self, out: Outgoing) -> Found | Missing | Unsure:
        """See `Channel`. SMTP keeps no record, so that it was not sent is never certain."""
        if out.type not in ("reply", "start"):
            return Unsure(say("mail.repeatable"))
        opened = await self._open()
        sent_as = smtp.build(replace(out, files=()), self._site).id
        ids = await self._job(lambda connection: mailbox.traces(connection, opened.folders, sent_as, out.key))
        if ids is None:
            return Unsure(say("mail.no_trace"))
        return Found(id=sent_as, ids=ids, follow=self._follow_ups(out))

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """See `Channel`."""
        found = parse(ref)
        if found is None:
            raise Rejected(say("mail.message_gone"))
        opened = await self._open()
        async for piece in parts.brought(self._line, opened.folders, found):
            yield piece

    async def aclose(self) -> None:
        """See `Channel`."""
        self._closed = True
        if self._waiting is not None:
            self._waiting.stop()
        for submission in list(self._submissions):
            submission.cut()
        await self._line.aclose()
        with suppress(TimeoutError):
            async with asyncio.timeout(0.2):  # it ends by its own time limit if it is busy with a bad mail
                await in_thread(self._parser.close)

    # --- reading ---

    async def _open(self) -> _Opened:
        """Log in, or find that we are, and learn which folder is which."""
        if self._opened is None:
            self._opened = await self._line.run(self._look_around)
        return self._opened

    def _look_around(self, connection: Connection) -> _Opened:
        asked = self._options
        found = folders.recognised(
            connection.folders(), inbox=asked.inbox, sent=asked.sent, archive=asked.archive
        )
        return _Opened(found, connection.has("IDLE"), connection.has("X-GM-EXT-1"))

    def _open_connection(self) -> Connection:
        """In the thread that will use it."""
        imap = self._options.imap
        tls, tokens = imap.security == "tls", self._keys.are_tokens
        login = Login(imap.host, imap.port, tls, self._user, self._context(), tokens)
        key = self._keys.key("imap")
        try:
            return connect(login, key)
        except (LoginError, AuthFailed) as error:
            if not isinstance(translated(error, imap.host), AuthFailed):
                raise  # too many connections, say: another key would be refused as well
            other = self._keys.instead_of(key, "imap")
            if other is None:
                raise
        return connect(login, other)

    def _context(self) -> ssl.SSLContext:
        """The system's authorities, and the account's own besides."""
        context = ssl.create_default_context()
        if self._options.ca:
            path = Path(self._options.ca).expanduser()
            try:
                context.load_verify_locations(path)
            except OSError as error:  # ssl.SSLError, for a file that is no PEM, is one too
                raise ConfigError(say("mail.ca", path=path, reason=error.strerror or error)) from error
        return context

    def _parse(self, raw: bytes) -> Mail:
        if self._closed:
            raise Unavailable(say("mail.closed"))
        return self._parser.parse(raw)

    async def _job(self, do: Callable[[Connection], T]) -> T:
        return await self._line.run(do, first=True)

    # --- sending ---

    async def _send(self, out: Outgoing) -> Receipt:
        letter = await self._letter(out)
        refused = await self._submit(lambda submission: submission.submit(letter))
        people = {person.handle.casefold(): person for person in (*out.to, *out.cc, *out.bcc)}
        return Receipt(
            id=letter.id,
            refused=tuple(people.get(one.address.casefold(), Person(handle=one.address)) for one in refused),
            warnings=tuple(one.reason for one in refused),
            follow=self._follow_ups(out),
        )

    def _follow_ups(self, out: Outgoing) -> tuple[str, ...]:
        files = () if self._server_files() else ("file",)
        return (*files, "answered") if out.reply_to or out.forwards else files

    def _server_files(self) -> bool:
        return self._options.server_files(gmail=self._opened is not None and self._opened.gmail)

    async def _letter(self, out: Outgoing) -> smtp.Letter:
        """The same mail for the same row, whenever it is built."""
        original = None
        forwarded = out.forwards
        if forwarded:
            kept = (await self._open()).folders
            ids = await self._ids(forwarded, out, kept)
            original = await self._job(lambda connection: mailbox.original(connection, kept, ids))
            if original is None:
                raise Rejected(say("mail.message_gone"))
        return await in_thread(lambda: smtp.build(out, self._site, original))

    async def _ids(self, message: str, out: Outgoing, kept: Folders) -> tuple[str, ...]:
        """What a message can be looked for by: its own id, else the place where it lies, if that is known."""
        if is_message_id(message) or parse(message) is not None:
            return (message,)
        ref = await nameless.found(self._line, kept, self._arriving, message, out.targets)
        return () if ref is None else (str(ref),)

    async def _file(self, out: Outgoing, kept: Folders) -> None:
        """A copy into Sent of the mail that the row before this one sent: its key stands in the id of that mail."""
        key = (out.sent_id or "").strip("<>").rpartition("@")[0]
        letter = await self._letter(replace(out, key=key, type="start" if out.forwards else "reply"))
        await self._job(lambda connection: mailbox.file(connection, kept, letter.raw, letter.id, key, out.at))
        if kept.sent is None:
            self._opened = None

    async def _submit(self, do: Callable[[smtp.Submission], T]) -> T:
        """In a thread; whoever stops waiting cuts the line."""
        if self._closed:
            raise Unavailable(say("mail.closed"))
        ca = str(Path(self._options.ca).expanduser()) if self._options.ca else None
        server = replace(self._options.smtp, ca=self._options.smtp.ca or ca)
        key = await self._asked(lambda: self._keys.key("smtp"))
        try:
            return await self._submitted(server, key, do)
        except AuthFailed:
            other = await self._asked(lambda: self._keys.instead_of(key, "smtp"))
            if other is None:
                raise
        return await self._submitted(server, other, do)

    async def _asked(self, ask: Callable[[], T]) -> T:
        """A key for sending. That there is none stops what goes out, not what comes in."""
        try:
            return await in_thread(ask)
        except SecretError as error:
            raise AuthFailed(str(error)) from error

    async def _submitted(self, server: smtp.Server, key: str, do: Callable[[smtp.Submission], T]) -> T:
        submission = smtp.Submission(server, smtp.Login(self._user, key, with_token=self._keys.are_tokens))
        self._submissions.add(submission)
        try:
            return await in_thread(lambda: do(submission))
        except asyncio.CancelledError:
            submission.cut()
            raise
        finally:
            self._submissions.discard(submission)
