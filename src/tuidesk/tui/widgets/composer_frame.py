"""Everything around a composer's text: the lines that say what this is, to whom it goes, and how it stands."""

from tuidesk.domain.actions import Keymap
from tuidesk.tui.widgets.composer_lines import (
    Lines,
    Row,
    closed,
    failure,
    file_words,
    foot,
    foot_saying,
    head,
    people,
    route,
)
from tuidesk.tui.widgets.writing import Sheet, Written
from tuidesk.words import say


class Frame:
    """Four widgets that are told what to say."""

    def __init__(self, keymap: Keymap) -> None:
        self._keymap = keymap
        self.head, self.people = Lines("composer-head"), Lines("composer-people")
        self.route, self.foot = Lines("composer-route"), Lines("composer-foot")

    def say(self, sheet: Sheet, sender: str, *, fields: int, cells: int) -> int:
        """What this is, to whom and by which way. How many lines stand around the text.

        Args:
            sender: an alias that was chosen.
            fields: lines of recipients that can be typed in; where there are any, they say to whom.
            cells: width.
        """
        above = (head(sheet), *failure(sheet, cells), *closed(sheet, cells, self._keymap))
        self.head.say(*above)
        shown = () if fields else people(sheet, cells, self._keymap)
        rule = Row((("", "note"),), fill=":") if sheet.mode == "note" else Row((), fill="-")
        way = (*route(sheet, sender), rule)
        self.people.say(*shown)
        self.route.say(*way)
        return len(above) + len(shown) + fields + len(way) + 2

    def say_sending(self, sheet: Sheet, files: tuple[str, ...], cells: int) -> None:
        words = say("composer.sending_note" if sheet.mode == "note" else "composer.sending")
        self.foot.say(*foot_saying(sheet, words, "warn", files, cells, self._keymap))

    def say_words(self, sheet: Sheet, words: str, style: str, files: tuple[str, ...], cells: int) -> None:
        """A question, or what went wrong."""
        self.foot.say(*foot_saying(sheet, words, style, files, cells, self._keymap))

    def say_state(self, sheet: Sheet, now: Written, files: tuple[str, ...], *, saved: bool) -> None:
        """How it stands, unless nothing was written at all."""
        is_empty = not (now.text or now.to or now.cc or now.bcc or now.subject or now.files)
        state = say("composer.saved") if saved else say("composer.saving")
        self.foot.say(*foot(sheet, now.text, "" if is_empty else state, files, self._keymap))


def named(files: tuple[str, ...], sizes: dict[str, int], alts: dict[str, str]) -> tuple[str, ...]:
    """`receipt.pdf 80 kB` for each; `sizes` in bytes, where they are known; `alts`: what pictures show."""
    return tuple(file_words(path, sizes.get(path), alts.get(path, "")) for path in files)
