"""What becomes of a reply after it was sent, on the screen: the line after sending, and the questions about it."""

import asyncio
import json
import sys
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.desks import home, keys, screen, text, until
from tests.tui.run import on_screen
from tuidesk.config.paths import Paths
from tuidesk.desk import read
from tuidesk.desk.picture import ShownMessage, Thread
from tuidesk.domain.commands import SaveDraft
from tuidesk.tui.app import DeskApp
from tuidesk.tui.keyboard import DEAF_S
from tuidesk.tui.widgets.draft_text import DraftText

_ANSWERS = """
import json, sys
def tell(**event):
    print(json.dumps(event), flush=True)
sys.stdin.readline()
tell(type="ready", identity={"name": "Shop", "handle": "shop"}, caps={"performs": ["reply", "start"]})
for n in (1, 2):
    tell(type="received", id=f"m{n}", at=f"2026-11-20T12:0{n}:00Z", conversation=f"c{n}", medium="form",
         **{"from": {"name": f"Customer {n}", "handle": f"customer{n}"}}, text=f"question {n}")
tell(type="idle")
for line in sys.stdin:
    said = json.loads(line)
    if said["type"] in ("reply", "start"):
        tell(type="error", key=said["key"], error=sys.argv[1], reason="the shop said no to it")
"""
"""A shop with two customers that answers every reply with the error it was started with."""


def shop(folder: Path, error: str, hold: str = "0") -> Paths:
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / "shop.py"
    script.write_text(_ANSWERS)
    command = json.dumps([sys.executable, str(script), error])
    paths = home(folder / "home", shop=f'kind = "pipe"\nid = "shop"\ncommand = {command}\n')
    paths.config_toml.write_text('[agent]\nname = "Ana"\n[hold]\nother = ' + hold + "\n")
    return paths


def thread(app: DeskApp, n: int) -> Thread:
    return app.desk.read(read.thread, n, app.desk.clock.now()).result()


async def write(app: DeskApp, pilot: Pilot[int], words: str) -> int:
    """Answer the conversation at the mark."""
    composer = app.desk_screen.composer
    n = app.desk_screen.queue.current
    assert n is not None
    await keys(pilot, "r")
    await until(lambda: composer.is_open)
    await keys(pilot, *("space" if letter == " " else letter for letter in words), "ctrl+s")
    await until(lambda: composer.is_after)
    await asyncio.sleep(DEAF_S + 0.1)
    return n


@on_screen
async def test_the_line_after_sending_follows_the_reply_and_completes_nothing_that_failed(
    tmp_path: Path,
) -> None:
    async with screen(shop(tmp_path, "rejected")) as (app, pilot):
        await until(lambda: len(app.desk_screen.queue.picture or ()) == 2)
        n = await write(app, pilot, "never sent")
        await until(lambda: "NOT SENT: the shop said no to it" in text(app))
        await keys(pilot, "e")
        await until(lambda: not app.desk_screen.composer.is_after)
        await asyncio.sleep(0.3)
        assert thread(app, n).row.status == "open"
        message = app.desk_screen.thread.current
        assert message is not None
        assert message.text.strip() == "never sent"


async def fails(app: DeskApp, pilot: Pilot[int], words: str) -> int:
    """A reply that was refused; back in the thread."""
    await until(lambda: len(app.desk_screen.queue.picture or ()) == 2)
    n = await write(app, pilot, words)
    await until(lambda: "NOT SENT" in text(app))
    await keys(pilot, "enter")
    await until(lambda: not app.desk_screen.composer.is_after)
    return n


def failed(app: DeskApp, n: int) -> list[object]:
    return [item for item in thread(app, n).items if getattr(item, "state", "") == "failed"]


@pytest.mark.parametrize("key", ["enter", "r"])
@on_screen
async def test_a_failed_reply_opens_back_in_the_composer_with_the_reason_and_is_there_once(
    tmp_path: Path, key: str
) -> None:
    async with screen(shop(tmp_path, "rejected"), (80, 24)) as (app, pilot):
        composer = app.desk_screen.composer
        n = await fails(app, pilot, "words of mine")
        await keys(pilot, key)
        await until(lambda: composer.is_open)
        assert composer.text.strip() == "words of mine"
        assert "! It was not sent: the shop said no to it" in text(app)
        assert failed(app, n) == []
        await keys(pilot, "!", "ctrl+s")
        await until(lambda: len(failed(app, n)) == 1)
        texts = [m.text for m in thread(app, n).items if getattr(m, "direction", "") == "out"]  # type: ignore[union-attr]  # only messages have one
        assert texts == ["words of mine!"]


