"""`[hours]`, `[timers]` and `[[targets]]`: what they come to, and every way in which they are wrong."""

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.config.files import account, home, write
from tuidesk.config.load import Config, load
from tuidesk.config.paths import Paths
from tuidesk.config.timing import Timing
from tuidesk.domain.hours import Hours, Period, week
from tuidesk.domain.instants import DAY, HOUR, MINUTE
from tuidesk.domain.targets import SHIPPED, Target

ZONE = 'zone = "Europe/Berlin"\n'
WEEK = 'week = { mon-fri = ["09:00-17:00"] }\n'
OFFICE = week({"mon-fri": ["09:00-17:00"]})
SHOP = 'kind = "pipe"\ncommand = ["x"]\n'


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return home(tmp_path / "home")


def read(paths: Paths, text: str) -> Timing:
    write(paths.config_toml, text)
    return load(paths).timing


def told(timing: Timing) -> list[tuple[str, str, str]]:
    """(file, key, text)."""
    return [(Path(one.file).name, one.key, one.text) for one in timing.problems]


def hours(timing: Timing, account: str = "") -> Hours:
    return timing.rules(account).calendar.hours


def test_who_says_nothing_always_works_towards_the_shipped_targets(paths: Paths) -> None:
    timing = load(paths).timing
    assert hours(timing) == Hours()
    assert hours(timing).is_always
    assert (timing.rules("any").pause_when, timing.rules("any").hours_rule) == (frozenset(), "spans")
    assert (timing.targets, timing.is_shipped, timing.idle_after_s) == (SHIPPED, True, 60.0)
    assert timing.problems == ()


def test_hours_and_timers(paths: Paths) -> None:
    timing = read(
        paths,
        """
        [hours]
        zone = "Europe/Berlin"
        week = { mon-fri = ["09:00-12:00", "13:30-17:00"], sat = ["22:00-02:00"] }
        holidays = ["2026-12-25", 2026-12-26]
        [timers]
        pause_when = ["pending", "snoozed"]
        hours_rule = "reply"
        idle_after_s = 90
        """,
    )
    assert timing.problems == ()
    own = hours(timing)
    assert (own.zone, own.name) == (ZoneInfo("Europe/Berlin"), "Europe/Berlin")
    assert own.week[0] == (Period(540, 720), Period(810, 1020))
    assert own.week[5] == (Period(1320, 1560),)
    assert own.holidays == {date(2026, 12, 25), date(2026, 12, 26)}
    rules = timing.rules("support")
    assert rules.pause_when == {"pending", "snoozed"}
    assert rules.hours_rule == "reply"
    assert timing.idle_after_s == 90.0
    assert timing.rules("support") is timing.rules("")


def test_it_is_made_once(paths: Paths) -> None:
    config = load(paths)
    assert config.timing is config.timing


@pytest.mark.parametrize(
    ("table", "key", "said"),
    [
        (
            'zone = "Europe/Belrin"\n' + WEEK,
            "zone",
            "there is no such time zone; did you mean Europe/Berlin?",
        ),
        ('zone = "berlin"\n' + WEEK, "zone", "there is no such time zone"),
        ('zone = "/etc/passwd"\n' + WEEK, "zone", "there is no such time zone"),
        ('zone = ""\n' + WEEK, "zone", 'write continent and city, as in "Europe/Berlin"'),
        ('zone = "Europe"\n' + WEEK, "zone", "there is no such time zone"),
        ("zone = 1\n" + WEEK, "zone", "must be text, not a whole number"),
        (WEEK, "zone", "is missing"),
        (ZONE, "week", "is missing"),
        (ZONE + 'week = "9-17"', "week", "must be a table, not text"),
    ],
)
def test_hours_without_a_zone_or_a_week_stay_out(paths: Paths, table: str, key: str, said: str) -> None:
    timing = read(paths, f"[hours]\n{table}")
    assert hours(timing).is_always
    found = [(file, key, text) for file, key, text in told(timing) if said in text]
    assert [(file, key) for file, key, _ in found] == [("config.toml", f"hours.{key}")]


