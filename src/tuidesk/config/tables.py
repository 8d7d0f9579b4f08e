"""What `config.toml` and `accounts/NAME.toml` may say: a dataclass a table, its fields the keys.

How they are read, and what is said of a mistake: `config.schema`.
"""

import re
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeVar

from tuidesk.config.schema import convert
from tuidesk.domain.model import Watch
from tuidesk.errors import ConfigError
from tuidesk.words import say

T = TypeVar("T")


# --- config.toml ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Agent:
    """`[agent]`: the person at the keyboard."""

    name: str = ""
    addresses: tuple[str, ...] = ()
    """Addresses and handles under which this agent writes."""


@dataclass(frozen=True, slots=True)
class StorePlace:
    """`[store]`."""

    local_dir: str = ""
    """A folder on a local disk that holds the store instead, for homes on a network file system."""


@dataclass(frozen=True, slots=True)
class Log:
    """`[log]`."""

    level: Literal["debug", "info", "warning", "error"] = "info"


@dataclass(frozen=True, slots=True)
class Guards:
    """`[guards]`: what is asked about before a reply leaves."""

    note_words: tuple[str, ...] = Watch().note_words
    """What makes a reply look like a note for the team; `@` and a name always does."""
    file_words: tuple[str, ...] = Watch().file_words
    """What promises a file."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """`[lookup]`: a program of the user's own that knows more of a customer (orders, plan)."""

    command: tuple[str, ...] = ()
    """The program with its arguments, started without a shell; empty: none."""
    minutes: float = 15.0
    """What it said is asked again when it is older."""


@dataclass(frozen=True, slots=True)
class ViewTable:
    """`[[views]]`: a query with a name."""

    name: str
    query: str
    key: str = ""
    """The digit that opens it, after `g`."""
    sort: str = ""
    """Its order, where the query does not say it."""


@dataclass(frozen=True, slots=True)
class Keys:
    """`[keys]`: for each place action → key, list of keys, or "" for none (`domain.keymap` reads them)."""

    profile: Literal["gmail", "helpscout"] = "gmail"
    panes: dict[str, Any] = field(default_factory=dict)
    """Queue, thread and customer at once."""
    queue: dict[str, Any] = field(default_factory=dict)
    thread: dict[str, Any] = field(default_factory=dict)
    customer: dict[str, Any] = field(default_factory=dict)
    composer: dict[str, Any] = field(default_factory=dict)

    @property
    def changes(self) -> dict[tuple[str, str], object]:
        """As `domain.keymap.keymap` takes them."""
        return {
            (place, action): value
            for place in ("panes", "queue", "thread", "customer", "composer")
            for action, value in getattr(self, place).items()
        }


News = Literal["new", "mine", "back", "check", "soon", "late", "window"]
"""A message, one in a conversation of the agent's own, a snooze that is over, a reply that has to be checked; what is
due soon, what is late, a reply window that closes within the hour."""


@dataclass(frozen=True, slots=True)
class Notify:
    """`[notify]`: how the agent hears of something who does not look."""

    on: tuple[News, ...] = ("new", "back", "check", "soon", "late", "window")
    bell: bool = False
    osc: Literal["off", "9", "777"] = "off"
    """A notification through the terminal: as iTerm, ConEmu and kitty know it, or as urxvt and foot do."""
    title: bool = True
    """How many there are, in the title of the window."""
    command: tuple[str, ...] = ()
    """A program; `{}` is what is said, else it is the last word."""
    quiet: str = ""
    """`22:00-07:00`: when none of them is heard."""

    def __post_init__(self) -> None:
        if self.quiet and not _SPAN.fullmatch(self.quiet):
            raise ValueError(say("config.quiet"))


_SPAN = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True)
class Open:
    """`[open]`: what opens a saved attachment, when the agent says so."""

    command: tuple[str, ...] = ()
    """A program; `{}` is the file, else it is the last word."""
    types: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The same by type: `application/pdf`, `image/*`."""

    def program(self, type: str) -> tuple[str, ...]:
        """The command for a file of a type; empty where there is none."""
        kind = type.partition(";")[0].strip().casefold()
        either = (self.types.get(kind), self.types.get(kind.partition("/")[0] + "/*"))
        return next(filter(None, either), self.command)


@dataclass(frozen=True, slots=True)
class SecretSource:
    """Where a secret is; exactly one of these."""

    keyring: str | None = None
    """The name under which the keyring has it (service `tuidesk`)."""
    command: tuple[str, ...] | None = None
    """A program; the first line that it prints."""
    env: str | None = None
    """An environment variable."""
    file: str | None = None
    """A file that only its owner can read; its first line. Relative to the account file."""

    def __post_init__(self) -> None:
        if sum(bool(source) for source in (self.keyring, self.command, self.env, self.file)) != 1:
            raise ValueError(say("config.secret_one"))


@dataclass(frozen=True, slots=True)
class Lock:
    """`[lock]`: the screen goes blank when nobody has been at the keyboard for so long."""

    after_min: float = 0
    """0: never."""
    secret: SecretSource | None = None
    """Where the passphrase is that opens it; left out: Enter does."""

    def __post_init__(self) -> None:
        if self.after_min < 0:
            raise ValueError(say("config.lock_range"))


@dataclass(frozen=True, slots=True)
class Timers:
    """`[timers]`: what of the time counts."""

    pause_when: tuple[Literal["pending", "snoozed"], ...] = ()
    """Statuses in which nobody's clock runs."""
    hours_rule: Literal["spans", "reply"] = "spans"
    """Working time alone counts; or all of it, where the reply was in working hours."""
    idle_after_s: float = 60.0
    """Without a key for so long, the handling time stands still."""


