"""The shell's star, mute, spam, merge, split, and a snooze as last time: the screen's commands, with exit codes."""

import json
from pathlib import Path

import pytest

from tests.cli.program import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Two conversations of Dana's and one of Lee's, from a file."""
    made = Home(tmp_path / "home")
    lines = [
        {
            "type": "received",
            "id": f"m{number}",
            "at": f"2026-11-20T12:0{number}:00Z",
            "medium": "chat",
            "conversation": f"c{number}",
            "from": {"name": who, "handle": who.lower()},
            "text": f"message {number}",
        }
        for number, who in ((1, "Dana"), (2, "Dana"), (3, "Lee"))
    ]
    made.run("import", "-", stdin="".join(json.dumps(line) + "\n" for line in lines))
    return made


@pytest.mark.parametrize(("verb", "flag"), [("star", "starred"), ("mute", "muted"), ("spam", "spam")])
def test_flags_by_the_shell(home: Home, verb: str, flag: str) -> None:
    told = home.run(verb, "1", "--dry-run").stdout
    assert told.startswith(f"would {verb} #1")
    assert not home.json("show", "1")[0][flag]
    rows = home.json(verb, "1", "2")
    assert [row[flag] for row in rows] == [True, True]
    assert flag in home.run("show", "1").stdout
    assert home.run(verb, "1", "2", code=1).stderr
    assert home.run(verb, "-", code=3, stdin="3 99\n").stdout.startswith(f"{verb} #3")
    assert [row[flag] for row in home.json(verb, "1", "--off")] == [False]
    assert "took back" in home.run("undo").stdout
    assert home.json("show", "1")[0][flag]
    home.run(verb, code=2)


def test_spam_leaves_the_queue(home: Home) -> None:
    home.run("spam", "3")
    assert [row["n"] for row in home.json("list")] == [1, 2]
    home.run("spam", "3", "--off")
    assert [row["n"] for row in home.json("list")] == [1, 2, 3]


def test_a_merged_number_shows_the_thread_and_says_so(home: Home) -> None:
    assert home.run("merge", "2", "1").stdout == "merge #2 into #1\n"
    assert [row["n"] for row in home.json("list")] == [1, 3]
    shown = home.run("show", "2")
    assert shown.stderr == "tuidesk: #2 is merged into #1\n"
    assert shown.stdout.startswith("#1 ")
    assert "with #2, merged into it" in shown.stdout
    assert shown.stdout.index("message 1") < shown.stdout.index("message 2")
    assert [line.count("(in #2)") for line in shown.stdout.splitlines() if line.startswith("---")] == [0, 1]
    assert home.run("show", "1").stderr == ""
    head, *items = home.json("show", "2")
    assert (head["n"], head["merged"]) == (1, [2])
    assert [m["conversation"] for m in items if m["type"] == "message"] == [1, 2]
    assert home.json("complete", "2")[0]["n"] == 1
    assert home.run("split", "2").stdout == "split #2 off\n"
    assert home.json("show", "2")[0]["status"] == "complete"
    home.run("undo")
    assert home.json("show", "2")[0]["n"] == 1


def test_what_cannot_be_merged_is_refused(home: Home) -> None:
    assert "two customers" in home.run("merge", "1", "3", code=1).stderr
    assert home.run("merge", "1", code=1).stderr
    assert home.run("merge", "1", "--into", "99", code=1).stderr
    assert home.run("split", "1", code=1).stderr
    assert home.run("merge", "1", "--into", "2").stdout == "merge #1 into #2\n"


def test_a_note_in_a_merged_thread_is_told_once(home: Home) -> None:
    home.run("merge", "1", "2")
    assert len(home.json("note", "2", "a note")) == 1


def test_one_number_alone_snoozes_as_last_time(home: Home) -> None:
    first = home.run("snooze", "1").stdout
    assert first.startswith("snooze #1 until ")
    assert first.endswith(" 09:00\n")
    home.run("snooze", "2", "reply")
    assert home.run("snooze", "3").stdout == "snooze #3 until a reply\n"
    home.run("snooze", "1", "2", code=2)
    assert "firmly" in home.run("snooze", "1", "2h", "firm").stdout
    assert "firmly" in home.run("snooze", "2").stdout


def test_a_handover_by_the_shell(home: Home) -> None:
    assert "nothing to hand over" in home.run("handover").stderr
    home.run("assign", "1", "2", "me")
    home.run("pending", "2")
    listed = home.run("handover")
    assert [line.split()[:2] for line in listed.stdout.splitlines()[1:]] == [["open", "1"], ["waiting", "2"]]
    assert "handover NAME" in listed.stderr
    assert [(row["hand"], row["n"]) for row in home.json("handover")] == [("open", 1), ("waiting", 2)]
    tried = home.run("handover", "sam@acme.example", "--dry-run").stdout
    assert tried.endswith("would hand over 2 conversations to sam@acme.example\n")
    assert home.json("show", "1")[0]["assignee"]["me"]
    assert home.run("handover", "-").stdout == "let go of 2 conversations\n"
    assert home.json("show", "1")[0]["assignee"] is None
    home.run("handover", "-", code=1)
    assert home.run("undo").stdout == "took back: let go of 2 conversations\n"
    assert home.json("show", "2")[0]["assignee"]["me"]
    home.run("handover", "me", code=1)
    home.run("handover", "nobody-known", code=2)


def test_a_break_by_the_shell(home: Home) -> None:
    assert home.run("away", "--show").stdout == "not away\n"
    assert home.run("away", "--back", code=1).stderr
    assert home.run("away", "a", "long", "lunch", "--dry-run").stdout == "would away: a long lunch\n"
    assert home.run("away", "a", "long", "lunch").stdout == "away: a long lunch\n"
    assert home.run("away", "--show").stdout.endswith(": a long lunch\n")
    assert home.run("away", "--back").stdout == "back, after 0 minutes\n"
    home.run("away", "--back", "lunch", code=2)


def test_an_undo_names_what_it_takes_back_and_what_it_leaves(home: Home) -> None:
    home.run("complete", "1", "2", "3")
    told = home.run("undo", "--dry-run").stdout
    assert told == "would take back: complete #1, #2, #3\n"
    home.run("import", "-", stdin=LATER)
    undone = home.run("undo")
    assert undone.stdout == "took back: complete #1, #2, #3\n"
    assert "#3 changed since" in undone.stderr
    assert [home.json("show", n)[0]["status"] for n in "123"] == ["open"] * 3


LATER = json.dumps(
    {
        "type": "received",
        "id": "m9",
        "at": "2026-11-20T12:09:00Z",
        "medium": "chat",
        "conversation": "c3",
        "from": {"name": "Lee", "handle": "lee"},
        "text": "and another thing",
    }
)
