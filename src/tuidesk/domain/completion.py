"""What may stand in the place of what is being typed, and how far that goes on by itself."""

from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple


class Completion(NamedTuple):
    """Each of `choices` may stand in the place of what begins at `start` and ends at the cursor."""

    start: int
    choices: Sequence[str]


def extended(text: str, cursor: int, completion: Completion) -> tuple[str, int]:
    """The text and its cursor with all that the choices have in common, which is the whole where there is one."""
    if not completion.choices:
        return text, cursor
    first, last = min(completion.choices), max(completion.choices)  # what these two share, all share
    common = first[
        : sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))
    ]
    if len(common) < cursor - completion.start:
        return text, cursor  # the choices are written otherwise than what was typed
    return text[: completion.start] + common + text[cursor:], completion.start + len(common)
