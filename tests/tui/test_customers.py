"""The customer beside the thread, worked with keys: past conversations and back, one person or two, notes, look-ups."""

import json
import re
import sys
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.desks import demo, demo_screen, keys, screen, text, until
from tests.tui.run import on_screen
from tuidesk.config.paths import Paths
from tuidesk.desk import customer as desk_customer
from tuidesk.desk.picture import Customer
from tuidesk.tui.app import DeskApp
from tuidesk.tui.screens.question import Question
from tuidesk.tui.widgets.customer_lines import Stop

DANA = "dana@ortiz.example"


def timeless(app: DeskApp) -> str:
    """What the screen shows, whatever the clock says: a minute may pass meanwhile."""
    return re.sub(r"\d+", "0", text(app))


async def known(app: DeskApp, who: str = DANA) -> Customer:
    """A customer as the store has it."""
    desk_screen = app.desk_screen
    number = await desk_screen.ask(desk_customer.number_of, who)
    found: Customer = await desk_screen.ask(desk_customer.of, number, desk_screen.showing.now())
    return found


async def at_dana(app: DeskApp, pilot: Pilot[int]) -> None:
    """Dana's newest conversation is open, and the keys are in her history."""
    desk_screen = app.desk_screen
    await keys(pilot, "slash", *"any news on 8841", "enter")
    await until(lambda: desk_screen.showing.view == "search" and desk_screen.queue.row is not None)
    await keys(pilot, "enter")
    await until(
        lambda: desk_screen.customer.contact is not None and desk_screen.thread.conversation is not None
    )
    await keys(pilot, "tab") if desk_screen.panes == "three" else await keys(pilot, "h")
    await until(lambda: desk_screen.at == "customer" and bool(desk_screen.customer.suggestions))


