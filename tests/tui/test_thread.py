"""The thread pane: its lines, its view, and what it reports."""

import time
from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.message import Message

from tests.tui.pictures import DANA, ME, NOON, SAM, entry, inbound, note, ours, row, thread
from tests.tui.run import on_screen
from tuidesk.desk.picture import ShownEntry, ShownMessage, Thread
from tuidesk.domain.instants import DAY, MINUTE
from tuidesk.domain.model import Attachment, Person
from tuidesk.domain.text import clean, width
from tuidesk.tui.widgets.thread import PAGE, ThreadBody, ThreadPane
from tuidesk.tui.widgets.thread_lines import (
    Ask,
    File,
    Fold,
    Line,
    Setting,
    Whole,
    entry_lines,
    message_lines,
)
from tuidesk.tui.widgets.thread_roll import Roll

WIDE = Setting(54, 2026, DANA.handle, ("Ana",), UTC)


def shown(
    message: ShownMessage, setting: Setting = WIDE, unfolded: frozenset[int] = frozenset()
) -> list[str]:
    return [line.text for line in message_lines(message, setting, unfolded)]


def spots(lines: tuple[Line, ...]) -> list[object]:
    return [line.spot for line in lines if line.spot is not None]


# Lines


def test_the_first_line_says_who_from_which_address_and_when() -> None:
    assert shown(inbound(0, "Where is it?")) == [
        "Dana Ortiz <dana@ortiz.example>                  12:50",
        "Where is it?",
    ]


@pytest.mark.parametrize("cells", [18, 30, 40, 54])
def test_the_raw_address_is_always_shown_whole(cells: int) -> None:
    address = "somebody.with.a.long.name@a-very-long-domain.example"
    message = inbound(0, "x", sender=Person("Agent Anna <ana@acme.example>", address))
    lines = shown(message, replace(WIDE, width=cells))
    assert address in "".join(line.strip() for line in lines)


def test_a_name_that_shows_an_address_is_quoted_and_marked() -> None:
    lines = shown(inbound(0, "x", sender=Person("Ana <ana@acme.example>", "kim@evil.example")))
    assert lines[0].startswith('"Ana <ana@acme.example>"')
    assert "<kim@evil.example>" in lines[0]
    assert "  ! the name shows another address" in lines


def test_one_of_our_names_on_a_customers_message_is_marked() -> None:
    assert "  ! the name of one of us" in shown(inbound(0, "x", sender=Person("Ana", "a@b.example")))


def test_answers_that_go_elsewhere_are_told() -> None:
    assert "  ! answers go to else@b.example" in shown(inbound(0, "x", reply_address="else@b.example"))
    assert not any("answers" in line for line in shown(inbound(0, "x", reply_address="Dana@Ortiz.example")))


def test_copies_are_shown_and_to_where_it_is_not_the_customer() -> None:
    legal = Person("", "legal@ortiz.example")
    assert "  Cc legal@ortiz.example" in shown(inbound(0, "x", cc=(legal,)))
    assert not any("To " in line for line in shown(ours(0, "x")))
    assert "  To dana@ortiz.example, legal@ortiz.example" in shown(ours(0, "x", to=(DANA, legal)))
    assert "  Bcc legal@ortiz.example" in shown(ours(0, "x", bcc=(legal,)))


def test_quotes_and_signatures_are_folded_and_come_back_whole() -> None:
    message = inbound(3, "New words\n\nOn Friday Ana wrote:\n> one\n> two\n\n-- \nDana\n")
    lines = message_lines(message, WIDE)
    folds = [spot for spot in spots(lines) if isinstance(spot, Fold)]
    assert folds
    assert not any("> one" in line.text for line in lines)
    assert all(line.text.endswith("Enter shows") for line in lines if line.spot)
    opened = "\n".join(shown(message, unfolded=frozenset(fold.part for fold in folds)))
    for words in ("New words", "> one", "> two", "Dana"):
        assert words in opened
    assert "Enter hides" in opened


