"""Header fields as bytes of a mail: encoded words, folding, parameters. RFC 5322 §2.2.3, RFC 2047, RFC 2231.

Written by hand because the standard library's generator encodes long Message-IDs and, before 3.11.10, lets an
encoded line end through (CVE-2024-6923).
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import quote

from tuidesk.domain.model import Person
from tuidesk.wire.smtp.validate import address

_WIDTH = 76
_WORD_BYTES = (
    33  # as base64 with `=?utf-8?b?…?=` around it 56 signs: with the longest field name below 76, RFC 2047 §2
)
_PLAIN = re.compile(r"[!-~]{1,70}(?: [!-~]{1,70})*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NAME_LENGTH = 200
_CHUNK = 50


def field(name: str, *tokens: str) -> str:
    """`Name: token token…` folded between tokens, with its line end."""
    lines = [f"{name}:"]
    for token in tokens:
        if len(lines[-1]) + 1 + len(token) > _WIDTH and lines[-1] != f"{name}:":
            lines.append("")
        lines[-1] += f" {token}"
    return "\r\n".join(lines) + "\r\n"


def text(value: str) -> list[str]:
    """Unstructured text → tokens: its words where they are plain ASCII, else encoded words."""
    line = single(value)
    plain = _PLAIN.fullmatch(line) and "=?" not in line
    return line.split(" ") if plain else list(_encoded(line))


def single(value: str) -> str:
    """Any text as one line: line ends, blanks and controls become one space."""
    return " ".join(_CONTROLS.sub(" ", value).split())


def mailboxes(people: tuple[Person, ...]) -> list[str]:
    """An address list → tokens, a comma after each mailbox but the last.

    Raises:
        Rejected: one has no valid address.
    """
    found = [_mailbox(person) for person in people]
    for mailbox in found[:-1]:
        mailbox[-1] += ","
    return [token for mailbox in found for token in mailbox]


def parameter(name: str, value: str) -> list[str]:
    """`name="value"`, or the RFC 2231 form, in as many pieces as it takes."""
    line = single(value)
    if re.fullmatch(r"[ !#-\[\]-~]{0,60}", line):
        return [f'{name}="{line}"']
    escaped = re.findall(r"%[0-9A-F]{2}|[^%]", quote(line.encode("utf-8", "replace"), safe=""))
    pieces = ["".join(escaped[at : at + _CHUNK // 3]) for at in range(0, len(escaped), _CHUNK // 3)]
    if len(pieces) == 1:
        return [f"{name}*=utf-8''{pieces[0]}"]
    first = "utf-8''"
    return [f"{name}*{n}*={first if n == 0 else ''}{piece}" for n, piece in enumerate(pieces)]


def _mailbox(person: Person) -> list[str]:
    spec = f"<{address(person.handle)}>"
    name = single(person.name)[:_NAME_LENGTH]
    if not name:
        return [spec[1:-1]]
    if "=?" in name or not _PLAIN.fullmatch(name):
        return [*_encoded(name), spec]
    if not _ATOMS.fullmatch(name):
        name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return [*name.split(" "), spec]


def _encoded(line: str) -> Iterator[str]:
    """Encoded words that each hold whole characters."""
    waiting = b""
    for sign in line:
        data = sign.encode("utf-8", "replace")
        if len(waiting) + len(data) > _WORD_BYTES:
            yield _word(waiting)
            waiting = b""
        waiting += data
    if waiting:
        yield _word(waiting)


def _word(data: bytes) -> str:
    return f"=?utf-8?b?{b64encode(data).decode('ascii')}?="
