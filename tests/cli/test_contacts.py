"""`contact`: what is known of a customer, merging and splitting, notes, and what the user's own program says."""

import json
import sys
from pathlib import Path

import pytest

from tests.cli.program import Home, Object, demo

DANA = "dana@ortiz.example"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A desk that a test only looks at."""
    return demo(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return demo(tmp_path)


def contact(home: Home, who: str) -> Object:
    return home.json("contact", who)[0]


def test_a_customer_is_told_with_the_whole_history(whole: Home) -> None:
    dana, *rows = whole.json("contact", DANA)
    assert (dana["type"], dana["name"], dana["conversations"]) == ("contact", "Dana Ortiz", len(rows))
    assert {one["medium"] for one in dana["identities"]} == {"mail", "whatsapp", "chat"}
    assert (dana["zone"], dana["language"], dana["language_guessed"]) == ("Asia/Seoul", "en", False)
    assert dana["median_reply_s"] == 3600
    rated = [row["rating"] for row in rows if row["rating"]]
    assert rated[0] == {"score": 2, "scale": 5, "text": "nice, but no refund"}
    assert rows[1]["answered_by"] == [{"name": "Sam", "handle": "sam@acme.example"}]
    (maybe,) = dana["suggestions"]
    assert maybe["why"] == f"their bio says {DANA}"


def test_a_customer_is_told_in_words(whole: Home) -> None:
    shown = whole.run("contact", DANA).stdout
    for words in (
        "Dana Ortiz (customer 1)",
        "+821055500117",
        "same person? customer",
        "2 of 5",
        "Gift wrapping",
    ):
        assert words in shown
    assert contact(whole, "1") == contact(whole, "+82 10 5550 0117") == contact(whole, DANA)


def test_two_are_merged_and_split_and_it_can_be_taken_back(home: Home) -> None:
    other = str(contact(home, DANA)["suggestions"][0]["contact"])
    assert (
        "merge Dana Ortiz (1) with @dana_o" in home.run("contact", "merge", DANA, other, "--dry-run").stdout
    )
    (merged,) = home.json("contact", "merge", DANA, other, "--why", "told me so")
    assert merged["conversations"] == 8
    assert {"a": 1, "b": int(other), "why": "told me so"} in merged["joined"]
    assert merged["suggestions"] == []
    assert contact(home, "@dana_o")["n"] == 1
    home.run("undo")
    assert contact(home, "@dana_o")["n"] == int(other)
    home.run("contact", "merge", DANA, other)
    one, two = home.json("contact", "split", DANA, other)
    assert (one["conversations"], two["conversations"]) == (7, 1)
    assert one["suggestions"] == [], "the agent has said that they are two"
    assert "is merged with nobody" in home.run("contact", "split", other, code=1).stderr


def test_notes_come_from_stdin_and_are_edited_and_archived(home: Home) -> None:
    home.run("contact", "note", DANA, "-", stdin="pays late,\nbut pays\n")
    (note,) = contact(home, DANA)["notes"]
    assert (note["text"], note["by"]["me"]) == ("pays late,\nbut pays", True)
    (edited,) = home.json("contact", "note", DANA, "pays", "--edit", str(note["n"]))
    assert [one["text"] for one in edited["notes"]] == ["pays"]
    home.run("contact", "note", DANA, "--archive", str(note["n"]))
    assert contact(home, DANA)["notes"] == []
    home.run("undo")
    assert "note 1, Ana, " in home.run("contact", DANA).stdout


@pytest.mark.parametrize(
    "words",
    [
        ["merge", DANA],
        ["merge", DANA, "2", "3"],
        ["split"],
        ["note", DANA],
        ["note", DANA, " "],
        ["note", DANA, "text", "--archive", "1"],
        [DANA, "2"],
    ],
)
def test_words_that_mean_nothing_are_refused(whole: Home, words: list[str]) -> None:
    whole.run("contact", *words, code=2)


@pytest.mark.parametrize("who", ["99999", "nobody@nowhere.example", "@"])
def test_nobody_known_is_said(whole: Home, who: str) -> None:
    assert "no customer" in whole.run("contact", who, code=1).stderr


def test_merges_splits_and_notes_come_through_an_export(home: Home, tmp_path: Path) -> None:
    other = str(contact(home, DANA)["suggestions"][0]["contact"])
    home.run("contact", "merge", DANA, other, "--why", "told me so")
    home.run("contact", "split", "20", "30")  # who were never one: no suggestion any more
    home.run("contact", "note", DANA, "pays late")
    home.run("contact", "note", DANA, "a mistake")
    home.run("contact", "note", DANA, "--archive", "2")
    before = home.run("export").stdout
    kinds = [json.loads(line)["type"] for line in before.splitlines()]
    assert kinds.count("contact_note") == 2
    again = Home(tmp_path / "again")
    again.run("import", "-", stdin=before)
    assert again.run("export").stdout == before
    assert contact(again, DANA) == contact(home, DANA)
    again.run("import", "-", stdin=before)
    assert [note["text"] for note in contact(again, DANA)["notes"]] == ["pays late"]


def test_so_do_those_about_somebody_without_a_handle(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    calls = [
        {
            "type": "received",
            "id": f"call-{n}",
            "at": f"2026-11-20T1{n}:00:00Z",
            "medium": "call" if n else "mail",
            "from": {"name": "", "handle": "" if n else DANA},
            "text": "it is me again",
        }
        for n in range(3)
    ]
    home.run("import", "-", stdin="".join(json.dumps(call) + "\n" for call in calls))
    dana, first, second = (home.json("contact", f"#{n}")[0]["n"] for n in (1, 2, 3))
    home.run("contact", "merge", str(dana), str(first), "--why", "her voice")
    home.run("contact", "merge", str(first), str(second))
    home.run("contact", "note", str(second), "hides her number")
    before = home.run("export").stdout
    again = Home(tmp_path / "again")
    assert "0 skipped" in again.run("import", "-", stdin=before).stderr
    assert again.run("export").stdout == before
    assert contact(again, DANA)["conversations"] == 3
    assert contact(again, "#2")["notes"][0]["text"] == "hides her number"


KNOWS = """
import json, sys
asked = [json.loads(line) for line in sys.stdin]
assert all(line["type"] == "contact" for line in asked), asked
print(json.dumps({"type": "contact", "medium": "mail", "handle": asked[0]["handle"],
                  "fields": {"orders": str(len(asked)), "plan": "gold\\u202e"}}))
"""


def looking(home: Home, program: str) -> None:
    home.write("knows.py", program)
    command = json.dumps([sys.executable, str(home.folder / "config" / "knows.py")])
    home.write("config.toml", f'[agent]\nname = "Ana"\n[lookup]\ncommand = {command}\n')


def test_the_users_own_program_is_asked_and_its_answer_kept(home: Home) -> None:
    looking(home, KNOWS)
    assert contact(home, DANA)["lookup"] is None
    home.run("contact", DANA, "--lookup")
    assert contact(home, DANA)["lookup"]["fields"] == {"orders": "3", "plan": "gold\u202e"}
    shown = home.run("contact", DANA).stdout
    assert "orders: 3" in shown
    assert "\u202e" not in shown


def test_what_the_program_does_wrong_is_said(home: Home) -> None:
    looking(home, "import sys; print('no such table', file=sys.stderr); sys.exit(3)")
    assert "status 3: no such table" in home.run("contact", DANA, "--lookup", code=1).stderr
    home.write("config.toml", "")
    assert "[lookup]" in home.run("contact", DANA, "--lookup", code=2).stderr
