"""Marks, and what is done to all that are marked: one step, one `z`."""

import asyncio
import re
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.desks import demo_screen, keys, screen, spoken, text, until
from tests.tui.run import on_screen
from tuidesk.desk import read
from tuidesk.desk.picture import Row
from tuidesk.domain.commands import Complete, Note
from tuidesk.tui.app import DeskApp
from tuidesk.tui.keyboard import DEAF_S
from tuidesk.tui.screens.acting import MANY

SIZES = [(80, 24), (120, 36)]


def rows(app: DeskApp, *numbers: int) -> dict[int, Row]:
    found: dict[int, Row] = app.desk.read(read.rows, list(numbers), app.desk.clock.now()).result()
    return found


def statuses(app: DeskApp, *numbers: int) -> list[str]:
    found = rows(app, *numbers)
    return [found[n].status for n in numbers]


def ids(app: DeskApp) -> list[int]:
    picture = app.desk_screen.queue.picture
    return list(picture.ids) if picture is not None else []


def marked_lines(app: DeskApp) -> int:
    return sum(bool(re.match(r"[ >-]x ", line)) for line in text(app).splitlines())


async def ready(pilot: Pilot[int], *pressed: str) -> None:
    """Keys for a dialog, once it is old enough to be answered."""
    await asyncio.sleep(DEAF_S + 0.1)
    await keys(pilot, *pressed)


