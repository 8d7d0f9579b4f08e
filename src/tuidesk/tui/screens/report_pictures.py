"""The pictures of a report as lines: volume and backlog over time, weekdays by hours, how long replies took."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from tuidesk.domain.metrics import Bar, Pictures
from tuidesk.domain.text import pad, width
from tuidesk.tui import when
from tuidesk.tui.screens.report_figures import Sheeted, span
from tuidesk.tui.widgets import report_plots
from tuidesk.tui.widgets.page import Line
from tuidesk.tui.widgets.report_grid import bar, beside, heat, hours_shown, shades
from tuidesk.tui.widgets.report_plots import Series
from tuidesk.words import say

METRICS = ("messages_received", "completed", "backlog", "reply", "on_target_reply")
_LEAST_LINES, _MOST_LINES = 8, 14
"""Of a curve, or of bars."""
_LONGEST = 40
"""Cells of the longest bar."""


def pictures(
    shown: Pictures, zone: tzinfo | None, size: tuple[int, int], *, plain: bool, why: str = ""
) -> Sheeted:
    """All of them, for `size` (cells, lines). `why` no curve can be drawn: the numbers are told without."""
    cells, lines = size
    high = min(max((lines - 9) // 3, _LEAST_LINES), _MOST_LINES)
    found = [
        *([((" " + why, "alert"),), ()] if why else []),
        *_volume(shown, zone, (cells - 2, high), plain=plain, curves=not why),
        (),
        *_heats(shown, cells, plain=plain),
        (),
        *_replies(shown, cells, plain=plain),
    ]
    return Sheeted(tuple(found), {}, (), METRICS)


def _volume(
    shown: Pictures, zone: tzinfo | None, size: tuple[int, int], *, plain: bool, curves: bool
) -> Iterator[Line]:
    each, unit = shown.volume, "week" if shown.by_week else "day"
    signs = report_plots.PLAIN if plain else report_plots.DRAWN
    begins = [when.local(one.at, zone) for one in each]
    form = "%Y-%m-%d" if len({one.year for one in begins}) > 1 else "%m-%d"
    labels = [f"{one:{form}}" for one in begins]
    received, completed = [one.received for one in each], [one.completed for one in each]
    backlog = [one.backlog for one in each]

    def curve(series: Series) -> Iterator[Line]:
        if curves and len(each) > 1:  # one point is no curve
            for line in report_plots.plot(series, labels, size, signs):
                yield ((" ", "axis"), *line)

    yield _title(f"volume_{unit}")
    if not any((*received, *completed, *backlog)):
        yield _quiet("nothing")
        return
    for name, counts in (
        ("received", received),
        ("completed", completed),
    ):  # one over the other, neither is seen
        yield ((f" {signs.bar} ", "bar"), (say(f"report_screen.{name}", count=sum(counts)), "words"))
        yield from curve(Series(counts))
        yield ()
    yield _title(f"backlog_{unit}")
    told = say("report_screen.backlog", first=backlog[0], last=backlog[-1], most=max(backlog))
    yield ((f" {signs.line} ", "curve"), (told, "words"))
    yield from curve(Series(curve=backlog))


def _heats(shown: Pictures, cells: int, *, plain: bool) -> Iterator[Line]:
    received, reply = shown.heat.received, shown.heat.reply
    hours = hours_shown(received, reply)
    if not hours:
        yield ((" " + say("report.heat_received"), "title"),)
        yield _quiet("nothing")
        return
    weekdays = say("thread.weekdays").split()
    one, other = (
        [((" " + say(name), "title"),), *heat(grid, hours, weekdays, written, plain)]
        for name, grid, written in (
            ("report.heat_received", received, lambda n: f"{n:.0f}"),
            ("report.heat_reply", reply, lambda ms: when.span(round(ms)).replace(" ", "")),
        )
    )
    yield from beside(one, other, cells)
    signs = shades(plain)[1:]
    yield _quiet("shades", signs=" ".join(signs))


def _replies(shown: Pictures, cells: int, *, plain: bool) -> Iterator[Line]:
    yield ((" " + say("report.replies"), "title"),)
    total, most = sum(one.n for one in shown.replies), max((one.n for one in shown.replies), default=0)
    if not total:
        yield _quiet("nothing")
        return
    names = _names(shown.replies)
    wide, digits = max(map(width, names)), len(f"{most:,}")
    room = min(max(cells - wide - digits - 36, 8), _LONGEST)
    from_ms, target = 0, shown.target
    for name, one in zip(names, shown.replies, strict=True):
        within = target is not None and from_ms < target and (one.below is None or target < one.below)
        yield (
            (f" {pad(name, wide)}", "words"),
            (f"  {one.n:>{digits},} {one.n / total:>4.0%}  ", "name"),
            (pad(bar(one.n, most, room, plain), room), "bar"),
            (f"  < {say('report_screen.target', span=span(target or 0))}" if within else "", "curve"),
        )
        if target is not None and one.below == target:
            yield (
                (f" {'-' * (wide + digits + 8)} {say('report_screen.target', span=span(target))}", "curve"),
            )
        from_ms = one.below or from_ms


def _names(bars: Sequence[Bar]) -> list[str]:
    """`under 1m`, and for what has no bound that of the one before."""
    longest = next((one.below for one in reversed(bars) if one.below is not None), 0)
    return [
        say("report.shorter", span=span(one.below))
        if one.below is not None
        else say("report.longer", span=span(longest))
        for one in bars
    ]


def _title(name: str) -> Line:
    return ((" " + say(f"report_screen.{name}"), "title"),)


def _quiet(name: str, **values: object) -> Line:
    return ((" " + say(f"report_screen.{name}", **values), "quiet"),)
