"""The worker: the same mail as in-process, and no mail that stops it for the next one."""

import json
import os
import resource
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shared import samples
from tuidesk.errors import Unavailable, Unreadable
from tuidesk.wire.mime import Mail, parse
from tuidesk.wire.mime.mail import from_json, to_json
from tuidesk.wire.worker import Parser

SIMPLE = b"From: Dana <dana@ortiz.example>\r\nSubject: refund\r\n\r\nwhere is it\r\n"
SLOW = b"Content-Type: text/html\r\n\r\n<a " + b" ".join(b"a%d" % number for number in range(120_000)) + b">"
"""The tree builder compares every attribute with all before it."""
HUNGRY = b"Subject: big\r\nContent-Type: text/plain; format=flowed\r\n\r\n" + b"a\n" * 20_000_000
"""Every line becomes an object."""


@pytest.fixture
def parser() -> Iterator[Parser]:
    parser = Parser()
    yield parser
    parser.close()


def test_the_answer_is_the_same_as_without_a_worker(parser: Parser) -> None:
    folder = samples("mail", "mikel-mail", "emails")
    raws = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
    raws += [path.read_bytes() for path in sorted(samples("bounces").rglob("*.msg"))]
    assert len(raws) > 200
    assert parser.parse_many(raws) == [parse(raw) for raw in raws]


def test_json_and_back() -> None:
    for raw in (
        SIMPLE,
        b"",
        b"Subject: =?utf-7?Q?+2AA-?=\r\nDate: Mon, 3 Nov 2025 10:00 +0900\r\n\r\n\xff\x00",
    ):
        mail = parse(raw)
        assert from_json(json.loads(json.dumps(to_json(mail)))) == mail


@pytest.mark.parametrize(
    "change",
    [
        {"ids": 1},
        {"texts": ["x"]},
        {"auto": "robot"},
        {"to": [["a"]]},
        {"bounce": [1]},
        {"date": "now"},
        {"sender": None},
    ],
)
def test_an_answer_of_the_wrong_shape_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_json(to_json(parse(SIMPLE)) | change)


def test_a_slow_mail_is_given_up_and_the_next_one_read() -> None:
    parser = Parser(seconds=1.0)
    began = time.monotonic()
    outcomes = parser.parse_many([SIMPLE, SLOW, SIMPLE])
    parser.close()
    assert time.monotonic() - began < 10
    assert isinstance(outcomes[1], Unreadable)
    assert "longer than 1 s" in str(outcomes[1])
    assert isinstance(outcomes[0], Mail)
    assert outcomes[0] == outcomes[2]


def test_a_mail_that_swallows_memory_takes_no_other_with_it(parser: Parser) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outcomes = parser.parse_many([HUNGRY, SIMPLE])
    assert isinstance(outcomes[0], Unreadable)
    assert isinstance(outcomes[1], Mail)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # kB


def test_a_refused_mail_says_why(parser: Parser) -> None:
    with pytest.raises(Unreadable, match="50,000,000"):
        parser.parse(b"x" * 50_000_001)


def test_a_worker_killed_between_two_mails_is_replaced(parser: Parser) -> None:
    mail = parser.parse(SIMPLE)
    (worker,) = _children()
    os.kill(worker, 9)
    time.sleep(0.2)
    assert parser.parse(SIMPLE) == mail
    assert _children() != [worker]


def test_the_worker_has_its_limits_and_none_of_our_secrets(
    parser: Parser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_TOKEN", "canary")
    parser.parse(SIMPLE)
    (worker,) = _children()
    assert resource.prlimit(worker, resource.RLIMIT_AS) == (512 << 20, 512 << 20)
    assert resource.prlimit(worker, resource.RLIMIT_CORE) == (0, 0)
    assert resource.prlimit(worker, resource.RLIMIT_FSIZE) == (0, 0)
    assert b"canary" not in Path(f"/proc/{worker}/environ").read_bytes()


def test_threads_share_it(parser: Parser) -> None:
    subjects: list[str] = []

    def work(name: int) -> None:
        mails = (parser.parse(b"Subject: %d.%d\r\n\r\n" % (name, number)) for number in range(20))
        subjects.extend(mail.subject for mail in mails)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(subjects) == sorted(f"{name}.{number}" for name in range(8) for number in range(20))
    assert len(_children()) == 1


def test_closing_ends_it_and_the_next_mail_starts_another(parser: Parser) -> None:
    parser.parse(SIMPLE)
    parser.close()
    assert _children() == []
    assert parser.parse(SIMPLE).subject == "refund"


def test_no_worker_is_not_the_mails_fault(parser: Parser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nonexistent/python")
    with pytest.raises(Unavailable, match="cannot be started"):
        parser.parse(SIMPLE)
    monkeypatch.setattr("sys.executable", "/bin/true")
    with pytest.raises(Unavailable):
        parser.parse(SIMPLE)


def _children() -> list[int]:
    """The workers that this process has."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    others = [
        task / "children" for task in Path("/proc/self/task").iterdir() if task.name != str(os.getpid())
    ]
    for listing in others:
        children += listing.read_text().split()
    return [
        int(child)
        for child in children
        if b"tuidesk.wire.mime" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
