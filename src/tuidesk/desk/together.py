"""A completion that goes with a reply: it holds only if the reply is known to have left."""

from tuidesk.desk.states import reopen
from tuidesk.domain.instants import Instant
from tuidesk.store import merged, messages
from tuidesk.store.sql import Connection, Row, one, update


def doubt(connection: Connection, reply: Row, now: Instant) -> None:
    """The reply may not have left: the conversation that was completed with it is open until that is known."""
    number = merged.root(connection, int(reply["conversation"]))
    entry = messages.newest_move(connection, number)
    if entry is not None and entry["what"] == "completed" and entry["goes_with"] == reply["key"]:
        reopen(connection, number, now, "unknown", goes_with=reply["key"])


def believe(connection: Connection, reply: Row) -> None:
    """The reply has left after all: the completion holds again, if nothing has happened since."""
    for part in merged.whole(connection, int(reply["conversation"])):
        _believe(connection, part, reply)


def _believe(connection: Connection, number: int, reply: Row) -> None:
    entry = messages.newest_move(connection, number)
    if entry is None or (entry["what"], entry["goes_with"]) != ("reopened", reply["key"]):
        return
    completed = one(
        connection,
        "SELECT id, json_extract(data, '$.basis') AS basis FROM entry "
        "WHERE conversation = ? AND what = 'completed' AND id < ? ORDER BY id DESC LIMIT 1",
        number,
        entry["id"],
    )
    newest = messages.newest_inbound(connection, number)
    if completed is None or (newest is not None and newest["at"] > (completed["basis"] or 0)):
        return
    update(connection, "entry", entry["id"], undone_by=0)
    update(connection, "entry", completed["id"], undone_by=None)
    update(connection, "conversation", number, status="complete", status_basis=completed["basis"] or 0)
