"""Chatwoot: a team's inboxes, whatever their customers write by, and what the team does with their conversations."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuidesk.channels.chatwoot.adapter import Chatwoot as ADAPTER

__all__ = ["ADAPTER"]


def __getattr__(name: str) -> object:
    if name == "ADAPTER":  # who only looks for a module's name loads no HTTP
        from tuidesk.channels.chatwoot.adapter import Chatwoot

        return Chatwoot
    raise AttributeError(name)
