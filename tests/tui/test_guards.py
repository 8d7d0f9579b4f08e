"""Guards on the screen: a thread that moved while a text was written, a window that closed, a text in parts."""

import asyncio
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.tui.desks import keys, screen, text, until
from tests.tui.run import on_screen
from tests.tui.shops import arrives, ledger, question, shop
from tuidesk.domain.commands import Note, Reply
from tuidesk.domain.events import NoteSeen, Received, Sent
from tuidesk.domain.model import Person
from tuidesk.tui.app import DeskApp

SMALL = (80, 24)
SAM = Person("Sam Ito", "sam@acme.example")
CUSTOMER = Person("Customer 1", "customer1@shop.example")


def again(app: DeskApp, words: str, id_: str = "m9") -> Received:
    now = app.desk.clock.now()
    return Received(id=id_, at=now, medium="form", sender=CUSTOMER, text=words, conversation="c1")


def answered(app: DeskApp, words: str) -> Sent:
    now = app.desk.clock.now()
    return Sent(id="s9", at=now, medium="form", sender=SAM, text=words, to=(CUSTOMER,), conversation="c1")


async def write(app: DeskApp, pilot: Pilot[int], words: str) -> None:
    """Open a reply to conversation 1, and type."""
    queue, composer = app.desk_screen.queue, app.desk_screen.composer
    await until(lambda: len(queue.picture or ()) > 0)
    queue.go_to(1)
    app.desk_screen.composing.open_again(1, "reply")
    await until(lambda: composer.is_open and composer.has_focus_within)
    await keys(pilot, *("space" if letter == " " else letter for letter in words))


def said(app: DeskApp) -> str:
    return " ".join(text(app).split())


@on_screen
async def test_an_answer_that_came_meanwhile_stops_the_reply_once_and_is_shown(tmp_path: Path) -> None:
    async with screen(shop(tmp_path), SMALL) as (app, pilot):
        composer = app.desk_screen.composer
        await write(app, pilot, "my answer")
        await asyncio.to_thread(arrives, app.desk, answered(app, "It left today."))
        await keys(pilot, "ctrl+s")
        await until(lambda: "Sam Ito answered" in text(app))
        assert "It left today." in said(app)
        assert "^S again sends, Esc goes back" in said(app)
        assert composer.text == "my answer"
        assert ledger(tmp_path) == []
        await keys(pilot, "ctrl+s")
        await until(lambda: composer.is_after)
        await until(lambda: len(ledger(tmp_path)) == 1)
        assert ledger(tmp_path)[0]["text"] == "my answer"


@on_screen
async def test_what_was_shown_once_does_not_stop_a_text_that_was_changed_for_it_but_news_do(
    tmp_path: Path,
) -> None:
    async with screen(shop(tmp_path), SMALL) as (app, pilot):
        composer = app.desk_screen.composer
        await write(app, pilot, "one")
        await asyncio.to_thread(arrives, app.desk, again(app, "wait please"))
        await keys(pilot, "ctrl+s")
        await until(lambda: "Customer 1 wrote" in text(app))
        await keys(pilot, "escape", "x")
        await asyncio.to_thread(
            arrives,
            app.desk,
            NoteSeen(id="n1", at=app.desk.clock.now(), by=SAM, conversation="c1", text="billing says no"),
        )
        await keys(pilot, "ctrl+s")
        await until(lambda: "Sam Ito noted" in text(app))
        assert "wait please" not in said(app).rpartition("noted")[2]
        await keys(pilot, "escape", "y", "ctrl+s")
        await until(lambda: composer.is_after)
        await until(lambda: [sent["text"] for sent in ledger(tmp_path)] == ["onexy"])


