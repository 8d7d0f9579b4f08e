"""What goes wrong in other clients of helpdesks, by its number; none of it does here.

The channel is a program of the tests' own that reorders, answers late, refuses, hangs and cuts. What it was asked is in
its ledger, and the ledger is the judge.
"""

import asyncio
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.terminal import Terminal
from tests.tui.desks import keys, screen, text, until
from tests.tui.run import on_screen
from tests.tui.unruly import Unruly
from tuidesk.desk import read
from tuidesk.desk.picture import ShownMessage, Thread
from tuidesk.tui.app import DeskApp
from tuidesk.tui.keyboard import DEAF_S


@pytest.fixture
def shop(tmp_path: Path) -> Unruly:
    return Unruly(tmp_path / "shop")


async def _up(app: DeskApp, rows: int = 3) -> None:
    await until(lambda: len(app.desk_screen.queue.picture or ()) == rows)
    await until(lambda: app.desk_screen.queue.row is not None)


def _thread(app: DeskApp, n: int) -> Thread:
    return app.desk.read(read.thread, n, app.desk.clock.now()).result()


async def _type_reply(app: DeskApp, pilot: Pilot[int], words: str) -> None:
    composer = app.desk_screen.composer
    await keys(pilot, "r")
    await until(lambda: composer.is_open and composer.has_focus_within)
    await keys(pilot, *("space" if letter == " " else letter for letter in words))


def _remote(app: DeskApp, n: int | None) -> str:
    """The channel's name of a conversation: customer 2 writes in c2."""
    assert n is not None
    return f"c{int(_thread(app, n).row.handle.removeprefix('customer'))}"


# D1: the list is replaced below the cursor, and an action hits another customer


@on_screen
async def test_d1_an_action_is_about_the_customer_on_the_screen_however_the_list_moves(shop: Unruly) -> None:
    async with screen(shop.paths) as (app, pilot):
        await _up(app)
        await keys(pilot, "j", "enter")
        queue, thread = app.desk_screen.queue, app.desk_screen.thread
        await until(lambda: thread.conversation == queue.current)
        meant = _remote(app, queue.current)
        others = [n for n in (1, 2, 3) if f"c{n}" != meant]
        await _type_reply(app, pilot, "for you")
        for minute, n in enumerate([*others, 7, 8, 9], 20):
            shop.write(n, "me first", minute=minute)
        await until(lambda: "3 new" in text(app))
        await keys(pilot, "ctrl+s")
        await until(lambda: len(shop.asked("reply")) == 1)
        assert shop.asked("reply") == [("reply", meant, "for you")]

        await asyncio.sleep(DEAF_S + 0.1)
        await keys(pilot, "enter", "escape", "g", "r")
        await until(lambda: len(queue.picture or ()) == 5)
        row = queue.row
        assert row is not None
        named = _remote(app, row.n)
        shop.write(1, "and again", minute=40)
        shop.write(2, "and again", minute=41)
        await until(lambda: _said_last(app).count("and again") == 2)
        await until(
            lambda: queue.row == _thread(app, row.n).row
        )  # else `e` is refused: there is a newer word
        await keys(pilot, "e")
        await until(lambda: len(shop.asked("complete")) == 1)
        assert shop.asked("complete") == [("complete", named, "")]


def _said_last(app: DeskApp) -> list[str]:
    rows = app.desk.read(read.page, "open", app.desk.clock.now(), 10).result()
    return [row.snippet for row in rows]


# D2: a late answer is shown for the wrong thread


@on_screen
async def test_d2_what_comes_late_is_not_shown_beside_another_conversation(shop: Unruly) -> None:
    shop.write(1, "with a file", minute=9, attachments=[_receipt()])
    shop.behave("late 0.5")
    async with screen(shop.paths) as (app, pilot):
        await _up(app)
        thread, queue = app.desk_screen.thread, app.desk_screen.queue
        await keys(pilot, "enter")
        await until(lambda: thread.conversation == queue.current)
        await keys(pilot, "d", *"JJKKJ")  # the answers of all of these are under way at once
        await asyncio.sleep(0.8)
        n = queue.current
        assert n is not None
        assert thread.conversation == n
        assert f"question {_remote(app, n)[1:]}" in text(app)
        beside = "\n".join(line[-28:] for line in text(app).splitlines())
        assert f"customer{int(_remote(app, n)[1:]):03}" in beside


