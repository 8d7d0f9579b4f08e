"""One identity, one contact; links join and come apart; nothing else joins by itself."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuidesk.store import contacts, db


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[db.Connection]:
    with closing(db.open_store(tmp_path / "store.sqlite3")) as connection:
        yield connection


def _find(connection: db.Connection, account: str, medium: str, handle: str, name: str = "") -> int:
    return contacts.find_or_make(connection, account, medium, handle, name, 100)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a", "mail", "Dana@Ortiz.example"), ("b", "mail", " dana@ortiz.example ")),
        (("a", "mail", "dana@ortiz.example"), ("b", "form", "dana@ortiz.example")),
        (("a", "sms", "+1 (201) 555-0123"), ("b", "whatsapp", "+12015550123")),
        (("a", "sms", "0012015550123"), ("b", "call", "+12015550123")),
        (("a", "whatsapp", "\u202a+1\xa0201\u2011555\u20110123\u202c"), ("b", "sms", "+12015550123")),
        (("a", "call", "+44 (0)20 7946 0958"), ("b", "sms", "+442079460958")),
        (("a", "chat", "Dana"), ("a", "chat", "dana")),
    ],
)
def test_one_identity_is_one_contact(
    connection: db.Connection, one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    assert _find(connection, *one) == _find(connection, *other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a", "chat", "dana"), ("b", "chat", "dana")),  # a handle belongs to its service
        (("a", "chat", "dana"), ("a", "messenger", "dana")),
        (("a", "sms", "2015550123"), ("b", "sms", "2015550123")),  # no country: nobody's number in particular
        (("a", "sms", "+1201"), ("b", "sms", "+1201")),  # too short for E.164
        (
            ("a", "mail", "strasse@x.example"),
            ("a", "mail", "straße@x.example"),
        ),  # two addresses, one when casefolded
        (("a", "mail", "dana@ortiz.example"), ("a", "mail", "dana+x@ortiz.example")),
        (
            ("a", "mail", "dana@ortiz.example"),
            ("a", "mail", "dаna@ortiz.example"),
        ),  # the second a is Cyrillic
        (
            ("a", "post", "dana@mastodon.example"),
            ("b", "mail", "dana@mastodon.example"),
        ),  # looks like one, is none
        (("a", "mail", ""), ("a", "mail", "")),  # two who gave no address are not one person
        (("a", "chat", " "), ("a", "chat", "")),
    ],
)
def test_nothing_else_joins(
    connection: db.Connection, one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    first, second = _find(connection, *one), _find(connection, *other)
    assert first != second
    assert contacts.root(connection, first) != contacts.root(connection, second)


def test_equal_names_do_not_join(connection: db.Connection) -> None:
    assert _find(connection, "a", "chat", "d1", "Dana Ortiz") != _find(
        connection, "a", "chat", "d2", "Dana Ortiz"
    )


def test_a_name_is_taken_over_once_and_the_first_sight_moves_back(connection: db.Connection) -> None:
    contact = _find(connection, "a", "mail", "dana@ortiz.example")
    contacts.find_or_make(connection, "a", "mail", "dana@ortiz.example", "Dana", 50)
    contacts.find_or_make(connection, "a", "mail", "dana@ortiz.example", "Somebody Else", 70)
    row = connection.execute("SELECT name, since FROM contact WHERE id = ?", (contact,)).fetchone()
    assert tuple(row) == ("Dana", 50)


def test_a_link_joins_and_comes_apart(connection: db.Connection) -> None:
    a, b, c = (_find(connection, "x", "chat", name) for name in "abc")
    contacts.link(connection, b, c, "same_as:x")
    contacts.link(connection, c, a, "same_as:x")
    contacts.link(connection, a, c, "said twice")
    contacts.link(connection, a, a, "itself")
    assert [contacts.root(connection, n) for n in (a, b, c)] == [a, a, a]
    contacts.say_of(connection, a, c, None)
    assert [contacts.root(connection, n) for n in (a, b, c)] == [a, b, b]
    contacts.say_of(connection, c, b, None)
    contacts.say_of(connection, c, b, None)
    assert [contacts.root(connection, n) for n in (a, b, c)] == [a, b, c]


def test_fields_add_up(connection: db.Connection) -> None:
    contact = _find(connection, "x", "chat", "dana")
    contacts.set_fields(connection, contact, (("plan", "gold"), ("city", "서울")))
    contacts.set_fields(connection, contact, (("plan", "silver"),))
    found = connection.execute("SELECT fields FROM contact WHERE id = ?", (contact,)).fetchone()[0]
    assert found == '{"plan": "silver", "city": "서울"}'


STEPS = st.lists(st.tuples(st.booleans(), st.integers(0, 9), st.integers(0, 9)), max_size=40)


@settings(max_examples=150, deadline=None)
@given(steps=STEPS)
def test_the_root_is_always_the_eldest_of_those_that_links_join(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[bool, int, int]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "roots.sqlite3"
    with closing(db.open_store(path)) as connection:
        connection.execute("BEGIN")
        numbers = [_find(connection, "x", "chat", f"c{n}") for n in range(10)]
        links: set[frozenset[int]] = set()
        for joins, a, b in steps:
            if joins:
                contacts.link(connection, numbers[a], numbers[b], "test")
                links |= {frozenset((a, b))} if a != b else set()
            else:
                contacts.say_of(connection, numbers[a], numbers[b], None)
                links.discard(frozenset((a, b)))
            groups = [{n} for n in range(10)]
            for pair in links:
                touched = [group for group in groups if group & pair]
                groups = [group for group in groups if not group & pair] + [set().union(*touched)]
            eldest = {n: min(group) for group in groups for n in group}
            found = [contacts.root(connection, number) for number in numbers]
            assert found == [numbers[eldest[n]] for n in range(10)]
        connection.execute("ROLLBACK")
