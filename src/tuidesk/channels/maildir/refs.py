"""How a message is named: `maildir:inbox/NAME`, a part of it with `#SECTION` behind that."""

import re
from dataclasses import dataclass

_REF = re.compile(r"maildir:(inbox|sent)/([^/]+?)(?:#([\d.]{1,200}))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Ref:
    """One message in one box, or a part of it. `str()` is its id."""

    box: str
    name: str
    section: str = ""
    """As in RFC 9051 §6.4.5; "" is the whole message."""

    def __str__(self) -> str:
        return f"maildir:{self.box}/{self.name}" + (f"#{self.section}" if self.section else "")


def parse(text: str) -> Ref | None:
    """The inverse of `str(ref)`; None for any other id."""
    match = _REF.fullmatch(text)
    return Ref(match[1], match[2], match[3] or "") if match else None
