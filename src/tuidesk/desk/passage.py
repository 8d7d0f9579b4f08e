"""By which way a message is passed on, and what of it goes along."""

from collections.abc import Iterable
from typing import NamedTuple

from tuidesk.domain.instants import Instant, as_datetime
from tuidesk.domain.quoting import passed_on
from tuidesk.errors import NotFound, Refused
from tuidesk.store import accounts, messages
from tuidesk.store.sql import Connection, Row, one
from tuidesk.words import say


class Passage(NamedTuple):
    """A way out for somebody else's message."""

    account: str
    medium: str
    whole: bool
    """The channel passes the message on as it is, files and all; else its words go along as a quotation."""


def of(
    connection: Connection, number: int, message: int | None, known: Iterable[str] | None = None
) -> Passage:
    """By mail, from the conversation's own account if that sends mail; else by what its own account begins.

    Args:
        message: the one that is passed on; None: the customer's newest.
        known: the accounts that are set up here; None: all that the store knows.

    Raises:
        NotFound: there is no such conversation.
        Refused: no account can.
    """
    passed = (
        messages.newest_inbound(connection, number) if message is None else messages.get(connection, message)
    )
    part = number if passed is None else passed["conversation"]
    row = one(connection, "SELECT id, account, medium FROM conversation WHERE id = ?", part)
    if row is None:
        raise NotFound(say("desk.no_conversation", n=number))
    own = str(row["account"])
    caps = accounts.caps(connection, own)
    if not caps.performs:  # it was never reached
        return Passage(own, row["medium"], whole=True)
    known = (row["id"] for row in accounts.every(connection)) if known is None else known
    for account in dict.fromkeys((own, *known)):
        if "mail" in accounts.caps(connection, account).starts:
            return Passage(account, "mail", whole=account == own and caps.forwards)
    if not caps.starts:
        raise Refused(say("desk.forward_nowhere", n=number))
    medium = row["medium"] if row["medium"] in caps.starts else caps.starts[0]
    return Passage(own, medium, whole=caps.forwards)


def words(passed: Row) -> str:
    """`On 2026-11-20 12:50, Dana wrote:`, and all of it behind `> `."""
    return passed_on(passed["text"], passed["name"] or passed["handle"], _local(passed["at"]))


def _local(at: Instant) -> str:
    return f"{as_datetime(at).astimezone():%Y-%m-%d %H:%M}"
