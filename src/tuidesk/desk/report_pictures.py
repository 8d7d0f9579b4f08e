"""What of a period people would rather look at: volume and backlog, the week by its hours, how replies are spread, the
team, topics, canned replies, what customers said."""

from bisect import bisect_right
from collections import Counter, defaultdict
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise
from typing import TYPE_CHECKING

from tuidesk.desk import ratings
from tuidesk.desk.grouping import DOER, MINE, QUARTER, SENDER, grouping, local
from tuidesk.desk.report import NO_SPAM, RECEIVED, SENT, WALKED_OVER, counted, mine, rows, zone
from tuidesk.domain.instants import DAY, Instant, of
from tuidesk.domain.metrics import BARS, Asked, Bar, Heat, Member, Pictures, Ranked, Volume, spread
from tuidesk.store.sql import Connection, at_hand, snapshot

if TYPE_CHECKING:
    from tuidesk.desk.figures import Timing

_MOST_DAYS = 62
"""A longer period is drawn by weeks."""
_RANKED, _COMMENTS = 20, 50


def pictures(connection: Connection, asked: Asked, timing: "Timing") -> Pictures:
    """Of the whole of a period, whatever it is grouped by, as of one moment."""
    with at_hand(connection, WALKED_OVER), snapshot(connection):
        return _pictures(connection, asked, timing)


def _pictures(connection: Connection, asked: Asked, timing: "Timing") -> Pictures:
    clock = zone(timing)
    received = _by_quarter(
        connection,
        asked,
        f"at / {QUARTER}",
        f"message WHERE {RECEIVED} AND at >= ? AND at < ? AND {counted(connection)}",
    )
    replies, target = _replies(connection, asked)
    by_week = asked.until - asked.since > _MOST_DAYS * DAY
    return Pictures(
        volume=_volume(connection, asked, received, clock, by_week=by_week),
        by_week=by_week,
        heat=_heat(connection, asked, received, clock),
        replies=replies,
        target=target,
        team=_team(connection, asked),
        topics=_topics(connection, asked),
        canned=_canned(connection, asked),
        comments=ratings.comments(connection, asked, _COMMENTS),
    )


def _by_quarter(connection: Connection, asked: Asked, column: str, source: str) -> list[tuple[Instant, int]]:
    query = f"SELECT {column}, count(*) FROM {source} GROUP BY 1"
    return [(quarter * QUARTER, n) for quarter, n in rows(connection, query, asked)]


# --- over time ------------------------------------------------------------------------------------


def _volume(
    connection: Connection,
    asked: Asked,
    received: list[tuple[Instant, int]],
    clock: tzinfo | None,
    *,
    by_week: bool,
) -> tuple[Volume, ...]:
    bounds = _bounds(asked, clock, by_week=by_week)
    came = _counted(bounds, received)
    begun = _counted(
        bounds,
        _by_quarter(connection, asked, f"began / {QUARTER}", "cycle WHERE began >= ? AND began < ?"),
    )
    ended = _counted(
        bounds,
        _by_quarter(connection, asked, f"ended / {QUARTER}", "cycle WHERE ended >= ? AND ended < ?"),
    )
    query = "SELECT count(*) FROM cycle WHERE began < ?1 AND (ended IS NULL OR ended >= ?1) AND ?1 <= ?2"
    backlog = int(next(rows(connection, query, asked))[0])
    found = []
    for number, at in enumerate(bounds):
        backlog += begun[number] - ended[number]
        found.append(Volume(at, came[number], ended[number], backlog))
    return tuple(found)


def _counted(bounds: list[Instant], counts: list[tuple[Instant, int]]) -> Counter[int]:
    found = Counter[int]()
    for at, n in counts:
        found[max(bisect_right(bounds, at) - 1, 0)] += n
    return found


def _bounds(asked: Asked, clock: tzinfo | None, *, by_week: bool) -> list[Instant]:
    """The midnights, of Mondays where it goes by weeks, from the one before the period on."""
    first = local(asked.since, clock).date()
    if by_week:
        first -= timedelta(days=first.weekday())
    found: list[Instant] = []
    while True:
        midnight = datetime(first.year, first.month, first.day, tzinfo=clock)
        at = of(midnight if clock is not None else midnight.astimezone())
        if at >= asked.until:
            return found or [asked.since]
        found.append(at)
        first += timedelta(days=7 if by_week else 1)


