"""Files that go along: checked against the channel, copied while nobody waits, and queued whole or not at all."""

import json
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest

from tests.desk.bench import SAM, Bench, at
from tests.desk.home import desk_at
from tuidesk.desk import read
from tuidesk.domain.commands import Command, Done, Forward, Reply, SaveDraft, Start, Undo
from tuidesk.domain.model import Person
from tuidesk.errors import NotFound, Refused

LARGE = 150_000_000
LEGAL = Person("Legal", "legal@ortiz.example")


@pytest.fixture
def large(tmp_path: Path) -> str:
    """A file that takes a moment to copy; on the disk it is nothing."""
    made = tmp_path / "film.mp4"
    with made.open("wb") as file:
        file.truncate(LARGE)
    return str(made)


def spool(bench: Bench) -> list[str]:
    return sorted(entry.name for entry in bench.desk.paths.spool.iterdir())


def refused(bench: Bench, command: Command) -> str:
    """What is said of a command that leaves nothing behind."""
    with pytest.raises(Refused) as caught:
        bench.do(command)
    assert spool(bench) == []
    assert bench.open_types() == []
    assert not (bench.desk.paths.data / "spool-orphaned").exists()
    return str(caught.value)


def copying(bench: Bench) -> bool:
    return any(name.startswith(".") for name in spool(bench))


def test_nobody_waits_for_a_copy(bench: Bench, large: str) -> None:
    number = bench.customer("m1", at("10:00"))
    slow: Future[Done] = bench.desk.do(Reply(conversation=number, text="x", files=(large,)))
    while not copying(bench):
        assert not slow.done()
        time.sleep(0.001)
    bench.do(SaveDraft(conversation=number, mode="note", text="meanwhile"))
    with desk_at(bench.desk.paths, door="shell") as other:
        other.do(SaveDraft(conversation=None, mode="start", text="meanwhile")).result()
    assert not slow.done()
    (key,) = slow.result().keys[:1]
    bench.deliver()
    (file,) = bench.script.tried[0].files
    assert Path(file.path) == bench.desk.paths.spool / key / "0"
    assert Path(file.path).stat().st_size == LARGE


def test_tidying_up_spares_a_copy_under_way_and_takes_what_a_kill_left(bench: Bench, large: str) -> None:
    number = bench.customer("m1", at("10:00"))
    left = bench.desk.paths.spool / ".td-0123456789abcdef01234567"
    left.mkdir(mode=0o700)
    (left / "0").write_bytes(b"half")
    slow = bench.desk.do(Reply(conversation=number, text="x", files=(large,)))
    while not copying(bench) and not slow.done():
        time.sleep(0.001)
    with desk_at(bench.desk.paths, door="shell") as other:
        assert other.lock.take()
        bench.deliver()
        assert not slow.done()
        assert not left.exists()
        other.lock.release()
    slow.result()
    bench.deliver()
    assert Path(bench.script.tried[0].files[0].path).stat().st_size == LARGE
    assert spool(bench) == [bench.script.tried[0].key]


def test_what_the_channel_does_not_take_is_not_copied(bench: Bench, large: str, tmp_path: Path) -> None:
    bench.can(attachment_bytes=1_500_000, attachment_types=("image/*", "application/pdf"))
    number = bench.customer("m1", at("10:00"))
    one, two = tmp_path / "one.png", tmp_path / "two.PDF"
    for file in (one, two):
        file.write_bytes(bytes(800_000))
    said = refused(bench, Reply(conversation=number, text="x", files=(str(one), str(two))))
    assert "1.6 MB" in said
    assert "1.5 MB" in said
    assert "film.mp4" in refused(bench, Start(account="shop", to=(LEGAL,), text="x", files=(large,)))
    bench.can(attachment_bytes=0, attachment_types=())
    assert "takes no files" in refused(bench, Reply(conversation=number, text="x", files=(str(one),)))
    bench.can(attachment_bytes=1_500_000)
    bench.reply(number, files=(str(one),))
    bench.reply(number, files=(str(two),))


def test_a_forward_takes_files_and_hidden_copies_along(bench: Bench, tmp_path: Path) -> None:
    number = bench.customer("m1", at("10:00"))
    file = tmp_path / "invoice.pdf"
    file.write_bytes(b"%PDF")
    bench.do(Forward(conversation=number, to=(LEGAL,), bcc=(SAM,), text="look", files=(str(file),)))
    bench.deliver()
    (out,) = bench.script.tried
    assert (out.forwards, out.bcc) == ("m1", (SAM,))
    assert [(file.name, Path(file.path).read_bytes()) for file in out.files] == [("invoice.pdf", b"%PDF")]


def growing(folder: Path) -> str:
    """A file of which more comes than it says: what the kernel makes up while it is read."""
    (folder / "grows.txt").symlink_to("/proc/self/status")
    return str(folder / "grows.txt")


