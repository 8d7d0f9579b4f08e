"""What is remembered of the newest things alone, so that a process that runs for weeks does not grow."""

from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")
MOST = 2_000


def keep(kept: dict[K, V], name: K, value: V, most: int = MOST) -> None:
    """As the newest; the oldest goes where there are too many."""
    kept.pop(name, None)
    kept[name] = value
    while len(kept) > most:
        del kept[next(iter(kept))]
