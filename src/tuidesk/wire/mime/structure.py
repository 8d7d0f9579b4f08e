"""A mail's bytes → its tree of sections (RFC 2046 §5.1), by offsets, nothing decoded and nothing copied.

The standard library's parser is not used for this: it takes a generator a level and tests every line against
every open boundary, which a made-up mail turns into minutes, and it knows no limits. The tests hold the two
side by side.
"""

import re
from binascii import Error as BadEncoding
from binascii import a2b_qp, a2b_uu
from collections.abc import Iterator
from dataclasses import dataclass, field

from tuidesk.errors import Unreadable
from tuidesk.wire.mime import headers
from tuidesk.wire.mime.charset import text_of
from tuidesk.words import say

MAX_BYTES = 50_000_000
MAX_PARTS = 1_000
MAX_DEPTH = 50
MAX_HEADERS = 10_000
MAX_HEADER_BYTES = 1_000_000

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*")
_FOLD = re.compile(rb"\r?\n(?=[ \t])")
_AFTER_BOUNDARY = re.compile(rb"(--)?[ \t]*(?:\r?\n|\r?\Z)")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,150}")


@dataclass(slots=True)
class Section:
    """A mail or a part of one. `raw[start:end]` is its body."""

    raw: bytes
    start: int
    end: int
    fields: list[tuple[str, bytes]]
    """Names in lower case; values unfolded, not decoded."""
    ref: str = ""
    type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    parts: list["Section"] = field(default_factory=list)

    def header(self, name: str) -> bytes:
        """The first field of that name, empty where there is none."""
        return next((value for key, value in self.fields if key == name), b"")

    def values(self, name: str) -> list[bytes]:
        """All fields of that name in order."""
        return [value for key, value in self.fields if key == name]

    def disposition(self, hint: str = "") -> tuple[str, dict[str, str]]:
        """(`attachment`, parameters); an empty word where there is none. `hint` as in `text_of`."""
        return headers.parameters(text_of(self.header("content-disposition"), "", hint))

    def name(self, hint: str = "") -> str:
        """The file name that the sender gave, empty where there is none."""
        _, disposed = self.disposition(hint)
        _, typed = headers.parameters(text_of(self.header("content-type"), "", hint))
        return disposed.get("filename") or typed.get("name", "")

    def content(self) -> bytes:
        """The body, its transfer encoding (RFC 2045 §6) undone; as it stands where that is unknown."""
        body = self.raw[self.start : self.end]
        encoding, _ = headers.parameters(text_of(self.header("content-transfer-encoding")))
        if encoding == "base64":
            return headers.unbase64(body)
        if encoding == "quoted-printable":
            return a2b_qp(body)
        if encoding in ("x-uuencode", "uuencode", "x-uue"):
            return _uudecoded(body)
        return body

    def text(self, hint: str = "") -> str:
        """The content as text with `\\n` for line ends."""
        text = text_of(self.content(), self.parameters.get("charset", ""), hint)
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def walk(self) -> Iterator["Section"]:
        """The leaves in order."""
        waiting = [self]
        while waiting:
            section = waiting.pop()
            if section.parts:
                waiting.extend(reversed(section.parts))
            else:
                yield section


def read(raw: bytes) -> Section:
    """The whole tree.

    Raises:
        Unreadable: the mail is beyond a limit.
    """
    if len(raw) > MAX_BYTES:
        raise Unreadable(say("mime.too_big", size=len(raw), limit=MAX_BYTES))
    root = _section(raw, _beginning(raw), len(raw), "")
    count = 0
    waiting = [(root, 1, "")]
    while waiting:
        section, depth, prefix = waiting.pop()
        for number, (start, end) in enumerate(_spans(section), 1):
            count += 1
            if count > MAX_PARTS:
                raise Unreadable(say("mime.too_many_parts", limit=MAX_PARTS))
            if depth >= MAX_DEPTH:
                raise Unreadable(say("mime.too_deep", limit=MAX_DEPTH))
            child = _section(raw, start, end, section.type)
            child.ref = f"{prefix}{number}"
            section.parts.append(child)
            waiting.append((child, depth + 1, f"{prefix}{number}."))
    if not root.parts:
        root.ref = "1"
    return root


