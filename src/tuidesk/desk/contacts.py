"""What an agent does about customers: one person or two, and notes about them. Each step can be taken back."""

from typing import Any

from tuidesk.desk.doing import Doing
from tuidesk.domain import commands
from tuidesk.errors import NotFound, Refused
from tuidesk.store import changes
from tuidesk.store import contacts as store
from tuidesk.store.accounts import person_json
from tuidesk.store.sql import Connection, Row, insert, one, scalar, update
from tuidesk.words import say

KINDS = frozenset({"contact_link", "contact_note"})
"""What these commands leave in the journal."""
_TOLD = 500
"""Conversations that are drawn again at once; those before them when they are next asked for."""
_NOTE = ("text", "at", "by", "archived_at")


def merge(doing: Doing, command: commands.MergeContacts) -> str:
    """Raises:
    NotFound: one of them is not there.
    Refused: they are one already.
    """
    a, b = _known(doing, command.contact), _known(doing, command.other)
    if store.root(doing.connection, a) == store.root(doing.connection, b):
        raise Refused(say("contacts.one_already", a=_called(doing, a), b=_called(doing, b)))
    _say_of(doing, a, b, (command.why, 0))
    return say("contacts.did_merge", a=_called(doing, a), b=_called(doing, b))


def unmerge(doing: Doing, command: commands.UnmergeContacts) -> str:
    """Raises:
    NotFound: one of them is not there.
    Refused: nobody is merged with it, or they are one by way of a third.
    """
    contact = _known(doing, command.contact)
    joined = store.linked(doing.connection, contact)
    words = "contacts.did_unmerge"
    if command.other is not None:
        other = _known(doing, command.other)
        if other not in joined and store.root(doing.connection, other) == store.root(
            doing.connection, contact
        ):
            which = ", ".join(map(str, joined)) or "-"
            raise Refused(say("contacts.not_directly", a=contact, b=other, which=which))
        words = words if other in joined else "contacts.did_keep_apart"
        joined = [other]
    if not joined:
        raise Refused(say("contacts.not_merged", a=_called(doing, contact)))
    for other in joined:
        kept = store.said(doing.connection, contact, other)
        _say_of(doing, contact, other, (kept[0] if kept is not None else "", 1))
    return say(
        words,
        a=_called(doing, contact),
        b=", ".join(_called(doing, other) for other in joined),
    )


def _known(doing: Doing, contact: int) -> int:
    if scalar(doing.connection, "SELECT 1 FROM contact WHERE id = ?", contact) is None:
        raise NotFound(say("contacts.no_contact", n=contact))
    return contact


def _called(doing: Doing, contact: int) -> str:
    """`Dana Ortiz (7)`: names are not unique."""
    name = scalar(doing.connection, "SELECT name FROM contact WHERE id = ?", contact) or scalar(
        doing.connection, "SELECT shown FROM identity WHERE contact = ? ORDER BY namespace, handle", contact
    )
    return say("contacts.called", name=name, n=contact) if name else say("contacts.called_nobody", n=contact)


def _say_of(doing: Doing, a: int, b: int, what: store.Said) -> None:
    before = store.said(doing.connection, a, b)
    _tell(doing.connection, a, b)
    store.say_of(doing.connection, a, b, what)
    _tell(doing.connection, a, b)
    doing.prior.append({"what": "contact_link", "contact": a, "other": b, "prior": before, "left": what})


def _tell(connection: Connection, *contacts: int) -> None:
    """Whoever shows one of them asks again; their conversations say another name, or how many others are open."""
    for contact in contacts:
        changes.note(connection, "contact", contact)
        for row in connection.execute(
            "SELECT id FROM conversation WHERE contact IN "
            "(SELECT id FROM contact WHERE root = (SELECT root FROM contact WHERE id = ?)) "
            "ORDER BY last_at DESC LIMIT ?",
            (contact, _TOLD),
        ):
            changes.note(connection, "conversation", row[0])


def write_note(doing: Doing, command: commands.WriteContactNote) -> str:
    """Raises:
    NotFound: no such contact or note.
    Refused: there is no text, or it is the same.
    """
    connection, contact = doing.connection, _known(doing, command.contact)
    text = command.text.strip()
    if command.note is None:
        if not text:
            raise Refused(say("desk.empty"))
        by = person_json(doing.agent)
        note = insert(connection, "contact_note", contact=contact, at=doing.now, by=by, text=text)
        before: dict[str, Any] = {"archived_at": doing.now}
        left: dict[str, Any] = {"text": text, "archived_at": None}
        words = "contacts.did_note"
    else:
        row = _note(connection, contact, command.note)
        note, before = command.note, {name: row[name] for name in _NOTE}
        if text == row["text"]:
            raise Refused(say("contacts.note_same"))
        if text:
            left = {"text": text, "at": doing.now, "by": person_json(doing.agent), "archived_at": None}
        else:
            left = {"archived_at": doing.now}
        update(connection, "contact_note", note, **left)
        words = "contacts.did_edit_note" if text else "contacts.did_archive_note"
    changes.note(connection, "contact", contact)
    doing.prior.append(
        {"what": "contact_note", "contact": contact, "note": note, "prior": before, "left": left}
    )
    return say(words, who=_called(doing, contact))


def _note(connection: Connection, contact: int, number: int) -> Row:
    row = one(connection, "SELECT * FROM contact_note WHERE id = ? AND archived_at IS NULL", number)
    if row is None or store.root(connection, row["contact"]) != store.root(connection, contact):
        raise NotFound(say("contacts.no_note", n=number, who=contact))
    return row


# --- the way back -------------------------------------------------------------------------------------


def moved(connection: Connection, kept: dict[str, Any]) -> str:
    """Why this piece of a step cannot be taken back; "" where it can."""
    if kept["what"] == "contact_link":
        said = store.said(connection, kept["contact"], kept["other"])
        still = list(said or ()) == list(kept["left"])
    else:
        row = one(connection, "SELECT * FROM contact_note WHERE id = ?", kept["note"])
        still = row is not None and all(row[name] == value for name, value in kept["left"].items())
    return "" if still else "contacts.undo_moved"


def take_back(doing: Doing, kept: dict[str, Any]) -> None:
    connection = doing.connection
    if kept["what"] == "contact_note":
        update(connection, "contact_note", kept["note"], **kept["prior"])
        changes.note(connection, "contact", kept["contact"])
        return
    a, b, before = kept["contact"], kept["other"], kept["prior"]
    _tell(connection, a, b)
    store.say_of(connection, a, b, None if before is None else (str(before[0]), int(before[1])))
    _tell(connection, a, b)
