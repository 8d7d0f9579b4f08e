"""The second net: whatever a customer, a file or a channel says, no control of theirs reaches the terminal."""

import re
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.naughty.stream import COUNTED
from tests.terminal import Terminal
from tests.tui.desks import keys, screen, spoken, text, until
from tests.tui.run import on_screen
from tuidesk.tui.app import DeskApp

CANARIES = {
    "clipboard": "\x1b]52;c;Q0FOQVJZ\x07",
    "title": "\x1b]0;CANARY\x07",
    "c1": "\x9d52;c;Q0FOQVJZ\x9c",
    "csi": "\x9b31mCANARY",
    "sgr": "\x1b[31mCANARY\x1b[0m",
    "paste": "\x1b[201~CANARY",
    "dcs": "\x1bPCANARY\x1b\\",
    "move": "\x1b[2J\x1b[10;10HCANARY",
    "bidi": "\u202eCANARY\u202c\u2066x\u2069\u200f",
    "backspace": "CAN\x08\x08\x08ARY\r\x0b\x0c\x00",
    "tag": "CANARY\U000e0041\U000e0042",
    "markup": "[@click=app.quit]CANARY[/] [b]CANARY[/b] [link=file:///x]CANARY[/link] [/] [red",
    "lines": "CANARY\u2028CANARY\u2029CANARY\x85CANARY",
}
_ACTING = re.compile(
    "[\x80-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\u061c\U000e0000-\U000e007f]"
)
_OWN = re.compile(
    r"\x1b(?:\[[<>=?]?[0-9;:]*[A-Za-z~]|\[[<>=?]?[0-9;]*\$p|[()][AB0]|[=>78]"
    rf"|\]22;[a-z]+\x07|\]11;\?\x07|\]2;tuidesk(?:: {COUNTED}(?:, {COUNTED})*)?\x07|\]52;c;[A-Za-z0-9+/=]+\x07)"
)
"""The sequences a screen is drawn with: no DCS, APC or PM, and no OSC but the shape of the mouse's pointer, the
question for the ground, the title in our own words, and a copy as digits."""


def events() -> list[dict[str, Any]]:
    """A canary in every field that the screen shows."""
    told: list[dict[str, Any]] = []
    for number, (name, canary) in enumerate(CANARIES.items(), 1):
        told.append(
            {
                "type": "received",
                "id": f"m{number}",
                "at": f"2026-11-20T12:{number:02d}:00Z",
                "conversation": f"c{number}",
                "medium": "form",
                "from": {"name": f"{name} {canary}", "handle": f"handle {number} {canary}"},
                "subject": f"subject {canary}",
                "text": f"text {canary}\nsecond line {canary}\n> quoted {canary}",
                "attachments": [{"name": f"{canary}.pdf", "size": 10, "type": "application/pdf", "ref": "x"}],
            }
        )
        told.append(
            {
                "type": "tagged",
                "at": "2026-11-20T13:00:00Z",
                "conversation": f"c{number}",
                "add": [f"tag {canary}"],
                "by": {"name": canary},
            }
        )
    return told


def harmless(written: str) -> None:
    """Only sequences of a screen's own, and nothing else that acts."""
    rest = _OWN.sub("", written)
    assert "\x1b" not in rest, repr(rest[max(rest.index("\x1b") - 40, 0) : rest.index("\x1b") + 40])
    assert not _ACTING.search(rest), repr(_ACTING.search(rest))
    assert not re.search("[\x00-\x06\x07\x0b\x0c\x0e\x0f\x10-\x1a\x1c-\x1f\x7f]", rest)


TOUR = [
    *("enter", "h", "h", "u", "j", "enter", "d", "n", "x", "escape", "u", "r", "y", "escape", "u", "j", "e"),
    *("g", "a", "escape", "slash", "C", "A", "N", "A", "R", "Y", "enter", "escape", "v", "escape", "z"),
]


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@on_screen
async def test_no_widget_lets_a_control_through(tmp_path: Path, size: tuple[int, int]) -> None:
    """What the compositor hands to the driver, line by line, after every key of a tour through the screen."""
    async with screen(spoken(tmp_path, events()), size) as (app, pilot):
        await until(lambda: len(app.desk_screen.queue.picture or ()) == len(CANARIES))
        for n in range(len(CANARIES)):
            for key in TOUR if n < 1 else ("enter", "u", "j"):
                if not app.is_running:
                    break
                await keys(pilot, key)
                _no_control(app)
        assert app.is_running, "[@click=app.quit] is text"
        await keys(pilot, "g", "A")
        await until(lambda: "[All " in text(app))
        assert "CANARY" in text(app)


def _no_control(app: DeskApp) -> None:
    for line in text(app).split("\n"):
        assert not _ACTING.search(line), repr(line)
        assert not re.search("[\x00-\x1f\x7f]", line), repr(line)


def test_no_control_reaches_a_real_terminal(tmp_path: Path) -> None:
    """Judged on the decoded text that the program wrote to a pseudo-terminal."""
    paths = spoken(tmp_path, events())
    run = (
        "import sys\nfrom pathlib import Path\nfrom tuidesk.config.paths import Paths\n"
        "from tuidesk.desk.desk import Desk\nfrom tuidesk.tui.app import run\nhome = Path(sys.argv[1])\n"
        "sys.exit(run(Desk.open(Paths(home / 'config', home / 'data', home / 'state'))))"
    )
    with Terminal([sys.executable, "-c", run, str(paths.config.parent)], columns=120, lines=36) as terminal:
        terminal.until(rf"Open {len(CANARIES)}")
        for _ in CANARIES:
            terminal.type("\r", 0.25)
            terminal.type("hh", 0.1)
            terminal.type("uj", 0.15)
        terminal.type("nx\x1b", 0.3)
        terminal.type("ga", 0.3)
        terminal.type("\x1b", 0.3)
        terminal.type("/CANARY\r", 0.1)
        terminal.pump(0.5)
        assert "CANARY" in terminal.text
        terminal.type("\x1bq", 0.5)
        terminal.type("q", 0.3)
        assert terminal.ended(5) == 0
    harmless(terminal.written.decode("utf-8"))
