"""Mastodon, and servers that speak its API: mentions in public, and direct messages."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuidesk.channels.mastodon.adapter import Mastodon as ADAPTER

__all__ = ["ADAPTER"]


def __getattr__(name: str) -> object:
    if name == "ADAPTER":  # who only looks for a module's name loads no HTTP
        from tuidesk.channels.mastodon.adapter import Mastodon

        return Mastodon
    raise AttributeError(name)
