"""The screen that goes blank when nobody is there."""

import threading
from pathlib import Path

import pytest

from tests.tui.desks import demo, keys, screen, text, until
from tests.tui.outside import Talking, written
from tests.tui.run import on_screen
from tuidesk.config.paths import Paths
from tuidesk.desk import read
from tuidesk.tui.app import DeskApp
from tuidesk.tui.screens import locked
from tuidesk.tui.screens.chooser import Chooser
from tuidesk.tui.screens.question import Answer, Question


def locking(folder: Path, said: str = "") -> Paths:
    paths = demo(folder)
    paths.config_toml.write_text(f"[lock]\nafter_min = 0.01\n{said}\n" + paths.config_toml.read_text())
    return paths


async def blank(app: DeskApp) -> None:
    await until(lambda: app.is_locked)
    await until(lambda: "locked" in text(app))


@pytest.mark.parametrize("theme", ["dark", "16", "none"])
@on_screen
async def test_nothing_of_customers_stands_there_and_no_key_is_obeyed(tmp_path: Path, theme: str) -> None:
    paths = locking(tmp_path)
    paths.config_toml.write_text(f'theme = "{theme}"\n' + paths.config_toml.read_text())
    async with screen(paths) as (app, pilot):
        await until(lambda: app.desk_screen.queue.row is not None)
        await blank(app)
        assert text(app).strip() == "tuidesk is locked. Enter opens it."
        await pilot.pause(0.4)
        await keys(pilot, "e", "j", "escape", "ctrl+c", "q", "question_mark")
        assert app.is_locked
        assert len(app.screen_stack) == 2
        assert app.desk_screen.showing.undoable == (0, "")
        await keys(pilot, "enter")
        await until(lambda: not app.is_locked and len(app.screen_stack) == 1)
        assert "r reply" in text(app)


@on_screen
async def test_a_draft_is_on_disk_before_and_stands_there_after(tmp_path: Path) -> None:
    async with screen(locking(tmp_path)) as (app, pilot):
        app._lock_s = 600
        await until(lambda: app.desk_screen.queue.row is not None)
        await keys(pilot, "r")
        await until(lambda: app.desk_screen.composer.is_open)
        await keys(pilot, *"half a word")
        app.lock()
        (draft,) = (await app.desk_screen.ask(read.drafts)).values()
        assert draft.text == "half a word"
        await blank(app)
        await pilot.pause(0.4)
        await keys(pilot, *" more", "enter")
        await until(lambda: not app.is_locked)
        assert app.desk_screen.composer.text == "half a word"
        assert app.desk_screen.composer.has_focus_within


@on_screen
async def test_a_key_keeps_it_open(tmp_path: Path) -> None:
    async with screen(locking(tmp_path)) as (app, pilot):
        app._lock_s = 0.6
        for _ in range(12):
            await keys(pilot, "j")
            await pilot.pause(0.1)
            assert not app.is_locked
        await until(lambda: app.is_locked)


@on_screen
async def test_a_passphrase_opens_and_wrong_ones_wait(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("open sesame\n")
    secret.chmod(0o600)
    paths = locking(tmp_path / "desk", f'secret = {{ file = "{secret}" }}')
    async with screen(paths) as (app, pilot):
        assert app.desk.ask_passphrase() == ""
        await blank(app)
        await keys(pilot, "enter")
        assert app.is_locked, "nothing is no passphrase"
        await keys(pilot, *"sesame", "enter")
        await until(lambda: "That is not it. The next try in 1 s" in text(app))
        assert "sesame" not in text(app)
        assert isinstance(app.screen, locked.Locked)
        app.screen._not_before += 60  # a slow machine types for a second
        await keys(pilot, *"open", "space", *"sesame", "enter")
        await until(lambda: "Not yet." in text(app))
        assert app.is_locked
        app.screen._not_before = 0
        await keys(pilot, *"wrong", "enter")
        await until(lambda: "next try in 2 s" in text(app))
        app.screen._not_before = 0
        await keys(pilot, *"open", "space", *"sesame")
        assert "sesame" not in text(app)
        await keys(pilot, "enter")
        await until(lambda: not app.is_locked)


@on_screen
async def test_keys_that_waited_for_something_else_are_not_told_to_it(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("open sesame\n")
    secret.chmod(0o600)
    async with screen(locking(tmp_path / "desk", f'secret = {{ file = "{secret}" }}')) as (app, pilot):
        app._lock_s = 600
        assert app.desk.ask_passphrase() == ""
        await until(lambda: app.desk_screen.queue.row is not None)
        answered = threading.Event()
        app.desk.read(lambda _: answered.wait(60))
        await pilot.press("a", "s", "a", "m")
        app.lock()
        await blank(app)
        answered.set()
        await until(lambda: not app.turnstile._shut)
        await keys(pilot, *"open", "space", *"sesame", "enter")
        await until(lambda: not app.is_locked)
        await until(lambda: isinstance(app.screen, Chooser))


def test_a_passphrase_that_cannot_be_had_is_said(tmp_path: Path) -> None:
    from tuidesk.desk.desk import Desk

    paths = locking(tmp_path / "desk", 'secret = { env = "NO_SUCH_VARIABLE_HERE" }')
    desk = Desk.open(paths)
    try:
        assert "NO_SUCH_VARIABLE_HERE" in desk.ask_passphrase()
        assert desk.passphrase is None
    finally:
        desk.close()


@on_screen
async def test_an_alarm_rings_without_names_and_the_title_has_no_count(tmp_path: Path) -> None:
    talking = Talking(tmp_path, '[notify]\nbell = true\nosc = "777"\n')
    async with screen(talking.paths) as (app, pilot):
        out = written(app)
        await until(
            lambda: bool(app.desk_screen.showing.accounts and app.desk_screen.showing.accounts[0].caught_up)
        )
        await pilot.pause(1.2)
        app.lock()
        talking.write("second")
        await until(lambda: "\x07" in out)
        assert any("notify;tuidesk;tuidesk: 1 new\x07" in one for one in out)
        assert not any("Dana" in one or "]2;tuidesk:" in one for one in out)


@on_screen
async def test_what_is_asked_meanwhile_waits_until_it_is_open(tmp_path: Path) -> None:
    async with screen(locking(tmp_path)) as (app, pilot):
        app._lock_s = 600
        await until(lambda: app.desk_screen.queue.row is not None)
        app.lock()
        await app.push_screen(Question("About Dana Ortiz", (), (Answer("y", "yes", "yes"),)))
        await blank(app)
        assert isinstance(app.screen, locked.Locked)
        assert text(app).strip() == "tuidesk is locked. Enter opens it."
        await pilot.pause(0.4)
        await keys(pilot, "enter")
        await until(lambda: not app.is_locked and isinstance(app.screen, Question))
        await until(lambda: "About Dana Ortiz" in text(app))


@on_screen
async def test_locked_by_hand_it_opens_again_and_stays_open(tmp_path: Path) -> None:
    async with screen(demo(tmp_path)) as (app, pilot):
        await until(lambda: app.desk_screen.queue.row is not None)
        app.lock()
        app.lock()
        await blank(app)
        await pilot.pause(0.4)
        await keys(pilot, "enter")
        await until(lambda: not app.is_locked and len(app.screen_stack) == 1)
        await pilot.pause(0.2)
        assert not app.is_locked
