"""The figures of a period, from what has been measured: as a whole, by groups, against the period before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import tzinfo
from itertools import chain
from typing import Any

from tuidesk.desk import ratings
from tuidesk.desk.figures import Timing
from tuidesk.desk.grouping import QUARTER, SENDER, Grouping, grouping, in_order
from tuidesk.domain.instants import DAY, Instant
from tuidesk.domain.metrics import (
    METRICS,
    Asked,
    Count,
    Durations,
    Figure,
    Group,
    Mean,
    Report,
    Share,
    spread,
)
from tuidesk.domain.targets import SHIPPED
from tuidesk.domain.timers import REOPENED_WITHIN, RULE
from tuidesk.store.sql import Connection, scalar

Found = dict[str, dict[str, Figure]]
"""Group → metric → figure; "" is the whole."""

NO_SPAM = "conversation NOT IN (SELECT id FROM conversation WHERE spam <> 0)"
_DURATIONS = {
    "first_response": "metric = 'first_response'",
    "first_answer": "(metric = 'first_answer' OR metric = 'first_response' AND NOT holding)",
    "reply": "metric = 'reply'",
    "handoff_wait": "metric = 'handoff_wait'",
    "reaction": "metric = 'reaction'",
    "resolution_first": "metric = 'resolution_first'",
    "resolution_last": "metric = 'resolution_last'",
    "resolution_active": "metric = 'resolution_active'",
    "requester_wait": "metric = 'requester_wait'",
}
_LIMITS = {
    "on_target_first_response": ("first_response", "target"),
    "on_target_reply": ("reply", "target"),
    "on_target_resolution": ("resolution_last", "target"),
}
"""Share → the metric it is of, and up to what."""
_SHIPPED = {"first_response_within_a_day": ("first_response", str(DAY))}
SENT = "direction = 'out' AND kind = 'person' AND state IN ('', 'sent', 'unknown')"
RECEIVED = "direction = 'in' AND kind = 'person'"
_REOPENED = f"reopened IS NOT NULL AND reopened - ended <= {REOPENED_WITHIN}"


def zone(timing: Timing) -> tzinfo | None:
    """By whose clock a report's days and hours are: of the agent's business hours; None: the machine's."""
    rules = timing.rules("")
    return rules.calendar.hours.zone if rules.whose else None


def report(connection: Connection, asked: Asked, timing: Timing, now: Instant) -> Report:
    """The figures of a period. A duration belongs to the instant at which it ended."""
    by = grouping(connection, asked.by, zone(timing))
    found = _figures(connection, asked, by, timing)
    before = _figures(connection, asked.before, by, timing) if asked.compare else {}
    groups = ["", *in_order(asked.by, (key for key in found if key))]
    first = scalar(connection, "SELECT min(at) FROM message WHERE direction <> 'note'")
    return Report(
        asked=asked,
        groups=tuple(Group(key, _in_order(found[key]), _in_order(before.get(key, {}))) for key in groups),
        rule=RULE,
        behind=_behind(connection, timing),
        provisional=asked.until > now - REOPENED_WITHIN,
        first_at=None if first is None else int(first),
    )


def _in_order(figures: dict[str, Figure]) -> dict[str, Figure]:
    return {metric.key: figures[metric.key] for metric in METRICS if metric.key in figures}


def _behind(connection: Connection, timing: Timing) -> int:
    accounts = connection.execute("SELECT account, timed, count(*) FROM conversation GROUP BY account, timed")
    return sum(n for account, mark, n in accounts if mark != timing.mark(account))


def _figures(connection: Connection, asked: Asked, by: Grouping, timing: Timing) -> Found:
    found: Found = defaultdict(dict)
    found[""] = {}
    limits = _LIMITS | (_SHIPPED if timing.targets == SHIPPED else {})
    sources = [
        source(connection, asked, by)
        for source in (_durations, _handling, _runs, _cycles, _received, _sent, _backlog, ratings.figures)
    ]
    for metric, key, figure in chain(*sources, _on_target(connection, asked, by, limits)):
        found[key][metric] = figure
    return found


Figures = Iterator[tuple[str, str, Figure]]
"""(metric, group, figure)"""


# --- durations ------------------------------------------------------------------------------------


