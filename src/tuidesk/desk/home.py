"""A home for whoever only reads: where its store is, and one connection to it. Opens no writer, loads no account."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tuidesk.config.paths import Paths, find, may_say
from tuidesk.domain.model import Person
from tuidesk.errors import NotFound
from tuidesk.store import db
from tuidesk.store.sql import Connection
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.config.schema import Problem
    from tuidesk.config.timing import Timing
    from tuidesk.domain.actions import Keymap
    from tuidesk.domain.query import View


def locate(home: str | None = None) -> Paths:
    """The places of a home (`--home`, else what the environment says), `[store] local_dir` taken into account.

    Raises:
        ConfigError: nothing says where home is.
    """
    paths = find(home)
    if not may_say(paths, b"local_dir", b"team"):
        return paths
    from tuidesk.config.load import load

    return load(paths).paths


def agent(home: str | None) -> Person:
    """Who is at the keyboard, as `[agent]` says."""
    from tuidesk.config.load import load

    return load(find(home)).settings.agent


def views(home: str | None) -> "tuple[View, ...]":
    """The user's own views, as `[[views]]` says."""
    from tuidesk.config.load import load

    return load(find(home)).views


def timing(home: str | None) -> "Timing":
    """Hours, rules and targets, as the config says."""
    from tuidesk.config.load import load

    return load(find(home)).timing


def mistakes(home: str | None) -> "tuple[Problem, ...]":
    """What is wrong in the config, hours and targets included: without it other figures would come out."""
    from tuidesk.config.load import load

    config = load(find(home))
    return (*config.problems, *config.timing.problems)


def idle_after_s(home: str | None) -> float:
    """Seconds without a key after which nobody is at work."""
    from tuidesk.config.load import load

    return load(find(home)).file.timers.idle_after_s


def is_agent(home: str | None, word: str) -> bool:
    """Whether this is the name or an address of who is at the keyboard."""
    from tuidesk.config.load import load

    settings = load(find(home)).settings
    return word.casefold() in (settings.agent.name.casefold(), *settings.agent_addresses)


def keys_in_force(home: str | None) -> "tuple[Keymap, tuple[Problem, ...]]":
    """The keys of the screen, and what of `[keys]` cannot be."""
    from tuidesk.config.load import load

    config = load(find(home))
    return config.keymap, tuple(problem for problem in config.problems if problem.key.startswith("keys"))


@contextmanager
def reading(home: str | None) -> Iterator[Connection]:
    """A reader of the home's store for as long as the block runs; what SQLite raises in it comes out as ours.

    Raises:
        NotFound: there is no store yet.
        StoreError: it cannot be read.
    """
    paths = locate(home)
    try:
        connection = db.open_reader(paths.store)
    except NotFound:
        if next(paths.accounts.glob("*.toml"), None) is None:
            raise
        raise NotFound(say("store.not_synced")) from None
    try:
        with db.translated():
            yield connection
    finally:
        connection.close()


def back_up(home: str | None, target: Path) -> None:
    """A whole, consistent copy of the store in a new file, while others go on.

    Raises:
        NotFound: there is no store yet.
        StoreError: the target stands already, or cannot be written.
    """
    with reading(home) as connection:
        db.backup(connection, target)
