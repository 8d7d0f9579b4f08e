"""What customers gave: satisfaction, recommendation, effort; and how many of those who were asked have answered."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Literal, NamedTuple

from tuidesk.desk.grouping import MINE, QUARTER, SENDER, Grouping
from tuidesk.domain.instants import Instant
from tuidesk.domain.metrics import Asked, Comment, Figure, Score, Share
from tuidesk.store.sql import Connection

Kind = Literal["csat", "nps", "effort"]
_CONTENT = 0.8
"""From this part of its scale on a customer is content: 4 of 5, 8 of 10."""
_PROMOTES, _DETRACTS = 9, 6


_THREAD = (
    "(SELECT id FROM conversation t WHERE t.id = coalesce(c.merged_into, c.id) "
    "OR t.merged_into = coalesce(c.merged_into, c.id))"
)
"""Whatever is shown as one with the conversation `c`."""
_ANSWERED_BY = f"""
    SELECT {SENDER} FROM message m
    WHERE m.conversation IN {_THREAD} AND m.direction = 'out' AND m.kind = 'person' AND m.at <= e.at
    AND m.state IN ('', 'sent', 'unknown')
    AND m.id NOT IN (SELECT coalesce(json_extract(data, '$.message'), 0) FROM entry
                     WHERE conversation = m.conversation AND what = 'surveyed')
    ORDER BY m.at DESC, m.id DESC LIMIT 1
"""
_ASKED = f"""
    SELECT max(s.at) FROM entry s WHERE s.conversation IN {_THREAD} AND s.what = 'surveyed'
    AND s.undone_by IS NULL AND json_extract(s.data, '$.survey') = json_extract({{of}}.data, '$.survey')
    AND s.at <= {{of}}.at
