"""Holidays of an iCalendar file and of a country."""

import os
import sys
import time
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.config.files import account, home, write
from tests.config.test_timing import OFFICE, SHOP, WEEK, ZONE, hours, modules, read, told
from tests.nobody import NOBODY
from tuidesk.config import days_off
from tuidesk.config.days_off import Days, around
from tuidesk.config.load import load
from tuidesk.config.paths import Paths
from tuidesk.domain.hours import BadHours
from tuidesk.errors import ConfigError

TWENTY = Days(date(2015, 1, 1), date(2034, 12, 31))


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return home(tmp_path / "home")


def calendar(*events: str) -> str:
    """A file as programs export it; an event is its lines."""
    written = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Acme//EN\n{written}END:VCALENDAR\n".replace("\n", "\r\n")


def days(tmp_path: Path, *events: str, year: int | None = None) -> list[str]:
    """The holidays that they give, or those of a year."""
    file = write(tmp_path / "ics" / "days.ics", calendar(*events))
    found = days_off.of_file(file, frozenset({os.geteuid()}), TWENTY)
    assert found.unread == 0
    return [day.isoformat() for day in sorted(found.days) if year in (None, day.year)]


def test_twenty_years_that_move_on_every_five() -> None:
    assert around(date(2026, 11, 28)) == around(date(2025, 1, 1)) == around(date(2029, 12, 31)) == TWENTY
    assert around(date(2030, 1, 1)) == Days(date(2020, 1, 1), date(2039, 12, 31))


# --- files ----------------------------------------------------------------------------------------


def test_a_file_is_named_beside_the_config(paths: Paths) -> None:
    write(
        paths.config / "days.ics",
        calendar("UID:1\nDTSTART;VALUE=DATE:20241225\nDTEND;VALUE=DATE:20241227\nRRULE:FREQ=YEARLY"),
    )
    timing = read(paths, f'[hours]\n{ZONE}{WEEK}holidays = {{ ics = "days.ics" }}\n')
    assert timing.problems == ()
    own = hours(timing)
    assert own.week == OFFICE
    assert {date(2024, 12, 25), date(2024, 12, 26), date(2030, 12, 25), date(2030, 12, 26)} <= own.holidays
    assert {(day.month, day.day) for day in own.holidays} == {(12, 25), (12, 26)}


def test_a_file_of_the_users_home_and_one_of_an_account(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(paths.config.parent))
    write(paths.config.parent / "agent.ics", calendar("UID:1\nDTSTART;VALUE=DATE:20260501"))
    write(paths.accounts / "shop.ics", calendar("UID:1\nDTSTART;VALUE=DATE:20260601"))
    account(paths, "shop", SHOP + f'[hours]\n{ZONE}{WEEK}holidays = {{ ics = "shop.ics" }}\n')
    timing = read(paths, f'[hours]\n{ZONE}{WEEK}holidays = {{ ics = "~/agent.ics" }}\n')
    assert timing.problems == ()
    assert hours(timing).holidays == {date(2026, 5, 1)}
    assert hours(timing, "shop").holidays == {date(2026, 6, 1)}


@pytest.mark.parametrize(
    ("event", "found"),
    [
        ("DTSTART;VALUE=DATE:20260501", ["2026-05-01"]),
        ("DTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20260501", ["2026-05-01"]),
        ("DTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20260503", ["2026-05-01", "2026-05-02"]),
        ("DTSTART;VALUE=DATE:20260501\nDURATION:P2D", ["2026-05-01", "2026-05-02"]),
        ("DTSTART;VALUE=DATE:20141231\nDTEND;VALUE=DATE:20150102", ["2015-01-01"]),
        (
            "DTSTART;VALUE=DATE:20260501\nRDATE;VALUE=DATE:20260601,20260701",
            ["2026-05-01", "2026-06-01", "2026-07-01"],
        ),
        ("DTSTART;VALUE=DATE:20320501\nRRULE:FREQ=YEARLY", ["2032-05-01", "2033-05-01", "2034-05-01"]),
        ("DTSTART;VALUE=DATE:16041225\nRRULE:FREQ=YEARLY;UNTIL=20161225", ["2015-12-25", "2016-12-25"]),
        (
            "DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY;UNTIL=20271225T230000Z",
            ["2026-12-25", "2027-12-25"],
        ),
        ("DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=DAILY;COUNT=3", ["2026-05-01", "2026-05-02", "2026-05-03"]),
        (
            "DTSTART;VALUE=DATE:20241128\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=3",
            ["2024-11-28", "2025-11-27", "2026-11-26"],
        ),
        (
            "DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;COUNT=4\nEXDATE;VALUE=DATE:20270101\nEXDATE:20280101T000000",
            ["2026-01-01", "2029-01-01"],
        ),
    ],
)
def test_all_day_events(tmp_path: Path, event: str, found: list[str]) -> None:
    assert days(tmp_path, f"UID:1\nSUMMARY:Closed\n{event}") == found


