"""What an account of kind `twilio` can say in its file."""

from dataclasses import dataclass, field
from typing import Literal

from tuidesk.words import say


@dataclass(frozen=True, slots=True)
class Servers:
    """Where Twilio's APIs are; a region of one's own has others."""

    api: str = field(default="https://api.twilio.com", metadata={"help": say("twilio.help_servers")})
    conversations: str = field(
        default="https://conversations.twilio.com", metadata={"help": say("twilio.help_servers")}
    )
    content: str = field(default="https://content.twilio.com", metadata={"help": say("twilio.help_servers")})
    intelligence: str = field(
        default="https://intelligence.twilio.com", metadata={"help": say("twilio.help_servers")}
    )


@dataclass(frozen=True, slots=True)
class TwilioOptions:
    """The account's table."""

    account_sid: str = field(metadata={"help": say("twilio.help_account_sid")})
    key: str = field(default="", metadata={"help": say("twilio.help_key"), "asked": True})
    numbers: tuple[str, ...] = field(default=(), metadata={"help": say("twilio.help_numbers")})
    service: str = field(default="", metadata={"help": say("twilio.help_service")})
    by: Literal["messages", "conversations"] = field(
        default="messages", metadata={"help": say("twilio.help_by")}
    )
    calls: bool = field(default=True, metadata={"help": say("twilio.help_calls")})
    calls_answered_by: Literal["sms", "whatsapp"] = field(
        default="sms", metadata={"help": say("twilio.help_calls_answered_by")}
    )
    intelligence: bool = field(default=False, metadata={"help": say("twilio.help_intelligence")})
    days: int = field(default=30, metadata={"help": say("twilio.help_days")})
    poll_s: float = field(default=30.0, metadata={"help": say("twilio.help_poll_s")})
    servers: Servers = field(default_factory=Servers, metadata={"help": say("twilio.help_servers")})
