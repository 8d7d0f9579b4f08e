"""Themes: which one a terminal gets, and that its words can be read (WCAG 2: 4.5 to 1, and 7 to 1 of high contrast)."""

import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from textual.color import Color
from textual.events import Key
from textual.message import Message
from textual.theme import Theme

from tests.cli.program import Home
from tests.terminal import Terminal
from tests.tui.desks import demo, screen, until
from tests.tui.run import on_screen
from tuidesk.tui import themes
from tuidesk.tui.terminal import Ground, KeyReader, marked
from tuidesk.tui.themes import ANSI, CONTRAST, DARK, LIGHT, Look

LOOKS = {name: look for name, look in vars(themes).items() if isinstance(look, Look)}
ONLY_LINES = {"FAINT"}
"""No word is drawn so."""
COLOURS = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


def luminance(colour: Color) -> float:
    parts = (value / 255 for value in (colour.r, colour.g, colour.b))
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_measured_as_the_standard_does() -> None:
    assert contrast(Color.parse("#000"), Color.parse("#fff")) == pytest.approx(21)
    assert contrast(Color.parse("#777"), Color.parse("#fff")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", themes.OURS, ids=lambda theme: theme.name)
def test_every_look_can_be_read_on_every_ground(theme: Theme) -> None:
    least = 7.0 if theme is CONTRAST else 4.5
    variables = theme.to_color_system().generate()
    for ground in ("background", "surface", "panel"):
        below = Color.parse(variables[ground])
        for name, look in LOOKS.items():
            above = below + Color.parse(variables[look.colour]).multiply_alpha(look.share)
            wanted = 1.9 if name in ONLY_LINES else least
            assert contrast(above, below) >= wanted, (ground, name)


@pytest.mark.parametrize(
    ("environ", "wanted", "name"),
    [
        (COLOURS, "auto", DARK.name),
        (COLOURS | {"COLORFGBG": "0;15"}, "auto", LIGHT.name),
        ({"TERM": "linux"}, "auto", ANSI),
        ({"TERM": "screen"}, "auto", ANSI),
        (COLOURS, "light", LIGHT.name),
        (COLOURS, "contrast", CONTRAST.name),
        (COLOURS, "16", ANSI),
        (COLOURS, "none", ANSI),
        (COLOURS | {"NO_COLOR": "1"}, "light", ANSI),
    ],
)
def test_which_theme(environ: Mapping[str, str], wanted: str, name: str) -> None:
    assert themes.choose(environ, wanted) == name


@pytest.mark.parametrize(
    ("environ", "wanted", "plain"),
    [
        ({"LANG": "en_US.UTF-8"}, None, False),
        ({"LANG": "C"}, None, True),
        ({"LANG": "en_US.UTF-8", "TERM": "linux"}, None, True),
        ({"LANG": "en_US.UTF-8", "TERM": "linux"}, False, False),
        ({"LANG": "en_US.UTF-8"}, True, True),
    ],
)
def test_which_signs(environ: Mapping[str, str], wanted: bool | None, plain: bool) -> None:
    assert themes.in_ascii(environ, wanted) is plain


# What a terminal answers

GROUND = "\x1b]11;rgb:ffff/ffff/ffff\x07"


def heard(*reads: str, pause: bool = False) -> list[Message]:
    reader = KeyReader()
    reader.expects_ground = True
    found = [message for data in reads for message in marked(list(reader.messages(data)))]
    if pause:
        for _ in range(3):
            time.sleep(0.12)
            found += marked(list(reader.tick()))
    return found


@pytest.mark.parametrize(
    ("answer", "dark"),
    [
        (GROUND, False),
        ("\x1b]11;rgb:1414/1717/1b1b\x1b\\", True),
        ("\x1b]11;rgba:ff/ff/ff/ff\x07", False),
        ("\x1b]11;rgb:f/f/f\x07", False),
    ],
)
def test_the_ground_wherever_the_answer_is_cut(answer: str, dark: bool) -> None:
    for at in range(len(answer) + 1):
        found = heard("j" + answer[:at], answer[at:] + "k")
        assert [m.key for m in found if isinstance(m, Key)] == ["j", "k"], at
        assert [m.dark for m in found if isinstance(m, Ground)] == [dark], at


def test_an_answer_nobody_understands_is_no_text() -> None:
    assert heard("\x1b]11;url(x)\x07") == []
    assert heard("\x1b]11;rgb:14", pause=True) == []


@pytest.mark.parametrize(
    ("typed", "keys"), [("\x1b", ["escape"]), ("\x1b]", ["escape", "right_square_bracket"])]
)
def test_esc_is_a_key_all_the_same(typed: str, keys: list[str]) -> None:
    assert [m.key for m in heard(typed, pause=True) if isinstance(m, Key)] == keys
    assert [m.key for m in heard("\x1b", "[A", pause=True) if isinstance(m, Key)] == ["up"]


def test_what_is_pasted_is_no_answer() -> None:
    (pasted,) = heard(f"\x1b[200~{GROUND}\x1b[201~")
    assert getattr(pasted, "text", "") == GROUND


def run(folder: Path, said: str = "") -> list[str]:
    home = Home(folder / "home")
    home.account("demo", 'kind = "demo"\nlive = false\n')
    home.write("config.toml", said)
    return [sys.executable, "-m", "tuidesk", "--home", str(home.folder)]


def test_a_light_terminal_gets_the_light_theme_once_it_has_answered(tmp_path: Path) -> None:
    with Terminal(run(tmp_path), columns=120, lines=36, env=COLOURS) as terminal:
        terminal.until("wait ")
        assert b"\x1b]11;?" in terminal.written
        assert b"48;2;20;23;27m" in terminal.written, "dark, until it has answered"
        terminal.until("r reply")
        terminal.pump(1)
        terminal.written = b""
        terminal.send(GROUND)
        terminal.pump(1.5)
        assert b"48;2;251;250;247m" in terminal.written
        assert b"48;2;20;23;27m" not in terminal.written, "nothing is left of the dark one"
        assert "not obeyed" not in terminal.text


def test_a_theme_that_was_chosen_is_not_asked_about(tmp_path: Path) -> None:
    with Terminal(run(tmp_path, 'theme = "contrast"\n'), env=COLOURS) as terminal:
        terminal.until("wait ")
        assert b"\x1b]11;?" not in terminal.written
        assert b"48;2;0;0;0m" in terminal.written


def test_no_colours_where_none_are_wanted(tmp_path: Path) -> None:
    with Terminal(run(tmp_path, 'theme = "none"\n'), env=COLOURS) as terminal:
        terminal.until("wait ")
        assert b"8;2;" not in terminal.written
        assert b"8;5;" not in terminal.written


@pytest.mark.parametrize(("column", "is_plain"), [(6, False), (11, True), (7, True)])
def test_signs_of_two_cells_are_drawn_in_ascii(tmp_path: Path, column: int, is_plain: bool) -> None:
    with Terminal(run(tmp_path), columns=120, lines=36) as terminal:
        terminal.until("wait ")
        terminal.until("r reply")
        terminal.pump(0.5)
        assert "│" in terminal.text
        terminal.send(f"\x1b[1;{column}R")
        terminal.pump(1)
        assert (
            "│" not in terminal.text and "─" not in terminal.text and "…" not in terminal.text
        ) is is_plain


def test_nothing_is_asked_where_ascii_is_drawn_anyway(tmp_path: Path) -> None:
    with Terminal(run(tmp_path, "ascii = true\n")) as terminal:
        terminal.until("wait ")
        assert b"\x1b[6n" not in terminal.written
        assert terminal.text.isascii() or "│" not in terminal.text


@on_screen
async def test_another_theme_is_drawn_at_once(tmp_path: Path) -> None:
    async with screen(demo(tmp_path)) as (app, pilot):
        app._follows_ground = True  # whatever the terminal of the tests is
        app.theme = DARK.name
        await pilot.pause()
        before = app.desk_screen.keys.drawn_style("key")
        app.post_message(Ground(dark=False))
        await until(lambda: app.theme == LIGHT.name)
        await until(lambda: app.desk_screen.keys.drawn_style("key") != before)
