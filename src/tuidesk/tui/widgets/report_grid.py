"""Figures laid out as a grid or as bars: a number in every cell, and a sign that says how much of the most it is."""

from collections.abc import Callable, Sequence
from itertools import zip_longest

from tuidesk.domain.text import cut, pad, width
from tuidesk.tui.widgets.page import Line

_SHADES = " ░▒▓█"
_PLAIN_SHADES = " -=*#"
_HOURS = 24


def shades(plain: bool) -> str:
    """Signs from nothing to the most."""
    return _PLAIN_SHADES if plain else _SHADES


def shade(value: float, most: float, plain: bool) -> str:
    """The sign of a value among those up to `most`."""
    signs = shades(plain)
    if value <= 0 or most <= 0:
        return signs[0]
    return signs[min(1 + int(value / most * (len(signs) - 1)), len(signs) - 1)]


def hours_shown(*grids: Sequence[Sequence[float | None]]) -> range:
    """The hours between the first and the last that any weekday of the grids has something for."""
    found = [hour for grid in grids for day in grid for hour, value in enumerate(day) if value]
    return range(min(found), max(found) + 1) if found else range(0)


def heat(
    grid: Sequence[Sequence[float | None]],
    hours: range,
    weekdays: Sequence[str],
    written: Callable[[float], str],
    plain: bool,
) -> list[Line]:
    """Hours down, weekdays across, all in one width: `grid` is weekdays by hours."""
    most = max((value or 0 for day in grid for value in day), default=0)
    words = [[written(day[hour]) if day[hour] else "." for hour in range(_HOURS)] for day in _filled(grid)]
    cells = max(
        *(width(day[hour]) for day in words for hour in hours),
        *(width(name) for name in weekdays),
    )
    head: Line = (("   ", "quiet"), *((f"  {_right(name, cells)}", "name") for name in weekdays))
    lines: list[Line] = [head]
    for hour in hours:
        spans: list[tuple[str, str]] = [(f" {hour:02}", "name")]
        for day, told in zip(grid, words, strict=True):
            value = day[hour] or 0
            spans.append((f" {shade(value, most, plain)}", "bar"))
            spans.append((_right(told[hour], cells), "words" if value else "quiet"))
        lines.append(tuple(spans))
    return lines


def _filled(grid: Sequence[Sequence[float | None]]) -> list[list[float]]:
    return [[value or 0 for value in day] for day in grid]


def beside(left: Sequence[Line], right: Sequence[Line], cells: int, gap: int = 3) -> list[Line]:
    """Two blocks side by side where `cells` have room for both, else one below the other."""
    wide = max((_width(line) for line in left), default=0)
    if wide + gap + max((_width(line) for line in right), default=0) > cells:
        return [*left, (), *right]
    return [
        (*first, (" " * (wide - _width(first) + gap), "words"), *second)
        for first, second in zip_longest(left, right, fillvalue=())
    ]


def bar(value: float, most: float, cells: int, plain: bool) -> str:
    """A bar of at most so many cells; what is more than nothing has one."""
    full = min(max(round(value / most * cells), 1), cells) if value > 0 and most > 0 else 0
    return ("#" if plain else "█") * full


def ranked(rows: Sequence[tuple[str, int]], cells: int, plain: bool) -> list[Line]:
    """Name, number, bar. Clean names."""
    most = max((n for _, n in rows), default=0)
    numbers = max((len(f"{n:,}") for _, n in rows), default=1)
    names = min(max((width(name) for name, _ in rows), default=0), max(cells // 2, 8))
    room = max(cells - names - numbers - 5, 4)
    return [
        (
            (" " + pad(cut(name, names), names), "words"),
            (f"  {n:>{numbers},} ", "name"),
            (bar(n, most, room, plain), "bar"),
        )
        for name, n in rows
    ]


def _width(line: Line) -> int:
    return sum(width(text) for text, _ in line)


def _right(words: str, cells: int) -> str:
    return " " * max(cells - width(words), 0) + words
