"""The queue: rows in words, the frozen picture, and what a minute costs."""

import sys
from array import array
from pathlib import Path
from typing import Any

import pytest

from tests.terminal import Terminal
from tests.tui.desks import demo, demo_screen, keys, text, until
from tests.tui.pictures import NOON, row
from tests.tui.run import on_screen
from tuidesk.desk.picture import Draft
from tuidesk.domain.instants import DAY, HOUR, MINUTE
from tuidesk.domain.model import Person
from tuidesk.domain.text import width
from tuidesk.tui import freshness, when
from tuidesk.tui.widgets import queue_lines
from tuidesk.tui.widgets.queue_picture import KEPT, Picture

HOSTILE = "\x1b[31m\x9b2J\u202eevil\u2066 \u200bkim 환불 👩🏽‍🚀" * 9


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (-5 * MINUTE, "0m"),
        (12 * MINUTE, "12m"),
        (59 * MINUTE, "59m"),
        (65 * MINUTE, "1h 05"),
        (9 * HOUR + 59 * MINUTE, "9h 59"),
        (23 * HOUR + 59 * MINUTE, "23h"),
        (3 * DAY + 5 * HOUR, "3d"),
    ],
)
def test_a_span_is_written_one_way_everywhere(ms: int, words: str) -> None:
    assert when.span(ms) == words
    assert queue_lines.clock(row(), NOON + ms) == (f"wait {words}", "wait")
    assert len(f"wait {words}") <= queue_lines.CLOCK


def test_the_clock_that_matters_comes_first() -> None:
    now = NOON + 12 * MINUTE
    assert queue_lines.clock(row(), now) == ("wait 12m", "wait")
    assert queue_lines.clock(row(trouble="unknown", status="pending"), now) == ("unknown", "trouble")
    assert queue_lines.clock(row(trouble="failed"), now) == ("failed", "trouble")
    assert queue_lines.clock(row(waiting_since=None, woke=True), now) == ("back", "back")
    assert queue_lines.clock(row(waiting_since=None), now) == ("open", "open")
    assert queue_lines.clock(row(status="complete"), now) == ("complete", "complete")
    slow = row(status="pending", due=now - HOUR, due_soon=now - 2 * HOUR)
    assert queue_lines.clock(slow, now) == ("pending", "pending")
    assert queue_lines.clock(slow, now, "late")[0] == "late 1h 00"
    assert queue_lines.clock(row(status="complete"), now, "complete") == ("12m ago", "complete")


def test_the_end_of_a_reply_window_is_a_clock_like_any_other() -> None:
    def shown(view: str = "open", /, **fields: Any) -> tuple[str, str]:
        return queue_lines.clock(row(**fields), NOON + HOUR, view)

    ends = NOON + HOUR + 22 * MINUTE
    assert shown(window_ends=ends) == ("win 22m", "soon")
    assert shown(window_ends=NOON + 20 * HOUR) == ("wait 1h 00", "wait")
    assert shown(window_ends=NOON + MINUTE) == ("shut 59m", "late")
    later, sooner = {"due": ends + 1, "due_soon": ends}, {"due": ends - 1, "due_soon": ends - 1}
    assert shown(window_ends=ends, **later) == ("win 22m", "soon")
    assert shown(window_ends=ends, **sooner) == ("due 21m", "due")
    assert shown(window_ends=NOON + 20 * HOUR, due=NOON + 30 * HOUR, due_soon=None) == ("win 19h", "due")
    assert shown(window_ends=ends, due=NOON, due_soon=NOON) == ("win 22m", "soon"), "late, but not lost"
    assert shown(window_ends=NOON + 20 * HOUR, due=NOON, due_soon=NOON) == ("late 1h 00", "late")
    assert shown(window_ends=NOON + MINUTE, due=NOON, due_soon=NOON) == ("late 1h 00", "late")
    assert shown(window_ends=ends, waiting_since=None) == ("open", "open"), "nobody waits"
    assert shown("window", window_ends=ends, waiting_since=None) == ("win 22m", "soon")
    assert shown("late", window_ends=NOON, due=NOON + MINUTE, due_soon=NOON) == ("late 59m", "late")


def test_all_conversations_show_what_they_are_ordered_by() -> None:
    now = NOON + 12 * MINUTE
    for status in ("open", "pending", "snoozed", "complete"):
        assert queue_lines.clock(row(status=status), now, "all") == ("12m ago", status)


def test_whose_it_is() -> None:
    assert queue_lines.owner(None) == "--"
    assert queue_lines.owner(Person("Ana", "ana@acme.example", me=True)) == "me"
    assert queue_lines.owner(Person("Sam Ito", "sam@acme.example")) == "SI"
    assert queue_lines.owner(Person("", "mina@acme.example")) == "MA"


