"""`?`: the keys of this place, from the table of actions."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from tuidesk.domain import actions
from tuidesk.domain.actions import Keymap, Place
from tuidesk.domain.text import pad, wrap
from tuidesk.tui.screens.reading import Reading
from tuidesk.tui.widgets.page import Line
from tuidesk.words import say

_KEYS = 18
_SIGNS = (
    "late", "due", "wait", "back", "failed", "unknown", "nobody", "colleague", "check", "draft", "note_draft", "woke",
    "starred", "muted", "spam", "doubt", "more", "chosen", "mark",
)  # fmt: skip
"""What a row of the queue can say in less than a word."""


class Help(Reading):
    def __init__(self, place: Place, keymap: Keymap = actions.STANDARD) -> None:
        super().__init__(say("tui.help_title", place=say(f"tui.place_{place}")))
        self._place: Place = place
        self._keymap = keymap

    def lay_out(self) -> None:
        self.page.show(_lines(self._place, self._keymap, self.size.width))


def _lines(place: Place, keymap: Keymap, cells: int) -> tuple[Line, ...]:
    """What holds here first, then the rest; while writing, what holds elsewhere is only text."""
    here = actions.here(place, keymap)
    elsewhere = actions.elsewhere(place, keymap) if place != "composer" else ()
    lines: list[Line] = []
    for chosen in (here, elsewhere):
        for group, members in actions.grouped(chosen).items():
            lines.append((("  " + say("keys.group_" + group), "title"),))
            for action in members:
                told = wrap(action.name, max(cells - _KEYS - 6, 8))
                for keys, words in zip_longest(_side_by_side(action.spoken), told, fillvalue=""):
                    lines.append((("    " + pad(keys, _KEYS), "key"), (" " + words, "words")))
            lines.append(())
    if place == "queue":
        lines += _legend(cells)
    return tuple(lines)


def _side_by_side(keys: Sequence[str]) -> list[str]:
    """Keys in lines of `_KEYS` cells."""
    lines: list[str] = []
    for key in keys:
        if lines and len(f"{lines[-1]}  {key}") <= _KEYS:
            lines[-1] += f"  {key}"
        else:
            lines.append(key)
    return lines


def _legend(cells: int) -> Iterator[Line]:
    yield (("  " + say("keys.group_signs"), "title"),)
    for sign in _SIGNS:
        shown = say(f"keys.sign_{sign}")
        for words in wrap(say(f"keys.means_{sign}"), max(cells - _KEYS - 6, 8)):
            yield (("    " + pad(shown, _KEYS), "key"), (" " + words, "words"))
            shown = ""
