"""What the screen costs beside a bare Textual program, with 100,000 conversations: ratios of one run, from outside.

Run by hand (`pytest -m long tests/speed -s` prints the figures): a busy machine says nothing.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import Home
from tests.shared import SHARED
from tuidesk.desk.clock import SystemClock
from tuidesk.domain.instants import MINUTE, rfc3339

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(SHARED is None, reason="the shared stopwatch is not beside this checkout"),
]

CONVERSATIONS = 100_000
RUNS = 9
CONFIG = 'ascii = false\n[agent]\nname = "Ana"\n'
"""The desk does not ask where the cursor is: the stopwatch fails on that question while it has output to read."""
READY = r"(?m)^> +(late|due|wait) "
IDLE = {"idle": 60, "keys": "wait:3"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("speed") / "home")
    home.write("config.toml", CONFIG)
    home.account("demo", f'kind = "demo"\nlive = false\nsize = {CONVERSATIONS}\n')
    subprocess.run(home.command("sync", "--once"), check=True, capture_output=True)
    return home


def measured(
    folder: Path, size: str, programs: Mapping[str, Mapping[str, object]], runs: int = RUNS
) -> dict[str, Any]:
    """The stopwatch's report on these programs, run in turn."""
    assert SHARED is not None
    spec, out = folder / "spec.json", folder / "out.json"
    spec.write_text(json.dumps(programs))
    stopwatch = [sys.executable, str(SHARED / "bench" / "ptybench.py"), "--size", size]
    options = ["--runs", str(runs), "--warmup", str(int(runs > 1)), "--spec", str(spec), "--out", str(out)]
    done = subprocess.run([*stopwatch, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    print(done.stderr)
    report: dict[str, Any] = json.loads(out.read_text())
    return report


def bare(name: str, **also: object) -> dict[str, object]:
    root = Path(__file__).parents[2]
    return {"cmd": f"{sys.executable} -m tests.speed.{name}", "cwd": str(root), **also}


def desk(home: Home, **also: object) -> dict[str, object]:
    return {"cmd": " ".join(home.command()), "ready": READY, **also}


@pytest.mark.parametrize("size", ["80x24", "120x36"])
def test_a_painted_queue(home: Home, tmp_path: Path, size: str) -> None:
    report = measured(tmp_path, size, {"hello": bare("hello", ready="hello"), "desk": desk(home)})
    start = report["ratio_to_hello"]["desk"]["ready_s"]
    print(f"{size}: start {start['ratio']} x bare ({start['a']} s, {start['b']} s)")
    assert start["ratio"] <= 1.5


@pytest.mark.parametrize("size", ["80x24", "120x36"])
def test_a_key_that_moves_the_mark(home: Home, tmp_path: Path, size: str) -> None:
    programs = {
        "echo": bare("echo", ready="ready 0", keys="j*12,k*10"),
        "desk": desk(home, keys="wait:2,j*12,k*10"),
    }
    report = measured(tmp_path, size, programs)
    echo, ours = (_last_ms(report, name) for name in ("echo", "desk"))
    print(f"{size}: j {ours / echo:.2f} x echo ({ours} ms, {echo} ms)")
    assert ours <= 1.5 * echo


@pytest.mark.parametrize("size", ["80x24", "120x36"])
def test_idle_with_twenty_clocks(tmp_path: Path, size: str) -> None:
    """A minute in which nothing happens but twenty due times that come nearer."""
    home = Home(tmp_path / "home")
    home.write("config.toml", CONFIG)
    now = SystemClock().now()
    lines = (
        {
            "type": "received",
            "id": f"m{number}",
            "conversation": f"c{number}",
            "at": rfc3339(now - number * MINUTE),
            "medium": "mail",
            "from": {"name": f"Customer {number}", "handle": f"c{number}@customer.example"},
            "text": "Where is my parcel?",
        }
        for number in range(2, 22)
    )
    home.run("import", "-", stdin="".join(json.dumps(line) + "\n" for line in lines))
    report = measured(
        tmp_path, size, {"hello": bare("hello", ready="hello", **IDLE), "desk": desk(home, **IDLE)}, runs=1
    )
    floor, ours = (report["programs"][name]["runs"][0]["idle"] for name in ("hello", "desk"))
    told = ("cpu_s", "bytes", "switches_per_s")
    print(f"{size}: idle for 60 s, (desk, bare): { {name: (ours[name], floor[name]) for name in told} }")
    assert ours["bytes"] - floor["bytes"] <= 20 * 180, "more than a clock and its cells"
    assert ours["cpu_s"] <= floor["cpu_s"] + 0.6


def _last_ms(report: dict[str, Any], name: str) -> float:
    """Median over the runs of the time until a key has drawn all that it draws."""
    summary = report["programs"][name]["summary"]
    return float(summary["steps[j*12].last_ms.median"]["median"])
