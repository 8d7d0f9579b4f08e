"""The JSON-lines vocabulary: what a channel reports, between JSON objects and the dataclasses of `events`.

`import`, `export`, `follow` and pipe channels all speak through `parse` and `dump`, each other's inverse (but
for `source`, raw bytes that never stand in JSON). One table says for each type which field of the object is
which attribute, so the two directions cannot drift apart.

- Fields the vocabulary does not know are kept in an event's `extra` and written again; `seq`, which `follow`
  adds, is not.
- A lone surrogate becomes U+FFFD, since UTF-8, and so the store, cannot hold it. Of a name that stands twice
  in an object the last counts.
- An empty `id`, `conversation` or `key` is none at all.
"""

import json
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from typing import Any

from tuidesk.domain import forms
from tuidesk.domain.events import (
    Assigned,
    Body,
    ChannelEvent,
    ContactSeen,
    Cursor,
    Deleted,
    Delivered,
    Edited,
    Handoff,
    Idle,
    NoteSeen,
    PrioritySet,
    Rated,
    Received,
    Sent,
    StatusSet,
    Tagged,
    Terms,
)
from tuidesk.domain.forms import Form, needed, wrong
from tuidesk.domain.model import PRIORITIES, STATUSES
from tuidesk.domain.visibility import WIDENING
from tuidesk.errors import BadEvent
from tuidesk.words import say

Line = ChannelEvent | Cursor | Idle
"""What one line of the vocabulary can be."""


