"""The query language: what is read, what is refused and where, and that what is printed is read the same."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tuidesk.domain import query
from tuidesk.domain.instants import DAY, HOUR, MINUTE
from tuidesk.domain.query import Either, Every, Not, Query, Span, Stamp, Term, Word, parse, printed
from tuidesk.errors import BadQuery

OPEN, MINE = Term("is", "open"), Term("is", "mine")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", None),
        ("  ", None),
        ("is:open", OPEN),
        ("IS:Open", OPEN),
        ("is:open is:mine", Every((OPEN, MINE))),
        ("is:open or is:mine", Either((OPEN, MINE))),
        ("is:open OR is:mine", Either((OPEN, MINE))),
        ("is:open box or is:mine", Either((Every((OPEN, Word("box"))), MINE))),
        ("is:open (box or is:mine)", Every((OPEN, Either((Word("box"), MINE))))),
        ("-is:open", Not(OPEN)),
        ("--box", Not(Word("box", grows=True))),
        ("-(is:open is:mine)", Not(Every((OPEN, MINE)))),
        ('"a box" now ', Every((Word("a box", is_phrase=True), Word("now")))),
        ('"a box', Word("a box", is_phrase=True)),
        ("refu", Word("refu", grows=True)),
        ("refu ", Word("refu")),
        ("(refu)", Word("refu")),
        ("from:dana@ortiz.example", Term("from", "dana@ortiz.example")),
        ('tag:"late fee"', Term("tag", "late fee")),
        ("(tag:vip)", Term("tag", "vip")),
        ("waiting:>30m", Span("waiting", True, 30 * MINUTE)),
        ("waiting:2h", Span("waiting", True, 2 * HOUR)),
        ("window:1h", Span("window", False, HOUR)),
        ("waiting:<=1h30m", Span("waiting", False, 90 * MINUTE)),
        ("before:2026-11-20", Stamp("before", "2026-11-20")),
        ("after:7d", Stamp("after", "", 7 * DAY)),
        ("after:today", Stamp("after", "today")),
        ("12:50 ", Word("12:50")),
        ("https://x.example/a ", Word("https://x.example/a")),
        ("re: :) f(x) ", Every((Word("re:"), Word(":)"), Word("f(x)")))),
        ("- ", Word("-")),
        ("orchid or order ", Either((Word("orchid"), Word("order")))),
        ('"or"', Word("or", is_phrase=True)),
        ('""', None),
        ("has:attachment", Term("has", "attachment")),
        ("priority:HIGH", Term("priority", "high")),
    ],
)
def test_read(text: str, where: query.Node | None) -> None:
    assert repr(parse(text)) == repr(Query(where))


def test_the_order_stands_anywhere_and_is_taken_out() -> None:
    assert parse("is:open sort:new is:mine") == Query(Every((OPEN, MINE)), "new")
    assert parse("sort:old") == Query(None, "old")


@pytest.mark.parametrize(
    ("text", "marked", "near"),
    [
        ("is:opne", "opne", "open"),
        ("is:open form:dana", "form:", "from:"),
        ("assigned:sam", "assigned:", "assignee:"),
        ("frobnicate:1", "frobnicate:", ""),
        ("is:", "is:", ""),
        ("from: dana", "from:", ""),
        ('box tag:""', 'tag:""', ""),
        ("priority:hihg", "hihg", "high"),
        ("has:files", "files", ""),
        ("sort:newest", "newest", "new"),
        ("waiting:>soon", ">soon", ""),
        ("waiting:30", "30", ""),
        ("before:2026-02-31", "2026-02-31", ""),
        ("after:tuesday", "tuesday", ""),
        ("or box", "or", ""),
        ("box or", "or", ""),
        ("box or or bag", "or", ""),
        ("is:open (box", "(", ""),
        ("box ) bag", ")", ""),
        ("box ()", "()", ""),
        ("from:(a or b)", "(", ""),
        ("sort:new sort:old", "sort:old", ""),
        ("-sort:new", "sort:new", ""),
        ("(sort:new)", "sort:new", ""),
        ("((((((((( a )))))))))", "(", ""),
    ],
)
def test_a_mistake_says_where_and_what_was_meant(text: str, marked: str, near: str) -> None:
    with pytest.raises(BadQuery) as wrong:
        parse(text)
    found = wrong.value
    assert (text[found.start : found.end], found.near) == (marked, near)
    assert str(found)
    assert not near or near in str(found)


def test_more_parts_than_anybody_types() -> None:
    assert parse("a " * 100).where
    with pytest.raises(BadQuery):
        parse("a " * 101)
    with pytest.raises(BadQuery):
        parse("(" * 5000)


def test_every_view_is_a_query() -> None:
    for text in query.VIEWS.values():
        assert parse(text).where


PIECES = st.sampled_from(
    [
        *'()"-: <>',
        "or",
        "OR ",
        "is:",
        "is:open",
        "-is:mine ",
        "tag:",
        "from:d ",
        "waiting:>1h",
        "after:7d",
        "sort:new ",
    ]
)
TYPED = st.one_of(
    st.text(max_size=40),
    st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=14).map("".join),
)


@given(TYPED)
@example('or"x"')
@example("(-)")
@example("--)")
@example("-(-(a b)) c")
@example("waiting:99999w99999w")
@example("ＩＳ:open ſort:new")
def test_no_text_is_too_strange(text: str) -> None:
    """It is read, and printed as something that is read the same; or it is a mistake that has a place."""
    try:
        found = parse(text)
    except BadQuery as wrong:
        found, place = None, (wrong.start, wrong.end)
    if found is None:
        assert 0 <= place[0] < place[1] <= len(text)
    else:
        assert repr(parse(printed(found))) == repr(found)
