"""What may stand in a header or a command: nothing that could begin another one."""

import re

from tuidesk.errors import Rejected
from tuidesk.words import say

_BREAKS = re.compile(r"[\r\n\0]")
_ADDRESS = re.compile(
    r"""(?P<local>"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])+"|[^\s"(),:;<>@\[\]\\\x00-\x20\x7f-\x9f]+)"""
    r"""@(?P<domain>\[[0-9A-Za-z:.]+\]|[^\s"(),:;<>@\[\]\\\x00-\x20\x7f-\x9f]+)"""
)
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_LONGEST = 254  # octets of a path, RFC 5321 §4.5.3.1.3


def one_line(text: str) -> str:
    """The text as it is, fit for a protocol argument.

    Raises:
        Rejected: it holds CR, LF or NUL.
    """
    if _BREAKS.search(text):
        raise Rejected(say("smtp.line_end", text=ascii(text[:60])))
    return text


def address(handle: str) -> str:
    """An addr-spec for the wire: the domain in ASCII (IDNA), the local part untouched.

    Raises:
        Rejected: not a mail address.
    """
    match = _ADDRESS.fullmatch(handle)
    try:
        made = f"{match['local']}@{_ascii_domain(match['domain'])}" if match else ""
        fits = 0 < len(made.encode()) <= _LONGEST
    except UnicodeError:  # a label that IDNA does not know, or a lone surrogate
        fits = False
    if not fits:
        raise Rejected(say("smtp.bad_address", address=ascii(handle[:100])))
    return made


def message_ids(found: tuple[str, ...]) -> tuple[str, ...]:
    """Those that are Message-IDs and can stand in a header, each once. Made-up ids and broken ones are passed over."""
    return tuple(dict.fromkeys(one for one in found if _MESSAGE_ID.fullmatch(one)))


def _ascii_domain(domain: str) -> str:
    return domain if domain.isascii() else domain.encode("idna").decode("ascii")
