"""Keys typed with a Hangul or a Cyrillic input method on."""

from pathlib import Path

from textual.events import Key

from tests.tui.desks import demo_screen, text, until
from tests.tui.run import on_screen
from tuidesk.tui.app import DeskApp


def type_(app: DeskApp, letters: str) -> None:
    for letter in letters:
        app.post_message(Key(letter, letter))


@on_screen
async def test_a_jamo_is_the_key_it_lies_on_and_the_line_says_so(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, _):
        n = app.desk_screen.queue.current
        type_(app, "ㄷ")
        await until(lambda: f"complete #{n}" in text(app))
        assert "(ㄷ read as e)" in text(app)
        assert "z takes it back" in text(app)
        type_(app, "я")
        await until(lambda: f"taken back: complete #{n}" in text(app))
        assert "(я read as z)" in text(app)
        assert "read as e" not in text(app)


@on_screen
async def test_after_a_prefix_and_as_a_syllable(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, _):
        showing = app.desk_screen.showing
        for typed, view in (("ㅎㅔ", "pending"), ("해", "open"), ("пЗ", "open"), ("пз", "pending")):
            type_(app, typed)
            await until(lambda view=view: showing.view == view)  # type: ignore[misc]
            app.desk_screen.say_keys()


@on_screen
async def test_the_rest_of_a_syllable_goes_into_the_field_that_its_first_letter_opened(
    tmp_path: Path,
) -> None:
    async with demo_screen(tmp_path) as (app, _):
        type_(app, "개환불")
        await until(lambda: app.desk_screen.composer.is_open)
        await until(lambda: app.desk_screen.composer.text == "ㅐ환불")


@on_screen
async def test_in_a_dialog_of_one_letter(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        type_(app, "ㅂ")
        await until(lambda: len(app.screen_stack) == 2)
        await pilot.pause(0.4)
        type_(app, "й")
        await until(lambda: app._exit)


@on_screen
async def test_in_a_page_and_in_the_line_after_sending(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        await pilot.press("question_mark")
        await until(lambda: len(app.screen_stack) == 2)
        type_(app, "й")
        await until(lambda: len(app.screen_stack) == 1)
        desk = app.desk_screen
        type_(app, "к")
        await until(lambda: desk.composer.is_open)
        await pilot.press("a", "ctrl+s")
        await until(lambda: desk.composer.is_after)
        await pilot.pause(0.4)
        type_(app, "ㅋ")
        await until(lambda: desk.composer.is_open and desk.composer.text == "a")
        assert "Taken back" in text(app)


@on_screen
async def test_in_a_field_letters_are_letters(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        await pilot.press("r")
        await until(lambda: app.desk_screen.composer.is_open)
        type_(app, "해더у")
        await until(lambda: app.desk_screen.composer.text == "해더у")
