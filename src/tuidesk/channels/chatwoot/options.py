"""What an account of kind `chatwoot` can say in its file."""

from dataclasses import dataclass, field

from tuidesk.words import say


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

    @property
    def base(self) -> str:
        """The server's address; https where it does not say."""
        return self.server if "://" in self.server else f"https://{self.server}"
