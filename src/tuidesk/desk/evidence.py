"""Who may be the same person: only what can be shown. The same address or number in a field or a signature, or the
same name beside the same order number. Nothing is joined here; the agent says so, or says that they are two.

A look through fields and texts of everybody: for a lane of its own, after the pane is on the screen.
"""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tuidesk.desk.picture import Suggestion
from tuidesk.domain.contacts import handles_in, orders_in, same_name
from tuidesk.domain.fold import split
from tuidesk.domain.searchable import indexed
from tuidesk.store.sql import Connection, one, scalar
from tuidesk.words import say

MOST = 5
"""Suggestions at a time."""
_MESSAGES = 30
"""The customer's newest messages, whose signatures and order numbers are looked at."""
_ORDERS = 5
_HITS = 2000
"""Messages of others in which a word stands that are looked at."""
_READ = 20_000
_MEMBERS = "(SELECT id FROM contact WHERE root = ?)"


class _Letter(NamedTuple):
    conversation: int
    subject: str
    text: str


class _Own(NamedTuple):
    """What is known of the customer."""

    root: int
    names: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    handles: dict[tuple[str, str], str]
    """Their addresses and numbers, which are the same person's everywhere."""
    letters: tuple[_Letter, ...]


def suggestions(connection: Connection, contact: int) -> tuple[Suggestion, ...]:
    """Who may be the same person as this customer, each with the first evidence that was found."""
    own = _own(connection, contact)
    apart = _apart(connection, own.root)
    found: dict[int, Suggestion] = {}
    for of in (_own_fields, _their_fields, _own_signatures, _their_signatures, _same_orders):
        for other, why in of(connection, own):
            if other != own.root and other not in found and other not in apart:
                found[other] = _suggestion(connection, other, why)
                if len(found) == MOST:
                    return tuple(found.values())
    return tuple(found.values())


def _own(connection: Connection, contact: int) -> _Own:
    root = int(scalar(connection, "SELECT root FROM contact WHERE id = ?", contact) or contact)
    members = connection.execute("SELECT name, fields FROM contact WHERE root = ?", (root,)).fetchall()
    looked_up = connection.execute(
        f"SELECT fields FROM lookup WHERE contact IN {_MEMBERS}", (root,)
    ).fetchall()
    handles = connection.execute(
        f"SELECT namespace, handle, shown FROM identity WHERE namespace IN ('mail', 'tel') AND contact IN {_MEMBERS}",
        (root,),
    )
    letters = connection.execute(
        "SELECT message.conversation, message.subject, message.text FROM "
        f"(SELECT id FROM conversation WHERE contact IN {_MEMBERS} ORDER BY last_at DESC LIMIT ?2) AS newest "
        "JOIN message ON message.conversation = newest.id "
        "WHERE direction = 'in' AND kind = 'person' ORDER BY message.at DESC LIMIT ?2",
        (root, _MESSAGES),
    )
    return _Own(
        root,
        tuple(str(member["name"]) for member in members if member["name"]),
        tuple(
            (str(k), str(v)) for row in (*members, *looked_up) for k, v in json.loads(row["fields"]).items()
        ),
        {(row["namespace"], row["handle"]): row["shown"] for row in handles},
        tuple(_Letter(row["conversation"], row["subject"], row["text"][:_READ]) for row in letters),
    )


def _apart(connection: Connection, root: int) -> set[int]:
    """Those of whom the agent has said that they are somebody else."""
    rows = connection.execute(
        "SELECT ca.root AS a, cb.root AS b FROM contact_link JOIN contact AS ca ON ca.id = contact_link.a "
        "JOIN contact AS cb ON cb.id = contact_link.b "
        f"WHERE apart = 1 AND (contact_link.a IN {_MEMBERS} OR contact_link.b IN {_MEMBERS})",
        (root, root),
    )
    return {int(side) for row in rows for side in (row["a"], row["b"])} - {root}


def _suggestion(connection: Connection, other: int, why: str) -> Suggestion:
    name = (
        scalar(connection, "SELECT name FROM contact WHERE root = ? AND name <> '' ORDER BY id", other) or ""
    )
    row = one(
        connection,
        f"SELECT medium, shown FROM identity WHERE contact IN {_MEMBERS} ORDER BY contact, namespace, handle",
        other,
    )
    return Suggestion(other, name, row["medium"] if row else "", row["shown"] if row else "", why)


