"""What only this desk knows, out as JSON lines and in again: uses of canned replies, where a draft began, why a
conversation is back."""

import json
from pathlib import Path

import pytest

from tests.desk.bench import Bench, at, bench_at, received
from tuidesk.desk import export, importing
from tuidesk.domain.commands import RunMacro, SaveDraft, Snooze, Star, Tag

WHAT = (
    "SELECT canned, conversation, message, at, changed FROM canned_use ORDER BY id",
    "SELECT conversation, mode, text, began FROM draft ORDER BY id",
    "SELECT id, woke, starred, status, snoozed_until FROM conversation ORDER BY id",
)


def told(bench: Bench) -> list[bytes]:
    found = bench.desk.read(lambda c: list(export.lines(c))).result()
    return [json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in found]


def kept(bench: Bench) -> list[list[tuple[object, ...]]]:
    return [[tuple(row) for row in bench.query(query)] for query in WHAT]


def test_it_comes_back_as_it_was_and_once(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(
        RunMacro(name="vip", conversations=(number,), acts=(Tag(conversations=(number,), add=("vip",)),))
    )
    bench.do(Snooze(conversations=(number,), until=at("18:00")))
    bench.take(received("m2", at("12:55"), reply_to="m1"))
    bench.do(Star(conversations=(number,)))
    bench.do(SaveDraft(conversation=number, mode="reply", text="to come"))
    bench.deliver()
    lines = told(bench)
    assert {"canned_used", "draft", "starred"} <= {json.loads(line)["type"] for line in lines}
    before = kept(bench)
    assert before[0][0][0] == "vip"
    assert (before[1][0][3], before[2][0][1]) == (2, 2), (
        "begun behind the second message; back by the customer"
    )
    for beside in (False, True):
        with bench_at(tmp_path / f"other{beside}", monkeypatch) as other:
            if beside:
                other.take(received("x1", at("09:00"), subject="Something else"))
            for _ in range(2):
                taken = importing.take_in(
                    other.desk, lines, account=None, report=lambda *_: None, progress=lambda *_: None
                )
                assert taken.skipped == 0
            if not beside:
                assert kept(other) == before
                assert told(other) == lines
            else:
                uses, drafts, rows = kept(other)
                assert [(use[0], use[1]) for use in uses] == [("vip", 2)]
                assert [(draft[2], draft[3]) for draft in drafts] == [("to come", 3)]
                assert rows[1][1:3] == (2, 1)
