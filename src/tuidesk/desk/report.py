"""The figures of a period, from what has been measured: as a whole, by groups, against the period before."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import tzinfo
from itertools import chain, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from tuidesk.desk import ratings
from tuidesk.desk.grouping import QUARTER, SENDER, Grouping, Keys, grouping, in_order
from tuidesk.desk.spreads import spreads_of
from tuidesk.domain.instants import DAY, Instant
from tuidesk.domain.measured import REOPENED_WITHIN, RULE
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
from tuidesk.store.messages import BESIDE
from tuidesk.store.sql import Connection, at_hand, scalar, snapshot

if TYPE_CHECKING:
    from tuidesk.desk.figures import Timing

Found = dict[str, dict[str, Figure]]
"""Group → metric → figure; "" is the whole."""

WALKED_OVER = 40_000
"""Kilobytes: the durations of one metric of a million messages."""
NO_SPAM = "conversation NOT IN (SELECT id FROM conversation WHERE spam <> 0)"
"""Nothing that is measured is spam's."""
_NO_SURVEY = (
    f"id NOT IN (SELECT json_extract(data, '$.message') FROM entry WHERE ({BESIDE}) "
    "AND json_extract(data, '$.message') IS NOT NULL)"
)
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
_OURS = "direction = 'out' AND kind = 'person'"
SENT = f"{_OURS} AND state IN ('', 'sent', 'unknown')"
RECEIVED = "direction = 'in' AND kind = 'person'"
_REOPENED = f"reopened IS NOT NULL AND reopened - ended <= {REOPENED_WITHIN}"


def counted(connection: Connection) -> str:
    """Which messages are part of a conversation: none of spam, no survey, no answer that is nothing but one. What there
    is none of is not looked for in a million rows."""
    asked = f"SELECT 1 FROM entry WHERE ({BESIDE}) AND json_extract(data, '$.message') IS NOT NULL LIMIT 1"
    conditions = {
        NO_SPAM: scalar(connection, "SELECT 1 FROM conversation WHERE spam <> 0 LIMIT 1"),
        _NO_SURVEY: scalar(connection, asked),
    }
    return " AND ".join(["true", *(condition for condition, there_is in conditions.items() if there_is)])


def zone(timing: "Timing") -> tzinfo | None:
    """By whose clock a report's days and hours are: of the agent's business hours; None: the machine's."""
    rules = timing.rules("")
    return rules.calendar.hours.zone if rules.whose else None


def report(connection: Connection, asked: Asked, timing: "Timing", now: Instant) -> Report:
    """The figures of a period, as of one moment. A duration belongs to the instant at which it ended."""
    with at_hand(connection, WALKED_OVER), snapshot(connection):
        return _report(connection, asked, timing, now)


def _report(connection: Connection, asked: Asked, timing: "Timing", now: Instant) -> Report:
    by = grouping(connection, asked.by, zone(timing))
    found = _figures(connection, asked, by, timing)
    before = _figures(connection, asked.before, by, timing) if asked.compare else {}
    groups = ["", *in_order(asked.by, (key for key in found if key))]
    return Report(
        asked=asked,
        groups=tuple(Group(key, _in_order(found[key]), _in_order(before.get(key, {}))) for key in groups),
        rule=RULE,
        behind=_behind(connection, timing),
        provisional=asked.until > now - REOPENED_WITHIN,
        first_at=_first_at(connection),
    )


def _first_at(connection: Connection) -> Instant | None:
    query = (
        f"SELECT (SELECT min(at) FROM message WHERE {RECEIVED}), (SELECT min(at) FROM message WHERE {_OURS})"
    )
    return min((int(at) for at in next(_tuples(connection, query)) if at is not None), default=None)


def _in_order(figures: dict[str, Figure]) -> dict[str, Figure]:
    return {metric.key: figures[metric.key] for metric in METRICS if metric.key in figures}


def _behind(connection: Connection, timing: "Timing") -> int:
    accounts = connection.execute("SELECT account, timed, count(*) FROM conversation GROUP BY timed, account")
    return sum(n for account, mark, n in accounts if mark != timing.mark(account))


