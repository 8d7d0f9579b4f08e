"""The lines at the foot: what happened and what can be taken back; below it the keys of this place."""

from dataclasses import dataclass, replace
from typing import ClassVar

from textual.geometry import Region
from textual.strip import Strip

from tuidesk.domain.text import cut, width
from tuidesk.tui import themes
from tuidesk.tui.widgets.strips import Drawn, Looks, strip

_MOST_LINES = 3
_APART = 3
"""Cells between two things at the right."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What the upper line says. Clean text."""

    notice: str = ""
    """The answer to the last key; it stands in front of everything else."""
    is_wrong: bool = False
    marked: str = ""
    news: str = ""
    undo: str = ""
    spent: str = ""
    """On what is on the screen; only where there is room for it beside the rest."""
    out: str = ""


class TalkLine(Drawn):
    """What happened."""

    LOOKS: ClassVar[Looks] = {
        "news": themes.ACCENT_STRONG,
        "notice": themes.STRONG,
        "marked": themes.ACCENT_STRONG,
        "wrong": themes.ERROR,
        "undo": themes.MUTED,
        "spent": themes.MUTED,
        "out": themes.WARNING,
    }
    DEFAULT_CSS = """
    TalkLine { height: 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.talk = Talk()

    def say(self, talk: Talk) -> None:
        before, self.talk = self.talk, talk
        if talk == before:
            return
        if replace(talk, spent=before.spent) == before and width(talk.spent) == width(before.spent):
            at, cells = self._place_of_spent()
            self.refresh(Region(at, 0, cells, 1))
        else:
            self.refresh()

    def _place_of_spent(self) -> tuple[int, int]:
        """(first cell, cells)."""
        out = width(self.talk.out) + _APART if self.talk.out else 0
        cells = width(self.talk.spent)
        return max(self.size.width - 1 - out - cells, 0), cells

    def render_line(self, y: int) -> Strip:
        cells = self.size.width
        if y:
            return strip(self, (), cells)
        talk = self.talk
        room = cells - width(talk.out) - 2
        spans: list[tuple[str, str]] = []
        for text, style in (
            (talk.notice, "wrong" if talk.is_wrong else "notice"),
            (talk.marked, "marked"),
            (talk.news, "news"),
            (talk.undo, "undo"),
        ):
            if text and room > 4:
                shown = cut(text, room - 2)
                spans += ((" ", "undo"), (shown, style), ("  ", "undo"))
                room -= width(shown) + 3
        gap = cells - sum(width(text) for text, _ in spans) - width(talk.out) - 1
        at, taken = self._place_of_spent()
        if taken and (left := at - sum(width(text) for text, _ in spans)) >= 0:
            behind = " " * (cells - 1 - at - taken - width(talk.out))
            return strip(
                self,
                (*spans, (" " * left, "undo"), (talk.spent, "spent"), (behind, "spent"), (talk.out, "out")),
                cells,
            )
        return strip(self, (*spans, (" " * max(gap, 0), "undo"), (talk.out, "out")), cells)


class KeysLine(Drawn):
    """The keys of this place."""

    LOOKS: ClassVar[Looks] = {
        "key": themes.ACCENT_STRONG,
        "name": themes.MUTED,
    }
    DEFAULT_CSS = """
    KeysLine { height: 1; background: $panel; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.keys: tuple[tuple[str, str], ...] = ()
        self._whole = False

    def say(self, keys: tuple[tuple[str, str], ...], *, whole: bool = False) -> None:
        """(key, what it does) in turn, on one line as many as fit; with `whole` all of them, on two if need be."""
        if (keys, whole) != (self.keys, self._whole):
            self.keys, self._whole = keys, whole
            self.styles.height = max(len(self._lines()), 1)
            self.refresh()

    def on_resize(self) -> None:
        self.styles.height = max(len(self._lines()), 1)

    def _lines(self) -> list[list[tuple[str, str]]]:
        """Items are never cut; the last ones are the least wanted, and `?` shows them all."""
        room = self.size.width - 1
        lines: list[list[tuple[str, str]]] = [[]]
        used = 0
        for item in self.keys:
            wanted = width(item[0]) + 1 + width(item[1])
            if used and used + 2 + wanted > room:
                if not self._whole or len(lines) == _MOST_LINES:
                    break
                lines.append([])
                used = 0
            used += wanted + (2 if used else 0)
            lines[-1].append(item)
        return lines

    def render_line(self, y: int) -> Strip:
        lines = self._lines()
        spans: list[tuple[str, str]] = []
        for key, name in lines[y] if y < len(lines) else ():
            spans += (("  " if spans else " ", "name"), (key, "key"), (f" {name}", "name"))
        return strip(self, spans, self.size.width)
