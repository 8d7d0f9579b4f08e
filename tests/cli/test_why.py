"""The vectors of the response timers, by number, through import, a restart and `why --json`."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import Home, Object
from tests.domain.test_timers import VECTORS, at
from tuidesk.domain.instants import rfc3339

OFFICE = '[hours]\nzone = "UTC"\nweek = { mon-fri = ["09:00-17:00"] }\n'
TWICE_A_DAY = OFFICE.replace('["09:00-17:00"]', '["08:00-12:00", "13:30-18:00"]')
PAUSED = OFFICE + '[timers]\npause_when = ["pending", "snoozed"]\n'
US = {"name": "Ana", "handle": "ana@acme.example", "me": True}


def lines(number: int) -> list[Object]:
    """The events of a vector as a channel tells them."""
    found, conversation = [], f"v{number}"
    for n, event in enumerate(VECTORS[number][0], 1):
        what, _, when = event.partition(" ")
        when, _, until = when.partition(" until ")
        line: Object = {"id": f"{conversation}-{n}", "at": rfc3339(at(when)), "conversation": conversation}
        their = {"from": {"name": "Dana", "handle": f"dana{number}"}, "medium": "chat", "text": f"word {n}"}
        match what:
            case "customer":
                line |= {"type": "received", **their}
            case "person" | "bot" | "auto":
                by = US if what == "person" else {"name": "Bot", "handle": "bot"}
                line |= {"type": "sent", **their, "kind": what, "from": by, "to": [their["from"]]}
            case "note":
                line |= {"type": "note", "by": US, "text": "look"}
            case "handoff":
                line |= {"type": "handoff"}
            case "complete" | "pending" | "snooze":
                line |= {"type": "status", "status": {"snooze": "snoozed"}.get(what, what), "by": US}
                line |= {"until": rfc3339(at(until))} if until else {}
        found.append(line)
    if number == 14:
        found.append(
            {**found[0], "id": "v14-3", "at": rfc3339(at("10:06")), "kind": "reaction", "text": "👍"}
        )
    return found


@cache
def _told(folder: Path, config: str) -> dict[int, list[Object]]:
    """What `why --json` says of each vector, by a program that was started anew."""
    home = Home(folder)
    # the vectors' replies leave a conversation open
    home.write(
        "config.toml",
        'after_reply = "open"\n[agent]\nname = "Ana"\naddresses = ["ana@acme.example"]\n' + config,
    )
    told = "".join(json.dumps(line) + "\n" for number in range(1, 16) for line in lines(number))
    home.run("import", "-", stdin=told)
    rows = home.json("list", "all")
    return {
        int(row["contact"]["handle"].removeprefix("dana")): home.json("why", str(row["n"])) for row in rows
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("why")


def _minutes(figures: list[Object], metric: str, of: str) -> list[float | None]:
    found = [figure[of] for figure in figures if figure["metric"] == metric]
    return [None if seconds is None else seconds / 60 for seconds in found]


@pytest.mark.parametrize("number", range(1, 16))
def test_a_vector(folder: Path, number: int) -> None:
    config = TWICE_A_DAY if number == 10 else OFFICE
    figures = _told(folder / ("twice" if number == 10 else "office"), config)[number]
    wanted = VECTORS[number][1]
    for metric, calendar in wanted.calendar.items():
        assert _minutes(figures, metric, "calendar_s") == pytest.approx(calendar), metric
    for metric, business in wanted.business.items():
        assert _minutes(figures, metric, "business_s") == business, metric


def test_the_fifteenth_with_its_pauses(folder: Path) -> None:
    figures = _told(folder / "paused", PAUSED)[15]
    assert _minutes(figures, "reply", "calendar_s") == [15]
    (reply,) = [figure for figure in figures if figure["metric"] == "reply"]
    assert reply["cut"] == [["2026-11-20T10:05:00Z", "2026-11-20T11:00:00Z", "snoozed"]]


def test_what_a_figure_says(folder: Path) -> None:
    figures = _told(folder / "office", OFFICE)[1]
    reply = next(figure for figure in figures if figure["metric"] == "reply")
    messages = reply.pop("messages")
    assert len(messages) == 2
    assert reply == {
        "type": "figure",
        "metric": "reply",
        "start": "2026-11-20T08:00:00Z",
        "stop": "2026-11-20T09:20:00Z",
        "calendar_s": 4800,
        "business_s": 1200,
        "mine": True,
        "cut": [],
        "hours": "agent",
        "target": None,
        "rule": 2,
    }
    first: dict[str, Any] = next(figure for figure in figures if figure["metric"] == "first_response")
    assert first["target"] == {"s": 3600, "from": "shipped"}


def test_what_a_resolution_is_late_by_is_said_where_nobody_waits(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write("config.toml", '[[targets]]\nresolution = "2d"\n')
    told = [
        {"type": "received", "id": "1", "from": {"handle": "dana"}, "text": "Where is it?"},
        {"type": "sent", "id": "2", "from": US, "text": "It leaves today."},
    ]
    history = [
        json.dumps({**line, "conversation": "c", "medium": "chat", "at": "2026-11-20T12:50:00Z"})
        for line in told
    ]
    home.run("import", "-", stdin="\n".join(history))
    said = home.run("why", "1", env={"TZ": "UTC"}).stdout
    assert "Wait" not in said.splitlines()[0]
    assert "Resolution, last\n  target 2d ([[targets]] 1)\n  due 2026-11-22 12:50\n" in said


def test_in_words(folder: Path) -> None:
    _told(folder / "office", OFFICE)
    home = Home.__new__(Home)
    home.folder = folder / "office"
    n = next(row["n"] for row in home.json("list", "all") if row["contact"]["handle"] == "dana1")
    said = home.run("why", str(n), env={"TZ": "UTC"}).stdout
    assert "Reply time: 1h 20m, yours" in said
    assert "20m of it in business hours" in said
    assert "target 1h (as shipped: what most customers expect)" in said
    assert "Business hours: yours, UTC." in said


def test_what_still_runs_ends_now_in_words(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write("config.toml", PAUSED)
    asked: Object = {"type": "received", "id": "1", "at": "2026-11-20T10:00:00Z", "conversation": "1"}
    asked |= {"from": {"name": "Dana", "handle": "dana"}, "medium": "chat", "text": "word"}
    home.run("import", "-", stdin=json.dumps(asked) + "\n")
    assert "  open from 2026-11-20 10:00 to now\n" in home.run("why", "1", env={"TZ": "UTC"}).stdout
    put_off: Object = {"type": "status", "id": "2", "at": "2026-11-20T10:05:00Z", "conversation": "1"}
    home.run("import", "-", stdin=json.dumps({**put_off, "status": "pending", "by": US}) + "\n")
    words = home.run("why", "1", env={"TZ": "UTC"}).stdout
    assert "  cut out: pending from 2026-11-20 10:05 to now\n" in words
    assert "  open from 2026-11-20 10:00 to 2026-11-20 10:05\n" in words, "that span is over"
