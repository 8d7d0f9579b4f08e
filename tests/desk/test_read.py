"""What list, show and the screen ask: views, counts and pages that agree, and answers quick enough for a key."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desk.bench import DANA, SAM, Bench, at, received, sent, status
from tuidesk.desk import read
from tuidesk.desk.rows import _queue_query
from tuidesk.domain import query
from tuidesk.domain.commands import Note, SaveDraft, Tag
from tuidesk.domain.events import Rated
from tuidesk.errors import NotFound
from tuidesk.store import accounts, db
from tuidesk.store.sql import Connection, insert, update

NOW = at("12:50")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A store that each test fills by itself and leaves as it was."""
    folder = tmp_path_factory.mktemp("store")
    folder.chmod(0o700)
    connection = db.open_store(folder / "store.db")
    with db.transaction(connection):
        accounts.ensure(connection, "shop", "scripted", "")
    yield connection
    connection.close()


@pytest.fixture
def filling(store: Connection) -> Iterator[Connection]:
    store.execute("BEGIN IMMEDIATE")
    yield store
    store.execute("ROLLBACK")


def conversation(connection: Connection, **fields: Any) -> int:
    contact = insert(connection, "contact", name="Dana")
    update(connection, "contact", contact, root=contact)
    return insert(connection, "conversation", **{"account": "shop", "contact": contact} | fields)


STATES = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["open", "pending", "snoozed", "complete"]),
        "snoozed_until": st.none() | st.integers(NOW - 2, NOW + 2),
        "trouble": st.sampled_from(["", "", "unknown", "failed"]),
        "waiting_since": st.none() | st.integers(0, 5),
        "rank": st.integers(0, 9),
        "last_at": st.integers(0, 5),
    }
)


@given(states=st.lists(STATES, max_size=12), drafts=st.sets(st.integers(0, 12)))
def test_counts_and_views_agree(store: Connection, states: list[dict[str, Any]], drafts: set[int]) -> None:
    store.execute("BEGIN IMMEDIATE")
    try:
        numbers = [conversation(store, **state) for state in states]
        for place in drafts:  # 0 is the draft of a conversation that does not exist yet
            if place <= len(numbers):
                number = numbers[place - 1] if place else 0
                insert(store, "draft", conversation=number, mode="reply", text="x")
        views = {view: list(read.queue(store, view, NOW)) for view in query.VIEWS}
        rows = read.rows(store, numbers, NOW)
        counts = read.counts(store, NOW)
        assert {view: getattr(counts, view) for view in views} == {view: len(views[view]) for view in views}
        assert sorted(views["all"]) == sorted(numbers)
        for view in ("pending", "snoozed", "complete"):
            assert set(views[view]) == {n for n in numbers if rows[n].status == view}
        assert set(views["open"]) == {n for n in numbers if rows[n].status == "open" or rows[n].trouble}
        troubles = [rows[n].trouble for n in views["open"]]
        assert troubles == sorted(troubles, key=("unknown", "failed", "").index)
        assert {n for n in numbers if rows[n].draft} == set(views["drafts"])
        assert {n for n in numbers if rows[n].trouble} == set(views["check"])
        for view, shown in views.items():
            assert [row.n for row in read.page(store, view, NOW, 5)] == shown[:5]
            assert len(set(shown)) == len(shown)
    finally:
        store.execute("ROLLBACK")


def test_more_rows_than_one_question_holds(filling: Connection) -> None:
    numbers = [conversation(filling, status="open", rank=n) for n in range(1200)]
    found = read.rows(filling, numbers, NOW)
    assert sorted(found) == numbers
    assert len(read.page(filling, "open", NOW, 1200)) == 1200
    assert read.rows(filling, [*numbers[:2], 10**9], NOW).keys() == set(numbers[:2])


def test_the_queue_of_a_hundred_thousand(filling: Connection) -> None:
    contact = insert(filling, "contact", name="Dana")
    filling.executemany(
        "INSERT INTO conversation (account, contact, status, rank, last_at, snoozed_until) VALUES (?, ?, ?, ?, ?, ?)",
        (
            ("shop", contact, "snoozed" if n % 50 == 0 else "open", (n * 7919) % 100_003, n, NOW + 1)
            for n in range(100_000)
        ),
    )
    best = min(timed(lambda: read.queue(filling, "open", NOW)) for _ in range(5))
    counted = min(timed(lambda: read.counts(filling, NOW)) for _ in range(5))
    assert len(read.queue(filling, "open", NOW)) == 98_000
    assert best < 0.1
    assert counted < 0.1
    assert min(timed(lambda: read.page(filling, "open", NOW, 50)) for _ in range(5)) < 0.05


