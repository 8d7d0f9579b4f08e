"""What a query finds: each word of the language against conversations whose answer is plain, and the laws of `-`,
`or` and views for all of them."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desk.bench import ANA, LEGAL, Bench, at, received, sent
from tests.desk.test_read import conversation
from tuidesk.desk import finding, read
from tuidesk.domain import query
from tuidesk.domain.commands import Assign, Note, Pending, SaveDraft, SetPriority, Snooze, Tag, Undo
from tuidesk.domain.instants import HOUR
from tuidesk.domain.model import Attachment, Person
from tuidesk.domain.query import parse
from tuidesk.store import accounts, db
from tuidesk.store.sql import Connection, insert

NOW = at("12:50")


def found(bench: Bench, typed: str) -> list[int]:
    """What a query finds, in its order; whoever asks for the number, or about some, is told the same."""
    asked, now = parse(typed), bench.clock.now()
    numbers = list(bench.desk.read(read.queue, asked, now).result())
    every = [int(row[0]) for row in bench.query("SELECT id FROM conversation")]
    assert bench.desk.read(read.matching, asked, every, now).result() == set(numbers)
    assert bench.desk.read(read.count, asked, now).result() == len(numbers)
    for n in every:
        assert bench.desk.read(read.matching, asked, [n], now).result() == {n} & set(numbers)
    return numbers


def put(bench: Bench, number: int, **fields: object) -> None:
    """What no command does yet."""
    names = ", ".join(f"{name} = ?" for name in fields)
    bench.desk.write(
        lambda c: c.execute(f"UPDATE conversation SET {names} WHERE id = ?", (*fields.values(), number))
    ).result()


@pytest.fixture
def three(bench: Bench) -> tuple[int, int, int]:
    """Of 10:00, 11:00 and 12:00."""
    one = bench.customer("m1", at("10:00"), text="The blue lamp is broken", conversation="c1")
    two = bench.customer("m2", at("11:00"), text="A red lamp, please", conversation="c2")
    three = bench.customer("m3", at("12:00"), text="Where is my parcel?", conversation="c3")
    return one, two, three


def test_states(bench: Bench, three: tuple[int, int, int]) -> None:
    one, two, last = three
    bench.do(Pending(conversations=(one,)))
    bench.do(Snooze(conversations=(two,), until=NOW + HOUR))
    assert found(bench, "is:open") == [last]
    assert found(bench, "is:pending") == [one]
    assert found(bench, "is:snoozed") == [two]
    assert found(bench, "is:complete is:late") == []
    assert found(bench, "is:late") == [one, two], "asked at 10:00 and 11:00, due an hour later"
    assert found(bench, "is:soon") == [last]
    assert found(bench, "-is:open") == [one, two]
    bench.clock.advance(7200)
    assert found(bench, "is:open") == [two, last], "its time is past, whether or not anybody has woken it"
    assert found(bench, "is:snoozed") == []


def test_owners(bench: Bench, three: tuple[int, int, int]) -> None:
    one, two, last = three
    bench.do(Assign(conversations=(one,), to=ANA))
    bench.do(Assign(conversations=(two,), to=Person("Sam Ito", "sam@acme.example")))
    assert found(bench, "is:mine") == found(bench, "assignee:me") == [one]
    assert found(bench, "is:unassigned") == found(bench, "assignee:nobody") == [last]
    assert (
        found(bench, "assignee:sam")
        == found(bench, "assignee:ITO")
        == found(bench, "assignee:sam@acme")
        == [two]
    )
    assert found(bench, "-assignee:sam") == [one, last]
    assert found(bench, "assignee:kim") == []


def test_marks(bench: Bench, three: tuple[int, int, int]) -> None:
    one, two, last = three
    put(bench, one, starred=1)
    put(bench, two, muted=1)
    put(bench, last, spam=1)
    assert found(bench, "is:starred") == [one]
    assert found(bench, "is:muted") == [two]
    assert found(bench, "is:spam") == [last]
    assert found(bench, "is:open") == found(bench, "") == [one, two], "spam is found only where it is named"
    assert found(bench, "is:any") == found(bench, "is:open or is:spam") == [one, two, last]
    assert found(bench, "parcel") == []
    assert found(bench, "is:spam parcel") == [last]
    row = bench.row(last)
    assert (row.spam, row.starred, row.muted) == (True, False, False)
    assert bench.row(one).starred
    assert bench.row(two).muted


def test_what_is_merged_is_found_as_the_other(bench: Bench, three: tuple[int, int, int]) -> None:
    one, two, last = three
    put(bench, last, merged_into=one)
    assert found(bench, "is:any") == [one, two]
    assert found(bench, "parcel") == found(bench, "parcel is:open") == [one]
    assert found(bench, f"#{last}") == [one]
    assert found(bench, "-parcel") == [two]


def test_words(bench: Bench, three: tuple[int, int, int]) -> None:
    one, two, last = three
    assert found(bench, "lamp") == [two, one], "the newest hit first"
    assert found(bench, "lamp broken") == found(bench, '"blue lamp"') == [one]
    assert found(bench, '"lamp blue"') == []
    assert found(bench, "lamp -broken") == [two]
    assert found(bench, "-lamp") == [last]
    assert found(bench, "broken or parcel") == [last, one]
    assert found(bench, "lamp sort:old") == [one, two]
    assert found(bench, "is:open (red or blue) lamp") == [two, one]
    assert found(bench, "!!!") == []
    assert found(bench, "!!! lamp") == [two, one], "what no text has is not looked for"
    assert found(bench, f"is:open {one}") == [one]


def test_tags_and_priorities(bench: Bench, three: tuple[int, int, int]) -> None:
    one, two, last = three
    bench.do(Tag(conversations=(one, two), add=("Late fee",)))
    bench.do(SetPriority(conversations=(two,), priority="urgent"))
    bench.do(SetPriority(conversations=(one,), priority="low"))
    assert found(bench, 'tag:"late FEE"') == [one, two]
    assert found(bench, "tag:late") == []
    assert found(bench, '-tag:"late fee"') == [last]
    assert found(bench, "priority:urgent") == [two]
    assert found(bench, "sort:priority") == [two, last, one]


def test_people(bench: Bench) -> None:
    one = bench.customer("m1", at("10:00"), conversation="c1", to=(Person("Acme", "support@acme.example"),))
    two = bench.customer(
        "m2", at("10:01"), conversation="c2", sender=LEGAL, cc=(Person("José", "jose@x.example"),)
    )
    bench.take(sent("o1", at("10:05"), conversation="c1"))
    assert (
        found(bench, "from:dana")
        == found(bench, "from:DANA@ortiz")
        == found(bench, 'from:"dana ortiz"')
        == [one]
    )
    assert found(bench, 'from:"ortiz dana"') == []
    assert sorted(found(bench, "from:ortiz.example")) == [one, two]
    assert found(bench, "from:sam") == [one], "who of us wrote is found as well"
    assert found(bench, "to:support@acme.example") == [one]
    assert found(bench, "to:jose") == found(bench, "to:JOSÉ") == [two]
    assert found(bench, "to:dana") == [one]
    assert found(bench, "from:me") == []
    bench.reply(two, "Certainly.")
    assert found(bench, "from:me") == found(bench, "from:ana") == [two]
    assert found(bench, "to:legal") == [two]


def test_places(bench: Bench, three: tuple[int, int, int]) -> None:
    assert found(bench, "in:shop medium:MAIL") == list(three)
    assert found(bench, "in:sh") == list(three)
    assert found(bench, "in:other") == found(bench, "medium:sms") == []


def test_what_they_have(bench: Bench, three: tuple[int, int, int]) -> None:
    one, two, last = three
    bench.do(Note(conversation=one, text="carrier says lost"))
    bench.do(SaveDraft(conversation=two, mode="reply", text="Dear Dana"))
    bench.take(
        received(
            "m4",
            at("12:01"),
            conversation="c3",
            attachments=(Attachment("a.pdf", 3, "application/pdf", "r"),),
        )
    )
    assert found(bench, "has:note") == [one]
    assert found(bench, "has:draft") == found(bench, "is:draft") == [two]
    assert found(bench, "has:attachment") == [last]
    assert found(bench, "-has:note -has:draft -has:attachment") == []


def test_times(bench: Bench, three: tuple[int, int, int]) -> None:
    one, two, last = three
    assert found(bench, "waiting:>1h") == [one, two]
    assert found(bench, "waiting:<2h") == [two, last]
    assert found(bench, "-waiting:>1h") == [last]
    assert found(bench, "after:2h") == [two, last]
    assert found(bench, "before:2h") == [one]
    assert found(bench, "before:2026-11-20") == found(bench, "before:yesterday") == []
    assert found(bench, "after:2026-11-19") == [one, two, last]
    assert found(bench, "before:9999-12-31 after:0001-01-01") == [one, two, last]


def test_today_is_the_agents_day(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "Asia/Seoul")  # where 12:50 is 21:50, and midnight was at 15:00 yesterday
    time.tzset()
    try:
        early = bench.customer("m1", at("14:59", 19), conversation="c1")
        late = bench.customer("m2", at("15:01", 19), conversation="c2")
        assert found(bench, "after:today") == [late]
        assert found(bench, "after:yesterday before:today") == [early]
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_reply_window(bench: Bench, three: tuple[int, int, int]) -> None:
    one, two, last = three
    assert found(bench, "window:<24h") == []
    bench.can(window_s=3 * 3600)  # closes at 13:00, 14:00 and 15:00; it is 12:50
    assert found(bench, "window:<1h") == [one]
    assert found(bench, "window:<70m") == [one, two]
    assert found(bench, "window:>1h") == [two, last]
    assert list(bench.desk.read(read.queue, "window", NOW).result()) == [one]
    bench.clock.advance(660)
    assert found(bench, "window:<1h") == [two], "the first has closed"


def test_handled_is_what_i_did_today(bench: Bench, three: tuple[int, int, int]) -> None:
    one, two, _ = three
    assert found(bench, "is:handled") == []
    bench.reply(one)
    bench.do(Tag(conversations=(two,), add=("vip",)))
    bench.take(sent("o1", at("12:30"), conversation="c3"))  # a colleague
    assert found(bench, "is:handled") == [one, two]
    bench.do(Undo(door="screen"))
    assert found(bench, "is:handled") == [one]
    bench.clock.advance(86400)
    assert found(bench, "is:handled") == []


def test_replies_to_check(bench: Bench, three: tuple[int, int, int]) -> None:
    one, two, last = three
    put(bench, two, trouble="failed", status="complete")
    put(bench, last, trouble="unknown")
    assert found(bench, "is:failed") == [two]
    assert found(bench, "is:unknown") == [last]
    assert found(bench, "is:open") == [last, two, one], "they come first"
    assert found(bench, "is:open sort:wait") == [one, two, last]


# --- laws -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    folder = tmp_path_factory.mktemp("store")
    folder.chmod(0o700)
    connection = db.open_store(folder / "store.db")
    with db.transaction(connection):
        accounts.ensure(connection, "shop", "scripted", "")
    yield connection
    connection.close()


STATES = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["open", "pending", "snoozed", "complete"]),
        "snoozed_until": st.none() | st.integers(NOW - 2, NOW + 2),
        "trouble": st.sampled_from(["", "", "", "unknown", "failed"]),
        "waiting_since": st.none() | st.integers(NOW - 2 * HOUR, NOW),
        "rank": st.integers(0, 9),
        "last_at": st.integers(NOW - 2 * HOUR, NOW),
        "window_ends": st.none() | st.integers(NOW - HOUR, NOW + HOUR),
        "assignee": st.sampled_from(
            [None, '{"name": "A", "handle": "a", "me": true}', '{"name": "B", "handle": "b"}']
        ),
        "starred": st.integers(0, 1),
        "spam": st.sampled_from([0, 0, 0, 1]),
        "merged_into": st.sampled_from([None, None, None, None, 1]),
        "priority": st.sampled_from(["normal", "high"]),
        "unread": st.integers(0, 1),
    }
)
LEAVES = st.sampled_from(
    [
        *(f"is:{state}" for state in query.STATES),
        *[
            "has:note",
            "has:draft",
            "tag:a",
            "priority:high",
            "assignee:b",
            "in:shop",
            "from:dana",
            "to:x",
            "medium:m",
        ],
        "refund",
        "waiting:>1h",
        "window:<30m",
        "after:1h",
        "before:1h",
    ]
)


def fill(connection: Connection, states: list[dict[str, Any]]) -> list[int]:
    numbers = []
    for state in states:
        number = conversation(connection, **state)
        message = insert(connection, "message", conversation=number, at=state["last_at"])
        connection.execute("UPDATE conversation SET last_in = ? WHERE id = ?", (message, number))
        numbers.append(number)
    return numbers


@given(states=st.lists(STATES, max_size=9), one=LEAVES, two=LEAVES)
def test_the_laws_of_not_or_and_beside(
    store: Connection, states: list[dict[str, Any]], one: str, two: str
) -> None:
    store.execute("BEGIN IMMEDIATE")
    try:
        numbers = fill(store, states)

        def ids(typed: str) -> set[int]:
            got = list(read.queue(store, parse(f"({typed}) (is:open or is:any)"), NOW))
            assert len(set(got)) == len(got)
            assert set(got) == read.matching(store, parse(f"({typed}) (is:open or is:any)"), numbers, NOW)
            assert len(got) == finding.count(store, parse(f"({typed}) (is:open or is:any)"), NOW)
            return set(got)

        every = ids("is:any")
        assert ids(f"-{one}") == every - ids(one)
        assert ids(f"{one} or {two}") == ids(one) | ids(two)
        assert ids(f"{one} {two}") == ids(one) & ids(two)
        assert ids(f"-({one} or {two})") == ids(f"-{one} -{two}")
    finally:
        store.execute("ROLLBACK")


@given(states=st.lists(STATES, max_size=12), drafts=st.sets(st.integers(0, 12)))
def test_a_view_is_its_query(store: Connection, states: list[dict[str, Any]], drafts: set[int]) -> None:
    """Views are read in ways of their own, which are quicker, and hold what the query finds, in its order."""
    store.execute("BEGIN IMMEDIATE")
    try:
        numbers = fill(store, states)
        for place in drafts:
            if place <= len(numbers):
                insert(
                    store, "draft", conversation=numbers[place - 1] if place else 0, mode="reply", text="x"
                )
        counts = read.counts(store, NOW)
        for view, text in query.VIEWS.items():
            shown = list(read.queue(store, view, NOW))
            assert shown == list(finding.find(store, parse(text), NOW)), view
            assert [row.n for row in read.page(store, view, NOW, 4)] == shown[:4]
            assert getattr(counts, view) == len(shown), view
            assert read.matching(store, view, numbers, NOW) == set(shown)
    finally:
        store.execute("ROLLBACK")
