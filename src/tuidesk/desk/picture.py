"""What a face is told: frozen pictures of rows, made by `desk.read` and drawn by the screen and the command line.

Text in them is as it came: whoever shows it cleans it first (`domain.text.clean`). They are named tuples: a dataclass
takes ten times as long to define, and a command that only reads pays for all of them at every start.
"""

from collections.abc import Mapping
from datetime import tzinfo
from types import MappingProxyType
from typing import NamedTuple

from tuidesk.desk.rows import Row
from tuidesk.domain.contacts import NETWORK_NAMES
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Attachment, Inserted, Person, SendState

__all__ = [
    "AccountState",
    "Answer",
    "Break",
    "Change",
    "ContactNote",
    "Counts",
    "Customer",
    "Draft",
    "Identity",
    "Joined",
    "Leaving",
    "Recipients",
    "Row",
    "Said",
    "ShownEntry",
    "ShownMessage",
    "Story",
    "Suggestion",
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
    conversation: int = 0
    """Where it stands: in a thread of merged conversations, one of its parts."""
    holding: bool = False
    """Ours, and says only that somebody is on it."""


class ShownEntry(NamedTuple):
    """Something that happened besides messages."""

    n: int
    what: str
    """`completed` `reopened` `pending` `snoozed` `woke` `assigned` `tagged` `priority` `handoff` `rated`
    `surveyed` `forwarded` `starred` `muted` `spam` `kept` `merged` `split` `dropped` `undone` …"""
    at: Instant
    by: Person | None
    data: dict[str, object]
    """What it set: `status`, `why`, `until`, `to`, `add`, `remove` …, by kind; `part` where it is of a conversation
    that is merged into this one."""
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
    alts: tuple[tuple[str, str], ...] = ()
    """What pictures among them show, as (path, words)."""
    visibility: str = ""
    """Where it is another than the conversation's."""
    medium: str = ""
    """Of a `start`; "": the account's first."""
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
    can_reply: bool
    """The channel carries replies out at all."""
    links: tuple[int, ...]
    """Conversations forwarded from this one."""
    merged: tuple[int, ...] = ()
    """Conversations that are shown in this one."""
    refuses: str = ""
    """Why no reply can be sent in it, in the channel's word."""
    fields: tuple[tuple[str, str], ...] = ()
    """What the channel knows of it besides, as (name, value)."""
    only_templates: bool = False
    """The time for replies is over, but for the channel's templates."""


class Recipients(NamedTuple):
    """Who a reply goes to unless the agent changes it."""

    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    via: str
    """The address or handle of ours that it comes from."""
    medium: str
    visibility: str
    conversation: int = 0
    """In which they are: of several that are shown as one, that in which the customer wrote last."""


class Identity(NamedTuple):
    medium: str
    handle: str
    contact: int = 0
    """Whose it was before others were merged with it."""


class Story(NamedTuple):
    """What became of a conversation: who answered, how soon, how the customer liked it."""

    first_at: Instant
    by: tuple[Person, ...] = ()
    """Who answered in public, in that order, each once; bots are not among them."""
    reply: Instant | None = None
    """How long the first answer took, by the calendar, in ms; None: there was none to wait for."""
    score: float | None = None
    """The newest rating, of `scale`."""
    scale: float = 0
    said: str = ""
    """Words that came with the rating."""


class Said(NamedTuple):
    """A message of a past conversation, to be read in place."""

    at: Instant
    by: Person
    direction: str
    text: str
    """What is new in it, without quotes and signature."""


class ContactNote(NamedTuple):
    """What the team wrote down about a customer."""

    n: int
    at: Instant
    by: Person | None
    text: str


class Joined(NamedTuple):
    """Two contacts that are shown as one."""

    a: int
    b: int
    why: str


class Suggestion(NamedTuple):
    """Somebody who may be the same person. Nothing is done about it but by the agent."""

    contact: int
    name: str
    medium: str
    handle: str
    why: str
    """The evidence, in words."""


class Answer(NamedTuple):
    """What the agent's own program last said of a customer."""

    at: Instant
    fields: tuple[tuple[str, str], ...]


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
    stories: Mapping[int, Story] = MappingProxyType({})
    """Of those conversations, by number."""
    last_in: Instant | None = None
    """When they last wrote, as far as those conversations go."""
    median: Instant | None = None
    """The median of our replies to them, in ms by the calendar …"""
    replies: int = 0
    """… of so many, in those conversations."""
    language: str = ""
    guessed: bool = False
    """The language is that of the script they write."""
    there: tzinfo | None = None
    """The zone they are in …"""
    there_by: str = ""
    """… which their number's country says (`+82`), where no field does."""
    members: tuple[int, ...] = ()
    """The contacts that are shown as this one, the eldest first."""
    joined: tuple[Joined, ...] = ()
    notes: tuple[ContactNote, ...] = ()
    """The newest first."""
    answer: Answer | None = None

    @property
    def goes_by(self) -> tuple[Identity, ...]:
        """The identities that say something to a person: all, where there are no others than a network's own."""
        found = tuple(one for one in self.identities if one.medium not in NETWORK_NAMES)
        return found or self.identities


IMPORT = "import"
"""The kind of an account that a file of JSON lines made: it is configured nowhere, and that is right."""


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

    @property
    def is_import(self) -> bool:
        """A file of JSON lines made it: no service is behind it, and nothing more is heard."""
        return self.kind == IMPORT


class Counts(NamedTuple):
    """How many conversations each view of `domain.query.VIEWS` has, and what is going out."""

    open: int
    """With those in `check`, whatever their status."""
    mine: int
    unassigned: int
    late: int
    soon: int
    window: int
    snoozed: int
    pending: int
    drafts: int
    check: int
    """Conversations with a failed or unknown reply."""
    handled: int
    complete: int
    all: int
    going_out: int
    turns_at: Instant | None = None
    """When the next conversation becomes late, or is due soon."""


class Leaving(NamedTuple):
    """A reply that is held or queued, for the question before quitting."""

    key: str
    conversation: int
    name: str
    state: str
    not_before: Instant
    text: str


class Break(NamedTuple):
    """This agent is away."""

    began: Instant
    reason: str


class Change(NamedTuple):
    """Something changed; ask the desk again. `kind` is `conversation`, `account`, `draft` or `away`."""

    kind: str
    id: str
