"""The real screen on a desk where every field has canaries: nothing of them acts on the terminal or on the program."""

import re
from pathlib import Path

import pytest

from tests.naughty.canaries import ALL, CANARIES, events
from tests.naughty.homes import Home, at, leave, press
from tests.naughty.stream import of_screen
from tests.terminal import Terminal

_COUNT = len(CANARIES)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Canaries everywhere, an account that is refused in canaries, and a program that answers in them."""
    home = Home(tmp_path)
    home.pipe("shop", events(_COUNT, at), ALL)
    home.pipe("locked", [], ALL, "--no-login")
    assert home.run("sync", "--once").returncode == 3
    return home


def click(terminal: Terminal, on: str) -> None:
    """Press the mouse where this stands on the screen, and let it go."""
    for row, line in enumerate(terminal.text.split("\n"), 1):
        if on in line:
            column = line.index(on) + len(on) // 2 + 1
            terminal.send(f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m")
            terminal.pump(0.3)
            return
    raise AssertionError(f"{on!r} is not on the screen:\n{terminal.text}")


def look_at_everything(terminal: Terminal) -> None:
    """The panes and screens that show what is written in one conversation."""
    press(terminal, "\r", *"  h", "\x1b", "\x1b", "\r", "r", "\x1b", "n", "\x1b", "f", "\x1b", *"dvu")


def look_around(terminal: Terminal) -> None:
    """The screens that are about the whole desk."""
    press(terminal, "\x1b", *"? u:", "\x1b", *"ga ugkgpgAgdgbgo")
    for typed in ("canary", "[/]", '"[b]'):
        press(terminal, "/", typed, "\r", "\x1b")


@pytest.mark.parametrize(
    ("columns", "lines"), [(120, 36), pytest.param(80, 24, marks=pytest.mark.long, id="80-24")]
)
def test_nothing_of_the_data_acts(home: Home, columns: int, lines: int) -> None:
    with home.screen(columns, lines) as terminal:
        terminal.until(rf"Open {_COUNT}\b")  # what has trouble is open, whatever its status
        terminal.until("r reply")
        look_at_everything(terminal)
        look_around(terminal)
        press(terminal, *"gA\r")
        terminal.resize(80, 24)
        for _ in range(_COUNT):
            press(terminal, "J")
            assert "crashed" not in terminal.text
        answer(home, terminal, "reject this", "not sent: ␛")
        press(terminal, "K")  # here the text that was refused would be opened again
        answer(home, terminal, "lose this", "may have")
        press(terminal, "e")
        terminal.pump(0.5)
        before = len(terminal.written)
        assert b"\x1b[?1049l" not in terminal.written
        leave(terminal)
        verdict = of_screen(terminal.written, columns, lines)
        assert verdict.wrong == []
        assert verdict.seen["\x1b[?1049h"] == 1
        assert b"\x1b[?1049l" in terminal.written[before:]


def answer(home: Home, terminal: Terminal, text: str, becomes: str) -> None:
    """A reply that the service refuses, or loses, in words of its own."""
    press(terminal, "r")
    terminal.until("REPLY")
    press(terminal, text)
    while "REPLY" in terminal.text:  # a guard asks once more
        terminal.type("\x13", 0.4)
    terminal.type("\r", 0.2)
    terminal.send("\x1b[F")
    terminal.until(becomes)
    assert text in home.ledger.read_text()


def test_markup_is_text_and_does_nothing_when_clicked(home: Home) -> None:
    number = CANARIES.index("[@click=app.quit]x[/]")
    with home.screen(120, 36) as terminal:
        terminal.until(r"(?m)^> ")
        terminal.until("r reply")
        press(terminal, *"gA/", "Dana\r")
        terminal.until("Search")
        find(terminal, rf"#{number + 1} ")
        terminal.until(re.escape(f"[@click=app.quit]x[/]Body {number} [@click=app.quit]x[/]"))
        for _ in range(2):
            click(terminal, "quit]x[/]Body")
            click(terminal, "x[/]Dana")
        assert terminal.process.poll() is None
        leave(terminal)


def find(terminal: Terminal, head: str) -> None:
    """Go through the queue until the thread pane shows this."""
    press(terminal, "\r")
    for _ in range(_COUNT):
        if re.search(head, terminal.text):
            return
        press(terminal, "J")
    raise AssertionError(f"{head!r} is nowhere:\n{terminal.text}")
