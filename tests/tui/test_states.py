"""What has to be known is readable to its last word: a login refused, a config, a question, a source."""

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path

from tests.tui.desks import demo, demo_screen, home, keys, screen, text, until
from tests.tui.run import on_screen
from tuidesk.tui.keyboard import DEAF_S
from tuidesk.tui.screens.source import Source

_REFUSED = """
import json, sys, time
sys.stdin.readline()
print(json.dumps({"type": "error", "error": "auth_failed", "reason": sys.argv[1]}), flush=True)
sys.stdin.readline()
"""
_WHY = "the password of this login has expired on the first of November, ask the people of the mail room for another"


def unfolded(shown: str) -> str:
    """What the screen says, as if it were one line."""
    return " ".join(shown.split())


@on_screen
async def test_why_a_login_is_refused_can_be_read_whole(tmp_path: Path) -> None:
    script = tmp_path / "refuses.py"
    script.write_text(_REFUSED)
    command = json.dumps([sys.executable, str(script), _WHY + "\nor write to it"])
    paths = home(tmp_path / "home", shop=f'kind = "pipe"\nid = "shop"\ncommand = {command}\n')
    async with screen(paths, (80, 24)) as (app, pilot):
        await until(lambda: "shop does not let us in" in text(app))
        assert "expired on the first of November, ask the people" in unfolded(text(app)), "on two lines"
        await keys(pilot, "g", "a")
        await until(lambda: "login refused" in text(app))
        assert f"{_WHY} or write to it" in unfolded(text(app))
        assert "␊" not in text(app)


@on_screen
async def test_a_source_is_readable_to_the_end_of_its_longest_line(tmp_path: Path) -> None:
    words = " ".join(f"word{n}" for n in range(60))
    async with screen(home(tmp_path), (60, 20)) as (app, _):
        await app.push_screen(Source(1, f"Subject: x\r\n\r\n{words}\r\n".encode()))
        await until(lambda: "word59" in text(app))
        assert words in unfolded(text(app))


@on_screen
async def test_the_answers_of_a_question_are_not_cut(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        rows = app.desk_screen.queue.picture.rows if app.desk_screen.queue.picture else {}
        mail = next(n for n, row in rows.items() if row is not None and row.medium == "mail")
        app.desk_screen.queue.go_to(mail)
        await keys(pilot, "r")
        await until(lambda: app.desk_screen.composer.is_open)
        await keys(pilot, "O", "K", "ctrl+s")
        await until(lambda: app.desk_screen.composer.is_after)
        await asyncio.sleep(DEAF_S + 0.1)
        await keys(pilot, "enter", "u", "q")
        await until(lambda: "1 going out:" in text(app))
        assert "Quit?" in text(app)
        assert "its service sends them " in text(app)
        assert "│      later " in text(app), "on a line of its own"


@on_screen
async def test_the_help_is_whole_on_a_narrow_screen(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (50, 60)) as (app, pilot):
        await keys(pilot, "question_mark")
        await until(lambda: "Keys: in the queue" in text(app))
        assert "snooze: 2h, tomorrow 9, mon, reply; empty: as last time" in unfolded(text(app))


@on_screen
async def test_on_the_first_run_the_keys_are_those_that_lead_on(tmp_path: Path) -> None:
    async with screen(home(tmp_path), (80, 24)) as (app, pilot):
        await until(lambda: "s  sets one up" in text(app))
        last = text(app).split("\n")[-1]
        assert "s set one up" in last
        assert "reply" not in last
        await keys(pilot, "q")
        await until(lambda: not app.is_running)
        assert app.desk_screen.then == ""


@on_screen
async def test_where_only_something_was_imported_the_keys_are_those_of_every_desk(tmp_path: Path) -> None:
    """It has no account file: `d` left for the demo, and `s` for the setup."""
    event = {
        "type": "received",
        "id": "m1",
        "at": "2026-11-20T12:00:00Z",
        "conversation": "c1",
        "medium": "form",
        "from": {"name": "Jo", "handle": "jo"},
        "text": "hello",
    }
    paths = home(tmp_path)
    file = tmp_path / "events.jsonl"
    file.write_text(json.dumps(event) + "\n")
    command = [sys.executable, "-m", "tuidesk", "--home", str(tmp_path), "import", str(file)]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    async with screen(paths, (80, 24)) as (app, pilot):
        await until(lambda: "r reply" in text(app))
        await keys(pilot, "d")
        await until(lambda: "No file" in text(app))
        await keys(pilot, "q")
        await until(lambda: "Quit?" in text(app))


@on_screen
async def test_a_first_sync_shows_how_far_it_is_and_is_no_alarm(tmp_path: Path) -> None:
    async with screen(demo(tmp_path, size=20_000), (100, 24)) as (app, _):
        await until(lambda: "read, newest first" in text(app))
        line = next(line for line in text(app).splitlines() if "newest first" in line)
        assert re.match(r" +demo: \[#*-+\] [\d,]+ of about 60,000 read, newest first\. You can work\.", line)
        assert not app.desk_screen.banner.has_class("-alert")
