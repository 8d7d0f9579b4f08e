"""The report's screen on the demo's desk: what its keys ask for, and that it waits for nothing."""

import asyncio
import re
import stat
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.desks import demo_screen, home, keys, screen, text, until
from tests.tui.run import on_screen
from tuidesk.desk import report_words
from tuidesk.desk.report import report
from tuidesk.desk.report_pictures import pictures
from tuidesk.domain.metrics import Asked, Pictures, Report
from tuidesk.store.sql import Connection
from tuidesk.tui.app import DeskApp
from tuidesk.tui.keyboard import DEAF_S
from tuidesk.tui.screens.report import ReportScreen
from tuidesk.tui.screens.report_counts import TABS
from tuidesk.tui.screens.report_definition import Definitions
from tuidesk.tui.screens.report_figures import span


@asynccontextmanager
async def reporting(
    folder: Path, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[DeskApp, Pilot[int], ReportScreen]]:
    """The report of the demo's desk, counted."""
    async with demo_screen(folder, size) as (app, pilot):
        await keys(pilot, "g", "t")
        await until(lambda: isinstance(app.screen, ReportScreen))
        shown = app.screen
        assert isinstance(shown, ReportScreen)
        await counted(shown)
        yield app, pilot, shown


async def counted(shown: ReportScreen) -> None:
    await until(lambda: shown.counts.is_there(shown.tab) and shown.is_settled)


def asked(shown: ReportScreen) -> Asked:
    """What the screen shows the figures of."""
    assert shown.counts.counted is not None
    return shown.counts.counted.report.asked


def told(app: DeskApp, asked: Asked) -> Report:
    """The same from the store."""
    desk = app.desk
    found: Report = desk.read(report, asked, desk.timing, desk.clock.now()).result()
    return found


def split(app: DeskApp) -> tuple[str, str]:
    """What the head says, and the figures below it."""
    head, _, *body = text(app).splitlines()
    return head, "\n".join(body)


def unbroken(app: DeskApp) -> str:
    """What the screen says, with what was wrapped within a word in one again."""
    return "".join(line.removeprefix(" ") for line in text(app).splitlines())


def unfolded(app: DeskApp) -> str:
    return " ".join(text(app).split())


@on_screen
async def test_the_figures_are_those_of_the_store(tmp_path: Path) -> None:
    async with reporting(tmp_path, (120, 36)) as (app, _, shown):
        asked_for = asked(shown)
        assert asked_for.compare
        assert not asked_for.mine
        lines = [" ".join(line.split()) for line in text(app).splitlines()]
        found = told(app, asked_for)
        assert found.groups[0].figures
        for table in report_words.tables(found, span):
            for row in table.lines:
                assert any(" ".join(" ".join(row.cells).split()) in line for line in lines), row


@on_screen
async def test_a_key_stands_for_a_range(tmp_path: Path) -> None:
    async with reporting(tmp_path) as (app, pilot, shown):
        heads = (
            "today, since",
            "last 7 days, since",
            "last 30 days, since",
            "this month, since",
            "last month, ",
        )
        for key, head in zip("12345", heads, strict=True):
            await keys(pilot, key)
            await counted(shown)
            await until(lambda head=head: f"Report: {head}" in text(app))  # type: ignore[misc]
        assert asked(shown).until < app.desk.clock.now()


@on_screen
async def test_mine_comparing_and_grouping_have_a_key(tmp_path: Path) -> None:
    async with reporting(tmp_path) as (app, pilot, shown):
        assert "change" in text(app)
        await keys(pilot, "m", "c")
        await counted(shown)
        assert asked(shown)[3:] == (True, False)
        assert "yours alone" in text(app)
        assert "change" not in text(app)
        assert "Messages received" not in text(app), "of nobody alone"
        await keys(pilot, "m", "b")
        await asyncio.sleep(DEAF_S + 0.05)
        await keys(pilot, *"tag", "enter")
        await until(lambda: shown.counts.by == "tag")
        await counted(shown)
        first = text(app).splitlines()[3]
        assert first.startswith("  First response, by tag"), "the table of the figure at the mark"
        row = shown.row
        assert row is not None
        assert (row.metric, bool(row.group)) == ("first_response", True)
        await keys(pilot, "J")
        assert shown.row is not None
        assert shown.row.metric == "first_answer"
        await keys(pilot, "K")
        assert shown.row == row


