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


CANNED = [
    {"name": "order news", "text": "Order {{1}} is late.", "template": "HX1"},
    {"name": "hello", "text": "Hello"},
]


@pytest.fixture
def closed(tmp_path: Path) -> Home:
    """The shop takes a reply for a second, and has a template."""
    made = Home(tmp_path / "home")
    events = tmp_path / "events.jsonl"
    events.write_text(json.dumps(QUESTION) + "\n")
    words = (
        "--caps",
        json.dumps({"windows": {"chat": 1}, "lengths": {"chat": 9}}),
        "--canned",
        json.dumps(CANNED),
    )
    made.shop("shop", "--mode", "keys", "--events", str(events), *words)
    made.run("sync", "--once")
    return made


def test_canned_replies_of_a_channel_are_listed_and_shown(closed: Home) -> None:
    named = {
        line["name"]: (line["account"], line["template"], line["own"])
        for line in closed.json("canned", "list")
    }
    assert named == {"shop/order news": ("shop", "HX1", False), "shop/hello": ("shop", None, False)}
    told = closed.run("canned", "list").stdout
    assert "shop/order news" in told
    assert "template" in told
    assert "kept by shop" in closed.run("canned", "show", "order news").stderr


def test_a_template_is_sent_by_its_name_and_free_text_is_refused(closed: Home) -> None:
    assert "(order news)" in closed.run("reply", "1", "free text", code=1).stderr
    assert "(order news)" in closed.run("reply", "1", "--canned", "hello", code=1).stderr
    assert '--set "1=…"' in closed.run("reply", "1", "--canned", "order news", code=2).stderr
    closed.run("reply", "1", "--canned", "order news", "--set", "1=8841")
    closed.run("reply", "1", "--canned", "shop/order news", "--set", "1=9")
    ledger = [json.loads(line) for line in (closed.folder / "shop.ledger").read_text().splitlines()]
    sent = [
        (line["text"].strip(), line["template"], line["values"]) for line in ledger if line["type"] == "reply"
    ]
    assert sent == [("Order 8841 is late.", "HX1", {"1": "8841"}), ("Order 9 is late.", "HX1", {"1": "9"})]


def test_in_lines_it_is_asked_about_and_sent(closed: Home) -> None:
    said = closed.run("--plain", stdin="1\ncanned\ncanned order news\n8841\n.\nyes\n").stdout
    assert "shop/order news: order news (template)" in said
    closed.run("sync", "--once")
    ledger = [json.loads(line) for line in (closed.folder / "shop.ledger").read_text().splitlines()]
    assert [line["values"] for line in ledger if line["type"] == "reply"] == [{"1": "8841"}]


def test_a_picture_is_described_behind_its_name(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    events, box, bill = (tmp_path / name for name in ("events.jsonl", "box.png", "bill.pdf"))
    events.write_text(json.dumps(QUESTION) + "\n")
    for file in (box, bill):
        file.write_bytes(b"x")
    caps = json.dumps({"attachments": {"alt": True}})
    home.shop("shop", "--mode", "keys", "--events", str(events), "--caps", caps)
    home.run("sync", "--once")
    words = ("reply", "1", "see", "--attach", str(bill), "--attach", str(box), "--alt", "a torn box")
    (would,) = home.json(*words, "--dry-run")
    assert [file.get("alt") for file in would["attachments"]] == [None, "a torn box"]
    assert "behind the --attach" in home.run("reply", "1", "see", "--alt", "x", code=2).stderr
    home.run(*words)
    (line,) = [json.loads(line) for line in (home.folder / "shop.ledger").read_text().splitlines()][:1]
    assert [file.get("alt") for file in line["attachments"]] == [None, "a torn box"]
    assert [file.get("alt") for file in home.messages(1)[-1]["attachments"]] == [None, "a torn box"]
    assert "shows: a torn box" in home.run("show", "1").stdout
