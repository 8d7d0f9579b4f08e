"""What an account of kind `matrix` can say in its file."""

import re
from dataclasses import dataclass, field
from typing import Literal

from tuidesk.words import say

USER_ID = re.compile(r"@[^\s:/]+:[^\s/]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The account's table."""

    user: str = field(metadata={"help": say("matrix.help_user")})
    login: Literal["token", "password"] = field(metadata={"help": say("matrix.help_login")})
    homeserver: str = field(default="", metadata={"help": say("matrix.help_homeserver")})
    ca: str = field(default="", metadata={"help": say("matrix.help_ca")})
    days: int = field(default=30, metadata={"help": say("matrix.help_days")})
    invites: Literal["everybody", "listed", "nobody"] = field(
        default="everybody", metadata={"help": say("matrix.help_invites")}
    )
    invites_from: tuple[str, ...] = field(default=(), metadata={"help": say("matrix.help_invites_from")})
    colleagues: tuple[str, ...] = field(default=(), metadata={"help": say("matrix.help_colleagues")})
    receipts: Literal["none", "private", "public"] = field(
        default="none", metadata={"help": say("matrix.help_receipts")}
    )
    typing: bool = field(default=False, metadata={"help": say("matrix.help_typing")})

    def __post_init__(self) -> None:
        if not USER_ID.fullmatch(self.user):
            raise ValueError(say("matrix.bad_user"))
        if self.days < 1:
            raise ValueError(say("matrix.bad_days"))

    @property
    def server(self) -> str:
        """The homeserver's address, or, without a scheme, the name that it goes by."""
        return self.homeserver or self.user.partition(":")[2]