@on_screen
async def test_dates_are_typed(tmp_path: Path) -> None:
    async with reporting(tmp_path) as (app, pilot, shown):
        await keys(pilot, "d", *"yesterday")
        await asyncio.sleep(DEAF_S + 0.05)
        await keys(pilot, "enter")
        await until(lambda: shown.counts.range.name == "")
        await counted(shown)
        asked_for = asked(shown)
        assert asked_for.until - asked_for.since in range(23 * 3_600_000, 25 * 3_600_000 + 1)
        assert asked_for.until <= app.desk.clock.now()


@on_screen
async def test_every_figure_has_its_definition_one_key_away(tmp_path: Path) -> None:
    async with reporting(tmp_path) as (app, pilot, shown):
        seen = []
        while shown.row is not None and shown.row not in seen:
            row = shown.row
            seen.append(row)
            await keys(pilot, "enter")
            await until(lambda: isinstance(app.screen, Definitions))
            await until(lambda row=row: report_words.define(row.metric) in unfolded(app))  # type: ignore[misc]
            assert report_words.name(row.metric) in text(app)
            await keys(pilot, "escape")
            await until(lambda: app.screen is shown)
            await keys(pilot, "j")
        metrics = told(app, asked(shown)).groups[0].figures
        assert {row.metric for row in seen} == metrics.keys()


@on_screen
async def test_the_foot_says_where_all_the_keys_are(tmp_path: Path) -> None:
    async with reporting(tmp_path) as (app, _, _):
        assert "? keys" in text(app).splitlines()[-1]


@on_screen
async def test_every_page_says_what_its_figures_are(tmp_path: Path) -> None:
    async with reporting(tmp_path, (80, 60)) as (app, pilot, shown):
        for tab in TABS:
            assert shown.tab == tab
            await counted(shown)
            metrics = shown.metrics
            assert metrics
            if tab != "figures":
                await keys(pilot, "enter")
                await until(lambda: isinstance(app.screen, Definitions))
                for metric in metrics:
                    await until(
                        lambda metric=metric: report_words.define(metric) in unfolded(app)  # type: ignore[misc]
                    )
                await keys(pilot, "escape")
                await until(lambda: app.screen is shown)
            await keys(pilot, "tab")


@on_screen
async def test_the_pictures_are_those_of_the_store(tmp_path: Path) -> None:
    async with reporting(tmp_path, (120, 200)) as (app, pilot, shown):
        found: Pictures = app.desk.read(pictures, asked(shown), app.desk.timing).result()
        await keys(pilot, "tab")
        await counted(shown)
        await until(lambda: f"{sum(one.received for one in found.volume)} received" in text(app))
        assert f"{found.volume[-1].backlog} at last" in text(app)
        assert any(sign in text(app) for sign in "▗▖▄▞▀")
        lines = [line.split() for line in text(app).splitlines()]
        busiest = max(n for day in found.heat.received for n in day)
        assert any("█" in line and str(busiest) in line for line in lines)
        most = max(found.replies, key=lambda one: one.n)
        assert most.below is not None
        assert any(line[:3] == ["under", span(most.below), str(most.n)] for line in lines)
        await keys(pilot, "tab")
        await counted(shown)
        for topic in found.topics:
            assert any(
                line[:2] == [topic.name, str(topic.n)] for line in map(str.split, text(app).splitlines())
            )
        await keys(pilot, "tab")
        await counted(shown)
        assert {one.name for one in found.team} >= {"", "Sam"}
        for member in found.team:
            name, replies = member.name or "you", str(member.replies)
            assert any(line[:2] == [name, replies] for line in map(str.split, text(app).splitlines()))
        await keys(pilot, "tab")
        await counted(shown)
        assert found.comments
        for comment in found.comments:
            assert f"#{comment.n} {comment.who}" in text(app)
            assert comment.text in unfolded(app)