@pytest.mark.parametrize("size", SIZES)
@on_screen
async def test_x_marks_and_what_is_done_is_done_to_both_as_one_step(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with demo_screen(tmp_path, size) as (app, pilot):
        queue = app.desk_screen.queue
        await keys(pilot, "j", "x", "j", "j", "x", "j")
        first, second, here = ids(app)[1], ids(app)[3], ids(app)[4]
        await until(lambda: "2 marked: e b a l apply to both" in text(app))
        assert marked_lines(app) == 2
        await keys(pilot, "e")
        await until(lambda: statuses(app, first, second) == ["complete", "complete"])
        await until(lambda: f"complete #{first}, #{second}" in text(app))
        assert statuses(app, here) == ["open"], "what the mark of the cursor is at was not marked"
        assert not queue.marks
        assert marked_lines(app) == 0
        await keys(pilot, "z")
        await until(lambda: statuses(app, first, second) == ["open", "open"])


@on_screen
async def test_x_again_takes_a_mark_away_and_a_range_begins_at_the_last(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        queue = app.desk_screen.queue
        await keys(pilot, "x", "x")
        assert not queue.marks
        await keys(pilot, "j", "x", "j", "j", "j", "X")
        assert queue.marked == tuple(ids(app)[1:5])
        await keys(pilot, "home", "X")
        assert queue.marked == tuple(ids(app)[:5])
        await until(lambda: "5 marked: e b a l apply to all" in text(app))
        await keys(pilot, "asterisk", "n")
        assert not queue.marks
        await until(lambda: "marked" not in text(app))


@on_screen
async def test_of_more_than_ten_it_is_shown_first_what_will_be_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        queue = app.desk_screen.queue
        await keys(pilot, "asterisk", "a")
        whole = ids(app)
        assert len(whole) > MANY
        await until(lambda: f"{len(whole)} in view" in text(app))
        await keys(pilot, "e")
        await until(lambda: f"Complete {len(whole)} conversations?" in text(app))
        assert f"and {len(whole) - 6} more" in text(app)
        with monkeypatch.context() as still_young:  # however long it took to come here
            still_young.setattr("tuidesk.tui.screens.question.DEAF_S", 60.0)
            await keys(pilot, "y")
        assert app.screen is not app.desk_screen, "too young a dialog is not answered"
        await ready(pilot, "escape")
        await until(lambda: app.screen is app.desk_screen)
        assert "complete" not in statuses(app, *whole)
        assert len(queue.marks) == len(whole), "nothing was done, so they are marked still"
        await keys(pilot, "e")
        await until(lambda: app.screen is not app.desk_screen)
        await ready(pilot, "y")
        await until(lambda: set(statuses(app, *whole)) == {"complete"})
        await until(lambda: f"complete {len(whole)} conversations (#" in text(app))
        await keys(pilot, "z")
        await until(lambda: "complete" not in statuses(app, *whole))


@on_screen
async def test_ten_are_done_at_once(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        await keys(pilot, "x", *"jjjjjjjjj", "X")
        assert len(app.desk_screen.queue.marks) == MANY
        await keys(pilot, "b", *"2h", "enter")
        await until(lambda: set(statuses(app, *ids(app)[:MANY])) == {"snoozed"})
        assert app.screen is app.desk_screen


@on_screen
async def test_marks_stay_with_what_is_still_in_the_view(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        queue = app.desk_screen.queue
        first, second, third = ids(app)[1:4]
        await keys(pilot, "j", "x", "j", "x", "j", "e")  # the two that are marked
        await until(lambda: statuses(app, first, second) == ["complete", "complete"])
        await keys(pilot, "z")
        await until(lambda: statuses(app, first, second) == ["open", "open"])
        queue.go_to(first)
        await keys(pilot, "x", "j", "x", "j", "x")
        await asyncio.wrap_future(app.desk.do(Complete(conversations=(second,))))
        await keys(pilot, "g", "r")
        await until(lambda: second not in ids(app))
        assert queue.marked == (first, third)
        await keys(pilot, "g", "A")
        await until(lambda: "[All" in text(app) and {first, third} < set(ids(app)))
        assert not queue.marks, "another view is another list, though it has them too"


@on_screen
async def test_in_the_thread_a_key_is_about_the_thread_not_the_marks(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        await keys(pilot, "x", "j", "x", "j", "j")
        marked, other = ids(app)[:2], ids(app)[3]
        await keys(pilot, "enter")
        await until(lambda: app.desk_screen.thread.conversation == other)
        assert "marked" not in text(app)
        await keys(pilot, "E")
        await until(lambda: statuses(app, other) == ["complete"])
        assert statuses(app, *marked) == ["open", "open"]


@on_screen
async def test_a_marked_conversation_in_which_something_arrived_unseen_is_not_completed(
    tmp_path: Path,
) -> None:
    """What the row showed goes along; another message is there when the command is carried out."""

    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        queue = app.desk_screen.queue
        await keys(pilot, "j", "x", "j", "x")
        first, second = ids(app)[1:3]
        assert queue.picture is not None
        row = queue.picture.rows[first]
        assert row is not None
        app.desk_screen.showing.stop()  # the screen hears no more
        queue.picture.rows[first] = row._replace(last_in=row.last_in - 1)  # what it shows is old
        await keys(pilot, "e")
        await until(lambda: f"#{first} has a newer message" in text(app))
        assert statuses(app, first, second) == ["open", "open"], "one step: all or none"
        assert queue.marks == {first, second}


@on_screen
async def test_marks_belong_to_conversations_not_to_rows(tmp_path: Path) -> None:
    def told(number: int) -> dict[str, object]:
        return {
            "type": "received",
            "id": f"m{number}",
            "at": f"2026-11-20T12:{number:02d}:00Z",
            "conversation": f"c{number}",
            "medium": "form",
            "from": {"name": f"Customer {number}", "handle": f"customer{number}"},
            "text": f"question {number}",
        }

    async with screen(spoken(tmp_path, [told(n) for n in range(1, 9)]), (80, 24)) as (app, pilot):
        queue = app.desk_screen.queue
        await until(lambda: len(queue.picture or ()) == 8)
        await keys(pilot, "j", "j", "x")
        third = queue.current
        assert third is not None
        await asyncio.wrap_future(app.desk.do(Complete(conversations=(ids(app)[0],))))
        await asyncio.wrap_future(app.desk.do(Note(conversation=third, text="a note changes its row")))
        await keys(pilot, "g", "r")
        await until(lambda: len(ids(app)) == 7)
        assert queue.marks == {third}
        line = next(line for line in text(app).splitlines() if line[1:2] == "x")
        assert f"Customer {third}" in line


@on_screen
async def test_the_last_thing_once_more_on_what_is_at_the_mark(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        await keys(pilot, "full_stop")
        await until(lambda: "Nothing to repeat yet" in text(app))
        await keys(pilot, "j", "b", *"2h", "enter")
        first, second, third = ids(app)[1:4]
        await until(lambda: statuses(app, first) == ["snoozed"])
        await until(lambda: app.desk_screen.queue.current == second)
        await keys(pilot, "full_stop")
        await until(lambda: statuses(app, second) == ["snoozed"])
        await until(lambda: f"again: snooze #{second}" in text(app))
        await keys(pilot, "i")
        await until(lambda: (who := rows(app, third)[third].assignee) is not None and who.me)
        await keys(pilot, "z", "j", "full_stop")
        fifth = ids(app)[4]
        await until(lambda: (who := rows(app, fifth)[fifth].assignee) is not None and who.me)


@pytest.mark.parametrize("after", ["next", "stay", "queue"])
@on_screen
async def test_three_ways_on_after_a_completion(tmp_path: Path, after: str) -> None:
    from tests.tui.desks import demo

    paths = demo(tmp_path)
    paths.config_toml.write_text(f'after_complete = "{after}"\n' + paths.config_toml.read_text())
    async with screen(paths) as (app, pilot):
        desk = app.desk_screen
        await until(lambda: len(desk.queue.picture or ()) > 30)
        await keys(pilot, "g", "r", "j", "enter")
        n, follows = ids(app)[1:3]
        await until(lambda: desk.thread.conversation == n)
        await keys(pilot, "e")
        await until(lambda: statuses(app, n) == ["complete"])
        match after:
            case "next":
                await until(lambda: desk.thread.conversation == follows)
                assert desk.at == "thread"
            case "queue":
                await until(lambda: desk.at == "queue" and desk.queue.current == follows)
            case _:
                await until(lambda: "z takes" in text(app))
                assert (desk.at, desk.thread.conversation) == ("thread", n)
