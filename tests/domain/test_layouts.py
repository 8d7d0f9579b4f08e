"""Letters of other keyboards are read by their place."""

import pytest

from tuidesk.domain.actions import ACTIONS
from tuidesk.domain.layouts import key_of, letters_of


@pytest.mark.parametrize(
    ("letters", "keys"),
    [
        ("ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ", "qwertyuiop"),
        ("ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", "asdfghjkl"),
        ("ㅋㅌㅊㅍㅠㅜㅡ", "zxcvbnm"),
        ("ㅃㅉㄸㄲㅆㅒㅖ", "QWERTOP"),
        ("йцукенгшщзхъфывапролджэячсмитьбю", "qwertyuiop[]asdfghjkl;'zxcvbnm,."),
        ("УЖЭ", 'E:"'),
        ("ії", "s]"),
        ("ўқЎ", "osO"),
    ],
)
def test_by_position(letters: str, keys: str) -> None:
    assert "".join(map(key_of, letters)) == keys


@pytest.mark.parametrize("letter", ["e", ".", "", "é", "環", "あ", "해", "ㅘ", "ab"])
def test_what_is_no_single_key_of_another_keyboard_is_read_as_it_is(letter: str) -> None:
    assert key_of(letter) == ""


@pytest.mark.parametrize(
    ("syllable", "letters"),
    [
        ("해", "ㅎㅐ"),
        ("더", "ㄷㅓ"),
        ("값", "ㄱㅏㅂㅅ"),
        ("뷁", "ㅂㅜㅔㄹㄱ"),
        ("ㅘ", "ㅗㅏ"),
        ("ㄳ", "ㄱㅅ"),
        ("ㄷ", "ㄷ"),
        ("e", "e"),
        ("у", "у"),
        ("", ""),
    ],
)
def test_a_syllable_is_the_letters_it_was_typed_with(syllable: str, letters: str) -> None:
    assert "".join(letters_of(syllable)) == letters


def test_every_syllable_comes_apart_into_keys() -> None:
    for code in range(0xAC00, 0xD7A4):
        letters = letters_of(chr(code))
        assert 2 <= len(letters) <= 5
        assert all(key_of(letter) for letter in letters)


def test_every_small_letter_of_the_table_can_be_reached() -> None:
    """Capitals that Shift does not change in Hangul are the small ones' keys."""
    wanted = {
        key for action in ACTIONS for key in action.keys if len(key) == 1 and key.isalpha() and key.islower()
    }
    hangul = {key_of(chr(code)) for code in range(0x3131, 0x3164)}
    cyrillic = {key_of(chr(code)) for code in range(0x430, 0x450)}
    assert wanted <= hangul
    assert wanted <= cyrillic
