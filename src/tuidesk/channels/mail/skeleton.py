"""A big message without its attachments: its header, the structure the server tells, and its texts.

What comes out is a mail with the same section numbers, so the one parser reads it like any other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tuidesk.channels.mail.connection import Connection

_TEXT = 512 * 1024
"""Bytes of one text that are fetched with the message; the rest is on the server."""
_TEXTS = 1 << 20
"""Bytes of all texts of a message together."""
_HEADER = 1_000_000
_MOST = 1_000
"""Parts; a message with more gets none of them, and is read by its beginning."""
_READ = ("text/plain", "text/html", "message/delivery-status", "text/rfc822-headers")


@dataclass(slots=True)
class Skeleton:
    """See `Fetched`."""

    raw: bytes
    left: dict[str, int]
    cut: str | None


@dataclass(slots=True)
class _Part:
    """A node of BODYSTRUCTURE (RFC 9051 §7.5.2)."""

    section: str
    type: str
    size: int
    encoding: str
    boundary: bytes
    attached: bool
    parts: list["_Part"] = field(default_factory=list)

    def leaves(self) -> Iterator["_Part"]:
        """In order."""
        if self.parts:
            for part in self.parts:
                yield from part.leaves()
        else:
            yield self

    def below(self) -> Iterator["_Part"]:
        """Every node under this one."""
        for part in self.parts:
            yield part
            yield from part.below()


def build(connection: Connection, uid: int) -> Skeleton:
    """The skeleton of a message in the selected folder."""
    said = connection.fetch([uid], ["BODYSTRUCTURE", f"BODY.PEEK[HEADER]<0.{_HEADER}>"]).get(uid, {})
    head = said.get(b"BODY[HEADER]<0>") or b""
    root = _part(said.get(b"BODYSTRUCTURE"), "")
    if root is None or sum(1 for _ in root.below()) > _MOST:
        return beginning(connection, uid)
    if not root.parts:
        return _single(connection, uid, head, root)
    texts = _texts(root)
    below = list(root.below())
    items = [f"BODY.PEEK[{part.section}.MIME]" for part in below]
    items += [f"BODY.PEEK[{part.section}]<0.{_TEXT}>" for part in texts]
    brought = connection.fetch([uid], items).get(uid, {})
    inside = {part.section: brought.get(f"BODY[{part.section}]<0>".encode()) or b"" for part in texts}
    mime = {part.section: brought.get(f"BODY[{part.section}.MIME]".encode()) or b"\r\n" for part in below}
    return Skeleton(
        raw=head + _assembled(root, mime, inside),
        left={leaf.section: _decoded(leaf) for leaf in root.leaves() if leaf.section not in inside},
        cut=next((part.section for part in texts if part.size > _TEXT), None),
    )


def beginning(connection: Connection, uid: int) -> Skeleton:
    """A message as far as it goes, where its structure is not to be had."""
    said = connection.fetch([uid], [f"BODY.PEEK[]<0.{_TEXTS}>"]).get(uid, {})
    return Skeleton(said.get(b"BODY[]<0>") or b"", {}, cut="")


def _single(connection: Connection, uid: int, head: bytes, root: _Part) -> Skeleton:
    """A message that is one part."""
    if root.type not in _READ or root.attached:
        return Skeleton(head, {"1": _decoded(root)}, cut=None)
    said = connection.fetch([uid], [f"BODY.PEEK[TEXT]<0.{_TEXT}>"]).get(uid, {})
    return Skeleton(head + (said.get(b"BODY[TEXT]<0>") or b""), {}, cut="1" if root.size > _TEXT else None)


def _texts(root: _Part) -> list[_Part]:
    chosen = []
    room = _TEXTS
    for leaf in root.leaves():
        if leaf.type in _READ and not leaf.attached and room > 0:
            chosen.append(leaf)
            room -= min(leaf.size, _TEXT)
    return chosen


def _assembled(part: _Part, mime: dict[str, bytes], inside: dict[str, bytes]) -> bytes:
    """The body of a multipart."""
    if not part.parts:
        return inside.get(part.section, b"")
    pieces = [
        b"--" + part.boundary + b"\r\n" + mime[child.section] + _assembled(child, mime, inside) + b"\r\n"
        for child in part.parts
    ]
    return b"".join(pieces) + b"--" + part.boundary + b"--\r\n"


def _part(told: Any, section: str) -> _Part | None:
    """BODYSTRUCTURE → nodes; None where it is not as it should be."""
    if not isinstance(told, tuple) or not told:
        return None
    if isinstance(told[0], list):
        return _multipart(told, section)
    if len(told) < 7:
        return None
    size = told[6] if isinstance(told[6], int) else 0
    kind = f"{_word(told[0])}/{_word(told[1])}"
    return _Part(section, kind, size, _word(told[5]), b"", _attached(told[7:]))


def _multipart(told: tuple[Any, ...], section: str) -> _Part | None:
    boundary = _parameter(told[2] if len(told) > 2 else None, b"boundary")
    parts = [
        _part(child, f"{section}.{number}" if section else str(number))
        for number, child in enumerate(told[0], 1)
    ]
    found = [part for part in parts if part is not None]
    if not boundary or len(found) < len(parts):
        return None
    return _Part(section, f"multipart/{_word(told[1])}", 0, "", boundary, attached=False, parts=found)


def _attached(rest: tuple[Any, ...]) -> bool:
    """The disposition among the extension data, whose place depends on the type."""
    return any(
        isinstance(item, tuple)
        and len(item) == 2
        and isinstance(item[0], bytes)
        and item[0].lower() == b"attachment"
        for item in rest
    )


def _parameter(told: Any, name: bytes) -> bytes:
    pairs = told if isinstance(told, tuple) else ()
    for key, value in zip(pairs[::2], pairs[1::2], strict=False):
        if isinstance(key, bytes) and key.lower() == name:
            return value if isinstance(value, bytes) else str(value).encode()
    return b""


def _word(told: Any) -> str:
    return told.decode("ascii", "replace").lower() if isinstance(told, bytes) else ""


def _decoded(part: _Part) -> int:
    """About how many bytes it has without its transfer encoding: base64 has lines of 76 and a line end."""
    return part.size * 57 // 78 if part.encoding == "base64" else part.size


def encodings(told: Any) -> dict[str, str]:
    """Section → transfer encoding, of a BODYSTRUCTURE."""
    root = _part(told, "")
    if root is None:
        return {}
    return {leaf.section or "1": leaf.encoding for leaf in root.leaves()}
