"""Reports made by hand."""

from tuidesk.domain.instants import DAY, HOUR, MINUTE, Instant, parse
from tuidesk.domain.metrics import (
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

UNTIL = parse("2026-11-28T00:00:00Z")
SINCE = UNTIL - 7 * DAY


def times(n: int, median: int, business: int | None = None) -> Durations:
    """All of them as long as the median, in milliseconds."""
    calendar = Spread(n, median, median, median)
    return Durations(calendar, calendar if business is None else Spread(n, business, business, business))


def report(
    figures: dict[str, Figure],
    before: dict[str, Figure] | None = None,
    by: By = "",
    groups: tuple[Group, ...] = (),
    first_at: Instant | None = SINCE - DAY,
) -> Report:
    """Of a week, compared where `before` is given."""
    asked = Asked(SINCE, UNTIL, by, mine=False, compare=before is not None)
    whole = Group("", figures, before or {})
    return Report(asked, (whole, *groups), rule=2, behind=0, provisional=False, first_at=first_at)


FULL: dict[str, Figure] = {
    "first_response": times(12, 30 * MINUTE, 10 * MINUTE),
    "reply": times(40, HOUR),
    "on_target_reply": Share(38, 40),
    "reopen_rate": Share(2, 20),
    "contacts_per_resolution": Mean(20, 1.75),
    "messages_received": Count(1204),
    "backlog": Count(8),
    "nps": Score(10, 40.0),
    "effort": Score(10, 0.8),
}
EARLIER: dict[str, Figure] = {
    "first_response": times(12, 60 * MINUTE, 8 * MINUTE),
    "reply": times(40, HOUR),
    "on_target_reply": Share(36, 40),
    "reopen_rate": Share(1, 20),
    "contacts_per_resolution": Mean(20, 1.5),
    "messages_received": Count(0),
    "backlog": Count(10),
    "nps": Score(10, 50.0),
    "effort": Score(10, 0.8),
}


def pictures(*texts: str) -> Pictures:
    """With these texts wherever somebody else's text can stand."""
    received = tuple(tuple(1 if (day, hour) == (0, 9) else 0 for hour in range(24)) for day in range(7))
    reply = tuple(tuple(HOUR if (day, hour) == (0, 9) else None for hour in range(24)) for day in range(7))
    return Pictures(
        volume=(Volume(SINCE, 5, 2, 3), Volume(SINCE + DAY, 1, 4, 0)),
        by_week=False,
        heat=Heat(received, reply),
        replies=(Bar(MINUTE, 3), Bar(None, 1)),
        target=4 * HOUR,
        team=(
            Member("", True, 3, Spread(3, MINUTE, MINUTE, MINUTE), 1),
            *(Member(text, False, 1, Spread(0, 0, 0, 0), 0) for text in texts),
        ),
        topics=tuple(Ranked(text, 2) for text in texts),
        canned=tuple(Ranked(text, 2) for text in texts),
        comments=tuple(Comment(42, SINCE, "csat", 2, 5, text, text) for text in texts),
    )