def _heat(
    connection: Connection, asked: Asked, received: list[tuple[Instant, int]], clock: tzinfo | None
) -> Heat:
    """A reply belongs to the hour in which the customer wrote."""
    came = [[0] * 24 for _ in range(7)]
    for at, n in received:
        moment = local(at, clock)
        came[moment.weekday()][moment.hour] += n
    waits: dict[int, list[int]] = defaultdict(list)
    query = (
        f"SELECT start / {QUARTER}, calendar FROM sample WHERE metric = 'reply' AND stop >= ? AND stop < ? "
        f"{mine(asked)}"
    )
    for quarter, calendar in rows(connection, query, asked):
        waits[quarter].append(calendar)
    hours: dict[tuple[int, int], list[int]] = defaultdict(list)
    for quarter, calendars in waits.items():
        moment = local(quarter * QUARTER, clock)
        hours[moment.weekday(), moment.hour].extend(calendars)
    return Heat(
        tuple(map(tuple, came)),
        tuple(
            tuple(spread(hours[day, hour]).median if (day, hour) in hours else None for hour in range(24))
            for day in range(7)
        ),
    )


def _replies(connection: Connection, asked: Asked) -> tuple[tuple[Bar, ...], int | None]:
    """How they are spread, by the clock of the target; and the target that most of them had."""
    source = f"FROM sample WHERE metric = 'reply' AND stop >= ? AND stop < ? {mine(asked)} AND business IS NOT NULL"
    below = ", ".join(f"count(*) FILTER (WHERE business < {bound})" for bound in BARS)
    *counts, n = next(rows(connection, f"SELECT {below}, count(*) {source}", asked))
    bars = (
        Bar(bound, upto - before)
        for bound, (before, upto) in zip((*BARS, None), pairwise((0, *counts, n)), strict=True)
    )
    query = f"SELECT target {source} AND target IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    target = next(rows(connection, query, asked), None)
    return tuple(bars), None if target is None else int(target[0])


# --- who and what ---------------------------------------------------------------------------------


def _team(connection: Connection, asked: Asked) -> tuple[Member, ...]:
    """On accounts on which more than one person has answered in the period."""
    accounts = dict(connection.execute("SELECT id, account FROM conversation").fetchall())
    query = f"SELECT {SENDER}, conversation FROM message WHERE {SENT} AND at >= ? AND at < ? AND {counted(connection)}"
    sent: dict[str, Counter[object]] = defaultdict(Counter)
    for who, conversation in rows(connection, query, asked):
        sent[accounts[conversation]][who] += 1
    people = {account: sum(map(bool, who)) for account, who in sent.items()}
    shared = {account for account, several in people.items() if several > 1}
    if not shared:
        return ()
    replies = sum((who for account, who in sent.items() if account in shared), Counter[object]())
    waits: dict[object, list[int]] = defaultdict(list)
    query = (
        f"SELECT {DOER}, conversation, calendar FROM sample WHERE metric = 'reply' AND stop >= ? AND stop < ?"
    )
    for who, conversation, calendar in rows(connection, query, asked):
        if accounts[conversation] in shared:
            waits[who].append(calendar)
    query = f"SELECT {DOER}, conversation FROM cycle WHERE ended >= ? AND ended < ?"
    done = rows(connection, query, asked)
    completed = Counter(who for who, conversation in done if accounts[conversation] in shared)
    named = sorted(filter(None, replies | completed), key=lambda who: (who != MINE, -replies[who], str(who)))
    return tuple(
        Member("" if who == MINE else str(who), who == MINE, replies[who], spread(waits[who]), completed[who])
        for who in named
    )


def _topics(connection: Connection, asked: Asked) -> tuple[Ranked, ...]:
    keys = grouping(connection, "tag", None).keys
    counts = Counter[str]()
    query = "SELECT conversation, count(*) FROM cycle WHERE began >= ? AND began < ? GROUP BY 1"
    for conversation, n in rows(connection, query, asked):
        for topic in keys(conversation):
            counts[topic] += n
    return _ranked(counts)


def _canned(connection: Connection, asked: Asked) -> tuple[Ranked, ...]:
    query = f"SELECT canned, count(*) FROM canned_use WHERE at >= ? AND at < ? AND {NO_SPAM} GROUP BY 1"
    return _ranked(Counter(dict(rows(connection, query, asked))))


def _ranked(counts: Counter[str]) -> tuple[Ranked, ...]:
    best = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:_RANKED]
    return tuple(Ranked(name, n) for name, n in best)
