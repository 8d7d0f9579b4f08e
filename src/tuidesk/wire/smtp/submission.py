"""Handing a mail to a submission server (RFC 6409), so that every end says whether it may have been sent.

Until the final dot leaves, nothing was sent; after it only an answer tells. That line is the whole of this file.
"""

import logging
import re
import smtplib
import socket
import ssl
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

from tuidesk.errors import AuthFailed, ChannelError, Rejected, Unavailable, Unconfirmed
from tuidesk.wire.oauth import sasl
from tuidesk.wire.smtp.compose import Letter
from tuidesk.wire.smtp.headers import single
from tuidesk.wire.smtp.validate import one_line
from tuidesk.words import say

steps = logging.getLogger("tuidesk.steps")
"""The named steps of a mail's life; tests stop the program at them."""

_CONNECT_S = 15.0
_WHOLE_S = 60.0
_SLOWEST = 50_000  # bytes a second: so much more time a large mail has
_LONGEST_LINE = 8192
_LONGEST_ANSWER = 200  # lines
_NAME = "[127.0.0.1]"  # what we call ourselves: an address literal tells nothing of the agent's machine


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in."""

    host: str
    port: int = 465
    security: Literal["tls", "starttls"] = "tls"
    ca: str | None = None
    """A PEM file of authorities that count besides the system's."""


@dataclass(frozen=True, slots=True)
class Login:
    """Who we are there."""

    user: str
    password: str = field(repr=False)
    with_token: bool = False
    """The password is the access token of a sign-in."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A recipient the server would not take."""

    address: str
    code: int
    reason: str


class _Line(smtplib.SMTP):
    """The library's, but that an answer counts only when it is whole: it takes `25` before a cut for one."""

    def getreply(self) -> tuple[int, bytes]:
        """(code, text); -1 for what is no answer of SMTP's.

        Raises:
            OSError: the line broke before the answer's end.
        """
        if self.file is None:
            assert self.sock is not None
            self.file = self.sock.makefile("rb")
        texts: list[bytes] = []
        while len(texts) < _LONGEST_ANSWER:
            line = self.file.readline(_LONGEST_LINE)
            if not line.endswith(b"\n"):
                raise smtplib.SMTPServerDisconnected(say("smtp.hung_up"))
            texts.append(line[4:].strip())
            if not re.match(rb"[2-5]\d\d[ \r\n-]", line):
                return -1, line.strip()
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(texts)
        return -1, texts[0]


