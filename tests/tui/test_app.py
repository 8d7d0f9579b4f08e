"""The screen on a real desk: what keys do to conversations, and what is said about it."""

import asyncio
from pathlib import Path

import pytest
from textual.events import Key

from tests.desk.home import desk_at
from tests.tui.desks import demo, demo_screen, home, keys, screen, spoken, text, until
from tests.tui.run import on_screen
from tuidesk.desk import read
from tuidesk.desk.opening import open_screen
from tuidesk.desk.picture import ShownMessage
from tuidesk.domain.commands import Complete, Note
from tuidesk.tui.app import DeskApp
from tuidesk.tui.keyboard import DEAF_S

SIZES = [(80, 24), (120, 36), (200, 50)]


def status(app: DeskApp, n: int) -> str:
    found = app.desk.read(read.rows, [n], app.desk.clock.now()).result()
    return found[n].status


@pytest.mark.parametrize("size", SIZES)
@on_screen
async def test_the_queue_comes_up(tmp_path: Path, size: tuple[int, int]) -> None:
    async with demo_screen(tmp_path, size) as (app, _):
        shown = text(app)
        assert "[Open " in shown
        assert "1 account ok" in shown
        assert "wait " in shown
        assert "r reply" in shown
        assert len(shown.splitlines()) == size[1]


@on_screen
async def test_on_a_narrow_screen_what_must_be_checked_is_named_before_what_only_waits(
    tmp_path: Path,
) -> None:
    async with demo_screen(tmp_path, (50, 15)) as (app, _):
        first = text(app).splitlines()[0]
        assert "[Open " in first
        assert "Check 1" in first
        assert "account" in first


@on_screen
async def test_a_zone_that_is_none_is_said_when_the_screen_starts(tmp_path: Path) -> None:
    paths = demo(tmp_path)
    hours = '[hours]\nzone = "Europe/Belrin"\nweek = { mon = ["09:00-17:00"] }\n'
    paths.config_toml.write_text(hours)
    desk = open_screen([], str(tmp_path))
    app = DeskApp(desk)
    try:
        async with app.run_test(size=(120, 36)):
            await until(lambda: "did you mean Europe/Berlin?" in text(app))
    finally:
        await asyncio.to_thread(desk.close)


@pytest.mark.parametrize("size", SIZES)
@on_screen
async def test_a_conversation_opens_and_the_way_back(tmp_path: Path, size: tuple[int, int]) -> None:
    async with demo_screen(tmp_path, size) as (app, pilot):
        n = app.desk_screen.queue.current
        await keys(pilot, "enter")
        await until(lambda: app.desk_screen.thread.conversation == n)
        assert app.desk_screen.thread.has_focus_within
        assert f"#{n} " in text(app)
        await keys(pilot, "u")
        assert app.desk_screen.queue.has_focus
        assert app.desk_screen.queue.current == n


