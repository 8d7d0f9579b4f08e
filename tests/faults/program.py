"""The program as somebody else runs it: a copy that anybody may read, started as an unprivileged user.

The checkout and its virtualenv may lie where only their owner can look, so what is run is a copy beside the test's
own folders, by the interpreter that the virtualenv was made from.
"""

import compileall
import importlib.util
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.nobody import NOBODY, python_for

ROOT = Path(__file__).parents[2]
_IGNORED = shutil.ignore_patterns("__pycache__", "*.pyc")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run of the program left behind."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True, slots=True)
class Program:
    """The copy, and whom it runs as."""

    folder: Path
    python: str
    user: int | None
    """None where we are nobody in particular ourselves."""

    def run(
        self, home: Path, *words: object, module: str = "tuidesk", text: str = "", umask: int = 0o022
    ) -> Ran:
        """`tuidesk --home HOME WORDS…`, or another module of ours with the same arguments."""
        child = self.start(home, *words, module=module, umask=umask)
        out, err = child.communicate(text, timeout=60)
        return Ran(child.returncode, out, err)

    def start(
        self, home: Path, *words: object, module: str = "tuidesk", umask: int = 0o022
    ) -> "subprocess.Popen[str]":
        """The same, not waited for; its three streams are pipes."""
        environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{self.folder}:{self.folder / 'packages'}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONWARNINGS": "error",
            "HOME": str(home),
            "TMPDIR": str(self.folder / "tmp"),
            "LANG": "C.UTF-8",
        }
        return subprocess.Popen(
            [self.python, "-m", module, "--home", str(home), *map(str, words)],
            cwd=self.folder,
            env=environ,
            user=self.user,
            group=self.user,
            extra_groups=[] if self.user is not None else None,
            umask=umask,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def give(self, path: Path) -> None:
        """Make a folder or file the program's user's own."""
        if self.user is not None:
            os.chown(path, self.user, self.user)

    def home(self, folder: Path, config: str = "", size: int = 4) -> Path:
        """A home with a demo account of `size` conversations, owned by the program's user."""
        home = folder / "home"
        account = f'kind = "demo"\naddress = "support@acme.example"\nsize = {size}\n'
        own = config or '[agent]\nname = "Ana"\naddresses = ["ana@acme.example"]\n[hold]\n' + _NO_HOLD
        for place in (home, home / "config", home / "config" / "accounts"):
            place.mkdir(mode=0o700)
            self.give(place)
        for file, text in (("config.toml", own), ("accounts/demo.toml", account)):
            path = home / "config" / file
            path.write_text(text)
            path.chmod(0o600)
            self.give(path)
        return home


_NO_HOLD = "".join(f"{medium} = 0\n" for medium in ("mail", "whatsapp", "sms", "chat"))


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter (pytest's own are for their owner alone)."""
    folder = Path(tempfile.mkdtemp(prefix="tuidesk-faults-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def copy_program(folder: Path) -> Program:
    """The program and the packages that a desk without a screen needs, for everybody to read."""
    shutil.copytree(ROOT / "src" / "tuidesk", folder / "tuidesk", ignore=_IGNORED)
    for part in ("__init__.py", "desk/__init__.py", "desk/home.py", "faults"):
        source, target = ROOT / "tests" / part, folder / "tests" / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=_IGNORED)
        else:
            shutil.copy(source, target)
    found = importlib.util.find_spec("wcwidth")
    assert found is not None
    assert found.origin is not None
    shutil.copytree(Path(found.origin).parent, folder / "packages" / "wcwidth", ignore=_IGNORED)
    compileall.compile_dir(folder, quiet=1)  # who runs it may not write there
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    (folder / "tmp").mkdir()
    (folder / "tmp").chmod(0o1777)
    user = NOBODY if os.geteuid() == 0 else None
    return Program(folder, python_for(user), user)


@contextmanager
def mounted(folder: Path, program: Program, megabytes: float = 8) -> Iterator[Path]:
    """A small disk of the program's user's own, in memory."""
    if os.geteuid() != 0:
        pytest.skip("mounts a file system, which only root may")
    folder.mkdir()
    options = f"size={int(megabytes * 1024)}k,mode=0700,uid={program.user},gid={program.user}"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tuidesk-test", str(folder)], capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"this machine mounts nothing: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def remount(folder: Path, how: str) -> None:
    """Give a mounted disk other options: `ro`, `rw`, `size=16m`."""
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)


def fill_up(folder: Path, leave: int = 0) -> Path:
    """Take all the space of a disk but `leave` bytes; the file that takes it."""
    path = folder / "ballast"
    with path.open("wb", buffering=0) as file:
        with suppress(OSError):
            while True:
                file.write(b"\0" * 4096)
        if leave:
            file.truncate(max(file.tell() - leave, 0))
    return path


@contextmanager
def at_work(program: Program, home: Path) -> Iterator[Callable[..., Any]]:
    """An agent's desk that stays open (`tests.faults.agent`): what is called with an act gives its answer."""
    child = program.start(home, module="tests.faults.agent")
    assert child.stdin is not None
    assert child.stdout is not None
    into, out = child.stdin, child.stdout

    def act(*words: object) -> Any:
        if words:
            into.write(json.dumps(words) + "\n")
            into.flush()
        line = out.readline()
        assert line, child.stderr.read() if child.stderr is not None else ""
        return json.loads(line)

    try:
        assert "error" not in act()
        yield act
    finally:
        child.kill()
        child.communicate()
