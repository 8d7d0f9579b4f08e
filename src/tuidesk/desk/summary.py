"""A conversation's own row follows from its history: the wait, the last word, what is unread, what went wrong."""

from collections.abc import Iterable

from tuidesk.domain import status, timers
from tuidesk.domain.instants import Instant
from tuidesk.domain.searchable import snippet
from tuidesk.domain.timers import Moment
from tuidesk.store import changes
from tuidesk.store.sql import Connection, Row, one, update

NO_WAIT = 1 << 52
"""Ranks of conversations in which nobody waits begin here: after every wait, the newest first."""

_ANSWERS = ("", "sent", "unknown")
"""States in which a message of ours counts as an answer (an unknown one provisionally)."""


def refresh(
    connection: Connection, conversations: Iterable[int], now: Instant, *, first_sync: bool = False
) -> None:
    """Bring the rows of these conversations up to date, and say that they changed."""
    for number in conversations:
        row = one(connection, "SELECT * FROM conversation WHERE id = ?", number)
        if row is not None:
            _refresh(connection, row, now, first_sync and not row["settled"])
            changes.note(connection, "conversation", number)


def _refresh(connection: Connection, row: Row, now: Instant, rules_hold: bool) -> None:
    number = int(row["id"])
    history = connection.execute(
        "SELECT message.id, direction, kind, message.at, message.state, basis, deleted_at, outbox.state AS work "
        "FROM message LEFT JOIN outbox ON outbox.key = message.key WHERE message.conversation = ? "
        "ORDER BY message.at, message.id",
        (number,),
    ).fetchall()
    public = [m for m in history if m["direction"] != "note"]
    customers = [m for m in public if m["direction"] == "in" and m["kind"] == "person"]
    outs = [m for m in public if m["direction"] == "out" and m["state"] in _ANSWERS and m["kind"] != "auto"]
    ordered = _by_the_channels_clock(public)
    found = row["status"]
    if rules_hold and public:
        last = next((m for m in reversed(ordered) if m["kind"] in ("person", "unreadable")), ordered[-1])
        word = "in" if last["state"] == "failed" else last["direction"]  # what came back said nothing
        found = status.first_sync(word, now - last["at"], bool(row["in_inbox"]))
    waiting = None
    if found != "complete":
        waiting = timers.waiting_since(_moments(connection, number, public))
    last_at = public[-1]["at"] if public else (history[-1]["at"] if history else row["first_at"])
    basis = customers[-1]["at"] if customers else 0
    update(
        connection,
        "conversation",
        number,
        status=found,
        status_basis=basis if found != row["status"] or rules_hold else row["status_basis"],
        waiting_since=waiting,
        rank=waiting if waiting is not None else NO_WAIT - last_at,
        first_at=history[0]["at"] if history else row["first_at"],
        last_at=last_at,
        last_in=customers[-1]["id"] if customers else 0,
        last_message=ordered[-1]["id"] if public else 0,
        unread=_unread(public, outs, row["seen"]),
        snippet=_snippet(connection, ordered[-1]["id"]) if public else row["snippet"],
        trouble=_trouble(history, found),
    )


def _by_the_channels_clock(public: list[Row]) -> list[Row]:
    """As the thread went. What the channel has stamped is in the order of its stamps; our own stamps are another
    clock's, so a letter of ours comes after all that was here when it was written."""
    placed: dict[int, Instant] = {}
    newest: Instant = 0
    for message in sorted(public, key=lambda m: int(m["id"])):
        placed[message["id"]] = newest if _own(message) else message["at"]
        newest = max(newest, placed[message["id"]])
    return sorted(public, key=lambda m: (placed[m["id"]], int(m["id"])))


def _own(message: Row) -> bool:
    return message["direction"] == "out" and message["basis"] is not None


def _known(answer: Row) -> Instant:
    """Up to which of the customer's stamps an answer answers: what was known when it was written."""
    return int(answer["basis"] if answer["basis"] is not None else answer["at"])


def _unread(public: list[Row], outs: list[Row], seen: int) -> int:
    """How many messages the agent has neither looked at nor somebody answered."""
    answered = max(((_known(m), int(m["id"])) for m in outs), default=(0, 0))
    return sum(
        1
        for m in public
        if m["direction"] == "in" and m["id"] > seen and (not outs or (m["at"], m["id"]) > answered)
    )


def _moments(connection: Connection, number: int, public: list[Row]) -> list[Moment]:
    moments = []
    for message in public:
        if message["direction"] == "in":
            if message["kind"] == "person" and message["deleted_at"] is None:
                moments.append(Moment(message["at"], False, message["at"], "customer"))
        elif message["kind"] in ("person", "bot") and message["state"] in _ANSWERS:
            moments.append(Moment(_known(message), True, message["at"], "answer"))
    for entry in connection.execute(
        "SELECT at, json_extract(data, '$.basis') AS basis FROM entry "
        "WHERE conversation = ? AND what = 'completed' AND undone_by IS NULL",
        (number,),
    ):
        known = entry["basis"] if entry["basis"] is not None else entry["at"]
        moments.append(Moment(known, True, entry["at"], "complete"))
    return moments


def _snippet(connection: Connection, message: int) -> str:
    # SQLite's substr would end at a NUL
    row = one(connection, "SELECT text FROM message WHERE id = ?", message)
    return snippet(row["text"], 160) if row is not None else ""


def _trouble(history: list[Row], found: str) -> str:
    """`unknown` before `failed`: what may have arrived needs a look first.

    A reply that left and came back is dealt with once another one has left, or the conversation is complete. One
    that never left waits for the agent's word, for its text is still to be sent.
    """
    failed = [m for m in history if m["state"] == "failed"]
    came_back = [
        m for m in failed if m["work"] in ("sent", None)
    ]  # what others sent is no work of this desk's
    states = {m["state"] for m in history if m["state"] == "unknown"} | {
        m["state"] for m in failed if m not in came_back
    }
    last_sent = max((m["id"] for m in history if m["direction"] == "out" and m["state"] == "sent"), default=0)
    if found != "complete" and any(m["id"] > last_sent for m in came_back):
        states.add("failed")
    return next((state for state in ("unknown", "failed") if state in states), "")
