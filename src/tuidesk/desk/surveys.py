"""Surveys at the desk: whom one may go to, that it went, and a customer's message that is its answer.

All of it is the history's: an entry `surveyed` for each that was sent, an entry `rated` for each rating. An answer is a
message that nobody has to answer: it opens nothing, waits for nobody and is not unread.
"""

from typing import NamedTuple

from tuidesk.desk.intake import Intake
from tuidesk.domain import events, fold
from tuidesk.domain.instants import DAY, Instant
from tuidesk.domain.model import Person
from tuidesk.domain.survey import SCALES, Answer, Asked, Scale, Survey, answer
from tuidesk.errors import Refused
from tuidesk.store import merged, messages
from tuidesk.store.sql import Connection, Row, marks, one, scalar
from tuidesk.words import say


class Standing(NamedTuple):
    """What decides whether a customer may be asked."""

    is_complete: bool = False
    """Their conversation is."""
    is_spam: bool = False
    """It is spam, or another one of theirs."""
    asked: Instant = 0
    """When they were asked last, in whichever conversation; 0: never."""


def standing(connection: Connection, number: int, but: int | None = None) -> Standing:
    """Of the customer of a thread; what they were asked by the letter `but` aside."""
    row = one(
        connection,
        "SELECT status, spam, root FROM conversation LEFT JOIN contact ON contact.id = contact "
        "WHERE conversation.id = ?",
        merged.root(connection, number),
    )
    if row is None:
        return Standing()
    theirs = "(SELECT conversation.id FROM contact JOIN conversation ON contact = contact.id WHERE root = ?)"
    asked = scalar(
        connection,
        f"SELECT max(at) FROM entry WHERE conversation IN {theirs} AND what = 'surveyed' AND undone_by IS NULL "
        "AND json_extract(data, '$.message') IS NOT ?",
        row["root"],
        but,
    )
    spam = scalar(connection, f"SELECT max(spam) FROM conversation WHERE id IN {theirs}", row["root"])
    return Standing(row["status"] == "complete", bool(row["spam"] or spam), asked or 0)


def why_not(standing: Standing, survey: Survey, now: Instant) -> str:
    """Why a survey may not go to a customer now, as a sentence; "" where it may."""
    if not standing.is_complete:
        return say("survey.not_complete")
    if standing.is_spam:
        return say("survey.spam")
    if standing.asked and now < standing.asked + survey.every_days * DAY:
        days = max(now - standing.asked, 0) // DAY
        words = {0: "survey.asked_today", 1: "survey.asked_day"}.get(days, "survey.asked")
        return say(words, days=days, every=survey.every_days)
    return ""


def refuse(connection: Connection, number: int, asked: Asked, now: Instant) -> None:
    """The door of the outbox.

    Raises:
        Refused: it may not.
    """
    if why := why_not(standing(connection, number), asked.survey, now):
        raise Refused(why)


def why_not_leave(connection: Connection, number: int, message: int | None, now: Instant) -> str:
    """The last door: why a letter that is a survey may not leave any more, as a sentence; "" where it may, or is none.

    While it waited the customer may have written, turned out to be spam, or been asked elsewhere.
    """
    days = scalar(
        connection,
        "SELECT coalesce(json_extract(data, '$.every_days'), 0) FROM entry WHERE conversation = "
        "(SELECT conversation FROM message WHERE id = ?1) AND what = 'surveyed' "
        "AND json_extract(data, '$.message') = ?1",
        message,
    )
    if days is None:
        return ""
    asks = Survey(every_days=days if isinstance(days, int) else 0)
    return why_not(standing(connection, number, message), asks, now)


def queued(
    connection: Connection, number: int, message: int, asked: Asked, agent: Person, now: Instant
) -> int:
    """A survey is on its way: the history says so, until the letter is taken back. The entry's number."""
    return messages.add_entry(
        connection,
        number,
        now,
        "surveyed",
        agent,
        survey=asked.canned,
        kind=asked.survey.kind,
        scale=asked.survey.scale,
        within_days=asked.survey.within_days,
        every_days=asked.survey.every_days,
        message=message,
    )


def void(connection: Connection, message: int | None) -> bool:
    """A letter has not got there, or was taken back: by that one nobody was asked. Whether it was a survey."""
    return _mark(connection, message, "0")


def is_one(connection: Connection, message: int | None) -> bool:
    """Whether a letter is a survey."""
    row = messages.get(connection, message) if message is not None else None
    return row is not None and message in messages.beside(connection, [int(row["conversation"])])


def again(connection: Connection, message: int | None) -> None:
    """That letter goes out once more."""
    _mark(connection, message, "NULL")


def _mark(connection: Connection, message: int | None, undone_by: str) -> bool:
    found = connection.execute(
        f"UPDATE entry SET undone_by = {undone_by} WHERE conversation = "
        "(SELECT conversation FROM message WHERE message.id = ?1) AND what = 'surveyed' "
        "AND json_extract(data, '$.message') = ?1",
        (message,),
    )
    return found.rowcount > 0