def broken(folder: Path) -> str:
    (folder / "broken").symlink_to("/proc/self/mem")
    return str(folder / "broken")


def fifo(folder: Path) -> str:
    os.mkfifo(folder / "pipe.pdf")
    return str(folder / "pipe.pdf")


def folder_itself(folder: Path) -> str:
    return str(folder)


def loop(folder: Path) -> str:
    (folder / "loop").symlink_to("loop")
    return str(folder / "loop")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (folder_itself, "is a folder"),
        (fifo, "no ordinary file"),
        (loop, "cannot be read"),
        (broken, "cannot be read"),
        (growing, "still changing"),
        (lambda _: "/nowhere/file", "no such file"),
        (lambda _: "/dev/zero", "no ordinary file"),
        (lambda _: "nul\0byte", "no such file"),
    ],
)
def test_what_is_no_whole_file_is_refused_with_words(
    bench: Bench, tmp_path: Path, make: Callable[[Path], str], words: str
) -> None:
    number = bench.customer("m1", at("10:00"))
    first = tmp_path / "first.txt"
    first.write_text("is copied before the other")
    given = make(tmp_path)
    said = refused(bench, Reply(conversation=number, text="x", files=(str(first), given)))
    assert words in said
    assert given in said


def test_a_file_that_somebody_still_writes_is_not_sent_half(bench: Bench, large: str) -> None:
    number = bench.customer("m1", at("10:00"))
    done = threading.Event()

    def write_on() -> None:
        with Path(large).open("ab") as file:
            while not done.is_set():
                file.write(b"more")
                file.flush()
                time.sleep(0.001)

    writing = threading.Thread(target=write_on)
    writing.start()
    try:
        assert "still changing" in refused(bench, Reply(conversation=number, text="x", files=(large,)))
    finally:
        done.set()
        writing.join()
    bench.reply(number, files=(large,))


def test_a_refused_letter_leaves_no_copies(bench: Bench, tmp_path: Path) -> None:
    number = bench.customer("m1", at("10:00"))
    file = tmp_path / "a.txt"
    file.write_text("a")
    refused(bench, Reply(conversation=number, text="", files=(str(file),)))
    refused(bench, Reply(conversation=number, text="x", sender="else@where.example", files=(str(file),)))
    with pytest.raises(NotFound):
        bench.do(Reply(conversation=99, text="x", files=(str(file),)))
    assert spool(bench) == []


def test_a_rehearsal_copies_nothing(bench: Bench, large: str) -> None:
    number = bench.customer("m1", at("10:00"))
    (told,) = bench.desk.rehearse([Reply(conversation=number, text="x", files=(large,))]).result()
    assert told.letter is not None
    assert [(file.name, file.path) for file in told.letter.files] == [("film.mp4", large)]
    assert spool(bench) == []
    with pytest.raises(Refused):
        bench.desk.rehearse([Reply(conversation=number, text="x", files=("/nowhere",))]).result()


def test_what_a_picture_shows_goes_with_it_from_the_draft_to_the_channel(
    bench: Bench, tmp_path: Path
) -> None:
    bench.can(alt=True)
    number = bench.customer("m1", at("10:00"))
    box, bill = (tmp_path / name for name in ("box.png", "bill.pdf"))
    for file in (box, bill):
        file.write_bytes(b"x")
    both, alts = (str(box), str(bill)), ((str(box), "a torn box"),)
    bench.do(SaveDraft(conversation=number, mode="reply", text="x", files=both, alts=alts))
    draft = bench.desk.read(read.draft, number, "reply").result()
    assert draft is not None
    assert (draft.files, draft.alts) == (both, alts)
    bench.reply(number, "x", files=both, alts=alts, hold=True)
    bench.do(Undo(door="screen"))
    draft = bench.desk.read(read.draft, number, "reply").result()
    assert draft is not None
    assert draft.alts == alts, "taken back, it is the same draft again"
    key = bench.reply(number, "x", files=both, alts=alts)
    kept = json.loads(bench.work(key)["out"])["files"]
    assert [file.get("alt", "") for file in kept] == ["a torn box", ""]
    assert [file.alt for file in bench.messages(number)[-1].attachments] == ["a torn box", ""]
    bench.deliver()
    sent = next(out for out in bench.script.tried if out.type == "reply")
    assert [(file.name, file.alt) for file in sent.files] == [("box.png", "a torn box"), ("bill.pdf", "")]


def test_a_channel_that_takes_no_description_is_not_given_one(bench: Bench, tmp_path: Path) -> None:
    number = bench.customer("m1", at("10:00"))
    box = tmp_path / "box.png"
    box.write_bytes(b"x")
    reply = Reply(conversation=number, text="x", files=(str(box),), alts=((str(box), "a torn box"),))
    assert "takes no description" in refused(bench, reply)
    bench.do(replace(reply, alts=((str(tmp_path / "gone.png"), "of a file that does not go along"),)))
