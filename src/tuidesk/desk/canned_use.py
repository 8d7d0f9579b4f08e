"""The use of canned replies: counted where a reply with one is queued or a macro is run, and taken back with it."""

from collections.abc import Iterable, Sequence

from tuidesk.desk.doing import Doing
from tuidesk.domain.canned import remaining, still_in
from tuidesk.domain.model import Inserted
from tuidesk.domain.template import left_in
from tuidesk.errors import Refused
from tuidesk.store.sql import insert
from tuidesk.words import say


def refuse_holes(text: str, canned: Sequence[Inserted] = ()) -> None:
    """The last door before a text leaves.

    Raises:
        Refused: a placeholder stands in it that nobody has filled.
    """
    holes = left_in(text, [one.text for one in canned])
    if holes:
        raise Refused(say("canned.left_in", what=", ".join(holes)))


def add(
    doing: Doing, name: str, conversation: int, message: int | None = None, *, changed: bool = False
) -> None:
    """Count a use. That of a message goes when the message does; else the journal takes it back."""
    use = insert(
        doing.connection,
        "canned_use",
        canned=name,
        conversation=conversation,
        message=message,
        at=doing.now,
        changed=int(changed),
    )
    if message is None:
        doing.prior.append({"what": "canned_use", "conversation": conversation, "use": use})


def of_letter(doing: Doing, conversation: int, message: int, text: str, canned: Sequence[Inserted]) -> None:
    """Count those whose words are still in what leaves."""
    for one in remaining(text, canned):
        add(doing, one.name, conversation, message, changed=still_in(text, one) != "whole")


def kept(canned: Iterable[Inserted]) -> list[list[object]]:
    """As a draft keeps them."""
    return [list(one if one.template else one[:2]) for one in canned]
