"""Looking: files, sources, and the screens that are only read. Methods are named after the actions."""

from pathlib import Path
from typing import TYPE_CHECKING

from tuidesk.desk import download
from tuidesk.desk.desk import Desk
from tuidesk.desk.why import Why, why
from tuidesk.domain.text import clean, cut
from tuidesk.tui.screens.accounts import Accounts
from tuidesk.tui.screens.help import Help
from tuidesk.tui.screens.source import Source
from tuidesk.tui.screens.why import Explained
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.screens.desk import DeskScreen


class Looking:
    """What is opened to be read, or saved to be read elsewhere."""

    def __init__(self, screen: "DeskScreen", desk: Desk) -> None:
        self._screen = screen
        self._desk = desk

    # Files

    def download(self) -> None:
        if not self._screen.thread_in_view or not self._screen.thread.download():
            self._screen.tell(say("tui.no_file"))

    def save(self, message: int, ref: str, name: str) -> None:
        """An attachment into the folder for downloads."""
        shown = cut(clean(name, lines=False), 40)
        self._screen.tell(say("tui.downloading", name=shown))
        type = self._screen.carrying.type_of(message, ref)
        self._screen.work(self._save(message, ref, name, type), "download")

    async def _save(self, message: int, ref: str, name: str, type: str) -> None:
        path = await self._screen.outcome(download.save(self._desk, message, ref, name))
        self._screen.carrying.saved(path, type)

    def source(self) -> None:
        message = self._screen.thread.current if self._screen.thread_in_view else None
        if message is None:
            self._screen.tell(say("tui.no_message"))
        else:
            self.show_source(message.n)

    def show_source(self, message: int) -> None:
        """The whole of a message as it came, in a screen of its own."""
        self._screen.work(self._show_source(message), "source", exclusive=True)

    async def _show_source(self, message: int) -> None:
        data = await self._screen.outcome(download.source(self._desk, message))
        self._screen.app.push_screen(Source(message, data))

    def rows(self) -> None:
        """Rows of one line in the queue, or of two."""
        is_tall = self._screen.queue.turn()
        self._screen.tell(say("tui.rows_tall" if is_tall else "tui.rows_dense"))

    def why(self) -> None:
        n = self._screen.target
        if n is None:
            self._screen.tell(say("tui.no_conversation"), wrong=True)
        else:
            self._screen.work(self._why(n), "why", exclusive=True)

    async def _why(self, n: int) -> None:
        now = self._screen.showing.now()
        told: Why = await self._screen.ask(why, n, self._desk.timing, now)
        self._screen.app.push_screen(Explained(told, now))

    # Other screens

    def accounts(self) -> None:
        self._screen.app.push_screen(Accounts(self._desk))

    def report(self) -> None:
        from tuidesk.tui.screens.report import ReportScreen  # whoever looks at none does not load it

        def saved(path: Path) -> None:
            self._screen.carrying.saved(path, "text/html")

        def not_saved(why: str) -> None:
            self._screen.tell(why, wrong=True)

        self._screen.app.push_screen(ReportScreen(self._desk, saved, not_saved))

    def help(self) -> None:
        self._screen.app.push_screen(Help(self._screen.place, self._screen.keymap))

    def help_writing(self) -> None:
        self.help()
