"""Lines of styled text → strips, for widgets that draw themselves line by line.

The text is clean already (`domain.text.clean`); it goes in as segments, so no markup is ever read in it.
"""

from collections.abc import Iterable

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from tuidesk.domain.text import cut, width


def strip(widget: Widget, prefix: str, spans: Iterable[tuple[str, str]], cells: int) -> Strip:
    """(text, style) in turn, cut and filled to exactly `cells` cells.

    A style is the name of a component class of `widget`: `prefix--style`.
    """
    segments: list[Segment] = []
    left = cells
    for text, style in spans:
        if left <= 0:
            break
        taken = width(text)
        if taken > left:
            text = cut(text, left)
            taken = width(text)
        left -= taken
        words = text.lstrip(" ")
        if words != text:  # screenshots lose blanks at the start of a segment
            segments.append(Segment(" " * (len(text) - len(words)), widget.rich_style))
        if words:
            segments.append(Segment(words, widget.get_component_rich_style(f"{prefix}--{style}")))
    if left > 0:
        segments.append(Segment(" " * left, widget.rich_style))
    return Strip(segments, cells)