@dataclass(frozen=True, slots=True)
class SentimentTable:
    """`[sentiment]`."""

    on: bool = False
    """How customers sound is read, in English, with the extra `tuidesk[sentiment]`."""


@dataclass(frozen=True, slots=True)
class SurveyTable:
    """`[survey]`: one that goes out by itself after a completion."""

    canned: str = ""
    """A canned reply with a survey; of `name.en`, `name.ko` … the one in the customer's language."""
    accounts: tuple[str, ...] = ()
    """For whose conversations; none until some are named."""
    after_min: float = 30.0
    """How long after the completion."""

    def __post_init__(self) -> None:
        if not 0 <= self.after_min <= 1380:
            raise ValueError(say("config.survey_after"))


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """`config.toml`, every layer folded in."""

    team: str = ""
    """The team's folder, which is read before the user's own."""
    language: Literal["", "en", "ko", "uz"] = ""
    """What tuidesk speaks; empty: as the locale asks."""
    after_reply: Literal["pending", "open", "complete"] = "pending"
    after_complete: Literal["next", "stay", "queue"] = "next"
    """Where the screen goes when a conversation is settled: to the next one, nowhere, or back to the queue."""
    complete_needs_tag: bool | tuple[str, ...] = False
    """Whether a conversation must have a tag to be completed, or one of these."""
    download: str = "~/Downloads"
    """Where saved attachments go."""
    canned: tuple[str, ...] = ()
    """Files and folders with more canned replies, which are only read; what is named last wins."""
    theme: Literal["auto", "dark", "light", "contrast", "16", "none"] = "auto"
    """Colours of the screen; `16`: the terminal's own; `auto`: what fits it."""
    ascii: bool | None = None
    """Draw with ASCII's signs only; left out: where the terminal or the locale has no others."""
    editor: str = ""
    """The program for long texts, with its arguments; empty: $VISUAL, then $EDITOR."""
    agent: Agent = field(default_factory=Agent)
    hold: dict[str, float] = field(default_factory=dict)
    """Seconds that a reply is held back, by medium; `public` for what everybody can read."""
    views: tuple[ViewTable, ...] = ()
    guards: Guards = field(default_factory=Guards)
    store: StorePlace = field(default_factory=StorePlace)
    log: Log = field(default_factory=Log)
    lookup: Lookup = field(default_factory=Lookup)
    keys: Keys = field(default_factory=Keys)
    notify: Notify = field(default_factory=Notify)
    open: Open = field(default_factory=Open)
    lock: Lock = field(default_factory=Lock)
    timers: Timers = field(default_factory=Timers)
    sentiment: SentimentTable = field(default_factory=SentimentTable)
    survey: SurveyTable = field(default_factory=SurveyTable)
    hours: Any = None
    """As `Written`, like the targets; None where no layer says any."""
    targets: Any = None


# --- accounts/NAME.toml ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountKeys:
    """The keys that every account has."""

    kind: str
    id: str = ""
    name: str = ""
    """What the account is called on the screen; empty: its id."""
    address: str = ""
    addresses: tuple[str, ...] = ()
    """Aliases of `address`."""
    signature: str = ""
    """The text under replies."""
    enabled: bool = True
    secret: SecretSource | None = None
    secrets: dict[str, SecretSource] = field(default_factory=dict)
    """Where a use (`imap`, `smtp`) has a secret of its own."""
    hours: Any = None
    """When people work on it, instead of the agent's `[hours]`; as `Written`."""


@dataclass(frozen=True, slots=True)
class AccountFile:
    """One configured account: the common keys read, the adapter's own still as they were written."""

    file: str
    id: str
    keys: AccountKeys
    rest: dict[str, object]
    """The adapter's own keys."""

    @property
    def kind(self) -> str:
        """Which adapter serves it."""
        return self.keys.kind

    @property
    def name(self) -> str:
        """What it is called on the screen."""
        return self.keys.name or self.id

    @property
    def sources(self) -> dict[str, SecretSource]:
        """Where its secrets are, by use; "" is what every use without one of its own has."""
        return {**({"": self.keys.secret} if self.keys.secret else {}), **self.keys.secrets}

    def options(self, options: type[T]) -> T:
        """The adapter's Options.

        Raises:
            ConfigError: what is wrong, a line each.
        """
        made, problems = convert(options, self.rest, file=self.file, also=COMMON)
        if made is None:
            raise ConfigError("\n".join(map(str, problems)))
        return made


COMMON: frozenset[str] = frozenset(f.name for f in fields(AccountKeys))
"""The common keys' names."""
