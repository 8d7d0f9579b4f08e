#!/usr/bin/env python3
"""Makes the screenshots of the README from the demo: SVG by Textual, PNG from that.

    python screenshots/make.py              # SVG and PNG, into this folder
    python screenshots/make.py --svg FOLDER # SVG only, elsewhere

The same seed, the same clock and the same time zone give the same pictures; a test compares their words with a fresh
run. The PNGs want `rsvg-convert` (Debian: librsvg2-bin), which shapes Arabic and finds a font for every script, and
the fonts DejaVu Sans Mono, Noto Sans CJK and Noto Color Emoji.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tuidesk.config.paths import Paths, make_private
from tuidesk.desk.clock import SystemClock
from tuidesk.desk.desk import Desk
from tuidesk.domain import instants
from tuidesk.domain.instants import Instant
from tuidesk.tui import themes
from tuidesk.tui.app import DeskApp

NOW: Instant = instants.parse("2026-11-20T14:02:00+01:00")
ZONE = "Europe/Berlin"
REPLY = (
    "Hi Dana,\n\nI am sorry about the wait. Billing confirms that the refund of order 8841 leaves today, and you "
    "will see it on your account on Monday."
)


class StandingClock(SystemClock):
    """It is always two minutes past two."""

    def now(self) -> Instant:
        return NOW


@dataclass(frozen=True)
class Scene:
    name: str
    size: tuple[int, int]
    replies_to: str = ""
    """Whose conversation is open, with a reply being written; "" for the queue alone."""


SCENES = (Scene("queue-80x24", (80, 24)), Scene("desk-120x36", (120, 36), "Dana Ortiz"))
THEMES = {"dark": themes.DARK.name, "light": themes.LIGHT.name}


def names() -> list[str]:
    return [f"{scene.name}-{theme}" for scene in SCENES for theme in THEMES]


def make(folder: Path) -> None:
    """Write every screenshot as SVG into `folder`."""
    os.environ.update(TZ=ZONE, TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8")
    time.tzset()
    with tempfile.TemporaryDirectory() as home:
        paths = demo_home(Path(home))
        for scene in SCENES:
            for theme, name in THEMES.items():
                svg = asyncio.run(shoot(paths, scene, name))
                (folder / f"{scene.name}-{theme}.svg").write_text(svg, "utf-8")


def demo_home(folder: Path) -> Paths:
    """The demo's desk, where nothing happens by itself."""
    paths = Paths(folder / "config", folder / "data", folder / "state")
    make_private(paths.accounts)
    account = 'kind = "demo"\nid = "demo"\naddress = "support@acme.example"\nseed = 7\nlive = false\n'
    config = '[agent]\nname = "Ana"\naddresses = ["ana@acme.example"]\n'
    for path, text in ((paths.accounts / "demo.toml", account), (paths.config_toml, config)):
        path.write_text(text)
        path.chmod(0o600)
    return paths


async def shoot(paths: Paths, scene: Scene, theme: str) -> str:
    """One screenshot, as SVG."""
    desk = Desk.open(paths)
    desk.clock = StandingClock()
    app = DeskApp(desk)
    app.theme = theme
    try:
        async with app.run_test(size=scene.size) as pilot:
            screen = app.desk_screen
            await until(lambda: bool(screen.showing.accounts) and screen.showing.accounts[0].caught_up)
            await pilot.press("g", "r")
            await until(lambda: len(screen.queue.picture or ()) > 30)
            await pilot.press("j", "j")
            if scene.replies_to:
                await reply(app, scene.replies_to)
            await asyncio.sleep(1)
            return app.export_screenshot(title="tuidesk")
    finally:
        await asyncio.to_thread(desk.close)


async def reply(app: DeskApp, name: str) -> None:
    """Their conversation in the middle, and a reply below it."""
    screen = app.desk_screen
    picture = screen.queue.picture
    assert picture is not None
    found = next(n for n in picture.ids if (row := picture.rows.get(n)) is not None and row.name == name)
    screen.queue.go_to(found)
    screen.composing.reply()
    await until(lambda: screen.composer.is_open)
    screen.composer.put(REPLY)
    await until(lambda: not screen.composer.unsaved())


async def until(holds: Callable[[], bool]) -> None:
    for _ in range(1000):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError("the screen never got there")


def to_png(svg: Path) -> None:
    """The same picture as PNG, beside it."""
    command = ["rsvg-convert", "--zoom", "1.2", "--output", str(svg.with_suffix(".png")), str(svg)]
    subprocess.run(command, check=True)


def main() -> None:
    words = [word for word in sys.argv[1:] if word != "--svg"]
    folder = Path(words[0]) if words else Path(__file__).parent
    make(folder)
    if "--svg" not in sys.argv:
        for name in names():
            to_png(folder / f"{name}.svg")


if __name__ == "__main__":
    main()