def _durations(connection: Connection, asked: Asked, by: Grouping) -> Figures:
    column = by.columns.get("sample")
    for metric, condition in _DURATIONS.items():
        query = f"FROM sample WHERE {condition} AND stop >= ? AND stop < ? {mine(asked)} AND {NO_SPAM}"
        if column is None:
            yield metric, "", _spread(rows(connection, f"SELECT calendar, business {query}", asked))
            continue
        groups: dict[str, list[tuple[int, int | None]]] = defaultdict(list)
        whole = groups[""]
        for value, *durations in rows(connection, f"SELECT {column}, calendar, business {query}", asked):
            pair = (durations[0], durations[1])
            whole.append(pair)
            for key in by.keys(value):
                groups[key].append(pair)
        for key, pairs in groups.items():
            yield metric, key, _spread(pairs)


def _spread(durations: Iterable[tuple[int, int | None]]) -> Durations:
    pairs = list(durations)
    return Durations(
        spread([pair[0] for pair in pairs]), spread([pair[1] for pair in pairs if pair[1] is not None])
    )


def _handling(connection: Connection, asked: Asked, by: Grouping) -> Figures:
    """This agent's own time: one for each conversation that had any."""
    column = by.columns.get("handling", "0")
    sums: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    query = f"SELECT {column}, conversation, ms FROM handling WHERE start >= ? AND start < ? AND {NO_SPAM}"
    for value, conversation, ms in rows(connection, query, asked):
        for key in ("", *by.keys(value)) if "handling" in by.columns else ("",):
            sums[key][conversation] += ms
    for key, found in sums.items():
        spent = spread(max(ms, 0) for ms in found.values())
        yield "handling", key, Durations(spent, spent)


# --- shares and counts ----------------------------------------------------------------------------


def _on_target(
    connection: Connection, asked: Asked, by: Grouping, limits: dict[str, tuple[str, str]]
) -> Figures:
    """What has a target: by the clock that the target counts by."""
    for name, (metric, limit) in limits.items():
        query = (
            f"count(*), sum(business <= {limit}) FROM sample WHERE metric = '{metric}' AND stop >= ? AND stop < ? "
            f"{mine(asked)} AND target IS NOT NULL AND business IS NOT NULL AND {NO_SPAM}"
        )
        for key, (of, part) in _sums(connection, query, asked, by, "sample").items():
            if of:
                yield name, key, Share(part, of)


def _runs(connection: Connection, asked: Asked, by: Grouping) -> Figures:
    """Nobody's own: a run that nobody has answered belongs to no one."""
    if asked.mine:
        return
    for_people = "(replied OR NOT bot)"
    query = (
        f"count(*), sum(replied), sum(acted) FROM run WHERE at >= ? AND at < ? AND {for_people} AND {NO_SPAM}"
    )
    for key, (of, replied, acted) in _sums(connection, query, asked, by, "run").items():
        yield "reply_rate", key, Share(replied, of)
        yield "action_rate", key, Share(acted, of)


def _cycles(connection: Connection, asked: Asked, by: Grouping) -> Figures:
    ended = (
        f"count(*), sum({_REOPENED}), sum(replies = 1 AND NOT ({_REOPENED})), sum(runs) FROM cycle "
        f"WHERE ended >= ? AND ended < ? {mine(asked)} AND {NO_SPAM}"
    )
    completed: dict[str, int] = defaultdict(int)
    for key, (n, reopened, touched, runs) in _sums(connection, ended, asked, by, "ended").items():
        completed[key] = n
        yield "completed", key, Count(n)
        yield "reopen_rate", key, Share(reopened, n)
        yield "one_touch", key, Share(touched, n)
        yield "contacts_per_resolution", key, Mean(n, runs / n if n else None)
    if asked.mine:
        return
    begun = f"count(*) FROM cycle WHERE began >= ? AND began < ? AND {NO_SPAM}"
    for key, (n,) in _sums(connection, begun, asked, by, "begun").items():
        yield "conversations", key, Count(n)
        yield "resolution_rate", key, Share(completed[key], n)


