"""Bell, notification, title and program: once for each thing, gathered, and not when they are not wanted."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.desk.home import desk_at
from tests.terminal import Terminal
from tests.tui.desks import screen, until
from tests.tui.outside import Talking, written
from tests.tui.run import on_screen
from tuidesk.desk import read
from tuidesk.desk.news import Item
from tuidesk.desk.notice import in_words
from tuidesk.domain.commands import Complete, Star
from tuidesk.domain.instants import rfc3339
from tuidesk.store import away
from tuidesk.tui.app import DeskApp

_ALL = '[notify]\nbell = true\nosc = "9"\n'
_RUN = """
import sys
from pathlib import Path
from tuidesk.config.paths import Paths
from tuidesk.desk.desk import Desk
from tuidesk.tui.app import run
home = Path(sys.argv[1])
sys.exit(run(Desk.open(Paths(home / "config", home / "data", home / "state"))))
"""


@pytest.fixture(autouse=True)
def _no_multiplexer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


@on_screen
async def test_what_arrives_together_rings_once_and_a_key_takes_the_count_away(tmp_path: Path) -> None:
    talking = Talking(tmp_path, _ALL)
    async with screen(talking.paths) as (app, pilot):
        out = written(app)
        await until(lambda: app.alarm is not None and app.alarm._told is not None)
        await until(
            lambda: bool(app.desk_screen.showing.accounts and app.desk_screen.showing.accounts[0].caught_up)
        )
        await pilot.pause(1.5)
        assert "\x07" not in out, "a first sync rings nothing"
        talking.write("second")
        talking.write("third", "Jun\x1b]0;x\x07 Park", "c2")
        await until(lambda: "\x07" in out)
        (notice,) = [one for one in out if one.startswith("\x1b]9;")]
        assert notice.startswith("\x1b]9;tuidesk: 2 new, Dana Ortiz, Jun")
        assert notice.count("\x1b") == 1
        assert "\x1b]2;tuidesk: 2 new\x07" in out
        await pilot.press("j")
        assert out[-1] == "\x1b]2;tuidesk\x07"
        await pilot.pause(1.5)
        assert out.count("\x07") == 1


@on_screen
async def test_not_for_what_is_muted_nor_while_quiet_nor_for_what_was_not_chosen(tmp_path: Path) -> None:
    talking = Talking(tmp_path, '[notify]\nbell = true\non = ["new"]\n')
    async with screen(talking.paths) as (app, pilot):
        out = written(app)
        await until(lambda: app.alarm is not None and app.alarm._told is not None)
        await until(
            lambda: bool(app.desk_screen.showing.accounts and app.desk_screen.showing.accounts[0].caught_up)
        )
        await pilot.pause(1.2)
        app.desk.write(lambda connection: connection.execute("UPDATE conversation SET muted = 1")).result()
        talking.write("second")
        await until(lambda: "text second" in str(app.desk_screen.queue.row))
        await pilot.pause(2.5)
        assert not any("new" in one or one == "\x07" for one in out)
        app.desk.write(lambda connection: connection.execute("UPDATE conversation SET muted = 0")).result()
        talking.write("third")
        await until(lambda: "\x07" in out)


async def _up(app: DeskApp) -> None:
    """The alarm listens, and the account has caught up."""
    await until(lambda: app.alarm is not None and app.alarm._told is not None)
    await until(
        lambda: bool(app.desk_screen.showing.accounts and app.desk_screen.showing.accounts[0].caught_up)
    )


def ago(seconds: float) -> str:
    """That long before now, as a channel writes it."""
    return rfc3339(time.time_ns() // 1_000_000 - round(seconds * 1000))


def due(app: DeskApp) -> list[int]:
    """The due times of all conversations but the first, which is due in an hour."""
    query = "SELECT due FROM conversation WHERE due IS NOT NULL AND id > 1 ORDER BY id"
    return [int(row[0]) for row in app.desk.read(lambda c: c.execute(query).fetchall()).result()]


@on_screen
async def test_what_becomes_late_rings_then_and_once(tmp_path: Path) -> None:
    talking = Talking(tmp_path, '[notify]\nbell = true\nosc = "9"\non = ["late"]\n')
    async with screen(talking.paths) as (app, pilot):
        out = written(app)
        await _up(app)
        talking.write("second", "Jun Park", "c2", at=ago(3600 - 6))
        await until(lambda: len(due(app)) == 1)
        (at,) = due(app)
        await until(lambda: "\x07" in out, 20)
        assert app.desk.clock.now() >= at
        assert "\x1b]9;tuidesk: 1 late, Jun Park\x07" in out
        assert "\x1b]2;tuidesk: 1 late\x07" in out
        await pilot.press("j")
        assert out[-1] == "\x1b]2;tuidesk\x07"
        app.desk.do(Star(conversations=(2,))).result()
        await pilot.pause(2)
        assert out.count("\x07") == 1


@on_screen
async def test_what_stood_already_is_told_in_one_line_without_names_where_it_is_locked(
    tmp_path: Path,
) -> None:
    talking = Talking(tmp_path, '[notify]\nbell = true\nosc = "9"\non = ["late", "soon"]\n')
    for n in range(2, 6):
        talking.write(f"m{n}", f"Customer {n}", f"c{n}", at=ago(4000))
    talking.write("m6", "Jun Park", "c6", at=ago(3000))
    async with screen(talking.paths) as (app, pilot):
        out = written(app)
        app.lock()
        await until(lambda: "\x07" in out)
        assert [one for one in out if one.startswith("\x1b]9;")] == ["\x1b]9;tuidesk: 4 late, 1 due soon\x07"]
        await pilot.pause(2)
        assert out.count("\x07") == 1


@on_screen
async def test_nothing_is_heard_on_a_break_and_what_still_stands_when_it_ends(tmp_path: Path) -> None:
    talking = Talking(tmp_path, '[notify]\nbell = true\nosc = "9"\non = ["late", "new"]\n')
    async with screen(talking.paths) as (app, pilot):
        out = written(app)
        await _up(app)
        app.desk.write(lambda c: away.begin(c, app.desk.clock.now(), "lunch")).result()
        talking.write("second", "Jun Park", "c2", at=ago(4000))
        talking.write("third", "Aziza K.", "c3", at=ago(4000))
        await until(lambda: "\x1b]2;tuidesk: 2 new\x07" in out)
        app.desk.do(Complete(conversations=(2,))).result()
        await pilot.pause(2)
        assert "\x07" not in out
        app.desk.write(lambda c: away.end(c, app.desk.clock.now())).result()
        await until(lambda: "\x07" in out, 20)
        assert [one for one in out if one.startswith("\x1b]9;")] == ["\x1b]9;tuidesk: 1 late, Aziza K.\x07"]


def test_a_screen_has_the_first_word_and_a_sync_rings_where_there_is_none(tmp_path: Path) -> None:
    script, ledger = tmp_path / "ring.sh", tmp_path / "ledger"
    script.write_text(f'#!/bin/sh\necho "$PPID $*" >> {ledger}\n')
    script.chmod(0o755)
    talking = Talking(tmp_path, f'[notify]\ncommand = ["{script}"]\non = ["late"]\n')
    home = str(talking.paths.config.parent)

    def rung(count: int, terminal: Terminal | None = None) -> list[str]:
        until_s = time.monotonic() + 40
        while not ledger.exists() or len(ledger.read_text().splitlines()) < count:
            assert time.monotonic() < until_s, "nobody rang"
            terminal.pump(0.1) if terminal is not None else time.sleep(0.1)
        return ledger.read_text().splitlines()

    command = [sys.executable, "-m", "tuidesk", "--home", home, "sync"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as service:
        try:
            assert service.stderr is not None
            assert "shop" in service.stderr.readline(), "it holds the lock, so it works and looks"
            with Terminal([sys.executable, "-c", _RUN, home]) as terminal:
                terminal.until("Dana Ortiz")
                talking.write("second", "Jun Park", "c2", at=ago(4000))
                assert rung(1, terminal) == [f"{terminal.process.pid} tuidesk: 1 late, Jun Park"]
            talking.write("third", "Aziza K.", "c3", at=ago(4000))
            assert rung(2)[1:] == [f"{service.pid} tuidesk: 1 late, Aziza K."], "and not what was told"
        finally:
            service.terminate()


@on_screen
async def test_what_stands_is_told_where_nothing_changes_any_more(tmp_path: Path) -> None:
    talking = Talking(tmp_path, "[notify]\nbell = true\n")
    talking.write("second", "Jun Park", "c2", at=ago(4000))
    with desk_at(talking.paths) as other:
        other.start()
        await until(lambda: any(account.caught_up for account in other.read(read.accounts).result()))
        await until(lambda: other.read(read.busy, "shop", other.clock.now()).result() is False)
        for _ in range(3):  # the first ones look at the conversations
            async with screen(talking.paths) as (app, pilot):
                out = written(app)
                await until(lambda: "\x07" in out)  # noqa: B023 - awaited
                await pilot.pause(1)
            other.write(lambda c: c.execute("UPDATE conversation SET told_late = 0")).result()


def test_in_words() -> None:
    items = [
        Item("new", n, name) for n, name in enumerate(["Dana", "Jun\u202e\x1b", "Aziza", "Omar", "Dana"])
    ]
    items.append(Item("check", 9, "Lena"))
    assert in_words(items[:1], named=True) == "tuidesk: 1 new, Dana"
    assert in_words(items, named=False) == "tuidesk: 5 new; 1 to check"
    named = in_words(items, named=True)
    assert named.endswith("Aziza, 1 more; 1 to check, Lena")
    assert "\x1b" not in named
    assert "\u202e" not in named


def test_the_title_is_given_back_and_a_program_is_run(tmp_path: Path) -> None:
    script = tmp_path / "say.sh"
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/said\n')
    script.chmod(0o755)
    talking = Talking(tmp_path, f'[notify]\ncommand = ["{script}", "-t", "{{}}", "end"]\n')
    with Terminal([sys.executable, "-c", _RUN, str(talking.paths.config.parent)]) as terminal:
        terminal.until("Dana Ortiz")
        terminal.pump(3)
        assert b"\x1b[22;2t" in terminal.written
        talking.write("second")
        for _ in range(50):
            terminal.pump(0.1)
            if (tmp_path / "said").exists():
                break
        terminal.pump(0.3)
        assert (tmp_path / "said").read_text() == "-t\ntuidesk: 1 new, Dana Ortiz\nend\n"
        assert b"\x1b]2;tuidesk: 1 new\x07" in terminal.written
        terminal.type("q", 0.5)
        terminal.type("q", 0.3)
        assert terminal.ended() == 0
        assert b"\x1b[23;2t" in terminal.written
