"""A channel that misbehaves while the test says so. Speaks the pipe vocabulary; the standard library only.

    python unruly.py FOLDER

`FOLDER/feed` holds what it reports, a line an event; lines that are added later are told when they are there, and
`{"type": "exit"}` ends it. `FOLDER/manner` holds how it takes commands: `answer`, `reject`, `late SECONDS`, `hang`
(never an answer), `cut` (it ends without one). `FOLDER/ledger` gets a line for every command that came, before
anything else is done with it.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

_FILES = {"receipt": b"%PDF-1.4 the receipt"}


class Unruly:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._told = threading.Lock()

    def run(self) -> None:
        sys.stdin.readline()
        self.tell(
            type="ready",
            identity={"name": "Acme Shop", "handle": "shop"},
            caps={
                "performs": [
                    "reply",
                    "note",
                    "start",
                    "complete",
                    "reopen",
                    "pending",
                    "snooze",
                    "assign",
                    "tag",
                ],
                "media": ["chat"],
                "find": False,
            },
            agents=[{"name": "Ana", "handle": "ana", "me": True}, {"name": "Sam", "handle": "sam"}],
        )
        threading.Thread(target=self.report, daemon=True).start()
        for line in sys.stdin:
            self.obey(json.loads(line))

    def tell(self, **said: Any) -> None:
        with self._told:
            print(json.dumps(said), flush=True)

    def report(self) -> None:
        at, idle = 0, False
        while True:
            data = (self.folder / "feed").read_bytes()
            end = data.rfind(b"\n") + 1
            for line in data[at:end].splitlines():
                event = json.loads(line)
                if event["type"] == "exit":
                    os._exit(3)
                self.tell(**event)
            if end > at or not idle:
                self.tell(type="idle")
                idle = True
            at = end
            time.sleep(0.02)

    def obey(self, command: dict[str, Any]) -> None:
        with (self.folder / "ledger").open("a") as ledger:
            ledger.write(json.dumps(command) + "\n")
        manner, _, seconds = (self.folder / "manner").read_text().strip().partition(" ")
        if manner == "cut":
            os._exit(4)
        elif manner == "late":
            threading.Timer(float(seconds), self.answer, (command,)).start()
        elif manner == "reject":
            self.tell(type="error", key=command["key"], error="rejected", reason="not today")
        elif manner != "hang":
            self.answer(command)

    def answer(self, command: dict[str, Any]) -> None:
        if command["type"] == "fetch":
            path = self.folder / command["ref"]
            path.write_bytes(_FILES[command["ref"]])
            self.tell(type="fetched", key=command["key"], path=str(path))
        else:
            self.tell(
                type="receipt",
                key=command["key"],
                id=f"sent-{command['key']}",
                at=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                conversation=command.get("conversation", "new"),
            )


if __name__ == "__main__":
    Unruly(Path(sys.argv[1])).run()
