"""`g t`: the report, page by page. The desk's reader counts; the screen goes on meanwhile."""

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from textual.worker import Worker, WorkType

from tuidesk.desk import report_words
from tuidesk.desk.desk import Desk
from tuidesk.domain.instants import Instant
from tuidesk.domain.metrics import METRICS, By
from tuidesk.domain.text import clean, cut, width, wrap
from tuidesk.errors import TuideskError
from tuidesk.tui import when
from tuidesk.tui.screens import report_choosing, report_people, report_ranges
from tuidesk.tui.screens.reading import Reading
from tuidesk.tui.screens.report_counts import TABS, Counted, Counts, Tab
from tuidesk.tui.screens.report_definition import Definitions
from tuidesk.tui.screens.report_figures import Sheeted, figures
from tuidesk.tui.screens.report_pictures import pictures
from tuidesk.tui.screens.report_ranges import Range
from tuidesk.tui.screens.report_saving import save_page
from tuidesk.tui.widgets.report_sheet import Sheet
from tuidesk.words import say

_KEYS = (
    ("Tab", "tab"), ("Enter", "meaning"), ("1-5", "range"), ("?", "help"), ("d", "dates"), ("m", "mine"),
    ("b", "by"), ("c", "compare"), ("J K", "table"), ("o", "page"), ("r", "again"),
)  # fmt: skip
"""The one that leads to all the others stands where 80 columns still show it."""
_HEAD = 3
"""Lines above the sheet."""


