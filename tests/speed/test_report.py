"""What a report over two years and a million messages costs: seconds and memory, from outside.

Run by hand (`pytest -m long tests/speed -s` prints the figures): taking the messages in takes minutes.
"""

import json
import os
import time

import pytest

from tests.cli.program import Home
from tests.speed.history import history
from tuidesk.desk.clock import SystemClock
from tuidesk.domain.instants import DAY, rfc3339

pytestmark = [pytest.mark.long, pytest.mark.timeout(3600)]

MESSAGES = 1_000_000
HOURS = """
[agent]
name = "Ana"
addresses = ["ana@acme.example"]
[hours]
zone = "Europe/Berlin"
week = { mon-fri = ["09:00-12:00", "13:30-17:00"] }
[[targets]]
first_response = "1h"
reply = "4h"
resolution = "2d"
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("report")
    home = Home(folder / "home")
    home.write("config.toml", HOURS)
    lines = folder / "history.jsonl"
    with lines.open("w") as file:
        file.writelines(json.dumps(line) + "\n" for line in history(MESSAGES, SystemClock().now()))
    assert os.spawnvp(os.P_WAIT, home.command()[0], [*home.command("import", str(lines))]) == 0
    return home


def run(home: Home, *words: str) -> tuple[float, float, str]:
    """(seconds, MB at most, what it printed)"""
    read, write = os.pipe()
    began = time.monotonic()
    command = list(home.command("report", *words))
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, write, 1)])
    os.close(write)
    with os.fdopen(read) as printed:
        told = printed.read()
    _, status, used = os.wait4(pid, 0)
    assert status == 0
    return time.monotonic() - began, used.ru_maxrss / 1024, told


def test_a_report_over_a_million_messages(home: Home) -> None:
    since = rfc3339(SystemClock().now() - 800 * DAY)
    seconds, memory, told = min(run(home, "--json", "--since", since) for _ in range(3))
    figures = {
        line["metric"]: line for line in map(json.loads, told.splitlines()) if line["type"] == "metric"
    }
    received, sent = figures["messages_received"]["n"], figures["replies_sent"]["n"]
    print(f"report --json over {received + sent:,} messages: {seconds:.2f} s, {memory:.0f} MB")
    assert received + sent >= MESSAGES
    assert seconds <= 2
    assert memory <= 150


@pytest.mark.parametrize("words", [("--by", "tag"), ("--by", "person"), ("--by", "day"), ("--pictures",)])
def test_what_its_groups_and_pictures_cost(home: Home, words: tuple[str, ...]) -> None:
    since = rfc3339(SystemClock().now() - 800 * DAY)
    for period in (since, "30d"):
        seconds, memory, _ = run(home, "--json", "--since", period, *words)
        print(f"report {' '.join(words)} since {period}: {seconds:.2f} s, {memory:.0f} MB")
        assert memory <= 300
