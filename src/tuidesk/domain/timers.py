"""Response timers: pure functions from a conversation's history.

This much is here: the Wait, the state that the queue is sorted by.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from tuidesk.domain.instants import Instant

What = Literal["customer", "answer", "complete"]


class Moment(NamedTuple):
    """Something that starts or ends a Wait, in the order of the customer's own stamps.

    What we do counts from the newest customer message that was known when we did it (`after`): two machines' clocks
    differ, and an answer never comes before the message it answers.
    """

    after: Instant
    """For the customer's message its stamp; for ours the stamp of the newest one we knew, else our own."""
    ours: bool
    at: Instant
    what: What
    arrival: int = 0
    """Among those of one stamp (a service's may be whole seconds), which was here first."""


def waiting_since(history: Iterable[Moment]) -> Instant | None:
    """Start of the Wait: the first customer message that nobody has answered, None where nobody waits.

    A person's answer, a bot's answer and a completion clear it; notes, reactions and automatic mail are no moments.
    """
    start: Instant | None = None
    for moment in sorted(history, key=lambda moment: (moment.after, moment.arrival, *moment)):
        if moment.what != "customer":
            start = None
        elif start is None:
            start = moment.at
    return start
