"""$EDITOR in a real terminal: the text goes there and comes back, whatever happens on the way."""

import os
import shutil
import signal
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal import Terminal
from tests.tui.shops import ledger, shop
from tests.tui.test_signals import LEFT, drafts, start
from tuidesk.config.paths import Paths

_EDITOR = """
import os, stat, sys, time
from pathlib import Path
folder, path = Path(sys.argv[1]), Path(sys.argv[-1])
modes = [oct(stat.S_IMODE(p.stat().st_mode)) for p in (path, path.parent)]
(folder / "seen").write_text(repr((path.read_text(), modes, str(path.parent))))
print("THE EDITOR IS UP", flush=True)
for line in (folder / "does").read_text().splitlines():
    what, _, rest = line.partition(" ")
    if what == "write":
        path.write_text(rest.replace("|", chr(10)))
    elif what == "wait":
        (folder / "pid").write_text(str(os.getpid()))
        while not (folder / "go").exists():
            time.sleep(0.02)
    elif what == "exit":
        sys.exit(int(rest))
"""


class Editor:
    """A program of the test's own, that does what it is told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "editor.py").write_text(_EDITOR)
        self.does("")

    @property
    def command(self) -> str:
        return f"{sys.executable} {self.folder / 'editor.py'} {self.folder}"

    def does(self, *lines: str) -> None:
        (self.folder / "does").write_text("\n".join(lines))

    @property
    def seen(self) -> tuple[str, list[str], str]:
        made: tuple[str, list[str], str] = eval((self.folder / "seen").read_text())
        return made


@pytest.fixture
def editor(tmp_path: Path) -> Editor:
    return Editor(tmp_path)


@pytest.fixture
def paths(tmp_path: Path, editor: Editor) -> Paths:
    # a top-level key goes before the tables
    made = shop(tmp_path)
    made.config_toml.write_text(f'editor = "{editor.command}"\n' + made.config_toml.read_text())
    return made


@pytest.fixture
def terminal(paths: Paths) -> Iterator[Terminal]:
    with start(paths) as made:
        made.until("question 1")
        made.until("r reply")
        yield made


def left_over(paths: Paths) -> list[str]:
    return [path.name for path in paths.editor.glob("*.txt")]


def test_a_reply_is_written_in_the_editor_and_comes_back(
    terminal: Terminal, editor: Editor, paths: Paths, tmp_path: Path
) -> None:
    editor.does("write Hello from the editor.|Second line.|")
    terminal.send("R")
    terminal.until("Hello from the editor.")
    terminal.until("REPLY")
    assert editor.seen[1:] == (["0o600", "0o700"], str(paths.editor))
    taken_back(terminal, paths)
    assert drafts(paths) == ["Hello from the editor.\nSecond line."]
    assert ledger(tmp_path) == []
    terminal.type(" More")
    terminal.until("Second line. More")


_SLOW_DISK = """
import time
from tuidesk.desk.editing import EditedText
begin = EditedText.begin
def slowly(*given):
    time.sleep(0.7)
    return begin(*given)
