"""Customers: one identity, one contact; a link joins two contacts and can be taken away again."""

import json
import re

from tuidesk.domain import dialling
from tuidesk.domain.instants import Instant
from tuidesk.store.sql import Connection, insert, one, scalar, update

_PHONE_MEDIA = frozenset({"sms", "whatsapp", "call"})

Said = tuple[str, int]
"""(why, 1 where the agent says that they are two people) of a pair of contacts."""


def identity_of(account: str, medium: str, handle: str) -> tuple[str, str]:
    """(namespace, folded handle): mail addresses and E.164 numbers are global, all else belongs to its account.

    Lowered, not casefolded: `straße@` and `strasse@` are two people.
    """
    folded = handle.strip().lower()
    if medium == "mail" and "@" in folded:
        return "mail", folded
    if (number := dialling.e164(folded)) and (medium in _PHONE_MEDIA or "+" in folded):
        return "tel", number
    if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", folded) and medium in ("form", "chat", "review", "forum"):
        return "mail", folded
    return f"{account}/{medium}", folded


def find(connection: Connection, account: str, medium: str, handle: str) -> int | None:
    """The contact with this identity."""
    namespace, folded = identity_of(account, medium, handle)
    found = scalar(
        connection, "SELECT contact FROM identity WHERE namespace = ? AND handle = ?", namespace, folded
    )
    return None if found is None else int(found)


def add_identity(connection: Connection, account: str, medium: str, handle: str, contact: int) -> None:
    """Say whose a handle is; it must be nobody's yet."""
    namespace, folded = identity_of(account, medium, handle)
    connection.execute(
        "INSERT INTO identity (namespace, handle, contact, shown, medium) VALUES (?, ?, ?, ?, ?)",
        (namespace, folded, contact, handle, medium),
    )


def find_or_make(
    connection: Connection, account: str, medium: str, handle: str, name: str, at: Instant
) -> int:
    """The contact with this identity, made if it is new. A better name than none is taken over.

    Who gives no handle is nobody known: a contact without an identity, each time anew.
    """
    namespace, folded = identity_of(account, medium, handle)
    if not folded:
        return _new(connection, name, at)
    row = one(
        connection,
        "SELECT contact.id, contact.name, contact.since FROM identity JOIN contact ON contact.id = identity.contact "
        "WHERE namespace = ? AND handle = ?",
        namespace,
        folded,
    )
    if row is None:
        contact = insert(connection, "contact", name=name, since=at)
        update(connection, "contact", contact, root=contact)
        add_identity(connection, account, medium, handle, contact)
        return contact
    if name and not row["name"]:
        update(connection, "contact", row["id"], name=name)
    if at < row["since"]:
        update(connection, "contact", row["id"], since=at)
    return int(row["id"])


def _new(connection: Connection, name: str, at: Instant) -> int:
    contact = insert(connection, "contact", name=name, since=at)
    update(connection, "contact", contact, root=contact)
    return contact


def root(connection: Connection, contact: int) -> int:
    """The contact that this one is shown as."""
    return int(scalar(connection, "SELECT root FROM contact WHERE id = ?", contact) or contact)


def link(connection: Connection, a: int, b: int, why: str) -> None:
    """Show two contacts as one, because a channel says so; what the agent has said about the two stands."""
    if a == b:
        return
    connection.execute(
        "INSERT OR IGNORE INTO contact_link (a, b, why) VALUES (?, ?, ?)", (min(a, b), max(a, b), why)
    )
    regroup(connection, a)


def said(connection: Connection, a: int, b: int) -> Said | None:
    """What is said about two contacts; None where nothing is."""
    row = one(connection, "SELECT why, apart FROM contact_link WHERE a = ? AND b = ?", min(a, b), max(a, b))
    return None if row is None else (str(row["why"]), int(row["apart"]))


def say_of(connection: Connection, a: int, b: int, what: Said | None) -> None:
    """Set what is said about two contacts: joined, apart, or (None) nothing. What only that link held together is
    apart again."""
    a, b = min(a, b), max(a, b)
    connection.execute("DELETE FROM contact_link WHERE a = ? AND b = ?", (a, b))
    if what is not None:
        connection.execute("INSERT INTO contact_link (a, b, why, apart) VALUES (?, ?, ?, ?)", (a, b, *what))
    regroup(connection, a)
    regroup(connection, b)


def linked(connection: Connection, contact: int) -> list[int]:
    """The contacts that a link joins directly with this one."""
    rows = connection.execute(
        "SELECT b FROM contact_link WHERE a = ?1 AND apart = 0 UNION "
        "SELECT a FROM contact_link WHERE b = ?1 AND apart = 0",
        (contact,),
    )
    return [int(row[0]) for row in rows]


def regroup(connection: Connection, contact: int) -> None:
    """Set the root of everybody whom links join with `contact`: the eldest of them."""
    group, fresh = {contact}, [contact]
    while fresh:
        for other in linked(connection, fresh.pop()):
            if other not in group:
                group.add(other)
                fresh.append(other)
    for member in group:
        update(connection, "contact", member, root=min(group))


def set_fields(connection: Connection, contact: int, fields: tuple[tuple[str, str], ...]) -> None:
    """Add what a channel knows of a customer to what is known."""
    known = json.loads(scalar(connection, "SELECT fields FROM contact WHERE id = ?", contact) or "{}")
    update(connection, "contact", contact, fields=json.dumps(known | dict(fields), ensure_ascii=False))
