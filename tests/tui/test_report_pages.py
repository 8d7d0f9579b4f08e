"""The pages of a report as lines: they fit, they say every figure, and what customers write stays text."""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from tests.tui import reports
from tests.tui.reports import NOW, bars
from tuidesk.cli.times import exact
from tuidesk.desk import report_words
from tuidesk.domain import instants
from tuidesk.domain.instants import DAY, HOUR, MINUTE
from tuidesk.domain.metrics import METRICS
from tuidesk.domain.text import width
from tuidesk.errors import UsageError
from tuidesk.tui.screens import report_people, report_pictures, report_ranges
from tuidesk.tui.screens.report_figures import Sheeted, figures, span
from tuidesk.tui.screens.report_ranges import Range
from tuidesk.tui.widgets import report_plots
from tuidesk.tui.widgets.page import Line
from tuidesk.tui.widgets.report_grid import heat, shade
from tuidesk.tui.widgets.report_plots import DRAWN, PLAIN, Series
from tuidesk.words import say, speak

BERLIN = ZoneInfo("Europe/Berlin")
SIZES = ((80, 20), (120, 32), (200, 46))
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def words(lines: tuple[Line, ...] | list[Line]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


def pages(cells: int, lines: int, *, plain: bool = False) -> Iterator[Sheeted]:
    """Every page, full, empty, and of hostile customers."""
    yield figures(reports.full(), ("a note",), cells)
    yield figures(reports.full("tag", ("refund", "refund/late")), (), cells)
    yield figures(reports.full("tag", tuple(filter(None, reports.NASTY))), (), cells)
    for shown in (reports.pictures(), reports.hostile(), reports.nothing(), reports.pictures(1)):
        yield report_pictures.pictures(shown, UTC, (cells, lines), plain=plain)
        yield report_people.topics(shown, cells, plain=plain)
        yield report_people.team(shown, cells)
        yield report_people.ratings(reports.full(), shown, cells, str)


@pytest.fixture(params=["en", "ko", "uz"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    speak(request.param)
    yield request.param
    speak("en")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.usefixtures("language")
def test_no_line_of_any_page_is_wider_than_the_screen(size: tuple[int, int]) -> None:
    for page in pages(*size):
        for line in words(page.lines):
            assert width(line) <= size[0] - 1, line


def test_a_terminal_that_is_hardly_there_ends_nothing() -> None:
    for cells in range(6):
        assert list(pages(cells, cells))


@pytest.mark.parametrize(
    ("ms", "told"),
    [(0, "0s"), (59_400, "59s"), (59_600, "1m"), (90_000, "2m"), (71.6 * MINUTE, "1h 12m"), (DAY - 1, "1d")],
)
def test_a_duration_is_told_to_the_nearest_minute_as_a_shell_tells_it(ms: float, told: str) -> None:
    assert span(ms) == told
    if ms > HOUR:
        assert exact(ms) == told


def test_what_customers_write_stays_text() -> None:
    for page in pages(80, 20):
        for line in words(page.lines):
            assert not CONTROLS.search(line)
    said = "\n".join(words(report_people.ratings(reports.full(), reports.hostile(), 80, str).lines))
    assert "[bold]markup[/]" in said, "no markup is read"


def test_ascii_is_ascii_where_the_terminal_has_no_more() -> None:
    shown = reports.pictures()
    for page in (
        report_pictures.pictures(shown, UTC, (80, 20), plain=True),
        report_people.topics(shown, 80, plain=True),
    ):
        assert "\n".join(words(page.lines)).isascii()


def test_every_figure_has_a_row_with_its_definition() -> None:
    page = figures(reports.full(), (), 80)
    assert {row.metric for row in page.rows.values()} == {metric.key for metric in METRICS}
    assert set(page.metrics) == {metric.key for metric in METRICS}
    for at, row in page.rows.items():
        if row.clock != "business":
            assert report_words.name(row.metric) in words(page.lines)[at]


def test_numbers_stand_below_each_other() -> None:
    lines = words(figures(reports.full(), (), 80).lines)
    head = lines[0]
    assert [name in head for name in ("n", "mean", "median", "p90", "change")] == [True] * 5
    ends = {line.index("1h 30m") + 6 for line in lines if "1h 30m" in line}
    assert ends == {head.index("mean") + 4}


# Curves

QUADRANTS = re.compile("[▖-▟]")


@pytest.mark.parametrize("signs", [DRAWN, PLAIN])
@pytest.mark.parametrize("size", [(76, 8), (76, 14), (196, 14), (30, 8)])
@pytest.mark.parametrize("days", [2, 7, 31, 62])
def test_a_curve_keeps_to_its_place_and_says_its_scale(
    signs: report_plots.Signs, size: tuple[int, int], days: int, capfd: pytest.CaptureFixture[str]
) -> None:
    received, completed = [at * 31 % 60 for at in range(days)], [at * 7 % 11 for at in range(days)]
    labels = [f"11-{at + 1:02}" for at in range(days)]
    lines = words(report_plots.plot(Series(received, completed), labels, size, signs))
    assert len(lines) == size[1]
    assert all(len(line) <= size[0] for line in lines)
    assert not any(CONTROLS.search(line) for line in lines)
    assert capfd.readouterr() == ("", ""), "nothing is printed past the screen"
    scale = [int(found[0]) for line in lines if (found := re.match(r" *\d+", line))][:-1] or [0]
    assert max(scale) >= max(received)
    steps = {above - below for above, below in pairwise(scale) if above > below}
    assert len(steps) == 1, "the steps of the scale are even"
    assert labels[-1] in lines[-1]


def test_a_time_over_new_year_is_told_with_its_years() -> None:
    one = reports.pictures(40)
    late = one._replace(volume=tuple(each._replace(at=each.at + 60 * DAY) for each in one.volume))
    for shown, told in ((one, "11-27"), (late, "2027-01-26")):
        lines = words(report_pictures.pictures(shown, UTC, (80, 20), plain=False).lines)
        assert any(line.split() and line.split()[-1] == told for line in lines), told


def test_bars_and_curve_are_told_apart_without_colour() -> None:
    lines = report_plots.plot(Series([5, 0, 0, 9], [0, 9, 9, 0]), ["a", "b", "c", "d"], (40, 10), PLAIN)
    styles = {style: {sign for text, style in line for sign in text} for line in lines for _, style in line}
    assert styles.keys() >= {"bar", "curve", "axis"}
    whole = "\n".join(words(lines))
    assert ":" in whole
    assert "*" in whole
    again = report_plots.plot(Series(curve=[1, 2]), ["a", "b"], (40, 10), PLAIN)
    assert ":" not in "\n".join(words(again)), "nothing is left of the one before"


def test_a_bar_is_filled() -> None:
    lines = words(report_plots.plot(Series([4, 8]), ["a", "b"], (40, 10), PLAIN))
    assert max(len(re.findall(":+", line)) for line in lines) == 2, "one stretch of signs a bar"


def test_what_was_received_and_what_was_completed_stand_apart_each_on_a_scale_of_its_own() -> None:
    lines = words(report_pictures.pictures(reports.pictures(), UTC, (120, 36), plain=False).lines)
    told = [n for n, line in enumerate(lines) if re.match(r" ▒ [\d,]+ (received|completed)$", line.rstrip())]
    backlog = next(n for n, line in enumerate(lines) if line.startswith(" ▞"))
    assert len(told) == 2
    for begins, ends in pairwise((*told, backlog)):
        drawn = lines[begins + 1 : ends]
        assert sum("└" in line for line in drawn) == 1, "one axis"
        assert not any(QUADRANTS.search(line) for line in drawn), "nothing is drawn over the bars"


def test_the_library_of_the_curves_is_not_loaded_before_they_are_seen() -> None:
    program = "import sys, tuidesk.tui.screens.report; sys.exit('plotext' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_where_no_curve_can_be_drawn_the_numbers_stand() -> None:
    told = "\n".join(
        words(report_pictures.pictures(reports.pictures(), UTC, (80, 20), plain=False, why="no").lines)
    )
    assert "no" in told.splitlines()[0]
    received = sum(one.received for one in reports.pictures().volume)
    assert f"{received} received" in told
    assert not any(sign in told for sign in "┤▗▖▄▀")


# The week by its hours, and how long replies took


def test_a_cell_of_the_week_has_its_number_and_a_sign_that_grows() -> None:
    grid = [[0.0] * 24 for _ in range(7)]
    grid[0][9], grid[4][10], grid[6][11] = 1, 50, 100
    lines = words(heat(grid, range(9, 12), ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"], "{:.0f}".format, True))
    assert lines[0].split() == ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
    assert lines[1].split() == ["09", "-", "1", *["."] * 6]
    assert lines[2].split() == ["10", ".", ".", ".", ".", "*", "50", ".", "."]
    assert lines[3].split() == ["11", *["."] * 6, "#100"]
    signs = [shade(value, 100, True) for value in (0, 1, 30, 60, 100)]
    assert signs == [" ", "-", "=", "*", "#"]


@pytest.mark.parametrize(
    ("target", "line", "told"),
    [
        (4 * HOUR, "under 4h", "-- target 4h"),
        (3 * HOUR, "under 4h", "< target 3h"),
        (30 * DAY, "7d and more", "< target 30d"),
    ],
)
def test_the_target_stands_where_it_falls(target: int, line: str, told: str) -> None:
    shown = reports.pictures()._replace(replies=bars([MINUTE, 3 * HOUR, 8 * DAY]), target=target)
    lines = words(report_pictures.pictures(shown, UTC, (80, 20), plain=False).lines)
    at = next(at for at, one in enumerate(lines) if one.strip().startswith(line))
    assert told in (lines[at + 1] if told.startswith("--") else lines[at])
    assert sum("target" in one for one in lines) == 1


def test_without_a_target_none_is_drawn() -> None:
    shown = reports.pictures()._replace(target=None)
    lines = words(report_pictures.pictures(shown, UTC, (80, 20), plain=False).lines)
    assert not any("target" in line for line in lines)


# Ranges


def at(text: str) -> int:
    return instants.parse(text)


def test_the_ranges_of_the_keys_are_those_of_the_calendar() -> None:
    now = at("2026-11-28T12:00:00+01:00")
    found = {one.name: one[1:] for one in report_ranges.ranges(now, BERLIN)}
    assert found == {
        "today": (at("2026-11-28T00:00:00+01:00"), now),
        "week": (now - 7 * DAY, now),
        "days30": (now - 30 * DAY, now),
        "month": (at("2026-11-01T00:00:00+01:00"), now),
        "last_month": (at("2026-10-01T00:00:00+02:00"), at("2026-11-01T00:00:00+01:00")),
    }


@pytest.mark.parametrize(
    ("typed", "since", "until", "told"),
    [
        (
            "2026-11-01 .. 2026-11-15",
            "2026-11-01T00:00:00+01:00",
            "2026-11-16T00:00:00+01:00",
            "1 Nov - 15 Nov",
        ),
        ("2026-11-01 2026-11-15", "2026-11-01T00:00:00+01:00", "2026-11-16T00:00:00+01:00", "1 Nov - 15 Nov"),
        ("2 nov - 3 nov", "2026-11-02T00:00:00+01:00", "2026-11-04T00:00:00+01:00", "2 Nov - 3 Nov"),
        ("yesterday", "2026-11-27T00:00:00+01:00", "2026-11-28T00:00:00+01:00", "27 Nov"),
        ("last month", "2026-10-01T00:00:00+02:00", "2026-11-01T00:00:00+01:00", "1 Oct - 31 Oct"),
        ("14d", "2026-11-14T12:00:00+01:00", "2026-11-28T12:00:00+01:00", "14 Nov 12:00 - 28 Nov 12:00"),
        ("fri 9", "2026-11-27T09:00:00+01:00", "2026-11-28T12:00:00+01:00", "27 Nov 09:00 - 28 Nov 12:00"),
    ],
)
def test_dates_are_typed_as_they_are_said(typed: str, since: str, until: str, told: str) -> None:
    now = at("2026-11-28T12:00:00+01:00")
    found = report_ranges.typed(typed, now, BERLIN)
    assert found == Range("", at(since), at(until))
    assert report_ranges.told(found, now, BERLIN) == told


@pytest.mark.usefixtures("language")
def test_what_the_field_offers_can_be_typed() -> None:
    for typed in say("report_screen.dates_hint").split(","):
        assert report_ranges.typed(typed, NOW, BERLIN).name == ""


@pytest.mark.parametrize("typed", ["", "whenever", "2026-11-15 .. 2026-11-01", "2026-13-01", ".."])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(UsageError):
        report_ranges.typed(typed, NOW, BERLIN)
