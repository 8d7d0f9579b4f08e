"""One exception tree. Each class says what the caller does next.

TuideskError                what every face catches: a sentence for the person, no traceback
├── UsageError              the call's words are wrong: say so, exit 2
│   └── BadQuery            so is a query: show where
├── NotFound                no such conversation, account or file: say so, exit 1
├── Refused                 the command does not hold here (the thread moved, nothing to undo): say why, keep the text
│   ├── Moved               something newer has come: look, then again
│   └── NeedsTag            ask which tag, then again
├── ConfigError             a file, key or owner is wrong: name it; the accounts it concerns do not start
│   └── SecretError         a secret cannot be had from where the account says it is
│       └── SecretMissing   there is none at that place: it can be put there
├── StoreError              the store cannot serve
│   ├── StoreNewer          written by a newer tuidesk: do not touch it
│   ├── StoreBroken         not a database any more: it is moved aside and what can be saved is saved
│   ├── StoreReadOnly       reading goes on, nothing can be recorded, so nothing is sent
│   ├── StoreFull           disk full: the transaction is undone, the text stays where it is
│   ├── StoreBusy           another process holds the write lock for long: the text stays where it is
│   └── StoreUnsafe         others may write it, or it lies on a network file system: do not open it
├── LookupFailed            the user's own program did not say what it knows: show why, go on without
├── BadEvent                a line of the vocabulary that cannot be read: report its number, go on
├── Unreadable              a mail that cannot be parsed: a row of its own, the raw bytes kept
└── ChannelError            what an adapter's call ended in
    ├── AuthFailed          stop this account and ask the agent
    │   └── SignInNeeded    the same, and a new sign-in in the browser is what helps
    ├── Rejected            this command never: failed, with the reason
    ├── RateLimited         again after `after` seconds, not earlier
    ├── Unavailable         certainly not done: back off, then again
    ├── Unconfirmed         perhaps done: unknown, then `find`
    └── Unsupported         the channel has no such thing: keep it local
"""


class TuideskError(Exception):
    """Something a person can be told. `str()` is the sentence."""


class UsageError(TuideskError):
    """The call's words are wrong."""


class BadQuery(UsageError):
    """A query that cannot be read."""

    def __init__(self, why: str, start: int, end: int, near: str = "", *, may_go_on: bool = False) -> None:
        super().__init__(why)
        self.start = start
        """Where the mistake is in the text that was typed, and where it ends."""
        self.end = end
        self.near = near
        """What may have been meant in its place; "" where nothing is near."""
        self.may_go_on = may_go_on
        """Whether it is no mistake if more is typed."""


class NotFound(TuideskError):
    """No such thing."""


class Refused(TuideskError):
    """The command does not hold as things are."""


class Moved(Refused):
    """Something newer has come since the agent looked: look, then again."""


class NeedsTag(Refused):
    """Conversations must have a tag before they are complete: ask which, then again."""

    def __init__(self, why: str, numbers: tuple[int, ...], one_of: tuple[str, ...]) -> None:
        super().__init__(why)
        self.numbers = numbers
        """Those that have none."""
        self.one_of = one_of
        """Which tags will do; (): any."""


class ConfigError(TuideskError):
    """A file of the user's, or who may write it, is wrong. The text names file, line or key."""


class SecretError(ConfigError):
    """The secret is not where the account says it is."""


class SecretMissing(SecretError):
    """Nothing is there yet, or not any more."""


class LookupFailed(TuideskError):
    """The program of `[lookup]` has not answered."""


class StoreError(TuideskError):
    """The store cannot serve."""


class StoreNewer(StoreError):
    """The file was written by a newer program."""


class StoreBroken(StoreError):
    """The file is not a database any more."""


class StoreReadOnly(StoreError):
    """Nothing can be recorded."""


class StoreFull(StoreError):
    """The disk is full; nothing of the transaction stays."""


class StoreBusy(StoreError):
    """Another process holds the write lock for long."""


class StoreUnsafe(StoreError):
    """The store lies where it cannot be kept safely."""


class BadEvent(TuideskError):
    """A line of the vocabulary that cannot be read."""


class Unreadable(TuideskError):
    """A mail that no parser of ours can read."""


class ChannelError(TuideskError):
    """What an adapter's call ended in. `reason` is the channel's own word, untrusted."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


class AuthFailed(ChannelError):
    """The login was refused: nothing was done."""


class SignInNeeded(AuthFailed):
    """What a sign-in in the browser gave has ended; the reason says how to sign in again."""


class Rejected(ChannelError):
    """The channel will never carry this command out."""


class RateLimited(ChannelError):
    """Not done; the channel names the wait."""

    def __init__(self, reason: str = "", after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after
        """Seconds until the channel will listen again, None where it does not say."""


class Unavailable(ChannelError):
    """Certainly not done; the channel is not there or not able."""


class Unconfirmed(ChannelError):
    """Perhaps done: the line broke after the request may have been read."""


class Unsupported(ChannelError):
    """The channel has no such thing."""