@pytest.mark.parametrize(
    ("entry", "key", "said"),
    [
        ('fry = ["09:00-12:00"]', "week.fry", 'must be a day, or two with "-" between them as in mon-fri'),
        ('sat-fry = ["09:00-12:00"]', "week.sat-fry", "(the days: mon, tue, wed, thu, fri, sat, sun)"),
        ('sat = ["9-12"]', "week.sat", '“9-12” is no period: write two times of the day, "09:00-17:00"'),
        ('sat = ["10:00-25:00"]', "week.sat", "“10:00-25:00” is no period"),
        ('sat = ["10:00-10:00"]', "week.sat", "“10:00-10:00” is no period"),
        ('fri = ["16:59-18:00"]', "week.fri", "overlaps with mon-fri: write each stretch of time once"),
        ('sun = ["22:00-09:01"]', "week.mon-fri", "overlaps with sun"),
        ('sat = "09:00-12:00"', "week.sat", "must be a list, not text"),
        ('sat = ["09:00-12:00", 5]', "week.sat.2", "must be text, not a whole number"),
    ],
)
def test_what_is_wrong_in_a_week_stays_out_alone(paths: Paths, entry: str, key: str, said: str) -> None:
    timing = read(paths, f'[hours]\n{ZONE}week = {{ mon-fri = ["09:00-17:00"], {entry} }}\n')
    ((file, at, text),) = told(timing)
    assert (file, at) == ("config.toml", f"hours.{key}")
    assert said in text
    left = {"sun": ["22:00-09:01"]} if key == "week.mon-fri" else {"mon-fri": ["09:00-17:00"]}
    assert hours(timing).week == week(left)


@pytest.mark.parametrize(
    ("holidays", "key", "said"),
    [
        (
            '["2026-12-25", "2026-02-29"]',
            "holidays.2",
            'must be a date with year, month and day: "2026-12-25"',
        ),
        ('["2026-12-25", "20261226"]', "holidays.2", "must be a date"),
        ('["2026-12-25", "26 dec"]', "holidays.2", "must be a date"),
        ('["2026-12-25", 20261226]', "holidays.2", "must be a date"),
        ('["2026-12-25", 2026-12-26T10:00:00]', "holidays.2", "must be a date"),
    ],
)
def test_a_wrong_holiday_stays_out_alone(paths: Paths, holidays: str, key: str, said: str) -> None:
    timing = read(paths, f"[hours]\n{ZONE}{WEEK}holidays = {holidays}\n")
    ((_, at, text),) = told(timing)
    assert at == f"hours.{key}"
    assert said in text
    assert hours(timing).week == OFFICE
    assert hours(timing).holidays == {date(2026, 12, 25)}


def test_all_that_is_wrong_is_said_at_once(paths: Paths) -> None:
    for zone in ('zone = "Europe/Belrin"\n', "", "zone = 1\n"):
        timing = read(paths, f'[hours]\n{zone}week = {{ sat = ["9-12"] }}\nholidays = ["26 dec"]\n')
        assert [key for _, key, _ in told(timing)] == [
            "hours.zone",
            "hours.week.sat",
            "hours.holidays.1",
        ]
        assert hours(timing).is_always