def test_files_keep_their_real_extension_and_their_raw_name_in_the_report() -> None:
    name = "holiday-photo-of-the-broken-parcel-at-the-door-\u202egpj.exe"
    lines = message_lines(inbound(4, "x", attachments=(Attachment(name, 1_234_567, "x", "r1"),)), WIDE)
    assert spots(lines) == [File(4, "r1", name)]
    assert ".exe  1.2 MB  d download" in lines[-1].text
    assert "\u202e" not in lines[-1].text


def test_a_size_that_the_channel_does_not_know_is_not_shown() -> None:
    lines = message_lines(inbound(4, "x", attachments=(Attachment("voice.ogg", 0, "x", "r1"),)), WIDE)
    assert lines[-1].text.split() == ["+", "voice.ogg", "d", "download"]


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (ours(0, "x", state="queued"), "queued  12:50"),
        (ours(0, "x", state="queued", not_before=NOON + 10_000), "leaves 12:50:10"),
        (ours(0, "x", state="sending"), "sending  12:50"),
        (ours(0, "x", state="sent"), "sent  12:50"),
        (ours(0, "x", state="failed", key="k"), "FAILED  12:50"),
        (ours(0, "x", state="unknown", key="k"), "UNKNOWN  12:50"),
        (inbound(0, "x", visibility="public"), "PUBLIC  12:50"),
        (inbound(0, "x", edited=True), "edited  12:50"),
    ],
)
def test_the_first_line_ends_in_the_state(message: ShownMessage, words: str) -> None:
    assert shown(message)[0].endswith(" " + words)


def test_what_failed_says_why_and_what_is_unknown_is_asked() -> None:
    failed = message_lines(ours(0, "x", state="failed", key="k1", reason="550 no such user"), WIDE)
    assert "! not sent: 550 no such user" in failed[1].text
    assert spots(failed) == [Ask("k1")]
    unknown = message_lines(ours(0, "x", state="unknown", key="k2", asked=True), WIDE)
    assert unknown[1].text == "  ! unknown: it may have arrived            Enter asks"
    assert spots(unknown) == [Ask("k2")]


def test_a_note_differs_in_word_rail_and_style() -> None:
    lines = message_lines(note(5, "carrier says lost"), WIDE)
    assert lines[0].text == ":: NOTE, team only :: you                     12:55 ::"
    assert all(line.text.startswith(":: ") and line.text.endswith(" ::") for line in lines)
    assert {style for line in lines for _, style in line.spans} >= {"rail", "note"}
    reply = message_lines(ours(5, "carrier says lost"), WIDE)
    assert not {"rail", "note"} & {style for line in reply for _, style in line.spans}


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (inbound(0, "x", kind="bounce"), "NOT DELIVERED, says Dana Ortiz"),
        (inbound(0, "x", kind="auto"), "automatic mail Dana Ortiz"),
        (inbound(0, "", kind="unreadable", body_size=31_312), "unreadable message, 31,312 bytes"),
        (inbound(0, "gone", deleted=True), "! deleted by the sender"),
        (inbound(0, "new", edited=True, prior="old"), "+ the text before the edit"),
        (inbound(0, "x", remote_images=3), "3 remote images not loaded"),
        (inbound(0, ""), "(no text)"),
    ],
)
def test_what_is_no_plain_message_says_so(message: ShownMessage, words: str) -> None:
    assert any(words in line for line in shown(message))


def test_more_than_200_kB_is_cut_and_said() -> None:
    message = inbound(6, "word " * 60_000)
    started = time.perf_counter()
    lines = message_lines(message, WIDE)
    assert time.perf_counter() - started < 0.5
    assert lines[-1].text.startswith("… 100 kB more")
    assert lines[-1].text.endswith("v shows all")
    assert lines[-1].spot == Whole(6)
    stored = message_lines(inbound(6, "beginning", body_size=5_000_009), WIDE)
    assert stored[-1].text.startswith("… 5.0 MB more")


