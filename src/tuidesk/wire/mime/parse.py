"""A mail's bytes → `Mail`. The only way out besides a result is `Unreadable`."""

import hashlib
import re
from collections.abc import Iterable

from tuidesk.domain.model import Person
from tuidesk.errors import Unreadable
from tuidesk.wire.mime import automatic, headers, structure
from tuidesk.wire.mime.charset import text_of
from tuidesk.wire.mime.flowed import unflowed
from tuidesk.wire.mime.mail import Mail, Part
from tuidesk.wire.mime.structure import Section
from tuidesk.words import say

_BROKEN = (
    ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, RuntimeError, TypeError,
    ValueError,
)  # fmt: skip
"""What code of the standard library and our own may raise on a mail nobody thought of."""

_READABLE = ("text/plain", "text/html")
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_EXTENSIONS = {"message/rfc822": ".eml", "text/calendar": ".ics", "image/jpeg": ".jpg", "text/plain": ".txt"}
_MOST_IDS = 1_000
MAX_TEXT = 1 << 20
"""Characters of the text that are handed on: some books. What is beyond stays in the mail."""
_MAX_HTML = 4 << 20
"""Characters of one HTML that are looked into; there is more markup in it than text."""


def parse(raw: bytes) -> Mail:
    """The whole mail, as it came from the server or the file.

    Raises:
        Unreadable: beyond a limit of `structure` or `html`, or broken in a way that we do not know.
    """
    try:
        return _mail(structure.read(raw))
    except _BROKEN as error:
        raise Unreadable(say("mime.malformed", kind=type(error).__name__)) from None


def part(raw: bytes, ref: str) -> bytes:
    """The content of one part, its transfer encoding undone.

    Of a part fetched alone (RFC 9051 `BODY[1.2.MIME]`, `BODY[1.2]`) it is `part(mime_header + body, "1")`.

    Raises:
        Unreadable: the mail is, or has no such part.
    """
    try:
        root = structure.read(raw)
        found = next((leaf.content() for leaf in root.walk() if leaf.ref == ref), None)
    except _BROKEN as error:
        raise Unreadable(say("mime.malformed", kind=type(error).__name__)) from None
    if found is None:
        raise Unreadable(say("mime.no_part", ref=ref))
    return found


def _mail(root: Section) -> Mail:
    hint = _hint(root)
    body = _Body(hint)
    body.take(root)
    text, source, images = body.result()
    subject = headers.decoded(root.header("subject"), hint)
    sender = _sender(root, hint)
    returned = automatic.bounce(root, subject, sender.handle)
    references = headers.ids(b" ".join(root.values("references")))
    return Mail(
        message_id=_first(headers.ids(root.header("message-id"))),
        in_reply_to=_first(headers.ids(root.header("in-reply-to"))),
        references=references[-_MOST_IDS:],
        sender=sender,
        reply_to=_people(root, "reply-to", hint),
        to=_people(root, "to", hint),
        cc=_people(root, "cc", hint),
        subject=subject,
        date=headers.date(root.header("date")),
        text=text[:MAX_TEXT],
        html=source[:MAX_TEXT],
        whole_text=len(text.encode()) if len(text) > MAX_TEXT else None,
        attachments=tuple(body.attachments),
        remote_images=images,
        auto=automatic.kind(root, subject, returned),
        is_list=automatic.is_list(root),
        bounce=returned,
        key=headers.decoded(root.header("x-tuidesk-key"))[:48],
        agent=headers.decoded(root.header("x-tuidesk-agent"))[:200],
        digest=digest(root),
    )


def _hint(root: Section) -> str:
    """What bytes without a charset are probably in: that of another header, or of a text that says its own."""
    named = headers.charset_in(root.header("subject")) or headers.charset_in(root.header("from"))
    texts = (leaf.parameters.get("charset", "") for leaf in root.walk() if leaf.type in _READABLE)
    return named or next(filter(None, texts), "")


def digest(root: Section) -> str:
    """One value for the copies of one mail: they differ in Received, folding, line ends, last blank lines.

    SHA-256, hex, over the values of From, Date and Subject as they stand (unfolded) and the body's size with
    CRLF line ends.
    """
    body = root.raw[root.start : root.end].rstrip(b"\r\n")
    size = len(body) + body.count(b"\n") - body.count(b"\r\n")
    named = [b" ".join(root.header(name).split()) for name in ("from", "date", "subject")]
    return hashlib.sha256(b"\n".join([*named, str(size).encode()])).hexdigest()


def _first(found: tuple[str, ...]) -> str:
    return found[0] if found else ""


