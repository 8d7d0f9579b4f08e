"""A disk that cannot be written: reading goes on, nothing is recorded, so nothing is sent, and no text is lost."""

import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.program import Program, Ran, mounted, remount

AGENT = "tests.faults.agent"
WORDS = "Dear Dana, this must not get lost.\n"


def _lines(*acts: object) -> str:
    return "".join(json.dumps(act) + "\n" for act in acts)


def _killed(program: Program, home: Path, *acts: object) -> None:
    """Do this, and be killed before anything is folded in."""
    child = program.start(home, module=AGENT)
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdout.readline()
    for act in acts:
        child.stdin.write(json.dumps(act) + "\n")
        child.stdin.flush()
        assert "error" not in child.stdout.readline()
    child.send_signal(signal.SIGKILL)
    child.communicate()


def _content(home: Path) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and not path.name.endswith("-shm")
    }


def _reads_and_refuses(program: Program, home: Path) -> Ran:
    """What holds on every such disk; the agent's answers."""
    before = _content(home)
    listed = program.run(home, "list", "all", "--json")
    assert (listed.code, len(listed.lines)) == (0, 4), listed.err
    shown = program.run(home, "show", "1", "--json")
    assert shown.code == 0, shown.err
    assert shown.lines
    replied = program.run(home, "reply", "1", "-", text=WORDS)
    assert replied.code == 1
    assert "read-only" in replied.err
    assert "Traceback" not in replied.err
    synced = program.run(home, "sync", "--once")
    assert synced.code == 1
    assert "read-only" in synced.err
    acts = _lines(
        ["list"],
        ["reply", 1, WORDS],
        ["draft", 1, WORDS],
        ["once"],
        ["drafts"],
        ["outbox"],
        ["whole"],
        ["messages"],
    )
    ran = program.run(home, module=AGENT, text=acts)
    assert ran.code == 0, ran.err
    opened, numbers, reply, draft, once, *_ = ran.lines
    assert "read-only" in opened["read_only"]
    assert sorted(numbers) == [1, 2, 3, 4]
    assert [answer["error"] for answer in (reply, draft, once)] == ["StoreReadOnly"] * 3
    assert _content(home) == before
    return ran


@pytest.fixture
def disk(program: Program, ground: Path) -> Iterator[Path]:
    with mounted(ground / "disk", program) as disk:
        yield disk


def _pull(program: Program, home: Path) -> None:
    assert program.run(home, module=AGENT, text=_lines(["once"])).lines[1] == {}


def test_a_disk_that_became_read_only(program: Program, disk: Path) -> None:
    home = program.home(disk)
    _pull(program, home)
    remount(disk, "ro")
    ran = _reads_and_refuses(program, home)
    assert ran.lines[5:8] == [[], {}, ["ok"]]
    remount(disk, "rw")
    assert program.run(home, module=AGENT, text=_lines(["reply", 1, WORDS], ["once"], ["outbox"])).lines[
        3
    ] == {"sent": 1}


@pytest.mark.parametrize("lost", ["", "-shm"])
def test_what_a_kill_left_in_the_log_is_read_too(program: Program, disk: Path, lost: str) -> None:
    home = program.home(disk)
    _killed(program, home, ["once"], ["draft", 1, "half a sentence"], ["reply", 2, "Queued, not sent."])
    assert (home / "data" / "store.sqlite3-wal").stat().st_size > 0
    if lost:
        (home / "data" / f"store.sqlite3{lost}").unlink()
    remount(disk, "ro")
    ran = _reads_and_refuses(program, home)
    assert ran.lines[5:8] == [["half a sentence"], {"queued": 1}, ["ok"]]
    assert list((program.folder / "tmp").iterdir()) == []  # the private copy is gone
    remount(disk, "rw")
    again = program.run(home, module=AGENT, text=_lines(["drafts"], ["once"], ["outbox"]))
    assert again.lines[1:] == [["half a sentence"], {}, {"sent": 1}]


def _close_folder(home: Path) -> None:
    (home / "data").chmod(0o500)


def _close_file(home: Path) -> None:
    (home / "data" / "store.sqlite3").chmod(0o400)


def _close_both(home: Path) -> None:
    _close_file(home)
    _close_folder(home)


@pytest.mark.parametrize("closed", [_close_file, _close_both])
@pytest.mark.parametrize("killed", [False, True])
def test_files_that_cannot_be_written(
    program: Program, ground: Path, closed: Callable[[Path], None], killed: bool
) -> None:
    home = program.home(ground)
    if killed:
        _killed(program, home, ["once"], ["draft", 1, "half a sentence"])
    else:
        _pull(program, home)
    closed(home)
    try:
        before = program.run(home, "list", "all", "--json")
        assert (before.code, len(before.lines)) == (0, 4), before.err
        replied = program.run(home, "reply", "1", "-", text=WORDS)
        assert replied.code == 1
        assert "Traceback" not in replied.err
    finally:
        (home / "data").chmod(0o700)


def test_an_older_store_on_such_a_disk_says_what_is_wrong(program: Program, disk: Path) -> None:
    import sqlite3

    home = program.home(disk)
    _pull(program, home)
    with sqlite3.connect(home / "data" / "store.sqlite3") as connection:
        connection.execute("PRAGMA user_version = 0")
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    connection.close()
    remount(disk, "ro")
    ran = program.run(home, "list")
    assert ran.code == 1
    assert "older tuidesk" in ran.err
