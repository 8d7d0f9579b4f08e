"""Header fields: encoded words (RFC 2047), parameters (RFC 2231), addresses, ids, dates. Nothing raises."""

import binascii
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz
from urllib.parse import unquote_to_bytes

from tuidesk.domain import instants
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Person
from tuidesk.wire.mime.charset import text_of

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\r\n]{0,100000}?)\?=")
_CHARSET = re.compile(rb"=\?([A-Za-z0-9_.:-]{1,40})(?:\*[^?\s]*)?\?[bBqQ]\?")
_ID = re.compile(r"<[^<>\s\x00-\x20\x7f]{1,900}>")
_BARE_ID = re.compile(r"[^<>\s,;()\"\x00-\x20\x7f]{1,400}@[^<>\s,;()\"\x00-\x20\x7f]{1,400}")
_PARAMETER = re.compile(r";\s*([^\s=;\"]{1,80})\s*=\s*(\"(?:[^\"\\]|\\.)*\"?|[^;]*)")
_SECTIONED = re.compile(r"(.+?)(?:\*(\d{1,3}))?(\*)?")
_BLANKS = re.compile("[ \t\n\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029\x00]+")
_FIRST_WORD = re.compile(r"[^\s;,]+")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.){0,250}"|\((?:[^()\\]|\\.){0,250}\)|<[^<>]*>|[^"(<,;:]+|.', re.DOTALL)
_COMMENT_OR_BLANK = re.compile(r"\([^()]*\)|\s+")
_LONGEST = 200_000
"""Characters of one header that are looked into: some thousand recipients."""
_NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
)


def one_line(text: str) -> str:
    """Line ends of every kind and runs of blanks become one space: a header shown or sent stays one."""
    return _BLANKS.sub(" ", text).strip(" ")


def charset_in(value: bytes) -> str:
    """The charset of the first encoded word: the best guess about a mail that does not say."""
    match = _CHARSET.search(value)
    return match[1].decode("ascii") if match else ""


def decoded(value: bytes, hint: str = "") -> str:
    """A header's bytes → its text in one line."""
    return one_line(words(text_of(value, "", hint)))


def words(text: str) -> str:
    """Encoded words → text. Neighbours in one charset are joined as bytes: mailers cut inside characters."""
    if "=?" not in text:
        return text
    out: list[str] = []
    pending, charset, end = b"", "", 0
    for match in _WORD.finditer(text):
        between = text[end : match.start()]
        name = match[1].partition("*")[0].lower()
        neighbour = bool(charset) and not between.strip()
        if not (neighbour and name == charset):
            out.append(text_of(pending, charset))
            pending = b""
        if not neighbour:
            out.append(between)
        pending += _unpacked(match[2], match[3])
        charset, end = name, match.end()
    out.append(text_of(pending, charset))
    out.append(text[end:])
    return "".join(out)


def _unpacked(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    return unbase64(data) if encoding in "bB" else binascii.a2b_qp(data, header=True)


def unbase64(data: bytes) -> bytes:
    """Base64 in any state: foreign signs dropped, padding missing or in the middle, a cut end."""
    data = data.translate(None, _NOT_BASE64)
    out = []
    for run in data.split(b"="):
        usable = len(run) - (len(run) % 4 == 1)
        if usable:
            out.append(binascii.a2b_base64(run[:usable] + b"=" * (-usable % 4)))
    return b"".join(out)


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """`text/plain; charset=utf-8` → (`text/plain`, {`charset`: `utf-8`}); what RFC 2231 cuts is joined."""
    head, separator, rest = value[:_LONGEST].partition(";")
    first = _FIRST_WORD.search(head)
    whole: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for match in _PARAMETER.finditer(separator + rest):
        sectioned = _SECTIONED.fullmatch(match[1].lower())
        if sectioned is None:
            continue
        name, number, encoded = sectioned.groups()
        if number or encoded:
            pieces.setdefault(name, {}).setdefault(int(number or 0), (bool(encoded), _unquoted(match[2])))
        else:
            whole.setdefault(name, one_line(words(_unquoted(match[2]))))
    for name, numbered in pieces.items():
        whole[name] = one_line(_joined(numbered))
    return (first[0].lower() if first else ""), whole


def _joined(numbered: dict[int, tuple[bool, str]]) -> str:
    """The sections of one parameter → its text. The first encoded one names the charset: `utf-8'en'…`."""
    charset, data = "", b""
    for number in sorted(numbered):
        encoded, text = numbered[number]
        if encoded and number == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        raw = text.encode("utf-8", "replace")
        data += unquote_to_bytes(raw) if encoded else raw
    return words(text_of(data, charset))


def _unquoted(value: str) -> str:
    value = value.strip()
    if not value.startswith('"'):
        return value
    return re.sub(r"\\(.)", r"\1", value[1:].removesuffix('"'))


def people(value: bytes, hint: str = "") -> tuple[Person, ...]:
    """An address header → its mailboxes; groups are opened, names decoded, addr-specs left as they stand.

    Encoded words are decoded after the structure is read, so that none can become an address of its own.
    """
    text = one_line(text_of(value[:_LONGEST], "", hint))
    return tuple(person for chunk in _mailboxes(text) if (person := _person(chunk)) is not None)


def _mailboxes(text: str) -> Iterator[list[str]]:
    """The tokens of each mailbox: what stands between commas, and after a group's name."""
    chunk: list[str] = []
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in (",", ";"):
            yield chunk
            chunk = []
        elif token == ":" and not any("@" in earlier for earlier in chunk):
            chunk = []  # a group's name
        else:
            chunk.append(token)
    yield chunk


def _person(tokens: list[str]) -> Person | None:
    angles = [number for number, token in enumerate(tokens) if token.startswith("<") and token.endswith(">")]
    comments = [token[1:-1] for token in tokens if token.startswith("(") and len(token) > 1]
    rest = [token for token in tokens if not token.startswith("(") or len(token) < 2]
    if angles:
        address = _COMMENT_OR_BLANK.sub("", tokens[angles[-1]][1:-1])
        if address.startswith("@"):
            address = address.rpartition(":")[2]  # an obsolete route
        rest = [token for token in rest if token is not tokens[angles[-1]]]
        name = _name(rest) or _name(comments)
    else:
        address = "".join(rest).strip()
        if "@" not in address and " " in address:
            return Person(name=_name(rest))
        name = _name(comments)
    return Person(name, address) if name or address else None


def _name(tokens: list[str]) -> str:
    """A display name without the quotes around the whole of it: mailers quote what is quoted already."""
    name = one_line(words("".join(_unquoted(token) if token[:1] == '"' else token for token in tokens)))
    while (quote := name[:1]) in ("'", '"') and name.find(quote, 1) == len(name) - 1:
        name = name[1:-1].strip()
    return name


def ids(value: bytes) -> tuple[str, ...]:
    """Message-IDs in their order, each once, in angle brackets (added where the sender forgot them)."""
    text = text_of(value)
    found = _ID.findall(text)
    if not found:
        found = [f"<{bare}>" for bare in _BARE_ID.findall(text[:20_000])]
    return tuple(dict.fromkeys(found))


def date(value: bytes) -> Instant | None:
    """A Date header → instant; a time without a zone is taken as UTC; None where it is no date."""
    try:
        parsed = parsedate_tz(text_of(value[:200]))
        if parsed is None:
            return None
        moment = datetime(*parsed[:6], tzinfo=UTC) - timedelta(seconds=parsed[9] or 0)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None  # parsedate_tz itself raises on some
    return instants.of(moment)
