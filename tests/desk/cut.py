"""The desk as a program of its own that stops at a named step until it is killed from outside.

    python -m tests.desk.cut --home DIR [--reply TEXT] [--sync] [--stop-at STEP]

It opens the home, queues a reply to conversation #1 (`--reply`), then delivers; at `--stop-at` it says so on stdout
and holds that thread for ever. `done` is said at the end.
"""

import argparse
import asyncio
import logging
import time
from pathlib import Path

from tests.desk.home import make_home
from tuidesk.desk.desk import Desk
from tuidesk.domain import commands


class Holding(logging.Handler):
    """Holds whoever passes the step."""

    def __init__(self, name: str) -> None:
        super().__init__(logging.DEBUG)
        self._name = name

    def emit(self, record: logging.LogRecord) -> None:
        passed = record.getMessage().split(" ", 1)[0]
        print(f"passed {passed}", flush=True)
        if passed == self._name:
            print(f"at {passed}", flush=True)
            time.sleep(3600)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--reply")
    parser.add_argument("--sync", action="store_true")
    parser.add_argument("--stop-at", default="")
    given = parser.parse_args()
    steps = logging.getLogger("tuidesk.steps")
    steps.setLevel(logging.DEBUG)
    steps.addHandler(Holding(given.stop_at))
    steps.propagate = False
    desk = Desk.open(make_home(given.home))
    if given.reply:
        desk.do(commands.Reply(conversation=1, text=given.reply)).result()
    if desk.lock.take():
        asyncio.run(desk.engine().once(pull=given.sync, give_up_s=3.0))
    desk.close()
    print("done", flush=True)


if __name__ == "__main__":
    main()
