"""The mouse works, and nothing that a customer wrote can be clicked."""

from pathlib import Path

from textual.events import MouseScrollDown

from tests.tui.desks import demo_screen, keys, screen, spoken, text, until
from tests.tui.run import on_screen


@on_screen
async def test_a_click_on_a_row_marks_it_and_the_wheel_scrolls(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        queue = app.desk_screen.queue
        first = queue.current
        await pilot.click("#queue", offset=(5, 6))
        await until(lambda: queue.current != first)
        marked = queue.current
        app.post_message(MouseScrollDown(None, 5, 5, 0, 0, 0, False, False, False, screen_x=5, screen_y=5))
        await until(lambda: queue.current != marked or queue._top > 0)


@on_screen
async def test_a_click_in_the_text_goes_on_writing_there(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        composer = app.desk_screen.composer
        await keys(pilot, "r")
        await until(lambda: composer.is_open)
        app.desk_screen.go("queue")
        await pilot.pause(0.1)
        assert not composer.has_focus_within
        await pilot.click("#composer-text")
        await until(lambda: composer.has_focus_within)
        await keys(pilot, "a")
        assert composer.text == "a"


@on_screen
async def test_what_a_customer_wrote_is_no_link(tmp_path: Path) -> None:
    words = "[@click=app.quit]https://evil.example/x[/] \x1b]8;;https://evil.example\x1b\\here\x1b]8;;\x1b\\"
    told = {
        "type": "received",
        "id": "m1",
        "at": "2026-11-20T12:00:00Z",
        "conversation": "c1",
        "medium": "form",
        "from": {"name": words, "handle": "x"},
        "text": words,
    }
    async with screen(spoken(tmp_path, [told])) as (app, pilot):
        await until(lambda: app.desk_screen.queue.row is not None)
        await keys(pilot, "enter")
        await until(lambda: "evil.example/x" in text(app))
        strips = app.screen._compositor.render_strips()
        for strip in strips:
            for segment in strip:
                assert segment.style is None or (
                    segment.style.link is None and not segment.style.meta.get("@click")
                )
        for y, line in enumerate(text(app).split("\n")):
            if "evil" in line:
                await pilot.click(offset=(line.index("evil"), y))
        assert app.is_running
        assert len(app.screen_stack) == 1
