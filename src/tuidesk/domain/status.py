"""The one status table: what each event and command does to a conversation's status.

"Newer" is judged among the customer's own messages by the channel's stamps, never between two machines' clocks: a
status remembers the stamp of the newest customer message known when it was set (its basis).
"""

from dataclasses import dataclass

from tuidesk.domain.instants import DAY, Instant
from tuidesk.domain.model import Status

OLD: Instant = 30 * DAY
"""On a first sync, a conversation older than this is complete."""


@dataclass(frozen=True, slots=True)
class State:
    """As much of a conversation as the table looks at."""

    status: Status
    basis: Instant
    snoozed_until: Instant | None = None
    firm: bool = False


def now_reads(status: Status, snoozed_until: Instant | None, now: Instant) -> Status:
    """What the status is for everybody at `now`: a snooze whose time is past is open, process or none."""
    if status == "snoozed" and snoozed_until is not None and snoozed_until <= now:
        return "open"
    return status


def customer_wrote(state: State, at: Instant, now: Instant) -> Status:
    """A person's message opens a conversation from anywhere but a firm snooze that still runs.

    One that is older than the newest known when the status was set comes late and moves nothing.
    """
    if at < state.basis:
        return state.status
    if now_reads(state.status, state.snoozed_until, now) == "snoozed" and state.firm:
        return state.status
    return "open"


def opens_nothing(spam: bool, muted: bool) -> str:
    """Why a customer's message leaves a conversation where it is: `spam`, `muted`; "" where it does not."""
    return "spam" if spam else "muted" if muted else ""


def answer_came(state: State, spam: bool, now: Instant) -> Status:
    """Whom a conversation was passed on to has answered: it opens from anywhere but a firm snooze, unless it is spam.

    Silence is the customer's: it does not hold here.
    """
    reads = now_reads(state.status, state.snoozed_until, now)
    return state.status if spam or (reads == "snoozed" and state.firm) else "open"


def colleague_wrote(state: State, at: Instant, after_reply: Status, now: Instant) -> Status:
    """A colleague's answer moves an open conversation on; one older than the customer's newest comes late."""
    reads = now_reads(state.status, state.snoozed_until, now)
    return after_reply if reads == "open" and at >= state.basis else state.status


def first_sync(last_word: str, age: Instant, in_inbox: bool) -> Status:
    """What a conversation is when an account's first sync finds it, until somebody sets it.

    `last_word` is the direction of its last message, `in` or `out`.
    """
    if age > OLD or not in_inbox:
        return "complete"
    return "pending" if last_word == "out" else "open"
