"""What the desk and a pipe program say to each other: commands out, answers in. Events are `vocabulary`'s.

Pure: dataclass → JSON object for what the desk says, JSON object → dataclass for what the program answers.
"""

from dataclasses import dataclass
from typing import Any

from tuidesk.domain import forms, instants
from tuidesk.domain.forms import needed, part
from tuidesk.domain.model import Caps, Offered, Person, Unit
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Receipt, Unsure
from tuidesk.errors import (
    AuthFailed,
    ChannelError,
    RateLimited,
    Rejected,
    Unavailable,
    Unconfirmed,
    Unsupported,
)


@dataclass(frozen=True, slots=True)
class Ready:
    """The program's first line: who it is and what it can do."""

    identity: Person
    caps: Caps
    agents: tuple[Person, ...] = ()
    canned: tuple[Offered, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """Where the file that was asked for lies."""

    path: str


Said = Receipt | Found | Missing | Unsure | Fetched | ChannelError


@dataclass(frozen=True, slots=True)
class Answer:
    """What the program says to one command. `key` is "" where an error concerns the whole channel."""

    key: str
    said: Said


# Commands ----------------------------------------------------------------------------------------------


def hello(cursor: str, options: dict[str, Any]) -> dict[str, object]:
    """The desk's first line."""
    return {"type": "hello", "cursor": cursor, "options": options}


def command(out: Outgoing) -> dict[str, object]:
    """One piece of work. What the vocabulary lets be absent is absent where nothing is set."""
    said: dict[str, object] = {"type": out.type, "key": out.key}
    if out.conversation is not None and out.type != "start":
        said["conversation"] = out.conversation
    if out.type in ("reply", "start"):
        return said | _message(out)
    match out.type:
        case "note":
            said["text"] = out.text
        case "complete":
            _put(said, seen=out.seen)
        case "pending":
            said |= {} if out.pending_for is None else {"for": out.pending_for}
        case "snooze":
            _put(said, until=None if out.until is None else instants.rfc3339(out.until))
            said["until_reply"] = out.until_reply
        case "assign":
            said["to"] = None if out.assignee is None else forms.write_person(out.assignee)
        case "tag":
            said |= {"add": list(out.add), "remove": list(out.remove)}
        case "priority":
            said["priority"] = out.priority
    return said


def find(out: Outgoing) -> dict[str, object]:
    """Was this one carried out?"""
    return {"type": "find", "key": out.key, "command": command(out)}


def fetch(key: str, ref: str) -> dict[str, object]:
    """Bring an attachment or a full body."""
    return {"type": "fetch", "key": key, "ref": ref}


def _message(out: Outgoing) -> dict[str, object]:
    said: dict[str, object] = {"text": out.text}
    if out.type == "start":
        said["medium"] = out.medium
    _put(said, html=out.html, reply_to=out.reply_to, subject=out.subject, forwards=out.forwards)
    said["refs"] = list(out.refs)
    for field, people in (("to", out.to), ("cc", out.cc), ("bcc", out.bcc)):
        said[field] = [forms.write_person(person) for person in people]
    said["visibility"] = out.visibility
    if out.sender is not None:
        said["from"] = forms.write_person(out.sender)
    if out.files:
        said["attachments"] = [
            {"name": file.name, "type": file.type, "path": file.path}
            | ({"alt": file.alt} if file.alt else {})
            for file in out.files
        ]
    if out.template:
        said |= {"template": out.template, "values": dict(out.values)}
    return said


def _put(said: dict[str, object], **values: object) -> None:
    said.update((name, value) for name, value in values.items() if value is not None)


# Answers -----------------------------------------------------------------------------------------------


def is_answer(obj: dict[str, object]) -> bool:
    """Whether a line is an answer; else it is an event, or nothing we know."""
    return obj.get("type") in ("ready", "receipt", "error", "found", "missing", "unsure", "fetched")


def parse_answer(obj: dict[str, object]) -> Ready | Answer:
    """An object for which `is_answer` holds → what it says.

    Raises:
        BadEvent: a field is missing or of the wrong kind.
    """
    kind = str(obj["type"])
    if kind == "ready":
        return _ready(obj)
    if kind == "error":
        return Answer(part(forms.read_text, obj, "key", kind) or "", _error(obj))
    return Answer(needed(forms.read_id, obj, "key", kind), _said(kind, obj))


def _said(kind: str, obj: dict[str, object]) -> Said:
    match kind:
        case "receipt":
            return Receipt(
                id=part(forms.read_id, obj, "id", kind),
                at=part(forms.read_when, obj, "at", kind),
                conversation=part(forms.read_id, obj, "conversation", kind),
                ids=part(forms.IDS.read, obj, "ids", kind) or (),
                refused=part(forms.PERSONS.read, obj, "refused", kind) or (),
                warnings=part(forms.TEXTS.read, obj, "warnings", kind) or (),
            )
        case "found":
            return Found(part(forms.read_id, obj, "id", kind), part(forms.read_when, obj, "at", kind))
        case "missing":
            return Missing()
        case "unsure":
            return Unsure(part(forms.read_text, obj, "reason", kind) or "")
    return Fetched(needed(forms.read_id, obj, "path", kind))


_ERRORS: dict[str, type[ChannelError]] = {
    "rejected": Rejected,
    "unavailable": Unavailable,
    "unconfirmed": Unconfirmed,
    "auth_failed": AuthFailed,
    "unsupported": Unsupported,
}


def _error(obj: dict[str, object]) -> ChannelError:
    """An error we do not know may hide anything, so the command is perhaps done."""
    error = needed(forms.read_id, obj, "error", "error")
    reason = part(forms.read_text, obj, "reason", "error") or ""
    if error == "rate_limited":
        after = part(forms.read_number, obj, "after", "error")
        return RateLimited(reason, None if after is None else max(0.0, after))
    return _ERRORS.get(error, Unconfirmed)(reason or error)


_UNIT = forms.one_of("characters", "graphemes", "utf16", "bytes", "gsm7", "x-weighted")


def _ready(obj: dict[str, object]) -> Ready:
    return Ready(
        identity=needed(forms.read_person, obj, "identity", "ready"),
        caps=_caps(part(forms.read_object, obj, "caps", "ready") or {}),
        agents=part(forms.PERSONS.read, obj, "agents", "ready") or (),
        canned=part(forms.listed(_offered), obj, "canned", "ready") or (),
    )


def _offered(value: object, field: str) -> Offered:
    made = forms.read_object(value, field)
    return Offered(
        name=needed(forms.read_id, made, "name", field),
        text=needed(forms.read_text, made, "text", field),
        template=part(forms.read_text, made, "template", field) or "",
        media=part(forms.TEXTS.read, made, "media", field) or (),
    )


def _caps(obj: dict[str, object]) -> Caps:
    files = part(forms.read_object, obj, "attachments", "caps") or {}
    unit: Unit = part(_UNIT.read, obj, "unit", "caps") or "characters"
    return Caps(
        performs=frozenset(part(forms.TEXTS.read, obj, "performs", "caps") or ()),
        max_length=part(forms.read_count, obj, "max_length", "caps"),
        unit=unit,
        idempotent_s=part(forms.read_count, obj, "idempotent_s", "caps") or 0,
        find=part(forms.read_flag, obj, "find", "caps") or False,
        visibility=part(forms.TEXTS.read, obj, "visibility", "caps") or ("direct",),
        window_s=part(forms.read_count, obj, "window_s", "caps"),
        windows=_by_medium(obj, "windows"),
        lengths=_by_medium(obj, "lengths"),
        attachment_bytes=part(forms.read_count, files, "max_bytes", "caps.attachments"),
        attachment_types=part(forms.TEXTS.read, files, "types", "caps.attachments") or (),
        alt=part(forms.read_flag, files, "alt", "caps.attachments") or False,
        media=part(forms.TEXTS.read, obj, "media", "caps") or (),
    )


def _by_medium(obj: dict[str, object], name: str) -> dict[str, int]:
    made = part(forms.read_object, obj, name, "caps") or {}
    return {medium: needed(forms.read_count, made, medium, f"caps.{name}") for medium in made}
