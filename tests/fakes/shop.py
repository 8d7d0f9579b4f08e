"""A small shop that speaks the pipe vocabulary, for the tests. The standard library only; nothing of tuidesk.

    python shop.py --ledger FILE --mode keys|find|neither [--events FILE] [misbehaviour …]

The ledger is the judge: one JSON line for each message that a customer really has and for each state that is set,
appended and on disk before the answer leaves. `keys` honours a repeated key (also one of an earlier run), `find` does
not, but looks it up when asked; `neither` can do neither, so that a repeat is a second message.

`--events` holds what the customers write, one event a line, with `cursor` lines between; what stands behind the
hello's cursor is told, then `idle`.
"""

import argparse
import fcntl
import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Object = dict[str, Any]
MESSAGES = ("reply", "start", "note")
_KEPT = ("type", "key", "text", "seen", "template", "values", "attachments", "visibility")
"""Of a command, in its line of the ledger."""
STATES = ("complete", "reopen", "pending", "snooze", "assign", "tag", "priority")


class Ledger:
    """What happened, append-only. Several shops may share it."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._path = path

    def lines(self) -> list[Object]:
        return [json.loads(line) for line in self._path.read_text().splitlines()]

    def of_key(self, key: str) -> Object | None:
        return next((line for line in self.lines() if line["key"] == key), None)

    def add(self, command: Object, once: bool) -> Object:
        """The new line; with `once` the line of the same key where there is one."""
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            kept = self.of_key(command["key"]) if once else None
            return kept or self._append(command)
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def _append(self, command: Object) -> Object:
        number = len(self.lines()) + 1
        line: Object = {
            "what": "message" if command["type"] in MESSAGES else "state",
            "id": f"shop-{number}",
            "at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "conversation": command.get("conversation") or f"shop-conversation-{number}",
            **{name: command[name] for name in _KEPT if name in command},
        }
        os.write(self._file, json.dumps(line).encode() + b"\n")
        os.fsync(self._file)
        return line


class Shop:
    """One run."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.ledger = Ledger(options.ledger)

    def run(self) -> None:
        hello = json.loads(sys.stdin.readline() or "{}")
        if not self.options.never_ready:
            tell(self.ready())
        for event in self.news(hello.get("cursor", "")):
            tell(event)
        tell({"type": "idle"})
        for line in sys.stdin:
            self.obey(json.loads(line))

    def ready(self) -> Object:
        mode = self.options.mode
        return {
            "type": "ready",
            "identity": {"name": "Acme Shop", "handle": "shop"},
            "caps": {
                "performs": [*MESSAGES, *STATES],
                "idempotent_s": 86400 if mode == "keys" else 0,
                "find": mode == "find",
                "media": ["chat"],
                "visibility": ["direct"],
                **({"max_length": self.options.most} if self.options.most else {}),
                **self.options.caps,
            },
            "agents": [{"name": "Ana", "handle": "ana", "me": True}],
            "canned": self.options.canned,
        }

    def news(self, cursor: str) -> Iterator[Object]:
        if self.options.events is None:
            return
        events = [json.loads(line) for line in self.options.events.read_text().split("\n") if line]
        cursors = [event["cursor"] if event["type"] == "cursor" else None for event in events]
        yield from events[cursors.index(cursor) + 1 if cursor in cursors else 0 :]

    def obey(self, command: Object) -> None:
        kind, key = command["type"], command["key"]
        if kind == "find":
            tell(self.looked_up(key))
        elif kind not in MESSAGES and kind not in STATES:
            tell({"type": "error", "key": key, "error": "unsupported", "reason": kind})
        elif "reject" in command.get("text", ""):
            tell({"type": "error", "key": key, "error": "rejected", "reason": "the shop will not say that"})
        elif self.options.rate_limited is not None and self.once("rate-limited"):
            tell(
                {"type": "error", "key": key, "error": "rate_limited", "reason": "slowly"}
                | {"after": self.options.rate_limited}
            )
        else:
            self.carry_out(command)

    def carry_out(self, command: Object) -> None:
        message = command["type"] in MESSAGES
        self.maybe_die("before-ledger", message)
        time.sleep(self.options.slow)
        line = self.ledger.add(command, once=self.options.mode == "keys")
        self.maybe_die("after-ledger", message)
        time.sleep(self.options.late)
        if self.options.garbage:
            print("Traceback (most recent call last):", flush=True)
        else:
            tell(
                {"type": "receipt", **{name: line[name] for name in ("key", "id", "at", "conversation")}}
                | self.but()
            )

    def but(self) -> Object:
        """What a receipt says besides."""
        said: Object = {"warnings": [self.options.warn]} if self.options.warn else {}
        if self.options.refuse:
            said["refused"] = [{"name": "", "handle": self.options.refuse}]
        return said

    def looked_up(self, key: str) -> Object:
        if self.options.mode != "find":
            return {"type": "unsure", "key": key}
        line = self.ledger.of_key(key)
        if line is None:
            return {"type": "missing", "key": key}
        return {"type": "found", "key": key, "id": line["id"], "at": line["at"]}

    def maybe_die(self, where: str, message: bool) -> None:
        """Of the first message; states are left alone."""
        if message and self.options.die == where and self.once("died"):
            os._exit(9)

    def once(self, what: str) -> bool:
        """Whether this has not happened yet, in this run or an earlier one."""
        try:
            os.close(os.open(f"{self.options.ledger}.{what}", os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            return False
        return True


def tell(said: Object) -> None:
    print(json.dumps(said), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--ledger", type=Path, required=True)
    parser.add_argument("--mode", choices=["keys", "find", "neither"], required=True)
    parser.add_argument("--events", type=Path)
    parser.add_argument("--die", choices=["before-ledger", "after-ledger"], help="once, at the first message")
    parser.add_argument("--slow", type=float, default=0.0, metavar="SECONDS", help="until each ledger line")
    parser.add_argument("--late", type=float, default=0.0, metavar="SECONDS", help="until each receipt")
    parser.add_argument("--garbage", action="store_true", help="in place of each receipt")
    parser.add_argument("--rate-limited", type=float, metavar="SECONDS", help="the first command only")
    parser.add_argument("--never-ready", action="store_true")
    parser.add_argument("--refuse", metavar="HANDLE", help="in each receipt")
    parser.add_argument("--most", type=int, metavar="CHARACTERS", help="of a text")
    parser.add_argument("--caps", type=json.loads, default={}, metavar="JSON", help="besides")
    parser.add_argument("--canned", type=json.loads, default=[], metavar="JSON", help="replies it keeps")
    parser.add_argument("--warn", metavar="TEXT", help="in each receipt")
    try:
        Shop(parser.parse_args()).run()
    except BrokenPipeError:
        os._exit(1)  # nobody listens; the ledger is on disk


if __name__ == "__main__":
    main()
