"""What an account of kind `maildir` can say in its file."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tuidesk.words import say


@dataclass(frozen=True, slots=True)
class Smtp:
    """A submission server. Without `user` nobody logs in there; with it, the secret `smtp` is the password."""

    host: str
    port: int = 465
    security: Literal["tls", "starttls"] = "tls"
    user: str = ""
    ca: str = ""
    """A PEM file of authorities that count besides the system's."""


@dataclass(frozen=True, slots=True)
class Send:
    """How replies leave: one of the two."""

    command: tuple[str, ...] = ()
    smtp: Smtp | None = None

    def __post_init__(self) -> None:
        if bool(self.command) == (self.smtp is not None):
            raise ValueError(say("maildir.one_way_to_send"))


@dataclass(frozen=True, slots=True, kw_only=True)
class MaildirOptions:
    """The account's table."""

    path: str = field(metadata={"help": say("maildir.help_path")})
    sent: str = field(default=".Sent", metadata={"help": say("maildir.help_sent")})
    send: Send | None = field(default=None, metadata={"help": say("maildir.help_send")})
    days: int = field(default=90, metadata={"help": say("maildir.help_days")})
    poll_s: float = field(default=2.0, metadata={"help": say("maildir.help_poll_s")})

    @property
    def inbox(self) -> Path:
        """Where mail arrives."""
        return Path(self.path).expanduser()

    @property
    def sent_folder(self) -> Path:
        """Where sent mail is filed, if there is such a folder. Maildir++ has it inside, others beside the inbox."""
        named = Path(self.sent).expanduser()
        return self.inbox / named if self.inbox.is_dir() else self.inbox.parent / named
