"""The customer pane: who it is, what else waits, and what was before."""

from dataclasses import replace
from datetime import UTC, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from tests.tui.pictures import DANA, NOON, row
from tests.tui.run import on_screen
from tuidesk.desk.picture import Customer, Identity, Row
from tuidesk.domain.instants import DAY, MINUTE
from tuidesk.domain.text import clean, width
from tuidesk.tui.widgets.customer import CustomerPane
from tuidesk.tui.widgets.customer_lines import Setting, customer_lines

WAITING = row(n=1051, medium="whatsapp", subject="any news on 8841??", waiting_since=NOON - 51 * MINUTE)
DONE = row(n=900, status="complete", medium="whatsapp", subject="where is my refund?", last_at=NOON - 6 * DAY)
OLD = row(n=800, status="pending", medium="chat", subject="", snippet="hello?", last_at=NOON - 400 * DAY)
SETTING = Setting(30, NOON, 1042, zone=UTC)


def customer(*others: Row, **fields: Any) -> Customer:
    rows = (row(), *others)
    made = Customer(
        n=7,
        name=DANA.name,
        identities=(
            Identity(medium="mail", handle=DANA.handle),
            Identity(medium="whatsapp", handle="+8210555"),
        ),
        fields=(("language", "ko en"),),
        since=NOON - 970 * DAY,
        conversations=rows,
        total=len(rows),
    )
    return made._replace(**fields)


def test_who_it_is_what_waits_and_what_was_before() -> None:
    lines = [line.text.rstrip() for line in customer_lines(customer(WAITING, DONE, OLD), SETTING)]
    assert lines == [
        "Dana Ortiz",
        "dana@ortiz.example        mail",
        "+8210555              whatsapp",
        "language: ko en",
        "since Mar 2024, 4 threads",
        "-" * 30,
        "ALSO OPEN NOW",
        "#1051 whatsapp       waits 51m",
        "  any news on 8841??",
        "-" * 30,
        "BEFORE",
        "14 Nov whatsapp       complete",
        "  where is my refund?",
        "16 Oct 2025 chat       pending",
        "  hello?",
    ]


def test_their_own_time_is_told_where_it_is_known() -> None:
    seoul = replace(SETTING, there=timezone(timedelta(hours=9)))
    assert "21:50 there" in [line.text for line in customer_lines(customer(), seoul)]


def test_more_conversations_than_are_listed_are_counted() -> None:
    assert customer_lines(customer(DONE, total=1202), SETTING)[-1].text == "and 1,200 more"


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=60), st.text(max_size=60), st.integers(12, 60))
def test_no_line_is_wider_than_the_pane_or_holds_what_acts(name: str, handle: str, cells: int) -> None:
    made = customer(
        WAITING._replace(subject=name, medium=handle[:20]),
        DONE._replace(subject=handle, medium=name[:20]),
        name=name,
        identities=(Identity(medium=name[:12], handle=handle),),
        fields=((handle, name),),
    )
    for line in customer_lines(made, replace(SETTING, width=cells)):
        assert width(line.text) <= cells
        assert clean(line.text, lines=False) == line.text


def test_handles_are_shown_whole() -> None:
    long = "somebody.with.a.long.name@a-very-long-domain.example"
    lines = customer_lines(customer(identities=(Identity(medium="mail", handle=long),)), SETTING)
    assert long in "".join(line.text.strip() for line in lines)


class Host(App[None]):
    """A screen with nothing but the pane, which keeps what it reports."""

    def __init__(self, shown: Customer) -> None:
        super().__init__()
        self.first = shown
        self.wanted: list[int] = []

    def compose(self) -> ComposeResult:
        yield CustomerPane()

    def on_mount(self) -> None:
        self.pane.show(self.first, 1042, NOON)
        self.pane.focus()

    @property
    def pane(self) -> CustomerPane:
        return self.query_one(CustomerPane)

    def lines(self) -> list[str]:
        return [strip.text for strip in self.screen._compositor.render_strips(self.screen.size)]

    def on_customer_pane_past_wanted(self, message: CustomerPane.PastWanted) -> None:
        self.wanted.append(message.conversation)


def many(count: int) -> tuple[Row, ...]:
    return tuple(DONE._replace(n=n, subject=f"subject {n}") for n in range(count, 0, -1))


@on_screen
async def test_the_cursor_goes_over_conversations_and_enter_wants_one() -> None:
    app = Host(customer(WAITING, DONE, OLD))
    async with app.run_test(size=(32, 20)) as pilot:
        await pilot.pause()
        assert any(line.startswith(">#1051") for line in app.lines())
        for step in (1, 1, 1, -1):
            app.pane.move(step)
            assert app.pane.act()
        await pilot.pause()
        assert app.wanted == [900, 800, 800, 900]
        assert any(line.startswith(">14 Nov whatsapp") for line in app.lines())


@on_screen
async def test_every_conversation_can_be_scrolled_to_and_the_place_is_kept() -> None:
    shown = customer(*many(199))
    app = Host(shown)
    async with app.run_test(size=(32, 20)) as pilot:
        await pilot.pause()
        seen = []
        for _ in range(199):
            seen.append(app.pane.current)
            app.pane.move(1)
        assert seen == [other.n for other in many(199)]
        await pilot.pause()
        lines = app.lines()
        assert any("subject 1 " in line for line in lines)
        app.pane.show(shown._replace(name="Dana O."), 1042, NOON)
        await pilot.pause()
        assert app.lines() == lines
        app.pane.to_start()
        await pilot.pause()
        assert "Dana O." in app.lines()[0]


@on_screen
async def test_a_minute_changes_only_the_clocks() -> None:
    app = Host(customer(WAITING))
    async with app.run_test(size=(32, 20)) as pilot:
        await pilot.pause()
        before = app.lines()
        app.pane.tick(NOON + MINUTE)
        await pilot.pause()
        changed = [line.strip() for line, old in zip(app.lines(), before, strict=True) if line != old]
        assert len(changed) == 1
        assert changed[0].endswith("waits 52m")


@on_screen
async def test_nothing_of_another_customer_is_left_while_one_opens() -> None:
    app = Host(customer(WAITING))
    async with app.run_test(size=(32, 20)) as pilot:
        app.pane.opening()
        await pilot.pause()
        assert not "".join(app.lines()).replace("…", "").strip()
        assert app.pane.contact is None
        assert not app.pane.act()


@pytest.mark.parametrize("size", [(30, 24), (28, 36), (60, 50), (5, 3)])
@on_screen
async def test_every_size_is_drawn(size: tuple[int, int]) -> None:
    app = Host(customer(WAITING._replace(subject="환불 언제 되나요? " * 9), DONE))
    async with app.run_test(size=size) as pilot:
        await pilot.resize_terminal(40, 20)
        await pilot.resize_terminal(*size)
        await pilot.pause()
        assert all(width(line) == size[0] for line in app.lines())