def test_what_was_said() -> None:
    said = queue_lines.said
    assert said(row(subject="", snippet="where is it", last_in=5, last_message=5), NOON) == "where is it"
    assert said(row(subject="", snippet="on its way", last_in=5, last_message=6), NOON) == "us: on its way"
    assert said(row(subject="Order 7", snippet="where is it"), NOON) == "Order 7: where is it"
    assert said(row(subject="Order 7", snippet="Order 7"), NOON) == "Order 7"
    assert said(row(trouble="unknown"), NOON).startswith("reply maybe sent")
    asleep = row(status="snoozed", snoozed_until=NOON + HOUR, subject="billing")
    assert said(asleep, NOON).endswith(": billing")
    assert "a reply" in said(row(status="snoozed", subject="x"), NOON)
    assert "for Billing" in said(row(status="pending", pending_for="Billing"), NOON)


def test_a_draft_is_listed_by_its_own_words_and_mode() -> None:
    draft = Draft(mode="note", text="ask\nbilling", at=NOON, to="", cc="", subject="", account="")
    for spans in (
        queue_lines.tall(row(snippet="theirs"), NOON, 40, 1, "drafts", (), draft),
        queue_lines.dense(row(snippet="theirs"), NOON, 80, "drafts", (), draft),
    ):
        shown = "".join(text for text, _ in spans)
        assert "draft of a note: ask billing" in shown
        assert "theirs" not in shown


@pytest.mark.parametrize("cells", [36, 80, 120])
def test_who_may_not_be_who_they_say_is_marked_in_the_list(cells: int) -> None:
    twin = row(name="\u0410na", handle="ana@evil.example", snippet="hello")
    for one, mark in ((twin, "!"), (row(), " ")):
        if cells < 64:
            spans = queue_lines.tall(one, NOON, cells, 0, "open", ("Ana",))
        else:
            spans = queue_lines.dense(one, NOON, cells, "open", ("Ana",))
        at = next(
            place for place, (_, style) in enumerate(spans) if style == "name" and len(spans[place][0]) > 1
        )
        assert spans[at - 1][0] == mark
    assert "the name of one of us" in queue_lines.preview(twin, NOON, ("Ana",))


@pytest.mark.parametrize("cells", [20, 36, 40, 56, 80, 120, 200])
def test_a_row_stays_in_its_cells_whatever_it_says(cells: int) -> None:
    hostile = row(
        name=HOSTILE,
        handle=HOSTILE,
        subject=HOSTILE,
        snippet=HOSTILE,
        medium=HOSTILE,
        also_open=12,
        draft=True,
        drafts=("reply",),
    )
    for spans in (
        *(queue_lines.tall(hostile, NOON, cells, part, "open") for part in (0, 1)),
        queue_lines.dense(hostile, NOON, cells, "open"),
    ):
        shown = "".join(text for text, _ in spans)
        assert not set(shown) & {
            chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), 0x202E, 0x2066, 0x200B)
        }
    for part in (0, 1):
        shown = "".join(text for text, _ in queue_lines.tall(hostile, NOON, cells, part, "open"))
        assert width(shown) <= max(cells, 26)


def test_the_picture_is_frozen_and_small() -> None:
    picture = Picture("open", array("q", range(200_000, 100_000, -1)))
    assert len(picture) == 100_000
    assert 150_000 in picture
    assert 100_000 not in picture
    assert picture.place(199_999) == 1
    assert picture.place(5) is None
    picture.fill([200_000, 7], {200_000: row(n=200_000)})
    assert picture.rows[7] is None, "gone"
    assert picture.missing(0, 3) == [199_999, 199_998]
    for n in range(150_000, 150_000 + KEPT + 500):
        picture.rows[n] = row(n=n)
    picture.forget_but(0, 30)
    assert len(picture.rows) < KEPT
    assert 200_000 in picture.rows