@on_screen
async def test_a_failed_reply_is_gone_on_with_from_the_queue_and_by_what_was_typed_since(
    tmp_path: Path,
) -> None:
    async with screen(shop(tmp_path, "rejected"), (80, 24)) as (app, pilot):
        composer = app.desk_screen.composer
        n = await fails(app, pilot, "words")
        app.desk.do(SaveDraft(conversation=n, mode="reply", text="typed since")).result()
        await keys(pilot, "escape")
        await until(lambda: app.desk_screen.at == "queue" and app.desk_screen.queue.current == n)
        await keys(pilot, "r")
        await until(lambda: composer.is_open)
        assert composer.text == "words\n\ntyped since"


@on_screen
async def test_a_reply_that_may_have_arrived_is_named_in_its_question(tmp_path: Path) -> None:
    async with screen(shop(tmp_path, "unconfirmed"), (80, 24)) as (app, pilot):
        await until(lambda: len(app.desk_screen.queue.picture or ()) == 2)
        await write(app, pilot, "perhaps")
        await until(lambda: "UNKNOWN, it may have arrived" in text(app))
        await keys(pilot, "enter", "enter")
        await until(lambda: "“perhaps”" in text(app))
        assert "the channel has not said" in text(app), "the whole sentence, on two lines"
        assert "what became of it." in text(app)
        await asyncio.sleep(DEAF_S + 0.1)
        await keys(pilot, "c")
        await until(lambda: "the channel cannot tell" in text(app))


@on_screen
async def test_a_reply_that_may_have_arrived_opens_in_the_composer_and_is_not_sent_by_that(
    tmp_path: Path,
) -> None:
    async with screen(shop(tmp_path, "unconfirmed"), (80, 24)) as (app, pilot):
        await until(lambda: len(app.desk_screen.queue.picture or ()) == 2)
        n = await write(app, pilot, "perhaps")
        await until(lambda: "UNKNOWN, it may have arrived" in text(app))
        await keys(pilot, "enter", "enter")
        await until(lambda: "“perhaps”" in text(app))
        await asyncio.sleep(DEAF_S + 0.1)
        begun = SaveDraft(
            conversation=n, mode="reply", text="more", cc="legal@shop.example", sender="me@x.example"
        )
        app.desk.do(begun).result()
        await keys(pilot, "w")
        await until(lambda: app.desk_screen.composer.is_open)
        assert app.desk_screen.composer.text == "perhaps\n\nmore"
        draft = app.desk.read(read.draft, n, "reply").result()
        assert draft is not None
        assert (draft.cc, draft.sender) == ("legal@shop.example", "me@x.example"), (
            "it goes to whom it was to go"
        )
        assert "may have arrived" in text(app)
        await keys(pilot, *"!", "ctrl+s")
        await until(lambda: len([m for m in thread(app, n).items if getattr(m, "state", "")]) == 2)
        states = [m.state for m in thread(app, n).items if isinstance(m, ShownMessage) and m.state]
        assert states == ["unknown", "queued"], (
            "the new one waits until the agent has said what became of the old"
        )


@on_screen
async def test_a_new_conversation_taken_back_is_in_the_composer_again_and_leaves_no_ghost(
    tmp_path: Path,
) -> None:
    async with screen(shop(tmp_path, "unavailable", "20")) as (app, pilot):
        screen_ = app.desk_screen
        await until(lambda: len(screen_.queue.picture or ()) == 2)
        for first in (True, False):
            await keys(pilot, "c")
            await until(lambda: screen_.composer.is_open)
            if first:
                await keys(pilot, *"customer9@shop.example")
                while not isinstance(app.focused, DraftText):
                    await keys(pilot, "tab")
                await keys(pilot, *"news", "ctrl+s")
            else:
                await keys(pilot, "ctrl+s")
            await until(lambda: screen_.composer.is_after)
            await until(lambda: screen_.thread.conversation not in (None, 1, 2))
            ghost = screen_.thread.conversation
            await asyncio.sleep(DEAF_S + 0.1)
            await keys(pilot, *(["z"] if first else ["enter", "z"]))
            await until(lambda: screen_.composer.is_open)
            assert screen_.composer.slot is not None
            assert screen_.composer.slot.mode == "start"
            assert screen_.composer.text.strip() == "news"
            assert screen_.thread.conversation != ghost
            await keys(pilot, "escape")
            await until(lambda: not screen_.composer.is_open)
        assert sorted(app.desk.read(read.queue, "all", 0).result()) == [1, 2]
