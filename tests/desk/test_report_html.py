"""The page of a report: everything is in it, nothing acts in it."""

import re
from datetime import UTC
from html.parser import HTMLParser
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.desk import reported
from tests.desk.bench import SAM, at, bench_at, received, sent, status
from tests.domain.naughty import NAUGHTY
from tuidesk.cli.times import exact
from tuidesk.desk import report_words
from tuidesk.desk.report import report
from tuidesk.desk.report_html import html
from tuidesk.desk.report_pictures import pictures
from tuidesk.domain.events import Rated, Tagged
from tuidesk.domain.metrics import METRICS, Asked, Heat, Pictures, Report
from tuidesk.domain.text import clean
from tuidesk.words import LANGUAGES, say

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src="http://canary.example/x.png" onerror="alert(1)">',
    "</title></style></svg><iframe src='//canary.example'></iframe>",
    "]]><svg onload=alert(1)>",
    "<!-- {{ say('x') }} {% raw %} -->",
    "&lt;b&gt; &#x3c;b&#x3e;",
    "javascript:alert(1)",
    *(text for text, _ in NAUGHTY if text),
)
_VOID = frozenset(("meta",))


def page(told: Report | None = None, drawn: Pictures | None = None) -> str:
    return html(
        told or reported.report(),
        drawn or reported.pictures(),
        span=exact,
        zone=UTC,
        zone_name="UTC",
        made=reported.UNTIL,
    )


