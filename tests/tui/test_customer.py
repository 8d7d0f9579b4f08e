"""The customer pane: who it is, what else waits, and what was before."""

from dataclasses import replace
from datetime import UTC, timedelta, timezone, tzinfo
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from tests.tui.pictures import DANA, NOON, row
from tests.tui.run import on_screen
from tuidesk.desk.picture import (
    Answer,
    ContactNote,
    Customer,
    Identity,
    Joined,
    Row,
    Said,
    Story,
    Suggestion,
)
from tuidesk.domain.instants import DAY, MINUTE
from tuidesk.domain.model import Person
from tuidesk.domain.text import clean, width
from tuidesk.tui.widgets.customer import CustomerPane
from tuidesk.tui.widgets.customer_lines import Setting, Stop, customer_lines

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
        fields=(("plan", "vip"),),
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
        "since Mar 2024, 4 threads",
        "plan: vip",
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


SEOUL = timezone(timedelta(hours=9))


def texts(shown: Customer, setting: Setting = SETTING) -> list[str]:
    return [line.text.rstrip() for line in customer_lines(shown, setting)]


@pytest.mark.parametrize(
    ("fields", "language", "guessed", "there", "by", "told"),
    [
        ((), "", False, SEOUL, "", ["21:50 there"]),
        ((), "", False, SEOUL, "+82", ["21:50 there, by +82"]),
        ((("City", "Seoul"),), "ko", False, SEOUL, "", ["Seoul, 21:50 there          ko"]),
        ((), "ko", True, None, "", ["language ko? by script"]),
        ((("city", "Seoul"),), "ko", True, SEOUL, "", ["Seoul, 21:50 there", "language ko? by script"]),
        ((("city", "Seoul"),), "", False, None, "", ["Seoul"]),
    ],
)
def test_where_they_are_and_what_they_speak_is_said_as_it_is_known(
    fields: tuple[tuple[str, str], ...],
    language: str,
    guessed: bool,
    there: tzinfo | None,
    by: str,
    told: list[str],
) -> None:
    made = customer(fields=fields, language=language, guessed=guessed, there=there, there_by=by)
    shown = texts(made)
    assert shown[3 : shown.index("since Mar 2024, 1 thread")] == told


def test_who_answered_how_soon_and_how_it_was_liked() -> None:
    sam, you = Person("Sam", "sam@acme.example"), Person("Ana", me=True)
    stories = {
        1042: Story(NOON),
        900: Story(NOON - 6 * DAY, (sam, you), 18 * MINUTE, 2, 5),
        800: Story(NOON - 400 * DAY, (you,), None, 9.5, 10),
    }
    shown = texts(
        customer(DONE, OLD, stories=stories, median=22 * MINUTE, replies=3, last_in=NOON - 9 * MINUTE)
    )
    assert "  by Sam +1, 18m, rated 2 of 5" in shown
    assert "  by you, rated 9.5 of 10" in shown
    assert "our median reply 22m, of 3" in shown
    assert "last rating 2 of 5" in shown
    assert "last wrote 9m ago" in shown


@pytest.mark.parametrize(("score", "scale", "told"), [(1, 1, "1 of 1"), (-10, 10, "-10 of 10"), (4, 0, "4")])
def test_ratings_of_any_scale(score: float, scale: float, told: str) -> None:
    shown = texts(customer(DONE, stories={900: Story(NOON, score=score, scale=scale)}))
    assert f"last rating {told}" in shown


def test_which_of_theirs_it_is_is_said_by_tag_else_by_subject() -> None:
    stories = {n: Story(NOON - n * MINUTE) for n in (900, 800)} | {1042: Story(NOON)}
    tagged = customer(DONE._replace(tags=("refund",)), OLD._replace(tags=("refund",)), stories=stories)
    tagged = tagged._replace(conversations=(row(tags=("refund",)), *tagged.conversations[1:]))
    assert "3rd about refund" in texts(tagged)
    worded = customer(DONE, stories=stories)
    worded = worded._replace(conversations=(row(subject="Refund of 8841"), *worded.conversations[1:]))
    assert '2nd on subject "refund"' in texts(worded)


def test_notes_suggestions_and_what_the_program_says_stand_before_the_past() -> None:
    made = customer(
        DONE,
        notes=(ContactNote(3, NOON - 8 * DAY, Person("Ana", me=True), "pays late,\nbut pays"),),
        answer=Answer(NOON - 4 * MINUTE, (("orders", "12"),)),
    )
    setting = replace(
        SETTING, suggestions=(Suggestion(9, "", "post", "@dana_o", "dana@ortiz.example in bio"),)
    )
    shown = texts(made, setting)
    assert shown[shown.index("NOTES") :] == [
        "NOTES",
        "pays late,",
        "but pays",
        "  you, 12 Nov",
        "-" * 30,
        "SAME PERSON?",
        "@dana_o                   post",
        "  dana@ortiz.example in bio",
        "-" * 30,
        "LOOKUP                  4m ago",
        "orders: 12",
        "-" * 30,
        "BEFORE",
        "14 Nov whatsapp       complete",
        "  where is my refund?",
    ]
    long = texts(made._replace(fields=(("bio", "Tea, kettles, Seoul and " * 9),)))
    assert long[4:7] == [
        "bio: Tea, kettles, Seoul and",
        "Tea, kettles, Seoul and Tea,",
        "kettles, Seoul and Tea, kettl…",
    ]
    failing = texts(made, replace(setting, lookup="it ended with status 3: no such table"))
    assert "it ended with status 3: no" in failing
    assert "orders: 12" in failing


