"""`keys`: every key of the screen."""

import argparse

from tuidesk.cli import output
from tuidesk.cli.parser import Noun, takes_json
from tuidesk.words import say


def _keys(given: argparse.Namespace) -> int:
    from tuidesk.domain.actions import ACTIONS, grouped

    if given.json:
        output.json_lines(
            {
                "type": "action",
                "id": action.id,
                "keys": list(action.keys),
                "does": action.name,
                "group": action.group,
                "places": list(action.places),
            }
            for action in ACTIONS
        )
        return 0
    for group, members in grouped().items():
        output.words(say("keys.group_" + group))
        for action in members:
            output.words(f"  {' '.join(action.keys):24} {action.name}")
    return 0


NOUN = Noun(takes_json, _keys)