def test_what_is_no_table_of_hours_and_a_key_of_nobody(paths: Paths) -> None:
    ((_, key, text),) = told(read(paths, 'hours = "9-17"\n'))
    assert (key, text.partition(":")[0]) == ("hours", "must be a table")
    timing = read(paths, f"[hours]\n{ZONE}{WEEK}holydays = []\n")
    assert told(timing) == [("config.toml", "hours.holydays", "unknown key; did you mean `holidays`?")]
    assert hours(timing).week == OFFICE


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('pause_when = ["closed"]', "pause_when.1"),
        ('hours_rule = "span"', "hours_rule"),
        ("idle_after_s = 0", "idle_after_s"),
        ("idle_after_s = -inf", "idle_after_s"),
        ("idle_after_s = nan", "idle_after_s"),
        ("idle_after_s = 3601", "idle_after_s"),
    ],
)
def test_a_wrong_timer_stays_out_alone(paths: Paths, line: str, key: str) -> None:
    good = {
        "pause_when": 'pause_when = ["pending"]',
        "hours_rule": 'hours_rule = "reply"',
        "idle_after_s": "idle_after_s = 5",
    }
    good[key.partition(".")[0]] = line
    write(paths.config_toml, "[timers]\n" + "\n".join(good.values()) + "\n")
    config = load(paths)
    assert [problem.key for problem in config.problems] == [f"timers.{key}"]
    rules = config.timing.rules("")
    expected = {"pause_when": {"pending"}, "hours_rule": "reply", "idle_after_s": 5.0}
    expected |= {key.partition(".")[0]: {"pause_when.1": set(), "hours_rule": "spans"}.get(key, 60.0)}
    assert {
        "pause_when": rules.pause_when,
        "hours_rule": rules.hours_rule,
        "idle_after_s": config.timing.idle_after_s,
    } == expected


# --- accounts and layers --------------------------------------------------------------------------


def test_an_accounts_own_hours_replace_the_agents_whole(paths: Paths) -> None:
    account(paths, "night", SHOP + '[hours]\nzone = "Asia/Seoul"\nweek = { sat = ["22:00-02:00"] }\n')
    account(paths, "day", SHOP)
    timing = read(paths, f'[hours]\n{ZONE}{WEEK}holidays = ["2026-12-25"]\n[timers]\nhours_rule = "reply"\n')
    assert timing.problems == ()
    night = hours(timing, "night")
    assert (night.name, night.week, night.holidays) == (
        "Asia/Seoul",
        week({"sat": ["22:00-02:00"]}),
        frozenset(),
    )
    assert timing.rules("night").hours_rule == "reply"
    assert timing.rules("night") is timing.rules("night")
    assert timing.rules("day") is timing.rules("elsewhere")
    assert hours(timing, "day").week == OFFICE
    assert timing.mark("night") != timing.mark("day") == timing.mark("elsewhere")


def test_wrong_hours_of_an_account_leave_it_the_agents_and_it_starts(paths: Paths) -> None:
    account(paths, "night", SHOP + '[hours]\nzone = "Asia/Seul"\nweek = { sat = ["22:00-02:00"] }\n')
    timing = read(paths, f"[hours]\n{ZONE}{WEEK}")
    assert told(timing) == [
        ("night.toml", "hours.zone", "there is no such time zone; did you mean Asia/Seoul?")
    ]
    assert hours(timing, "night").week == OFFICE
    config = load(paths)
    assert ([account.id for account in config.accounts], config.problems) == (["night"], ())


def layered(paths: Paths, tmp_path: Path, machine: str, team: str, own: str) -> Config:
    write(tmp_path / "xdg" / "config.toml", machine)
    write(tmp_path / "team" / "config.toml", team)
    write(paths.config_toml, f'team = "{tmp_path / "team"}"\n{own}')
    return load(replace(paths, layers=(tmp_path / "xdg",)))


def test_the_hours_of_an_upper_layer_replace_the_lower_ones_whole(paths: Paths, tmp_path: Path) -> None:
    machine = f'[hours]\n{ZONE}week = {{ sun = ["09:00-10:00"] }}\nholidays = ["2026-01-01"]\n'
    team = '[hours]\nzone = "Asia/Seoul"\nweek = { sat = ["09:00-10:00"] }\n'
    config = layered(paths, tmp_path, machine, team, "[timers]\nidle_after_s = 5\n")
    assert (config.problems, config.timing.problems) == ((), ())
    made = hours(config.timing)
    assert (made.name, made.week, made.holidays) == (
        "Asia/Seoul",
        week({"sat": ["09:00-10:00"]}),
        frozenset(),
    )
    config = layered(paths, tmp_path, machine, "", "")
    assert hours(config.timing).holidays == {date(2026, 1, 1)}