def load(line: bytes | str) -> dict[str, object]:
    """One line → the JSON object in it.

    Raises:
        BadEvent: not UTF-8, not JSON (NaN and Infinity are not), nested too deeply, or no object.
    """
    try:
        made = json.loads(line.decode() if isinstance(line, bytes) else line, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise BadEvent(say("vocabulary.not_utf8")) from None
    except RecursionError:
        raise BadEvent(say("vocabulary.too_deep")) from None
    except ValueError as error:  # JSONDecodeError, and a number of more digits than Python converts
        raise BadEvent(say("vocabulary.not_json", why=error)) from None
    if not isinstance(made, dict):
        raise BadEvent(say("vocabulary.not_object"))
    return made


def parse_line(line: bytes | str) -> Line:
    """One line → what it says.

    Raises:
        BadEvent: as `load` and `parse`.
    """
    return parse(load(line))


def parse(obj: object) -> Line:
    """A JSON object → what it says.

    Raises:
        BadEvent: an unknown type, or a field that is missing or of the wrong kind; the text names it.
    """
    if not isinstance(obj, dict):
        raise BadEvent(say("vocabulary.not_object"))
    kind = obj.get("type")
    if kind is None:
        raise BadEvent(say("vocabulary.no_type"))
    entry = _BY_TYPE.get(kind) if isinstance(kind, str) else None
    if entry is None:
        raise BadEvent(say("vocabulary.unknown_type", type=ascii(kind)[:60]))
    made = _attributes(entry, obj)
    event: Line = entry.made(**made)
    if isinstance(event, StatusSet) and event.conversation is None and not event.refs:
        raise BadEvent(say("vocabulary.either", type=kind, one="conversation", other="refs"))
    return event


def dump(event: Line) -> dict[str, object]:
    """What is said → its JSON object, with the fields that are set."""
    entry = _BY_CLASS[type(event)]
    obj: dict[str, object] = {"type": entry.type}
    for field in entry.fields:
        value = getattr(event, field.attribute)
        if field.default is MISSING or value != field.default:
            obj[field.name] = None if value is None else field.form.write(value)
    for name, text in getattr(event, "extra", ()):
        obj.setdefault(name, json.loads(text))
    return obj


def dump_line(event: Line) -> str:
    """What is said → its line, without the line feed."""
    return json.dumps(dump(event), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    """In the object."""
    attribute: str
    """In the dataclass."""
    form: Form
    default: object = MISSING
    """Of the attribute; MISSING where the field must be there."""
    nullable: bool = False
    """Must be there, but may be null."""


@dataclass(frozen=True, slots=True)
class _Entry:
    type: str
    made: Callable[..., Line]
    fields: tuple[_Field, ...]
    names: frozenset[str]
    keeps_extra: bool


def _attributes(entry: _Entry, obj: dict[str, object]) -> dict[str, object]:
    made: dict[str, object] = {}
    for field in entry.fields:
        value = obj.get(field.name)
        if value is not None:
            value = field.form.read(value, field.name)
        if value is not None:
            made[field.attribute] = value
        elif field.nullable and field.name in obj:
            made[field.attribute] = None
        elif field.default is MISSING:
            raise wrong("missing", field.name, type=entry.type)
    if entry.keeps_extra and not entry.names.issuperset(obj):
        made["extra"] = _extra(obj, entry.names)
    return made


def _extra(obj: dict[str, object], known: frozenset[str]) -> tuple[tuple[str, str], ...]:
    unknown = [(name, value) for name, value in obj.items() if name not in known]
    try:  # ASCII, so that an escape that UTF-8 cannot hold stays the escape it was
        return tuple((forms.whole(name), json.dumps(value, allow_nan=False)) for name, value in unknown)
    except (TypeError, ValueError, RecursionError):
        raise wrong("extra", ", ".join(ascii(name)[:60] for name, _ in unknown[:5])) from None


def _read_body(value: object, field: str) -> Body:
    made = forms.read_object(value, field)
    return Body(needed(forms.read_count, made, "size", field), needed(forms.read_text, made, "ref", field))


def _read_handle(value: object, field: str) -> tuple[str, str]:
    made = forms.read_object(value, field)
    return needed(forms.read_id, made, "medium", field), needed(forms.read_id, made, "handle", field)


_BODY = Form(_read_body, lambda body: {"size": body.size, "ref": body.ref})
_SAME_AS = Form(
    forms.listed(_read_handle), lambda same: [{"medium": medium, "handle": handle} for medium, handle in same]
)
_EVENT: dict[str, Form] = {"id": forms.ID, "at": forms.WHEN, "by": forms.PERSON}
_MESSAGE: dict[str, Form] = {
    "medium": forms.ID,
    "from": forms.PERSON,
    "text": forms.TEXT,
    "html": forms.TEXT,
    "conversation": forms.ID,
    "refs": forms.IDS,
    "subject": forms.TEXT,
    "reply_to": forms.ID,
    "to": forms.PERSONS,
    "cc": forms.PERSONS,
    "reply_address": forms.ID,
    "visibility": forms.one_of(*WIDENING),
    "kind": forms.one_of("person", "auto", "bounce", "reaction", "bot", "unreadable"),
    "ids": forms.IDS,
    "body": _BODY,
    "attachments": forms.ATTACHMENTS,
    # What the table of the vocabulary does not list, but an export must not lose:
    "digest": forms.ID,
    "by_subject": forms.FLAG,
    "in_inbox": forms.FLAG,
    "remote_images": forms.COUNT,
}
_ATTRIBUTES = {"from": "sender", "for": "pending_for"}


def _entry(kind: str, made: type[Any], of: dict[str, Form], nullable: str = "") -> _Entry:
    """The table's line for one type. What may be absent, and means then, is the dataclass's own word."""
    defaults = {field.name: field.default for field in fields(made)}
    attributes = {name: _ATTRIBUTES.get(name, name) for name in of}
    listed = tuple(
        _Field(name, attributes[name], form, defaults[attributes[name]], name == nullable)
        for name, form in of.items()
    )
    return _Entry(kind, made, listed, frozenset(of) | {"type", "seq"}, "extra" in defaults)


_IN = {"conversation": forms.ID}
_ABOUT = {"message": forms.ID}
_TABLE = (
    _entry("received", Received, _EVENT | _MESSAGE),
    _entry("sent", Sent, _EVENT | _MESSAGE | {"key": forms.ID}),
    _entry("note", NoteSeen, _EVENT | _IN | {"text": forms.TEXT}),
    _entry("edited", Edited, _EVENT | _ABOUT | {"text": forms.TEXT}),
    _entry("deleted", Deleted, _EVENT | _ABOUT),
    _entry(
        "delivered",
        Delivered,
        _EVENT | _ABOUT | {"state": forms.one_of("delivered", "read", "failed"), "reason": forms.TEXT},
    ),
    _entry(
        "status",
        StatusSet,
        _EVENT
        | _IN
        | {
            "refs": forms.IDS,
            "status": forms.one_of(*STATUSES),
            "until": forms.WHEN,
            "until_reply": forms.FLAG,
            "for": forms.ID,
        },
    ),
    _entry("assigned", Assigned, _EVENT | _IN | {"to": forms.PERSON}, nullable="to"),
    _entry("tagged", Tagged, _EVENT | _IN | {"add": forms.IDS, "remove": forms.IDS, "tags": forms.IDS}),
    _entry("priority", PrioritySet, _EVENT | _IN | {"priority": forms.one_of(*PRIORITIES)}),
    _entry("handoff", Handoff, _EVENT | _IN),
    _entry(
        "terms",
        Terms,
        _EVENT | _IN | {"refuses": forms.TEXT, "window_ends": forms.WHEN, "fields": forms.FIELDS},
    ),
    _entry(
        "rated",
        Rated,
        _EVENT | _IN | {"score": forms.NUMBER, "scale": forms.POSITIVE, "text": forms.TEXT},
    ),
    _entry(
        "contact",
        ContactSeen,
        {
            "medium": forms.ID,
            "handle": forms.ID,
            "name": forms.TEXT,
            "fields": forms.FIELDS,
            "same_as": _SAME_AS,
        },
    ),
    _entry("cursor", Cursor, {"cursor": forms.TEXT}),
    _entry("idle", Idle, {}),
)
_BY_TYPE = {entry.type: entry for entry in _TABLE}
_BY_CLASS: dict[object, _Entry] = {entry.made: entry for entry in _TABLE}


def _no_constant(name: str) -> object:
    raise ValueError(name)