@on_screen
async def test_beside_the_list_the_thread_follows_the_mark(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        await keys(pilot, "j", "j", "j")
        n = app.desk_screen.queue.current
        await until(lambda: app.desk_screen.thread.conversation == n)
        assert app.desk_screen.at == "queue"


@on_screen
async def test_complete_goes_on_to_the_next_and_undo_brings_it_back(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        queue = app.desk_screen.queue
        assert queue.picture is not None
        first, second = queue.picture.ids[0], queue.picture.ids[1]
        await keys(pilot, "e")
        await until(lambda: queue.current == second)
        assert status(app, first) == "complete"
        await until(lambda: f"complete #{first}. Ivy Chen has 1 more open: #" in text(app))
        await until(lambda: "* c marks it   z takes it back" in text(app))
        assert list(queue.picture.ids)[:2] == [first, second], "it stays in its place until g r"
        await until(lambda: "complete " in text(app).splitlines()[1])
        await keys(pilot, "z")
        await until(lambda: status(app, first) == "open")
        await until(lambda: "taken back" in text(app))


@on_screen
async def test_what_is_done_is_done_to_what_the_key_was_pressed_on(tmp_path: Path) -> None:
    """D1 of the other helpdesk client: the list moved, and the reply went to somebody else."""
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        queue = app.desk_screen.queue
        assert queue.picture is not None
        await keys(pilot, "j", "b")
        bound = queue.current
        app.desk_screen.showing.open_view("complete")
        await until(lambda: queue.picture is not None and queue.picture.view == "complete")
        await keys(pilot, "2", "h", "enter")
        assert bound is not None
        await until(lambda: status(app, bound) == "snoozed")


@on_screen
async def test_new_mail_moves_nothing_under_the_mark(tmp_path: Path) -> None:
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
        await keys(pilot, "j", "j", "j")
        at, before = queue.current, text(app)
        await asyncio.wrap_future(app.desk.do(Note(conversation=3, text="a note changes its row")))
        await asyncio.wrap_future(app.desk.do(Complete(conversations=(6,))))
        await until(lambda: "complete" in text(app))
        assert queue.current == at
        after = text(app).splitlines()
        for y, line in enumerate(before.splitlines()[1:20], 1):
            if "Customer 6" not in line:
                assert after[y][14:60] == line[14:60]


@on_screen
async def test_a_reply_is_written_sent_and_taken_back(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        desk_screen = app.desk_screen
        mail = next(
            n
            for n, row in (desk_screen.queue.picture.rows if desk_screen.queue.picture else {}).items()
            if row is not None and row.medium == "mail" and not row.trouble
        )
        desk_screen.queue.go_to(mail)
        await keys(pilot, "r")
        await until(lambda: desk_screen.composer.is_open)
        assert desk_screen.composer.slot is not None
        assert desk_screen.composer.slot.conversation == mail
        await keys(pilot, "I", "t")
        await until(lambda: desk_screen.composer.text == "It")
        await until(lambda: app.desk.read(read.draft, mail, "reply").result() is not None)
        await keys(pilot, "ctrl+s")
        await until(lambda: "takes it back" in text(app))
        thread = app.desk.read(read.thread, mail, app.desk.clock.now()).result()
        last = [item for item in thread.items if isinstance(item, ShownMessage)][-1]
        assert (last.text.strip(), last.state) == ("It", "queued")
        await asyncio.sleep(DEAF_S + 0.1)
        await keys(pilot, "z")
        await until(lambda: desk_screen.composer.is_open and desk_screen.composer.text.strip() == "It")


@on_screen
async def test_what_is_typed_while_the_composer_opens_is_text(tmp_path: Path) -> None:
    """A fast hand types the answer before there is a field: no letter of it may be a command."""
    async with demo_screen(tmp_path) as (app, _):
        n = app.desk_screen.queue.current
        assert n is not None
        for letter in "reOpen it!":
            app.post_message(Key("space" if letter == " " else letter, letter))
        await until(lambda: app.desk_screen.composer.is_open)
        await until(lambda: app.desk_screen.composer.text == "eOpen it!")
        assert status(app, n) == "open"
        assert app.desk.read(read.undoable, "screen").result() == (0, "")
        for key in ("escape", "n", "escape", "j"):
            app.post_message(Key(key, key if len(key) == 1 else None))
        await until(lambda: not app.desk_screen.composer.is_open)
        await asyncio.sleep(0.3)
        assert not app.desk_screen.composer.is_open


@on_screen
async def test_drafts_are_kept_apart_and_come_back(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        composer = app.desk_screen.composer
        for key, words in (("r", "to"), ("n", "us")):
            await keys(pilot, key)
            await until(lambda: composer.is_open)
            await keys(pilot, *words, "escape")
            await until(lambda: not composer.is_open)
        n = app.desk_screen.thread.conversation
        assert n is not None
        for key, words in (("r", "to"), ("n", "us")):
            await keys(pilot, key)
            await until(lambda: composer.is_open)
            assert composer.text == words
            await keys(pilot, "escape")
            await until(lambda: not composer.is_open)
        row = app.desk.read(read.rows, [n], app.desk.clock.now()).result()[n]
        assert row.draft


@on_screen
async def test_a_view_a_search_and_back(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        showing = app.desk_screen.showing
        await keys(pilot, "g", "c")
        await until(lambda: "[Complete " in text(app))
        await keys(pilot, "slash", *"refund", "enter")
        await until(lambda: "[Search “refund” " in text(app))
        await keys(pilot, "slash", *["backspace"] * 6, *"xyzzy", "enter")
        await until(lambda: "Nothing is found by" in text(app))
        await keys(pilot, "escape")
        await until(lambda: showing.view == "complete")


@on_screen
async def test_a_key_too_soon_for_a_dialog_is_not_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        with monkeypatch.context() as still_young:  # however long it took to come here
            still_young.setattr("tuidesk.tui.screens.question.DEAF_S", 60.0)
            await keys(pilot, "q")
            await until(lambda: app.screen is not app.desk_screen)
            await keys(pilot, "q")
        assert app.screen is not app.desk_screen, "the second q came with the first"
        assert "Quit?" in text(app)
        await asyncio.sleep(DEAF_S + 0.05)
        await keys(pilot, "escape")
        await until(lambda: app.screen is app.desk_screen)
        await keys(pilot, "q")
        await asyncio.sleep(DEAF_S + 0.1)
        await keys(pilot, "q")
        await until(lambda: not app.is_running)


@on_screen
async def test_what_is_still_going_out_is_named_before_quitting(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        desk_screen = app.desk_screen
        rows = desk_screen.queue.picture.rows if desk_screen.queue.picture else {}
        mail = next(n for n, row in rows.items() if row is not None and row.medium == "mail")
        desk_screen.queue.go_to(mail)
        await keys(pilot, "r")
        await until(lambda: desk_screen.composer.is_open)
        await keys(pilot, "O", "K", "ctrl+s")
        await until(lambda: not desk_screen.composer.is_open)
        await asyncio.sleep(DEAF_S + 0.1)
        await keys(pilot, "enter", "u")
        await until(lambda: "1 going out" in text(app))
        await keys(pilot, "q")
        await until(lambda: app.screen is not desk_screen)
        assert f"#{mail} " in text(app)
        assert "send now" in text(app)
        await asyncio.sleep(DEAF_S + 0.1)
        await keys(pilot, "s")
        await until(lambda: not app.is_running)
        assert app.desk.read(read.leaving).result() == ()


@on_screen
async def test_help_palette_and_accounts(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        await keys(pilot, "question_mark")
        await until(lambda: "Keys: in the queue" in text(app))
        await keys(pilot, "escape", "g", "a")
        await until(lambda: "heard" in text(app) and "This tuidesk pulls and sends" in text(app))
        await keys(pilot, "escape", "colon")
        await until(lambda: "every command" not in text(app) and "what to do" in text(app))
        await keys(pilot, *"snoozed", "enter")
        await until(lambda: "[Snoozed " in text(app))


@on_screen
async def test_the_prefix_shows_what_may_follow(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        await keys(pilot, "g")
        assert "p pending" not in text(app)
        await until(lambda: "p pending" in text(app), 2)
        await keys(pilot, "p")
        await until(lambda: "[Pending " in text(app))


@on_screen
async def test_a_terminal_of_any_size(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        await keys(pilot, "r")
        await until(lambda: app.desk_screen.composer.is_open)
        await keys(pilot, "a")
        for size in [(1, 1), (20, 5), (80, 24), (3, 60), (500, 3), (100, 30), (119, 36), (120, 36)]:
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert app.desk_screen.composer.text == "a"
        assert "[Open " in text(app)


@on_screen
async def test_first_run(tmp_path: Path) -> None:
    from tests.tui.desks import home

    async with screen(home(tmp_path), (80, 24)) as (app, pilot):
        await until(lambda: "No account yet" in text(app))
        assert "sets one up" in text(app)
        await keys(pilot, "s")
        await until(lambda: not app.is_running)
        assert app.desk_screen.then == "setup"


@on_screen
async def test_an_account_that_is_not_let_in_never_looks_like_an_empty_queue(tmp_path: Path) -> None:
    paths = home(tmp_path, broken='kind = "pipe"\nid = "broken"\ncommand = ["/nonexistent/program"]\n')
    async with screen(paths, (80, 24)) as (app, _):
        await until(lambda: "this may be old" in text(app) and "broken" in text(app))
        assert "Nothing waits for you" not in text(app)


@on_screen
async def test_z_takes_back_what_is_shown_and_nothing_of_another_screen(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        queue = app.desk_screen.queue
        assert queue.picture is not None
        n, other = queue.picture.ids[0], queue.picture.ids[3]
        await keys(pilot, "e", "z")  # at once, as fast as can be
        await until(lambda: "taken back" in text(app))
        assert status(app, n) == "open"
        queue.go_to(n)
        await keys(pilot, "e")
        await until(lambda: "z takes it back" in text(app))
        app.desk_screen.showing.stop()
        await asyncio.to_thread(_complete_elsewhere, app, other)
        await keys(pilot, "z")
        await until(lambda: f"complete #{other}" in text(app))
        assert status(app, n) == status(app, other) == "complete"


def _complete_elsewhere(app: DeskApp, number: int) -> None:
    with desk_at(app.desk.paths) as there:
        there.do(Complete(conversations=(number,))).result()


@on_screen
async def test_a_question_does_not_move_the_list(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        desk = app.desk_screen
        desk.queue.go(desk.queue._shown - 1)
        await pilot.pause()
        lines = text(app).splitlines()[1:12]
        for question in ("p", "b"):
            await pilot.press(question)
            await until(lambda: desk.prompt.has_focus_within and not desk.keys.display)
            await pilot.pause()
            assert text(app).splitlines()[1:12] == lines
            await keys(pilot, "escape")
            await until(lambda: desk.keys.display)
