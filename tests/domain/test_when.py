"""Times as an agent types them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidesk.domain import instants
from tuidesk.domain.instants import DAY, HOUR, MINUTE, Instant
from tuidesk.domain.when import Stretch, Until, parse, period, stretch
from tuidesk.errors import UsageError
from tuidesk.words import ENGLISH, speak

BERLIN = ZoneInfo("Europe/Berlin")
NOW = instants.parse("2026-11-20T13:50:00+01:00")  # a Friday


def at(text: str) -> Instant:
    return instants.parse(text)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("30m", "2026-11-20T14:20:00+01:00"),
        ("2h", "2026-11-20T15:50:00+01:00"),
        ("1h30m", "2026-11-20T15:20:00+01:00"),
        ("1h 30m", "2026-11-20T15:20:00+01:00"),
        ("3d", "2026-11-23T13:50:00+01:00"),
        ("1w", "2026-11-27T13:50:00+01:00"),
        ("tomorrow", "2026-11-21T09:00:00+01:00"),
        ("tomorrow 9", "2026-11-21T09:00:00+01:00"),
        ("Tomorrow at 14:30", "2026-11-21T14:30:00+01:00"),
        ("today 17", "2026-11-20T17:00:00+01:00"),
        ("17:15", "2026-11-20T17:15:00+01:00"),
        ("9", "2026-11-21T09:00:00+01:00"),
        ("2pm", "2026-11-20T14:00:00+01:00"),
        ("12am", "2026-11-21T00:00:00+01:00"),
        ("mon", "2026-11-23T09:00:00+01:00"),
        ("mon 14:00", "2026-11-23T14:00:00+01:00"),
        ("monday 8", "2026-11-23T08:00:00+01:00"),
        ("fri", "2026-11-27T09:00:00+01:00"),
        ("next week", "2026-11-23T09:00:00+01:00"),
        ("2 dec", "2026-12-02T09:00:00+01:00"),
        ("Dec 2 15:00", "2026-12-02T15:00:00+01:00"),
        ("3 jan", "2027-01-03T09:00:00+01:00"),
        ("2026-12-24", "2026-12-24T09:00:00+01:00"),
        ("2026-12-24 18:00", "2026-12-24T18:00:00+01:00"),
    ],
)
def test_what_is_typed(typed: str, expected: str) -> None:
    assert parse(typed, NOW, BERLIN) == Until(at(expected))


def test_until_a_reply_and_firmly() -> None:
    assert parse("reply", NOW, BERLIN) == Until(None)
    assert parse("2h!", NOW, BERLIN) == Until(NOW + 2 * HOUR, firm=True)
    assert parse("mon !", NOW, BERLIN) == Until(at("2026-11-23T09:00:00+01:00"), firm=True)
    for words in ("2h firm", "firm 2h", "2h even if they reply", "2h firmly", "2h firm!"):
        assert parse(words, NOW, BERLIN) == Until(NOW + 2 * HOUR, firm=True), words


def test_exact_times_are_as_they_are() -> None:
    for words in ("2026-12-01T09:00:00Z", "2026-12-01T10:00:00+01:00", "2026-12-01t09:00:00z"):
        assert parse(words, NOW, BERLIN) == Until(at("2026-12-01T09:00:00Z"))
    assert parse("2026-12-01T09:00:00Z!", NOW, BERLIN).firm
    assert parse("1999-01-01T00:00:00Z", NOW, BERLIN).at == at("1999-01-01T00:00:00Z"), "the desk refuses it"
    with pytest.raises(UsageError):
        parse("2026-12-01T99:00:00Z", NOW, BERLIN)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "soon",
        "25",
        "9:75",
        "today 9",
        "2025-01-01",
        "0m",
        "31 feb",
        "2026-13-01",
        "reply!",
        "mon tue",
        "13pm",
        "h",
    ],
)
def test_what_cannot_be(typed: str) -> None:
    with pytest.raises(UsageError):
        parse(typed, NOW, BERLIN)


def test_a_clock_time_is_the_wall_s_across_summer_time() -> None:
    before = at("2026-03-28T12:00:00+01:00")
    assert parse("tomorrow 9", before, BERLIN).at == at("2026-03-29T09:00:00+02:00")
    assert parse("24h", before, BERLIN).at == at("2026-03-29T13:00:00+02:00"), "a span is real time"


def test_an_hour_that_the_clock_leaps_over_is_later_by_the_leap() -> None:
    before = at("2026-03-28T12:00:00+01:00")
    assert parse("tomorrow 2:30", before, BERLIN).at == at("2026-03-29T03:30:00+02:00")


@given(
    st.integers(0, 3000).map(lambda hours: NOW + hours * HOUR + 7 * MINUTE),
    st.sampled_from(["mon", "tue 15:30", "tomorrow 9", "23:59", "0", "30 jun", "next week 8"]),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Tashkent", "Australia/Lord_Howe"]),
)
def test_what_is_typed_lies_ahead_and_within_a_year(now: Instant, typed: str, zone: str) -> None:
    until = parse(typed, now, ZoneInfo(zone)).at
    assert until is not None
    assert now < until <= now + 367 * DAY
    shown = instants.as_datetime(until).astimezone(ZoneInfo(zone))
    assert shown.utcoffset() is not None
    assert shown.second == 0
    assert shown - instants.as_datetime(now) > timedelta(0)


# --- the past -------------------------------------------------------------------------------------

_DAY = "T00:00:00+01:00"


@pytest.mark.parametrize(
    ("typed", "begin", "end"),
    [
        ("today", "2026-11-20", "2026-11-21"),
        ("yesterday", "2026-11-19", "2026-11-20"),
        ("Friday", "2026-11-20", "2026-11-21"),
        ("sat", "2026-11-14", "2026-11-15"),
        ("this week", "2026-11-16", "2026-11-23"),
        ("last week", "2026-11-09", "2026-11-16"),
        ("this month", "2026-11-01", "2026-12-01"),
        ("Last  Month", "2026-10-01", "2026-11-01"),
        ("2026-02", "2026-02-01", "2026-03-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2026-11-01", "2026-11-01", "2026-11-02"),
        ("2 nov", "2026-11-02", "2026-11-03"),
        ("20 nov", "2026-11-20", "2026-11-21"),
        ("dec 24", "2025-12-24", "2025-12-25"),
    ],
)
def test_past_days(typed: str, begin: str, end: str) -> None:
    summer = "T00:00:00+02:00"
    begins = at(begin + (summer if begin == "2026-10-01" else _DAY))
    assert stretch(typed, NOW, BERLIN) == Stretch(begins, at(end + _DAY))


@pytest.mark.parametrize(
    ("typed", "when"),
    [
        ("now", "2026-11-20T13:50:00+01:00"),
        ("7d", "2026-11-13T13:50:00+01:00"),
        ("1h 30m", "2026-11-20T12:20:00+01:00"),
        ("9", "2026-11-20T09:00:00+01:00"),
        ("14:00", "2026-11-19T14:00:00+01:00"),
        ("yesterday at 14:00", "2026-11-19T14:00:00+01:00"),
        ("mon 8", "2026-11-16T08:00:00+01:00"),
        ("2026-11-01 9:30", "2026-11-01T09:30:00+01:00"),
        ("2026-11-01T09:30:00Z", "2026-11-01T09:30:00Z"),
    ],
)
def test_past_instants(typed: str, when: str) -> None:
    assert stretch(typed, NOW, BERLIN) == Stretch(at(when), at(when))


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "soon",
        "reply",
        "2026-13",
        "2026-02-30",
        "9999-12-31",
        "0000-01-01",
        "25:00",
        "x" * 500,
        "tomorrow",
        "2026-11-01 nine",
        "last year",
        "{typed}",
        "-7d",
    ],
)
def test_what_is_no_past_time(typed: str) -> None:
    with pytest.raises(UsageError):
        stretch(typed, NOW, BERLIN)


@pytest.mark.parametrize(
    ("language", "typed", "english"),
    [
        ("ko", "어제", "yesterday"),
        ("ko", "지난주", "last week"),
        ("ko", "이번 달", "this month"),
        ("ko", "월요일", "monday"),
        ("ko", "7일", "7d"),
        ("uz", "kecha", "yesterday"),
        ("uz", "o'tgan oy", "last month"),
        ("uz", "oʻtgan hafta", "last week"),
        ("uz", "dush", "monday"),
        ("uz", "7 kun", "7d"),
    ],
)
def test_the_past_in_other_languages(language: str, typed: str, english: str) -> None:
    wanted = stretch(english, NOW, BERLIN)
    speak(language)
    try:
        assert stretch(typed, NOW, BERLIN) == stretch(english, NOW, BERLIN) == wanted
    finally:
        speak(ENGLISH)


def test_a_period() -> None:
    assert period("", "", NOW, BERLIN, 7 * DAY) == Stretch(NOW - 7 * DAY, NOW)
    assert period("last month", "last month", NOW, BERLIN, DAY) == stretch("last month", NOW, BERLIN)
    assert period("", "2026-11-10", NOW, BERLIN, DAY) == stretch("2026-11-10", NOW, BERLIN)
    assert period("today", "today", NOW, BERLIN, DAY).end == NOW  # the rest of the day has no figures yet
    assert period("0001-01-02", "", NOW, BERLIN, DAY) == Stretch(0, NOW)
    for since, until in (("today", "yesterday"), ("now", ""), ("2026-12-24", ""), ("2h", "3h")):
        with pytest.raises(UsageError):
            period(since, until, NOW, BERLIN, DAY)


@given(st.text(max_size=30))
def test_any_past_text_is_a_time_or_a_sentence(typed: str) -> None:
    try:
        found = stretch(typed, NOW, BERLIN)
    except UsageError:
        return
    assert found.begin <= found.end
