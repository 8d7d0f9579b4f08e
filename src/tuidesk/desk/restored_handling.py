"""Handling time out of an export back into the rows it was; what is here already is there once."""

from tuidesk.desk.exported import Line
from tuidesk.domain import forms
from tuidesk.domain.forms import needed, part
from tuidesk.domain.instants import DAY, SECOND
from tuidesk.store import exchange
from tuidesk.store.sql import Connection, update

_LONGEST_S = 100_000 * DAY / SECOND


def handled(connection: Connection, conversation: int, obj: Line, wanted: int | None) -> None:
    """One line: a stretch, or with a reason a correction. `wanted`: the number of its row, if it may have it.

    Raises:
        BadEvent: it ends before it begins, or lasts for ever.
    """
    start = needed(forms.read_when, obj, "start", "handling")
    reason = part(forms.read_text, obj, "reason", "handling") or ""
    if reason:
        seconds, stop = needed(forms.read_number, obj, "s", "handling"), start
    else:
        stop = needed(forms.read_when, obj, "stop", "handling")
        seconds = (stop - start) / SECOND
    if not (-_LONGEST_S if reason else 0) <= seconds <= _LONGEST_S:
        raise forms.wrong("number", "handling.s")
    ms = round(seconds * SECOND)
    known = exchange.handling(connection, conversation, start, ms, reason)
    if known is None:
        exchange.put(
            connection,
            "handling",
            wanted,
            conversation=conversation,
            start=start,
            stop=stop,
            ms=ms,
            reason=reason,
        )
    elif not reason and stop > known["stop"]:  # it was still running when that was written
        update(connection, "handling", known["id"], stop=stop, ms=ms)
