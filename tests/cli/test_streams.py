"""Output that cannot be written, and streams that are not there: what was done counts, and nothing is doubled."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import Home

_HELLO = (
    '{"type": "received", "id": "m1", "conversation": "c1", "at": "2026-11-20T12:50:00Z", "medium": "chat", '
    '"from": {"name": "Dana", "handle": "dana"}, "text": "Where is my parcel?"}\n{"type": "cursor", "cursor": "1"}\n'
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    events = tmp_path / "events.jsonl"
    events.write_text(_HELLO)
    made.shop("shop", "--mode", "keys", "--events", str(events))
    made.run("sync", "--once")
    return made


def _run(home: Home, words: str, redirected: str) -> tuple[int, str, str]:
    """A command as a shell runs it with its streams redirected; exit code, stdout, stderr."""
    line = f"{shlex.join(home.command(*shlex.split(words)))} {redirected}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def _sent(home: Home) -> int:
    return (home.folder / "shop.ledger").read_text().count('"reply"')


@pytest.mark.parametrize(
    ("words", "redirected"),
    [
        ("reply 1 hi", ">/dev/full"),
        ("reply 1 hi --json", ">/dev/full"),
        ("reply 1 hi", "2>/dev/full"),
        ("reply 1 hi", ">&-"),
        ("reply 1 hi", "<&- >&- 2>&-"),
        ("reply 1 hi", "> >(exec sleep 0)"),
    ],
)
def test_a_reply_that_left_is_a_success_though_nobody_hears_of_it(
    home: Home, words: str, redirected: str
) -> None:
    code, _, told = _run(home, words, redirected)
    assert (code, _sent(home)) == (0, 1)
    assert "Traceback" not in told
    assert ("No space left on device" in told) is (redirected == ">/dev/full")


@pytest.mark.parametrize(
    "words",
    [
        "list",
        "list --json",
        "show 1",
        "show 1 --json",
        "export",
        "accounts",
        "keys",
        "report",
        "report --format csv",
        "follow --since 0",
        "--help",
    ],
)
def test_what_only_tells_says_that_it_could_not(home: Home, words: str) -> None:
    code, _, told = _run(home, words, ">/dev/full")
    assert code == 1
    assert told == "tuidesk: cannot write the output: No space left on device\n"


def test_a_stream_that_is_not_there_is_an_empty_one(home: Home) -> None:
    assert _run(home, "list", ">&-")[::2] == (0, "")
    code, _, told = _run(home, "reply 1 -", "<&-")
    assert (code, told) == (1, "tuidesk: there is no text to send\n")
    assert _run(home, "nosuch", "2>&-")[0] == 2


def test_a_stream_that_was_not_there_is_an_empty_one_for_children_too(home: Home) -> None:
    code = (
        "import subprocess, sys; from tuidesk.__main__ import _fill_gaps; _fill_gaps(); "
        "print(subprocess.run([sys.executable, '-c', 'import os; print(os.readlink(\"/proc/self/fd/2\"))'], "
        "capture_output=False, stdout=subprocess.PIPE, text=True).stdout.strip())"
    )
    done = subprocess.run(
        ["bash", "-c", '"$0" -c "$1" 2>&-', sys.executable, code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "/dev/null\n"
    assert _sent(home) == 0
