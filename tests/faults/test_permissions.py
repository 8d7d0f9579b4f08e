"""Whose the files are, whatever the shell's umask; and what is refused with words, untouched."""

import json
import os
import stat
from pathlib import Path

import pytest

from tests.faults.program import Program
from tests.nobody import NOBODY

AGENT = "tests.faults.agent"


def _lines(*acts: object) -> str:
    return "".join(json.dumps(act) + "\n" for act in acts)


def _tree(home: Path) -> dict[str, int]:
    return {
        str(path.relative_to(home)): stat.S_IMODE(path.lstat().st_mode) | (0o40000 if path.is_dir() else 0)
        for path in home.rglob("*")
    }


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_everything_is_the_users_alone(program: Program, ground: Path, umask: int) -> None:
    home = program.home(ground)
    attached = ground / "receipt.pdf"
    attached.write_bytes(b"%PDF" * 1000)
    acts = _lines(
        ["once"],
        ["draft", 1, "half"],
        ["reply", 2, "With a file.", str(attached)],
        ["once"],
        ["log", "x" * 1000],
    )
    ran = program.run(home, module=AGENT, text=acts, umask=umask)
    assert ran.code == 0, ran.err
    assert program.run(home, "list", "--json", umask=umask).code == 0
    assert program.run(home, "backup", home / "copy.sqlite3", umask=umask).code == 0
    tree = _tree(home)
    wrong = {name: oct(mode) for name, mode in tree.items() if mode != (0o40700 if mode & 0o40000 else 0o600)}
    assert wrong == {}
    assert {"data/store.sqlite3", "copy.sqlite3", "state/tuidesk.log", "state/tuidesk.log.1"} <= set(tree)
    assert "data/account/demo" in tree
    assert any(name.startswith("data/spool/td-") for name in tree)


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_the_log_beside_the_store_is_the_users_alone_while_it_is_open(
    program: Program, ground: Path, umask: int
) -> None:
    home = program.home(ground)
    child = program.start(home, module=AGENT, umask=umask)
    try:
        assert child.stdout is not None
        assert child.stdin is not None
        child.stdout.readline()
        child.stdin.write(_lines(["draft", 1, "half"]))
        child.stdin.flush()
        child.stdout.readline()
        tree = _tree(home)
        assert {name: tree[f"data/{name}"] for name in ("store.sqlite3-wal", "store.sqlite3-shm")} == {
            "store.sqlite3-wal": 0o600,
            "store.sqlite3-shm": 0o600,
        }
    finally:
        child.kill()
        child.communicate()


def test_salvaged_files_are_the_users_alone(program: Program, ground: Path) -> None:
    home = program.home(ground)
    assert program.run(home, module=AGENT, text=_lines(["draft", 1, "half a sentence"]), umask=0).code == 0
    with (home / "data" / "store.sqlite3").open("r+b") as file:
        file.write(b"\xff" * 100)
    ran = program.run(home, module=AGENT, text=_lines(["drafts"]), umask=0)
    assert "1 drafts and 0 unsent replies" in ran.lines[0]["salvaged"]
    assert ran.lines[1] == ["half a sentence"]
    assert {mode for name, mode in _tree(home / "data").items() if "store.sqlite3" in name} == {0o600}
    assert any("damaged" in name for name in _tree(home))


def _refused(program: Program, home: Path, *said: str) -> None:
    """Reading, acting and opening all say the same, end with 1, and touch nothing."""
    before = _tree(home)
    content = {
        name: (home / name).read_bytes()
        for name, mode in before.items()
        if not mode & 0o40000 and not (home / name).is_symlink()
    }
    for words in (("list",), ("show", "1"), ("reply", "1", "-"), ("sync", "--once")):
        ran = program.run(home, *words, text="Dear Dana, this must not get lost.\n")
        assert ran.code == 1, (words, ran)
        for word in said:
            assert word in ran.err, (words, ran.err)
        assert "Traceback" not in ran.err
        assert len(ran.err.strip().splitlines()) == 1
    assert _tree(home) == before
    assert {name: (home / name).read_bytes() for name in content} == content


@pytest.fixture
def home(program: Program, ground: Path) -> Path:
    home = program.home(ground)
    ran = program.run(home, module=AGENT, text=_lines(["once"]))
    assert ran.lines[1] == {}
    for leftover in ("store.sqlite3.opening", "store.sqlite3.sync"):
        (home / "data" / leftover).unlink()
    return home


def test_a_store_of_a_newer_program(program: Program, home: Path) -> None:
    import sqlite3

    with sqlite3.connect(home / "data" / "store.sqlite3") as connection:
        connection.execute("PRAGMA user_version = 4711")
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    connection.close()
    before = (home / "data" / "store.sqlite3").read_bytes()
    for words in (("list",), ("reply", "1", "-")):
        ran = program.run(home, *words, text="kept by the shell\n")
        assert (ran.code, "upgrade tuidesk" in ran.err, "4711" in ran.err) == (1, True, True)
    assert (home / "data" / "store.sqlite3").read_bytes() == before


@pytest.mark.parametrize("name", ["data", "data/store.sqlite3"])
@pytest.mark.parametrize("bits", [0o020, 0o002])
def test_written_by_others(program: Program, home: Path, name: str, bits: int) -> None:
    path = home / name
    path.chmod(stat.S_IMODE(path.stat().st_mode) | bits)
    _refused(program, home, f"chmod go-w {path}")


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a file away, which only root may")
@pytest.mark.parametrize("name", ["data", "data/store.sqlite3"])
def test_somebody_elses(program: Program, home: Path, name: str) -> None:
    path = home / name
    os.chown(path, NOBODY - 1, NOBODY - 1)
    path.chmod(0o755 if path.is_dir() else 0o644)
    _refused(program, home, "another user", str(NOBODY - 1))


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a file away, which only root may")
def test_closed_to_us(program: Program, home: Path) -> None:
    os.chown(home / "data", 0, 0)
    _refused(program, home, "cannot open", "Permission denied")


def test_no_folder(program: Program, ground: Path) -> None:
    home = program.home(ground)
    (home / "data").write_text("a file")
    program.give(home / "data")
    _refused(program, home, "is not a folder")


def test_a_link_to_nothing(program: Program, home: Path) -> None:
    store = home / "data" / "store.sqlite3"
    store.rename(home / "data" / "moved")
    store.symlink_to(home / "data" / "nowhere")
    _refused(program, home, "nowhere, which is not there")


def test_a_folder_where_the_store_should_be(program: Program, home: Path) -> None:
    store = home / "data" / "store.sqlite3"
    store.rename(home / "data" / "moved")
    store.mkdir(mode=0o700)
    program.give(store)
    _refused(program, home, "is not a file")
