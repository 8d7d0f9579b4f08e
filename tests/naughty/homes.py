"""Homes whose customers, servers and colleagues write what they like."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.naughty.stream import Verdict, of_shell
from tests.terminal import Terminal

HOSTILE = Path(__file__).with_name("hostile.py")
_STARTED = datetime.now(UTC).replace(microsecond=0)


def at(number: int) -> str:
    """The time of the n-th message: some hours ago, the first one the longest."""
    return (_STARTED - timedelta(hours=20) + timedelta(minutes=number)).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True)
class Home:
    """One home, worked from the outside."""

    path: Path

    def account(self, name: str, text: str) -> None:
        """An account file, for the user alone."""
        folder = self.path / "config" / "accounts"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(
            self.path / "config" / "config.toml", '[agent]\nname = "Ana"\naddresses = ["ana@acme.example"]\n'
        )
        _write(folder / f"{name}.toml", text)

    @property
    def ledger(self) -> Path:
        """What the pipe programs of this home were asked to do."""
        return self.path / "ledger.jsonl"

    def pipe(self, name: str, events: Sequence[dict[str, Any]], words: str, *more: str) -> None:
        """An account of the hostile program."""
        told = self.path / f"{name}.jsonl"
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        told.write_text("".join(json.dumps(event) + "\n" for event in events))
        command = [sys.executable, str(HOSTILE), str(told), json.dumps(words), str(self.ledger), *more]
        self.account(name, f'kind = "pipe"\ncommand = {json.dumps(command)}\n')

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "tuidesk", "--home", str(self.path), *words]

    @property
    def env(self) -> dict[str, str]:
        """What the program is run with: a home directory of its own."""
        return {"HOME": str(self.path)}

    def run(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """A command whose output is no terminal."""
        return subprocess.run(
            self.command(*words),
            env={**os.environ, **self.env},
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=60,
            check=False,
        )

    def on_terminal(self, *words: str) -> tuple[int, str, Verdict]:
        """A command whose output and errors are a terminal: its exit code, what it wrote, the verdict on that."""
        with Terminal(self.command(*words), columns=120, lines=36, env=self.env) as terminal:
            code = terminal.ended(60)
            return (
                code,
                terminal.written.decode(errors="replace").replace("\r\n", "\n"),
                of_shell(terminal.written),
            )

    def screen(self, columns: int = 80, lines: int = 24) -> Terminal:
        """The screen's program on a terminal of this size."""
        return Terminal(self.command(), columns=columns, lines=lines, env=self.env)

    def numbers(self) -> list[int]:
        """The numbers of all its conversations."""
        listed = self.run("list", "all", "--limit", "10000", "--json")
        assert listed.returncode == 0, listed.stderr
        return [json.loads(line)["n"] for line in listed.stdout.split("\n") if line]


def settle(terminal: Terminal, least: float = 0.06) -> None:
    """Wait until the program has nothing more to write to what was typed."""
    terminal.pump(least)
    for _ in range(40):
        before = len(terminal.written)
        terminal.pump(0.03)
        if len(terminal.written) == before:
            return


def press(terminal: Terminal, *keys: str) -> None:
    """Keys, each after what the one before it led to."""
    for key in keys:
        terminal.send(key)
        settle(terminal)


def leave(terminal: Terminal) -> None:
    """Out of whatever is open, and out of the program."""
    press(terminal, *"\x1b" * 4)
    terminal.pump(0.5)  # an Esc and a key in one read look like Alt
    press(terminal, "q")
    terminal.until("Quit")
    terminal.pump(0.5)  # a young dialog is not answered
    press(terminal, "q")
    assert terminal.ended() == 0


def _write(path: Path, text: str) -> None:
    with os.fdopen(
        os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