def test_a_problem_names_the_file_of_its_layer(paths: Paths, tmp_path: Path) -> None:
    team = '[hours]\nzone = "Asia/Seul"\nweek = {}\n[[targets]]\nreply = "soon"\n'
    config = layered(paths, tmp_path, "", team, "")
    assert {problem.file for problem in config.timing.problems} == {str(tmp_path / "team" / "config.toml")}
    assert len(config.timing.problems) == 2


def test_a_teams_hours_of_an_account_stay_where_the_users_file_has_none(paths: Paths, tmp_path: Path) -> None:
    write(tmp_path / "team" / "accounts" / "shop.toml", SHOP + f"[hours]\n{ZONE}{WEEK}")
    account(paths, "shop", 'signature = "Ana"\n')
    config = layered(paths, tmp_path, "", "", "")
    assert (config.problems, hours(config.timing, "shop").week) == ((), OFFICE)


# --- targets --------------------------------------------------------------------------------------


def test_targets(paths: Paths) -> None:
    account(paths, "support", SHOP)
    timing = read(
        paths,
        """
        [[targets]]
        first_response = "1h"
        reply = "4h"
        resolution = "2d"
        [[targets]]
        account = "support"
        medium = "mail"
        priority = "urgent"
        tag = "VIP"
        reply = "1h 30m"
        """,
    )
    assert timing.problems == ()
    assert timing.targets == (
        Target("[[targets]] 1", first_response=HOUR, reply=4 * HOUR, resolution=2 * DAY),
        Target("[[targets]] 2", "support", "mail", "urgent", "VIP", reply=90 * MINUTE),
    )
    assert not timing.is_shipped


@pytest.mark.parametrize(
    ("table", "key", "said"),
    [
        ('tag = "vip"', "", "says nothing to aim at: add first_response, reply or resolution"),
        ('reply = "soon"', ".reply", 'must be a length of time such as "90m", "4h" or "2d"'),
        ('reply = ""', ".reply", "must be a length"),
        ('reply = "0m"', ".reply", "must be a length"),
        ('reply = "-1h"', ".reply", "must be a length"),
        ('reply = "2시간"', ".reply", "must be a length"),
        ("reply = 4", ".reply", "must be text, not a whole number"),
        (
            'reply = "4h"\npriority = "higher"',
            ".priority",
            "must be one of: urgent, high, normal, low",
        ),
        ('reply = "4h"\naccount = "suport"', ".account", "there is no such account; did you mean support?"),
        ('reply = "4h"\naccount = "x"', ".account", "there is no such account (there are: support)"),
        ('repyl = "4h"', ".repyl", "unknown key; did you mean `reply`?"),
    ],
)
def test_a_wrong_target_stays_out_and_the_others_keep_their_places(
    paths: Paths, table: str, key: str, said: str
) -> None:
    account(paths, "support", SHOP)
    good = '[[targets]]\nreply = "4h"\n'
    timing = read(paths, f"{good}[[targets]]\n{table}\n{good}")
    assert [target.place for target in timing.targets] == ["[[targets]] 1", "[[targets]] 3"]
    found = [text for file, at, text in told(timing) if (file, at) == ("config.toml", f"targets.2{key}")]
    assert any(said in text for text in found)


def test_an_account_is_missed_only_where_every_accounts_file_can_be_read(paths: Paths) -> None:
    account(paths, "support", SHOP)
    account(paths, "other", "kind =")
    timing = read(paths, '[[targets]]\naccount = "acme"\nreply = "4h"\n')
    assert (timing.problems, [target.account for target in timing.targets]) == ((), ["acme"])


