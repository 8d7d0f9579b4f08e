"""Real desks for the tests of the screen: the demo's channel, standing still, or a program of the test's own."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.desk.home import furnish
from tuidesk.config.paths import Paths, make_private
from tuidesk.desk.desk import Desk
from tuidesk.tui.app import DeskApp

_SPEAKS = """
import sys
sys.stdin.readline()
for line in open(sys.argv[1], encoding="utf-8"):
    sys.stdout.write(line)
sys.stdout.flush()
for line in sys.stdin:
    pass
"""
"""A pipe channel that says what is in a file, and then only listens."""


def home(folder: Path, **accounts: str) -> Paths:
    """A home with these account files."""
    paths = Paths(folder / "config", folder / "data", folder / "state")
    make_private(paths.accounts)
    paths.config_toml.write_text('[agent]\nname = "Ana"\naddresses = ["ana@acme.example"]\n')
    paths.config_toml.chmod(0o600)
    for name, text in accounts.items():
        path = paths.accounts / f"{name}.toml"
        path.write_text(text)
        path.chmod(0o600)
    return paths


def demo(folder: Path, **options: Any) -> Paths:
    """A home with the demo's desk, where nothing happens by itself."""
    lines = [f"{key} = {json.dumps(value)}" for key, value in {"seed": 7, "live": False, **options}.items()]
    text = "\n".join(['kind = "demo"', 'id = "demo"', 'address = "support@acme.example"', *lines])
    return home(folder, demo=text + "\n")


def spoken(folder: Path, events: Sequence[dict[str, Any]], **caps: Any) -> Paths:
    """A home with a pipe account that tells these events."""
    folder.mkdir(parents=True, exist_ok=True)
    script, told = folder / "speaks.py", folder / "told.jsonl"
    ready = {
        "type": "ready",
        "identity": {"name": "Shop", "handle": "shop"},
        "caps": {"performs": ["reply", "note", "start"], **caps},
    }
    script.write_text(_SPEAKS)
    told.write_text("".join(json.dumps(event) + "\n" for event in [ready, *events, {"type": "idle"}]))
    command = json.dumps([sys.executable, str(script), str(told)])
    return home(folder / "home", shop=f'kind = "pipe"\nid = "shop"\ncommand = {command}\n')


@asynccontextmanager
async def screen(
    paths: Paths, size: tuple[int, int] = (120, 36)
) -> AsyncIterator[tuple[DeskApp, Pilot[int]]]:
    """The screen on a desk, with its list up."""
    furnish(paths)
    desk = Desk.open(paths)
    app = DeskApp(desk)
    try:
        async with app.run_test(size=size) as pilot:
            await until(lambda: app.desk_screen.is_up)
            yield app, pilot
    finally:
        await asyncio.to_thread(desk.close)


@asynccontextmanager
async def demo_screen(
    folder: Path, size: tuple[int, int] = (120, 36)
) -> AsyncIterator[tuple[DeskApp, Pilot[int]]]:
    """The screen on the demo's desk, all of it read."""
    async with screen(demo(folder), size) as (app, pilot):
        await until(
            lambda: bool(app.desk_screen.showing.accounts) and app.desk_screen.showing.accounts[0].caught_up
        )
        await until(lambda: len(app.desk_screen.queue.picture or ()) > 30)
        before = app.desk_screen.queue.picture
        await pilot.press("g", "r")
        await until(
            lambda: app.desk_screen.queue.picture is not before and app.desk_screen.queue.row is not None
        )
        yield app, pilot


async def until(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for something on the screen or in the desk."""
    for _ in range(int(seconds / 0.02)):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came to hold")


async def keys(pilot: Pilot[int], *pressed: str) -> None:
    """Keys, and what they lead to."""
    for key in pressed:
        await pilot.press(key)
        await pilot.pause()


def text(app: DeskApp) -> str:
    """What the screen shows."""
    return "\n".join(
        "".join(segment.text for segment in line).rstrip() for line in app.screen._compositor.render_strips()
    )
