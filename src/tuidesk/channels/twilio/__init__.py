"""Twilio: SMS, WhatsApp and phone calls of a team's numbers, by the Messages API or the Conversations API."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuidesk.channels.twilio.adapter import Twilio as ADAPTER

__all__ = ["ADAPTER"]


def __getattr__(name: str) -> object:
    if name == "ADAPTER":  # who only looks for a module's name loads no HTTP
        from tuidesk.channels.twilio.adapter import Twilio

        return Twilio
    raise AttributeError(name)
