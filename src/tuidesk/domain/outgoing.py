"""A command made whole for its channel, and what the channel answers.

The desk makes an `Outgoing` in the transaction that queues it and keeps it as JSON; an adapter needs nothing else.
"""

from dataclasses import asdict, dataclass
from typing import Any

from tuidesk.domain.instants import Instant
from tuidesk.domain.model import File, Person

UNSAFE = frozenset({"reply", "start", "note"})
"""Types of work that must not be done twice. Setting a state, filing and flagging can be repeated."""

_ME = Person(me=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One piece of work for a channel. Ids are the channel's own; what does not belong to `type` is empty."""

    key: str
    """The outbox row's own, `[a-z0-9-]`, at most 48: Message-ID, Idempotency-Key, txnId derive from it."""
    type: str
    """`reply` `start` `note` `complete` `reopen` `pending` `snooze` `assign` `tag` `priority`, or a follow-up that
    a receipt named (`file`, `answered` …)."""
    at: Instant
    """When it was queued: the Date of a mail, so that a second try is the same mail."""
    agent: Person = _ME
    """Who does it."""
    conversation: str | None = None
    medium: str = ""
    text: str = ""
    html: str | None = None
    subject: str | None = None
    reply_to: str | None = None
    """Id of the message it answers."""
    refs: tuple[str, ...] = ()
    """Ids of the thread's messages, oldest first, ending with `reply_to`."""
    sender: Person | None = None
    """The From, where the account has aliases; None: the account's own."""
    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    bcc: tuple[Person, ...] = ()
    visibility: str = "direct"
    files: tuple[File, ...] = ()
    template: str = ""
    """The channel's id of the template that `text` was made from; "": free text."""
    values: tuple[tuple[str, str], ...] = ()
    """What stands in the template's places, as (place, value)."""
    forwards: str | None = None
    """Id of the message that a `start` passes on."""
    targets: tuple[str, ...] = ()
    """For a state: all known ids of every customer message in the conversation."""
    seen: str | None = None
    """For a complete: id of the newest customer message the agent had seen."""
    pending_for: str | None = None
    until: Instant | None = None
    until_reply: bool = True
    assignee: Person | None = None
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    priority: str | None = None
    sent_id: str | None = None
    """For a follow-up: the id in the receipt of what it follows."""

    def to_json(self) -> dict[str, Any]:
        """Without the fields that hold their default."""
        return {name: value for name, value in asdict(self).items() if value not in (None, "", (), [])}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Outgoing":
        """The inverse of `to_json`."""
        made = dict(kept)
        for name in ("to", "cc", "bcc"):
            made[name] = tuple(Person(**person) for person in kept.get(name, ()))
        for name in ("agent", "sender", "assignee"):
            if kept.get(name) is not None:
                made[name] = Person(**kept[name])
        made["files"] = tuple(File(**file) for file in kept.get("files", ()))
        for name in ("refs", "targets", "add", "remove"):
            made[name] = tuple(kept.get(name, ()))
        made["values"] = tuple((place, value) for place, value in kept.get("values", ()))
        return cls(**made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The customer can have it now."""

    id: str | None = None
    """The channel's own id of the message; None for a state."""
    at: Instant | None = None
    """The channel's stamp, where it gives one."""
    conversation: str | None = None
    ids: tuple[str, ...] = ()
    refused: tuple[Person, ...] = ()
    """Recipients the channel would not take; at least one other was taken."""
    warnings: tuple[str, ...] = ()
    follow: tuple[str, ...] = ()
    """Types of follow-up work, each an outbox row of its own that can be repeated."""


@dataclass(frozen=True, slots=True)
class Found:
    """It was done; `id` as a receipt would have said."""

    id: str | None = None
    at: Instant | None = None
    ids: tuple[str, ...] = ()
    follow: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """The service knows that it was not done."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """The service cannot tell."""

    reason: str = ""
