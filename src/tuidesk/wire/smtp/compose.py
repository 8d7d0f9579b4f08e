"""An `Outgoing` → the mail, byte for byte the same in every try: id, date and boundaries follow from the row alone."""

import re
from base64 import encodebytes
from binascii import b2a_qp
from dataclasses import dataclass
from email.utils import format_datetime
from pathlib import Path

from tuidesk.domain.instants import as_datetime
from tuidesk.domain.model import File, Person
from tuidesk.domain.outgoing import Outgoing
from tuidesk.errors import Rejected
from tuidesk.wire.arrivals import agent_mark
from tuidesk.wire.channel import Site
from tuidesk.wire.smtp import headers, validate
from tuidesk.words import say

KEY_HEADER = "X-Tuidesk-Key"
AGENT_HEADER = "X-Tuidesk-Agent"

_MOST_REFERENCES = 30
_KEY = re.compile(r"[a-z0-9-]{1,48}")
_TYPE = re.compile(r"(?!message/|multipart/)[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,90}", re.IGNORECASE)
_READABLE_AS_IT_IS = re.compile(rb"(?:(?!From |\.\r\n)[\t -~]{0,78}(?<![ \t])\r\n)*")
_SEVEN_BIT = re.compile(rb"(?:(?!\.\r\n)[\x01-\x09\x0b\x0c\x0e-\x7f]{0,998}\r\n)*")
"""A line that is a dot ends the mail for a `sendmail` that was not given `-i`."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail and its envelope."""

    raw: bytes
    """With CRLF line ends; without Bcc."""
    id: str
    """Its Message-ID, `<KEY@domain>`."""
    sender: str
    """Where bounces go."""
    recipients: tuple[str, ...]
    """To, Cc and Bcc, each once."""
    hidden: tuple[str, ...] = ()
    """Those of them that only the envelope names."""


def build(out: Outgoing, site: Site, original: bytes | None = None) -> Letter:
    """The mail for a reply or a start. `original` is the mail that a forward carries along.

    Raises:
        Rejected: no recipient, a bad address, a From that is not the account's, a file that cannot be read.
    """
    sender = _sender(out, site)
    from_address = validate.address(sender.handle)
    shown = _addresses(out.to + out.cc)
    recipients = tuple(dict.fromkeys([*shown, *_addresses(out.bcc)]))
    if not recipients:
        raise Rejected(say("smtp.no_recipients"))
    own_id = message_id(out, from_address)
    raw = _head(out, sender, own_id).encode() + _body(out, original)
    hidden = tuple(one for one in recipients if one not in shown)
    return Letter(raw, own_id, from_address, recipients, hidden)


def message_id(out: Outgoing, from_address: str) -> str:
    """`<KEY@domain>`, known before anything is sent."""
    if not _KEY.fullmatch(out.key):
        raise Rejected(say("smtp.line_end", text=ascii(out.key[:60])))
    return f"<{out.key}@{from_address.rpartition('@')[2].strip('[]')}>"


def _sender(out: Outgoing, site: Site) -> Person:
    """Who the mail is from: the account, or the alias that was chosen; never anybody else."""
    if not site.address:
        raise Rejected(say("smtp.no_account_address"))
    sender = out.sender or Person(out.agent.name, site.address)
    if sender.handle.casefold() not in {one.casefold() for one in (site.address, *site.addresses)}:
        raise Rejected(say("smtp.foreign_sender", address=ascii(sender.handle[:100])))
    return sender


def _addresses(people: tuple[Person, ...]) -> list[str]:
    return [validate.address(person.handle) for person in people]