@pytest.mark.parametrize(
    ("happened", "words"),
    [
        (entry(0, "completed", SAM), "-- complete (Sam Ito)"),
        (entry(0, "reopened", None, why="customer", was="pending"), "-- open again; the customer wrote"),
        (entry(0, "completed", SAM, why="channel"), "-- complete (Sam Ito)"),
        (entry(0, "completed", None, why="channel"), "-- complete; on the channel"),
        (entry(0, "forwarded", ME, linked=7, to=["a@b.example"]), "-- passed on to a@b.example as #7 (you)"),
        (
            entry(0, "not_done", None, work="tag", reason="gone"),
            "-- could not be done on the channel: tag; gone",
        ),
        (entry(0, "refused", None, people=[{"handle": "a@b"}]), "-- not taken by the channel: a@b"),
        (entry(0, "read", None, message=3), "-- read by the customer"),
        (entry(0, "tagged", ME, add=["refund"], remove=["late"]), "-- tags +refund -late (you)"),
        (entry(0, "assigned", ME, to={"name": "Sam Ito", "handle": "s"}), "-- assigned to Sam Ito (you)"),
        (entry(0, "assigned", ME, to={"name": "Ana", "handle": "a", "me": True}), "-- taken (you)"),
        (entry(0, "assigned", ME, to=None), "-- assigned to nobody (you)"),
        (entry(0, "snoozed", ME, until=NOON + DAY), "-- snoozed until 21 Nov 12:50 (you)"),
        (entry(0, "rated", DANA, score=4, scale=5), "-- rated 4 of 5 (Dana Ortiz)"),
        (entry(0, "something\x1b[2J"), "-- something␛[2J"),
    ],
)
def test_what_happened_besides_is_one_line(happened: ShownEntry, words: str) -> None:
    (line,) = entry_lines(happened, WIDE)
    assert line.text == f"{words:<48} 12:50"


NAUGHTY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\x1b\x07\x9b\u202e\u200f\u2066\u0301한글環ー👨\u200d👩🏽🇰🇷[/]\n\t<>@\"' "),
    ),
    max_size=80,
)


@settings(deadline=None, max_examples=150)
@given(NAUGHTY, NAUGHTY, NAUGHTY, st.integers(20, 90))
def test_no_line_is_wider_than_the_pane_or_holds_what_acts(
    name: str, handle: str, text: str, cells: int
) -> None:
    setting = replace(WIDE, width=cells)
    attachments = (Attachment(text, 5, "x", "r"),)
    for message in (
        inbound(1, text, sender=Person(name, handle), attachments=attachments, cc=(Person(name, handle),)),
        ours(2, text, sender=Person(name, handle), state="failed", reason=text),
        note(3, text, sender=Person(name, handle)),
    ):
        for line in message_lines(message, setting, frozenset(range(9)), new=True):
            assert width(line.text) <= cells
            assert clean(line.text, lines=False) == line.text
    for line in entry_lines(entry(4, "assigned", Person(name, handle), to={"name": text}, why=text), setting):
        assert width(line.text) <= cells
        assert clean(line.text, lines=False) == line.text


# The view


def many(count: int, **fields: Any) -> Thread:
    return thread(*(inbound(n, f"message {n}\nsecond line") for n in range(1, count + 1)), **fields)


def test_ten_thousand_messages_are_laid_out_only_where_looked_at() -> None:
    roll = Roll(many(10_000), WIDE)
    started = time.perf_counter()
    roll.to_unanswered(30)
    roll.to_end(30)
    assert len(roll.window(30)) == 30
    assert time.perf_counter() - started < 0.1
    assert len(roll._made) < 60


