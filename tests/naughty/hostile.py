"""A pipe program whose every word is out to do harm: it tells events, and answers in the words it was given.

    python hostile.py EVENTS WORDS LEDGER [--no-login]

EVENTS holds what the customers write, one event a line. WORDS is a JSON string that stands in everything else it
says: names, reasons, warnings. What it is asked to do is appended to LEDGER, one
command a line. The standard library only.
"""

import json
import sys
from pathlib import Path
from typing import Any

Object = dict[str, Any]


def tell(said: Object) -> None:
    print(json.dumps(said), flush=True)


def answer(command: Object, words: str, file: Path) -> list[Object]:
    """What is said to one command."""
    key = command["key"]
    match command["type"]:
        case "fetch":
            return [{"type": "fetched", "key": key, "path": str(file)}]
        case "find":
            return [{"type": "unsure", "key": key, "reason": words}]
        case "complete":
            return [{"type": "error", "key": key, "error": "rejected", "reason": words}]
    if "reject" in command.get("text", ""):
        return [{"type": "error", "key": key, "error": "rejected", "reason": words}]
    if "lose" in command.get("text", ""):
        return [{"type": "error", "key": key, "error": "unconfirmed", "reason": words}]
    person = {"name": words, "handle": words}
    return [
        {"type": "receipt", "key": key, "id": f"done-{key}", "refused": [person], "warnings": [words]},
        {"type": "garbage" + words},
    ]


def main() -> None:
    events, words, ledger = Path(sys.argv[1]), json.loads(sys.argv[2]), Path(sys.argv[3])
    sys.stdin.readline()
    print(words.encode(errors="replace").decode(), file=sys.stderr, flush=True)
    if "--no-login" in sys.argv:
        tell({"type": "error", "error": "auth_failed", "reason": words})
        return
    performs = ["reply", "start", "note", "complete", "reopen", "pending", "assign", "tag"]
    person = {"name": words, "handle": f"shop{words}"}
    tell(
        {
            "type": "ready",
            "identity": person,
            "caps": {"performs": performs, "media": [words], "find": True},
            "agents": [person],
        }
    )
    sys.stdout.write(events.read_text())
    tell({"type": "idle"})
    for line in sys.stdin:
        command = json.loads(line)
        with ledger.open("a") as file:
            file.write(json.dumps(command) + "\n")
        for said in answer(command, words, events):
            tell(said)


if __name__ == "__main__":
    main()
