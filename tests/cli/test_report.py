"""`tuidesk report`: what a script reads, what a person reads, and files."""

import csv
import json
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import Home, Object
from tests.cli.test_why import OFFICE, US, lines
from tuidesk.domain.instants import DAY, parse, rfc3339

CONFIG = 'after_reply = "open"\n[agent]\nname = "Ana"\naddresses = ["ana@acme.example"]\n' + OFFICE
SAM = {"name": "Sam \x1b[2J|<b>", "handle": "sam@acme.example"}
EVIL = "=cmd|' C calc'!A0"
DAY_0 = ("--since", "2026-11-20", "--until", "2026-11-20")
"""The day that the vectors are of."""


def _history() -> str:
    told = [*lines(7), *lines(3)]
    told += [
        {"type": "tagged", "conversation": "v3", "at": "2026-11-20T10:07:00Z", "add": [EVIL, "refund/late"]}
    ]
    asked = {"conversation": "s1", "medium": "mail", "from": {"name": "Eve", "handle": "eve@x.example"}}
    told += [
        {"type": "received", "id": "s1", "at": "2026-11-20T18:00:00Z", **asked, "text": "Hello?"},
        {"type": "sent", "id": "s2", "at": "2026-11-20T18:30:00Z", **asked, "from": SAM, "text": "Yes."},
        {
            "type": "rated",
            "conversation": "s1",
            "at": "2026-11-20T19:00:00Z",
            "score": 2,
            "scale": 5,
            "text": "slow\u202e | [x](https://evil.example)",
        },
        {
            "type": "received",
            "id": "s3",
            "at": "2026-11-13T10:00:00Z",
            **asked,
            "conversation": "o1",
            "text": "Old.",
        },
        {
            "type": "sent",
            "id": "s4",
            "at": "2026-11-13T10:40:00Z",
            **asked,
            "conversation": "o1",
            "from": US,
            "text": "x",
        },
    ]
    return "".join(json.dumps(line) + "\n" for line in told)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("report"))
    made.write("config.toml", CONFIG)
    made.run("import", "-", stdin=_history())
    return made


def _metric(told: list[Object], metric: str, group: str | None = None) -> Any:
    (found,) = (
        line
        for line in told
        if line["type"] == "metric" and (line["metric"], line["group"]) == (metric, group)
    )
    return found


def test_the_figures_as_json(home: Home) -> None:
    told = home.json("report", *DAY_0)
    head = told[0]
    assert (head["type"], head["zone"], head["by"], head["mine"]) == ("report", "UTC", None, False)
    assert (head["since"], head["until"]) == ("2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z")
    assert (head["behind"], head["first_at"]) == (0, "2026-11-13T10:00:00Z")
    reply = _metric(told, "reply")
    assert reply["n"] == 3  # 4, 6 and 30 minutes
    assert reply["calendar"] == {"n": 3, "mean_s": 800.0, "median_s": 360.0, "p90_s": 1800.0}
    assert reply["business"] == {"n": 3, "mean_s": 200.0, "median_s": 240.0, "p90_s": 360.0}
    assert "before" not in reply
    assert _metric(told, "csat")["part"] == 0
    assert {line["type"] for line in told} == {"report", "metric"}


def test_a_reopened_completion_is_one_reopen(home: Home) -> None:
    """The seventh vector: completed without a reply, written to again, answered."""
    told = home.json("report", *DAY_0)
    assert _metric(told, "reopen_rate") | {"of": 0} == {
        "type": "metric",
        "group": None,
        "metric": "reopen_rate",
        "part": 1,
        "of": 0,
        "value": 1.0,
    }
    assert _metric(told, "first_response")["n"] == 2  # of the others


def test_against_the_period_before(home: Home) -> None:
    reply = _metric(
        home.json("report", "--since", "2026-11-16", "--until", "2026-11-22", "--compare"), "reply"
    )
    assert (reply["n"], reply["before"]["n"]) == (3, 1)
    assert reply["before"]["calendar"]["median_s"] == 2400.0


def test_mine_alone(home: Home) -> None:
    told = home.json("report", *DAY_0, "--me")
    assert told[0]["mine"] is True
    assert _metric(told, "reply")["n"] == 2
    assert "backlog" not in {line.get("metric") for line in told}