class Submission:
    """One connection, one mail; blocking, in the caller's thread. `cut` may be called from any other."""

    def __init__(self, server: Server, login: Login | None, *, whole_s: float = _WHOLE_S) -> None:
        self._server = server
        self._login = login
        self._whole_s = whole_s
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._why_cut = ""

    def submit(self, letter: Letter) -> tuple[Refusal, ...]:
        """One try. Some recipients may be refused; who all are is an error.

        Raises:
            AuthFailed: the login was refused.
            Rejected: 5xx, too big, or what the server cannot do: never.
            Unavailable: certainly not sent.
            Unconfirmed: the mail had left when the line broke.
        """
        with self._session(self._whole_s + len(letter.raw) / _SLOWEST) as line:
            refused = _envelope(line, letter)
            steps.debug("smtp.before_data")
            self._data(line, letter.raw)
            return refused

    def check(self, seconds: float = _WHOLE_S) -> int | None:
        """Log in and leave, within so many seconds.

        Returns:
            The largest mail the server takes, in bytes (RFC 1870); None where it does not say.

        Raises:
            ChannelError: as `submit`.
        """
        with self._session(min(seconds, self._whole_s)) as line:
            limit = line.esmtp_features.get("size", "")
            return int(limit) if limit.isdigit() and int(limit) else None

    def cut(self) -> None:
        """End whatever is under way at once."""
        self._cut(say("smtp.cut"))

    def _cut(self, why: str) -> None:
        with self._lock:
            self._why_cut = self._why_cut or why
            if self._socket is not None:
                with suppress(OSError):  # it never connected, or is gone already
                    socket.socket.shutdown(
                        self._socket, socket.SHUT_RDWR
                    )  # SSLSocket's own would go on in clear

    @contextmanager
    def _session(self, seconds: float) -> Iterator[_Line]:
        """Connected, encrypted and logged in. A server that dawdles is cut in the end, however it does it."""
        late = say("smtp.too_slow", seconds=f"{seconds:.0f}")
        timer = threading.Timer(seconds, self._cut, [late])
        timer.daemon = True
        timer.start()
        line = _Line(local_hostname=_NAME)
        try:
            self._greet(line)
            yield line
            with suppress(OSError):  # all that counts is done
                line.putcmd("QUIT")
        except (OSError, UnicodeError) as error:
            raise Unavailable(self._reason(error)) from error
        finally:
            timer.cancel()
            with self._lock:
                self._socket = None
            line.close()

    def _greet(self, line: _Line) -> None:
        context = self._context()
        line.sock = self._connect()
        if self._server.security == "tls":
            line.sock = self._encrypt(line.sock, context)
        line.sock.settimeout(self._whole_s)
        _expect(line.getreply(), 220)
        if self._server.security == "starttls":
            self._starttls(line, context)
        _ehlo(line)
        if self._login is not None:
            (_sign_in if self._login.with_token else _log_in)(line, self._login, self._server)
        steps.debug("smtp.connected")

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self._server.ca is not None:
            try:
                context.load_verify_locations(self._server.ca)
            except OSError as error:  # ssl.SSLError, for a file that is no PEM, is one too
                raise Unavailable(
                    say("smtp.ca", path=self._server.ca, why=error.strerror or error)
                ) from error
        return context

    def _connect(self) -> socket.socket:
        """To the first of the host's addresses that answers; all of them share the time."""
        end = time.monotonic() + _CONNECT_S
        found = socket.getaddrinfo(self._server.host, self._server.port, type=socket.SOCK_STREAM)
        last: OSError = TimeoutError()
        for family, kind, protocol, _, address in found:
            sock = socket.socket(family, kind, protocol)
            sock.settimeout(max(0.1, end - time.monotonic()))
            self._hold(sock)
            try:
                sock.connect(address)
            except OSError as error:
                last = error
                sock.close()
            else:
                return sock
        raise last

    def _encrypt(self, sock: socket.socket, context: ssl.SSLContext) -> ssl.SSLSocket:
        sock.settimeout(_CONNECT_S)
        wrapped = context.wrap_socket(sock, server_hostname=self._server.host, do_handshake_on_connect=False)
        try:
            self._hold(wrapped)
            wrapped.do_handshake()
        except BaseException:
            wrapped.close()
            raise
        return wrapped

    def _starttls(self, line: _Line, context: ssl.SSLContext) -> None:
        """RFC 3207, or nothing: a server that does not offer it gets no word of ours.

        What came in the clear, pipelined answers included, is forgotten with the reader (CVE-2011-0411).
        """
        _ehlo(line)
        if not line.has_extn("starttls"):
            raise Unavailable(say("smtp.no_starttls", host=self._server.host))
        _expect(line.docmd("STARTTLS"), 220)
        assert line.sock is not None
        if line.file is not None:
            line.file.close()
        line.file = None
        line.sock = self._encrypt(line.sock, context)
        line.sock.settimeout(self._whole_s)
        line.esmtp_features = {}

    def _hold(self, sock: socket.socket) -> None:
        """From here on `cut` reaches it."""
        with self._lock:
            self._socket = sock
            if self._why_cut:
                sock.close()
                raise Unavailable(self._why_cut)

    def _data(self, line: _Line, raw: bytes) -> None:
        _expect(line.docmd("DATA"), 354)
        line.send(_stuffed(raw))
        try:
            line.send(b".\r\n")
            steps.debug("smtp.data_sent")
            code, text = line.getreply()
        except OSError as error:
            raise Unconfirmed(say("smtp.no_answer", why=self._reason(error))) from error
        steps.debug("smtp.answered")
        if not 200 <= code < 300:
            raise _refused(code, text, after_data=True)

    def _reason(self, error: Exception) -> str:
        """Why the line broke, in a person's words."""
        if self._why_cut:
            return self._why_cut
        if isinstance(error, ssl.SSLCertVerificationError):
            return say("smtp.certificate", host=self._server.host, why=error.verify_message)
        return single(str(error)) or type(error).__name__


def _ehlo(line: _Line) -> None:
    if not 200 <= line.ehlo()[0] < 300:
        _expect(line.helo(), 250)


