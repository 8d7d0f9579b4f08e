"""The line after sending, and the composer, beside what else is on the screen: whom a key is about."""

import asyncio
import json
import sys
from pathlib import Path
from threading import Event

from textual.pilot import Pilot

from tests.tui.desks import demo_screen, home, keys, screen, text, until
from tests.tui.run import on_screen
from tuidesk.config.paths import Paths
from tuidesk.desk import read
from tuidesk.store.sql import Connection
from tuidesk.tui.app import DeskApp
from tuidesk.tui.keyboard import DEAF_S
from tuidesk.tui.terminal import Burst
from tuidesk.tui.widgets.draft_text import DraftText

_WRITES_BACK = """
import datetime, json, sys, time
def tell(**event):
    print(json.dumps(event), flush=True)
def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat()
def received(n, conversation, text):
    tell(type="received", id=f"m{n}", at=now(), conversation=conversation, medium="form",
         **{"from": {"name": f"Customer {conversation}", "handle": conversation}}, text=text)
sys.stdin.readline()
tell(type="ready", identity={"name": "Shop", "handle": "shop"}, caps={"performs": ["reply", "start", "complete"]})
received(1, "one", "\\n".join(f"line {n}" for n in range(40)))
received(2, "two", "question two")
tell(type="idle")
for line in sys.stdin:
    said = json.loads(line)
    if said["type"] in ("reply", "start", "complete"):
        tell(type="receipt", key=said["key"], id="r" + said["key"], at=now())
    if said["type"] == "reply":
        time.sleep(0.5)
        received(3, "one", "and the other half of it, which changes everything")
"""
"""A shop of which the customer writes again half a second after the reply."""


def shop(folder: Path, hold: float = 0) -> Paths:
    script = folder / "shop.py"
    script.write_text(_WRITES_BACK)
    command = json.dumps([sys.executable, str(script)])
    paths = home(folder / "home", shop=f'kind = "pipe"\nid = "shop"\ncommand = {command}\n')
    paths.config_toml.write_text(f'[agent]\nname = "Ana"\n[hold]\nform = {hold}\n')
    return paths


def status(app: DeskApp, n: int) -> str:
    return app.desk.read(read.rows, [n], app.desk.clock.now()).result()[n].status


async def answered(app: DeskApp, pilot: Pilot[int], words: str) -> int:
    """A reply to the conversation at the mark; the line after sending is up and listens."""
    composer, n = app.desk_screen.composer, app.desk_screen.queue.current
    assert n is not None
    await keys(pilot, "r")
    await until(lambda: composer.is_open)
    await keys(pilot, *words, "ctrl+s")
    await until(lambda: composer.is_after)
    await asyncio.sleep(DEAF_S + 0.1)
    return n


@on_screen
async def test_a_complete_behind_a_reply_is_not_about_what_came_in_below_it(tmp_path: Path) -> None:
    """That line leaves room when it goes, and what comes into view then has been seen by nobody."""
    async with screen(shop(tmp_path), (80, 24)) as (app, pilot):
        await until(lambda: len(app.desk_screen.queue.picture or ()) == 2)
        await keys(pilot, "enter", "end")
        n = await answered(app, pilot, "ok")
        await until(lambda: "1 new below" in text(app))
        await keys(pilot, "e")
        await until(lambda: not app.desk_screen.composer.is_after)
        await asyncio.sleep(0.3)
        assert status(app, n) == "open"
        assert app.desk_screen.thread.conversation == n


@on_screen
async def test_behind_a_new_conversation_it_is_about_that_one(tmp_path: Path) -> None:
    async with screen(shop(tmp_path, 20)) as (app, pilot):
        composer = app.desk_screen.composer
        await until(lambda: len(app.desk_screen.queue.picture or ()) == 2)
        await keys(pilot, "c")
        await until(lambda: composer.is_open)
        await keys(pilot, *"nine@shop.example")
        while not isinstance(app.focused, DraftText):
            await keys(pilot, "tab")
        await keys(pilot, *"news", "ctrl+s")
        await until(lambda: composer.is_after)
        await until(lambda: app.desk_screen.thread.conversation not in (None, 1, 2))
        n = app.desk_screen.thread.conversation
        assert n is not None
        await asyncio.sleep(DEAF_S + 0.1)
        await keys(pilot, "e")
        await until(lambda: status(app, n) == "complete")


@on_screen
async def test_a_key_that_is_not_for_the_line_is_obeyed_by_the_screen(tmp_path: Path) -> None:
    async with screen(shop(tmp_path, 20)) as (app, pilot):
        await until(lambda: len(app.desk_screen.queue.picture or ()) == 2)
        await answered(app, pilot, "ok")
        await keys(pilot, "question_mark")
        await until(lambda: "Keys: in the thread" in text(app))
        await keys(pilot, "escape")
        assert not app.desk_screen.composer.is_after


