"""What an agent wants done. The same commands from a key, the palette and the shell.

Conversations and messages are named by the desk's own numbers. A command binds to them when it is made, never to a
row on the screen.
"""

from dataclasses import dataclass
from typing import Literal

from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Inserted, Person, Priority
from tuidesk.domain.survey import Asked

Mode = Literal["reply", "note", "start", "forward"]
"""What a draft will become. Each mode of a conversation has a buffer of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Answer the customer. None for recipients means those the thread gives (`read.recipients`)."""

    conversation: int
    text: str
    to: tuple[Person, ...] | None = None
    cc: tuple[Person, ...] | None = None
    bcc: tuple[Person, ...] = ()
    files: tuple[str, ...] = ()
    """Paths; copied to the spool before it is queued."""
    alts: tuple[tuple[str, str], ...] = ()
    """What pictures among them show, for who cannot see it, as (path, words)."""
    answers: int | None = None
    """Number of the message it answers; None: the newest of the customer's."""
    part: int | None = None
    """Number of the conversation it goes out in, of several shown as one; None: that of what it answers."""
    last_seen: int | None = None
    """Number of the newest message the agent had seen: delivery goes back to the agent if the thread moved since."""
    if_last: int | None = None
    """Refuse unless this is the number of the conversation's last message."""
    sender: str | None = None
    """A From alias of the account."""
    visibility: str | None = None
    """Who can read it (`domain.visibility`); None: who could read what it answers."""
    parts: bool = False
    """A text that is too long for the channel goes in parts, one after the other."""
    hold: bool = False
    """From the screen: held back for a moment, so that it can be taken back."""
    canned: tuple[Inserted, ...] = ()
    """The canned replies that went into the text."""
    holding: bool = False
    """It says only that somebody is on it: the conversation stays where it is."""
    survey: Asked | None = None
    """It asks how satisfied the customer is: the conversation stays complete."""
    then: "tuple[Act, ...]" = ()
    """What is done with the conversation besides, in the same step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A new conversation from our side."""

    account: str
    to: tuple[Person, ...]
    text: str
    subject: str = ""
    cc: tuple[Person, ...] = ()
    bcc: tuple[Person, ...] = ()
    medium: str = ""
    """"" is the account's first."""
    files: tuple[str, ...] = ()
    alts: tuple[tuple[str, str], ...] = ()
    """What pictures among them show, for who cannot see it, as (path, words)."""
    sender: str | None = None
    hold: bool = False
    canned: tuple[Inserted, ...] = ()
    """As of `Reply`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """Pass a conversation's message on: a linked conversation of its own."""

    conversation: int
    to: tuple[Person, ...]
    text: str = ""
    cc: tuple[Person, ...] = ()
    bcc: tuple[Person, ...] = ()
    files: tuple[str, ...] = ()
    """Paths of what goes along besides the original."""
    alts: tuple[tuple[str, str], ...] = ()
    """What pictures among them show, for who cannot see it, as (path, words)."""
    message: int | None = None
    """Number of the message to pass on; None: the newest of the customer's."""
    hold: bool = False
    canned: tuple[Inserted, ...] = ()
    """As of `Reply`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Words for the team only."""

    conversation: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete:
    conversations: tuple[int, ...]
    seen: tuple[tuple[int, int], ...] = ()
    """(conversation, number of the newest customer message the agent had seen)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    conversations: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    conversations: tuple[int, ...]
    pending_for: str | None = None
    """Whom we wait for; None: the customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """Until a time, or a reply, or both. Firm: until the time even if they reply."""

    conversations: tuple[int, ...]
    until: Instant | None
    firm: bool = False
    typed: str = ""
    """As the agent said it (`2h`, `tomorrow 9`), for `read.last_snooze`: what an empty answer stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    conversations: tuple[int, ...]
    to: Person | None
    only_free: bool = False
    """Refuse where somebody has one of them already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    conversations: tuple[int, ...]
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPriority:
    conversations: tuple[int, ...]
    priority: Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class Star:
    conversations: tuple[int, ...]
    on: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """The customer's messages neither open the conversation nor alarm."""

    conversations: tuple[int, ...]
    on: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Spam:
    """Flagged and complete; what comes later in it opens nothing. Off: no spam, and in the status of before."""

    conversations: tuple[int, ...]
    on: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Show conversations of one customer as one thread: a link, which `Split` takes away."""

    conversations: tuple[int, ...]
    into: int | None = None
    """The one they are shown in; None: the eldest of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Give a merged conversation back; named by the one that it is shown in, all that are merged into that."""

    conversations: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """All that is mine goes to somebody else, or to nobody: open, waiting and snoozed; drafts become notes."""

    to: Person | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """This agent takes a break; once more, with another reason."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """The break is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectHandling:
    """A conversation took another time than was measured. What was measured stays beside it."""

    conversation: int
    ms: Instant
    reason: str
    is_sum: bool = False
    """`ms` is what all of it comes to, instead of what is added, or taken away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """Take back the newest step of this door (the screen's own, or the shell's)."""

    door: str
    step: int | None = None
    """Number of the step that was shown (`read.undoable`): that one is taken back, or none. None: whichever it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle:
    """The agent's word on a reply that is failed or unknown, or still held."""

    key: str
    how: Literal["check", "again", "sent", "now", "back"]
    """`check`: look once more. `again`: send it again. `sent`: it did arrive. `now`: do not hold it any longer.
    `back`: take it out of the outbox; its text is the draft again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The agent has looked at a conversation. Local; does nothing to the outside."""

    conversation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft:
    """What stands in a composer. Empty text archives the draft; nothing is ever deleted."""

    conversation: int | None
    """None for a `start`."""
    mode: Mode
    text: str
    to: str = ""
    """Recipients as typed."""
    cc: str = ""
    bcc: str = ""
    subject: str = ""
    account: str = ""
    """For a `start`."""
    sender: str = ""
    """A From alias of the account."""
    files: tuple[str, ...] = ()
    """Paths."""
    alts: tuple[tuple[str, str], ...] = ()
    """What pictures among them show, for who cannot see it, as (path, words)."""
    visibility: str = ""
    """Of a reply that is seen by others than the conversation; else ""."""
    medium: str = ""
    """Of a `start`; "": the account's first."""
    canned: tuple[Inserted, ...] = ()
    """The canned replies that were put into the text."""
    began: int | None = None
    """Number of the newest message when they began; None: the newest there is. A draft keeps its first."""
    over: str | None = None
    """The words that it was made from; None: any. Others that are there by now, from another screen, are archived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeContacts:
    """Show two contacts as one. A link: messages and identities stay whose they are."""

    contact: int
    other: int
    why: str = ""
    """The evidence, as a person would say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmergeContacts:
    """Two contacts are two people. A channel that says otherwise joins them no more."""

    contact: int
    other: int | None = None
    """None: whoever is joined with it directly. One that is not joined is no suggestion any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteContactNote:
    """Words about a customer, for the team. Empty text archives the note; nothing is ever deleted."""

    contact: int
    text: str
    note: int | None = None
    """Number of the note to write anew; None: another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunMacro:
    """A canned reply without a text: all that it does to conversations, as one step."""

    name: str
    conversations: tuple[int, ...]
    acts: "tuple[Act, ...]"


Act = Complete | Reopen | Pending | Assign | Tag | SetPriority
"""What a canned reply can do besides."""

Command = (
    Reply
    | Start
    | Forward
    | Note
    | Complete
    | Reopen
    | Pending
    | Snooze
    | Assign
    | Tag
    | SetPriority
    | Star
    | Mute
    | Spam
    | Merge
    | Split
    | Handover
    | Away
    | Back
    | MergeContacts
    | UnmergeContacts
    | WriteContactNote
    | CorrectHandling
    | Undo
    | Settle
    | Seen
    | SaveDraft
    | RunMacro
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a command did."""

    step: int | None = None
    """Number of the journal's step; None where there is nothing to take back."""
    keys: tuple[str, ...] = ()
    """Outbox keys that are on disk now, the reply's first."""
    conversations: tuple[int, ...] = ()
    """Conversations that changed, or the new one."""
    messages: tuple[int, ...] = ()
    draft: tuple[int, Mode] | None = None
    """(conversation, mode) of the draft that holds a text that was taken back."""
    words: str = ""
    """What was done, as a person would say it: `complete #42`."""
    warnings: tuple[str, ...] = ()
    """What the agent should know of it: `this snooze outlives the reply window of #42`."""
