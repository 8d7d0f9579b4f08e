"""Views by their keys, with live counts; newcomers of each; and the prompt that speaks the language of queries."""

import threading
from pathlib import Path

import pytest

from tests.tui.desks import demo, demo_screen, keys, screen, text, until
from tests.tui.run import on_screen
from tuidesk.desk import read
from tuidesk.desk.picture import Counts
from tuidesk.domain import query
from tuidesk.domain.actions import BY_ID
from tuidesk.domain.commands import Assign, Complete, Pending, Tag
from tuidesk.domain.query import View, parse
from tuidesk.tui import turnstile
from tuidesk.tui.app import DeskApp
from tuidesk.tui.views import SEARCH, Views

OWN = """
[[views]]
name = "Refunds"
query = "is:open refund"
key = 1
sort = "old"
[[views]]
name = "Tagged"
query = "tag:watched"
key = 2
"""


def ids(app: DeskApp, asked: object) -> list[int]:
    return list(app.desk.read(read.queue, asked, app.desk.clock.now()).result())


def shown(app: DeskApp) -> list[int]:
    picture = app.desk_screen.queue.picture
    return list(picture.ids) if picture is not None else []


def top(app: DeskApp) -> str:
    return text(app).splitlines()[0]


@on_screen
async def test_every_view_has_its_key_and_shows_what_its_query_finds(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        showing = app.desk_screen.showing
        me = app.desk.settings.agent
        mine = ids(app, "unassigned")[:2]
        app.desk.do(Assign(conversations=tuple(mine), to=me)).result()
        for view in query.VIEWS:
            action = BY_ID[f"view-{view}"]
            await keys(pilot, *action.keys[0].split())
            wanted = ids(app, parse(query.VIEWS[view]))
            await until(lambda: showing.view == view and shown(app) == wanted)  # noqa: B023
            name = view.capitalize()
            await until(lambda: f"[{name} {len(wanted):,}]" in top(app))  # noqa: B023
        assert set(mine) < set(ids(app, "mine"))
        assert set(mine) <= set(ids(app, "handled"))
        assert ids(app, "window") == []


@on_screen
async def test_an_empty_view_says_what_that_means(tmp_path: Path) -> None:
    paths = demo(tmp_path)
    paths.config_toml.write_text("targets = []\n" + paths.config_toml.read_text())
    async with screen(paths) as (app, pilot):
        for key, words in (
            ("l", "Nothing is late."),
            ("s", "Nothing is late soon."),
            ("w", "No reply window closes"),
        ):
            await keys(pilot, "g", key)
            await until(lambda: words in " ".join(text(app).split()))  # noqa: B023


@on_screen
async def test_counts_are_live(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, _):
        before = len(ids(app, "mine"))
        await until(lambda: f"Mine {before}" in top(app))
        n = ids(app, "unassigned")[0]
        app.desk.do(Assign(conversations=(n,), to=app.desk.settings.agent)).result()
        await until(lambda: f"Mine {before + 1}" in top(app))
        assert "Late " in top(app)
        assert "Window" not in top(app), "what holds nothing is not named"


@on_screen
async def test_newcomers_of_a_view_are_what_its_query_finds(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        await keys(pilot, "g", "m")
        await until(lambda: shown(app) == ids(app, "mine"))
        one, other = [n for n in ids(app, "unassigned") if n not in ids(app, "check")][:2]
        app.desk.do(Tag(conversations=(other,), add=("watched",))).result()
        app.desk.do(Assign(conversations=(one,), to=app.desk.settings.agent)).result()
        picture = app.desk_screen.queue.picture
        assert picture is not None
        await until(lambda: list(picture.newcomers) == [one])
        await until(lambda: "1 new: " in text(app))
        app.desk.do(Complete(conversations=(one,))).result()
        await until(lambda: not picture.newcomers)


@on_screen
async def test_newcomers_of_a_search_are_counted_as_well(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as (app, pilot):
        one, two = ids(app, "open")[3:5]
        app.desk.do(Tag(conversations=(one,), add=("watched",))).result()
        await keys(pilot, "slash", *"tag:watched", "enter")
        await until(lambda: app.desk_screen.showing.view == SEARCH and shown(app) == [one])
        picture = app.desk_screen.queue.picture
        assert picture is not None
        app.desk.do(Pending(conversations=(ids(app, "open")[6],))).result()
        app.desk.do(Tag(conversations=(two,), add=("watched",))).result()
        await until(lambda: list(picture.newcomers) == [two])
        await keys(pilot, "g", "r")
        await until(lambda: set(shown(app)) == {one, two})


@on_screen
async def test_views_of_ones_own(tmp_path: Path) -> None:
    paths = demo(tmp_path)
    paths.config_toml.write_text(paths.config_toml.read_text() + OWN)
    async with screen(paths) as (app, pilot):
        showing = app.desk_screen.showing
        await until(lambda: bool(showing.accounts) and showing.accounts[0].caught_up)
        await keys(pilot, "g", "1")
        wanted = ids(app, parse("is:open refund sort:old"))
        await until(lambda: showing.view == "Refunds" and shown(app) == wanted != [])
        await until(lambda: f"[Refunds {len(wanted)}]" in top(app))
        assert "(oldest first)" in top(app)
        await until(lambda: "Tagged 0" in top(app))
        n = ids(app, "open")[0]
        app.desk.do(Tag(conversations=(n,), add=("watched",))).result()
        await until(lambda: "Tagged 1" in top(app))
        await keys(pilot, "g", "2")
        await until(lambda: shown(app) == [n])
        await keys(pilot, "g", "3")
        await until(lambda: "No view of yours has the digit 3." in text(app))
        assert showing.view == "Tagged"
        app.desk_screen.pressing._keyboard.pressed = "Enter"  # as it is when the palette was asked
        app.desk_screen.obey(BY_ID["view-own"])
        await until(lambda: "Your views: g 1 Refunds, g 2 Tagged" in text(app))


COUNTS = Counts(1234, 12, 84, 1, 0, 2, 5, 6, 3, 1, 9, 70_000, 99_000, 0)


def test_the_line_names_what_matters_first() -> None:
    views = Views([View("VIP", parse("tag:vip"), "1"), View("Keyless", parse("tag:x"))])
    spans = views.spans("open", "", COUNTS, {"VIP": 4, "Keyless": 5}, 1234)
    words = "".join(words for words, _ in spans)
    assert (
        words
        == "[Open 1,234]  Mine 12  Late 1  Window 2  Unassigned 84  Check 1  Drafts 3  VIP 4  (due first)  "
    )
    assert {style: words.split()[0] for words, style in spans}["alert"] == "Check"
    words = "".join(words for words, _ in views.spans("complete", "", COUNTS, {}, 70_000))
    assert words.startswith("[Complete 70,000]  Open 1,234  ")
    assert views.spans("VIP", "", COUNTS, {}, 4)[0] == ("[VIP 4]  ", "chosen")
    assert views.spans(SEARCH, "refund \x1b[31m", COUNTS, {}, 7)[0] == (
        "[Search “refund ␛[31m” 7]  ",
        "chosen",
    )


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
@on_screen
async def test_the_line_fits_any_width(tmp_path: Path, columns: int) -> None:
    async with demo_screen(tmp_path, (columns, 24)) as (app, _):
        spans = Views(()).spans("open", "", COUNTS._replace(drafts=0), {}, 1)
        status = app.desk_screen.status
        status.say(spans, ("! mastodon silent 4m, 6 ok", "alert"), "14:02")
        line = "".join(segment.text for segment in status.render_line(0))
        assert "[Open 1,234]" in line
        assert line.rstrip().endswith("14:02")
        assert "mastodon" in line, "a word about the accounts is always there"
        assert ("(due first)" in line) == (columns >= 120)
        status.say(spans, ("! mastodon silent 4m, 6 ok", "alert"), "14:02", "away 12m")
        line = "".join(segment.text for segment in status.render_line(0))
        assert "[Open 1,234]" in line
        assert line.rstrip().endswith("away 12m 14:02")


@on_screen
async def test_the_help_has_every_digit_beside_the_words(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 120)) as (app, pilot):
        await keys(pilot, "question_mark")
        await until(lambda: "Keys: in the queue" in text(app))
        lines = [line.split("a view")[0].split() for line in text(app).splitlines()]
        assert ["g", "1", "g", "2", "g", "3", "g", "4"] in lines
        assert ["g", "9", "g", "0"] in lines


# --- the prompt -------------------------------------------------------------------------------------


@on_screen
async def test_a_mistake_is_shown_where_it_is_and_the_text_stays(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        prompt, line = app.desk_screen.prompt, app.desk_screen.prompt._line
        await keys(pilot, "slash", *"box is:op")
        await until(lambda: "Tab: open" in text(app))
        await keys(pilot, *"ne")
        await until(lambda: "there is no is:opne; did you mean is:open?" in text(app))
        await keys(pilot, "enter")
        await pilot.pause()
        assert prompt.is_open
        assert line.value == "box is:opne"
        assert underlined(app) == "opne"
        await keys(pilot, "tab")
        assert line.value == "box is:open"
        await until(lambda: "did you mean" not in text(app))
        await keys(pilot, "enter")
        await until(lambda: app.desk_screen.showing.typed == "box is:open")


@on_screen
async def test_what_is_only_unfinished_is_no_mistake_before_enter(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        prompt = app.desk_screen.prompt
        await keys(pilot, "slash", *"(box")
        await until(lambda: prompt._line.value == "(box")
        assert prompt.said == ""
        await keys(pilot, "enter")
        await until(lambda: "this parenthesis is not closed" in text(app))
        assert underlined(app) == "("
        assert prompt.is_open
        await keys(pilot, *")", "enter")
        assert prompt._line.value == "()box", "the cursor stands behind the mistake"
        await until(lambda: "nothing is in these parentheses" in text(app))


@on_screen
async def test_a_mistake_that_is_behind_one_is_shown_while_typing(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        await keys(pilot, "slash", *"form:dana x")
        await until(lambda: "there is no form:; did you mean from:?" in text(app))
        assert underlined(app) == "form:"
        await keys(pilot, "escape")
        await until(lambda: not app.desk_screen.prompt.is_open)
        assert app.desk_screen.showing.view == "open"


def underlined(app: DeskApp) -> str:
    """The part of the line that is marked."""
    prompt = app.desk_screen.prompt
    strip = prompt._line.render_line(0)
    return "".join(segment.text for segment in strip if segment.style is not None and segment.style.underline)


@on_screen
async def test_what_is_typed_is_completed(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        app.desk.do(Tag(conversations=(ids(app, "open")[0],), add=("late fee",))).result()
        prompt, line = app.desk_screen.prompt, app.desk_screen.prompt._line
        await keys(pilot, "slash", *"is")
        await until(lambda: "Tab: is:" in text(app))
        await keys(pilot, "tab")
        assert line.value == "is:"
        await until(lambda: "Tab: open  pending" in text(app))
        await keys(pilot, "u", "n", "tab")
        assert line.value == "is:unread "
        await keys(pilot, "tab")
        assert line.value == "is:unassigned "
        await until(lambda: "Tab: unassigned  unknown  unread" in text(app))
        await keys(pilot, "tab", "tab", *"tag:late")
        assert line.value == "is:unread tag:late"
        await until(lambda: '"late fee"' in prompt.said)
        await keys(pilot, "tab", "enter")
        await until(lambda: app.desk_screen.showing.typed.strip() == 'is:unread tag:"late fee"')


@on_screen
async def test_the_order_that_is_asked_for_is_kept(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        for typed in ("is:open sort:new", "is:open sort:old"):
            await keys(pilot, "slash", *typed, "enter")
            wanted = ids(app, parse(typed))
            await until(lambda: shown(app) == wanted)  # noqa: B023
        assert ids(app, parse("is:open sort:new")) == ids(app, parse("is:open sort:old"))[::-1]


@on_screen
async def test_other_questions_have_one_line_and_no_language(tmp_path: Path) -> None:
    async with demo_screen(tmp_path, (80, 24)) as (app, pilot):
        await keys(pilot, "j", "p", *"form:x", "tab")
        await until(lambda: app.desk_screen.prompt.is_open)
        assert app.desk_screen.prompt.size.height == 1
        await keys(pilot, "enter")
        await until(lambda: not app.desk_screen.prompt.is_open)


@pytest.mark.parametrize(("letter", "view"), [("u", "unassigned"), ("r", "open")])
@on_screen
async def test_a_key_behind_that_of_a_view_is_about_that_view(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, letter: str, view: str
) -> None:
    monkeypatch.setattr(turnstile, "HELD_S", 60.0)
    async with demo_screen(tmp_path) as (app, pilot):
        queue, answered = app.desk_screen.queue, threading.Event()
        queue.go(4)
        before, at = queue.picture, queue.current
        app.desk.read(lambda _: answered.wait(60))
        await pilot.press("g", letter, "j")
        assert (queue.picture, queue.current) == (before, at), "not about the one before it"
        answered.set()
        await until(lambda: queue.picture is not before and queue.cursor != 0)
        found = queue.picture
        assert found is not None
        assert found.view == view
        begun = found.place(at) if view == "open" and at is not None else 0
        await until(lambda: begun is not None and queue.cursor == begun + 1)
