"""A conversation's own row follows from its history: the wait, the last word, what is unread, what went wrong."""

from collections.abc import Iterable

from tuidesk.desk import history, windows
from tuidesk.domain import status, timers
from tuidesk.domain.instants import Instant
from tuidesk.domain.searchable import snippet
from tuidesk.store import changes, merged
from tuidesk.store.messages import beside
from tuidesk.store.sql import Connection, Row, marks, one, update

NO_WAIT = 1 << 52
"""Ranks of conversations in which nobody waits begin here: after every wait, the newest first."""


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
    messages = connection.execute(
        "SELECT message.id, direction, kind, message.at, message.state, basis, deleted_at, outbox.state AS work, "
        "message.conversation AS part FROM message LEFT JOIN outbox ON outbox.key = message.key "
        f"WHERE message.conversation IN ({marks(parts)}) ORDER BY message.at, message.id",
        parts,
    ).fetchall()
    public = [m for m in messages if m["direction"] != "note"]
    customers = [m for m in public if m["direction"] == "in" and m["kind"] == "person"]
    outs = [
        m for m in public if m["direction"] == "out" and m["state"] in history.ANSWERS and m["kind"] != "auto"
    ]
    ordered = _by_the_channels_clock(public)
    found = row["status"]
    if rules_hold and public:
        last = next((m for m in reversed(ordered) if m["kind"] in ("person", "unreadable")), ordered[-1])
        word = "in" if last["state"] == "failed" else last["direction"]  # what came back said nothing
        found = status.first_sync(word, now - last["at"], bool(row["in_inbox"]))
    waiting = None
    if found != "complete":
        waiting = timers.waiting_since(history.moments(connection, parts))
    last_at = public[-1]["at"] if public else (messages[-1]["at"] if messages else row["first_at"])
    basis = customers[-1]["at"] if customers else 0
    ends = windows.of_thread(connection, row, customers[-1] if customers else None)
    update(
        connection,
        "conversation",
        number,
        status=found,
        status_basis=basis if found != row["status"] or rules_hold else row["status_basis"],
        waiting_since=waiting,
        rank=rank(row["due"] if found != "complete" else None, waiting, last_at, ends),
        window_ends=ends,
        timed="",
        first_at=messages[0]["at"] if messages else row["first_at"],
        last_at=last_at,
        last_in=customers[-1]["id"] if customers else 0,
        last_message=ordered[-1]["id"] if public else 0,
        unread=_unread(public, outs, _looked_at(connection, parts), beside(connection, parts)),
        snippet=_snippet(connection, ordered) if public else row["snippet"],
        trouble=_trouble(ordered, [m for m in messages if m["direction"] == "note"], found),
    )


def rank(due: Instant | None, waiting: Instant | None, last_at: Instant, ends: Instant | None) -> int:
    """The queue's order: what is due, by when; a wait without a target as if it had been due when it began.

    While the customer waits, the end of the reply window is such a time as well.
    """
    if due is not None:
        return due if waiting is None or ends is None else min(due, ends)
    return waiting if waiting is not None else NO_WAIT - last_at


def _by_the_channels_clock(public: list[Row]) -> list[Row]:
    """As the thread went. What the channel has stamped is in the order of its stamps; our own stamps are another
    clock's, so a letter of ours comes after all that was here when it was written."""
    placed: dict[int, Instant] = {}
    newest: Instant = 0
    for message in sorted(public, key=lambda m: int(m["id"])):
        placed[message["id"]] = newest if history.is_own(message) else message["at"]
        newest = max(newest, placed[message["id"]])
    return sorted(public, key=lambda m: (placed[m["id"]], int(m["id"])))


def _looked_at(connection: Connection, parts: list[int]) -> dict[int, int]:
    """The newest message of each conversation that the agent has looked at."""
    query = f"SELECT id, seen FROM conversation WHERE id IN ({marks(parts)})"
    return {int(number): int(seen) for number, seen in connection.execute(query, parts)}


def _unread(public: list[Row], outs: list[Row], seen: dict[int, int], besides: frozenset[int]) -> int:
    """How many messages the agent has neither looked at nor somebody answered; `besides`: those that nobody has to."""
    arrival = history.arrivals(public)
    answered = max(((history.known(m), arrival(m)) for m in outs), default=(0, 0))
    return sum(
        1
        for m in public
        if m["direction"] == "in"
        and m["id"] not in besides
        and m["id"] > seen[m["part"]]
        and (not outs or (m["at"], m["id"]) > answered)
    )


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
