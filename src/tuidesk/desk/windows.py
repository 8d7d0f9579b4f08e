"""Until when a channel takes a reply: as it says itself of a conversation, else so long after the customer wrote."""

from tuidesk.domain.instants import SECOND, Instant
from tuidesk.domain.model import Caps
from tuidesk.store import accounts
from tuidesk.store.sql import Connection, Row, one


def ends(caps: Caps, part: Row, written: Instant | None) -> Instant | None:
    """When no reply is taken any more in a conversation; None: one always is, or nobody has written.

    Args:
        part: its `medium` and `window_told`.
        written: when the customer did last.
    """
    if part["window_told"] is not None:
        return int(part["window_told"])
    seconds = caps.window(part["medium"])
    return None if seconds is None or written is None else written + seconds * SECOND


def of_thread(connection: Connection, row: Row, newest: Row | None) -> Instant | None:
    """The same of a thread: in the part of it that an answer goes to.

    Args:
        newest: the customer's newest message in it.
    """
    part: Row | None = row
    if newest is not None and newest["part"] != row["id"]:
        part = one(connection, "SELECT * FROM conversation WHERE id = ?", newest["part"])
    if part is None:
        return None
    return ends(accounts.caps(connection, part["account"]), part, None if newest is None else newest["at"])
