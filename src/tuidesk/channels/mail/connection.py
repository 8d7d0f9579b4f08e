"""One IMAP connection: how it is opened, and the few things we say over it. Blocking; used by one thread at a time."""

import imaplib
import logging
import re
import select
import socket
import ssl
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import LoginError

from tuidesk.errors import AuthFailed, Rejected, Unavailable
from tuidesk.wire.oauth import sasl
from tuidesk.words import say

CONNECT_S = 15.0
READ_S = 60.0
_WINDOW = 50_000
"""Messages a SEARCH may answer at once: a line of imaplib's holds a million bytes."""
_STORED_AT_ONCE = 500
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ATOM = re.compile(r"[A-Za-z0-9!#$&'+,./:;<=>?@^_`|~-]+")


@dataclass(frozen=True, slots=True)
class Login:
    """Where, and as whom. `tls` is False for STARTTLS, which is then demanded."""

    host: str
    port: int
    tls: bool
    user: str
    context: ssl.SSLContext
    with_token: bool = False
    """The key is the access token of a sign-in, not a password."""


@dataclass(frozen=True, slots=True)
class Folder:
    """What SELECT and EXAMINE say (RFC 9051 §6.3.2)."""

    name: str
    validity: int
    exists: int
    next_uid: int | None
    """None where an old server keeps it to itself."""
    modseq: int
    """HIGHESTMODSEQ; 0 where the server keeps none."""
    keywords: frozenset[str]
    """PERMANENTFLAGS in lower case."""

    def keeps(self, keyword: str) -> bool:
        """A flag of that name would still be there tomorrow."""
        return "\\*" in self.keywords or keyword.lower() in self.keywords


def safe(text: str) -> str:
    """The one gate before any word of ours is sent: imapclient quotes, but lets line ends through.

    Raises:
        Rejected: CR, LF or NUL in it.
    """
    if any(sign in text for sign in "\r\n\0"):
        raise Rejected(say("mail.line_end"))
    return text