def _log_in(line: _Line, login: Login, server: Server) -> None:
    """PLAIN, else LOGIN (RFC 4954): the line is encrypted, so a cleverer method would add nothing."""
    methods = line.esmtp_features.get("auth", "").upper().split()
    user, password = login.user.encode(), login.password.encode()
    if "PLAIN" in methods:
        secret = _base64(b"\0" + user + b"\0" + password)
        code, text = line.docmd("AUTH", f"PLAIN {secret}")
    elif "LOGIN" in methods:
        code, text = line.docmd("AUTH", f"LOGIN {_base64(user)}")
        if code == 334:
            code, text = line.docmd(_base64(password))
    else:
        raise AuthFailed(say("smtp.no_login", host=server.host))
    if not 200 <= code < 300:
        raise _not_in(code, _answer(code, text))


def _sign_in(line: _Line, login: Login, server: Server) -> None:
    """By an access token. It comes second: with it the first line would be longer than RFC 4954 §4 lets one be."""
    mechanism = sasl.offered(line.esmtp_features.get("auth", "").upper().split())
    if not mechanism:
        raise AuthFailed(say("oauth.no_method", host=server.host))
    exchange = sasl.Exchange(mechanism, login.user, login.password, server.host, server.port)
    code, text = line.docmd("AUTH", mechanism)
    while code == 334:
        code, text = line.docmd(_base64(exchange.answer(_unpacked(text))))
    if 200 <= code < 300:
        return
    if exchange.scope:
        raise AuthFailed(say("oauth.lacks_scope", host=server.host, user=login.user, scope=exchange.scope))
    said = say("oauth.server_refused", host=server.host, user=login.user, reason=_answer(code, text))
    raise _not_in(code, said)


def _not_in(code: int, said: str) -> ChannelError:
    return AuthFailed(said) if 500 <= code < 600 else Unavailable(said)


def _envelope(line: _Line, letter: Letter) -> tuple[Refusal, ...]:
    """MAIL and RCPT; who was refused, when somebody was taken."""
    options = _options(line, letter)
    _expect(line.docmd("MAIL", one_line(f"FROM:<{letter.sender}>{options}")), 250)
    refused = []
    for address in letter.recipients:
        code, text = line.docmd("RCPT", one_line(f"TO:<{address}>"))
        if code == 421 or code < 200:
            raise _refused(code, text)
        if not 200 <= code < 300:
            refused.append(Refusal(address, code, _answer(code, text)))
    if len(refused) == len(letter.recipients):
        worst = next(
            (one for one in refused if one.code < 500), refused[0]
        )  # one may be taken later: try again
        raise Unavailable(worst.reason) if worst.code < 500 else Rejected(worst.reason)
    return tuple(refused)


def _options(line: _Line, letter: Letter) -> str:
    """What MAIL must say of this mail, if the server can take it at all."""
    offered = line.esmtp_features
    limit = offered.get("size", "")
    size = len(_stuffed(letter.raw))
    if limit.isdigit() and 0 < int(limit) < size:
        raise Rejected(say("smtp.too_big", size=size, limit=limit))
    options = f" SIZE={size}" if "size" in offered else ""
    wide = next((one for one in (letter.sender, *letter.recipients) if not one.isascii()), None)
    if wide is not None:
        if "smtputf8" not in offered:
            raise Rejected(say("smtp.needs_smtputf8", address=wide))
        line.command_encoding = "utf-8"
        options += " SMTPUTF8"
    if not letter.raw.isascii():
        if "8bitmime" not in offered:
            raise Rejected(say("smtp.needs_8bit"))
        options += " BODY=8BITMIME"
    return options


def _stuffed(raw: bytes) -> bytes:
    """The mail as DATA takes it: CRLF only, so that nothing in it can look like its end (RFC 5321 §4.5.2)."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", lines)


def _expect(reply: tuple[int, bytes], wanted: int) -> None:
    if reply[0] != wanted:
        raise _refused(*reply)


def _refused(code: int, text: bytes, *, after_data: bool = False) -> ChannelError:
    """What an answer other than yes means: 4xx later, 5xx never, anything else no answer at all."""
    if 400 <= code < 500:
        return Unavailable(_answer(code, text))
    if 500 <= code < 600:
        return Rejected(_answer(code, text))
    if after_data:
        return Unconfirmed(say("smtp.odd_answer", answer=_answer(code, text)))
    return Unavailable(_answer(code, text))


def _answer(code: int, text: bytes) -> str:
    return say("smtp.answer", code=code, text=single(text.decode("utf-8", "replace"))[:500])


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _unpacked(text: bytes) -> bytes:
    """A challenge; one that is no base64 says nothing."""
    try:
        return b64decode(text)
    except ValueError:
        return b""
