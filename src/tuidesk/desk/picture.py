"""What a face is told: frozen pictures of rows, made by `desk.read` and drawn by the screen and the command line.

Text in them is as it came: whoever shows it cleans it first (`domain.text.clean`). They are named tuples: a dataclass
takes ten times as long to define, and a command that only reads pays for all of them at every start.
"""

from typing import NamedTuple

from tuidesk.desk.rows import Row
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Attachment, Inserted, Person, SendState

__all__ = [
    "AccountState",
    "Change",
    "Counts",
    "Customer",
    "Draft",
    "Identity",
    "Leaving",
    "Recipients",
    "Row",
    "ShownEntry",
    "ShownMessage",
    "Thread",
]


class ShownMessage(NamedTuple):
    """A message in a thread."""

    n: int
    id: str | None
    """The channel's own id."""
    direction: str
    """`in`, `out` or `note`."""
    kind: str
    """`person`, `bot`, `auto`, `bounce`, `reaction` or `unreadable`."""
    at: Instant
    sender: Person
    text: str
    subject: str
    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    bcc: tuple[Person, ...]
    reply_address: str | None
    visibility: str
    attachments: tuple[Attachment, ...]
    body_size: int | None
    """Bytes of the whole where `text` is only its beginning."""
    source: str | None
    """Path of the raw bytes where nothing could read them."""
    remote_images: int
    edited: bool
    prior: str | None
    deleted: bool
    state: SendState
    reason: str | None
    key: str | None
    not_before: Instant | None
    """While queued: held back until then."""
    behind: bool
    """Queued behind a reply that may have arrived: it does not leave before the agent has dealt with that one."""
    asked: bool
    """Unknown, and the channel could not tell either: the agent must say."""
    about: int | None
    """The message a bounce or automatic answer is about."""
    html: bool
    """There is HTML besides the text."""


class ShownEntry(NamedTuple):
    """Something that happened besides messages."""

    n: int
    what: str
    """`completed` `reopened` `pending` `snoozed` `woke` `assigned` `tagged` `priority` `handoff` `rated` `forwarded`
    `dropped` `undone` …"""
    at: Instant
    by: Person | None
    data: dict[str, object]
    """What it set: `status`, `why`, `until`, `to`, `add`, `remove` …, by kind."""
    undone: bool


class Draft(NamedTuple):
    mode: str
    text: str
    at: Instant
    to: str
    cc: str
    subject: str
    account: str
    bcc: str = ""
    sender: str = ""
    """A From alias of the account."""
    files: tuple[str, ...] = ()
    """Paths."""
    canned: tuple[Inserted, ...] = ()
    """The canned replies that were put into the text."""
    began: int = 0
    """Number of the newest message when it was begun; 0: nobody knows."""


class Thread(NamedTuple):
    """A conversation opened: its newest messages, oldest first."""

    row: Row
    items: tuple[ShownMessage | ShownEntry, ...]
    earlier: int
    """How many messages came before `items`."""
    drafts: tuple[Draft, ...]
    max_length: int | None
    unit: str
    window_ends: Instant | None
    """When the channel stops taking replies."""
    can_reply: bool
    links: tuple[int, ...]
    """Conversations forwarded from this one."""


class Recipients(NamedTuple):
    """Who a reply goes to unless the agent changes it."""

    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    via: str
    """The address or handle of ours that it comes from."""
    medium: str
    visibility: str


class Identity(NamedTuple):
    medium: str
    handle: str


class Customer(NamedTuple):
    """A contact with the whole history."""

    n: int
    name: str
    identities: tuple[Identity, ...]
    fields: tuple[tuple[str, str], ...]
    since: Instant
    conversations: tuple[Row, ...]
    """All of them, newest first (at most 200)."""
    total: int


class AccountState(NamedTuple):
    id: str
    kind: str
    label: str
    health: str
    """`new` `syncing` `ok` `offline` `auth` `crashed` `config`."""
    detail: str
    """Why, in the channel's or our words."""
    heard_at: Instant | None
    caught_up: bool
    done: int
    total: int
    going_out: int
    """Work that has not been settled yet."""


class Counts(NamedTuple):
    open: int
    """With those in `check`, whatever their status."""
    pending: int
    snoozed: int
    complete: int
    check: int
    """Conversations with a failed or unknown reply."""
    drafts: int
    going_out: int


class Leaving(NamedTuple):
    """A reply that is held or queued, for the question before quitting."""

    key: str
    conversation: int
    name: str
    state: str
    not_before: Instant
    text: str


class Change(NamedTuple):
    """Something changed; ask the desk again. `kind` is `conversation`, `account` or `draft`."""

    kind: str
    id: str
