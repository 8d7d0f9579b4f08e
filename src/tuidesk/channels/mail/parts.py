"""An attachment or a source, brought in pieces when somebody asks for it."""

import binascii
from collections.abc import AsyncIterator
from functools import partial

from tuidesk.channels.mail import fetch, skeleton
from tuidesk.channels.mail.connection import Connection
from tuidesk.channels.mail.folders import Folders
from tuidesk.channels.mail.line import Line
from tuidesk.channels.mail.refs import Ref
from tuidesk.errors import Rejected
from tuidesk.wire import mime
from tuidesk.words import say

_PIECE = 512 * 1024
_AS_IT_IS = frozenset({"", "7bit", "8bit", "binary"})


async def brought(line: Line, folders: Folders, ref: Ref) -> AsyncIterator[bytes]:
    """The content of `ref`, its transfer encoding undone.

    Raises:
        Rejected: the message is nowhere we look, or has no such part.
        Unreadable: as `mime.part`.
    """
    found = await line.run(lambda connection: _find(connection, folders, ref), first=True)
    encoding = (
        await line.run(lambda connection: _encoding(connection, found), first=True) if ref.section else ""
    )
    if (
        encoding is None
    ):  # small, odd or unknown: the parser that made the section's number takes it out again
        whole = await line.run(lambda connection: _whole(connection, found), first=True)
        yield mime.part(whole, ref.section)
        return
    decode = _Decoder(encoding)
    at = 0
    while True:
        piece = await line.run(partial(_piece, ref=found, at=at), first=True)
        yield decode.more(piece)
        at += len(piece)
        if len(piece) < _PIECE:
            break
    yield decode.end()


class _Decoder:
    """A transfer encoding (RFC 2045 §6) undone piece by piece."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._rest = b""

    def more(self, piece: bytes) -> bytes:
        """What can be decoded by now."""
        data = self._rest + piece
        if self._encoding == "base64":
            data = b"".join(data.split())
            usable = len(data) - len(data) % 4
        elif self._encoding == "quoted-printable":
            usable = data.rfind(b"\n") + 1
        else:
            usable = len(data)
        self._rest = data[usable:]
        return self._decoded(data[:usable])

    def end(self) -> bytes:
        """The rest."""
        return self._decoded(self._rest)

    def _decoded(self, data: bytes) -> bytes:
        if self._encoding == "base64":
            return mime.part(b"Content-Transfer-Encoding: base64\r\n\r\n" + data, "1")
        if self._encoding == "quoted-printable":
            return binascii.a2b_qp(data)
        return data


def _find(connection: Connection, folders: Folders, ref: Ref) -> Ref:
    """Where it is now: a message that somebody moved is known by its Message-ID."""
    places = dict.fromkeys((ref.folder, folders.inbox, folders.archive, folders.sent))
    for name in places:
        if name is None:
            continue
        folder = connection.examine(name)
        if name == ref.folder and folder.validity == ref.validity and connection.search(f"UID {ref.uid}"):
            return ref
        uids = connection.with_header("Message-ID", ref.message_id) if ref.message_id else []
        if uids:
            return Ref(name, folder.validity, uids[-1], ref.section, ref.message_id)
    raise Rejected(say("mail.message_gone"))


def _encoding(connection: Connection, ref: Ref) -> str | None:
    """The transfer encoding of a part that can be brought in pieces; None: it is better taken out of the whole."""
    _selected(connection, ref)
    said = connection.fetch([ref.uid], ["RFC822.SIZE", "BODYSTRUCTURE"]).get(ref.uid, {})
    if said.get(b"RFC822.SIZE", 0) <= fetch.WHOLE:
        return None
    encoding = skeleton.encodings(said.get(b"BODYSTRUCTURE")).get(ref.section)
    return encoding if encoding in _AS_IT_IS | {"base64", "quoted-printable"} else None


def _whole(connection: Connection, ref: Ref) -> bytes:
    _selected(connection, ref)
    raw = fetch.raw(connection, ref.uid)
    if raw is None:
        raise Rejected(say("mail.message_gone"))
    return raw


def _piece(connection: Connection, ref: Ref, at: int) -> bytes:
    _selected(connection, ref)
    said = connection.fetch([ref.uid], [f"BODY.PEEK[{ref.section}]<{at}.{_PIECE}>"]).get(ref.uid, {})
    if not said:
        raise Rejected(say("mail.message_gone"))
    return said.get(f"BODY[{ref.section}]<{at}>".encode()) or b""


def _selected(connection: Connection, ref: Ref) -> None:
    """Between two pieces the line may have worked elsewhere."""
    if connection.examine(ref.folder).validity != ref.validity:
        raise Rejected(say("mail.message_gone"))
