"""Kind → adapter, loaded by name and one at a time, so that nobody imports an adapter it does not use."""

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from tuidesk.errors import ConfigError
from tuidesk.wire.channel import Channel
from tuidesk.words import say

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

KINDS = (
    "mail",
    "maildir",
    "mastodon",
    "bluesky",
    "matrix",
    "telegram",
    "twilio",
    "chatwoot",
    "rt",
    "pipe",
    "demo",
)
"""The kinds that come with tuidesk, in the order `setup` offers them."""

_GROUP = "tuidesk.channels"


def load(kind: str) -> type[Channel]:
    """The adapter of `kind`: `ADAPTER` in `tuidesk.channels.KIND`, else a stranger's entry point of that name.

    Raises:
        ConfigError: nobody serves that kind.
    """
    if kind.isidentifier() and find_spec(f"tuidesk.channels.{kind}") is not None:
        adapter: type[Channel] = import_module(f"tuidesk.channels.{kind}").ADAPTER
        return adapter
    return _stranger(kind)


def strangers() -> tuple[str, ...]:
    """The kinds that other packages bring, by name. Nothing of them is loaded."""
    return tuple(sorted({point.name for point in _points()} - set(KINDS)))


def _stranger(kind: str) -> type[Channel]:
    for point in _points():
        if point.name == kind:
            adapter: type[Channel] = point.load()
            return adapter
    raise ConfigError(say("wire.unknown_kind", kind=kind, known=", ".join((*KINDS, *strangers()))))


def _points() -> "Iterable[EntryPoint]":
    from importlib.metadata import entry_points  # 40 ms that only `setup` and an unknown kind pay

    return entry_points(group=_GROUP)
