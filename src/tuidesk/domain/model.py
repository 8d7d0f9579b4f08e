"""What a helpdesk is made of: frozen dataclasses, no behaviour beyond what follows from their own fields."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from tuidesk.domain.visibility import is_shared

Status = Literal["open", "pending", "snoozed", "complete"]
STATUSES: tuple[Status, ...] = ("open", "pending", "snoozed", "complete")
Priority = Literal["urgent", "high", "normal", "low"]
PRIORITIES: tuple[Priority, ...] = ("urgent", "high", "normal", "low")
Sentiment = Literal["positive", "neutral", "negative"]
SENTIMENTS: tuple[Sentiment, ...] = ("positive", "neutral", "negative")
SendState = Literal["", "queued", "sending", "sent", "failed", "unknown"]
"""The life of a reply (a draft is no message yet). Empty for what came in, and for notes that stay local."""
Unit = Literal["characters", "graphemes", "utf16", "bytes", "gsm7", "x-weighted"]


@dataclass(frozen=True, slots=True)
class Person:
    """Who wrote, or to whom: a name as given, and a handle in the channel's own form."""

    name: str = ""
    handle: str = ""
    me: bool = False
    """This agent. Somebody else of our side is a colleague."""
    kind: str = "person"
    """`person`, `bot` or `auto`."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file a message carries; its bytes stay on the channel until they are asked for."""

    name: str
    size: int
    type: str
    ref: str
    """What `Channel.fetch` takes."""
    alt: str = ""
    """What a picture shows, in its sender's words."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes out with a reply: a copy of it lies in the spool from the moment the reply is queued."""

    name: str
    type: str
    path: str
    alt: str = ""
    """What a picture shows, for who cannot see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A canned reply that the channel keeps: the team's own, or a template that a closed reply window lets through."""

    name: str
    text: str
    """With `{{1}}` or `{{name}}` where a value belongs."""
    template: str = ""
    """The channel's id of it, where it is a template; a reply made from it is sent by that id."""
    media: tuple[str, ...] = ()
    """Media it can be sent by; (): all of the account's."""

    def fits(self, medium: str) -> bool:
        """Whether it can be sent by this medium; "": by any."""
        return not self.media or not medium or medium in self.media


class Inserted(NamedTuple):
    """A canned reply that was put into a text: its name, and its words as they were filled."""

    name: str
    text: str
    template: str = ""
    """The channel's id of it, where it is a template …"""
    values: tuple[tuple[str, str], ...] = ()
    """… and what stands in its places, as (place, value)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """What an account's channel can do. Kept per account, so that everybody knows it while the channel is away."""

    performs: frozenset[str] = frozenset()
    """Types of outgoing work (`reply`, `start`, `note`, `complete` …); what is missing stays local."""
    max_length: int | None = None
    unit: Unit = "characters"
    idempotent_s: int = 0
    """For how many seconds the service honours a repeated key; 0: never."""
    find: bool = False
    visibility: tuple[str, ...] = ("direct",)
    window_s: int | None = None
    """Seconds after the customer's last message in which a reply is allowed; None: always."""
    windows: dict[str, int] = field(default_factory=dict)
    """The same by medium, where the account's media differ; `window` knows both."""
    lengths: dict[str, int] = field(default_factory=dict)
    """`max_length` by medium, where they differ; `length` knows both."""
    attachment_bytes: int | None = None
    attachment_types: tuple[str, ...] = ()
    alt: bool = False
    """Pictures go out with a description."""
    media: tuple[str, ...] = ()
    """Media in which a conversation can be started here."""

    def window(self, medium: str) -> int | None:
        """Seconds after the customer's last message in which a reply is allowed there; None: always."""
        return self.windows.get(medium, self.window_s)

    def length(self, medium: str) -> int | None:
        """The longest text there, in `unit`; None: no limit."""
        return self.lengths.get(medium, self.max_length)


@dataclass(frozen=True, slots=True)
class Watch:
    """What a text is looked through for before it leaves."""

    note_words: tuple[str, ...] = ("internal", "internal only", "note to self", "내부용", "ichki")
    """What makes a reply look like a note."""
    file_words: tuple[str, ...] = (
        "attached", "attachment", "attachments", "enclosed", "첨부", "biriktirilgan", "biriktirdim",
        "ilova qilingan", "ilova qildim",
    )  # fmt: skip
    """What promises a file."""
    colleagues: frozenset[str] = frozenset()
    """What they are called behind an @, folded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the user's config says about behaviour. Files and keys: `config.tables`."""

    agent: Person = field(default_factory=lambda: Person(me=True))
    agent_addresses: tuple[str, ...] = ()
    """Handles that are this agent's on channels that show the author, folded to lower case."""
    after_reply: Status = "pending"
    complete_needs_tag: tuple[str, ...] | None = None
    """Tags of which a conversation must have one to be completed; (): any tag; None: it needs none."""
    after_complete: Literal["next", "stay", "queue"] = "next"
    """Where the screen goes when a conversation is settled."""
    hold_s: dict[str, float] = field(default_factory=dict)
    """Seconds a reply from the screen is held back, by medium; `public` for what others can read."""
    watch: Watch = field(default_factory=Watch)

    @property
    def agent_names(self) -> tuple[str, ...]:
        """What a stranger may call themselves in order to pass for this agent."""
        return (self.agent.name,) if self.agent.name else ()

    def hold(self, medium: str, visibility: str) -> float:
        """Seconds that a reply from the screen waits before it leaves.

        Public 15, mail 10, WhatsApp and SMS 5, everything else at once, unless the user says otherwise.
        """
        kind = "public" if is_shared(visibility) else medium
        default = {"public": 15.0, "mail": 10.0, "whatsapp": 5.0, "sms": 5.0}.get(kind, 0.0)
        return self.hold_s.get(kind, default)
