"""A conversation in which no reply can be sent: said before anybody types, and to who has typed already."""

import asyncio
from pathlib import Path

from tests.tui.desks import keys, screen, text, until
from tests.tui.run import on_screen
from tests.tui.shops import arrives, ledger, question, shop
from tests.tui.test_guards import SMALL, said, write
from tuidesk.desk import read
from tuidesk.domain.events import Terms
from tuidesk.tui.app import DeskApp
from tuidesk.tui.widgets.thread_head import Refusal

ENCRYPTED = {
    "type": "terms",
    "conversation": "c1",
    "at": "2026-11-20T12:05:00Z",
    "refuses": "the room is \x1b[1mencrypted",
}


def terms(app: DeskApp, refuses: str) -> Terms:
    return Terms(at=app.desk.clock.now(), conversation="c1", refuses=refuses, fields=(("Inbox", "Web"),))


@on_screen
async def test_reply_says_why_not_and_a_note_can_be_written(tmp_path: Path) -> None:
    async with screen(shop(tmp_path, question(1), ENCRYPTED)) as (app, pilot):
        composer = app.desk_screen.composer
        await until(lambda: len(app.desk_screen.queue.picture or ()) == 1)
        await keys(pilot, "g", "r", "enter")
        await until(lambda: "no reply: the room is" in text(app))
        assert "\x1b" not in text(app)
        await keys(pilot, "r")
        await until(lambda: "#1 takes no reply: the room is" in said(app))
        assert not composer.is_open
        await keys(pilot, "n")
        await until(lambda: composer.is_open)
        await keys(pilot, *"aside", "ctrl+s")
        await until(lambda: [line["type"] for line in ledger(tmp_path)] == ["note"])


@on_screen
async def test_what_is_being_written_is_refused_with_the_reason_and_stays(tmp_path: Path) -> None:
    async with screen(shop(tmp_path, question(1))) as (app, pilot):
        composer = app.desk_screen.composer
        await write(app, pilot, "nearly done")
        await asyncio.to_thread(arrives, app.desk, terms(app, "the customer has blocked us"))
        await until(lambda: "no reply: the customer has blocked us" in text(app))
        assert "Inbox: Web" in text(app), "beside the thread"
        await keys(pilot, "ctrl+s")
        await until(lambda: "takes no reply:" in text(app))
        assert (composer.text, composer.is_open) == ("nearly done", True)
        assert ledger(tmp_path) == []
        await until(lambda: app.desk.read(read.draft, 1, "reply").result() is not None)
        await asyncio.to_thread(arrives, app.desk, terms(app, ""))
        await until(lambda: not app.desk_screen.query_one(Refusal).display)
        await keys(pilot, "ctrl+s")
        await until(lambda: [line["text"] for line in ledger(tmp_path)] == ["nearly done"])


@on_screen
async def test_at_80_columns_it_fits_beside_the_status(tmp_path: Path) -> None:
    async with screen(shop(tmp_path, question(1), ENCRYPTED), SMALL) as (app, pilot):
        await until(lambda: len(app.desk_screen.queue.picture or ()) == 1)
        await keys(pilot, "g", "r", "enter")
        await until(lambda: "no reply: the room is" in text(app))