def test_scrolling_down_and_up_sees_every_line_once() -> None:
    roll = Roll(many(20), WIDE)
    whole = [line.text for index in range(roll.count) for line in roll.block(index)]
    seen = [line.text for _, line in roll.window(10)]
    while roll.scroll(10, 10):
        page = [line.text for _, line in roll.window(10)]
        seen += page if len(seen) + 10 <= len(whole) else page[len(seen) - len(whole) :]
    assert seen == whole
    roll.scroll(-len(whole), 10)
    assert roll.at_start()


def test_every_message_and_spot_is_reached_and_shown_by_the_cursor() -> None:
    text = "words\n\nOn Friday Ana wrote:\n> one\n"
    roll = Roll(
        thread(*(inbound(n, text) for n in range(1, 9)), inbound(9, "long\n" * 60), inbound(10, "end")), WIDE
    )
    roll.to_start(12)
    reached = set()
    for _ in range(60):
        roll.move(1, 12)
        window = dict(roll.window(12))
        if roll.cursor in window:
            reached.add(roll.cursor)
    stops = {
        (index, number)
        for index in range(roll.count)
        for number, line in enumerate(roll.block(index))
        if line.head or line.spot
    }
    assert stops - reached <= {(0, 1)}  # where it began
    for _ in range(60):
        roll.move(-1, 12)
    assert roll.at_start()


def test_a_conversation_opens_at_the_first_message_that_waits() -> None:
    old = [inbound(n, "old\n" * 5, at=NOON - DAY + n) for n in range(1, 6)]
    new = [inbound(n, "new\n" * 9) for n in range(6, 10)]
    roll = Roll(thread(*old, *new, row=row(waiting_since=new[0].at)), WIDE)
    roll.to_unanswered(12)
    assert roll.message() == new[0]
    assert roll.window(12)[0][1].head


def test_who_had_not_written_before_is_new() -> None:
    kim = Person("Kim", "kim@b.example")
    roll = Roll(thread(inbound(1, "a"), inbound(2, "b", sender=kim), inbound(3, "c", sender=kim)), WIDE)
    said = [any("new in this thread" in line.text for line in roll.block(index)) for index in range(3)]
    assert said == [False, True, False]


def test_days_are_separated() -> None:
    roll = Roll(thread(inbound(1, "a", at=NOON - DAY), inbound(2, "b"), inbound(3, "c")), WIDE)
    lines = [line.text for index in range(3) for line in roll.block(index)]
    assert [line.split(" -")[0] for line in lines if "---" in line] == ["Thu 19 Nov", "Fri 20 Nov"]


# The pane


class Host(App[None]):
    """A screen with nothing but the pane, which keeps what it reports."""

    def __init__(self, thread: Thread) -> None:
        super().__init__()
        self.first = thread
        self.reports: list[Message] = []
        self.painted = 0.0

    def compose(self) -> ComposeResult:
        yield ThreadPane(("Ana",))

    def on_mount(self) -> None:
        self.pane.show(self.first, NOON + 30 * MINUTE)
        self.pane.focus()

    @property
    def pane(self) -> ThreadPane:
        return self.query_one(ThreadPane)

    def lines(self) -> list[str]:
        return [strip.text for strip in self.screen._compositor.render_strips(self.screen.size)]

    def _keep(self, message: Message) -> None:
        self.reports.append(message)

    on_thread_pane_unfolded = _keep
    on_thread_pane_download_wanted = _keep
    on_thread_pane_ask_unknown = _keep
    on_thread_pane_earlier_wanted = _keep
    on_thread_pane_whole_wanted = _keep
    on_thread_pane_link_wanted = _keep


@on_screen
async def test_the_header_names_the_conversation_and_its_wait() -> None:
    app = Host(many(3))
    async with app.run_test(size=(60, 24)) as pilot:
        await pilot.pause()
        lines = app.lines()
        assert lines[0].startswith(" #1042 Refund for order 8841")
        assert lines[0].rstrip().endswith("open . me")
        assert lines[1].startswith(" mail via support")
        assert lines[1].rstrip().endswith("waits 30m")
        app.pane.tick(NOON + 91 * MINUTE)
        await pilot.pause()
        assert app.lines()[1].rstrip().endswith("waits 1h 31")


