"""What a Maildir and an mbox file have in common, and how one is told from the other."""

from pathlib import Path
from typing import Protocol

from tuidesk.channels.maildir.entry import Entry
from tuidesk.channels.maildir.folder import Folder
from tuidesk.channels.maildir.mbox import Mbox


class Box(Protocol):
    """Messages by names that do not change as long as they lie here. Blocking."""

    path: Path

    def entries(self) -> dict[str, Entry]:
        """All messages.

        Raises:
            OSError: the box is not there, or not ours to read.
        """

    def read(self, name: str) -> bytes:
        """One message as it lies there.

        Raises:
            FileNotFoundError: it is gone.
            OSError: not ours to read.
        """


def open_box(path: Path) -> Box | None:
    """The box at `path`; None where there is none."""
    if (path / "cur").is_dir():
        return Folder(path)
    return Mbox(path) if path.is_file() and _is_mbox(path) else None


def _is_mbox(path: Path) -> bool:
    """Whether a file is empty or begins as an mbox does, after blank lines. One that cannot be read says so later."""
    try:
        with path.open("rb") as file:
            return file.read(256).removeprefix(b"\xef\xbb\xbf").lstrip()[:5] in (b"", b"From ")
    except OSError:
        return True