async def go_to(app: DeskApp, pilot: Pilot[int], kind: str, n: int | None = None) -> Stop:
    """The cursor at something of this kind."""
    pane = app.desk_screen.customer
    pane.to_start()
    await keys(pilot, *["k"] * 12)
    for _ in range(60):
        if (stop := pane.current) is not None and stop.kind == kind and n in (None, stop.n):
            return stop
        await keys(pilot, "j")
    raise AssertionError(f"nothing of the kind {kind}")


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (200, 50)])
@on_screen
async def test_a_past_conversation_is_opened_and_one_comes_back_to_where_one_was(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with demo_screen(tmp_path, size) as (app, pilot):
        await at_dana(app, pilot)
        desk_screen = app.desk_screen
        pane, first = desk_screen.customer, desk_screen.thread.conversation
        await keys(pilot, *["j"] * 12, "k")
        stop, before = pane.current, timeless(app)
        assert stop is not None
        await keys(pilot, "enter")
        await until(lambda: desk_screen.thread.conversation == stop.n)
        assert desk_screen.at == "thread"
        await until(lambda: pane.current != stop or size[0] < 120)
        pane.to_start()
        await keys(pilot, "u")
        await until(lambda: desk_screen.thread.conversation == first)
        await until(lambda: timeless(app) == before)
        assert (desk_screen.at, pane.current) == ("customer", stop)
        places = []
        for _ in range(2):
            await keys(pilot, "u")
            places.append(desk_screen.at)
        assert places == ["thread", "queue"]


@on_screen
async def test_steps_back_are_forgotten_when_another_conversation_is_opened(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        await at_dana(app, pilot)
        desk_screen = app.desk_screen
        opened = await go_to(app, pilot, "conversation")
        await keys(pilot, "enter")
        await until(lambda: desk_screen.thread.conversation == opened.n)
        await keys(pilot, "J")
        await until(lambda: desk_screen.thread.conversation not in (None, opened.n))
        await keys(pilot, "u")
        assert desk_screen.at == "queue"


@on_screen
async def test_a_conversation_is_unfolded_in_place_and_folded_again(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        await at_dana(app, pilot)
        for row in (await known(app)).conversations:
            if row.subject == "Gift wrapping":
                await go_to(app, pilot, "conversation", row.n)
        assert "7990" not in text(app)
        await keys(pilot, "o")
        await until(lambda: "7990" in text(app))
        assert app.desk_screen.at == "customer"
        await keys(pilot, "o")
        await until(lambda: "7990" not in text(app))
        await go_to(app, pilot, "suggestion")
        await keys(pilot, "o")
        assert "no conversation here to unfold" in text(app)


async def answer(app: DeskApp, pilot: Pilot[int], key: str) -> str:
    """Answer the question that comes; what it said."""
    await until(lambda: isinstance(app.screen, Question))
    await pilot.pause(0.4)
    said = text(app)
    await keys(pilot, key)
    await until(lambda: app.screen is app.desk_screen)
    return said


@pytest.mark.parametrize("key", ["enter", "plus"])
@on_screen
async def test_a_suggestion_is_asked_about_with_its_evidence_and_merged(tmp_path: Path, key: str) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        await at_dana(app, pilot)
        other = await go_to(app, pilot, "suggestion")
        await keys(pilot, key)
        said = await answer(app, pilot, "escape")
        assert "their bio says dana@ortiz.example" in said
        assert (await known(app)).total == 7
        await keys(pilot, key)
        await answer(app, pilot, "y")
        await until(lambda: "same person: their bio" in text(app))
        dana = await known(app)
        assert (dana.total, other.n in dana.members) == (8, True)
        assert not app.desk_screen.customer.suggestions
        await keys(pilot, "z")
        await until(
            lambda: "took back" in text(app) or "taken back" in text(app) or "SAME PERSON?" in text(app)
        )
        await until(lambda: bool(app.desk_screen.customer.suggestions))
        assert (await known(app)).total == 7


@pytest.mark.parametrize("keys_pressed", [("enter", "n"), ("minus",)])
@on_screen
async def test_two_people_are_not_suggested_again(tmp_path: Path, keys_pressed: tuple[str, ...]) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        await at_dana(app, pilot)
        await go_to(app, pilot, "suggestion")
        await keys(pilot, keys_pressed[0])
        if len(keys_pressed) > 1:
            await answer(app, pilot, keys_pressed[1])
        await until(lambda: not app.desk_screen.customer.suggestions)
        await until(lambda: "SAME PERSON?" not in text(app))
        assert (await known(app)).total == 7


@on_screen
async def test_somebody_is_named_and_a_handle_is_split_off_again(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        await at_dana(app, pilot)
        await go_to(app, pilot, "conversation")
        await keys(pilot, "plus", *"lena.vogt@post.example", "enter")
        assert "Lena Vogt" in await answer(app, pilot, "y")
        await until(lambda: "lena.vogt" in text(app))
        lena = (await known(app, "lena.vogt@post.example")).identities
        member = next(one.contact for one in lena if one.handle == "lena.vogt@post.example")
        await go_to(app, pilot, "member", next(n for n in (await known(app)).members if n == member))
        await keys(pilot, "minus")
        await until(lambda: "lena.vogt" not in text(app).split("BEFORE")[0])
        assert DANA not in [one.handle for one in (await known(app, "lena.vogt@post.example")).identities]
        await keys(pilot, "plus", *"nobody@nowhere.example", "enter")
        await until(lambda: "no customer is known as nobody@nowhere.example" in text(app))


@on_screen
async def test_notes_are_written_edited_and_archived(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        await at_dana(app, pilot)
        await keys(pilot, "N", *"pays late", "enter")
        await until(lambda: "pays late" in text(app) and "NOTES" in text(app))
        await go_to(app, pilot, "note")
        await keys(pilot, "enter", *", but pays", "enter")
        await until(lambda: "pays late, but pays" in text(app))
        assert [note.text for note in (await known(app)).notes] == ["pays late, but pays"]
        await go_to(app, pilot, "note")
        await keys(pilot, "enter", "ctrl+u", "enter")
        await until(lambda: "NOTES" not in text(app))
        await keys(pilot, "z")
        await until(lambda: "pays late, but pays" in text(app))
        await keys(pilot, "N", "escape")
        await keys(pilot, "N", "enter")
        assert len((await known(app)).notes) == 1


def looking(folder: Path, program: str) -> Paths:
    """A demo desk with a program of the user's own."""
    paths = demo(folder)
    command = json.dumps([sys.executable, "-c", program])
    paths.config_toml.write_text(f'[agent]\nname = "Ana"\n[lookup]\ncommand = {command}\n')
    return paths


KNOWS = (
    "import json, sys; first = json.loads(sys.stdin.readline()); "
    "first['fields'] = {'orders': '12', 'evil': '[b]x[/b]\\x1b[31m'}; print(json.dumps(first))"
)


@pytest.mark.parametrize(
    ("program", "shown"), [(KNOWS, "orders: 12"), ("import sys; sys.exit('no such table')", "no such table")]
)
@on_screen
async def test_what_the_users_program_says_stands_in_the_pane(
    tmp_path: Path, program: str, shown: str
) -> None:
    async with screen(looking(tmp_path, program)) as (app, pilot):
        await until(lambda: len(app.desk_screen.queue.picture or ()) > 30)
        await keys(pilot, "g", "r")
        await at_dana(app, pilot)
        await until(lambda: "LOOKUP" in text(app) and shown in " ".join(text(app).replace("│", " ").split()))
        assert app.desk_screen.at == "customer"
        if program is KNOWS:
            assert "[b]x[/b]" in text(app)
            assert "\x1b[31m" not in text(app)


@on_screen
async def test_a_program_that_fails_is_not_asked_again_with_every_change(tmp_path: Path) -> None:
    count = tmp_path / "count"
    program = f"import sys; open({str(count)!r}, 'a').write('x'); sys.exit('no such table')"
    async with screen(looking(tmp_path, program)) as (app, pilot):
        await until(lambda: len(app.desk_screen.queue.picture or ()) > 30)
        await keys(pilot, "g", "r")
        await at_dana(app, pilot)
        await until(lambda: "no such table" in " ".join(text(app).replace("│", " ").split()))
        asked = count.read_text()
        await keys(pilot, "N", *"pays late", "enter")
        await until(lambda: "NOTES" in text(app))
        await pilot.pause(1.5)
        assert count.read_text() == asked
        assert "no such table" in " ".join(text(app).replace("│", " ").split())


@pytest.mark.parametrize(
    ("table", "said"), [("message", "# could not"), ("contact_note", "The customer could not")]
)
@on_screen
async def test_what_cannot_be_read_is_not_nothing_and_not_another_ones(
    tmp_path: Path, table: str, said: str
) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        desk = app.desk_screen
        await until(lambda: desk.customer.customer is not None)
        app.desk.write(lambda store: store.execute(f"ALTER TABLE {table} RENAME TO gone")).result()
        await keys(pilot, "j")
        await until(lambda: said in re.sub("#[0-9]+", "#", text(app)))
        assert desk.customer.customer is None
        assert (desk.thread.conversation is None) == (table == "message")