@on_screen
async def test_the_report_becomes_a_page_in_a_file(tmp_path: Path) -> None:
    async with reporting(tmp_path) as (app, pilot, _):
        folder = tmp_path / "saved"
        app.desk.config = replace(app.desk.config, file=replace(app.desk.config.file, download=str(folder)))
        await keys(pilot, "o")
        await until(lambda: "saved as" in text(app), 20)
        assert str(folder) in unbroken(app)
        (path,) = folder.iterdir()
        assert re.fullmatch(r"report-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.html", path.name)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        page = path.read_text("utf-8")
        assert page.startswith("<!DOCTYPE html>")
        assert "First response" in page
        await keys(pilot, "o")
        await until(lambda: len(list(folder.iterdir())) == 2)
        assert path.read_text("utf-8") == page, "never over another"
        await keys(pilot, "escape")
        await until(lambda: app.screen is app.desk_screen)
        await until(lambda: "saved as" in text(app))


@on_screen
async def test_a_page_is_finished_and_told_when_its_screen_has_been_left(tmp_path: Path) -> None:
    async with reporting(tmp_path, (300, 36)) as (app, pilot, _):
        folder = tmp_path / "saved"
        app.desk.config = replace(app.desk.config, file=replace(app.desk.config.file, download=str(folder)))
        async with held(app) as go_on:
            await keys(pilot, "o", "escape")
            await until(lambda: app.screen is app.desk_screen)
            go_on.set()
            await until(lambda: "saved as" in text(app), 20)
        assert len(list(folder.iterdir())) == 1
        app.desk.config = replace(
            app.desk.config, file=replace(app.desk.config.file, download=str(next(folder.iterdir()) / "in"))
        )
        await keys(pilot, "g", "t")
        await until(lambda: isinstance(app.screen, ReportScreen))
        await keys(pilot, "o", "escape")
        await until(lambda: app.screen is app.desk_screen)
        await until(lambda: "Not a directory" in unbroken(app), 20)


@on_screen
async def test_a_page_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    async with reporting(tmp_path) as (app, pilot, _):
        blocked = tmp_path / "file"
        blocked.write_text("")
        app.desk.config = replace(
            app.desk.config, file=replace(app.desk.config.file, download=str(blocked / "in"))
        )
        await keys(pilot, "o")
        await until(lambda: "Not a directory" in unbroken(app), 20)


@pytest.mark.parametrize("key", ["2", "5"])
@on_screen
async def test_what_has_come_since_is_counted_when_it_is_asked_for_again(tmp_path: Path, key: str) -> None:
    async with reporting(tmp_path) as (app, pilot, shown):
        await keys(pilot, key)
        await counted(shown)
        await keys(pilot, "tab", "shift+tab")
        await counted(shown)
        await keys(pilot, "j", "j")
        before, row = shown.counts.counted, shown.row
        async with held(app) as go_on:
            await keys(pilot, "r")
            assert (shown.row, shown.counts.is_there(shown.tab)) == (row, False)
            assert "First response" in text(app), "what is there stays meanwhile"
            go_on.set()
            await counted(shown)
        assert shown.counts.counted is not before
        assert shown.counts.counted is not None
        assert shown.counts.counted.pictures is None, "they are counted again as well"
        assert shown.row is not None
        assert row is not None
        assert shown.row.metric == row.metric


# Nobody waits


@asynccontextmanager
async def held(app: DeskApp) -> AsyncIterator[threading.Event]:
    """The reader that counts reports does not get on, until this is set."""
    go_on = threading.Event()

    def hold(_: Connection) -> None:
        go_on.wait(30)

    app.desk.read(hold, lane="report")
    try:
        yield go_on
    finally:
        go_on.set()


@on_screen
async def test_while_it_counts_the_keys_are_obeyed_and_what_is_shown_keeps_its_dates(tmp_path: Path) -> None:
    async with reporting(tmp_path) as (app, pilot, shown):
        before = asked(shown)
        async with held(app) as go_on:
            await keys(pilot, "3")
            await until(lambda: "counting last 30 days" in text(app))
            assert "Report: last 7 days" in text(app), "under its own dates"
            row = shown.row
            await keys(pilot, "j")
            assert shown.row != row
            await keys(pilot, "enter")
            await until(lambda: isinstance(app.screen, Definitions))
            await keys(pilot, "escape", "tab")
            await until(lambda: "[Pictures]" in text(app))
            await keys(pilot, "shift+tab")
            assert asked(shown) == before
            go_on.set()
            await until(lambda: "Report: last 30 days" in text(app))
            await counted(shown)
            assert "counting" not in text(app)


