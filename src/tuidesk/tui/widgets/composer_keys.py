"""Which keys are the composer's own while a text is written."""

from tuidesk.domain import actions
from tuidesk.domain.actions import Keymap

ITS_OWN = frozenset({"send", "leave", "quote", "recipients", "editor", "attach", "help-writing"})
"""Actions of `domain.actions` that it carries out; the others that hold here are the screen's."""
EDITING = frozenset(f"Ctrl+{letter}" for letter in "AEKUWYDZ")
"""Never anybody else's while a text is written."""
_FIXED = {"Tab": "next-field", "Shift+Tab": "last-field", "Enter": "enter", "Left": "left", "Right": "right"}
"""Keys inside the composer that are not the table's."""


def meaning(key: str, *, in_text: bool, in_choice: bool, quotes: bool, keymap: Keymap) -> str:
    """What a key means in a field; "" where it edits, or is somebody else's.

    Args:
        in_text: the field is the text.
        in_choice: the field is one in which left and right choose.
        quotes: a reply has no text yet, so that `>` begins a quotation.
    """
    action = actions.holding("composer", keymap).get(key)
    if action is not None and action.id == "quote" and not (in_text and quotes):
        return ""
    if action is not None and key not in EDITING:
        return action.id if action.id in ITS_OWN else ""
    command = _FIXED.get(key, "")
    if command == "enter":
        return "" if in_text else "next-field"
    if command in ("left", "right") and not in_choice:
        return ""
    return command
