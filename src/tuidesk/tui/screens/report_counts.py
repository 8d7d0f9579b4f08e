"""What the report's screen wants counted, and what has been."""

import asyncio
from datetime import tzinfo
from typing import Literal, NamedTuple

from tuidesk.desk.desk import Desk
from tuidesk.desk.report import report, zone
from tuidesk.desk.report_pictures import pictures
from tuidesk.domain.instants import Instant
from tuidesk.domain.metrics import Asked, By, Pictures, Report
from tuidesk.tui.screens import report_ranges
from tuidesk.tui.screens.report_ranges import Range
from tuidesk.tui.widgets import report_plots
from tuidesk.words import say

Tab = Literal["figures", "pictures", "topics", "team", "ratings"]
TABS: tuple[Tab, ...] = ("figures", "pictures", "topics", "team", "ratings")
_LANE = "report"
"""Of the readers: nobody waits behind a report but the next one."""


class Counted(NamedTuple):
    """What can be shown."""

    range: Range
    report: Report
    pictures: Pictures | None
    """None: no page has asked for them."""


class Counts:
    """One thing after the other: of what is asked for meanwhile, only the last is counted."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.zone: tzinfo | None = zone(desk.timing)
        self.range: Range = report_ranges.ranges(self.now, self.zone)[1]
        self.by: By = ""
        self.mine = False
        self.compare = True
        self.counted: Counted | None = None
        self._round, self._counted_round = 0, 0
        """How often everything was to be counted again, and how often when what is there was counted."""
        self.no_plots: str | None = None
        """Why nothing can be plotted, "" where it can; None: not known yet."""

    @property
    def now(self) -> Instant:
        return self._desk.clock.now()

    @property
    def asked(self) -> Asked:
        """What is wanted."""
        return Asked(self.range.since, self.range.until, self.by, self.mine, self.compare)

    def again(self) -> None:
        """The same range anew, up to now; and everything in it."""
        if self.range.name:
            self.choose(self.range.name)
        self._round += 1

    def choose(self, name: str) -> None:
        """A range by its name."""
        self.range = next(one for one in report_ranges.ranges(self.now, self.zone) if one.name == name)

    def is_shown(self, tab: Tab) -> bool:
        """Whether there is something for this page, be it of what was wanted before."""
        return self.counted is not None and self._has(self.counted, tab)

    def is_there(self, tab: Tab) -> bool:
        """Whether that is what is wanted."""
        return self.is_shown(tab) and self.counted is not None and self._is_wanted(self.counted)

    def _is_wanted(self, counted: Counted) -> bool:
        return counted.report.asked == self.asked and self._counted_round == self._round

    def _has(self, counted: Counted, tab: Tab) -> bool:
        if tab == "pictures" and self.no_plots is None:
            return False
        return tab == "figures" or counted.pictures is not None

    async def count(self, tab: Tab) -> None:
        """The next thing that the page lacks.

        Raises:
            TuideskError: the store does not say.
        """
        counted = self.counted
        if counted is None or not self._is_wanted(counted):
            await self._count_report()
        elif tab == "pictures" and self.no_plots is None:
            await self._load_plots()
        else:
            await self._count_pictures(counted)

    async def _count_report(self) -> None:
        asked, chosen, before, at = self.asked, self.range, self.counted, self._round
        reading = self._desk.read(report, asked, self._desk.timing, self.now, lane=_LANE)
        found = await asyncio.wrap_future(reading)
        pictures = None
        if before and at == self._counted_round and _pictured(before.report.asked) == _pictured(asked):
            pictures = before.pictures
        self._counted_round = at
        self.counted = Counted(chosen, found, pictures)

    async def _count_pictures(self, counted: Counted) -> None:
        asked = _pictured(counted.report.asked)
        reading = self._desk.read(pictures, asked, self._desk.timing, lane=_LANE)
        found = await asyncio.wrap_future(reading)
        if self.counted is counted:
            self.counted = counted._replace(pictures=found)

    async def _load_plots(self) -> None:
        try:
            await asyncio.to_thread(report_plots.load)
        except (ImportError, OSError) as error:
            self.no_plots = say("report_screen.no_plots", why=error)
        else:
            self.no_plots = ""


def _pictured(asked: Asked) -> Asked:
    """Pictures are the same however the figures are grouped or compared."""
    return asked._replace(by="", compare=False)
