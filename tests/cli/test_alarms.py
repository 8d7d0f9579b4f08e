"""Alarms of what is due where there is no screen: `sync --once` at its end, and a service (tests/tui/test_alarm.py)."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.program import Home
from tests.terminal import Terminal
from tuidesk.domain.instants import rfc3339


def ago(minutes: float) -> str:
    return rfc3339(time.time_ns() // 1_000_000 - round(minutes * 60_000))


def told(home: Home, *waits: float) -> None:
    """The shop tells of customers who have waited for so many minutes."""
    events = home.folder / "events.jsonl"
    who = [{"name": f"Customer {n}", "handle": f"c{n}"} for n in range(len(waits))]
    lines = [
        {"type": "received", "id": f"m{n}", "at": ago(wait), "conversation": f"c{n}", "medium": "chat"}
        | {"from": who[n], "text": "where is it"}
        for n, wait in enumerate(waits)
    ]
    events.write_text("".join(json.dumps(line) + "\n" for line in lines))
    home.shop("shop", "--mode", "keys", "--events", str(events))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def ringing(home: Home, notify: str = "") -> Path:
    """A home that names a program; the path of that one's ledger."""
    script, ledger = home.folder / "ring.sh", home.folder / "ledger"
    script.write_text(f'#!/bin/sh\necho "$*" >> {ledger}\n')
    script.chmod(0o755)
    home.write("config.toml", f'[notify]\ncommand = ["{script}"]\n{notify}')
    return ledger


def rung(ledger: Path) -> list[str]:
    """What the program was told, once it has had time to write it."""
    until = time.monotonic() + 10
    while not ledger.exists() and time.monotonic() < until:
        time.sleep(0.02)
    return ledger.read_text().splitlines() if ledger.exists() else []


def test_sync_once_tells_what_is_due_at_its_end_and_the_next_one_nothing(home: Home) -> None:
    ledger = ringing(home, 'bell = true\nosc = "9"\n')
    told(home, 10, 50, 70, 80, 30 * 60)
    home.run("sync", "--once")
    assert rung(ledger) == ["tuidesk: 2 late, Customer 3, Customer 2; 1 due soon, Customer 1"]
    home.run("sync", "--once")
    assert len(rung(ledger)) == 1


_DIES = """
import asyncio, os, signal, sys
from tuidesk.desk.desk import Desk
from tuidesk.desk.home import locate
desk = Desk.open(locate(sys.argv[1]))
desk.tell = lambda items: os.kill(os.getpid(), signal.SIGKILL)
desk.lock.take()
asyncio.run(desk.engine().once())
"""


def test_who_is_killed_as_it_rings_loses_that_alarm_and_nobody_rings_it_again(home: Home) -> None:
    ledger = ringing(home)
    told(home, 70)
    killed = subprocess.run([sys.executable, "-c", _DIES, str(home.folder)], timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL
    told(home, 70, 80)
    home.run("sync", "--once")
    assert rung(ledger) == ["tuidesk: 1 late, Customer 1"]


def test_two_of_them_ring_once_together(home: Home) -> None:
    ledger = ringing(home)
    told(home, 70)
    both = [home.start("sync", "--once") for _ in range(2)]
    for process in both:
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert rung(ledger) == ["tuidesk: 1 late, Customer 0"]


def test_what_cannot_be_heard_is_left_to_who_can_be(home: Home) -> None:
    home.write("config.toml", '[notify]\nbell = true\nosc = "777"\n')
    told(home, 70)
    home.run("sync", "--once")  # its stderr is no terminal
    with Terminal(home.command("sync", "--once")) as terminal:
        assert terminal.ended() == 0
        assert terminal.written.count(b"\x07\x1b]777;notify;tuidesk;tuidesk: 1 late, Customer 0\x07") == 1


def test_what_was_not_chosen_rings_nothing(home: Home) -> None:
    ledger = ringing(home, 'on = ["new", "mine", "back", "check"]\n')
    told(home, 50, 70)
    home.run("sync", "--once")
    home.write(
        "config.toml", home.folder.joinpath("config/config.toml").read_text().replace('"check"', '"late"')
    )
    home.run("sync", "--once")
    assert rung(ledger) == ["tuidesk: 1 late, Customer 1"]


def test_the_desk_in_lines_says_it(home: Home) -> None:
    told(home, 70)
    home.run("sync", "--once")
    with Terminal([*home.command("--plain")], columns=100) as terminal:
        terminal.until("Customer 0")
        until = time.monotonic() + 40
        while "Late: #1 Customer 0" not in terminal.text:
            assert time.monotonic() < until
            terminal.type("\n", 0.5)
