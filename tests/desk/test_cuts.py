"""kill -9 before and after each named step of a reply's life. The channel's ledger is the judge.

Every case: a reply is queued and delivered until the program is killed at a step; it is started again (and, in the
double cuts, killed again while it recovers); then the ledger is counted. Nothing may be lost or sent twice, and a
reply may be unknown only where the channel cannot look it up.
"""

import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.desk.home import desk_at, make_home, sync_once
from tests.servers.fixtures import LoopbackTls
from tests.servers.scripted_smtp import ScriptedSmtp
from tuidesk.config.paths import Paths
from tuidesk.store.db import open_reader

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "tests" / "fakes" / "shop.py"
TEXT = "We are very sorry: your parcel leaves today."

DESK_STEPS = (
    "outbox.queueing",
    "outbox.queued",
    "outbox.recovering",
    "outbox.recovered",
    "outbox.claiming",
    "outbox.claimed",
    "outbox.performing",
    "outbox.performed",
    "outbox.settling",
    "outbox.settled",
)
PIPE_STEPS = ("pipe.before_write", "pipe.written", "pipe.answered")
SMTP_STEPS = ("smtp.connected", "smtp.before_data", "smtp.data_sent", "smtp.answered")
ASKING_STEPS = (
    "outbox.recovering",
    "outbox.recovered",
    "outbox.finding",
    "outbox.found",
    "outbox.settling",
    "outbox.settled",
)

MODES = ("keys", "find", "neither")


@dataclass(frozen=True, slots=True)
class Shop:
    """A home with one conversation on a pipe channel, and the channel's ledger."""

    paths: Paths
    home: Path
    ledger: Path

    def sent(self) -> int:
        """How often the customer has the reply."""
        if not self.ledger.exists():
            return 0
        lines = [json.loads(line) for line in self.ledger.read_text().splitlines()]
        return sum(TEXT in line.get("text", "") for line in lines if line["what"] == "message")

    def wait_until_the_shop_is_closed(self) -> None:
        """A killed desk's shop still reads what was written to it; the service is consistent when it is gone."""
        deadline = time.monotonic() + 10
        while any(str(self.ledger).encode() in line for line in _command_lines()):
            assert time.monotonic() < deadline, "the shop outlived its desk"
            time.sleep(0.02)


def _command_lines() -> Iterator[bytes]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                yield (entry / "cmdline").read_bytes()
            except OSError:
                continue


def open_shop(folder: Path, mode: str, *more: str) -> Shop:
    """A shop with one customer who waits for an answer, synced once."""
    ledger, events = folder / "ledger", folder / "events.jsonl"
    events.write_text(
        json.dumps(
            {
                "type": "received",
                "id": "m1",
                "conversation": "c1",
                "at": "2026-11-20T12:50:00Z",
                "medium": "chat",
                "from": {"name": "Dana Ortiz", "handle": "dana"},
                "text": "Where is my parcel?",
            }
        )
        + '\n{"type": "cursor", "cursor": "1"}\n'
    )
    command = [
        sys.executable,
        str(SHOP),
        "--ledger",
        str(ledger),
        "--mode",
        mode,
        "--events",
        str(events),
        *more,
    ]
    paths = make_home(folder / "home", shop=f'kind = "pipe"\ncommand = {json.dumps(command)}\n')
    with desk_at(paths) as desk:
        assert sync_once(desk) == {}
    return Shop(paths, folder / "home", ledger)


@contextmanager
def running(home: Path, *words: str) -> Iterator["subprocess.Popen[str]"]:
    """The desk as a program of its own; whatever is left of it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.desk.cut", "--home", str(home), *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)
        assert process.stdout is not None
        process.stdout.close()


def cut(home: Path, step: str, *words: str) -> bool:
    """Run until `step`, then kill -9. False: the step was never passed and the program ended by itself."""
    with running(home, *words, "--stop-at", step) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == f"at {step}":
                os.kill(process.pid, signal.SIGKILL)
                return True
            if line.strip() == "done":
                return False
        raise AssertionError(f"the program ended before {step}, exit {process.wait(10)}")


def run_through(home: Path) -> None:
    """Start the desk again and let it do whatever is left."""
    with running(home, "--sync") as process:
        out, _ = process.communicate(timeout=60)
        assert out.strip().endswith("done"), out
        assert process.returncode == 0


def reply_state(paths: Paths) -> str:
    """The state of our reply's message; "" where there is none."""
    connection = open_reader(paths.store)
    try:
        row = connection.execute("SELECT state FROM message WHERE direction = 'out'").fetchall()
        assert len(row) <= 1, "the reply stands twice in the thread"
        return str(row[0]["state"]) if row else ""
    finally:
        connection.close()


def judge(state: str, in_ledger: int, *, queued: bool, can_tell: bool) -> None:
    """Never lost, never twice; unknown only where nobody can tell."""
    assert in_ledger <= 1, f"sent {in_ledger} times"
    if not queued:
        assert (state, in_ledger) == ("", 0)
    elif can_tell:
        assert (state, in_ledger) == ("sent", 1)
    else:
        assert state in ("sent", "unknown")
        assert state == "unknown" or in_ledger == 1


