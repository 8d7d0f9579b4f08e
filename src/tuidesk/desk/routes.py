"""By which other ways the same customer can be answered, each with its limits."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Caps, Unit
from tuidesk.domain.visibility import is_shared
from tuidesk.errors import NotFound
from tuidesk.store import accounts
from tuidesk.store.sql import Connection, Row, one
from tuidesk.words import say

_BY_NUMBER = ("sms", "whatsapp")
"""Media in which a text reaches a telephone number."""
_LOOKED_AT = 50


class Route(NamedTuple):
    """One way to the customer."""

    account: str
    label: str
    medium: str
    visibility: str
    to: str
    """The handle there."""
    conversation: int | None
    """The one that is gone on with; None: a new one."""
    max_length: int | None
    unit: Unit
    window_ends: Instant | None
    """When the channel stops taking replies there."""


def of(connection: Connection, number: int, labels: Mapping[str, str]) -> tuple[Route, ...]:
    """Every way but the conversation's own: the same thread but not in public, the newest conversation in each other
    medium, then new ones to the customer's other addresses.

    Args:
        labels: the accounts that are set up here, and what they are called.

    Raises:
        NotFound: there is no such conversation.
    """
    row = one(connection, "SELECT * FROM conversation WHERE id = ?", number)
    if row is None:
        raise NotFound(say("desk.no_conversation", n=number))
    caps = {account: accounts.caps(connection, account) for account in labels}
    found = list(_of_the_thread(row, caps, labels))
    taken = {(row["account"], row["medium"])}
    for route in (*_threads(connection, row, caps, labels), *_starts(connection, row, caps, labels)):
        if (route.account, route.medium) not in taken:
            taken.add((route.account, route.medium))
            found.append(route)
    return tuple(found)


def _of_the_thread(row: Row, caps: Mapping[str, Caps], labels: Mapping[str, str]) -> Iterator[Route]:
    """The same conversation, for the customer alone. What was said in private is never offered to everybody."""
    able = caps.get(row["account"], Caps())
    if is_shared(row["visibility"]) and "direct" in able.visibility and "reply" in able.performs:
        yield _route(row, caps, labels)._replace(visibility="direct")


def _threads(
    connection: Connection, row: Row, caps: Mapping[str, Caps], labels: Mapping[str, str]
) -> Iterator[Route]:
    """The customer's other conversations, the newest first."""
    others = connection.execute(
        "SELECT other.* FROM contact JOIN contact AS member ON member.root = contact.root "
        "CROSS JOIN conversation AS other ON other.contact = member.id "
        "WHERE contact.id = ? AND other.id <> ? AND other.merged_into IS NULL AND other.spam = 0 "
        f"ORDER BY other.last_at DESC, other.id DESC LIMIT {_LOOKED_AT}",
        (row["contact"], row["id"]),
    ).fetchall()
    for other in others:
        if other["account"] in caps and "reply" in caps[other["account"]].performs:
            yield _route(other, caps, labels)


def _route(row: Row, caps: Mapping[str, Caps], labels: Mapping[str, str]) -> Route:
    able = caps[row["account"]]
    return Route(
        account=row["account"],
        label=labels[row["account"]],
        medium=row["medium"],
        visibility=row["visibility"],
        to=row["handle"],
        conversation=int(row["id"]),
        max_length=able.length(row["medium"]),
        unit=able.unit,
        window_ends=row["window_ends"],
    )


def _starts(
    connection: Connection, row: Row, caps: Mapping[str, Caps], labels: Mapping[str, str]
) -> Iterator[Route]:
    """New conversations, with each address of the customer's that an account can write to."""
    identities = connection.execute(
        "SELECT identity.namespace, identity.shown FROM contact JOIN contact AS member ON member.root = contact.root "
        "JOIN identity ON identity.contact = member.id WHERE contact.id = ? "
        "ORDER BY identity.contact, identity.namespace, identity.handle",
        (row["contact"],),
    ).fetchall()
    for account, able in caps.items():
        for medium in able.media if "start" in able.performs else ():
            for identity in identities:
                if _reaches(identity["namespace"], account, medium):
                    yield Route(
                        account=account,
                        label=labels[account],
                        medium=medium,
                        visibility="direct",
                        to=identity["shown"],
                        conversation=None,
                        max_length=able.length(medium),
                        unit=able.unit,
                        window_ends=None,
                    )


def _reaches(namespace: str, account: str, medium: str) -> bool:
    """Whether an identity's handle is one that the account can write to in this medium."""
    if namespace == "mail":
        return medium == "mail"
    if namespace == "tel":
        return medium in _BY_NUMBER
    return namespace == f"{account}/{medium}"
