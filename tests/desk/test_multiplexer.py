"""tmux and screen: what is said of a real tmux, and of every setting that is in the way."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clock import ManualClock
from tests.config.files import home
from tuidesk.desk.doctor import examine
from tuidesk.desk.multiplexer import of_tmux, settings

GOOD = {
    "escape-time": "10",
    "focus-events": "on",
    "set-clipboard": "on",
    "allow-passthrough": "on",
    "terminal-features": "xterm*:RGB",
}
INSIDE = {"TERM": "tmux-256color", "TMUX": "x"}


@pytest.mark.parametrize(
    ("option", "value", "line"),
    [
        ("escape-time", "500", "set -s escape-time 10"),
        ("focus-events", "off", "set -g focus-events on"),
        ("set-clipboard", "off", "set -s set-clipboard on"),
        ("allow-passthrough", "off", "set -g allow-passthrough on"),
        ("terminal-features", "xterm*:clipboard", "set -as terminal-features ',*:RGB'"),
    ],
)
def test_what_is_in_the_way_has_a_line_that_changes_it(option: str, value: str, line: str) -> None:
    assert all(setting.is_well for setting in of_tmux(GOOD, INSIDE, notifies=True))
    wrong = [s for s in of_tmux({**GOOD, option: value}, INSIDE, notifies=True) if not s.is_well]
    assert [setting.line for setting in wrong] == [line]


def test_what_does_not_matter_is_not_in_the_way() -> None:
    closed = {**GOOD, "allow-passthrough": "off"}
    assert all(setting.is_well for setting in of_tmux(closed, INSIDE, notifies=False))
    outside = {**GOOD, "set-clipboard": "external"}
    assert all(setting.is_well for setting in of_tmux(outside, INSIDE, notifies=False))
    shut = {**outside, "allow-passthrough": "off"}
    assert [s.line for s in of_tmux(shut, INSIDE, notifies=False) if not s.is_well] == [
        "set -s set-clipboard on"
    ]
    plain = [s.line for s in of_tmux(GOOD, {"TERM": "screen", "TMUX": "x"}, notifies=False) if not s.is_well]
    assert plain == ['set -g default-terminal "tmux-256color"']


def test_screen() -> None:
    (term, _) = settings({"STY": "1.x", "TERM": "screen"})
    assert not term.is_well
    assert term.line == "term screen-256color"


def test_nothing_is_said_outside_of_both() -> None:
    assert list(settings({"TERM": "xterm"})) == []


def test_a_tmux_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    (silent,) = settings({"TMUX": "/nowhere,1,0", "TERM": "screen"})
    assert not silent.is_well


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[str]:
    """A tmux of the test's own; what TMUX is inside it."""
    if shutil.which("tmux") is None:
        pytest.skip("no tmux here")
    socket = tmp_path / "tmux"
    run = ["tmux", "-S", str(socket), "-f", "/dev/null"]
    subprocess.run([*run, "new-session", "-d", "-x", "80", "-y", "24", "sleep 60"], check=True)
    try:
        subprocess.run([*run, "set", "-s", "escape-time", "321"], check=True)
        subprocess.run([*run, "set", "-g", "focus-events", "on"], check=True)
        yield f"{socket},1,0"
    finally:
        subprocess.run([*run, "kill-server"], check=False)


@pytest.mark.skipif(sys.platform != "linux", reason="as the fixtures are")
def test_doctor_asks_the_tmux_it_runs_in(tmux: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("TMUX", tmux)
    paths = home(tmp_path / "home")
    paths.make()
    said = {f.what: (f.level, f.remedy) for f in examine(paths, ManualClock()) if f.what.startswith("tmux:")}
    level, remedy = said["tmux: escape-time is 321 ms, which is how long every Esc waits"]
    assert level == "warn"
    assert remedy == "put `set -s escape-time 10` into ~/.tmux.conf, then run `tmux source ~/.tmux.conf`"
    assert said["tmux: focus-events is on"] == ("ok", "")