@on_screen
async def test_what_is_asked_for_last_wins_and_what_was_asked_in_between_is_not_counted(
    tmp_path: Path,
) -> None:
    async with reporting(tmp_path) as (app, pilot, shown):
        seen: set[tuple[str, str]] = set()
        async with held(app) as go_on:
            await keys(pilot, "1", "3", "m", "4", "5")
            go_on.set()
            while not (shown.counts.is_there(shown.tab) and shown.is_settled):
                seen.add(split(app))
                await asyncio.sleep(0)
        assert "Report: last month" in text(app)
        assert asked(shown).mine
        head, body = split(app)
        for before, figures in seen - {(head, body)}:
            assert "Report: last 7 days" in before, "nothing of what came between"
            assert figures != body, "and no figure under other dates than its own"


@on_screen
async def test_leaving_waits_for_no_count(tmp_path: Path) -> None:
    async with reporting(tmp_path) as (app, pilot, _), held(app):
        await keys(pilot, "3", "escape")
        await until(lambda: app.screen is app.desk_screen)
        await keys(pilot, "g", "t")
        await until(lambda: isinstance(app.screen, ReportScreen))
        await until(lambda: "counting" in text(app))
        await keys(pilot, "q")
        await until(lambda: app.screen is app.desk_screen)


@on_screen
async def test_what_cannot_be_counted_is_said_and_is_no_empty_report(tmp_path: Path) -> None:
    async with reporting(tmp_path) as (app, pilot, shown):

        def hide(connection: Connection) -> None:
            connection.execute("ALTER TABLE sample RENAME TO elsewhere")

        def put_back(connection: Connection) -> None:
            connection.execute("ALTER TABLE elsewhere RENAME TO sample")

        app.desk.write(hide).result()
        await keys(pilot, "r")
        await until(lambda: "not counted" in text(app))
        assert "sample" in text(app)
        assert "First response" not in text(app)
        app.desk.write(put_back).result()
        await keys(pilot, "r")
        await counted(shown)
        await until(lambda: "First response" in text(app))


@pytest.mark.parametrize("size", [(80, 24), (40, 10)])
@on_screen
async def test_where_nothing_has_been_every_page_says_so(tmp_path: Path, size: tuple[int, int]) -> None:
    async with screen(home(tmp_path), size) as (app, pilot):
        await keys(pilot, "g", "t")
        await until(lambda: isinstance(app.screen, ReportScreen))
        shown = app.screen
        assert isinstance(shown, ReportScreen)
        for words in (
            "Nothing was measured",
            "Nothing in this time.",
            "No conversation",
            "On no account",
            "Nobody",
        ):
            await counted(shown)
            await until(lambda words=words: words in text(app))  # type: ignore[misc]
            await keys(pilot, "tab")


@on_screen
async def test_the_first_row_of_a_table_is_seen_with_its_head(tmp_path: Path) -> None:
    async with reporting(tmp_path) as (app, pilot, shown):
        shown.counts.by = "medium"
        await keys(pilot, "3")
        await counted(shown)
        await keys(pilot, "end")
        tops, at = 0, 0
        while shown.page.marked != at:
            assert shown.page.marked is not None
            at = shown.page.marked
            if at - 1 in shown._sheet.titles:
                tops += 1
                lines = text(app).splitlines()
                above = lines[next(n for n, line in enumerate(lines) if line.startswith(">")) - 1]
                assert " n " in above, "its head, and not the figure of whatever"
            await keys(pilot, "k")
        assert tops > 5


@on_screen
async def test_a_mark_stays_at_its_figure_when_the_screen_changes(tmp_path: Path) -> None:
    async with reporting(tmp_path) as (app, pilot, shown):
        await keys(pilot, "end")
        row = shown.row
        assert row is not None
        await pilot.resize_terminal(120, 36)
        await until(lambda: shown.size.width == 120)
        await counted(shown)
        assert shown.row == row
        await keys(pilot, "3")
        await counted(shown)
        assert shown.row is not None
        assert shown.row.metric == row.metric
        await keys(pilot, "home")
        assert "Times" in text(app)
