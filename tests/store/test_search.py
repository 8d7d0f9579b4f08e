"""The index holds what the messages say, also after they were edited."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.filled import conversation
from tuidesk.domain.query import Word, leaves, parse
from tuidesk.domain.searchable import indexed, match
from tuidesk.store import db, search
from tuidesk.store.sql import insert


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[db.Connection]:
    with closing(db.open_store(tmp_path / "store.sqlite3")) as connection:
        yield connection


def _message(connection: db.Connection, number: int, text: str) -> int:
    message = insert(connection, "message", conversation=number, text=text)
    search.add(connection, [(message, indexed(text))])
    return message


def _found(connection: db.Connection, typed: str, limit: int = 50) -> list[int]:
    words = [leaf for leaf in leaves(parse(typed).where) if isinstance(leaf, Word)]
    return list(search.conversations(connection, match(words), limit))


def _is_whole(connection: db.Connection) -> None:
    """FTS5 compares its index with the text that it indexes, and raises where they differ."""
    connection.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")


def test_hits_come_newest_first_and_each_conversation_once(connection: db.Connection) -> None:
    one, two = (conversation(connection, name, "s") for name in ("a@x.example", "b@x.example"))
    _message(connection, one, "a refund please")
    _message(connection, two, "refund, now")
    _message(connection, one, "no refund yet?")
    assert _found(connection, "refund") == [one, two]
    assert _found(connection, "refund", 1) == [one]
    assert _found(connection, "refund now") == [two]


def test_an_edited_message_is_found_by_its_new_words_only(connection: db.Connection) -> None:
    number = conversation(connection, "a@x.example", "s")
    message = _message(connection, number, "전액환불 부탁드립니다")
    assert _found(connection, "환불") == [number]
    search.add(connection, [(message, indexed("교환 부탁드립니다"))])
    assert _found(connection, "환불") == []
    assert _found(connection, "교환") == [number]
    _is_whole(connection)


def test_the_check_sees_an_index_that_is_not_whole(connection: db.Connection) -> None:
    number = conversation(connection, "a@x.example", "s")
    message = _message(connection, number, "a refund please")
    connection.execute("UPDATE indexed SET text = 'something else' WHERE message = ?", (message,))
    with pytest.raises(sqlite3.DatabaseError):
        _is_whole(connection)


WORDS = st.sampled_from(["refund", "parcel", "환불", "to'lov", "ISPANAK", "返金", "", "é", "\x00", '"'])
EDITS = st.lists(st.tuples(st.integers(0, 5), st.lists(WORDS, max_size=4)), max_size=25)


@settings(max_examples=60, deadline=None)
@given(edits=EDITS, batch=st.integers(1, 8))
def test_the_index_is_whole_after_any_edits(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, list[str]]], batch: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "searched.sqlite3"
    with closing(db.open_store(path)) as connection:
        connection.execute("BEGIN")
        number = conversation(connection, "a@x.example", "s")
        messages = [_message(connection, number, "") for _ in range(6)]
        last: dict[int, str] = {}
        for start in range(0, len(edits), batch):
            texts = {messages[at]: indexed(" ".join(words)) for at, words in edits[start : start + batch]}
            search.add(connection, texts.items())
            last |= texts
        _is_whole(connection)
        for message in messages:
            kept = connection.execute("SELECT text FROM indexed WHERE message = ?", (message,)).fetchone()[0]
            assert kept == last.get(message, "")
        connection.execute("ROLLBACK")
