"""`?`: the keys of this place, from the table of actions."""

from collections.abc import Iterator

from tuidesk.domain import actions
from tuidesk.domain.actions import Keymap, Place
from tuidesk.domain.text import wrap
from tuidesk.tui.screens.reading import Reading
from tuidesk.tui.widgets.page import Line
from tuidesk.words import say

_KEYS = 18
_SIGNS = (
    "wait", "back", "failed", "unknown", "nobody", "colleague", "check", "draft", "note_draft", "woke",
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
                keys = "  ".join(action.spoken)
                for words in wrap(action.name, max(cells - _KEYS - 6, 8)):
                    lines.append(((f"    {keys:<{_KEYS}}", "key"), (" " + words, "words")))
                    keys = ""
            lines.append(())
    if place == "queue":
        lines += _legend(cells)
    return tuple(lines)


def _legend(cells: int) -> Iterator[Line]:
    yield (("  " + say("keys.group_signs"), "title"),)
    for sign in _SIGNS:
        shown = say(f"keys.sign_{sign}")
        for words in wrap(say(f"keys.means_{sign}"), max(cells - _KEYS - 6, 8)):
            yield ((f"    {shown:<{_KEYS}}", "key"), (" " + words, "words"))
            shown = ""
