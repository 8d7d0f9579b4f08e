"""A text in an editor: the file it is in, what opens it, and what is found after a crash."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tuidesk.desk import editing
from tuidesk.desk.editing import EditedText
from tuidesk.errors import UsageError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "editor"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_file_and_its_folder_are_ours_alone(folder: Path) -> None:
    before = os.umask(0)
    try:
        begun = EditedText.begin(folder, 42, "reply", "Hello")
    finally:
        os.umask(before)
    assert mode(folder) == 0o700
    assert {mode(path) for path in folder.iterdir()} == {0o600}
    assert begun.path.read_text() == "Hello\n"
    assert begun.read() == "Hello"
    begun.close()
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("setting", "environ", "argv"),
    [
        ("nano -w", {"EDITOR": "ed"}, ["nano", "-w"]),
        ("", {"VISUAL": "emacs -nw", "EDITOR": "ed"}, ["emacs", "-nw"]),
        ("", {"VISUAL": " ", "EDITOR": "ed"}, ["ed"]),
        ("", {}, ["vi"]),
        ("'/opt/my editor/run' '$(reboot)' ; x", {}, ["/opt/my editor/run", "$(reboot)", ";", "x"]),
    ],
)
def test_what_opens_it_is_divided_into_words_and_read_by_no_shell(
    setting: str, environ: dict[str, str], argv: list[str]
) -> None:
    assert editing.command(setting, environ, Path("/x/a.txt")) == [*argv, "/x/a.txt"]


@pytest.mark.parametrize("name", ["vim", "/usr/bin/nvim"])
def test_vim_keeps_no_copies(name: str) -> None:
    argv = editing.command(name, {}, Path("a.txt"))
    assert argv[:4] == [name, "-n", "-i", "NONE"]
    assert "noundofile nobackup nowritebackup" in argv[-2]


def test_a_command_that_cannot_be_divided_is_said() -> None:
    with pytest.raises(UsageError, match="No closing quotation"):
        editing.command("vim '", {}, Path("a.txt"))


def test_what_is_open_is_no_leftover_and_what_was_left_is(folder: Path) -> None:
    begun = EditedText.begin(folder, 42, "note", "Hello")
    elsewhere = (
        "import sys\nfrom pathlib import Path\nfrom tuidesk.desk import editing\n"
        "print(len(list(editing.leftovers(Path(sys.argv[1])))))"
    )
    seen = subprocess.run(
        [sys.executable, "-c", elsewhere, folder], capture_output=True, text=True, check=True
    )
    assert seen.stdout == "0\n"
    begun.leave()
    (left,) = editing.leftovers(folder)
    assert (left.conversation, left.mode, left.text) == (42, "note", "Hello")
    editing.forget(left)
    assert list(folder.iterdir()) == []


def test_what_is_no_text_of_ours_is_left_alone(folder: Path, tmp_path: Path) -> None:
    folder.mkdir(parents=True)
    secret = tmp_path / "secret"
    secret.write_text("not to be sent")
    (folder / "abc-1-reply.txt").symlink_to(secret)
    (folder / "my own.txt").write_text("mine")
    (folder / "abc-2-reply.txt").mkdir()
    (folder / "abc-3-rumour.txt").write_text("what mode is that")
    os.mkfifo(folder / "abc-4-reply.txt")
    assert list(editing.leftovers(folder)) == []
