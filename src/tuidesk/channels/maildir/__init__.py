"""Mail that lies on this machine, in a Maildir or an mbox file."""

from tuidesk.channels.maildir.adapter import MaildirChannel as ADAPTER

__all__ = ["ADAPTER"]
