"""A full disk: the right words, the transaction undone, reading goes on, and all goes on once there is space."""

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.program import Program, at_work, fill_up, mounted, remount

WORDS = "Dear Dana, this must not get lost. " * 30
FULL = "StoreFull"


@pytest.fixture
def disk(program: Program, ground: Path) -> Iterator[Path]:
    with mounted(ground / "disk", program, 2) as disk:
        yield disk


def _home(program: Program, disk: Path, size: int = 4) -> Path:
    """A home on the disk whose first mail is in."""
    home = program.home(disk, size=size)
    with at_work(program, home) as act:
        assert act("once") == {}
    return home


def _space_is_back(act: Callable[..., Any], drafts: list[str]) -> None:
    """Everything works, and nothing is half there."""
    assert act("whole") == ["ok"]
    assert act("drafts") == drafts
    assert act("draft", 3, "space again") == {}
    assert act("reply", 2, WORDS)["keys"]
    assert act("once") == {}
    assert act("outbox")["sent"] >= 1
    assert act("drafts") == [*drafts, "space again"]
    assert act("whole") == ["ok"]


def test_a_draft_and_a_reply_are_refused_whole(program: Program, disk: Path) -> None:
    home = _home(program, disk)
    with at_work(program, home) as act:
        assert act("draft", 1, "first words") == {}
        ballast = fill_up(disk)
        for number in range(3):
            draft, reply = act("draft", 1, WORDS * 9 + str(number)), act("reply", 2, WORDS * 9)
            assert (draft["error"], reply["error"]) == (FULL, FULL)
            assert "disk full: nothing was recorded, the text is kept" in draft["said"]
        assert act("drafts") == ["first words"]
        assert act("outbox") == {}
        assert len(act("list")) == 4
        assert act("whole") == ["ok"]
        ballast.unlink()
        _space_is_back(act, ["first words"])


def test_a_desk_that_opens_on_a_full_disk_is_for_reading(program: Program, disk: Path) -> None:
    home = _home(program, disk)
    ballast = fill_up(disk)
    listed = program.run(home, "list", "all", "--json")
    assert (listed.code, len(listed.lines)) == (0, 4), listed.err
    replied = program.run(home, "reply", "1", "-", text=WORDS)
    assert replied.code == 1
    assert "disk full" in replied.err
    assert "Traceback" not in replied.err
    ballast.unlink()
    with at_work(program, home) as act:
        assert act("outbox") == {}
        _space_is_back(act, [])


def test_the_copies_of_files_are_not_left_half_made(program: Program, disk: Path, ground: Path) -> None:
    home = _home(program, disk)
    small, large = ground / "small.pdf", ground / "large.pdf"
    small.write_bytes(os.urandom(20_000))
    large.write_bytes(os.urandom(600_000))
    with at_work(program, home) as act:
        ballast = fill_up(disk, leave=300_000)
        reply = act("reply", 1, WORDS, str(small), str(large))
        assert reply["error"] == FULL
        assert "disk full" in reply["said"]
        assert act("outbox") == {}
        until = time.monotonic() + 5
        while list((home / "data" / "spool").iterdir()) and time.monotonic() < until:
            time.sleep(0.02)  # it is tidied up behind the answer
        assert list((home / "data" / "spool").iterdir()) == []
        ballast.unlink()
        assert act("reply", 1, WORDS, str(small), str(large))["keys"]
        (folder,) = (home / "data" / "spool").iterdir()
        assert [file.stat().st_size for file in sorted(folder.iterdir())] == [20_000, 600_000]
        assert act("once") == {}
        assert act("outbox") == {"sent": 1}


def test_copies_that_a_kill_left_are_swept_away(program: Program, disk: Path) -> None:
    home = _home(program, disk)
    orphan = home / "data" / "spool" / "td-0123456789abcdef01234567"
    orphan.mkdir()
    (orphan / "0").write_bytes(b"half")
    for path in (orphan, orphan / "0"):
        program.give(path)
    with at_work(program, home) as act:
        assert act("reply", 1, WORDS, str(home / "config" / "config.toml"))["keys"]
        assert act("once") == {}
    assert not orphan.exists()
    assert len(list((home / "data" / "spool").iterdir())) == 1


def test_a_sync_does_not_lose_its_place(program: Program, disk: Path) -> None:
    home = program.home(disk, size=900)
    with at_work(program, home) as act:
        ballast = fill_up(disk, leave=700_000)
        failed = act("once")
        assert "disk full" in json.dumps(failed)
        before = act("messages")
        assert 0 < before[0] == before[1]
        assert act("whole") == ["ok"]
        ballast.unlink()
    remount(disk, "size=16m")
    with at_work(program, home) as act:
        assert act("messages") == before
        assert act("once") == {}
        after = act("messages")
        assert after[0] == after[1] > before[0]
        assert len(act("list")) == 500  # a page; all 900 are there
        assert act("whole") == ["ok"]


@pytest.mark.parametrize("leave", [4096 * n for n in (1, 2, 3, 5, 8, 13, 21, 34)])
def test_with_little_left_it_is_all_or_nothing(program: Program, disk: Path, leave: int) -> None:
    home = _home(program, disk)
    with at_work(program, home) as act:
        ballast = fill_up(disk, leave=leave)
        kept: list[str] = []
        queued = 0
        for number in range(12):
            text = f"{number} {WORDS}"
            if "error" not in act("draft", 1, text):
                kept = [text]
            answer = act("reply", 2, text)
            queued += "keys" in answer
            assert answer.get("error", FULL) == FULL
        assert act("drafts") == kept
        assert act("outbox") == ({"queued": queued} if queued else {})
        ballast.unlink()
        _space_is_back(act, kept)


def test_a_store_is_not_half_made_on_a_full_disk(program: Program, disk: Path) -> None:
    home = program.home(disk)
    ballast = fill_up(disk, leave=100_000)
    synced = program.run(home, "sync", "--once")
    assert synced.code == 1
    assert "Traceback" not in synced.err
    assert not list(home.glob("data/store.sqlite3")) + list(home.glob("data/*.new*"))
    ballast.unlink()
    assert program.run(home, "sync", "--once").code == 0


def test_a_backup_that_does_not_fit_leaves_nothing(program: Program, disk: Path, ground: Path) -> None:
    home = program.home(ground)
    with at_work(program, home) as act:
        assert act("once") == {}
    ballast = fill_up(disk, leave=100_000)
    saved = program.run(home, "backup", disk / "copy")
    assert saved.code == 1
    assert f"cannot write {disk / 'copy'}" in saved.err
    assert [path.name for path in disk.iterdir()] == ["ballast"]
    ballast.unlink()
    assert program.run(home, "backup", disk / "copy").code == 0


def test_a_damaged_store_on_a_full_disk_stays_until_it_can_be_saved(program: Program, disk: Path) -> None:
    home = _home(program, disk)
    with at_work(program, home) as act:
        assert act("draft", 1, "half a sentence") == {}
    assert program.run(home, module="tests.faults.agent").code == 0  # folded in
    store = home / "data" / "store.sqlite3"
    with store.open("r+b") as file:
        file.write(b"\xff" * 100)
    content = store.read_bytes()
    ballast = fill_up(disk)
    synced = program.run(home, "sync", "--once")
    assert synced.code == 1
    assert "Traceback" not in synced.err
    assert store.read_bytes() == content
    assert [path.name for path in store.parent.glob("*damaged*")] == []
    ballast.unlink()
    again = program.run(home, "sync", "--once")
    assert again.code == 0, again.err
    assert "1 drafts and 0 unsent replies" in again.err
