"""How long customers waited for a person's answer, by the calendar. Pure."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from tuidesk.domain.instants import Instant

What = Literal["customer", "person", "bot", "complete"]


class Turn(NamedTuple):
    """Something said in public, or a completion, in one conversation."""

    at: Instant
    knew: Instant
    """For ours the stamp of the newest customer message that was known when it was written: those after it are not
    answered by it. Else as `at`."""
    what: What
    by: str = ""
    """Who answered, as they are to be shown."""


class Answered(NamedTuple):
    """One wait that a person ended."""

    by: str
    ms: Instant
    """Never negative: two machines' clocks differ."""


def answered(history: Iterable[Turn]) -> tuple[Answered, ...]:
    """The waits of one conversation: from the first customer message that nobody had answered to the first answer of
    a person. A bot's answer and a completion end a wait that counts for nobody."""
    waits: list[Answered] = []
    unanswered: list[Instant] = []
    for turn in sorted(history, key=_order):
        if turn.what == "customer":
            unanswered.append(turn.at)
            continue
        answers = [at for at in unanswered if at <= turn.knew]
        if turn.what == "person" and answers:
            waits.append(Answered(turn.by, max(turn.at - min(answers), 0)))
        unanswered = [at for at in unanswered if at > turn.knew]
    return tuple(waits)


def _order(turn: Turn) -> tuple[Instant, bool, bool, Instant, Instant, str]:
    """Ours never before what it answers, whatever our clock says; of one moment the customer first, then a person, so
    that what is told in any order comes to the same."""
    is_ours = turn.what != "customer"
    return max(turn.at, turn.knew), is_ours, turn.what != "person", turn.at, turn.knew, turn.by


def median(waits: Iterable[Instant]) -> Instant | None:
    """The wait in the middle; of an even number, halfway between the two. None where there is none."""
    ordered = sorted(waits)
    if not ordered:
        return None
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) // 2