def test_what_the_channel_knows_of_the_conversation_stands_under_the_customer() -> None:
    fields = (("Queue", "Support\x1b[31m"), ("Order", "8841"))
    shown = texts(customer(WAITING), replace(SETTING, fields=fields))
    at = shown.index("THIS CONVERSATION")
    assert shown[at + 1 : at + 3] == ["Queue: Support␛[31m", "Order: 8841"]
    assert shown.index("plan: vip") < at < shown.index("ALSO OPEN NOW")
    assert "THIS CONVERSATION" not in texts(customer(WAITING))


def test_who_was_merged_is_said_with_the_reason_and_can_be_pointed_at() -> None:
    identities = (Identity("mail", DANA.handle, 7), Identity("post", "@dana_o", 9))
    made = customer(
        identities=identities,
        members=(7, 9),
        joined=(Joined(7, 9, "mail in bio"), Joined(7, 8, "same_as:shop")),
    )
    lines = customer_lines(made, SETTING)
    assert "  same person: mail in bio" in [line.text for line in lines]
    assert "shop" not in "".join(line.text for line in lines)
    assert [line.stop for line in lines if line.stop] == [Stop("member", 7), Stop("member", 9)]


def test_what_a_network_calls_somebody_is_shown_only_where_there_is_nothing_else() -> None:
    did = Identity("did", "did:plc:z72i7hdynmk6r22z27h6tvur", 9)
    named = customer(DONE)._replace(identities=(Identity("post", "dana.bsky.social", 7), did))
    shown = [line.text for line in customer_lines(named, SETTING)]
    assert any("dana.bsky.social" in line and line.rstrip().endswith("post") for line in shown)
    assert not any("did" in line for line in shown)
    nameless = [line.text for line in customer_lines(named._replace(identities=(did,)), SETTING)]
    assert any("did:plc:" in line for line in nameless)


def test_a_conversation_is_unfolded_in_place() -> None:
    said = (
        Said(NOON - 6 * DAY, DANA, "in", "where is my refund? " * 20),
        Said(NOON - 6 * DAY + MINUTE, Person("Sam"), "out", "On its way.\n"),
        Said(NOON - 6 * DAY + 2 * MINUTE, Person("Sam"), "note", "is it?"),
    )
    shown = texts(customer(DONE), replace(SETTING, unfolded={900: said}))
    at = shown.index("  where is my refund?")
    assert shown[at + 1] == "  Dana Ortiz      14 Nov 12:50"
    assert shown[-4:] == [
        "  Sam             14 Nov 12:51",
        "    On its way.",
        "  Sam, note       14 Nov 12:52",
        "    is it?",
    ]
    assert len(shown) < at + 30


def test_more_conversations_than_are_listed_are_counted() -> None:
    assert customer_lines(customer(DONE, total=1202), SETTING)[-1].text == "and 1,200 more"


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=60), st.text(max_size=60), st.integers(12, 60))
def test_no_line_is_wider_than_the_pane_or_holds_what_acts(name: str, handle: str, cells: int) -> None:
    made = customer(
        WAITING._replace(subject=name, medium=handle[:20]),
        DONE._replace(subject=handle, medium=name[:20]),
        name=name,
        identities=(Identity(medium=name[:12], handle=handle, contact=9),),
        fields=((handle, name), ("city", name)),
        language=handle,
        there=SEOUL,
        joined=(Joined(7, 9, name),),
        members=(7, 9),
        notes=(ContactNote(1, NOON, Person(name), f"{handle}\n{name}"),),
        stories={
            WAITING.n: Story(NOON, (Person(name, handle),), 5, 1e300, 5),
            DONE.n: Story(NOON, (Person(handle),)),
        },
        answer=Answer(NOON, ((name, handle),)),
    )
    setting = replace(
        SETTING,
        width=cells,
        suggestions=(Suggestion(3, name, handle[:20], handle, name),),
        unfolded={DONE.n: (Said(NOON, Person(name), "in", f"{name}\n{handle}"),)},
        lookup=name,
    )
    for line in customer_lines(made, setting):
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
        assert seen == [Stop("conversation", other.n) for other in many(199)]
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
