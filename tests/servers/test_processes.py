"""A server does not outlive its test run."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers.processes import Process

_PARENT = """\
import sys, time
from pathlib import Path
from tests.servers.processes import Process
process = Process(["sleep", "300"], Path(sys.argv[1]) / "log")
process.wait_for(lambda: Path(f"/proc/{process.pid}/comm").read_text() == "sleep\\n")
print(process.pid, flush=True)
time.sleep(300)
"""


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _wait_gone(pid: int) -> None:
    end = time.monotonic() + 20
    while _runs(pid):
        assert time.monotonic() < end, f"{pid} still runs"
        time.sleep(0.02)


def test_it_ends_when_whoever_started_it_is_killed(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT, str(tmp_path)], cwd=root, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        assert _runs(pid)
        parent.kill()
    _wait_gone(pid)


def test_what_it_started_ends_with_it(tmp_path: Path) -> None:
    process = Process(["sh", "-c", "sleep 300 & echo $!; exec sleep 300"], tmp_path / "log")
    process.wait_for(lambda: (tmp_path / "log").read_text().endswith("\n"))
    child = int((tmp_path / "log").read_text())
    process.stop()
    _wait_gone(child)
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, signal.SIGTERM)


def test_what_cannot_start_says_why(tmp_path: Path) -> None:
    process = Process(["sh", "-c", "echo the port is taken; exit 1"], tmp_path / "log")
    with pytest.raises(RuntimeError, match="the port is taken"):
        process.wait_for(lambda: False)
