"""The agent's own clock on the screen: which conversation has the focus, what is saved of it, and breaks."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.events import AppBlur, AppFocus
from textual.geometry import Region
from textual.pilot import Pilot

from tests.clock import ManualClock
from tests.tui.desks import demo_screen, keys, text, until
from tests.tui.run import on_screen
from tuidesk.desk import handling
from tuidesk.desk.handling import Handled, Handling
from tuidesk.domain.commands import Away, Back, Complete, Merge
from tuidesk.domain.instants import MINUTE, SECOND
from tuidesk.tui.app import DeskApp
from tuidesk.tui.keyboard import DEAF_S
from tuidesk.tui.screens.finder import Finder
from tuidesk.tui.widgets.hint_line import Talk
from tuidesk.words import say


class At:
    """An agent at the demo's desk, whose clock stands still until it is told."""

    def __init__(self, app: DeskApp, pilot: Pilot[int], clock: ManualClock) -> None:
        self.app, self.pilot, self.clock = app, pilot, clock
        self.screen = app.desk_screen

    @property
    def n(self) -> int:
        """The conversation on the screen."""
        assert self.screen.thread.conversation is not None
        return self.screen.thread.conversation

    async def open(self) -> int:
        """The conversation at the mark, as one presses Enter."""
        wanted = self.screen.queue.current
        await keys(self.pilot, "enter")
        await until(lambda: self.screen.thread.conversation == wanted and self.screen.at == "thread")
        return self.n

    async def press(self, key: str, after: float) -> None:
        self.clock.advance(after)
        await keys(self.pilot, key)

    async def other(self) -> int:
        """On to the next conversation, in its thread."""
        before = self.n
        await keys(self.pilot, "J")
        await until(lambda: self.screen.thread.conversation not in (None, before))
        return self.n

    async def command(self, typed: str) -> None:
        """From the palette."""
        await self.pilot.press("colon")
        await until(lambda: isinstance(self.app.screen, Finder))
        await asyncio.sleep(DEAF_S + 0.05)
        await self.pilot.press(*("space" if sign == " " else sign for sign in typed), "enter")

    async def handled(self, n: int) -> Handling:
        """What is on disk of it."""
        desk = self.screen.desk
        desk.write(lambda _: None, 98).result()  # behind all that is on its way
        found: Handling = await self.screen.ask(handling.of, n, 60, self.clock.now())
        return found

    async def seconds(self, n: int) -> list[float]:
        return [one.ms / SECOND for one in (await self.handled(n)).parts]


@asynccontextmanager
async def at_desk(folder: Path, size: tuple[int, int] = (120, 36)) -> AsyncIterator[At]:
    async with demo_screen(folder, size) as (app, pilot):
        await until(lambda: app.desk_screen.thread.conversation is not None or size[0] < 100)
        clock = ManualClock(at=app.desk_screen.desk.clock.now(), seconds=1000.0)
        app.desk_screen.handling.pause()
        vars(app.desk_screen.desk)["clock"] = clock
        yield At(app, pilot, clock)


