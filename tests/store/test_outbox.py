"""What the loops ask of the outbox costs what is open, not what was ever sent."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.store.filled import conversation, queue
from tuidesk.store import db, outbox

SENT = 300


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[db.Connection]:
    """Many letters sent, and in one conversation two queued after one that is unknown."""
    with closing(db.open_store(tmp_path / "store.sqlite3")) as connection:
        with db.transaction(connection):
            number = conversation(connection, "dana@ortiz.example", "Refund")
            for count in range(SENT):
                queue(connection, number, "sent", f"td-{count}")
            connection.execute("UPDATE outbox SET state = 'sent'")
            for key in ("td-unknown", "td-first", "td-second"):
                queue(connection, number, key, key)
            connection.execute("UPDATE outbox SET state = 'unknown' WHERE key = 'td-unknown'")
        yield connection


ASKED: list[Callable[[db.Connection], object]] = [
    lambda c: outbox.next_due(c, "support", 10),
    lambda c: outbox.unasked(c, "support", 10),
    lambda c: outbox.waiting(c, "support"),
    lambda c: outbox.unsettled(c, 1, ("reply", "complete")),
    lambda c: outbox.in_state(c, "sending"),
    lambda c: outbox.in_state(c, "sending", "support"),
    lambda c: outbox.going_out(c),
    lambda c: outbox.going_out(c, "support"),
    lambda c: outbox.going_with(c, {"conversation": 1, "key": "td-first"}, ("queued",)),  # type: ignore[arg-type]  # as a row reads
    lambda c: outbox.clock_was_set_back(c, "support", 10, None),
    lambda c: outbox.clock_was_set_back(c, "support", 10, 5),
]


@pytest.mark.parametrize("ask", ASKED)
def test_no_query_of_the_loops_walks_all_that_was_ever_sent(
    connection: db.Connection, ask: Callable[[db.Connection], object]
) -> None:
    asked: list[str] = []
    connection.set_trace_callback(asked.append)
    ask(connection)
    connection.set_trace_callback(None)
    assert len(asked) == 1
    plan = [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {asked[0]}")]
    walks = [step for step in plan if step.startswith("SCAN") and "outbox_open" not in step]
    assert walks == [], plan


def test_first_in_first_out_in_a_conversation(connection: db.Connection) -> None:
    assert outbox.next_due(connection, "support", 10) is None  # the unknown one holds up what follows it
    unknown = outbox.unasked(connection, "support", 10)
    assert unknown is not None
    assert unknown["key"] == "td-unknown"
    outbox.set_state(connection, unknown, "sent")
    for key in ("td-first", "td-second"):
        row = outbox.next_due(connection, "support", 10)
        assert row is not None
        assert row["key"] == key
        outbox.set_state(connection, row, "sent")
    assert outbox.next_due(connection, "support", 10) is None


def test_what_is_going_out_is_counted(connection: db.Connection) -> None:
    assert (outbox.going_out(connection), outbox.going_out(connection, "support")) == (2, 2)
    assert outbox.going_out(connection, "other") == 0
    assert [row["key"] for row in outbox.in_state(connection, "queued")] == ["td-first", "td-second"]
    assert outbox.in_state(connection, "sending") == []
