"""`keys`: every key of the screen that is in force, and what of the config's keys is not."""

import argparse
from typing import TYPE_CHECKING

from tuidesk.cli import output
from tuidesk.cli.parser import Noun, takes_json
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.domain.actions import Action, Keymap


def _keys(given: argparse.Namespace) -> int:
    from tuidesk.desk.home import keys_in_force
    from tuidesk.domain.actions import ACTIONS, grouped

    keymap, problems = keys_in_force(given.home)
    if given.json:
        output.json_lines(
            {
                "type": "action",
                "id": action.id,
                "keys": list(keymap[action.places[0]][action.id]),
                "does": action.name,
                "group": action.group,
                "places": list(action.places),
                "keys_at": {place: list(keymap[place][action.id]) for place in action.places},
            }
            for action in ACTIONS
        )
        output.json_lines(
            {"type": "problem", "file": problem.file, "key": problem.key, "text": problem.text}
            for problem in problems
        )
        return 0
    for group, members in grouped().items():
        output.words(say("keys.group_" + group))
        for action in members:
            for keys, where in _by_keys(action, keymap):
                output.words(f"  {keys:24} {action.name}{where}")
    for problem in problems:
        output.data(say("cli.keys_problem", problem=problem))
    return 0


def _by_keys(action: "Action", keymap: "Keymap") -> list[tuple[str, str]]:
    """(keys, where they hold, if not wherever the action does)."""
    places: dict[str, list[str]] = {}
    for place in action.places:
        keys = " ".join(keymap[place][action.id]) or say("cli.keys_none")
        places.setdefault(keys, []).append(place)
    if len(places) == 1:
        return [(keys, "") for keys in places]
    return [(keys, say("cli.keys_where", places=", ".join(where))) for keys, where in places.items()]


NOUN = Noun(takes_json, _keys)
