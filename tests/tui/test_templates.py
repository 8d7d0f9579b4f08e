"""Templates and canned replies of a channel on the screen: when the time for replies is over, and before."""

from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.tui.desks import keys, screen, text, until
from tests.tui.run import on_screen
from tests.tui.shops import ledger, question, shop
from tests.tui.test_canned import picker
from tests.tui.test_guards import SMALL, said, write
from tuidesk.config.paths import Paths
from tuidesk.desk import read
from tuidesk.tui.app import DeskApp

ORDER = {"name": "order news", "text": "Order {{1}} is {{2}}.", "template": "HX1"}
HELLO = {"name": "hello", "text": "Hello {{contact.first_name}}"}


def closed(folder: Path, *canned: dict[str, Any], window_s: int = 3600) -> Paths:
    """A shop whose customer wrote long ago."""
    return shop(folder, question(1), windows={"form": window_s}, canned=list(canned))


async def opened(app: DeskApp, pilot: Pilot[int]) -> None:
    await until(lambda: len(app.desk_screen.queue.picture or ()) == 1)
    await keys(pilot, "g", "r", "enter")
    await until(lambda: app.desk_screen.thread.conversation == 1)


async def answer(pilot: Pilot[int], words: str) -> None:
    """One question of the dialog."""
    await keys(pilot, *words, "enter")


@on_screen
async def test_m_offers_templates_first_asks_for_its_places_and_sends_it_as_one(tmp_path: Path) -> None:
    async with screen(closed(tmp_path, HELLO, ORDER)) as (app, pilot):
        composer = app.desk_screen.composer
        await opened(app, pilot)
        await until(lambda: "form via shop  templates only" in text(app))
        await keys(pilot, "m")
        await until(lambda: "the time for replies is over, templates first" in text(app))
        shown = text(app)
        assert shown.index("order news") < shown.index("hello")
        assert "template shop" in shown, "marked with its account"
        dialog = await picker(app)
        await until(lambda: bool(dialog._found))
        await keys(pilot, "enter")
        await until(lambda: "order news: 1 of 2" in text(app))
        await answer(pilot, "8841")
        await until(lambda: "order news: 2 of 2" in text(app))
        await answer(pilot, "late")
        await until(lambda: composer.text == "Order 8841 is late.")
        await until(lambda: "it leaves as a template" in text(app))
        assert "^T has the templates" in text(app)
        await keys(pilot, "ctrl+s")
        await until(lambda: len(ledger(tmp_path)) == 1)
        sent = ledger(tmp_path)[0]
        assert (sent["template"], sent["values"]) == ("HX1", {"1": "8841", "2": "late"})


@on_screen
async def test_free_text_is_refused_with_the_reason_and_kept(tmp_path: Path) -> None:
    async with screen(closed(tmp_path, ORDER), SMALL) as (app, pilot):
        composer = app.desk_screen.composer
        await write(app, pilot, "too late")
        assert "The time for replies is over" in text(app), "before anything was typed"
        await keys(pilot, "ctrl+s")
        await until(lambda: "nothing but a template is taken now (order news)" in said(app))
        assert (composer.text, ledger(tmp_path)) == ("too late", [])
        await until(lambda: app.desk.read(read.draft, 1, "reply").result() is not None)


@on_screen
async def test_a_template_with_other_words_says_that_it_is_none(tmp_path: Path) -> None:
    async with screen(closed(tmp_path, {**ORDER, "text": "Your order is late."}), SMALL) as (app, pilot):
        composer = app.desk_screen.composer
        await write(app, pilot, "oh")
        await keys(pilot, "ctrl+t")
        dialog = await picker(app)
        await until(lambda: bool(dialog._found))
        await keys(pilot, "enter")
        await until(lambda: "only with no other words" in text(app))
        assert composer.text == "ohYour order is late."
        await keys(pilot, "ctrl+s")
        await until(lambda: "nothing but a template" in said(app))
        await keys(pilot, "ctrl+a", *["delete"] * 2, "ctrl+s")
        await until(lambda: [sent["template"] for sent in ledger(tmp_path)] == ["HX1"])


@on_screen
async def test_without_templates_it_is_asked_and_while_the_time_runs_nothing_is(tmp_path: Path) -> None:
    async with screen(closed(tmp_path / "a", HELLO), SMALL) as (app, pilot):
        await write(app, pilot, "late")
        assert "will most likely refuse it" in text(app)
        await keys(pilot, "ctrl+s")
        await until(lambda: "takes replies is over" in text(app))
        await keys(pilot, "ctrl+s")
        await until(lambda: len(ledger(tmp_path / "a")) == 1)
    async with screen(closed(tmp_path / "b", ORDER, window_s=10**9), SMALL) as (app, pilot):
        await write(app, pilot, "in time")
        assert "is over" not in text(app)
        await keys(pilot, "ctrl+s")
        await until(lambda: len(ledger(tmp_path / "b")) == 1)
        assert "template" not in ledger(tmp_path / "b")[0]
