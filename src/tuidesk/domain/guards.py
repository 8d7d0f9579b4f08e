"""What is asked once before a text leaves: mistakes that are common, and cannot be called back. Pure.

Quoted lines (`> `) are somebody else's words and never the reason.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Watch
from tuidesk.domain.visibility import is_shared, is_wider
from tuidesk.words import say

_MENTION = re.compile(r"(?<![\w@.+/-])@(\w[\w-]*)(?![\w.-]*\.\w)")
"""`@sam`, and nothing of an address."""
_HANDLES = frozenset({"post", "dm", "instagram", "messenger", "telegram", "forum"})
"""Media whose people call each other by @: there only a colleague's name is meant for us."""
_PLACEHOLDER = re.compile(
    r"\{\{[^{}\n]{0,80}\}\}|\[[A-Z][A-Z0-9]*(?:[ _-][A-Z0-9]+){0,4}\]|(?<!\w)(?:XXX+|TODO)(?!\w)"
)
_DIGITS = re.compile(r"(?<![\d.])\d(?:[ -]?\d){12,18}(?!\d)")
_CARD_DIGITS = range(13, 20)


class Ask(NamedTuple):
    """A question that Ctrl+S answers with yes, and Esc with no."""

    id: str
    words: str
    """Clean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """A reply that is about to leave."""

    text: str
    medium: str
    visibility: str
    """Who can read it (`domain.visibility`)."""
    files: int
    """How many go along, with those of a forwarded message."""
    answers: str = "public"
    """Who could read the message that it answers."""
    parts: int = 1
    """How many it takes to get the text through the channel."""
    most: int | None = None
    """What one part takes, in the channel's own unit."""


def asks(parting: Parting, watch: Watch) -> tuple[Ask, ...]:
    """Everything that is to be asked, the worst last: what is answered last is thought about most."""
    text, shared = own_words(parting.text), is_shared(parting.visibility)
    wider = is_wider(parting.visibility, parting.answers)
    found = [
        _about("placeholder", placeholder(text)),
        _about("file", "" if parting.files else names_a_file(text, watch.file_words)),
        _about("note", note_like(text, watch, parting.medium, public=shared)),
        _about("long", str(parting.parts) if parting.parts > 1 else "", most=parting.most),
        _about("card", card_number(text) if shared else ""),
        _about("direct" if parting.answers == "direct" else "wider", "yes" if wider else ""),
        _about(parting.visibility, "yes" if shared else ""),
    ]
    return tuple(ask for ask in found if ask is not None)


def _about(id_: str, what: str, **more: object) -> Ask | None:
    return Ask(id_, say(f"guards.{id_}", what=what, **more)) if what else None


def own_words(text: str) -> str:
    """`text` without the lines that quote somebody."""
    return "\n".join(line for line in text.split("\n") if not line.lstrip().startswith(">"))


def note_like(text: str, watch: Watch, medium: str, *, public: bool = False) -> str:
    """The word that makes this look like one for the team: `@sam`, `internal`. "" where none does."""
    usual = public or medium in _HANDLES
    for found in _MENTION.finditer(text):
        if not usual or found[1].casefold() in watch.colleagues:
            return found[0]
    return _word(text, watch.note_words)


def names_a_file(text: str, words: Iterable[str]) -> str:
    """The word that promises a file: `attached`, `첨부`. "" where none does."""
    return _word(text, words)


def _word(text: str, words: Iterable[str]) -> str:
    """The first of `words` that stands in `text`, as it stands there.

    A word in Latin letters stands alone; one of a script whose endings are written on may have them.
    """
    for word in words:
        end = r"(?!\w)" if word.isascii() else ""
        if word and (found := re.search(rf"(?<!\w){re.escape(word)}{end}", text, re.IGNORECASE)):
            return found[0]
    return ""


def placeholder(text: str) -> str:
    """`{{name}}`, `[ORDER NUMBER]`, `XXX`, `TODO`: what was to be filled in. "" where nothing is left."""
    found = _PLACEHOLDER.search(text)
    return found[0] if found else ""


def card_number(text: str) -> str:
    """The end of what looks like a card number, `…4242`; "" where there is none."""
    for found in _DIGITS.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if len(digits) in _CARD_DIGITS and digits[0] not in "01" and len(set(digits)) > 1 and _luhn(digits):
            return f"…{digits[-4:]}"
    return ""


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def window(ends: Instant | None, now: Instant) -> tuple[Ask, ...]:
    """Whether the channel takes no reply any more. `ends`: when the time for replies is over; None: never."""
    return (Ask("window", say("guards.window")),) if ends is not None and ends <= now else ()


def colleagues(people: Iterable[str], own: Collection[str]) -> frozenset[str]:
    """What colleagues are called behind an @: first names and handles, folded; not the agent's `own`."""
    names: set[str] = set()
    for person in people:
        names.update({person, person.partition(" ")[0], person.partition("@")[0]})
    folded = {name.strip("@ ").casefold() for name in names if name.strip("@ ")}
    return frozenset(folded - {name.casefold() for name in own})