@pytest.mark.parametrize(
    ("view", "most"), [("open", 2), ("mine", 2), ("unassigned", 2), ("pending", 1), ("all", 0)]
)
def test_a_view_is_read_in_its_order_and_not_sorted(filling: Connection, view: str, most: int) -> None:
    sql, values = _queue_query(view, NOW)
    plan = [str(row[3]) for row in filling.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
    sorts = [step for step in plan if "TEMP B-TREE" in step]
    assert len(sorts) <= most, ("only what has trouble, or woke, is sorted: these are few", plan)


def timed(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def test_the_newest_page_of_a_thread_of_ten_thousand(filling: Connection) -> None:
    number = conversation(filling, status="open")
    filling.executemany(
        "INSERT INTO message (conversation, direction, at, text) VALUES (?, 'in', ?, ?)",
        ((number, n, f"message {n} " * 20) for n in range(10_000)),
    )
    best = min(timed(lambda: read.thread(filling, number, NOW)) for _ in range(5))
    thread = read.thread(filling, number, NOW)
    assert (len(thread.items), thread.earlier) == (200, 9_800)
    assert [item.at for item in thread.items] == list(range(9_800, 10_000))
    assert best < 0.2


# --- a thread ---------------------------------------------------------------------------------------


def test_a_thread_is_messages_and_what_happened_among_them(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), conversation="c1", subject="Refund")
    bench.take(
        sent("o1", at("10:05"), conversation="c1"),
        status("complete", at("10:06"), conversation="c1", by=SAM),
        Rated(at=at("10:07"), conversation="c1", score=4, scale=5, text="quick"),
        received("m2", at("10:10"), "thanks", conversation="c1"),
    )
    bench.do(Note(conversation=number, text="nice"))
    bench.do(Tag(conversations=(number,), add=("happy",)))
    what = [getattr(item, "what", getattr(item, "text", "")) for item in bench.thread(number).items]
    assert what == [
        "Where is my parcel?",
        "It leaves today.",
        "pending",
        "completed",
        "rated",
        "thanks",
        "reopened",
        "nice",
        "tagged",
    ]
    assert bench.row(number).subject == "Refund"
    assert bench.row(number).snippet == "thanks"


def test_of_a_long_thread_only_what_happened_since_its_oldest_message_shown(bench: Bench) -> None:
    number = bench.customer("m0", at("10:00"), conversation="c1")
    bench.take(status("complete", at("10:01"), conversation="c1"))
    bench.take(*(received(f"m{n}", at("11:00") + n, conversation="c1") for n in range(1, 6)))
    thread = bench.desk.read(read.thread, number, NOW, 3).result()
    assert (thread.earlier, len(bench.messages(number))) == (3, 6)
    assert all(item.at >= at("11:00") for item in thread.items)


def test_what_a_reply_may_be(bench: Bench) -> None:
    bench.can(max_length=500, unit="gsm7", window_s=86_400)
    number = bench.customer("m1", at("10:00"))
    thread = bench.thread(number)
    assert (thread.max_length, thread.unit, thread.row.window_ends) == (500, "gsm7", at("10:00", 21))
    assert thread.can_reply
    bench.can(performs=frozenset({"complete"}), window_s=None)
    thread = bench.thread(number)
    assert (thread.can_reply, thread.row.window_ends) == (False, None)


def test_drafts_are_with_their_thread(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"))
    bench.do(SaveDraft(conversation=number, mode="note", text="a note", to="x"))
    (draft,) = bench.thread(number).drafts
    assert (draft.mode, draft.text, draft.at) == ("note", "a note", NOW)


def test_no_such_conversation(bench: Bench) -> None:
    with pytest.raises(NotFound):
        bench.thread(99)
    with pytest.raises(NotFound):
        bench.desk.read(read.work, "td-none").result()


def test_a_name_is_found(bench: Bench) -> None:
    number = bench.customer("m1", at("10:00"), text="전액환불 부탁드려요")
    for typed in ("환불", "dana", "ortiz"):
        assert bench.desk.read(read.search, typed, NOW).result() == [number]
    assert bench.desk.read(read.search, "lee", NOW).result() == []
    assert bench.row(number).name == DANA.name