def test_by_groups(home: Home) -> None:
    by_tag = home.json("report", *DAY_0, "--by", "tag")
    assert {line["group"] for line in by_tag[1:]} == {None, EVIL, "refund", "refund/late"}
    assert _metric(by_tag, "reply", "refund")["n"] == 1
    by_person = home.json("report", *DAY_0, "--by", "person")
    assert _metric(by_person, "reply", SAM["name"])["n"] == 1
    assert _metric(by_person, "reply", "me")["n"] == 2


def test_pictures_and_the_team_as_json(home: Home) -> None:
    told = home.json("report", *DAY_0, "--pictures")
    kinds = {line["type"] for line in told}
    assert kinds == {"report", "metric", "volume", "heat", "bar", "member", "topic", "comment"}
    heat = [line for line in told if line["type"] == "heat" and line["received"]]
    assert {(line["weekday"], line["hour"]) for line in heat} == {(5, 10), (5, 12), (5, 18)}
    comment = next(line for line in told if line["type"] == "comment")
    assert (comment["score"], comment["scale"], comment["kind"]) == (2, 5, "csat")
    team = home.json("report", *DAY_0, "--team")
    assert [(one["type"], one["name"], one["mine"], one["replies"]) for one in team] == [
        ("member", None, True, 2),
        ("member", SAM["name"], False, 1),
    ]


def test_a_table_for_people(home: Home) -> None:
    said = home.run("report", *DAY_0, "--by", "person").stdout
    first, *rows = said.splitlines()
    assert first == "Report. From 2026-11-20 00:00 to 2026-11-21 00:00, UTC."
    reply = next(row for row in rows if row.startswith("Reply time "))
    assert reply.split()[2:] == ["3", "13m", "6m", "30m"]
    assert "Reply time, by person" in rows
    at = rows.index("Reply time, by person")
    assert [row.split("  ")[0] for row in rows[at + 2 : at + 4]] == ["you", "Sam ␛[2J|<b>"]
    mine = home.run("report", *DAY_0, "--me").stdout
    assert mine.startswith("Report: yours. ")


def test_nothing_there(home: Home) -> None:
    said = home.run("report", "--since", "2026-01", "--until", "2026-01").stdout
    assert "Nothing was measured in this time." in said
    assert "The first message of all is of 2026-11-13 10:00." in said
    alone = home.run("report", "--since", "2026-11-13", "--until", "2026-11-13", "--team").stdout
    assert "On no account has more than one person answered" in alone


def test_before_there_is_a_store(tmp_path: Path) -> None:
    assert Home(tmp_path / "home").run("report", code=1).stdout == ""


@pytest.mark.parametrize(
    ("env", "words"), [({"LC_ALL": "ko_KR.UTF-8"}, "답장 시간"), ({"LANG": "uz_UZ.UTF-8"}, "Javob vaqti")]
)
def test_other_languages(home: Home, env: dict[str, str], words: str) -> None:
    said = home.run("report", *DAY_0, "--compare", "--pictures", env=env).stdout
    assert words in said
    for english in ("Reply", "mean", "from ", "Team", "business", "points"):
        assert english not in said
    assert home.run("report", *DAY_0, "--json", env=env).stdout == home.run("report", *DAY_0, "--json").stdout


# --- files ----------------------------------------------------------------------------------------


def test_csv(home: Home) -> None:
    text = home.run("report", *DAY_0, "--by", "tag", "--format", "csv").stdout
    rows = list(csv.DictReader(StringIO(text, newline=""), strict=True))
    assert {row["group"] for row in rows} == {"", f"'{EVIL}", "refund", "refund/late"}
    (reply,) = (
        row for row in rows if (row["group"], row["metric"], row["clock"]) == ("", "reply", "calendar")
    )
    assert (reply["n"], reply["mean_s"]) == ("3", "800.0")
    team = home.run("report", *DAY_0, "--team", "--format", "csv").stdout
    assert [row["replies"] for row in csv.DictReader(StringIO(team, newline=""))] == ["2", "1"]


def test_markdown(home: Home) -> None:
    text = home.run("report", *DAY_0, "--pictures", "--format", "markdown").stdout
    assert text.startswith("# Report\n")
    assert "| Reply time | 3 | 13m | 6m | 30m |" in text
    assert "\u202e" not in text
    assert r"\[x\](https\://evil.example)" in text
    assert "## What the figures are" in text


