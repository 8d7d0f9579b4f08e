"""`python -m tests`: every check, the tests last. More words go to pytest (`python -m tests -m long`)."""

import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ROOT = Path(__file__).parent.parent
_MEMORY = Path("/dev/shm")
_ROOM = 3_000_000_000
"""Bytes that the tests' folders may take."""


@contextmanager
def _folder() -> Iterator[Path]:
    """Where the tests put their files: in memory, where programs may be run there and there is room.

    Each test makes stores, and every commit waits for the disk, a dozen times a second at best.
    """
    memory = None
    if _MEMORY.is_dir():
        disk = os.statvfs(_MEMORY)
        if disk.f_bavail * disk.f_frsize > _ROOM and not disk.f_flag & (os.ST_NOEXEC | os.ST_RDONLY):
            memory = _MEMORY
    with tempfile.TemporaryDirectory(prefix="td-", dir=memory, ignore_cleanup_errors=True) as made:
        folder = Path(made)
        folder.chmod(0o1777)  # as any such folder: what is started as somebody else writes here too
        yield folder


def _steps(words: list[str]) -> list[list[str]]:
    python = sys.executable
    steps = [
        [python, "-m", "ruff", "format", "--check", "."],
        [python, "-m", "ruff", "check", "."],
        [python, "-m", "mypy"],
        [python, "-m", "pytest", "-n", "4", "--dist", "loadgroup", *words],
    ]
    settings = tomllib.loads((_ROOT / "pyproject.toml").read_text())
    if "importlinter" in settings["tool"]:
        steps.insert(3, [str(Path(python).with_name("lint-imports"))])
    if os.environ.get("CI"):  # it waits for the one that the gate started in the background
        steps.insert(-1, [python, "-m", "tests.servers.installing"])
    return steps


def main() -> int:
    """Run all steps, whatever the earlier ones said; 0 only if every one was content."""
    failed = 0
    with _folder() as folder:
        environ = {**os.environ, "TMPDIR": str(folder)}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)  # the program is started some thousand times
        for step in _steps([f"--basetemp={folder / 't'}", "--no-loadscope-reorder", *sys.argv[1:]]):
            name = " ".join([Path(step[0]).name, *step[1:]])
            print(f"== {name}", flush=True)
            done = subprocess.run(step, cwd=_ROOT, env=environ, stdin=subprocess.DEVNULL, check=False)
            if done.returncode != 0:
                failed += 1
                print(f"== failed: {name}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
