"""Targets: how soon a team wants to have answered, and which of its rules a conversation falls under."""

from collections.abc import Collection, Iterable
from typing import Literal, NamedTuple

from tuidesk.domain.instants import HOUR

Aim = Literal["first_response", "reply", "resolution"]
AIMS: tuple[Aim, ...] = ("first_response", "reply", "resolution")
AIM_OF: dict[str, Aim] = {
    "first_response": "first_response",
    "first_answer": "first_response",
    "reply": "reply",
    "handoff_wait": "reply",
    "resolution_last": "resolution",
}
"""Which aim a metric is measured against; the others have none."""
SOON = 0.75
"""The part of a target behind which it is due soon."""


class Target(NamedTuple):
    """One `[[targets]]` table. Durations are milliseconds of working time; None: it says nothing of that."""

    place: str
    """Where it stands: `[[targets]] 2`."""
    account: str = ""
    medium: str = ""
    priority: str = ""
    tag: str = ""
    first_response: int | None = None
    reply: int | None = None
    resolution: int | None = None

    @property
    def keys(self) -> int:
        """How many things it asks of a conversation."""
        return sum(map(bool, (self.account, self.medium, self.priority, self.tag)))


SHIPPED = (Target("", first_response=HOUR), Target("", first_response=24 * HOUR))
"""Until the user sets others: the two lines that customers expect, 40 % of them the first, 79 % the second."""


class Subject(NamedTuple):
    """What of a conversation a target may ask for."""

    account: str
    medium: str
    priority: str
    tags: Collection[str]


class Aimed(NamedTuple):
    """The target that holds for a conversation."""

    ms: int
    place: str


def aimed(targets: Iterable[Target], aim: Aim, subject: Subject) -> Aimed | None:
    """Of the targets that match, the one that asks for most; of two such the shorter."""
    best = min(
        (
            (-target.keys, ms, target.place)
            for target in targets
            if (ms := getattr(target, aim)) is not None and _matches(target, subject)
        ),
        default=None,
    )
    return None if best is None else Aimed(best[1], best[2])


def _matches(target: Target, subject: Subject) -> bool:
    tags = {tag.casefold() for tag in subject.tags}
    return (
        target.account in ("", subject.account)
        and target.medium in ("", subject.medium)
        and target.priority in ("", subject.priority)
        and (not target.tag or target.tag.casefold() in tags)
    )
