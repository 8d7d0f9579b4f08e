"""A shop behind a pipe that takes what it is sent, for the tests of writing."""

import json
import sys
from pathlib import Path
from typing import Any

from tests.tui.desks import home
from tuidesk.config.paths import Paths
from tuidesk.desk.desk import Desk
from tuidesk.desk.ingest import ingest
from tuidesk.domain.events import ChannelEvent
from tuidesk.wire.channel import Batch

_TAKES = """
import json, sys
caps, told = json.loads(sys.argv[1]), json.loads(sys.argv[2])
ledger = open(sys.argv[3], "a", encoding="utf-8")
def tell(**event):
    print(json.dumps(event), flush=True)
sys.stdin.readline()
canned = caps.pop("canned", [])
tell(type="ready", identity={"name": "Shop", "handle": "shop"}, caps=caps, canned=canned)
for event in told:
    tell(**event)
tell(type="idle")
for line in sys.stdin:
    said = json.loads(line)
    if said["type"] in ("reply", "start", "note"):
        ledger.write(line)
        ledger.flush()
        tell(type="receipt", key=said["key"], id="sent-" + said["key"], at="2026-11-27T12:00:00Z")
"""


def question(n: int, **more: Any) -> dict[str, Any]:
    """What customer `n` asks, in a conversation of their own."""
    said = {
        "type": "received",
        "id": f"m{n}",
        "at": f"2026-11-20T12:0{n}:00Z",
        "conversation": f"c{n}",
        "medium": "form",
        "from": {"name": f"Customer {n}", "handle": f"customer{n}@shop.example"},
        "text": f"question {n}",
    }
    return {**said, **more}


def shop(folder: Path, *told: dict[str, Any], config: str = "", name: str = "shop", **caps: Any) -> Paths:
    """A home with the account `shop`, which tells these events (two customers' questions where there are none)."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "takes.py").write_text(_TAKES)
    made = home(folder / "home", **{name: account(folder, *told, name=name, **caps)})
    made.config_toml.write_text('[agent]\nname = "Ana"\naddresses = ["ana@acme.example"]\n' + config)
    return made


def account(folder: Path, *told: dict[str, Any], name: str, **caps: Any) -> str:
    """The account file of such a shop; what it is sent goes into the ledger of its name. `canned`: what it keeps."""
    said = told or (question(1), question(2))
    able = {"performs": ["reply", "note", "start"], **caps}
    command = [sys.executable, str(folder / "takes.py"), json.dumps(able), json.dumps(said)]
    command.append(str(folder / f"{name}.ledger"))
    return f'kind = "pipe"\nid = "{name}"\ncommand = {json.dumps(command)}\n'


def ledger(folder: Path, name: str = "shop") -> list[dict[str, Any]]:
    """What really went out, in order."""
    path = folder / f"{name}.ledger"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def arrives(desk: Desk, *events: ChannelEvent, account: str = "shop") -> None:
    """These come in, as from the channel."""

    def job(connection: Any) -> None:
        batch = Batch(events=events)
        now, settings = desk.clock.now(), desk.settings
        ingest(connection, account, batch, settings=settings, now=now, sources=desk.paths.raw)

    desk.write(job).result()