def _receipt() -> dict[str, Any]:
    return {"name": "receipt.pdf", "size": 20, "type": "application/pdf", "ref": "receipt"}


# D3: a failed send loses the text


@pytest.mark.parametrize("manner", ["reject", "cut", "hang"])
@on_screen
async def test_d3_a_send_that_fails_keeps_its_text(tmp_path: Path, manner: str) -> None:
    shop = Unruly(tmp_path / "shop")
    async with screen(shop.paths) as (app, pilot):
        await _up(app)
        n = app.desk_screen.queue.current
        assert n is not None
        shop.behave(manner)
        await _type_reply(app, pilot, "words of mine")
        await keys(pilot, "ctrl+s")
        state = {"reject": "failed", "cut": "unknown", "hang": "sending"}[manner]
        await until(lambda: [m.state for m in _ours(app, n)] == [state])
        assert [m.text.strip() for m in _ours(app, n)] == ["words of mine"]
        await until(lambda: "words of mine" in text(app))
    assert len(shop.asked("reply")) == 1


def _ours(app: DeskApp, n: int) -> list[ShownMessage]:
    return [m for m in _thread(app, n).items if isinstance(m, ShownMessage) and m.direction == "out"]


# D4: Esc discards, Ctrl+C in the editor quits, a send that hangs takes all keys


@pytest.mark.parametrize("key", ["escape", "ctrl+c"])
@on_screen
async def test_d4_leaving_the_text_keeps_it_and_the_desk_goes_on(tmp_path: Path, key: str) -> None:
    shop = Unruly(tmp_path / "shop")
    async with screen(shop.paths) as (app, pilot):
        await _up(app)
        n = app.desk_screen.queue.current
        assert n is not None
        await _type_reply(app, pilot, "half a")
        await keys(pilot, key)
        await until(lambda: not app.desk_screen.composer.is_open)
        await until(lambda: [d.text.strip() for d in _thread(app, n).drafts] == ["half a"])
        await _type_reply(app, pilot, "!")
        assert app.desk_screen.composer.text.strip() == "half a!"
    assert shop.asked() == []


@on_screen
async def test_d4_a_send_that_hangs_takes_no_key_away(shop: Unruly) -> None:
    async with screen(shop.paths) as (app, pilot):
        await _up(app)
        queue = app.desk_screen.queue
        shop.behave("hang")
        await _type_reply(app, pilot, "hello")
        await keys(pilot, "ctrl+s")
        await until(lambda: len(shop.asked("reply")) == 1)
        await asyncio.sleep(0.4)
        before, began = queue.current, time.monotonic()
        await keys(pilot, "enter", "escape", "j", "e")
        await until(lambda: _status(app, before) != "complete" and len(_complete(app)) == 1)
        assert time.monotonic() - began < 2


def _status(app: DeskApp, n: int | None) -> str:
    assert n is not None
    return _thread(app, n).row.status


def _complete(app: DeskApp) -> list[int]:
    return list(app.desk.read(read.queue, "complete", app.desk.clock.now()).result())


# D5: a refresh that comes while the editor is open is the last of the session


@on_screen
async def test_d5_news_comes_in_while_a_text_is_written_and_ever_after(shop: Unruly) -> None:
    async with screen(shop.paths) as (app, pilot):
        await _up(app)
        await _type_reply(app, pilot, "still writing")
        shop.write(4, "during", minute=20)
        await until(lambda: "Customer 004" in text(app))
        assert app.desk_screen.composer.text.strip() == "still writing"
        await keys(pilot, "escape", "escape")
        shop.write(5, "after", minute=21)
        await until(lambda: "2 new" in text(app))
        await keys(pilot, "g", "r")
        await until(lambda: len(app.desk_screen.queue.picture or ()) == 5)


# D6: an error while loading is dropped, and looks like nothing being there


@on_screen
async def test_d6_a_channel_that_fails_is_named_and_an_empty_queue_is_not_called_peace(
    tmp_path: Path,
) -> None:
    shop = Unruly(tmp_path / "shop", customers=0)
    shop.report(type="exit")
    async with screen(shop.paths) as (app, pilot):
        await until(lambda: "shop" in text(app))
        await until(lambda: app.desk_screen.showing.accounts[:1] != ())
        await until(lambda: app.desk_screen.showing.accounts[0].health not in ("new", "syncing", "ok"))
        await pilot.pause(0.2)
        assert "Nothing waits for you" not in text(app)
        assert "shop" in text(app)


