"""One look at a folder: what is new in it, what has left it, which flags changed. Reads only."""

from dataclasses import dataclass, field
from datetime import date

from tuidesk.channels.mail import fetch
from tuidesk.channels.mail.connection import Connection, Folder
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


def at_inbox(connection: Connection, place: Place) -> Seen:
    """New, gone and changed messages of the inbox."""
    folder = connection.examine(place.name)
    if folder.validity != place.validity:
        return Seen(folder)
    new = _new(connection, place, folder)
    gone: set[int] = set()
    if place.exists is None or folder.exists != place.exists + len(new):
        gone = place.known - connection.all_uids(folder.exists)
    return Seen(folder, new, gone, _changed(connection, place, folder))


def at_sent(connection: Connection, place: Place) -> Seen | None:
    """New messages of Sent, None where nothing happened; the folder is selected only if something did."""
    if connection.next_uid(place.name) == (place.validity, place.last + 1):
        return None
    folder = connection.examine(place.name)
    return Seen(folder, _new(connection, place, folder) if folder.validity == place.validity else [])


def back(connection: Connection, place: Place) -> list[tuple[Instant, int]]:
    """(INTERNALDATE, UID) of what the first sync has still to read. A place that begins gets its bounds here."""
    folder = connection.examine(place.name)
    if not place.last:
        place.last = _last(connection, folder)
        place.modseq = folder.modseq
    place.exists = None
    day = date.fromisoformat(place.since)
    uids = sorted(uid for uid in connection.since(day, folder.exists) - place.known if uid <= place.last)
    return [(at, uid) for uid, at in fetch.dates(connection, uids).items()]


def _last(connection: Connection, folder: Folder) -> int:
    if folder.next_uid is not None:
        return folder.next_uid - 1
    return max(connection.search("UID *"), default=0) if folder.exists else 0


def _new(connection: Connection, place: Place, folder: Folder) -> list[int]:
    if folder.next_uid == place.last + 1 or not folder.exists:
        return []
    # `n:*` is never empty: where nothing is that new it means the last message (RFC 9051 §9, seq-range).
    return [uid for uid in connection.search(f"UID {place.last + 1}:*") if uid > place.last]


def _changed(connection: Connection, place: Place, folder: Folder) -> dict[int, frozenset[str]]:
    if folder.modseq and 0 < place.modseq <= folder.modseq:
        if place.modseq == folder.modseq:
            return {}
        changed = place.known.intersection(connection.search(f"MODSEQ {place.modseq + 1}"))
        return connection.flags(sorted(changed))
    return connection.flags(place.recent)