def test_silence_is_said() -> None:
    from tuidesk.desk.picture import AccountState

    def account(name: str, health: str, heard: int | None, caught_up: bool = True) -> AccountState:
        return AccountState(
            id=name,
            kind="mail",
            label=name,
            health=health,
            detail="",
            heard_at=heard,
            caught_up=caught_up,
            done=1_240,
            total=8_900,
            going_out=0,
        )

    well, quiet = account("a", "ok", NOON), account("mastodon", "ok", NOON - 4 * MINUTE)
    assert freshness.summary((well, well), NOON) == ("2 accounts ok", "quiet")
    assert freshness.summary((well, quiet), NOON) == ("! mastodon silent 4m, 1 account ok", "alert")
    assert "sign in" in freshness.summary((account("b", "auth", NOON), quiet), NOON)[0]
    assert freshness.summary((), NOON)[0] == "no account yet"
    imported = account("imported", "ok", None)._replace(kind="import")
    assert freshness.summary((imported, well), NOON) == ("1 account ok", "quiet")
    assert freshness.summary((imported,), NOON) == ("no account yet", "quiet")
    assert freshness.all_offline((imported, account("a", "offline", NOON)), 0)
    reading = account("support@", "syncing", NOON, caught_up=False)
    assert (
        freshness.loading((well, reading))
        == "support@: [##------------------] 1,240 of about 8,900 read, newest first. You can work."
    )
    assert "may be old" in freshness.empty("open", (quiet,), NOON)
    assert (
        freshness.empty("open", (well,), NOON + 12_000)
        == "Nothing waits for you. 1 account checked 12 s ago."
    )
    assert freshness.all_offline((account("b", "offline", NOON),), 2).endswith("2 going out wait.")


_FAST = """
import sys, time
from pathlib import Path
from tuidesk.config.paths import Paths
from tuidesk.desk.clock import SystemClock
from tuidesk.desk.desk import Desk
from tuidesk.tui import freshness, when
from tuidesk.tui.app import run
from tuidesk.tui.screens import desk as screen
class Fast(SystemClock):
    start = time.monotonic()
    def now(self):
        return super().now() + int((self.monotonic() - self.start) * 60_000)
screen.TICK_S = 1.0
freshness.SILENT = 10**12
home = Path(sys.argv[1])
desk = Desk.open(Paths(home / "config", home / "data", home / "state"))
desk.clock = Fast()
sys.exit(run(desk))
"""


def test_a_minute_costs_its_own_cells_only(tmp_path: Path) -> None:
    """A clock sixty times too fast: every second all waits of the first hours are another minute."""
    paths = demo(tmp_path)
    with Terminal([sys.executable, "-c", _FAST, str(paths.config.parent)], columns=80, lines=24) as terminal:
        terminal.until(r"account ok")
        terminal.until(r"wait \d+h \d\d")
        terminal.pump(3)
        before, seen = terminal.text, len(terminal.written)
        terminal.pump(3)
        after, written = terminal.text, len(terminal.written) - seen
        assert [line[:14] for line in before.splitlines()] != [line[:14] for line in after.splitlines()]
        clocks = sum(line[3:8] in ("wait ", "late ") for line in after.splitlines())
        assert clocks >= 15
        assert written / 3 < clocks * 110 + 400, "a whole row costs three times as much"
        assert [line[14:] for line in before.splitlines()[1:19]] == [
            line[14:] for line in after.splitlines()[1:19]
        ]


def test_every_flag_is_a_sign_where_there_is_little_room_and_a_word_where_there_is_more() -> None:
    flagged = row(
        draft=True, drafts=("reply",), woke=True, subject="", snippet="hello", last_in=1, last_message=1
    )
    tall = "".join(text for text, _ in queue_lines.tall(flagged, NOON, 40, 1, "open"))
    slim = "".join(text for text, _ in queue_lines.dense(flagged, NOON, 36, "open"))
    wide = "".join(text for text, _ in queue_lines.dense(flagged, NOON, 80, "open"))
    assert "dz hello" in tall
    assert "dz hello" in slim
    assert "(draft, back) hello" in wide
    assert queue_lines.flags(row(trouble="failed", draft=True, drafts=("reply",))) == "!d"
    assert queue_lines.flags(row(draft=True, drafts=("note",))) == "n", "a note's draft is not one of a reply"
    assert queue_lines.flags(row(draft=True, drafts=("note", "reply"))) == "dn"


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@on_screen
async def test_v_turns_rows_of_one_line_into_rows_of_two_and_back(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with demo_screen(tmp_path, size) as (app, pilot):
        queue = app.desk_screen.queue
        await keys(pilot, *"jjjjj")
        n, before = queue.current, _rows_shown(text(app))
        await keys(pilot, "v")
        await until(lambda: "lines a row" in text(app) or "line a row" in text(app))
        turned = _rows_shown(text(app))
        assert (turned > before * 1.5) if size[0] == 120 else (turned < before / 1.5)
        assert queue.current == n
        assert any(line.startswith((">", "-")) for line in text(app).splitlines()), "the mark is in view"
        await keys(pilot, "v")
        await until(lambda: _rows_shown(text(app)) == before)


def _rows_shown(shown: str) -> int:
    return sum(
        line[3:8] in ("wait ", "late ", "faile", "unkno") or line[3:7] == "due "
        for line in shown.splitlines()
    )
