"""Mail over IMAP and SMTP submission: a support mailbox that a team shares with other clients."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuidesk.channels.mail.channel import MailChannel as ADAPTER

__all__ = ["ADAPTER"]


def __getattr__(name: str) -> object:
    if name == "ADAPTER":  # so that who only looks for a module's name loads no IMAP
        from tuidesk.channels.mail.channel import MailChannel

        return MailChannel
    raise AttributeError(name)
