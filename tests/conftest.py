"""What every test has: a home of its own, and servers on request."""

import itertools
import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("tuidesk", database=None, deadline=None, derandomize="CI" in os.environ)
settings.load_profile(
    "tuidesk"
)  # no examples kept: the checkout may be read-only; no deadline: the machine may be busy

for _number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
    if (
        signal.getsignal(_number) is signal.SIG_IGN
    ):  # a script's `&`, or nohup: what we start would ignore it as well
        signal.signal(_number, signal.SIG_DFL)

_numbers = itertools.count()

pytest_plugins = ["tests.servers.fixtures"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who may take longest begins first, so that nobody waits for one test at the end."""
    items.sort(key=_patience, reverse=True)


def _patience(item: pytest.Item) -> float:
    """Seconds that a test asks for where it asks for more than all have."""
    asked = item.get_closest_marker("timeout")
    return 0.0 if asked is None else float(asked.args[0])


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test can reach the home of whoever runs it."""
    home: Path = tmp_path_factory.mktemp(
        f"home-{next(_numbers)}", numbered=False
    )  # pytest would count them all
    monkeypatch.setenv("LANG", "C.UTF-8")  # a bare machine has none, and the screen draws in ASCII then
    for name in ("LC_ALL", "LC_CTYPE", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TUIDESK_HOME", str(home / "tuidesk"))
    for name, folder in {
        "XDG_CONFIG_HOME": ".config",
        "XDG_DATA_HOME": ".local/share",
        "XDG_STATE_HOME": ".local/state",
        "XDG_CACHE_HOME": ".cache",
        "XDG_RUNTIME_DIR": ".run",
    }.items():
        monkeypatch.setenv(name, str(home / folder))
