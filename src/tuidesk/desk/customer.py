"""What the customer pane and `contact` ask: who it is, everything before, and what can be said of it. One connection,
synchronous; a customer of thousands of conversations opens as fast as one of ten."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, timedelta, timezone, tzinfo
from typing import Any, NamedTuple

from tuidesk.desk.picture import Answer, ContactNote, Customer, Identity, Joined, Row, Said, Story
from tuidesk.desk.rows import rows
from tuidesk.domain import contacts, dialling
from tuidesk.domain.answers import Turn, answered, median
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Person
from tuidesk.errors import NotFound
from tuidesk.store import accounts
from tuidesk.store.messages import beside
from tuidesk.store.sql import Connection, marks, scalar
from tuidesk.store.sql import Row as Stored
from tuidesk.words import say

SHOWN = 200
"""Conversations of a customer that are read; those before them are counted."""
UNFOLDED = 10
"""Messages of a conversation that is unfolded in the pane; Enter opens all of it."""
_READ = 4000
_WORDS_LOOKED_AT = 5
"""Messages whose script is looked at."""
_ANSWERS = ("", "sent")
"""States in which a message of ours has reached the customer."""
_INSIDE = "contact IN (SELECT id FROM contact WHERE root = ?)"


def of(connection: Connection, contact: int, now: Instant) -> Customer:
    """A contact, and everybody it is shown as one with, with the whole history."""
    root = int(scalar(connection, "SELECT root FROM contact WHERE id = ?", contact) or contact)
    members = connection.execute("SELECT * FROM contact WHERE root = ? ORDER BY id", (root,)).fetchall()
    found = _conversations(connection, root, now)
    heard = _heard(connection, [row.n for row in found])
    fields = _fields(members)
    identities = connection.execute(
        "SELECT namespace, handle, shown, medium, contact FROM identity "
        f"WHERE {_INSIDE} ORDER BY contact, namespace, handle",
        (root,),
    ).fetchall()
    there, there_by = _zone(fields, identities)
    language, guessed = _language(connection, fields, heard.words)
    return Customer(
        n=root,
        name=next((str(member["name"]) for member in members if member["name"]), ""),
        identities=tuple(Identity(row["medium"], row["shown"], row["contact"]) for row in identities),
        fields=fields,
        since=min((int(member["since"]) for member in members), default=0),
        conversations=found,
        total=int(
            scalar(
                connection, f"SELECT count(*) FROM conversation WHERE merged_into IS NULL AND {_INSIDE}", root
            )
        ),
        stories=heard.stories,
        last_in=heard.last_in,
        median=median(heard.waits),
        replies=len(heard.waits),
        language=language,
        guessed=guessed,
        there=there,
        there_by=there_by,
        members=tuple(int(member["id"]) for member in members),
        joined=_joined(connection, root),
        notes=_notes(connection, root),
        answer=_answer(connection, root),
    )


def number_of(connection: Connection, typed: str) -> int:
    """The contact of a number, of a conversation (`#42`), or of a handle as it is shown: a mail address, a phone
    number, what a service calls one.

    Raises:
        NotFound: there is none, or several have that handle.
    """
    digits = typed.strip().removeprefix("#")
    if digits.isascii() and digits.isdigit() and len(digits) < 19:
        of_conversation = typed.strip().startswith("#")
        query = "SELECT contact FROM conversation" if of_conversation else "SELECT id FROM contact"
        found = scalar(connection, f"{query} WHERE id = ?", int(digits))
        if found is None:
            missing = "desk.no_conversation" if of_conversation else "contacts.no_contact"
            raise NotFound(say(missing, n=digits))
        return int(found)
    folded = typed.strip().lower()
    global_ = contacts.handles_in(typed)
    wanted = {handle for _, handle in global_} | {folded}
    owners = {
        int(row[0])
        for row in connection.execute(
            "SELECT DISTINCT contact.root FROM identity JOIN contact ON contact.id = identity.contact "
            f"WHERE identity.handle IN ({marks(wanted)})",
            tuple(wanted),
        )
    }
    if len(owners) != 1:
        several = ", ".join(map(str, sorted(owners)[:9]))
        raise NotFound(
            say("contacts.several", handle=typed, which=several)
            if owners
            else say("contacts.no_handle", handle=typed)
        )
    return owners.pop()


def _conversations(connection: Connection, root: int, now: Instant) -> tuple[Row, ...]:
    """The newest; one that is merged into another stands in that one."""
    query = (
        f"SELECT id FROM conversation WHERE merged_into IS NULL AND {_INSIDE} "
        "ORDER BY last_at DESC, id DESC LIMIT ?"
    )
    numbers = [int(row[0]) for row in connection.execute(query, (root, SHOWN))]
    found = rows(connection, numbers, now)
    return tuple(found[number] for number in numbers)


def _fields(members: Iterable[Stored]) -> tuple[tuple[str, str], ...]:
    fields: dict[str, str] = {}
    for member in members:
        fields |= json.loads(member["fields"])
    return tuple((str(name), str(value)) for name, value in fields.items())


def said(connection: Connection, conversation: int) -> tuple[Said, ...]:
    """The newest messages and notes of a conversation, to be read in place."""
    from tuidesk.domain.fold import split

    found = connection.execute(
        "SELECT at, name, handle, mine, direction, text FROM message "
        "WHERE conversation = ? AND deleted_at IS NULL ORDER BY at DESC, id DESC LIMIT ?",
        (conversation, UNFOLDED),
    ).fetchall()[::-1]
    return tuple(
        Said(
            row["at"],
            Person(row["name"], row["handle"], bool(row["mine"])),
            row["direction"],
            "".join(segment.text for segment in split(row["text"][:_READ]) if not segment.folded),
        )
        for row in found
    )


# --- what was said ------------------------------------------------------------------------------------


class _Heard(NamedTuple):
    """What the history of some conversations says."""

    stories: dict[int, Story]
    waits: tuple[Instant, ...]
    last_in: Instant | None
    words: tuple[int, ...]
    """Numbers of the customer's newest messages."""