@on_screen
async def test_a_thread_on_the_screen_is_handled_until_another_one_is(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as at:
        n = await at.open()
        began = at.clock.now()
        await at.press("j", 20)
        await at.press("k", 40)
        at.clock.advance(10)
        other = await at.other()
        (first,) = (await at.handled(n)).parts
        assert first == Handled(first.n, n, began, began + 70 * SECOND, 70 * SECOND, "")
        await at.press("j", 5)
        assert await at.seconds(other) == [5]


@on_screen
async def test_nobody_at_the_keyboard_for_a_minute(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as at:
        n = await at.open()
        await at.press("j", 30)
        await at.press("j", 300)
        await at.press("j", 10)
        assert await at.seconds(n) == [30, 10]


@on_screen
async def test_what_runs_is_on_disk_a_few_seconds_later(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as at:
        n = await at.open()
        for _ in range(12):
            await at.press("j", 2)
        (saved,) = await at.seconds(n)
        assert 24 - 5 <= saved <= 24


@on_screen
async def test_a_terminal_that_is_looked_away_from(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as at:
        n = await at.open()
        at.clock.advance(15)
        at.app.post_message(AppBlur())
        await until(lambda: not at.app.app_focus)
        await at.pilot.pause()
        at.clock.advance(30)
        at.app.post_message(AppFocus())
        await until(lambda: at.app.app_focus)
        await at.pilot.pause()
        await at.press("j", 7)
        assert await at.seconds(n) == [15, 7]


@on_screen
async def test_a_reply_is_written_in_the_conversation(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as at:
        n = await at.open()
        await keys(at.pilot, "r")
        await until(lambda: at.screen.place == "composer")
        for letter in "word":
            await at.press(letter, 15)
        assert await at.seconds(n) == [60]


@on_screen
async def test_what_is_begun_with_somebody_new_is_no_time_of_the_thread_beside_it(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as at:
        n = await at.open()
        at.clock.advance(9)
        await keys(at.pilot, "c")
        await until(lambda: at.screen.place == "composer")
        await at.press("x", 30)
        assert await at.seconds(n) == [9]


@on_screen
async def test_the_list_alone_is_no_conversation(tmp_path: Path) -> None:
    async with at_desk(tmp_path, (80, 24)) as at:
        await at.press("j", 20)
        await at.press("k", 20)
        assert at.screen.handling._watch.running is None
        n = await at.open()
        await at.press("j", 20)
        await keys(at.pilot, "escape")
        await until(lambda: at.screen.at == "queue")
        await at.press("j", 20)
        assert await at.seconds(n) == [20]


@on_screen
async def test_accounts_are_no_conversation_and_the_question_why_is_about_one(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as at:
        n = await at.open()
        await at.press("w", 10)
        await until(lambda: at.app.screen is not at.screen)
        await at.press("j", 10)
        await keys(at.pilot, "escape")
        await until(lambda: at.app.screen is at.screen)
        for page in (("g", "a"), ("?",)):
            await keys(at.pilot, *page)
            await until(lambda: at.app.screen is not at.screen and at.screen.handling._watch.running is None)
            await at.press("j", 40)
            await keys(at.pilot, "escape")
            await until(lambda: at.screen.handling._watch.running is not None)
        await at.press("j", 6)
        assert await at.seconds(n) == [20, 6]


@on_screen
async def test_what_is_chosen_on_a_page_is_as_little_about_a_conversation_as_the_page(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as at:
        n = await at.open()
        at.clock.advance(10)
        await keys(at.pilot, "g", "t")
        await until(lambda: at.screen.handling._watch.running is None)
        await keys(at.pilot, "d")
        await until(lambda: isinstance(at.app.screen, Finder))
        for key in "7d":
            await at.press(key, 20)
        await keys(at.pilot, "escape", "escape")
        await until(lambda: at.screen.handling._watch.running is not None)
        await at.press("j", 6)
        assert await at.seconds(n) == [10, 6]


@on_screen
async def test_a_blank_screen_stops_it(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as at:
        n = await at.open()
        at.clock.advance(12)
        at.app.lock()
        await at.pilot.pause()
        assert await at.seconds(n) == [12]
        assert at.screen.handling._watch.running is None


@on_screen
async def test_leaving_saves_what_has_run(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as at:
        n = await at.open()
        await at.press("j", 2)
        at.clock.advance(1.5)
        at.screen.save_all()
        assert await at.seconds(n) == [3.5]


@on_screen
async def test_it_is_said_in_minutes(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as at:
        await at.open()
        assert "on this one" not in text(at.app)
        await at.press("j", 59)
        assert "on this one" not in text(at.app)
        drawn = at.screen.talk.talk
        await at.press("j", 0.5)
        assert at.screen.talk.talk is drawn  # nothing to say, nothing drawn
        await at.press("j", 1)
        assert "on this one 1m" in text(at.app)
        for _ in range(4):
            await at.press("j", 30)
        assert text(at.app).splitlines()[-2].endswith("on this one 3m")
        n = at.n
        await at.other()
        await until(lambda: "on this one" not in text(at.app))
        await keys(at.pilot, "K")
        await until(lambda: at.screen.thread.conversation == n and "on this one 3m" in text(at.app))


@on_screen
async def test_what_is_still_on_its_way_to_the_disk_is_counted(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as at:
        n = await at.open()
        await at.press("j", 60)
        await until(lambda: "on this one 1m" in text(at.app))
        there = threading.Event()
        held = at.screen.desk.write(lambda _: there.wait(20))
        at.clock.advance(60)
        await at.other()
        await keys(at.pilot, "K")
        await until(lambda: at.screen.thread.conversation == n)
        await at.pilot.pause(0.2)
        there.set()
        assert held.result()
        await until(lambda: "on this one 2m" in text(at.app))


@on_screen
async def test_its_clocks_change_their_own_cells_alone(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as at:
        talk, status = at.screen.talk, at.screen.status
        talk.say(Talk(undo="z takes back: star #42", spent="on this one 3m", out="2 going out"))
        status.say((("[Open 1]", "chosen"),), ("1 account ok", "quiet"), "14:02", "away 3m")
        talk._repaint_regions.clear()
        status._repaint_regions.clear()
        talk.say(Talk(undo="z takes back: star #42", spent="on this one 4m", out="2 going out"))
        status.say((("[Open 1]", "chosen"),), ("1 account ok", "quiet"), "14:03", "away 4m")
        assert set(talk._repaint_regions) == {Region(120 - 1 - 11 - 3 - 14, 0, 14, 1)}
        assert set(status._repaint_regions) == {Region(120 - 16, 0, 16, 1)}
        assert talk.render_line(0).text.endswith("  on this one 4m   2 going out ")
        assert status.render_line(0).text.endswith("  away 4m 14:03 ")


@on_screen
async def test_where_there_is_no_room_what_has_happened_goes_before(tmp_path: Path) -> None:
    async with at_desk(tmp_path, (80, 24)) as at:
        await at.open()
        await at.press("j", 60)
        assert "on this one 1m" in text(at.app)
        at.screen.tell("what has just happened, " * 3)
        await at.pilot.pause()
        assert "on this one" not in text(at.app)


@on_screen
async def test_on_a_break_it_stands_and_the_screen_says_so(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as at:
        n = await at.open()
        wait = at.screen.queue.row.waiting_since if at.screen.queue.row else None
        at.clock.advance(20)
        await at.screen.outcome(at.screen.desk.do(Away(reason="lunch")))
        await until(lambda: "away 0m" in text(at.app).splitlines()[0])
        assert "away: not counted" in text(at.app).splitlines()[-2]
        await at.press("j", 30)
        await at.press("k", 690)
        at.screen.showing.tick()
        await until(lambda: "away 12m" in text(at.app).splitlines()[0])
        assert await at.seconds(n) == [20]
        assert at.screen.queue.row is not None
        assert at.screen.queue.row.waiting_since == wait  # the customer waits all the same
        await at.screen.outcome(at.screen.desk.do(Back()))
        await until(lambda: "away" not in text(at.app).splitlines()[0])
        await at.press("j", 5)
        assert await at.seconds(n) == [20, 5]


@on_screen
async def test_corrected_by_a_command_and_taken_back(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as at:
        n = await at.open()
        await at.press("j", 60)
        await at.command("handling +5m on the phone")
        await until(lambda: "on this one 6m" in text(at.app))
        (correction,) = (await at.handled(n)).corrections
        assert (correction.ms, correction.reason) == (5 * MINUTE, "on the phone")
        await keys(at.pilot, "z")
        await until(lambda: "on this one 1m" in text(at.app))
        assert (await at.handled(n)).corrections == ()


@on_screen
async def test_corrected_in_a_line(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as at:
        n = await at.open()
        await at.command("handling")
        await until(lambda: at.screen.prompt.is_open)
        await keys(at.pilot, *"soon", "enter")
        await until(lambda: "is no correction" in text(at.app))
        await keys(at.pilot, "ctrl+u", *"12m", "enter")
        await until(lambda: say("desk.handling_reason") in text(at.app))
        assert at.screen.prompt.is_open, "what was typed is not to be typed again"
        await keys(at.pilot, "space", *"call", "enter")
        await until(lambda: "on this one 12m" in text(at.app))
        assert (await at.handled(n)).corrections[0].reason == "call"


@on_screen
async def test_saving_wakes_nobody(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as at:
        n = await at.open()
        await keys(at.pilot, "j")

        def newest() -> int:
            found: int = at.screen.desk.read(
                lambda connection: connection.execute("SELECT max(seq) FROM change").fetchone()[0]
            ).result()
            return found

        await until(lambda: newest() == newest())
        before = newest()
        for _ in range(4):
            await at.press("j", 10)
        assert await at.seconds(n) == [40]
        assert newest() == before


@on_screen
async def test_a_merged_thread_has_one_clock(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as at:
        screen = at.screen
        rows = screen.queue.picture.rows.values() if screen.queue.picture else ()
        of: dict[int, list[int]] = {}
        for row in rows:
            if row is not None:
                of.setdefault(row.contact, []).append(row.n)
        one, other = next(sorted(numbers)[:2] for numbers in of.values() if len(numbers) > 1)
        screen.moving.open_conversation(other)
        await until(lambda: screen.thread.conversation == other)
        await at.press("j", 10)
        await screen.outcome(screen.desk.do(Merge(conversations=(one, other), into=one)))
        screen.moving.open_conversation(other)
        await until(lambda: screen.thread.conversation == one)
        await at.press("j", 20)
        found = await at.handled(other)
        assert found.n == one
        assert found.ms >= 20 * SECOND
        assert {part.conversation for part in found.parts} == {one, other}


@on_screen
async def test_what_is_completed_has_its_time(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as at:
        n = await at.open()
        await at.press("j", 25)
        await at.screen.outcome(at.screen.desk.do(Complete(conversations=(n,))))
        at.screen.handling.pause()
        assert await at.seconds(n) == [25]