def take_answer(intake: Intake, event: events.Received | events.Sent, number: int, message: int) -> bool:
    """Store a message as the rating that it is; False: it is a message like any other, perhaps besides."""
    connection = intake.connection
    if not isinstance(event, events.Received) or event.kind != "person" or event.sender.kind != "person":
        return False
    parts = merged.whole(connection, number)
    row = one(connection, "SELECT status, spam FROM conversation WHERE id = ?", parts[0])
    if row is None or row["status"] != "complete" or row["spam"]:
        return False
    asked = _asked(connection, parts, event.at)
    if asked is None or _has_gone_on(connection, parts, int(asked["message"]), message):
        return False
    text = scalar(connection, "SELECT text FROM message WHERE id = ?", message)
    found = answer(fold.new_in(str(text)), asked["scale"])
    if found is None:
        return False
    asks = found.asks or bool(event.attachments)
    _rate(connection, event, number, message, asked, found, asks=asks)
    return not asks


def answer_changed(connection: Connection, message: int, text: str, at: Instant) -> bool:
    """The customer has changed the words of an answer: another number, or comment, is another rating. Whether they
    are a message now; one that is no answer any more rates nothing."""
    number = scalar(connection, "SELECT conversation FROM message WHERE id = ?", message)
    rated = one(
        connection,
        "SELECT id, json_extract(data, '$.score') AS score, json_extract(data, '$.text') AS text, "
        "json_extract(data, '$.scale') AS most, "
        "json_extract(data, '$.kind') AS kind FROM entry WHERE conversation = ? AND what = 'rated' "
        "AND json_extract(data, '$.message') = ? AND json_extract(data, '$.asks') IS NULL "
        "ORDER BY id DESC LIMIT 1",
        number,
        message,
    )
    if rated is None:
        return False
    found = answer(fold.new_in(text), _scale(rated))
    if found is not None and (found.score, found.comment) != (rated["score"], rated["text"] or ""):
        connection.execute(
            "INSERT INTO entry (conversation, at, what, by, data) SELECT conversation, ?, what, by, "
            "json_set(data, '$.score', ?, '$.text', ?) FROM entry WHERE id = ?",
            (at, found.score, found.comment or None, rated["id"]),
        )
    if found is not None and not found.asks:
        return False
    connection.execute(
        "UPDATE entry SET undone_by = CASE WHEN ? THEN undone_by ELSE 0 END, "
        "data = json_set(data, '$.asks', json('true'), '$.why', 'survey_asks') "
        "WHERE conversation = ? AND what = 'rated' AND json_extract(data, '$.message') = ?",
        (found is not None, number, message),
    )
    return True


def _scale(rated: Row) -> Scale:
    return "1-5" if rated["most"] == 5 else "0-10" if rated["kind"] == "nps" else "1-10"


def _asked(connection: Connection, parts: list[int], at: Instant) -> Row | None:
    """The newest survey of a thread, if a message of that stamp may answer it."""
    asked = one(
        connection,
        "SELECT entry.at, json_extract(data, '$.survey') AS survey, json_extract(data, '$.kind') AS kind, "
        "json_extract(data, '$.scale') AS scale, json_extract(data, '$.within_days') AS within_days, "
        "message.id AS message, message.at AS left FROM entry "
        "JOIN message ON message.id = json_extract(data, '$.message') "
        f"WHERE entry.conversation IN ({marks(parts)}) AND what = 'surveyed' "
        "AND message.state IN ('sent', 'unknown') ORDER BY entry.at DESC, entry.id DESC LIMIT 1",
        *parts,
    )
    if asked is None or asked["scale"] not in SCALES or not isinstance(asked["within_days"], int):
        return None  # an import may say anything
    ends = int(asked["at"]) + asked["within_days"] * DAY
    # what was written before it left and came late is no answer to it, and may be one to something else
    return asked if asked["left"] <= at < ends else None


def _has_gone_on(connection: Connection, parts: list[int], survey: int, message: int) -> bool:
    """Whether something else was said after a survey: a number that comes now may be about that."""
    said = connection.execute(
        f"SELECT id FROM message WHERE conversation IN ({marks(parts)}) AND id > ? AND id <> ? "
        "AND kind IN ('person', 'bot') AND (direction = 'in' OR direction = 'out' AND state <> 'failed')",
        (*parts, survey, message),
    )
    return bool({int(row[0]) for row in said} - messages.beside(connection, parts))


def _rate(
    connection: Connection,
    event: events.Received,
    number: int,
    message: int,
    asked: Row,
    found: Answer,
    *,
    asks: bool,
) -> None:
    messages.add_entry(
        connection,
        number,
        event.at,
        "rated",
        event.sender,
        score=found.score,
        scale=SCALES[asked["scale"]][1],
        text=found.comment or None,
        survey=asked["survey"],
        kind=asked["kind"],
        message=message,
        asks=True if asks else None,
        why="survey_asks" if asks else "survey",
    )
