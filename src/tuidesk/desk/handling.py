"""What the handling time of this agent comes to: of a conversation, and of a day."""

from typing import NamedTuple

from tuidesk.domain.instants import HOUR, MINUTE, SECOND, Instant
from tuidesk.errors import NotFound
from tuidesk.store import away, handling, merged
from tuidesk.store.sql import Connection, Row, scalar
from tuidesk.words import say


class Handled(NamedTuple):
    """A stretch that was measured, or a correction by hand."""

    n: int
    conversation: int
    """The one it was measured at, whatever that is merged into."""
    start: Instant
    """Of a correction: when it was made."""
    stop: Instant
    ms: Instant
    reason: str
    """"" where it was measured."""


class Handling(NamedTuple):
    """All of a thread."""

    n: int
    ms: Instant
    parts: tuple[Handled, ...]
    runs: bool
    """The last stretch is not over, as far as the store knows: a key would still go on with it."""

    @property
    def measured(self) -> tuple[Handled, ...]:
        return tuple(one for one in self.parts if not one.reason)

    @property
    def corrections(self) -> tuple[Handled, ...]:
        return tuple(one for one in self.parts if one.reason)


class Break(NamedTuple):
    """A break of this agent."""

    began: Instant
    ended: Instant | None
    reason: str


class Last(NamedTuple):
    """A thread that was handled."""

    n: int
    ms: Instant
    at: Instant
    """When last."""


class Day(NamedTuple):
    """What an agent did since a day began."""

    ms: Instant
    conversations: int
    breaks: tuple[Break, ...]
    last: tuple[Last, ...]
    """Threads, the newest first, whenever that was."""


def of(connection: Connection, number: int, idle_s: float, now: Instant) -> Handling:
    """The handling time of the thread that a conversation is part of.

    Raises:
        NotFound: there is no such conversation.
    """
    if scalar(connection, "SELECT 1 FROM conversation WHERE id = ?", number) is None:
        raise NotFound(say("desk.no_conversation", n=number))
    thread = merged.whole(connection, number)
    parts = tuple(_handled(row) for row in handling.of(connection, thread))
    newest = max((one.stop for one in parts if not one.reason), default=None)
    runs = newest is not None and 0 <= now - newest <= idle_s * SECOND
    return Handling(thread[0], max(sum(one.ms for one in parts), 0), parts, runs)


def spent(connection: Connection, number: int, but: Instant | None) -> Instant:
    """The sum of a thread in ms, without the stretch that began at `but`: whoever measures that knows better."""
    return handling.spent(connection, merged.whole(connection, number), but)


def day(connection: Connection, since: Instant, most: int) -> Day:
    """What has been done since an instant, and the threads that were handled last."""
    ms, conversations = handling.since(connection, since)
    breaks = tuple(Break(row["began"], row["ended"], row["reason"]) for row in away.since(connection, since))
    last = tuple(Last(n, max(spent, 0), at) for n, spent, at in handling.latest(connection, most))
    return Day(max(ms, 0), conversations, breaks, last)


def length(ms: Instant) -> str:
    """To the second: `40s`, `12m`, `1h 5m 10s`."""
    units = (("hours", ms // HOUR), ("minutes", ms % HOUR // MINUTE), ("seconds", ms % MINUTE // SECOND))
    parts = [say(f"desk.{unit}", count=count) for unit, count in units if count]
    return " ".join(parts) or say("desk.seconds", count=0)


def signed(ms: Instant) -> str:
    """`+5m`, `-3m`."""
    return ("-" if ms < 0 else "+") + length(abs(ms))


def _handled(row: Row) -> Handled:
    return Handled(
        int(row["id"]),
        int(row["conversation"]),
        int(row["start"]),
        int(row["stop"]),
        int(row["ms"]),
        str(row["reason"]),
    )
