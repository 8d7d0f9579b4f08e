"""What went wrong on an IMAP line → what the desk does next. The one place that translates."""

import imaplib
import re
import socket
import ssl

from imapclient.exceptions import CapabilityError, LoginError, ProtocolError

from tuidesk.errors import AuthFailed, ChannelError, RateLimited, Rejected, Unavailable
from tuidesk.words import say

_CODE = re.compile(r"\[([A-Z][A-Z0-9-]*)")
_FROM_IMAPLIB = re.compile(r"(?:command: [A-Z]+ => )?(?:socket error: (EOF)?)?")
"""What imaplib puts before the words: of use to who debugs it, to nobody else."""
_BYTES = re.compile(r"b(['\"])(.*)\1", re.DOTALL)
_CROWDED = re.compile(
    r"maximum number of (?:\w+ )?connections|too many (?:simultaneous |concurrent |open )?(?:connections|connections)"
    r"|connection (?:limit|count) (?:exceeded|reached)|connections? exceeded",
    re.IGNORECASE,
)
_TORN = "got more than"
"""What imaplib says when it gave up in the middle of a line: what comes next is no answer to anything."""
_PASSING = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "CONTACTADMIN", "CORRUPTION"})
_THROTTLED = frozenset({"THROTTLED", "OVERLOADED"})
_READERS = frozenset({"imapclient", "imaplib", "email"})
ODD = (ProtocolError, AttributeError, LookupError, TypeError, ValueError, AssertionError)
"""What imapclient and imaplib raise on an answer that is no IMAP. The answer has been read to its end by then."""


class NoConnectionLeft(Unavailable):
    """The server counts this mailbox's connections, and there are too many."""


def translated(error: BaseException, host: str) -> BaseException:
    """The error as the desk knows it; one that is none of the line's comes back as it is."""
    if isinstance(error, ChannelError):
        return error
    if isinstance(error, ssl.SSLCertVerificationError):
        return Unavailable(say("mail.certificate", host=host, reason=error.verify_message))
    if isinstance(error, ssl.SSLError):
        return Unavailable(say("mail.tls", host=host, reason=getattr(error, "reason", None) or error))
    if isinstance(error, socket.gaierror):
        return Unavailable(say("mail.no_such_host", host=host))
    if isinstance(error, TimeoutError):
        return Unavailable(say("mail.silent", host=host))
    if isinstance(error, OSError):
        return Unavailable(say("mail.line", host=host, reason=error.strerror or error))
    if isinstance(error, imaplib.IMAP4.error):
        return _answered(error, host)
    if isinstance(error, ODD) and _in_a_reader(error):
        return Unavailable(say("mail.nonsense", host=host, reason=type(error).__name__))
    return error


def _in_a_reader(error: BaseException) -> bool:
    """Raised by who reads answers; a mistake of our own must not look like the server's."""
    trace = error.__traceback__
    names = set()
    while trace is not None:
        names.add(str(trace.tb_frame.f_globals.get("__name__", "")).partition(".")[0])
        trace = trace.tb_next
    return not names.isdisjoint(_READERS)


def keeps_the_line(error: BaseException) -> bool:
    """The server refused one command and listens for the next."""
    refused = isinstance(error, imaplib.IMAP4.error) and _TORN not in str(error)
    broken = isinstance(error, imaplib.IMAP4.abort | imaplib.IMAP4.readonly | ProtocolError)
    return isinstance(error, ChannelError) or (refused and not broken)


def _answered(error: imaplib.IMAP4.error, host: str) -> ChannelError:
    words = _words(error)
    code = found[1] if (found := _CODE.search(words)) else ""
    if _CROWDED.search(words):
        return NoConnectionLeft(say("mail.no_connection_left", host=host, reason=words))
    if code in _THROTTLED:
        return RateLimited(words)
    if isinstance(error, imaplib.IMAP4.readonly):
        return Rejected(words)
    if (
        code in _PASSING
        or isinstance(error, imaplib.IMAP4.abort | CapabilityError | ProtocolError)
        or _TORN in words
    ):
        return Unavailable(say("mail.line", host=host, reason=words))
    if isinstance(error, LoginError):
        return AuthFailed(words)
    return Rejected(words)


def _words(error: imaplib.IMAP4.error) -> str:
    """The server's own, or why there are none. imaplib gives bytes for some and their `repr` for others."""
    first = error.args[0] if error.args else ""
    text = first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first)
    wrapped = _BYTES.fullmatch(text)
    if wrapped:
        return wrapped[2]
    before = _FROM_IMAPLIB.match(text)
    assert before is not None, "all of it is optional"
    return say("mail.hung_up") if before[1] else text[before.end() :]