@on_screen
async def test_ten_thousand_messages_are_painted_within_a_second() -> None:
    big = many(10_000)
    app = Host(many(1))
    async with app.run_test(size=(100, 40)) as pilot:
        started = time.perf_counter()
        app.pane.show(big._replace(row=row(n=9, waiting_since=None)), NOON)
        await pilot.pause()
        assert "message 10000" in "".join(app.lines())
        assert time.perf_counter() - started < 1


@on_screen
async def test_a_new_message_is_counted_and_moves_nothing() -> None:
    before = many(30)
    app = Host(before)
    async with app.run_test(size=(60, 20)) as pilot:
        app.pane.to_end()
        await pilot.pause()
        lines = app.lines()
        app.pane.show(before._replace(items=(*before.items, inbound(31, "newest"))), NOON)
        await pilot.pause()
        assert app.lines()[3:] == lines[3:]
        assert "! 1 new below, End shows" in app.lines()[2]
        assert app.pane.last_seen == 30
        app.pane.to_end()
        await pilot.pause()
        assert "newest" in "".join(app.lines())
        assert "new below" not in app.lines()[2]
        assert app.pane.last_seen == 31


@on_screen
async def test_our_own_reply_is_scrolled_to() -> None:
    before = many(30)
    app = Host(before)
    async with app.run_test(size=(60, 20)) as pilot:
        app.pane.to_end()
        await pilot.pause()
        app.pane.show(before._replace(items=(*before.items, ours(31, "my words", state="queued"))), NOON)
        await pilot.pause()
        assert "my words" in "".join(app.lines())


@on_screen
async def test_the_same_conversation_again_keeps_the_place_and_what_is_unfolded() -> None:
    quoted = "words\n\nOn Friday Ana wrote:\n> hidden {n}\n"
    before = thread(*(inbound(n, quoted.format(n=n)) for n in range(1, 31)))
    app = Host(before)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        app.pane.to_start()
        for _ in range(6):
            app.pane.move(1)
        assert app.pane.act()
        await pilot.pause()
        lines = app.lines()
        assert any("> hidden" in line for line in lines)
        changed = (*before.items[:-1], inbound(30, "edited", edited=True))
        app.pane.show(before._replace(items=changed), NOON + 30 * MINUTE)
        await pilot.pause()
        assert app.lines() == lines
        (report,) = app.reports
        assert isinstance(report, ThreadPane.Unfolded)
        assert report.shown


@on_screen
async def test_earlier_messages_are_wanted_once_and_come_in_above() -> None:
    late = tuple(inbound(n, f"message {n}") for n in range(201, 401))
    app = Host(thread(*late, earlier=200))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        app.pane.to_start()
        app.pane.scroll_lines(-1)
        await pilot.pause()
        (report,) = app.reports
        assert isinstance(report, ThreadPane.EarlierWanted)
        assert (report.conversation, report.newest) == (1042, 200 + PAGE)
        assert "200 earlier messages" in app.lines()[3]
        app.pane.show(thread(*(inbound(n, f"message {n}") for n in range(1, 401))), NOON)
        await pilot.pause()
        assert "message 201" in "".join(app.lines())
        app.pane.scroll_lines(-4)
        await pilot.pause()
        assert "message 200" in "".join(app.lines())


