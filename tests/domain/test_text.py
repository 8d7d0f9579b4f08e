"""Untrusted text: what is shown, how wide it is, where it is cut and wrapped."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import chain

import pytest
import wcwidth
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.naughty import NAUGHTY, ONE_LINE
from tests.shared import SHARED
from tuidesk.domain.text import (
    _PLAIN,
    FOLDED,
    MAX_BYTES,
    MAX_COLUMNS,
    clean,
    cut,
    graphemes,
    pad,
    width,
    wrap,
)

ACTING = frozenset(
    chr(code)
    for code in chain(
        range(0x0A),
        range(0x0B, 0x20),
        range(0x7F, 0xA0),
        range(0x200E, 0x2010),
        range(0x2028, 0x202F),
        range(0x2060, 0x2070),
        range(0xD800, 0xE000),
        range(0xFFF9, 0xFFFC),
        range(0xE0000, 0xE0080),
        (0x61C, 0x200B, 0xFEFF, 0xAD),
    )
)
# Letters, marks, joiners, emoji, jamo, controls: dense in what goes wrong.
TRICKY = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Mn", "Mc", "Me", "Cf", "Cs", "Cc", "Zl", "Zp"]),
        st.sampled_from("a 환返क्각\u200d\u200c\ufe0f\u20e3\U0001f3fb❤👨🇺1\t\n\r\x1b\u202e\u0301ี\u0600"),
    ),
    max_size=60,
)
CROWDED = st.builds(
    lambda parts: "".join(text * times for text, times in parts),
    st.lists(st.tuples(TRICKY.map(lambda text: text[:4]), st.integers(1, 40)), max_size=6),
)


def samples() -> list[str]:
    if SHARED is None:
        return []
    unicode = SHARED / "samples" / "unicode"
    blns: list[str] = json.loads((unicode / "blns" / "blns.json").read_text())
    kuhn = [path.read_bytes() for path in sorted((unicode / "kuhn").iterdir())]
    return blns + [data.decode(errors=how) for data in kuhn for how in ("replace", "surrogateescape")]


@pytest.mark.parametrize(("raw", "shown"), NAUGHTY)
def test_naughty_strings_are_shown_as_the_table_says(raw: str, shown: str) -> None:
    assert clean(raw) == shown
    assert clean(shown) == shown


@pytest.mark.parametrize(("raw", "shown"), ONE_LINE)
def test_one_line(raw: str, shown: str) -> None:
    assert clean(raw, lines=False) == shown


@given(st.one_of(TRICKY, CROWDED))
def test_clean_text_acts_on_nothing(text: str) -> None:
    shown = clean(text)
    assert not ACTING.intersection(shown)
    assert clean(shown) == shown
    line = clean(text, lines=False)
    assert not ACTING.intersection(line)
    assert "\n" not in line
    assert clean(line, lines=False) == line


@given(st.one_of(TRICKY, CROWDED), st.integers(-1, 30))
def test_cut_and_pad_keep_to_their_cells(text: str, cells: int) -> None:
    for given_text in (text, clean(text)):
        assert width(cut(given_text, cells)) <= max(cells, 0)
        assert width(cut(given_text, cells, "...")) <= max(cells, 0)
        assert given_text.startswith(cut(given_text, cells, ""))
    assert width(pad(clean(text, lines=False), cells)) == max(cells, 0)


@given(st.one_of(TRICKY, CROWDED), st.integers(1, 30))
def test_no_wrapped_line_is_wider(text: str, cells: int) -> None:
    shown = clean(text)
    lines = wrap(shown, cells)
    assert all(width(line) <= cells for line in lines)
    assert len(lines) >= shown.count("\n") + 1


@given(st.text("ab 환返。 \n", max_size=80), st.integers(2, 20))
def test_wrapping_loses_only_blanks(text: str, cells: int) -> None:
    assert "".join("".join(wrap(text, cells)).split()) == "".join(text.split())


@given(TRICKY)
def test_width_is_the_sum_of_the_graphemes(text: str) -> None:
    shown = clean(text)
    assert "".join(graphemes(shown)) == shown
    assert width(shown) == sum(width(part) for part in graphemes(shown))


@pytest.mark.skipif(SHARED is None, reason="the samples are not beside this checkout")
def test_samples_pass_through_everything() -> None:
    texts = samples()
    assert len(texts) > 400
    for text in texts:
        shown = clean(text)
        assert not ACTING.intersection(shown)
        assert clean(shown) == shown
        for cells in (1, 2, 7, 40, 200):
            assert width(cut(shown, cells)) <= cells
            assert width(pad(clean(text, lines=False), cells)) == cells
            assert all(width(line) <= cells for line in wrap(shown, cells))


@pytest.mark.parametrize("text", ["", "plain ASCII\nof two lines", "환불 언제 되나요? naïve 👨 café"])
def test_what_needs_no_change_is_the_same_object(text: str) -> None:
    assert clean(text) is text


@pytest.mark.parametrize("letter", ["x", "é", "환", "\u0915"])
def test_long_lines_are_folded(letter: str) -> None:
    shown = clean("short\n" + letter * 9000 + "\nshort")
    lines = shown.split("\n")
    assert lines[0] == lines[-1] == "short"
    assert all(width(line) <= MAX_COLUMNS for line in lines)
    assert all(line.endswith(FOLDED) for line in lines[1:-2])
    assert "".join(lines[1:-1]).replace(FOLDED, "") == letter * 9000
    assert clean(shown) == shown


def test_what_is_beyond_200_kb_is_counted() -> None:
    assert clean("refund me\n" * 20_000) == "refund me\n" * 20_000
    shown = clean("refund me\n" * 30_000)
    assert len(shown.encode()) <= MAX_BYTES
    assert shown.endswith("[101 kB more]")
    assert clean(shown) == shown
    assert clean("환불해 주세요\n" * 20_000).endswith("[201 kB more]")


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("abc", 3),
        ("환불", 4),
        ("👨\u200d👩\u200d👧", 2),
        ("❤\ufe0f", 2),
        ("e\u0301", 1),
        ("🇺🇿", 2),
        ("หนี้", 2),
        ("", 0),
    ],
)
def test_width(text: str, cells: int) -> None:
    assert width(text) == cells


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [
        ("refund", 6, "refund"),
        ("refunds", 6, "refun…"),
        ("환불 언제", 9, "환불 언제"),
        ("환불 언제", 8, "환불 언…"),
        ("환불", 3, "환…"),
        ("환불", 2, "…"),
        ("a👨\u200d👩\u200d👧b", 3, "a…"),
        ("a👨\u200d👩\u200d👧bc", 4, "a👨\u200d👩\u200d👧…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
        ("abc", -1, ""),
    ],
)
def test_cut(text: str, cells: int, shown: str) -> None:
    assert cut(text, cells) == shown


def test_cut_with_an_ascii_ellipsis() -> None:
    assert cut("refunds", 6, "~") == "refun~"
    assert cut("환불언제", 6, "...") == "환..."
    assert cut("refunds", 2, "...") == "re"


def test_pad() -> None:
    assert pad("환불", 6) == "환불  "
    assert pad("환불", 3) == "환…"
    assert pad("환불언제", 4) == "환… "


@pytest.mark.parametrize(
    ("text", "cells", "lines"),
    [
        ("", 10, [""]),
        ("one\n\ntwo", 10, ["one", "", "two"]),
        ("I still have not received it", 12, ["I still have", "not received", "it"]),
        ("  an indented line goes on", 12, ["  an", "  indented", "  line goes", "  on"]),
        ("supercalifragilistic", 8, ["supercal", "ifragili", "stic"]),
        ("see supercalifragilistic", 8, ["see", "supercal", "ifragili", "stic"]),
        ("返金はいつになりますか。", 8, ["返金はい", "つになり", "ますか。"]),
        ("返金はいつ。すぐ", 10, ["返金はい", "つ。すぐ"]),
        ("환불 언제 되나요", 9, ["환불 언제", "되나요"]),
        ("to\u02bblov ikki marta yechildi", 12, ["to\u02bblov ikki", "marta", "yechildi"]),
        ("返abcdefg가", 8, ["返", "abcdefg", "가"]),
        ("환", 1, ["?"]),
        ("abc", 0, ["a", "b", "c"]),
        ("naïve" + " " * 20, 8, ["naïve"]),
        (" " * 20, 8, ["    "]),
        (" " * 20 + "deep in a table", 10, ["     deep", "     in a", "     table"]),
    ],
)
def test_wrap(text: str, cells: int, lines: list[str]) -> None:
    assert wrap(text, cells) == lines


def test_plain_text_needs_no_width_tables() -> None:
    """A command that lists letters must not pay for loading wcwidth."""
    code = (
        "import sys; from tuidesk.domain.text import *; "
        "pad(clean('a\\tb'), 9); wrap('a b c', 2); print('wcwidth' in sys.modules); "
        "width('é 한'); print('wcwidth' in sys.modules); width('🧵'); print('wcwidth' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False", "True"]


def best_ms(call: Callable[[], object], runs: int = 5) -> float:
    """The quickest of some runs, in milliseconds of this process."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return min(times) * 1000


