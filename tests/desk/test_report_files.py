"""A report as text, Markdown and CSV: whatever stands in it stays text."""

import csv
from io import StringIO

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.desk import figures_of
from tests.desk.figures_of import EARLIER, FULL, times
from tests.domain.naughty import NAUGHTY
from tests.naughty.table import TABLE
from tuidesk.desk.report_csv import as_csv, team_as_csv
from tuidesk.desk.report_markdown import escaped, markdown
from tuidesk.desk.report_pictures_words import picture_tables
from tuidesk.desk.report_plain import plain
from tuidesk.desk.report_words import definitions, tables
from tuidesk.domain.instants import MINUTE
from tuidesk.domain.metrics import Count, Group, Report, Score
from tuidesk.domain.spreadsheet import unquoted
from tuidesk.domain.text import clean, width

STRINGS = (
    *(string for string, *_ in TABLE if string),
    *(string for string, _ in NAUGHTY if string),
    "=cmd|' /C calc'!A0",
    "\t@SUM(1)",
    " ＝1+1",
    "a | b",
    "`code` **bold** [x](javascript:alert(1)) ![y](https://evil.example/p.png)",
    "<img src=x onerror=alert(1)> &lt;",
    "see https://evil.example or www.evil.example",
    "# head",
    'quote " and, comma\r\nline',
)


def span(ms: float) -> str:
    return f"{ms / MINUTE:g}m"


def _of_tags() -> Report:
    groups = tuple(Group(text, {"completed": Count(3)}, {}) for text in STRINGS)
    return figures_of.report(FULL, EARLIER, "tag", groups)


# --- CSV ------------------------------------------------------------------------------------------


def _read(text: str) -> list[dict[str, str]]:
    assert text.count("\r\n") == text.count("\n")
    return list(csv.DictReader(StringIO(text, newline=""), strict=True))


def test_a_csv_has_a_line_for_each_figure() -> None:
    rows = _read(as_csv(figures_of.report(FULL, EARLIER)))
    assert {row["since"] for row in rows} == {"2026-11-21T00:00:00Z"}
    first, second = rows[:2]
    assert (first["metric"], first["clock"], first["n"], first["median_s"], first["before_median_s"]) == (
        "first_response",
        "calendar",
        "12",
        "1800.0",
        "3600.0",
    )
    assert (second["clock"], second["p90_s"]) == ("business", "600.0")
    share = next(row for row in rows if row["metric"] == "reopen_rate")
    assert (share["part"], share["of"], share["value"], share["before_value"]) == ("2", "20", "0.1", "0.05")
    assert next(row for row in rows if row["metric"] == "messages_received")["n"] == "1204"
    nps = next(row for row in rows if row["metric"] == "nps")
    assert (nps["n"], nps["value"]) == ("10", "40.0")
    assert "before_n" not in _read(as_csv(figures_of.report(FULL)))[0]


def test_a_negative_number_stays_a_number() -> None:
    (row,) = _read(as_csv(figures_of.report({"nps": Score(3, -33.0)})))
    assert row["value"] == "-33.0"


def test_no_cell_of_a_csv_is_a_formula() -> None:
    texts = [row["group"] for row in _read(as_csv(_of_tags())) if row["group"]]
    texts += [
        row["person"] for row in _read(team_as_csv(figures_of.pictures(*STRINGS).team)) if row["person"]
    ]
    assert [unquoted(text) for text in texts] == [clean(text, lines=False) for text in STRINGS] * 2
    acting = [text for text in texts if text.lstrip().startswith(("=", "+", "-", "@", "＝", "\t", "\r"))]
    assert acting == []
    assert sum(text.startswith("'") for text in texts) >= 6


# --- Markdown -------------------------------------------------------------------------------------


def _tokens(text: str) -> list[Token]:
    found = MarkdownIt("gfm-like").parse(text)
    return [inner for token in found for inner in (token, *(token.children or ()))]


@pytest.mark.parametrize("text", STRINGS)
def test_text_in_markdown_is_text(text: str) -> None:
    tokens = _tokens(f"| a |\n|---|\n| {escaped(text)} |\n")
    kinds = {token.type for token in tokens}
    assert kinds <= {
        f"{part}_{end}" for part in ("table", "thead", "tbody", "tr", "th", "td") for end in ("open", "close")
    } | {"inline", "text", "text_special"}
    said = "".join(token.content for token in tokens if token.type in ("text", "text_special"))
    assert said == "a" + clean(text, lines=False).strip()


def test_an_address_is_no_link_for_those_who_see_one_without_a_scheme() -> None:
    assert escaped("www.evil.example") == r"www\.evil.example"


def test_a_markdown_report_keeps_its_form() -> None:
    report, pictures = _of_tags(), figures_of.pictures(*STRINGS)
    shown = (*tables(report, span), *picture_tables(pictures, span, span, lambda _: "2026-11-21 10:00"))
    text = markdown("Report", shown, ("From here to there.",), definitions(shown))
    tokens = _tokens(text)
    assert {"link_open", "image", "html_inline", "html_block", "code_inline", "em_open"} & {
        t.type for t in tokens
    } == set()
    assert sum(token.type == "table_open" for token in tokens) == len(shown)
    assert sum(token.type == "tr_open" for token in tokens) == sum(len(table.lines) + 1 for table in shown)
    assert "| First response, in business hours | 12 |" in text
    assert "**Reply time.** From the first message" in text


# --- plain ----------------------------------------------------------------------------------------


def test_a_plain_report_is_aligned_and_fits() -> None:
    report, pictures = _of_tags(), figures_of.pictures(*STRINGS)
    shown = (*tables(report, span), *picture_tables(pictures, span, span, lambda _: "2026-11-21 10:00"))
    lines = list(plain("Report", shown, ("From here to there.", "A note. " * 30), 80))
    assert max(map(width, lines)) <= 80
    assert all(clean(line, lines=False) == line for line in lines)
    at = lines.index("Times") + 1
    assert len({width(line) for line in lines[at : at + 5]}) == 1


def test_numbers_are_whole_however_narrow_it_is() -> None:
    shown = tables(figures_of.report({"reply": times(12345, MINUTE)}), span)
    assert any(line.endswith("12,345    1m      1m   1m") for line in plain("Report", shown, ("x",), 30))


def test_pictures_as_tables() -> None:
    shown = {
        table.title: table
        for table in picture_tables(figures_of.pictures("x"), span, span, lambda _: "2026-11-21 10:00")
    }
    assert [line.cells for line in shown["Volume and backlog"].lines] == [
        ("2026-11-21", "5", "2", "3"),
        ("2026-11-21", "1", "4", "0"),
    ]
    assert [line.cells[:2] for line in shown["Median reply to what came in then"].lines] == [("09:00", "60m")]
    assert [line.cells for line in shown["How reply times are spread; most have a target of 240m"].lines] == [
        ("under 1m", "3", "75.0 %"),
        ("1m and more", "1", "25.0 %"),
    ]
    assert [line.cells for line in shown["Team"].lines] == [
        ("you", "3", "3", "1m", "1m", "1m", "1"),
        ("x", "1", "0", "-", "-", "-", "0"),
    ]
    assert shown["What customers said"].lines[0].cells == (
        "#42",
        "2026-11-21 10:00",
        "Satisfaction (CSAT): 2 of 5",
        "x",
        "x",
    )
