"""`setup` and `doctor` on a real terminal: what they say is broken between words, whatever the width."""

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


def test_what_doctor_finds_stands_below_itself(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.account("it", 'kind = "rt"\nserver = "http://127.0.0.1:1"\nsecret = { env = "HOME" }\n')
    with Terminal(home.command("doctor"), columns=60, lines=60) as terminal:
        assert terminal.ended() == 1
        shown = terminal.text
    first = "BAD   it: no login now (127.0.0.1 cannot be reached:"
    below = "      Connection refused): check the address, and whether"
    assert f"{first}\n{below}\n      server and network are up\n      → look at " in shown


def _joined(screen: str) -> str:
    """The lines with a blank between them: a word that was broken has one within itself now."""
    return re.sub(r"\s+", " ", screen)