def test_meetings_and_what_is_cancelled_are_no_holidays(tmp_path: Path) -> None:
    assert days(
        tmp_path,
        "UID:1\nDTSTART;VALUE=DATE:20260501",
        "UID:2\nDTSTART;TZID=Europe/Berlin:20260601T100000\nDTEND;TZID=Europe/Berlin:20260601T110000",
        "UID:3\nDTSTART:20260701T000000Z",
        "UID:4\nDTSTART;VALUE=DATE:20260801\nSTATUS:CANCELLED",
    ) == ["2026-05-01"]


def test_a_day_that_was_moved_in_one_year_or_called_off(tmp_path: Path) -> None:
    moved = (
        "UID:1\nDTSTART;VALUE=DATE:20260501\nRRULE:FREQ=YEARLY;COUNT=3",
        "UID:1\nRECURRENCE-ID;VALUE=DATE:20270501\nDTSTART;VALUE=DATE:20270503",
        "UID:1\nRECURRENCE-ID;VALUE=DATE:20280501\nDTSTART;VALUE=DATE:20280501\nSTATUS:CANCELLED",
        "UID:2\nDTSTART;VALUE=DATE:20280601",
    )
    assert days(tmp_path, *moved) == ["2026-05-01", "2027-05-03", "2028-06-01"]


@pytest.mark.parametrize(
    "event",
    [
        "UID:2",
        "UID:2\nDTSTART;VALUE=DATE:2026",
        "UID:2\nDTSTART;VALUE=DATE:20260101\nRECURRENCE-ID:2026",
        "UID:2\nDTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20290101",
        "UID:2\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=SECONDLY",
        "UID:2\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=NOW",
        "UID:2\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;INTERVAL=0",
        "UID:2\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;BYSECOND=1,2,3",
        "UID:2\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "UID:2\nDTSTART;VALUE=DATE:20260101\nRRULE:COUNT=3",
    ],
)
def test_an_event_that_cannot_be_read_stays_out_alone(paths: Paths, event: str) -> None:
    file = write(paths.config / "days.ics", calendar("UID:1\nDTSTART;VALUE=DATE:20260501", event))
    timing = read(paths, f'[hours]\n{ZONE}{WEEK}holidays = {{ ics = "days.ics" }}\n')
    assert hours(timing).holidays == {date(2026, 5, 1)}
    said = f"{file}: events that cannot be read, and stay out: 1. Give each a date, and repeat it daily to yearly"
    assert told(timing) == [("config.toml", "hours.holidays.ics", said)]


def no_file(file: Path) -> None:
    file.unlink()


def folder(file: Path) -> None:
    file.unlink()
    file.mkdir(0o700)


def others(file: Path) -> None:
    file.chmod(0o666)


def large(file: Path) -> None:
    file.write_text(calendar("UID:1\nDTSTART;VALUE=DATE:20260501") + "\r\n" * (1 << 19))


def page(file: Path) -> None:
    file.write_text("<!doctype html><p>Log in to see this calendar")


def binary(file: Path) -> None:
    file.write_bytes(bytes(range(256)) * 10)


def empty(file: Path) -> None:
    file.write_text("")


