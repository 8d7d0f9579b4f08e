"""A desk whose only channel misbehaves as the test says (`tests/fakes/unruly.py`)."""

import json
import sys
from pathlib import Path
from typing import Any

from tests.tui.desks import home
from tuidesk.config.paths import Paths

_UNRULY = Path(__file__).parents[1] / "fakes" / "unruly.py"


class Unruly:
    """The channel, from the test's side."""

    def __init__(self, folder: Path, customers: int = 3) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        (folder / "feed").touch()
        (folder / "ledger").touch()
        self.behave("answer")
        for n in range(1, customers + 1):
            self.write(n, f"question {n}", minute=n)
        command = json.dumps([sys.executable, str(_UNRULY), str(folder)])
        self.paths: Paths = home(folder / "home", shop=f'kind = "pipe"\nid = "shop"\ncommand = {command}\n')
        self.paths.config_toml.write_text('[agent]\nname = "Ana"\naddresses = ["ana"]\n[hold]\nchat = 0\n')

    def behave(self, manner: str) -> None:
        (self.folder / "manner").write_text(manner)

    def report(self, **event: Any) -> None:
        with (self.folder / "feed").open("a") as feed:
            feed.write(json.dumps(event) + "\n")

    def write(self, n: int, words: str, *, minute: int, **fields: Any) -> None:
        """Customer `n` writes, so many minutes after noon."""
        self.report(
            type="received",
            id=f"m{n}-{minute}",
            at=f"2026-11-20T{12 + minute // 60}:{minute % 60:02}:00Z",
            medium="chat",
            text=words,
            **{"conversation": f"c{n}", "from": {"name": f"Customer {n:03}", "handle": f"customer{n:03}"}}
            | fields,
        )

    def asked(self, *kinds: str) -> list[tuple[str, str, str]]:
        """(type, conversation, text) of what it was asked, oldest first."""
        lines = [json.loads(line) for line in (self.folder / "ledger").read_text().splitlines()]
        return [
            (line["type"], line.get("conversation", ""), line.get("text", "").strip())
            for line in lines
            if not kinds or line["type"] in kinds
        ]