def _heard(connection: Connection, conversations: Sequence[int]) -> _Heard:
    turns: dict[int, list[Turn]] = {number: [] for number in conversations}
    people: dict[int, dict[str, Person]] = {number: {} for number in conversations}
    first: dict[int, Instant] = {}
    theirs: list[tuple[Instant, int]] = []
    besides = beside(connection, list(conversations))
    for row in connection.execute(
        "SELECT id, conversation, direction, kind, at, name, handle, mine, state, deleted_at, basis FROM message "
        f"WHERE conversation IN ({marks(conversations)}) AND direction <> 'note' ORDER BY conversation, at, id",
        tuple(conversations),
    ):
        number = int(row["conversation"])
        first.setdefault(number, int(row["at"]))
        turn = _turn(row)
        if turn is None:
            continue
        if row["id"] not in besides:
            turns[number].append(turn)
        if turn.what == "customer":
            theirs.append((turn.at, int(row["id"])))
        elif turn.what == "person":
            people[number].setdefault(turn.by, Person(row["name"], row["handle"], bool(row["mine"])))
    ratings = _entries(connection, turns)
    waits = {number: answered(said) for number, said in turns.items()}
    stories = {
        number: Story(
            first_at=first.get(number, 0),
            by=tuple(people[number].values()),
            reply=waits[number][0].ms if waits[number] else None,
        )._replace(**ratings.get(number, {}))
        for number in conversations
    }
    theirs.sort(reverse=True)
    return _Heard(
        stories,
        tuple(wait.ms for found in waits.values() for wait in found),
        theirs[0][0] if theirs else None,
        tuple(number for _, number in theirs[:_WORDS_LOOKED_AT]),
    )


def _turn(row: Stored) -> Turn | None:
    """None for what neither waits nor answers: automatic mail, reactions, what was taken back or did not arrive."""
    if row["direction"] == "in":
        is_said = row["kind"] == "person" and row["deleted_at"] is None
        return Turn(row["at"], row["at"], "customer") if is_said else None
    if row["kind"] not in ("person", "bot") or row["state"] not in _ANSWERS:
        return None
    knew = row["basis"] if row["basis"] is not None else row["at"]
    who = str(row["handle"] or row["name"]).casefold()
    return Turn(int(row["at"]), int(knew), row["kind"], who)


