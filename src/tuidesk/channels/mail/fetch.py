"""Messages off the server: whole where they are small, else their texts, with what they carry left where it is.

Everything is fetched with BODY.PEEK, so that nothing becomes \\Seen by our reading (RFC 9051 §6.4.5).
"""

import imaplib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tuidesk.channels.mail import skeleton
from tuidesk.channels.mail.connection import Connection
from tuidesk.channels.mail.skeleton import Skeleton
from tuidesk.channels.mail.trouble import ODD, keeps_the_line
from tuidesk.domain import instants
from tuidesk.domain.instants import Instant
from tuidesk.wire.mime import Mail

WHOLE = 1 << 20
"""Bytes up to which a message is fetched whole."""
_AT_ONCE = 4 << 20
"""Bytes that one FETCH may bring."""
_SIZES_AT_ONCE = 2_000
_BAD_MESSAGE = (imaplib.IMAP4.error, *ODD)


@dataclass(frozen=True, slots=True)
class Fetched:
    """One message as far as it is here."""

    uid: int
    at: Instant
    """INTERNALDATE."""
    size: int
    """Bytes on the server."""
    flags: frozenset[str]
    raw: bytes
    """A mail to parse: the whole, or one with the same header, structure and texts and with empty parts."""
    left: dict[str, int] = field(default_factory=dict)
    """Sections that are not in `raw` and their sizes, decoded, about."""
    cut: str | None = None
    """The section of a text of which `raw` has only the beginning; "" where that is the whole mail."""

    def completed(self, mail: Mail) -> Mail:
        """The mail parsed from `raw`, with the true sizes of what was left on the server."""
        if not self.left:
            return mail
        parts = tuple(replace(part, size=self.left.get(part.ref, part.size)) for part in mail.attachments)
        return replace(mail, attachments=parts, digest=f"{mail.digest[:48]}{self.size:016x}")


@dataclass(frozen=True, slots=True)
class Unfetched:
    """A message that the server has and cannot give us in a form that can be read."""

    uid: int
    at: Instant
    size: int
    flags: frozenset[str]
    reason: str


def dates(connection: Connection, uids: Sequence[int]) -> dict[int, Instant]:
    """INTERNALDATE of each, in the selected folder."""
    found: dict[int, Instant] = {}
    for begin in range(0, len(uids), _SIZES_AT_ONCE):
        for uid, said in connection.fetch(uids[begin : begin + _SIZES_AT_ONCE], ["INTERNALDATE"]).items():
            found[uid] = _instant(said)
    return found


def describe(connection: Connection, uids: Sequence[int]) -> dict[int, dict[bytes, Any]]:
    """Flags, INTERNALDATE and size of each that is there, for `groups` and `messages`."""
    return connection.fetch(uids, ["FLAGS", "INTERNALDATE", "RFC822.SIZE"])


def groups(uids: Sequence[int], told: dict[int, dict[bytes, Any]]) -> list[list[int]]:
    """What may be fetched and held at once; a big message is a group of its own."""
    made: list[list[int]] = []
    room = 0
    for uid in uids:
        if uid not in told:
            continue
        size = told[uid].get(b"RFC822.SIZE", 0)
        if size > room:
            made.append([])
            room = _AT_ONCE
        made[-1].append(uid)
        room -= min(size, _AT_ONCE)
    return made


def messages(
    connection: Connection, uids: Sequence[int], told: dict[int, dict[bytes, Any]]
) -> list[Fetched | Unfetched]:
    """A group's messages in order; those that are gone are left out."""
    small = [uid for uid in uids if told[uid].get(b"RFC822.SIZE", 0) <= WHOLE]
    found = _whole(connection, small, told)
    for uid in uids:
        if uid not in small:
            found[uid] = _one(connection, uid, told[uid])
    return [found[uid] for uid in uids if uid in found]


def raw(connection: Connection, uid: int) -> bytes | None:
    """A message of the selected folder whole, however big; None if it is gone."""
    said = connection.fetch([uid], ["BODY.PEEK[]"]).get(uid, {})
    return said.get(b"BODY[]")


def header(connection: Connection, uid: int, name: str) -> bytes:
    """The lines of one header field."""
    item = f"HEADER.FIELDS ({name.upper()})"
    said = connection.fetch([uid], [f"BODY.PEEK[{item}]"]).get(uid, {})
    return said.get(f"BODY[{item}]".encode()) or b""


def _whole(
    connection: Connection, uids: list[int], told: dict[int, dict[bytes, Any]]
) -> dict[int, Fetched | Unfetched]:
    try:
        said = connection.fetch(uids, ["BODY.PEEK[]"])
    except _BAD_MESSAGE as error:
        _unless_about_the_line(error)
        return {uid: _one(connection, uid, told[uid]) for uid in uids}
    return {
        uid: _fetched(uid, told[uid], said[uid][b"BODY[]"] or b"")
        for uid in uids
        if uid in said and b"BODY[]" in said[uid]
    }


def _one(connection: Connection, uid: int, told: dict[bytes, Any]) -> Fetched | Unfetched:
    """A message by itself: a big one, or one of a group that the server refused."""
    try:
        if told.get(b"RFC822.SIZE", 0) <= WHOLE:
            return _fetched(uid, told, raw(connection, uid) or b"")
        made = _skeleton(connection, uid)
    except _BAD_MESSAGE as error:
        _unless_about_the_line(error)
        plain = _fetched(uid, told, b"")
        return Unfetched(uid, plain.at, plain.size, plain.flags, str(error))
    return replace(_fetched(uid, told, made.raw), left=made.left, cut=made.cut)


def _skeleton(connection: Connection, uid: int) -> Skeleton:
    try:
        return skeleton.build(connection, uid)
    except _BAD_MESSAGE as error:  # some servers tell a structure that is none
        _unless_about_the_line(error)
        return skeleton.beginning(connection, uid)


def _unless_about_the_line(error: Exception) -> None:
    """One message that the server cannot give, or not in a form that can be read, must not stop the others."""
    if not (keeps_the_line(error) or isinstance(error, ODD)):
        raise error


def _fetched(uid: int, told: dict[bytes, Any], content: bytes) -> Fetched:
    flags = frozenset(
        str(flag, "utf-8", "replace").lower() for flag in told.get(b"FLAGS", ()) if isinstance(flag, bytes)
    )
    return Fetched(uid, _instant(told), told.get(b"RFC822.SIZE", len(content)), flags, content)


def _instant(told: dict[bytes, Any]) -> Instant:
    moment = told.get(b"INTERNALDATE")
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        return 0
    return instants.of(moment)
