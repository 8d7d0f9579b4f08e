"""The shape of a parsed mail, and the same as JSON for the pipe between us and the worker."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Person

Auto = Literal["person", "auto", "bounce"]
T = TypeVar("T")

_NOBODY = Person()


@dataclass(frozen=True, slots=True)
class Part:
    """A file that the mail carries."""

    name: str
    """As the sender wrote it: untrusted, perhaps `../../x`. A made-up one where the mail gives none."""
    size: int
    """Bytes once decoded."""
    type: str
    ref: str
    """The section number of RFC 9051 §6.4.5, `1.2`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """What a delivery report says (RFC 3464), or what could be read out of one that keeps to no standard."""

    action: str = "failed"
    """`failed`, `delayed`, `delivered`, `relayed` or `expanded`; the worst where recipients differ."""
    failed: tuple[str, ...] = ()
    """Addresses that did not get the mail (or have not yet, where `action` is `delayed`)."""
    about: str = ""
    """Message-ID of the mail that came back, `<…>`; empty where the report does not show it."""
    status: str = ""
    """`5.1.1`, RFC 3463."""
    code: int | None = None
    """The SMTP reply, 550."""
    reason: str = ""
    """One line, the remote server's own words."""
    copies: tuple[str, ...] = ()
    """The addresses in the Cc, and not in the To, of the mail that came back, where the report shows its headers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail. No text holds a lone surrogate; no header's text holds a line end."""

    message_id: str = ""
    """`<…>`, or empty: ids are missing, repeat and lie."""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    """Oldest first."""
    sender: Person = _NOBODY
    reply_to: tuple[Person, ...] = ()
    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    subject: str = ""
    date: Instant | None = None
    text: str = ""
    """What a person reads: the plain part, else the HTML as text."""
    whole_text: int | None = None
    """Bytes of the text, where `text` is only its beginning."""
    html: str = ""
    """The HTML as it came, decoded; empty where there is none."""
    attachments: tuple[Part, ...] = ()
    remote_images: int = 0
    """Pictures the HTML would have had a browser fetch."""
    auto: Auto = "person"
    is_list: bool = False
    bounce: Bounce | None = None
    key: str = ""
    """X-Tuidesk-Key: our own, if the mail is ours."""
    agent: str = ""
    """X-Tuidesk-Agent."""
    digest: str = ""
    """SHA-256, hex; see `parse.digest`."""


def to_json(mail: Mail) -> dict[str, object]:
    """A mail as what `json.dumps` takes; `from_json` is its inverse."""
    bounce = mail.bounce
    return {
        "ids": [mail.message_id, mail.in_reply_to, *mail.references],
        "sender": _pair(mail.sender),
        "reply_to": [_pair(person) for person in mail.reply_to],
        "to": [_pair(person) for person in mail.to],
        "cc": [_pair(person) for person in mail.cc],
        "texts": [mail.subject, mail.text, mail.html, mail.key, mail.agent, mail.digest],
        "date": mail.date,
        "whole_text": mail.whole_text,
        "attachments": [[part.name, part.size, part.type, part.ref] for part in mail.attachments],
        "remote_images": mail.remote_images,
        "auto": mail.auto,
        "is_list": mail.is_list,
        "bounce": bounce
        and [
            bounce.action,
            list(bounce.failed),
            bounce.about,
            bounce.status,
            bounce.code,
            bounce.reason,
            list(bounce.copies),
        ],
    }


def from_json(data: object) -> Mail:
    """What `to_json` made, each field checked: whoever answers may have been taken over by the mail.

    Raises:
        ValueError: anything is not of its type.
    """
    if not isinstance(data, dict):
        raise ValueError("not an object")
    message_id, in_reply_to, *references = _list(_str)(data.get("ids"))
    subject, text, html, key, agent, digest = _list(_str)(data.get("texts"))
    auto = data.get("auto")
    if auto not in ("person", "auto", "bounce"):
        raise ValueError("auto")
    bounce = data.get("bounce")
    return Mail(
        message_id=message_id,
        in_reply_to=in_reply_to,
        references=tuple(references),
        sender=_person(data.get("sender")),
        reply_to=tuple(_list(_person)(data.get("reply_to"))),
        to=tuple(_list(_person)(data.get("to"))),
        cc=tuple(_list(_person)(data.get("cc"))),
        subject=subject,
        date=_optional(data.get("date")),
        text=text,
        whole_text=_optional(data.get("whole_text")),
        html=html,
        attachments=tuple(_list(_part)(data.get("attachments"))),
        remote_images=_int(data.get("remote_images")),
        auto=auto,
        is_list=data.get("is_list") is True,
        bounce=None if bounce is None else _bounce(bounce),
        key=key,
        agent=agent,
        digest=digest,
    )


def _pair(person: Person) -> list[str]:
    return [person.name, person.handle]


def _str(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value


def _int(value: object) -> int:
    if not isinstance(value, int):
        raise ValueError("not a number")
    return value


def _optional(value: object) -> int | None:
    return None if value is None else _int(value)


def _list(of: Callable[[object], T]) -> Callable[[object], list[T]]:
    def read(value: object) -> list[T]:
        if not isinstance(value, list):
            raise ValueError("not a list")
        return [of(item) for item in value]

    return read


def _person(value: object) -> Person:
    name, handle = _list(_str)(value)
    return Person(name, handle)


def _part(value: object) -> Part:
    if not isinstance(value, list):
        raise ValueError("not a part")
    name, size, kind, ref = value
    return Part(_str(name), _int(size), _str(kind), _str(ref))


def _bounce(value: object) -> Bounce:
    if not isinstance(value, list):
        raise ValueError("not a bounce")
    action, failed, about, status, code, reason, copies = value
    return Bounce(
        action=_str(action),
        failed=tuple(_list(_str)(failed)),
        about=_str(about),
        status=_str(status),
        code=_optional(code),
        reason=_str(reason),
        copies=tuple(_list(_str)(copies)),
    )