@on_screen
async def test_what_came_since_stops_a_draft_of_days_ago(tmp_path: Path) -> None:
    paths = shop(tmp_path)
    async with screen(paths, SMALL) as (app, pilot):
        await write(app, pilot, "begun")
        await keys(pilot, "escape")
        await until(lambda: not app.desk_screen.composer.is_open)
    async with screen(paths, SMALL) as (app, pilot):
        await asyncio.to_thread(arrives, app.desk, again(app, "and one more"), answered(app, "Done."))
    async with screen(paths, SMALL) as (app, pilot):
        composer = app.desk_screen.composer
        await write(app, pilot, "")
        assert composer.text == "begun"
        await keys(pilot, "ctrl+s")
        await until(lambda: "Sam Ito answered" in text(app))
        assert "And 1 more since you began." in said(app)
        await keys(pilot, "ctrl+s")
        await until(lambda: [sent["text"] for sent in ledger(tmp_path)] == ["begun"])


@on_screen
async def test_nothing_new_asks_nothing_and_a_note_of_ones_own_is_nothing_new(tmp_path: Path) -> None:
    async with screen(shop(tmp_path), SMALL) as (app, pilot):
        composer = app.desk_screen.composer
        await write(app, pilot, "answer")
        await keys(pilot, "escape", "n", *"mine", "ctrl+s")
        await until(lambda: not composer.is_open)
        await keys(pilot, "r")
        await until(lambda: composer.is_open)
        assert composer.text == "answer"
        await keys(pilot, "ctrl+s")
        await until(lambda: composer.is_after)


@on_screen
async def test_a_window_that_closed_is_asked_about(tmp_path: Path) -> None:
    async with screen(shop(tmp_path, window_s=3600), SMALL) as (app, pilot):
        await write(app, pilot, "late")
        await keys(pilot, "ctrl+s")
        await until(lambda: "takes replies is over" in text(app))
        await keys(pilot, "ctrl+s")
        await until(lambda: len(ledger(tmp_path)) == 1)


@on_screen
async def test_a_long_text_goes_in_parts_that_the_thread_shows(tmp_path: Path) -> None:
    async with screen(shop(tmp_path, max_length=13), SMALL) as (app, pilot):
        await write(app, pilot, "first words. second words.")
        await keys(pilot, "ctrl+s")
        await until(lambda: "in 2 parts of at most 13" in said(app))
        assert ledger(tmp_path) == []
        await keys(pilot, "ctrl+s")
        await until(lambda: [sent["text"] for sent in ledger(tmp_path)] == ["first words.", "second words."])


@on_screen
async def test_words_of_the_config_are_asked_about_and_an_agents_name(tmp_path: Path) -> None:
    config = '[guards]\nnote_words = ["geheim"]\n'
    told: list[dict[str, Any]] = [question(1), question(2)]
    async with screen(shop(tmp_path, *told, config=config), SMALL) as (app, pilot):
        await write(app, pilot, "das ist geheim")
        await keys(pilot, "ctrl+s")
        await until(lambda: "“geheim” looks like a note" in said(app))
        assert ledger(tmp_path) == []


@on_screen
async def test_what_is_answered_is_quoted_and_never_a_note(tmp_path: Path) -> None:
    async with screen(shop(tmp_path), SMALL) as (app, pilot):
        composer = app.desk_screen.composer
        await write(app, pilot, "")
        app.desk.do(Note(conversation=1, text="for the team alone")).result()
        await until(lambda: "for the team alone" in text(app))
        await keys(pilot, ">")
        await until(lambda: composer.text != "")
        assert composer.text.splitlines()[1:] == ["> question 1", ""]
        assert composer.text.startswith("On 20 Nov")
        await keys(pilot, *"Yes.")
        assert composer.text.endswith("> question 1\n\nYes.")


@on_screen
async def test_what_another_screen_has_sent_from_the_same_draft_is_not_sent_twice(tmp_path: Path) -> None:
    """One agent, two screens on one store: the draft is open in both."""
    async with screen(shop(tmp_path), SMALL) as (app, pilot):
        composer = app.desk_screen.composer
        await write(app, pilot, "my answer")
        await until(lambda: not composer.unsaved())
        app.desk.do(Reply(conversation=1, text="my answer")).result()
        await until(lambda: len(ledger(tmp_path)) == 1)
        await keys(pilot, "ctrl+s")
        await until(lambda: "The same words were sent" in said(app))
        assert composer.text == "my answer"
        await keys(pilot, "escape")
        assert composer.is_open
        await asyncio.sleep(0.3)
        assert len(ledger(tmp_path)) == 1
