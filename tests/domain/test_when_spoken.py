"""Times as they are typed in the language that is spoken, and in English whatever is spoken."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from tuidesk.domain import instants
from tuidesk.domain.when import Until, parse
from tuidesk.errors import UsageError
from tuidesk.words import ENGLISH, LANGUAGES, say, speak

SEOUL = ZoneInfo("Asia/Seoul")
NOW = instants.parse("2026-11-20T13:50:00+09:00")  # a Friday


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    speak(ENGLISH)


def at(text: str) -> Until:
    return Until(instants.parse(f"{text}:00+09:00"))


KOREAN = [
    ("30분", "2026-11-20T14:20"),
    ("2시간", "2026-11-20T15:50"),
    ("1시간 30분", "2026-11-20T15:20"),
    ("3일", "2026-11-23T13:50"),
    ("2주", "2026-12-04T13:50"),
    ("오늘 18시", "2026-11-20T18:00"),
    ("내일", "2026-11-21T09:00"),
    ("내일 9시", "2026-11-21T09:00"),
    ("내일 9시 30분", "2026-11-21T09:30"),
    ("내일 오후 2시", "2026-11-21T14:00"),
    ("모레 오전 10시", "2026-11-22T10:00"),
    ("월", "2026-11-23T09:00"),
    ("월 14:00", "2026-11-23T14:00"),
    ("일요일 9시", "2026-11-22T09:00"),
    ("다음 월요일 9시", "2026-11-23T09:00"),
    ("다음 주", "2026-11-23T09:00"),
    ("다음주 수요일 15:00", "2026-11-25T15:00"),
    ("12월 2일", "2026-12-02T09:00"),
    ("1월 2일 10시", "2027-01-02T10:00"),
    ("11월 30일 오후 3시", "2026-11-30T15:00"),
    ("15시", "2026-11-20T15:00"),
]
UZBEK = [
    ("30 daq", "2026-11-20T14:20"),
    ("30 daqiqa", "2026-11-20T14:20"),
    ("2 soat", "2026-11-20T15:50"),
    ("1 soat 30 minut", "2026-11-20T15:20"),
    ("3 kun", "2026-11-23T13:50"),
    ("2 hafta", "2026-12-04T13:50"),
    ("bugun 18", "2026-11-20T18:00"),
    ("ertaga", "2026-11-21T09:00"),
    ("ertaga 9", "2026-11-21T09:00"),
    ("ertaga soat 9:30", "2026-11-21T09:30"),
    ("ertaga kechqurun 6", "2026-11-21T18:00"),
    ("indinga ertalab 10", "2026-11-22T10:00"),
    ("dush", "2026-11-23T09:00"),
    ("dush 14:00", "2026-11-23T14:00"),
    ("yak 9", "2026-11-22T09:00"),
    ("juma", "2026-11-27T09:00"),
    ("keyingi hafta", "2026-11-23T09:00"),
    ("kelasi hafta chor 15:00", "2026-11-25T15:00"),
    ("2-dekabr", "2026-12-02T09:00"),
    ("2 yanvar 10", "2027-01-02T10:00"),
]
IN_ENGLISH = [
    ("2h", "2026-11-20T15:50"),
    ("1h 30m", "2026-11-20T15:20"),
    ("3d", "2026-11-23T13:50"),
    ("tomorrow 9", "2026-11-21T09:00"),
    ("tomorrow 2pm", "2026-11-21T14:00"),
    ("day after tomorrow", "2026-11-22T09:00"),
    ("mon 14:00", "2026-11-23T14:00"),
    ("next week", "2026-11-23T09:00"),
    ("next week wed 15:00", "2026-11-25T15:00"),
    ("2 dec", "2026-12-02T09:00"),
    ("jan 2nd 10", "2027-01-02T10:00"),
]


@pytest.mark.parametrize(
    ("language", "typed", "expected"),
    [
        *(("ko", *row) for row in KOREAN),
        *(("uz", *row) for row in UZBEK),
        *((language, *row) for language in LANGUAGES for row in IN_ENGLISH),
    ],
)
def test_typed(language: str, typed: str, expected: str) -> None:
    speak(language)
    assert parse(typed, NOW, SEOUL) == at(expected)


@pytest.mark.parametrize(
    ("language", "typed"),
    [(language, "reply") for language in LANGUAGES]
    + [("ko", "답장"), ("uz", "javob"), ("uz", "javob kelguncha")],
)
def test_until_a_reply(language: str, typed: str) -> None:
    speak(language)
    assert parse(typed, NOW, SEOUL) == Until(None)


def test_firm_in_any_language() -> None:
    for language, typed in (("ko", "내일 9시!"), ("uz", "ertaga 9 !"), ("ko", "tomorrow 9!")):
        speak(language)
        assert parse(typed, NOW, SEOUL) == Until(at("2026-11-21T09:00").at, firm=True)


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("en", "내일 9시"),  # not spoken here
        ("en", "ertaga 9"),
        ("ko", "ertaga 9"),
        ("ko", "언젠가"),
        ("ko", "25시"),
        ("ko", "오후 14시"),
        ("ko", "오늘 9시"),
        ("uz", "iyu 2"),  # two months begin so
        ("uz", "ertaga kechqurun 14"),
    ],
)
def test_what_cannot_be(language: str, typed: str) -> None:
    speak(language)
    with pytest.raises(UsageError):
        parse(typed, NOW, SEOUL)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_offered_can_be_typed(language: str) -> None:
    """The examples that the screen shows are understood."""
    speak(language)
    assert parse(say("when.usual"), NOW, SEOUL).at is not None
    for text in (
        say("tui.ask_snooze_empty", last="").partition(";")[0],
        say("when.unreadable", typed="").split(":", 1)[1].partition(";")[0],
    ):
        for example in text.split(","):
            assert parse(example.strip().removeprefix("try "), NOW, SEOUL) != Until(NOW)