EditedText.begin = slowly
"""


def test_what_is_typed_until_the_editor_is_up_is_added_to_what_comes_back(
    paths: Paths, editor: Editor
) -> None:
    editor.does("write from the editor")
    with start(paths, _SLOW_DISK) as terminal:
        terminal.until("question 1")
        terminal.until("r reply")
        terminal.send("r")
        terminal.until("REPLY")
        terminal.type("typed")
        terminal.send("\x0f")
        terminal.pump(0.2)
        terminal.type("xyz")
        terminal.until("from the editorxyz")
        assert editor.seen[0] == "typed\n"


def test_what_is_typed_goes_there_and_an_editor_that_fails_changes_nothing(
    terminal: Terminal, editor: Editor, paths: Paths
) -> None:
    editor.does("write thrown away", "exit 3")
    terminal.send("r")
    terminal.until("REPLY")
    terminal.type("typed")
    terminal.send("\x0f")
    terminal.until("The editor ended with 3: the text is as it was before.")
    assert editor.seen[0] == "typed\n"
    terminal.until("typed")
    terminal.type("!")
    terminal.until("typed!")
    assert left_over(paths) == []


def test_an_editor_that_is_not_there_is_said_and_the_screen_stays(paths: Paths) -> None:
    text = paths.config_toml.read_text().partition("\n")[2]
    paths.config_toml.write_text('editor = "/nowhere/at-all -x"\n' + text)
    with start(paths) as terminal:
        terminal.until("question 1")
        terminal.until("r reply")
        terminal.send("R")
        terminal.until("The editor /nowhere/at-all cannot be started")
        terminal.type("typed")
        terminal.until("typed")
        assert left_over(paths) == []


@pytest.mark.skipif(shutil.which("vim") is None, reason="no vim here")
def test_vim_leaves_nothing_but_the_text(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / ".vimrc").write_text("set swapfile undofile backup writebackup\nset nocompatible\n")
    monkeypatch.setenv("HOME", str(own))
    text = paths.config_toml.read_text().partition("\n")[2]
    paths.config_toml.write_text('editor = "vim"\n' + text)
    with start(paths) as terminal:
        terminal.until("question 1")
        terminal.until("r reply")
        terminal.send("R")
        terminal.until(r"-1-reply\.txt|All")
        terminal.type("iby vim")
        terminal.until("by vim")
        assert {path.suffix for path in paths.editor.iterdir()} == {".txt", ".lock"}
        terminal.type("\x1b", 0.3)
        terminal.type(":wq\r")
        terminal.until("REPLY")
        terminal.until("by vim")
        taken_back(terminal, paths)
        assert list(paths.editor.iterdir()) == []
        assert [path.name for path in own.iterdir()] == [".vimrc"]
        assert drafts(paths) == ["by vim"]


def test_ctrl_c_is_the_editors_own(terminal: Terminal, editor: Editor, tmp_path: Path) -> None:
    editor.does("wait", "write kept")
    terminal.send("R")
    terminal.until("THE EDITOR IS UP")
    wait_for(tmp_path / "pid")
    os.kill(terminal.process.pid, signal.SIGINT)  # as the terminal sends it to everybody in front
    terminal.pump(0.3)
    assert terminal.process.poll() is None
    (tmp_path / "go").touch()
    terminal.until("kept")


def test_replies_go_out_while_the_editor_is_open(terminal: Terminal, editor: Editor, tmp_path: Path) -> None:
    terminal.send("r")
    terminal.until("REPLY")
    terminal.type("first")
    terminal.send("\x13")
    terminal.until("sent")
    editor.does("wait")
    terminal.pump(0.5)
    terminal.send("R")
    terminal.until("THE EDITOR IS UP")
    assert [said["text"] for said in ledger(tmp_path)] == ["first"]
    (tmp_path / "go").touch()
    terminal.until("REPLY")


def test_killed_while_the_editor_is_open_the_text_is_found_and_becomes_the_draft(
    terminal: Terminal, editor: Editor, paths: Paths, tmp_path: Path
) -> None:
    editor.does("write what was saved in the editor", "wait")
    terminal.send("r")
    terminal.until("REPLY")
    terminal.type("begun")
    terminal.send("\x0f")
    terminal.until("THE EDITOR IS UP")
    wait_for(tmp_path / "pid")
    terminal.signal(signal.SIGKILL)
    terminal.ended()
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
    assert drafts(paths) == ["begun"]
    assert len(left_over(paths)) == 1
    (file,) = paths.editor.glob("*.txt")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with start(paths) as again:
        again.until(r"A text from the editor of \d\d:\d\d for #\d was found: “what was saved")
        taken_back(again, paths)
        assert drafts(paths) == ["what was saved in the editor"]
        again.pump(0.5)
    assert ledger(tmp_path) == []


def test_a_signal_ends_the_editor_and_then_us_with_the_text_kept(
    terminal: Terminal, editor: Editor, paths: Paths, tmp_path: Path
) -> None:
    editor.does("write saved before the signal", "wait")
    terminal.send("R")
    terminal.until("THE EDITOR IS UP")
    wait_for(tmp_path / "pid")
    terminal.signal(signal.SIGTERM)
    assert terminal.ended(5) == 128 + signal.SIGTERM
    assert drafts(paths) == ["saved before the signal"] or len(left_over(paths)) == 1
    end = terminal.written[-600:]
    assert all(sequence in end for sequence in LEFT)


def taken_back(terminal: Terminal, paths: Paths) -> None:
    """The file goes once its text is a draft on disk, and its lock after it."""
    deadline = time.monotonic() + 5
    while list(paths.editor.iterdir()) and time.monotonic() < deadline:
        terminal.pump(0.05)
    assert list(paths.editor.iterdir()) == []


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 5
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert path.exists()
