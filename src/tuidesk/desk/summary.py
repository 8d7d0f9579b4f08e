"""A conversation's own row follows from its history: the wait, the last word, what is unread, what went wrong."""

from collections.abc import Callable, Iterable

from tuidesk.domain import status, timers
from tuidesk.domain.instants import Instant
from tuidesk.domain.searchable import snippet
from tuidesk.domain.timers import Moment
from tuidesk.store import changes, merged
from tuidesk.store.sql import Connection, Row, marks, one, update

NO_WAIT = 1 << 52
"""Ranks of conversations in which nobody waits begin here: after every wait, the newest first."""

_LAST = 1 << 62
"""Arrival of what ends a wait and says nothing of what was here before it: after all of its stamp."""
_ANSWERS = ("", "sent", "unknown")
"""States in which a message of ours counts as an answer (an unknown one provisionally)."""


def refresh(
    connection: Connection, conversations: Iterable[int], now: Instant, *, first_sync: bool = False
) -> None:
    """Bring the rows of these conversations, and of all the threads they are parts of, up to date; say that they
    changed."""
    whole = (part for number in conversations for part in (number, *merged.whole(connection, number)))
    for number in dict.fromkeys(whole):
        row = one(connection, "SELECT * FROM conversation WHERE id = ?", number)
        if row is not None:
            _refresh(connection, row, now, first_sync and not row["settled"])
            changes.note(connection, "conversation", number)


def _refresh(connection: Connection, row: Row, now: Instant, rules_hold: bool) -> None:
    number = int(row["id"])
    parts = merged.parts(connection, number)
    history = connection.execute(
        "SELECT message.id, direction, kind, message.at, message.state, basis, deleted_at, outbox.state AS work, "
        "message.conversation AS part FROM message LEFT JOIN outbox ON outbox.key = message.key "
        f"WHERE message.conversation IN ({marks(parts)}) ORDER BY message.at, message.id",
        parts,
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
        waiting = timers.waiting_since(_moments(connection, parts, public))
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
        unread=_unread(public, outs, _looked_at(connection, parts)),
        snippet=_snippet(connection, ordered) if public else row["snippet"],
        trouble=_trouble(ordered, [m for m in history if m["direction"] == "note"], found),
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


def _arrivals(public: list[Row]) -> Callable[[Row], int]:
    """Gives an answer's place among the customer's messages of the stamp that it answers, as `Moment.arrival`.

    Of our own we know what was here before it; of one that the channel reports, only the stamp counts.
    """
    first: dict[Instant, int] = {}
    for message in public:
        if message["direction"] == "in":
            first[message["at"]] = min(int(message["id"]), first.get(message["at"], _LAST))

    def arrival(answer: Row) -> int:
        number = int(answer["id"])
        return number if _own(answer) and first.get(answer["basis"], _LAST) < number else _LAST

    return arrival


def _looked_at(connection: Connection, parts: list[int]) -> dict[int, int]:
    """The newest message of each conversation that the agent has looked at."""
    query = f"SELECT id, seen FROM conversation WHERE id IN ({marks(parts)})"
    return {int(number): int(seen) for number, seen in connection.execute(query, parts)}


def _unread(public: list[Row], outs: list[Row], seen: dict[int, int]) -> int:
    """How many messages the agent has neither looked at nor somebody answered."""
    arrival = _arrivals(public)
    answered = max(((_known(m), arrival(m)) for m in outs), default=(0, 0))
    return sum(
        1
        for m in public
        if m["direction"] == "in"
        and m["id"] > seen[m["part"]]
        and (not outs or (m["at"], m["id"]) > answered)
    )


def _moments(connection: Connection, parts: list[int], public: list[Row]) -> list[Moment]:
    moments = []
    arrival = _arrivals(public)
    for message in public:
        if message["direction"] == "in":
            if message["kind"] == "person" and message["deleted_at"] is None:
                moments.append(Moment(message["at"], False, message["at"], "customer", int(message["id"])))
        elif message["kind"] in ("person", "bot") and message["state"] in _ANSWERS:
            moments.append(Moment(_known(message), True, message["at"], "answer", arrival(message)))
    for entry in connection.execute(
        "SELECT at, json_extract(data, '$.basis') AS basis, json_extract(data, '$.message') AS message FROM entry "
        f"WHERE conversation IN ({marks(parts)}) AND what = 'completed' AND undone_by IS NULL",
        parts,
    ):
        known = entry["basis"] if entry["basis"] is not None else entry["at"]
        seen = entry["message"] if entry["message"] is not None else _LAST
        moments.append(Moment(known, True, entry["at"], "complete", seen))
    return moments


def _snippet(connection: Connection, ordered: list[Row]) -> str:
    """Of the newest message that its sender has not taken back."""
    newest = next((m["id"] for m in reversed(ordered) if m["deleted_at"] is None), 0)
    # SQLite's substr would end at a NUL
    row = one(connection, "SELECT text FROM message WHERE id = ?", newest)
    return snippet(row["text"], 160) if row is not None else ""


def _trouble(ordered: list[Row], notes: list[Row], found: str) -> str:
    """`unknown` before `failed`: what may have arrived needs a look first.

    A reply that left and came back, of this desk's or of somebody else's, is dealt with once another one has left, or
    the conversation is complete. One that never left waits for the agent's word, for its text is still to be sent.
    """
    states: set[str] = set()
    came_back = False
    for message in (*notes, *ordered):
        if message["state"] == "failed" and message["work"] in ("sent", None):
            came_back = True
        elif message["state"] in ("failed", "unknown"):
            states.add(message["state"])
        elif message["direction"] == "out" and message["state"] == "sent":
            came_back = False
    if came_back and found != "complete":
        states.add("failed")
    return next((state for state in ("unknown", "failed") if state in states), "")
