"""`timers`: the agent's own time in the shell, its corrections, and what `why` and an export say of it."""

import json
import time
from pathlib import Path

import pytest

from tests.cli.program import Home, Object, demo
from tuidesk.domain.instants import MINUTE, SECOND, rfc3339

AT = 1_780_000_000_000
"""Long ago, by the clock of whoever runs this."""


def _worked(home: Home, n: int, *stretches: tuple[int, int]) -> list[Object]:
    """The lines of an export of `home`, with this having been measured in conversation `n`."""
    lines: list[Object] = [json.loads(line) for line in home.run("export").stdout.splitlines()]
    last = max(at for at, line in enumerate(lines) if line.get("desk", {}).get("conversation") == n)
    head = next(line for line in lines if line["type"] == "conversation" and line["desk"]["n"] == n)
    measured = [
        {
            "type": "handling",
            "id": f"handling-{number}",
            "at": rfc3339(start),
            "by": {"name": "", "handle": "", "me": True},
            "account": head["account"],
            **({"conversation": head["conversation"]} if "conversation" in head else {}),
            "start": rfc3339(start),
            "stop": rfc3339(stop),
            "s": (stop - start) / SECOND,
            "desk": {"n": number, "conversation": n},
        }
        for number, (start, stop) in enumerate(stretches, 1)
    ]
    return [*lines[: last + 1], *measured, *lines[last + 1 :]]


def _take(home: Home, lines: list[Object], code: int = 0) -> None:
    told = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    home.run("import", "-", stdin=told, code=code)


@pytest.fixture
def home(tmp_path: Path) -> tuple[Home, int]:
    """A home, and a conversation at which the agent was for four minutes and then for one."""
    first = demo(tmp_path / "first")
    n = first.one()["n"]
    second = Home(tmp_path / "second")
    _take(second, _worked(first, n, (AT, AT + 4 * MINUTE), (AT + 10 * MINUTE, AT + 11 * MINUTE)))
    return second, n


def test_of_a_conversation(home: tuple[Home, int]) -> None:
    at, n = home
    first, second = at.json("timers", str(n))
    assert first == {
        "type": "handling",
        "n": 1,
        "conversation": n,
        "start": rfc3339(AT),
        "stop": rfc3339(AT + 4 * MINUTE),
        "s": 240,
        "reason": None,
    }
    assert second["s"] == 60
    said = at.run("timers", f"#{n}").stdout
    assert f"#{n}: 5m" in said
    assert "4m" in said


def test_corrected_by_hand_and_taken_back(home: tuple[Home, int]) -> None:
    at, n = home
    said = at.run("timers", "edit", str(n), "+5m", "was", "on", "the phone").stdout
    assert said == f"handling time of #{n} +5m: was on the phone\n"
    at.run("timers", "edit", str(n), "-3m", "--reason", "lunch")
    assert [line["s"] for line in at.json("timers", str(n))] == [240, 60, 300, -180]
    assert [line["reason"] for line in at.json("timers", str(n))][2:] == ["was on the phone", "lunch"]
    said = at.run("timers", "edit", str(n), "12m", "all of it").stdout
    assert said == f"handling time of #{n} to 12m: all of it\n"
    assert f"#{n}: 12m (5m measured)" in at.run("timers", str(n)).stdout
    at.run("undo")
    at.run("undo")
    assert [line["s"] for line in at.json("timers", str(n))] == [240, 60, 300]


def test_what_is_refused(home: tuple[Home, int]) -> None:
    at, n = home
    assert "why" in at.run("timers", "edit", str(n), "+5m", code=2).stderr
    assert "why" in at.run("timers", "edit", str(n), "+5m", " ", code=2).stderr
    assert "5m of handling time" in at.run("timers", "edit", str(n), "-6m", "too much", code=1).stderr
    assert "already" in at.run("timers", "edit", str(n), "5m", "the same", code=1).stderr
    assert "is no correction" in at.run("timers", "edit", str(n), "soon", "x", code=2).stderr
    assert "no conversation #9999" in at.run("timers", "edit", "9999", "+5m", "x", code=1).stderr
    assert "no conversation #9999" in at.run("timers", "9999", code=1).stderr
    at.run("timers", str(n), "12", code=2)
    at.run("timers", "edit", code=2)
    at.run("timers", str(n), "--dry-run", code=2)
    assert len(at.json("timers", str(n))) == 2


def test_rehearsed(home: tuple[Home, int]) -> None:
    at, n = home
    said = at.run("timers", "edit", str(n), "-5m", "not mine", "--dry-run").stdout
    assert f"handling time of #{n} -5m: not mine" in said
    assert len(at.json("timers", str(n))) == 2