class _Strict(HTMLParser):
    """Elements must be closed in the order in which they were opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.remove(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_figure_is_in_it_and_leads_to_what_it_is() -> None:
    tree = LexborHTMLParser(page())
    for metric in METRICS:
        assert _text(tree, f'tbody th a[href="#define-{metric.key}"]') == report_words.name(metric.key)
        assert _text(tree, f"#define-{metric.key} dd") == report_words.define(metric.key)


def test_what_people_look_at_first_is_never_a_number_alone() -> None:
    tiles = [" ".join(tile.text().split()) for tile in LexborHTMLParser(page()).css(".tiles li")]
    assert tiles[0] == "First response 22m median n 120 mean 47m p90 2h 36m as before"
    assert tiles[3] == "Replies in target 32.5 % n 120 +0.5 points better"
    assert tiles[5].startswith("Backlog 3,120 +")
    assert len(tiles) == 7


def test_a_figure_has_its_spread_by_both_clocks_and_its_change() -> None:
    november = reported.report()
    shown = [_cells(row) for row in LexborHTMLParser(page(november)).css("#figures ~ .wide tbody tr")]
    wanted = [
        [cell.strip() for cell in line.cells]
        for table in report_words.tables(november, exact)
        for line in table.lines
    ]
    assert shown == wanted
    assert ["First response", "120", "47m", "22m", "2h 36m", say("report.same")] in shown


def test_groups_stand_below_the_figure_they_are_of() -> None:
    november = reported.report("support", "shop", by="account")
    tree = LexborHTMLParser(page(november))
    shown = [_cells(row) for row in tree.css("#groups ~ .wide tbody tr")]
    wanted = []
    for table in report_words.tables(november, exact):
        if table.lines[0].group:
            wanted += [[table.title], *(list(line.cells) for line in table.lines)]
    assert shown == wanted
    assert len(tree.css("#groups ~ .wide table")) == 2


def _cells(row: LexborNode) -> list[str]:
    return [cell.text().strip() for cell in row.css("th, td")]


def _text(node: LexborHTMLParser | LexborNode, selector: str) -> str:
    found = node.css_first(selector)
    assert found is not None
    return found.text()


def test_every_link_leads_somewhere_and_no_name_is_given_twice() -> None:
    found = _Strict(page(reported.report("support", by="account")))
    names = [value for key, value in found.attributes if key == "id"]
    assert len(set(names)) == len(names)
    led_to = {value for key, value in found.attributes if key == "href"}
    assert led_to == {f"#{name}" for name in names} & led_to
    assert led_to
    spoken = [value for key, value in found.attributes if key == "aria-labelledby"]
    assert {name for value in spoken for name in value.split()} <= set(names)


def test_a_table_says_what_its_rows_and_columns_are() -> None:
    tree = LexborHTMLParser(page(reported.report("support", by="account")))
    assert len(tree.css("table")) == 10
    for table in tree.css("table"):
        assert {head.attributes["scope"] for head in table.css("thead th")} == {"col"}
        assert all(
            head.attributes["scope"] in ("row", "rowgroup")
            for row in table.css("tbody tr")
            for head in row.css("th")
        )
        assert all(len(row.css("th")) == 1 for row in table.css("tbody tr"))


def test_a_picture_says_in_words_what_it_shows() -> None:
    tree = LexborHTMLParser(page())
    told = [_text(drawing, "desc") for drawing in tree.css("svg[role=img]")]
    volume = reported.pictures().volume
    assert f"{sum(one.received for one in volume)} messages received" in told[0]
    assert "under 1m: 6; under 5m: 8" in told[1]
    assert all(_text(drawing, "title") for drawing in tree.css("svg[role=img]"))


def test_a_heat_map_has_its_numbers_in_its_cells() -> None:
    tree = LexborHTMLParser(page())
    received, reply = tree.css("table.heat")
    numbers = [[cell.text() for cell in row.css("td")] for row in received.css("tbody tr")]
    heat = reported.pictures().heat
    assert numbers == [[str(number) if number else "" for number in row] for row in heat.received]
    words = [[cell.text() for cell in row.css("td")] for row in reply.css("tbody tr")]
    assert words[0][6:8] == ["1h", "2h"]
    assert [row.count("") for row in words] == [6] * 7


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_customers_write_stays_text(hostile: str) -> None:
    made = page(reported.report(hostile, by="tag"), reported.pictures(hostile=hostile))
    made.encode("utf-8")  # no lone surrogate
    found = _Strict(made)
    assert found.elements == _Strict(page(reported.report("refund", by="tag"))).elements
    assert not [
        name for name, _ in found.attributes if name.startswith("on") or name in ("src", "style", "data")
    ]
    assert _text(LexborHTMLParser(made), "blockquote").split() == clean(hostile).split()


def test_nothing_invisible_or_acting_is_left_in_it() -> None:
    everything = "".join(text for text, _ in NAUGHTY)
    made = page(reported.report(everything, by="person"), reported.pictures(hostile=everything))
    assert re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]", made) == []


def test_a_comment_as_long_as_a_book_is_cut() -> None:
    assert len(page(drawn=reported.pictures(hostile="word " * 40_000))) < 100_000


def test_a_week_as_it_was_worked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    week = Asked(at("00:00", 16), at("00:00", 23), by="tag")
    hostile = "<script>refund &amp;"  # without `/`, which divides topics
    with bench_at(tmp_path, monkeypatch) as bench:
        bench.take(
            received("a1", at("10:00", 16), conversation="a"),
            Tagged(conversation="a", at=at("10:01", 16), add=(hostile,), by=SAM),
            sent("a2", at("10:10", 16), conversation="a", sender=SAM),
            status("complete", at("10:30", 16), conversation="a", by=SAM),
            Rated(conversation="a", at=at("11:00", 16), score=5, scale=5, text=hostile),
        )
        told = bench.desk.read(lambda c: report(c, week, bench.desk.timing, bench.clock.now())).result()
        drawn = bench.desk.read(lambda c: pictures(c, week, bench.desk.timing)).result()
    tree = LexborHTMLParser(page(told, drawn))
    rows = [_cells(row) for row in tree.css("#figures ~ .wide tbody tr")]
    assert ["Reply time", "1", "10m", "10m", "10m", ""] in rows
    assert ["Completed", "", "1", ""] in rows
    assert _cells(tree.css("table.heat tbody tr")[0])[11] == "1"
    assert _text(tree, "blockquote") == hostile
    assert [_cells(row) for row in tree.css("#topics ~ .beside tbody tr")] == [[hostile, "1"]]
    assert [hostile, "1", "10m", "10m", "10m", ""] in [
        _cells(row) for row in tree.css("#groups ~ .wide tbody tr")
    ]
    assert tree.css("script") == []


def test_it_loads_nothing() -> None:
    made = page(reported.report("support", by="account"))
    assert "default-src 'none'" in made
    assert re.findall(r"url\((.*?)\)", made) == ["#hatched"]
    assert "http:" not in made
    assert "https:" not in made
    assert "@import" not in made
    assert all(value.startswith("#") for name, value in _Strict(made).attributes if name == "href")


def test_a_time_in_which_nobody_wrote() -> None:
    made = page(reported.EMPTY._replace(groups=()), reported.NO_PICTURES)
    _Strict(made)
    assert say("report.nothing") in made
    assert "<svg" not in made
    assert "<table" not in made


def test_a_report_of_one_day() -> None:
    day = reported.pictures()._replace(volume=reported.pictures().volume[:1], target=None)
    made = page(reported.EMPTY, day)
    _Strict(made)
    assert say("report_html.replies_no_target") in made
    assert 'class="target"' not in made


def test_a_heat_map_of_nothing_is_left_out() -> None:
    quiet = Heat(((0,) * 24,) * 7, ((None,) * 24,) * 7)
    made = page(drawn=reported.pictures()._replace(heat=quiet))
    assert 'class="heat"' not in made
    assert 'class="drawing"' in made


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_in_the_language_that_is_spoken(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tuidesk.words._language", language)
    made = page()
    assert f'<html lang="{language}">' in made
    assert say("report_html.heat_received_about") in made


def test_its_colours_can_be_told_from_the_ground() -> None:
    """At least 4.5 to 1 (WCAG AA) for every text, in light and in dark."""
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", block))
        for block in re.findall(r":root \{\n?(.*?--on-strong.*?)\}", page(), re.DOTALL)
    )
    pairs = [("ground", name) for name in ("ink", "soft", "late", "good", "bad")]
    pairs += [(f"heat-{number}", "on-weak" if number < 4 else "on-strong") for number in range(1, 6)]
    weak = [
        (pair, round(ratio, 1))
        for colours in (light, dark)
        for pair in pairs
        if (ratio := _contrast(*(colours[name] for name in pair))) < 4.5
    ]
    assert weak == []


def _contrast(one: str, other: str) -> float:
    less, more = sorted((_luminance(one), _luminance(other)))
    return (more + 0.05) / (less + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
