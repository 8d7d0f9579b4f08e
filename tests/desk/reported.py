"""Reports made by hand, for tests of what is made of them."""

from tuidesk.domain import instants
from tuidesk.domain.instants import DAY, HOUR, MINUTE, Instant
from tuidesk.domain.metrics import (
    BARS,
    METRICS,
    NONE,
    Asked,
    Bar,
    By,
    Comment,
    Count,
    Durations,
    Figure,
    Group,
    Heat,
    Mean,
    Member,
    Pictures,
    Ranked,
    Report,
    Score,
    Share,
    Spread,
    Volume,
)

SINCE: Instant = instants.parse("2026-11-01T00:00:00Z")
UNTIL: Instant = instants.parse("2026-11-29T00:00:00Z")

_TEAM_ONLY = frozenset(metric.key for metric in METRICS if not metric.of_person)


def bars(*counts: int) -> tuple[Bar, ...]:
    """A distribution with these heights."""
    return tuple(Bar(below, n) for below, n in zip((*BARS, None), counts, strict=True))


def figures(of: int = 120, *, mine: bool = False) -> dict[str, Figure]:
    """One of each that can be said; the greater `of`, the more there was."""
    found: dict[str, Figure] = {}
    for place, metric in enumerate(METRICS, start=1):
        if mine and metric.key in _TEAM_ONLY:
            continue
        calendar = Spread(of, 47.4 * MINUTE * place, 22 * MINUTE * place, 2.6 * HOUR * place)
        business = Spread(of, 31.0 * MINUTE * place, 18 * MINUTE * place, 1.4 * HOUR * place)
        match metric.unit:
            case "duration":
                found[metric.key] = Durations(calendar, business)
            case "share":
                found[metric.key] = Share(of * place // 40, of)
            case "count":
                found[metric.key] = Count(of * place)
            case "mean":
                found[metric.key] = Mean(of, 1.37)
            case "score":
                found[metric.key] = Score(of, 42.0 if metric.key == "nps" else 0.81)
    return found


def report(*keys: str, by: By = "", mine: bool = False, compare: bool = True) -> Report:
    """Of November, by `by` with a group for each of `keys`."""
    before = figures(100, mine=mine) if compare else {}
    groups = [Group("", figures(mine=mine), before)]
    groups += [Group(key, figures(30 + place, mine=mine), before) for place, key in enumerate(keys)]
    asked = Asked(SINCE, UNTIL, by, mine, compare)
    return Report(asked, tuple(groups), 3, behind=12, provisional=True, first_at=SINCE + DAY)


def pictures(*, hostile: str = "", weeks: int = 0) -> Pictures:
    """With everything in it, of November or of so many weeks; what people wrote or are called is `hostile`, where that
    is said."""
    volume = tuple(
        Volume(
            SINCE + place * DAY * (7 if weeks else 1),
            3 + place * 7 % 23,
            place * 5 % 19,
            40 + place * 11 % 17,
        )
        for place in range(weeks or 28)
    )
    received = tuple(
        tuple(0 if hour < 6 else (hour * (8 - weekday)) % 41 for hour in range(24)) for weekday in range(7)
    )
    reply = tuple(
        tuple(None if hour < 6 else (hour + weekday) ** 3 * 17_000.0 for hour in range(24))
        for weekday in range(7)
    )
    said = hostile or "Dana was quick and kind.\nThe refund came the same day."
    return Pictures(
        volume=volume,
        by_week=weeks > 0,
        heat=Heat(received, reply),
        replies=bars(6, 8, 10, 10, 14, 21, 28, 41, 101, 100, 295, 265),
        target=4 * HOUR,
        team=(
            Member("", True, 120, Spread(118, 40.0 * MINUTE, 22.0 * MINUTE, 3.0 * HOUR), 97),
            Member(hostile or "Sam Ito", False, 88, Spread(88, 52.0 * MINUTE, 30.0 * MINUTE, 4.0 * HOUR), 71),
        ),
        topics=(Ranked(hostile or "refund", 61), Ranked("refund/late", 31), Ranked("login", 12)),
        canned=(Ranked(hostile or "hello", 44), Ranked("refund-sent", 18)),
        comments=(
            Comment(42, UNTIL - HOUR, "csat", 5, 5, hostile or "Dana Ortiz", said),
            Comment(77, UNTIL - DAY, "nps", 3, 10, "김서연", "환불이 너무 늦었어요."),
            Comment(78, UNTIL - DAY, "effort", 6, 7, "", "toʻlov ikki marta yechildi"),
        ),
    )


NO_PICTURES = Pictures(
    volume=(),
    by_week=False,
    heat=Heat(((0,) * 24,) * 7, ((None,) * 24,) * 7),
    replies=bars(*[0] * 12),
    target=None,
    team=(),
    topics=(),
    canned=(),
    comments=(),
)

EMPTY = Report(
    Asked(SINCE, UNTIL, compare=False),
    (Group("", {"reply": Durations(NONE, NONE)}, {}),),
    3,
    behind=0,
    provisional=False,
    first_at=None,
)
"""A time in which nobody wrote."""
