"""Ctrl+R on the screen: another way to the same customer, and the text that goes along."""

import asyncio
from pathlib import Path
from threading import Event

from textual.events import Key
from textual.pilot import Pilot

from tests.tui.desks import keys, screen, text, until
from tests.tui.run import on_screen
from tests.tui.shops import account, arrives, ledger, question, shop
from tuidesk.config.paths import Paths
from tuidesk.desk import read
from tuidesk.domain.commands import Merge, Reply, SaveDraft, Settle
from tuidesk.domain.events import Received
from tuidesk.domain.model import Person
from tuidesk.tui.app import DeskApp
from tuidesk.tui.keyboard import DEAF_S
from tuidesk.tui.screens.question import Answer, Question

DANA = {"name": "Dana", "handle": "dana@ortiz.example"}
CALLER = {"name": "Dana", "handle": "+15550100123"}


def phone(folder: Path) -> Paths:
    """Dana has called; two accounts, one of which can send SMS."""
    called = question(1, medium="call", **{"from": CALLER}, text="voicemail")
    paths = shop(folder, called)
    file = paths.accounts / "sms.toml"
    told = question(2, **{"from": {"name": "Kim", "handle": "kim"}})
    file.write_text(account(folder, told, name="sms", media=["sms"], max_length=160, unit="gsm7"))
    file.chmod(0o600)
    return paths


async def open_reply(app: DeskApp, pilot: Pilot[int], n: int, words: str) -> None:
    composer = app.desk_screen.composer
    app.desk_screen.composing.open_again(n, "reply")
    await until(lambda: composer.is_open and composer.has_focus_within)
    await keys(pilot, *words)


async def dialog(app: DeskApp, pilot: Pilot[int]) -> None:
    await keys(pilot, "ctrl+r")
    await until(lambda: "by which way?" in text(app))
    await asyncio.sleep(DEAF_S + 0.1)


def draft(app: DeskApp, n: int, mode: str) -> str:
    found = app.desk.read(read.draft, n, mode).result()
    return found.text if found is not None else ""


async def caught_up(app: DeskApp, count: int) -> None:
    await until(
        lambda: (
            len(app.desk_screen.showing.accounts) == count
            and all(state.caught_up for state in app.desk_screen.showing.accounts)
        )
    )


def caller(app: DeskApp) -> int:
    rows = app.desk.read(read.page, "all", app.desk.clock.now(), 10).result()
    return next(row.n for row in rows if row.medium == "call")


@on_screen
async def test_a_call_is_answered_by_sms_and_the_text_goes_along(tmp_path: Path) -> None:
    async with screen(phone(tmp_path), (80, 24)) as (app, pilot):
        composer = app.desk_screen.composer
        await caught_up(app, 2)
        n = caller(app)
        await open_reply(app, pilot, n, "hello")
        await dialog(app, pilot)
        assert "sms, direct: a new conversation with +15550100123" in " ".join(text(app).split())
        assert "at most 160 SMS signs" in " ".join(text(app).split())
        await keys(pilot, "1")
        await until(lambda: composer.slot is not None and composer.slot.mode == "start")
        assert composer.text == "hello"
        assert "via sms" in text(app)
        assert "155 SMS signs left" in text(app)
        assert (draft(app, n, "reply"), draft(app, 0, "start")) == ("", "hello")
        await keys(pilot, "ctrl+s")
        await until(lambda: len(ledger(tmp_path, "sms")) == 1 or "leaves in" in text(app))
        assert ledger(tmp_path) == []


@on_screen
async def test_a_new_conversation_that_is_begun_is_not_written_over(tmp_path: Path) -> None:
    async with screen(phone(tmp_path), (80, 24)) as (app, pilot):
        composer = app.desk_screen.composer
        await caught_up(app, 2)
        n = caller(app)
        app.desk.do(SaveDraft(conversation=None, mode="start", text="to somebody else")).result()
        await open_reply(app, pilot, n, "hello")
        await dialog(app, pilot)
        await keys(pilot, "1")
        await until(lambda: "is begun already" in text(app))
        assert composer.text == "hello"
        assert draft(app, 0, "start") == "to somebody else"


@on_screen
async def test_a_public_thread_is_answered_directly_and_back(tmp_path: Path) -> None:
    post = question(1, medium="post", visibility="public")
    async with screen(shop(tmp_path, post, visibility=["public", "direct"]), (80, 24)) as (app, pilot):
        await caught_up(app, 1)
        await open_reply(app, pilot, 1, "hello")
        assert "PUBLIC REPLY" in text(app)
        await dialog(app, pilot)
        assert "Now: post, PUBLIC." in text(app)
        await keys(pilot, "1")
        await until(lambda: "= REPLY to the customer" in text(app))
        assert "PUBLIC REPLY" not in text(app)
        await keys(pilot, "escape")
        await until(lambda: not app.desk_screen.composer.is_open)
        await open_reply(app, pilot, 1, "!")
        assert "= REPLY to the customer" in text(app), "the draft keeps its way"
        await dialog(app, pilot)
        await keys(pilot, "1")
        await until(lambda: "PUBLIC REPLY" in text(app))
        await dialog(app, pilot)
        await keys(pilot, "1")
        await until(lambda: "= REPLY to the customer" in text(app))
        await keys(pilot, "ctrl+s")
        await until(lambda: len(ledger(tmp_path)) == 1)
        assert ledger(tmp_path)[0].get("visibility", "direct") == "direct"


