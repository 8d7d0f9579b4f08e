"""Telegram, as a bot: private chats, groups and their topics, and the chats of business accounts it is connected to."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuidesk.channels.telegram.adapter import Telegram as ADAPTER

__all__ = ["ADAPTER"]


def __getattr__(name: str) -> object:
    if name == "ADAPTER":  # who only looks for a module's name loads no HTTP
        from tuidesk.channels.telegram.adapter import Telegram

        return Telegram
    raise AttributeError(name)