@on_screen
async def test_reports_name_the_conversation_and_what_is_wanted() -> None:
    file = Attachment("a.pdf", 9, "x", "ref")
    app = Host(
        thread(
            inbound(1, "x", attachments=(file,)),
            ours(2, "y", state="unknown", key="k"),
            inbound(3, "", kind="unreadable"),
            links=(77,),
        )
    )
    async with app.run_test(size=(60, 30)) as pilot:
        await pilot.pause()
        app.pane.to_start()
        for _ in range(8):
            app.pane.move(1)
            app.pane.act()
        assert not app.pane.download(), "no other message's file"
        app.pane.to_start()
        for _ in range(8):
            app.pane.move(-1)
        assert app.pane.download()
        await pilot.pause()
        wanted = {type(report).__name__: report for report in app.reports}
        download = wanted["DownloadWanted"]
        assert isinstance(download, ThreadPane.DownloadWanted)
        assert (download.conversation, download.message, download.ref) == (1042, 1, "ref")
        ask = wanted["AskUnknown"]
        assert isinstance(ask, ThreadPane.AskUnknown)
        assert ask.key == "k"
        assert {"WholeWanted", "LinkWanted"} <= set(wanted)


@on_screen
async def test_a_key_acts_on_the_message_under_the_cursor_and_on_no_other() -> None:
    """Enter on a reply that waits settled another one; Enter on a failed one saved the customer's file."""
    file = Attachment("a.zip", 9, "x", "ref")
    app = Host(
        thread(
            inbound(1, "see the file", attachments=(file,)),
            ours(2, "first", state="unknown", key="k-first"),
            ours(3, "second", state="queued", key="k-second"),
            ours(4, "third", state="failed", key="k-third"),
        )
    )
    async with app.run_test(size=(60, 30)) as pilot:
        await pilot.pause()
        app.pane.to_start()
        for _ in range(9):
            app.pane.move(-1)
        acted: dict[int, bool] = {}
        for _ in range(9):
            message = app.pane.current
            if message is not None and message.n not in acted:
                acted[message.n] = app.pane.act()
            app.pane.move(1)
        await pilot.pause()
        assert acted == {1: False, 2: True, 3: False, 4: True}
        assert [report.key for report in app.reports if isinstance(report, ThreadPane.AskUnknown)] == [
            "k-first",
            "k-third",
        ]
        assert not any(isinstance(report, ThreadPane.DownloadWanted) for report in app.reports)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50), (20, 6), (3, 3)])
@on_screen
async def test_every_size_is_drawn(size: tuple[int, int]) -> None:
    app = Host(thread(inbound(1, "환불 언제 되나요? " * 9), note(2, "n" * 99), ours(3, "مرحبا " * 20)))
    async with app.run_test(size=size) as pilot:
        for turn in ((40, 20), size):
            await pilot.resize_terminal(*turn)
            await pilot.pause()
        assert all(width(line) == size[0] for line in app.lines())


@on_screen
async def test_with_the_end_in_view_it_stays_in_view_when_the_pane_gets_lower() -> None:
    app = Host(many(30))
    async with app.run_test(size=(60, 30)) as pilot:
        app.pane.to_end()
        await pilot.resize_terminal(60, 15)
        await pilot.pause()
        assert "message 30" in "".join(app.lines())


@on_screen
async def test_no_other_conversation_is_left_on_the_screen_while_one_opens() -> None:
    app = Host(many(3))
    async with app.run_test(size=(60, 20)) as pilot:
        app.pane.opening(77)
        await pilot.pause()
        text = "".join(app.lines())
        assert "Opening #77" in text
        assert "message" not in text
        assert "#1042" not in text
        assert app.pane.conversation is None
        assert not app.pane.act()


@on_screen
async def test_the_end_stays_in_view_though_the_first_resize_is_told_late() -> None:
    app = Host(many(3))
    async with app.run_test(size=(60, 40)) as pilot:
        body = app.pane.query_one(ThreadBody)
        body._height = 0  # as before the pane has been told its size, which it knows already
        app.pane.show(many(6)._replace(row=row(n=9)), NOON)
        assert body.roll is not None
        assert body.roll.at_end(body.size.height)
        await pilot.resize_terminal(60, 12)
        await pilot.pause()
        assert body.roll.at_end(body.size.height)
