"""Which of the conversations that a command names it changes, and how they are called."""

from collections.abc import Callable, Iterable

from tuidesk.desk.doing import Doing
from tuidesk.errors import Refused
from tuidesk.store.sql import Row
from tuidesk.words import say

_NAMED = 5
"""Conversations that the words of a step name."""


def numbers(rows: Iterable[Row]) -> str:
    """`#42, #43`; of many how many they are, and the first."""
    all_of_them = [f"#{row['id']}" for row in rows]
    named = ", ".join(all_of_them[:_NAMED])
    return named if len(all_of_them) <= _NAMED else say("desk.so_many", count=len(all_of_them), named=named)


def others(
    doing: Doing, conversations: Iterable[int], is_so: Callable[[Row], bool], already: str, **told: str
) -> list[Row]:
    """Those that are not so yet.

    Raises:
        Refused: all of them are, so that nothing would be done.
    """
    found = doing.conversations(conversations)
    left = [row for row in found if not is_so(row)]
    if not left:
        words = already if len(found) == 1 else f"{already}_all"
        raise Refused(say(words, what=numbers(found), **told))
    return left
