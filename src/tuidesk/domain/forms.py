"""How one JSON value becomes one of ours, and back: the forms that events, commands and answers are made of.

Every `read_…` takes (value, field), where `field` is the name a person is told, and raises `BadEvent` for a
value of another kind; no number is taken for a string, no `true` for 1. `null` never gets here: it is an
absent field.
"""

import json
import re
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, NamedTuple, TypeVar

from tuidesk.domain import instants
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Attachment, Person
from tuidesk.errors import BadEvent
from tuidesk.words import say

_LARGEST = 2**63 - 1  # what the store can hold
_SURROGATES = re.compile("[\ud800-\udfff]")
_T = TypeVar("_T")


class Form(NamedTuple):
    """The two directions of one kind of value. `read` gives None where an empty value is as good as none."""

    read: Callable[[object, str], Any]
    write: Callable[[Any], object]


def wrong(why: str, field: str, **values: object) -> BadEvent:
    """The error that names `field`."""
    return BadEvent(say(f"vocabulary.{why}", field=field, **values))


def whole(text: str) -> str:
    """`text` as UTF-8 can hold it: a lone surrogate (JSON can escape one) becomes U+FFFD."""
    return text if text.isascii() else _SURROGATES.sub("�", text)


def read_text(value: object, field: str) -> str:
    """A string, empty or not."""
    if not isinstance(value, str):
        raise wrong("text", field)
    return whole(value)


def read_id(value: object, field: str) -> str | None:
    """A string that names something. An empty one names nothing, lest all that lack a name become one."""
    return read_text(value, field) or None


def read_flag(value: object, field: str) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise wrong("flag", field)
    return value


def read_count(value: object, field: str) -> int:
    """A whole number from 0 to what the store can hold."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST:
        raise wrong("count", field)
    return value


def read_number(value: object, field: str) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong("number", field)
    try:
        number = float(value)
    except OverflowError:
        raise wrong("number", field) from None
    if not isfinite(number):
        raise wrong("number", field)
    return number


def read_positive(value: object, field: str) -> float:
    """A finite number above 0."""
    number = read_number(value, field)
    if number <= 0:
        raise wrong("positive", field)
    return number


def read_when(value: object, field: str) -> Instant:
    """An RFC 3339 time with a zone."""
    try:
        return instants.parse(read_text(value, field))
    except (ValueError, OverflowError):
        raise wrong("when", field) from None


def read_object(value: object, field: str) -> dict[str, object]:
    """A JSON object."""
    if not isinstance(value, dict):
        raise wrong("object", field)
    return value


def listed(read: Callable[[object, str], _T | None]) -> Callable[[object, str], tuple[_T, ...]]:
    """A reader of lists of what `read` reads; what reads as None is left out."""

    def read_list(value: object, field: str) -> tuple[_T, ...]:
        if not isinstance(value, list):
            raise wrong("list", field)
        numbered = (read(item, f"{field}[{number}]") for number, item in enumerate(value))
        return tuple(item for item in numbered if item is not None)

    return read_list


def one_of(*choices: str) -> Form:
    """The form of a word out of a few."""

    def read(value: object, field: str) -> str:
        if not isinstance(value, str) or value not in choices:
            raise wrong("choice", field, choices=", ".join(choices))
        return value

    return Form(read, str)


def part(
    read: Callable[[object, str], _T | None], value: Mapping[str, object], name: str, field: str
) -> _T | None:
    """Field `name` of the object that is called `field`; None where it is absent or null."""
    inner = value.get(name)
    return None if inner is None else read(inner, f"{field}.{name}")


def needed(
    read: Callable[[object, str], _T | None], value: Mapping[str, object], name: str, field: str
) -> _T:
    """As `part`, for what may not be absent."""
    found = part(read, value, name, field)
    if found is None:
        raise wrong("missing", name, type=field)
    return found


def read_person(value: object, field: str) -> Person:
    """`{"name", "handle", "me"?, "kind"?}`. The handle may be empty, but it must be there."""
    made = read_object(value, field)
    return Person(
        name=part(read_text, made, "name", field) or "",
        handle=needed(read_text, made, "handle", field),
        me=part(read_flag, made, "me", field) or False,
        kind=part(KINDS_OF_PEOPLE.read, made, "kind", field) or "person",
    )


def write_person(person: Person) -> dict[str, object]:
    """The inverse of `read_person`."""
    written: dict[str, object] = {"name": person.name, "handle": person.handle}
    if person.me:
        written["me"] = True
    if person.kind != "person":
        written["kind"] = person.kind
    return written


def _read_attachment(value: object, field: str) -> Attachment:
    made = read_object(value, field)
    return Attachment(
        name=part(read_text, made, "name", field) or "",
        size=part(read_count, made, "size", field) or 0,
        type=part(read_text, made, "type", field) or "",
        ref=part(read_text, made, "ref", field) or "",
        alt=part(read_text, made, "alt", field) or "",
    )


def _write_attachment(file: Attachment) -> dict[str, object]:
    written: dict[str, object] = {"name": file.name, "size": file.size, "type": file.type, "ref": file.ref}
    return written | ({"alt": file.alt} if file.alt else {})


def read_fields(value: object, field: str) -> tuple[tuple[str, str], ...]:
    """Fields that are shown, not counted with: what is no string is kept as its JSON text."""
    made = read_object(value, field)
    try:
        return tuple(
            (whole(name), whole(inner) if isinstance(inner, str) else json.dumps(inner))
            for name, inner in made.items()
            if inner is not None
        )
    except (TypeError, ValueError, RecursionError):
        raise wrong("extra", field) from None


def _same(value: object) -> object:
    return value


KINDS_OF_PEOPLE = one_of("person", "bot", "auto")
TEXT = Form(read_text, _same)
ID = Form(read_id, _same)
FLAG = Form(read_flag, _same)
COUNT = Form(read_count, _same)
NUMBER = Form(read_number, _same)
POSITIVE = Form(read_positive, _same)
WHEN = Form(read_when, instants.rfc3339)
TEXTS = Form(listed(read_text), list)
IDS = Form(listed(read_id), list)
FIELDS = Form(read_fields, dict)
PERSON = Form(read_person, write_person)
PERSONS = Form(listed(read_person), lambda people: [write_person(person) for person in people])
ATTACHMENTS = Form(listed(_read_attachment), lambda files: [_write_attachment(file) for file in files])
