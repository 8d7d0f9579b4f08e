"""The line at the top: views with their counts, how the accounts are, the time."""

from typing import ClassVar

from textual import events
from textual.geometry import Region
from textual.strip import Strip

from tuidesk.domain.text import cut, width, wrap
from tuidesk.tui import themes
from tuidesk.tui.widgets.strips import Drawn, Looks, strip

Spans = tuple[tuple[str, str], ...]

_BANNER_LINES = 2
_SUMMARY = 14
"""Cells that are always left for a word about the accounts."""


class StatusLine(Drawn):
    """Something at the left, something at the right; what does not fit at the right gives way first."""

    LOOKS: ClassVar[Looks] = {
        "view": themes.PLAIN,
        "more": themes.PLAIN,
        "order": themes.MUTED,
        "chosen": themes.ACCENT_STRONG,
        "alert": themes.WARNING_STRONG,
        "late": themes.WARNING_STRONG,
        "quiet": themes.MUTED,
        "away": themes.WARNING_STRONG,
        "time": themes.STRONG,
    }
    DEFAULT_CSS = """
    StatusLine { height: 1; background: $panel; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._views: Spans = ()
        self._summary: tuple[str, str] = ("", "quiet")
        self._away = ""
        self._time = ""

    def say(self, views: Spans, summary: tuple[str, str], time: str, away: str = "") -> None:
        """Clean text. What differs at the right alone, in as many cells, is drawn alone."""
        before = self._views, self._summary, self._away, self._time
        if (views, summary, away, time) == before:
            return
        cells, clocks = self._clocks(), before[:2] == (views, summary)
        self._views, self._summary, self._away, self._time = views, summary, away, time
        if clocks and self._clocks() == cells:
            self.refresh(Region(self.size.width - cells, 0, cells, 1))
        else:
            self.refresh()

    def _clocks(self) -> int:
        """Cells of what stands at the right."""
        return width(self._time) + 2 + (width(self._away) + 2 if self._away else 0)

    def render_line(self, y: int) -> Strip:
        cells = self.size.width
        if y:
            return strip(self, (), cells)
        room = cells - self._clocks() - 1
        left = self._fitting(room - _SUMMARY, room - width(self._summary[0]) - 1)
        room = cells - self._clocks() - 1 - sum(width(text) for text, _ in left)
        words = cut(self._summary[0], max(room - 1, 0))
        gap = " " * max(room - width(words), 0)
        away = ((f"  {self._away}", "away"),) if self._away else ()
        spans = (
            (" ", "view"),
            *left,
            (gap, "view"),
            (words, self._summary[1]),
            *away,
            (f" {self._time} ", "time"),
        )
        return strip(self, spans, cells)

    def _fitting(self, room: int, room_beside: int) -> list[tuple[str, str]]:
        """The views there is room for, in their order: the one that is open first, then what must be checked, what is
        late, those there always are; the rest where all the words about the accounts stay."""
        taken: set[int] = set()
        for wanted in ("chosen", "alert", "late", "view", "more", "order"):
            if wanted == "more":
                room = min(room, room_beside - sum(width(self._views[place][0]) for place in taken))
            for place, (text, style) in enumerate(self._views):
                if style == wanted and (width(text) <= room or style == "chosen"):
                    taken.add(place)
                    room -= width(text)
        return [view for place, view in enumerate(self._views) if place in taken]


class Banner(Drawn):
    """A line or two, there only while something must be known: read-only, offline, a login refused, a first sync."""

    LOOKS: ClassVar[Looks] = {
        "alert": themes.WARNING_STRONG,
        "news": themes.PLAIN,
    }
    DEFAULT_CSS = """
    Banner { height: 1; display: none; background: $panel; }
    Banner.-alert { background: $warning 20%; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.words = ""
        self._alert = True

    def say(self, words: str, *, alert: bool = True) -> None:
        """Clean text; "" takes the line away. `alert`: something is wrong."""
        if (words, alert) != (self.words, self._alert):
            self.words, self._alert = words, alert
            self.display = bool(words)
            self.set_class(alert, "-alert")
            self._fit(self.app.size.width)
            self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        self._fit(event.size.width)

    def _fit(self, cells: int) -> None:
        self.styles.height = min(len(self._lines(cells)), _BANNER_LINES)

    def _lines(self, cells: int) -> list[str]:
        return wrap(self.words, max(cells - 4, 8))

    def render_line(self, y: int) -> Strip:
        cells = self.size.width
        lines = self._lines(cells)
        shown = lines[y] if y < len(lines) else ""
        if y == _BANNER_LINES - 1:
            shown = " ".join(lines[y:])  # what is too long for them is cut, and seen to be
        mark = " ! " if y == 0 and self._alert else "   "
        return strip(self, ((mark + shown, "alert" if self._alert else "news"),), cells)
