"""One look at a folder: what is new in it, what has left it, which flags changed. Reads only."""

from dataclasses import dataclass, field
from datetime import date

from tuidesk.channels.mail import fetch
from tuidesk.channels.mail.connection import Folder, Session
from tuidesk.channels.mail.place import Place
from tuidesk.domain.instants import Instant


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look found. UIDs of another UIDVALIDITY than the place's mean something else."""

    folder: Folder
    new: list[int] = field(default_factory=list)
    """Ascending."""
    gone: set[int] = field(default_factory=set)
    flags: dict[int, frozenset[str]] = field(default_factory=dict)
    """Of known messages whose flags may have changed."""


def at_inbox(session: Session, place: Place, *, flags: bool) -> Seen:
    """New, gone and changed messages of the inbox."""
    folder = session.examine(place.name)
    if folder.validity != place.validity:
        return Seen(folder)
    new = _new(session, place, folder)
    gone: set[int] = set()
    if place.exists is None or folder.exists != place.exists + len(new):
        gone = place.known - session.all_uids(folder.exists)
    return Seen(folder, new, gone, _changed(session, place, folder) if flags else {})


def at_sent(session: Session, place: Place) -> Seen | None:
    """New messages of Sent, None where nothing happened; the folder is selected only if something did."""
    if session.next_uid(place.name) == (place.validity, place.last + 1):
        return None
    folder = session.examine(place.name)
    return Seen(folder, _new(session, place, folder) if folder.validity == place.validity else [])


def back(session: Session, place: Place) -> list[tuple[Instant, int]]:
    """(INTERNALDATE, UID) of what the first sync has still to read. A place that begins gets its bounds here."""
    folder = session.examine(place.name)
    if not place.last:
        place.last = _last(session, folder)
        place.modseq = folder.modseq
    place.exists = None
    day = date.fromisoformat(place.since)
    uids = sorted(uid for uid in session.since(day, folder.exists) - place.known if uid <= place.last)
    return [(at, uid) for uid, at in fetch.dates(session, uids).items()]


def _last(session: Session, folder: Folder) -> int:
    if folder.next_uid is not None:
        return folder.next_uid - 1
    return max(session.search("UID *"), default=0) if folder.exists else 0


def _new(session: Session, place: Place, folder: Folder) -> list[int]:
    if folder.next_uid == place.last + 1 or not folder.exists:
        return []
    # `n:*` is never empty: where nothing is that new it means the last message (RFC 9051 §9, seq-range).
    return [uid for uid in session.search(f"UID {place.last + 1}:*") if uid > place.last]


def _changed(session: Session, place: Place, folder: Folder) -> dict[int, frozenset[str]]:
    if folder.modseq and 0 < place.modseq <= folder.modseq:
        if place.modseq == folder.modseq:
            return {}
        changed = place.known.intersection(session.search(f"MODSEQ {place.modseq + 1}"))
        return session.flags(sorted(changed))
    return session.flags(place.recent)
