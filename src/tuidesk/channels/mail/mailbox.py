"""What is done to mail that lies on the server. Every function can be repeated; each is one job of the line."""

import logging
from collections.abc import Iterable, Sequence

from tuidesk.channels.mail import fetch
from tuidesk.channels.mail.connection import Connection, Folder
from tuidesk.channels.mail.folders import Folders
from tuidesk.channels.mail.options import KEYWORD
from tuidesk.channels.mail.place import packed
from tuidesk.channels.mail.refs import is_message_id, parse
from tuidesk.domain import instants
from tuidesk.domain.instants import Instant
from tuidesk.errors import Unsupported
from tuidesk.words import say

_steps = logging.getLogger("tuidesk.steps")

KEY_HEADER = "X-Tuidesk-Key"


def complete(
    connection: Connection, folders: Folders, targets: Sequence[str], *, keyword: bool, archive: bool
) -> None:
    """Mark the messages as done with, for everybody who reads this mailbox.

    Raises:
        Unsupported: the folder keeps no keywords, and moving is not wanted or not possible.
    """
    inbox = connection.select(folders.inbox)
    marks = keyword and inbox.keeps(KEYWORD)
    moves = archive and connection.moves and folders.archive is not None
    if not (marks or moves):
        raise Unsupported(say("mail.no_keywords", folder=folders.inbox))
    uids = _located(connection, inbox, targets)
    if marks and uids:
        connection.add_flags(uids, KEYWORD)
    if moves and uids and folders.archive is not None:
        connection.move(uids, folders.archive)


def reopen(
    connection: Connection, folders: Folders, targets: Sequence[str], *, keyword: bool, archive: bool
) -> None:
    """The inverse of `complete`.

    Raises:
        Unsupported: as there.
    """
    if archive and folders.archive is not None:
        stored = connection.select(folders.archive)
        uids = _located(connection, stored, targets)
        if uids:
            if keyword and stored.keeps(KEYWORD):
                connection.remove_flags(uids, KEYWORD)
            connection.move(uids, folders.inbox)
    inbox = connection.select(folders.inbox)
    if keyword and inbox.keeps(KEYWORD):
        uids = _located(connection, inbox, targets)
        if uids:
            connection.remove_flags(uids, KEYWORD)
    elif not archive:
        raise Unsupported(say("mail.no_keywords", folder=folders.inbox))


def flag(connection: Connection, folders: Folders, ids: Sequence[str], name: str) -> None:
    """Set a flag on a message wherever it is by now; nothing where the server would not keep it."""
    for folder in (folders.inbox, folders.archive):
        if folder is None:
            continue
        selected = connection.select(folder)
        uids = _located(connection, selected, ids)
        if uids:
            if selected.keeps(name):
                connection.add_flags(uids, name)
            return


def file(
    connection: Connection, folders: Folders, raw: bytes, message_id: str, key: str, at: Instant
) -> None:
    """A copy into Sent, unless it is there already: filed by an earlier try, or by the server itself."""
    sent = folders.sent
    if sent is None:
        sent = f"{folders.prefix}Sent"
        connection.create(sent)
    connection.examine(sent)
    if _ours(connection, message_id, key):
        return
    _steps.debug("mail.filing")
    connection.append(sent, raw, instants.as_datetime(at))
    _steps.debug("mail.filed")


def traces(connection: Connection, folders: Folders, message_id: str, key: str) -> tuple[str, ...] | None:
    """Every Message-ID under which a mail of ours is known to have left; None where there is no sign of it.

    Some servers replace the Message-ID: the copy in Sent has our key, and the new id. An answer names ours.
    """
    if folders.sent is not None:
        connection.examine(folders.sent)
        uids = _ours(connection, message_id, key)
        if uids:
            return tuple(dict.fromkeys([message_id, *(_message_id(connection, uid) for uid in uids)]))
    connection.examine(folders.inbox)
    for name in ("References", "In-Reply-To"):
        if connection.with_header(name, message_id):
            return (message_id,)
    return None


def original(connection: Connection, folders: Folders, ids: Sequence[str]) -> bytes | None:
    """A message whole; None if it is nowhere we look."""
    for folder in dict.fromkeys((folders.inbox, folders.sent, folders.archive)):
        if folder is None:
            continue
        uids = _located(connection, connection.examine(folder), ids)
        if uids:
            return fetch.raw(connection, uids[-1])
    return None


def _ours(connection: Connection, message_id: str, key: str) -> list[int]:
    """UIDs in the selected folder. HEADER looks for a part of the value: only the whole counts."""
    marked = [
        uid
        for uid in connection.with_header(KEY_HEADER, key)
        if _value(fetch.header(connection, uid, KEY_HEADER)) == key
    ]
    return marked or connection.with_header("Message-ID", message_id)


def _message_id(connection: Connection, uid: int) -> str:
    return _value(fetch.header(connection, uid, "Message-ID"))


def _value(line: bytes) -> str:
    return "".join(line.decode("utf-8", "replace").partition(":")[2].split())


def _located(connection: Connection, folder: Folder, ids: Sequence[str]) -> list[int]:
    """UIDs of messages in the selected folder by all their ids: by UID where that still holds, else by Message-ID."""
    refs = [ref for ref in map(parse, ids) if ref is not None]
    here = {ref.uid for ref in refs if ref.folder == folder.name and ref.validity == folder.validity}
    found = set(connection.search(f"UID {packed(here)}")) if here else set()
    named = [text for text in ids if is_message_id(text)]
    if len(found) < len(named):
        found.update(_by_message_id(connection, named))
    return sorted(found)


def _by_message_id(connection: Connection, named: Iterable[str]) -> Iterable[int]:
    for text in named:
        yield from connection.with_header("Message-ID", text)
