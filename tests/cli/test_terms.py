"""What a channel says of one conversation, in the shell."""

import json
from pathlib import Path

import pytest

from tests.cli.program import Home, Object

QUESTION: Object = {
    "type": "received",
    "id": "m1",
    "at": "2026-11-20T12:00:00Z",
    "conversation": "c1",
    "medium": "chat",
}
QUESTION |= {"from": {"name": "Dana", "handle": "dana"}, "text": "Where is it?"}
TERMS: Object = {
    "type": "terms",
    "conversation": "c1",
    "at": "2026-11-20T12:01:00Z",
    "refuses": "it is encrypted",
}
TERMS |= {"window_ends": "2031-01-02T03:04:00Z", "fields": {"Queue": "Support"}}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    events = tmp_path / "events.jsonl"
    events.write_text(json.dumps(QUESTION) + "\n" + json.dumps(TERMS) + "\n")
    made.shop("shop", "--mode", "keys", "--events", str(events))
    made.run("sync", "--once")
    return made


def test_list_and_show_say_what_holds(home: Home) -> None:
    row = home.one()
    assert (row["refuses"], row["window_ends"]) == ("it is encrypted", "2031-01-02T03:04:00Z")
    head = home.json("show", "1")[0]
    assert (head["refuses"], head["fields"]) == ("it is encrypted", {"Queue": "Support"})
    told = home.run("show", "1").stdout
    assert "no reply can be sent: it is encrypted\n" in told
    assert "Queue: Support\n" in told


def test_a_reply_is_refused_with_the_channels_reason_and_a_note_is_not(home: Home) -> None:
    words = "#1 takes no reply: it is encrypted"
    assert words in home.run("reply", "1", "hello", code=1).stderr
    assert words in home.run("reply", "1", "hello", "--dry-run", code=1).stderr
    assert (
        words
        in home.run("--plain", stdin="1\nreply\n", code=None).stderr
        + home.run("--plain", stdin="1\nreply\n").stdout
    )
    home.run("note", "1", "an aside")
    ledger = [json.loads(line) for line in (home.folder / "shop.ledger").read_text().splitlines()]
    assert [line["type"] for line in ledger] == ["note"]
