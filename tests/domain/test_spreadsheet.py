"""Text as a cell of a CSV file."""

import pytest

from tests.domain.naughty import NAUGHTY
from tests.naughty.table import TABLE
from tuidesk.domain.spreadsheet import quoted, unquoted


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "=cmd|' /C calc'!A0",
        "@SUM(A1:A9)",
        "+49 30 1234",
        "-2+3",
        "\t=1",
        "\tword",
        "\rword",
        "\nword",
        "  =1+1",
        "\u00a0=1",
        "\u3000\u200b=1",
        "\ufeff@x",
        "＝1+1",
        "＋1",
        "－1",
        "＠x",
        " ﹦1",
        "\u2212" + "1",
    ],
)
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert quoted(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["", "refund", "a=b", "1-2", "42", "'", "'tis late", "환불", "  two", "\u200b"]
)
def test_anything_else_stays(text: str) -> None:
    assert quoted(text) == text


@pytest.mark.parametrize(
    "text",
    [*(string for string, *_ in TABLE), *(string for string, _ in NAUGHTY), "=1", "'=1", "''=1", "' +1"],
)
def test_a_cell_is_read_as_it_was_written(text: str) -> None:
    assert unquoted(quoted(text)) == text