def _head(out: Outgoing, sender: Person, own_id: str) -> str:
    fields = [headers.field("From", *headers.mailboxes((sender,)))]
    to = headers.mailboxes(out.to) if out.to else []
    if to or not out.cc:
        fields.append(headers.field("To", *(to or ["undisclosed-recipients:;"])))
    if out.cc:
        fields.append(headers.field("Cc", *headers.mailboxes(out.cc)))
    fields.append(headers.field("Subject", *headers.text(out.subject or "")))
    fields.append(headers.field("Date", format_datetime(as_datetime(out.at))))
    fields.append(headers.field("Message-ID", own_id))
    answered = validate.message_ids((out.reply_to or "",))
    if answered:
        fields.append(headers.field("In-Reply-To", *answered))
    fields.append(headers.field("References", *_references(out, own_id)))
    fields.append(headers.field(KEY_HEADER, out.key))
    mark = agent_mark(out.agent)
    if mark:
        fields.append(headers.field(AGENT_HEADER, *headers.text(mark)))
    fields.append("MIME-Version: 1.0\r\n")
    return "".join(fields)


def _references(out: Outgoing, own_id: str) -> tuple[str, ...]:
    """The thread's ids, the first and the newest where they are too many (RFC 5322 §3.6.4).

    The first mail of a thread names itself: servers that replace the Message-ID leave this one, and answers bring
    it back.
    """
    ids = validate.message_ids((*out.refs, *filter(None, [out.reply_to])))
    if len(ids) > _MOST_REFERENCES:
        ids = (ids[0], *ids[1 - _MOST_REFERENCES :])
    return ids or (own_id,)


def _body(out: Outgoing, original: bytes | None) -> bytes:
    """From the Content-Type field to the end."""
    text = _text_part(out.text)
    parts = [_file_part(file) for file in out.files]
    if original is not None:
        parts.append(_forwarded_part(original))
    if not parts:
        return text
    parts.insert(0, text)
    boundary = f"=_{out.key}"
    while any(b"--" + boundary.encode() in part for part in parts):
        boundary += "_"
    mark = f"--{boundary}\r\n".encode()
    kind = headers.field("Content-Type", "multipart/mixed;", f'boundary="{boundary}"').encode()
    return kind + b"\r\n" + b"".join(mark + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()


def _text_part(text: str) -> bytes:
    """Plain text: as it is where every server and mailbox file keeps it so, else in the shorter encoding."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    data = lines.encode("utf-8", "replace").replace(b"\n", b"\r\n")
    kind = 'text/plain; charset="utf-8"'
    if _READABLE_AS_IT_IS.fullmatch(data):
        return _part(kind, "7bit", data)
    quoted = _crlf(re.sub(rb"(?m)^From ", b"=46rom ", b2a_qp(data)))
    packed = _crlf(encodebytes(data))
    return (
        _part(kind, "base64", packed)
        if len(packed) < len(quoted)
        else _part(kind, "quoted-printable", quoted)
    )


def _file_part(file: File) -> bytes:
    try:
        data = Path(file.path).read_bytes()
    except OSError as error:
        raise Rejected(say("smtp.file_gone", name=file.name, why=error.strerror)) from error
    kind = file.type if _TYPE.fullmatch(file.type) else "application/octet-stream"
    return _part(kind, "base64", _crlf(encodebytes(data)), file.name)


def _forwarded_part(original: bytes) -> bytes:
    """The mail itself as RFC 2046 §5.2.1 has it; a file where it holds what could not pass unencoded."""
    data = _crlf(original)
    if not data.endswith(b"\r\n"):
        data += b"\r\n"
    if _SEVEN_BIT.fullmatch(data):
        return _part("message/rfc822", "7bit", data, "forwarded.eml")
    return _part("application/octet-stream", "base64", _crlf(encodebytes(original)), "forwarded.eml")


def _part(kind: str, encoding: str, data: bytes, name: str | None = None) -> bytes:
    fields = headers.field("Content-Type", kind) + headers.field("Content-Transfer-Encoding", encoding)
    if name is not None:
        fields += headers.field(
            "Content-Disposition", *_semicolons(["attachment", *headers.parameter("filename", name)])
        )
    return fields.encode() + b"\r\n" + data


def _semicolons(tokens: list[str]) -> list[str]:
    return [f"{token};" for token in tokens[:-1]] + tokens[-1:]


def _crlf(data: bytes) -> bytes:
    return re.sub(rb"\r\n|\r|\n", b"\r\n", data)
