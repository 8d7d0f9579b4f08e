"""What an account of kind `mail` can say in its file."""

from dataclasses import dataclass, field
from typing import Literal

Security = Literal["tls", "starttls"]

KEYWORD = "tuidesk-complete"
"""The flag that says to every client of the mailbox: done with. In lower case, as flags are compared."""


@dataclass(frozen=True, slots=True)
class Server:
    """A host to log in to."""

    host: str = field(metadata={"help": "host name"})
    port: int = field(default=0, metadata={"help": "0 is the usual one: 993 or 143 for IMAP, 465 or 587 for SMTP"})
    security: Security = field(
        default="tls", metadata={"help": "tls from the first byte, or starttls, which is then demanded"}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The account's table."""

    imap: Server = field(metadata={"help": "where mail is read"})
    smtp: Server = field(metadata={"help": "where mail is handed in"})
    user: str = field(default="", metadata={"help": "login name; the address if empty"})
    ca: str = field(default="", metadata={"help": "PEM file of an authority to trust besides the system's"})
    days: int = field(default=90, metadata={"help": "how far back the first sync reads"})
    inbox: str = field(default="", metadata={"help": "folder to work, if not the inbox"})
    sent: str = field(default="", metadata={"help": "folder of sent mail, if it is not found by itself"})
    archive: str = field(default="", metadata={"help": "folder for completed mail, if it is not found by itself"})
    keyword: bool = field(default=True, metadata={"help": "mark completed mail with the keyword tuidesk-complete"})
    archive_on_complete: bool = field(default=False, metadata={"help": "move completed mail to the archive"})
    files_sent: Literal["auto", "server", "client"] = field(
        default="auto", metadata={"help": "who puts replies into the folder of sent mail"}
    )
    idle_s: float = field(default=540.0, metadata={"help": "seconds after which IDLE is renewed"})
    poll_s: float = field(default=30.0, metadata={"help": "seconds between looks, with or without IDLE"})