def meetings(file: Path) -> None:
    file.write_text(calendar("UID:1\nDTSTART:20260501T100000Z"))


def past(file: Path) -> None:
    file.write_text(calendar("UID:1\nDTSTART;VALUE=DATE:20010501"))


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (no_file, "cannot be read (No such file or directory): correct the path, or make the file readable"),
        (folder, "cannot be read (Is a directory)"),
        (others, "can be written by others"),
        (large, "is larger than 1 MiB: name a calendar that has nothing but holidays"),
        (page, "is no calendar: export it as iCalendar (.ics) once more"),
        (binary, "is no calendar"),
        (empty, "has no all-day events from"),
        (meetings, "has no all-day events from"),
        (past, ": name a calendar of holidays"),
    ],
)
def test_a_file_that_gives_no_holidays(paths: Paths, harm: object, said: str) -> None:
    file = write(paths.config / "days.ics", calendar("UID:1\nDTSTART;VALUE=DATE:20260501"))
    assert callable(harm)
    harm(file)
    timing = read(paths, f'[hours]\n{ZONE}{WEEK}holidays = {{ ics = "days.ics" }}\n')
    ((where, key, text),) = told(timing)
    assert (where, key) == ("config.toml", "hours.holidays.ics")
    assert text.startswith(str(file))
    assert said in text
    assert (hours(timing).week, hours(timing).holidays) == (OFFICE, frozenset())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")
def test_the_teams_owner_is_believed_in_the_teams_files_alone(paths: Paths, tmp_path: Path) -> None:
    team = tmp_path / "team"
    file = write(team / "days.ics", calendar("UID:1\nDTSTART;VALUE=DATE:20260501"))
    config = write(team / "config.toml", f'[hours]\n{ZONE}{WEEK}holidays = {{ ics = "days.ics" }}\n')
    for place in (team, file, config):
        os.chown(place, NOBODY, NOBODY)
    write(paths.config_toml, f'team = "{team}"\n')
    timing = load(paths).timing
    assert timing.problems == ()
    assert hours(timing).holidays == {date(2026, 5, 1)}
    own = f'[hours]\n{ZONE}{WEEK}holidays = {{ ics = "{file}" }}\n'
    timing = read(paths, own)
    assert "belongs to another user" in told(timing)[0][2]
    with pytest.raises(ConfigError):
        days_off.of_file(file, frozenset({0}), TWENTY)


def test_a_file_that_is_made_to_keep_us_busy(tmp_path: Path) -> None:
    endless = "UID:{n}\nDTSTART;VALUE=DATE:20000101\nRRULE:FREQ=DAILY"
    never = "UID:x{n}\nDTSTART;VALUE=DATE:20000101\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"
    events = [endless.format(n=n) for n in range(46)] + [never.format(n=n) for n in range(4)]
    moved = "UID:m\nRECURRENCE-ID;VALUE=DATE:20260501\nDTSTART;VALUE=DATE:20260501"
    single = "UID:s\nDTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20270501"
    file = write(
        tmp_path / "ics" / "a.ics", calendar(*events, *[moved] * 2000, *[single] * 2000, *events, *events)
    )
    begun = time.monotonic()
    found = days_off.of_file(file, frozenset({os.geteuid()}), TWENTY)
    assert time.monotonic() - begun < 60
    assert len(found.days) == 20 * 365 + 5
    assert found.unread == 50, "the rules after the hundredth"


GOOD = calendar(
    "UID:1\nDTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20260503\nRRULE:FREQ=YEARLY;COUNT=3",
    "UID:1\nRECURRENCE-ID;VALUE=DATE:20270501\nDTSTART;VALUE=DATE:20270503\nDURATION:P1D",
    "UID:2\nDTSTART;VALUE=DATE:20260101\nEXDATE;VALUE=DATE:20280101\nRDATE;VALUE=DATE:20260601",
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(GOOD)),
            st.integers(0, 12),
            st.one_of(
                st.text(max_size=6),
                st.sampled_from(["9999", "-", ";X=1", "\r\n", "0", "BEGIN:", "BYDAY=9MO"]),
            ),
        ),
        max_size=4,
    )
)
def test_nothing_in_a_file_stops_the_program(tmp_path: Path, cuts: list[tuple[int, int, str]]) -> None:
    text = GOOD
    for at, length, put in cuts:
        text = text[:at] + put + text[at + length :]
    file = write(tmp_path / "ics" / "days.ics", "")
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    with suppress(BadHours):
        days_off.of_file(file, frozenset({os.geteuid()}), TWENTY)


