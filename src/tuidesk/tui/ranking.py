"""How near a name is to what was typed: one ranking for commands, agents, tags and everything else that is chosen."""

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


def rank(typed: str, name: str, *others: str) -> int | None:
    """The smaller the nearer; None where it is not meant. `others`: what else it is called (an id, an address).

    The start of the name, of a word, letters in a row, or in their order in one word, or the first letters of its
    words. Letters anywhere would find something for everything, and who types what is not there would run it with
    Enter.
    """
    wanted, called = typed.strip().casefold(), name.casefold()
    if not wanted:
        return 0
    if called.startswith(wanted):
        return 1
    if f" {wanted}" in called or any(other.casefold().startswith(wanted) for other in others):
        return 2
    if wanted in called or any(wanted in other.casefold() for other in others):
        return 3
    words = called.replace(",", " ").split()
    if any(_abbreviates(wanted, word) for word in words):
        return 4
    initials = "".join(word[0] for word in words)
    return 4 if len(wanted) > 1 and initials.startswith(wanted) else None


def _abbreviates(letters: str, word: str) -> bool:
    """`cmp` for `complete`: the first letter, and the others in their order."""
    rest = iter(word)
    return word[:1] == letters[:1] and all(letter in rest for letter in letters)


def nearest(items: Iterable[T], how_near: Callable[[T], int | None]) -> list[T]:
    """Those that are meant, the nearest first; of the same rank in the order they came in."""
    ranked = [(near, item) for item in items if (near := how_near(item)) is not None]
    return [item for _, item in sorted(ranked, key=lambda pair: pair[0])]
