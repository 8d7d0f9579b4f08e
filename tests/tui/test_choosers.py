"""Verb, then a fuzzy object: agents, tags, priorities, commands with what they take."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.desks import demo, demo_screen, keys, screen, text, until
from tests.tui.run import on_screen
from tests.tui.test_marks import ids, ready, rows
from tuidesk.domain import actions
from tuidesk.domain.commands import Tag
from tuidesk.domain.model import Person
from tuidesk.tui.app import DeskApp
from tuidesk.tui.keyboard import DEAF_S
from tuidesk.tui.ranking import nearest, rank
from tuidesk.tui.screens import choosing
from tuidesk.tui.screens.chooser import Chooser
from tuidesk.tui.screens.choosing import people, priorities, tags
from tuidesk.tui.screens.palette import finding
from tuidesk.tui.screens.question import Question
from tuidesk.tui.terminal import Burst

ANA = Person("Ana", "ana@acme.example", me=True)
SAM = Person("Sam Ito", "sam@acme.example")
MINA = Person("Mina", "mina@acme.example")
SIZES = [(80, 24), (120, 36)]


@pytest.mark.parametrize(
    ("typed", "name", "near"),
    [
        ("", "Dana Ortiz", 0),
        ("dan", "Dana Ortiz", 1),
        ("ort", "Dana Ortiz", 2),
        ("ana", "Dana Ortiz", 3),
        ("dna", "Dana Ortiz", 4),
        ("do", "Dana Ortiz", 4),
        ("xyz", "Dana Ortiz", None),
        ("zo", "Dana Ortiz", None),
    ],
)
def test_one_ranking_for_all(typed: str, name: str, near: int | None) -> None:
    assert rank(typed, name) == near


def test_the_nearest_comes_first_and_equals_keep_their_order() -> None:
    found = nearest(["parcel late", "late", "refund", "later"], lambda word: rank("late", word))
    assert found == ["late", "later", "parcel late"]


def test_whom_to_assign_to() -> None:
    find = people(ANA, [ANA, SAM, MINA])
    assert [option.result for option in find("")] == [ANA, SAM, MINA, "-"]
    assert [option.result for option in find("-")] == ["-"]
    assert find("ito")[0].result == SAM
    assert find("mina@")[0].result == MINA
    assert not find("nobody here"), "a name that was mistyped is nobody"
    assert find("lee@acme.example")[0].result == Person("", "lee@acme.example")
    assert people(ANA, [])("Lee")[0].result == Person("Lee", "Lee"), "an account that knows nobody"


def test_which_tag() -> None:
    find = tags([("refund", 3), ("login", 1)], [("vip", "refund"), ("vip",)])
    assert [option.result for option in find("")] == ["refund", "login", "-vip", "-refund"]
    assert [option.result for option in find("-")] == ["-vip", "-refund"]
    assert [option.result for option in find("-re")] == ["-refund"]
    assert [option.result for option in find("log")] == ["login", "log"]
    assert find("log")[-1].note == "new tag"
    assert find("log")[0].note == "1", "on how many"
    assert [option.result for option in find("login")] == ["login"]
    assert find("vip")[0].note == "has it already"


def test_how_urgent() -> None:
    find = priorities({"normal"})
    assert [option.result for option in find("")] == ["urgent", "high", "normal", "low"]
    assert [option.result for option in find("h")] == ["high"]
    assert find("normal")[0].note == "as it is"


def test_the_palette_takes_arguments_and_never_offers_a_send() -> None:
    find = finding(actions.ACTIONS)
    assert find("assign dana")[0].result == (actions.BY_ID["assign"], "dana")
    assert find("sn tomorrow 9")[0].result == (actions.BY_ID["snooze"], "tomorrow 9")
    assert find("tag")[0].note.startswith(":tag ")
    assert find("l")[0].key == "l"
    for action in actions.ACTIONS:
        assert find(action.id)[0].result[0] is action, (
            "a command's own name goes before what only speaks of it"
        )
    assert not [option for option in find("complete 42") if option.result[1]], "it takes nothing"


@pytest.mark.parametrize("size", SIZES)
@on_screen
async def test_assign_by_a_few_letters(tmp_path: Path, size: tuple[int, int]) -> None:
    async with demo_screen(tmp_path, size) as (app, pilot):
        await keys(pilot, "j")
        n = ids(app)[1]
        await keys(pilot, "a", *"min")
        await until(lambda: f"Assign #{n} to" in text(app) and "mina@acme.example" in text(app))
        assert "sam@acme.example" not in text(app)
        await ready(pilot, "enter")
        await until(lambda: (who := rows(app, n)[n].assignee) is not None and who.name == "Mina")
        await until(lambda: f"assign #{n} to Mina" in text(app))
        await keys(pilot, "a", "minus")
        await ready(pilot, "enter")
        await until(lambda: rows(app, n)[n].assignee is None)
        await keys(pilot, "z")
        await until(lambda: rows(app, n)[n].assignee is not None)


@on_screen
async def test_marked_ones_are_assigned_and_tagged_in_one_step(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        await keys(pilot, "j", "x", "j", "x")
        both = ids(app)[1:3]
        await keys(pilot, "l", *"wholesaler")
        await until(lambda: "Tag 2 conversations" in text(app) and "new tag" in text(app))
        await ready(pilot, "enter")
        await until(lambda: all("wholesaler" in row.tags for row in rows(app, *both).values()))
        assert "2 marked" in text(app), "what was tagged may be assigned next"
        before = rows(app, *both)
        await keys(pilot, "a", *"sam")
        await ready(pilot, "enter")
        await until(lambda: all(r.assignee and r.assignee.name == "Sam" for r in rows(app, *both).values()))
        await keys(pilot, "z")
        await until(lambda: all(r.assignee == before[n].assignee for n, r in rows(app, *both).items()))
        await keys(pilot, "l", "minus", *"wholes")
        await ready(pilot, "enter")
        await until(lambda: not any("wholesaler" in row.tags for row in rows(app, *both).values()))


@on_screen
async def test_priority(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        await keys(pilot, "j", "P", "u")
        n = ids(app)[1]
        await ready(pilot, "enter")
        await until(lambda: rows(app, n)[n].priority == "urgent")
        await until(lambda: f"priority urgent on #{n}" in text(app))


@on_screen
async def test_what_is_chosen_is_done_to_what_the_key_was_pressed_on(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        await keys(pilot, "j", "a", *"min")
        n, queue = ids(app)[1], app.desk_screen.queue
        await until(lambda: "mina@" in text(app))
        queue.move(3)
        queue.toggle()
        await ready(pilot, "enter")
        await until(lambda: (who := rows(app, n)[n].assignee) is not None and who.name == "Mina")


@on_screen
async def test_an_enter_right_behind_the_key_chooses_nothing(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        n = ids(app)[0]
        before = rows(app, n)[n]
        await pilot.press("a", "enter")
        await until(lambda: "before this could be read" in text(app))
        await keys(pilot, "escape")
        await until(lambda: app.screen is app.desk_screen)
        assert rows(app, n)[n] == before


@on_screen
async def test_a_command_with_what_it_takes(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        n = ids(app)[1]
        await keys(pilot, "j", "colon", *"priority high")
        await ready(pilot, "enter")
        await until(lambda: rows(app, n)[n].priority == "high")
        await keys(pilot, "colon", *"assign mina")
        await ready(pilot, "enter")
        await until(lambda: (who := rows(app, n)[n].assignee) is not None and who.name == "Mina")
        await keys(pilot, "colon", *"tag brandnew")
        await ready(pilot, "enter")
        await until(lambda: "brandnew" in rows(app, n)[n].tags)
        await keys(pilot, "colon", *"snooze 2h")
        await ready(pilot, "enter")
        await until(lambda: rows(app, n)[n].status == "snoozed")


@on_screen
async def test_a_command_that_needs_something_asks_for_it(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        await keys(pilot, "colon", *"assign")
        await until(lambda: ":assign NAME" in text(app))
        await ready(pilot, "enter")
        await until(lambda: "a name, or - for nobody" in text(app))
        await keys(pilot, "escape", "colon", *"assign m")
        await ready(pilot, "enter")
        await until(lambda: "Assign #" in text(app) and "mina@" in text(app))


@on_screen
async def test_an_enter_in_one_read_with_many_letters_answers_nothing(tmp_path: Path) -> None:
    """What is pasted into a terminal that does not say so."""
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        n = ids(app)[0]
        before = rows(app, n)[n]
        await keys(pilot, "a")
        await asyncio.sleep(DEAF_S + 0.1)
        await _pasted(app, "mina\r")
        await until(lambda: "Many keys at once" in text(app))
        await keys(pilot, "escape", "p")
        await _pasted(app, "legal department\r")
        await until(lambda: "Many keys at once" in text(app) and "legal department" in text(app))
        await keys(pilot, "escape")
        assert rows(app, n)[n] == before


async def _pasted(app: DeskApp, typed: str) -> None:
    """Letters and an Enter as a burst, by the way that keys take."""
    for letter in typed:
        key = {"\r": "enter", " ": "space"}.get(letter, letter)
        burst = Burst(key, letter)
        burst.set_sender(app)
        await app.turnstile.take(burst)
    await asyncio.sleep(0.3)


async def _held(app: DeskApp) -> threading.Event:
    """A store that answers no question until the event is set."""
    answered = threading.Event()
    app.desk.read(lambda _: answered.wait(60))
    return answered


def _says_so(app: DeskApp) -> bool:
    return app.desk_screen.telling.notice[0] == "Opening …" and "Opening …" in text(app)


@pytest.mark.parametrize("asked", [("q",), ("asterisk", "a", "e")])
@on_screen
async def test_a_key_behind_one_that_asks_is_not_about_the_queue(
    tmp_path: Path, asked: tuple[str, ...]
) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        queue = app.desk_screen.queue
        at, marks = queue.current, 0
        await keys(pilot, *asked[:-1])
        answered = await _held(app)
        marks = len(queue.marks)
        await pilot.press(asked[-1], "j", "x", "y")
        answered.set()
        await until(lambda: isinstance(app.screen, Question))
        assert (queue.current, len(queue.marks)) == (at, marks)
        await keys(pilot, "j", "x")
        assert isinstance(app.screen, Question), "nor is it an answer"
        await ready(pilot, "escape")
        await until(lambda: app.screen is app.desk_screen)
        assert (queue.current, len(queue.marks)) == (at, marks)


@on_screen
async def test_a_question_that_takes_long_gives_the_keys_back_and_a_field_keeps_what_is_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "HELD_S", 0.2)
    async with demo_screen(tmp_path) as (app, pilot):
        queue = app.desk_screen.queue
        at, answered = queue.current, await _held(app)
        await pilot.press("q", "j")
        await until(lambda: _says_so(app))
        assert queue.current == at, "what was typed before is obeyed by nobody"
        await pilot.press("j")
        await until(lambda: queue.current != at)
        answered.set()
        await until(lambda: isinstance(app.screen, Question) and not _says_so(app))
        await ready(pilot, "escape")
        at, answered = queue.current, await _held(app)
        await pilot.press("a", *"min")
        await until(lambda: _says_so(app))
        assert queue.current == at
        answered.set()
        await until(lambda: "mina@" in text(app) and "sam@" not in text(app) and not _says_so(app))


@asynccontextmanager
async def _needing(folder: Path, needs: str) -> AsyncIterator[tuple[DeskApp, Pilot[int]]]:
    """The demo's screen, where a conversation needs a tag to be complete, and none of the first three has one."""
    paths = demo(folder)
    paths.config_toml.write_text(f"complete_needs_tag = {needs}\n{paths.config_toml.read_text()}")
    async with screen(paths) as (app, pilot):
        desk = app.desk_screen
        await until(lambda: bool(desk.showing.accounts) and desk.showing.accounts[0].caught_up)
        await until(lambda: len(desk.queue.picture or ()) > 30)
        await keys(pilot, "g", "r")
        await until(lambda: desk.queue.row is not None)
        first = ids(app)[:3]
        for n, row in rows(app, *first).items():
            if row.tags:
                await desk.acting.do(Tag(conversations=(n,), remove=row.tags))
        yield app, pilot


