"""Business hours: several periods a day, holidays, night shifts, and clocks that are put forward and back."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidesk.domain.hours import BadHours, Calendar, Hours, Period, Span, week
from tuidesk.domain.instants import DAY, HOUR, MINUTE, Instant, as_datetime, parse, rfc3339

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = {"mon-fri": ["09:00-17:00"]}


def hours(table: dict[str, list[str]], *holidays: str, zone: str = "Europe/Berlin") -> Calendar:
    days = frozenset(date.fromisoformat(day) for day in holidays)
    return Calendar(Hours(ZoneInfo(zone), zone, week(table), days))


def berlin(written: str) -> Instant:
    """`2026-11-20 09:00` on the wall in Berlin; `+` behind it: the second time that the clock shows it."""
    again = written.endswith("+")
    shown = datetime.fromisoformat(written.rstrip("+")).replace(tzinfo=BERLIN, fold=int(again))
    return parse(shown.isoformat())


@pytest.mark.parametrize(
    ("table", "holidays", "start", "end", "minutes"),
    [
        # 20 November 2026 is a Friday
        (OFFICE, (), "2026-11-20 08:00", "2026-11-20 09:20", 20),
        (OFFICE, (), "2026-11-20 16:50", "2026-11-23 09:10", 20),
        (OFFICE, ("2026-11-23",), "2026-11-20 16:50", "2026-11-24 09:10", 20),
        (OFFICE, (), "2026-11-21 10:00", "2026-11-22 10:00", 0),
        (OFFICE, (), "2026-11-16 00:00", "2026-11-23 00:00", 5 * 8 * 60),
        ({"mon-fri": ["08:00-12:00", "13:30-18:00"]}, (), "2026-11-20 11:50", "2026-11-20 13:40", 20),
        ({"fri-mon": ["10:00-11:00"]}, (), "2026-11-16 00:00", "2026-11-23 00:00", 4 * 60),
        ({"sat": ["22:00-02:00"]}, (), "2026-11-21 23:00", "2026-11-22 12:00", 180),
        ({"sat": ["22:00-02:00"]}, ("2026-11-22",), "2026-11-21 23:00", "2026-11-22 12:00", 60),
        ({"sat": ["22:00-02:00"]}, ("2026-11-21",), "2026-11-21 23:00", "2026-11-22 12:00", 120),
        ({"mon-sun": ["00:00-24:00"]}, (), "2026-11-20 08:00", "2026-11-22 08:00", 48 * 60),
        ({"mon-sun": ["12:00-00:00"]}, (), "2026-11-20 08:00", "2026-11-21 08:00", 12 * 60),
        ({}, (), "2026-11-21 10:00", "2026-11-22 10:00", 24 * 60),
        # clocks forward on 29 March, 02:00 to 03:00
        ({"sat": ["22:00-06:00"]}, (), "2026-03-28 12:00", "2026-03-29 12:00", 7 * 60),
        ({"sun": ["02:30-05:00"]}, (), "2026-03-29 00:00", "2026-03-29 12:00", 2 * 60),
        ({"sun": ["01:00-02:30"]}, (), "2026-03-29 00:00", "2026-03-29 12:00", 60),
        ({"mon-sun": ["00:00-24:00"]}, (), "2026-03-29 00:00", "2026-03-30 00:00", 23 * 60),
        ({"mon-sun": ["00:00-24:00"]}, ("2026-03-29",), "2026-03-28 00:00", "2026-03-31 00:00", 48 * 60),
        # back on 25 October, 03:00 to 02:00
        ({"sat": ["22:00-06:00"]}, (), "2026-10-24 12:00", "2026-10-25 12:00", 9 * 60),
        ({"sun": ["02:30-05:00"]}, (), "2026-10-25 00:00", "2026-10-25 12:00", 210),
        ({"sun": ["01:00-02:30", "02:30-05:00"]}, (), "2026-10-25 00:00", "2026-10-25 12:00", 5 * 60),
        ({"sun": ["01:00-02:30"]}, (), "2026-10-25 02:15", "2026-10-25 02:45+", 15),
    ],
)
def test_working_time_between_two_instants(
    table: dict[str, list[str]], holidays: tuple[str, ...], start: str, end: str, minutes: int
) -> None:
    calendar = hours(table, *holidays)
    assert calendar.between(berlin(start), berlin(end)) == minutes * MINUTE
    spans = calendar.spans(berlin(start), berlin(end))
    assert sum(span.end - span.start for span in spans) == minutes * MINUTE


@pytest.mark.parametrize(
    ("table", "start", "minutes", "over"),
    [
        (OFFICE, "2026-11-20 16:50", 20, "2026-11-23 09:10"),
        (OFFICE, "2026-11-20 16:50", 10, "2026-11-20 17:00"),
        (OFFICE, "2026-11-21 16:50", 0, "2026-11-21 16:50"),
        (OFFICE, "2026-11-21 16:50", 60, "2026-11-23 10:00"),
        ({"sat": ["22:00-06:00"]}, "2026-10-24 12:00", 9 * 60, "2026-10-25 06:00"),
        ({}, "2026-11-20 16:50", 20, "2026-11-20 17:10"),
    ],
)
def test_when_so_much_of_it_is_over(table: dict[str, list[str]], start: str, minutes: int, over: str) -> None:
    assert hours(table).after(berlin(start), minutes * MINUTE) == berlin(over)


def test_work_that_never_comes_is_never_over() -> None:
    every_monday = [date.fromordinal(date(2026, 1, 5).toordinal() + 7 * n).isoformat() for n in range(3000)]
    assert hours({"mon": ["09:00-17:00"]}, *every_monday).after(berlin("2026-11-20 16:50"), HOUR) is None


def test_stamps_out_of_this_world_cost_nothing() -> None:
    calendar = hours(OFFICE)
    assert (
        calendar.between(parse("0001-01-02T00:00:00Z"), parse("1970-01-05T00:00:00Z")) == 3 * 8 * HOUR
    )  # its first days, and the one before
    assert calendar.between(parse("2999-01-02T00:00:00Z"), parse("9999-01-05T00:00:00Z")) == 0


@pytest.mark.parametrize(
    ("table", "key", "why"),
    [
        ({"mon-fry": ["09:00-17:00"]}, "mon-fry", "hours.no_day"),
        ({"": ["09:00-17:00"]}, "", "hours.no_day"),
        ({"mon": ["9-17"]}, "mon", "hours.no_period"),
        ({"mon": ["09:00"]}, "mon", "hours.no_period"),
        ({"mon": ["09:00-25:00"]}, "mon", "hours.no_period"),
        ({"mon": ["09:61-10:00"]}, "mon", "hours.no_period"),
        ({"mon": ["09:00-09:00"]}, "mon", "hours.no_period"),
        ({"mon": ["24:00-02:00"]}, "mon", "hours.no_period"),
        ({"mon": ["09:00-12:00", "11:00-13:00"]}, "mon", "hours.overlap"),
        ({"mon-fri": ["09:00-12:00"], "tue": ["11:00-13:00"]}, "tue", "hours.overlap"),
        ({"sat": ["22:00-02:00"], "sun": ["01:00-03:00"]}, "sun", "hours.overlap"),
        ({"sun": ["22:00-02:00"], "mon": ["01:00-03:00"]}, "mon", "hours.overlap"),
    ],
)
def test_a_week_that_cannot_be_read(table: dict[str, list[str]], key: str, why: str) -> None:
    with pytest.raises(BadHours) as caught:
        week(table)
    assert (caught.value.key, caught.value.why) == (key, why)


def test_days_may_be_said_twice_and_periods_touch() -> None:
    assert week({"mon-tue": ["13:00-14:00"], "mon": ["09:00-13:00"]})[:2] == (
        (Period(540, 780), Period(780, 840)),
        (Period(780, 840),),
    )


_WEEKS = st.dictionaries(
    st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
    st.lists(st.integers(0, 95), min_size=2, max_size=6, unique=True).map(
        lambda marks: [
            f"{a // 4:02}:{a % 4 * 15:02}-{b // 4:02}:{b % 4 * 15:02}"
            for a, b in zip(sorted(marks)[::2], sorted(marks)[1::2], strict=False)
        ]
    ),
)
_ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Tashkent", "Australia/Lord_Howe", "UTC"])
_DAYS = st.lists(st.dates(date(2025, 12, 1), date(2027, 1, 31)), max_size=5)
_INSTANTS = st.integers(parse("2026-01-01T00:00:00Z") // MINUTE, parse("2026-12-31T00:00:00Z") // MINUTE).map(
    lambda minute: minute * MINUTE
)


@given(_WEEKS, _ZONES, _DAYS, st.tuples(_INSTANTS, _INSTANTS, _INSTANTS).map(sorted))
def test_working_time_adds_up_is_no_more_than_the_calendars_and_is_found_again(
    table: dict[str, list[str]], zone: str, days: list[date], instants: list[Instant]
) -> None:
    a, b, c = instants
    calendar = hours(table, *(day.isoformat() for day in days), zone=zone)
    whole = calendar.between(a, c)
    assert calendar.between(a, b) + calendar.between(b, c) == whole
    assert 0 <= whole <= c - a
    spans = calendar.spans(a, c)
    assert sum(span.end - span.start for span in spans) == whole
    assert all(one.end < two.start for one, two in pairwise(spans))
    over = calendar.after(a, whole)
    assert over is not None
    assert over <= c
    assert calendar.between(a, over) == whole


@given(_WEEKS.filter(lambda table: any(table.values())), _ZONES, _INSTANTS)
def test_an_instant_counts_where_the_wall_clock_is_in_a_period(
    table: dict[str, list[str]], zone: str, at: Instant
) -> None:
    """Away from the days on which clocks change, which have a table of their own."""
    wall = as_datetime(at).astimezone(ZoneInfo(zone))
    around = [as_datetime(at + n * DAY).astimezone(ZoneInfo(zone)).utcoffset() for n in (-1, 0, 1)]
    if len(set(around)) == 1:
        minute = wall.hour * 60 + wall.minute
        wanted = any(period.start <= minute < period.end for period in week(table)[wall.weekday()])
        assert hours(table, zone=zone).is_working(at) == wanted, rfc3339(at)


def test_spans_are_cut_to_what_was_asked() -> None:
    start, end = berlin("2026-11-20 16:00"), berlin("2026-11-23 10:00")
    assert hours(OFFICE).spans(start, end) == (
        Span(start, berlin("2026-11-20 17:00")),
        Span(berlin("2026-11-23 09:00"), end),
    )


def test_other_hours_have_another_mark() -> None:
    kinds = [
        hours(OFFICE),
        hours(OFFICE, zone="UTC"),
        hours(OFFICE, "2026-11-23"),
        hours({"mon": ["09:00-17:00"]}),
        hours({}),
    ]
    assert len({calendar.hours.mark for calendar in kinds}) == len(kinds)
    assert hours({}).hours.mark == hours({}, zone="UTC").hours.mark


def test_several_threads_may_ask() -> None:
    """Each of a year of its own: what is known grows while others read it."""
    asked = [(f"{year}-03-02T00:00:00Z", f"{year}-03-09T00:00:00Z") for year in range(2005, 2015)]
    alone = [hours(OFFICE).between(parse(start), parse(end)) for start, end in asked]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(5):
            shared = hours(OFFICE)
            with ThreadPoolExecutor(8) as pool:
                found = list(pool.map(lambda one: shared.between(parse(one[0]), parse(one[1])), asked))  # noqa: B023
            assert found == alone
    finally:
        sys.setswitchinterval(before)