def quoted(text: str) -> str:
    """A quoted string of RFC 9051 §4.3."""
    escaped = safe(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def connect(login: Login, key: str) -> "Connection":
    """Open, secure, log in; capabilities are those after the login.

    Raises:
        OSError, imaplib.IMAP4.error: as `trouble.translated` knows them.
    """
    logging.getLogger("imapclient").setLevel(logging.WARNING)  # below that it logs whole mails
    try:
        return _connection(login, key)
    except (LoginError, imaplib.IMAP4.abort):
        raise
    except imaplib.IMAP4.error as error:  # refused before the login: the server is not what it should be
        raise imaplib.IMAP4.abort(*error.args) from error


def _connection(login: Login, key: str) -> "Connection":
    timeout = SocketTimeout(connect=CONNECT_S, read=READ_S)
    client = IMAPClient(login.host, login.port, ssl=login.tls, ssl_context=login.context, timeout=timeout)
    try:
        if not login.tls:
            client.starttls(login.context)  # also refuses a server that greets us as logged in (PREAUTH)
        (_sign_in if login.with_token else _log_in)(client, login, key)
        return Connection(client)
    except BaseException:
        with suppress(OSError):
            client.shutdown()
        raise


def _log_in(client: IMAPClient, login: Login, key: str) -> None:
    user, password = safe(login.user), safe(key)
    try:
        if client.has_capability("AUTH=PLAIN"):
            client.plain_login(user, password)
        elif (user + password).isascii():
            # imaplib quotes the password alone
            client.login(user if _ATOM.fullmatch(user) else quoted(user), password)
        else:
            raise LoginError(say("mail.ascii_login"))
    except LoginError as error:
        raise _judged(error) from None


def _sign_in(client: IMAPClient, login: Login, token: str) -> None:
    methods = [name.decode("ascii", "replace").removeprefix("AUTH=") for name in client.capabilities()]
    mechanism = sasl.offered(methods)
    if not mechanism:
        raise AuthFailed(say("oauth.no_method", host=login.host))
    exchange = sasl.Exchange(mechanism, login.user, token, login.host, login.port)
    try:
        client.sasl_login(mechanism, exchange.answer)
    except LoginError as error:
        judged = _judged(error)
        if exchange.scope:
            raise AuthFailed(
                say("oauth.lacks_scope", host=login.host, user=login.user, scope=exchange.scope)
            ) from None
        if isinstance(judged, LoginError):
            said = say("oauth.server_refused", host=login.host, user=login.user, reason=judged)
            raise LoginError(said) from None
        raise judged from None


def _judged(error: LoginError) -> Exception:
    """The error itself, or how the line broke: then nobody has judged the login."""
    broken = error.__context__
    return broken if isinstance(broken, imaplib.IMAP4.abort) else error


class Connection:
    """A connection that is logged in."""

    def __init__(self, client: IMAPClient) -> None:
        self._client = client
        self.capabilities = frozenset(name.decode("ascii", "replace") for name in client.capabilities())
        if {"ENABLE", "CONDSTORE"} <= self.capabilities:
            client.enable("CONDSTORE")

    def has(self, capability: str) -> bool:
        """The server said so after the login."""
        return capability in self.capabilities

    # --- folders ---

    def folders(self) -> list[tuple[frozenset[str], str, str]]:
        """(flags in lower case, separator, name) of every folder."""
        return [
            (_lower(flags), (separator or b"").decode("ascii", "replace"), name)
            for flags, separator, name in self._client.list_folders()
        ]

    def create(self, folder: str) -> None:
        """A new folder, subscribed."""
        self._client.create_folder(safe(folder))
        self._client.subscribe_folder(folder)

    def examine(self, folder: str) -> Folder:
        """Select it so that nothing in it can change by our looking."""
        return self._folder(folder, readonly=True)

    def select(self, folder: str) -> Folder:
        """Select it for changes."""
        return self._folder(folder, readonly=False)

    def _folder(self, name: str, *, readonly: bool) -> Folder:
        said = self._client.select_folder(safe(name), readonly)
        return Folder(
            name=name,
            validity=said.get(b"UIDVALIDITY", 0),
            exists=said[b"EXISTS"],
            next_uid=said.get(b"UIDNEXT"),
            modseq=said.get(b"HIGHESTMODSEQ", 0) if self.has("CONDSTORE") else 0,
            keywords=_lower(said.get(b"PERMANENTFLAGS", ())),
        )

    def next_uid(self, folder: str) -> tuple[int, int]:
        """(UIDVALIDITY, UIDNEXT) of a folder that is not selected."""
        said = self._client.folder_status(safe(folder), ["UIDVALIDITY", "UIDNEXT"])
        return said[b"UIDVALIDITY"], said[b"UIDNEXT"]

    def noop(self) -> None:
        """Prove that the line is alive."""
        self._client.noop()

    # --- messages ---

    def search(self, *criteria: str) -> list[int]:
        """UIDs, ascending. `criteria` are sent as they stand: whoever builds one uses `quoted`."""
        return sorted(self._client.search(" ".join(criteria)))

    def all_uids(self, exists: int, *criteria: str) -> set[int]:
        """`search` in a folder of any size.

        From the top down: what an EXPUNGE moves meanwhile is met twice, not missed.
        """
        found: set[int] = set()
        for top in range(exists, 0, -_WINDOW):
            found.update(self.search(f"{max(1, top - _WINDOW + 1)}:{top}", *criteria))
        return found

    def since(self, day: date, exists: int) -> set[int]:
        """UIDs that the server received on that day or later."""
        return self.all_uids(exists, f"SINCE {day.day:02d}-{_MONTHS[day.month - 1]}-{day.year:04d}")

    def with_header(self, name: str, value: str) -> list[int]:
        """UIDs whose header `name` contains `value`. Nothing where the value is not ASCII: servers differ too much."""
        return self.search("HEADER", name, quoted(value)) if value.isascii() else []

    def fetch(self, uids: Sequence[int], items: Sequence[str]) -> dict[int, dict[bytes, Any]]:
        """Items by UID; INTERNALDATE with its zone. A UID that is gone is left out."""
        self._client.normalise_times = False
        found: dict[int, dict[bytes, Any]] = self._client.fetch(list(uids), list(items))
        return found

    def flags(self, uids: Iterable[int]) -> dict[int, frozenset[str]]:
        """The flags in lower case, of those that are there."""
        wanted = list(uids)
        found: dict[int, frozenset[str]] = {}
        for begin in range(0, len(wanted), _STORED_AT_ONCE):
            for uid, said in self.fetch(wanted[begin : begin + _STORED_AT_ONCE], ["FLAGS"]).items():
                if b"FLAGS" in said:
                    found[uid] = _lower(said[b"FLAGS"])
        return found

    def add_flags(self, uids: Sequence[int], *flags: str) -> None:
        """Harmless where they are set already."""
        for begin in range(0, len(uids), _STORED_AT_ONCE):
            self._client.add_flags(
                uids[begin : begin + _STORED_AT_ONCE], [safe(flag) for flag in flags], silent=True
            )

    def remove_flags(self, uids: Sequence[int], *flags: str) -> None:
        """Harmless where they are not set."""
        for begin in range(0, len(uids), _STORED_AT_ONCE):
            self._client.remove_flags(
                uids[begin : begin + _STORED_AT_ONCE], [safe(flag) for flag in flags], silent=True
            )

    def append(self, folder: str, raw: bytes, at: datetime) -> None:
        """A seen copy."""
        self._client.append(safe(folder), raw, flags=["\\Seen"], msg_time=at)

    @property
    def moves(self) -> bool:
        """Messages can be put elsewhere without touching what others have marked as deleted."""
        return self.has("MOVE") or self.has("UIDPLUS")

    def move(self, uids: Sequence[int], folder: str) -> None:
        """RFC 6851, or its three steps by hand (RFC 4315 for the last)."""
        if not uids:
            return
        if self.has("MOVE"):
            self._client.move(uids, safe(folder))
            return
        self._client.copy(uids, safe(folder))
        self._client.add_flags(uids, ["\\Deleted"], silent=True)
        self._client.uid_expunge(uids)

    # --- waiting, ending ---

    def idle(self) -> None:
        """RFC 2177: from now on the server speaks by itself."""
        self._client.idle()

    def wait(self, seconds: float) -> None:
        """Until the server says something, or so long."""
        poller = select.poll()
        poller.register(self._client.socket().fileno(), select.POLLIN)
        poller.poll(seconds * 1000)

    def idle_done(self) -> None:
        """End IDLE. What the server said meanwhile is passed over: the other connection looks for itself.

        Raises:
            Unavailable: the server says good-bye.
        """
        _, said = self._client.idle_done()
        for words in said:
            if words and words[0] == b"BYE":
                raise Unavailable(
                    b" ".join(word for word in words[1:] if isinstance(word, bytes)).decode(
                        "utf-8", "replace"
                    )
                )

    def cut(self) -> None:
        """End the line under whoever is using it; from any thread. The user of the line closes it."""
        with suppress(OSError):
            # Not SSLSocket's own shutdown: it takes the TLS state away from the thread that is reading.
            socket.socket.shutdown(self._client.socket(), socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up. No LOGOUT: its answer could be waited for."""
        with suppress(OSError, ValueError):
            self._client.shutdown()


def _lower(flags: Iterable[bytes | int]) -> frozenset[str]:
    return frozenset(
        flag.decode("utf-8", "replace").lower() if isinstance(flag, bytes) else str(flag) for flag in flags
    )
