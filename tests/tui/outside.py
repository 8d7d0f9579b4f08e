"""What the screen writes past itself, and a channel that says more when it is told to."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.tui.desks import home
from tuidesk.config.paths import Paths
from tuidesk.tui.app import DeskApp

_WAITS = """
import sys, time
from pathlib import Path
sys.stdin.readline()
told, sent = Path(sys.argv[1]), 0
while True:
    data = told.read_text("utf-8")
    sys.stdout.write(data[sent:])
    sys.stdout.flush()
    sent = len(data)
    time.sleep(0.05)
"""


class Talking:
    """A home with a pipe account that tells what is added to it, as it is added."""

    def __init__(self, folder: Path, said: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        script, self._told = folder / "talks.py", folder / "told.jsonl"
        script.write_text(_WAITS)
        self._told.touch()
        command = json.dumps([sys.executable, str(script), str(self._told)])
        self.paths: Paths = home(folder / "home", shop=f'kind = "pipe"\nid = "shop"\ncommand = {command}\n')
        self.paths.config_toml.write_text(said + self.paths.config_toml.read_text())
        identity = {"name": "Shop", "handle": "shop"}
        self.say({"type": "ready", "identity": identity, "caps": {"performs": ["reply", "note"]}})
        self.write("first", "Dana Ortiz")
        self.say({"type": "idle"})

    def say(self, *events: dict[str, Any]) -> None:
        with self._told.open("a") as file:
            file.write("".join(json.dumps(event) + "\n" for event in events))

    def write(self, name: str, who: str = "Dana Ortiz", conversation: str = "c1", **also: Any) -> None:
        """A customer writes."""
        self.say(
            {
                "type": "received",
                "id": name,
                "at": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
                "conversation": conversation,
                "medium": "form",
                "from": {"name": who, "handle": who.casefold().replace(" ", ".")},
                "text": f"text {name}",
                **also,
            }
        )


def written(app: DeskApp, only: str = "") -> list[str]:
    """A list that what is written past the screen comes to; with `only`, what has this in it."""
    found: list[str] = []
    write_out = app.write_out

    def also(sequence: str) -> None:
        if only in sequence:
            found.append(sequence)
        write_out(sequence)

    app.write_out = also  # type: ignore[method-assign]
    return found
