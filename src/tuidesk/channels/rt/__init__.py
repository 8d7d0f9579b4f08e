"""Request Tracker over REST2: the queues of a team, whose customers write mail to it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuidesk.channels.rt.adapter import RequestTracker as ADAPTER

__all__ = ["ADAPTER"]


def __getattr__(name: str) -> object:
    if name == "ADAPTER":  # who only looks for a module's name loads no HTTP
        from tuidesk.channels.rt.adapter import RequestTracker

        return RequestTracker
    raise AttributeError(name)