# --- countries ------------------------------------------------------------------------------------


def test_a_country_and_its_region(paths: Paths) -> None:
    text = '[hours]\nzone = "Europe/Berlin"\nweek = { mon-fri = ["09:00-17:00"] }\nholidays = '
    germany = read(paths, text + '{ country = "DE" }\n')
    berlin = read(paths, text + '{ country = "de", region = "BE" }\n')
    assert (germany.problems, berlin.problems) == ((), ())
    days = around(datetime.now(UTC).date())
    assert date(2026, 12, 25) in hours(germany).holidays
    assert hours(berlin).holidays - hours(germany).holidays >= {date(2026, 3, 8)}
    assert {day.year for day in hours(germany).holidays} == set(range(days.first.year, days.last.year + 1))
    assert germany.mark("") != berlin.mark("")


@pytest.mark.parametrize(
    ("table", "key", "said"),
    [
        (
            '{ country = "Germany" }',
            ".country",
            'there is no such country: write its two letters, such as "DE"',
        ),
        ('{ country = "XX" }', ".country", "there is no such country"),
        (
            '{ country = "DE", region = "Bayern-Nord" }',
            ".region",
            "there is no such region of the country: write",
        ),
        (
            '{ country = "UZ", region = "X" }',
            ".region",
            "this country has no regions here: take `region` out",
        ),
        ('{ region = "BE" }', "", '{ country = "DE" } with a region if need be'),
        (
            '{ ics = "a.ics", country = "DE" }',
            "",
            'must be a list of dates, ["2026-12-25"], or { ics = "path" }',
        ),
        ("{}", "", "must be a list of dates"),
        ('"2026-12-25"', "", "must be a list of dates"),
        ("{ country = 49 }", ".country", "must be text, not a whole number"),
        ('{ land = "DE" }', ".land", "unknown key"),
    ],
)
def test_a_country_that_is_none(paths: Paths, table: str, key: str, said: str) -> None:
    timing = read(paths, f"[hours]\n{ZONE}{WEEK}holidays = {table}\n")
    found = [text for file, at, text in told(timing) if (file, at) == ("config.toml", f"hours.holidays{key}")]
    assert len(found) == 1
    assert said in found[0]
    assert (hours(timing).week, hours(timing).holidays) == (OFFICE, frozenset())


def test_without_the_extra_it_says_how_to_get_it(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    timing = read(paths, f'[hours]\n{ZONE}{WEEK}holidays = {{ country = "DE" }}\n')
    said = f"run `{sys.executable} -m pip install 'tuidesk[holidays]'`, or list the dates"
    ((_, key, text),) = told(timing)
    assert (key, hours(timing).week) == ("hours.holidays", OFFICE)
    assert said in text


# --- only when it is asked for --------------------------------------------------------------------


def test_each_library_is_loaded_only_for_whoever_names_such_holidays(paths: Paths) -> None:
    write(paths.config / "days.ics", calendar("UID:1\nDTSTART;VALUE=DATE:20260501\nRRULE:FREQ=YEARLY"))
    libraries = {"icalendar", "dateutil", "holidays"}
    for named, wanted in (
        ('["2026-12-25"]', set()),
        ('{ ics = "days.ics" }', {"icalendar", "dateutil"}),
        ('{ country = "DE" }', {"dateutil", "holidays"}),
    ):
        write(paths.config_toml, f"[hours]\n{ZONE}{WEEK}holidays = {named}\n")
        assert libraries.isdisjoint(modules(paths, "pass"))
        assert modules(paths, "assert not config.timing.problems") & libraries == wanted
