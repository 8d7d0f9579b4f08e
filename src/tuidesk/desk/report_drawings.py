"""Where the strokes of a report's pictures stand, in the units of an SVG's view box. No markup, no words of its own."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from tuidesk.domain.instants import Instant
from tuidesk.domain.metrics import BARS, Bar, Volume

WIDTH = 720
"""Of every picture."""
_LEFT, _RIGHT = 44, 14  # room for the numbers of an axis, and for half a label
_PLOT = WIDTH - _LEFT - _RIGHT

_PANEL_HEAD, _PANEL = 28, 74  # of one panel: its name, its plot
_PANEL_FOOT = 12
_DATES = 22
_MOST_DATES = 7
_WIDEST_STICK = 28.0
_TICKS = 4

_BARS_HEAD, _BARS, _BARS_FOOT = 48, 150, 24  # counts and the target above; bounds below

Words = Callable[[Instant], str]


class Tick(NamedTuple):
    """A place on an axis."""

    at: float
    label: str


class Stick(NamedTuple):
    """An upright bar; `label` is what it says when asked."""

    x: float
    y: float
    width: float
    height: float
    label: str


class Panel(NamedTuple):
    """One series over time, on a scale of its own."""

    name: str
    name_y: float
    top: float
    base: float
    ticks: tuple[Tick, ...]
    sticks: tuple[Stick, ...]
    """Empty where it is a line."""
    line: str
    """Points of a polyline; "" where it is of sticks."""
    area: str
    """The same, closed along the base."""


class Course(NamedTuple):
    """Volume and backlog over time: panels one above the other that share their dates."""

    height: float
    left: float
    right: float
    panels: tuple[Panel, ...]
    dates: tuple[Tick, ...]
    dates_y: float


class Column(NamedTuple):
    """One bar of a distribution."""

    stick: Stick
    middle: float
    n: int
    share: float
    is_late: bool
    """All of it is beyond the target."""


class Mark(NamedTuple):
    """Where the target stands."""

    x: float
    is_right: bool
    """Its words stand on the left of it, since it is near the right edge."""


class Distribution(NamedTuple):
    """How long replies took."""

    height: float
    left: float
    right: float
    top: float
    base: float
    columns: tuple[Column, ...]
    bounds: tuple[Tick, ...]
    target: Mark | None


def course(volumes: Sequence[Volume], names: Mapping[str, str], day: Words) -> Course:
    """Of at least one volume: each number of a `Volume` that has a name. `day` words a date shortly."""
    pitch = _PLOT / len(volumes)
    middles = [_LEFT + pitch * (place + 0.5) for place in range(len(volumes))]
    days = [day(volume.at) for volume in volumes]
    panels, top = [], 0.0
    for key, name in names.items():
        top += _PANEL_HEAD
        numbers = [int(getattr(volume, key)) for volume in volumes]
        panels.append(_panel(name, numbers, middles, days, top, is_level=key == "backlog"))
        top += _PANEL + _PANEL_FOOT
    every = -(-len(volumes) // _MOST_DATES)
    dates = tuple(Tick(_round(middles[n]), days[n]) for n in range(0, len(volumes), every))
    base = panels[-1].base
    return Course(base + _DATES, _LEFT, WIDTH - _RIGHT, tuple(panels), dates, base + 15)


def _panel(
    name: str,
    numbers: Sequence[int],
    middles: Sequence[float],
    days: Sequence[str],
    top: float,
    *,
    is_level: bool,
) -> Panel:
    """A level is there all the time, and is drawn as a line; what is counted a day at a time, as sticks."""
    base = top + _PANEL
    scale = steps(max(numbers))
    heights = [_PANEL * number / scale[-1] for number in numbers]
    ticks = tuple(Tick(_round(base - _PANEL * step / scale[-1]), f"{step:,}") for step in scale)
    panel = Panel(name, top - 12, top, base, ticks, (), "", "")
    if is_level and len(numbers) > 1:
        points = zip(middles, heights, strict=True)
        line = " ".join(f"{_round(x)},{_round(base - height)}" for x, height in points)
        area = f"{_round(middles[0])},{base} {line} {_round(middles[-1])},{base}"
        return panel._replace(line=line, area=area)
    wide = min(_PLOT / len(numbers) * 0.72, _WIDEST_STICK)
    sticks = tuple(
        Stick(_round(x - wide / 2), _round(base - height), _round(wide), _round(height), f"{on}: {number:,}")
        for x, height, on, number in zip(middles, heights, days, numbers, strict=True)
    )
    return panel._replace(sticks=sticks)


def distribution(bars: Sequence[Bar], target: Instant | None, span: Words) -> Distribution:
    """Of the bars that `metrics.bars` makes. `span` words a duration shortly; `target` in milliseconds."""
    pitch = _PLOT / len(bars)
    base = float(_BARS_HEAD + _BARS)
    most = max((bar.n for bar in bars), default=0) or 1
    total = sum(bar.n for bar in bars) or 1
    columns, floor = [], 0
    for place, bar in enumerate(bars):
        height = _BARS * bar.n / most
        x = _LEFT + pitch * place
        stick = Stick(_round(x + 2), _round(base - height), _round(pitch - 4), _round(height), "")
        late = target is not None and floor >= target
        columns.append(Column(stick, _round(x + pitch / 2), bar.n, bar.n / total, late))
        floor = bar.below or floor
    bounds = (
        Tick(_LEFT, "0"),
        *(
            Tick(_round(_LEFT + pitch * place), span(bar.below))
            for place, bar in enumerate(bars, start=1)
            if bar.below is not None
        ),
    )
    mark = None
    if target is not None:
        x = _LEFT + pitch * _place(target)
        mark = Mark(_round(x), x > WIDTH * 0.6)
    return Distribution(
        base + _BARS_FOOT, _LEFT, WIDTH - _RIGHT, _BARS_HEAD, base, tuple(columns), bounds, mark
    )


def _place(duration: Instant) -> float:
    """Where a duration stands, in bars from the left."""
    floor = 0
    for place, below in enumerate(BARS):
        if duration < below:
            return place + (duration - floor) / (below - floor)
        floor = below
    return len(BARS) + 0.5 * (duration > floor)


def steps(most: int) -> tuple[int, ...]:
    """Round numbers from 0 to `most` or a little more, for an axis: two to five of them."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            step = factor * size
            count = max(1, -(-most // step))
            if count <= _TICKS:
                return tuple(step * n for n in range(count + 1))
        size *= 10


def usual_most(values: Iterable[float]) -> float:
    """What one in twenty exceeds: the full colour of a heat map, which one strange hour shall not make pale."""
    found = sorted(values)
    return found[-(-len(found) * 19 // 20) - 1] if found else 0


def level(value: float | None, most: float, levels: int = 5) -> int:
    """0 (nothing) to `levels`: how strongly a cell of a heat map is filled."""
    if not value or most <= 0:
        return 0
    return max(1, min(levels, -int(-value * levels // most)))


def _round(number: float) -> float:
    return round(number, 1)
