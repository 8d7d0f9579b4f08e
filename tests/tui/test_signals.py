"""The screen in a real terminal: hang-ups, signals, crashes, and a terminal that goes away."""

import signal
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal import Terminal
from tests.tui.desks import demo, home
from tuidesk.config.paths import Paths
from tuidesk.desk import read

LEFT = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?2004l", b"\x1b[?1004l")
"""What puts a terminal back: the other screen, the cursor, pastes, focus."""

_RUN = """
import sys
from pathlib import Path
from tuidesk.config.paths import Paths
from tuidesk.desk.desk import Desk
from tuidesk.tui.app import run
home = Path(sys.argv[1])
sys.exit(run(Desk.open(Paths(home / "config", home / "data", home / "state"))))
"""
_CRASHING = """
from tuidesk.tui.screens.moving import Moving
def history(self):
    token = "hunter2-" + "is-a-local"
    raise RuntimeError("a mistake of ours")
Moving.history = history
"""


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return demo(tmp_path)


def start(paths: Paths, before: str = "", columns: int = 80, lines: int = 24) -> Terminal:
    return Terminal(
        [sys.executable, "-c", before + _RUN, str(paths.config.parent)], columns=columns, lines=lines
    )


@pytest.fixture
def writing(paths: Paths) -> Iterator[Terminal]:
    """A reply is being written; the last keys are not on disk yet."""
    with start(paths, columns=120, lines=36) as terminal:
        terminal.until(r"r reply")
        terminal.until(r"wait \d")
        terminal.send("r")
        terminal.until("REPLY")
        terminal.type("mine")
        terminal.until("mine")
        terminal.type("!", 0.15)  # read, and too young to be saved by itself
        yield terminal


def drafts(paths: Paths) -> list[str]:
    connection = read.connect(paths)
    try:
        return [row[0] for row in connection.execute("SELECT text FROM draft WHERE archived_at IS NULL")]
    finally:
        connection.close()


def assert_restored(terminal: Terminal) -> None:
    end = terminal.written[-400:]
    for sequence in LEFT:
        assert sequence in end, sequence
    assert terminal.settings == list(terminal.before)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_saves_restores_and_ends_within_a_second(
    writing: Terminal, paths: Paths, number: signal.Signals
) -> None:
    began = time.monotonic()
    writing.signal(number)
    assert writing.ended(3) == 128 + number
    assert time.monotonic() - began < 1.2  # a second, and what the machine needs to notice
    assert drafts(paths) == ["mine!"]
    assert_restored(writing)


def test_a_cut_line_ends_the_process_within_two_seconds(writing: Terminal, paths: Paths) -> None:
    began = time.monotonic()
    writing.hang_up()
    writing.ended(4)
    assert time.monotonic() - began < 2
    assert drafts(paths) == ["mine!"]


def test_a_cut_line_that_no_signal_tells_of(paths: Paths) -> None:
    """nohup: the hang-up is ignored, and yet the process must not spin for ever."""
    ignoring = "import asyncio, signal\nasyncio.SelectorEventLoop.add_signal_handler = lambda *_: None\n"
    ignoring += "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
    with start(paths, ignoring) as terminal:
        terminal.until(r"wait \d")
        began = time.monotonic()
        terminal.hang_up()
        terminal.ended(4)
        assert time.monotonic() - began < 2


def test_kill_9_loses_a_second_at_most(writing: Terminal, paths: Paths) -> None:
    writing.pump(1)
    writing.signal(signal.SIGKILL)
    assert writing.ended() == -signal.SIGKILL
    assert drafts(paths) == ["mine!"]


def test_a_draft_is_there_again_at_the_next_start(writing: Terminal, paths: Paths) -> None:
    writing.signal(signal.SIGHUP)
    writing.ended(3)
    with start(paths, columns=120, lines=36) as terminal:
        terminal.until(r"Drafts 1")
        terminal.type("gd")
        terminal.until(r"\[Drafts 1\]")
        terminal.send("r")
        terminal.until("mine!")


def test_a_crash_restores_the_terminal_and_reports_without_locals(paths: Paths) -> None:
    with start(paths, _CRASHING, columns=120, lines=36) as terminal:
        terminal.until(r"wait \d")
        terminal.until(r"r reply")
        terminal.send("h")
        assert terminal.ended(5) == 1
        assert_restored(terminal)
        after = terminal.written[terminal.written.rindex(b"\x1b[?1049l") :].decode()
        assert "tuidesk crashed (RuntimeError)" in after
        assert "hunter2" not in terminal.written.decode(errors="replace")
    (report,) = paths.crashes.iterdir()
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    text = report.read_text()
    assert "a mistake of ours" in text
    assert "hunter2-is-a-local" not in text


def test_stopped_and_continued(paths: Paths) -> None:
    with start(paths) as terminal:
        terminal.until(r"r reply")
        terminal.until(r"wait \d")
        terminal.send("\x1a")
        deadline = time.monotonic() + 5
        while _state(terminal.process.pid) != "T" and time.monotonic() < deadline:
            terminal.pump(0.05)
        assert _state(terminal.process.pid) == "T"
        terminal.pump(0.3)  # what it wrote last is still on its way
        assert LEFT[0] in terminal.written[-600:]
        assert terminal.settings == list(terminal.before)
        seen = len(terminal.written)
        terminal.signal(signal.SIGCONT)
        while b"wait" not in terminal.written[seen:] and time.monotonic() < deadline + 5:
            terminal.pump(0.1)
        assert b"wait" in terminal.written[seen:], "the screen is drawn again"
        terminal.type("j")
        terminal.until(r"(?m)^> ")
        terminal.signal(signal.SIGTERM)
        assert terminal.ended(3) == 143


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_a_burst_outside_a_field_is_not_obeyed(paths: Paths) -> None:
    with start(paths) as terminal:
        terminal.until(r"r reply")
        terminal.until(r"wait \d")
        terminal.pump(0.5)
        first = terminal.text
        terminal.send("please be quick")
        terminal.until("Many keys at once")
        terminal.send("\x1b[200~eeee\r\x1b[201~")
        terminal.until("A paste is not obeyed")
        assert terminal.text.splitlines()[1:20] == first.splitlines()[1:20]


def test_keys_before_the_list_is_up_are_not_obeyed(paths: Paths) -> None:
    slow = "import time, tuidesk.tui.screens.desk as d\nfurnish = d.DeskScreen.furnish\n"
    slow += (
        "async def later(self):\n    time.sleep(0.5)\n    await furnish(self)\nd.DeskScreen.furnish = later\n"
    )
    with start(paths) as terminal:  # its conversations
        terminal.until(r"wait \d")
        terminal.signal(signal.SIGTERM)
        terminal.ended()
    with start(paths, slow) as terminal:
        terminal.until(r"(?m)^> +failed ")
        terminal.send("eee")
        terminal.until("typed before the list was up")
        terminal.until(r"\[Open 3")
        assert "complete #" not in terminal.text


def test_the_terminal_is_drawn_in_ascii_where_the_locale_is_not_utf8(tmp_path: Path) -> None:
    paths = home(tmp_path)
    command = [sys.executable, "-c", _RUN, str(paths.config.parent)]
    with Terminal(command, env={"LANG": "C", "LC_ALL": "C"}, columns=120, lines=30) as terminal:
        terminal.until("No account yet")
        terminal.until(r"d try the demo")
        terminal.type(":")
        shown = terminal.until("what to do")
        assert "│" not in shown
        assert "|" in shown


def _handled(paths: Paths) -> int:
    """All that is on disk, in milliseconds."""
    connection = read.connect(paths)
    try:
        return int(connection.execute("SELECT coalesce(sum(ms), 0) FROM handling").fetchone()[0])
    finally:
        connection.close()


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_the_time_at_a_conversation_is_on_disk_after_a_signal(
    writing: Terminal, paths: Paths, number: signal.Signals
) -> None:
    writing.type("more", 0.5)
    writing.signal(number)
    writing.ended(3)
    assert _handled(paths) >= 2000


def test_the_time_at_a_conversation_is_on_disk_after_a_cut_line(writing: Terminal, paths: Paths) -> None:
    writing.type("more", 0.5)
    writing.hang_up()
    writing.ended(4)
    assert _handled(paths) >= 2000


def test_kill_9_loses_some_seconds_of_the_time_at_a_conversation(writing: Terminal, paths: Paths) -> None:
    began = time.monotonic()
    while not _handled(paths) and time.monotonic() - began < 20:
        writing.type("e", 0.2)
    kept = _handled(paths)
    assert kept >= 5000
    writing.signal(signal.SIGKILL)
    assert writing.ended() == -signal.SIGKILL
    assert _handled(paths) == kept


def test_a_stopped_screen_does_not_go_on_handling(paths: Paths) -> None:
    with start(paths, columns=120, lines=36) as terminal:
        terminal.until(r"r reply")
        terminal.until(r"wait \d")
        terminal.type("\r" + "jk" * 4, 0.5)
        terminal.send("\x1a")
        deadline = time.monotonic() + 5
        while _state(terminal.process.pid) != "T" and time.monotonic() < deadline:
            terminal.pump(0.05)
        assert _state(terminal.process.pid) == "T"
        assert _handled(paths) > 0
        kept = _handled(paths)
        terminal.pump(1.5)
        terminal.signal(signal.SIGCONT)
        terminal.until(r"r reply")
        terminal.signal(signal.SIGTERM)
        terminal.ended(3)
        assert _handled(paths) < kept + 1500
