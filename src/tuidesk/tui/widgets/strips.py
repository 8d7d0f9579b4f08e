"""Lines of styled text → strips, for widgets that draw themselves line by line.

The text is clean already (`domain.text.clean`); it goes in as segments, so no markup is ever read in it.
"""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip
from textual.widget import Widget

from tuidesk.domain.text import cut, width
from tuidesk.tui.themes import Look

_ASCII = str.maketrans({"…": "~", "“": '"', "”": '"', "·": "."})
"""Signs that we put in and a terminal without UTF-8 does not have; where customers use them, they change as well."""
_LINES = frozenset({"rule", "day"})
"""Styles whose dashes are a line, where lines can be drawn."""


Looks = Mapping[str, Look]
"""Name of a style → how it is drawn."""


class Drawn(Widget):
    """A widget that draws itself line by line.

    Its styles are a table of its own: as component classes, each would be a rule to parse and a node to style for
    every widget, at the start and with every change of the focus.
    """

    ALLOW_SELECT = False
    LOOKS: ClassVar[Looks] = {}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._kept: dict[str, Style] = {}
        self._plain: bool | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it is drawn with ASCII's signs."""
        if self._plain is None:
            self._plain = self.app.has_class("-ascii")
        return self._plain

    def forget_signs(self) -> None:
        """The app draws with others from now on."""
        self._plain = None
        self.refresh()

    def notify_style_update(self) -> None:
        self._kept.clear()
        super().notify_style_update()

    def drawn_style(self, name: str = "") -> Style:
        """The style of one of its looks; "" is its own."""
        style = self._kept.get(name)
        if style is None:
            style = self._kept[name] = self._styled(self.LOOKS[name]) if name else self.rich_style
        return style

    def _styled(self, look: Look) -> Style:
        colour = Color.parse(self.app.theme_variables[look.colour])
        how = look.how
        if colour.ansi is not None:  # the terminal's own: what is on what is not known
            how += " dim" if look.share < 1 else ""
        else:
            colour = self.background_colors[1] + colour.multiply_alpha(look.share)
        return self.rich_style + Style.parse(how) + Style(color=colour.rich_color)


def strip(widget: Drawn, spans: Iterable[tuple[str, str]], cells: int) -> Strip:
    """(text, style) in turn, cut and filled to exactly `cells` cells. A style is the name of a look of `widget`."""
    segments: list[Segment] = []
    left = cells
    for text, style in spans:
        if left <= 0:
            break
        if widget.is_plain:
            text = text.translate(_ASCII)
        elif style in _LINES:
            text = text.replace("-", "─")
        taken = width(text)
        if taken > left:
            text = cut(text, left, "~" if widget.is_plain else "…")
            taken = width(text)
        left -= taken
        words = text.lstrip(" ")
        if words != text:  # screenshots lose blanks at the start of a segment
            segments.append(Segment(" " * (len(text) - len(words)), widget.drawn_style()))
        if words:
            segments.append(Segment(words, widget.drawn_style(style)))
    if left > 0:
        segments.append(Segment(" " * left, widget.drawn_style()))
    return Strip(segments, cells)
