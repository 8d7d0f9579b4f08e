"""The JSON forms of `report --json`: the report, a line for each figure, and the pictures. Durations are in seconds."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from tuidesk.domain.instants import SECOND, rfc3339
from tuidesk.domain.metrics import (
    METRICS,
    Asked,
    Count,
    Durations,
    Figure,
    Member,
    Pictures,
    Report,
    Share,
    Spread,
)

Form = dict[str, Any]


def report(told: Report, zone: tzinfo | None) -> Iterator[Form]:
    """`report`, and a `metric` for each figure of each group."""
    asked = told.asked
    yield {
        **_head("report", asked, zone),
        "by": asked.by or None,
        "rule": told.rule,
        "behind": told.behind,
        "provisional": told.provisional,
        "first_at": None if told.first_at is None else rfc3339(told.first_at),
    }
    for group in told.groups:
        for metric in METRICS:
            if (figure := group.figures.get(metric.key)) is None:
                continue
            form: Form = {
                "type": "metric",
                "group": group.key or None,
                "metric": metric.key,
                **_figure(figure),
            }
            if asked.compare:
                before = group.before.get(metric.key)
                form["before"] = None if before is None else _figure(before)
            yield form


def _head(kind: str, asked: Asked, zone: tzinfo | None) -> Form:
    return {
        "type": kind,
        "since": rfc3339(asked.since),
        "until": rfc3339(asked.until),
        "zone": None if zone is None else str(zone),
        "mine": asked.mine,
    }


def _figure(figure: Figure) -> Form:
    match figure:
        case Durations():
            return {
                "n": figure.calendar.n,
                "calendar": spread(figure.calendar),
                "business": spread(figure.business),
            }
        case Share():
            return {"part": figure.part, "of": figure.of, "value": figure.value}
        case Count():
            return {"n": figure.n}
        case _:
            return {"n": figure.n, "value": figure.value}


def spread(found: Spread) -> Form:
    """Of nothing there is no mean."""
    return {
        "n": found.n,
        "mean_s": _seconds(found.mean) if found.n else None,
        "median_s": _seconds(found.median) if found.n else None,
        "p90_s": _seconds(found.p90) if found.n else None,
    }


def _seconds(ms: float) -> float:
    return round(ms / SECOND, 3)


def team(members: tuple[Member, ...]) -> Iterator[Form]:
    """`member`: one person. `name` is null where it is this agent."""
    for one in members:
        yield {
            "type": "member",
            "name": one.name or None,
            "mine": one.mine,
            "replies": one.replies,
            "reply": spread(one.reply),
            "completed": one.completed,
        }


def pictures(told: Pictures) -> Iterator[Form]:
    """`volume`, `heat`, `bar`, `member`, `topic`, `canned`, `comment`."""
    for volume in told.volume:
        yield {
            "type": "volume",
            "at": rfc3339(volume.at),
            "span": "week" if told.by_week else "day",
            "received": volume.received,
            "completed": volume.completed,
            "backlog": volume.backlog,
        }
    for day, (received, replies) in enumerate(zip(told.heat.received, told.heat.reply, strict=True), 1):
        for hour, (n, ms) in enumerate(zip(received, replies, strict=True)):
            if n or ms is not None:
                median = None if ms is None else _seconds(ms)
                yield {"type": "heat", "weekday": day, "hour": hour, "received": n, "reply_median_s": median}
    target = None if told.target is None else _seconds(told.target)
    for bar in told.replies:
        below = None if bar.below is None else _seconds(bar.below)
        yield {"type": "bar", "below_s": below, "n": bar.n, "target_s": target}
    yield from team(told.team)
    yield from ({"type": "topic", "name": topic.name, "n": topic.n} for topic in told.topics)
    yield from ({"type": "canned", "name": canned.name, "uses": canned.n} for canned in told.canned)
    for comment in told.comments:
        yield {
            "type": "comment",
            "conversation": comment.n,
            "at": rfc3339(comment.at),
            "kind": comment.kind,
            "score": comment.score,
            "scale": comment.scale,
            "name": comment.who,
            "text": comment.text,
        }
