"""How many conversations each view has, without reading every one of them."""

from collections import Counter

from tuidesk.desk import finding, picture
from tuidesk.desk.shown import AWAKE, HIDDEN
from tuidesk.domain.instants import Instant
from tuidesk.store.sql import Connection, scalar


def counts(connection: Connection, now: Instant) -> picture.Counts:
    """How many conversations each view has, and what is going out."""
    statuses, owned = _by_status(connection, now)
    total, merged = (
        int(scalar(connection, f"SELECT count(*) FROM conversation{where}"))
        for where in ("", " INDEXED BY conversation_merged WHERE merged_into IS NOT NULL")
    )
    going_out = scalar(
        connection,
        # in these words the index of open work serves it
        "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending', 'unknown') AND state <> 'unknown' "
        "AND type IN ('reply', 'start', 'note')",
    )
    return picture.Counts(
        open=statuses["open"],
        mine=owned["me"],
        unassigned=statuses["open"] - owned["me"] - owned["other"],
        pending=statuses["pending"],
        snoozed=statuses["snoozed"],
        complete=statuses["complete"],
        all=total - merged,
        going_out=int(going_out),
        turns_at=next_turn(connection, now),
        **{
            view: finding.count(connection, view, now)
            for view in ("late", "soon", "window", "check", "drafts", "handled")
        },
    )


def next_turn(connection: Connection, now: Instant) -> Instant | None:
    """When the next conversation becomes late, or is due soon."""
    found = scalar(
        connection,
        "SELECT min(at) FROM (SELECT min(due) AS at FROM conversation INDEXED BY conversation_due WHERE due > ?1 "
        "UNION ALL SELECT min(due_soon) FROM conversation INDEXED BY conversation_soon WHERE due_soon > ?1)",
        now,
    )
    return None if found is None else int(found)


def _by_status(connection: Connection, now: Instant) -> tuple[Counter[str], Counter[str]]:
    """How many there are of each status, and how many of the open ones are somebody's, as the views have them.

    Indexes have almost all of it. What has trouble, has woken, or is in no view, is rare, and is put right.
    """
    statuses = Counter(dict(connection.execute("SELECT status, count(*) FROM conversation GROUP BY status")))
    owned = Counter(
        dict(
            connection.execute(
                "SELECT owner, count(*) FROM conversation INDEXED BY conversation_owner "
                "WHERE owner IN ('me', 'other') AND status = 'open' GROUP BY owner"
            )
        )
    )
    for owner, status, has_trouble, is_awake, is_hidden in connection.execute(
        f"SELECT owner, status, trouble <> '', {AWAKE}, spam <> 0 OR merged_into IS NOT NULL FROM conversation "
        "WHERE id IN (SELECT id FROM conversation INDEXED BY conversation_trouble WHERE trouble <> '' UNION ALL "
        f"SELECT id FROM conversation INDEXED BY conversation_snooze WHERE {AWAKE} UNION ALL {HIDDEN})",
        (now, now),
    ):
        if is_hidden or is_awake:
            statuses[status] -= 1
            owned[owner] -= status == "open"
        if not is_hidden and (is_awake or (has_trouble and status != "open")):
            statuses["open"] += 1
            owned[owner] += 1
    return statuses, owned
