"""`setup` on a real terminal: what it says and asks is broken between words, whatever the width."""

import re
from pathlib import Path

import pytest

from tests.cli.program import Home
from tests.terminal import Terminal


@pytest.mark.parametrize("columns", [80, 50])
def test_what_setup_says_and_asks_is_broken_between_words(tmp_path: Path, columns: int) -> None:
    home = Home(tmp_path / "home")
    with Terminal(home.command("setup", "rt"), columns=columns) as terminal:
        terminal.until("acme.example:")
        terminal.send("http://127.0.0.1:1\n")
        terminal.until(r"it is a\s+token:")
        terminal.send("\n")
        shown = terminal.until(r"also of its\s+file\) \[rt\]:")
        said = "The secret is an authentication token of yours: in RT, Logged in as, Settings, Auth Tokens, Create."
        asked = "user: your user name, if the secret is its password; empty: it is a token:"
        assert said in _joined(shown)
        assert asked in _joined(shown)
        assert max(map(len, shown.splitlines())) <= columns


def _joined(screen: str) -> str:
    """The lines with a blank between them: a word that was broken has one within itself now."""
    return re.sub(r"\s+", " ", screen)
