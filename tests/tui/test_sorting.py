"""Stars, silence, spam, merges, marks by kind, and the next conversation that nobody has."""

import asyncio
from pathlib import Path

import pytest

from tests.tui.desks import demo_screen, keys, screen, spoken, text, until
from tests.tui.run import on_screen
from tests.tui.test_marks import ids, ready, rows, statuses
from tests.tui.test_siblings import _DANA
from tuidesk.desk import read
from tuidesk.domain.commands import Assign
from tuidesk.domain.model import Person

SIZES = [(80, 24), (120, 36)]
SAM = Person("Sam", "sam@acme.example")


@pytest.mark.parametrize("size", SIZES)
@on_screen
async def test_s_and_M_turn_a_flag_that_the_row_shows(tmp_path: Path, size: tuple[int, int]) -> None:
    async with demo_screen(tmp_path, size) as (app, pilot):
        await keys(pilot, "j")
        n = ids(app)[1]
        await keys(pilot, "s")
        await until(lambda: rows(app, n)[n].starred)
        await until(lambda: f"star #{n}" in text(app))
        await keys(pilot, "M")
        await until(lambda: rows(app, n)[n].muted)
        shown = "(starred, muted)" if size[0] == 80 else "sm "
        await until(lambda: shown in text(app))
        await keys(pilot, "s", "M")
        await until(lambda: not rows(app, n)[n].starred and not rows(app, n)[n].muted)
        await until(lambda: f"unmute #{n}" in app.desk_screen.showing.undoable[1])
        await keys(pilot, "z")
        await until(lambda: rows(app, n)[n].muted)
        await until(lambda: "star of" in app.desk_screen.showing.undoable[1])
        await keys(pilot, "z")
        await until(lambda: rows(app, n)[n].starred)


