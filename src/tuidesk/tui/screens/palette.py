"""`:`: every command with its key and what it takes, found by a few letters; what it takes may be typed behind it."""

from collections.abc import Sequence

from tuidesk.domain.actions import Action
from tuidesk.tui.ranking import nearest, rank
from tuidesk.tui.screens.chooser import Chooser, Find, Option
from tuidesk.words import say

Chosen = tuple[Action, str]
"""An action, and what was typed for it to take."""

_COLUMN = 22


def palette(offered: Sequence[Action]) -> Chooser[Chosen]:
    """Its result is the chosen action with its argument."""
    return Chooser(
        say("tui.palette_title"),
        say("tui.palette_hint"),
        finding(tuple(offered)),
        nothing=say("tui.palette_nothing"),
        column=_COLUMN,
    )


def finding(offered: tuple[Action, ...]) -> Find[Chosen]:
    def find(typed: str) -> list[Option[Chosen]]:
        whole = [_option(action) for action in nearest(offered, lambda action: near(action, typed))]
        return [*_with_argument(offered, typed), *whole]

    return find


def near(action: Action, typed: str) -> int | None:
    """How near an action is to what was typed; its key is as near as can be."""
    return 0 if typed.strip() in action.keys else rank(typed, action.name, action.id, _spoken(action))


def _with_argument(offered: tuple[Action, ...], typed: str) -> list[Option[Chosen]]:
    """`assign dana`: the commands that are called so, with the rest for them to take."""
    word, _, rest = typed.strip().partition(" ")
    if not rest.strip():
        return []
    called = [action for action in offered if action.takes and action.id.startswith(word.casefold())]
    exact = [action for action in called if action.id == word.casefold()]
    return [
        Option(f"{_spoken(action)} {rest.strip()}", (action, rest.strip()), key="  ".join(action.keys))
        for action in exact or called
    ]


def _option(action: Action) -> Option[Chosen]:
    note = f":{action.id} {action.takes}" if action.takes else ""
    return Option(action.name, (action, ""), key="  ".join(action.keys), note=note)


def _spoken(action: Action) -> str:
    return action.id.replace("-", " ")
