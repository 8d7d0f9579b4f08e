"""Colours and signs as the terminal has them, judged by what is written to it."""

import re
import sys
from pathlib import Path

import pytest

from tests.terminal import Terminal
from tuidesk.tui import themes

COMMAND = [sys.executable, "-m", "tuidesk", "demo"]


def test_without_colour_the_terminal_keeps_its_own(tmp_path: Path) -> None:
    """NO_COLOR painted grey on near black: a light terminal turned dark."""
    with Terminal(COMMAND, env={"TUIDESK_HOME": str(tmp_path), "NO_COLOR": "1"}) as terminal:
        terminal.until("wait ")
        colours = set(re.findall(rb"\x1b\[[0-9;]*?(?:38|48)[;:][0-9;:]*m", terminal.written))
        assert colours == set()


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
def test_where_the_locale_is_not_utf8_our_signs_are_ascii(tmp_path: Path, size: tuple[int, int]) -> None:
    columns, lines = size
    env = {"TUIDESK_HOME": str(tmp_path), "LANG": "C", "LC_ALL": ""}
    with Terminal(COMMAND, columns=columns, lines=lines, env=env) as terminal:
        terminal.until("wait ")
        terminal.until("not UTF-8")
        assert not set("…│─“”·") & set(terminal.text)


@pytest.mark.parametrize(
    ("environ", "utf8"),
    [
        ({"LANG": "C.UTF-8"}, True),
        ({"LANG": "en_US.utf8"}, True),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, False),
        ({"LC_CTYPE": "C.UTF-8"}, False),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, False),
        ({"LC_ALL": "C.UTF-8"}, True),
        ({"LANG": "de_DE", "LC_CTYPE": "en_US.UTF-8"}, True),
        ({}, False),
    ],
)
def test_what_a_locale_says_of_its_terminal(environ: dict[str, str], utf8: bool) -> None:
    assert themes.is_utf8(environ) is utf8
