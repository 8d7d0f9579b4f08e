"""What a query may become while it is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidesk.domain.query import KEYS, STATES, parse
from tuidesk.domain.query_completion import complete
from tuidesk.errors import BadQuery

VALUES = {"tag": ("refund", "late fee", "vip"), "in": ("support", "sales"), "assignee": ("Sam Ito", "Ana")}


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("i", ["is:", "in:"]),
        ("is:open as", ["is:open assignee:"]),
        ("is", ["is:"]),
        ("-(ta", ["-(tag:"]),
        ("is:un", ["is:unread ", "is:unassigned ", "is:unknown "]),
        ("IS:MU", ["IS:muted "]),
        ("tag:re", ["tag:refund "]),
        ("tag:l", ['tag:"late fee" ']),
        ('tag:"late f', ['tag:"late fee" ']),
        ("tag:fee", ['tag:"late fee" ']),
        ("box -in:s", ["box -in:support ", "box -in:sales "]),
        ("assignee:i", ['assignee:"Sam Ito" ']),
        ("assignee:", ["assignee:me ", "assignee:nobody ", 'assignee:"Sam Ito" ', "assignee:Ana "]),
        ("waiting:>3", ["waiting:>30m "]),
        ("sort:", [f"sort:{word} " for word in ("due", "wait", "new", "old", "priority", "back")]),
        ("frob:x", []),
        ("is:open ", []),
        ("is:open", []),
        ('"is:o', []),
        ("", []),
    ],
)
def test_choices(typed: str, becomes: list[str]) -> None:
    found = complete(typed, len(typed), VALUES)
    assert [typed[: found.start] + choice for choice in found.choices] == becomes


def test_only_what_stands_before_the_cursor_is_completed() -> None:
    found = complete("is:op tag:vip", 5, VALUES)
    assert (found.start, found.choices) == (3, ("open ",))


@given(st.text('is:tagx "()-', max_size=12), st.integers(0, 12))
def test_no_text_is_too_strange(typed: str, at: int) -> None:
    found = complete(typed, min(at, len(typed)), VALUES)
    assert 0 <= found.start <= len(typed)


@given(st.sampled_from(KEYS))
def test_a_choice_is_no_mistake(key: str) -> None:
    for choice in complete(f"{key}:", len(key) + 1, VALUES).choices:
        assert parse(f"{key}:{choice}") is not None


def test_every_state_is_offered() -> None:
    assert complete("is:", 3, {}).choices == tuple(f"{state} " for state in STATES)
    with pytest.raises(BadQuery):
        parse("is:")