@on_screen
async def test_what_needs_a_tag_to_be_complete_is_asked_for_it(tmp_path: Path) -> None:
    async with _needing(tmp_path, "true") as (app, pilot):
        n, following = ids(app)[:2]
        await keys(pilot, "e")
        await until(lambda: f"#{n}: needs a tag before it is complete" in text(app))
        await ready(pilot, "escape")
        await until(lambda: app.screen is app.desk_screen)
        assert rows(app, n)[n].status == "open"
        await keys(pilot, "e")
        await until(lambda: isinstance(app.screen, Chooser))
        await ready(pilot, *"sorted", "enter")
        await until(lambda: (rows(app, n)[n].status, rows(app, n)[n].tags) == ("complete", ("sorted",)))
        await until(lambda: app.desk_screen.queue.current == following)


@on_screen
async def test_marked_ones_get_one_of_the_tags_that_will_do(tmp_path: Path) -> None:
    async with _needing(tmp_path, '["bug", "billing"]') as (app, pilot):
        first, second, third = ids(app)[:3]
        await app.desk_screen.acting.do(Tag(conversations=(third,), add=("bug",)))
        await keys(pilot, "x", "j", "x", "j", "x", "E")
        await until(lambda: isinstance(app.screen, Chooser) and "bug" in text(app) and "billing" in text(app))
        await ready(pilot, *"refund", "enter")
        await until(lambda: "Nothing is called that" in text(app))
        await keys(pilot, *["backspace"] * 6, *"bill", "enter")
        await until(lambda: {row.status for row in rows(app, first, second, third).values()} == {"complete"})
        tagged = {n: row.tags for n, row in rows(app, first, second, third).items()}
        assert tagged == {first: ("billing",), second: ("billing",), third: ("bug",)}


@on_screen
async def test_the_line_after_sending_asks_for_the_tag_too(tmp_path: Path) -> None:
    async with _needing(tmp_path, "true") as (app, pilot):
        n, desk = ids(app)[0], app.desk_screen
        await keys(pilot, "r")
        await until(lambda: desk.composer.is_open and desk.composer.has_focus_within)
        await keys(pilot, *"It is on its way.", "ctrl+s")
        await until(lambda: desk.composer.is_after)
        await ready(pilot, "e")
        await until(lambda: isinstance(app.screen, Chooser))
        await ready(pilot, *"sorted", "enter")
        await until(lambda: (rows(app, n)[n].status, rows(app, n)[n].tags) == ("complete", ("sorted",)))
