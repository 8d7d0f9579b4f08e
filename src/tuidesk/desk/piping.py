"""A conversation as a program of the user's own gets it: words for people, or lines of the vocabulary."""

import json

from tuidesk.desk import export, read
from tuidesk.desk.picture import ShownMessage
from tuidesk.domain.instants import Instant, rfc3339
from tuidesk.domain.model import Person
from tuidesk.store.sql import Connection
from tuidesk.words import say

_ALL = 1_000_000


def plain(connection: Connection, number: int, now: Instant) -> str:
    """Every message, the oldest first, as it came.

    Raises:
        NotFound: there is none of that number.
    """
    found = read.thread(connection, number, now, newest=_ALL)
    row = found.row
    parts = [say("piping.head", n=row.n, subject=row.subject or "-", medium=row.medium, status=row.status)]
    for item in found.items:
        if isinstance(item, ShownMessage):
            who = _called(item.sender)
            parts.append(
                say(f"piping.{item.direction}", who=who, at=rfc3339(item.at)) + "\n\n" + item.text.strip("\n")
            )
    return "\n\n".join(parts) + "\n"


def json_lines(connection: Connection, number: int) -> str:
    """The conversation as `export` writes it."""
    lines = export.of_conversation(connection, number)
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _called(person: Person) -> str:
    return (
        f"{person.name} <{person.handle}>" if person.name and person.handle else person.name or person.handle
    )
