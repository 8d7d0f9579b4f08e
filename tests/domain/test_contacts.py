"""What can be said of a customer, and what of it is not said because nobody knows."""

import pytest

from tuidesk.domain import dialling
from tuidesk.domain.contacts import (
    LANGUAGE_FIELDS,
    ZONE_FIELDS,
    About,
    Topic,
    field,
    handles_in,
    language_by_script,
    orders_in,
    same_name,
    topic,
)


def test_a_topic_is_the_tag_that_most_others_share() -> None:
    current = About(30, ("refund", "vip"), "Refund for order 8841")
    others = [About(10, ("refund",), ""), About(20, ("refund", "vip"), ""), About(40, ("refund",), "")]
    assert topic(current, others) == Topic("refund", 3, tagged=True)


def test_without_a_shared_tag_it_is_a_word_of_the_subjects() -> None:
    current = About(30, ("vip",), "Re: Refund for order 8841")
    others = [
        About(10, (), "refund?"),
        About(20, ("x",), "Where is my order"),
        About(5, (), "A REFUND please"),
    ]
    assert topic(current, others) == Topic("refund", 3, tagged=False)


@pytest.mark.parametrize(
    "others",
    [
        [],
        [About(10, (), "Where is my order")],  # "order" says nothing
        [About(10, ("parcel",), "Gift wrapping")],
        [About(10, (), "refunds")],  # not the same word
    ],
)
def test_nothing_is_said_where_nothing_is_shared(others: list[About]) -> None:
    assert topic(About(30, ("vip",), "Refund for order 8841"), others) is None


def test_what_a_field_is_called_may_be_written_in_many_ways() -> None:
    for name in ("timezone", "Time zone", "time_zone", "TZ"):
        assert field([("city", "Seoul"), (name, " Asia/Seoul ")], ZONE_FIELDS) == "Asia/Seoul"
    assert field([("language", " "), ("locale", "ko")], LANGUAGE_FIELDS) == "ko"
    assert field([("plan", "vip")], LANGUAGE_FIELDS) == ""


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("환불 언제 되나요? order 8841", "ko"),
        ("返金はいつになりますか", "ja"),
        ("πού είναι το δέμα μου", "el"),
        ("Where is my refund?", ""),
        ("Где моя посылка?", ""),  # or Bulgarian, or Kazakh
        ("أين طردي من فضلك", ""),  # or Persian, or Urdu
        ("退款什么时候到账呢谢谢", ""),  # Han alone: Chinese, most likely, but not said
        ("네", ""),
        ("", ""),
    ],
)
def test_a_language_is_guessed_from_a_script_of_its_own_alone(text: str, language: str) -> None:
    assert language_by_script([text]) == language


def test_addresses_and_numbers_in_a_text() -> None:
    text = "Mail Dana.O+x@Ortiz.example, call +82 (10) 5550-0117, not @dana@masto.example nor 010 5550 0117"
    assert handles_in(text) == {
        ("mail", "dana.o+x@ortiz.example"): "Dana.O+x@Ortiz.example",
        ("tel", "+821055500117"): "+82 (10) 5550-0117",
    }


def test_numbers_of_orders_and_no_years_prices_dates_or_phones() -> None:
    text = "order 8841, #AB-123456 of 2026: 64.90 on 12.11.2026 at 10:30, call +821055500117, 8841 again"
    assert orders_in(text) == ("8841", "AB-123456")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Dana Ortiz", "dana  ortiz", True),
        ("Zoë Martin", "Zoe Martin", True),
        ("최민지", "최민지", True),
        ("Dana", "Dana", False),  # half the world
        ("Dana Ortiz", "Dana Otis", False),
        ("", "", False),
    ],
)
def test_a_name_that_says_something(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same


@pytest.mark.parametrize(
    ("numbers", "zone"),
    [
        (["+821055500117"], ("Asia/Seoul", "+82")),
        (["+821055500117", "+82255500118"], ("Asia/Seoul", "+82")),
        (["+998905550118"], ("Asia/Tashkent", "+998")),
        (["+12025550133"], ("", "")),  # five zones and more
        (["+79261234567"], ("", "")),
        (["+821055500117", "+819012345678"], ("", "")),  # they do not agree
        (["+821055500117", "+12025550133"], ("", "")),
        ([], ("", "")),
    ],
)
def test_a_number_says_a_time_where_its_country_has_one(numbers: list[str], zone: tuple[str, str]) -> None:
    assert dialling.zone(numbers) == zone