def head(raw: bytes) -> Section:
    """The header alone, for mails quoted inside reports; the body is not looked into."""
    return _section(raw, _beginning(raw), len(raw), "")


def _beginning(raw: bytes) -> int:
    """Behind blank lines and the `From ` line of an mbox."""
    start = 0
    while raw[start : start + 1] in (b"\r", b"\n"):
        start += 1
    if raw.startswith((b"From ", b">From "), start) and not _FIELD.match(raw, start):
        start = raw.find(b"\n", start) + 1 or len(raw)
    return start


def _section(raw: bytes, start: int, end: int, above: str) -> Section:
    fields, body = _fields(raw, start, end)
    section = Section(raw, body, end, fields)
    default = "message/rfc822" if above == "multipart/digest" else "text/plain"
    given, section.parameters = headers.parameters(text_of(section.header("content-type")))
    if given == "text":
        given = "text/plain"
    section.type = given if _TYPE.fullmatch(given) else default
    return section


def _fields(raw: bytes, start: int, end: int) -> tuple[list[tuple[str, bytes]], int]:
    """The header fields from `start` on, and where the body begins.

    A line that is no field is passed over if a field follows it; else the body begins there: both are seen.
    """
    fields: list[tuple[str, bytes]] = []
    at = start
    while at < end:
        stop = _field_end(raw, at, end)
        if _is_blank(raw, at, stop):
            return fields, stop
        line = raw[at:stop]
        match = _FIELD.match(line)
        if match:
            if len(fields) >= MAX_HEADERS:
                raise Unreadable(say("mime.too_many_headers", limit=MAX_HEADERS))
            value = line[match.end() :].strip()
            if b"\n" in value:
                value = _FOLD.sub(b"", value)
            fields.append((match[1].decode("ascii").lower(), value))
        elif not _FIELD.match(raw, stop, min(end, stop + 300)):
            return fields, at
        at = stop
    return fields, end


def _field_end(raw: bytes, at: int, end: int) -> int:
    """Where the field that begins at `at` ends, its continuation lines included."""
    begin = at
    while True:
        at = raw.find(b"\n", at, end) + 1 or end
        if at - begin > MAX_HEADER_BYTES:
            raise Unreadable(say("mime.header_too_long", limit=MAX_HEADER_BYTES))
        if at >= end or raw[at] not in b" \t" or _is_blank(raw, begin, at):
            return at


def _is_blank(raw: bytes, begin: int, end: int) -> bool:
    """An empty line, which ends the header whatever follows it."""
    return end - begin <= 2 and raw[begin:end] in (b"\n", b"\r\n")


def _spans(section: Section) -> list[tuple[int, int]]:
    """The parts of a multipart by its boundary; without a last one they end with the text."""
    boundary = section.parameters.get("boundary", "").rstrip()
    if not section.type.startswith("multipart/") or not boundary:
        return []
    raw, end = section.raw, section.end
    mark = b"--" + boundary.encode("utf-8")
    spans: list[tuple[int, int]] = []
    begin, at = -1, raw.find(mark, section.start, end)
    while at >= 0 and len(spans) <= MAX_PARTS:
        after = _AFTER_BOUNDARY.match(raw, at + len(mark), end)
        if after and (at == section.start or raw[at - 1] == 10):
            if begin >= 0:
                spans.append((begin, _without_line_end(raw, begin, at)))
            begin = -1 if after[1] else after.end()
            if after[1]:
                break
        at = raw.find(mark, at + len(mark), end)
    if begin >= 0:
        spans.append((begin, end))
    return spans


def _without_line_end(raw: bytes, begin: int, at: int) -> int:
    """The line end before a boundary belongs to the boundary."""
    if at > begin and raw[at - 1] == 10:
        at -= 1
        if at > begin and raw[at - 1] == 13:
            at -= 1
    return at


def _uudecoded(body: bytes) -> bytes:
    out = []
    for line in body.splitlines():
        if line.startswith(b"begin ") or line in (b"end", b"`", b""):
            continue
        try:
            out.append(a2b_uu(line))
        except BadEncoding:
            length = ((line[0] - 32) & 63) * 4 // 3 + 1  # encoders that pad a line with rubbish
            try:
                out.append(a2b_uu(line[: length + 2]))
            except BadEncoding:
                continue
    return b"".join(out)
