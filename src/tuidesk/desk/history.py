"""What happened in a thread, as the timers read it."""

import json
from bisect import bisect_right
from collections.abc import Callable

from tuidesk.domain.instants import Instant
from tuidesk.domain.measured import Moment, What
from tuidesk.store.accounts import person_from
from tuidesk.store.messages import beside
from tuidesk.store.sql import Connection, Row, marks

ANSWERS = ("", "sent", "unknown")
"""States in which a message of ours counts as an answer (an unknown one provisionally)."""
LAST = 1 << 62
"""Arrival of what ends a wait and says nothing of what was here before it: after all of its stamp."""
_ENTRIES: dict[str, What] = {
    "completed": "complete",
    "reopened": "reopen",
    "pending": "pending",
    "snoozed": "snooze",
    "woke": "wake",
    "handoff": "handoff",
    "assigned": "act",
    "tagged": "act",
    "priority": "act",
}
_CUSTOMERS_OWN = ("customer", "reply")
"""Why it is open again, where a message says so itself."""


def moments(connection: Connection, parts: list[int]) -> list[Moment]:
    """Of all that is shown in one thread, in no order."""
    messages = connection.execute(
        "SELECT id, direction, kind, at, state, basis, deleted_at, mine, name, handle, holding FROM message "
        f"WHERE conversation IN ({marks(parts)}) ORDER BY at, id",
        parts,
    ).fetchall()
    place = _Places(messages)
    besides = beside(connection, parts) | _later_parts(connection, parts)
    messages = [message for message in messages if message["id"] not in besides]
    return [*_of_messages(messages, place), *_of_entries(connection, parts, place)]


def _later_parts(connection: Connection, parts: list[int]) -> frozenset[int]:
    """A reply that was too long for one message is one reply: those behind the first that got there."""
    found = connection.execute(
        "SELECT outbox.message FROM outbox JOIN message AS before ON before.key = waits_for "
        f"WHERE outbox.conversation IN ({marks(parts)}) AND outbox.message IS NOT NULL "
        f"AND before.state IN ({marks(ANSWERS)})",
        (*parts, *ANSWERS),
    )
    return frozenset(int(row[0]) for row in found)


class _Places:
    """Where in the customer's messages something of ours belongs: behind the newest that was known then."""

    def __init__(self, messages: list[Row]) -> None:
        self._known = [(int(m["at"]), int(m["id"])) for m in messages if m["direction"] == "in"]

    def behind(self, known: Instant, newest: int) -> tuple[Instant, int]:
        """(stamp, number) of the last one up to a stamp, and of that stamp up to a number; zeros: there is none."""
        at = bisect_right(self._known, (known, newest))
        return self._known[at - 1] if at else (0, 0)


def _of_messages(messages: list[Row], place: _Places) -> list[Moment]:
    arrival = arrivals(messages)
    found = []
    for message in messages:
        number, at, by = int(message["id"]), int(message["at"]), message["name"] or message["handle"]
        if message["direction"] == "in":
            if message["kind"] == "person":
                gone = message["deleted_at"]
                found.append(Moment(at, False, at, "customer", number, number, by=by, gone_at=gone))
        elif message["direction"] == "note" or message["state"] in ANSWERS:
            what = _KINDS.get((message["direction"], message["kind"]))
            if what is not None:
                after, behind = place.behind(known(message), arrival(message))
                moment = Moment(after, True, at, what, behind, number, bool(message["mine"]), by)
                found.append(moment._replace(holding=True) if message["holding"] else moment)
    return found


_KINDS: dict[tuple[str, str], What] = {
    ("out", "person"): "answer",
    ("out", "bot"): "bot",
    ("note", "person"): "act",
}


def _of_entries(connection: Connection, parts: list[int], place: _Places) -> list[Moment]:
    query = (
        f"SELECT at, what, by, data FROM entry WHERE conversation IN ({marks(parts)}) "
        f"AND what IN ({marks(_ENTRIES)}) AND undone_by IS NULL ORDER BY id"
    )
    found = []
    for entry in connection.execute(query, (*parts, *_ENTRIES)):
        data = json.loads(entry["data"])
        if entry["what"] == "reopened" and data.get("why") in _CUSTOMERS_OWN:
            continue
        by, at = person_from(entry["by"]), int(entry["at"])
        after, behind = place.behind(data.get("basis", at), data.get("message", LAST))
        found.append(
            Moment(
                after=after,
                ours=True,
                at=at,
                what=_ENTRIES[entry["what"]],
                arrival=behind,
                mine=by is not None and by.me,
                by="" if by is None else by.name or by.handle,
                is_person=by is None or by.kind == "person",
                until=data.get("until"),
                firm=bool(data.get("firm")),
            )
        )
    return found


def is_own(message: Row) -> bool:
    """Whether this desk wrote it, and so knows what was here before it."""
    return message["direction"] == "out" and message["basis"] is not None


def known(answer: Row) -> Instant:
    """Up to which of the customer's stamps an answer answers: what was known when it was written."""
    return int(answer["basis"] if answer["basis"] is not None else answer["at"])


def arrivals(messages: list[Row]) -> Callable[[Row], int]:
    """Gives an answer's place among the customer's messages of the stamp that it answers, as `Moment.arrival`.

    Of our own we know what was here before it; of one that the channel reports, only the stamp counts.
    """
    first: dict[Instant, int] = {}
    for message in messages:
        if message["direction"] == "in":
            first[message["at"]] = min(int(message["id"]), first.get(message["at"], LAST))

    def arrival(answer: Row) -> int:
        number = int(answer["id"])
        return number if is_own(answer) and first.get(answer["basis"], LAST) < number else LAST

    return arrival
