"""Whether a thread has moved since somebody looked: before a draft leaves, and once more at delivery.

Judged by arrival, but what a first sync brings in late is no news: it is older, by the channel's stamps, than what was
there already. Our own stamps are another clock's and say nothing here.
"""

import json

from tuidesk.desk.picture import ShownMessage
from tuidesk.store import merged
from tuidesk.store.sql import Connection, Row, scalar

_SCREEN = "screen"
"""The door of what is done on the screen (`Desk.open`)."""
_THREAD = "(SELECT value FROM json_each(?1))"
_NEWER = (
    f"conversation IN {_THREAD} AND id > ?2 AND at >= (SELECT coalesce(max(seen.at), newer.at) "
    f"FROM message AS seen WHERE seen.conversation IN {_THREAD} AND seen.id <= ?2 "
    "AND (seen.direction = 'in' OR seen.direction = 'out' AND seen.key IS NULL))"
)
_NOT_FROM_HERE = (
    "(direction = 'in' OR key IS NULL OR EXISTS (SELECT 1 FROM outbox JOIN step ON step.id = outbox.step "
    "WHERE outbox.key = newer.key AND step.door <> ?3))"
)
"""Nobody is told what they wrote on the screen themselves; what went out through the shell, or a phone, is news."""


def since(connection: Connection, number: int, began: int) -> tuple[ShownMessage, ...]:
    """What came into a conversation after message `began`, oldest first: from the customer, a colleague, or this agent
    elsewhere; notes as well."""
    from tuidesk.desk.read import messages

    found = connection.execute(
        f"SELECT id FROM message AS newer WHERE {_NEWER} AND kind <> 'reaction' AND {_NOT_FROM_HERE} ORDER BY id",
        (_thread(connection, number), began, _SCREEN),
    )
    return tuple(message for _, message in messages(connection, [int(row[0]) for row in found]))


def said_already(connection: Connection, number: int, began: int, text: str) -> ShownMessage | None:
    """The same words, sent from here after message `began`: another screen may have the same draft open."""
    from tuidesk.desk.read import messages

    found = connection.execute(
        f"SELECT id, text FROM message WHERE conversation IN {_THREAD} AND id > ?2 AND direction = 'out' "
        "AND key IS NOT NULL AND state <> 'failed' ORDER BY id DESC",
        (_thread(connection, number), began),
    ).fetchall()
    # a signature may follow
    same = next(
        (int(row["id"]) for row in found if f"{row['text'].strip()}\n\n-- \n".startswith(_whole(text))), None
    )
    return None if same is None else next(iter(messages(connection, [same])))[1]


def _whole(text: str) -> str:
    return f"{text.strip()}\n\n-- \n"


def newest(connection: Connection, number: int) -> int:
    """Number of the newest message that a conversation has; 0 where there is none."""
    query = f"SELECT max(id) FROM message WHERE conversation IN {_THREAD}"
    return int(scalar(connection, query, _thread(connection, number)) or 0)


def _thread(connection: Connection, number: int) -> str:
    """All conversations that are shown as one with this one, as a JSON list."""
    return json.dumps(merged.whole(connection, number))


def under_way(connection: Connection, row: Row) -> bool:
    """Has somebody written since the agent looked who queued this letter: the customer, or one of us from elsewhere?"""
    newer = scalar(
        connection,
        f"SELECT 1 FROM message AS newer WHERE {_NEWER} AND kind = 'person' "
        "AND (direction = 'in' OR direction = 'out' AND key IS NULL) LIMIT 1",
        _thread(connection, int(row["conversation"])),
        row["last_seen"],
    )
    return newer is not None
