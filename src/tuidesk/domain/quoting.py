"""A message quoted in its answer, as mail has it. Pure."""

from tuidesk.domain import fold
from tuidesk.words import say

_MOST = 40
"""Lines that are quoted; nobody reads more of what they wrote themselves."""


def quoted(text: str, who: str, when: str) -> str:
    """`On 20 Nov 12:50, Dana wrote:` and each line behind `> `; an empty line to write on follows.

    What the message quoted itself, and its signature, are left out; "" where nothing stays.
    """
    kept = "".join(part.text for part in fold.split(text) if part.kind == "text" and not part.folded)
    lines = [line.rstrip() for line in kept.strip().splitlines()]
    if not lines:
        return ""
    if len(lines) > _MOST:
        lines = [*lines[:_MOST], say("composer.quote_more")]
    head = say("composer.quote_head", when=when, who=who)
    return "\n".join([head, *(f"> {line}".rstrip() for line in lines), "", ""])


def passed_on(text: str, who: str, when: str) -> str:
    """The same of a whole message that goes to somebody else: nothing is left out, and nothing follows."""
    lines = (f"> {line}".rstrip() for line in text.strip().splitlines())
    return "\n".join([say("composer.quote_head", when=when, who=who), *lines])
