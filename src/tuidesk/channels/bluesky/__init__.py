"""Bluesky, on any server of the atproto network: mentions, replies and quotes in public, and direct messages."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuidesk.channels.bluesky.adapter import Bluesky as ADAPTER

__all__ = ["ADAPTER"]


def __getattr__(name: str) -> object:
    if name == "ADAPTER":  # who only looks for a module's name loads no HTTP
        from tuidesk.channels.bluesky.adapter import Bluesky

        return Bluesky
    raise AttributeError(name)