def test_where_all_targets_are_wrong_the_shipped_ones_stand_and_an_empty_list_is_none(paths: Paths) -> None:
    timing = read(paths, '[[targets]]\nreply = "soon"\n')
    assert (timing.targets, timing.is_shipped, len(timing.problems)) == (SHIPPED, True, 1)
    timing = read(paths, "targets = []\n")
    assert (timing.targets, timing.is_shipped, timing.problems) == ((), False, ())


def test_targets_that_are_no_list_of_tables(paths: Paths) -> None:
    timing = read(paths, '[targets]\nreply = "4h"\n')
    ((_, key, text),) = told(timing)
    assert (key, timing.is_shipped) == ("targets", True)
    assert "[[targets]]" in text
    assert [key for _, key, _ in told(read(paths, 'targets = ["4h"]\n'))] == ["targets.1"]


def test_an_upper_layers_targets_replace_the_lower_ones(paths: Paths, tmp_path: Path) -> None:
    team = '[[targets]]\nreply = "1h"\n[[targets]]\nreply = "2h"\n'
    config = layered(paths, tmp_path, "", team, '[[targets]]\nreply = "3h"\n')
    assert config.timing.targets == (Target("[[targets]] 1", reply=3 * HOUR),)
    config = layered(paths, tmp_path, "", team, "")
    assert [target.reply for target in config.timing.targets] == [HOUR, 2 * HOUR]


def test_the_mark_is_another_for_other_hours_options_or_targets(paths: Paths) -> None:
    texts = (
        "",
        f"[hours]\n{ZONE}{WEEK}",
        f'[hours]\n{ZONE}{WEEK}holidays = ["2026-12-25"]\n',
        '[timers]\npause_when = ["pending"]\n',
        '[timers]\nhours_rule = "reply"\n',
        '[[targets]]\nreply = "3h"\n',
        '[[targets]]\nreply = "4h"\n',
    )
    marks = [read(paths, text).mark("") for text in texts]
    assert len(set(marks)) == len(texts)
    assert marks == [read(paths, text).mark("") for text in texts]
    assert read(paths, "[timers]\nidle_after_s = 5\n").mark("") == marks[0]


# --- only when it is asked for --------------------------------------------------------------------


def modules(paths: Paths, more: str) -> set[str]:
    """What is loaded by reading the config, and by `more`."""
    code = (
        "import sys; from pathlib import Path; from tuidesk.config import load, paths;"
        f"config = load.load(paths.find(sys.argv[1], {{}})); {more};"
        "print(*sorted(sys.modules))"
    )
    command = [sys.executable, "-c", code, str(paths.config.parent)]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


LATE = {
    "tuidesk.config.timing",
    "tuidesk.domain.hours",
    "tuidesk.domain.measured",
    "tuidesk.domain.when",
    "zoneinfo",
    "hashlib",
}


def test_hours_are_read_when_they_are_asked_for(paths: Paths) -> None:
    write(paths.config_toml, f'[hours]\n{ZONE}{WEEK}[timers]\nidle_after_s = 5\n[[targets]]\nreply = "4h"\n')
    account(paths, "shop", SHOP + f"[hours]\n{ZONE}{WEEK}")
    assert LATE.isdisjoint(modules(paths, "assert not config.problems"))
    asked = modules(paths, "assert not config.timing.problems")
    assert asked >= LATE
    assert asked.isdisjoint({"icalendar", "dateutil", "holidays", "difflib"})
    write(paths.config_toml, "")
    assert modules(paths, "config.timing").isdisjoint({"tuidesk.domain.when", "difflib"})


def test_the_readmes_example_reads_well(paths: Paths) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    _, _, section = readme.partition("\n### Hours and targets\n")
    timing = read(paths, section.split("```toml\n", 1)[1].split("```", 1)[0])
    assert (timing.problems, load(paths).problems) == ((), ())
    assert not hours(timing).is_always
    assert len(timing.targets) == 2
