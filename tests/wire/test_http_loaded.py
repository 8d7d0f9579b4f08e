"""Who speaks no HTTP does not load what speaks it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import Home, demo

NETWORK = ("httpx", "httpcore", "httpx_sse", "websockets", "h11", "anyio", "tuidesk.wire.http")

_LOADED = f"print([name for name in {NETWORK!r} if name in sys.modules], file=sys.stderr)\n"

_SCREEN = """
import asyncio, sys
from pathlib import Path
from tests.tui.desks import demo, screen

async def whole():
    async with screen(demo(Path(sys.argv[1]))) as (app, pilot):
        await pilot.press("j", "enter", "r", "h", "i", "escape", "g", "a")
        await pilot.pause()

asyncio.run(whole())
"""


def loaded(program: str, *words: str) -> list[str]:
    """Which of `NETWORK` a process of its own has loaded when it has done this."""
    done = subprocess.run(
        [sys.executable, "-c", program + _LOADED, *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stderr.splitlines()[-1].replace("'", '"'))
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return demo(tmp_path_factory.mktemp("loaded"))


@pytest.mark.parametrize("command", ["list", "show", "search", "accounts", "keys", "timers", "why", "--help"])
def test_what_reads_does_not(home: Home, command: str) -> None:
    number = str(home.one()["n"])
    words = {"show": ["show", number], "why": ["why", number], "search": ["search", "refund"]}
    argv = ["tuidesk", "--home", str(home.folder), *words.get(command, [command])]
    program = (
        "import sys\n"
        f"sys.argv = {argv!r}\n"
        "from tuidesk.__main__ import main\n"
        "try:\n    code = main()\nexcept SystemExit as end:\n    code = end.code\n"
        "assert not code, code\n"
    )
    assert loaded(program) == []


def test_the_screen_does_not(tmp_path: Path) -> None:
    """Opened, walked through, replied in; on an account that speaks no HTTP."""
    assert loaded(_SCREEN, str(tmp_path)) == []


@pytest.mark.parametrize("kind", ["mail", "maildir", "pipe", "demo"])
def test_an_adapter_that_speaks_something_else_does_not(kind: str) -> None:
    assert loaded(f"import sys, tuidesk.channels.{kind}\n") == []


def test_who_only_asks_loads_no_websockets_and_no_events() -> None:
    found = loaded("import sys, tuidesk.wire.http.client, tuidesk.wire.http.pages\n")
    assert "httpx" in found
    assert not {"websockets", "httpx_sse"} & set(found)
