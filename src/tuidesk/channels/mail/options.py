"""What an account of kind `mail` can say in its file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from tuidesk.channels.mail.providers import SCOPES, TABLES
from tuidesk.wire.oauth.app import App, OAuth
from tuidesk.wire.smtp import Server
from tuidesk.words import say

KEYWORD = "tuidesk-complete"
"""The flag that says to every client of the mailbox: done with. In lower case, as flags are compared."""

_FILING_HOSTS = ("gmail.com", "googlemail.com", "office365.com", "outlook.com")
"""Submission there puts a copy into Sent by itself."""

_LONGEST_IDLE_S = 29 * 60
"""RFC 2177 §3: servers may end an IDLE of half an hour."""


@dataclass(frozen=True, slots=True)
class Imap:
    """Where mail is read."""

    host: str = field(metadata={"help": "host name of the IMAP server"})
    port: int = field(default=993, metadata={"help": "993, or 143 for starttls"})
    security: Literal["tls", "starttls"] = field(
        default="tls", metadata={"help": "tls from the first byte, or starttls, which is then demanded"}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The account's table."""

    SIGN_INS: ClassVar[Mapping[str, Mapping[str, Any]]] = TABLES

    imap: Imap = field(metadata={"help": "where mail is read: host, port, security (tls or starttls)"})
    smtp: Server = field(metadata={"help": "where mail is handed in: host, port, security"})
    user: str = field(default="", metadata={"help": "login name; the address if empty"})
    auth: Literal["password", "oauth"] = field(
        default="password",
        metadata={"asked": False, "help": "what the secret is: a password, or a sign-in (oauth)"},
    )
    oauth: OAuth | None = field(
        default=None,
        metadata={"help": "whom the sign-in is with: provider, client_id, or addresses of its own"},
    )
    ca: str = field(default="", metadata={"help": "PEM file of an authority to trust besides the system's"})
    days: int = field(default=90, metadata={"help": "how many days back the first sync reads"})
    inbox: str = field(default="", metadata={"help": "folder to work, if not the inbox"})
    sent: str = field(default="", metadata={"help": "folder of sent mail, if it is not found by itself"})
    archive: str = field(default="", metadata={"help": "folder of the archive, if it is not found by itself"})
    keyword: bool = field(
        default=True, metadata={"help": "mark completed mail with the keyword tuidesk-complete"}
    )
    archive_on_complete: bool = field(default=False, metadata={"help": "move completed mail to the archive"})
    files_sent: Literal["auto", "server", "client"] = field(
        default="auto", metadata={"help": "who puts replies into the folder of sent mail"}
    )
    idle_s: float = field(default=540.0, metadata={"help": "seconds after which IDLE is renewed"})
    poll_s: float = field(default=30.0, metadata={"help": "seconds between two looks, with IDLE or without"})

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError(say("mail.bad_days"))
        if not (1 <= self.idle_s <= _LONGEST_IDLE_S and self.poll_s > 0):
            raise ValueError(say("mail.bad_seconds", limit=_LONGEST_IDLE_S))
        if (self.auth == "oauth") != (self.oauth is not None):
            raise ValueError(say("mail.bad_oauth"))

    def signs_in_to(self, address: str) -> App | None:
        """See `wire.oauth.app.SignsIn`."""
        return None if self.oauth is None else self.oauth.app(SCOPES, self.user or address, self.ca)

    def server_files(self, *, gmail: bool) -> bool:
        """The submission server puts the copy into Sent. `gmail`: the IMAP server says that it is Gmail.

        Mail for Gmail that is handed in elsewhere is not filed there: only one host for both is Gmail's own.
        """
        if self.files_sent == "auto":
            host = self.smtp.host.casefold()
            return host.endswith(_FILING_HOSTS) or (gmail and host == self.imap.host.casefold())
        return self.files_sent == "server"
