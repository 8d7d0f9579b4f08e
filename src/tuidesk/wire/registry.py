"""Kind → adapter, loaded by name and one at a time, so that nobody imports an adapter it does not use."""

from importlib import import_module
from importlib.util import find_spec

from tuidesk.errors import ConfigError
from tuidesk.wire.channel import Channel
from tuidesk.words import say

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


def _stranger(kind: str) -> type[Channel]:
    from importlib.metadata import entry_points  # 40 ms that only an unknown kind pays

    for point in entry_points(group=_GROUP, name=kind):
        adapter: type[Channel] = point.load()
        return adapter
    raise ConfigError(say("wire.unknown_kind", kind=kind, known=", ".join(KINDS)))