@on_screen
async def test_the_name_of_a_way_does_not_act(tmp_path: Path) -> None:
    async with screen(shop(tmp_path, question(1)), (80, 24)) as (app, _):
        hostile = "via [b]x[/b]\x1b[2J\x1b]0;owned\x07 \u202eevil\nnext"
        await app.push_screen(Question("Which way?", (), (Answer("1", hostile, "1"),)))
        await until(lambda: "Which way?" in text(app))
        (shown,) = (line for line in text(app).splitlines() if " 1 " in line and "via" in line)
        assert "[b]x[/b]" in shown
        assert "next" in shown, "it is one line"
        assert not set("\x1b\x07\u202e") & set(text(app))


@on_screen
async def test_a_note_has_no_other_way(tmp_path: Path) -> None:
    async with screen(phone(tmp_path), (80, 24)) as (app, pilot):
        composer = app.desk_screen.composer
        await caught_up(app, 2)
        app.desk_screen.composing.open_again(caller(app), "note")
        await until(lambda: composer.is_open and composer.has_focus_within)
        await keys(pilot, *"mine", "ctrl+r")
        assert "by which way?" not in text(app)
        assert composer.slot is not None
        assert composer.slot.mode == "note"


@on_screen
async def test_of_a_merged_thread_a_reply_leaves_by_the_way_that_stands_on_the_screen(tmp_path: Path) -> None:
    """The customer writes on, in public, while the answer to their direct message is written."""
    dana = {"name": "Dana", "handle": "dana"}
    told = (
        question(1, medium="post", visibility="public", **{"from": dana}),
        question(2, medium="post", visibility="direct", **{"from": dana}),
    )
    async with screen(shop(tmp_path, *told, visibility=["public", "direct"]), (80, 24)) as (app, pilot):
        composer = app.desk_screen.composer
        await caught_up(app, 1)
        app.desk.do(Merge(conversations=(1, 2), into=1)).result()
        await open_reply(app, pilot, 1, "for you alone")
        assert "PUBLIC REPLY" not in text(app)
        more = Received(
            id="m3",
            at=app.desk.clock.now(),
            conversation="c1",
            medium="post",
            visibility="public",
            sender=Person("Dana", "dana"),
            text="hello?",
        )
        arrives(app.desk, more)
        await keys(pilot, "ctrl+s")
        await until(lambda: "hello?" in text(app) and composer.is_open)
        await keys(pilot, "ctrl+s")
        await until(lambda: composer.is_after or len(ledger(tmp_path)) == 1)
        await until(lambda: len(ledger(tmp_path)) == 1)
        assert (ledger(tmp_path)[0]["conversation"], ledger(tmp_path)[0]["visibility"]) == ("c2", "direct")


@on_screen
async def test_what_is_typed_while_the_text_moves_goes_along(tmp_path: Path) -> None:
    async with screen(phone(tmp_path), (80, 24)) as (app, pilot):
        composer = app.desk_screen.composer
        await caught_up(app, 2)
        n = caller(app)
        await open_reply(app, pilot, n, "hello")
        await dialog(app, pilot)
        held = Event()
        app.desk.write(lambda _: held.wait(5))  # a disk that is slow
        try:
            for key in ("1", "e", "z", "x"):
                await app.on_event(Key(key, key))
            await asyncio.sleep(0.1)
        finally:
            held.set()
        await until(lambda: composer.slot is not None and composer.slot.mode == "start")
        await until(lambda: draft(app, 0, "start") == "helloezx")
        assert (composer.text, draft(app, n, "reply")) == ("helloezx", "")


@on_screen
async def test_addresses_of_a_mail_do_not_come_along_where_the_thread_goes_on_by_sms(tmp_path: Path) -> None:
    """A mail is taken back while the customer goes on by SMS: the draft is of the thread, its addresses are not."""
    told = (question(1, medium="mail", **{"from": DANA}), question(2, medium="sms", **{"from": CALLER}))
    same = {
        "type": "contact",
        "medium": "mail",
        "handle": DANA["handle"],
        "same_as": [{"medium": "sms", "handle": CALLER["handle"]}],
    }
    async with screen(shop(tmp_path, *told, same)) as (app, pilot):
        composer = app.desk_screen.composer
        await caught_up(app, 1)
        app.desk.do(Merge(conversations=(1, 2), into=1)).result()
        dana = (Person("Dana", DANA["handle"]),)
        done = app.desk.do(Reply(conversation=1, part=1, text="hello", to=dana, hold=True)).result()
        app.desk.do(Settle(key=done.keys[0], how="back")).result()
        await open_reply(app, pilot, 1, "!")
        assert "via sms" in text(app)
        assert f"To Dana <{CALLER['handle']}>" in text(app)
        assert composer.written().to == ""
        await keys(pilot, "ctrl+s")
        await until(lambda: len(ledger(tmp_path)) == 1)
        sent = ledger(tmp_path)[0]
        assert (sent["conversation"], [who["handle"] for who in sent["to"]]) == ("c2", [CALLER["handle"]])