def test_a_page(home: Home) -> None:
    text = home.run("report", *DAY_0, "--by", "person", "--format", "html").stdout
    assert '<html lang="en">' in text
    assert "default-src 'none'" in text
    for acting in ("<b>", "\x1b", "\u202e", "<script"):
        assert acting not in text
    assert "Sam ␛[2J|&lt;b&gt;" in text
    assert "Reply time" in text
    assert '<html lang="ko">' in home.run("report", "--format", "html", env={"LANG": "ko_KR.UTF-8"}).stdout


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("r.csv", b"since,until,"),
        ("r.MD", b"# Report"),
        ("r.jsonl", b'{"type": "report"'),
        ("r.txt", b"Report. "),
    ],
)
def test_a_file_is_what_its_name_says(home: Home, tmp_path: Path, name: str, begins: bytes) -> None:
    file = tmp_path / name
    done = home.run("report", *DAY_0, "-o", str(file))
    assert file.read_bytes().startswith(begins)
    assert done.stdout == ""
    assert str(file) in done.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_is_there_stays(home: Home, tmp_path: Path) -> None:
    other, file = tmp_path / "other", tmp_path / "r.csv"
    other.write_text("mine")
    file.symlink_to(other)
    done = home.run("report", *DAY_0, "-o", str(file), code=2)
    assert "--force" in done.stderr
    assert other.read_text() == "mine"
    home.run("report", *DAY_0, "-o", str(file), "--force")
    assert file.read_bytes().startswith(b"since,")
    assert not file.is_symlink()
    assert other.read_text() == "mine"


def test_a_file_that_cannot_be(home: Home, tmp_path: Path) -> None:
    for words in (("-o", str(tmp_path / "none" / "r.csv")), ("-o", str(tmp_path), "--force")):
        home.run("report", *DAY_0, *words, code=1)
    assert list(tmp_path.iterdir()) == []


# --- usage ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("--since", "soon"),
        ("--since", "tomorrow"),
        ("--since", "today", "--until", "yesterday"),
        ("--by", "moon"),
        ("--json", "--format", "csv"),
        ("--format", "csv", "--pictures"),
        ("--format", "pdf"),
        ("-o", "october.pdf"),
        ("--team", "--format", "html"),
        ("--team", "--by", "tag"),
        ("--team", "--compare"),
        ("extra",),
    ],
)
def test_wrong_usage(home: Home, words: tuple[str, ...]) -> None:
    done = home.run("report", *words, code=2)
    assert done.stdout == ""
    assert done.stderr


def test_what_the_agent_did_elsewhere_is_the_agents_own(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write("config.toml", CONFIG)
    ana = {"name": "Ana", "handle": "Ana@acme.example"}
    told = [
        {"type": "received", "id": "1", "medium": "chat", "from": {"handle": "dana"}, "text": "Where is it?"},
        {"type": "sent", "id": "2", "medium": "chat", "from": ana, "text": "It leaves today."},
        {"type": "status", "status": "complete", "by": ana},
    ]
    history = [
        json.dumps({**line, "conversation": "c", "at": f"2026-11-20T12:5{minute}:00Z"})
        for minute, line in enumerate(told)
    ]
    home.run("import", "-", stdin="\n".join(history))
    done = home.json("report", *DAY_0, "--by", "person")
    assert _metric(done, "completed", "me")["n"] == 1
    assert {line["group"] for line in done if line["type"] == "metric"} == {None, "me"}


def test_what_is_wrong_in_the_config_is_said_beside_the_figures(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write("config.toml", CONFIG)
    home.run("import", "-", stdin=_history())
    assert home.run("report").stderr == ""
    home.write("config.toml", CONFIG + '[timers]\nhours_rule = "span"\n')
    assert "timers.hours_rule: must be one of: spans, reply" in home.run("report").stderr


def test_the_last_seven_days_up_to_now_are_what_is_not_asked_for(home: Home) -> None:
    head = home.json("report")[0]
    assert parse(head["until"]) - parse(head["since"]) == 7 * DAY
    since = rfc3339(parse(head["until"]) - DAY)
    assert home.json("report", "--since", since)[0]["since"] == since


@pytest.mark.parametrize(
    "words", [(), ("--json", "--by", "tag", "--compare"), ("--pictures",), ("--format", "csv")]
)
def test_nothing_heavy_is_loaded(home: Home, words: tuple[str, ...]) -> None:
    code = (
        "import sys; from tuidesk.cli.main import run; run(sys.argv[1:]);"
        "heavy = ('textual', 'httpx', 'keyring', 'asyncio', 'importlib.metadata', 'jinja2', 'tuidesk.wire');"
        "print([name for name in heavy if name in sys.modules], file=sys.stderr)"
    )
    argv = [sys.executable, "-c", code, "--home", str(home.folder), "report", *words]
    done = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == "[]\n"