MIXED = "환불 언제 되나요? 返金 naïve café 👨\u200d👩\u200d👧 to\u02bblov ikki marta\n"


@pytest.mark.parametrize(
    ("what", "text", "limit_ms"),
    [
        ("1 MB of ASCII", "The quick brown fox jumps over it, again and again.\n" * 20_000, 5),
        ("200 kB of ASCII", "The quick brown fox jumps over it, again and again.\n" * 3_800, 5),
        ("200 kB of mixed text", MIXED * 2200, 60),
        ("200 kB of mixed text with controls", (MIXED + "\x1b[31m\u202e\t") * 2000, 60),
    ],
)
def test_clean_is_fast(what: str, text: str, limit_ms: float) -> None:
    ms = best_ms(lambda: clean(text))
    print(f"clean, {what}: {ms:.2f} ms")
    assert ms < limit_ms


@pytest.mark.parametrize(
    "crowd",
    [
        "\x1b",
        "\u202e",
        "a\u0301\u0301",
        "\u0301",
        "\t",
        "é\t",
        "😀\u200d",
        "क्",
        "─",
        "\u1161",
        "ᄀ",
        "\u0600",
        "\U0001f3fb",
        " ",
    ],
)
def test_clean_and_wrap_are_linear(crowd: str) -> None:
    text = crowd * (200_000 // len(crowd))
    assert best_ms(lambda: wrap(clean(text), 60), runs=1) < 1_500


@pytest.mark.parametrize("text", [MIXED * 2200, MIXED.replace("\n", " ") * 2200, "refund me now " * 14_000])
def test_wrap_is_fast(text: str) -> None:
    ms = best_ms(lambda: wrap(text, 60))
    print(f"wrap 200 kB at 60: {ms:.2f} ms")
    assert ms < 200


def test_letters_that_stand_alone_are_measured_as_by_the_tables() -> None:
    """The short way for plain letters says what wcwidth says, for each of them and for any two."""
    plain = [chr(code) for code in range(0x20, 0x10000) if re.fullmatch(_PLAIN, chr(code))]
    assert len(plain) > 30_000
    for letter in plain:
        pair = f"a{letter}{letter}한{letter}"
        assert width(pair) == wcwidth.wcswidth(pair), f"U+{ord(letter):04X}"
        assert list(graphemes(pair)) == list(wcwidth.iter_graphemes(pair)), f"U+{ord(letter):04X}"