@on_screen
async def test_of_several_the_flag_is_taken_only_where_all_have_it(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        both = ids(app)[1:3]
        await keys(pilot, "j", "s", "x", "j", "x", "s")
        await until(lambda: all(row.starred for row in rows(app, *both).values()))
        await keys(pilot, "s")
        await until(lambda: not any(row.starred for row in rows(app, *both).values()))


@on_screen
async def test_a_key_pressed_twice_turns_twice(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        n = ids(app)[1]
        await pilot.press("j", "s", "s", "s")
        await until(lambda: rows(app, n)[n].starred and app.desk_screen.showing.undoable[1] == f"star #{n}")


@on_screen
async def test_spam_asks_and_goes_out_of_the_queue(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        n, follows = ids(app)[1:3]
        await keys(pilot, "j", "exclamation_mark")
        await until(lambda: f"Is #{n} spam?" in text(app))
        await ready(pilot, "escape")
        assert not rows(app, n)[n].spam
        await keys(pilot, "exclamation_mark")
        await until(lambda: app.screen is not app.desk_screen)
        await ready(pilot, "y")
        await until(lambda: rows(app, n)[n].spam and statuses(app, n) == ["complete"])
        await until(lambda: app.desk_screen.queue.current == follows)
        await until(lambda: "(spam)" in text(app))
        await keys(pilot, "k", "exclamation_mark")  # not asked: nothing is lost by it
        await until(lambda: not rows(app, n)[n].spam and statuses(app, n) == ["open"])


@on_screen
async def test_marks_by_kind(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        queue = app.desk_screen.queue
        first, second = ids(app)[1:3]
        await keys(pilot, "j", "s", "j", "s")
        await until(lambda: rows(app, second)[second].starred)
        await keys(pilot, "asterisk", "s")
        await until(lambda: queue.marked == (first, second) and "2 in view" in text(app))
        shown = rows(app, *ids(app))
        await keys(pilot, "asterisk", "u")
        await until(lambda: queue.marks == {n for n, row in shown.items() if row.unread})
        await keys(pilot, "asterisk", "m")
        await until(
            lambda: queue.marks == {n for n, row in shown.items() if row.assignee and row.assignee.me}
        )
        await keys(pilot, "asterisk", "l")
        now = app.desk.clock.now()
        late = {n for n, row in shown.items() if row.due is not None and row.due <= now}
        assert late
        await until(lambda: queue.marks == late)
        await keys(pilot, "asterisk", "n", "e")
        await until(lambda: statuses(app, second) == ["complete"])
        await keys(pilot, "asterisk", "o")
        await until(lambda: bool(queue.marks) and second not in queue.marks and first in queue.marks)


@on_screen
async def test_the_keys_that_may_follow_a_star_are_shown(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        await keys(pilot, "asterisk")
        await until(lambda: "u unread" in text(app) and "s starred" in text(app), 2)
        await keys(pilot, "q")
        await until(lambda: "* q does nothing here" in text(app))


@on_screen
async def test_two_conversations_of_one_customer_are_merged_and_split(tmp_path: Path) -> None:
    async with screen(spoken(tmp_path, _DANA), (80, 24)) as (app, pilot):
        queue = app.desk_screen.queue
        await until(lambda: len(queue.picture or ()) == 5)
        await keys(pilot, "home", "colon", *"merge 3")
        await ready(pilot, "enter")
        await until(lambda: _into(app, 3) == 1)
        await until(lambda: "merge #3 into #1" in text(app))
        await keys(pilot, "z")
        await until(lambda: _into(app, 3) is None)
        await keys(pilot, "x")
        queue.go_to(5)
        await keys(pilot, "x", "colon", *"merge")
        await ready(pilot, "enter")
        await until(lambda: _into(app, 5) == 1)
        queue.go_to(1)
        await keys(pilot, "colon", *"split")
        await ready(pilot, "enter")
        await until(lambda: _into(app, 5) is None)


@on_screen
async def test_with_which_one_is_chosen_among_the_customers_own(tmp_path: Path) -> None:
    async with screen(spoken(tmp_path, _DANA), (80, 24)) as (app, pilot):
        await until(lambda: len(app.desk_screen.queue.picture or ()) == 5)
        await keys(pilot, "home", "colon", *"merge")
        await ready(pilot, "enter")
        await until(lambda: "Merge #1 with" in text(app))
        shown = text(app)
        assert "form: question 3" in shown
        assert "form: question 5" in shown
        assert "form: question 2" not in shown, "another customer's"
        await keys(pilot, *"question 5")
        await ready(pilot, "enter")
        await until(lambda: _into(app, 5) == 1)


def _into(app: object, n: int) -> int | None:
    from tuidesk.tui.app import DeskApp

    assert isinstance(app, DeskApp)
    found = app.desk.read(
        lambda c: c.execute("SELECT merged_into FROM conversation WHERE id = ?", (n,)).fetchone()
    ).result()
    return None if found[0] is None else int(found[0])


@pytest.mark.parametrize("size", SIZES)
@on_screen
async def test_g_n_takes_the_next_that_nobody_has(tmp_path: Path, size: tuple[int, int]) -> None:
    async with demo_screen(tmp_path, size) as (app, pilot):
        free = app.desk.read(read.queue, "unassigned", app.desk.clock.now()).result()
        await keys(pilot, "g", "n")
        await until(lambda: (who := rows(app, free[0])[free[0]].assignee) is not None and who.me)
        await until(lambda: app.desk_screen.thread.conversation == free[0])
        assert app.desk_screen.at == "thread"
        await until(lambda: f"assign #{free[0]} to Ana" in text(app))
        await keys(pilot, "g", "n")
        await until(lambda: app.desk_screen.thread.conversation == free[1])
        await keys(pilot, "z")
        await until(lambda: rows(app, free[1])[free[1]].assignee is None)


@on_screen
async def test_g_n_leaves_what_somebody_took_meanwhile(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        free = app.desk.read(read.queue, "unassigned", app.desk.clock.now()).result()
        async with app.desk_screen.acting._steps:  # the list of those free is read, and then
            await keys(pilot, "g", "n")
            await asyncio.sleep(0.3)
            await asyncio.wrap_future(app.desk.do(Assign(conversations=(free[0],), to=SAM)))
        await until(lambda: app.desk_screen.thread.conversation == free[1])
        who = rows(app, free[0])[free[0]].assignee
        assert who is not None
        assert who.name == "Sam"


@on_screen
async def test_a_hand_over_shows_what_goes_and_is_one_step(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        now = app.desk.clock.now()
        mine = [row.n for row in app.desk.read(read.handover, now).result().mine]
        assert mine
        await keys(pilot, "colon", *"handover sam")
        await ready(pilot, "enter")
        await until(lambda: "conversations to Sam?" in text(app) and "open: " in text(app))
        await ready(pilot, "escape")
        assert all(row.assignee and row.assignee.me for row in rows(app, *mine).values())
        await keys(pilot, "colon", *"handover")
        await ready(pilot, "enter")
        await until(lambda: "Hand over all that is yours to" in text(app))
        assert " me " not in text(app).split("let it go")[1].splitlines()[1], "it is mine already"
        await keys(pilot, *"sam")
        await ready(pilot, "enter")
        await until(lambda: "conversations to Sam?" in text(app))
        await ready(pilot, "y")
        await until(lambda: all(r.assignee and r.assignee.name == "Sam" for r in rows(app, *mine).values()))
        await until(lambda: "hand over" in app.desk_screen.showing.undoable[1])
        await keys(pilot, "z")
        await until(lambda: all(r.assignee and r.assignee.me for r in rows(app, *mine).values()))


@on_screen
async def test_a_break_with_its_reason_and_its_end(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        await keys(pilot, "colon", *"away lunch")
        await ready(pilot, "enter")
        await until(lambda: (on := app.desk.read(read.away).result()) is not None and on.reason == "lunch")
        await until(lambda: "away: lunch" in text(app))
        await keys(pilot, "colon", *"away")
        await ready(pilot, "enter")
        await until(lambda: app.desk.read(read.away).result() is None)
        await until(lambda: "back, after 0 minutes" in text(app))