@on_screen
async def test_a_burst_chooses_nothing(tmp_path: Path) -> None:
    async with screen(shop(tmp_path, 20)) as (app, pilot):
        await until(lambda: len(app.desk_screen.queue.picture or ()) == 2)
        n = await answered(app, pilot, "ok")
        assert status(app, n) == "pending"
        app.post_message(Burst("e", "e"))
        await until(lambda: "look like a paste" in text(app))
        assert status(app, n) == "pending"


@on_screen
async def test_a_reply_never_stands_below_another_conversation(tmp_path: Path) -> None:
    """A click leads out of the text; what is opened then has no text for somebody else below it."""
    async with demo_screen(tmp_path) as (app, pilot):
        desk_screen = app.desk_screen
        await keys(pilot, "j", "r")
        await until(lambda: desk_screen.composer.is_open)
        n = desk_screen.thread.conversation
        assert n is not None
        await keys(pilot, *"for", "space", *"you")
        await pilot.click("#queue", offset=(10, 8))
        await keys(pilot, "enter")
        await until(lambda: desk_screen.thread.conversation not in (None, n))
        assert not desk_screen.composer.is_open
        await until(lambda: app.desk.read(read.draft, n, "reply").result() is not None)
        draft = app.desk.read(read.draft, n, "reply").result()
        assert draft is not None
        assert draft.text == "for you"


@on_screen
async def test_the_line_after_sending_goes_when_the_keys_go_elsewhere(tmp_path: Path) -> None:
    async with screen(shop(tmp_path, 20)) as (app, pilot):
        await until(lambda: len(app.desk_screen.queue.picture or ()) == 2)
        await answered(app, pilot, "ok")
        assert "complete, next   p pending" in text(app)
        await pilot.click("#queue", offset=(10, 2))
        await until(lambda: app.desk_screen.at == "queue")
        await pilot.pause()
        assert not app.desk_screen.composer.is_after
        assert "complete, next   p pending" not in text(app)


@on_screen
async def test_what_is_written_has_the_last_line(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        assert "r reply" in text(app)
        await keys(pilot, "r")
        await until(lambda: app.desk_screen.composer.has_focus_within)
        await pilot.pause()
        shown = text(app).split("\n")
        assert "^S send" in shown[-2], "below it only the line that says what happens"
        await keys(pilot, "ctrl+f")
        await until(lambda: "Attach:" in text(app).split("\n")[-1])
        await pilot.pause()
        assert "r reply" not in text(app)
        await keys(pilot, "escape")
        await until(lambda: app.desk_screen.composer.has_focus_within)
        await keys(pilot, "escape")
        await until(lambda: not app.desk_screen.composer.is_open)
        await pilot.pause()
        assert "r reply" in text(app).split("\n")[-1]
        await keys(pilot, "slash")
        await until(lambda: "Search:" in text(app).split("\n")[-2])
        await pilot.pause()
        assert "r reply" not in text(app)


@on_screen
async def test_a_key_behind_a_note_is_the_threads_however_slow_the_disk_is(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        desk, answered = app.desk_screen, Event()
        await keys(pilot, "enter", "n")
        await until(lambda: desk.composer.has_focus_within)
        n = desk.thread.conversation
        await keys(pilot, *"look")
        await until(lambda: app.desk.read(read.draft, n, "note").result() is not None)
        app.desk.write(lambda _: answered.wait(5))
        await keys(pilot, "ctrl+s", "u")
        await asyncio.sleep(0.1)
        assert desk.composer.is_open, "nothing is left before it is on disk"
        answered.set()
        await until(lambda: desk.at == "queue")
        assert not desk.composer.is_open


@on_screen
async def test_keys_behind_a_note_that_is_refused_are_obeyed_by_nobody(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        desk, answered = app.desk_screen, Event()
        await keys(pilot, "enter", "n")
        await until(lambda: desk.composer.has_focus_within)
        await keys(pilot, *"look")
        n = desk.thread.conversation
        await until(lambda: app.desk.read(read.draft, n, "note").result() is not None)

        def refuse(connection: Connection) -> None:
            answered.wait(5)
            connection.execute("PRAGMA query_only = 1")

        app.desk.write(refuse)
        await keys(pilot, "ctrl+s", "u")
        answered.set()
        await until(lambda: "NOT QUEUED" in text(app))
        await asyncio.sleep(0.2)
        assert (desk.at, desk.composer.is_open, desk.composer.text) == ("thread", True, "look")


@on_screen
async def test_what_was_done_and_can_be_taken_back_is_said_once(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        await keys(pilot, "j", "e")
        await until(lambda: "z takes it back" in text(app))
        line = next(line for line in text(app).splitlines() if "z takes it back" in line)
        assert line.count("complete #") == 1
