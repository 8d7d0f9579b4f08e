"""Files that go along: asked for by their path, named with their size, and taken away again."""

from pathlib import Path

from tests.tui.desks import demo_screen, keys, text, until
from tests.tui.run import on_screen


@on_screen
async def test_a_wrong_path_stays_in_its_field_and_a_file_can_be_taken_away(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "x.pdf").write_bytes(b"x" * 80_000)
    async with demo_screen(tmp_path / "desk", (80, 24)) as (app, pilot):
        composer, prompt = app.desk_screen.composer, app.desk_screen.prompt
        await keys(pilot, "r")
        await until(lambda: composer.is_open)
        await keys(pilot, "ctrl+f")
        await until(lambda: prompt.is_open)
        await keys(pilot, *str(folder / "y.pdf"), "enter")
        await until(lambda: "There is no file" in text(app))
        assert prompt.is_open, "the correction is not typed into the customer's text"
        await keys(pilot, *["backspace"] * 5, *"x.pdf", "enter")
        await until(lambda: composer.files == (str(folder / "x.pdf"),))
        await until(lambda: "attached: x.pdf" in text(app))
        assert composer.text == ""
        await until(lambda: "+ x.pdf 80 kB" in text(app))
        await keys(pilot, "ctrl+f")
        await until(lambda: "Enter alone takes x.pdf away" in text(app))
        await keys(pilot, "enter")
        await until(lambda: composer.files == ())
        assert composer.is_open