"""
"""When the survey was sent that an entry is about, or is."""


class Rating(NamedTuple):
    """What one customer gave. Of what a conversation answers to one survey, each time it is sent, the last word
    counts."""

    conversation: int
    at: Instant
    kind: Kind
    score: float
    scale: float
    text: str
    who: object
    """Who had answered last: a name, `MINE`; None: nobody, or it was not asked."""


def given(connection: Connection, asked: Asked) -> list[Rating]:
    """Ratings of a period, the oldest first; mine: those of whom this agent had answered last."""
    kept: dict[object, Rating] = {}
    asked_at = f"CASE WHEN json_extract(e.data, '$.survey') IS NOT NULL THEN ({_ASKED.format(of='e')}) END"
    query = (
        f"SELECT coalesce(c.merged_into, c.id), e.at, e.data, {_who_answered(asked)}, {asked_at} "
        "FROM entry e JOIN conversation c ON c.id = e.conversation "
        "WHERE e.what = 'rated' AND e.at >= ? AND e.undone_by IS NULL AND NOT c.spam ORDER BY e.at, e.id"
    )  # to the end of all: what was changed after the period is not the last word
    for number, (conversation, at, data, who, sent) in enumerate(connection.execute(query, (asked.since,))):
        told = json.loads(data)
        score, scale, survey = told.get("score"), told.get("scale"), told.get("survey")
        if isinstance(score, int | float) and isinstance(scale, int | float) and scale > 0:
            key = number if survey is None else (conversation, str(survey), sent)
            text = told.get("text")
            said = text if isinstance(text, str) else ""
            kept[key] = Rating(conversation, at, _kind(told, scale), score, scale, said, who)
    found = (rating for rating in kept.values() if rating.at < asked.until)
    return sorted(
        (rating for rating in found if not asked.mine or rating.who == MINE), key=lambda rating: rating.at
    )


def _who_answered(asked: Asked) -> str:
    """Looked up for each only where somebody asks for it."""
    return f"({_ANSWERED_BY})" if asked.mine or asked.by == "person" else "NULL"


def _kind(told: dict[str, object], scale: float) -> Kind:
    """A channel does not say what was asked: 0 to 10 is asked for recommendation everywhere."""
    match told.get("kind"):
        case "csat" | "nps" as kind:
            return kind
        case "ces" | "effort":
            return "effort"
    return "nps" if scale == 10 else "csat"


def figures(connection: Connection, asked: Asked, by: Grouping) -> Iterator[tuple[str, str, Figure]]:
    """CSAT, NPS, effort and the response rate; nothing where nothing was given."""
    groups: dict[str, list[Rating]] = defaultdict(list)
    for rating in given(connection, asked):
        for key in _keys(by, rating.conversation, rating.at, rating.who):
            groups[key].append(rating)
    for key, ratings in groups.items():
        yield from ((metric, key, figure) for metric, figure in _figures(ratings))
    yield from _responses(connection, asked, by)


def _keys(by: Grouping, conversation: int, at: Instant, who: object) -> tuple[str, ...]:
    match by.columns.get("rated"):
        case None:
            return ("",)
        case "conversation":
            return ("", *by.keys(conversation))
        case "who":
            return ("", *by.keys(who))
    return ("", *by.keys(at // QUARTER))


def _figures(ratings: list[Rating]) -> Iterator[tuple[str, Figure]]:
    if csat := [one for one in ratings if one.kind == "csat"]:
        yield "csat", Share(sum(one.score / one.scale >= _CONTENT for one in csat), len(csat))
    if nps := [one.score for one in ratings if one.kind == "nps"]:
        net = sum(score >= _PROMOTES for score in nps) - sum(score <= _DETRACTS for score in nps)
        yield "nps", Score(len(nps), 100 * net / len(nps))
    if effort := [one.score / one.scale for one in ratings if one.kind == "effort"]:
        yield "effort", Score(len(effort), sum(effort) / len(effort))


def _responses(connection: Connection, asked: Asked, by: Grouping) -> Iterator[tuple[str, str, Figure]]:
    """Of the surveys of the period: how many have an answer, whenever it came."""
    sums: dict[str, list[int]] = {}
    query = (
        f"SELECT coalesce(c.merged_into, c.id), e.at, {_who_answered(asked)}, EXISTS ("
        f"SELECT 1 FROM entry r WHERE r.conversation IN {_THREAD} AND r.what = 'rated' AND r.undone_by IS NULL "
        "AND json_extract(r.data, '$.survey') = json_extract(e.data, '$.survey') AND r.at >= e.at "
        f"AND ({_ASKED.format(of='r')}) = e.at) "
        "FROM entry e JOIN conversation c ON c.id = e.conversation "
        "WHERE e.what = 'surveyed' AND e.at >= ? AND e.at < ? AND e.undone_by IS NULL AND NOT c.spam"
    )
    for conversation, at, who, is_answered in connection.execute(query, (asked.since, asked.until)):
        if asked.mine and who != MINE:
            continue
        for key in _keys(by, conversation, at, who):
            found = sums.setdefault(key, [0, 0])
            found[0] += is_answered
            found[1] += 1
    for key, (answered, sent) in sums.items():
        yield "survey_response", key, Share(answered, sent)


def comments(connection: Connection, asked: Asked, most: int) -> tuple[Comment, ...]:
    """What customers said beside their ratings, the newest first."""
    found = [one for one in given(connection, asked) if one.text.strip()][-most:]
    return tuple(
        Comment(
            one.conversation,
            one.at,
            one.kind,
            one.score,
            one.scale,
            _who(connection, one.conversation),
            one.text,
        )
        for one in reversed(found)
    )


def _who(connection: Connection, conversation: int) -> str:
    row = connection.execute(
        "SELECT coalesce(nullif(k.name, ''), c.handle) FROM conversation c LEFT JOIN contact k ON k.id = c.contact "
        "WHERE c.id = ?",
        (conversation,),
    ).fetchone()
    return str(row[0]) if row is not None else ""
