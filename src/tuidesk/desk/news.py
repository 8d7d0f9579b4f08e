"""What has happened that an agent may want to hear of: each thing once, and nothing of a first sync."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tuidesk.config.tables import News
from tuidesk.domain.instants import DAY, Instant
from tuidesk.store.sql import Connection, scalar

_THREAD = "JOIN conversation c ON c.id = coalesce(part.merged_into, part.id) LEFT JOIN contact k ON k.id = c.contact"
"""What is merged is told of as the thread that it is shown in."""

_TROUBLED = "SELECT coalesce(merged_into, id) FROM conversation WHERE trouble <> ''"


class Mark(NamedTuple):
    """How far it has been told."""

    message: int
    entry: int
    troubled: frozenset[int]
    """Conversations with a reply to check."""
    ready: frozenset[str]
    """Accounts that have caught up: what others bring is their past."""


class Item(NamedTuple):
    """One thing to be told."""

    kind: News
    conversation: int
    name: str
    """The customer's, as it came."""


Tell = Callable[[Sequence[Item]], None]
"""Rings."""


def mark(connection: Connection) -> Mark:
    """As of now: everything before it counts as told."""
    return Mark(
        int(scalar(connection, "SELECT coalesce(max(id), 0) FROM message")),
        int(scalar(connection, "SELECT coalesce(max(id), 0) FROM entry")),
        frozenset(
            n
            for (n,) in connection.execute(
                "SELECT coalesce(merged_into, id) FROM conversation WHERE trouble <> ''"
            )
        ),
        frozenset(id for (id,) in connection.execute("SELECT id FROM account WHERE caught_up")),
    )


def since(connection: Connection, told: Mark, now: Instant) -> tuple[Mark, tuple[Item, ...]]:
    """What has come since a mark, the oldest first, a conversation once of each kind; and the mark after it.

    Nothing of a conversation that is muted or spam; no message that is older than a day, which is history being read.
    """
    here = mark(connection)
    items: dict[tuple[News, int], Item] = {}
    for n, name, owner, account in connection.execute(
        "SELECT c.id, coalesce(nullif(k.name, ''), m.name, c.handle), c.owner, part.account FROM message m "
        f"JOIN conversation part ON part.id = m.conversation {_THREAD} "
        "WHERE m.id > ? AND m.id <= ? AND m.direction = 'in' AND m.kind = 'person' AND m.at > ? "
        "AND c.status = 'open' AND NOT c.muted AND NOT c.spam ORDER BY m.id",
        (told.message, here.message, now - DAY),
    ):
        kind: News = "mine" if owner == "me" else "new"
        if account in told.ready:
            items.setdefault((kind, n), Item(kind, n, name))
    for n, name in connection.execute(
        "SELECT c.id, coalesce(nullif(k.name, ''), c.handle) FROM entry e "
        f"JOIN conversation part ON part.id = e.conversation {_THREAD} "
        "WHERE e.id > ? AND e.id <= ? AND e.what = 'woke' AND NOT c.muted AND NOT c.spam ORDER BY e.id",
        (told.entry, here.entry),
    ):
        items.setdefault(("back", n), Item("back", n, name))
    for n in sorted(here.troubled - told.troubled):
        name = scalar(
            connection,
            "SELECT coalesce(nullif(k.name, ''), c.handle) FROM conversation c "
            "LEFT JOIN contact k ON k.id = c.contact WHERE c.id = ?",
            n,
        )
        items[("check", n)] = Item("check", n, str(name or ""))
    return here, tuple(items.values())
