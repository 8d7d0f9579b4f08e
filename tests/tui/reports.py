"""Reports made by hand: one with every figure, an empty one, and what hostile customers make of one."""

from bisect import bisect_right
from collections.abc import Iterable

from tuidesk.domain.instants import DAY, HOUR, MINUTE, Instant, parse
from tuidesk.domain.metrics import (
    BARS,
    METRICS,
    NONE,
    Asked,
    Bar,
    Comment,
    Count,
    Durations,
    Figure,
    Group,
    Heat,
    Mean,
    Member,
    Metric,
    Pictures,
    Ranked,
    Report,
    Score,
    Share,
    Spread,
    Volume,
)

NOW: Instant = parse("2026-11-28T12:00:00Z")
NASTY = (
    "\x1b[31mred\x1b[0m \x1b]8;;http://x\x07link \u202ereversed\u2066 nul\x00 [bold]markup[/] \u0085 \ud83d",
    "W" * 3000,
    "한국어" * 400,
    "e\u0301\u0316" * 50 + "👩‍👩‍👧‍👦" * 20,
    "",
)


def figure(metric: Metric, factor: int = 1) -> Figure:
    match metric.unit:
        case "duration":
            found = Spread(1200 * factor, 90 * MINUTE * factor, 50 * MINUTE * factor, 4 * HOUR * factor)
            return Durations(found, found._replace(n=1100, median=30 * MINUTE))
        case "share":
            return Share(380 * factor, 400 * factor)
        case "count":
            return Count(12_345 * factor)
        case "mean":
            return Mean(40, 1.5 * factor)
        case _:
            return Score(40, 0.5)


def full(by: str = "", groups: tuple[str, ...] = ()) -> Report:
    """Every figure that there is, with another before."""
    now = {metric.key: figure(metric) for metric in METRICS}
    before = {metric.key: figure(metric, 2) for metric in METRICS}
    asked = Asked(NOW - 7 * DAY, NOW, by)  # type: ignore[arg-type]
    made = tuple(Group(key, now, before) for key in ("", *groups))
    return Report(asked, made, rule=2, behind=3, provisional=True, first_at=NOW - 3 * DAY)


def bars(durations: Iterable[int]) -> tuple[Bar, ...]:
    """Durations, in milliseconds, as a distribution."""
    counts = [0] * (len(BARS) + 1)
    for one in durations:
        counts[bisect_right(BARS, one)] += 1
    return tuple(Bar(below, n) for below, n in zip((*BARS, None), counts, strict=True))


def pictures(days: int = 30) -> Pictures:
    """Of as many days."""
    volume = tuple(
        Volume(NOW - (days - at) * DAY, received=at * 7 % 23, completed=at * 5 % 19, backlog=40 + at % 9)
        for at in range(days)
    )
    received = tuple(tuple((day * hour) % 130 for hour in range(24)) for day in range(7))
    reply = tuple(tuple(hour * day * 1.5 * MINUTE or None for hour in range(24)) for day in range(7))
    durations = [MINUTE * n for n in range(0, 600, 7)]
    return Pictures(
        volume=volume,
        by_week=False,
        heat=Heat(received, reply),
        replies=bars(durations),
        target=4 * HOUR,
        team=(Member("", True, 40, Spread(40, HOUR, HOUR, 2 * HOUR), 12), Member("Sam", False, 7, NONE, 0)),
        topics=(Ranked("refund", 40), Ranked("parcel", 7)),
        canned=(Ranked("greeting", 3),),
        comments=(Comment(42, NOW, "csat", 5, 5, "Dana Ortiz", "Quick and kind"),),
    )


def hostile() -> Pictures:
    """With the worst names and comments."""
    return pictures()._replace(
        team=tuple(Member(words, False, 1, NONE, 1) for words in NASTY),
        topics=tuple(Ranked(words, 10**9) for words in NASTY),
        canned=tuple(Ranked(words, 1) for words in NASTY),
        comments=tuple(Comment(1, NOW, "nps", 10, 10, words, words + "\nmore") for words in NASTY),
    )


def nothing() -> Pictures:
    """Of a time in which nothing was."""
    empty: tuple[None, ...] = (None,) * 24
    return Pictures((), False, Heat(((0,) * 24,) * 7, (empty,) * 7), bars(()), None, (), (), (), ())
