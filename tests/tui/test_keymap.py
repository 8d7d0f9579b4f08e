"""Keys from the config on the screen: they act, and help, palette and the lines show them."""

from pathlib import Path

from tests.tui.desks import demo, keys, screen, text, until
from tests.tui.run import on_screen
from tuidesk.config.paths import Paths

CHANGED = """
[keys]
profile = "helpscout"
[keys.panes]
undo = ""
help = "F1"
[keys.queue]
snooze = "F7"
[keys.composer]
send = ["F10", "Ctrl+Enter"]
"""


def changed(folder: Path, said: str = CHANGED) -> Paths:
    paths = demo(folder)
    paths.config_toml.write_text(paths.config_toml.read_text() + said)
    return paths


@on_screen
async def test_keys_in_force_act_and_are_shown(tmp_path: Path) -> None:
    async with screen(changed(tmp_path)) as (app, pilot):
        desk = app.desk_screen
        assert desk.desk.problems == ()
        await until(lambda: len(desk.queue.picture or ()) > 30)
        await keys(pilot, "g", "r")
        await until(lambda: desk.queue.row is not None)
        first = desk.queue.current
        await keys(pilot, "k")
        assert desk.queue.current != first, "k goes down there"
        await keys(pilot, "j")
        assert desk.queue.current == first
        assert "F7 snooze" in text(app)
        await keys(pilot, "z")
        assert "z does nothing here, F1 shows the keys." in text(app)
        n = desk.queue.current
        await keys(pilot, "s")
        await until(lambda: "s …" in text(app))
        assert "c complete" in text(app)
        await keys(pilot, "c")
        await until(lambda: f"complete #{n}" in text(app))
        assert ": takes back" in text(app) or ": takes it back" in text(app), "no key: the palette has it"
        await keys(pilot, "f1")
        await until(lambda: len(app.screen_stack) == 2)
        shown = text(app)
        assert "s c  e" in shown
        assert "k  Down" in shown
        await keys(pilot, "escape", "r")
        await until(lambda: desk.composer.is_open)
        await until(lambda: "F10 send" in text(app))
        await keys(pilot, "a", "ctrl+s")
        assert desk.composer.is_open
        assert desk.composer.text == "a"
        await keys(pilot, "f10")
        await until(lambda: desk.composer.is_after)


@on_screen
async def test_a_key_that_cannot_be_is_told_and_the_old_one_holds(tmp_path: Path) -> None:
    paths = changed(tmp_path, '[keys.queue]\ncomplete = "g"\nsnoze = "F7"\n')
    async with screen(paths, (120, 36)) as (app, pilot):
        assert [p.key for p in app.desk_screen.desk.problems] == ["keys.queue.snoze", "keys.queue.complete"]
        await until(lambda: "config:" in text(app))
        await until(lambda: len(app.desk_screen.queue.picture or ()) > 30)
        n = app.desk_screen.queue.current
        await keys(pilot, "e")
        await until(lambda: f"complete #{n}" in text(app))
