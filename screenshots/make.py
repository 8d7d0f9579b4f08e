#!/usr/bin/env python3
"""Makes the screenshots from the demo: SVG by Textual, and PNG from those of the README.

    python screenshots/make.py              # all, into this folder
    python screenshots/make.py --svg FOLDER # SVG only, elsewhere

The four of the README stand in the folder itself, the others in `en/80x24` and so on: each screen and dialog
(`scenes.py`), at two sizes and in two languages. The same seed, the same clock and the same time zone give the same
pictures; a test compares their words with a fresh run. The PNGs want `rsvg-convert` (Debian: librsvg2-bin), which
shapes Arabic and finds a font for every script, and the fonts DejaVu Sans Mono, Noto Sans CJK and Noto Color Emoji.
"""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from itertools import product
from multiprocessing import get_context
from pathlib import Path

from scenes import CANNED, PARTS, SCENES, Step
from textual.pilot import Pilot

from tuidesk.config.paths import Paths, make_private
from tuidesk.desk.clock import SystemClock
from tuidesk.desk.desk import Desk
from tuidesk.domain import instants
from tuidesk.domain.instants import Instant
from tuidesk.tui import themes
from tuidesk.tui.app import DeskApp
from tuidesk.tui.screens import showing, telling

NOW: Instant = instants.parse("2026-11-20T14:02:00+01:00")
ZONE = "Europe/Berlin"
LANGUAGES = ("en", "ko")
SIZES = ((80, 24), (120, 36))
THEMES = {"dark": themes.DARK.name, "light": themes.LIGHT.name}
README = {("queue", (80, 24)): "queue-80x24", ("reply", (120, 36)): "desk-120x36"}
"""What stands in the README, in English and in both themes."""
_LOOK_S = 0.04
_REST_S, _DIALOG_S = 0.12, 0.4
"""What does not change for so long is at rest; a dialog younger than 300 ms does not listen."""


class StandingClock(SystemClock):
    """It is always two minutes past two."""

    def now(self) -> Instant:
        return NOW


def names() -> list[str]:
    """The README's."""
    return [f"{name}-{theme}" for name in README.values() for theme in THEMES]


def make(folder: Path) -> None:
    """Write every screenshot as SVG into `folder`."""
    jobs = [(folder, *job) for job in product(LANGUAGES, SIZES, range(len(PARTS)))]
    with ProcessPoolExecutor(len(jobs), get_context("spawn")) as pool:
        for done in [pool.submit(make_run, *job) for job in jobs]:
            done.result()


def make_run(folder: Path, language: str, size: tuple[int, int], part: int) -> None:
    """Scenes in one language at one size."""
    os.environ.update(
        TZ=ZONE, TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8", COLUMNS="", LINES=""
    )
    for name in ("NO_COLOR", "SSH_CONNECTION", "VISUAL", "EDITOR", "TUIDESK_HOME"):
        os.environ.pop(name, None)
    time.tzset()
    stand_still()
    into = folder / language / f"{size[0]}x{size[1]}"
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        if part == 0:
            asyncio.run(first_run(demo_home(Path(home) / "empty", language, with_account=False), size, into))
        asyncio.run(scenes(demo_home(Path(home) / "demo", language), (language, size, part), into))


def demo_home(folder: Path, language: str = "en", *, with_account: bool = True) -> Paths:
    """The demo's desk, where nothing happens by itself."""
    paths = Paths(folder / "config", folder / "data", folder / "state")
    make_private(paths.accounts)
    account = 'kind = "demo"\nid = "demo"\naddress = "support@acme.example"\nseed = 7\nlive = false\n'
    agent = '[agent]\nname = "Ana"\naddresses = ["ana@acme.example"]\n'
    config = f'language = "{language}"\n{agent}[lock]\nafter_min = 60\n'
    files = {paths.config_toml: config, paths.canned: CANNED}
    if with_account:
        files[paths.accounts / "demo.toml"] = account
    for path, text in files.items():
        path.write_text(text, "utf-8")
        path.chmod(0o600)
    return paths


@asynccontextmanager
async def opened(paths: Paths, size: tuple[int, int]) -> AsyncIterator[tuple[DeskApp, Pilot[int]]]:
    """The screen on a desk, with its list up."""
    desk = Desk.open(paths)
    desk.clock = StandingClock()
    app = DeskApp(desk)
    app.theme = themes.DARK.name
    try:
        async with app.run_test(size=size) as pilot:
            await until(lambda: app.desk_screen.is_up)
            yield app, pilot
    finally:
        await asyncio.to_thread(desk.close)


def stand_still() -> None:
    """No picture depends on how long it took: a notice stays, and no mark rests long enough to count as a look."""
    telling._NOTICE_S = showing._SEEN_S = 3600.0


async def first_run(paths: Paths, size: tuple[int, int], into: Path) -> None:
    async with opened(paths, size) as (app, pilot):
        await until(lambda: "14:02" in seen(app))  # the status line has been written
        await rest(app)
        write(app, into / "first-run.svg")
        await pilot.resize_terminal(39, 7)
        await rest(app)
        write(app, into / "too-small.svg")


