"""What a newcomer's fingers do: it is understood, or nothing happens to a conversation that is not meant."""

from pathlib import Path

import pytest

from tests.tui.desks import demo_screen, keys, text, until
from tests.tui.run import on_screen
from tuidesk.desk.picture import ShownMessage
from tuidesk.domain import actions
from tuidesk.tui.screens.palette import near
from tuidesk.tui.widgets.draft_text import TypedLine


@pytest.mark.parametrize(
    ("typed", "action", "found"),
    [
        ("compl", "complete", True),
        ("cmp", "complete", True),
        ("stay", "complete-stay", True),
        ("e", "complete", True),
        ("assign", "quit", False),
        ("retry", "previous-conversation", False),
        ("theme", "source", False),
    ],
)
def test_letters_that_are_not_there_find_nothing(typed: str, action: str, found: bool) -> None:
    assert (near(actions.BY_ID[action], typed) is not None) is found


@on_screen
async def test_back_at_the_queue_the_thread_is_that_of_the_mark(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        screen = app.desk_screen
        await until(lambda: screen.thread.conversation == screen.queue.current)
        marked = screen.queue.current
        assert marked is not None
        other = next(n for n in screen.queue.picture.rows if n != marked) if screen.queue.picture else 0
        await keys(pilot, "enter")
        screen.moving.open_conversation(other)
        await until(lambda: screen.thread.conversation == other)
        await keys(pilot, "escape")
        assert screen.target == screen.queue.current
        await until(lambda: screen.thread.conversation == screen.queue.current)


@on_screen
async def test_every_command_of_the_composer_is_in_its_palette(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        composer = app.desk_screen.composer
        await keys(pilot, "j", "r")
        await until(lambda: composer.is_open and composer.has_focus_within)
        await keys(pilot, *"hello", "ctrl+p")
        await until(lambda: "attach a file" in text(app))
        assert "recipients and route" in text(app)
        await keys(pilot, *"leave")
        await keys(pilot, "enter")
        await until(lambda: not composer.is_open)


@pytest.mark.parametrize("moves_on", [False, True])
@on_screen
async def test_an_undo_leads_back_but_only_who_is_still_there(tmp_path: Path, moves_on: bool) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        queue, showing = app.desk_screen.queue, app.desk_screen.showing
        await keys(pilot, "j")
        done = queue.current
        await keys(pilot, "e")
        await until(lambda: queue.current != done and f"#{done}" in showing.undoable[1])
        async with app.desk_screen.acting._steps:  # as if the disk were slow
            await keys(pilot, "z")
            if moves_on:
                await keys(pilot, "j")
            here = queue.current
        await until(lambda: "taken back" in text(app) and f"#{done}" not in showing.undoable[1])
        assert queue.current == (here if moves_on else done)


@on_screen
async def test_a_new_search_begins_empty_and_enter_repeats_the_last(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        screen = app.desk_screen
        await keys(pilot, "/", *"refund", "enter")
        await until(lambda: screen.showing.typed == "refund" and len(screen.queue.picture or ()) > 0)
        await keys(pilot, "/")
        await until(lambda: "refund (Enter: once more)" in text(app))
        await keys(pilot, *"8841", "enter")
        await until(lambda: screen.showing.typed == "8841")
        await keys(pilot, "/", "enter")
        await until(lambda: not screen.prompt.is_open)
        assert (screen.showing.view, screen.showing.typed) == ("search", "8841")


@on_screen
async def test_back_in_a_field_the_cursor_is_at_its_end(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        composer = app.desk_screen.composer
        await keys(pilot, "c")
        await until(lambda: composer.is_open and composer.has_focus_within)
        await keys(pilot, *"kim@b.example", "tab", "shift+tab", "ctrl+u", *"lee@b.example")
        field = app.focused
        assert isinstance(field, TypedLine)
        assert field.value == "lee@b.example"


@on_screen
async def test_a_forward_says_what_goes_along(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        await keys(pilot, "/", *"Gutschein", "enter")
        await until(lambda: app.desk_screen.showing.view == "search")
        await until(lambda: "Greta" in text(app))
        await keys(pilot, "f")
        await until(lambda: app.desk_screen.composer.is_open)
        await until(lambda: "with what Greta Lindner wrote at" in text(app))
        assert "and 1 file: " in text(app)


@on_screen
async def test_the_signs_of_the_queue_are_explained(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        await keys(pilot, "question_mark")
        await until(lambda: "Keys: in the queue" in text(app))
        await keys(pilot, "end")
        await until(lambda: "Signs of the queue" in text(app))
        assert "whose it is: nobody's, yours" in text(app)


@on_screen
async def test_a_bounce_is_no_word_of_the_customers_that_was_not_seen(tmp_path: Path) -> None:
    """Ivy's conversation ends in one: `e` in its thread said that something newer had come."""
    async with demo_screen(tmp_path) as (app, pilot):
        desk = app.desk_screen
        n = desk.queue.current
        await keys(pilot, "enter")
        await until(lambda: desk.thread.conversation == n and desk.at == "thread")
        shown = desk.thread.thread
        assert shown is not None
        assert "bounce" in [item.kind for item in shown.items if isinstance(item, ShownMessage)]
        await until(lambda: desk.thread.last_seen is not None)
        await keys(pilot, "e")
        await until(lambda: f"complete #{n}" in text(app))
