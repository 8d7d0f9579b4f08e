"""`g a`: every account, how it is, and how old its data is."""

import asyncio

from tuidesk.desk import read
from tuidesk.desk.desk import Desk
from tuidesk.desk.picture import AccountState
from tuidesk.domain.text import clean, wrap
from tuidesk.tui import freshness
from tuidesk.tui.screens.reading import Reading
from tuidesk.tui.widgets.page import Line
from tuidesk.words import say

_LOOK_S = 2.0


class Accounts(Reading):
    def __init__(self, desk: Desk) -> None:
        super().__init__(say("tui.accounts_title"))
        self._desk = desk

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(_LOOK_S, self._look)

    def more_keys(self) -> tuple[tuple[str, str], ...]:
        return (("r", say("tui.accounts_nudge")),)

    def pressed(self, key: str) -> None:
        if key == "r":
            self._desk.nudge()

    def lay_out(self) -> None:
        self._look()

    def _look(self) -> None:
        self.run_worker(self._show(), exclusive=True)

    async def _show(self) -> None:
        found: tuple[AccountState, ...] = await asyncio.wrap_future(self._desk.read(read.accounts))
        now = self._desk.clock.now()
        cells = self.size.width
        lines: list[Line] = [line for account in found for line in freshness.lines(account, now, cells)]
        if not lines:
            lines.append((("  " + say("tui.first_run_words"), "words"),))
        for problem in self._desk.problems:
            words = wrap(clean(str(problem), lines=False), max(cells - 4, 8))
            lines += [
                (),
                *((("! " if part is words[0] else "  ", "alert"), (part, "alert")) for part in words),
            ]
        lines += [(), (("  " + self._engine_words(), "quiet"),)]
        self.page.show(lines)

    def _engine_words(self) -> str:
        return say("tui.sync_here" if self._desk.lock.held else "tui.sync_elsewhere")