class ReportScreen(Reading):
    """What is shown stays, under its own dates, until what was asked for last has been counted."""

    DEFAULT_CSS = """
    ReportScreen #reading-title { height: 3; }
    """

    def __init__(self, desk: Desk, saved: Callable[[Path], None], not_saved: Callable[[str], None]) -> None:
        """`saved` is told where a page was written to, `not_saved` why it was not: this screen may be left before."""
        super().__init__("")
        self._desk = desk
        self._saved, self._not_saved = saved, not_saved
        self._notice = ""
        """What became of the page that was asked for."""
        self.page: Sheet = Sheet()
        self.tab: Tab = "figures"
        self.counts = Counts(desk)
        self._failed = ""
        self._counting: Worker[None] | None = None
        self._laying: Worker[None] | None = None
        self._shown: Counted | None = None
        """What the sheet shows."""
        self._sheet = Sheeted((), {}, (), ())

    def on_mount(self) -> None:
        super().on_mount()
        self._count()

    def keys(self) -> tuple[tuple[str, str], ...]:
        return ((say("tui.key_esc"), say("tui.reading_back")), *_keys("key"))

    @property
    def row(self) -> report_words.Line | None:
        """The figure at the mark."""
        return None if self.page.marked is None else self._sheet.rows.get(self.page.marked)

    @property
    def metrics(self) -> tuple[str, ...]:
        """Whatever is shown."""
        return self._sheet.metrics

    @property
    def is_settled(self) -> bool:
        """What is wanted is on the screen."""
        return self._counting is None and self._laying is None

    # Counting

    def _count(self) -> None:
        """See to it that what the page needs is counted; whoever counts already comes to that by himself."""
        self._failed = ""
        if self._counting is None:
            self._counting = self.run_worker(self._count_all, group="report")
        self._say_head()
        if not self.counts.is_shown(self.tab):
            self._show(_sentence(say("report_screen.counting"), "quiet", self.size.width))

    async def _count_all(self) -> None:
        try:
            while not self.counts.is_there(self.tab):
                await self.counts.count(self.tab)
        except TuideskError as error:
            self._failed = clean(str(error), lines=False)
        self._counting = None
        self.lay_out()

    # Drawing

    def lay_out(self) -> None:
        """A year by days is fifteen thousand lines: they are made on a thread of their own."""
        self._say_head()
        counted = self.counts.counted
        if self._failed:
            self._show(_sentence(self._failed, "alert", self.size.width))
        elif counted is not None and self.counts.is_shown(self.tab):
            size = self.size.width, self.size.height - _HEAD - 1
            draw = partial(self._draw, counted, self.tab, size)
            self._laying = self.run_worker(draw, group="sheet", exclusive=True)

    async def _draw(self, counted: Counted, tab: Tab, size: tuple[int, int]) -> None:
        sheet = await asyncio.to_thread(self._laid_out, counted, tab, size)
        self._laying = None
        if tab == self.tab and not self._failed:
            self._shown = counted
            self._show(sheet)
        self._say_head()

    def _show(self, sheet: Sheeted) -> None:
        """In its place, the mark at the same figure if it is still there."""
        before = self.row
        same = [
            at
            for at, row in sheet.rows.items()
            if before is not None and row.metric == before.metric and bool(row.group) >= bool(self.counts.by)
        ]
        self._sheet = sheet
        exactly = [at for at in same if before is not None and sheet.rows[at][:3] == before[:3]]
        marked = next(iter([*exactly, *same]), None)
        self.page.show_rows(sheet.lines, tuple(sheet.rows), marked)
        if same and not exactly:
            self.page.reveal_from(max(at for at in sheet.titles if at < same[0]))

    def _laid_out(self, counted: Counted, tab: Tab, size: tuple[int, int]) -> Sheeted:
        cells, plain = size[0], self.app.has_class("-ascii")
        if tab == "figures" or counted.pictures is None:
            notes = [part for note in self._notes(counted) for part in wrap(note, cells - 3)]
            return figures(counted.report, notes, cells)
        match tab:
            case "pictures":
                why = self.counts.no_plots or ""
                return pictures(counted.pictures, self.counts.zone, size, plain=plain, why=why)
            case "topics":
                return report_people.topics(counted.pictures, cells, plain=plain)
            case "team":
                return report_people.team(counted.pictures, cells)
            case _:
                return report_people.ratings(counted.report, counted.pictures, cells, self._moment)

    def _notes(self, counted: Counted) -> tuple[str, ...]:
        return report_words.notes(counted.report, self._moment, str(self.counts.zone or ""))

    def _moment(self, at: Instant) -> str:
        """`Fri 20 Nov 12:50`."""
        local = when.local(at, self.counts.zone)
        this_year = when.local(self.counts.now, self.counts.zone).year
        return f"{when.weekday(local.date())} {when.day(local.date(), this_year)} {local:%H:%M}"

    def _say_head(self) -> None:
        """What is shown; below it the pages, and what is being counted."""
        counts, cells = self.counts, self.size.width
        shown = self._shown
        asked = shown.report.asked if shown is not None else counts.asked
        chosen = shown.range if shown is not None else counts.range
        words = [
            say("report_screen.title", range=report_ranges.told(chosen, counts.now, counts.zone)),
            say("report_screen.mine" if asked.mine else "report_screen.everybody"),
            *([say("report_screen.by", by=report_words.by_name(asked.by))] if asked.by else []),
            *([say("report_screen.compared")] if asked.compare else []),
        ]
        tabs = [_tab(tab, is_open=tab == self.tab) for tab in TABS]
        if width("".join(tabs)) > cells - 1:
            tabs = [_tab(self.tab, is_open=True)]
        busy = self._busy()
        left = " " + "".join(tabs)
        room = max(cells - width(left) - 2, 0)
        busy = cut(busy, room)
        notice = wrap(self._notice, max(cells - 2, 8)) or [""]
        self._title.styles.height = _HEAD - 1 + len(notice)
        self._title.show(
            (
                ((" " + "  ".join(words), "title"),),
                (
                    *((tab, "title" if tab.startswith("[") else "quiet") for tab in (" ", *tabs)),
                    (" " * (room - width(busy) + 1) + busy, "alert"),
                ),
                *(((" " + part, "name"),) for part in notice),
            )
        )

    def _busy(self) -> str:
        """What is under way, in a word."""
        if self._failed:
            return say("report_screen.failed")
        if self.is_settled:
            return ""
        counts = self.counts
        if self._shown is None or self._shown.range == counts.range:
            return say("report_screen.counting")
        told = report_ranges.told(counts.range, counts.now, counts.zone)
        return say("report_screen.counting_range", range=told)

    # Keys

    def pressed(self, key: str) -> None:
        self._notice = ""
        match key:
            case "Tab" | "Right":
                self._turn(1)
            case "Shift+Tab" | "Left":
                self._turn(-1)
            case "1" | "2" | "3" | "4" | "5":
                self.counts.choose(report_ranges.NAMES[int(key) - 1])
                self._count()
            case "m":
                self.counts.mine = not self.counts.mine
                self._count()
            case "c":
                self.counts.compare = not self.counts.compare
                self._count()
            case "d":
                counts = self.counts
                self.app.push_screen(report_choosing.dates(counts.now, counts.zone), self._go_to)
            case "b":
                self.app.push_screen(report_choosing.groupings(), self._regroup)
            case "J" | "K":
                self.page.jump(self._sheet.titles, 1 if key == "J" else -1)
            case "r":
                self.counts.again()
                self._count()
            case "o":
                self._notice = say("report_screen.saving")
                self._say_head()
                job: WorkType[None] = self._save_page
                self.app.run_worker(job, group="page", exclusive=True)
            case "Enter":
                self._define()
            case "?":
                self._help()

    def _turn(self, step: int) -> None:
        """The next page, or the one before."""
        self.tab = TABS[(TABS.index(self.tab) + step) % len(TABS)]
        self._sheet = Sheeted((), {}, (), ())
        self.page.to_start()
        self._count()

    def _regroup(self, by: By | None) -> None:
        if by is not None:
            self.counts.by = by
            self._count()

    def _go_to(self, one: Range | None) -> None:
        if one is not None:
            self.counts.range = one
            self._count()

    # The page

    async def _save_page(self) -> None:
        """The whole report as one HTML file; its pictures may have to be counted first."""
        try:
            while not self.counts.is_there("team"):
                await self.counts.count("team")
            counted = self.counts.counted
            assert counted is not None
            path = await asyncio.to_thread(save_page, self._desk, counted, self.counts.zone)
        except TuideskError as error:
            self._notice = clean(str(error), lines=False)
            self._not_saved(str(error))
        else:
            self._notice = say("report_screen.saved", path=clean(str(path), lines=False))
            self._saved(path)
        if self.is_attached:
            self._say_head()

    # Definitions

    def _define(self) -> None:
        """What the figure at the mark is; on a page without rows, all that it shows."""
        counted, row = self._shown, self.row
        if counted is None or not self.metrics:
            return
        metrics = (row.metric,) if row is not None else self.metrics
        group = row.group if row is not None else ""
        told = report_ranges.told(counted.range, self.counts.now, self.counts.zone)
        words = [report_words.group_name(counted.report.asked.by, group)] if group else []
        title = say("report_screen.meaning_title", what=", ".join([*words, told]))
        notes = self._notes(counted)
        self.app.push_screen(Definitions(title, metrics, counted.report, group=group, notes=notes))

    def _help(self) -> None:
        """The keys of this screen, and every definition."""
        metrics = tuple(metric.key for metric in METRICS)
        title = say("report_screen.help_title")
        self.app.push_screen(Definitions(title, metrics, None, keys=tuple(_keys("help"))))


def _sentence(words: str, style: str, cells: int) -> Sheeted:
    return Sheeted(tuple(((" " + part, style),) for part in wrap(words, max(cells - 2, 8))), {}, (), ())


def _tab(tab: Tab, *, is_open: bool) -> str:
    name = say(f"report_screen.tab_{tab}")
    return f"[{name}]" if is_open else f" {name} "


def _keys(kind: str) -> Iterator[tuple[str, str]]:
    """Each with its word for the foot (`key`), or what it does (`help`)."""
    for key, name in _KEYS:
        yield key, say(f"report_screen.{kind}_{name}")
