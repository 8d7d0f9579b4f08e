"""The contract of an adapter, and the two ports that are handed to it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from tuidesk.domain.events import ChannelEvent, Progress
from tuidesk.domain.instants import Instant
from tuidesk.domain.model import Caps, Offered, Person
from tuidesk.domain.outgoing import Found, Missing, Outgoing, Receipt, Unsure


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> Instant:
        """The wall clock, in UTC."""

    def monotonic(self) -> float:
        """Seconds that never run backwards, for waiting and back-off."""


class Secrets(Protocol):
    """Where an account's secrets come from. Blocking: call it off the event loop."""

    def get(self, use: str = "", *, anew: bool = False) -> str:
        """The secret for `use` (`imap`, `smtp`; the account's only secret where it has one).

        Args:
            anew: look where it is kept, whatever was had before: another process may have put a newer one there.

        Raises:
            SecretError: it cannot be had; the text says where it was looked for.
        """

    def put(self, value: str, use: str = "") -> None:
        """Keep a secret in the other's place, on disk when this returns: a token that rotates.

        To put back what was got is how to learn, before a token is spent, whether its place takes another.

        Raises:
            SecretError: its place cannot be written; the text says which can.
        """


@dataclass(frozen=True, slots=True)
class Site:
    """What the desk hands to an adapter besides its options."""

    account: str
    """The account's id."""
    clock: Clock
    secrets: Secrets
    agent: Person
    agent_addresses: tuple[str, ...] = ()
    """Handles that are this agent's, in lower case."""
    address: str = ""
    """The account's own address, where it has one."""
    addresses: tuple[str, ...] = ()
    """Its aliases besides."""
    folder: str = ""
    """A 0700 folder of the account's own, for files that `fetch` brings and sockets."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Who the account is and what it can do here."""

    identity: Person
    caps: Caps
    agents: tuple[Person, ...] = ()
    canned: tuple[Offered, ...] = ()
    """Canned replies and templates that the channel keeps."""
    findings: tuple[str, ...] = ()
    """What `setup` and `doctor` tell the person, a sentence each."""
    troubles: tuple[str, ...] = ()
    """The same, of what does not work as it is: the account can be read, but not all of its work done."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Events that are stored in one transaction. An empty one is a heartbeat: the line is alive."""

    events: tuple[ChannelEvent, ...] = ()
    cursor: str | None = None
    state: bytes | None = None
    """The adapter's own, stored with the cursor and handed back at start."""
    caught_up: bool = False
    progress: Progress | None = None
    notice: str = ""
    """What the agent should know of a line that works, but not as it should (no connection left for IDLE, say)."""


class Channel(Protocol):
    """One account's connection; used from one event loop."""

    Options: ClassVar[type[Any]]
    """A frozen dataclass: the account file's own table. A field's `metadata["help"]` is its line in `setup` and the
    docs; fields without a default are asked for, and others where their `metadata["asked"]` says so. Where the login
    may be one in the browser, it is a `wire.oauth.app.SignsIn` as well. Keys that every account has (`id`, `kind`,
    `address`, `addresses`, `signature`, `secret`, `secrets` …) are not in it.

    (Besides, an adapter whose secret has to be fetched from its service has `credential`, sentences that say where.)
    """

    def __init__(self, options: Any, site: Site) -> None: ...

    async def check(self) -> Checked:
        """Log in, look, log out.

        Raises:
            ChannelError: AuthFailed, Unavailable.
        """

    def events(self, cursor: str, state: bytes) -> AsyncIterator[Batch]:
        """What happened since `cursor` ("" at first). A poll ends; a stream does not.

        Taking the next batch is the proof that the last one is stored.
        """

    async def perform(self, out: Outgoing) -> Receipt:
        """One try.

        Raises:
            ChannelError: see `errors`.
        """

    async def find(self, out: Outgoing) -> Found | Missing | Unsure:
        """Was it done? `Missing` only if the service knows that it was not."""

    def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """An attachment or a full body."""

    async def aclose(self) -> None:
        """Within a second, whatever is under way."""
