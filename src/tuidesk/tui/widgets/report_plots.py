"""Curves over time, drawn with plotext in cells of text.

plotext has one figure for the whole program: it is cleared, filled and read in one call, by one thread at a time.
It is loaded by `load`, elsewhere, since that takes a quarter of a second.
"""

import threading
from collections.abc import Sequence
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

from tuidesk.tui.widgets.page import Line

_ASCII = str.maketrans("┌┐└┘├┤┬┴┼─│", "+++++++++-|")
_guard = threading.Lock()
_GAP = 7
"""Cells between two marks of time; the last one may be moved to the left by half of itself."""


class Signs(NamedTuple):
    """What series are drawn with: told apart by shape, where there is no colour."""

    bar: str
    line: str
    """As a legend shows it."""
    marker: str
    """As plotext calls that of the line."""


DRAWN = Signs("▒", "▞", "hd")
PLAIN = Signs(":", "*", "*")


class Series(NamedTuple):
    """What is drawn over the same times."""

    bars: Sequence[int] = ()
    curve: Sequence[int] = ()


@cache
def load() -> ModuleType:
    """plotext, sized by us and not by the terminal.

    Raises:
        ImportError, OSError: it cannot be loaded on this machine.
    """
    import plotext

    plotext.terminal.limit(False, False)
    module: ModuleType = plotext
    return module


def plot(series: Series, labels: Sequence[str], size: tuple[int, int], signs: Signs) -> list[Line]:
    """Lines of `size` (cells, lines), the axes among them; `labels` are the times, in ASCII."""
    with _guard:
        figure = load().figure
        figure.clear()
        drawn = _drawn(figure, series, labels, size, signs)
    return [_line(one, signs) for one in drawn.rstrip("\n").split("\n")]


def _drawn(figure: Any, series: Series, labels: Sequence[str], size: tuple[int, int], signs: Signs) -> str:
    cells, lines = size
    count = len(labels)
    at = list(range(1, count + 1))
    figure.plot_size(cells, lines)
    figure.canvas("default")
    for side, axis in (("upper", "x"), ("right", "y")):
        figure.axes(active=False, axis=axis, side=side)
    if series.bars:
        figure.draw(figure.bar(at, list(series.bars), marker=signs.bar, width=0.6))
    if series.curve:
        figure.draw(figure.signal(at, list(series.curve), marker=signs.marker).lines())
    step = -(-count * (len(labels[0]) + _GAP) // max(cells, 1))
    shown = at[::-step][::-1]  # the last one always
    figure.ruler("x").ticks(shown, [labels[one - 1] for one in shown])
    figure.ruler("x").lim(0.4, count + 0.6)
    steps = _steps(max((*series.bars, *series.curve, 1)), lines)
    figure.ruler("y").ticks(steps, [str(one) for one in steps])
    figure.ruler("y").lim(0, steps[-1])
    colourless = True
    drawn: str = figure.build().string(colourless)
    return drawn


def _steps(most: int, lines: int) -> list[int]:
    """Round numbers from 0 to one that is not below `most`, two lines apart at least."""
    room = max((lines - 2) // 2, 1)
    size = 1
    while True:
        for factor in (1, 2, 3, 4, 5):
            if size * factor * room >= most:
                step = size * factor
                return list(range(0, -(-most // step) * step + 1, step))
        size *= 10


def _line(drawn: str, signs: Signs) -> Line:
    """One line, each sign in the style of what it belongs to."""
    spans: list[tuple[str, str]] = []
    if signs is PLAIN:
        drawn = drawn.translate(_ASCII)
    for sign in drawn:
        style = "bar" if sign == signs.bar else "curve" if _is_curve(sign, signs) else "axis"
        if spans and (spans[-1][1] == style or sign == " "):
            spans[-1] = (spans[-1][0] + sign, spans[-1][1])
        else:
            spans.append((sign, style))
    return tuple(spans)


def _is_curve(sign: str, signs: Signs) -> bool:
    return sign == signs.line or "▀" <= sign <= "▟"