def _backlog(connection: Connection, asked: Asked, by: Grouping) -> Figures:
    """What was not complete at the end of the period."""
    if asked.mine:
        return
    query = (
        f"count(*) FROM cycle WHERE began < ?2 AND (ended IS NULL OR ended >= ?2) AND ?1 <= ?2 AND {NO_SPAM}"
    )
    for key, (n,) in _sums(connection, query, asked, by, "open").items():
        yield "backlog", key, Count(n)


def _received(connection: Connection, asked: Asked, by: Grouping) -> Figures:
    if asked.mine:
        return
    people = dict(
        _tuples(
            connection,
            "SELECT c.id, coalesce(k.root, -c.id) FROM conversation c LEFT JOIN contact k ON k.id = c.contact",
        )
    )
    column = by.columns.get("received")
    counts: dict[str, int] = defaultdict(int)
    who: dict[str, set[object]] = defaultdict(set)
    query = (
        f"SELECT {column or 0}, conversation, count(*) FROM message "
        f"WHERE {RECEIVED} AND at >= ? AND at < ? AND {NO_SPAM} GROUP BY 1, 2"
    )
    counts[""] = 0
    for value, conversation, n in rows(connection, query, asked):
        for key in ("", *by.keys(value)) if column else ("",):
            counts[key] += n
            who[key].add(people.get(conversation))
    for key, n in counts.items():
        yield "messages_received", key, Count(n)
        yield "customers", key, Count(len(who[key]))


def _sent(connection: Connection, asked: Asked, by: Grouping) -> Figures:
    """Replies, and how many conversations one person answers within the same quarter of an hour."""
    column = by.columns.get("sent")
    columns = f"{column or 0}, at / {QUARTER}, conversation, {SENDER}"
    groups: dict[str, _AtOnce] = defaultdict(_AtOnce)
    groups[""] = _AtOnce()
    query = (
        f"SELECT {columns} FROM message "
        f"WHERE {SENT} AND at >= ? AND at < ? {mine(asked)} AND {NO_SPAM} ORDER BY at"
    )
    for value, quarter, conversation, who in rows(connection, query, asked):
        groups[""].add(quarter, who, conversation)
        if column:
            for key in by.keys(value):
                groups[key].add(quarter, who, conversation)
    for key, group in groups.items():
        yield "replies_sent", key, Count(group.replies)
        yield "at_once", key, group.mean()


class _AtOnce:
    """Counts replies in the order of their times."""

    def __init__(self) -> None:
        self.replies = 0
        self._quarter = 0
        self._here: set[tuple[object, int]] = set()
        self._quarters = 0
        self._conversations = 0

    def add(self, quarter: int, who: object, conversation: int) -> None:
        self.replies += 1
        if quarter != self._quarter:
            self._close()
            self._quarter = quarter
        self._here.add((who, conversation))

    def _close(self) -> None:
        self._quarters += len({who for who, _ in self._here})
        self._conversations += len(self._here)
        self._here.clear()

    def mean(self) -> Mean:
        """Over the quarters in which a person answered anything."""
        self._close()
        n = self._quarters
        return Mean(n, self._conversations / n if n else None)


# --- rows -----------------------------------------------------------------------------------------


def mine(asked: Asked) -> str:
    """What a query of this agent's own asks besides."""
    return "AND mine" if asked.mine else ""


def rows(connection: Connection, query: str, asked: Asked) -> Iterator[tuple[Any, ...]]:
    """What a query finds in the period: its two places are the bounds."""
    return _tuples(connection, query, asked.since, asked.until)


def _tuples(connection: Connection, query: str, *values: object) -> Iterator[tuple[Any, ...]]:
    """Bare tuples: a report reads millions, and a `Row` costs twice as much."""
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(query, values)


def _sums(connection: Connection, query: str, asked: Asked, by: Grouping, table: str) -> dict[str, list[int]]:
    """Sums, which the query names, for the whole and each group."""
    column = by.columns.get(table)
    whole = next(rows(connection, f"SELECT {query}", asked))
    found = {"": [int(n or 0) for n in whole]}
    if column is None:
        return found
    for value, *sums in rows(connection, f"SELECT {column}, {query} GROUP BY 1", asked):
        for key in by.keys(value):
            kept = found.setdefault(key, [0] * len(sums))
            found[key] = [a + int(b or 0) for a, b in zip(kept, sums, strict=True)]
    return found
