"""A hand at the keyboard of the demo's desk: where it is, what the screen shows there, and what the store says."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widget import Widget

from tests.config.files import write
from tests.tui.desks import demo, screen, text, until
from tests.tui.outside import written
from tuidesk.desk import read
from tuidesk.desk.picture import Draft, Row, Thread
from tuidesk.domain.actions import Place
from tuidesk.domain.commands import Command, Done, Mode
from tuidesk.store.sql import Connection
from tuidesk.tui.app import DeskApp
from tuidesk.tui.keyboard import DEAF_S
from tuidesk.tui.screens.desk import DeskScreen

SIZE = (120, 24)
"""All three panes, and little of a long thread."""
_AS_TEXTUAL = {"Esc": "escape", "PgDn": "pagedown", "PgUp": "pageup"}
_ODD = {"Ivy Chen", "Sam (Acme Support) <sam@acme.example>", "Tom Whitaker", "Dana Ortiz", "Jonas Becker"}
"""Whose conversations are about something of their own, or are kept for those who ask for them."""
_PUBLIC = {"review", "forum", "post", "call"}
"""Media in which a reply asks first, or cannot be written."""
_LOOKING = frozenset({"seen", "unread", "told_soon", "told_late", "told_window"})
"""What changes when a conversation is looked at, whichever key led there; and by the alarm, whatever the key."""
_NOT_COMPARED = ("change", "account", "sqlite_sequence", "search", "handling")
"""Whatever any key changes: the time at a conversation, for one."""

_VIEWS = '[[views]]\nname = "Refunds"\nquery = "is:open tag:refund"\nkey = 1\n'
_CANNED = '[greeting]\nshortcut = "hi"\ntitle = "Greeting"\nbody = "Hello from the shelf."\n'

Picture = dict[str, frozenset[tuple[Any, ...]]]


def textual(key: str) -> list[str]:
    """A key of the table as Textual calls it; two keys in a row are two."""
    parts = key.split(" ")
    return [_AS_TEXTUAL.get(part, part if len(part) == 1 else part.lower()) for part in parts]


def contents(connection: Connection) -> Picture:
    """All that the store holds, but for what looking changes."""
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {}
    for name in names:
        if not name.startswith(_NOT_COMPARED):
            columns = [row[1] for row in connection.execute(f"SELECT * FROM pragma_table_info('{name}')")]
            chosen = ", ".join(column for column in columns if column not in _LOOKING)
            found[name] = frozenset(tuple(row) for row in connection.execute(f"SELECT {chosen} FROM {name}"))
    return found


class Hand:
    """Types at one place of one desk; each key at a conversation that no key before it has changed."""

    def __init__(self, app: DeskApp, pilot: Pilot[int], folder: Path) -> None:
        self.app = app
        self.pilot = pilot
        self.folder = folder
        self.place: Place = "queue"
        self.key = ""
        """The one that is tried."""
        self.n = 0
        """The conversation it is about."""
        self.before: Picture = {}
        """What the store held when the key was pressed."""
        self.copied = written(app, "]52;")
        self._used: set[int] = set()

    @property
    def desk(self) -> DeskScreen:
        return self.app.desk_screen

    # Getting there

    async def home(self) -> None:
        """The queue, with nothing open, chosen or marked."""
        app, desk = self.app, self.desk
        while app.screen is not desk:
            app.screen.dismiss(None) if isinstance(app.screen, ModalScreen) else app.pop_screen()
            await self.pilot.pause()
        if desk.prompt.is_open:
            await self.pilot.press("escape")
        desk.composer.close()
        desk.queue.mark(())
        desk.remove_class("-no-customer")
        desk.go("queue")
        before = desk.queue.picture
        desk.showing.open_view("open")
        await until(
            lambda: (shown := desk.queue.picture) is not before and shown is not None and shown.view == "open"
        )
        await self.pilot.pause()

    async def go(self, place: Place, who: str = "") -> None:
        """At `place` of a conversation of `who`'s, else of somebody's that no key has changed."""
        await self.home()
        desk, self.place = self.desk, place
        self.n = self._conversation(who)
        await until(lambda: desk.queue.go_to(self.n))
        await until(lambda: desk.thread.conversation == self.n and desk.queue.row is not None)
        if place in ("thread", "customer"):
            await self.pilot.press("enter")
            await until(lambda: desk.at == "thread" and desk.thread.last_seen is not None)
        if place == "customer":
            await until(lambda: desk.customer.contact == self.row().contact)
            await self.pilot.press("tab")
        if place == "composer":
            await self.pilot.press("r")
            await until(lambda: desk.composer.is_open and desk.composer.has_focus_within)
        await until(lambda: desk.place == place)
        await self.settled()
        self.before = self.contents()

    def _conversation(self, who: str) -> int:
        rows = self.rows(*self.ids("open"))
        for n, row in rows.items():
            is_mine = row.assignee is not None and row.assignee.me
            free = not (n in self._used or row.name in _ODD or row.medium in _PUBLIC or is_mine)
            if row.name == who or (not who and free):
                self._used |= set() if who else {n}
                return n
        raise AssertionError(f"nobody is left{who and f' of {who}'}")

    def used(self, n: int) -> None:
        """A key has changed this one as well."""
        self._used.add(n)

    # Typing

    async def press(self, *keys: str) -> None:
        """Keys as the table writes them; without any, the one that is tried."""
        for key in keys or (self.key,):
            await self.pilot.press(*textual(key))
            await self.pilot.pause()

    async def type(self, words: str) -> None:
        await self.pilot.press(*words)
        await self.pilot.pause()

    async def answer(self, *keys: str) -> None:
        """Keys for a dialog, once that is up and old enough."""
        await until(lambda: self.app.screen is not self.desk)
        await asyncio.sleep(DEAF_S + 0.05)
        await self.press(*keys)

    # What the screen shows

    async def shows(self, *words: str) -> None:
        try:
            await until(lambda: all(one in text(self.app) for one in words), 3)
        except AssertionError:
            raise AssertionError(f"{words} not on the screen:\n{text(self.app)}") from None

    def pane(self, widget: Widget) -> list[str]:
        """The lines of one part of the screen, without the mark of its cursor."""
        x, y, width, height = widget.region
        lines = self.app.screen._compositor.render_strips()[y : y + height]
        return ["".join(part.text for part in line.crop(x + 1, x + width)).rstrip() for line in lines]

    async def comes(self, holds: Callable[[], bool]) -> None:
        """Something comes to hold on the screen or in the store."""
        try:
            await until(holds, 3)
        except AssertionError:
            raise AssertionError(f"it never came to hold:\n{text(self.app)}") from None

    # What the store says

    def contents(self) -> Picture:
        return self.app.desk.read(contents).result()

    async def settled(self) -> None:
        """Everything that was begun is on disk."""
        groups = ("commands", "drafts", "marking", "seen", "composer")
        while any(one.group in groups and not one.is_finished for one in self.app.workers):
            await asyncio.sleep(0.005)
        await asyncio.to_thread(lambda: self.app.desk.write(lambda _: None).result())

    async def unchanged(self) -> None:
        """Nothing in the store is another than before the key."""
        await self.settled()
        now = self.contents()
        changed = {
            table: (now[table] - rows, rows - now[table])
            for table, rows in self.before.items()
            if now[table] != rows
        }
        assert not changed

    def ids(self, view: str) -> list[int]:
        return list(self.app.desk.read(read.queue, view, self.app.desk.clock.now()).result())

    def rows(self, *numbers: int) -> dict[int, Row]:
        found: dict[int, Row] = self.app.desk.read(
            read.rows, list(numbers), self.app.desk.clock.now()
        ).result()
        return {n: found[n] for n in numbers}

    def row(self, n: int = 0) -> Row:
        return self.rows(n or self.n)[n or self.n]

    def thread(self) -> Thread:
        found: Thread = self.app.desk.read(read.thread, self.n, self.app.desk.clock.now()).result()
        return found

    def draft(self, mode: Mode, n: int | None = None) -> str | None:
        found: Draft | None = self.app.desk.read(read.draft, self.n if n is None else n, mode).result()
        return found.text if found is not None else None

    def rows_of(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What a query of the test's own finds."""

        def job(connection: Connection) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in connection.execute(query, values)]

        return self.app.desk.read(job).result()

    async def elsewhere(self, command: Command) -> Done:
        """Done by somebody else: not by a key."""
        done = await asyncio.wrap_future(self.app.desk.do(command))
        await self.pilot.pause()
        self.before = self.contents()
        return done

    async def keep_source(self, message: int, data: bytes) -> None:
        """The bytes of a message, as if they had been kept when it came."""
        raw, name = self.app.desk.paths.raw, f"{message}.eml"
        raw.mkdir(parents=True, exist_ok=True)
        (raw / name).write_bytes(data)

        def job(connection: Connection) -> None:
            connection.execute("UPDATE message SET source = ? WHERE id = ?", (name, message))

        await asyncio.wrap_future(self.app.desk.write(job))
        self.before = self.contents()


@asynccontextmanager
async def hand(folder: Path) -> AsyncIterator[Hand]:
    """At the demo's desk, where there is a view, a canned reply, an editor and a program for files of one's own."""
    paths = demo(folder / "desk")
    editor = folder / "editor.sh"
    editor.write_text('printf "by the editor" > "$1"\n')
    paths.config_toml.write_text(
        f'download = "{folder / "saved"}"\neditor = "sh {editor}"\n{_VIEWS}'
        f'[open]\ncommand = ["echo", "opened {{}}"]\n' + paths.config_toml.read_text()
    )
    write(paths.canned, _CANNED)
    async with screen(paths, SIZE) as (app, pilot):
        showing = app.desk_screen.showing
        await until(lambda: bool(showing.accounts) and showing.accounts[0].caught_up)
        app.suspend = nullcontext  # type: ignore[method-assign,assignment]
        yield Hand(app, pilot, folder)
