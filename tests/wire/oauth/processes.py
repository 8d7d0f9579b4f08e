"""Processes that ask for an access token when they are told to."""

import subprocess
import sys

from tests.wire.oauth.account import Account


def process(account: Account, base: str, stop_at: str = "") -> "subprocess.Popen[str]":
    made = subprocess.Popen(
        [sys.executable, "-m", "tests.wire.oauth.account", str(account.folder), base, stop_at],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert made.stdout is not None
    assert made.stdout.readline() == "ready\n"
    return made


def go(made: "subprocess.Popen[str]") -> None:
    assert made.stdin is not None
    made.stdin.write("\n")
    made.stdin.flush()


def until(made: "subprocess.Popen[str]", beginning: str) -> str:
    assert made.stdout is not None
    for line in made.stdout:
        if line.startswith(beginning):
            return line.strip()
    raise AssertionError(f"ended without {beginning!r}")


def ended(*processes: "subprocess.Popen[str]") -> None:
    for made in processes:
        made.kill()
        made.wait()
        for pipe in (made.stdin, made.stdout):
            assert pipe is not None
            pipe.close()
