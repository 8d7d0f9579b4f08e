"""What a channel reports: the events of the JSON-lines vocabulary, as frozen dataclasses.

`parse` and `dump` are the two directions of the vocabulary; `import`, `export`, `follow` and pipe channels all
speak it through them.
"""

from dataclasses import dataclass
from typing import Literal

from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Attachment, Person, Priority, Status

Kind = Literal["person", "auto", "bounce", "reaction", "bot", "unreadable"]


@dataclass(frozen=True, slots=True)
class Body:
    """Where the whole text is when `text` holds only its beginning."""

    size: int
    """Bytes."""
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What every event may say: its own id (a repeat is harmless), when, and who did it."""

    id: str | None = None
    at: Instant
    by: Person | None = None
    extra: tuple[tuple[str, str], ...] = ()
    """Fields the vocabulary does not know, as (name, JSON text): kept for `export`, ignored otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrival(Event):
    medium: str
    sender: Person
    """`from` in JSON."""
    text: str | None = None
    html: str | None = None
    conversation: str | None = None
    refs: tuple[str, ...] = ()
    """Ids of messages it belongs to, oldest first; used where `conversation` is missing."""
    subject: str | None = None
    reply_to: str | None = None
    """Id of the message it answers."""
    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    reply_address: str | None = None
    visibility: str = "direct"
    kind: Kind = "person"
    ids: tuple[str, ...] = ()
    """Other ids of the same message."""
    digest: str | None = None
    """Of the content, where ids repeat and lie (mail): two messages are one only if their digests agree."""
    body: Body | None = None
    attachments: tuple[Attachment, ...] = ()
    by_subject: bool = False
    """The desk may join it to a conversation of the same subject and correspondent (mail from people only)."""
    in_inbox: bool = True
    """False where the channel has put it away already; counts on an account's first sync alone."""
    remote_images: int = 0
    source: bytes | None = None
    """The raw bytes, where they must be kept because nothing could read them. Never in JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(_Arrival):
    """A message from the customer's side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(_Arrival):
    """A message from our side, seen on the channel."""

    key: str | None = None
    """Our own key, where the channel gives it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSeen(Event):
    """An internal note, seen on the channel (`note` in JSON)."""

    conversation: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited(Event):
    message: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted(Event):
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(Event):
    message: str
    state: Literal["delivered", "read", "failed"]
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusSet(Event):
    """`status` in JSON. By `refs` alone it holds only where they name the conversation's newest customer message."""

    conversation: str | None = None
    refs: tuple[str, ...] = ()
    status: Status
    until: Instant | None = None
    until_reply: bool = True
    pending_for: str | None = None
    """`for` in JSON: whom we wait for; None is the customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned(Event):
    conversation: str
    to: Person | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged(Event):
    conversation: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    tags: tuple[str, ...] | None = None
    """The whole list, where the channel gives that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrioritySet(Event):
    """`priority` in JSON."""

    conversation: str
    priority: Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff(Event):
    """A bot hands over to people."""

    conversation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms(Event):
    """What holds in one conversation now, whatever the account can do elsewhere; the newest replaces all before it."""

    conversation: str
    refuses: str = ""
    """Why no reply can be sent there (it is encrypted, say, or the customer has blocked us); "": one can."""
    window_ends: Instant | None = None
    """When the channel stops taking replies, where it says so itself; None: as `Caps.window` has it."""
    fields: tuple[tuple[str, str], ...] = ()
    """What else the channel knows of the conversation, as (name, value): its queue, inbox, custom fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated(Event):
    conversation: str
    score: float
    scale: float
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSeen:
    """`contact` in JSON: what the channel knows of a customer."""

    medium: str
    handle: str
    name: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    same_as: tuple[tuple[str, str], ...] = ()
    """(medium, handle) pairs that the channel itself says are the same person."""
    extra: tuple[tuple[str, str], ...] = ()
    """As `Event.extra`."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Stored with what came before it, in one transaction."""

    cursor: str


@dataclass(frozen=True, slots=True)
class Idle:
    """The channel has caught up."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a first sync is: `done` of about `total` messages. Not part of the JSON vocabulary."""

    done: int
    total: int


ChannelEvent = (
    Received
    | Sent
    | NoteSeen
    | Edited
    | Deleted
    | Delivered
    | StatusSet
    | Assigned
    | Tagged
    | PrioritySet
    | Handoff
    | Terms
    | Rated
    | ContactSeen
)
"""What a `Batch` carries. `Cursor`, `Idle` and `Progress` are fields of the batch."""
