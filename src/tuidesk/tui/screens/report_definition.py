"""What a figure of the report is: from what to what it counts, and what it was this time, to the last number."""

from collections.abc import Iterator, Sequence

from tuidesk.desk import report_words
from tuidesk.domain.metrics import Count, Durations, Figure, Group, Mean, Report, Score, Share
from tuidesk.domain.text import pad, width, wrap
from tuidesk.tui.screens.reading import Reading
from tuidesk.tui.screens.report_figures import span
from tuidesk.tui.widgets.page import Line
from tuidesk.words import say


class Definitions(Reading):
    """Of these figures, in words; of the report as a whole, what its columns mean."""

    def __init__(
        self,
        title: str,
        metrics: Sequence[str],
        report: Report | None,
        *,
        group: str = "",
        notes: Sequence[str] = (),
        keys: Sequence[tuple[str, str]] = (),
    ) -> None:
        """`group`: whose numbers stand beside; `notes`: about the report; `keys` of its screen, with what they do."""
        super().__init__(title)
        self._metrics = metrics
        self._report = report
        self._group = next((one for one in report.groups if one.key == group), None) if report else None
        self._notes = notes
        self._pressed = keys

    def lay_out(self) -> None:
        self.page.show(tuple(self._lines(max(self.size.width - 4, 8))))

    def _lines(self, cells: int) -> Iterator[Line]:
        wide = max((width(key) for key, _ in self._pressed), default=0)
        for key, words in self._pressed:
            yield (("   " + pad(key, wide), "key"), ("  " + words, "words"))
        if self._pressed:
            yield ()
        for metric in self._metrics:
            yield ((" " + report_words.name(metric), "title"),)
            yield from _wrapped(report_words.define(metric), cells, "words")
            if self._report is not None and self._group is not None:
                yield from _numbers(metric, self._report, self._group)
            yield ()
        for note in self._notes:
            yield from _wrapped(note, cells, "quiet")


def _numbers(metric: str, report: Report, group: Group) -> Iterator[Line]:
    """What it was: now and before, by each clock."""
    rows = [
        (when, figure)
        for when, figures in (("now", group.figures), ("before", group.before))
        if (figure := figures.get(metric)) is not None
    ]
    if not rows:
        return
    table = [row for when, figure in rows for row in _cells(metric, report, when, figure)]
    names = [say(f"report.{head}") for head in ("n", "mean", "median", "p90")]
    heads = ["", *names] if any(len(row) > 3 for row in table) else ["", names[0], say("report.value")]
    widths = [max(width(cell) for cell in column) for column in zip(heads, *table, strict=True)]
    for at, row in enumerate([heads, *table]):
        first, *others = row
        spans = [("   " + pad(first, widths[0]), "quiet")]
        for cell, wide in zip(others, widths[1:], strict=True):
            spans.append(("  " + " " * (wide - width(cell)) + cell, "name" if at else "quiet"))
        yield tuple(spans)


def _cells(metric: str, report: Report, when: str, figure: Figure) -> Iterator[list[str]]:
    called = say(f"report_screen.{when}")
    if not isinstance(figure, Durations):
        yield [called, _made_of(figure), report_words.value(metric, figure)]
        return
    for clock in report_words.clocks_of(report):
        if not report_words.has_hours(metric, clock):
            continue
        name = called if clock == "calendar" else f"{called}, {say('report.business')}"
        yield [name, *report_words.spread_cells(getattr(figure, clock), span)]


def _made_of(figure: Share | Count | Mean | Score) -> str:
    """`38 of 40`, or how many; a count says that itself."""
    match figure:
        case Share():
            return say("report_screen.part", part=f"{figure.part:,}", of=f"{figure.of:,}")
        case Count():
            return ""
        case _:
            return f"{figure.n:,}"


def _wrapped(words: str, cells: int, style: str) -> Iterator[Line]:
    for part in wrap(words, cells):
        yield (("   " + part, style),)
