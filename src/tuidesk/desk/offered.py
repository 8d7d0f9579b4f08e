"""What is offered where a field is filled: agents, tags, the last snooze. Light, from one reader connection."""

import json

from tuidesk.domain.model import Person
from tuidesk.store import accounts
from tuidesk.store.sql import Connection, scalar

FIRST_SNOOZE = "tomorrow 9"
"""What an empty answer stands for before anything was ever snoozed."""
_LOOKS_BACK = 100_000
"""Entries of the history that are looked at: who has snoozed nothing in so many begins anew."""


def agents(connection: Connection, account: str | None = None) -> tuple[Person, ...]:
    """Everybody of our side whom the channels have named (of one account, or of all), each handle once: those they list
    as agents first, then those who have answered or had a conversation, the busiest first."""
    found: dict[str, Person] = {}
    for row in accounts.every(connection):
        if account in (None, row["id"]):
            for given in json.loads(row["agents"]):
                found.setdefault(given["handle"].casefold(), Person(**given))
    for who in (*_had(connection, account), *_wrote(connection, account)):
        found.setdefault(who.handle.casefold(), who)
    return tuple(found.values())


def _had(connection: Connection, account: str | None) -> list[Person]:
    """Who has conversations, the one with most first; this agent is not among them."""
    query = (
        "SELECT assignee FROM conversation WHERE owner = 'other' AND (?1 IS NULL OR account = ?1) "
        "GROUP BY assignee ORDER BY count(*) DESC, assignee"
    )
    return [Person(**json.loads(row[0])) for row in connection.execute(query, (account,))]


_ANSWERS = 20_000
"""The newest letters of our side that are looked at for names."""


def _wrote(connection: Connection, account: str | None) -> list[Person]:
    """Which colleagues have answered lately, the busiest first."""
    query = (
        "SELECT message.name, message.handle FROM (SELECT * FROM message ORDER BY id DESC LIMIT ?2) AS message "
        "JOIN conversation ON conversation.id = message.conversation "
        "WHERE message.direction <> 'in' AND message.mine = 0 AND message.kind = 'person' AND message.key IS NULL "
        "AND message.handle <> '' AND message.handle NOT IN (SELECT json_extract(identity, '$.handle') FROM account) "
        "AND (?1 IS NULL OR conversation.account = ?1) GROUP BY lower(message.handle) ORDER BY count(*) DESC"
    )
    return [Person(row[0], row[1]) for row in connection.execute(query, (account, _ANSWERS))]


def tags(connection: Connection) -> tuple[tuple[str, int], ...]:
    """(tag, on how many conversations), the most used first."""
    query = "SELECT tag, count(*) FROM tag GROUP BY tag ORDER BY count(*) DESC, tag"
    return tuple((str(tag), int(used)) for tag, used in connection.execute(query))


def last_snooze(connection: Connection) -> str:
    """How the agent last said until when: what an empty answer stands for."""
    typed = scalar(
        connection,
        "SELECT json_extract(data, '$.typed') FROM entry WHERE what = 'snoozed' "
        "AND id > (SELECT coalesce(max(id), 0) FROM entry) - ? "
        "AND json_extract(data, '$.typed') IS NOT NULL ORDER BY id DESC LIMIT 1",
        _LOOKS_BACK,
    )
    return str(typed or FIRST_SNOOZE)