def _entries(connection: Connection, turns: dict[int, list[Turn]]) -> dict[int, dict[str, Any]]:
    """Completions into `turns`; the newest rating of each conversation, as a story's fields."""
    ratings: dict[int, dict[str, Any]] = {}
    for row in connection.execute(
        f"SELECT conversation, at, what, data FROM entry WHERE conversation IN ({marks(turns)}) "
        "AND what IN ('completed', 'rated') AND undone_by IS NULL ORDER BY conversation, at, id",
        tuple(turns),
    ):
        data = json.loads(row["data"])
        number, at = int(row["conversation"]), int(row["at"])
        if row["what"] == "completed":
            known = data.get("basis")
            turns[number].append(Turn(at, at if known is None else int(known), "complete"))
        else:
            ratings[number] = {
                "score": data.get("score"),
                "scale": data.get("scale") or 0,
                "said": data.get("text") or "",
            }
    return ratings


# --- what follows from it -----------------------------------------------------------------------------


def _language(
    connection: Connection, fields: tuple[tuple[str, str], ...], words: tuple[int, ...]
) -> tuple[str, bool]:
    """(language, whether it is only that of the script)."""
    if told := contacts.field(fields, contacts.LANGUAGE_FIELDS):
        return told, False
    query = f"SELECT substr(text, 1, 400) FROM message WHERE id IN ({marks(words)})"
    guess = contacts.language_by_script(str(row[0]) for row in connection.execute(query, words))
    return guess, bool(guess)


def _zone(fields: tuple[tuple[str, str], ...], identities: Iterable[Stored]) -> tuple[tzinfo | None, str]:
    """(where they are, the number's country that says so); a field's word counts before the number's."""
    if (told := zone(contacts.field(fields, contacts.ZONE_FIELDS))) is not None:
        return told, ""
    name, code = dialling.zone(row["handle"] for row in identities if row["namespace"] == "tel")
    found = zone(name)
    return found, code if found is not None else ""


def zone(name: str) -> tzinfo | None:
    """`Asia/Seoul`, `UTC+9`, `+09:00` → a zone; None for what is none."""
    import re

    offset = re.fullmatch(r"(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?(\d{2}))?", name.strip(), re.IGNORECASE)
    if offset is not None:
        sign, hours, minutes = offset.groups()
        ahead = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(-ahead if sign == "-" else ahead) if ahead < timedelta(hours=15) else None
    if name.strip().upper() in ("UTC", "GMT", "Z"):
        return UTC
    if not re.fullmatch(r"[A-Za-z]+(?:/[A-Za-z0-9_+-]+){1,2}", name.strip()):
        return None
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name.strip())
    except (OSError, ValueError, KeyError):  # no such zone, or a folder of zones
        return None


# --- what was written down ----------------------------------------------------------------------------


def _joined(connection: Connection, root: int) -> tuple[Joined, ...]:
    query = (
        "SELECT a, b, why FROM contact_link WHERE a IN (SELECT id FROM contact WHERE root = ?) AND apart = 0 "
        "ORDER BY a, b"
    )
    return tuple(Joined(row["a"], row["b"], row["why"]) for row in connection.execute(query, (root,)))


def _notes(connection: Connection, root: int) -> tuple[ContactNote, ...]:
    query = f"SELECT * FROM contact_note WHERE archived_at IS NULL AND {_INSIDE} ORDER BY at DESC, id DESC"
    return tuple(
        ContactNote(row["id"], row["at"], accounts.person_from(row["by"]), row["text"])
        for row in connection.execute(query, (root,))
    )


def _answer(connection: Connection, root: int) -> Answer | None:
    query = f"SELECT at, fields FROM lookup WHERE {_INSIDE} ORDER BY at DESC LIMIT 1"
    row = connection.execute(query, (root,)).fetchone()
    if row is None:
        return None
    return Answer(row["at"], tuple((str(k), str(v)) for k, v in json.loads(row["fields"]).items()))