# D7: only the list is asked: an open thread never shows the new message


@on_screen
async def test_d7_an_open_thread_shows_what_comes(shop: Unruly) -> None:
    async with screen(shop.paths, (80, 24)) as (app, pilot):
        await _up(app)
        await keys(pilot, "enter")
        thread = app.desk_screen.thread
        await until(lambda: thread.conversation is not None)
        n = int(_remote(app, thread.conversation)[1:])
        shop.write(n, "one more thing", minute=30)
        await until(lambda: "one more thing" in text(app))


# D8: the idle screen is drawn again and again


def test_d8_an_idle_desk_writes_nothing_and_takes_no_time(shop: Unruly) -> None:
    run = [sys.executable, "-m", "tuidesk", "--home", str(shop.paths.config.parent)]
    with Terminal(run, columns=120, lines=36) as terminal:
        terminal.until("question 1")
        terminal.pump(3)
        quiet = []
        for _ in range(3):  # a minute may end in one of them
            written, cpu = len(terminal.written), _cpu_s(terminal.process.pid)
            terminal.pump(2)
            quiet.append((len(terminal.written) - written, _cpu_s(terminal.process.pid) - cpu))
        assert min(count for count, _ in quiet) == 0, quiet
        assert min(cpu for _, cpu in quiet) < 0.2, quiet
        terminal.process.kill()


def _cpu_s(pid: int) -> float:
    """User and system time so far (proc(5)), in hundredths as Linux counts them."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


# D9: moving the cursor clears the thread; each open is a round trip


@on_screen
async def test_d9_a_thread_is_there_without_asking_the_channel(shop: Unruly) -> None:
    async with screen(shop.paths) as (app, pilot):
        await _up(app)
        shop.behave("hang")
        thread, queue = app.desk_screen.thread, app.desk_screen.queue
        await until(lambda: thread.conversation == queue.current)
        for key in ("j", "j", "k"):
            shown = thread.conversation
            await keys(pilot, key)
            assert thread.conversation in (shown, queue.current), "never empty meanwhile"
            await until(lambda: thread.conversation == queue.current)
            assert f"question {_remote(app, queue.current)[1:]}" in text(app)
    assert shop.asked() == []


# D10: what is picked while writing takes the text behind the cursor away


@on_screen
async def test_d10_what_is_put_in_leaves_the_text_around_the_cursor(shop: Unruly) -> None:
    canned = shop.paths.config / "canned.toml"
    canned.write_text('[sorry]\nbody = "so sorry "\n')
    canned.chmod(0o600)
    async with screen(shop.paths) as (app, pilot):
        await _up(app)
        await _type_reply(app, pilot, "i am late")
        await keys(pilot, *["left"] * 4, "ctrl+t")
        await until(lambda: "sorry" in text(app))
        await asyncio.sleep(DEAF_S + 0.1)
        await keys(pilot, "enter")
        await until(lambda: app.desk_screen.composer.text.strip() == "i am so sorry late")


# D11: attachments are not shown, a filter sees one page, a browser starts on the box, the key is in a file


@on_screen
async def test_d11_files_are_named_and_a_search_sees_everything(tmp_path: Path) -> None:
    shop = Unruly(tmp_path / "shop", customers=0)
    for n in range(1, 400):
        shop.report(
            type="received",
            id=f"m{n}",
            at=f"2026-11-{1 + n // 24:02d}T{n % 24:02d}:00:00Z",
            conversation=f"c{n}",
            medium="chat",
            text="a needle" if n == 399 else f"hay {n}",
            attachments=[_receipt()] if n == 1 else [],
            **{"from": {"name": f"Customer {n}", "handle": f"customer{n}"}},
        )
    async with screen(shop.paths, (80, 24)) as (app, pilot):
        await until(lambda: app.desk_screen.showing.accounts[:1] != () and _all(app) == 399)
        await keys(pilot, "g", "r")
        await until(lambda: len(app.desk_screen.queue.picture or ()) == 399)
        await keys(pilot, "/", *"needle", "enter")
        await until(lambda: len(app.desk_screen.queue.picture or ()) == 1 and "Customer 399" in text(app))
        await keys(pilot, "escape", "g", "o", "home", "enter")
        await until(lambda: "receipt.pdf" in text(app))


def _all(app: DeskApp) -> int:
    return len(app.desk.read(read.queue, "all", app.desk.clock.now()).result())
