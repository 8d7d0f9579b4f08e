"""What every test has: a home of its own, and servers on request."""

import itertools
import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

from tuidesk.config import secrets

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


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What shares a server shares a worker, and begins first, for it is long and mostly waits (pytest-xdist 3.8 writes
    the group where pytest 9.2 does not look any more)."""
    items.sort(key=lambda item: not _group(item))
    for item in items if config.getoption("loadgroup", False) else ():
        group = _group(item)
        if group and item.parent is not None and not item.nodeid.endswith(f"@{group}"):
            item._id = item.parent.id.child(f"{item.name}@{group}")


def _group(item: pytest.Item) -> str:
    return "_".join(sorted({str(mark.args[0]) for mark in item.iter_markers("xdist_group")}))


@pytest.fixture(autouse=True)
def _own_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another test took for a secret (`one`, say) is not blotted out of what this one is told."""
    monkeypatch.setattr(secrets, "_handed_out", set())


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
