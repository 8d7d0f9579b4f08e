"""`report --format html`: a page of the user's own."""

import stat
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.cli.program import Home

LINES = """
{"type": "received", "id": "a1", "conversation": "a", "at": "2026-11-16T09:00:00Z", "medium": "mail", \
"from": {"name": "<b>Dana</b>", "handle": "dana@ortiz.example"}, "text": "Where is it?"}
{"type": "sent", "id": "a2", "conversation": "a", "at": "2026-11-16T09:20:00Z", "medium": "mail", \
"from": {"name": "Ana", "handle": "ana@acme.example", "me": true}, "text": "On its way."}
{"type": "rated", "conversation": "a", "at": "2026-11-16T10:00:00Z", "score": 4, "scale": 5, "text": "<i>quick</i>"}
"""
PERIOD = ("--since", "2026-11-16", "--until", "2026-11-20")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.run("import", "-", stdin=LINES)
    return home


def test_a_page_of_a_period(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "november.html"
    home.run("report", *PERIOD, "-o", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    tree = LexborHTMLParser(file.read_text("utf-8"))
    rows = [[cell.text() for cell in row.css("th, td")] for row in tree.css("tbody tr")]
    assert ["Reply time", "1", "20m", "20m", "20m"] in rows
    assert [quote.text() for quote in tree.css("blockquote")] == ["<i>quick</i>"]
    assert "<b>Dana</b>" in tree.css(".comments .head")[0].text()


def test_a_page_on_stdout_in_the_language_that_is_spoken(home: Home) -> None:
    made = home.run("report", *PERIOD, "--format", "html", env={"LC_ALL": "ko_KR.UTF-8"}).stdout
    assert made.startswith("<!DOCTYPE html>")
    assert '<html lang="ko">' in made


def test_a_page_of_a_time_in_which_nobody_wrote(home: Home) -> None:
    made = home.run("report", "--since", "2020-01-01", "--until", "2020-01-02", "--format", "html").stdout
    assert "Nothing was measured in this time." in made
    assert "<table" not in made
