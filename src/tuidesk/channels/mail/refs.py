"""How a message on the server is named: `imap:FOLDER;UIDVALIDITY;UID`, a part of it with `#SECTION` behind that."""

import re
from dataclasses import dataclass

_REF = re.compile(r"imap:(.+);(\d{1,20});(\d{1,20})(?:#([\d.]{1,200})?(<[^<>\s]{1,900}>)?)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Ref:
    """One message in one folder, or a part of it. `str()` is its id."""

    folder: str
    validity: int
    uid: int
    section: str = ""
    """As in RFC 9051 §6.4.5; "" is the whole message."""
    message_id: str = ""
    """By which it is found again once it lies elsewhere."""

    def __str__(self) -> str:
        tail = f"#{self.section}{self.message_id}" if self.section or self.message_id else ""
        return f"imap:{self.folder};{self.validity};{self.uid}{tail}"


def parse(text: str) -> Ref | None:
    """The inverse of `str(ref)`; None for any other id."""
    match = _REF.fullmatch(text)
    return Ref(match[1], int(match[2]), int(match[3]), match[4] or "", match[5] or "") if match else None


def is_message_id(text: str) -> bool:
    """A Message-ID, which can be searched for."""
    return text.startswith("<") and text.endswith(">") and len(text) > 2
