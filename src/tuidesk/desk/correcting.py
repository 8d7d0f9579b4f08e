"""Handling time corrected by hand: what was measured stays, and the correction stands beside it with its reason."""

from typing import Any

from tuidesk.desk.doing import Doing
from tuidesk.desk.handling import length, signed
from tuidesk.domain.commands import CorrectHandling
from tuidesk.domain.instants import Instant
from tuidesk.errors import Refused
from tuidesk.store import handling, merged
from tuidesk.store.sql import Connection
from tuidesk.words import say


def correct(doing: Doing, command: CorrectHandling) -> str:
    """Add to the handling time of a thread, take away from it, or say what it comes to.

    Raises:
        Refused: there is no reason, nothing changes by it, or less than nothing would be left.
    """
    reason = " ".join(command.reason.split())
    if not reason:
        raise Refused(say("desk.handling_reason"))
    number = int(doing.conversation(command.conversation)["id"])
    before = _sum(doing.connection, number)
    ms = command.ms - before if command.is_sum else command.ms
    if before + ms < 0:
        raise Refused(say("desk.handling_below", n=number, sum=length(max(before, 0))))
    if not ms:
        raise Refused(say("desk.handling_already", n=number, sum=length(before)))
    row = handling.correct(doing.connection, number, doing.now, ms, reason)
    doing.prior.append({"what": "handling", "conversation": number, "handling": row})
    doing.touched[number] = None
    if command.is_sum:
        return say("desk.did_handling_sum", n=number, sum=length(command.ms), reason=reason)
    return say("desk.did_handling", n=number, change=signed(ms), reason=reason)


def stands(connection: Connection, one: dict[str, Any]) -> bool:
    """Whether a correction can be taken back: it is there, and what is left then is a time."""
    row = handling.get(connection, one["handling"])
    return row is not None and _sum(connection, one["conversation"]) >= row["ms"]


def _sum(connection: Connection, number: int) -> Instant:
    return handling.spent(connection, merged.whole(connection, number))
