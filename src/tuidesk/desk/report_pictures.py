"""What of a period people would rather look at: volume and backlog, the week by its hours, how replies are spread, the
team, topics, canned replies, what customers said."""

from bisect import bisect_right
from collections import Counter, defaultdict
from datetime import datetime, timedelta, tzinfo

from tuidesk.desk import ratings
from tuidesk.desk.figures import Timing
from tuidesk.desk.grouping import MINE, QUARTER, SENDER, grouping, local
from tuidesk.desk.report import NO_SPAM, RECEIVED, SENT, mine, rows, zone
from tuidesk.domain.instants import DAY, Instant, of
from tuidesk.domain.metrics import Asked, Bar, Heat, Member, Pictures, Ranked, Volume, bars, spread
from tuidesk.store.sql import Connection

_MOST_DAYS = 62
"""A longer period is drawn by weeks."""
_RANKED, _COMMENTS = 20, 50


def pictures(connection: Connection, asked: Asked, timing: Timing) -> Pictures:
    """Of the whole of a period, whatever it is grouped by."""
    clock = zone(timing)
    received = _by_quarter(
        connection, asked, f"at / {QUARTER}", f"message WHERE {RECEIVED} AND at >= ? AND at < ?"
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
    query = f"SELECT {column}, count(*) FROM {source} AND {NO_SPAM} GROUP BY 1"
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
    query = (
        "SELECT count(*) FROM cycle WHERE began < ?1 AND (ended IS NULL OR ended >= ?1) AND ?1 <= ?2 "
        f"AND {NO_SPAM}"
    )
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
        f"{mine(asked)} AND {NO_SPAM}"
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
    query = (
        "SELECT business, target FROM sample WHERE metric = 'reply' AND stop >= ? AND stop < ? "
        f"{mine(asked)} AND business IS NOT NULL AND {NO_SPAM}"
    )
    found = list(rows(connection, query, asked))
    targets = Counter(target for _, target in found if target is not None).most_common(1)
    return bars(business for business, _ in found), targets[0][0] if targets else None


# --- who and what ---------------------------------------------------------------------------------


def _team(connection: Connection, asked: Asked) -> tuple[Member, ...]:
    """On accounts on which more than one person has answered in the period."""
    accounts = dict(connection.execute("SELECT id, account FROM conversation").fetchall())
    sent: dict[str, Counter[object]] = defaultdict(Counter)
    query = (
        f"SELECT conversation, {SENDER}, count(*) FROM message WHERE {SENT} AND at >= ? AND at < ? AND {NO_SPAM} "
        "GROUP BY 1, 2"
    )
    for conversation, who, n in rows(connection, query, asked):
        if who:
            sent[accounts[conversation]][who] += n
    shared = {account for account, people in sent.items() if len(people) > 1}
    if not shared:
        return ()
    replies = sum((people for account, people in sent.items() if account in shared), Counter[object]())
    waits: dict[object, list[int]] = defaultdict(list)
    doer = f"CASE WHEN mine THEN {MINE} ELSE by END"
    query = (
        f"SELECT conversation, {doer}, calendar FROM sample WHERE metric = 'reply' AND stop >= ? AND stop < ? "
        f"AND {NO_SPAM}"
    )
    for conversation, who, calendar in rows(connection, query, asked):
        if who and accounts[conversation] in shared:
            waits[who].append(calendar)
    completed = Counter[object]()
    query = f"SELECT conversation, {doer} FROM cycle WHERE ended >= ? AND ended < ? AND {NO_SPAM}"
    for conversation, who in rows(connection, query, asked):
        if who and accounts[conversation] in shared:
            completed[who] += 1
    people = sorted(replies | completed, key=lambda who: (who != MINE, -replies[who], str(who)))
    return tuple(
        Member("" if who == MINE else str(who), who == MINE, replies[who], spread(waits[who]), completed[who])
        for who in people
    )


def _topics(connection: Connection, asked: Asked) -> tuple[Ranked, ...]:
    keys = grouping(connection, "tag", None).keys
    counts = Counter[str]()
    query = (
        f"SELECT conversation, count(*) FROM cycle WHERE began >= ? AND began < ? AND {NO_SPAM} GROUP BY 1"
    )
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
