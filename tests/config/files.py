"""Config files on a real disk, with the modes that tuidesk asks for whatever the umask of whoever tests."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tuidesk
from tests.nobody import NOBODY, python_for
from tuidesk.config.paths import Paths


def write(path: Path, text: str, mode: int = 0o600) -> Path:
    """A file of exactly this mode, its missing folders 0700."""
    for folder in reversed([path.parent, *path.parent.parents]):
        if not folder.exists():
            folder.mkdir()
            folder.chmod(0o700)
    path.write_text(text)
    path.chmod(mode)
    return path


def account(paths: Paths, name: str, text: str) -> Path:
    """`accounts/NAME.toml`."""
    return write(paths.accounts / f"{name}.toml", text)


def home(folder: Path) -> Paths:
    """A home of its own, with no layer of the machine that runs the test."""
    return Paths(folder / "config", folder / "data", folder / "state")


@contextmanager
def open_folder() -> Iterator[Path]:
    """A temporary folder that every user can enter, with a copy of the program in `src`."""
    folder = Path(tempfile.mkdtemp(prefix="tuidesk-test-"))
    try:
        folder.chmod(0o755)
        shutil.copytree(Path(tuidesk.__file__).parent, folder / "src" / "tuidesk")
        subprocess.run(["chmod", "-R", "a+rX", folder / "src"], check=True)
        yield folder
    finally:
        shutil.rmtree(folder)


def as_nobody(folder: Path, code: str) -> str:
    """Run Python as a user without rights (where the test runs as root), and give what it printed."""
    user = NOBODY if os.geteuid() == 0 else None
    nobody = {"user": user, "group": user, "extra_groups": []} if user is not None else {}
    done = subprocess.run(
        [python_for(user), "-c", code],
        cwd=folder,
        env={"PYTHONPATH": str(folder / "src"), "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        **nobody,  # type: ignore[call-overload]  # the stubs know no way to leave `user` out
    )
    assert done.returncode == 0, done.stderr
    return str(done.stdout).strip()