def _people(root: Section, name: str, hint: str) -> tuple[Person, ...]:
    return tuple(person for value in root.values(name) for person in headers.people(value, hint))


def _sender(root: Section, hint: str) -> Person:
    """Who wrote: From, else Sender, else where the envelope came from."""
    for name in ("from", "sender", "return-path"):
        found = _people(root, name, hint)
        if found:
            return next((person for person in found if person.handle), found[0])
    return Person()


class _Body:
    """Gathers what is read and what is attached, in the order of the mail."""

    def __init__(self, hint: str) -> None:
        self.attachments: list[Part] = []
        self._hint = hint
        self._read: list[tuple[list[Section], list[Section]]] = []
        """(plain, html): two forms of one text, each perhaps in pieces around a picture; or one of them alone."""

    def take(self, section: Section) -> None:
        """A section and all below it. Depth is bounded by `structure.MAX_DEPTH`."""
        if section.type == "multipart/alternative" and section.parts:
            self._take_alternative(section)
        elif section.parts:
            for child in section.parts:
                self.take(child)
        elif self._is_read(section):
            is_html = section.type == "text/html"
            self._read.append(([], [section]) if is_html else ([section], []))
        else:
            self.attachments.append(_attachment(section, self._hint))

    def _take_alternative(self, section: Section) -> None:
        """One text in several forms (RFC 2046 §5.1.4): the forms that we read become one entry.

        A child can hold its form in pieces (Apple's Mail writes HTML, a file, HTML): it is taken whole. A form that is
        there already is attached: it should say the same, but who knows.
        """
        before = self._read
        forms: tuple[list[Section], list[Section]] = ([], [])
        for child in section.parts:
            self._read = []
            self.take(child)
            for which, form in enumerate(forms):
                found = [piece for read in self._read for piece in read[which]]
                if form:
                    self.attachments += [
                        _attachment(piece, self._hint) for piece in found if piece.content().strip()
                    ]
                else:
                    form += found
        self._read = before
        if any(forms):
            self._read.append(forms)

    def _is_read(self, section: Section) -> bool:
        disposition, parameters = section.disposition()
        if section.type.startswith("multipart/"):  # one without a boundary
            return True
        if section.type not in _READABLE or disposition == "attachment":
            return False
        named = "filename" in parameters or "name" in section.parameters
        return not named or not self._read

    def result(self) -> tuple[str, str, int]:
        """(text, HTML source, remote images)."""
        texts: list[str] = []
        sources: list[str] = []
        images = 0
        for plain, rich in self._read:
            text = _joined(map(self._plain, plain))
            read = [self._source(piece) for piece in rich]
            sources += read
            shown, seen = self._either(text, read)
            texts.append(shown)
            images += seen
        return _joined(texts), "\n".join(sources), images

    def _either(self, text: str, sources: list[str]) -> tuple[str, int]:
        """The plain text where there is one; then HTML beyond our limits is no reason to refuse the mail."""
        from tuidesk.wire import (
            html,
        )  # half of what the module costs to load, and half of all mail needs it not

        try:
            rendered = [html.to_text(source[:_MAX_HTML]) for source in sources]
        except Unreadable:
            if text:
                return text, 0
            raise
        return text or _joined(one.text for one in rendered), sum(one.remote_images for one in rendered)

    def _plain(self, section: Section) -> str:
        text = section.text(self._hint)
        if section.parameters.get("format", "").lower() == "flowed":
            return unflowed(text, section.parameters.get("delsp", "").lower() == "yes")
        return text

    def _source(self, section: Section) -> str:
        declared = section.parameters.get("charset", "")
        data = section.content()
        if not declared and (meta := _META_CHARSET.search(data[:4096])):
            declared = meta[1].decode("ascii")
        return text_of(data, declared, self._hint)


def _joined(texts: Iterable[str]) -> str:
    """Texts that follow each other, a blank line between; those that say nothing are left out."""
    return "\n\n".join(text.strip("\n") for text in texts if text.strip())


def _attachment(section: Section, hint: str) -> Part:
    name = section.name(hint) or _made_up(section)
    return Part(name, len(section.content()), section.type, section.ref)


def _made_up(section: Section) -> str:
    """A name for a part without one: a mail's own subject, else the number."""
    extension = _EXTENSIONS.get(section.type)
    if extension is None:
        subtype = section.type.partition("/")[2]
        extension = f".{subtype}" if subtype.isalnum() and len(subtype) <= 4 else ".bin"
    if section.type == "message/rfc822":
        subject = headers.decoded(structure.head(section.content()).header("subject"))
        if subject:
            return subject[:80] + extension
    return f"part-{section.ref}{extension}"