def _figures(connection: Connection, asked: Asked, by: Grouping, timing: "Timing") -> Found:
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
    whole = {
        metric: _of_all(connection, asked, f"sample WHERE {condition}")
        for metric, condition in _DURATIONS.items()
        if metric != "first_answer" or _has_holding(connection, asked)
    }
    whole.setdefault("first_answer", whole["first_response"])
    for metric, figure in whole.items():
        yield metric, "", figure
    column = by.columns.get("sample")
    if column is None:
        return
    groups = {
        metric: _of_groups(
            connection, asked, by.keys, f"SELECT {column}, {{}} FROM sample WHERE {condition}", whole[metric]
        )
        for metric, condition in _DURATIONS.items()
        if whole[metric] is not whole["first_response"] or metric == "first_response"
    }
    groups.setdefault("first_answer", groups["first_response"])
    for metric, figures in groups.items():
        for key, figure in figures.items():
            yield metric, key, figure


def _of_groups(
    connection: Connection, asked: Asked, keys: Keys, query: str, whole: Durations
) -> dict[str, Durations]:
    calendar: dict[str, list[int]] = defaultdict(list)
    business: dict[str, list[int]] = defaultdict(list)
    if whole.business is whole.calendar:
        for value, ms in rows(connection, f"{query.format('calendar')} {_within(asked)}", asked):
            for key in keys(value):
                calendar[key].append(ms)
        return {key: Durations(one, one) for key, found in calendar.items() for one in (spread(found),)}
    for value, ms, working in rows(
        connection, f"{query.format('calendar, business')} {_within(asked)}", asked
    ):
        for key in keys(value):
            calendar[key].append(ms)
            if working is not None:
                business[key].append(working)
    return {key: Durations(spread(found), spread(business[key])) for key, found in calendar.items()}


def _within(asked: Asked) -> str:
    return f"AND stop >= ? AND stop < ? {mine(asked)}"


def _has_holding(connection: Connection, asked: Asked) -> bool:
    query = f"SELECT 1 FROM sample WHERE metric = 'first_response' AND holding {_within(asked)} LIMIT 1"
    return next(rows(connection, query, asked), None) is not None or _has_later(connection, asked)


def _has_later(connection: Connection, asked: Asked) -> bool:
    """A first answer of the period whose holding reply was before it."""
    query = f"SELECT 1 FROM sample WHERE metric = 'first_answer' {_within(asked)} LIMIT 1"
    return next(rows(connection, query, asked), None) is not None


def _of_all(connection: Connection, asked: Asked, source: str) -> Durations:
    within, bounds = f"{source} {_within(asked)}", (asked.since, asked.until)
    if scalar(connection, f"SELECT 1 FROM {within} AND business IS NOT calendar LIMIT 1", *bounds):
        return Durations(*spreads_of(connection, ("calendar", "business"), within, bounds))
    (calendar,) = spreads_of(connection, ("calendar",), within, bounds)
    return Durations(calendar, calendar)


def _handling(connection: Connection, asked: Asked, by: Grouping) -> Figures:
    """This agent's own time: one for each thread that had any."""
    column = by.columns.get("handling", "0")
    merged = "SELECT id, merged_into FROM conversation WHERE merged_into IS NOT NULL"
    roots = dict(_tuples(connection, merged))
    sums: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    query = f"SELECT {column}, conversation, ms FROM handling WHERE start >= ? AND start < ? AND {NO_SPAM}"
    for value, conversation, ms in rows(connection, query, asked):
        for key in ("", *by.keys(value)) if "handling" in by.columns else ("",):
            sums[key][roots.get(conversation, conversation)] += ms
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
            f"{mine(asked)} AND target IS NOT NULL AND business IS NOT NULL"
        )
        for key, (of, part) in _sums(connection, query, asked, by, "sample").items():
            if of:
                yield name, key, Share(part, of)