def test_a_correction_that_others_stand_on_is_not_taken_back(home: tuple[Home, int]) -> None:
    at, n = home
    at.run("timers", "edit", str(n), "+5m", "first")
    told = at.json("timers", str(n))
    at.run("timers", "edit", str(n), "-9m", "second")
    at.run("undo")
    assert at.json("timers", str(n)) == told


def test_why_says_what_it_was_made_of(home: tuple[Home, int]) -> None:
    at, n = home
    at.run("timers", "edit", str(n), "+5m", "phone")
    figure = at.json("why", str(n))[-1]
    assert (figure["metric"], figure["calendar_s"], figure["mine"]) == ("handling", 600, True)
    assert (figure["start"], figure["stop"]) == (rfc3339(AT), rfc3339(AT + 11 * MINUTE))
    assert figure["spans"] == [
        [rfc3339(AT), rfc3339(AT + 4 * MINUTE)],
        [rfc3339(AT + 10 * MINUTE), rfc3339(AT + 11 * MINUTE)],
    ]
    assert [(one["s"], one["reason"]) for one in figure["corrections"]] == [(300, "phone")]
    said = at.run("why", str(n)).stdout
    assert "Handling time: 10m" in said
    assert "+5m by hand" in said
    assert ": phone" in said


def test_what_runs_has_no_stop(tmp_path: Path) -> None:
    first = demo(tmp_path / "first")
    n = first.one()["n"]
    at = Home(tmp_path / "second")
    now = time.time_ns() // 1_000_000
    _take(at, _worked(first, n, (now - 4 * MINUTE, now)))
    assert at.json("why", str(n))[-1]["stop"] is None
    assert at.json("timers", str(n))[-1]["stop"] is None
    day, *rest = at.json("timers")
    assert day["type"] == "handling_day"
    assert 0 < day["s"] <= 240
    assert day["conversations"] == 1
    assert [line["conversation"] for line in rest] == [n]


def test_of_today_with_its_breaks(home: tuple[Home, int]) -> None:
    at, n = home
    assert at.run("timers").stdout.splitlines()[0] == "today: 0s (0 handled)"
    at.run("timers", "edit", str(n), "+5m", "phone")
    at.run("away", "lunch", "with", "Sam")
    said = at.run("timers").stdout.splitlines()
    assert said[0] == "today: 5m (1 handled)"
    assert said[1].startswith("away ")
    assert said[1].endswith("to now: lunch with Sam")
    assert said[3].split()[:2] == [str(n), "10m"]
    at.run("away", "--back")
    kinds = {line["type"]: line for line in at.json("timers")}
    assert kinds["away"]["ended"] is not None
    assert kinds["handled"]["s"] == 600


def test_it_comes_back_from_an_export_as_it_was(home: tuple[Home, int], tmp_path: Path) -> None:
    at, n = home
    at.run("timers", "edit", str(n), "+5m", "phone")
    told = at.run("export").stdout
    third = Home(tmp_path / "third")
    third.run("import", "-", stdin=told)
    assert third.run("export").stdout == told
    third.run("import", "-", stdin=told)
    assert third.run("export").stdout == told
    assert third.json("timers", str(n)) == at.json("timers", str(n))


def test_what_was_still_running_goes_on_in_a_later_export(home: tuple[Home, int]) -> None:
    at, n = home
    lines = [json.loads(line) for line in at.run("export").stdout.splitlines()]
    for line in lines:
        if line["type"] == "handling" and line["s"] == 60:
            line["stop"], line["s"] = rfc3339(AT + 13 * MINUTE), 180
    _take(at, lines)
    assert [line["s"] for line in at.json("timers", str(n))] == [240, 180]


def test_lines_that_make_no_sense(home: tuple[Home, int]) -> None:
    at, n = home
    lines = [json.loads(line) for line in at.run("export").stdout.splitlines()]
    for line in lines:
        if line["type"] == "handling" and line["s"] == 60:
            line["start"], line["stop"] = line["stop"], line["start"]
        elif line["type"] == "handling":
            line |= {"reason": "much", "s": 1e300}
    _take(at, lines, code=3)
    assert [line["s"] for line in at.json("timers", str(n))] == [240, 60]


def test_it_leaves_by_an_export_alone(home: tuple[Home, int]) -> None:
    at, n = home
    at.run("timers", "edit", str(n), "+5m", "a private matter")
    for words in (("show", str(n)), ("list",), ("show", str(n), "--json")):
        assert "private matter" not in at.run(*words).stdout
    assert "private matter" in at.run("export").stdout