async def scenes(paths: Paths, job: tuple[str, tuple[int, int], int], into: Path) -> None:
    language, size, part = job
    async with opened(paths, size) as (app, pilot):
        screen = app.desk_screen
        await until(lambda: bool(screen.showing.accounts) and screen.showing.accounts[0].caught_up)
        await until(lambda: len(screen.queue.picture or ()) > 30)
        for scene in PARTS[part]:
            try:
                await begin(app, pilot)
                for step in scene.steps:
                    await take(step, app, pilot)
                await rest(app, _DIALOG_S)
            except Exception as error:
                raise RuntimeError(f"{language} {size} {scene.name}") from error
            write(app, into / f"{scene.name}.svg")
            if scene.steps[-1] == "v" and screen.place == "queue":
                await pilot.press("v")  # rows of the other height stay until they are turned back
            if language == "en" and (scene.name, size) in README:
                await both_themes(app, into.parents[1] / README[scene.name, size])


async def both_themes(app: DeskApp, path: Path) -> None:
    for theme, name in THEMES.items():
        app.theme = name
        await rest(app)
        write(app, path.with_name(f"{path.name}-{theme}.svg"))
    app.theme = themes.DARK.name
    await rest(app)


async def begin(app: DeskApp, pilot: Pilot[int]) -> None:
    """Back to the queue, as it is now, with nothing marked and nothing said."""
    screen = app.desk_screen
    await pilot.press("escape")  # a prefix waits for its letter
    await rest(app)
    for _ in range(12):
        if app.is_locked:
            await pilot.press("enter")
        elif screen is not app.screen or screen.place != "queue" or screen.prompt.is_open:
            await pilot.press("escape")
        else:
            break
        await rest(app)
    screen.queue.unmark(screen.queue.marked)
    await pilot.press("g", "o")
    await until(lambda: screen.showing.view == "open" and screen.queue.row is not None)
    await pilot.press("home")
    await rest(app)


async def take(step: Step, app: DeskApp, pilot: Pilot[int]) -> None:
    before = app.screen
    if not isinstance(step, str):
        await step(app, pilot)
    elif step.startswith('"'):
        await pilot.press(*("space" if sign == " " else sign for sign in step[1:]))
    else:
        await pilot.press(step)
    await rest(app, _REST_S if app.screen in (before, app.desk_screen) else _DIALOG_S)


async def rest(app: DeskApp, seconds: float = _REST_S) -> None:
    """Until nothing is under way and nothing has changed for a while. That is counted in looks and not by the clock:
    on a busy machine the screen gets no further in the same time."""
    shown, still = "", 0
    for _ in range(1500):
        now = seen(app)
        if now != shown or is_busy(app):
            shown, still = now, 0
        elif still * _LOOK_S >= seconds:
            return
        still += 1
        await asyncio.sleep(_LOOK_S)
    raise TimeoutError("the screen does not come to rest")


def is_busy(app: DeskApp) -> bool:
    """Whether work is under way, a text waits to be on disk, or the thread does not follow the mark yet."""
    screen = app.desk_screen
    if any(not worker.is_finished for worker in app.workers):
        return True
    if not screen.is_up or screen.composer.is_open:
        return screen.is_up and bool(screen.composer.unsaved())
    follows = screen.at == "queue" and screen.panes != "one"
    return follows and screen.queue.current not in (None, screen.thread.conversation)


def seen(app: DeskApp) -> str:
    lines = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in line) for line in lines)


def write(app: DeskApp, path: Path) -> None:
    """The screen as SVG. Its class names are Textual's hash of the picture; one name for all keeps changes small."""
    svg = re.sub(r"terminal-\d+", "terminal", app.export_screenshot(title="tuidesk"))
    svg = re.sub(r' clip-path="url\(#terminal-line-\d+\)"', "", svg)
    svg = re.sub(r'<clipPath id="terminal-line-\d+">.*?</clipPath>\s*', "", svg, flags=re.S)
    path.write_text(_RECTS.sub(merged, svg), "utf-8")


_RECT = re.compile(r'<rect fill="([^"]+)" x="([^"]+)" y="([^"]+)" width="([^"]+)" height="([^"]+)"[^>]*/>')
_RECTS = re.compile(f"(?:{_RECT.pattern})+")


def merged(found: re.Match[str]) -> str:
    """Grounds of one colour that stand side by side, as one: half of what a picture would weigh."""
    runs: list[tuple[str, str, str, float, float]] = []
    for fill, x, y, width, height in _RECT.findall(found[0]):
        if runs and (fill, y, height) == runs[-1][:3]:
            runs[-1] = (*runs[-1][:4], runs[-1][4] + float(width))
        else:
            runs.append((fill, y, height, float(x), float(width)))
    return "".join(
        f'<rect fill="{fill}" x="{x:g}" y="{y}" width="{round(width, 1):g}" height="{height}"/>'
        for fill, y, height, x, width in runs
    )


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


def scene_names() -> list[str]:
    return ["first-run", "too-small", *(scene.name for scene in SCENES)]


def main() -> None:
    words = [word for word in sys.argv[1:] if word != "--svg"]
    folder = Path(words[0]) if words else Path(__file__).parent
    make(folder)
    if "--svg" not in sys.argv:
        for name in names():
            to_png(folder / f"{name}.svg")


if __name__ == "__main__":
    main()
