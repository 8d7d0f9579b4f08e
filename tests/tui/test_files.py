"""Files that go along: asked for by their path, named with their size, and taken away again."""

from pathlib import Path
from typing import Any

from tests.tui.desks import demo_screen, keys, screen, text, until
from tests.tui.run import on_screen
from tests.tui.shops import shop
from tuidesk.tui.widgets.draft_text import TypedLine


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
        await until(lambda: "no such file" in text(app))
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


@on_screen
async def test_tab_completes_a_path_as_a_shell_does(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    (folder / "receipts").mkdir(parents=True)
    for name in (
        "receipts/march one.pdf",
        "receipts/may.pdf",
        "receipts/.hidden",
        "readme",
        "receipts/a\x1b[2J",
    ):
        (folder / name).write_bytes(b"x")
    async with demo_screen(tmp_path / "desk", (80, 24)) as (app, pilot):
        composer, prompt = app.desk_screen.composer, app.desk_screen.prompt
        typed = prompt.query_one(TypedLine)
        await keys(pilot, "r")
        await until(lambda: composer.is_open)
        await keys(pilot, "ctrl+f")
        await until(lambda: prompt.is_open)
        await keys(pilot, *f"{folder}/r", "tab")
        await until(lambda: typed.value == f"{folder}/re")
        await until(lambda: "readme  receipts/" in text(app))
        await keys(pilot, "c", "tab")
        await until(lambda: typed.value == f"{folder}/receipts/")
        await keys(pilot, "tab")
        await until(lambda: "march one.pdf  may.pdf" in text(app))
        assert typed.value == f"{folder}/receipts/ma"
        assert "hidden" not in text(app)
        await keys(pilot, "r", "tab")
        await until(lambda: typed.value == f"{folder}/receipts/march one.pdf")
        await keys(pilot, "x", "tab")
        await until(lambda: "Nothing begins like that." in text(app))
        assert app.focused is typed, "Tab does not leave the question"
        await keys(pilot, "backspace", "enter")
        await until(lambda: composer.files == (f"{folder}/receipts/march one.pdf",))
        await until(lambda: composer.has_focus_within)


@on_screen
async def test_what_the_channel_does_not_take_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    for name, size in (("small.png", 10), ("large.png", 3000), ("program.exe", 10), ("other.png", 1500)):
        (tmp_path / name).write_bytes(b"x" * size)
    caps: dict[str, Any] = {"attachments": {"max_bytes": 2000, "types": ["image/*"]}}
    async with screen(shop(tmp_path / "desk", **caps), (100, 30)) as (app, pilot):
        composer, prompt = app.desk_screen.composer, app.desk_screen.prompt
        await until(lambda: len(app.desk_screen.queue.picture or ()) == 2)
        await keys(pilot, "r")
        await until(lambda: composer.is_open)
        for name, words in (("large.png", "shop takes"), ("program.exe", "shop takes only image/*")):
            await keys(pilot, "ctrl+f")
            await until(lambda: prompt.is_open)
            await keys(pilot, *str(tmp_path / name), "enter")
            await until(lambda words=words: words in text(app))  # type: ignore[misc]  # bound for the loop
            assert prompt.is_open
            assert composer.files == ()
            await keys(pilot, "escape")
        for name in ("small.png", "other.png", "other.png"):
            await keys(pilot, "ctrl+f")
            await until(lambda: prompt.is_open)
            await keys(pilot, *str(tmp_path / name), "enter")
            await until(lambda name=name: f"attached: {name}" in text(app))  # type: ignore[misc]  # bound for the loop
        (tmp_path / "third.png").write_bytes(b"x" * 600)
        await keys(pilot, "ctrl+f")
        await until(lambda: prompt.is_open)
        await keys(pilot, *str(tmp_path / "third.png"), "enter")
        await until(lambda: "the files are" in text(app))
        assert len(composer.files) == 2


@on_screen
async def test_what_is_typed_while_the_disk_is_looked_at_is_text(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"x")
    async with screen(shop(tmp_path / "desk"), (100, 30)) as (app, pilot):
        composer, prompt = app.desk_screen.composer, app.desk_screen.prompt
        await until(lambda: len(app.desk_screen.queue.picture or ()) == 2)
        await keys(pilot, "r")
        await until(lambda: composer.is_open)
        await keys(pilot, "ctrl+f")
        await until(lambda: prompt.is_open)
        await keys(pilot, *str(tmp_path / "x.png"))
        await pilot.press("enter", "e", "e")
        await until(lambda: composer.text == "ee")
        assert len(composer.files) == 1