def _runs(connection: Connection, asked: Asked, by: Grouping) -> Figures:
    """Nobody's own: a run that nobody has answered belongs to no one."""
    if asked.mine:
        return
    for_people = "(replied OR NOT bot)"
    query = f"count(*), sum(replied), sum(acted) FROM run WHERE at >= ? AND at < ? AND {for_people}"
    for key, (of, replied, acted) in _sums(connection, query, asked, by, "run").items():
        yield "reply_rate", key, Share(replied, of)
        yield "action_rate", key, Share(acted, of)


def _cycles(connection: Connection, asked: Asked, by: Grouping) -> Figures:
    ended = (
        f"count(*), sum({_REOPENED}), sum(replies = 1 AND NOT ({_REOPENED})), sum(runs) FROM cycle "
        f"WHERE ended >= ? AND ended < ? {mine(asked)}"
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
    begun = "count(*) FROM cycle WHERE began >= ? AND began < ?"
    for key, (n,) in _sums(connection, begun, asked, by, "begun").items():
        yield "conversations", key, Count(n)
        yield "resolution_rate", key, Share(completed[key], n)


def _backlog(connection: Connection, asked: Asked, by: Grouping) -> Figures:
    """What was not complete at the end of the period."""
    if asked.mine:
        return
    query = "count(*) FROM cycle WHERE began < ?2 AND (ended IS NULL OR ended >= ?2) AND ?1 <= ?2"
    for key, (n,) in _sums(connection, query, asked, by, "open").items():
        yield "backlog", key, Count(n)


def _received(connection: Connection, asked: Asked, by: Grouping) -> Figures:
    if asked.mine:
        return
    column = by.columns.get("received")
    source = f"FROM message WHERE {RECEIVED} AND at >= ? AND at < ? AND {counted(connection)}"
    counts: dict[str, int] = defaultdict(int)
    threads: dict[str, set[int]] = defaultdict(set)
    (told,) = next(
        rows(connection, f"SELECT json_group_array(conversation) {source}", asked)
    )  # in one piece: faster
    received = json.loads(told)
    counts[""], threads[""] = len(received), set(received)
    if column is not None:
        query = f"SELECT {column}, conversation, count(*) {source} GROUP BY 1, 2"
        for value, conversation, n in rows(connection, query, asked):
            for key in by.keys(value):
                counts[key] += n
                threads[key].add(conversation)
    people = _people(connection)
    for key, n in counts.items():
        yield "messages_received", key, Count(n)
        yield "customers", key, Count(len({people[number] for number in threads[key]}))


def _people(connection: Connection) -> dict[int, int]:
    """Conversation → the contact that its customer is shown as; one without a contact is somebody of its own."""
    shown = dict(_tuples(connection, "SELECT id, root FROM contact WHERE root <> id"))
    contacts = _tuples(connection, "SELECT id, contact FROM conversation")
    return {number: shown.get(contact, contact) or -number for number, contact in contacts}


def _sent(connection: Connection, asked: Asked, by: Grouping) -> Figures:
    """Replies, and how many conversations one person answers within the same quarter of an hour."""
    column = by.columns.get("sent")
    source = f"FROM message WHERE {SENT} AND at >= ? AND at < ? {mine(asked)} AND {counted(connection)} ORDER BY at"
    answered = f"at / {QUARTER}, {SENDER}, conversation"
    yield from _replies("", rows(connection, f"SELECT {answered} {source}", asked))
    if column is None:
        return
    groups: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for value, *answer in rows(connection, f"SELECT {column}, {answered} {source}", asked):
        for key in by.keys(value):
            groups[key].append(tuple(answer))
    for key, answers in groups.items():
        yield from _replies(key, iter(answers))


def _replies(key: str, answers: Iterator[tuple[Any, ...]]) -> Figures:
    """From (quarter, who, conversation) in the order of the quarters."""
    replies = quarters = conversations = 0
    for _, group in groupby(answers, itemgetter(0)):
        quarter = list(group)
        replies += len(quarter)
        different = set(quarter)
        conversations += len(different)
        quarters += len({who for _, who, _ in different})
    yield "replies_sent", key, Count(replies)
    yield "at_once", key, Mean(quarters, conversations / quarters if quarters else None)


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
