"""An agent at work, as a program of its own: opens a home's desk and does what stdin says, a line at a time.

    python -m tests.faults.agent --home DIR

Each line is a JSON array, `["reply", 1, "text"]`; each answer is a JSON object a line, `{"error": CLASS, "said": …}`
where something was refused. The first one tells how opening went; it ends with code 1 where the desk did not open.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from tuidesk.config.paths import find
from tuidesk.desk import log, read
from tuidesk.desk.desk import Desk
from tuidesk.domain import commands
from tuidesk.errors import TuideskError


def _act(desk: Desk, what: str, *given: Any) -> Any:
    now = time.time_ns() // 1_000_000
    match what, given:
        case "reply", (number, text, *files):
            done = desk.do(commands.Reply(conversation=number, text=text, files=tuple(files))).result(30)
            return {"keys": list(done.keys)}
        case "draft", (number, text):
            desk.do(commands.SaveDraft(conversation=number, mode="reply", text=text)).result(30)
            return {}
        case "drafts", ():
            query = "SELECT text FROM draft WHERE archived_at IS NULL ORDER BY id"
            return [row[0] for row in desk.read(lambda c: c.execute(query).fetchall()).result(30)]
        case "outbox", ():
            query = "SELECT state, count(*) FROM outbox GROUP BY state"
            return dict(tuple(row) for row in desk.read(lambda c: c.execute(query).fetchall()).result(30))
        case "list", ():
            return [row.n for row in desk.read(read.page, "all", now, 500).result(30)]
        case "messages", ():
            query = "SELECT count(*), count(DISTINCT remote) FROM message"
            return list(desk.read(lambda c: c.execute(query).fetchone()).result(30))
        case "whole", ():
            query = "PRAGMA integrity_check"
            return [row[0] for row in desk.read(lambda c: c.execute(query).fetchall()).result(60)]
        case "once", ():
            if not desk.lock.take():
                return {"error": "locked", "pid": desk.lock.holder()}
            try:
                return asyncio.run(desk.engine().once(give_up_s=0.5))
            finally:
                desk.lock.release()
        case "log", (text,):
            import logging

            log.start(desk.paths)
            for _ in range(3000):
                logging.getLogger("tuidesk.test").error(text)
            return {}
    raise ValueError(what)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    home = parser.parse_args().home
    try:
        desk = Desk.open(find(os.fspath(home)))
    except TuideskError as error:
        _say({"error": type(error).__name__, "said": str(error)})
        return 1
    _say({"read_only": desk.read_only, "salvaged": desk.salvaged})
    for line in sys.stdin:
        try:
            _say(_act(desk, *json.loads(line)))
        except TuideskError as error:
            _say({"error": type(error).__name__, "said": str(error)})
    desk.close()
    return 0


def _say(answer: object) -> None:
    print(json.dumps(answer, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    sys.exit(main())
