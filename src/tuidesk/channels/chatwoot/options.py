"""What an account of kind `chatwoot` can say in its file."""

import re
from dataclasses import dataclass, field

from tuidesk.words import say

_IN_BROWSER = re.compile(r"/app(?:/accounts/(\d{1,9}))?(?:/.*)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The account's table."""

    server: str = field(metadata={"help": say("chatwoot.help_server")})
    account: int = field(default=0, metadata={"help": say("chatwoot.help_account")})
    days: int = field(default=30, metadata={"help": say("chatwoot.help_days")})
    pending: bool = field(default=False, metadata={"help": say("chatwoot.help_pending")})
    quotes: bool = field(default=False, metadata={"help": say("chatwoot.help_quotes")})
    presence: bool = field(default=False, metadata={"help": say("chatwoot.help_presence")})
    marks_read: bool = field(default=False, metadata={"help": say("chatwoot.help_marks_read")})
    human_agent: bool = field(default=False, metadata={"help": say("chatwoot.help_human_agent")})
    request_s: float = field(default=15.0, metadata={"help": say("chatwoot.help_request_s")})
    ca: str = field(default="", metadata={"help": say("chatwoot.help_ca")})

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError(say("chatwoot.bad_days"))

    @property
    def base(self) -> str:
        """The server's address; https where it does not say. Out of a browser only what is the server's."""
        server = _IN_BROWSER.sub("", self.server.strip())
        return server if "://" in server else f"https://{server}"

    @property
    def number(self) -> int:
        """Of the account; 0: the only one."""
        found = _IN_BROWSER.search(self.server)
        return self.account or int(found[1] or 0 if found else 0)
