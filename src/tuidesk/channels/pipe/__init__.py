"""A program of the user's own as a channel: JSON lines over its stdin and stdout."""

from tuidesk.channels.pipe.adapter import Pipe as ADAPTER

__all__ = ["ADAPTER"]
