"""What the shell says for people: the history, times, names it does not know, and more than it shows."""

import json
from pathlib import Path

import pytest

from tests.cli.program import Home, demo


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return demo(tmp_path_factory.mktemp("words"))


def test_the_history_is_told_in_words(home: Home) -> None:
    number = str(home.one()["n"])
    home.run("reply", number, "It is on its way.")
    home.run("pending", number, "--for", "billing")
    home.run("undo")
    home.run("snooze", number, "tomorrow", "9")
    shown = home.run("show", number).stdout
    for raw in ("why:", "goes_with", "entry:", "firm:", "until_reply", "<>", "undone", "{'"):
        assert raw not in shown, raw
    history = [line[20:] for line in shown.splitlines() if line.startswith("-- 20")]
    assert "pending (you); with a reply" in history
    assert history.count("taken back: pending for billing") == 1
    assert any(line.startswith("snoozed until ") for line in history)


def test_a_snooze_takes_its_time_behind_the_numbers(home: Home) -> None:
    one, two = (str(row["n"]) for row in home.json("list", "--limit", "2"))
    home.run("snooze", one, two, "tomorrow", "9")
    asleep = {str(row["n"]): row["snoozed_until"] for row in home.json("list", "snoozed")}
    assert asleep[one] == asleep[two]
    home.run("undo")
    home.run("snooze", one, "2", "dec", "--dry-run")
    assert f"snooze #{one} until 2 Dec" in home.run("snooze", one, "2", "dec", "--dry-run").stdout
    assert f"snooze #{one}, #{two} until a reply" in home.run("snooze", one, two, "reply", "--dry-run").stdout
    for words in ([one, two], ["tomorrow"], [one, "whenever"], [one, two, "whenever"]):
        told = home.run("snooze", *words, code=2).stderr
        assert "tomorrow 9" in told


def test_the_list_says_until_when(home: Home) -> None:
    number = str(home.one()["n"])
    home.run("snooze", number, "--until", "2031-01-02T03:04:05Z", "--firm")
    row = next(line for line in home.run("list", "snoozed").stdout.splitlines() if line.startswith(number))
    assert "(firmly until 2031-01-02 " in row
    home.run("pending", number, "--for", "billing")
    row = next(line for line in home.run("list", "pending").stdout.splitlines() if line.startswith(number))
    assert "(waits for billing)" in row


def test_a_colleague_nobody_knows_is_not_invented(home: Home) -> None:
    number = str(next(row["n"] for row in home.json("list") if row["assignee"] is None))
    told = home.run("assign", number, "Nobodyknown", code=2).stderr
    assert "Nobodyknown" in told
    assert "Sam" in told, "those who are known are named"
    assert home.json("show", number)[0]["assignee"] is None
    home.run("assign", number, "SAM")
    assert home.json("show", number)[0]["assignee"]["name"] == "Sam"
    home.run("assign", number, "lee@acme.example")
    assert home.json("show", number)[0]["assignee"]["handle"] == "lee@acme.example"
    home.run("assign", number, "Nobodyknown", "--new")
    assert home.json("show", number)[0]["assignee"]["name"] == "Nobodyknown"


def test_what_is_not_shown_is_mentioned(home: Home) -> None:
    most = len(home.json("list", "--limit", "1000"))
    assert "more" in home.run("list", "--limit", str(most - 1)).stderr
    assert home.run("list", "--limit", str(most)).stderr == ""
    assert "more" in home.run("search", "the", "--limit", "1").stderr


def test_a_number_finds_its_conversation(home: Home) -> None:
    number = home.one()["n"]
    for words in (f"#{number}", str(number)):
        assert home.json("search", words)[0]["n"] == number
    assert home.run("search", "#987654").stdout == ""


def _told(folder: Path, *events: str) -> Home:
    """A home without `[agent]`, with what these events say."""
    home = Home(folder / "home")
    home.write("config.toml", "")
    (folder / "events.jsonl").write_text("".join(f"{event}\n" for event in events))
    home.shop("shop", "--mode", "keys", "--events", str(folder / "events.jsonl"))
    home.run("sync", "--once")
    return home


def _event(what: str, **fields: object) -> str:
    who = {"name": "Dana", "handle": "dana"}
    event = {"type": what, "conversation": "c1", "at": "2026-11-20T12:50:00Z", "medium": "chat", "from": who}
    return json.dumps(event | fields)


def test_what_became_of_a_message_stands_beside_it(tmp_path: Path) -> None:
    home = _told(
        tmp_path,
        _event("received", id="m1", text="first", visibility="public", reply_address="desk@dana.example"),
        _event("received", id="m2", text="away until Monday", kind="auto"),
        _event("received", id="m3", text="mailbox full", kind="bounce"),
        _event("received", id="m4", text="the begin", body={"size": 5000, "ref": "b"}),
        '{"type": "edited", "message": "m1", "at": "2026-11-20T12:51:00Z", "text": "second"}',
        '{"type": "deleted", "message": "m2", "at": "2026-11-20T12:52:00Z"}',
    )
    lines = home.run("show", "1").stdout.splitlines()
    heads = [line for line in lines if line.startswith("---")]
    assert [head.partition("  2026")[2].partition("]")[2].strip() for head in heads] == [
        "(PUBLIC, edited)",
        "(automatic mail, deleted by the sender)",
        "(says that mail was not delivered)",
        "",
    ]
    assert "answers go to: desk@dana.example" in lines
    assert "  … cut: the whole has 5,000 bytes" in lines


def test_who_has_no_name_is_you(tmp_path: Path) -> None:
    home = _told(tmp_path, _event("received", id="m1", text="hi"))
    home.run("assign", "1", "me")
    home.run("reply", "1", "hello", "--pending")
    shown = home.run("show", "1").stdout
    assert shown.splitlines()[0] == "#1 -  pending, you"
    assert "--- by us, you  20" in shown
    assert home.run("list", "pending").stdout.splitlines()[1].split()[:3] == ["1", "pending", "you"]


def test_a_dry_run_spells_out_what_everybody_would_read(tmp_path: Path) -> None:
    home = _told(tmp_path, _event("received", id="m1", text="hi", visibility="public"))
    assert "PUBLIC: everybody can read it" in home.run("reply", "1", "hello", "--dry-run").stdout
    assert home.json("reply", "1", "hello", "--dry-run")[0]["visibility"] == "public"
