"""The real program, run as a shell runs it, on a home of a test's own."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SHOP = Path(__file__).parents[1] / "fakes" / "shop.py"
Object = dict[str, Any]


class Home:
    """A home, and `tuidesk` in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        accounts = folder / "config" / "accounts"
        for made in (folder, folder / "config", accounts):
            made.mkdir(mode=0o700, exist_ok=True)
        self.write("config.toml", '[agent]\nname = "Ana"\naddresses = ["ana@acme.example"]\n')

    def write(self, name: str, text: str) -> None:
        """A config file."""
        file = self.folder / "config" / name
        file.write_text(text)
        file.chmod(0o600)

    def account(self, name: str, text: str) -> None:
        self.write(f"accounts/{name}.toml", text)

    def shop(self, name: str, *words: str) -> Path:
        """An account served by the tests' shop; the path of its ledger."""
        ledger = self.folder / f"{name}.ledger"
        command = [sys.executable, str(SHOP), "--ledger", str(ledger), *words]
        self.account(name, f'kind = "pipe"\ncommand = {json.dumps(command)}\nanswer_s = 5\n')
        return ledger

    def run(
        self, *words: str, stdin: str | bytes = b"", code: int | None = 0, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command; its exit code must be `code` (None: any)."""
        made = subprocess.run(
            self.command(*words),
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            timeout=60,
            check=False,
            env={**os.environ, **(env or {})},
        )
        done = subprocess.CompletedProcess(
            made.args, made.returncode, made.stdout.decode(), made.stderr.decode()
        )
        assert code is None or done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def json(self, *words: str, code: int = 0) -> list[Object]:
        """What a command prints with `--json`."""
        return [json.loads(line) for line in self.run(*words, "--json", code=code).stdout.splitlines()]

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """A command that goes on running."""
        return subprocess.Popen(
            self.command(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
        )

    def command(self, *words: str) -> Sequence[str]:
        return [sys.executable, "-m", "tuidesk", "--home", str(self.folder), *words]

    def one(self, view: str = "open") -> Object:
        """The first conversation of a view."""
        return self.json("list", view, "--limit", "1")[0]

    def messages(self, number: int) -> list[Object]:
        return [line for line in self.json("show", str(number)) if line["type"] == "message"]


def demo(folder: Path) -> Home:
    """A home with the demo's desk, synced."""
    home = Home(folder)
    home.account("demo", 'kind = "demo"\nlive = false\n')
    home.run("sync", "--once")
    return home
