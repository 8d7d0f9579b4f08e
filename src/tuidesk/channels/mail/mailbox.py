"""What is done to mail that lies on the server. Every function can be repeated; each is one job of the line."""

import logging
from collections.abc import Iterable, Sequence

from tuidesk.channels.mail import fetch
from tuidesk.channels.mail.connection import Folder, Session
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
    session: Session, folders: Folders, targets: Sequence[str], *, keyword: bool, archive: bool
) -> None:
    """Mark the messages as done with, for everybody who reads this mailbox.

    Raises:
        Unsupported: the folder keeps no keywords, and moving is not wanted or not possible.
    """
    inbox = session.select(folders.inbox)
    marks = keyword and inbox.keeps(KEYWORD)
    moves = archive and session.moves and folders.archive is not None
    if not (marks or moves):
        raise Unsupported(say("mail.no_keywords", folder=folders.inbox))
    uids = _located(session, inbox, targets)
    if marks and uids:
        session.add_flags(uids, KEYWORD)
    if moves and uids and folders.archive is not None:
        session.move(uids, folders.archive)


def reopen(
    session: Session, folders: Folders, targets: Sequence[str], *, keyword: bool, archive: bool
) -> None:
    """The inverse of `complete`.

    Raises:
        Unsupported: as there.
    """
    if archive and folders.archive is not None:
        stored = session.select(folders.archive)
        uids = _located(session, stored, targets)
        if uids:
            if keyword and stored.keeps(KEYWORD):
                session.remove_flags(uids, KEYWORD)
            session.move(uids, folders.inbox)
    inbox = session.select(folders.inbox)
    if keyword and inbox.keeps(KEYWORD):
        uids = _located(session, inbox, targets)
        if uids:
            session.remove_flags(uids, KEYWORD)
    elif not archive:
        raise Unsupported(say("mail.no_keywords", folder=folders.inbox))


def flag(session: Session, folders: Folders, ids: Sequence[str], name: str) -> None:
    """Set a flag on a message wherever it is by now; nothing where the server would not keep it."""
    for folder in (folders.inbox, folders.archive):
        if folder is None:
            continue
        selected = session.select(folder)
        uids = _located(session, selected, ids)
        if uids:
            if selected.keeps(name):
                session.add_flags(uids, name)
            return


def file(session: Session, folders: Folders, raw: bytes, message_id: str, key: str, at: Instant) -> None:
    """A copy into Sent, unless it is there already: filed by an earlier try, or by the server itself."""
    sent = folders.sent
    if sent is None:
        sent = f"{folders.prefix}Sent"
        session.create(sent)
    session.examine(sent)
    if _ours(session, message_id, key):
        return
    _steps.debug("mail.filing")
    session.append(sent, raw, instants.as_datetime(at))
    _steps.debug("mail.filed")


def traces(session: Session, folders: Folders, message_id: str, key: str) -> tuple[str, ...] | None:
    """Every Message-ID under which a mail of ours is known to have left; None where there is no sign of it.

    Some servers replace the Message-ID: the copy in Sent has our key, and the new id. An answer names ours.
    """
    if folders.sent is not None:
        session.examine(folders.sent)
        uids = _ours(session, message_id, key)
        if uids:
            return tuple(dict.fromkeys([message_id, *(_message_id(session, uid) for uid in uids)]))
    session.examine(folders.inbox)
    for name in ("References", "In-Reply-To"):
        if session.with_header(name, message_id):
            return (message_id,)
    return None


def original(session: Session, folders: Folders, ids: Sequence[str]) -> bytes | None:
    """A message whole; None if it is nowhere we look."""
    for folder in dict.fromkeys((folders.inbox, folders.sent, folders.archive)):
        if folder is None:
            continue
        uids = _located(session, session.examine(folder), ids)
        if uids:
            return fetch.raw(session, uids[-1])
    return None


def _ours(session: Session, message_id: str, key: str) -> list[int]:
    """UIDs in the selected folder. HEADER looks for a part of the value: only the whole counts."""
    marked = [
        uid
        for uid in session.with_header(KEY_HEADER, key)
        if _value(fetch.header(session, uid, KEY_HEADER)) == key
    ]
    return marked or session.with_header("Message-ID", message_id)


def _message_id(session: Session, uid: int) -> str:
    return _value(fetch.header(session, uid, "Message-ID"))


def _value(line: bytes) -> str:
    return "".join(line.decode("utf-8", "replace").partition(":")[2].split())


def _located(session: Session, folder: Folder, ids: Sequence[str]) -> list[int]:
    """UIDs of messages in the selected folder by all their ids: by UID where that still holds, else by Message-ID."""
    refs = [ref for ref in map(parse, ids) if ref is not None]
    here = {ref.uid for ref in refs if ref.folder == folder.name and ref.validity == folder.validity}
    found = set(session.search(f"UID {packed(here)}")) if here else set()
    named = [text for text in ids if is_message_id(text)]
    if len(found) < len(named):
        found.update(_by_message_id(session, named))
    return sorted(found)


def _by_message_id(session: Session, named: Iterable[str]) -> Iterable[int]:
    for text in named:
        yield from session.with_header("Message-ID", text)
