"""What is asked before a text leaves: what makes it ask, and what must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidesk.domain import guards
from tuidesk.domain.guards import Parting
from tuidesk.domain.lengths import length, split
from tuidesk.domain.model import Unit, Watch

WATCH = Watch(colleagues=frozenset({"sam"}))


def ids(text: str, medium: str = "mail", *, seen_by: str = "direct", **more: int | str) -> list[str]:
    given = {"files": 0, **more}
    asked = guards.asks(Parting(text=text, medium=medium, visibility=seen_by, **given), WATCH)  # type: ignore[arg-type]  # mixed on purpose
    return [ask.id for ask in asked]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("@sam can you look at this?", "@sam"),
        ("could (@priya) check", "@priya"),
        ("This is Internal.", "Internal"),
        ("내부용으로만", "내부용"),
        ("write to sam@acme.example", ""),
        ("international, internally", ""),
        ("@sam.example is a host", ""),
        ("Yes.\n> @sam internal", ""),
    ],
)
def test_what_looks_like_a_note(text: str, what: str) -> None:
    assert guards.note_like(guards.own_words(text), WATCH, "mail") == what


def test_where_people_are_called_by_an_at_sign_only_a_colleague_is_asked_about() -> None:
    assert guards.note_like("thanks @dana", WATCH, "post") == ""
    assert guards.note_like("thanks @dana", WATCH, "mail", public=True) == ""
    assert guards.note_like("@Sam look", WATCH, "post") == "@Sam"


def test_words_of_the_config_count_instead_of_ours() -> None:
    watch = Watch(note_words=("geheim",), file_words=("Anhang",))
    assert guards.note_like("Geheim!", watch, "mail") == "Geheim"
    assert guards.note_like("internal", watch, "mail") == ""
    assert guards.names_a_file("im Anhang", watch.file_words) == "Anhang"


@pytest.mark.parametrize(
    "text", ["see attached", "The attachment has it", "파일을 첨부합니다", "hisob biriktirilgan"]
)
def test_a_promised_file_is_missed_unless_one_goes_along(text: str) -> None:
    assert ids(text) == ["file"]
    assert ids(text, files=1) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Dear {{contact.first_name}},", "{{contact.first_name}}"),
        ("Dear [NAME],", "[NAME]"),
        ("order [ORDER NUMBER]", "[ORDER NUMBER]"),
        ("on XXX", "XXX"),
        ("TODO ask", "TODO"),
        ("a [sic] here, [1], {x}", ""),
        ("METHODOLOGY, XX", ""),
    ],
)
def test_what_was_to_be_filled_in(text: str, what: str) -> None:
    assert guards.placeholder(text) == what


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("4242 4242 4242 4242", "…4242"),
        ("card 4242-4242-4242-4242.", "…4242"),
        ("378282246310005", "…0005"),
        ("4242 4242 4242 4243", ""),
        ("order 0000000000000000", ""),
        ("+998 90 123 45 67", ""),
    ],
)
def test_a_card_number_is_known_by_its_check_digit(text: str, what: str) -> None:
    assert guards.card_number(text) == what


def test_a_card_is_asked_about_where_everybody_reads() -> None:
    assert ids("4242 4242 4242 4242") == []
    assert ids("4242 4242 4242 4242", "post", seen_by="public") == ["card", "public"]


def test_a_public_answer_to_a_direct_message_is_asked_about_and_public_comes_last() -> None:
    assert ids("TODO", "dm", seen_by="public", answers="direct") == ["placeholder", "direct", "public"]
    assert ids("Hello", "dm", answers="direct") == []


def test_a_window_that_closed() -> None:
    assert [ask.id for ask in guards.window(1000, 1000)] == ["window"]
    assert guards.window(1001, 1000) == ()
    assert guards.window(None, 1000) == ()


def test_colleagues_are_known_by_first_name_and_handle_but_not_oneself() -> None:
    names = guards.colleagues(["Sam Ito", "@priya", "kim@acme.example", "Ana"], ["Ana"])
    assert {"sam", "priya", "kim"} <= names
    assert "ana" not in names


@pytest.mark.parametrize("unit", ["characters", "graphemes", "utf16", "bytes", "gsm7", "x-weighted"])
@given(text=st.text(alphabet="ab€ .\n한👍é"), most=st.integers(10, 40))
def test_every_part_fits_and_nothing_of_the_text_is_lost(unit: Unit, text: str, most: int) -> None:
    parts = split(text, unit, most)
    assert all(length(part, unit) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_text_is_divided_where_a_reader_would() -> None:
    text = "One sentence here. Another one there.\n\nA new paragraph, which is long."
    assert split(text, "characters", 45) == (
        "One sentence here. Another one there.",
        "A new paragraph, which is long.",
    )
    assert split("word " * 5, "characters", 12) == ("word word", "word word", "word")
    assert split("short", "characters", 100) == ("short",)


@pytest.mark.parametrize("seen_by", ["private", "unlisted", "public"])
def test_whatever_others_can_read_is_asked_about_by_its_own_word(seen_by: str) -> None:
    assert ids("Hello", "post", seen_by=seen_by) == [seen_by]
    assert ids("Hello", "post", seen_by=seen_by, answers="direct") == ["direct", seen_by]
    assert ids("4242 4242 4242 4242", "post", seen_by=seen_by) == ["card", seen_by]


def test_more_people_than_could_read_what_it_answers() -> None:
    assert ids("Hello", "post", seen_by="public", answers="private") == ["wider", "public"]
    assert ids("Hello", "post", seen_by="unlisted", answers="public") == ["unlisted"]
    assert ids("Hello", "post", answers="private") == []
