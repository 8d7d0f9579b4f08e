"""Matrix: one account of a homeserver, over the client-server API."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuidesk.channels.matrix.adapter import Matrix as ADAPTER

__all__ = ["ADAPTER"]


def __getattr__(name: str) -> object:
    if name == "ADAPTER":  # so that who only looks for a module's name loads no HTTP
        from tuidesk.channels.matrix.adapter import Matrix

        return Matrix
    raise AttributeError(name)
