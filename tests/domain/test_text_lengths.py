"""Lengths as each channel counts them; a sender who is not who the name says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidesk.domain.lengths import length, sms_segments
from tuidesk.domain.model import Unit
from tuidesk.domain.senders import suspicion
from tuidesk.words import say

UNITS: tuple[Unit, ...] = ("characters", "graphemes", "utf16", "bytes", "gsm7", "x-weighted")


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("", (0, 0, 0, 0, 0, 0)),
        ("refund", (6, 6, 6, 6, 6, 6)),
        ("€10 [ok]", (8, 8, 8, 10, 11, 9)),
        ("é", (1, 1, 1, 2, 1, 1)),
        ("ê", (1, 1, 1, 2, 1, 1)),
        ("e\u0301", (2, 1, 2, 3, 2, 1)),
        ("환불", (2, 2, 2, 6, 2, 4)),
        ("👍", (1, 1, 2, 4, 2, 2)),
        ("👨\u200d👩\u200d👧", (5, 1, 8, 18, 8, 2)),
        ("❤\ufe0f", (2, 1, 2, 6, 2, 2)),
        ("a\r\nb", (4, 3, 4, 4, 4, 4)),
        ("\ud800", (1, 1, 1, 3, 1, 2)),
        ("see https://acme.example/a?b=1.", (31, 31, 31, 31, 31, 28)),
        ("mail dana@acme.com or file.txt", (30, 30, 30, 30, 30, 30)),
        ("acme.com", (8, 8, 8, 8, 8, 23)),
    ],
)
def test_lengths(text: str, lengths: tuple[int, ...]) -> None:
    assert tuple(length(text, unit) for unit in UNITS) == lengths


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("환" * 70, 1),
        ("환" * 71, 2),
        ("👍" * 35, 1),
        ("👍" * 67, 3),
        ("a" * 69 + "👍", 2),
    ],
)
def test_sms_segments(text: str, segments: int) -> None:
    assert sms_segments(text) == segments


@given(st.text(st.characters()))
def test_any_text_has_a_length(text: str) -> None:
    for unit in UNITS:
        assert length(text, unit) >= 0
    assert (sms_segments(text) == 0) == (text == "")


@pytest.mark.parametrize(
    ("name", "handle", "marks"),
    [
        ("", "", ()),
        ("Dana Ortiz", "dana@ortiz.example", ()),
        ("김서연", "seoyeon@mail.example", ()),
        ("LG전자 고객센터", "cs@lg.example", ()),
        ("Иван Ivanov", "ivan@mail.example", ()),
        ("Zoë Müller", "zoe@mueller.example", ()),
        ("+44 20 7946 09", "+442079460900", ()),
        ("dana@ortiz.example", "Dana@Ortiz.example", ()),
        ("Dana @dana_o", "@dana_o", ()),
        ("Dana", "@dana@ortiz.example", ()),
        ("Anna Smith", "anna@evil.example", ("agent-name",)),
        ("  ANNA\u200b smith", "anna@evil.example", ("agent-name",)),
        ("Аnna Smith", "anna@evil.example", ("agent-name", "mixed-script")),
        ("\uff21nna Smith", "a@evil.example", ("agent-name",)),
        ("Agent Anna <anna@acme.example>", "x@evil.example", ("name-address",)),
        ("support @ acme.example", "x@evil.example", ("name-address",)),
        ("support\uff20acme.example", "x@evil.example", ("name-address",)),
        ("PayPal", "service@pаypal.example", ("foreign-domain", "mixed-script")),
        ("Dana", "dana@xn--e1afmkfd.example", ("foreign-domain",)),
        ("Dana", "dana@пример.example", ("foreign-domain",)),
        ("Pаypal", "service@mail.example", ("mixed-script",)),
    ],
)
def test_suspicion(name: str, handle: str, marks: tuple[str, ...]) -> None:
    assert suspicion(name, handle, ["Anna Smith", ""]) == marks
    for mark in marks:
        assert say(f"text.{mark}")


@given(st.text(st.characters()), st.text(st.characters()))
def test_any_sender_can_be_judged(name: str, handle: str) -> None:
    assert ("agent-name" in suspicion(name, handle, [name])) <= bool(name)
