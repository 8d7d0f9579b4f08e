"""What is an answer to a survey, and what is a message: a request must never be taken for a number."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.domain.naughty import NAUGHTY
from tuidesk.domain.survey import MOST_WORDS, SCALES, Answer, answer

ANSWERS = {
    "4": 4,
    " 4 \n": 4,
    "4/5": 4,
    "4 / 5": 4,
    "4 of 5": 4,
    "4 out of 5 stars": 4,
    "4!!": 4,
    "4.": 4,
    "(4)": 4,
    '"4"': 4,
    "**4**": 4,
    "I'd say 4": 4,
    "I would give it a 4": 4,
    "My rating: 4": 4,
    "a solid 4": 4,
    "Hi, 4": 4,
    "Thank you so much, 5!": 5,
    "5 thanks": 5,
    "5 stars": 5,
    "5 👍": 5,
    "👍 5": 5,
    "5★": 5,
    "5️⃣": 5,
    "４": 4,
    "４／５": 4,
    "٤": 4,
    "4점": 4,
    "4점이요": 4,
    "저는 4점 드립니다": 4,
    "5점 만점에 4점": 4,
    "4 ball": 4,
    "Bahoyim 5": 5,
    "5 dan 4": 4,
    "5, rahmat": 5,
    "4 von 5": 4,
    "4 из 5": 4,
    "\u200e4\u200f": 4,
    "4\r\n": 4,
}
MESSAGES = (
    "",
    "   ",
    "thanks",
    "👍",
    "four",
    "order 8841",
    "order 4",
    "call me at 5",
    "see you at 4",
    "room 4",
    "4 parcels are missing",
    "4 days",
    "4 pm",
    "4:30",
    "4th",
    "4€",
    "$4",
    "4%",
    "#4",
    "№ 4",
    "+4",
    "-4",
    "4+",
    "- 4",
    "4-5",
    "4 or 5",
    "4 5",
    "4.5",
    "4,5",
    "04",
    "0",
    "6",
    "11",
    "4/10",
    "6/5",
    "4/5/5",
    "1) where is it",
    "1. My order 8841\n2. My refund",
    "2-day delivery never came",
    "5 balls of wool",
    "Where is my refund?\nIt has been 5 days",
    "4, order 8841 was late",
    "4\n4",
    "4=",
    "x4",
    "4x",
    "1e1",
    "4" * 400,
    "4" * 5000,
    f"{'thanks ' * 2000}4",
)


@pytest.mark.parametrize(("text", "score"), ANSWERS.items())
def test_a_number_among_few_known_words_is_an_answer(text: str, score: int) -> None:
    found = answer(text, "1-5")
    assert found is not None
    assert (found.score, found.asks) == (score, False)


@pytest.mark.parametrize("text", MESSAGES)
def test_all_else_is_a_message(text: str) -> None:
    assert answer(text, "1-5") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5, great service!", Answer(5, "great service!")),
        ("5. Great service", Answer(5, "Great service")),
        ("3 - it took long", Answer(3, "it took long")),
        ("4 (slow)", Answer(4, "slow")),
        ("5 because it was quick", Answer(5, "because it was quick")),
        ("Thanks a lot for the parcel\n5", Answer(5, "Thanks a lot for the parcel")),
        ("5\n\nBest,\nDana", Answer(5, "Best, Dana")),
        ("2, where is my refund?", Answer(2, "where is my refund?", asks=True)),
        ("2, where is my refund", Answer(2, "where is my refund", asks=True)),
        ("1\nI am still waiting", Answer(1, "I am still waiting", asks=True)),
        ("3, 환불은요？", Answer(3, "환불은요？", asks=True)),
        ("3, pulim qayerda", Answer(3, "pulim qayerda", asks=True)),
        ("5, call me please", Answer(5, "call me please", asks=True)),
    ],
)
def test_what_is_said_besides_is_the_comment_and_one_that_asks_is_a_message_as_well(
    text: str, expected: Answer
) -> None:
    assert answer(text, "1-5") == expected


def test_a_long_comment_is_a_message_as_well() -> None:
    short, long = " ".join(["word"] * MOST_WORDS), " ".join(["word"] * (MOST_WORDS + 1))
    assert answer(f"5, {short}", "1-5") == Answer(5, short)
    assert answer(f"5, {long}", "1-5") == Answer(5, long, asks=True)


@pytest.mark.parametrize("scale", SCALES)
def test_every_number_of_a_scale_and_no_other(scale: str) -> None:
    least, most = SCALES[scale]  # type: ignore[index]  # the keys are what is asked for
    for score in range(-1, 13):
        found = answer(f"{score}/{most}", scale)  # type: ignore[arg-type]  # as above
        assert (found is not None) is (least <= score <= most), score
    assert answer("0", "0-10") == Answer(0)
    assert answer("10 of 10", "0-10") == Answer(10)


@pytest.mark.parametrize("text", [text for text, _ in NAUGHTY])
def test_naughty_strings_are_no_answers(text: str) -> None:
    found = answer(text, "0-10")
    assert found is None or (0 <= found.score <= 10 and sum(sign.isdecimal() for sign in text) <= 4)


@given(some.text())
def test_whatever_comes_it_does_not_fall_over(text: str) -> None:
    for scale in SCALES:
        found = answer(text, scale)
        assert found is None or any(sign.isdecimal() for sign in text)
        answer(f"5, {text}", scale)