def _owners(
    connection: Connection, handles: Iterable[tuple[str, str]]
) -> Iterator[tuple[int, tuple[str, str]]]:
    """Whose these are, as far as anybody is known by them."""
    for namespace, handle in handles:
        found = scalar(
            connection,
            "SELECT contact.root FROM identity JOIN contact ON contact.id = identity.contact "
            "WHERE namespace = ? AND handle = ?",
            namespace,
            handle,
        )
        if found is not None:
            yield int(found), (namespace, handle)


# --- the kinds of evidence: (who, why) ------------------------------------------------------------------


def _own_fields(connection: Connection, own: _Own) -> Iterator[tuple[int, str]]:
    for name, value in own.fields:
        told = handles_in(value)
        for other, handle in _owners(connection, told):
            yield other, say("contacts.why_field", what=told[handle], field=name)


def _their_fields(connection: Connection, own: _Own) -> Iterator[tuple[int, str]]:
    """Fields of others that name an address or a number of the customer's."""
    if not own.handles:
        return
    # of a number, written with blanks perhaps, the last two digits stand together
    parts = [handle if namespace == "mail" else handle[-2:] for namespace, handle in own.handles]
    named = " OR ".join("instr(lower(fields), ?)" for _ in parts)
    for row in connection.execute(
        f"SELECT root, fields FROM contact WHERE fields <> '{{}}' AND root <> ? AND ({named})",
        (own.root, *parts),
    ):
        for name, value in json.loads(row["fields"]).items():
            told = handles_in(str(value))
            for handle in told.keys() & own.handles.keys():
                yield int(row["root"]), say("contacts.why_their_field", what=told[handle], field=name)


def _signature(text: str) -> str:
    return "".join(segment.text for segment in split(text) if segment.kind == "signature")


def _own_signatures(connection: Connection, own: _Own) -> Iterator[tuple[int, str]]:
    for letter in own.letters:
        told = handles_in(_signature(letter.text))
        for other, handle in _owners(connection, told.keys() - own.handles.keys()):
            yield other, say("contacts.why_signature", what=told[handle], n=letter.conversation)


def _their_signatures(connection: Connection, own: _Own) -> Iterator[tuple[int, str]]:
    for (namespace, handle), shown in own.handles.items():
        for written in dict.fromkeys((handle, shown)):
            for other, letter in _in_which(connection, own.root, written):
                told = handles_in(_signature(letter.text))
                if (namespace, handle) in told:
                    what = told[namespace, handle]
                    yield other, say("contacts.why_their_signature", what=what, n=letter.conversation)


def _same_orders(connection: Connection, own: _Own) -> Iterator[tuple[int, str]]:
    if not any(same_name(name, name) for name in own.names):
        return
    orders = {
        order: letter.conversation
        for letter in reversed(own.letters)
        for order in orders_in(f"{letter.subject}\n{_new(letter.text)}")
    }
    for order, conversation in list(orders.items())[-_ORDERS:]:
        for other, letter in _in_which(connection, own.root, order):
            theirs = scalar(connection, "SELECT name FROM contact WHERE id = ?", other) or ""
            if any(same_name(name, theirs) for name in own.names) and order in orders_in(
                f"{letter.subject}\n{_new(letter.text)}"
            ):
                yield (
                    other,
                    say("contacts.why_name", what=order, n=conversation, other=letter.conversation),
                )


def _new(text: str) -> str:
    """Without what is quoted: that was somebody else's."""
    return "".join(segment.text for segment in split(text) if segment.kind == "text")


def _in_which(connection: Connection, root: int, words: str) -> Iterator[tuple[int, _Letter]]:
    """(who, letter) of what other customers wrote with these words in it, the newest first."""
    phrase = " ".join(indexed(words).split())
    if not any(sign.isalnum() for sign in phrase):
        return
    for row in connection.execute(
        "SELECT contact.root, message.conversation, message.subject, message.text FROM "
        "(SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?) AS hit "
        "JOIN message ON message.id = hit.rowid JOIN conversation ON conversation.id = message.conversation "
        "JOIN contact ON contact.id = conversation.contact "
        "WHERE message.direction = 'in' AND message.kind = 'person' AND contact.root <> ?",
        (f'"{phrase}"', _HITS, root),
    ):
        letter = _Letter(row["conversation"], row["subject"], row["text"][:_READ])
        yield int(row["root"]), letter