def cut_and_resume(shop: Shop, *, mode: str, first: str, second: str | None) -> None:
    """One case of the matrix."""
    assert cut(shop.home, first, "--reply", TEXT), f"{first} was never passed"
    shop.wait_until_the_shop_is_closed()
    if second is not None:
        cut(shop.home, second, "--sync")
        shop.wait_until_the_shop_is_closed()
    run_through(shop.home)
    shop.wait_until_the_shop_is_closed()
    after = (reply_state(shop.paths), shop.sent())
    judge(*after, queued=first != "outbox.queueing", can_tell=mode != "neither")
    run_through(shop.home)
    assert (reply_state(shop.paths), shop.sent()) == after, (
        "something more happened in a run that had nothing to do"
    )


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("step", [*DESK_STEPS, *PIPE_STEPS])
def test_a_cut_at_each_step_loses_nothing_and_repeats_nothing(tmp_path: Path, mode: str, step: str) -> None:
    cut_and_resume(open_shop(tmp_path, mode), mode=mode, first=step, second=None)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("step", ASKING_STEPS)
def test_a_second_cut_while_recovering(tmp_path: Path, mode: str, step: str) -> None:
    cut_and_resume(open_shop(tmp_path, mode), mode=mode, first="pipe.written", second=step)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("die", ["before-ledger", "after-ledger"])
def test_the_channel_itself_dies(tmp_path: Path, mode: str, die: str) -> None:
    shop = open_shop(tmp_path, mode, "--die", die)
    with running(shop.home, "--reply", TEXT, "--sync") as process:
        process.communicate(timeout=60)
    run_through(shop.home)
    judge(reply_state(shop.paths), shop.sent(), queued=True, can_tell=mode != "neither")


def test_two_processes_on_one_store_send_once(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "neither", "--slow", "0.3")
    with running(shop.home, "--reply", TEXT) as one, running(shop.home) as two, running(shop.home) as three:
        for process in (one, two, three):
            process.communicate(timeout=60)
    run_through(shop.home)
    assert (reply_state(shop.paths), shop.sent()) == ("sent", 1)


def test_the_holder_is_killed_while_another_waits(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "find")
    assert cut(shop.home, "pipe.written", "--reply", TEXT)
    with running(shop.home, "--sync") as one, running(shop.home, "--sync") as two:
        for process in (one, two):
            process.communicate(timeout=60)
    run_through(shop.home)
    judge(reply_state(shop.paths), shop.sent(), queued=True, can_tell=True)


SECOND_CUTS = (
    None,
    *ASKING_STEPS,
    *PIPE_STEPS,
    "outbox.claiming",
    "outbox.claimed",
    "outbox.performing",
    "outbox.performed",
)
SPEEDS = ("0", "0.05")


def test_the_long_run_has_a_thousand_cuts() -> None:
    assert len(MODES) * len([*DESK_STEPS, *PIPE_STEPS]) * len(SECOND_CUTS) * len(SPEEDS) >= 1000


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("first", [*DESK_STEPS, *PIPE_STEPS])
def test_a_thousand_cuts(tmp_path: Path, mode: str, first: str) -> None:
    """Every pair of a first and a second cut, on every kind of channel, with slow and quick services."""
    for number, (second, slow) in enumerate(itertools.product(SECOND_CUTS, SPEEDS)):
        folder = tmp_path / str(number)
        folder.mkdir()
        cut_and_resume(open_shop(folder, mode, "--slow", slow), mode=mode, first=first, second=second)


@pytest.fixture
def smtp_home(tmp_path: Path, loopback_tls: LoopbackTls) -> Iterator[tuple[Paths, Path, ScriptedSmtp]]:
    """A Maildir with one customer's mail, sending through a submission server that keeps a ledger."""
    maildir = tmp_path / "Maildir"
    for folder in ("new", "cur", "tmp"):
        (maildir / folder).mkdir(parents=True)
    (maildir / "new" / "1.a.host").write_bytes(
        b"From: Dana Ortiz <dana@ortiz.example>\r\nTo: support@acme.example\r\nSubject: Parcel\r\n"
        b"Message-ID: <1@ortiz.example>\r\nDate: Sun, 22 Nov 2026 10:00:00 +0000\r\n\r\nWhere is my parcel?\r\n"
    )
    secret = tmp_path / "secret"
    secret.touch(0o600)
    secret.write_text("agentpw\n")
    with ScriptedSmtp(context=loopback_tls.server) as server:
        account = (
            f'kind = "maildir"\npath = "{maildir}"\naddress = "support@acme.example"\n'
            f'secret = {{ file = "{secret}" }}\n'
            f'[send.smtp]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "tls"\n'
            f'user = "support@acme.example"\nca = "{loopback_tls.ca}"\n'
        )
        paths = make_home(tmp_path / "home", local=account)
        with desk_at(paths) as desk:
            assert sync_once(desk) == {}
        yield paths, tmp_path / "home", server


@pytest.mark.parametrize("step", [*DESK_STEPS, *SMTP_STEPS])
def test_a_cut_of_a_mail_at_each_step(smtp_home: tuple[Paths, Path, ScriptedSmtp], step: str) -> None:
    paths, home, server = smtp_home
    assert cut(home, step, "--reply", TEXT), f"{step} was never passed"
    run_through(home)
    after = (reply_state(paths), len(server.ledger))
    judge(*after, queued=step != "outbox.queueing", can_tell=False)
    run_through(home)
    assert (reply_state(paths), len(server.ledger)) == after
